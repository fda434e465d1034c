"""Why an account, what it lacks, and whom a veto keeps out: sentences and tables for small and odd clients."""

import pandas as pd
import pytest
from small_client import fill_table, make_client, make_tables

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.language import Language
from salesmodel_kit.narrative.reasons import tell_account_reasons, tell_unknown_accounts, tell_vetoes
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.reasons import list_steps, show_account_reasons, show_unknown_accounts, show_vetoes
from salesmodel_kit.reports.exhibits.scores import show_criteria, show_top_accounts
from salesmodel_kit.reports.figures import write_figures

ENGLISH, FRENCH = Language("en", "EUR"), Language("fr", "EUR")
NAN = float("nan")


def say(sentence):
    return strip_markup(sentence).replace("\u00a0", " ").replace("\u202f", " ")


def with_criteria(**columns):
    criteria = make_tables()["criteria"]
    return criteria.assign(**{name: pd.Series(cells, dtype=criteria[name].dtype) for name, cells in columns.items()})


def test_tell_account_reasons_names_what_lifts_the_best():
    scores = pd.DataFrame({"account": ["1"], "name": ["Alvane"], "score": [0.8],
                           "expected_value_per_year": [NAN]})
    steps = pd.DataFrame({"account": ["1", "1"], "label": ["Fit", "Size"], "difference": [0.1, 0.2],
                          "is_known": [True, False]})

    caption = tell_account_reasons(scores, steps, mean_score=0.5, n_scored=3, language=ENGLISH)

    assert say(caption.title) == "“Size” does most to lift Alvane from the portfolio's mean of 0.50 to 0.80"
    assert "the 3 accounts that are scored, for the 1 best account;" in say(caption.subtitle)
    assert "so that the sum is exact" in say(caption.subtitle)


def test_tell_account_reasons_invents_no_reason_for_the_only_account():
    scores = pd.DataFrame({"account": ["1"], "name": ["Alvane"], "score": [0.8],
                           "expected_value_per_year": [NAN]})
    steps = pd.DataFrame({"account": ["1"], "label": ["Fit"], "difference": [0.0], "is_known": [True]})

    caption = tell_account_reasons(scores, steps, mean_score=0.8, n_scored=1, language=FRENCH)

    assert say(caption.title).startswith("Alvane obtient 0,80 ; aucun critère ne le distingue")


@pytest.mark.parametrize(
    ("needed", "english", "french"),
    [
        ([], "Every account is known well enough to be scored: 9 of 9", "Chaque compte est assez connu pour être noté"),
        ([1], "1 account of 9 cannot be scored for want of data; one more datum is enough",
         "1 compte sur 9 ne peut être noté, faute de données ; une donnée de plus suffit"),
        ([1, 2], "2 accounts of 9 cannot be scored for want of data; one more datum is enough for 1 of them",
         "2 comptes sur 9 ne peuvent être notés, faute de données ; une donnée de plus suffit pour 1 d’entre eux"),
        ([2, 2], "2 accounts of 9 cannot be scored for want of data", "2 comptes sur 9 ne peuvent être notés"),
    ],
)
def test_tell_unknown_accounts_counts(needed, english, french):
    unknown = pd.DataFrame({"n_needed": needed, "first": ["Size"] * len(needed), "sales_per_year": 1.0})

    said = [say(tell_unknown_accounts(unknown, minimum_known_share=0.5, n_accounts=9, language=language).title)
            for language in (ENGLISH, FRENCH)]

    assert said[0] == english
    assert said[1].startswith(french)


@pytest.mark.parametrize(
    ("limits", "kept_out", "english"),
    [
        ([NAN, NAN], [], "No criterion has a veto: a strength can make up for any weakness"),
        ([2.0, NAN], [], "The veto on “Relation” keeps nobody out of gold"),
        ([2.0, 2.0], [], "The vetoes on “Relation” and “Fit” keep nobody out of gold"),
        ([2.0, NAN], ["Alvane"], "A veto keeps 1 account out of gold, with €100k of potential a year"),
        ([2.0, 2.0], ["Alvane", "Brisso"], "Vetoes keep 2 accounts out of gold, with €200k of potential a year"),
    ],
)
def test_tell_vetoes_counts(limits, kept_out, english):
    criteria = pd.DataFrame({"label": ["Relation", "Fit"], "veto": limits})
    vetoes = pd.DataFrame({"account": kept_out})
    tiers = pd.DataFrame({"name": kept_out, "veto": ["relation"] * len(kept_out), "score": 0.7, "tier": "silver",
                          "potential_per_year": 100_000.0})

    assert say(tell_vetoes(criteria, vetoes, tiers, language=ENGLISH).title) == english


def test_list_steps_add_up_and_say_what_is_not_known():
    accounts = make_tables()["accounts"].assign(fit=[5, NAN, 3, 2, 2, 3])
    model = build_model(make_client(accounts=accounts))

    steps = list_steps(model, model.account_scores)

    total = steps.groupby("account")["difference"].sum()
    scores = model.account_scores.set_index("account")["score"]
    assert (total - (scores - scores.mean())).abs().max() < 1e-12
    assert steps.loc[~steps["is_known"], ["account", "criterion"]].to_numpy().tolist() == [["002", "fit"]]


