"""What each criterion adds to the distance of every account from the portfolio's mean."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.measure import Result, bound
from salesmodel_kit.model.explanations import explain_distances
from salesmodel_kit.model.scores import score_accounts

N_ACCOUNTS, N_CRITERIA = 100_000, 12
#: Share of the cells that are not known.
MISSING = 0.1


def measure_contributions() -> Result:
    """Compare contributions of all criteria to all accounts, a tenth of the data missing, with one second."""
    accounts, criteria = _make_accounts()
    scores = score_accounts(accounts, criteria, potential_weight=0.5, minimum_known_share=0.5)
    return bound(
        "contributions",
        lambda: explain_distances(accounts, criteria, scores=scores, potential_weight=0.5),
        seconds=1.0,
        size=f"{N_ACCOUNTS:,} accounts x {N_CRITERIA} criteria, one of them piecewise linear, one of categories",
    )


def _make_accounts() -> tuple[pd.DataFrame, pd.DataFrame]:
    generator = np.random.default_rng(3)
    names = [f"criterion_{number}" for number in range(N_CRITERIA)]
    values = generator.random((N_ACCOUNTS, N_CRITERIA))
    values[generator.random(values.shape) < MISSING] = np.nan
    ids = pd.Series(np.arange(N_ACCOUNTS)).astype("str")
    words = pd.Series(generator.choice(["tender", "group", "free"], N_ACCOUNTS), dtype="str")
    accounts = pd.DataFrame(values, columns=names).assign(
        account=ids, name=ids, segment="s", sales_per_year=1.0, potential_per_year=1.0, wallet_share=1.0,
        criterion_1=words)
    criteria = pd.DataFrame({"criterion": names, "axis": ["potential", "chance"] * (N_CRITERIA // 2), "worst": 0.0,
                             "best": 1.0, "value_points": ["0:0; 0.5:0.2; 1:1", *[None] * (N_CRITERIA - 1)],
                             "category_values": [None, "tender:0; group:0.5; free:1", *[None] * (N_CRITERIA - 2)]})
    return accounts, criteria.assign(effective_weight=2 / N_CRITERIA)
