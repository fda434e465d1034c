"""Exhibits on what won and lost deals say: weights, probability to win, had we tiered a year ago."""

from __future__ import annotations

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.back_test import draw_back_test
from salesmodel_kit.charts.calibration import draw_calibration
from salesmodel_kit.charts.outcome_weights import draw_outcome_weights
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.model.backtest import LEAST_BUYERS
from salesmodel_kit.model.evidence import N_FOLDS
from salesmodel_kit.model.history import FROM_DEALS, NOT_RECALLED
from salesmodel_kit.narrative.outcomes import (
    tell_back_test,
    tell_back_test_notes,
    tell_calibration,
    tell_win_model,
    tell_win_model_notes,
)
from salesmodel_kit.narrative.telling import strip_markup, tell
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_missing, make_table, state_basis

_WEIGHTS = (
    Field("label", N_("Criterion")), Field("weight", N_("Weight in force"), "share"),
    Field("weight_declared", N_("Rescaled to the criteria used"), "share"),
    Field("weight_from_outcomes", N_("Weight from outcomes"), "share"), Field("low", N_("Low"), "share"),
    Field("high", N_("High"), "share"), Field("coefficient", N_("Coefficient"), "score"),
    Field("coefficient_low", N_("Lowest coefficient"), "score"),
    Field("coefficient_high", N_("Highest coefficient"), "score"),
    Field("known_share", N_("Known for this share of deals"), "share"))
_GROUPS = (
    Field("group", N_("Group"), "count"), Field("n_deals", N_("Deals"), "count"),
    Field("win_probability", N_("Predicted probability to win"), "share"),
    Field("win_rate", N_("Share of deals won"), "share"), Field("low", N_("Low"), "share"),
    Field("high", N_("High"), "share"))
_RANKINGS = (
    Field("title", N_("Ranked by")), Field("later_sales_share", N_("Share of later sales in the best tier"), "share"),
    Field("low", N_("Low"), "share"), Field("high", N_("High"), "share"))
_RANKING_WORDS = {"value": N_("value"), "past_sales": N_("past sales"), "difference": N_("difference")}
_AFTER = Markup("{} {}")


def show_win_model(model: SalesModel) -> Exhibit:
    """Return what won and lost deals say about the weights of the chance to win, or why they cannot tell."""
    language, found = model.language, model.win_model
    if found is None or found.equation is None:
        return _report_no_model(model)
    caption = tell_win_model(found.table, found.accuracy, n_won=found.n_won, n_lost=found.n_lost,
                             n_accounts=found.n_accounts, language=language)
    grid = render_grid(found.table, _WEIGHTS, label=strip_markup(caption.title), language=language)
    basis = _AFTER.format(state_basis(model, "opportunities", "ratings", "weights"),
                          tell_win_model_notes(found.table, since=found.since, language=language))
    if not (found.can_tell and found.table["weight_from_outcomes"].notna().any()):
        return make_table("win_model", caption, grid=grid, basis=basis)
    picture = save_svg(draw_outcome_weights(found.table, language=language))
    return make_figure("win_model", caption, picture=picture, grid=grid, basis=basis, language=language)


def _report_no_model(model: SalesModel) -> Exhibit:
    found = model.win_model
    if found is None:
        return _report("win_model", "missing", model=model)
    left_out = {use: found.table.loc[found.table["use"] == use, "label"].tolist()
                for use in ("contains_outcome", "too_little_known", "no_difference")}
    return _report("win_model", found.verdict, model=model, n_won=found.n_won, n_lost=found.n_lost, least=found.least,
                   n_folds=N_FOLDS, n_deals=found.n_won + found.n_lost, since=found.since, **_count_left_out(model),
                   **left_out)


def _count_left_out(model: SalesModel) -> dict[str, int]:
    """Return how many closed deals are with no known account, and how many were opened before the records begin."""
    deals, found = model.client.opportunities, model.win_model
    closed = deals[deals["status"].isin(["won", "lost"])]
    n_known = int(closed["account"].isin(model.client.accounts["account"]).sum())
    return {"n_no_account": len(closed) - n_known, "n_early": n_known - found.n_won - found.n_lost}


def _report(name: str, kind: str, *, model: SalesModel, **facts: object) -> Exhibit:
    title = tell("outcomes", f"{name}_{kind}_title", language=model.language, **facts)
    return make_missing(name, title=title, text=tell(
        "outcomes", f"{name}_{kind}", language=model.language, **facts))


def show_calibration(model: SalesModel) -> Exhibit:
    """Return whether predicted probabilities come true, or where the probability to win comes from instead."""
    language, found = model.language, model.win_model
    if found is None or not found.can_tell:
        low, high = model.win_probability_range or (None, None)
        return _report("calibration", "missing", model=model, low=low, high=high, basis=model.win_probability_basis,
                       reason=None if found is None else found.verdict)
    caption = tell_calibration(found.calibration, found.accuracy, language=language)
    return make_figure(
        "calibration", caption, language=language,
        picture=save_svg(draw_calibration(found.calibration, language=language)),
        grid=render_grid(found.calibration, _GROUPS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "opportunities", "ratings"))


def show_back_test(model: SalesModel) -> Exhibit:
    """Return what gold of a year ago would have held of the later sales, or what is missing to tell."""
    language, found = model.language, model.back_test
    if found is None:
        return _report("back_test", "missing", model=model)
    counts = {"n_accounts": found.n_accounts, "n_gold": found.n_gold, "n_buyers_before": found.n_buyers_before,
              "n_buyers_later": found.n_buyers_later, "sales_later": found.sales_later}
    if not found.is_told:
        return _report("back_test", found.verdict, model=model, day=found.day, least=LEAST_BUYERS, **counts)
    caption = tell_back_test(found.table, day=found.day, counts=counts, language=language)
    shown = found.table.assign(title=[language.text(_RANKING_WORDS[name]) for name in found.table["ranking"]])
    picture = draw_back_test(found.curve, found.table, gold_share=found.n_gold / found.n_accounts, language=language)
    basis = _AFTER.format(state_basis(model, "opportunities", "potential_per_year", "ratings", "weights"),
                          tell_back_test_notes(
                              list_as_of_today(model), begins_late=found.begins_late, language=language))
    return make_figure(
        "back_test", caption, picture=save_svg(picture), basis=basis, language=language,
        grid=render_grid(shown, _RANKINGS, label=strip_markup(caption.title), language=language))


def list_as_of_today(model: SalesModel) -> list[str]:
    """Return the labels of the criteria of account value that have no history."""
    rows = model.criteria[model.criteria["axis"].isin(["potential", "chance"])]
    return rows.loc[~rows["criterion"].isin([*FROM_DEALS, *NOT_RECALLED]), "label"].drop_duplicates().tolist()
