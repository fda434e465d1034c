"""Clients as files on the disk, small enough to be read at a glance."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems

PROFILE = """\
id: acme
name: Acme
language: en
currency: EUR
country: FR
data_until: 2026-09-30
strategy: balanced
"""

CRITERIA = """\
criterion,label,axis,direction,worst,best,weight,level_1,level_5
growth,Growth,attractiveness,benefit,-0.05,0.15,10,,
know_how,Know-how,competitive_strength,benefit,1,5,10,none,reference
projects,Projects in sight,potential,benefit,1,5,10,none,decided
distance,Distance,chance,cost,300,0,10,,
"""

SEGMENTS = """\
segment,label,size_per_year,growth,know_how
S1,Industry,1000000,0.1,4
S2,Public,,0,3
"""

ACCOUNTS = """\
account,name,segment,sales_per_year,potential_per_year,owner,projects,distance
007,Alder,S1,0,5000,R1,5,12.5
008,Birch,S2,,2500.5,,,
"""

REPS = """\
rep,name,role
R1,Ann,field
"""

FILES = {"client.yaml": PROFILE, "criteria.csv": CRITERIA, "segments.csv": SEGMENTS, "accounts.csv": ACCOUNTS,
         "reps.csv": REPS}


def write_client(folder: Path, **changes: str | bytes | None) -> Path:
    """Write a sound client; ``accounts_csv="..."`` replaces a file, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {name.replace("_csv", ".csv").replace("_yaml", ".yaml").replace("_jsonl", ".jsonl"): content
             for name, content in changes.items()}
    for name, content in {**FILES, **named}.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_book(path: Path, sheets: dict[str, list[list]]) -> Path:
    """Write a workbook, a list of rows per sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def list_rows(text: str) -> list[list[str | None]]:
    """Return the rows of a comma-separated text; an empty cell is None."""
    return [[cell or None for cell in line.split(",")] for line in text.splitlines()]


def make_sheets() -> dict[str, list[list]]:
    """Return the sheets of the same sound client."""
    profile = [["key", "value"], *(line.split(": ") for line in PROFILE.splitlines())]
    return {"client": profile, "criteria": list_rows(CRITERIA), "segments": list_rows(SEGMENTS),
            "accounts": list_rows(ACCOUNTS), "reps": list_rows(REPS)}


def show(problems: tuple) -> list[tuple]:
    """Return file, row, column and value of each problem."""
    return [(problem.file, problem.row, problem.column, problem.value) for problem in problems]


def check_client(source: Path) -> tuple:
    """Return everything that is wrong with a client's input."""
    try:
        open_client(source)
    except InputProblems as error:
        return error.problems
    return ()
