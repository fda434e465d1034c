"""Exhibits on what the accounts themselves say: groups found in them, typical accounts of tiers and segments."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_, Language
from salesmodel_kit.model.account_groups import N_RESAMPLES
from salesmodel_kit.model.personas import choose_cards
from salesmodel_kit.narrative.segmentation import (
    describe_card,
    describe_group,
    say_likeness,
    tell_account_groups,
    tell_persona_cards,
)
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_cards, make_table, report_missing, state_basis

_GROUPS = (Field("group", N_("Group")), Field("words", N_("What is more frequent than in the portfolio")),
           Field("n_accounts", N_("Accounts"), "count"),
           Field("potential_per_year", N_("Potential per year"), "money"),
           Field("nearest_segment", N_("Nearest declared segment")),
           Field("nearest_segment_share", N_("of its accounts"), "share"),
           Field("stability", N_("Stability"), "stability"), Field("likeness", N_("Likeness, 95% of draws")))
_CARDS = (Field("label", N_("Segment")), Field("tier", N_("Tier"), "tier"),
          Field("n_accounts", N_("Accounts"), "count"), Field("potential_per_year", N_("Potential per year"), "money"),
          Field("sales_per_year", N_("Sales per year"), "money"), Field("sectors", N_("Sector")),
          Field("purchases", N_("What they buy")), Field("who_decides", N_("Who decides")),
          Field("how_to_reach", N_("How to reach them")))
_CARD = Markup('<section class="persona persona-{tier}"><h4>{label}</h4><p class="persona-head">{chip} {head}</p>'
               "<dl>{lines}</dl></section>")
_LINE = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
_UNKNOWN = Markup('<em class="persona-unknown">{}</em>')


def show_account_groups(model: SalesModel) -> Exhibit:
    """Return the groups that the accounts show, in words, against the declared segments, or what is lacking."""
    groups, language = model.account_groups, model.language
    if groups is None:
        return report_missing("segmentation", "account_groups", model=model)
    caption = tell_account_groups(
        model.group_summary, sorted(groups.accounts["segment"].dropna().unique()), language=language, facts={
            "features": [feature.name for feature in groups.rule.features],
            "labels": model.client.criteria.drop_duplicates("criterion").set_index("criterion")["label"].to_dict(),
            "n_tried": len(groups.choice), "n_accounts": len(groups.accounts),
            "n_fitted": groups.rule.mixture.n_accounts, "n_resamples": N_RESAMPLES, "agreement": groups.agreement,
            "rand": groups.rand, "n_placed": 0 if model.placed is None else len(model.placed)})
    grid = Markup("")
    if groups.n_groups > 1:
        words = dict(list_group_words(model))
        table = model.group_summary.assign(words=model.group_summary["group"].map(words), likeness=[
            say_likeness(row, language=language) for row in model.group_summary.to_dict("records")])
        grid = render_grid(table, _GROUPS, label=strip_markup(caption.title), language=language)
    return make_table("account_groups", caption, grid=grid, basis=state_basis(
        model, "sales_per_year", "potential_per_year", "ratings"))


def list_group_words(model: SalesModel) -> list[tuple[str, str]]:
    """Return each group with its words, in the client's language."""
    features = model.group_features
    return [(group, describe_group(features[features["group"] == group], language=model.language))
            for group in model.group_summary["group"]]


def show_persona_cards(model: SalesModel) -> Exhibit:
    """Return the cards of the typical accounts that matter, or what is lacking."""
    language, cards = model.language, model.persona_cards
    if cards.empty:
        return report_missing("segmentation", "persona_cards", model=model)
    shown = choose_cards(cards, model.client.personas)
    caption = tell_persona_cards(shown, cards, in_bands=bool(model.client.accounts["employees"].isna().all()
                                 and model.client.accounts["size_band"].notna().any()), language=language)
    deck = Markup("").join(_make_card(card, language) for card in shown.to_dict("records"))
    typed = ["personas"] if model.client.personas is not None else []
    return make_cards(
        "persona_cards", caption, deck=deck, language=language,
        grid=render_grid(cards, _CARDS, label=strip_markup(caption.title), language=language, file="persona_cards"),
        basis=state_basis(model, "sales_per_year", "potential_per_year", "opportunities", *typed, "call_norms")
        if model.client.opportunities is not None
        else state_basis(model, "sales_per_year", "potential_per_year", *typed, "call_norms"))


def _make_card(card: dict[str, object], language: Language) -> Markup:
    chip = Markup('<span class="tier tier-{}">{}</span>').format(card["tier"], language.word("tier", card["tier"]))
    count = card["n_accounts"]
    head = language.plural(count, language.text("{count} account"), language.text("{count} accounts")).format(
        count=language.number(count))
    if pd.notna(card["potential_per_year"]):
        head += " · " + language.text("potential {amount} a year", amount=language.brief_money(
            card["potential_per_year"]))
    unknown = _UNKNOWN.format(language.text("not known"))
    lines = Markup("").join(_LINE.format(heading, unknown if said is None else said)
                            for heading, said in describe_card(card, language=language)
                            if said is not None or heading != language.text("Remarks"))
    return _CARD.format(tier=card["tier"], label=card["label"], chip=chip, head=head, lines=lines)
