"""The published cases hold, and the page says what the code computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def verify(monkeypatch):
    """Return the tool that writes the page."""
    monkeypatch.syspath_prepend(ROOT)
    import tools.verify

    return tools.verify


def test_collect_cases_finds_every_subject(verify):
    subjects = {case.subject for case in verify.collect_cases()}

    assert {"Values", "Scores", "Portfolio matrix", "Workload", "Weights from judgements", "The group"} <= subjects


def test_every_published_case_holds(verify):
    failed = [(case.subject, case.name, case.difference) for case in verify.collect_cases() if not case.holds]

    assert failed == []


def test_the_page_says_what_the_code_computes(verify):
    page = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")

    assert page == verify.render_page(verify.collect_cases()), "run make docs"


def test_render_page_shows_a_case_that_does_not_hold(verify):
    case = replace(verify.collect_cases()[0], name="planted | case", expected=(2.0,), computed=(1.0,), tolerance=0.1)

    page = verify.render_page([case])

    assert "0 of 1 cases hold." in page
    assert "| planted \\| case |" in page
    assert page.rstrip().endswith("| 2 | 1 | 1 | 0.1 | **no** |")


def test_case_with_other_many_values_does_not_hold(verify):
    case = replace(verify.collect_cases()[0], expected=(1.0, 0.0), computed=(1.0,))

    assert not case.holds
