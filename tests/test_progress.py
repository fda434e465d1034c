import datetime as dt

import pytest

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.workshop.progress import DECIDING, count_decisions, find_chapter, find_first_undecided


def decide(kind: str, subject: str, new: object, *, minute: int = 0) -> Decision:
    at = dt.datetime(2026, 11, 3, 9, minute, tzinfo=dt.UTC)
    return Decision(at=at, by="C. Roy", kind=kind, subject=subject, new=new, reason="agreed")


GROWTH = decide("set_weights", "attractiveness", {"growth": 2.0})
FIT = decide("set_weights", "chance", {"fit": 2.0}, minute=1)
HELD = decide("override_tier", "001", "gold", minute=2)
HOURS = decide("set_selling_hours", "anna", 800.0, minute=3)


@pytest.mark.parametrize(
    ("decision", "chapter"), [(GROWTH, "segments"), (FIT, "accounts"), (HELD, "tiers"), (HOURS, "allocation")]
)
def test_find_chapter_tells_the_axes_of_weights_apart(decision, chapter):
    assert find_chapter(decision) == chapter


def test_count_decisions_counts_one_that_was_replaced_once_and_one_withdrawn_never():
    again = decide("override_tier", "001", "silver", minute=4)
    withdrawn = decide("withdraw", HOURS.id, "", minute=5)

    counts = count_decisions([GROWTH, HELD, HOURS, again, withdrawn])

    assert counts == {"segments": 1, "accounts": 0, "tiers": 1, "allocation": 0}


def test_find_first_undecided_goes_through_the_chapters_in_order():
    assert find_first_undecided([]) == 0
    assert find_first_undecided([HELD]) == 0
    assert find_first_undecided([GROWTH, HELD]) == 1
    assert find_first_undecided([GROWTH, FIT, HELD]) == 3


def test_find_first_undecided_ends_at_the_report_when_all_is_decided():
    assert find_first_undecided([GROWTH, FIT, HELD, HOURS]) == len(DECIDING)

