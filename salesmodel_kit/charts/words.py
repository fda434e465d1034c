"""The words of tiers, postures, roles and channels on charts."""

from __future__ import annotations

from salesmodel_kit.language import Language


def tier_word(tier: str, language: Language) -> str:
    """Return the word of a tier; an unknown tier is said to be so."""
    own = dict(language.tiers).get(tier)
    if own is not None:
        return own
    words = {
        "platinum": language.text("Platinum"), "gold": language.text("Gold"), "silver": language.text("Silver"),
        "bronze": language.text("Bronze"), "iron": language.text("Iron"),
    }
    return words.get(tier, language.text("Not enough known"))


def posture_word(posture: str, language: Language) -> str:
    """Return the word of a posture."""
    words = {"invest": language.text("Invest"), "select": language.text("Select"), "harvest": language.text("Harvest")}
    return words[posture]


def role_word(role: str, language: Language) -> str:
    """Return the word of a rep's role."""
    words = {
        "field": language.text("Field sales"), "inside": language.text("Inside sales"),
        "partner": language.text("Partners"), "customer_success": language.text("Customer success"),
    }
    return words.get(role, role)


def channel_word(channel: str, language: Language) -> str:
    """Return the word of a channel."""
    words = {
        "field": language.text("Field visits"), "inside": language.text("Inside sales"),
        "partner": language.text("Partners"), "customer_success": language.text("Customer success"),
        "marketing": language.text("Marketing"),
    }
    return words.get(channel, channel)


def axis_word(axis: str, language: Language) -> str:
    """Return the name of an axis of criteria."""
    words = {
        "attractiveness": language.text("Attractiveness"),
        "competitive_strength": language.text("Competitive strength"),
        "potential": language.text("Development potential"), "chance": language.text("Chance to win"),
    }
    return words[axis]
