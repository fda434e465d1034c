import json

import pytest

from benchmarks import measure
from benchmarks.call_plan import plan_year
from benchmarks.measure import bound, compare
from benchmarks.run import BENCHMARKS, main, write_results


@pytest.fixture
def clock(monkeypatch):
    """Let calls take the seconds that they add to the clock."""
    now = [0.0]
    monkeypatch.setattr(measure.time, "perf_counter", lambda: now[0])

    def take(seconds):
        def call():
            now[0] += seconds

        return call

    return take


def test_compare_gives_the_ratio_of_paired_runs(clock):
    result = compare("x", clock(3.0), peer=clock(2.0), against="peer", limit=1.4, size="1")

    assert (result.ratio, result.ratio_min, result.ratio_max) == (1.5, 1.5, 1.5)
    assert not result.holds


def test_bound_gives_the_ratio_to_the_bound(clock):
    result = bound("x", clock(0.5), seconds=2.0, size="1")

    assert result.ratio == 0.25
    assert result.holds


def test_main_refuses_an_unknown_name(capsys):
    assert main(["no-such"]) == 2
    assert "help" in capsys.readouterr().err


def test_write_results_holds_what_a_reader_needs(tmp_path, clock):
    write_results([bound("x", clock(1.0), seconds=2.0, size="one")], tmp_path / "results.json")

    (record,) = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert set(record) == {
        "name", "against", "ratio", "ratio_min", "ratio_max", "limit", "holds", "size", "command"}  # fmt: skip
    assert record["command"] == "python -m benchmarks.run x"


def test_every_benchmark_has_one_line_that_says_what_it_measures():
    assert all(function.__doc__ for function in BENCHMARKS.values())


def test_main_says_what_is_missing_and_goes_on(monkeypatch, capsys):
    monkeypatch.setitem(BENCHMARKS, "x", lambda: measure.require("no_such_module_here", package="no-such"))

    assert main(["x"]) == 0
    assert "not installed; to measure: pip install no-such" in capsys.readouterr().out


def test_plan_year_places_the_calls_of_a_small_team():
    plan = plan_year(40, 2)

    assert plan.table["calls"].sum() > 0
    assert plan.summary["travel_km"].gt(0).all()
