"""The segment panel: rate a segment, see it move on the matrix."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_matrix import draw_live_matrix
from salesmodel_kit.charts.words import axis_word, posture_word
from salesmodel_kit.client.checks import find_rated
from salesmodel_kit.language import N_
from salesmodel_kit.notation import read_categories
from salesmodel_kit.tables import LEVELS, SEGMENTS
from salesmodel_kit.workshop.base import WIDE, Panel, make_row
from salesmodel_kit.workshop.typed import read_typed, write_typed
from salesmodel_kit.workshop.words import render_table

_AXES = ("attractiveness", "competitive_strength")
_HEADS = (N_("Segment"), N_("Attractiveness"), N_("Competitive strength"), N_("Posture"))


class SegmentsPanel(Panel):
    """The ratings of one segment beside the matrix of all; what is not known stays empty."""

    title, kinds = N_("How attractive, how strong"), ("rate_segment",)

    def _build(self) -> list[widgets.Widget]:
        model, text = self.room.decided, self.room.language.text
        labels = model.client.segments[["label", "segment"]].itertuples(index=False, name=None)
        self.segment = widgets.Dropdown(options=list(labels), description=text(N_("Segment")), style=WIDE,
                                        layout={"width": "36em"})
        self.criteria = model.measured_criteria[model.measured_criteria["axis"].isin(SEGMENTS.axes)]
        self.ratings = {row["criterion"]: self._make_rating(row) for _, row in self.criteria.iterrows()}
        self.picture, self.table = widgets.HTML(layout={"width": "56%"}), widgets.HTML()
        self.segment.observe(self._on_segment, names="value")
        for name, control in self.ratings.items():
            control.observe(lambda change, name=name: self._on_rating(name, change["new"]), names="value")
        columns = []
        for axis in _AXES:
            names = self.criteria.loc[self.criteria["axis"] == axis, "criterion"]
            heading = widgets.HTML(f"<b>{axis_word(axis, self.room.language)}</b>")
            columns += [heading, *(self.ratings[name] for name in names)]
        controls = widgets.VBox(columns, layout={"width": "42%"})
        return [make_row(self.segment), widgets.HBox([controls, self.picture]), self.table]

    def _make_rating(self, row: pd.Series) -> widgets.Widget:
        layout = {"width": "98%"}
        if isinstance(row["category_values"], str):
            options = [("–", ""), *((name, name) for name in read_categories(row["category_values"]))]
            return widgets.Dropdown(options=options, description=row["label"], style=WIDE, layout=layout)
        if find_rated(row.to_frame().T).iloc[0]:
            options = [("–", None), *((self._name_level(row, level), float(level)) for level in LEVELS)]
            return widgets.Dropdown(options=options, description=row["label"], style=WIDE, layout=layout)
        unit = "" if pd.isna(row["unit"]) else f" ({row['unit']})"
        return widgets.Text(description=f"{row['label']}{unit}", style=WIDE, layout=layout, continuous_update=False)

    def _name_level(self, row: pd.Series, level: int) -> str:
        meaning = row[f"level_{level}"]
        return f"{level}" if pd.isna(meaning) else self.room.language.text(N_("{level}: {meaning}"), level=level,
                                                                                meaning=meaning)

    def _on_segment(self, _: object) -> None:
        if not self._is_setting:
            self.redraw()

    def _on_rating(self, name: str, value: object) -> None:
        if self._is_setting:
            return
        if isinstance(self.ratings[name], widgets.Text):
            typed = str(value).strip()
            value = read_typed(typed, language=self.room.language)
            if typed and value is None:
                self.refuse(self.room.language.text(
                    N_("{criterion}: {value} is no number; write one, or leave it empty where it is not known."),
                    criterion=self.ratings[name].description, value=self.room.language.quote(typed)))
                return
        self.attempt("rate_segment", self.segment.value, {name: None if value == "" else value})

    def _show_model(self, model: SalesModel) -> None:
        row = model.client.segments.set_index("segment").loc[self.segment.value]
        for name, control in self.ratings.items():
            value = row.get(name)
            is_known = value is not None and not pd.isna(value)
            if isinstance(control, widgets.Text):
                control.value = write_typed(value, language=self.room.language) if is_known else ""
            else:
                self._choose(control, value if is_known else None)
        language = model.language
        self.picture.value = draw_live_matrix(model.segment_scores, chosen=self.segment.value, language=language)
        rows = [
            (row.label, *(language.number(getattr(row, axis), 2) for axis in _AXES),
             "–" if pd.isna(row.posture) else posture_word(row.posture, language))
            for row in model.segment_scores.itertuples() if row.segment == self.segment.value
        ]
        self.table.value = render_table([language.text(word) for word in _HEADS], rows)

    def _choose(self, control: widgets.Dropdown, value: object) -> None:
        """Set a list of levels; a level between two, as a mean of votes, gets an entry of its own."""
        options = list(control.options)
        nothing = options[0][1]
        wanted = nothing if value is None else value
        if wanted not in [entry for _, entry in options]:
            word = write_typed(wanted, language=self.room.language) if isinstance(wanted, float) else str(wanted)
            control.options = [*options, (word, wanted)]
        control.value = wanted

    def _clear(self) -> None:
        self.picture.value = self.table.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        text, scores = model.language.text, model.segment_scores
        known = scores.set_index("segment")
        axis = known.loc[self.segment.value, list(_AXES)].astype(float)
        basis = self.room.decided.data_basis.get("ratings")
        said = "judged" if basis is None else basis.basis
        if axis.isna().any():
            return said, text(N_("Not enough is rated to place this segment."))
        distance = min(abs(value - third) for value in axis for third in (1 / 3, 2 / 3))
        if distance < _NEAR:
            return said, text(N_("This segment lies close to a border of the matrix: one rating may change its "
                                 "posture."))
        return said, text(N_("This segment lies {distance} points or more from the borders of the matrix."),
                          distance=model.language.number(distance, 2))


#: One step of a rating moves a segment by about so much.
_NEAR = 0.05
