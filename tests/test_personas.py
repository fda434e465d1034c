import pandas as pd
import pytest
from small_client import fill_table, make_client

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.model.personas import choose_cards, draw_personas

ACCOUNTS = fill_table(tables.ACCOUNTS, {
    "account": list("abcdef"), "name": list("ABCDEF"), "segment": ["s", "s", "s", "t", "t", "t"],
    "sector": ["Mills; paper", "Mills; paper", "Glass", None, None, None], "employees": [10, 20, 30, None, None, None],
    "city": ["Lyon", "Lyon", "Paris", None, "Lille", None]})
TIERS = pd.DataFrame({
    "account": list("abcdef"), "tier": ["gold", "gold", "gold", "silver", "silver", None], "segment": list("sssttt"),
    "potential_per_year": [100.0, 200.0, None, 900.0, 50.0, 1.0],
    "sales_per_year": [10.0, None, 5.0, None, None, 1.0]}).astype({"tier": "str", "segment": "str", "account": "str"})
EFFORT = pd.DataFrame({"account": list("abcdef"), "channel": ["field", "field", "inside", "inside", "inside", None],
                       "calls_per_year": [24.0, 12.0, 6.0, 4.0, 4.0, 0.0]}).astype({"channel": "str"})
DEALS = fill_table(tables.OPPORTUNITIES, {
    "opportunity": list("12345"), "account": ["a", "b", "a", "a", "zz"], "status": ["won", "won", "won", "lost", "won"],
    "name": ["Pump", "Pump", "Valve", "Crane", "Crane"]})


def make_personas(*rows):
    columns = ("tier", "segment", "who_decides", "how_to_reach", "notes")
    return fill_table(tables.PERSONAS, {name: [row[at] for row in rows] for at, name in enumerate(columns)})


def draw(**changes):
    return draw_personas(TIERS, ACCOUNTS, EFFORT, **{"opportunities": DEALS, "personas": None, **changes})


def test_draw_personas_says_what_is_typical_of_a_cell():
    cards = draw().set_index("tier")

    gold = cards.loc["gold"]
    assert (gold["n_accounts"], gold["potential_per_year"], gold["sales_per_year"]) == (3, 300.0, 15.0)
    assert (gold["employees_low"], gold["employees_high"]) == (15.0, 25.0)
    assert (gold["sectors"], gold["sector_share"]) == ("Mills, paper; Glass", pytest.approx(2 / 3))
    assert (gold["places"], gold["place_share"]) == ("Lyon; Paris", pytest.approx(2 / 3))
    assert (gold["purchases"], gold["n_won"]) == ("Pump; Valve", 3)
    assert (gold["channel"], gold["calls_per_year"]) == ("field", 12.0)


def test_draw_personas_puts_the_largest_potential_first_and_leaves_out_who_has_no_tier():
    cards = draw()

    assert cards[["tier", "segment"]].to_numpy().tolist() == [["silver", "t"], ["gold", "s"]]
    assert cards["n_accounts"].sum() == 5


def test_draw_personas_leaves_missing_what_is_not_known():
    silver = draw().set_index("tier").loc["silver"]

    assert silver[["employees_low", "sectors", "purchases", "who_decides"]].isna().all()
    assert silver["n_won"] == 0
    assert draw(opportunities=None)["n_won"].isna().all()


def test_draw_personas_lets_the_most_particular_row_speak_field_by_field():
    personas = make_personas(
        ("gold", "s", "The director", None, None), (None, "s", "Somebody", "By phone", None),
        ("gold", None, "Nobody", "By letter", "In spring"), (None, None, "Anybody", "By mail", "Any time"))

    cards = draw(personas=personas).set_index("tier")

    assert cards.loc["gold", ["who_decides", "how_to_reach", "notes"]].tolist() == [
        "The director", "By phone", "In spring"]
    assert cards.loc["silver", ["who_decides", "how_to_reach", "notes"]].tolist() == ["Anybody", "By mail", "Any time"]


def test_choose_cards_shows_the_first_and_what_was_typed():
    cells = pd.DataFrame({"tier": ["bronze"] * 9, "segment": list("abcdefghi")}).astype("str")

    shown = choose_cards(cells, make_personas(("bronze", "h", "x", None, None), (None, "i", "x", None, None)))

    assert shown["segment"].tolist() == [*"abcdef", "h"]
    assert len(choose_cards(cells, None)) == 6


def test_persona_cards_of_a_client_conform_to_their_declaration():
    model = build_model(make_client())

    assert list(model.persona_cards.columns) == list(tables.PERSONA_CARDS.names)
    tables.make_schema(tables.PERSONA_CARDS).validate(model.persona_cards)


def test_persona_cards_of_one_account_without_anything_known():
    client = make_client()
    alone = client.accounts.head(1).assign(sales_per_year=float("nan"), employees=float("nan"))
    model = build_model(make_client(accounts=alone))

    tables.make_schema(tables.PERSONA_CARDS).validate(model.persona_cards)
    assert len(model.persona_cards) == int(model.account_tiers["tier"].notna().any())
