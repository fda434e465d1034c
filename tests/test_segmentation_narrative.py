"""What is said of groups in the accounts and of typical accounts is true for none, one and many."""

import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.segmentation import (
    describe_card,
    describe_group,
    judge_agreement,
    say_band,
    tell_account_groups,
    tell_persona_cards,
)
from salesmodel_kit.narrative.segments import tell_portfolio_matrix
from salesmodel_kit.narrative.telling import strip_markup

ENGLISH, FRENCH = Language("en"), Language("fr")
NAN = float("nan")


def plain(sentence):
    return strip_markup(sentence).replace("\u00a0", " ").replace("\u202f", " ")


def tell(stability, *, segments=("A", "B"), language=ENGLISH, **facts):
    summary = pd.DataFrame({"group": [f"G{at}" for at in range(len(stability))], "stability": list(stability)})
    known = {"features": ["sector", "fit"], "labels": {"fit": "Fit with our range"}, "n_tried": 5, "n_accounts": 100,
             "n_fitted": 100, "n_resamples": 30, "agreement": (0.42, 0.38, 0.47), "rand": (0.8, 0.7, 0.9),
             "n_placed": 0}
    return tell_account_groups(summary, list(segments), facts=known | facts, language=language)


@pytest.mark.parametrize(("stability", "facts", "said"), [
    (["stable"], {}, "The accounts show no groups of themselves: they differ by degree, not in kind"),
    (["stable"] * 2, {},
     "2 groups show in the accounts, all of them stable; they agree in part with the declared segments"),
    (["not_stable"] * 2, {"agreement": (0.1, 0, 0.2)},
     "2 groups show in the accounts, none of them stable; they hardly agree with the declared segments"),
    (["stable", "doubtful", "not_stable"], {"agreement": (0.7, 0.6, 0.8)},
     "3 groups show in the accounts, 1 of them stable; they largely agree with the declared segments"),
    (["stable"] * 2, {"segments": ["A"]}, "2 groups show in the accounts, all of them stable"),
    (["stable"] * 2, {"agreement": (NAN, NAN, NAN)}, "2 groups show in the accounts, all of them stable"),
])
def test_tell_account_groups_says_how_many_hold_and_agree(stability, facts, said):
    assert plain(tell(stability, **facts).title) == said


@pytest.mark.parametrize(("stability", "said"), [
    (["stable", "doubtful"], "2 groupes apparaissent dans les comptes, dont un seul est stable"),
    (["stable"] * 3, "3 groupes apparaissent dans les comptes, tous stables"),
    (["doubtful"] * 3, "3 groupes apparaissent dans les comptes, aucun n’est stable"),
    (["stable"], "Les comptes ne forment pas de groupes d’eux-mêmes"),
])
def test_tell_account_groups_says_the_same_in_french(stability, said):
    assert plain(tell(stability, language=FRENCH).title).startswith(said)


def test_tell_account_groups_states_criterion_interval_and_sample():
    subtitle = plain(tell(["stable", "doubtful"], n_fitted=50, n_placed=1).subtitle)

    assert "compared on sector and fit with our range" in subtitle
    assert "From 1 to 5 groups were tried" in subtitle
    assert "Groups were sought in 50 accounts drawn at random" in subtitle
    assert "0.42 (95% interval 0.38 to 0.47)" in subtitle
    assert "The accepted rule gave 1 account its segment; it is left out" in subtitle


def test_tell_account_groups_does_not_speak_of_stability_without_groups():
    assert "stable" not in plain(tell(["stable"]).subtitle)


@pytest.mark.parametrize(("value", "word"), [
    (0.65, "largely"), (0.64, "partly"), (0.2, "partly"), (0.19, "hardly"), (-0.1, "hardly"), (NAN, "unknown")])
def test_judge_agreement_by_its_bounds(value, word):
    assert judge_agreement(value) == word


@pytest.mark.parametrize(("band", "english", "french"), [
    ({"kind": "category", "value": "25.62B Mills", "low": NAN, "high": NAN}, "25.62B Mills", "25.62B Mills"),
    ({"kind": "size", "value": None, "low": 10.0, "high": 50.0}, "10 to 49", "10 à 49"),
    ({"kind": "size", "value": None, "low": NAN, "high": 10.0}, "under 10", "moins de 10"),
    ({"kind": "size", "value": None, "low": 250.0, "high": NAN}, "250 or more", "250 ou plus"),
    ({"kind": "amount", "value": None, "low": 14_000.0, "high": 28_000.0}, "€14k to under €28k",
     "de 14 k€ à moins de 28 k€"),
    ({"kind": "amount", "value": None, "low": 0.0, "high": 0.0}, "€0", "0 €"),
    ({"kind": "measure", "value": None, "low": 0.0, "high": 0.0}, "0", "0"),
    ({"kind": "rating", "value": None, "low": NAN, "high": 3.0}, "1 or 2", "1 ou 2"),
    ({"kind": "rating", "value": None, "low": 3.0, "high": 4.0}, "3", "3"),
    ({"kind": "rating", "value": None, "low": 4.0, "high": NAN}, "4 or 5", "4 ou 5"),
    ({"kind": "measure", "value": None, "low": 0.15, "high": 2.0}, "0.15 to under 2", "de 0,15 à moins de 2"),
])
def test_say_band_in_words(band, english, french):
    assert plain(say_band(band, language=ENGLISH)) == english
    assert plain(say_band(band, language=FRENCH)) == french


