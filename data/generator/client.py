"""Puts a demo client together: draws everything, loses some cells, writes the texts in one language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.deals import draw_opportunities
from generator.effort import draw_sales, plan_present
from generator.portfolio import draw_accounts, draw_reps
from generator.spec import DERIVED, Spec
from generator.votes import draw_participants, draw_votes
from salesmodel_kit.tables import ACCOUNTS, LEVELS, OPPORTUNITIES, REPS, RESPONSE

#: Shares of the deals whose cell is lost: a real CRM has such holes.
DEAL_HOLES = {"account": 0.01, "amount": 0.03, "closed_on": 0.02}
RATING_UNIT = {"fr": "note de 1 à 5", "en": "rating from 1 to 5"}


@dataclass(frozen=True)
class DemoClient:
    """A demo client, complete.

    Parameters
    ----------
    spec : Spec
        What it was made from.
    truth : pandas.DataFrame
        The accounts before cells were lost, with the true hours.
    reps : pandas.DataFrame
        The reps with their true hours.
    deals : pandas.DataFrame
        The opportunities before cells were lost.
    tables : dict of str to pandas.DataFrame
        The files: criteria, segments, accounts, reps, opportunities, participants, votes and, where the room gave
        them, response and personas, with the kit's column names.
    profile : dict
        What ``client.yaml`` holds.
    """

    spec: Spec
    truth: pd.DataFrame
    reps: pd.DataFrame
    deals: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    profile: dict


def make_client(spec: Spec, *, language: str) -> DemoClient:
    """Return the client in a language; the numbers are the same in both."""
    rng = np.random.default_rng(spec.client["seed"])
    reps = draw_reps(rng, spec, language=language)
    accounts = draw_accounts(rng, spec)
    accounts = plan_present(rng, accounts, reps=reps, spec=spec)
    accounts["sales_per_year"] = draw_sales(rng, accounts, spec=spec)
    deals = draw_opportunities(rng, accounts, spec=spec)
    if spec.client.get("previous_tier"):
        accounts["previous_tier"] = tiers_by_sales(accounts["sales_per_year"])
    tables = {
        "criteria": write_criteria(spec, language=language), "segments": write_segments(spec, language=language),
        "accounts": write_accounts(rng, accounts, spec=spec, language=language),
        "reps": reps[[column for column in REPS.names if column in reps.columns]],
        "opportunities": write_opportunities(rng, deals, spec=spec, language=language),
        "participants": draw_participants(spec, language=language), "votes": draw_votes(spec, language=language),
    }
    if "answers" in spec.client:
        tables["response"] = write_answers(spec)
    if "personas" in spec.client:
        tables["personas"] = write_personas(spec, language=language)
    return DemoClient(spec, accounts, reps, deals, tables, write_profile(spec, language=language))


def tiers_by_sales(sales: pd.Series) -> pd.Series:
    """Return the tiers of a classification by past sales: the best 15 % gold, the next 30 % silver."""
    rank = sales.rank(ascending=False, method="first") / len(sales)
    return pd.Series(np.select([rank <= 0.15, rank <= 0.45], ["gold", "silver"], "bronze"), index=sales.index)


def write_answers(spec: Spec) -> pd.DataFrame:
    """Return the participants' answers on what effort brings, as the specification has them."""
    names = [name for name in RESPONSE.names if name not in ("participant", "tier")]
    rows = [{"participant": who, "tier": tier, **dict(zip(names, answer, strict=True))}
            for who, answers in spec.client["answers"].items() for tier, answer in answers.items()]
    return pd.DataFrame(rows, columns=RESPONSE.names)


def write_criteria(spec: Spec, *, language: str) -> pd.DataFrame:
    """Return the table of criteria in a language."""
    rows = []
    for row in spec.client["criteria"]:
        texts = spec.criteria[row["criterion"]]
        levels = texts.get(language, [None] * len(LEVELS))
        unit = texts["unit"][language] if "unit" in texts else RATING_UNIT[language]
        rows.append({
            "criterion": row["criterion"], "label": texts["label"][language], "axis": row["axis"],
            "direction": row["direction"], "worst": row["worst"], "best": row["best"], "weight": row["weight"],
            "serves": row.get("serves"), "unit": unit,
            **{f"level_{level}": text for level, text in zip(LEVELS, levels, strict=True)},
            "value_points": row.get("value_points"), "veto": row.get("veto"),
        })
    table = pd.DataFrame(rows)
    return table.drop(columns=[name for name in ("value_points", "veto") if table[name].isna().all()])


