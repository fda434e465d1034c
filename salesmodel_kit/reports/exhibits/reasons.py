"""Exhibits that say why: the best accounts taken apart, what the unknown ones lack, whom a veto keeps out of gold."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.score_waterfall import draw_score_waterfall
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_, UNKNOWN
from salesmodel_kit.model.grounds import DERIVED_FROM
from salesmodel_kit.narrative.reasons import tell_account_reasons, tell_unknown_accounts, tell_vetoes
from salesmodel_kit.narrative.telling import QUANTITIES, strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, format_cell, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, report_missing, state_basis
from salesmodel_kit.reports.exhibits.scores import name_segments, say_limit

#: Best accounts drawn, and best accounts in the table beside the picture.
N_DRAWN, N_LISTED = 4, 10
#: Missing data that are named for an account; the rest is counted.
N_NAMED = 3
#: Column of the mean score in the table beside the picture; no criterion can be called so.
_MEAN = "mean of the portfolio"
#: Derived performances that need every column they are computed from.
_NEED_ALL = ("untapped_potential_per_year", "wallet_share")

_NAME = Field("name", N_("Account"))
_SEGMENT = Field("segment_label", N_("Segment"))
_POTENTIAL = Field("potential_per_year", N_("Potential per year"), "money")
_SALES = Field("sales_per_year", N_("Sales per year"), "money")
_UNKNOWN = (_NAME, _SEGMENT, _POTENTIAL, _SALES, Field("known_share", N_("Weight known"), "share"),
            Field("needed", N_("Missing, and enough to score it")), Field("others", N_("Also missing")))
_VETOES = (_NAME, _SEGMENT, Field("score", N_("Value"), "score"), _POTENTIAL, Field("label", N_("Criterion")),
           Field("performance", N_("Performance")), Field("limit", N_("Kept out of the best tier")),
           Field("tier", N_("Tier"), "tier"))
_REASON = Field("override_reason", N_("Reason"))


def show_account_reasons(model: SalesModel) -> Exhibit:
    """Return what takes the best accounts from the portfolio's mean to their score."""
    language, scores = model.language, model.account_scores
    best = scores.dropna(subset=["score"]).sort_values("rank_by_value", kind="stable").head(N_LISTED)
    if best.empty:
        return report_missing("scores", "value_map", model=model, name="account_reasons")
    drawn, mean = best.head(N_DRAWN), float(scores["score"].mean())
    steps = list_steps(model, drawn)
    caption = tell_account_reasons(drawn, steps, mean_score=mean, n_scored=int(scores["score"].notna().sum()),
                                   language=language)
    if len(best) == 1:
        return make_table("account_reasons", caption, grid=Markup(""), basis=Markup(""))
    table = best.merge(model.account_distances, on="account", suffixes=("", "_part")).assign(**{_MEAN: mean})
    labels = name_criteria(model)
    fields = (_NAME, Field("score", N_("Value"), "score"), Field("known_share", N_("Weight known"), "share"),
              _POTENTIAL,
              Field("win_probability", N_("Chance to win"), "share"),
              Field("expected_value_per_year", N_("Expected value per year"), "money"),
              Field(_MEAN, N_("Mean of the portfolio"), "score"),
              *(Field(f"{name}_part" if f"{name}_part" in table else name, labels[name], "score")
                for name in model.account_distances.columns.drop("account")))
    money = ["win_probability"] if best["win_probability"].notna().any() else []
    return make_figure(
        "account_reasons", caption, language=language,
        picture=save_svg(draw_score_waterfall(drawn, steps, mean_score=mean, language=language)),
        grid=render_grid(table, fields, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "potential_per_year", "ratings", "weights", *money))


def name_criteria(model: SalesModel) -> pd.Series:
    """Return the criteria of account value in the client's words, by identifier."""
    rows = model.criteria[model.criteria["axis"].isin(["potential", "chance"])]
    return rows.drop_duplicates("criterion", keep="last").set_index("criterion")["label"]


