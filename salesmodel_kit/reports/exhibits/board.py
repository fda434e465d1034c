"""Exhibits of chapter 5: the board page, what is not known, and what each number rests on."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_, Language
from salesmodel_kit.narrative.board import (
    tell_assumptions,
    tell_board_effort,
    tell_board_people,
    tell_board_value,
    tell_method,
    tell_unknowns,
)
from salesmodel_kit.narrative.segments import is_tested
from salesmodel_kit.narrative.sizes import tell_size_verdict
from salesmodel_kit.narrative.telling import COLUMN_OF, QUANTITIES, strip_markup, tell
from salesmodel_kit.reports.exhibits.allocation import (
    describe_relations,
    draw_hours,
    find_plan_gap,
    report_no_plan,
    show_rep_loads,
)
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_prose, make_table, state_quantity
from salesmodel_kit.reports.exhibits.tiers import show_cumulated_potential

_PIECE = Markup(
    '<section class="board" id="{name}"><h3>{heading}</h3><p class="board-decision"><strong>{decision}</strong></p>'
    "{figure}<p><strong>{sure_label}</strong> {sure}</p><p><strong>{change_label}</strong> {change}</p></section>")
_UNKNOWNS = Markup('<section class="board" id="unknowns"><h3>{heading}</h3>{content}</section>')

#: Assumption of the chain -> its name in words.
_NAMES: Mapping[str, str] = {
    "selling_time_share": N_("share of working time that is selling"),
    "inside_selling_time_share": N_("share of working time that is selling, for those who do not travel"),
    "travel_time_share": N_("share of working time on the road"),
    "working_days_per_year": N_("working days a year"),
    "working_hours_per_day": N_("working hours a day"),
    "detour_factor": N_("road distance over distance as the crow flies"),
    "minimum_known_share": N_("share of the weight that must be known for a score"),
    "balance_tolerance": N_("tolerated deviation from an equal load"),
    "potential_tolerance": N_("tolerated deviation from an equal potential"),
    "balance_from_load": N_("share of a field rep's hours from which hours are balanced"),
    "relation_km": N_("kilometres that keeping the present rep is worth"),
    "close_call_share": N_("share of the weightings below which a tier is a close call"),
    "carry_over_year_2": N_("share of the first year's extra sales that comes again in the second year"),
    "carry_over_year_3": N_("share of the first year's extra sales that comes again in the third year"),
    "ramp_up_months": N_("months until a new person is at full output"),
    "hiring_cost": N_("cost of hiring one person"),
    "win_probability": N_("probability to win of each account"),
    "win_probability_at_worst": N_("probability to win at the lowest score"),
    "win_probability_at_best": N_("probability to win at the highest score"),
}
#: First part of a norm's name -> its name in words.
_NORMS: Mapping[str, str] = {
    "call_norm": N_("contacts a year"),
    "hours_per_call": N_("hours of a contact"),
    "travel_hours_per_call": N_("hours on the road for a contact"),
}
#: Units that the chain gives to norms; the catalogue knows them from here.
_UNITS = (N_("contacts/year"), N_("hours/contact"))
_ASSUMPTIONS = (
    Field("title", N_("What")), Field("value", N_("Value used"), "exact"), Field("low", N_("Low"), "exact"),
    Field("high", N_("High"), "exact"), Field("unit", N_("Unit")), Field("basis", N_("Basis"), "basis"),
    Field("source", N_("Source")))


def show_board_value(model: SalesModel) -> Exhibit:
    """Return the first decision of the board page: where the value is."""
    parts = tell_board_value(model.segment_scores, model.account_tiers, model.tier_summary, language=model.language)
    return _make_piece("board_value", parts, show_cumulated_potential(model), model=model)


def show_board_effort(model: SalesModel) -> Exhibit:
    """Return the second decision of the board page: where the effort goes and should go."""
    if find_plan_gap(model):
        return report_no_plan(model, name="board_effort")
    parts = tell_board_effort(model.tier_summary, present=model.present_hours, language=model.language,
                              capacity=model.reps["selling_hours_per_year"].sum())
    return _make_piece("board_effort", parts, draw_hours(model), model=model)


def show_board_people(model: SalesModel) -> Exhibit:
    """Return the third decision of the board page: what it takes."""
    if find_plan_gap(model):
        return report_no_plan(model, name="board_people")
    parts = tell_board_people(
        model.role_summary, model.calls, describe_relations(model), language=model.language,
        n_without=int(model.client.reps["selling_hours_per_year"].isna().sum()), n_reps=len(model.client.reps),
        bases={"call_norms": model.norm_sources["call_norms"][0], "filled": model.default_hours_basis,
               "given": state_quantity(model, "selling_hours_per_year")[0]})
    answer = model.team_sizes[1] if model.team_sizes else None
    verdict = tell_size_verdict(model.role_summary, answer, language=model.language)
    parts["decision"] = Markup(" ").join(part for part in (parts["decision"], verdict) if part)
    return _make_piece("board_people", parts, show_rep_loads(model), model=model)


def _make_piece(name: str, parts: Mapping[str, Markup], figure: Exhibit, *, model: SalesModel) -> Exhibit:
    html = _PIECE.format(
        name=name, figure=figure.html, sure_label=tell("board", "sure_label", language=model.language),
        change_label=tell("board", "change_label", language=model.language), **parts)
    return Exhibit(name, strip_markup(parts["decision"]), html)


def show_unknowns(model: SalesModel) -> Exhibit:
    """Return what is not known, and what that keeps the model from saying."""
    comparison = model.win_rates_by_segment
    parts = tell_unknowns(
        model.account_scores, model.territories, language=model.language,
        absent={"hours": model.present_hours_basis is None, "deals": model.client.opportunities is None,
                "deals_few": comparison is not None and not is_tested(comparison.table),
                "deals_cannot_tell": comparison is not None and is_tested(comparison.table) and not comparison.can_tell,
                "previous_tiers": model.previous_tiers.isna().all()})
    content = Markup("<ul>{}</ul>" if parts["items"] else "<p>{}</p>").format(parts["items"] or parts["nothing"])
    return Exhibit("unknowns", strip_markup(parts["heading"]),
                   _UNKNOWNS.format(heading=parts["heading"], content=content))


def show_assumptions(model: SalesModel) -> Exhibit:
    """Return what each number rests on: value, range, unit, basis, source."""
    language, table = model.language, model.assumptions
    words = {**_NAMES, **{name: word for name, (word, _) in QUANTITIES.items()}}
    words |= {column: words[name] for name, column in COLUMN_OF.items() if name != "places"}
    labels = model.criteria.set_index("criterion")["label"].to_dict()
    titles = table["name"].map(lambda name: language.text(words[name]) if name in words
                               else labels.get(name) or name_norm(name, language=language))
    value = table["value"].map(lambda text: float(text) if text else float("nan"))
    shown = table.assign(title=titles, value=value, unit=table["unit"].map(language.text),
                         source=table["source"].map(language.text))
    caption = tell_assumptions(table, language=language)
    return make_table("assumptions", caption, basis=Markup(""), grid=render_grid(
        shown, _ASSUMPTIONS, label=strip_markup(caption.title), language=language))


def name_norm(name: str, *, language: Language) -> str:
    """Return a call norm or the hours of a contact in words; another name as it is.

    Examples
    --------
    >>> name_norm("call_norm.gold.invest.field", language=Language("en"))
    'contacts a year (gold, invest, field visits)'
    """
    kind, *keys = name.split(".")
    if kind not in _NORMS:
        return name
    kinds = ("tier", "posture", "channel", "standing") if kind == "call_norm" else ("channel",)
    words = [language.word(kind, key) for kind, key in zip(kinds, keys, strict=False) if key != "any"]
    words += [segment for segment in [".".join(keys[len(kinds):])] if segment not in ("", "any")]
    return f"{language.text(_NORMS[kind])} ({', '.join(words)})"


def tell_method_in_brief(model: SalesModel) -> Exhibit:
    """Return the method in brief."""
    rule = model.strategy.tiers
    paragraphs = tell_method(rule=rule.rule, cuts=rule.cuts, margin=model.assume("tier_margin"),
                             potential_weight=model.strategy.potential_weight, language=model.language)
    return make_prose("method", title=model.language.text("Method in brief"), paragraphs=paragraphs)
