"""What the room has decided so far, by chapter: each kind of decision belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from salesmodel_kit.client.decision import Decision, find_in_force

#: The chapters in which the room decides, in their order.
DECIDING: tuple[str, ...] = ("segments", "accounts", "tiers", "allocation")
_SEGMENT_AXES = ("attractiveness", "competitive_strength")
_CHAPTER_OF_KIND: Mapping[str, str] = MappingProxyType({
    "rate_segment": "segments",
    "set_target": "segments",
    "choose_strategy": "accounts",
    "set_weights": "accounts",
    "set_tier_rule": "tiers",
    "override_tier": "tiers",
})


def find_chapter(decision: Decision) -> str:
    """Return the chapter that a decision in force belongs to."""
    if decision.kind == "set_weights" and decision.subject in _SEGMENT_AXES:
        return "segments"
    return _CHAPTER_OF_KIND.get(decision.kind, "allocation")


def count_decisions(decisions: Iterable[Decision]) -> dict[str, int]:
    """Return how many decisions in force each deciding chapter has.

    Parameters
    ----------
    decisions : iterable of Decision
        The journal, in its order; one that was replaced by a later one on the same
        topic, or withdrawn, is not counted.

    Returns
    -------
    dict of str to int
        Every chapter of ``DECIDING`` is there.
    """
    latest = {decision.topic: decision for decision in find_in_force(decisions)}
    chapters = [find_chapter(decision) for decision in latest.values()]
    return {chapter: chapters.count(chapter) for chapter in DECIDING}


def find_first_undecided(decisions: Iterable[Decision]) -> int:
    """Return the place, from 0, of the first chapter of which nothing is decided; the last one where all is."""
    counts = list(count_decisions(decisions).values())
    return counts.index(0) if 0 in counts else len(counts)
