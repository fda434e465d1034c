"""Sentences on what won and lost deals say: weights from outcomes, probability to win, back-test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption


def tell_win_model(
    win_model: pd.DataFrame, accuracy: pd.DataFrame, *, n_won: int, n_lost: int, n_accounts: int,
    language: Language,
) -> Caption:
    """Return what closed deals say of the weights in force.

    Parameters
    ----------
    win_model : DataFrame
        Step table ``win_model``.
    accuracy : DataFrame
        Step table ``win_accuracy``; an interval of ``auc`` that holds 0.5 cannot tell.
    n_won, n_lost, n_accounts : int
        Closed deals, and the accounts that they are with.
    language : Language
        The reader's language.
    """
    measures = _read_measures(accuracy)
    return tell_caption(
        "outcomes", "win_model", language=language, n_won=n_won, n_lost=n_lost, n_deals=n_won + n_lost,
        n_accounts=n_accounts, can_tell=measures["auc"]["low"] > 0.5, disputed=_list_disputed(win_model),
        heaviest=_find_heaviest(win_model), **measures)


def _read_measures(accuracy: pd.DataFrame) -> dict[str, dict[str, float]]:
    return accuracy.set_index("measure").to_dict(orient="index")


def _list_disputed(win_model: pd.DataFrame) -> list[dict]:
    """Return the criteria whose weight in force lies outside its interval, the farthest first."""
    used = win_model.dropna(subset=["weight_from_outcomes", "weight_declared"])
    is_outside = (used["weight_declared"] < used["low"]) | (used["weight_declared"] > used["high"])
    outside = used[is_outside]
    far = (outside["weight_declared"] - outside["weight_from_outcomes"]).abs()
    return outside.loc[far.sort_values(ascending=False, kind="stable").index].to_dict(orient="records")


def _find_heaviest(win_model: pd.DataFrame) -> dict | None:
    known = win_model.dropna(subset=["weight_from_outcomes"])
    return None if known.empty else known.loc[known["weight_from_outcomes"].idxmax()].to_dict()


def tell_win_model_notes(win_model: pd.DataFrame, *, since: dt.date | None, language: Language) -> Markup:
    """Return what must be known to read the weights from outcomes: directions, doubts, dates, holes."""
    used = win_model[win_model["use"] == "used"]
    against = used["coefficient_high"] < 0
    unclear = (used["coefficient_low"] <= 0) & (used["coefficient_high"] >= 0)
    left_out = {use: win_model.loc[win_model["use"] == use, "label"].tolist()
                for use in ("contains_outcome", "too_little_known", "no_difference")}
    return tell("outcomes", "win_model_notes", language=language, since=since,
                against=used.loc[against, "label"].tolist(), unclear=used.loc[unclear, "label"].tolist(),
                has_holes=bool((used["known_share"] < 1).any()),
                as_of_today=used.loc[used["as_of"] == "today", "label"].tolist(), **left_out)


def tell_outcome_decisions(win_model: pd.DataFrame, *, language: Language) -> Markup:
    """Return what the room decides where deals dispute a weight in force, as list items; nothing where they do not."""
    return tell("outcomes", "decide", language=language, disputed=_list_disputed(win_model))


def tell_calibration(calibration: pd.DataFrame, accuracy: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many of the deals with the best and the least chances were won."""
    best, least = calibration.iloc[-1], calibration.iloc[0]
    return tell_caption(
        "outcomes", "calibration", language=language, n_deals=int(calibration["n_deals"].sum()),
        n_groups=len(calibration), best=best.to_dict(), least=least.to_dict(), **_read_measures(accuracy))


def tell_back_test(
    back_test: pd.DataFrame, *, day: dt.date, counts: Mapping[str, float], language: Language,
) -> Caption:
    """Return what gold of a year ago would have held of the later sales.

    Parameters
    ----------
    back_test : DataFrame
        Step table ``back_test``.
    day : date
        The day of the two rankings.
    counts : mapping of str to float
        ``n_accounts``, ``n_gold``, ``n_buyers_before``, ``n_buyers_later``, ``sales_later``.
    language : Language
        The reader's language.
    """
    rows = back_test.set_index("ranking").to_dict(orient="index")
    gain = {name: 100 * part for name, part in rows["difference"].items()}
    outcome = "better" if gain["low"] > 0 else "worse" if gain["high"] < 0 else "unsure"
    return tell_caption("outcomes", "back_test", language=language, day=day, value=rows["value"],
                        past_sales=rows["past_sales"], gain=gain, outcome=outcome, **counts)


def tell_back_test_notes(
    as_of_today: list[str], *, begins_late: dt.date | None, language: Language,
) -> Markup:
    """Return why the back-test may flatter: what is known only as of today, and which sales it sees."""
    return tell("outcomes", "back_test_notes", language=language, as_of_today=as_of_today, begins_late=begins_late)
