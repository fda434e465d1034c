"""The strategy in force: a template, the client's changes to it, and the room's decisions.

A strategy is ``strategies/NAME.yaml`` in the client's folder or, where there is
none, ``templates/strategies/NAME.yaml`` of the kit. Changes replace field by
field; of ``emphasis`` and ``channels`` only the named entries, of ``call_norms``
the whole list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from salesmodel_kit.client.decisions import Journal, replay_call_norms, replay_strategy
from salesmodel_kit.client.profile import CallNorm, Profile, Strategy, StrategyChanges, TierRule
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.settings import Settings, read_yaml
from salesmodel_kit.client.sources import STRATEGY_FOLDER
from salesmodel_kit.client.validation import validate_settings
from salesmodel_kit.errors import Message, Problem, SalesModelError
from salesmodel_kit.language import LANGUAGES
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import CHANNELS, DEFAULT_TIERS, TIERS

_ROUNDING = 1e-9


@dataclass(frozen=True)
class StrategyBook:
    """The strategies that a client can choose from.

    Parameters
    ----------
    own : mapping of str to bytes
        Name -> content of the client's own strategies.
    """

    own: Mapping[str, bytes]

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> StrategyBook:
        """Return the book of a client with these files."""
        prefix = f"{STRATEGY_FOLDER}/"
        return cls({name.removeprefix(prefix).removesuffix(".yaml"): content
                    for name, content in files.items() if name.startswith(prefix)})

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name, the client's own and the kit's."""
        shipped = (path.stem for path in find_resource("templates", "strategies").glob("*.yaml"))
        return tuple(sorted({*shipped, *self.own}))

    def read(self, name: str) -> tuple[Strategy | None, tuple[Problem, ...]]:
        """Return a strategy of the book, and what is wrong with its file."""
        content = self.own.get(name)
        if content is None:
            content = find_resource("templates", "strategies", f"{name}.yaml").read_bytes()
        settings = read_yaml(content, f"{STRATEGY_FOLDER}/{name}.yaml")
        strategy, problems = validate_settings(settings, Strategy)
        return strategy, problems if strategy is None else find_strategy_problems(strategy, settings, prefix="")

    def describe_unknown(self, name: str) -> Message | None:
        """Return what is wrong with the name of a strategy; None when the book has it."""
        if name in self.names:
            return None
        near = find_nearest(name, self.names)
        if near is not None:
            return Message("There is no such strategy; did you mean {near}?", {"near": near})
        return Message("There is no such strategy; choose one of {known}, or put your own into strategies/.",
                       {"known": ", ".join(self.names)})


def merge_strategy(strategy: Strategy, changes: StrategyChanges) -> Strategy:
    """Return a strategy with a client's changes, field by field."""
    update = {name: getattr(changes, name) for name in changes.model_fields_set if getattr(changes, name) is not None}
    for name in ("emphasis", "channels"):
        if name in update:
            update[name] = {**getattr(strategy, name), **update[name]}
    return strategy.model_copy(update=update)


def choose_strategy(name: str, book: StrategyBook, *, changes: StrategyChanges, levels: tuple[str, ...]) -> Strategy:
    """Return a strategy of the book with a client's changes.

    Parameters
    ----------
    name : str
        In the book.
    book : StrategyBook
        The strategies to choose from.
    changes : StrategyChanges
        The client's, in ``client.yaml``.
    levels : tuple of str
        The tiers that the client has: another strategy keeps them.

    Raises
    ------
    SalesModelError
        There is no such strategy, something is wrong with its file, or it has other tiers.
    """
    unknown = book.describe_unknown(name)
    if unknown is not None:
        raise SalesModelError(unknown.template, **unknown.facts)
    strategy, found = book.read(name)
    if strategy is None or found:
        raise SalesModelError("The strategy {name} cannot be followed; {place}: {fault}", name=name,
                              place=found[0].column or found[0].file, fault=found[0].message)
    merged = merge_strategy(strategy, changes)
    if merged.tiers.levels != levels:
        raise SalesModelError("The strategy {name} has other tiers ({levels}); write it into client.yaml and open the "
                              "client again.", name=name, levels=", ".join(merged.tiers.levels))
    return merged


def describe_tier_rule(rule: TierRule) -> Message | None:
    """Return what is wrong with a tier rule; None when nothing is."""
    return describe_levels(rule) or _describe_cuts(rule)


