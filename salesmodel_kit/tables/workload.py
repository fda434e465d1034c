"""The tables of chapter 4 on the need for people by place, working days, months and what serving an account costs."""

from __future__ import annotations

from salesmodel_kit.tables.columns import ROLES, Column, Table, amount, count, hours, make_choices
from salesmodel_kit.tables.inputs import REPS
from salesmodel_kit.tables.parts import ACCOUNT, CHANNEL, TIER

# fmt: off
ACCOUNT_TRAVEL = Table(
    "account_travel", "the way to an account from the home of the rep of the plan; where it is not visited, of who is locked or the nearest",
    (
        ACCOUNT, Column("home_of", "id", "the rep from whose home it is measured; empty: no place"),
        Column("distance_km", "number", "one way, on the sphere x detour factor; empty: a place is not known", unit="km", low=0),
        Column("area", "number", "accounts that the same rep visits on the same journeys; empty: not visited, or no place", low=0),
        Column("visits_per_journey", "number", "visits of the area / journeys; journeys = max(most visits to one account, visits / visits a journey)", low=1),
        Column("travel_km_per_call", "number", "2 x distance_km / visits_per_journey; empty: a place is not known", unit="km", low=0),
        Column("travel_hours_per_call", "number", "travel_km_per_call / travel_speed_kmh; empty: the norm of the channel holds", unit="hours", low=0),
    ), key=("account",))


PLACE_SUMMARY = Table(
    "place_summary", "what is asked of the field around a place where reps live, and who is there",
    (
        Column("role", "choice", "role of the team", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("place", "text", "town of the reps; accounts count at the nearest; empty: place not known"),
        count("n_accounts", "accounts that the norms give to the field"),
        Column("n_reps", "number", "people there today who have selling hours", unit="full-time equivalents", low=0),
        Column("n_reps_needed", "number", "workload / mean selling hours of a field rep", unit="full-time equivalents", low=0),
        Column("n_reps_gap", "number", "n_reps_needed - n_reps", unit="full-time equivalents"),
        hours("selling_hours_per_year", "hours that they have"),
        hours("workload_hours_per_year", "hours that the call norms ask for"),
    ), key=("place",))


ACCOUNT_COSTS = Table(
    "account_costs", "what the plan costs for an account, and what the account leaves after it",
    (
        ACCOUNT, TIER, CHANNEL, hours("hours_per_year", "hours planned"),
        Column("travel_km_per_year", "number", "visits x travel_km_per_call; empty: not known", unit="km/year", low=0),
        amount("hours_cost_per_year", "hours x cost of a selling hour of the role"),
        amount("travel_cost_per_year", "travel_km_per_year x travel_cost_per_km; kilometers not known cost 0"),
        amount("cost_to_serve_per_year", "both together"),
        amount("sales_per_year", "sales of the last 12 months"),
        amount("contribution_per_year", "contribution_margin_rate x sales; empty: not known"),
        Column("contribution_after_cost_per_year", "number", "contribution - cost to serve", unit="currency/year"),
    ), key=("account",))


TIER_COSTS = Table(
    "tier_costs", "what the plan costs in a tier",
    (
        Column("tier", "choice", "one of the client's tiers", needed=True, choices=TIER.choices), count("n_accounts", "accounts"),
        hours("hours_per_year", "hours planned"),
        Column("travel_km_per_year", "number", "kilometers planned; empty: not known", unit="km/year", low=0),
        amount("cost_to_serve_per_year", "hours and kilometers in money"),
        amount("cost_per_account", "mean of an account"), amount("sales_per_year", "sales of the last 12 months"),
        Column("cost_share_of_sales", "number", "cost / sales", unit="0-1", low=0),
        amount("contribution_per_year", "contribution_margin_rate x sales"),
        Column("cost_share_of_contribution", "number", "cost / contribution", unit="0-1", low=0),
        count("n_unprofitable", "accounts whose cost is above their contribution; empty: no contribution known"),
    ), key=("tier",))


CHANNEL_CHOICE = Table(
    "channel_choice", "an account: whether as many contacts pay as visits or by phone",
    (
        ACCOUNT, TIER, Column("wanted_channel", "choice", "channel that the call norms ask for", choices=CHANNEL.choices), CHANNEL,
        Column("wanted_calls_per_year", "number", "contacts that the norms ask for", unit="1/year", low=0),
        Column("distance_km", "number", "one way by road; empty: a place is not known", unit="km", low=0),
        amount("field_cost_per_year", "cost of these contacts as visits"), amount("inside_cost_per_year", "cost of them by phone"),
        amount("break_even_per_year", "(field - inside) / visit_gain_share: the contribution from which visits pay"),
        amount("contribution_per_year", "contribution_margin_rate x (sales + win_probability x what it could buy beside)"),
        Column("advised_channel", "choice", "field: visits pay; inside: they do not; empty: nothing is sold and the potential is not known",
               choices=make_choices(field=(), inside=())),
    ), key=("account",))


SELLING_DAYS = Table(
    "selling_days", "the working days and selling hours that the calendar leaves a rep, beside the hours given",
    (
        REPS.column("rep"), REPS.column("name"), REPS.column("role"),
        *(Column(name, "number", meaning, unit="days/year", low=0) for name, meaning in (
            ("weekdays", "Mondays to Fridays of the year planned for"), ("public_holidays", "public holidays on weekdays"),
            ("leave_days", "leave declared, or dated where that is more; empty: not known"), ("training_days", "training without a date"),
            ("working_days", "what is left; empty: leave is not known"))),
        hours("calendar_hours_per_year", "working_days x hours of a day x share of time that is selling, travel included"),
        hours("given_hours_per_year", "hours that the client gave"), hours("selling_hours_per_year", "hours that are used"),
        Column("hours_from", "choice", "given; calendar; assumption: leave is not known, so the assumed working days of a year hold",
               choices=make_choices(given=(), calendar=(), assumption=())),
    ), key=("rep",))


MONTH_LOADS = Table(
    "month_loads", "the hours that a month asks of a role, by the client's seasons, against those it has",
    (
        Column("role", "choice", "role of the team", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("month", "integer", "1: January", needed=True, low=1, high=12),
        Column("season_share", "number", "share of the year's work, as declared", unit="0-1", low=0, high=1),
        Column("hours", "number", "planned hours of the role in the year x season_share", unit="hours", low=0),
        Column("selling_hours", "number", "hours of the role's reps, by their working days in the month", unit="hours", low=0),
        Column("load", "number", "hours / selling_hours", unit="0-1", low=0),
    ), key=("role", "month"))
# fmt: on
