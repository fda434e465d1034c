"""Mapping files: what is refused, and where the refusal points."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesmodel_kit.client.mapping_reader import load_mapping
from salesmodel_kit.errors import InputProblems, SalesModelError
from salesmodel_kit.resources import find_resource

MAPPING = """\
about: two tables
sources:
  customers:
    needed: [number, company, trade]
  sales:
    needed: {customer: [client], amount: []}
tables:
  segments:
    source: customers
    distinct: true
    columns: {segment: trade, label: trade}
  accounts:
    source: customers
    columns:
      account: number
      name: company
      segment: trade
      sales_per_year: {total: {source: sales, their: customer, our: number, sum: amount}}
criteria:
  - {criterion: sales_per_year, label: Sales, axis: chance, worst: 0, best: 100, weight: 1}
"""


def find_problems(folder: Path, text: str) -> list[tuple[str | None, str | None, str]]:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        load_mapping(path)
    return [(problem.column, problem.value, str(problem.message)) for problem in caught.value.problems]


@pytest.mark.parametrize("name", sorted(path.stem for path in find_resource("templates", "mappings").glob("*.yaml")))
def test_load_mapping_reads_every_mapping_of_the_kit(name):
    assert load_mapping(Path(name)).tables["accounts"].columns["account"]


def test_load_mapping_reads_plain_texts(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")

    mapping = load_mapping(path)

    assert mapping.sources["sales"].headers == {"customer": ("client",), "amount": ()}
    assert mapping.tables["accounts"].source == ("customers",)
    assert mapping.tables["accounts"].columns["name"].column == "company"
    assert mapping.criteria[0].best == 100.0


def test_load_mapping_names_the_kits_own_when_there_is_no_such_file():
    with pytest.raises(SalesModelError, match=r"no such mapping file.*hubspot, maven_crm, northwind, salesforce"):
        load_mapping(Path("nowhere.yaml"))


SALES = "tables.accounts.columns.sales_per_year"
NAME = "tables.accounts.columns.name"


@pytest.mark.parametrize(("wrong", "right", "place", "value", "says"), [
    ("distinct: true", "distnct: true", "tables.segments.distnct", None, "did you mean distinct"),
    ("axis: chance", "axis: luck", "criteria.1.axis", "luck", "attractiveness, competitive_strength, potential"),
    ("best: 100", "best: many", "criteria.1.best", "many", "A number with a decimal point"),
    (", sum: amount}", "}", f"{SALES}.total", None, "exactly one of: sum, count"),
    (", sum: amount}", ", sum: amount, day: amount}", f"{SALES}.total", None, "go together"),
    ("name: company", "name: {column: company, constant: x}", NAME, None, "exactly one of: column"),
    ("name: company", "name: {column: company, otherwise: x}", NAME, None, "goes with “map”"),
    ("name: company", "name: compny", NAME, "compny", "nearest: company"),
    ("name: company", "nme: company", "tables.accounts.columns", "nme", "nearest: name"),
    ("{source: sales,", "{source: sale,", SALES, "sale", "nearest: sales"),
    ("label: trade", "label: {constant: x}", None, None, ""),
])
def test_load_mapping_says_where_a_mapping_goes_wrong(tmp_path, wrong, right, place, value, says):
    text = MAPPING.replace(wrong, right)
    assert text != MAPPING
    if place is None:
        (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
        assert load_mapping(tmp_path / "mapping.yaml")
        return

    problems = find_problems(tmp_path, text)

    assert (place, value) in [problem[:2] for problem in problems]
    assert any(says in message for at, _, message in problems if at == place)


def test_load_mapping_tells_everything_at_once_with_its_line(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING.replace("segment: trade,", "").replace("name: company", "name: compny"), encoding="utf-8")

    with pytest.raises(InputProblems) as caught:
        load_mapping(path)

    told = {(problem.column, problem.value): problem for problem in caught.value.problems}
    assert "needs this column" in str(told[("tables.segments.columns", "segment")].message)
    assert told[("tables.accounts.columns.name", "compny")].row == 16


def test_load_mapping_refuses_anchors_and_doubled_keys(tmp_path):
    assert "twice" in find_problems(tmp_path, MAPPING + "about: again\n")[0][2]
    assert "Anchors" in find_problems(tmp_path, "about: &a x\nsources: *a\n")[0][2]
