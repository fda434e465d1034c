"""The frozen rule by which accounts find their segment: a proposal that somebody has reviewed.

``salesmodel segments CLIENT --out FILE`` writes a proposal; in the client's
folder, under the name ``segments_from_accounts.yaml``, it is the rule. Writing a
segment beside a group accepts it, the same segment beside two groups merges
them, and an empty one leaves a group out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.settings import Settings, read_yaml
from salesmodel_kit.client.sources import Sources
from salesmodel_kit.client.validation import validate_settings
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.language import N_, Language

_HEAD = N_(
    "Segments proposed from the accounts. To accept a group, write an id of the table segments after “segment:”; the "
    "same id after two groups merges them; left empty, the group is not accepted. Rename and rate the segments in the "
    "table segments. Then put this file into the client's folder as segments_from_accounts.yaml: an account without "
    "a segment gets the one of its most probable group. What stands under features and probabilities is the rule; "
    "leave it as it is.")
_ROUNDING = 0.01
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeatureEntry(_Entry):
    """A feature of accounts and its bands."""

    name: str
    kind: Literal["category", "size", "amount", "rating", "measure"]
    column: str
    has_zero: bool = False
    bounds: tuple[float, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def n_bands(self) -> int:
        """Return how many bands there are."""
        return len(self.values if self.kind == "category" else self.bounds) + 1 + self.has_zero


class GroupEntry(_Entry):
    """A group: its words, the segment that it became, and its probabilities."""

    group: str
    segment: str = ""
    words: str = ""
    share: float = Field(ge=0, le=1)
    probabilities: dict[str, tuple[float, ...]]


class SegmentRule(_Entry):
    """A proposal, or the rule that it became.

    Parameters
    ----------
    features : tuple of FeatureEntry
        What an account is looked at for.
    groups : tuple of GroupEntry
        The largest first.
    """

    features: tuple[FeatureEntry, ...] = Field(min_length=1)
    groups: tuple[GroupEntry, ...] = Field(min_length=1)

    @property
    def segment_of(self) -> Mapping[str, str]:
        """Return group -> segment, of the accepted groups."""
        return {entry.group: entry.segment for entry in self.groups if entry.segment}


def read_rule(
    sources: Sources, segments: pd.Series | None, accounts: pd.DataFrame | None
) -> tuple[SegmentRule | None, list[Problem]]:
    """Return the rule in a client's folder, and what is wrong with it; None without one or with any problem.

    Parameters
    ----------
    sources : Sources
        The client's files.
    segments : Series of str or None
        Ids of the table segments, where there is such a table.
    accounts : DataFrame or None
        The table accounts, where there is such a table.
    """
    if sources.rule_file is None:
        return None, []
    settings = read_yaml(sources.files[sources.rule_file], sources.rule_file)
    rule, problems = validate_settings(settings, SegmentRule)
    if rule is None:
        return None, list(problems)
    found = check_rule(rule, settings, pd.Series(dtype="str") if segments is None else segments)
    found += [] if accounts is None else check_features(rule, settings, accounts)
    return (None, found) if found else (rule, [])


def check_features(rule: SegmentRule, settings: Settings, accounts: pd.DataFrame) -> list[Problem]:
    """Return a problem for each feature that the accounts cannot be looked at for, or that is there twice.

    Parameters
    ----------
    rule : SegmentRule
        Read and valid entry by entry.
    settings : Settings
        Where its keys were written.
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    """
    problems = []
    names = [entry.name for entry in rule.features]
    for at, entry in enumerate(rule.features, start=1):
        place = f"features.{at}"
        is_text = entry.column in accounts and not pd.api.types.is_numeric_dtype(accounts[entry.column])
        if entry.column not in accounts:
            message = Message("There is no such column in the table accounts; leave the rule as it was written.")
            problems.append(settings.problem(message, f"{place}.column", entry.column))
        elif is_text != (entry.kind == "category"):
            message = Message("A category needs a column of text, every other kind a column of numbers; leave the rule "
                              "as it was written.")
            problems.append(settings.problem(message, f"{place}.kind", entry.kind))
        if names.index(entry.name) != at - 1:
            message = Message("The feature {feature} is there twice; keep one.", {"feature": entry.name})
            problems.append(settings.problem(message, f"{place}.name", entry.name))
    if not any(entry.share > 0 for entry in rule.groups):
        problems.append(settings.problem(Message("At least one group must have a share above 0."), "groups.1.share"))
    return problems


def check_rule(rule: SegmentRule, settings: Settings, segments: pd.Series) -> list[Problem]:
    """Return what is wrong with a rule as a whole.

    Parameters
    ----------
    rule : SegmentRule
        Read and valid entry by entry.
    settings : Settings
        Where its keys were written.
    segments : Series of str
        Ids of the table segments.
    """
    problems = [settings.problem(Message("A feature must have at least two bands, its bounds rising."),
                                 f"features.{at}") for at, entry in enumerate(rule.features, start=1)
                if entry.n_bands < 2 or any(np.diff(entry.bounds) <= 0)]
    known, names = segments.dropna(), [entry.group for entry in rule.groups]
    for at, entry in enumerate(rule.groups, start=1):
        place = f"groups.{at}"
        if names.index(entry.group) != at - 1:
            problems.append(settings.problem(Message("The group {group} is there twice; keep one.",
                                                     {"group": entry.group}), f"{place}.group", entry.group))
        if entry.segment and entry.segment not in set(known):
            near = find_nearest(entry.segment, known)
            message = Message("There is no such segment in the table segments; add it there, or correct it here.")
            if near is not None:
                message = Message("There is no {name} in the table it points to; did you mean {near}?",
                                  {"name": entry.segment, "near": near})
            problems.append(settings.problem(message, f"{place}.segment", entry.segment))
        problems += [settings.problem(
            Message("One probability for each of the {count} bands of {feature} is expected, together 1.",
                    {"count": feature.n_bands, "feature": feature.name}), f"{place}.probabilities")
            for feature in rule.features if not _is_distribution(entry.probabilities.get(feature.name, ()), feature)]
    return problems


def _is_distribution(shares: Sequence[float], feature: FeatureEntry) -> bool:
    return (len(shares) == feature.n_bands and all(0 <= share <= 1 for share in shares)
            and abs(sum(shares) - 1) <= _ROUNDING)


def write_rule(rule: SegmentRule, *, language: Language) -> str:
    """Return a proposal as a YAML file to review, its instructions in the client's language.

    Parameters
    ----------
    rule : SegmentRule
        The proposal, its groups with their words.
    language : Language
        The client's.
    """
    lines = [*_comment(language.text(_HEAD)), "", "groups:"]
    for entry in rule.groups:
        lines += [f"  - group: {_quote(entry.group)}", f"    segment: {_quote(entry.segment)}",
                  f"    words: {_quote(entry.words)}", f"    share: {entry.share:.6f}", "    probabilities:"]
        lines += [f"      {_quote(name)}: [{', '.join(f'{share:.6f}' for share in shares)}]"
                  for name, shares in entry.probabilities.items()]
    lines += ["", "features:"]
    for feature in rule.features:
        lines += [f"  - name: {_quote(feature.name)}", f"    kind: {feature.kind}", f"    column: {feature.column}",
                  f"    has_zero: {str(feature.has_zero).lower()}",
                  f"    bounds: [{', '.join(f'{bound:.17g}' for bound in feature.bounds)}]", "    values:"]
        lines[-1] += "" if feature.values else " []"
        lines += [f"      - {_quote(value)}" for value in feature.values]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Return a text in double quotes, which YAML reads as JSON does, signs that YAML does not print written out."""
    return _UNPRINTED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))


def _comment(text: str, width: int = 108) -> list[str]:
    lines, current = [], "#"
    for word in text.split(" "):
        if len(current) + len(word) + 1 > width:
            lines, current = [*lines, current], "#"
        current += f" {word}"
    return [*lines, current]