def test_describe_group_says_what_says_most_first_against_the_portfolio():
    features = pd.DataFrame([
        ("fit", "Fit", "rating", None, 4.0, NAN, 0.8, 0.4, 2),
        ("sector", None, "category", "Mills", NAN, NAN, 0.9, 0.1, 1),
    ], columns=["feature", "label", "kind", "value", "low", "high", "group_share", "portfolio_share", "rank"])

    said = plain(describe_group(features, language=ENGLISH))

    assert said == "Sector: Mills (90%, portfolio 10%) · Fit: 4 or 5 (80%, portfolio 40%)"
    assert "nothing stands out" in describe_group(features.head(0), language=ENGLISH)


def make_card(**changes):
    return {"tier": "gold", "segment": "A", "n_accounts": 1, "potential_per_year": NAN, "employees_low": NAN,
            "employees_high": NAN, "sectors": NAN, "sector_share": NAN, "places": NAN, "place_share": NAN,
            "purchases": NAN, "n_won": pd.NA, "channel": NAN, "calls_per_year": NAN, "who_decides": NAN,
            "how_to_reach": NAN, "notes": NAN} | changes


def test_describe_card_leaves_unknown_what_is_not_known():
    assert [said for _, said in describe_card(make_card(), language=FRENCH)] == [None] * 8


def test_describe_card_says_what_is_known():
    card = make_card(employees_low=20.0, employees_high=20.0, sectors="Mills; Glass", sector_share=0.6,
                     places="Lyon; Paris", place_share=0.08, purchases="Pump; Valve", n_won=1,
                     channel="field", calls_per_year=1.0)

    said = [plain(words) for _, words in describe_card(card, language=ENGLISH) if words]

    assert said == ["about 20 employees", "Mills (60%) · Glass", "spread out: the most frequent town has 8% of them",
                    "Pump · Valve (1 deal won)", "field visits, 1 call a year"]


def make_cards(n, **changes):
    return pd.DataFrame({"n_accounts": [2] * n, "potential_per_year": [100.0] * n, "who_decides": [None] * n,
                         "n_won": [1] * n} | changes)


@pytest.mark.parametrize(("n_shown", "changes", "said"), [
    (1, {}, "One typical account stands for 25% of the potential"),
    (3, {}, "3 typical accounts stand for 75% of the potential"),
    (2, {"potential_per_year": [NAN] * 4}, "2 typical accounts stand for 50% of the accounts"),
])
def test_tell_persona_cards_says_what_they_stand_for(n_shown, changes, said):
    cards = make_cards(4, **changes)

    assert plain(tell_persona_cards(cards.head(n_shown), cards, in_bands=False, language=ENGLISH).title) == said


def test_tell_persona_cards_says_what_nobody_wrote_and_what_no_deal_tells():
    cards = make_cards(2, n_won=[pd.NA] * 2, who_decides=["x", None])

    subtitle = plain(tell_persona_cards(cards, cards, in_bands=True, language=FRENCH).subtitle)

    assert "Qui décide n’est pas encore noté pour 1 fiche : remplir personas.csv" in subtitle
    assert "il n’y a pas d’affaires dans les données" in subtitle
    assert "au bas de leur tranche d’effectif" in subtitle


def make_scores(**changes):
    return pd.DataFrame({
        "segment": ["A", "B"], "label": ["Towns", "Mills"], "size_per_year": NAN, "sales_per_year": NAN,
        "attractiveness": [0.8, 0.2], "posture": ["invest", "harvest"], "n_accounts": [1, 1]} | changes)


def test_tell_portfolio_matrix_says_what_is_drawn_only_when_it_is():
    bare = plain(tell_portfolio_matrix(make_scores(), language=ENGLISH).subtitle)
    dispersion = pd.DataFrame({"segment": ["A", "B"], "n_raters": [4, 5], "ellipse_length": [0.3, 0.1]})
    moved = make_scores(past_attractiveness=[0.5, NAN], past_competitive_strength=[0.5, NAN],
                        target_attractiveness=[0.5, NAN], target_competitive_strength=[NAN, NAN])

    full = plain(tell_portfolio_matrix(moved, dispersion, language=ENGLISH).subtitle)

    assert "arrow" not in bare
    assert "ellipse" not in bare
    assert "about half of 4 to 5 raters would place the segment; they lie furthest apart on Towns" in full
    assert "Grey arrow: the way from the past position of 1 segment." in full
    assert "Blue arrow" not in full
