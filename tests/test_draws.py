import numpy as np
import pandas as pd
import pytest

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.draws import draw_weightings, draw_weights, list_ballots
from salesmodel_kit.model.groups import join_priorities

N = 20_000


def make_criteria(*weights, axis="chance"):
    return pd.DataFrame({"axis": axis, "criterion": [f"c{i}" for i in range(len(weights))],
                         "effective_weight": np.array(weights, dtype=float)})


def make_votes(ballots, powers, axis="chance"):
    rows = [(f"p{i}", powers[i], axis, f"c{j}", weight)
            for i, ballot in enumerate(ballots) for j, weight in enumerate(ballot)]
    return pd.DataFrame(rows, columns=["participant", "voting_power", "axis", "criterion", "weight"])


def four_errors(draws):
    """Return four standard errors of the means of draws."""
    return 4 * draws.std(axis=0) / np.sqrt(len(draws))


@pytest.mark.parametrize("kind", ["any", "ordinal", "votes"])
def test_draw_weights_sums_to_one_on_each_axis(kind):
    criteria = pd.concat([make_criteria(0.5, 0.3, 0.2), make_criteria(0.6, 0.4, axis="potential")])
    votes = make_votes([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], [1, 1])

    draws = draw_weights(criteria, votes, kind=kind, n_draws=50, seed=1)

    assert draws.shape == (50, 5)
    assert draws.min() >= 0
    assert draws[:, :3].sum(axis=1) == pytest.approx(np.ones(50))
    assert draws[:, 3:].sum(axis=1) == pytest.approx(np.ones(50))


def test_draw_weights_of_any_kind_are_uniform_on_the_simplex():
    draws = draw_weights(make_criteria(0.8, 0.1, 0.1), kind="any", n_draws=N, seed=2)

    assert np.abs(draws.mean(axis=0) - 1 / 3).max() < four_errors(draws).max()
    # a share of 1/4 of the triangle lies above w1 = 1/2
    assert (draws[:, 0] > 0.5).mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / N))


def test_draw_weights_in_order_have_the_rank_order_centroid_as_mean():
    draws = draw_weights(make_criteria(0.4, 0.3, 0.2, 0.1), kind="ordinal", n_draws=N, seed=3)

    assert (np.diff(draws, axis=1) <= 1e-12).all()
    assert (np.abs(draws.mean(axis=0) - [25 / 48, 13 / 48, 7 / 48, 3 / 48]) < four_errors(draws)).all()


def test_draw_weights_in_order_keep_ties_and_zeros():
    draws = draw_weights(make_criteria(0.2, 0.4, 0.4, 0.0), kind="ordinal", n_draws=N, seed=4)

    assert draws[:, 1] == pytest.approx(draws[:, 2])
    assert (draws[:, 0] <= draws[:, 1] + 1e-12).all()
    assert (draws[:, 3] == 0).all()
    # two levels: corners (0, 1/2, 1/2) and (1/3, 1/3, 1/3), mean (1/6, 5/12, 5/12)
    assert (np.abs(draws[:, :3].mean(axis=0) - [1 / 6, 5 / 12, 5 / 12]) < four_errors(draws[:, :3])).all()


def test_draw_weights_by_votes_center_on_the_group_by_voting_power():
    ballots, powers = np.array([[0.6, 0.4], [0.2, 0.8], [0.5, 0.5]]), np.array([2.0, 1.0, 1.0])

    draws = draw_weights(make_criteria(0.5, 0.5), make_votes(ballots, powers), kind="votes", n_draws=N, seed=5)

    group = join_priorities(ballots, powers)
    ratio = np.log(draws[:, :1] / draws[:, 1:])
    assert np.abs(ratio.mean() - np.log(group[0] / group[1])) < four_errors(ratio)[0]
    assert draws[:, 0].min() >= 0.2 - 1e-12
    assert draws[:, 0].max() <= 0.6 + 1e-12


def test_draw_weights_by_votes_that_agree_do_not_spread():
    votes = make_votes([[0.7, 0.3]] * 3, [1, 1, 1])

    draws = draw_weights(make_criteria(0.5, 0.5).assign(emphasis=[3.0, 1.0]), votes, kind="votes", n_draws=10, seed=1)

    assert draws == pytest.approx(np.tile([2.1 / 2.4, 0.3 / 2.4], (10, 1)))


def test_draw_weights_leaves_out_what_everybody_gives_nothing():
    votes = make_votes([[1.0, 0.0], [1.0, 0.0]], [1, 1])

    draws = draw_weights(make_criteria(0.5, 0.5), votes, kind="votes", n_draws=5, seed=1)

    assert draws.tolist() == [[1.0, 0.0]] * 5


def test_draw_weights_gives_the_same_draws_for_the_same_seed():
    one, two, other = (draw_weights(make_criteria(0.6, 0.4), kind="any", n_draws=9, seed=seed) for seed in (7, 7, 8))

    assert (one == two).all()
    assert (one != other).any()


def test_draw_weights_of_one_criterion_are_all_one():
    assert draw_weights(make_criteria(1.0), kind="ordinal", n_draws=3, seed=1).tolist() == [[1.0]] * 3


@pytest.mark.parametrize("kind", ["vote", "", "uniform"])
def test_draw_weights_refuses_an_unknown_kind(kind):
    with pytest.raises(SalesModelError, match="votes, ordinal or any"):
        draw_weights(make_criteria(1.0), kind=kind, n_draws=3, seed=1)


def test_draw_weights_refuses_no_draws():
    with pytest.raises(SalesModelError, match="is 0"):
        draw_weights(make_criteria(1.0), kind="any", n_draws=0, seed=1)


def test_list_ballots_needs_two_people():
    assert list_ballots(make_votes([[0.7, 0.3]], [1]), make_criteria(0.5, 0.5)) is None
    assert list_ballots(None, make_criteria(0.5, 0.5)) is None


def test_draw_weightings_says_what_each_axis_rests_on():
    criteria = pd.concat([make_criteria(0.5, 0.5), make_criteria(0.6, 0.4, axis="potential")])
    votes = make_votes([[0.7, 0.3], [0.4, 0.6]], [1, 1])

    drawn = draw_weightings(criteria, votes, n_draws=4, seed=1)

    assert drawn.kinds == {"chance": "votes", "potential": "ordinal"}
    assert drawn.n_voters == 2
    assert (drawn.draws[:, 2] >= drawn.draws[:, 3]).all()
