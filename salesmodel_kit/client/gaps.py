"""What a client's folder lacks for a full report, and how to get it."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.client.folder import Client
from salesmodel_kit.errors import Message

_GAPS: tuple[Message, ...] = (
    Message("Potential: accounts.csv has no potential_per_year, what an account could buy of the range in a year. "
            "Estimate it with the reps, or by segment and size; without it there is no wallet share, and no tiers by "
            "potential."),
    Message("Sales: accounts.csv has no sales_per_year. Export the sales of the last 12 months by account from "
            "invoicing."),
    Message("Effort today: accounts.csv has neither present_calls_per_year nor present_hours_per_year. Export the "
            "activities of the last 12 months from the CRM and count them by account."),
    Message("Present reps: accounts.csv has no owner, so nobody can say who keeps which account. Ask who looks after "
            "whom."),
    Message("Places: latitude and longitude of accounts or reps are missing, so territories do without travel and "
            "there is no map. Look them up from postal codes."),
    Message("Segments: segments.csv has no ratings of attractiveness and competitive strength, so there is no "
            "portfolio matrix. Rate them in the workshop, a column for each criterion."),
    Message("Markets: segments.csv has no size_per_year, what the market buys of such a range in a year. Take it from "
            "trade statistics, or estimate it and say how."),
    Message("Selling hours: reps.csv has no selling_hours_per_year, so the team's hours come from the assumptions."),
    Message("Cost of the team: reps.csv has no cost_per_year."),
    Message("Deals: there is no opportunities.csv, so win rates and open deals are not known. Export them from the "
            "CRM, or keep a list of offers."),
)


def list_gaps(client: Client) -> tuple[Message, ...]:
    """Return one sentence for each thing that a full report needs and the client does not have.

    Parameters
    ----------
    client : Client
        A checked client.

    Returns
    -------
    tuple of Message
        Each names the file, the column and a way to fill it; empty where nothing lacks.
    """
    accounts, reps = client.accounts, client.reps
    tests = (
        _is_unknown(accounts, "potential_per_year"), _is_unknown(accounts, "sales_per_year"),
        _is_unknown(accounts, "present_hours_per_year", "present_calls_per_year"), _is_unknown(accounts, "owner"),
        _is_unknown(accounts, "latitude") or _is_unknown(reps, "latitude"), _has_unrated_segments(client),
        _is_unknown(client.segments, "size_per_year"), _is_unknown(reps, "selling_hours_per_year"),
        _is_unknown(reps, "cost_per_year"), client.opportunities is None,
    )
    whole = tuple(message for is_lacking, message in zip(tests, _GAPS, strict=True) if is_lacking)
    return (*whole, *_list_partly_known(client))


def _is_unknown(frame: pd.DataFrame, *columns: str) -> bool:
    return bool(frame[list(columns)].isna().all(axis=None))


def _has_unrated_segments(client: Client) -> bool:
    axes = client.criteria["axis"].isin(["attractiveness", "competitive_strength"])
    names = [name for name in client.criteria.loc[axes, "criterion"] if name in client.segments.columns]
    return bool(client.segments[names].isna().all(axis=None)) if names else True


def _list_partly_known(client: Client) -> tuple[Message, ...]:
    """Return a sentence for each column of accounts and deals that is known in some rows and not in others.

    Deals without account are counted where the deals are settled.
    """
    own = dict(client.files)
    frames = {own.get("accounts.csv", "accounts.csv"): client.accounts}
    if client.opportunities is not None:
        frames[own.get("opportunities.csv", "opportunities.csv")] = client.opportunities.drop(columns="account")
    unknown = {(file, name): int(frame[name].isna().sum()) for file, frame in frames.items() for name in frame.columns}
    return tuple(Message("{file}: rows in which {column} is not known: {n_rows} of {n_all}.",
                         {"file": file, "column": name, "n_rows": count, "n_all": len(frames[file])})
                 for (file, name), count in unknown.items() if 0 < count < len(frames[file]))
