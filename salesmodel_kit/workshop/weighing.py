"""Controls for weights by four methods: points, order, comparisons in pairs, swings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import ipywidgets as widgets
import numpy as np

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_, Language
from salesmodel_kit.model.judgements import weigh_by_rank_order_centroid, weigh_by_swing
from salesmodel_kit.model.pairwise import PairwiseWeights, weigh_by_comparisons
from salesmodel_kit.workshop.base import WIDE, align_sliders, make_grid, put_on_slider
from salesmodel_kit.workshop.order_list import OrderList

#: What weights of a group add up to where a method gives only shares.
_WHOLE = 100.0
_FACTORS = (5.0, 3.0, 2.0)
_ROUNDING = 4

Tried = Callable[[dict[str, float]], None]


class Weighing(widgets.VBox):
    """Controls for the weights of a few criteria by one method.

    Parameters
    ----------
    labels : mapping of str to str
        Criterion -> its label.
    language : Language
        The client's.
    on_weights : callable
        Told of the weights that change, criterion -> weight.
    on_refusal : callable
        Told what is wrong with answers that give no weights.
    """

    def __init__(
        self, labels: Mapping[str, str], *, language: Language, on_weights: Tried,
        on_refusal: Callable[[SalesModelError], None],
    ) -> None:
        super().__init__([])
        self.labels, self.language, self.on_weights = dict(labels), language, on_weights
        self.on_refusal = on_refusal
        self.is_setting = False
        self.children = tuple(self._build())

    def _build(self) -> Sequence[widgets.Widget]:
        raise NotImplementedError

    def set_weights(self, weights: Mapping[str, float]) -> None:
        """Set the controls from weights, without telling of it."""
        self.is_setting = True
        try:
            self._set(weights)
        finally:
            self.is_setting = False

    def _set(self, weights: Mapping[str, float]) -> None:
        raise NotImplementedError

    def _share_out(self, weigh: Callable[[np.ndarray], np.ndarray], answers: np.ndarray) -> None:
        try:
            shares = weigh(answers)
        except SalesModelError as error:
            self.on_refusal(error)
            return
        self.on_weights({name: round(float(share) * _WHOLE, _ROUNDING)
                         for name, share in zip(self.labels, shares, strict=True)})


class Points(Weighing):
    """A slider for each criterion, in the points of the client's own table."""

    question = N_("How much does each criterion count?")

    def _build(self) -> Sequence[widgets.Widget]:
        self.sliders = {
            name: widgets.FloatSlider(description=label, min=0, max=100, step=1)
            for name, label in self.labels.items()
        }
        for name, slider in self.sliders.items():
            slider.observe(lambda change, name=name: self._on_move(name, change["new"]), names="value")
        return align_sliders(self.sliders.values(), self.language)

    def _on_move(self, name: str, points: float) -> None:
        if not self.is_setting:
            self.on_weights({name: points})

    def _set(self, weights: Mapping[str, float]) -> None:
        largest = max(weights.values(), default=1.0)
        for name, slider in self.sliders.items():
            slider.max = max(slider.max, 2 * largest) if largest > 50 else (100 if largest > 2 else 5)
            slider.step = 1 if slider.max > 10 else 0.05
            put_on_slider(slider, weights[name])


class Swings(Points):
    """A slider for each criterion: what the step from its worst to its best is worth, the most welcome one 100."""

    question = N_("From worst to best: which step is worth most (100), and what are the others worth beside it?")

    def _on_move(self, name: str, points: float) -> None:
        if not self.is_setting:
            self._share_out(weigh_by_swing, np.array([slider.value for slider in self.sliders.values()]))

    def _set(self, weights: Mapping[str, float]) -> None:
        largest = max(weights.values(), default=0.0) or 1.0
        highest = max((slider.value for slider in self.sliders.values()), default=0.0) or 100.0
        for name, slider in self.sliders.items():
            swing = weights[name] / largest * highest
            if abs(swing - slider.value) > 0.5:
                put_on_slider(slider, weights[name] / largest * 100)


class Order(Weighing):
    """The criteria in order, dragged or moved by the keyboard."""

    question = N_("Which criterion counts most? Put it on top.")

    def _build(self) -> Sequence[widgets.Widget]:
        self.list = OrderList(self.labels, question=self.language.text(self.question), language=self.language)
        self.list.observe(lambda _: self._on_order(), names="order")
        return [self.list]

    def _on_order(self) -> None:
        if not self.is_setting:
            ranks = np.array([self.list.order.index(name) + 1 for name in self.labels])
            self._share_out(weigh_by_rank_order_centroid, ranks)

    def _set(self, weights: Mapping[str, float]) -> None:
        self.list.order = sorted(self.labels, key=lambda name: -weights[name])


class Pairs(Weighing):
    """A question for each pair of criteria; not all need an answer."""

    question = N_("Two by two: which counts more, and how many times?")
    result: PairwiseWeights | None = None

    def _build(self) -> Sequence[widgets.Widget]:
        self.pairs = {pair: self._make_question(pair) for pair in combinations(self.labels, 2)}
        for control in self.pairs.values():
            control.observe(lambda _: self._on_answer(), names="value")
        return [make_grid(list(self.pairs.values()), "max-content")]

    def _make_question(self, pair: tuple[str, str]) -> widgets.Dropdown:
        text, (first, second) = self.language.text, (self.labels[name] for name in pair)
        more = N_("{criterion}: {n} times as much")
        options = [(text(N_("not compared")), None)]
        options += [(text(more, criterion=first, n=f"{factor:g}"), factor) for factor in _FACTORS]
        options.append((text(N_("as much")), 1.0))
        options += [(text(more, criterion=second, n=f"{factor:g}"), 1 / factor) for factor in reversed(_FACTORS)]
        return widgets.Dropdown(options=options, description=f"{first} / {second}", style=WIDE,
                                layout={"width": "44em"})

    def _on_answer(self) -> None:
        if self.is_setting:
            return
        names = list(self.labels)
        matrix = np.full((len(names), len(names)), np.nan)
        for (first, second), control in self.pairs.items():
            if control.value is not None:
                matrix[names.index(first), names.index(second)] = control.value
        self._share_out(self._weigh, matrix)

    def _weigh(self, matrix: np.ndarray) -> np.ndarray:
        self.result = weigh_by_comparisons(matrix)
        return self.result.weights

    def _set(self, weights: Mapping[str, float]) -> None:
        """Forget the answers where the weights are others than those that follow from them."""
        shares = np.array([weights[name] for name in self.labels])
        is_ours = self.result is not None and np.allclose(
            shares / (shares.sum() or 1.0), self.result.weights, atol=1e-4)
        if not is_ours and self.result is not None:
            self.result = None
            for control in self.pairs.values():
                control.value = None


METHODS: Mapping[str, type[Weighing]] = {"points": Points, "order": Order, "pairs": Pairs, "swings": Swings}
