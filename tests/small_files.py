"""The small client as files on the disk, with a room that votes: whole enough for a workshop from end to end."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from client_files import PROFILE
from small_client import make_tables

#: The meanings of the ratings make growth and know-how lists of levels on the panel.
_LEVELS = {"level_1": ["shrinks", "none"], "level_5": ["doubles", "reference"]}
PEOPLE = "participant,name,department\nP1,Ann,Sales\nP2,Ben,Sales\nP3,Chloé,Marketing\n"


def write_small_client(folder: Path) -> Path:
    """Write two segments, thirty accounts, three reps and three people who may vote."""
    folder.mkdir()
    tables = make_tables()
    for name, table in {**tables, "accounts": _multiply(tables["accounts"])}.items():
        if name == "criteria":
            for level, meanings in _LEVELS.items():
                table.loc[[0, 1], level] = meanings
        table.dropna(axis="columns", how="all").to_csv(folder / f"{name}.csv", index=False)
    (folder / "participants.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "client.yaml").write_text(f"{PROFILE}weights_from: declared\n", encoding="utf-8")
    return folder


def _multiply(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts five times over, so that a cut that moves a little passes one."""
    copies = [
        accounts.assign(account=accounts["account"] + f"-{copy}", name=accounts["name"] + f" {copy}",
                        potential_per_year=accounts["potential_per_year"] * (1 + copy / 10))
        for copy in range(1, 5)
    ]
    return pd.concat([accounts, *copies], ignore_index=True)
