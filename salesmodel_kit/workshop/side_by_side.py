"""Two plans side by side, as a table of all measures and a picture of those that differ most to the eye."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from salesmodel_kit.charts.live_pairs import Pair, draw_live_pairs
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import N_, UNKNOWN, Language, is_known
from salesmodel_kit.model.scenarios import ScenarioComparison
from salesmodel_kit.workshop.words import render_table

#: Measures of the table ``scenarios`` in order: column, words, how it is written.
_MEASURES: tuple[tuple[str, str, str], ...] = (
    ("n_reps", N_("People"), "decimal"), ("n_reps_missing", N_("People missing"), "decimal"),
    ("n_reps_spare", N_("People to spare"), "decimal"), ("selling_hours_per_year", N_("Selling hours"), "hours"),
    ("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"), ("load", N_("Load"), "share"),
    ("best_coverage", N_("Best tier served as the norms ask"), "share"),
    ("coverage", N_("All accounts served as the norms ask"), "share"),
    ("expected_sales_per_year", N_("Expected sales per year"), "money"),
    ("cost_per_year", N_("Cost of the team"), "money"), ("n_changed", N_("Accounts that change rep"), "number"),
    ("n_nobody", N_("Accounts with nobody"), "number"), ("travel_km_per_year", N_("Travel per year"), "km"),
)
_DRAWN: tuple[str, ...] = ("n_reps", "load", "coverage", "expected_sales_per_year", "cost_per_year", "n_changed",
                           "n_nobody", "travel_km_per_year")

#: Digits with which amounts stand on the screen; sums of money have a step of their own (:func:`_find_step`).
_DIGITS: dict[str, int] = {"decimal": 1, "number": 0, "hours": 0, "share": 2, "km": 0}
#: Sums of money have at least two digits, and at most four where their difference would not be seen otherwise.
_LEAST_DIGITS, _MOST_DIGITS, _CENT = 2, 4, -2


def list_sides(compared: ScenarioComparison, *, language: Language) -> pd.DataFrame:
    """Return a row a measure: accounts of each tier, then people, hours, money and travel.

    Parameters
    ----------
    compared : ScenarioComparison
        Of two models, ``first`` and ``second``.
    language : Language
        The reader's.

    Returns
    -------
    DataFrame
        ``column``, ``words``, ``style``, ``first`` and ``second``; NaN is not known.
    """
    tiers = compared.tiers.pivot(index="tier", columns="scenario", values="n_accounts").astype(float)
    order = list(dict.fromkeys(compared.tiers["tier"]))
    rows = [(f"tier_{tier}", language.text(N_("{tier}, accounts"), tier=tier_word(tier, language)), "number",
             *tiers.fillna(0.0).loc[tier, ["first", "second"]]) for tier in order]
    table = compared.table.set_index("scenario")
    there = table["selling_hours_per_year"].where(table["selling_hours_per_year"] > 0)
    table = table.assign(load=table["workload_hours_per_year"] / there)
    rows += [(column, language.text(words), style, *table[column].astype(float).loc[["first", "second"]])
             for column, words, style in _MEASURES]
    return pd.DataFrame(rows, columns=["column", "words", "style", "first", "second"])


def tabulate_sides(sides: pd.DataFrame, *, names: tuple[str, str], language: Language) -> str:
    """Return all measures of two plans and their difference, as HTML.

    Parameters
    ----------
    sides : DataFrame
        From :func:`list_sides`.
    names : tuple of str
        Of the two.
    language : Language
        The reader's.
    """
    heads = [language.text(N_("Measure")), *names, language.text(N_("Difference"))]
    pairs = [(row.words, make_pair(row.words, (row.first, row.second), row.style, language))
             for row in sides.itertuples()]
    return render_table(heads, [(words, *pair.said, pair.difference) for words, pair in pairs])


def draw_sides(sides: pd.DataFrame, *, names: tuple[str, str], language: Language) -> str:
    """Return the accounts of the tiers and what counts most of the rest as bars, as SVG; what nobody knows is left out.

    Parameters
    ----------
    sides : DataFrame
        From :func:`list_sides`.
    names : tuple of str
        Of the two.
    language : Language
        The reader's.
    """
    is_drawn = sides["column"].isin(_DRAWN) | sides["column"].str.startswith("tier_")
    shown = sides[is_drawn & sides[["first", "second"]].fillna(0.0).ne(0).any(axis=1)]
    pairs = [make_pair(row.words, (row.first, row.second), row.style, language) for row in shown.itertuples()]
    return draw_live_pairs(pairs, names=names, alt=language.text(
        N_("{first} beside {second}, measure by measure"), first=names[0], second=names[1]))


def make_pair(name: str, amounts: tuple[float, float], style: str, language: Language) -> Pair:
    """Return a measure of two states as it is drawn, with its difference.

    Parameters
    ----------
    name : str
        What is measured.
    amounts : tuple of float
        In the two states; NaN is not known.
    style : {"decimal", "number", "hours", "share", "money", "km"}
        How they are written.
    language : Language
        The reader's.
    """
    step = _find_step(*amounts) if style == "money" else None
    said = tuple(_write(amount, style, language, step=step) for amount in amounts)
    return Pair(name, tuple(amount if is_known(amount) else None for amount in amounts), said,
                _say_difference(amounts, said, style, language, step=step))


def _write(value: float, style: str, language: Language, *, step: float | None) -> str:
    writers: dict[str, Callable[[float], str]] = {
        "decimal": lambda number: language.number(number, 1), "number": language.number, "hours": language.hours,
        "share": language.share, "money": lambda amount: language.brief_money(amount, step=step),
        "km": lambda number: f"{language.number(number)}\u00a0km",
    }
    return writers[style](value) if is_known(value) else UNKNOWN


def _say_difference(amounts: tuple[float, float], said: tuple[str, ...], style: str, language: Language, *,
                    step: float | None) -> str:
    """Return the difference of what stands on the screen: the room does the sum."""
    if UNKNOWN in said:
        return UNKNOWN
    if said[0] == said[1]:
        return "="
    difference = _round(amounts[1], style, step) - _round(amounts[0], style, step)
    written = language.points(difference) if style == "share" else _write(difference, style, language, step=step)
    return f"+{written}" if difference > 0 else written


def _round(amount: float, style: str, step: float | None) -> float:
    return round(amount / step) * step if step else float(round(Decimal(str(amount)), _DIGITS[style]))


def _find_step(first: float, second: float) -> float | None:
    """Return what two sums of money are rounded to, so that they and their difference add up; None where both are 0."""
    sizes = [math.floor(math.log10(abs(amount))) for amount in (first, second) if is_known(amount) and amount]
    if not sizes:
        return None
    finest = max(max(sizes) - _MOST_DIGITS + 1, _CENT)
    place = max(min(sizes) - _LEAST_DIGITS + 1, finest)
    while second != first and place > finest and 10.0**place > abs(second - first) / 10:
        place -= 1
    return 10.0**place
