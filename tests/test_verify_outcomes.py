import pytest

from tools.verification.outcomes import list_cases


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_case_is_reproduced(case):
    assert case.difference <= case.tolerance
