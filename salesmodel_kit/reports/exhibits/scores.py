"""Exhibits of chapter 2: what makes an account worth our time."""

from __future__ import annotations

import base64

import pandas as pd
from babel.numbers import get_currency_symbol
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.rank_changes import draw_rank_changes
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.value_curve import draw_value_curve
from salesmodel_kit.charts.value_map import draw_value_map
from salesmodel_kit.language import N_, Language, is_known, set_type
from salesmodel_kit.model.grounds import DERIVED_FROM, find_weakest_basis
from salesmodel_kit.model.value_functions import list_shapes
from salesmodel_kit.narrative.outcomes import tell_outcome_decisions
from salesmodel_kit.narrative.scores import (
    compare_ranks,
    tell_criteria,
    tell_rank_changes,
    tell_score_decisions,
    tell_top_accounts,
    tell_value_map,
)
from salesmodel_kit.narrative.telling import QUANTITIES, strip_markup, tell
from salesmodel_kit.reports.exhibits.grid import Field, format_cell, render_grid
from salesmodel_kit.reports.exhibits.page import (
    Exhibit,
    make_decisions,
    make_figure,
    make_table,
    report_missing,
    state_basis,
    state_quantity,
)
from salesmodel_kit.tables import LEVELS

#: What clients write for an amount, or an amount a year, without naming their currency.
_MONEY_WORDS = ("currency", "monnaie", "devise")
_MONEY_PER_YEAR = tuple(f"{word}{per}" for word in _MONEY_WORDS for per in ("/year", "/an", " per year", " par an"))
_COLON = {"en": ": ", "fr": "\u00a0: "}

#: Accounts that rise, and that fall, most; best accounts whose score is taken apart.
N_SHOWN = 10

_NAME = Field("name", N_("Account"))
_CRITERIA = (
    Field("label", N_("Criterion")), Field("axis", N_("Axis"), "axis"),
    Field("worst", N_("Worth 0 at"), "exact"),
    Field("best", N_("Worth 1 at"), "exact"), Field("unit", N_("Unit"), is_told=False),
    Field("serves", N_("Speaks for"), "serves", is_told=False),
    Field("curve", N_("Value curve"), "picture"), Field("global_weight", N_("Weight"), "share"))
_OF_GROUP = Field("local_weight", N_("Weight in its group"), "share")
_VETO = Field("veto_said", N_("Kept out of the best tier"))
_ORIGIN = (Field("basis", N_("Basis"), "basis"), Field("source", N_("Source"), is_told=False))
_CURVE = Markup('<img src="data:image/svg+xml;base64,{picture}" alt="{alt}">')
#: What stands before a sub-criterion, once for each level.
_INDENT = "\u2003"
_SCORES = (Field("segment_label", N_("Segment")), Field("potential_score", N_("Development potential"), "score"),
           Field("win_score", N_("Chance to win"), "score"), Field("score", N_("Value"), "score"))
_MONEY = (Field("potential_per_year", N_("Potential per year"), "money"),
          Field("sales_per_year", N_("Sales per year"), "money"))
_RANKS = (_NAME, Field("segment_label", N_("Segment")), Field("rank_by_sales", N_("Rank by sales"), "count"),
          Field("rank_by_value", N_("Rank by value"), "count"), Field("rank_change", N_("Change"), "count"), *_MONEY)


def show_criteria(model: SalesModel) -> Exhibit:
    """Return the criteria of account value with their weights, what they rest on, and the strategy's reasoning."""
    language, strategy = model.language, model.strategy
    label = set_type(strategy.label[language.code], language.code)
    caption = tell_criteria(model.criteria, strategy=label, potential_weight=strategy.potential_weight,
                            language=language)
    rows = _state_criteria_basis(model)
    fields = (*_CRITERIA, *([_OF_GROUP] if rows["depth"].any() else []),
              *([_VETO] if rows["veto"].notna().any() else []), *_ORIGIN)
    reasoning = tell("scores", "criteria_reasoning", language=language, strategy=label,
                     reasoning=set_type(strategy.reasoning[language.code], language.code))
    return make_table("criteria", caption, basis=reasoning,
                      grid=render_grid(rows, fields, label=strip_markup(caption.title), language=language))


