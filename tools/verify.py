"""Compute every published case anew and write ``docs/verification.md``.

``make docs`` after a change of a method; a test holds the page and the code together.
"""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path

import tools.verification
from tools.verification.case import Case

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verification.md"
_INTRODUCTION = """\
# Verification

Cases with known answers, computed by the kit as it stands. The published value is what the source prints, or what
follows by hand; a difference is allowed as far as the source rounds. `make docs` computes this page anew, and a test
fails when page and code part ways.
"""
_HEAD = "| case | source | published | computed | difference | allowed | holds |\n|---|---|---|---|---|---|---|\n"


def collect_cases() -> list[Case]:
    """Return the cases of every module of ``tools/verification`` that lists some, by module and as listed."""
    cases: list[Case] = []
    for module in sorted(pkgutil.iter_modules(tools.verification.__path__), key=lambda found: found.name):
        home = importlib.import_module(f"tools.verification.{module.name}")
        if hasattr(home, "list_cases"):
            cases += home.list_cases()
    return cases


def render_page(cases: Iterable[Case]) -> str:
    """Return the page: one table a subject, and how many cases hold."""
    known = list(cases)
    n_holding = sum(case.holds for case in known)
    parts = [_INTRODUCTION, f"{n_holding} of {len(known)} cases hold.\n"]
    in_order = sorted(known, key=lambda case: _place(case, known))
    for subject, group in itertools.groupby(in_order, lambda case: case.subject):
        parts.append(f"## {subject}\n\n{_HEAD}{''.join(map(_render_row, group))}")
    return "\n".join(parts)


def _place(case: Case, known: list[Case]) -> int:
    """Return where the case's subject is first spoken of."""
    return next(at for at, other in enumerate(known) if other.subject == case.subject)


def _render_row(case: Case) -> str:
    cells = (case.name, case.source, _render_values(case.expected), _render_values(case.computed),
             _render_difference(case.difference), f"{case.tolerance:.1g}", "yes" if case.holds else "**no**")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _render_values(values: tuple[float, ...]) -> str:
    return " ".join(_render_value(value) for value in values)


def _render_value(value: float) -> str:
    """Return a number with four decimals, whole numbers bare, the same on every machine."""
    if abs(value - round(value)) < 5e-9:
        return f"{round(value):,}"
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:,.1f}"


def _render_difference(value: float) -> str:
    """Return the size of a difference; what differs from one machine to the next is not shown."""
    return "< 1e-6" if value < 1e-6 else f"{value:.1g}"


def main() -> int:
    """Write the page; return 1 when a case does not hold."""
    cases = collect_cases()
    PAGE.write_text(render_page(cases), encoding="utf-8")
    failed = [case for case in cases if not case.holds]
    for case in failed:
        print(f"{case.subject}: {case.name}: {case.difference:.3g} is more than {case.tolerance:.3g}")
    print(f"{PAGE.name}: {len(cases) - len(failed)} of {len(cases)} cases hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
