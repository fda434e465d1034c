import pytest

from tools.verification.tiers import list_cases


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_list_cases_of_tiers_hold(case):
    assert case.holds, f"{case.computed} instead of {case.expected}"
