"""Exhibits of chapter 1: the segments where we want to play, and why we would win."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.portfolio_matrix import draw_portfolio_matrix
from salesmodel_kit.charts.segment_contributions import draw_segment_contributions
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.segments import (
    tell_portfolio_matrix,
    tell_postures,
    tell_segment_contributions,
    tell_segment_decisions,
    tell_win_rates,
)
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import (
    Exhibit,
    make_decisions,
    make_figure,
    make_table,
    report_missing,
    state_basis,
)
from salesmodel_kit.tables import POSTURES

_LABEL = Field("label", N_("Segment"))
_SCORES = (Field("attractiveness", N_("Attractiveness"), "score"),
           Field("competitive_strength", N_("Competitive strength"), "score"),
           Field("posture", N_("Posture"), "posture"))
_MARKET = (Field("size_per_year", N_("Market per year"), "money"),
           Field("sales_per_year", N_("Sales per year"), "money"), Field("market_share", N_("Our share"), "share"))
_MOVES = (Field("past_attractiveness", N_("Past attractiveness"), "score"),
          Field("past_competitive_strength", N_("Past strength"), "score"),
          Field("target_attractiveness", N_("Target attractiveness"), "score"),
          Field("target_competitive_strength", N_("Target strength"), "score"))
_SPREADS = ("attractiveness_spread", "competitive_strength_spread")
_RATERS = (Field("n_raters", N_("Raters"), "count"),
           Field("attractiveness_spread", N_("Spread of attractiveness"), "score"),
           Field("competitive_strength_spread", N_("Spread of strength"), "score"))
_POSTURES = (_LABEL, *_SCORES, Field("n_accounts", N_("Accounts"), "count"),
             Field("potential_per_year", N_("Potential per year"), "money"),
             Field("attractiveness_known_share", N_("Attractiveness known"), "share"),
             Field("competitive_strength_known_share", N_("Strength known"), "share"))
_PARTS = (Field("segment_label", N_("Segment")), Field("axis", N_("Axis"), "axis"), Field("label", N_("Criterion")),
          Field("weight", N_("Weight"), "share"), Field("value", N_("Value"), "score"),
          Field("contribution", N_("Contribution"), "score"))
_WIN_RATES = (Field("group", N_("Segment")), Field("n_won", N_("Won"), "count"), Field("n_lost", N_("Lost"), "count"),
              Field("win_rate", N_("Share won"), "share"), Field("low", N_("95% interval, low"), "share"),
              Field("high", N_("95% interval, high"), "share"))


def show_portfolio_matrix(model: SalesModel) -> Exhibit:
    """Return the portfolio matrix, or what it lacks."""
    language, scores = model.language, model.segment_scores
    if scores["posture"].isna().all():
        return report_missing("segments", "portfolio_matrix", model=model)
    dispersion = model.segment_dispersion
    caption = tell_portfolio_matrix(scores, dispersion, language=language)
    fields, rests_on = _list_moves(scores, has_raters=dispersion is not None)
    table = scores if dispersion is None else scores.merge(
        dispersion[["segment", "n_raters", *_SPREADS]], on="segment", how="left")
    return make_figure(
        "portfolio_matrix", caption, language=language,
        picture=save_svg(draw_portfolio_matrix(scores, dispersion, language=language)),
        grid=render_grid(table, fields, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "size_per_year", "sales_per_year", "ratings", "weights", *rests_on))


def _list_moves(scores: pd.DataFrame, *, has_raters: bool) -> tuple[tuple[Field, ...], list[str]]:
    """Return the columns of the matrix's table, and what it rests on beside the scores."""
    moves = tuple(field for field in _MOVES if scores[field.column].notna().any())
    return ((_LABEL, *_MARKET, *_SCORES, *moves, *(_RATERS if has_raters else ())),
            ["positions"] * bool(moves) + ["raters"] * has_raters)


def show_segment_contributions(model: SalesModel) -> Exhibit:
    """Return what each criterion adds to each segment's scores, or what is lacking."""
    language, scores, parts = model.language, model.segment_scores, model.segment_contributions
    if scores["attractiveness"].isna().all():
        return report_missing("segments", "segment_contributions", model=model)
    caption = tell_segment_contributions(scores, parts, language=language)
    named = parts.assign(segment_label=parts["segment"].map(scores.set_index("segment")["label"]))
    return make_figure(
        "segment_contributions", caption, language=language,
        picture=save_svg(draw_segment_contributions(scores, parts, language=language)),
        grid=render_grid(named, _PARTS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "ratings", "weights"))


def show_postures(model: SalesModel) -> Exhibit:
    """Return the table of segments with their posture."""
    height = model.segment_scores["posture"].astype(object).map(POSTURES.index, na_action="ignore").astype(float)
    ordered = model.segment_scores.assign(height=height).sort_values(
        ["height", "attractiveness"], ascending=[True, False], kind="stable")
    caption = tell_postures(ordered, language=model.language)
    grid = render_grid(ordered, _POSTURES, label=strip_markup(caption.title), language=model.language)
    return make_table("postures", caption, grid=grid,
                      basis=state_basis(model, "potential_per_year", "ratings", "weights"))


def show_win_rates(model: SalesModel) -> Exhibit:
    """Return deals won and lost by segment, tested against chance, or how to get them."""
    comparison = model.win_rates_by_segment
    if comparison is None:
        return report_missing("segments", find_deals_gap(model), model=model, name="win_rates")
    caption = tell_win_rates(
        comparison.table, can_tell=comparison.can_tell, language=model.language,
        test=(comparison.chi_square, comparison.degrees_of_freedom, comparison.p_value))
    grid = render_grid(comparison.table, _WIN_RATES, label=strip_markup(caption.title), language=model.language)
    return make_table("win_rates", caption, grid=grid, basis=state_basis(model, "opportunities"))


def find_deals_gap(model: SalesModel) -> str:
    """Return why segments cannot be compared by their deals: none known, none closed, all alike, one segment."""
    deals = model.client.opportunities
    if deals is None:
        return "win_rates"
    ended = deals.loc[deals["status"].isin(["won", "lost"]), "status"]
    if ended.empty:
        return "win_rates_open"
    segment = deals.loc[ended.index, "account"].map(model.client.accounts.set_index("account")["segment"])
    return "win_rates_few" if segment.nunique() < 2 else "win_rates_alike"


def decide_segments(model: SalesModel) -> Exhibit:
    """Return what the room decides on segments."""
    return make_decisions("decide_segments", language=model.language,
                          items=tell_segment_decisions(model.segment_scores, language=model.language))
