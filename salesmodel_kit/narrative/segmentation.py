"""Sentences on what the accounts themselves say: groups found in them, typical accounts of tiers and segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from salesmodel_kit.language import N_, Language, is_known
from salesmodel_kit.narrative.telling import Caption, tell_caption

#: Features of accounts that are not criteria, as they are said.
FEATURES: Mapping[str, str] = {
    "sector": N_("Sector"), "employees": N_("Employees"), "place": N_("Place"),
    "sales_per_year": N_("Sales per year"), "potential_per_year": N_("Potential per year"),
}
#: Features that the words of a group name.
N_WORDS = 3
#: Adjusted Rand index from which two partitions largely agree (Steinley 2004), and below which hardly.
LARGELY, HARDLY = 0.65, 0.2
#: A place is said of a card where at least this share of the accounts lies in it.
LEAST_PLACE_SHARE = 0.2
#: Between entries that hold commas of their own.
SEPARATOR = " · "
_BETWEEN, _ABOVE, _BELOW = N_("{low} to under {high}"), N_("{low} or more"), N_("under {high}")


def tell_account_groups(
    group_summary: pd.DataFrame, segments: Sequence[str], *, facts: Mapping[str, object], language: Language,
) -> Caption:
    """Return how many groups the accounts show, whether they hold, and whether the declared segments agree.

    Parameters
    ----------
    group_summary : DataFrame
        Table ``group_summary``.
    segments : sequence of str
        Labels of the segments that accounts declare.
    facts : mapping
        ``features`` and ``labels`` (names of the features and of criteria), ``n_tried``, ``n_accounts``,
        ``n_fitted``, ``n_resamples``, ``agreement`` and ``rand`` (value, low, high), ``n_placed``.
    language : Language
        The reader's language.
    """
    stability = group_summary["stability"]
    agreement, low, high = facts["agreement"]
    return tell_caption(
        "segmentation", "account_groups", language=language,
        n_groups=len(group_summary), n_stable=int((stability == "stable").sum()),
        n_segments=len(segments), agreement=agreement, agreement_low=low, agreement_high=high,
        agrees=judge_agreement(agreement), rand=facts["rand"][0], rand_low=facts["rand"][1], rand_high=facts["rand"][2],
        features=[_begin_small(_name_feature(name, facts["labels"], language)) for name in facts["features"]],
        **{name: facts[name] for name in ("n_tried", "n_accounts", "n_fitted", "n_resamples", "n_placed")})


def judge_agreement(adjusted_rand: float) -> str:
    """Return ``largely``, ``partly``, ``hardly`` or ``unknown`` for an adjusted Rand index."""
    if not is_known(adjusted_rand):
        return "unknown"
    return "largely" if adjusted_rand >= LARGELY else "partly" if adjusted_rand >= HARDLY else "hardly"


def _name_feature(name: str, labels: Mapping[str, str], language: Language) -> str:
    return language.text(FEATURES[name]) if name in FEATURES else str(labels.get(name, name))


def _begin_small(words: str) -> str:
    """Return words as they stand within a sentence; an abbreviation keeps its capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def describe_group(features: pd.DataFrame, *, language: Language) -> str:
    """Return a group in words: what is more frequent in it than in the portfolio, what says most first.

    Parameters
    ----------
    features : DataFrame
        Rows of ``group_features`` of one group.
    language : Language
        The reader's language.

    Returns
    -------
    str
        Plain text; where nothing stands out, that.
    """
    rows = features.sort_values("rank").head(N_WORDS).to_dict("records")
    if not rows:
        return language.text("nothing stands out against the portfolio")
    return SEPARATOR.join(
        language.text("{feature}: {band} ({here}, portfolio {all})", feature=_name_feature(
            row["feature"], {row["feature"]: row["label"]}, language), band=say_band(row, language=language),
            here=language.share(row["group_share"]), all=language.share(row["portfolio_share"])) for row in rows)


