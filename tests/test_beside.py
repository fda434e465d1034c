"""Steps computed in a second process are the steps, and a failure there is no answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pytest

from salesmodel_kit.batch.beside import compute_beside
from salesmodel_kit.batch.workers import STARTED_GROUPS
from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.client.folder import Client

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a second process is forked on Linux only")


def test_settle_gives_the_same_tables_with_a_second_process(
    client_factory: Callable[..., Client], tmp_path: Path
) -> None:
    client = client_factory()
    alone, helped = build_model(client), build_model(client)
    taken: list[str] = []

    def watch(model: SalesModel, steps: Sequence[str]) -> Callable[[], None]:
        taken.extend(steps)
        return compute_beside(model, steps, folder=tmp_path)

    alone.settle()
    helped.settle(watch)

    expected, found = alone.tables(), helped.tables()
    assert list(expected) == list(found)
    for name, table in expected.items():
        pd.testing.assert_frame_equal(found[name], table)
    assert {"account_groups", "scenario_comparison"} <= set(taken)
    assert not STARTED_GROUPS


class _Counted:
    """Remembers where its steps were computed."""

    @cached_property
    def near(self) -> str:
        return "seen from the start"

    @cached_property
    def far(self) -> tuple[str, str]:
        return self.near, "computed"

    @cached_property
    def broken(self) -> str:
        raise ValueError("no such step")


def test_compute_beside_takes_in_what_was_added_and_nothing_that_failed(tmp_path: Path) -> None:
    model = _Counted()
    _ = model.near

    compute_beside(model, ["far"], folder=tmp_path)()
    assert vars(model) == {"near": "seen from the start", "far": ("seen from the start", "computed")}

    compute_beside(model, ["broken"], folder=tmp_path)()
    assert "broken" not in vars(model)
    with pytest.raises(ValueError, match="no such step"):
        _ = model.broken


def test_compute_beside_keeps_what_was_computed_here_meanwhile(tmp_path: Path) -> None:
    model = _Counted()
    take_in = partial(compute_beside, folder=tmp_path)(model, ["far"])
    vars(model)["far"] = "here"

    take_in()

    assert model.far == "here"
