import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.tier_words import name_tier
from salesmodel_kit.narrative.tiers import tell_held, tell_move_list

OWN = (("gold", "A"), ("silver", "B"), ("bronze", None))
FRENCH, ENGLISH = Language("fr"), Language("en")


@pytest.mark.parametrize(
    ("language", "tier", "said"),
    [
        (FRENCH, "gold", ["l’or", "de l’or", "à l’or"]),
        (FRENCH, "bronze", ["le bronze", "du bronze", "au bronze"]),
        (Language("fr", tiers=OWN), "gold", ["le niveau A", "du niveau A", "au niveau A"]),
        (Language("en", tiers=OWN), "gold", ["tier A"] * 3),
        (Language("en", tiers=OWN), "bronze", ["bronze"] * 3),
    ],
)
def test_name_tier_puts_the_article_that_the_language_asks_for(language, tier, said):
    assert [name_tier(tier, language, form=form) for form in range(3)] == said


def make_moves(**causes: int) -> pd.DataFrame:
    moves = pd.DataFrame({"cause": [cause for cause, n in causes.items() for _ in range(n)]})
    return moves.assign(tier_before="gold", tier_after="silver")


def test_tell_move_list_says_apart_who_has_no_tier_in_one_model():
    moves = make_moves(data=4).assign(tier_after=["silver", "silver", None, None], tier_before=["gold"] * 4)

    caption = tell_move_list(moves, causes_known=True, language=ENGLISH)
    only_lost = tell_move_list(moves.tail(2), causes_known=False, language=ENGLISH)

    assert strip_markup(caption.title).replace("\u00a0", " ") == "Cause of 2 of 2 moves between tiers: data"
    assert "No tier any more, not enough being known: 2." in caption.subtitle
    assert strip_markup(only_lost.title).replace("\u00a0", " ") == (
        "No account goes from one tier to another; 2 lose or gain their tier")


@pytest.mark.parametrize(
    ("moves", "known", "english", "french"),
    [
        ({"data": 3, "rule": 1}, True, "Cause of 3 of 4 moves between tiers: data; tier rule 1",
         "Cause de 3 changements de niveau sur 4 : données ; règle des niveaux 1"),
        ({"weights": 1}, True, "Cause of 1 of 1 move between tiers: criteria and weights",
         "Cause de 1 changement de niveau sur 1 : critères et poids"),
        ({"unknown": 2}, False, "Why 2 accounts move is not known: only the last tiers are on file",
         "Pourquoi 2 comptes changent de niveau n’est pas connu : seuls les derniers niveaux sont consignés"),
        ({"new": 1}, True, "1 account is new, 0 no longer there; no other changes tier",
         "1 compte est nouveau, 0 n’y est plus ; aucun autre ne change de niveau"),
        ({}, True, "No account changes tier", "Aucun compte ne change de niveau"),
    ],
)
def test_tell_move_list_says_no_more_than_is_known(moves, known, english, french):
    for language, expected in ((ENGLISH, english), (FRENCH, french)):
        caption = tell_move_list(make_moves(**moves), causes_known=known, language=language)
        said = strip_markup(caption.title).replace("\u00a0", " ").replace("\u202f", " ")
        assert said == expected


def test_tell_held_says_where_equal_scores_stand_in_two_tiers():
    tiers = pd.DataFrame({
        "tier": ["gold", "silver", "silver"], "score": [0.6, 0.6, 0.4], "tier_source": ["rule", "held", "rule"],
        "previous_tier": ["gold", "silver", None]})

    caption = tell_held(tiers, margin=0.02, language=ENGLISH)

    assert strip_markup(caption.title).replace("\u00a0", " ") == (
        "1 account is held nearer to its previous tier by a margin of 0.020 than by the rule alone")
    assert "Equal scores in two tiers, because they came from two: 2" in strip_markup(caption.subtitle)