def _describe_cuts(rule: TierRule) -> Message | None:
    upper, cuts = rule.levels[:-1], rule.cuts
    surplus = [name for name in TIERS if getattr(rule, name, None) is not None and name not in upper]
    absent = [name for name in upper if name not in cuts]
    if surplus:
        return Message("The tier {tier} takes no number: it is the last one, or not among the levels.",
                       {"tier": surplus[0]})
    if absent and rule.rule in ("cutoff", "account_share", "potential_share"):
        return Message("The rule {rule} needs a number for the tier {tier}; add it.",
                       {"rule": rule.rule, "tier": absent[0]})
    if rule.rule == "cutoff":
        for higher, lower in pairwise(upper):
            if cuts[lower] >= cuts[higher]:
                return Message("The cutoff of {lower} must be below that of {higher} ({cutoff}).",
                               {"lower": lower, "higher": higher, "cutoff": f"{cuts[higher]:g}"})
    elif rule.rule == "natural_breaks" and cuts:
        return Message("The rule natural_breaks finds the cuts itself; take the numbers away.")
    elif sum(cuts.values()) > 1 + _ROUNDING:
        return Message("The shares of the tiers add up to {total}; they must not exceed 1.",
                       {"total": f"{sum(cuts.values()):g}"})
    return None


def describe_levels(rule: TierRule) -> Message | None:
    """Return what is wrong with a client's tiers and their names; None when nothing is."""
    missing = [name for name in DEFAULT_TIERS if name not in rule.levels]
    if missing:
        return Message("Three tiers are always among the levels, and {tier} is missing; under names they "
                       "can be called otherwise.", {"tier": missing[0]})
    if list(rule.levels) != [name for name in TIERS if name in rule.levels]:
        return Message("The levels must stand best first, each once, in this order: {order}.",
                       {"order": ", ".join(TIERS)})
    foreign = [name for name in rule.names if name not in rule.levels]
    if foreign:
        return Message("The tier {tier} has a name but is not among the levels; add it there, or take the name away.",
                       {"tier": foreign[0]})
    for language in LANGUAGES:
        words = [word.casefold() for _, word in rule.find_words(language) if word is not None]
        double = [word for word in words if words.count(word) > 1]
        if double:
            return Message("Two tiers are called {name}; give each its own name.", {"name": double[0]})
    return None


def find_strategy_problems(strategy: Strategy, settings: Settings, *, prefix: str) -> tuple[Problem, ...]:
    """Return what is wrong with a strategy as a whole.

    Parameters
    ----------
    strategy : Strategy
        After the client's changes.
    settings : Settings
        Where its keys were written.
    prefix : str
        Key above them, ``strategy_changes.`` in ``client.yaml``.
    """
    found: list[tuple[str, Message | None]] = [("tiers", describe_tier_rule(strategy.tiers))]
    found += [("call_norms", message) for message in _describe_norms(strategy)]
    found += _describe_channels(strategy)
    found += [(f"emphasis.{name}", Message("This key is needed; add it."))
              for name in ("conquest", "retention") if name not in strategy.emphasis]
    return tuple(settings.problem(message, f"{prefix}{key}") for key, message in found if message is not None)


def _describe_norms(strategy: Strategy) -> list[Message]:
    named = [(norm.tier, norm.posture, norm.segment, norm.standing) for norm in strategy.call_norms]
    uncovered = [tier for tier in strategy.tiers.levels if (tier, "any", "any", "any") not in named]
    double = sorted({names for names in named if named.count(names) > 1})
    return [
        *(Message("No call norm for the tier {tier} holds in any posture; add one with posture: any.", {"tier": tier})
          for tier in uncovered),
        *(_describe_double(*names) for names in double)]


def _describe_double(tier: str, posture: str, segment: str, standing: str) -> Message:
    facts = {"tier": tier, "posture": posture}
    if (segment, standing) == ("any", "any"):
        return Message("The tier {tier} has two call norms for the posture {posture}; keep one.", facts)
    return Message("The tier {tier} has two call norms for the posture {posture}, the segment {segment} and the "
                   "standing {standing}; keep one.", {**facts, "segment": segment, "standing": standing})


def find_norm_problems(
    strategy: Strategy, settings: Settings, *, segments: Collection[str] | None
) -> list[Problem]:
    """Return a problem for each call norm that names a market segment which the client does not have.

    Parameters
    ----------
    strategy : Strategy
        The strategy in force.
    settings : Settings
        Where the profile's keys were written.
    segments : collection of str or None
        Ids of the client's segments; None: not known, so nothing is said.
    """
    named = dict.fromkeys(norm.segment for norm in strategy.call_norms)
    key = "strategy_changes.call_norms"
    return [settings.problem(_describe_segment(name, segments), key, name)
            for name in named if segments is not None and name != "any" and name not in segments]


def _describe_segment(name: str, segments: Collection[str]) -> Message:
    near = find_nearest(name, segments)
    if near is not None:
        return Message("A call norm names the segment {name}, which is not there; did you mean {near}?",
                       {"name": name, "near": near})
    return Message("A call norm names the segment {name}, which is not there; the segments are: {known}.",
                   {"name": name, "known": ", ".join(list(segments)[:10])})


