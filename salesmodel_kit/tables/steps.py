"""The tables of the chain, in its order."""

from __future__ import annotations

from salesmodel_kit.tables.allocation import (
    ACCOUNT_EFFORT,
    ASSUMPTIONS,
    CALLS,
    REP_SUMMARY,
    RESPONSE_SUMMARY,
    ROLE_SUMMARY,
    SIZES,
    TERRITORIES,
)
from salesmodel_kit.tables.columns import Table
from salesmodel_kit.tables.scores import (
    ACCOUNT_GAPS,
    ACCOUNT_SCORES,
    BACK_TEST,
    BACK_TEST_CURVE,
    CALIBRATION,
    VETOES,
    WIN_ACCURACY,
    WIN_MODEL,
    WIN_RATES,
)
from salesmodel_kit.tables.segments import (
    ACCOUNT_GROUPS,
    GROUP_CHOICE,
    GROUP_FEATURES,
    GROUP_SUMMARY,
    PERSONA_CARDS,
    SEGMENT_CONTRIBUTIONS,
    SEGMENT_DISPERSION,
    SEGMENT_SCORES,
)
from salesmodel_kit.tables.tiers import (
    ACCOUNT_TIERS,
    CRITERION_INFLUENCE,
    RANK_ROBUSTNESS,
    ROBUSTNESS,
    TIER_FLOWS,
    TIER_MOVES,
    TIER_SUMMARY,
)
from salesmodel_kit.tables.votes import (
    AGREEMENT,
    GROUP_WEIGHTS,
    ROUND_CHANGES,
    SEGMENT_VOTES,
    TIER_CHANGES,
    VOTE_CONSISTENCY,
    WEIGHT_SETS,
    WEIGHT_VOTES,
)

#: The tables of the chain, in its order.
STEP_TABLES: tuple[Table, ...] = (
    SEGMENT_SCORES,
    SEGMENT_CONTRIBUTIONS,
    ACCOUNT_SCORES,
    ACCOUNT_TIERS,
    TIER_SUMMARY,
    ACCOUNT_EFFORT,
    ROLE_SUMMARY,
    RESPONSE_SUMMARY,
    SIZES,
    TERRITORIES,
    REP_SUMMARY,
    CALLS,
    WIN_RATES,
    WIN_MODEL,
    WIN_ACCURACY,
    CALIBRATION,
    BACK_TEST,
    BACK_TEST_CURVE,
    WEIGHT_VOTES,
    SEGMENT_VOTES,
    VOTE_CONSISTENCY,
    GROUP_WEIGHTS,
    AGREEMENT,
    ROUND_CHANGES,
    WEIGHT_SETS,
    TIER_CHANGES,
    ROBUSTNESS,
    RANK_ROBUSTNESS,
    CRITERION_INFLUENCE,
    SEGMENT_DISPERSION,
    ACCOUNT_GROUPS,
    GROUP_CHOICE,
    GROUP_SUMMARY,
    GROUP_FEATURES,
    PERSONA_CARDS,
    ACCOUNT_GAPS,
    VETOES,
    TIER_MOVES,
    TIER_FLOWS,
    ASSUMPTIONS,
)
