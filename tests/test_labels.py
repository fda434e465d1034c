import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.charts.labels import Label, axes_bounds, draw_labels, place_boxes, spread, to_points
from salesmodel_kit.charts.layout import add_axes, make_figure
from salesmodel_kit.charts.style import chart_style

PAGE = (0.0, 0.0, 600.0, 400.0)


def overlap(centres, sizes):
    low, high = centres - sizes / 2, centres + sizes / 2
    apart = (low[:, None] >= high[None] - 1e-9) | (high[:, None] <= low[None] + 1e-9)
    touching = ~apart.any(axis=2)
    return touching[np.triu_indices(len(centres), 1)].any()


def test_place_boxes_puts_a_lone_label_beside_its_mark():
    centre = place_boxes(np.array([[300.0, 200.0, 10.0]]), np.array([[40.0, 12.0]]), bounds=PAGE)

    assert centre.tolist() == [[300 + 10 + 3 + 20, 200]]


def test_place_boxes_stays_on_the_page_at_its_edge():
    centre = place_boxes(np.array([[598.0, 200.0, 1.0]]), np.array([[40.0, 12.0]]), bounds=PAGE)[0]

    assert 20 <= centre[0] <= 580


def test_place_boxes_gives_nan_where_there_is_no_room():
    centre = place_boxes(np.array([[5.0, 5.0, 1.0]]), np.array([[700.0, 12.0]]), bounds=PAGE)

    assert np.isnan(centre).all()


def test_place_boxes_keeps_off_what_is_taken():
    taken = np.array([[305.0, 150.0, 600.0, 250.0]])

    centre = place_boxes(np.array([[300.0, 200.0, 2.0]]), np.array([[40.0, 12.0]]), bounds=PAGE, taken=taken)[0]

    assert centre[0] + 20 <= 305 or not 144 < centre[1] < 256


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_place_boxes_never_overlaps_and_places_a_dozen(seed, n):
    rng = np.random.default_rng(seed)
    across, up = rng.normal(300, 60, n).clip(0, 600), rng.normal(200, 40, n).clip(0, 400)
    marks = np.column_stack([across, up, rng.uniform(1, 30, n)])
    sizes = np.column_stack([rng.uniform(20, 150, n), rng.uniform(12, 36, n)])

    centres = place_boxes(marks, sizes, bounds=PAGE)

    assert np.isfinite(centres).all()
    assert not overlap(centres, sizes)
    assert (centres - sizes / 2 >= 0).all()
    assert (centres + sizes / 2 <= [600, 400]).all()


def test_draw_labels_draws_each_line_inside_the_axes():
    with chart_style():
        figure, _ = make_figure(3.0)
        axes = add_axes(figure, 1, 0.5, right=8, top=2.5)

        drawn = draw_labels(axes, [Label(("A name", "12 k€"), (1.0, 1.0), 4.0), Label(("Another",), (0.0, 0.0))])

    left, bottom, right, top = axes_bounds(axes)
    scale = 72 / figure.dpi
    for text in drawn:
        box = text.get_window_extent()
        assert left - 1 <= box.x0 * scale <= box.x1 * scale <= right + 1
        assert bottom - 1 <= box.y0 * scale <= box.y1 * scale <= top + 1
    assert [text.get_text() for text in drawn] == ["A name", "12 k€", "Another"]


def test_to_points_turns_data_into_points_of_the_page():
    figure, _ = make_figure(3.0)
    axes = add_axes(figure, 1, 0.5, right=8, top=2.5)

    assert to_points(axes, np.array([[0.0, 0.0], [1.0, 1.0]])) == pytest.approx(np.array([[72, 36], [576, 180]]))


def test_spread_moves_two_neighbours_apart_by_the_same():
    assert spread(np.array([10.0, 11.0]), 3.0, low=0, high=100) == pytest.approx([9.0, 12.0])


def test_spread_pushes_inward_from_the_end():
    assert spread(np.array([0.0, 0.0, 0.0]), 2.0, low=0, high=100) == pytest.approx([0.0, 2.0, 4.0])


def test_spread_closes_up_where_there_is_too_little_room():
    assert spread(np.array([5.0, 5.0, 5.0]), 10.0, low=0, high=10) == pytest.approx([0.0, 5.0, 10.0])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_spread_keeps_order_distance_and_room(positions):
    placed = spread(np.array(positions), 4.0, low=0, high=100)

    assert (np.diff(np.sort(placed)) >= 4.0 - 1e-6).all()
    assert placed.min() >= -1e-9
    assert placed.max() <= 100 + 1e-9
    order = np.argsort(positions, kind="stable")
    assert (np.diff(placed[order]) > 0).all()
