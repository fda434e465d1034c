"""Expressions of a mapping file over rows that were read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesmodel_kit.client.derive import Derivation
from salesmodel_kit.client.exports import read_exports
from salesmodel_kit.client.mapping import MappingFile
from salesmodel_kit.errors import InputProblems

CUSTOMERS = "number,company,trade\n1,Acme,retail\n2,Beta,\n3,Acme,energy\n"
SALES = "client,day,amount,product,state\n1,2024-03-31,100,P1,paid\n1,2023-03-31,40,P2,paid\n2,2024-01-05,10,P1,draft\n"
SOURCES = {
    "customers": {"needed": ["number", "company", "trade"]},
    "sales": {"needed": ["client", "day", "amount", "product", "state"]},
}


def derive(folder: Path, expression: object, *, add: dict[str, object] | None = None, sales: str = SALES,
           until: str = "2024-03-31") -> tuple[list[object], Derivation]:
    """Return the values of an expression over the customers, missing as ``?``."""
    sources = {**SOURCES, "customers": {**SOURCES["customers"], "add": {**(add or {}), "result": expression}}}
    mapping = MappingFile.model_validate({
        "about": "x", "sources": sources, "criteria": [],
        "tables": {"accounts": {"source": "customers", "columns": {"account": "number"}}}})
    for name, text in (("sales.csv", sales), ("customers.csv", CUSTOMERS)):
        (folder / name).write_text(text, encoding="utf-8")
    exports = read_exports([folder / "sales.csv", folder / "customers.csv"], mapping, language="fr")
    exports.sources.data_until = dt.date.fromisoformat(until)
    values = exports.sources.column("customers", "result")
    return values.astype("object").where(values.notna(), "?").tolist(), exports.sources


TOTAL = {"source": "sales", "their": "client", "our": "number"}


@pytest.mark.parametrize(("expression", "values"), [
    ("company", ["Acme", "Beta", "Acme"]),
    ({"constant": {"en": "field", "fr": "terrain"}}, ["terrain", "terrain", "terrain"]),
    ({"column": "trade", "if_missing": "none"}, ["retail", "none", "energy"]),
    ({"column": "number", "scale": 1000}, [1000.0, 2000.0, 3000.0]),
    ({"product_of": ["number", "number", {"one_minus": {"constant": "0.5"}}]}, [0.5, 2.0, 4.5]),
    ({"column": "company", "when": [{"column": "trade", "known": True}]}, ["Acme", "?", "Acme"]),
    ({"column": "company", "when": [{"column": "trade", "equals": ["RETAIL"]}]}, ["Acme", "?", "?"]),
    ({"constant": "a; b", "first_in": ";"}, ["a", "a", "a"]),
    ({"constant": "2024-03-31 10:00:00", "form": "year"}, ["2024", "2024", "2024"]),
    ({"total": {**TOTAL, "sum": "amount"}}, [140.0, 10.0, 0.0]),
    ({"total": {**TOTAL, "largest": "amount"}}, [100.0, 10.0, "?"]),
    ({"total": {**TOTAL, "count_distinct": "product"}}, [2.0, 1.0, 0.0]),
    ({"total": {**TOTAL, "count": "amount", "when": [{"column": "state", "equals": ["paid"]}]}}, [2.0, 0.0, 0.0]),
    # The twelve months up to 31 March 2024 begin on 1 April 2023.
    ({"total": {**TOTAL, "sum": "amount", "day": "day", "last_months": 12}}, [100.0, 10.0, 0.0]),
])
def test_evaluate_gives_one_value_a_row(tmp_path, expression, values):
    found, derivation = derive(tmp_path, expression)

    assert found == values
    assert derivation.problems == []


def test_evaluate_looks_up_the_one_row_that_matches(tmp_path):
    sales = "client,day,amount,product,state\n1,,5,P1,x\n2,,6,P1,x\n2,,7,P2,x\n"

    found, _ = derive(tmp_path, {"lookup": {"source": "sales", "their": "client", "our": "number", "take": "product"}},
                      sales=sales)

    # Customer 2 has two products: none of them is taken for the other.
    assert found == ["P1", "?", "?"]


@pytest.mark.parametrize(("sales", "values"), [
    ("client;day;amount;product;state\n1;;1.234;P;x\n2;;2,5;P;x\n", [1234.0, 2.5, 0.0]),
    ("client,day,amount,product,state\n1,,1.234,P,x\n2,,2.5,P,x\n", [1.234, 2.5, 0.0]),
    ("client;day;amount;product;state\n1;;1 234,50 €;P;x\n", [1234.5, 0.0, 0.0]),
])
def test_read_numbers_reads_marks_as_the_column_writes_them(tmp_path, sales, values):
    found, derivation = derive(tmp_path, {"total": {**TOTAL, "sum": "amount"}}, sales=sales)

    assert found == values
    assert derivation.problems == []


def test_read_numbers_names_file_row_and_value_once(tmp_path):
    sales = "client,day,amount,product,state\n1,,much,P,x\n"
    total = {"total": {**TOTAL, "sum": "amount"}}

    _, derivation = derive(tmp_path, {"first_of": [total, total]}, sales=sales)

    assert [(problem.file, problem.row, problem.column, problem.value) for problem in derivation.problems] == [
        ("sales.csv", 2, "amount", "much")]


def test_column_refuses_a_circle(tmp_path):
    with pytest.raises(InputProblems) as caught:
        derive(tmp_path, "other", add={"other": {"column": "result"}})

    assert "made from itself" in str(caught.value.problems[0].message)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a\n", b"number,company,trade\n", b'number,"company\n1,2\n'])
def test_read_exports_says_what_is_wrong_with_a_broken_file(tmp_path, content):
    mapping = MappingFile.model_validate({"about": "x", "sources": SOURCES, "criteria": [], "tables": {}})
    (tmp_path / "broken.csv").write_bytes(content)

    exports = read_exports([tmp_path / "broken.csv", tmp_path / "absent.csv"], mapping, language="en")

    files = [problem.file for problem in exports.sources.problems]
    assert files.count("absent.csv") == 1
    assert ("broken.csv" in files) == (content != b"number,company,trade\n")
