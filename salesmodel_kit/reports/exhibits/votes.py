"""Exhibits of chapter 2: what the room voted, and what other weights would change."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.group_weights import draw_group_weights
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_, Language
from salesmodel_kit.model.weight_sets import WeightSetComparison
from salesmodel_kit.narrative.telling import Caption, strip_markup, tell_basis
from salesmodel_kit.narrative.votes import (
    tell_best_by_set,
    tell_contradictions,
    tell_departments,
    tell_group_weights,
    tell_round_changes,
    tell_tier_changes,
    tell_weight_sets,
)
from salesmodel_kit.reports.exhibits.grid import Field, head_tier, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, report_missing, state_basis
from salesmodel_kit.reports.exhibits.scores import name_segments

_SET = Field("weight_set", N_("Set of weights"))
_CRITERION = (Field("label", N_("Criterion")), Field("axis", N_("Axis"), "axis"))
_GROUP = (*_CRITERION, _SET, Field("round", N_("Round"), "count"), Field("n_participants", N_("Voters"), "count"),
          Field("group_weight", N_("Weight of the group"), "share"), Field("low", N_("At least"), "share"),
          Field("high", N_("At most"), "share"), Field("median_weight", N_("Half give less than"), "share"),
          Field("quartile_range", N_("Middle half spreads over"), "share"),
          Field("declared_weight", N_("Declared weight"), "share"), Field("to_discuss_word", N_("To be talked about")))
_ROUNDS = (*_CRITERION, _SET, Field("group_weight_before", N_("Weight before"), "share"),
           Field("group_weight", N_("Weight now"), "share"),
           Field("quartile_range_before", N_("Middle half before"), "share"),
           Field("quartile_range", N_("Middle half now"), "share"),
           Field("to_discuss_word", N_("To be talked about")))
_SETS = (Field("set_name", N_("Set of weights")), Field("in_force_word", N_("In force")))
_STEPS = (Field("n_changed", N_("Change tier"), "count"),
          Field("n_up", N_("Rise"), "count"), Field("n_down", N_("Fall"), "count"),
          Field("same_best_share", N_("Same among the ten best"), "share"))
_ACCOUNT = (Field("name", N_("Account")), Field("segment_label", N_("Segment")))
_CHANGES = (*_ACCOUNT, Field("potential_per_year", N_("Potential per year"), "money"),
            Field("tier", N_("Tier in force"), "tier"), Field("set_name", N_("Other set of weights")),
            Field("other_tier", N_("Tier under it"), "tier"), Field("rank", N_("Rank in force"), "count"),
            Field("other_rank", N_("Rank under it"), "count"))
_CHECKS = (Field("participant", N_("Participant")), Field("axis", N_("Axis"), "axis"), _SET,
           Field("round", N_("Round"), "count"), Field("consistency_ratio", N_("Consistency ratio"), "score"),
           Field("criterion", N_("Criterion")), Field("against", N_("Held against")),
           Field("said", N_("Counts how many times"), "decimal"), Field("implied", N_("By all comparisons"), "decimal"))


def show_group_weights(model: SalesModel) -> Exhibit:
    """Return every vote on the weights, without names, with the group's weights, or how to vote."""
    voting, language = model.voting, model.language
    if voting is None:
        return report_missing("votes", "group_weights", model=model)
    caption = tell_group_weights(voting.group_weights, voting.agreement, language=language, criteria=model.criteria)
    return make_figure(
        "group_weights", caption, language=language,
        picture=save_svg(draw_group_weights(voting.latest, voting.group_weights, language=language)),
        grid=_render_criteria(voting.group_weights, _GROUP, label=caption.title, language=language),
        basis=_state_votes(model) + Markup(" ") + tell_departments(voting.departments, voting.group_weights,
                                                                   language=language))


