"""Published cases of territories: five instances of the generalized assignment, and a distance on the sphere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from salesmodel_kit.model.assignment import assign_by_prices
from salesmodel_kit.model.territories import measure_distance
from tools.verification.case import Case

#: The five instances of gap1 one after the other: reps and accounts, profits, hours, capacities.
_INSTANCES = Path(__file__).with_name("gap1.txt")
_OPTIMA = (336.0, 327.0, 339.0, 341.0, 326.0)
_SOURCE = "Beasley, OR-Library, gap1 (Osman 1995; Cattrysse, Salomon & Van Wassenhove 1994), 5 agents x 15 jobs"


def list_cases() -> list[Case]:
    """Return the cases: the profit found and the bound that proves it, both equal to the published optimum."""
    cases = [
        Case("Territories", f"capacitated assignment gap1-{number}", _SOURCE, (optimum, optimum),
             assign_instance(profit, hours, capacity), 1e-6)
        for number, (optimum, (profit, hours, capacity)) in enumerate(zip(_OPTIMA, read_instances(), strict=True), 1)
    ]
    quarter = float(measure_distance(np.array(0.0), np.array(0.0), np.array(90.0), np.array(0.0)))
    source = "a quarter of a great circle of the mean radius 6,371.0088 km (IUGG 1980)"
    return [*cases, Case("Territories", "equator to pole, km", source, (10007.557,), (quarter,), 1e-3)]


def assign_instance(profit: np.ndarray, hours: np.ndarray, capacity: np.ndarray) -> tuple[float, float]:
    """Return the profit found and its upper bound."""
    found = assign_by_prices(-profit.T, hours.T, low=np.zeros(len(capacity)), high=capacity)
    return -found.cost, -found.bound


def read_instances() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield profits and hours, each (n_reps, n_accounts), and capacities of the five instances."""
    numbers = np.array(_INSTANCES.read_text(encoding="ascii").split(), dtype=float)
    while len(numbers):
        n_reps, n_accounts = int(numbers[0]), int(numbers[1])
        n_cells = n_reps * n_accounts
        profit, hours = numbers[2 : 2 + 2 * n_cells].reshape(2, n_reps, n_accounts)
        yield profit, hours, numbers[2 + 2 * n_cells : 2 + 2 * n_cells + n_reps]
        numbers = numbers[2 + 2 * n_cells + n_reps :]