def write_segments(spec: Spec, *, language: str) -> pd.DataFrame:
    """Return the table of segments in a language; sales are left to be summed from the accounts."""
    return pd.DataFrame([
        {"segment": name, "label": segment["label"][language], "size_per_year": segment["size_per_year"],
         **_place_moves(segment, spec), **segment["performances"]} for name, segment in spec.segments.items()])


def _place_moves(segment: dict, spec: Spec) -> dict[str, float | None]:
    """Return a segment's past and target scores; none where no segment of the client has any."""
    if not any("moves" in other for other in spec.segments.values()):
        return {}
    moves = segment.get("moves", {})
    return {f"{when}_{axis}": moves.get(when, {}).get(axis) for when in ("past", "target")
            for axis in ("attractiveness", "competitive_strength")}


def write_personas(spec: Spec, *, language: str) -> pd.DataFrame:
    """Return what the room wrote on the people behind tiers and segments, in a language."""
    texts = ("who_decides", "how_to_reach", "notes")
    return pd.DataFrame([
        {"tier": row.get("tier"), "segment": row.get("segment"),
         **{name: row[name][language] if name in row else None for name in texts}}
        for row in spec.client["personas"]])


def write_accounts(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec, language: str) -> pd.DataFrame:
    """Return the table of accounts with holes where the specification asks for them."""
    table = accounts.rename(columns={"true_hours": "present_hours_per_year", "true_calls": "present_calls_per_year"})
    table["sector"] = [f"{code} {spec.sectors[code][language]}" for code in accounts["sector"]]
    left_out = set(spec.client.get("columns_left_out", ["employees"]))
    measured = [row["criterion"] for row in spec.criteria_of("potential", "chance") if row["criterion"] not in DERIVED]
    names = [name for name in (*ACCOUNTS.names, *measured) if name in table.columns and name not in left_out]
    table = table[names].copy()
    for column, share in spec.client["holes"].items():
        lost = rng.random(len(table)) < share
        if column in names:
            table.loc[lost, column] = "NN" if column == "size_band" else None
        if column == "latitude":
            table.loc[lost, "longitude"] = None
    return table


def write_opportunities(rng: np.random.Generator, deals: pd.DataFrame, *, spec: Spec, language: str) -> pd.DataFrame:
    """Return the table of opportunities with names and stages in a language."""
    projects, stages = spec.client["deals"]["projects"][language], spec.client["deals"]["stages"][language]
    table = deals.assign(name=[projects[i] for i in deals["project"]],
                         stage=[stages[i] if i >= 0 else None for i in deals["stage_number"]])
    table = table[list(OPPORTUNITIES.names)].copy()
    for column, share in DEAL_HOLES.items():
        lost = rng.random(len(table)) < share
        if column == "closed_on":
            lost &= (table["status"] == "open").to_numpy()
        table.loc[lost, column] = None
    return table


def write_profile(spec: Spec, *, language: str) -> dict:
    """Return what ``client.yaml`` holds, in a language."""
    client = spec.client
    assumptions = {name: {**entry, "unit": entry["unit"][language], "source": entry["source"][language]}
                   for name, entry in client["assumptions"].items()}
    basis = {name: {**entry, "source": entry["source"][language]} for name, entry in client["data_basis"].items()}
    profile = {"id": client["id"], "name": client["name"], "language": language, "currency": "EUR", "country": "FR",
               "data_until": "2026-09-30", "strategy": client["strategy"]}
    if "strategy_changes" in client:
        profile["strategy_changes"] = client["strategy_changes"]
    if "seasonality" in client:
        profile["seasonality"] = client["seasonality"]
    return {**profile, "assumptions": assumptions, "data_basis": basis}
