"""Exhibits of chapter 3: who is gold, silver, bronze."""

from __future__ import annotations

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.cumulated_potential import draw_cumulated_potential
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.tier_moves import draw_tier_moves
from salesmodel_kit.comparison import compare_with_previous
from salesmodel_kit.language import N_, Language
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.tiers import (
    tell_cumulated_potential,
    tell_gold_accounts,
    tell_held,
    tell_kept_out,
    tell_move_list,
    tell_moves,
    tell_overrides,
    tell_tier_decisions,
    tell_tier_table,
)
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import (
    Exhibit,
    draw_once,
    make_decisions,
    make_figure,
    make_missing,
    make_table,
    report_missing,
    state_basis,
)
from salesmodel_kit.reports.exhibits.robustness import decide_close_calls
from salesmodel_kit.reports.exhibits.scores import name_segments

_TIER = Field("tier", N_("Tier"), "tier")
_NAME, _SEGMENT = Field("name", N_("Account")), Field("segment_label", N_("Segment"))
_SHARES = (Field("cutoff", N_("Cut"), "score"), Field("n_accounts", N_("Accounts"), "count"),
           Field("account_share", N_("Share of accounts"), "share"),
           Field("potential_per_year", N_("Potential per year"), "money"),
           Field("potential_share", N_("Share of potential"), "share"))
_TIERS = (_TIER, *_SHARES, Field("sales_per_year", N_("Sales per year"), "money"),
          Field("sales_share", N_("Share of sales"), "share"), Field("wallet_share", N_("Wallet share"), "share"),
          Field("present_hours_per_year", N_("Hours today"), "hours"),
          Field("present_hours_share", N_("Share of hours today"), "share"))
_GOLD = (_NAME, _SEGMENT, Field("score", N_("Value"), "score"),
         Field("potential_per_year", N_("Potential per year"), "money"),
         Field("sales_per_year", N_("Sales per year"), "money"),
         Field("wallet_share", N_("Wallet share"), "share"))
_FLOWS = (Field("tier_before", N_("Tier of the last model"), "tier"), Field("tier_after", N_("Tier now"), "tier"),
          Field("n_accounts", N_("Accounts"), "count"), Field("n_by_data", N_("by data"), "count"),
          Field("n_by_weights", N_("by criteria and weights"), "count"), Field("n_by_rule", N_("by the rule"), "count"),
          Field("n_by_margin", N_("by the margin"), "count"), Field("n_by_override", N_("by override"), "count"),
          Field("n_by_several", N_("by several"), "count"), Field("n_by_unknown", N_("cause not known"), "count"))
_MOVES = (_NAME, *_FLOWS[:2],
          Field("score_before", N_("Value before"), "score"), Field("score_after", N_("Value now"), "score"),
          Field("cause", N_("Cause"), "cause"), Field("steps", N_("Steps that moved it")))
_HELD = (_NAME, _SEGMENT, Field("score", N_("Value"), "score"), Field("tier", N_("Tier"), "tier"),
         Field("tier_by_rule", N_("Tier by the rule"), "tier"))
_OVERRIDES = (_NAME, _SEGMENT, Field("tier_by_rule", N_("Tier by the rule"), "tier"),
              Field("tier", N_("Tier decided"), "tier"), Field("override_reason", N_("Reason")),
              Field("override_by", N_("Decided by")))


def show_cumulated_potential(model: SalesModel) -> Exhibit:
    """Return the curve of cumulated potential with the cuts of the tiers, or what it lacks."""
    language, tiers, summary = model.language, model.account_tiers, model.tier_summary
    if not model.is_cut:
        return report_missing("tiers", "cut", model=model, name="cumulated_potential")
    if tiers["score"].isna().all():
        return report_missing("scores", "value_map", model=model, name="cumulated_potential")
    if not (tiers["potential_per_year"].gt(0) & tiers["score"].notna()).any():
        return report_missing("tiers", "cumulated_potential", model=model)
    caption = tell_cumulated_potential(summary, language=language)
    return make_figure(
        "cumulated_potential", caption, language=language,
        picture=draw_once(draw_cumulated_potential, tiers, summary, language=language),
        grid=render_grid(summary, (_TIER, *_SHARES), label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "potential_per_year", "weights", "cutoffs"))


def lacks_tiers(model: SalesModel) -> bool:
    """Return whether nobody has a tier because no potential is known to cut by."""
    return not model.is_cut and bool(model.account_tiers["tier"].isna().all())


