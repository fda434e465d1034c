"""A small client whose room votes, and the web app on it."""

from __future__ import annotations

import warnings
from pathlib import Path

from client_files import PROFILE, write_client

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have the successor of httpx
    from starlette.testclient import TestClient  # noqa: F401

CRITERIA = """\
criterion,label,axis,direction,worst,best,weight,unit,level_1,level_5
growth,Growth,attractiveness,benefit,-0.05,0.15,10,share per year,,
know_how,Know-how,competitive_strength,benefit,1,5,10,,none,reference
projects,Projects in sight,potential,benefit,1,5,10,,none,decided
distance,Distance,chance,cost,300,0,10,km,,
trust,Trust,chance,benefit,1,5,10,,none,full
price,Price <b>,chance,benefit,1,5,10,,none,full
"""
ACCOUNTS = """\
account,name,segment,sales_per_year,potential_per_year,projects,distance,trust,price
007,Alder,S1,0,5000,5,12.5,3,4
008,Birch,S2,100,8000,3,100,4,2
"""
PEOPLE = ("participant,name,department,voting_power\nP1,Ann,Sales,\nP2,<script>alert(1)</script>,Sales,2\n"
          "P3,Chloé,Marketing,\nP4,=Dan,Marketing,\n")
HEADER = "round,participant,weight_set,kind,axis,criterion,against,segment,vote\n"
POINTS = {"points-0": "50", "points-1": "30", "points-2": "20"}


def write_room(folder: Path, votes: str | None = None, **changes: str | None) -> Path:
    """Write a sound client of four participants, one axis with three criteria to weigh."""
    files = {"criteria_csv": CRITERIA, "accounts_csv": ACCOUNTS, "participants_csv": PEOPLE,
             "client_yaml": PROFILE + "weights_from: declared\n"}
    if votes is not None:
        files["votes_csv"] = HEADER + votes
    return write_client(folder, **files | changes)
