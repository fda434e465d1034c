"""What the notebooks show: message, picture with alt text, numbers beside it, and what is missing."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from demo_models import demo_model
from markupsafe import Markup
from small_client import make_client, make_tables

from salesmodel_kit.chain import build_model
from salesmodel_kit.language import Language
from salesmodel_kit.reports.exhibits import (
    allocation,
    board,
    call_plan,
    decided,
    grid,
    outcomes,
    page,
    reasons,
    robustness,
    scenarios,
    scores,
    segmentation,
    segments,
    sizes,
    territories,
    tiers,
    votes,
    workload,
)
from salesmodel_kit.resources import find_resource

NAN = float("nan")
NASTY = "<img src=x onerror=alert(1)> & \"L'Ours\" $x_1$ {{ 7 * 7 }}"
ENGLISH = re.compile(
    r"\b(the|of|and|with|without|which|are|is|from|accounts?|hours?|years?|shares?|known|weights?|gold|silver|reps?|"
    r"sales|calls?|deals?|potential_score|nobody|unknown)\b", flags=re.I)
PICTURES = {
    sizes.show_sizes,
    call_plan.show_call_weeks,
    workload.show_places,
    workload.show_break_even,
    scenarios.show_scenarios,
    segments.show_portfolio_matrix, segments.show_segment_contributions, scores.show_value_map,
    scores.show_rank_changes, tiers.show_cumulated_potential, allocation.show_hours_by_tier, allocation.show_rep_loads,
    allocation.show_territory_map,
    allocation.show_call_ladder,
    outcomes.show_win_model,
    outcomes.show_calibration,
    outcomes.show_back_test,
    votes.show_group_weights,
    robustness.show_certainty,
    reasons.show_account_reasons,
    tiers.show_moves,
}
TABLES = {
    sizes.show_responses,
    workload.show_costs,
    workload.show_selling_days,
    sizes.show_response_history,
    scenarios.show_size_return,
    call_plan.show_next_calls,
    territories.show_plan_comparison,
    segments.show_postures, segments.show_win_rates, scores.show_criteria, scores.show_top_accounts,
    tiers.show_tier_table,
    tiers.show_gold_accounts,
    tiers.show_overrides,
    tiers.show_moves,
    segmentation.show_account_groups,
    segmentation.show_persona_cards,
    reasons.show_unknown_accounts,
    reasons.show_vetoes,
    tiers.show_held,
    tiers.show_move_list,
    allocation.show_reps_needed, allocation.show_call_plan, board.show_assumptions, decided.show_decided,
    votes.show_round_changes, votes.show_weight_sets, votes.show_contradictions,
    robustness.show_close_calls, robustness.show_influence, robustness.show_best_ten,
}
DECISIONS = {segments.decide_segments, scores.decide_scores, tiers.decide_tiers, allocation.decide_allocation}
BOARD = {board.show_board_value, board.show_board_effort, board.show_board_people, board.show_unknowns,
         board.tell_method_in_brief}
EVERYTHING = sorted(PICTURES | TABLES | DECISIONS | BOARD, key=lambda function: function.__name__)
_VOID = {"img", "br", "hr", "wbr"}


class Reader(HTMLParser):
    """Reads a piece of HTML: its tags, its text, and whether every tag is closed in order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self._open = [], [], []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "code" not in self._open:
            self.words.append(data)

    def find(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(self.words)


def read(exhibit):
    return Reader(exhibit._repr_html_())


@pytest.fixture(scope="module")
def publisher():
    """Return the model of the French demo client."""
    return demo_model("software-publisher")


def make_bare_client(**profile):
    """Return a client of which only names, segments and one rating are known."""
    given = make_tables()
    accounts = given["accounts"].copy()
    for name in ("sales_per_year", "potential_per_year", "latitude", "longitude", "present_calls_per_year",
                 "present_hours_per_year", "employees"):
        accounts[name] = NAN
    accounts["owner"] = pd.Series([None] * len(accounts), dtype="str")
    client = make_client(accounts=accounts, profile=profile, segments=given["segments"].assign(
        growth=NAN, know_how=NAN, size_per_year=NAN))
    rule = client.strategy.tiers.model_copy(update={"rule": "account_share", "gold": 0.2, "silver": 0.3})
    return replace(client, strategy=client.strategy.model_copy(update={"tiers": rule, "potential_weight": 0.2}))


@pytest.mark.parametrize("show", sorted(PICTURES, key=lambda function: function.__name__))
def test_picture_has_message_alt_basis_and_numbers(show, publisher):
    exhibit = show(publisher)

    seen = read(exhibit)
    picture = seen.find("img")[0]
    assert seen.find("figure")[0] == {"class": "exhibit", "id": exhibit.name}
    assert base64.b64decode(picture["src"].removeprefix("data:image/svg+xml;base64,")).lstrip().startswith(b"<?xml")
    assert re.search(r"\d", picture["alt"])
    assert re.search(r"\d", exhibit.title)
    assert {"exhibit-title", "exhibit-subtitle", "exhibit-basis"} <= {attrs.get("class") for attrs in seen.find("p")}
    assert seen.find("details")
    assert seen.find("table")


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_is_well_formed_and_shown_by_its_title(show, publisher):
    exhibit = show(publisher)

    assert read(exhibit).text.strip()
    assert repr(exhibit) == f"{exhibit.name}: {exhibit.title}"
    assert "nan" not in exhibit.title.lower().split()


@pytest.mark.parametrize("show", EVERYTHING)
def test_french_exhibit_holds_no_english(show, publisher):
    seen = read(show(publisher))

    said = re.sub(r"tables/\w+\.csv", "", seen.text) + " ".join(attrs["alt"] for attrs in seen.find("img"))
    assert ENGLISH.findall(said) == []


@pytest.fixture(scope="module")
def twins():
    """Return the model of one small client, built twice."""
    return build_model(make_client()), build_model(make_client())


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_is_the_same_bytes_each_time(show, twins):
    first, second = (show(model) for model in twins)

    assert first.html == second.html


@pytest.fixture(scope="module")
def bare():
    """Return language -> the model of a client of whom little is known."""
    return {language: build_model(make_bare_client(language=language)) for language in ("en", "fr")}


@pytest.mark.parametrize("show", EVERYTHING)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_exhibit_copes_with_a_client_of_whom_little_is_known(show, language, bare):
    exhibit = show(bare[language])

    assert read(exhibit).text.strip()
    assert "nan" not in re.findall(r"\w+", exhibit.title.lower())


@pytest.mark.parametrize(
    ("show", "column"),
    [
        (segments.show_portfolio_matrix, "segments.csv"),
        (segments.show_segment_contributions, "attractiveness"),
        (segments.show_win_rates, "opportunities.csv"),
        (scores.show_rank_changes, "sales_per_year"),
        (tiers.show_cumulated_potential, "potential_per_year"),
        (tiers.show_moves, "previous_tier"),
        (allocation.show_hours_by_tier, "present_hours_per_year"),
        (votes.show_group_weights, "votes.csv"),
        (votes.show_weight_sets, "weight_set"),
        (allocation.show_territory_map, "latitude"),
        (outcomes.show_win_model, "opportunities.csv"),
        (outcomes.show_calibration, "win_probability_at_worst"),
        (outcomes.show_back_test, "closed_on"),
        (segmentation.show_account_groups, "potential_per_year"),
    ],
)
def test_missing_exhibit_says_how_to_get_what_is_missing(show, column, bare):
    exhibit = show(bare["en"])

    aside = exhibit.html[exhibit.html.index('<aside class="missing"'):]
    assert f"<code>{column}</code>" in aside


@pytest.fixture(scope="module", params=["en", "fr"])
def uncut(request):
    """Return the model of a client whose tiers are cut by share of potential, of which none is known."""
    accounts = make_tables()["accounts"].assign(potential_per_year=NAN)
    client = make_client(accounts=accounts, profile={"language": request.param})
    rule = client.strategy.tiers.model_copy(update={"rule": "potential_share", "gold": 0.4, "silver": 0.3})
    return build_model(replace(client, strategy=client.strategy.model_copy(update={"tiers": rule})))


@pytest.mark.parametrize("show", [tiers.show_cumulated_potential, tiers.show_tier_table, tiers.show_gold_accounts])
def test_exhibit_says_that_tiers_cannot_be_cut_without_potential(show, uncut):
    aside = show(uncut).html

    assert 'class="missing"' in aside
    assert "<code>potential_per_year</code>" in aside
    assert "<code>account_share</code>" in aside


@pytest.mark.parametrize("show", [tiers.show_cumulated_potential, tiers.show_tier_table, tiers.show_gold_accounts])
def test_exhibit_says_that_no_account_is_known_well_enough_though_its_potential_is(show):
    accounts = make_tables()["accounts"].assign(sales_per_year=NAN, employees=NAN, relation=NAN, fit=NAN)

    exhibit = show(build_model(make_client(accounts=accounts)))

    assert exhibit.title == "No account is known well enough to be scored"


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_copes_with_tiers_that_cannot_be_cut(show, uncut):
    assert read(show(uncut)).text.strip()


@pytest.fixture(scope="module")
def nasty():
    """Return the model of a client whose every word is an attempt at markup or code."""
    given = make_tables()
    client = make_client(
        accounts=given["accounts"].assign(name=NASTY), reps=given["reps"].assign(name=NASTY),
        segments=given["segments"].assign(label=[NASTY, f"{NASTY} 2"]),
        criteria=given["criteria"].assign(label=NASTY), overrides=[("001", "gold", NASTY, NASTY, "2026-09-30")],
        profile={"data_basis": {"sales_per_year": {"basis": "measured", "source": NASTY}}})
    return build_model(client)


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_escapes_what_comes_from_data(show, nasty):
    seen = read(show(nasty))

    assert all(set(attrs) == {"src", "alt"} for attrs in seen.find("img"))
    assert " $x_1$ 49" not in seen.text


def test_show_win_rates_names_no_best_segment_when_chance_could_do_it():
    deals = pd.DataFrame({"opportunity": list("abcdefghijkl"), "account": ["001"] * 4 + ["004"] * 8,
                          "status": ["won", "lost"] * 6, "amount": NAN})

    exhibit = segments.show_win_rates(build_model(make_client(opportunities=deals)))

    assert exhibit.title == (
        "We won 50% of 12\u00a0closed deals; the differences between segments are what chance alone would give")


def test_show_overrides_names_who_and_why():
    model = build_model(make_client(overrides=[("006", "gold", "New plant in spring", "Anna", "2026-09-30")]))

    seen = read(tiers.show_overrides(model))

    assert "New plant in spring" in seen.text
    assert "Anna" in seen.text


def test_list_movers_puts_those_who_rise_before_those_who_fall():
    # Ratios of the ranks: 4, 1, 1/2, 2; b stays and is left out.
    ranks = pd.DataFrame({"account": list("abcd"), "rank_by_sales": [4, 2, 1, 6], "rank_by_value": [1, 2, 2, 3],
                          "rank_change": [3, 0, -1, 3]}).astype({"rank_change": "Int64"})

    movers = scores.list_movers(ranks)

    assert movers["account"].tolist() == ["a", "d", "c"]


def test_show_unknowns_says_so_when_nothing_is_missing():
    accounts = make_tables()["accounts"].assign(previous_tier="gold")
    deals = pd.DataFrame({"opportunity": [str(n) for n in range(40)], "account": ["001"] * 20 + ["004"] * 20,
                          "status": ["won"] * 20 + ["lost"] * 20, "amount": NAN})

    exhibit = board.show_unknowns(build_model(make_client(accounts=accounts, opportunities=deals)))

    assert "Nothing that the model asks for is missing." in exhibit.html


@pytest.mark.parametrize(
    ("value", "style", "english", "french"),
    [
        (0.5, "share", "50%", "50\u00a0%"),
        (1200.0, "money", "€1,200", "1\u202f200\u00a0€"),
        (0.015, "exact", "0.015", "0,015"),
        (24.0, "exact", "24", "24"),
        ("gold", "tier", "gold", "or"),
        (None, "text", "–", "–"),
        (NAN, "hours", "–", "–"),
        (12.0, "km", "12\u00a0km", "12\u00a0km"),
    ],
)
def test_format_cell_follows_style_and_language(value, style, english, french):
    assert grid.format_cell(value, style=style, language=Language("en")) == english
    assert grid.format_cell(value, style=style, language=Language("fr")) == french


def test_render_grid_leaves_rows_beyond_the_cap_to_the_file():
    table = pd.DataFrame({"name": [f"Account {n}" for n in range(grid.ROW_CAP + 1)], "score": 0.5})
    fields = (grid.Field("name", "Account"), grid.Field("score", "Value", "score"))

    html = grid.render_grid(table, fields, label="Accounts", language=Language("en"), file="account_scores")

    assert html.count("<tr>") == grid.ROW_CAP + 1
    assert "1 more row is in the file tables/account_scores.csv." in html
    assert '<td class="number">0.50</td>' in html


def test_render_comparison_has_a_column_for_each_plan_and_a_row_for_each_measure():
    table = pd.DataFrame({"label": ["Now <b>", "Then"], "n_reps": [2.0, 3.5], "cost": [NAN, NAN]})
    fields = (grid.Field("label", "Scenario"), grid.Field("n_reps", "People", "decimal"), grid.Field("cost", "Cost"))

    html = grid.render_comparison(table, fields, label="Plans", language=Language("fr"))

    assert html.count("<th scope=\"col\"") == 2
    assert "Now &lt;b&gt;" in html
    assert re.findall(r"<tr><th scope=\"row\">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", html) == [
        ("Personnes", "2,0", "3,5")]
    assert "Inconnu pour toutes les lignes" in html


def test_render_grid_names_columns_that_are_unknown_in_every_row():
    table = pd.DataFrame({"name": ["Alvane"], "sales": [NAN]})
    fields = (grid.Field("name", "Account"), grid.Field("sales", "Sales per year", "money"))

    html = grid.render_grid(table, fields, label="Accounts", language=Language("fr"))

    assert "Inconnu pour toutes les lignes\u00a0: Ventes annuelles." in html
    assert html.count("<th ") == 2


def test_make_missing_keeps_its_place():
    exhibit = page.make_missing("map", title=Markup("No places"), text=Markup("Export <code>latitude</code>."))

    assert exhibit.html == ('<aside class="missing" id="map"><p class="exhibit-title">No places</p>'
                            "<p>Export <code>latitude</code>.</p></aside>")


def test_notebooks_call_every_exhibit_once():
    called = []
    for path in sorted(find_resource("notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        called += [cell.source.removesuffix("(model)") for cell in cells if cell.source.endswith("(model)")]

    assert sorted(called) == [function.__name__ for function in EVERYTHING]