def say_limit(limit: float, *, is_above: bool, is_value: bool, language: Language) -> str:
    """Return on which side of its limit a veto is, ``below 3``; ``is_value``: the limit is a category's value."""
    said = format_cell(limit, style="exact", language=language)
    if is_value:
        return language.text("a value above {limit}" if is_above else "a value below {limit}", limit=said)
    return language.text("above {limit}" if is_above else "below {limit}", limit=said)


def _state_criteria_basis(model: SalesModel) -> pd.DataFrame:
    """Return the criteria of account value as a tree, heaviest first, with what their performances rest on."""
    tree = model.criteria_tree
    rows = tree[tree["axis"].isin(["potential", "chance"])].sort_values("axis", ascending=False, kind="stable")
    rated = rows[[f"level_{level}" for level in LEVELS]].notna().any(axis=1)
    grounds = [("judged", "") if is_rated and name not in model.profile.data_basis else state_performance(model, name)
               for name, is_rated in zip(rows["criterion"], rated, strict=True)]
    is_leaf, is_word = rows["is_leaf"], rows["category_values"].notna()
    is_scale = is_leaf & ~is_word
    vetoes = zip(rows["veto"], rows["best"] < rows["worst"], is_word, strict=True)
    said = [say_limit(veto, is_above=above, is_value=word, language=model.language) if is_known(veto) else None
            for veto, above, word in vetoes]
    return rows.assign(
        veto_said=said,
        label=[_INDENT * depth + label for depth, label in zip(rows["depth"], rows["label"], strict=True)],
        worst=rows["worst"].where(is_scale), best=rows["best"].where(is_scale),
        curve=pd.Series(_draw_curves(rows, model), index=rows.index, dtype=object),
        unit=rows["unit"].map(lambda unit: name_unit(unit, model.language), na_action="ignore").astype("str").fillna(
            rows["category_values"]),
        basis=[basis if here else None for (basis, _), here in zip(grounds, is_leaf, strict=True)],
        source=[(source or None) if here else None for (_, source), here in zip(grounds, is_leaf, strict=True)])


def state_performance(model: SalesModel, name: str) -> tuple[str, str]:
    """Return basis and source of a criterion's performances; a derived one has those of what it is computed from."""
    parts = DERIVED_FROM.get(name, ())
    if name in model.profile.data_basis or name in model.client.accounts or not parts:
        return state_quantity(model, name)
    grounds = {part: state_quantity(model, part) for part in parts if model.client.accounts[part].notna().any()}
    sources = (f"{model.language.text(QUANTITIES[part][0])}{_COLON[model.language.code]}{source}"
               for part, (_, source) in grounds.items() if source)
    return find_weakest_basis([basis for basis, _ in grounds.values()] or ["measured"]), "; ".join(sources)


def name_unit(unit: str, language: Language) -> str:
    """Return a criterion's unit in the reader's language; the word currency gives way to the client's own.

    Examples
    --------
    >>> name_unit("currency per year", Language("en", "EUR")), name_unit("monnaie par an", Language("fr", "CHF"))
    ('€/year', 'CHF/an')
    """
    sign = get_currency_symbol(language.currency, locale=language.locale)
    plain = unit.strip().lower()
    if plain in _MONEY_PER_YEAR:
        return language.text("{currency}/year", currency=sign)
    return sign if plain in _MONEY_WORDS else language.text(unit)


def _draw_curves(rows: pd.DataFrame, model: SalesModel) -> list[Markup | None]:
    """Return the value function of each criterion as a small picture; none for the sum of sub-criteria."""
    language, curves = model.language, []
    shapes = list_shapes(rows)
    for shape, words, is_leaf in zip(shapes, rows["category_values"], rows["is_leaf"], strict=True):
        says = "; ".join(f"{language.number(at, 0 if at == round(at) else 2)}: {language.number(value, 2)}"
                         for at, value in shape) if pd.isna(words) else words
        picture = base64.b64encode(draw_value_curve(shape, steps=pd.notna(words))).decode("ascii")
        curves.append(_CURVE.format(picture=picture, alt=says) if is_leaf else None)
    return curves


