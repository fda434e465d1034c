"""The tables of chapter 3: tiers, how sure they are, and who moved."""

from __future__ import annotations

from salesmodel_kit.tables.columns import (
    ANY_TIER,
    MOVE_CAUSES,
    TIERS,
    Column,
    Table,
    amount,
    count,
    hours,
    make_choices,
    share,
)
from salesmodel_kit.tables.inputs import CRITERIA
from salesmodel_kit.tables.parts import ACCOUNT, NAME, SEGMENT, TIER

# fmt: off
ACCOUNT_TIERS = Table(
    "account_tiers", "the tier of an account",
    (
        ACCOUNT, NAME, SEGMENT,
        share("score", "account value"),
        amount("potential_per_year", "what it could buy of our range"),
        amount("sales_per_year", "sales of the last 12 months"),
        TIER,
        Column("tier_by_rule", "choice", "what the rule alone gives", choices=TIER.choices),
        Column("veto", "id", "the criterion whose veto keeps the account out of gold; empty: none does"),
        Column("override_reason", "text", "why the room decided otherwise"),
        Column("override_by", "text", "who decided it"),
        Column("previous_tier", "choice", "tier of the last model", choices=TIER.choices),
        Column("tier_source", "choice", "rule; held: kept because the score did not pass the cut by the margin; override",
               choices=make_choices(rule=(), held=(), override=())),
    ), key=("account",))


ROBUSTNESS = Table(
    "robustness", "how sure the tier of an account is, under many weightings that fit what the group judged",
    (
        ACCOUNT, NAME, TIER,
        *(share(f"{tier}_acceptability", f"share of the weightings under which the rule makes it {tier}") for tier in TIERS),
        share("tier_acceptability", "share of the weightings under which the rule gives its present tier"),
        Column("flip_distance", "number",
               "smallest change of weights, summed without sign, that moves it across a cutoff of today; empty: none does, "
               "or the room decided the tier", unit="shares of the axis", low=0, high=4),
        Column("flip_to", "choice", "the tier that this change gives", choices=TIER.choices),
        Column("flip_less", "id", "criterion that loses most weight by it"),
        share("flip_less_by", "how much weight that is, as a share of its axis"),
        Column("flip_more", "id", "criterion that gains most weight by it"),
        share("flip_more_by", "how much weight that is, as a share of its axis"),
        count("n_flip_less", "criteria that lose weight by it"),
        Column("is_close_call", "flag", "the present tier is found in too few weightings (close_call_share), and nobody decided it"),
    ), key=("account",))


RANK_ROBUSTNESS = Table(
    "rank_robustness", "an account that some weighting puts among the best ten",
    (
        ACCOUNT, NAME, share("score", "account value"),
        *(share(f"best_{last}_acceptability", f"share of the weightings under which its rank is {last} or better")
          for last in (1, 3, 10)),
        Column("central_criterion", "id", "criterion that weighs most above usual where it comes first; empty: it never does, or none stands out"),
    ), key=("account",))


CRITERION_INFLUENCE = Table(
    "criterion_influence", "how many accounts change tier with the weight of a criterion",
    (
        CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"),
        share("weight", "weight within its axis, after the strategy's emphasis"),
        share("weight_low", "first quartile of its weight over the weightings"),
        share("weight_high", "third quartile of its weight over the weightings"),
        count("n_changed_without", "accounts that change tier when it does not count; empty: it is alone on its axis"),
        count("n_changed_by_spread", "accounts that change tier when its weight rises or falls by the interquartile range, the larger number"),
    ), key=("axis", "criterion"))


TIER_MOVES = Table(
    "tier_moves", "an account that changed tier between two models, and why",
    (
        ACCOUNT, NAME,
        Column("tier_before", "choice", "tier of the earlier model; empty: none", choices=TIER.choices),
        Column("tier_after", "choice", "tier of the later model; empty: none", choices=TIER.choices),
        share("score_before", "score in the earlier model"), share("score_after", "score in the later model"),
        Column("cause", "choice", "what changed: data, weights (and criteria), rule, margin, override; several of them; "
               "unknown; new or gone account", needed=True, choices=make_choices(**dict.fromkeys(MOVE_CAUSES, ()))),
        Column("steps", "text", "every step at which the tier changed, in order"),
    ), key=("account",))


TIER_FLOWS = Table(
    "tier_flows", "a pair of tiers: how many accounts went from one to the other between two models, and why",
    (
        Column("tier_before", "choice", "tier of the earlier model", needed=True, choices={**ANY_TIER, "unknown": ()}),
        Column("tier_after", "choice", "tier of the later model", needed=True, choices={**ANY_TIER, "unknown": ()}),
        count("n_accounts", "accounts"),
        *(count(f"n_by_{cause}", f"of them moved by: {cause}") for cause in MOVE_CAUSES[:7]),
    ), key=("tier_before", "tier_after"))


TIER_SUMMARY = Table(
    "tier_summary", "a tier: what it holds, what it gets, what it should get",
    (
        Column("tier", "choice", "one of the client's tiers, or unknown (not enough known)", needed=True,
               choices={**ANY_TIER, "unknown": ()}),
        share("cutoff", "lowest score of the tier by the rule"),
        count("n_accounts", "accounts"), share("account_share", "share of the accounts"),
        amount("potential_per_year", "potential, summed over the accounts where it is known"),
        share("potential_share", "share of the potential"),
        amount("sales_per_year", "sales, summed"), share("sales_share", "share of the sales"),
        Column("wallet_share", "number", "sales / potential over the accounts where both are known", unit="0-1", low=0),
        hours("present_hours_per_year", "hours spent in the last 12 months; empty: not recorded"),
        share("present_hours_share", "share of these hours"),
        hours("workload_hours_per_year", "hours that the call norms ask for"),
        hours("recommended_hours_per_year", "hours that the team can give, best accounts first"),
        share("recommended_hours_share", "share of these hours"),
    ), key=("tier",))
# fmt: on
