"""The true parameters and the story facts of a demo client, for comparing analyses with what is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.client import DemoClient
from generator.effort import SALES_NOISE, distances, share_of_potential
from generator.reference import complete_performances, find_gold
from generator.votes import true_weights

AXES = ("attractiveness", "competitive_strength", "potential", "chance")


def collect_truth(client: DemoClient) -> dict:
    """Return what the data was made from: seed, win model, response per segment, story facts."""
    spec = client.spec
    return {
        "seed": spec.client["seed"],
        "win_model": {
            "form": "logit(p) = intercept + sum of coefficient x value; value: performance between worst 0 and best 1",
            **spec.client["win_model"]},
        "response": {
            "form": "sales / potential = base + (reach - base) h^shape / (half_hours^shape + h^shape)",
            "h": "hours a year without travel beyond the usual, about calls x hours_per_call",
            "hours_per_call": spec.client["hours_per_call"],
            "noise": f"log-normal, sigma {SALES_NOISE}, share capped at 0.98; prospects buy nothing",
            "segments": {name: segment["response"] for name, segment in spec.segments.items()}},
        "true_weights": {axis: {row["criterion"]: row["weight"] for row in spec.criteria_of(axis)} for axis in AXES},
        "voted_weights": _list_voted(client),
        "strategies": spec.strategies,
        "gold": {name: _list_gold(client, name) for name in spec.strategies},
        "story": collect_story(client),
    }


def _list_voted(client: DemoClient) -> list[dict]:
    """Return what the votes of each set of weights are scattered around; departments lean away from it both ways."""
    spec = client.spec
    return [{"weight_set": weight_set.get("name", {}).get(client.profile["language"]), **{
        axis: {row["criterion"]: round(float(weight), 4) for row, weight in zip(
            spec.criteria_of(axis), true_weights(spec, weight_set, axis), strict=True)} for axis in AXES}}
            for weight_set in spec.client["votes"]["sets"]]


def _list_gold(client: DemoClient, strategy: str) -> list[str]:
    gold = find_gold(perform(client), spec=client.spec, strategy=strategy)
    return sorted(client.truth.loc[gold, "account"])


def perform(client: DemoClient) -> pd.DataFrame:
    """Return the complete accounts with every performance."""
    by_band = "size_band" in client.tables["accounts"]
    return complete_performances(client.truth, client.deals, size_by_band=by_band)


def collect_story(client: DemoClient) -> dict:
    """Return the facts of the story, computed on the complete data before cells were lost."""
    accounts, role = client.truth, client.truth["owner"].map(client.reps.set_index("rep")["role"])
    own = client.spec.client["strategy"]
    gold = find_gold(perform(client), spec=client.spec, strategy=own)
    hours = accounts["true_hours"].groupby(accounts["owner"]).sum()
    have = client.reps.set_index("rep")["true_hours"]
    facts = {
        "sales_per_year": float(accounts["sales_per_year"].sum()),
        "potential_per_year": float(accounts["potential_per_year"].sum()),
        "potential_share_by_segment": _share(accounts, "potential_per_year"),
        "sales_share_by_segment": _share(accounts, "sales_per_year"),
        "field_hours_share_by_segment": _share(accounts[role == "field"], "true_hours"),
        "gold_share_of_potential": _part(accounts["potential_per_year"], gold),
        "gold_share_of_field_hours": _part(accounts.loc[role == "field", "true_hours"], gold[role == "field"]),
        "present_load_by_rep": {rep: round(float(hours.get(rep, 0.0) / have[rep]), 3) for rep in have.index},
    }
    return {**facts, **_STORIES[client.spec.client["id"]](client, gold)}


def _tell_software(client: DemoClient, gold: np.ndarray) -> dict:
    """Return what moving 30 % of the field hours to gold brings, and what two hires who work as today bring."""
    accounts, spec = client.truth, client.spec
    field = (accounts["owner"].map(client.reps.set_index("rep")["role"]) == "field").to_numpy()
    hours = accounts["standard_hours"].to_numpy()
    total, rest = hours[field].sum(), field & ~gold
    moved = np.where(rest, hours * (1 - 0.3 * total / hours[rest].sum()), hours) + gold * 0.3 * total / gold.sum()
    hired = 2 * client.reps.loc[client.reps["role"] == "field", "true_hours"].mean()
    grown = np.where(field, hours * (1 + hired / total), hours)
    to_gold = hours + gold * hired / gold.sum()
    return {"gain_of_moving_30_percent_to_gold": _gain(accounts, moved, spec=spec),
            "gain_of_two_hires_as_today": _gain(accounts, grown, spec=spec),
            "gain_of_two_hires_all_on_gold": _gain(accounts, to_gold, spec=spec),
            "hours_moved": round(float(0.3 * total)), "hours_hired": round(float(hired))}


def _gain(accounts: pd.DataFrame, hours: np.ndarray, *, spec: object) -> int:
    rise = share_of_potential(accounts, hours, spec=spec) - share_of_potential(
        accounts, accounts["standard_hours"].to_numpy(), spec=spec)
    return round(float((accounts["potential_per_year"].to_numpy() * rise).sum()))


def _tell_laboratory(client: DemoClient, gold: np.ndarray) -> dict:
    """Return the uncovered region, and what accounts looked after from the farther place cost on the road."""
    accounts = client.truth
    field = client.reps[client.reps["role"] == "field"].set_index("rep")
    known = accounts["owner"].isin(field.index)
    km = distances(accounts[known], field)
    mine = km[np.arange(known.sum()), field.index.get_indexer(accounts.loc[known, "owner"])]
    farther = mine > km.min(axis=1) + 50
    uncovered = accounts["region"].isin(client.spec.client["uncovered_regions"])
    return {"uncovered_regions": client.spec.client["uncovered_regions"], "uncovered_accounts": int(uncovered.sum()),
            "uncovered_share_of_potential": _part(accounts["potential_per_year"], uncovered.to_numpy()),
            "share_of_accounts_from_the_farther_place": round(float(farther.mean()), 3),
            "their_share_of_hours_on_the_road": _part(accounts.loc[known, "travel_hours"], farther),
            "share_of_field_hours_on_the_road": round(float(accounts["travel_hours"].sum()
                                                            / accounts.loc[known, "true_hours"].sum()), 3)}


def _tell_industry(client: DemoClient, gold: np.ndarray) -> dict:
    """Return the long tail, what little effort in the new segment brings, and how gold changes with the strategy."""
    accounts, performances = client.truth, perform(client)
    potential = accounts["potential_per_year"].sort_values(ascending=False)
    new = accounts[(accounts["segment"] == "PRD") & (accounts["true_hours"] > 0)]
    little = new["standard_hours"] < 15
    retention = find_gold(performances, spec=client.spec, strategy="retention")
    return {"top_tenth_share_of_potential": round(float(potential[: len(potential) // 10].sum() / potential.sum()), 3),
            "new_segment_share_of_accounts_with_little_effort": round(float(little.mean()), 3),
            "new_segment_share_of_hours_on_them": _part(new["standard_hours"], little.to_numpy()),
            "new_segment_wallet_share_with_little_effort": _wallet(new[little & new["is_customer"]]),
            "new_segment_wallet_share_with_more": _wallet(new[(new["standard_hours"] >= 35) & new["is_customer"]]),
            "n_gold_conquest": int(gold.sum()), "n_gold_retention": int(retention.sum()),
            "n_gold_in_both": int((gold & retention).sum())}


def _wallet(rows: pd.DataFrame) -> float:
    return round(float(rows["sales_per_year"].sum() / rows["potential_per_year"].sum()), 4)


def _share(rows: pd.DataFrame, column: str) -> dict[str, float]:
    sums = rows.groupby("segment")[column].sum()
    return {name: round(float(value / sums.sum()), 4) for name, value in sums.items()}


def _part(quantity: pd.Series, mask: np.ndarray) -> float:
    return round(float(quantity[mask].sum() / quantity.sum()), 4)


_STORIES = {"software-publisher": _tell_software, "laboratory-distributor": _tell_laboratory,
            "industrial-services": _tell_industry}
