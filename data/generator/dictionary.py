"""Writes ``data/README.md``: the data dictionary from the declared tables, and the stories of the demo clients."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jinja2

from generator.client import DemoClient
from generator.towns import read_towns
from generator.truth import collect_story
from salesmodel_kit.tables import INPUT_TABLES, STEP_TABLES, Column, Table

TEMPLATE = Path(__file__).parent / "readme.md.j2"
_MANNERS = {
    "software-publisher": "semicolon, decimal comma, French headers, DD/MM/YYYY, UTF-8 with mark",
    "laboratory-distributor": "semicolon, decimal comma, French headers, DD/MM/YYYY, UTF-8 without mark",
    "industrial-services": "comma, decimal point, the kit's own headers, YYYY-MM-DD, UTF-8",
}


def write_dictionary(clients: list[DemoClient]) -> str:
    """Return the text of ``data/README.md``; clients in the order publisher, distributor, services."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    publisher, distributor, services = (_describe_client(client) for client in clients)
    text = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        clients=[publisher, distributor, services], sp=publisher, ld=distributor, si=services,
        groups=[("Files of a client", [_describe_table(table, is_input=True) for table in INPUT_TABLES]),
                ("Step tables", [_describe_table(table, is_input=False) for table in STEP_TABLES])],
        n_towns=len(read_towns()), pct=_percent, eur=_amount)
    return _close_gaps(text)


def _describe_client(client: DemoClient) -> SimpleNamespace:
    role, story = client.reps["role"].value_counts(), collect_story(client)
    loads = story["present_load_by_rep"]
    field = client.reps.loc[(client.reps["role"] == "field") & (client.reps["load"] == 1), "rep"]
    inside = client.reps.loc[client.reps["role"] == "inside"]
    worked = sum(loads[rep] * hours for rep, hours in zip(inside["rep"], inside["true_hours"], strict=True))
    return SimpleNamespace(
        id=client.profile["id"], name=client.profile["name"], manner=_MANNERS[client.profile["id"]],
        language={"fr": "French", "en": "English"}[client.spec.client["language"]], n_accounts=len(client.truth),
        n_field=role["field"], n_inside=role["inside"], strategy=client.profile["strategy"], story=story,
        coefficients=client.spec.client["win_model"]["coefficients"],
        names=dict(zip(client.reps["rep"], client.reps["name"], strict=True)),
        inside_load=worked / inside["true_hours"].sum(), n_hospitals=int((client.truth["segment"] == "HOP").sum()),
        other_loads=f"{_percent(min(loads[rep] for rep in field))} to {_percent(max(loads[rep] for rep in field))}")


def _describe_table(table: Table, *, is_input: bool) -> dict:
    needed = {True: " The file is needed.", False: " The file is not needed."}[table.needed] if is_input else ""
    sheets = f" Other names of the file or sheet: {', '.join(table.sheets)}." if table.sheets else ""
    axes = (f" Further columns: the criteria of the axes {' and '.join(table.axes)}, numbers,"
            " or words where the criterion has `category_values`, by id or label."
            if table.axes else "")
    return {"name": table.name, "meaning": table.meaning, "key": ", ".join(f"`{name}`" for name in table.key),
            "needed": needed, "sheets": sheets, "axes": axes, "is_input": is_input,
            "rows": [_describe_column(column) for column in table.columns]}


def _describe_column(column: Column) -> dict[str, str]:
    return {"name": column.name, "kind": column.kind, "unit": column.unit, "range": _describe_range(column),
            "needed": "yes" if column.needed else "", "meaning": _cell(column.meaning),
            "headers": _cell(", ".join(column.headers))}


def _describe_range(column: Column) -> str:
    if column.choices:
        return _cell(", ".join(f"`{value}`" + (f" ({', '.join(others)})" if others else "")
                               for value, others in column.choices.items()))
    if column.low is None and column.high is None:
        return ""
    if column.high is None:
        return f"≥ {column.low:g}"
    return f"≤ {column.high:g}" if column.low is None else f"{column.low:g} to {column.high:g}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _amount(value: float) -> str:
    return f"€{round(value, -4):,.0f}"


def _close_gaps(text: str) -> str:
    """Return the text without blank lines inside tables and without more than one blank line elsewhere."""
    lines: list[str] = []
    for line in text.splitlines():
        line = line.rstrip()
        if line.startswith("|") and len(lines) > 1 and lines[-1] == "" and lines[-2].startswith("|"):
            lines.pop()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip() + "\n"
