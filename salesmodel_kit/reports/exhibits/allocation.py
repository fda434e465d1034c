"""Exhibits of chapter 4: who looks after whom, how often, and whether the team is the right size."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.call_ladder import draw_call_ladder
from salesmodel_kit.charts.hours_by_tier import draw_hours_by_tier
from salesmodel_kit.charts.rep_loads import draw_rep_loads
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.territory_map import draw_territory_map
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.allocation import (
    tell_allocation_decisions,
    tell_call_ladder,
    tell_call_plan,
    tell_hours_by_tier,
    tell_rep_loads,
    tell_reps_needed,
    tell_territory_map,
)
from salesmodel_kit.narrative.call_plan import gather_call_plan, tell_call_decision
from salesmodel_kit.narrative.sizes import tell_size_verdict
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.homes import show_homes
from salesmodel_kit.reports.exhibits.page import (
    Exhibit,
    draw_once,
    make_decisions,
    make_figure,
    make_table,
    report_missing,
    state_basis,
)
from salesmodel_kit.reports.exhibits.scores import name_segments
from salesmodel_kit.reports.exhibits.tiers import lacks_tiers
from salesmodel_kit.tables import TIERS

_TIER, _ACCOUNTS = Field("tier", N_("Tier"), "tier"), Field("n_accounts", N_("Accounts"), "count")
_HOURS = (_TIER, _ACCOUNTS, Field("potential_share", N_("Share of potential"), "share"),
          Field("present_hours_per_year", N_("Hours today"), "hours"),
          Field("present_hours_share", N_("Share of hours today"), "share"),
          Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"),
          Field("recommended_hours_per_year", N_("Hours in the plan"), "hours"),
          Field("recommended_hours_share", N_("Share of hours in the plan"), "share"))
_ROLES = (Field("role", N_("Role"), "role"), Field("n_reps", N_("People today"), "decimal"),
          Field("n_reps_needed", N_("People needed"), "decimal"), Field("n_reps_gap", N_("Gap"), "decimal"),
          Field("selling_hours_per_year", N_("Selling hours"), "hours"),
          Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"),
          Field("hours_per_year", N_("Hours in the plan"), "hours"))
_REPS = (Field("name", N_("Rep")), Field("role", N_("Role"), "role"),
         Field("selling_hours_per_year", N_("Selling hours"), "hours"),
         Field("hours_per_year", N_("Hours in the plan"), "hours"), Field("load", N_("Load"), "share"), _ACCOUNTS,
         Field("n_present_accounts", N_("Accounts today"), "count"), Field("n_kept", N_("Kept"), "count"),
         Field("n_gold", N_("Accounts of the best tier"), "count"),
         Field("potential_per_year", N_("Potential per year"), "money"),
         Field("mean_distance_km", N_("Mean distance"), "km"))
_LADDER = (_TIER, Field("channel", N_("Channel"), "channel"), _ACCOUNTS,
           Field("calls_per_year", N_("Contacts per account and year"), "exact"),
           Field("hours_per_year", N_("Hours per year"), "hours"))
_CALLS = (Field("name", N_("Account")), Field("segment_label", N_("Segment")), _TIER,
          Field("channel", N_("Channel"), "channel"), Field("rep_name", N_("Rep")),
          Field("calls_per_year", N_("Contacts per year"), "exact"),
          Field("weeks_between_calls", N_("Weeks between contacts"), "decimal"),
          Field("hours_per_year", N_("Hours per year"), "hours"))


def show_hours_by_tier(model: SalesModel) -> Exhibit:
    """Return the hours by tier now and in the plan, and how to get today's where they are not recorded."""
    figure = draw_hours(model)
    if model.present_hours_basis is not None:
        return figure
    missing = report_missing("allocation", "hours", model=model, name="present_hours")
    return Exhibit(figure.name, figure.title, figure.html + missing.html)


