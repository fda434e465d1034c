import pytest

from salesmodel_kit.client.settings import add_assumptions, read_sheet, read_yaml
from salesmodel_kit.client.texts import Place, make_text_table
from salesmodel_kit.errors import Message


def table_of(*rows, sheet="client"):
    return make_text_table(rows, Place("client.xlsx", sheet))


def test_read_yaml_reads_every_value_as_text():
    text = b"id: 007\ncountry: NO\nday: 2026-09-30\nshare: 1e-3\nnote: 'x: y'\nempty:\nlist: [1, {a: 2}]\n"

    settings = read_yaml(text, "client.yaml")

    assert settings.problems == ()
    assert settings.values == {"id": "007", "country": "NO", "day": "2026-09-30", "share": "1e-3", "note": "x: y",
                               "list": ["1", {"a": "2"}]}
    assert (settings.rows["share"], settings.rows["list.2.a"]) == (4, 7)


def test_read_yaml_reads_windows_1252_with_a_remark():
    assert read_yaml("name: Équipe # é\n".encode("cp1252"), "f").values == {"name": "Équipe"}


@pytest.mark.parametrize(("content", "row", "sentence"), [
    (b"a: 1\nb: 2\na: 3\n", 3, "The key is there twice"),
    (b"a: &x [1]\nb: *x\n", 2, "Anchors and aliases"),
    (b"a: 1\nb: !!python/object:os.system x\n", 2, "Tags"),
    (b"a: 1\n\tb: 2\n", 2, "not YAML that can be read"),
    (b"a: [1\n", 2, "not YAML that can be read"),
    (b"- a\n- b\n", None, "Keys with their values are expected"),
    (b"{[a]: 1}", 1, "A key is expected here"),
    (b"a: \x00", None, "not a text"),
    (b"a: " + b"x" * 1_000_001, None, "longer than 1 MB"),
    (b"[" * 50_000, None, "not YAML that can be read"),
])
def test_read_yaml_names_the_line_that_cannot_be_read(content, row, sentence):
    settings = read_yaml(content, "client.yaml")

    assert settings.problems[0].file == "client.yaml"
    assert settings.problems[0].row == row
    assert sentence in str(settings.problems[0].message)


def test_read_yaml_is_not_blown_up_by_aliases():
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    settings = read_yaml("\n".join(["a0: &a0 [x]", *levels]).encode(), "client.yaml")

    assert "Anchors and aliases" in str(settings.problems[0].message)


def test_read_sheet_nests_dotted_keys_and_numbers_lists():
    settings = read_sheet(table_of(
        ("Clé", "Valeur"), ("id", "007"), ("strategy_changes.tiers.rule", "cutoff"),
        ("strategy_changes.call_norms.1.tier", "gold"), ("strategy_changes.call_norms.2.tier", "silver"),
        ("data_basis.accounts.potential_per_year.basis", "judged"), ("name", "")))

    assert settings.problems == ()
    assert settings.values == {
        "id": "007",
        "strategy_changes": {"tiers": {"rule": "cutoff"}, "call_norms": [{"tier": "gold"}, {"tier": "silver"}]},
        "data_basis": {"accounts.potential_per_year": {"basis": "judged"}}}
    assert settings.rows["strategy_changes.tiers.rule"] == 3


def test_read_sheet_names_keys_that_contradict():
    settings = read_sheet(table_of(("key", "value"), ("a", "1"), ("a", "2"), ("b", "1"), ("b.c", "2")))

    assert [(problem.row, problem.column) for problem in settings.problems] == [(3, "a"), (5, "b.c")]


def test_read_sheet_names_a_column_that_is_missing():
    (problem,) = read_sheet(table_of(("key", "x"), ("a", "1"))).problems

    assert (problem.row, problem.column) == (1, "value")


def test_add_assumptions_reads_a_row_each():
    sheet = table_of(("nom", "valeur", "unité", "base", "source", "bas", "haut"),
                     ("detour_factor", "1.3", "x", "assumed", "us", "1.2", ""), sheet="hypothèses")

    settings = add_assumptions(read_sheet(table_of(("key", "value"), ("id", "a"))), sheet)

    assert settings.values["assumptions"] == {
        "detour_factor": {"value": "1.3", "unit": "x", "basis": "assumed", "source": "us", "low": "1.2"}}
    problem = settings.problem(Message("Wrong."), "assumptions.detour_factor.value")
    assert (problem.sheet, problem.row) == ("hypothèses", 2)


def test_add_assumptions_names_one_that_is_there_twice():
    sheet = table_of(("name", "value"), ("a", "1"), ("a", "2"), sheet="assumptions")

    settings = add_assumptions(read_sheet(table_of(("key", "value"), ("id", "a"))), sheet)

    assert [(problem.sheet, problem.row, problem.column) for problem in settings.problems] == [("assumptions", 3, "a")]
