"""Small clients made by hand, for tests of every room."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from salesmodel_kit import tables
from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Profile, Strategy
from salesmodel_kit.resources import find_resource


def fill_table(table: tables.Table, rows: dict[str, list], *, criteria: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return a frame with every declared column; what is not given is missing."""
    n_rows = len(next(iter(rows.values())))
    columns = {
        column.name: pd.Series(rows.get(column.name, [None] * n_rows), dtype=tables.dtype_of(column))
        for column in table.columns
    }
    return pd.DataFrame(columns | {name: pd.Series(rows[name], dtype="float64") for name in criteria})


def complete(table: tables.Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the declared columns that it has not, missing throughout."""
    absent = {
        column.name: pd.Series([None] * len(frame), dtype=tables.dtype_of(column), index=frame.index)
        for column in table.columns
        if column.name not in frame
    }
    return frame.assign(**absent)


def read_strategy(name: str) -> Strategy:
    text = find_resource("templates", "strategies", f"{name}.yaml").read_text(encoding="utf-8")
    return Strategy(**yaml.safe_load(text))


def make_tables() -> dict[str, pd.DataFrame]:
    """Return the five tables of a client with two segments, six accounts and three reps."""
    return {
        "criteria": fill_table(
            tables.CRITERIA,
            {
                "criterion": ["growth", "know_how", "untapped_potential_per_year", "employees", "relation", "fit"],
                "label": ["Growth", "Know-how", "Untapped potential", "Employees", "Relation", "Fit with our range"],
                "axis": ["attractiveness", "competitive_strength", "potential", "potential", "chance", "chance"],
                "direction": ["benefit"] * 6,
                "worst": [1, 1, 0, 0, 1, 1],
                "best": [5, 5, 100_000, 500, 5, 5],
                "weight": [1, 1, 1, 1, 1, 1],
                "serves": [None, None, "conquest", None, "retention", None],
            },
        ),
        "segments": fill_table(
            tables.SEGMENTS,
            {
                "segment": ["public", "industry"],
                "label": ["Public bodies", "Industry"],
                "size_per_year": [2_000_000, 1_000_000],
                "growth": [5, 2],
                "know_how": [4, 2],
            },
            criteria=("growth", "know_how"),
        ),
        "accounts": fill_table(
            tables.ACCOUNTS,
            {
                "account": ["001", "002", "003", "004", "005", "006"],
                "name": ["Alvane", "Brisso", "Cormel", "Dartis", "Eloria", "Fennec"],
                "segment": ["public", "public", "public", "industry", "industry", "industry"],
                "employees": [500, 250, 100, 400, 50, 10],
                "sales_per_year": [10_000, 0, 20_000, 60_000, 5_000, 1_000],
                "potential_per_year": [110_000, 80_000, 60_000, 70_000, 15_000, 3_000],
                "latitude": [48.85, 48.80, 45.76, 45.70, 43.30, 43.60],
                "longitude": [2.35, 2.10, 4.84, 4.90, 5.37, 1.44],
                "city": ["Paris", "Versailles", "Lyon", "Lyon", "Marseille", "Toulouse"],
                "owner": ["anna", "anna", "bruno", "bruno", "bruno", "carla"],
                "present_calls_per_year": [4, 0, 6, 20, 3, 2],
                "present_hours_per_year": [10, 0, 14, 50, 7, 1],
                "relation": [4, 2, 3, 5, 2, 1],
                "fit": [5, 4, 3, 2, 2, 3],
            },
            criteria=("relation", "fit"),
        ),
        "reps": fill_table(
            tables.REPS,
            {
                "rep": ["anna", "bruno", "carla"],
                "name": ["Anna Ferrand", "Bruno Costes", "Carla Meunier"],
                "role": ["field", "field", "inside"],
                "selling_hours_per_year": [900, 900, 700],
                "latitude": [48.86, 45.75, 45.75],
                "longitude": [2.34, 4.85, 4.85],
            },
        ),
    }


def make_client(
    strategy: str = "balanced",
    *,
    opportunities: pd.DataFrame | None = None,
    overrides: list[tuple] = (),
    profile: dict | None = None,
    **replaced: pd.DataFrame,
) -> Client:
    """Return a client made of :func:`make_tables`, with whole tables replaced where they are given."""
    declared = {
        "id": "small",
        "name": "Small client",
        "language": "en",
        "currency": "EUR",
        "country": "FR",
        "data_until": "2026-09-30",
        "strategy": strategy,
        **(profile or {}),
    }
    columns = ("account", "tier", "reason", "by", "at")
    return Client(
        profile=Profile(**declared),
        strategy=read_strategy(strategy),
        **(make_tables() | replaced),
        opportunities=None if opportunities is None else complete(tables.OPPORTUNITIES, opportunities),
        overrides=pd.DataFrame(list(overrides), columns=columns, dtype="str"),
        decisions=(),
        source=Path("small"),
        fingerprint="0" * 64,
    )
