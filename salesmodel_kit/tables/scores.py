"""The tables of chapter 2: account scores, what they lack, and what deals say of them."""

from __future__ import annotations

from salesmodel_kit.tables.columns import Column, Table, amount, count, make_choices, share
from salesmodel_kit.tables.inputs import CRITERIA
from salesmodel_kit.tables.parts import ACCOUNT, NAME, SEGMENT

# fmt: off
ACCOUNT_SCORES = Table(
    "account_scores", "an account on its two axes, and its two ranks",
    (
        ACCOUNT, NAME, SEGMENT,
        amount("sales_per_year", "sales of the last 12 months"),
        amount("potential_per_year", "what it could buy of our range"),
        Column("wallet_share", "number", "sales_per_year / potential_per_year", unit="0-1", low=0),
        share("potential_score", "score over the criteria of potential"),
        share("win_score", "score over the criteria of chance"),
        share("score", "account value: the two axes combined by the strategy; empty: not enough known"),
        share("known_share", "share of the weight of both axes that is known"),
        share("win_probability", "probability to win: from won and lost deals where they can tell, else as the client declared that it follows the win score"),
        amount("expected_value_per_year", "potential_per_year x win_probability"),
        count("rank_by_sales", "1: most sales; ties share the best rank; empty: sales unknown"),
        count("rank_by_value", "1: best score; empty: not enough known"),
        Column("rank_change", "integer", "rank_by_sales - rank_by_value; positive: rises when value counts", unit="count"),
    ), key=("account",))


ACCOUNT_GAPS = Table(
    "account_gaps", "a datum that an account lacks to be scored, the most valuable first",
    (
        ACCOUNT, CRITERIA.column("axis"), CRITERIA.column("criterion"),
        share("weight", "share of the weight of both axes that the datum would make known"),
        Column("rank", "integer", "1: the datum to ask for first", unit="count", low=1),
        Column("is_needed", "flag", "the data up to this rank make the account known enough; the others would only make it surer"),
    ), key=("account", "axis", "criterion"))


VETOES = Table(
    "vetoes", "an account with a performance beyond a criterion's veto: it cannot be gold, whatever its score",
    (
        ACCOUNT, CRITERIA.column("axis"), CRITERIA.column("criterion"),
        Column("performance", "number", "performance of the account", unit="the criterion's own"),
        Column("veto", "number", "performance beyond which the veto holds", unit="the criterion's own"),
    ), key=("account", "axis", "criterion"))


WIN_RATES = Table(
    "win_rates", "won and lost deals of a group, with what chance alone would allow",
    (
        Column("group", "text", "segment or rep", needed=True),
        count("n_won", "deals won"), count("n_lost", "deals lost"),
        share("win_rate", "n_won / (n_won + n_lost)"),
        share("low", "lower end of the 95 % interval (Wilson)"), share("high", "upper end of the 95 % interval (Wilson)"),
    ), key=("group",))


WIN_MODEL = Table(
    "win_model", "a criterion of the chance to win, and what won and lost deals say of it",
    (
        CRITERIA.column("criterion"), CRITERIA.column("label"),
        Column("use", "choice", "used, or why it was left out: it holds the outcome itself, is known for too few deals, "
               "or is the same for all deals", needed=True,
               choices=make_choices(used=(), contains_outcome=(), too_little_known=(), no_difference=())),
        Column("as_of", "choice", "day of the performance: the deal's first day, or today for want of a history", needed=True,
               choices=make_choices(deal=(), today=())),
        share("known_share", "share of the closed deals for which it is known; empty: it cannot be known as of then"),
        share("weight", "weight in force, within the axis chance"),
        share("weight_declared", "the same, rescaled to the criteria used"),
        share("weight_from_outcomes", "share of the positive coefficients; empty: left out, or the deals cannot tell"),
        share("low", "lower end of the 95 % interval of weight_from_outcomes (bootstrap over accounts)"),
        share("high", "upper end of this interval"),
        Column("coefficient", "number", "change of the logit of winning from worst to best; below 0: against the declared direction"),
        Column("coefficient_low", "number", "lower end of the 95 % interval of coefficient (bootstrap over accounts)"),
        Column("coefficient_high", "number", "upper end of this interval"),
    ), key=("criterion",))


WIN_ACCURACY = Table(
    "win_accuracy", "how well the win model tells won from lost deals that it has not seen",
    (
        Column("measure", "choice", "auc: area under the ROC curve; brier: Brier score", needed=True, choices=make_choices(auc=(), brier=())),
        share("value", "cross-validated value"), share("low", "lower end of the 95 % interval (by account)"),
        share("high", "upper end of this interval"), share("reference", "what chance, or always saying the win rate, would give"),
    ), key=("measure",))


CALIBRATION = Table(
    "calibration", "deals of like probability to win, and how many of them were won",
    (
        Column("group", "integer", "1: lowest probabilities", unit="count", low=1, needed=True), count("n_deals", "closed deals"),
        share("win_probability", "mean probability, from a model that had not seen the deal"),
        share("win_rate", "share that was won"),
        share("low", "lower end of the 95 % interval (Wilson)"), share("high", "upper end of this interval"),
    ), key=("group",))


BACK_TEST = Table(
    "back_test", "a ranking of a year ago, and the share of the later sales that its gold accounts hold",
    (
        Column("ranking", "choice", "by value, by past sales, or the difference of the two", needed=True,
               choices=make_choices(value=(), past_sales=(), difference=())),
        Column("later_sales_share", "number", "share of the amounts won in the last 12 months", unit="0-1", low=-1, high=1),
        Column("low", "number", "lower end of the 95 % interval (paired bootstrap over accounts)", unit="0-1", low=-1, high=1),
        Column("high", "number", "upper end of this interval", unit="0-1", low=-1, high=1),
    ), key=("ranking",))


BACK_TEST_CURVE = Table(
    "back_test_curve", "a share of the accounts, best first, and what they hold of the later sales",
    (
        share("account_share", "share of the accounts"),
        share("by_value", "share of the later sales, accounts ranked by value"),
        share("by_past_sales", "the same, accounts ranked by past sales"),
    ), key=("account_share",))
# fmt: on
