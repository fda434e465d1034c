"""The best split of hours over S-shaped responses, against a bound and against a local solver."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from benchmarks.measure import Result, bound, compare, summarize, time_call
from salesmodel_kit.model.effort import Split, split_effort
from salesmodel_kit.model.response import AdbudgCurve

_N_STARTS = 20
#: The curve of sizes: S-shaped units, units of effort.
CURVE = ((8, 1_500), (100, 2_000), (500, 5_000), (1_500, 5_000))


def measure_few_units() -> Result:
    """Time the split of 1,500 steps over 8 products against 1 s."""
    return _measure_split("split-effort-8-products", n_units=8, budget=1500)


def measure_many_units() -> Result:
    """Time the split of 5,000 hours over 500 units against 1 s."""
    return _measure_split("split-effort-500-units", n_units=500, budget=5000)


def measure_curve() -> Result:
    """Time the split of 5,000 hours over 500 units against 1 s, and tell the curve of sizes."""
    told, seconds = [], {}
    for n_units, budget in CURVE:
        returns = _tabulate(*_draw_curves(n_units, budget), budget=budget)
        found: list[Split] = []
        seconds[n_units] = time_call(lambda returns=returns, budget=budget, found=found: found.append(
            _split(returns, budget)))
        told.append(f"{n_units:,} x {budget:,}: {seconds[n_units]:.2f} s, gap {1 - found[0].gain / found[0].bound:.4%}")
    return summarize("split-effort-curve", [seconds[500]], against="bound of 1 s at 500 x 5,000", limit=1.0,
                     size="; ".join(told))


def measure_slsqp() -> Result:
    """Compare the global split of 8 products with SLSQP from 20 starts, which must not find more."""
    curves, sales, own = _draw_curves(8, 1500)
    returns = _tabulate(curves, sales, own, budget=1500)
    best_local = max(_solve_locally(curves, sales, own, budget=1500, start=start) for start in range(_N_STARTS))
    ours = _split(returns, 1500).gain
    if best_local > ours * (1 + 1e-6):
        raise AssertionError(f"SLSQP found {best_local:.6f}, the split only {ours:.6f}")
    return compare(
        "split-effort-against-slsqp",
        lambda: _split(returns, 1500),
        peer=lambda: [_solve_locally(curves, sales, own, budget=1500, start=start) for start in range(_N_STARTS)],
        against=f"SciPy SLSQP from {_N_STARTS} starts, which finds {best_local / ours:.4f} of its return",
        limit=1.0,
        size="8 S-shaped products x 1,500 units of effort",
        n_pairs=3,
    )


def _measure_split(name: str, *, n_units: int, budget: int) -> Result:
    returns = _tabulate(*_draw_curves(n_units, budget), budget=budget)
    size = f"{n_units} S-shaped units x {budget:,} units of effort"
    return bound(name, lambda: _split(returns, budget), seconds=1.0, size=size)


def _draw_curves(n_units: int, budget: int) -> tuple[list[AdbudgCurve], np.ndarray, np.ndarray]:
    generator = np.random.default_rng(11)
    curves = [
        AdbudgCurve(low, high, shape)
        for low, high, shape in zip(
            generator.uniform(0, 0.8, n_units),
            generator.uniform(1.1, 2.5, n_units),
            generator.uniform(1.5, 5, n_units),
            strict=True,
        )
    ]
    return curves, generator.lognormal(3, 1, n_units), budget / n_units * generator.uniform(0.5, 3, n_units)


def _tabulate(curves: list[AdbudgCurve], sales: np.ndarray, own: np.ndarray, *, budget: int) -> np.ndarray:
    steps = np.arange(budget + 1)
    return np.array([curve.find_sales(steps / hours) * size
                     for curve, size, hours in zip(curves, sales, own, strict=True)])


def _split(returns: np.ndarray, budget: int) -> Split:
    n_units = len(returns)
    return split_effort(returns, budget=budget, low=np.zeros(n_units, int), high=np.full(n_units, budget))


def _solve_locally(
    curves: list[AdbudgCurve], sales: np.ndarray, own: np.ndarray, *, budget: int, start: int
) -> float:
    def lose(effort: np.ndarray) -> float:
        efforts = np.clip(effort, 0, None) / own
        return -sum(float(curve.find_sales(x)) * size for curve, x, size in zip(curves, efforts, sales, strict=True))

    first = np.random.default_rng(start).dirichlet(np.ones(len(own))) * budget
    found = minimize(
        lose, first, method="SLSQP", bounds=[(0, budget)] * len(own),
        constraints={"type": "ineq", "fun": lambda effort: budget - effort.sum()}, options={"maxiter": 300},
    )
    whole = np.clip(found.x, 0, None)
    return -lose(whole * min(1.0, budget / max(whole.sum(), 1e-9)))
