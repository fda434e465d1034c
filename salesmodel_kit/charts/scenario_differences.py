"""What each scenario changes against the client as it is: a row a scenario, a column a measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from salesmodel_kit.charts.layout import WIDTH, add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, LIGHT_GREY, MID_GREY, SMALL, chart_style
from salesmodel_kit.charts.typeset import wrap_text
from salesmodel_kit.language import Language, is_known

_LEFT, _GAP, _ROW, _HEAD = 1.95, 0.14, 0.56, 0.92
_NOTHING, _MOST = 1e-9, 6


@dataclass(frozen=True)
class _Measure:
    column: str
    heading: str
    write: Callable[[float], str]
    step: float
    more_is_better: bool = False


@chart_style()
def draw_scenario_differences(scenarios: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the difference of each scenario from the first row, measure by measure.

    Parameters
    ----------
    scenarios : pandas.DataFrame
        Step table ``scenarios``; the first row is the client as it is, the others are drawn.
        A measure that is unknown for the client as it is, or for every scenario, is left out,
        and so are accounts with nobody where there is none.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes per measure, each with its own scale; bars to the right are more than today, to
        the left less, blue ones better, grey ones worse; the value of the client as it is stands above.
        Six measures at most: where a scenario leaves accounts to nobody, travel gives way to them.

    Raises
    ------
    SalesModelError
        No scenario beside the client as it is.
    """
    others = scenarios.iloc[1:]
    require_rows(others, "draw_scenario_differences")
    told = [one for one in _list_measures(language) if _is_told(scenarios, one.column)]
    measures = told[:_MOST]
    height = _HEAD + _ROW * len(others)
    figure, foot = make_figure(height + 0.1, notes=[language.text(
        "To the right more than today, to the left less. Blue: better than today; grey: worse.")])
    width = (WIDTH - 0.1 - _LEFT) / max(len(measures), 1)
    for at, measure in enumerate(measures):
        left = _LEFT + at * width
        axes = add_axes(figure, left, foot + 0.05, right=left + width - _GAP, top=foot + 0.05 + height - _HEAD)
        _draw_measure(axes, scenarios, measure, width=width - _GAP, language=language)
    _name_rows(figure, others, foot=foot + 0.05)
    return finish(figure)


def _list_measures(language: Language) -> list[_Measure]:
    def kilometres(value: float) -> str:
        return f"{language.number(float(f'{value:.3g}'))}\u00a0km"

    return [
        _Measure("expected_sales_per_year", language.text("Expected sales per year"), language.brief_money, 0.5,
                 more_is_better=True),
        _Measure("cost_per_year", language.text("Cost of the team"), language.brief_money, 0.5),
        _Measure("n_reps_missing", language.text("People missing"), lambda value: language.number(value, 1), 0.05),
        _Measure("best_coverage", language.text("Best tier served as the norms ask"), language.points, 0.005,
                 more_is_better=True),
        _Measure("n_nobody", language.text("Accounts with nobody"), language.number, 0.5),
        _Measure("n_changed", language.text("Accounts that change rep"), language.number, 0.5),
        _Measure("travel_km_per_year", language.text("Travel per year"), kilometres, 0.5),
    ]


def _is_told(scenarios: pd.DataFrame, column: str) -> bool:
    values = known(scenarios[column])
    is_known = np.isfinite(values[0]) and np.isfinite(values[1:]).any()
    return bool(is_known and (column != "n_nobody" or values.any()))


def _draw_measure(
    axes: Axes, scenarios: pd.DataFrame, measure: _Measure, *, width: float, language: Language
) -> None:
    values = known(scenarios[measure.column])
    difference = values[1:] - values[0]
    rows = np.arange(len(difference))
    reach = max(float(np.nanmax(np.abs(difference))), _NOTHING)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(difference) - 0.5, -0.5)
    hide_frame(axes)
    axes.vlines(np.zeros(len(rows)), rows + 0.02, rows + 0.4, color=INK, linewidth=0.8, zorder=3, gid="zero")
    colours = [ACCENT if (value > 0) == measure.more_is_better else MID_GREY for value in np.nan_to_num(difference)]
    axes.barh(rows + 0.2, np.nan_to_num(difference), height=0.26, color=colours, linewidth=0, gid="difference")
    for row, value in zip(rows, difference, strict=True):
        axes.annotate(_say(value, measure, language), (0, row), xytext=(0, 7), textcoords="offset points",
                      ha="center", va="center_baseline", fontsize=BODY, color=INK if is_known(value) else GREY)
    present = values[0] * (100 if measure.column == "best_coverage" else 1)
    word = language.share(values[0]) if measure.column == "best_coverage" else measure.write(present)
    lines = [*wrap_text(measure.heading, width * 72, size=SMALL, lines=3), language.text("now {value}", value=word)]
    for at, line in enumerate(reversed(lines)):
        axes.annotate(line, (0, -0.5), xytext=(0, 5 + 12 * at), textcoords="offset points", ha="center", va="bottom",
                      fontsize=SMALL, color=INK if at else GREY, fontweight="bold" if at else "normal",
                      annotation_clip=False)


def _say(value: float, measure: _Measure, language: Language) -> str:
    if not is_known(value):
        return language.text("not known")
    if abs(value) < measure.step:
        return "="
    return ("+" if value > 0 else "") + measure.write(value)


def _name_rows(figure: Figure, others: pd.DataFrame, *, foot: float) -> None:
    size = figure.get_size_inches()
    for row, label in enumerate(others["label"]):
        middle = foot + _ROW * (len(others) - row - 0.5)
        lines = wrap_text(label, (_LEFT - 0.25) * 72, size=BODY, lines=3)
        for at, line in enumerate(lines):
            up = middle + (len(lines) / 2 - at - 0.5) * 0.16
            figure.text(0.1 / size[0], up / size[1], line, fontsize=BODY, color=INK, va="center_baseline",
                        fontweight="bold")
        if row:
            figure.add_artist(_line(figure, foot + _ROW * (len(others) - row)))


def _line(figure: Figure, height: float) -> Line2D:
    size = figure.get_size_inches()
    return Line2D([0.1 / size[0], 1 - 0.1 / size[0]], [height / size[1]] * 2, color=LIGHT_GREY, linewidth=0.6)