def list_steps(model: SalesModel, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return what each criterion adds to the distance of these accounts from the mean, and whether it is known."""
    keys = ["account", "criterion"]
    parts = model.account_distances[model.account_distances["account"].isin(accounts["account"])]
    steps = parts.melt("account", var_name="criterion", value_name="difference")
    seen = model.account_contributions[model.account_contributions["account"].isin(accounts["account"])]
    seen = seen.melt("account", var_name="criterion", value_name="part")
    steps = steps.merge(seen, on=keys, how="left")
    return steps.assign(label=steps["criterion"].map(name_criteria(model)), is_known=steps["part"].notna())


def show_unknown_accounts(model: SalesModel) -> Exhibit:
    """Return the accounts that are not enough known, with what is missing for each."""
    language, scores = model.language, model.account_scores
    unknown = _gather_gaps(model, scores[scores["score"].isna()])
    caption = tell_unknown_accounts(unknown, minimum_known_share=model.assume("minimum_known_share"),
                                    n_accounts=len(scores), language=language)
    if unknown.empty:
        return make_table("unknown_accounts", caption, grid=Markup(""), basis=Markup(""))
    grid = render_grid(unknown, _UNKNOWN, label=strip_markup(caption.title), language=language, file="account_gaps")
    return make_table("unknown_accounts", caption, grid=grid,
                      basis=state_basis(model, "potential_per_year", "sales_per_year", "weights"))


def _gather_gaps(model: SalesModel, unknown: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts, most money first, with what they lack in words."""
    gaps = model.account_gaps.assign(label=_name_data(model)).drop_duplicates(["account", "label"])
    needed, others = (gaps[gaps["is_needed"] == is_needed] for is_needed in (True, False))
    ordered = unknown.sort_values(["potential_per_year", "sales_per_year"], ascending=False, kind="stable")
    account = ordered["account"]
    first = gaps.drop_duplicates("account").set_index("account")["label"].to_dict()
    return name_segments(ordered, model).assign(
        first=account.map(first), n_needed=account.map(needed["account"].value_counts().to_dict()),
        needed=account.map(_join(needed, model).to_dict()), others=account.map(_join(others, model).to_dict()))


def _name_data(model: SalesModel) -> pd.Series:
    """Return what to ask for in place of each gap: what a derived performance is computed from, else the criterion."""
    gaps, accounts = model.account_gaps, model.client.accounts
    label = gaps["criterion"].map(name_criteria(model)).astype(object)
    for criterion in (name for name in _NEED_ALL if name not in accounts):
        columns = DERIVED_FROM[criterion]
        own = gaps["account"].where(gaps["criterion"] == criterion)
        lacks = [own.isin(accounts.loc[accounts[column].isna(), "account"]) for column in columns]
        for pattern in product((False, True), repeat=len(columns)):
            words = [model.language.text(QUANTITIES[column][0]) for column, here in zip(columns, pattern, strict=True)
                     if here]
            said = model.language.enumerate(words)
            rows = np.logical_and.reduce([lack == here for lack, here in zip(lacks, pattern, strict=True)])
            label[rows & own.notna()] = said[:1].upper() + said[1:] if words else label[rows & own.notna()]
    return label


def _join(gaps: pd.DataFrame, model: SalesModel) -> pd.Series:
    language = model.language

    def join(labels: pd.Series) -> str:
        shown = labels.head(N_NAMED).tolist()
        n_more = len(labels) - len(shown)
        if n_more == 1:
            shown = labels.tolist()
        elif n_more:
            shown.append(language.text("{n_more} others", n_more=language.number(n_more)))
        return language.enumerate(shown) or UNKNOWN

    return gaps.groupby("account", sort=False)["label"].agg(join)


def show_vetoes(model: SalesModel) -> Exhibit:
    """Return the accounts that a veto keeps out of gold, or that none does."""
    language, tiers = model.language, model.account_tiers
    caption = tell_vetoes(model.criteria, model.vetoes, tiers, language=language)
    kept_out = tiers[tiers["veto"].notna()].sort_values("score", ascending=False, kind="stable")
    if kept_out.empty:
        return make_table("vetoes", caption, grid=Markup(""), basis=Markup(""))
    found = model.vetoes.rename(columns={"veto": "limit", "criterion": "veto"})
    table = name_segments(kept_out, model).merge(found, on=["account", "veto"], how="left")
    table = table.assign(label=table["veto"].map(name_criteria(model)), **_say_performances(table, model))
    fields = (*_VETOES, *([_REASON] if table["override_reason"].notna().any() else []))
    grid = render_grid(table, fields, label=strip_markup(caption.title), language=language, file="account_tiers")
    return make_table("vetoes", caption, grid=grid, basis=state_basis(model, "ratings", "weights"))


def _say_performances(table: pd.DataFrame, model: SalesModel) -> dict[str, list[str]]:
    """Return performances and limits in words: a category by its name, a number with as many digits as it has."""
    words = model.criteria.loc[model.criteria["category_values"].notna(), "criterion"]
    falling = model.criteria.loc[model.criteria["best"] < model.criteria["worst"], "criterion"]
    cells = model.performances.set_index("account")

    def write(value: float) -> str:
        return format_cell(value, style="exact", language=model.language)

    said: dict[str, list[str]] = {"performance": [], "limit": []}
    for row in table.itertuples():
        is_word = row.veto in set(words)
        said["performance"].append(str(cells.at[row.account, row.veto]) if is_word else write(row.performance))
        said["limit"].append(say_limit(row.limit, is_above=row.veto in set(falling), is_value=is_word,
                                       language=model.language))
    return said
