"""A frozen rule as plain values, to be kept in a file, and what it says of accounts without a segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from salesmodel_kit.model.account_features import Feature
from salesmodel_kit.model.account_groups import GroupRule, place_accounts
from salesmodel_kit.model.latent_groups import Mixture


def freeze_rule(rule: GroupRule) -> dict[str, list[dict]]:
    """Return a rule as plain values: ``features`` and ``groups``.

    Parameters
    ----------
    rule : GroupRule
        From a proposal.

    Returns
    -------
    dict of list of dict
        Features with their bands; groups with share and probabilities by feature.
    """
    groups = [
        {"group": name, "share": float(rule.mixture.shares[at]),
         "probabilities": {feature.name: [float(share) for share in part[at]]
                           for feature, part in zip(rule.features, rule.mixture.probabilities, strict=True)}}
        for at, name in enumerate(rule.names)]
    return {"features": [asdict(feature) for feature in rule.features], "groups": groups}


def thaw_rule(features: Sequence[Mapping], groups: Sequence[Mapping]) -> GroupRule:
    """Return the rule that plain values hold; its groups are named by their order.

    Parameters
    ----------
    features, groups : sequence of mapping
        As :func:`freeze_rule` returns them, checked; rounded probabilities are made to sum to 1.

    Returns
    -------
    GroupRule
        Ready to place accounts.
    """
    made = tuple(Feature(**{**entry, "bounds": tuple(entry["bounds"]), "values": tuple(entry["values"])})
                 for entry in features)
    parts = [np.array([group["probabilities"][feature.name] for group in groups], dtype=float) for feature in made]
    shares = np.maximum([group["share"] for group in groups], 1e-9)
    even = tuple(np.maximum(part, 1e-9) / np.maximum(part, 1e-9).sum(axis=1, keepdims=True) for part in parts)
    return GroupRule(made, Mixture(shares / shares.sum(), even, float("nan"), 0))


def fill_segments(accounts: pd.DataFrame, rule: GroupRule, segments: Sequence[str]) -> pd.DataFrame:
    """Return the segment of each account that declares none: that of its most probable group.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    rule : GroupRule
        The frozen rule.
    segments : sequence of str
        Segment of each group, in order; the same one twice merges two groups; empty: not accepted.

    Returns
    -------
    DataFrame (n_accounts_without_segment, ...)
        Index of ``accounts``; ``account``, ``segment``, ``group``, ``group_probability``. The segment is missing
        where the group is not accepted, and group and segment where nothing is known that the rule looks at.
    """
    alone = accounts[accounts["segment"].isna()]
    found = place_accounts(alone, rule).set_index(alone.index)
    accepted = {name: segment for name, segment in zip(rule.names, segments, strict=True) if segment}
    return found.assign(account=alone["account"], segment=found["group"].map(accepted).astype("str"))[
        ["account", "segment", "group", "group_probability"]]
