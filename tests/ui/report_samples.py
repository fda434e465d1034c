"""Executed notebooks with an exhibit of every kind, whose clients' words try to be code."""

from __future__ import annotations

import base64
import html

import nbformat

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "{{ 7*7 }}", "{% raw %}", r"$\alpha$",
    "[x](javascript:alert(1))", "</style><script>alert(3)</script>", "Société d'Aménagement Régional et Intercommunal "
    "de Développement Économique du Bassin-de-Rochefort-Montagne-et-Combrailles (SARIDEBRMC)",
)
_ROWS = tuple(zip((*HOSTILE, "Novalis", "Atelier du Rhône"), ("gold", "silver", "bronze") * 4, strict=False))


def make_notebooks() -> list[nbformat.NotebookNode]:
    """Return five executed notebooks that hold one exhibit of every kind."""
    chapters = [_make_notebook(f"Chapter about {word}", [_figure(f"figure_{word}"), _table(f"table_{word}"), _decide()])
                for word in ("segments", "accounts", "tiers", "people")]
    board = _make_notebook("What do we decide on Monday?", [_board(), _figure("figure_tiers"), _missing()])
    board.cells += _make_notebook("What each number rests on", [_table("assumptions")], tag="appendix").cells
    return [*chapters, board]


def _make_notebook(title: str, outputs: list[str], *, tag: str | None = None) -> nbformat.NotebookNode:
    v4 = nbformat.v4
    text = f"# {title}\n\nWhere do we want to play, and why would we win?\n\n## First section\n\nSome *words*."
    cells = [v4.new_markdown_cell(text)]
    for output in outputs:
        shown = [v4.new_output("execute_result", {"text/html": output, "text/plain": "<Exhibit>"}, execution_count=1),
                 v4.new_output("stream", name="stderr", text="a warning for the console")]
        cells.append(v4.new_code_cell("show_the_exhibit()", outputs=shown, execution_count=1))
    for cell in cells:
        cell.metadata.tags = [tag] if tag else []
    return v4.new_notebook(cells=cells)


def make_svg() -> str:
    """Return a picture that holds a script."""
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="860" height="430" viewBox="0 0 860 430">'
           '<script>alert(4)</script><rect width="860" height="430" fill="#fff"/>'
           + "".join(f'<circle cx="{90 + 75 * i}" cy="{380 - 30 * i}" r="{10 + 2 * i}"/>' for i in range(10))
           + "</svg>")


def _figure(name: str) -> str:
    svg = make_svg()
    return (
        f'<figure class="exhibit" id="{name}"><figcaption><p class="exhibit-title">62 % of field hours go to accounts '
        f'that hold 24 % of the potential, {html.escape(HOSTILE[0])} first</p><p class="exhibit-subtitle">Hours and '
        f'potential, € a year, 2025, 650 accounts</p></figcaption><img src="data:image/svg+xml;base64,'
        f'{base64.b64encode(svg.encode()).decode()}" alt="Ten bubbles: {html.escape(HOSTILE[1])}">'
        f'<p class="exhibit-basis">Measured: hours of 2025. Assumed: potential per employee.</p>'
        f'<details class="exhibit-data"><summary>Data</summary>{_rows()}</details></figure>'
    )


def _table(name: str) -> str:
    return (f'<figure class="exhibit exhibit-table" id="{name}"><figcaption><p class="exhibit-title">Ten accounts to '
            f'see first</p><p class="exhibit-subtitle">By value</p></figcaption>{_rows()}</figure>')


def _rows() -> str:
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td><span class="tier tier-{tier}">{tier.title()}</span></td>'
        f'<td class="number">{index * 1234567:,}</td><td>Regional councils and their agencies</td></tr>'
        for index, (name, tier) in enumerate(_ROWS))
    return ('<div class="table-scroll" tabindex="0" role="region" aria-label="Data: accounts"><table><thead><tr>'
            '<th scope="col">Account</th><th scope="col">Tier</th><th scope="col" class="number">Potential a year</th>'
            f'<th scope="col">Segment</th></tr></thead><tbody>{body}</tbody></table></div>')


def _decide() -> str:
    return ('<section class="decide"><h3>What to decide now</h3><ul><li>Which segments to invest in.</li>'
            f"<li>Who calls on {html.escape(HOSTILE[7])}.</li></ul></section>")


def _missing() -> str:
    return ('<aside class="missing" id="hours_by_tier"><p class="exhibit-title">Hours today cannot be shown</p>'
            "<p>No calls are recorded: export activities from the CRM.</p></aside>")


def _board() -> str:
    return (f'<section class="board"><h3>Where the value is</h3><p>Gold: {html.escape(HOSTILE[2])}, '
            f"{html.escape(HOSTILE[4])}.</p><h3>Where the effort goes</h3><p>{html.escape(HOSTILE[5])}</p></section>")