def say_likeness(row: Mapping[str, object], *, language: Language) -> str:
    """Return the likeness of a group to the one that comes back, ``0.74 (0.52 to 0.92)``.

    Parameters
    ----------
    row : mapping
        A row of ``group_summary``.
    language : Language
        The reader's language.
    """
    mean, low, high = (language.number(row[name], 2) for name in ("jaccard", "jaccard_low", "jaccard_high"))
    return language.text("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def say_band(band: Mapping[str, object], *, language: Language) -> str:
    """Return a band in words: ``10 to 49``, ``under €14,000``, ``4 or 5``, ``€0``.

    Parameters
    ----------
    band : mapping
        ``kind``, ``value``, ``low``, ``high`` as in ``group_features``.
    language : Language
        The reader's language.
    """
    if band["kind"] == "category":
        return str(band["value"])
    low, high = band["low"], band["high"]
    if band["kind"] == "rating":
        return language.text("1 or 2") if not is_known(low) else "3" if is_known(high) else language.text("4 or 5")
    if band["kind"] == "size" and is_known(low) and is_known(high):
        return language.text("{low} to {high}", low=language.number(low), high=language.number(high - 1))
    say = language.brief_money if band["kind"] == "amount" else lambda number: _say_number(number, language)
    if low == 0 and high == 0:
        return say(0)
    template = _BELOW if not is_known(low) else _BETWEEN if is_known(high) else _ABOVE
    return language.text(template, low=say(low), high=say(high))


def _say_number(number: float, language: Language) -> str:
    digits = 0 if not is_known(number) or float(number).is_integer() else 2
    return language.number(number, digits)


def tell_persona_cards(shown: pd.DataFrame, persona_cards: pd.DataFrame, *, in_bands: bool,
                       language: Language) -> Caption:
    """Return what the typical accounts stand for, and what nobody has typed yet.

    Parameters
    ----------
    shown : DataFrame
        Rows of ``persona_cards`` that have a card.
    persona_cards : DataFrame
        The whole table.
    in_bands : bool
        Whether employees are known by band only.
    language : Language
        The reader's language.
    """
    potential = persona_cards["potential_per_year"].sum(min_count=1)
    return tell_caption(
        "segmentation", "persona_cards", language=language, in_bands=in_bands, n_cards=len(shown),
        n_cells=len(persona_cards), n_accounts=int(shown["n_accounts"].sum()),
        account_share=shown["n_accounts"].sum() / persona_cards["n_accounts"].sum(),
        potential_share=shown["potential_per_year"].sum() / potential if potential > 0 else float("nan"),
        n_untyped=int(shown["who_decides"].isna().sum()), deals_known=bool(persona_cards["n_won"].notna().any()))


def describe_card(card: Mapping[str, object], *, language: Language) -> list[tuple[str, str | None]]:
    """Return the lines of a card, each with its heading; None where it is not known.

    Parameters
    ----------
    card : mapping
        A row of ``persona_cards``.
    language : Language
        The reader's language.
    """
    text = language.text
    return [
        (text("Size"), _say_size(card, language)),
        (text("Sector"), _say_frequent(card, "sectors", "sector_share", language)),
        (text("Place"), _say_place(card, language)),
        (text("What they buy"), _say_purchases(card, language)),
        (text("Who decides"), _known(card["who_decides"])),
        (text("How to reach them"), _known(card["how_to_reach"])),
        (text("Planned contact"), _say_contact(card, language)),
        (text("Remarks"), _known(card["notes"])),
    ]


def _known(text: object) -> str | None:
    return None if pd.isna(text) else str(text)


def _say_size(card: Mapping[str, object], language: Language) -> str | None:
    low, high = card["employees_low"], card["employees_high"]
    if not is_known(low) or not is_known(high):
        return None
    if round(low) == round(high):
        return language.text("about {count} employees", count=language.number(low))
    return language.text("{low} to {high} employees", low=language.number(low), high=language.number(high))


def _say_frequent(card: Mapping[str, object], names: str, share: str, language: Language) -> str | None:
    known = _known(card[names])
    if known is None:
        return None
    first, *others = known.split("; ")
    said = language.text("{name} ({share})", name=first, share=language.share(card[share]))
    return SEPARATOR.join([said, *others])


def _say_place(card: Mapping[str, object], language: Language) -> str | None:
    known = _known(card["places"])
    if known is None or card["place_share"] >= LEAST_PLACE_SHARE:
        return _say_frequent(card, "places", "place_share", language)
    share = language.share(card["place_share"])
    return language.text("spread out: the most frequent town has {share} of them", share=share)


def _say_purchases(card: Mapping[str, object], language: Language) -> str | None:
    known = _known(card["purchases"])
    if known is None:
        return None
    sentence = language.plural(card["n_won"], language.text("{names} ({count} deal won)"),
                               language.text("{names} ({count} deals won)"))
    return sentence.format(names=known.replace("; ", SEPARATOR), count=language.number(card["n_won"]))


def _say_contact(card: Mapping[str, object], language: Language) -> str | None:
    if pd.isna(card["channel"]) or not is_known(card["calls_per_year"]):
        return None
    calls = card["calls_per_year"]
    sentence = language.plural(calls, language.text("{channel}, {count} call a year"),
                               language.text("{channel}, {count} calls a year"))
    return sentence.format(
        channel=language.word("channel", card["channel"]), count=language.number(calls, int(calls % 1 > 0)))