def test_show_account_reasons_copes_with_one_account():
    given = make_tables()
    model = build_model(make_client(accounts=given["accounts"].head(1)))

    exhibit = show_account_reasons(model)

    assert "Alvane" in exhibit.title
    assert "it is its own mean" in exhibit.html
    assert "<img" not in exhibit.html


def test_show_unknown_accounts_says_what_to_ask_for():
    accounts = make_tables()["accounts"]
    for name in ("potential_per_year", "employees", "relation"):
        accounts.loc[[0, 3], name] = NAN
    model = build_model(make_client(accounts=accounts))

    html = show_unknown_accounts(model).html

    assert "Dartis" in html
    assert "Alvane" in html
    assert html.index("Dartis") < html.index("Alvane")
    assert "<td>Potential</td>" in html
    assert "Untapped potential" not in html


def test_show_vetoes_lists_whom_the_veto_keeps_out():
    model = build_model(make_client(criteria=with_criteria(veto=[NAN, NAN, NAN, NAN, 4.5, NAN])))
    would_be = build_model(make_client()).account_tiers

    gold = set(would_be.loc[would_be["tier"] == "gold", "account"])
    hit = set(model.vetoes["account"])
    assert set(model.account_tiers.loc[model.account_tiers["veto"].notna(), "account"]) == gold & hit
    assert not (gold & hit) & set(model.account_tiers.loc[model.account_tiers["tier"] == "gold", "account"])
    assert all(name in show_vetoes(model).html
               for name in would_be.loc[would_be["account"].isin(gold & hit), "name"])
    tables.make_schema(tables.VETOES).validate(model.vetoes)


def test_show_criteria_shows_the_tree_with_weights_in_the_group():
    rows = {"criterion": ["trust"], "label": ["Trust"], "axis": ["chance"], "direction": ["benefit"], "worst": [0],
            "best": [1], "weight": [3]}
    criteria = pd.concat([make_tables()["criteria"], fill_table(tables.CRITERIA, rows)], ignore_index=True)
    criteria["parent"] = pd.Series([None] * 4 + ["trust", "trust", None], dtype="str")
    model = build_model(make_client(criteria=criteria))

    html = show_criteria(model).html

    assert html.index("Trust") < html.index("\u2003Relation")
    assert "Weight in its group" in html
    assert html.count("<img ") == 4
    assert model.criteria_tree.groupby(["axis", "depth"])["local_weight"].sum().tolist() == pytest.approx([1.0] * 5)


def test_show_top_accounts_puts_the_expected_value_beside_the_score():
    profile = {"assumptions": {f"win_probability_at_{end}": {"value": value, "unit": "share", "basis": "judged",
                                                            "source": "reps"}
                               for end, value in (("worst", 0.1), ("best", 0.5))}}
    model = build_model(make_client(profile=profile))

    assert "Expected value per year" in show_top_accounts(model).html
    assert "Judged:</strong>" in show_account_reasons(model).html
    assert "probability to win" in show_account_reasons(model).html


def test_value_curves_are_no_figures_of_the_report(tmp_path):
    import nbformat

    notebook = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell("show_criteria(model)")
    html = str(show_criteria(build_model(make_client())).html)
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    notebook.cells = [cell]

    assert write_figures([notebook], folder=tmp_path) == ()


@pytest.mark.parametrize(("worst", "best", "veto", "said"), [(1, 5, 4.5, "below 4.5"), (5, 1, 1.5, "above 1.5")])
def test_show_vetoes_says_on_which_side_of_its_limit_a_veto_is(worst, best, veto, said):
    criteria = with_criteria(veto=[NAN, NAN, NAN, NAN, veto, NAN])
    criteria.loc[4, ["worst", "best"]] = [worst, best]

    html = show_vetoes(build_model(make_client(criteria=criteria))).html

    assert f"<td>{said}</td>" in html
    assert "Kept out of the best tier" in html


def test_show_vetoes_names_a_category_by_its_word():
    criteria = with_criteria(veto=[NAN, NAN, NAN, NAN, NAN, 0.5], worst=[1, 1, 0, 0, 1, 0], best=[5, 5, 1e5, 500, 5, 1],
                             category_values=[None] * 5 + ["tender:0; free:1"])
    accounts = make_tables()["accounts"].assign(fit=pd.Series(["tender"] * 6, dtype="str"))
    model = build_model(make_client(criteria=criteria, accounts=accounts))

    html = show_vetoes(model).html

    assert "<td>tender</td><td>a value below 0.5</td>" in html


def test_a_criterion_may_be_called_like_what_the_kit_computes():
    given = make_tables()
    names = {"relation": "mean", "fit": "score"}
    criteria = given["criteria"].assign(criterion=given["criteria"]["criterion"].replace(names))
    model = build_model(make_client(criteria=criteria, accounts=given["accounts"].rename(columns=names)))

    steps = list_steps(model, model.account_scores)

    scores = model.account_scores.set_index("account")["score"]
    assert (steps.groupby("account")["difference"].sum() - (scores - scores.mean())).abs().max() < 1e-12
    assert 'id="account_reasons"' in show_account_reasons(model).html


def test_step_tables_of_gaps_follow_their_declaration():
    accounts = make_tables()["accounts"].assign(employees=NAN, potential_per_year=NAN)
    model = build_model(make_client(accounts=accounts))

    tables.make_schema(tables.ACCOUNT_GAPS).validate(model.account_gaps)
    tables.make_schema(tables.ACCOUNT_TIERS).validate(model.account_tiers)
    assert len(model.account_gaps)
