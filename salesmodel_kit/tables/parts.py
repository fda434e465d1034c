"""Columns that several tables of the chain share."""

from __future__ import annotations

from salesmodel_kit.tables.columns import ANY_TIER, CHANNELS, Column, make_choices
from salesmodel_kit.tables.inputs import ACCOUNTS

# fmt: off
TIER = Column("tier", "choice", "one of the client's tiers; empty: not enough known", choices=ANY_TIER)

POSTURE = Column("posture", "choice", "advice from the matrix; empty: not enough known",
                  choices=make_choices(invest=(), select=(), harvest=()))

CHANNEL = Column("channel", "choice", "how the account is looked after", choices=dict.fromkeys(CHANNELS, ()))

ACCOUNT = ACCOUNTS.column("account")

NAME = ACCOUNTS.column("name")

SEGMENT = Column("segment", "id", "market segment", needed=True)

REP = Column("rep", "id", "salesperson; empty: nobody")
# fmt: on
