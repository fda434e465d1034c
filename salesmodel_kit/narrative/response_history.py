"""Sentences on what hours went with so far, and on how far the data can tell."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell_caption


def tell_response_history(response_history: pd.DataFrame, *, labels: pd.Series, language: Language) -> Caption:
    """Return where the next hour goes with most sales, where little effort is wasted, and where the data cannot tell.

    Parameters
    ----------
    response_history : DataFrame
        Table ``response_history``.
    labels : Series
        Segment -> the client's name for it.
    language : Language
        The reader's language.
    """
    rows = response_history.assign(label=response_history["segment"].map(labels)).sort_values(
        "sales_per_hour_now", ascending=False, kind="stable")
    told = rows[rows["can_tell"]].to_dict(orient="records")
    few = rows.loc[rows["half"].isna(), "label"].tolist()
    unsure = rows.loc[rows["half"].notna() & ~rows["can_tell"], "label"].tolist()
    return tell_caption(
        "response_history", "response_history", language=language, told=told, few=few, unsure=unsure,
        s_shaped=[row["label"] for row in told if row["is_s_shaped"]],
        n_accounts=int(rows.loc[rows["half"].notna(), "n_accounts"].sum()))
