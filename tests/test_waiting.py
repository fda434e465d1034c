"""Kernels that open a client before they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from salesmodel_kit.workshop import waiting
from salesmodel_kit.workshop.waiting import WarmKernels


@pytest.fixture
def make_kernels(monkeypatch):
    def make(script: str) -> WarmKernels:
        monkeypatch.setattr(waiting, "_launch", lambda _, *, env, **streams: subprocess.Popen(
            [sys.executable, "-c", script], env=env, **streams))
        return WarmKernels("client", is_read_only=False)

    return make


@pytest.mark.parametrize(("code", "failure"), [(2, 2), (0, None), (1, None)])
def test_find_failure_tells_of_a_client_that_could_not_be_opened_after_the_page_was_asked_for(
    make_kernels, code, failure
):
    kernels = make_kernels(f"import sys; sys.stdin.read(); sys.exit({code})")

    kernels.take(["-f", "x"], {}).wait()

    assert kernels.find_failure() == failure


def test_take_of_a_process_that_has_ended_already_is_a_failure_and_no_broken_pipe(make_kernels):
    kernels = make_kernels("import sys; sys.exit(2)")
    kernels.start()
    kernels._waiting.wait()

    told = kernels.find_failure()
    kernels.take(["-f", "x"], {})

    assert told == 2
    assert kernels.find_failure() == 2