def draw_hours(model: SalesModel) -> Exhibit:
    """Return the hours by tier; today's part is left out where it is not recorded."""
    language, summary = model.language, model.tier_summary
    if find_plan_gap(model):
        return report_no_plan(model, name="hours_by_tier")
    present = model.present_hours
    caption = tell_hours_by_tier(summary, language=language, n_estimated=present.n_estimated,
                                 hours_estimated=present.hours_estimated)
    return make_figure(
        "hours_by_tier", caption, language=language,
        picture=draw_once(draw_hours_by_tier, summary, language=language),
        grid=render_grid(summary, _HOURS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "present_hours_per_year", "potential_per_year", "selling_hours_per_year",
                          "call_norms"))


def find_plan_gap(model: SalesModel) -> str | None:
    """Return what keeps the plan from holding hours: ``cut``, ``no_tiers``, ``reps`` or ``no_norms``; None: nothing."""
    if model.client.reps.empty:
        return "reps"
    if lacks_tiers(model):
        return "cut"
    if model.account_tiers["tier"].isna().all():
        return "no_tiers"
    if not model.account_effort["workload_hours_per_year"].sum() > 0:
        return "no_norms"
    return None if model.account_effort["hours_per_year"].sum() > 0 else "reps"


def name_plan_gap(model: SalesModel) -> str | None:
    """Return the gap as it is told: who is there has no hours (``no_hours``), or none that suffice (``no_room``)."""
    gap = find_plan_gap(model)
    if gap != "reps" or model.client.reps.empty:
        return gap
    return "no_room" if model.reps["selling_hours_per_year"].sum() > 0 else "no_hours"


def report_no_plan(model: SalesModel, *, name: str, otherwise: str = "reps") -> Exhibit:
    """Return why no hours are planned: no tiers, no calls to make, nobody to make them, no room; or what else it is."""
    reason = name_plan_gap(model) or otherwise
    return report_missing("tiers" if reason == "cut" else "allocation", reason, model=model, name=name)


def describe_relations(model: SalesModel) -> pd.DataFrame:
    """Return the territories with the hours of today, for who loses a rep."""
    return model.territories.assign(present_hours_per_year=model.account_effort["present_hours_per_year"])


def show_reps_needed(model: SalesModel) -> Exhibit:
    """Return people needed by role against today, or what it lacks."""
    if model.role_summary.empty or find_plan_gap(model) not in (None, "reps"):
        return report_no_plan(model, name="reps_needed")
    caption = tell_reps_needed(model.role_summary, language=model.language)
    grid = render_grid(model.role_summary, _ROLES, label=strip_markup(caption.title), language=model.language)
    return make_table("reps_needed", caption, grid=grid,
                      basis=state_basis(model, "selling_hours_per_year", "call_norms"))


def show_rep_loads(model: SalesModel) -> Exhibit:
    """Return each rep's planned hours against capacity, or what it lacks."""
    language, reps = model.language, model.rep_summary
    if reps["load"].isna().all() or find_plan_gap(model):
        return report_no_plan(model, name="rep_loads")
    caption = tell_rep_loads(reps, language=language)
    return make_figure(
        "rep_loads", caption, language=language, picture=draw_once(draw_rep_loads, reps, language=language),
        grid=render_grid(reps, _REPS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "owner", "selling_hours_per_year", "call_norms"))


def show_territory_map(model: SalesModel) -> Exhibit:
    """Return the map of accounts by planned rep, or what it lacks."""
    language, territories = model.language, model.territories
    accounts = model.client.accounts
    placed = accounts.loc[accounts["latitude"].notna() & accounts["longitude"].notna(), "account"]
    n_on_map = int((territories["account"].isin(placed) & territories["rep"].notna()).sum())
    if n_on_map == 0 and len(placed) and find_plan_gap(model):
        return report_no_plan(model, name="territory_map")
    if n_on_map == 0:
        missing = report_missing("allocation", "territory_map", model=model)
        return Exhibit(missing.name, missing.title, missing.html + show_homes(model))
    caption = tell_territory_map(describe_relations(model), n_on_map=n_on_map, language=language)
    picture = draw_territory_map(territories, accounts, model.rep_summary, language=language)
    figure = make_figure(
        "territory_map", caption, language=language, picture=save_svg(picture),
        grid=render_grid(model.rep_summary, _REPS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "places", "owner", "selling_hours_per_year", "call_norms"))
    return Exhibit(figure.name, figure.title, figure.html + show_homes(model))