def _render_criteria(table: pd.DataFrame, fields: tuple[Field, ...], *, label: Markup, language: Language) -> Markup:
    """Return a table of criteria; the name of the set only where there is one."""
    words = {True: language.text("to be talked about"), False: ""}
    shown = table.assign(to_discuss_word=table["to_discuss"].map(words))
    kept = tuple(field for field in fields if field is not _SET or table["weight_set"].notna().any())
    return render_grid(shown, kept, label=strip_markup(label), language=language)


def _state_votes(model: SalesModel) -> Markup:
    """Return the line that says that the weights were judged, by how many, and how far they agree."""
    return tell_basis(["votes"], data_basis={"votes": model.votes_basis}, language=model.language)


def show_round_changes(model: SalesModel) -> Exhibit:
    """Return what changed between the last two rounds, or how to have a second one."""
    changes = None if model.voting is None else model.voting.round_changes
    if changes is None:
        return report_missing("votes", "round_changes", model=model)
    caption = tell_round_changes(changes, language=model.language)
    return make_table("round_changes", caption, basis=_state_votes(model), grid=_render_criteria(
        changes, _ROUNDS, label=caption.title, language=model.language))


def show_weight_sets(model: SalesModel) -> Exhibit:
    """Return what each other set of weights would change: tiers, best accounts, who; or how to have one."""
    found, language = model.weight_sets, model.language
    if found is None:
        return report_missing("votes", "weight_sets", model=model)
    caption = tell_weight_sets(found.table, found.changes, language=language)
    words = {True: language.text("in force"), False: ""}
    table = found.table.assign(in_force_word=found.table["in_force"].map(words))
    counts = (Field(f"n_{tier}", head_tier(tier, language), "count") for tier in language.levels)
    grids = [render_grid(table, (*_SETS, *counts, *_STEPS), label=strip_markup(caption.title), language=language),
             *_render_best(model, found), *_render_changes(model, found)]
    return make_table("weight_sets", caption, grid=Markup("").join(grids),
                      basis=state_basis(model, "potential_per_year", "ratings", "weights"))


def _render_best(model: SalesModel, found: WeightSetComparison) -> list[Markup]:
    """Return the ranks of the best accounts under each set of weights, below what they say."""
    if found.ranks.empty:
        return []
    names = found.table["set_name"].tolist()
    caption = tell_best_by_set(found.ranks, names, language=model.language)
    fields = (*_ACCOUNT, *(Field(f"rank_{at}", name, "count") for at, name in enumerate(names, start=1)))
    return [_head(caption), render_grid(name_segments(found.ranks, model), fields, language=model.language,
                                        label=strip_markup(caption.title))]


def _render_changes(model: SalesModel, found: WeightSetComparison) -> list[Markup]:
    """Return the accounts whose tier depends on the set of weights, below what they say."""
    if found.changes.empty:
        return []
    caption = tell_tier_changes(found.changes, in_force=found.table["set_name"].iloc[0], language=model.language)
    return [_head(caption), render_grid(name_segments(found.changes, model), _CHANGES, language=model.language,
                                        label=strip_markup(caption.title), file="tier_changes")]


def _head(caption: Caption) -> Markup:
    return Markup('<p class="exhibit-subtitle"><strong>{}.</strong> {}</p>').format(caption.title, caption.subtitle)


def show_contradictions(model: SalesModel) -> Exhibit:
    """Return which comparisons contradict the others most, for whoever leads the room."""
    consistency = None if model.voting is None else model.voting.consistency
    if consistency is None or consistency.empty:
        return report_missing("votes", "contradictions", model=model)
    caption = tell_contradictions(consistency, language=model.language)
    labels = model.criteria.drop_duplicates("criterion").set_index("criterion")["label"]
    rows = consistency.sort_values("consistency_ratio", ascending=False, kind="stable")
    rows = rows.assign(criterion=rows["criterion"].map(labels), against=rows["against"].map(labels))
    kept = tuple(field for field in _CHECKS if field is not _SET or rows["weight_set"].notna().any())
    return make_table("contradictions", caption, basis=_state_votes(model), grid=render_grid(
        rows, kept, label=strip_markup(caption.title), language=model.language))
