"""The tables of chapter 4: effort, people, territories and calls; and what the model rests on."""

from __future__ import annotations

from dataclasses import replace

from salesmodel_kit.tables.columns import ROLES, Column, Table, amount, count, hours, make_choices, share
from salesmodel_kit.tables.inputs import RESPONSE
from salesmodel_kit.tables.parts import ACCOUNT, CHANNEL, NAME, POSTURE, REP, SEGMENT, TIER

# fmt: off
ACCOUNT_EFFORT = Table(
    "account_effort", "what an account asks for, and what it gets",
    (
        ACCOUNT, TIER, POSTURE,
        Column("wanted_channel", "choice", "channel that the call norms ask for", choices=CHANNEL.choices),
        Column("wanted_calls_per_year", "number", "calls that the norms ask for", unit="1/year", low=0),
        hours("workload_hours_per_year", "hours that the norms ask for"),
        CHANNEL,
        Column("calls_per_year", "number", "calls that the team can make", unit="1/year", low=0),
        Column("visits_per_year", "number", "those of them that are made in person", unit="1/year", low=0),
        Column("hours_per_call", "number", "hours with the account", unit="hours", low=0),
        Column("travel_hours_per_call", "number", "hours on the way, by the norm or by geography; mean of visits and remote calls", unit="hours", low=0),
        hours("hours_per_year", "calls_per_year x (hours_per_call + travel_hours_per_call)"),
        hours("present_hours_per_year", "hours spent in the last 12 months; empty: not recorded"),
    ), key=("account",))


ROLE_SUMMARY = Table(
    "role_summary", "a role: what is asked of it and what it can give",
    (
        Column("role", "choice", "field, inside, partner or customer success", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("n_reps", "number", "people today who have selling hours", unit="full-time equivalents", low=0),
        hours("selling_hours_per_year", "hours that they have"),
        hours("workload_hours_per_year", "hours that the call norms ask for"),
        hours("hours_per_year", "hours planned within capacity"),
        Column("n_reps_needed", "number", "workload / mean selling hours of a rep", unit="full-time equivalents", low=0),
        Column("n_reps_gap", "number", "n_reps_needed - n_reps", unit="full-time equivalents"),
    ), key=("role",))


RESPONSE_SUMMARY = Table(
    "response_summary", "what effort brings in a tier, by the room's answers, and where today's hours would earn most",
    (
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=TIER.choices),
        count("n_answers", "answers"),
        *(replace(RESPONSE.column(name), needed=False) for name in ("nothing", "half", "half_more", "most")),
        Column("most_low", "number", "lowest answer to most", unit="multiple of today's sales", low=0),
        Column("most_high", "number", "highest answer to most", unit="multiple of today's sales", low=0),
        Column("shape", "number", "exponent of the curve; above 1 it is S-shaped", unit="–", low=0),
        hours("present_hours_per_year", "hours today"), amount("sales_per_year", "sales today"),
        Column("sales_per_hour_now", "number", "what the next hour brings today", unit="currency/hour", low=0),
        Column("sales_per_hour_low", "number", "the same by the participant who expects least of it", unit="currency/hour", low=0),
        Column("sales_per_hour_high", "number", "the same by the one who expects most", unit="currency/hour", low=0),
        hours("best_hours_per_year", "hours in the split of today's hours that sells most"),
        amount("best_sales_per_year", "sales with that split"),
    ), key=("tier",))


SIZES = Table(
    "sizes", "a size of the team with its best split of hours over the tiers",
    (
        Column("n_reps", "number", "people", unit="full-time equivalents", low=0),
        hours("hours_per_year", "hours with and for accounts"), amount("sales_per_year", "sales with the best split"),
        amount("contribution_per_year", "margin rate x sales"), amount("cost_per_year", "cost of the people"),
        Column("profit_per_year", "number", "contribution - cost", unit="currency/year"),
    ), key=("n_reps",))


TERRITORIES = Table(
    "territories", "who looks after an account",
    (
        ACCOUNT, REP, Column("owner", "id", "who looks after it today"),
        Column("kept", "flag", "the present rep stays; empty: no present rep known"),
        Column("distance_km", "number", "from the rep's place, on the sphere x detour factor; empty: no visits, or a place is not known",
               unit="km", low=0),
        CHANNEL, hours("hours_per_year", "hours planned"),
    ), key=("account",))


