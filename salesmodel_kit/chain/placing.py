"""Accounts without a segment: the rule that the client accepted gives them theirs, before the chain begins."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from salesmodel_kit.client.folder import Client
from salesmodel_kit.errors import InputProblems, Message, Problem
from salesmodel_kit.model.frozen_rule import fill_segments, thaw_rule

_MOST_UNPLACED = 20


def place_accounts(client: Client) -> tuple[Client, pd.DataFrame | None]:
    """Return the client with every account in a segment, and which accounts the rule of its folder placed.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it; it is left as it is.

    Returns
    -------
    tuple of Client and DataFrame or None
        None where every account declares its segment.

    Raises
    ------
    InputProblems
        An account declares no segment and the rule finds none for it.
    """
    if client.segment_rule is None or not client.accounts["segment"].isna().any():
        return client, None
    rule = client.segment_rule.model_dump()
    placed = fill_segments(client.accounts, thaw_rule(rule["features"], rule["groups"]),
                           [entry.segment for entry in client.segment_rule.groups])
    if placed["segment"].isna().any():
        raise InputProblems(str(client.source), _describe_unplaced(placed[placed["segment"].isna()]))
    accounts = client.accounts.assign(segment=client.accounts["segment"].fillna(placed["segment"]))
    return replace(client, accounts=accounts), placed


def _describe_unplaced(unplaced: pd.DataFrame) -> list[Problem]:
    unknown = Message("Nothing is known of this account that the rule of the segments looks at; write its segment "
                      "here.")
    problems = []
    for account, group in zip(unplaced["account"], unplaced["group"], strict=True):
        message = unknown if pd.isna(group) else Message(
            "The group {group} that this account is most like has no segment; write one beside it in "
            "segments_from_accounts.yaml, or write the account's segment here.", {"group": group})
        problems.append(Problem(message, file="accounts.csv", column="segment", value=account))
    return problems[:_MOST_UNPLACED]