def show_tier_table(model: SalesModel) -> Exhibit:
    """Return what each tier holds and gets today, or why there are none."""
    if lacks_tiers(model):
        return report_missing("tiers", "cut", model=model, name="tier_table")
    if model.account_tiers["tier"].isna().all():
        return report_missing("scores", "value_map", model=model, name="tier_table")
    caption = tell_tier_table(model.tier_summary, language=model.language)
    grid = render_grid(model.tier_summary, _TIERS, label=strip_markup(caption.title), language=model.language)
    return make_table("tier_table", caption, grid=grid, basis=state_basis(
        model, "sales_per_year", "potential_per_year", "present_hours_per_year", "cutoffs"))


def show_gold_accounts(model: SalesModel) -> Exhibit:
    """Return the gold accounts by name, or why there is none."""
    tiers = model.account_tiers
    gold = tiers[tiers["tier"].eq(model.language.levels[0])].sort_values("score", ascending=False, kind="stable")
    if gold.empty and not model.is_cut:
        return report_missing("tiers", "cut", model=model, name="gold_accounts")
    if tiers["tier"].isna().all():
        return report_missing("scores", "value_map", model=model, name="gold_accounts")
    if gold.empty:
        title, text = tell_kept_out(tiers, language=model.language)
        return make_missing("gold_accounts", title=title, text=text)
    caption = tell_gold_accounts(tiers, language=model.language)
    wallet = model.account_scores.set_index("account")["wallet_share"]
    table = name_segments(gold.assign(wallet_share=gold["account"].map(wallet)), model)
    return make_table(
        "gold_accounts", caption, basis=state_basis(model, "sales_per_year", "potential_per_year", "weights"),
        grid=render_grid(table, _GOLD, label=strip_markup(caption.title), language=model.language,
                         file="account_tiers"))


def show_overrides(model: SalesModel) -> Exhibit:
    """Return the tiers that the room decided otherwise, with who and why."""
    tiers = model.account_tiers
    decided = tiers[tiers["override_reason"].notna() | tiers["override_by"].notna()]
    caption = tell_overrides(tiers, language=model.language)
    if decided.empty:
        return make_table("overrides", caption, grid=Markup(""), basis=Markup(""))
    grid = render_grid(name_segments(decided, model), _OVERRIDES, label=strip_markup(caption.title),
                       language=model.language)
    return make_table("overrides", caption, grid=grid, basis=state_basis(model, "overrides"))


def show_moves(model: SalesModel) -> Exhibit:
    """Return who changed tier since the last model, or how to know it."""
    comparison = compare_with_previous(model)
    if comparison is None or model.account_tiers.dropna(subset=["tier", "previous_tier"]).empty:
        return report_missing("tiers", "moves", model=model)
    language = model.language
    caption = tell_moves(model.account_tiers, rerun=model.previous is not None, language=language)
    return make_figure(
        "moves", caption, language=language, basis=state_basis(model, "previous_tier", "cutoffs"),
        picture=save_svg(draw_tier_moves(comparison.flows, language=language)),
        grid=render_grid(comparison.flows, _FLOWS, label=strip_markup(caption.title), language=language))


def show_move_list(model: SalesModel) -> Exhibit:
    """Return the accounts that changed tier, with the cause of each move where it can be known."""
    comparison, language = compare_with_previous(model), model.language
    if comparison is None:
        return report_missing("tiers", "moves", model=model, name="move_list")
    caption = tell_move_list(comparison.moves, causes_known=comparison.causes_known, language=language)
    grid = Markup("")
    if len(comparison.moves):
        steps = comparison.moves["steps"].map(lambda names: _say_steps(names, language), na_action="ignore")
        fields = _MOVES if comparison.causes_known else _MOVES[:5]
        grid = render_grid(comparison.moves.assign(steps=steps), fields, label=strip_markup(caption.title),
                           language=language, file="tier_moves")
    return make_table("move_list", caption, grid=grid, basis=state_basis(model, "previous_tier", "cutoffs"))


def _say_steps(names: str, language: Language) -> str:
    return language.enumerate(language.word("cause", name) for name in names.split(", ")) if names else ""


def show_held(model: SalesModel) -> Exhibit:
    """Return the accounts that the margin keeps in their previous tier, or that there is no margin."""
    tiers = model.account_tiers
    held = tiers[tiers["tier_source"].eq("held")].sort_values("score", ascending=False, kind="stable")
    caption = tell_held(tiers, margin=model.assume("tier_margin"), language=model.language)
    if held.empty:
        return make_table("held", caption, grid=Markup(""), basis=Markup(""))
    grid = render_grid(name_segments(held, model), _HELD, label=strip_markup(caption.title), language=model.language,
                       file="account_tiers")
    return make_table("held", caption, grid=grid, basis=state_basis(model, "previous_tier", "tier_margin"))


def decide_tiers(model: SalesModel) -> Exhibit:
    """Return what the room decides on tiers."""
    items = tell_tier_decisions(model.tier_summary, model.account_tiers, language=model.language)
    items += decide_close_calls(model)
    return make_decisions("decide_tiers", items=items, language=model.language)
