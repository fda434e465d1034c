"""What makes participants and votes sound: everybody known, every vote on its scale, every set complete.

A *ballot* is what one participant says on one axis, in one round and one set
of weights, by one method; votes that weigh criteria must be complete within
it, ratings of segments need not be.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesmodel_kit.client.ballots import find_incomplete
from salesmodel_kit.client.checks import CheckedTable, check_reference, list_names, name_place
from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import LEVELS

_PAIRED = ("comparison", "best_to", "to_worst")
_MATRIX_AXES = ("attractiveness", "competitive_strength")
#: Largest factor between a comparison and its reciprocal that rounding explains.
_ROUNDING = 1.02


def check_participants(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each participant whose votes would not count at all."""
    frame = checked.frame
    message = Message("A voting power above 0 is expected; leave the cell empty for 1, or the participant out.")
    return checked.blame(message, "voting_power", frame.index[frame["voting_power"] == 0])


def check_votes(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong with the votes, in themselves and with the tables that they point to.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name; a table that is absent is not pointed to.
    """
    checked = tables.get("votes")
    if checked is None:
        return []
    problems = _check_references(checked, tables)
    if "criteria" not in tables:
        return problems
    criteria = list_voted(tables["criteria"].frame)
    problems += _check_criteria(checked, criteria)
    problems += _check_pairs(checked)
    problems += _check_scales(checked, criteria)
    problems += _find_repeated(checked) + _find_contradictions(checked)
    needed = checked.frame[[column.name for column in checked.table.columns if column.needed]]
    is_sound = needed.notna().all(axis=None) and needed["round"].min() > 0
    return problems if problems or checked.problems or not is_sound else find_incomplete(checked, criteria)


def list_voted(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria that are voted on: one with sub-criteria is weighed through these.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        The client's criteria.
    """
    parts = criteria[criteria["parent"].notna()]
    wholes = set(zip(parts["axis"], parts["parent"], strict=True))
    pairs = zip(criteria["axis"], criteria["criterion"], strict=True)
    return criteria[[pair not in wholes for pair in pairs]]


def check_weight_choice(profile: Profile, settings: Settings, votes: pd.DataFrame | None) -> list[Problem]:
    """Return a problem where the weights are to come from votes that are not there, or from an unclear set.

    Parameters
    ----------
    profile : Profile
        Its keys ``weights_from`` and ``weight_set``.
    settings : Settings
        To say where they were written.
    votes : pandas.DataFrame or None
        Table ``votes``, checked.
    """
    if profile.weights_from == "declared":
        if profile.weight_set is None:
            return []
        message = Message("A set of weights is chosen only where weights_from is votes; add that, or leave this out.")
        return [settings.problem(message, "weight_set", profile.weight_set)]
    cast = [] if votes is None else votes.loc[votes["kind"] != "rating", "weight_set"]
    if not len(cast):
        message = Message("Nobody has voted on weights; add the table votes, or write declared.")
        return [settings.problem(message, "weights_from", profile.weights_from)]
    names = [None if pd.isna(name) else str(name) for name in cast.unique()]
    if profile.weight_set in names:
        return []
    message = Message("Several sets of weights were voted; say which one counts with weight_set: {names}.",
                      {"names": ", ".join(name or "–" for name in names)})
    if profile.weight_set is not None or len(names) == 1:
        message = Message("There is no such set of weights in the votes; these are there: {names}.",
                          {"names": ", ".join(name or "–" for name in names)})
    return [settings.problem(message, "weight_set", profile.weight_set)]


def _check_references(checked: CheckedTable, tables: Mapping[str, CheckedTable]) -> list[Problem]:
    problems: list[Problem] = []
    if "participants" in tables and "participant" in checked.place.headers:
        people = tables["participants"]
        message = Message("There is no such participant in {file}; add them there, or correct it here.",
                          {"file": name_place(people)})
        problems += check_reference(checked, "participant", list_names(people, "name"), message=message)
    if "segments" in tables and "segment" in checked.place.headers:
        message = Message("There is no such segment in {file}; add it there, or correct it here.",
                          {"file": name_place(tables["segments"])})
        problems += check_reference(checked, "segment", list_names(tables["segments"], "label"), message=message)
    return problems


def _check_criteria(checked: CheckedTable, criteria: pd.DataFrame) -> list[Problem]:
    """Return a problem for each criterion that is not on the axis of its vote."""
    frame = checked.frame
    known = set(zip(criteria["axis"], criteria["criterion"], strict=True))
    problems: list[Problem] = []
    for column in (name for name in ("criterion", "against") if name in checked.place.headers):
        is_said = frame["axis"].notna() & frame[column].notna()
        pairs = zip(frame["axis"], frame[column], strict=True)
        wrong = frame[is_said & pd.Series([pair not in known for pair in pairs], index=frame.index, dtype=bool)]
        for axis, rows in wrong.groupby("axis"):
            names = ", ".join(criteria.loc[criteria["axis"] == axis, "criterion"].dropna()) or "–"
            message = Message("There is no such criterion on the axis {axis}; it has: {names}.",
                              {"axis": axis, "names": names})
            problems += checked.blame(message, column, rows.index)
    return problems


def _check_pairs(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each vote that names too little or too much beside its criterion."""
    frame = checked.frame
    is_paired, is_rating = frame["kind"].isin(_PAIRED), frame["kind"] == "rating"
    is_itself = frame["against"].notna() & (frame["against"] == frame["criterion"])
    wrong = (
        (is_paired & frame["against"].isna(), "against",
         Message("A comparison needs the criterion that it is made with; fill in this column.")),
        (frame["kind"].notna() & ~is_paired & frame["against"].notna(), "against",
         Message("Only comparison, best_to and to_worst name a second criterion; leave the cell empty.")),
        (is_paired & is_itself & (frame["vote"] != 1), "vote",
         Message("A criterion counts as much as itself; the vote is 1, or leave the row out.")),
        (is_rating & frame["segment"].isna(), "segment",
         Message("A rating needs the market segment that it rates; fill in this column.")),
        (frame["kind"].notna() & ~is_rating & frame["segment"].notna(), "segment",
         Message("Only a rating names a segment; leave the cell empty.")),
        (is_rating & frame["weight_set"].notna(), "weight_set",
         Message("A rating belongs to no set of weights; leave the cell empty.")),
        (is_rating & frame["axis"].notna() & ~frame["axis"].isin(_MATRIX_AXES), "axis",
         Message("Segments are rated on attractiveness and competitive strength; choose one of these axes.")),
    )
    return _blame_each(checked, wrong)


def _blame_each(checked: CheckedTable, wrong: tuple[tuple[pd.Series, str, Message], ...]) -> list[Problem]:
    """Return the problems of rows; where the file lacks the column to mend, the kind of the vote is shown."""
    headers = checked.place.headers
    return [problem for mask, name, message in wrong if mask.any()
            for problem in checked.blame(message, name if name in headers else "kind", mask.index[mask])]


def _check_scales(checked: CheckedTable, criteria: pd.DataFrame) -> list[Problem]:
    """Return a problem for each vote outside the scale of its kind."""
    frame, vote = checked.frame, checked.frame["vote"]
    kind = frame["kind"].where(vote.notna())
    is_ratio = (kind == "comparison") & ~vote.between(1 / 9 / _ROUNDING, 9)
    wrong = (
        (kind.isin(("points", "swing")) & (vote < 0), "vote", Message("Points of 0 or more are expected.")),
        ((kind == "rank") & ((vote < 1) | (vote % 1 != 0)), "vote",
         Message("A rank is expected as a whole number, 1 for the criterion that counts most.")),
        (is_ratio, "vote", Message("A comparison between 1/9 (0.111) and 9 is expected; below 1 it is easier to turn "
                                   "the pair round.")),
        (kind.isin(("best_to", "to_worst")) & ~vote.between(1, 9), "vote",
         Message("A number from 1 to 9 is expected.")),
    )
    return [*_blame_each(checked, wrong), *_check_ratings(checked, criteria)]


def _check_ratings(checked: CheckedTable, criteria: pd.DataFrame) -> list[Problem]:
    """Return a problem for each rating outside 1 to 5, or outside worst to best of a criterion that is measured."""
    frame = checked.frame
    ratings = frame[(frame["kind"] == "rating") & frame["vote"].notna()]
    is_rated = criteria[[f"level_{level}" for level in LEVELS]].notna().any(axis="columns")
    problems: list[Problem] = []
    for row, criterion in criteria.iterrows():
        votes = ratings.loc[(ratings["axis"] == criterion["axis"]) & (ratings["criterion"] == criterion["criterion"]),
                            "vote"]
        ends = (LEVELS[0], LEVELS[-1]) if is_rated[row] else sorted((criterion["worst"], criterion["best"]))
        message = Message("A rating between {low} and {high} is expected.",
                          {"low": f"{ends[0]:g}", "high": f"{ends[1]:g}"})
        problems += checked.blame(message, "vote", votes.index[~votes.between(*ends)])
    return problems


def _find_repeated(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each vote that was cast before."""
    frame, key = checked.frame, list(checked.table.key)
    keys = frame[key].astype("object").where(frame[key].notna(), "").dropna()
    again = keys.index[keys.duplicated() & frame["criterion"].notna()]
    first = keys.reset_index(names="row").groupby(key, sort=False)["row"].transform("first").set_axis(keys.index)
    return [problem for row in again for problem in checked.blame(
        Message("The same vote is already in row {first}; keep one.", {"first": int(first[row])}), "criterion",
        pd.Index([row]))]


def _find_contradictions(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each comparison that disagrees with the same one made the other way round."""
    frame = checked.frame
    pairs = frame[(frame["kind"] == "comparison") & frame["against"].notna() & (frame["vote"] > 0)]
    ballot = ["round", "participant", "weight_set", "axis"]
    keyed = pairs[[*ballot, "criterion", "against", "vote"]].fillna({"weight_set": ""}).reset_index(names="row")
    turned = keyed.rename(columns={"criterion": "against", "against": "criterion"})
    both = keyed.merge(turned, on=[*ballot, "criterion", "against"], suffixes=("", "_turned"))
    product = both["vote"] * both["vote_turned"]
    wrong = both[(both["row"] > both["row_turned"]) & (np.maximum(product, 1 / product) > _ROUNDING)]
    return [problem for row, other, vote in zip(wrong["row"], wrong["row_turned"], wrong["vote_turned"], strict=True)
            for problem in checked.blame(
                Message("The same pair is compared the other way round in row {other} with {vote}; this one must be "
                        "{expected}, or leave one out.",
                        {"other": int(other), "vote": f"{vote:g}", "expected": f"{1 / vote:.3g}"}),
                "vote", pd.Index([row]))]