def show_value_map(model: SalesModel) -> Exhibit:
    """Return the map of accounts by potential and chance, or what it lacks."""
    language, scores = model.language, model.account_scores
    if scores["score"].isna().all():
        return report_missing("scores", "value_map", model=model)
    caption = tell_value_map(scores, language=language)
    best = name_segments(scores, model).sort_values("rank_by_value", kind="stable")
    return make_figure(
        "value_map", caption, language=language,
        picture=save_svg(draw_value_map(scores, model.account_tiers, language=language)),
        grid=render_grid(best, (_NAME, *_SCORES, *_MONEY), label=strip_markup(caption.title), language=language,
                         file="account_scores"),
        basis=state_basis(model, "potential_per_year", "ratings", "weights"))


def show_rank_changes(model: SalesModel) -> Exhibit:
    """Return the two rankings side by side with those who rise and fall most, or what they lack."""
    language, scores = model.language, compare_ranks(model.account_scores)
    movers = list_movers(scores)
    if movers.empty:
        n_ranked = int(scores["rank_change"].notna().sum())
        reason = {0: "rank_changes", 1: "rank_changes_one"}.get(n_ranked, "rank_changes_same")
        return report_missing("scores", reason, model=model, name="rank_changes")
    caption = tell_rank_changes(scores, language=language)
    return make_figure(
        "rank_changes", caption, language=language,
        picture=save_svg(draw_rank_changes(movers, language=language)),
        grid=render_grid(name_segments(movers, model), _RANKS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "sales_per_year", "potential_per_year", "ratings", "weights"))


def list_movers(account_scores: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that rise most and those that fall most when value counts, in that order.

    Measured by the ratio of the two ranks: from 5 to 50 is as far as from 50 to 500.
    """
    ranked = account_scores.dropna(subset=["rank_change"])
    rise = ranked["rank_by_sales"].astype(float) / ranked["rank_by_value"].astype(float)
    ranked = ranked.loc[rise.sort_values(ascending=False, kind="stable").index]
    rising, falling = ranked[ranked["rank_change"] > 0], ranked[ranked["rank_change"] < 0]
    return pd.concat([rising.head(N_SHOWN), falling.tail(N_SHOWN)])


def show_top_accounts(model: SalesModel) -> Exhibit:
    """Return what carries the best accounts, criterion by criterion."""
    language, scores = model.language, model.account_scores
    best = scores.dropna(subset=["score"]).sort_values("rank_by_value", kind="stable").head(N_SHOWN)
    if best.empty:
        return report_missing("scores", "value_map", model=model, name="top_accounts")
    parts = best[["account"]].merge(model.account_contributions, on="account", how="left")
    labels = model.criteria.drop_duplicates("criterion", keep="last").set_index("criterion")["label"]
    caption = tell_top_accounts(best, parts, labels, language=language)
    table = best[["account", "name", "score", "expected_value_per_year"]]
    table = table.merge(parts, on="account", suffixes=("", "_part"))
    fields = (_NAME, Field("score", N_("Value"), "score"),
              Field("expected_value_per_year", N_("Expected value per year"), "money"),
              *(Field(name, labels[name], "score") for name in parts.columns.drop("account")))
    return make_table(
        "top_accounts", caption, basis=state_basis(model, "potential_per_year", "ratings", "weights"),
        grid=render_grid(table, fields, label=strip_markup(caption.title), language=language))


def decide_scores(model: SalesModel) -> Exhibit:
    """Return what the room decides on account value."""
    items = tell_score_decisions(
        model.account_scores, strategy=set_type(model.strategy.label[model.language.code], model.language.code),
        potential_weight=model.strategy.potential_weight, language=model.language)
    if model.win_model is not None:
        items += tell_outcome_decisions(model.win_model.table, language=model.language)
    return make_decisions("decide_scores", items=items, language=model.language)


def name_segments(table: pd.DataFrame, model: SalesModel) -> pd.DataFrame:
    """Return a table of accounts with ``segment_label``, the segment in the client's words."""
    return table.assign(segment_label=table["segment"].map(model.segment_scores.set_index("segment")["label"]))
