"""What the room may see of its votes once a round is closed: dispersion, what to talk about, what talking changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.group_weights import draw_group_weights
from salesmodel_kit.charts.portfolio_matrix import draw_portfolio_matrix
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.client.reading import parse_table
from salesmodel_kit.client.texts import read_delimited
from salesmodel_kit.model.voting import Voting
from salesmodel_kit.narrative.segments import tell_portfolio_matrix
from salesmodel_kit.narrative.telling import Caption
from salesmodel_kit.narrative.votes import tell_departments, tell_group_weights, tell_round_changes
from salesmodel_kit.tables import VOTES
from salesmodel_kit.workshop.vote.room import Room

#: With fewer votes on an axis the picture would say who voted what.
LEAST_VOTERS = 3


@dataclass(frozen=True)
class Outcome:
    """What the room sees.

    Parameters
    ----------
    caption : Caption
        The message.
    picture : bytes
        SVG.
    departments : Markup or None
        Who lies farthest apart, by department; may be empty.
    criteria : tuple of dict
        For weights: ``label``, ``axis``, ``weight``, ``spread`` and ``to_discuss``, what spreads most first.
    changes : Caption or None
        What changed since the round before; None where there was none.
    """

    caption: Caption
    picture: bytes
    departments: Markup | None = None
    criteria: tuple[dict[str, object], ...] = ()
    changes: Caption | None = None


def find_outcome(room: Room) -> Outcome | None:
    """Return what a closed round shows; None where fewer than ``LEAST_VOTERS`` voted on every axis.

    Parameters
    ----------
    room : Room
        Its present round is the latest that counts.
    """
    frame, _ = parse_table(read_delimited(room.store.file.encode(), room.store.path.name), VOTES)
    is_rating = frame["kind"] == "rating"
    if room.state.is_rating:
        return _show_ratings(room.model, _keep_common(frame[is_rating], room.state.round))
    votes = frame[~is_rating & (frame["weight_set"].fillna("") == room.state.weight_set)]
    return _show_weights(room.model, _keep_common(votes, room.state.round))


def _keep_common(votes: pd.DataFrame, present: int) -> pd.DataFrame:
    """Return the votes of axes that enough people voted on in the present round, without rounds that few voted in."""
    n_voters = votes.groupby(["round", "axis"])["participant"].transform("nunique")
    kept = votes[n_voters >= LEAST_VOTERS]
    return kept[kept["axis"].isin(kept.loc[kept["round"] == present, "axis"])]


def _show_weights(model: SalesModel, votes: pd.DataFrame) -> Outcome | None:
    if votes.empty:
        return None
    language = model.language
    voting = Voting(votes, model.measured_criteria, model.client.participants)
    weights, changes = voting.group_weights, voting.round_changes
    ordered = weights.sort_values("quartile_range", ascending=False, kind="stable")
    rows = tuple({"label": row.label, "axis": language.word("axis", row.axis),
                  "weight": language.share(row.group_weight), "spread": language.number(100 * row.quartile_range, 1),
                  "to_discuss": bool(row.to_discuss)} for row in ordered.itertuples())
    return Outcome(
        tell_group_weights(weights, voting.agreement, language=language),
        save_svg(draw_group_weights(voting.latest, weights, language=language)),
        tell_departments(voting.departments, weights, language=language), rows,
        None if changes is None else tell_round_changes(changes, language=language))


def _show_ratings(model: SalesModel, votes: pd.DataFrame) -> Outcome | None:
    if votes.empty:
        return None
    rated = type(model)(replace(model.client, votes=votes.reset_index(drop=True)))
    scores, dispersion, language = rated.segment_scores, rated.segment_dispersion, rated.language
    return Outcome(tell_portfolio_matrix(scores, dispersion, language=language),
                   save_svg(draw_portfolio_matrix(scores, dispersion, language=language)))
