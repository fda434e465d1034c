"""Exhibits of chapter 3 on certainty: how sure a tier is, and what would change it."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.certainty import draw_certainty
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.robustness import (
    describe_weightings,
    keep_likely,
    list_levels,
    tell_best_ten,
    tell_certainty,
    tell_close_call_decision,
    tell_close_calls,
    tell_flip,
    tell_influence,
)
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, head_tier, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, report_missing, state_basis

_NAME, _TIER = Field("name", N_("Account")), Field("tier", N_("Tier"), "tier")
_HELD = Field("tier_acceptability", N_("In this tier"), "frequency")
_POTENTIAL = Field("potential_per_year", N_("Potential per year"), "money")
_INFLUENCE = (Field("label", N_("Criterion")), Field("axis", N_("Axis"), "axis"),
              Field("weight", N_("Weight"), "share"),
              Field("weight_low", N_("Weight, first quartile"), "share"),
              Field("weight_high", N_("Weight, third quartile"), "share"),
              Field("n_changed_by_spread", N_("Change tier as the weight moves"), "count"),
              Field("n_changed_without", N_("Change tier without it"), "count"))
_RANKS = (_NAME, Field("score", N_("Value"), "score"), Field("best_1_acceptability", N_("The best"), "frequency"),
          Field("best_3_acceptability", N_("Among the best three"), "frequency"),
          Field("best_10_acceptability", N_("Among the best ten"), "frequency"),
          Field("central_label", N_("Comes first with more weight on")))
_BASIS = ("potential_per_year", "ratings", "weights", "cutoffs")


def show_certainty(model: SalesModel) -> Exhibit:
    """Return the strip of certainty with the close calls named, or what it lacks."""
    language, table = model.language, _add_amounts(model)
    if table["tier_acceptability"].isna().all():
        return report_missing("robustness", "certainty", model=model)
    if not model.weightings.differ:
        return report_missing("robustness", "differing_weights", model=model, name="certainty")
    caption = tell_certainty(model.robustness, weightings=_describe(model), language=language,
                             is_cut_anew=model.tier_cuts.shares is not None,
                             are_weights_declared=model.profile.weights_from == "declared")
    fields = (_NAME, _TIER, _HELD, *(Field(f"{tier}_acceptability", head_tier(tier, language), "frequency")
                                     for tier in list_levels(table)))
    return make_figure(
        "certainty", caption, language=language,
        picture=save_svg(draw_certainty(table, list_close_calls(model), language=language)),
        grid=render_grid(table.sort_values("score", ascending=False, kind="stable"), fields,
                         label=strip_markup(caption.title), language=language, file="robustness"),
        basis=state_basis(model, *_BASIS))


def list_close_calls(model: SalesModel) -> pd.DataFrame:
    """Return the close calls of the table ``robustness`` with ``score`` and potential, largest potential first."""
    table = _add_amounts(model)
    close = table[table["is_close_call"].fillna(value=False).astype(bool)]
    return close.sort_values(["potential_per_year", "score"], ascending=False, kind="stable", na_position="last")


def show_close_calls(model: SalesModel) -> Exhibit:
    """Return the close calls by name with what would move each, or why there is none."""
    close, language = list_close_calls(model), model.language
    n_placed = int(model.robustness["tier_acceptability"].notna().sum())
    if not n_placed:
        return report_missing("robustness", "certainty", model=model, name="close_calls")
    if not model.weightings.differ:
        return report_missing("robustness", "differing_weights", model=model, name="close_calls")
    caption = tell_close_calls(close, share=model.assume("close_call_share"), n_accounts=n_placed, language=language)
    if close.empty:
        return make_table("close_calls", caption, grid=Markup(""), basis=Markup(""))
    labels = _label_criteria(model)
    rows = close.assign(flip=[tell_flip(row, labels, language=language) for row in close.to_dict(orient="records")])
    fields = (_NAME, _POTENTIAL, _TIER, _HELD, Field("flip", N_("What would move it")))
    return make_table(
        "close_calls", caption, basis=state_basis(model, *_BASIS),
        grid=render_grid(rows, fields, label=strip_markup(caption.title), language=language, file="robustness"))


def show_influence(model: SalesModel) -> Exhibit:
    """Return how many accounts change tier with the weight of each criterion."""
    language, influence = model.language, model.criterion_influence
    n_scored = int(model.robustness["tier_acceptability"].notna().sum())
    if not n_scored:
        return report_missing("robustness", "certainty", model=model, name="criterion_influence")
    caption = tell_influence(influence, n_accounts=n_scored, weightings=_describe(model), language=language)
    return make_table(
        "criterion_influence", caption, basis=state_basis(model, *_BASIS),
        grid=render_grid(influence, _INFLUENCE, label=strip_markup(caption.title), language=language))


def show_best_ten(model: SalesModel) -> Exhibit:
    """Return how sure it is who is among the best ten."""
    ranks, language = model.rank_robustness, model.language
    if ranks.empty:
        return report_missing("robustness", "certainty", model=model, name="best_ten")
    if not model.weightings.differ:
        return report_missing("robustness", "differing_weights", model=model, name="best_ten")
    n_scored = int(model.account_scores["score"].notna().sum())
    likely = keep_likely(ranks)
    tiers = model.account_tiers
    below = tiers.loc[tiers["tier"].ne(language.levels[0]), "account"]
    n_vetoed = int((likely["account"].isin(model.vetoes["account"]) & likely["account"].isin(below)).sum())
    caption = tell_best_ten(ranks, n_accounts=n_scored, weightings=_describe(model), language=language,
                            n_vetoed=n_vetoed)
    rows = likely.assign(central_label=likely["central_criterion"].map(_label_criteria(model)))
    return make_table(
        "best_ten", caption, basis=state_basis(model, *_BASIS),
        grid=render_grid(rows, _RANKS, label=strip_markup(caption.title), language=language, file="rank_robustness"))


def decide_close_calls(model: SalesModel) -> Markup:
    """Return what the room decides on close calls, as list items."""
    return tell_close_call_decision(list_close_calls(model), model.criterion_influence, language=model.language)


def _describe(model: SalesModel) -> dict[str, object]:
    drawn = model.weightings
    return describe_weightings(len(drawn.draws), drawn.kinds, drawn.n_voters,
                               potential_weight=model.strategy.potential_weight)


def _label_criteria(model: SalesModel) -> dict[str, str]:
    rows = model.weightings.criteria
    return dict(zip(rows["criterion"], rows["label"], strict=True))


def _add_amounts(model: SalesModel) -> pd.DataFrame:
    tiers = model.account_tiers
    return model.robustness.assign(score=tiers["score"], potential_per_year=tiers["potential_per_year"])
