"""The tables of chapter 1: segments on the matrix, groups that the accounts show, typical accounts."""

from __future__ import annotations

from salesmodel_kit.tables.columns import Column, Table, amount, count, make_choices, share
from salesmodel_kit.tables.inputs import CRITERIA
from salesmodel_kit.tables.parts import ACCOUNT, CHANNEL, NAME, POSTURE, SEGMENT, TIER

# fmt: off
SEGMENT_SCORES = Table(
    "segment_scores", "a market segment on the portfolio matrix",
    (
        SEGMENT, Column("label", "text", "name in the client's words", needed=True),
        amount("size_per_year", "size of the market that our range could serve"),
        amount("sales_per_year", "our sales in the segment"),
        Column("market_share", "number", "sales_per_year / size_per_year", unit="0-1", low=0),
        share("attractiveness", "score over the external criteria"),
        share("attractiveness_known_share", "share of the weight of attractiveness that is known"),
        share("competitive_strength", "score over our own position"),
        share("competitive_strength_known_share", "share of the weight of competitive strength that is known"),
        POSTURE,
        count("n_accounts", "accounts in the segment"),
        amount("potential_per_year", "potential of these accounts, summed"),
        share("past_attractiveness", "score that the segment had in the past"),
        share("past_competitive_strength", "score that our position had in the past"),
        share("target_attractiveness", "score that is expected"),
        share("target_competitive_strength", "score that our position is meant to have"),
    ), key=("segment",))


SEGMENT_CONTRIBUTIONS = Table(
    "segment_contributions", "what a criterion brings to a segment's score",
    (
        SEGMENT, CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"),
        share("weight", "weight of the criterion within its axis"),
        Column("performance", "number", "performance of the segment", unit="the criterion's own"),
        share("value", "the performance mapped to worst 0, best 1"),
        share("contribution", "what it adds to the score, weights rescaled to what is known"),
    ), key=("segment", "axis", "criterion"))


SEGMENT_DISPERSION = Table(
    "segment_dispersion", "where the raters put a segment on the portfolio matrix, and how far apart",
    (
        SEGMENT, count("n_raters", "participants who rated it on both axes; with fewer than three nothing else is given"),
        share("attractiveness", "mean of the raters, by voting power"),
        share("competitive_strength", "mean of the raters, by voting power"),
        share("attractiveness_spread", "standard deviation between raters"),
        share("competitive_strength_spread", "standard deviation between raters"),
        Column("correlation", "number", "between the raters' two scores", unit="-1 to 1", low=-1, high=1),
        Column("ellipse_length", "number", "longer half axis of the ellipse that holds half of the raters", unit="score", low=0),
        Column("ellipse_width", "number", "shorter half axis", unit="score", low=0),
        Column("ellipse_angle", "number", "of the longer axis, from the axis of competitive strength, counterclockwise",
               unit="degrees", low=-90, high=90),
    ), key=("segment",))

_GROUP = Column("group", "text", "group of accounts that are like one another, G1 the largest; empty: nothing known of the account")


ACCOUNT_GROUPS = Table(
    "account_groups", "the group that an account belongs to by what it is like",
    (
        ACCOUNT, NAME, Column("segment", "id", "market segment as declared; empty: given by the rule of the client's folder"),
        _GROUP, share("group_probability", "how sure the rule is"),
    ), key=("account",))


GROUP_CHOICE = Table(
    "group_choice", "a number of groups that was tried: what it says and what it costs",
    (
        count("n_groups", "groups"), Column("log_likelihood", "number", "of the fitted accounts"),
        count("n_parameters", "free parameters"),
        Column("bic", "number", "n_parameters x log(accounts) - 2 x log_likelihood; the least is chosen"),
    ), key=("n_groups",))


GROUP_SUMMARY = Table(
    "group_summary", "a group of accounts: what it holds and whether it comes back when accounts are drawn again",
    (
        Column("group", "text", "name", needed=True),
        share("jaccard", "likeness to the group that comes back, mean over the draws"),
        share("jaccard_low", "lower end of 95 % of the draws"), share("jaccard_high", "upper end of 95 % of the draws"),
        Column("stability", "choice", "stable: 0.75 or more; doubtful: 0.6 or more; not stable: less",
               choices=make_choices(stable=(), doubtful=(), not_stable=())),
        count("n_accounts", "accounts"), share("account_share", "share of the accounts"),
        amount("potential_per_year", "potential, summed over the accounts where it is known"),
        amount("sales_per_year", "sales, summed"),
        Column("nearest_segment", "text", "declared segment that most of its accounts are in"),
        share("nearest_segment_share", "share of its accounts that are in that segment"),
    ), key=("group",))


GROUP_FEATURES = Table(
    "group_features", "what makes a group: a band that is more frequent in it than in the portfolio",
    (
        Column("group", "text", "group", needed=True), Column("feature", "text", "what is looked at", needed=True),
        Column("label", "text", "name of the criterion; empty: not a criterion"),
        Column("kind", "choice", "how the band is said", choices=make_choices(category=(), size=(), amount=(), rating=(), measure=())),
        Column("value", "text", "category: the value"),
        Column("low", "number", "number: from here on; empty: open", unit="the feature's own"),
        Column("high", "number", "number: to below; empty: open; low and high 0: nothing", unit="the feature's own"),
        share("group_share", "share of the group's accounts in the band, of those where it is known"),
        share("portfolio_share", "the same over all accounts"),
        Column("lift", "number", "group_share / portfolio_share", low=0),
        count("rank", "1 says most"),
    ), key=("group", "feature"))


PERSONA_CARDS = Table(
    "persona_cards", "the typical account of a tier in a segment",
    (
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=TIER.choices), SEGMENT,
        Column("label", "text", "the segment in the client's words"),
        count("n_accounts", "accounts"), amount("potential_per_year", "potential, summed where it is known"),
        amount("sales_per_year", "sales, summed where they are known"),
        Column("employees_low", "number", "a quarter of the accounts have fewer employees", unit="count", low=0),
        Column("employees_high", "number", "a quarter have more", unit="count", low=0),
        Column("sectors", "text", "most frequent sectors, at most three"), share("sector_share", "share of the first one, where known"),
        Column("places", "text", "most frequent places, at most three"), share("place_share", "share of the first one, where known"),
        Column("purchases", "text", "what won deals are about most often, at most three"),
        count("n_won", "won deals with these accounts; empty: no deals on file"),
        Column("channel", "choice", "how most of them are looked after", choices=CHANNEL.choices),
        Column("calls_per_year", "number", "planned contacts, the middle one", unit="1/year", low=0),
        Column("who_decides", "text", "from the workshop"), Column("how_to_reach", "text", "from the workshop"),
        Column("notes", "text", "from the workshop"),
    ), key=("tier", "segment"))
# fmt: on
