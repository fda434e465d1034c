import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, n_bars, n_offsets, texts_of

from salesmodel_kit.charts.group_weights import draw_group_weights
from salesmodel_kit.charts.style import ACCENT
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.groups import weigh_group


def make_votes(n_participants=8, n_criteria=5, sets=(None,)):
    """Return votes on two axes; everybody gives the first criterion a little more than the one before them."""
    rows = []
    for weight_set in sets:
        for axis in ("potential", "chance"):
            for voter in range(n_participants):
                first = 0.2 + 0.05 * (voter % 10)
                for at in range(n_criteria):
                    weight = first if at == 0 else (1 - first) / max(n_criteria - 1, 1)
                    weight = 1.0 if n_criteria == 1 else weight
                    rows.append((1, weight_set, f"P{voter}", None, 1.0, axis, f"c{at}", weight))
    columns = ["round", "weight_set", "participant", "department", "voting_power", "axis", "criterion", "weight"]
    return pd.DataFrame(rows, columns=columns).astype({"round": "Int64", "weight_set": "str"})


def make_group(votes):
    known = votes[["axis", "criterion"]].drop_duplicates()
    labels = [f"{HARD_NAMES[at % 5]} {at}" for at in range(len(known))]
    return weigh_group(votes, known.assign(label=labels, weight=1.0))


def draw(votes, language=ENGLISH):
    return draw_group_weights(votes, make_group(votes), language=language)


def test_draw_group_weights_draws_every_vote_and_every_band():
    figure = draw(make_votes())

    assert n_offsets(figure, "vote") == 8 * 10
    assert n_offsets(figure, "declared") == 10
    assert len(figure.axes) == 2
    assert sum(len(found.get_segments()) for found in figure.axes[1].collections if found.get_gid() == "group") == 10


def test_draw_group_weights_names_nobody():
    words = " ".join(texts_of(draw(make_votes())))

    assert not any(f"P{voter}" in words.split() for voter in range(8))


def test_draw_group_weights_marks_what_to_talk_about():
    # The first criterion spreads over 17.5 points, the others over a quarter of that; half of 1/5 is 10.
    votes = make_votes()

    marked = [text.get_text() for text in draw(votes).axes[0].texts if text.get_color() == ACCENT]

    group = make_group(votes)
    assert len(marked) == 2 == group["to_discuss"].sum()


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("sets", [(None,), ("short", "long"), ("a", HARD_NAMES[4], "c", "d")])
def test_draw_group_weights_keeps_texts_apart(sets, language):
    figure = draw(make_votes(sets=sets), language=language)

    assert_texts_apart(figure)
    assert len(figure.axes) == 1 + min(len(sets), 3)


def test_draw_group_weights_counts_sets_that_are_not_drawn():
    assert any("not drawn: 1." in words for words in texts_of(draw(make_votes(sets=tuple("abcd")))))


@pytest.mark.parametrize(("n_participants", "n_criteria"), [(1, 1), (1, 5), (60, 2), (3, 14)])
def test_draw_group_weights_draws_small_and_large_rooms(n_participants, n_criteria):
    figure = draw(make_votes(n_participants, n_criteria))

    assert_texts_apart(figure)
    assert n_offsets(figure, "vote") == 2 * n_participants * n_criteria


def test_draw_group_weights_moves_equal_votes_off_one_another():
    votes = make_votes(n_participants=20)

    dots = next(found for found in draw(votes).axes[1].collections if found.get_gid() == "vote")

    assert len({tuple(place) for place in dots.get_offsets().round(6).tolist()}) > 150


def test_draw_group_weights_leaves_its_tables_alone():
    votes = make_votes()
    group = make_group(votes)
    before = votes.copy(deep=True), group.copy(deep=True)

    figure = draw_group_weights(votes, group, language=ENGLISH)

    assert votes.equals(before[0])
    assert group.equals(before[1])
    assert n_bars(figure, "middle-half") == 10


def test_draw_group_weights_refuses_no_criteria():
    votes = make_votes()

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_group_weights(votes, make_group(votes).iloc[:0], language=ENGLISH)
