import pytest
from chart_facts import ENGLISH, FRENCH

from salesmodel_kit.charts.words import axis_word, channel_word, posture_word, role_word, tier_word
from salesmodel_kit.tables import AXES, CHANNELS, POSTURES, ROLES, TIERS


@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_words_exist_for_every_choice_of_the_tables(language):
    words = [
        *(tier_word(tier, language) for tier in TIERS), *(posture_word(posture, language) for posture in POSTURES),
        *(role_word(role, language) for role in ROLES), *(channel_word(channel, language) for channel in CHANNELS),
        *(axis_word(axis, language) for axis in AXES),
    ]

    assert all(word and "_" not in word for word in words)


def test_tier_word_says_that_a_tier_is_not_known():
    assert tier_word("unknown", ENGLISH) == "Not enough known"
