"""The tables of what would be otherwise: plans, scenarios, another size of the team and what it returns."""

from __future__ import annotations

from salesmodel_kit.tables.allocation import ROLE_SUMMARY
from salesmodel_kit.tables.columns import Column, Table, amount, count, hours, share
from salesmodel_kit.tables.parts import TIER

# fmt: off
PLAN_RETURNS = Table(
    "plan_returns", "what the hours of a plan are expected to sell in a tier, by the room's answers",
    (
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=TIER.choices),
        hours("present_hours_per_year", "hours today"), hours("hours_per_year", "hours in the plan"),
        amount("sales_per_year", "sales today"),
        amount("expected_sales_per_year", "sales with these hours; today's where the tier has no curve"),
        Column("sales_per_hour", "number", "what the next hour brings in the plan; empty: no curve, or no hour planned",
               unit="currency/hour", low=0),
        Column("has_curve", "flag", "the room's answers, hours and sales of today are known"),
    ), key=("tier",))


SCENARIO = Column("scenario", "id", "name of the scenario; present: the client as it is", needed=True)

SCENARIOS = Table(
    "scenarios", "a scenario, and first the client as it is",
    (
        SCENARIO, Column("label", "text", "what it is called", needed=True),
        count("n_accounts", "accounts with a tier"), count("n_best", "accounts of the best tier"),
        hours("workload_hours_per_year", "hours that the call norms ask for"),
        hours("selling_hours_per_year", "hours that the team has"),
        Column("n_reps", "number", "people who have selling hours", unit="full-time equivalents", low=0),
        Column("n_reps_missing", "number", "people missing, over the roles where there are too few", unit="full-time equivalents", low=0),
        Column("n_reps_spare", "number", "people more than asked for, over the other roles", unit="full-time equivalents", low=0),
        share("best_coverage", "share of the accounts of the best tier with the channel that the norms ask for; empty: none asks"),
        share("coverage", "share of all accounts that ask for calls with that channel"),
        amount("cost_per_year", "cost of the people; empty: not known for all of them"),
        amount("expected_sales_per_year", "sales expected with the hours planned, by the room's answers; empty: no curve"),
        count("n_changed", "accounts with a rep today that get another"),
        count("n_nobody", "accounts for which the norms ask for a person and that get none: no such role, no hours left, or no rep"),
        Column("travel_km_per_year", "number", "visits x kilometers of a visit, journeys as full as they can be", unit="km/year", low=0),
    ), key=("scenario",))


SCENARIO_ROLES = Table(
    "scenario_roles", "a role in a scenario: what is asked of it and what it can give",
    (SCENARIO, *ROLE_SUMMARY.columns), key=("scenario", "role"))


SCENARIO_TIERS = Table(
    "scenario_tiers", "a tier in a scenario: what it asks for and gets",
    (
        SCENARIO, Column("tier", "choice", "one of the client's tiers, or unknown (not enough known)", needed=True,
                         choices={**TIER.choices, "unknown": ()}),
        count("n_accounts", "accounts"), hours("workload_hours_per_year", "hours that the call norms ask for"),
        hours("recommended_hours_per_year", "hours that the team can give, best accounts first"),
        share("coverage", "share of its accounts that ask for calls with the channel that the norms ask for; empty: none asks"),
    ), key=("scenario", "tier"))


_MULTIPLE = "multiple of today's sales"

RESPONSE_HISTORY = Table(
    "response_history", "what hours go with sales in a segment, from its customers of the last 12 months",
    (
        Column("segment", "id", "market segment", needed=True), count("n_accounts", "customers with sales, potential and hours on record"),
        hours("present_hours_per_year", "their hours"), amount("sales_per_year", "their sales"),
        Column("nothing", "number", "sales with no effort, today's being 1; empty: too few customers", unit=_MULTIPLE, low=0),
        Column("half", "number", "with half of the hours", unit=_MULTIPLE, low=0),
        Column("half_more", "number", "with half more", unit=_MULTIPLE, low=0),
        Column("most", "number", "with as much as one could, beyond what was ever done", unit=_MULTIPLE, low=0),
        Column("shape", "number", "exponent of the curve, 0.5 to 4 were tried; above 1 it is S-shaped; empty: flat", unit="–", low=0),
        Column("shape_low", "number", "lower end of its 95 % interval", unit="–", low=0),
        Column("shape_high", "number", "upper end", unit="–", low=0),
        Column("sales_per_hour_now", "number", "sales that go with the next hour", unit="currency/hour", low=0),
        Column("sales_per_hour_low", "number", "lower end of its 95 % interval", unit="currency/hour", low=0),
        Column("sales_per_hour_high", "number", "upper end", unit="currency/hour", low=0),
        Column("can_tell", "flag", "the interval of the next hour lies above 0, and chance alone gives such a rise in at most 1 %"),
        Column("is_s_shaped", "flag", "no curve that is not S-shaped fits as well (99 %)"),
    ), key=("segment",))


SIZE_RETURN = Table(
    "size_return", "one more person and what is within reach: what the first year and three years return",
    (
        Column("step", "choice", "next: one more person; change: from today to the nearest size within 1 % of the best", needed=True,
               choices={"next": (), "change": ()}),
        Column("n_reps_added", "number", "people more, or fewer where it is below 0", unit="full-time equivalents"),
        Column("added_sales_per_year", "number", "sales that they add in the first year", unit="currency/year"),
        amount("cost_per_year", "cost of these people a year"),
        amount("break_even_sales_per_year", "sales that pay their cost: cost / margin rate"),
        Column("ratio", "number", "added sales / break-even sales, first year", unit="–"),
        Column("return_over_three_years", "number", "ratio x (1 + K2 + K3) - 1", unit="–"),
    ), key=("step",))


HIRING_PLAN = Table(
    "hiring_plan", "a quarter of the three years after the decision to hire",
    (
        Column("quarter", "integer", "from 1", needed=True, unit="count", low=1), count("n_hired", "people who start with this quarter"),
        count("n_there", "new people there"),
        Column("n_productive", "number", "new people at full output, those who ramp up counted in part", unit="full-time equivalents", low=0),
        Column("added_sales", "number", "sales added in the quarter, with what carries over from earlier years", unit="currency"),
        Column("contribution", "number", "margin rate x added sales", unit="currency"),
        Column("cost", "number", "their cost in the quarter, with the cost of hiring", unit="currency", low=0),
        Column("balance", "number", "contribution - cost, summed since the first quarter", unit="currency"),
    ), key=("quarter",))
# fmt: on
