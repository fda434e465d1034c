"""What a demo client is made from: the files in ``specs``, with every text in French and English."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

SPECS = Path(__file__).parent / "specs"
CLIENT_IDS = ("software-publisher", "laboratory-distributor", "industrial-services")
#: Criteria that are computed from other columns and so are not columns of the accounts.
DERIVED = frozenset({"wallet_share", "untapped_potential_per_year", "employees_at_least", "open_opportunities_amount",
                     "n_open_opportunities", "n_won_opportunities"})


@dataclass(frozen=True)
class Spec:
    """One client's specification.

    Parameters
    ----------
    client : dict
        The client's own file.
    criteria : dict
        Criterion -> label, unit and meanings of 1 to 5 in both languages.
    sectors : dict
        NAF class -> label in both languages.
    strategies : dict
        Strategy -> what the truth's gold accounts rest on.
    """

    client: dict
    criteria: dict
    sectors: dict
    strategies: dict

    @property
    def segments(self) -> dict[str, dict]:
        """Return segment -> its specification, in order."""
        return {segment["segment"]: segment for segment in self.client["segments"]}

    def criteria_of(self, *axes: str) -> list[dict]:
        """Return the client's criteria on these axes, in order."""
        return [row for row in self.client["criteria"] if row["axis"] in axes]

    def is_rated(self, criterion: str) -> bool:
        """Return whether a criterion is rated from 1 to 5."""
        return "fr" in self.criteria[criterion]


def read_spec(client_id: str) -> Spec:
    """Return the specification of a demo client."""
    return Spec(_read(f"{client_id}.yaml"), _read("criteria.yaml"), _read("sectors.yaml"), _read("strategies.yaml"))


def _read(name: str) -> dict:
    return yaml.safe_load((SPECS / name).read_text(encoding="utf-8"))
