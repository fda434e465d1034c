"""Places for new centers: against every choice there is, and within the room of each."""

import itertools

import numpy as np
import pytest

from salesmodel_kit.model.medians import bound_savings, choose_centers, transport


def make_problem(seed, *, n_places=9, n_there=2, n_new=1, slack=1.1):
    rng = np.random.default_rng(seed)
    place, center = rng.uniform(0, 100, (n_places, 2)), rng.uniform(0, 100, (n_there, 2))
    visits = rng.integers(1, 20, n_places).astype(float)
    apart = np.hypot(*(place[:, None, :] - np.vstack([place, center])[None, :, :]).transpose(2, 0, 1))
    cost, load = visits[:, None] * apart, visits * rng.uniform(1, 3, n_places)
    each = slack * load.sum() / (n_there + n_new)
    return cost[:, :n_places], load, cost[:, n_places:], np.full(n_there, each), [each] * n_new


def try_all(cost, load, there, room, new_room):
    return min(
        transport(np.hstack([cost[:, list(places)], there]), load, np.r_[new_room, room]).cost
        for places in itertools.combinations_with_replacement(range(len(cost)), len(new_room))
    )


@pytest.mark.parametrize("n_there", [0, 1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_choose_centers_equals_every_choice_for_one_center(seed, n_there):
    cost, load, there, room, new_room = make_problem(seed, n_there=n_there)

    found = choose_centers(cost, load, there=there, room=room, new_room=new_room)

    best = try_all(cost, load, there, room, new_room)
    assert found.flow.cost == pytest.approx(best)
    assert found.bound == pytest.approx(best)


@pytest.mark.parametrize("seed", range(4))
def test_choose_centers_is_never_below_its_bound_nor_is_any_choice(seed):
    cost, load, there, room, new_room = make_problem(seed, n_new=2)

    found = choose_centers(cost, load, there=there, room=room, new_room=new_room)

    best = try_all(cost, load, there, room, new_room)
    assert found.bound <= best * (1 + 1e-9)
    assert best * (1 - 1e-9) <= found.flow.cost <= best * 1.05


def test_choose_centers_goes_where_hours_are_missing_and_not_where_most_is_near():
    # Two places of 10 lie by the present center, one of 4 is far away, one of 6 is half as far.
    line = np.array([0.0, 1.0, 40.0, 22.0])
    visits = np.array([10.0, 10.0, 4.0, 6.0])
    cost = visits[:, None] * np.abs(line[:, None] - line[None, :])

    wide = choose_centers(cost, visits, there=cost[:, :1], room=np.array([99.0]), new_room=[99.0])
    narrow = choose_centers(cost, visits, there=cost[:, :1], room=np.array([26.0]), new_room=[4.0])

    assert wide.chosen.tolist() == [3]
    assert narrow.chosen.tolist() == [2]


def test_transport_shares_a_place_where_the_nearest_center_is_full():
    flow = transport(np.array([[1.0, 5.0], [2.0, 3.0]]), np.array([2.0, 2.0]), np.array([3.0, 3.0]))

    assert flow.cost == pytest.approx(1 + 0.5 * 2 + 0.5 * 3)
    assert flow.share.sum(axis=1) == pytest.approx([1, 1])


def test_transport_stretches_all_centers_alike_where_together_they_are_too_small():
    flow = transport(np.array([[1.0, 5.0], [1.0, 5.0]]), np.array([2.0, 2.0]), np.array([1.0, 1.0]))

    assert flow.share.sum(axis=0) == pytest.approx([1, 1])


@pytest.mark.parametrize("seed", range(3))
def test_bound_savings_is_never_below_what_a_center_saves(seed):
    cost, load, there, room, new_room = make_problem(seed)
    before = transport(there, load, 2 * room)

    most = bound_savings(before.price, cost, load, room=new_room[0])

    for place in range(len(cost)):
        after = transport(np.hstack([cost[:, [place]], there]), load, np.r_[new_room, 2 * room])
        assert before.cost - after.cost <= most[place] + 1e-6