def _describe_channels(strategy: Strategy) -> list[tuple[str, Message]]:
    following = {name: norm.next_channel for name, norm in strategy.channels.items() if norm.next_channel is not None}
    absent = sorted({norm.channel for norm in strategy.call_norms} | set(following.values()) - set(strategy.channels))
    backward = [name for name, after in following.items() if CHANNELS.index(after) <= CHANNELS.index(name)]
    return [
        *(("channels", Message("The channel {channel} is used; say here how long a call through it takes.",
                               {"channel": channel})) for channel in absent if channel not in strategy.channels),
        *((f"channels.{name}.next_channel", Message("The next channel must come later in this order: {order}.",
                                                    {"order": ", ".join(CHANNELS)})) for name in backward)]


def find_strategy(profile: Profile, book: StrategyBook, journal: Journal, *,
                  settings: Settings) -> tuple[Strategy | None, list[Problem]]:
    """Return the strategy in force, and what is wrong with its name, its file, its changes or its decisions.

    Parameters
    ----------
    profile : Profile
        Names the strategy and says what the client does otherwise.
    book : StrategyBook
        The strategies to choose from.
    journal : Journal
        The room's decisions; they come after the client's changes.
    settings : Settings
        Where the profile's keys were written.
    """
    problems = _check_decided(journal, book)
    unknown = book.describe_unknown(profile.strategy)
    if unknown is not None:
        problems.append(settings.problem(unknown, "strategy", profile.strategy))
    decided, rule = replay_strategy(journal.decisions)
    if problems:
        return None, problems
    strategy, found = book.read(decided or profile.strategy)
    if strategy is None or found:
        return None, list(found)
    merged = merge_strategy(strategy, profile.strategy_changes)
    in_force = merged if rule is None else merged.model_copy(update={"tiers": rule})
    norms, found_norms = merge_norms(in_force, journal)
    if found_norms:
        return None, found_norms
    in_force = in_force.model_copy(update={"call_norms": norms})
    prefix = "strategy_changes."
    idle = [settings.problem(message, f"{prefix}call_norms") for message in _describe_idle_norms(profile, in_force)]
    return in_force, [*idle, *find_strategy_problems(in_force, settings, prefix=prefix)]


def _describe_idle_norms(profile: Profile, strategy: Strategy) -> list[Message]:
    """Return what is wrong with the norms that the client declares for tiers that it does not have."""
    declared = {norm.tier for norm in profile.strategy_changes.call_norms or ()}
    return [Message("The client has no tier {tier} ({levels}); name one of these, or add it to the levels.",
                    {"tier": tier, "levels": ", ".join(strategy.tiers.levels)})
            for tier in sorted(declared - set(strategy.tiers.levels))]


def merge_norms(strategy: Strategy, journal: Journal) -> tuple[tuple[CallNorm, ...], list[Problem]]:
    """Return the call norms with those that the room decided, tier by tier, and what is wrong with these.

    Parameters
    ----------
    strategy : Strategy
        Before these decisions, or with some of them in it.
    journal : Journal
        The decisions that are in force, with their lines.
    """
    decided = replay_call_norms(journal.decisions)
    problems = []
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        if decision.kind == "set_call_norms" and decided.get(decision.subject) == decision.new:
            message, column = _describe_decided_norms(decision.subject, decision.new, strategy)
            if message is not None:
                problems.append(Problem(message, file=journal.file, row=line, column=column, value=decision.subject))
    kept = tuple(norm for norm in strategy.call_norms if norm.tier not in decided)
    merged = (*kept, *(norm for norms in decided.values() for norm in norms))
    return tuple(sorted(merged, key=lambda norm: TIERS.index(norm.tier))) if decided else kept, problems


def _describe_decided_norms(tier: str, norms: tuple[CallNorm, ...],
                            strategy: Strategy) -> tuple[Message | None, str]:
    """Return what is wrong with the norms decided for a tier, and in which part of the decision."""
    postures = [norm.posture for norm in norms]
    unknown = [norm.channel for norm in norms if norm.channel not in strategy.channels]
    if tier not in strategy.tiers.levels:
        return Message("The client has no such tier; it has: {known}.",
                       {"known": ", ".join(strategy.tiers.levels)}), "subject"
    if any(norm.tier != tier for norm in norms):
        return Message("All these norms must be of the tier {tier}.", {"tier": tier}), "new"
    if "any" not in postures:
        return Message("No call norm for the tier {tier} holds in any posture; add one with posture: any.",
                       {"tier": tier}), "new"
    if len(set(postures)) < len(postures):
        return Message("The tier {tier} has two call norms for the posture {posture}; keep one.",
                       {"tier": tier, "posture": max(postures, key=postures.count)}), "new"
    if unknown:
        return Message("One of these is expected: {choices}.", {"choices": ", ".join(strategy.channels)}), "new"
    return None, ""


def _check_decided(journal: Journal, book: StrategyBook) -> list[Problem]:
    problems: list[Problem] = []
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        message = None
        if decision.kind == "choose_strategy":
            message = book.describe_unknown(str(decision.new))
        elif decision.kind == "set_tier_rule":
            message = describe_tier_rule(decision.new)
        if message is not None:
            problems.append(Problem(message, file=journal.file, row=line, column="new", value=str(decision.new)))
    return problems
