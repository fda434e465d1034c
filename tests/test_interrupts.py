"""Ctrl-C: held back while a process starts, not lost when somebody swallows it."""

from __future__ import annotations

import signal

import pytest

from salesmodel_kit.batch.interrupts import hold_interrupts, notice_interrupts


def test_hold_interrupts_puts_it_off_until_the_block_is_through():
    done = []

    with pytest.raises(KeyboardInterrupt), hold_interrupts():  # noqa: PT012
        signal.raise_signal(signal.SIGINT)
        done.append("started")

    assert done == ["started"]


def test_hold_interrupts_restores_what_was_there():
    before = signal.getsignal(signal.SIGTERM)

    with hold_interrupts():
        pass

    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_notice_interrupts_insists_when_a_library_swallowed_it(number):
    with pytest.raises(KeyboardInterrupt), notice_interrupts() as insist:  # noqa: PT012
        try:
            signal.raise_signal(number)
        except BaseException:
            insist_later = insist
        insist_later()


def test_notice_interrupts_stays_silent_when_nothing_came():
    with notice_interrupts() as insist:
        insist()
