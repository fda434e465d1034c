"""The client's names of tiers inside sentences, with the article that French asks for."""

from __future__ import annotations

from salesmodel_kit.language import Language, set_type

#: French word of the kit -> with its article, after "de", after "à".
_FRENCH = {
    "platinum": ("le platine", "du platine", "au platine"),
    "gold": ("l'or", "de l'or", "à l'or"),
    "silver": ("l'argent", "de l'argent", "à l'argent"),
    "bronze": ("le bronze", "du bronze", "au bronze"),
    "iron": ("le fer", "du fer", "au fer"),
}


def name_tier(tier: str, language: Language, *, form: int = 0) -> str:
    """Return a tier as the subject of a sentence, after "of" (1) or after "to" (2).

    Parameters
    ----------
    tier : str
        One of the client's tiers.
    language : Language
        With the client's own names.
    form : {0, 1, 2}
        Which; English has one form for all.

    Examples
    --------
    >>> name_tier("gold", Language("fr"))
    'l’or'
    >>> name_tier("gold", Language("en", tiers=(("gold", "A"), ("silver", "B"), ("bronze", "C"))))
    'tier A'
    """
    own = dict(language.tiers).get(tier)
    if language.code != "fr":
        return language.word("tier", tier) if own is None else f"tier {own}"
    if own is not None:
        return f"{('le', 'du', 'au')[form]} niveau {own}"
    return set_type(_FRENCH[tier][form], "fr")


def raise_first(words: str) -> str:
    """Return words with the first letter raised and the others as they are, ``L'or`` or ``Tier A``."""
    return words[:1].upper() + words[1:]
