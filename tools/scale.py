"""Write the arithmetic of ``docs/scale.md`` anew from the table of measured figures in it.

``python tools/scale.py`` after a figure has changed.
"""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scale.md"
N_CLIENTS = 10_000
CORES = (1, 2, 8, 32, 64)
_FIGURE = re.compile(r"^\| `(\w+)` \| ([0-9.,]+) \|", re.M)
_BEGIN, _END = "<!-- from here on written by tools/scale.py -->\n", "<!-- to here -->\n"


def read_figures(page: str) -> dict[str, float]:
    """Return name -> value of every figure of the page's table."""
    return {name: float(value.replace(",", "")) for name, value in _FIGURE.findall(page)}


def write_arithmetic(figures: dict[str, float]) -> str:
    """Return what 10,000 clients take on so many cores."""
    one, two = figures["one_worker"], figures["two_workers"]
    rows = []
    for n_cores in CORES:
        hourly = one if n_cores == 1 else n_cores * two / 2
        rows.append(f"| {n_cores} | {hourly:,.0f} | {N_CLIENTS / hourly:.1f} | {n_cores * figures['memory']:,.0f} GB |")
    lines = [
        f"A core of two makes {two / 2:,.0f} clients an hour, {two / 2 / one:.0%} of what one worker alone makes.",
        "The table takes that for every core: with *c* cores, "
        f"{N_CLIENTS:,} clients take {N_CLIENTS:,} / (*c* · {two / 2:,.0f}) hours.",
        "",
        f"| cores of all machines | clients an hour | hours for {N_CLIENTS:,} clients | memory |",
        "|---|---|---|---|",
        *rows,
        "",
        f"The processor's time alone, {figures['processor']:g} s a client, is "
        f"{N_CLIENTS * figures['processor'] / 3600:,.0f} hours of one core: what a bill counts.",
        f"Results are {N_CLIENTS * figures['size'] / 1000:,.0f} GB in {N_CLIENTS * figures['files'] / 1e6:.1f} million "
        "files; on a store up to twice that,",
        "because what a run replaces stays until the next one has ended.",
        "A look at all of them where none has changed takes "
        f"{N_CLIENTS * figures['unchanged'] / 1000:,.0f} s on a local disk.",
    ]
    return "\n".join(lines) + "\n"


def renew(page: str) -> str:
    """Return the page with its arithmetic written anew."""
    head, rest = page.split(_BEGIN)
    return head + _BEGIN + write_arithmetic(read_figures(head)) + _END + rest.split(_END)[1]


if __name__ == "__main__":
    PAGE.write_text(renew(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