def show_call_ladder(model: SalesModel) -> Exhibit:
    """Return the ladder of contacts by tier, from visits to remote contact."""
    language, calls = model.language, model.calls
    if not calls["calls_per_year"].sum() > 0:
        return report_no_plan(model, name="call_ladder")
    caption = tell_call_ladder(calls, language=language)
    return make_figure(
        "call_ladder", caption, language=language, picture=save_svg(draw_call_ladder(calls, language=language)),
        grid=render_grid(summarize_ladder(calls), _LADDER, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "cutoffs", "call_norms"))


def summarize_ladder(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the planned contacts by tier, channel and frequency, gold first."""
    groups = calls.groupby(["tier", "channel", "calls_per_year"], sort=False)
    steps = groups.agg(n_accounts=("account", "size"), hours_per_year=("hours_per_year", "sum")).reset_index()
    return steps.sort_values(["tier", "calls_per_year"], kind="stable", ascending=[True, False],
                             key=lambda column: column.map(TIERS.index) if column.name == "tier" else column)


def show_call_plan(model: SalesModel) -> Exhibit:
    """Return who is in touch with whom and how often, gold first, or what it lacks."""
    if not model.calls["calls_per_year"].sum() > 0:
        return report_no_plan(model, name="call_plan")
    calls = name_segments(model.calls, model)
    height = calls["tier"].map({tier: place for place, tier in enumerate(TIERS)})
    ordered = calls.assign(height=height).sort_values(
        ["height", "calls_per_year", "hours_per_year"], ascending=[True, False, False], kind="stable")
    caption = tell_call_plan(model.calls, language=model.language)
    return make_table(
        "call_plan", caption, basis=state_basis(model, "cutoffs", "call_norms"),
        grid=render_grid(ordered, _CALLS, label=strip_markup(caption.title), language=model.language, file="calls"))


def gather_calls(model: SalesModel) -> dict[str, object]:
    """Return the facts of the dated call plan."""
    return gather_call_plan(model.call_plan, model.call_weeks, model.call_summary,
                            names=model.reps.set_index("rep")["name"].to_dict(),
                            speed=model.assume_if_known("travel_speed_kmh"), n_later=_count_later(model),
                            day_hours=model.assume_if_known("working_hours_per_day"), season=model.profile.seasonality)


def _count_later(model: SalesModel) -> int:
    """Return the accounts due less than once a year that this year neither has called nor is to call."""
    effort, made, rules = model.account_effort, model.client.calls_made, model.call_rules
    if made is None and rules.plan_from > rules.year_from:
        return 0  # who had a turn earlier in the year is not known
    is_rare = effort["calls_per_year"].between(0, 1, inclusive="neither") & effort["channel"].ne("marketing")
    called = set(model.call_plan["account"])
    if made is not None:
        called |= set(made.loc[made["made_on"] >= pd.Timestamp(rules.year_from), "account"])
    return int((is_rare & ~effort["account"].isin(called)).sum())


def decide_allocation(model: SalesModel) -> Exhibit:
    """Return what the room decides on hours, people and territories."""
    items = tell_allocation_decisions(
        model.tier_summary, model.role_summary, describe_relations(model), language=model.language,
        gap=name_plan_gap(model))
    answer = model.team_sizes[1] if model.team_sizes and not find_plan_gap(model) else None
    verdict = tell_size_verdict(model.role_summary, answer, language=model.language)
    items += Markup("<li>{}</li>").format(verdict) if verdict else Markup("")
    if not find_plan_gap(model):
        items += tell_call_decision(gather_calls(model), has_leave=model.client.leave is not None,
                                    language=model.language)
    return make_decisions("decide_allocation", items=items, language=model.language)