TERRITORY_CONDITIONS = Table(
    "territory_conditions", "a condition that cannot be met with the others; all of them given up, the rest holds",
    (
        Column("condition", "choice", "what would have to give way", needed=True,
               choices=make_choices(lock=(), language=(), skill=(), family=(), room=(), balance=(), potential=())),
        Column("role", "choice", "role of the team", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("subject", "text", "the skill, language, rep or family asked for"),
        Column("account", "id", "an account concerned"), count("n_accounts", "accounts concerned"),
        hours("hours_per_year", "hours planned for them"),
        Column("asked", "number", "tolerance asked for", unit="0-1", low=0),
        Column("reached", "number", "deviation of the plan: this tolerance is enough", unit="0-1", low=0),
        Column("instead", "choice", "kind of condition that could be given up instead", choices=make_choices(lock=(), language=(), skill=())),
    ), key=("condition", "role", "subject"))


PLAN_COMPARISON = Table(
    "plan_comparison", "a plan of territories, measured on the hours and calls planned from now on",
    (
        Column("plan", "choice", "present, proposed, or wished: edited by hand", needed=True,
               choices=make_choices(present=(), proposed=(), wished=())),
        count("n_accounts", "accounts with planned hours and a rep"), count("n_nobody", "accounts with planned hours and no rep"),
        count("n_reps", "reps who have any of them"),
        Column("hours_deviation", "number", "largest deviation of a rep's hours from an equal load within the role", unit="0-1", low=0),
        Column("potential_deviation", "number", "the same of the potential", unit="0-1", low=0),
        Column("hours_tolerance", "number", "the widest tolerance that holds for a role: as assumed, or wider where hours are few", unit="0-1", low=0),
        count("n_outside", "reps beyond the tolerance of hours, or beyond their hours"),
        count("n_over", "reps beyond their hours"),
        count("n_changed", "accounts with a rep today that get another"), share("changed_share", "share of the accounts that have a rep today"),
        share("changed_sales_share", "share of their sales"),
        Column("travel_km_per_year", "number", "visits x kilometers of a visit by the plan's own journeys, as full as they can be", unit="km/year", low=0),
        count("n_without_place", "accounts visited whose distance is not known"),
        count("n_unmet", "accounts whose rep lacks the skill or language, is not the one locked, or whose family is parted"),
        count("n_other_role", "accounts whose rep has another role than the planned channel"),
        Column("cost_km", "number", "what the plan was weighed by: kilometers of journeys as full as before it, and what broken relations are worth", unit="km/year", low=0),
        count("n_other_rep", "accounts whose rep is not the proposed one"),
        Column("gap", "number", "(cost_km - bound) / bound; empty: not within all conditions, or no bound", unit="0-1", low=0),
    ), key=("plan",))


PLAN_DIFFERENCES = Table(
    "plan_differences", "an account on which the plans do not agree, those edited by hand first",
    (
        ACCOUNT, NAME, Column("present_rep", "id", "rep today"), Column("proposed_rep", "id", "rep in the proposed plan"),
        Column("wished_rep", "id", "rep in the plan edited by hand; empty: as proposed"),
        hours("hours_per_year", "hours planned"),
        Column("present_km_per_year", "number", "kilometers to the account and back today; empty: not visited, or no distance", unit="km/year", low=0),
        Column("proposed_km_per_year", "number", "the same in the proposed plan", unit="km/year", low=0),
        Column("wished_km_per_year", "number", "the same in the plan edited by hand", unit="km/year", low=0),
    ), key=("account",))


REP_SUMMARY = Table(
    "rep_summary", "the load of a rep",
    (
        Column("rep", "id", "salesperson", needed=True), Column("name", "text", "name", needed=True),
        Column("role", "choice", "role", needed=True, choices=dict.fromkeys(ROLES, ())),
        hours("selling_hours_per_year", "hours that the rep has"),
        hours("hours_per_year", "hours planned"),
        Column("load", "number", "hours_per_year / selling_hours_per_year", unit="0-1", low=0),
        count("n_accounts", "accounts planned"), count("n_present_accounts", "accounts today; empty: no present rep is known"),
        count("n_gold", "accounts of the best tier planned"), count("n_kept", "accounts that stay with the rep"),
        Column("mean_distance_km", "number", "mean distance to the accounts visited", unit="km", low=0),
        amount("potential_per_year", "potential of these accounts"),
        Column("latitude", "number", "place of the rep", unit="degrees"), Column("longitude", "number", "place of the rep", unit="degrees"),
        Column("is_proposed", "flag", "this place is proposed: the rep has no home yet"),
    ), key=("rep",))


HOME_PROPOSALS = Table(
    "home_proposals", "a home proposed for a rep who has none yet",
    (
        Column("rep", "id", "salesperson", needed=True), Column("name", "text", "name", needed=True),
        Column("city", "text", "town of accounts; empty: no town is known there"),
        Column("near", "text", "account there with most visits"),
        Column("latitude", "number", "place", unit="degrees"), Column("longitude", "number", "place", unit="degrees"),
        count("n_accounts", "accounts that this home serves within its hours, about"),
        Column("visits_per_year", "number", "visits to them", unit="1/year", low=0),
        Column("travel_km_per_year", "number", "to them and back, a journey a visit", unit="km/year", low=0),
    ), key=("rep",))


CALLS = Table(
    "calls", "how often who calls on whom",
    (
        ACCOUNT, NAME, SEGMENT, TIER, CHANNEL, REP, Column("rep_name", "text", "name of the rep"),
        Column("calls_per_year", "number", "planned contacts", unit="1/year", low=0),
        Column("weeks_between_calls", "number", "52 / calls_per_year; empty: no call planned", unit="weeks", low=0),
        hours("hours_per_year", "hours planned, travel included"),
    ), key=("account",))


CALL_PLAN = Table(
    "call_plan", "the calls on an account on one day, or those that found no week",
    (
        ACCOUNT, NAME, TIER, REP,
        Column("week", "date", "Monday of the week; empty: not planned, and the reason says why"),
        Column("day", "date", "the day proposed, one on which the rep works; empty: not planned"),
        count("number", "number of the first of them in the account's year, calls made included"),
        count("calls", "calls on this day"), Column("hours", "number", "hours of these calls, travel included", unit="hours", low=0),
        Column("kind", "choice", "visit: with travel; remote: without", choices=make_choices(visit=(), remote=())),
        Column("area", "text", "where: the town that most accounts of the area are in; empty: no travel, or the place is not known"),
        Column("reason", "choice", "even: evenly spaced; shifted: moved to a week with room or with a journey to the area; "
               "kept, moved: against the former plan; no_room: no week without a call on the account has the hours; nobody: the account has no rep",
               choices=make_choices(even=(), shifted=(), kept=(), moved=(), no_room=(), nobody=())),
    ), key=("account", "day"))


CALL_WEEKS = Table(
    "call_weeks", "a week of a rep in the call plan",
    (
        Column("rep", "id", "salesperson", needed=True), Column("week", "date", "Monday of the week", needed=True),
        Column("working_days", "number", "days without weekends, public holidays, leave and days gone by", unit="days", low=0),
        count("n_holidays", "public holidays on working days"),
        Column("selling_hours", "number", "the year's selling hours x the week's share of the year's working days", unit="hours", low=0),
        Column("hours", "number", "hours planned, travel included", unit="hours", low=0),
        count("n_calls", "calls planned"), count("n_visits", "of them with travel"),
        Column("travel_km", "number", "dated journeys: to each area and back, as often as its visits of each day fill a journey", unit="km", low=0),
    ), key=("rep", "week"))


CALL_SUMMARY = Table(
    "call_summary", "the call plan of a rep, beside one that plans each account for itself, whatever the hours",
    (
        Column("rep", "id", "salesperson", needed=True),
        count("n_calls", "calls to make"), count("n_planned", "of them with a week"), count("n_unplanned", "of them without"),
        count("n_kept", "calls as in the former plan; empty: there is none"), count("n_moved", "calls that the former plan had elsewhere, or not"),
        Column("mean_load", "number", "hours planned / selling hours", unit="0-1", low=0),
        Column("peak_load", "number", "the fullest week's hours / its selling hours", unit="0-1", low=0),
        Column("peak_load_alone", "number", "the same, each account planned for itself", unit="0-1", low=0),
        Column("spacing_deviation", "number", "mean |weeks between two calls - even spacing|", unit="weeks", low=0),
        Column("spacing_deviation_alone", "number", "the same, each account planned for itself", unit="weeks", low=0),
        Column("travel_km", "number", "dated journeys: kilometers to the areas and back", unit="km", low=0),
        Column("travel_km_full", "number", "journeys as full as they can be: calls with a week x travel_km_per_call", unit="km", low=0),
        Column("travel_km_alone", "number", "the same, each account planned for itself", unit="km", low=0),
    ), key=("rep",))


ASSUMPTIONS = Table(
    "assumptions", "a number that the model rests on, and why we believe it",
    (
        Column("name", "text", "identifier", needed=True), Column("value", "text", "value used", needed=True),
        Column("low", "number", "lower end of the range in the sources"), Column("high", "number", "upper end of the range in the sources"),
        Column("unit", "text", "unit"), Column("basis", "choice", "measured, judged or assumed", needed=True,
                                              choices=make_choices(measured=(), judged=(), assumed=())),
        Column("source", "text", "where it comes from"),
    ), key=("name",))
# fmt: on
