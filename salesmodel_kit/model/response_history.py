"""Response from history: what hours bought so far, segment by segment, and how far the data can tell.

Accounts that were seen for longer hold a larger or a smaller share of their potential.
That is association, not effect: reps also go where sales are. The interval says how
sure the curve is, not that more hours will bring the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.response import AdbudgCurve, calibrate_curve
from salesmodel_kit.tables import RESPONSE_HISTORY

#: Fewer accounts than this are not fitted; of more than the second number a sample is.
FEWEST_ACCOUNTS, MOST_ACCOUNTS = 20, 1500
N_DRAWS, _SEED = 200, 20260101
#: Chance at most of seeing such a rise where hours and sales have nothing in common; the same of an S-shape, as the
#: 99 % point of chi-square with one degree. One in twenty would be found somewhere among many segments.
_CHANCE, _SURE_SHAPE = 0.01, 6.635
_SHAPES = np.array([0.5, 0.7, 1.0, 1.4, 2.0, 2.5, 3.0, 4.0])
_BASES = np.array([0.0, 0.03, 0.08, 0.15, 0.25, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0])
_N_HALVES, _N_FINE, _TINY = 10, 10, 1e-6
#: Multiples of today's hours at which a curve is told, as the room is asked.
_MULTIPLES = {"nothing": 0.0, "half": 0.5, "half_more": 1.5, "most": np.inf}


@dataclass(frozen=True)
class _Grid:
    """Every curve that is tried: share of the most that can be reached, ``base + (1 - base) h^c / (k^c + h^c)``."""

    base: np.ndarray
    half: np.ndarray
    shape: np.ndarray

    def find_shares(self, hours: np.ndarray) -> np.ndarray:
        """Return shares (n_accounts, n_curves)."""
        with np.errstate(divide="ignore", over="ignore"):
            part = 1 / (1 + (self.half / hours[:, None]) ** self.shape)
        return self.base + (1 - self.base) * part


def fit_responses(accounts: pd.DataFrame, hours: pd.Series, *, seed: int = _SEED) -> pd.DataFrame:
    """Return, for each segment, the curve of sales over hours that fits its customers best, with 95 % intervals.

    The share of the potential that a customer buys is ``level x (base + (1 - base) h^c / (k^c + h^c))``,
    fitted to the logarithm of the share by least squares over a grid of curves, one of
    them flat, with exponents from 0.5 to 4. Customers are drawn again 200 times for the intervals.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``segment``, ``sales_per_year``, ``potential_per_year``. Accounts without sales, potential or
        hours on record are left out.
    hours : Series (n_accounts,)
        Hours spent in the last 12 months, in the order of ``accounts``; missing: not recorded.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame (n_segments, ...)
        Table ``response_history``, segments in order of name. Below 20 customers the curve is missing;
        ``can_tell``: the interval lies above 0, and hours dealt out anew among the customers fit as well in at
        most one case of a hundred. ``is_s_shaped``: no curve without a bend fits as well (likelihood ratio, 99 %).

    Notes
    -----
    Source: Little (1970) for the curve; Efron & Tibshirani (1993), percentile interval.
    Work: O(n_draws x n_accounts x n_curves) per segment, of at most 1,500 customers.
    """
    known = pd.DataFrame({"segment": accounts["segment"].to_numpy(dtype=object),
                          "sales": accounts["sales_per_year"].to_numpy(float),
                          "potential": accounts["potential_per_year"].to_numpy(float),
                          "hours": hours.to_numpy(float)})
    used = known[(known["sales"] > 0) & (known["potential"] > 0) & (known["hours"] >= 0)]
    rng = np.random.default_rng(seed)
    rows = [{"segment": name, **_fit(used[used["segment"] == name], rng)}
            for name in sorted(known["segment"].dropna().unique())]
    table = pd.DataFrame(rows).reindex(columns=list(RESPONSE_HISTORY.names))
    return table.astype({"segment": "str", "n_accounts": "Int64", "can_tell": "boolean", "is_s_shaped": "boolean"})


def _fit(customers: pd.DataFrame, rng: np.random.Generator) -> dict[str, object]:
    n_accounts = len(customers)
    sums = {"present_hours_per_year": customers["hours"].sum(), "sales_per_year": customers["sales"].sum()}
    if n_accounts < FEWEST_ACCOUNTS or not (customers["hours"] > 0).any():
        return {"n_accounts": n_accounts, **sums, "can_tell": False, "is_s_shaped": False}
    if n_accounts > MOST_ACCOUNTS:
        customers = customers.iloc[np.sort(rng.choice(n_accounts, MOST_ACCOUNTS, replace=False))]
    hours, potential = customers["hours"].to_numpy(), customers["potential"].to_numpy()
    log_share = np.log(customers["sales"].to_numpy() / potential)
    grid, chosen = _search(log_share, hours, _SHAPES, _draw_weights(len(hours), rng))
    curves, place = np.unique(chosen, return_inverse=True)
    tried = _Grid(grid.base[curves], grid.half[curves], grid.shape[curves])
    found = _measure(tried, hours, potential)
    best = {name: float(values[place[0]]) for name, values in found.items()}
    low, high = np.percentile(found["gain"][place[1:]], [2.5, 97.5])
    shape_low, shape_high = np.percentile(tried.shape[place[1:]], [2.5, 97.5])
    per_hour = sums["sales_per_year"] / (0.1 * sums["present_hours_per_year"])
    can_tell = bool(low > 0) and _rise_by_chance(log_share, hours, rng) <= _CHANCE
    is_flat = best["gain"] <= 0
    return {
        "n_accounts": n_accounts, **sums, **{name: best[name] for name in _MULTIPLES},
        "shape": np.nan if is_flat else tried.shape[place[0]],
        "shape_low": np.nan if is_flat else shape_low, "shape_high": np.nan if is_flat else shape_high,
        "sales_per_hour_now": best["gain"] * per_hour, "sales_per_hour_low": low * per_hour,
        "sales_per_hour_high": high * per_hour, "can_tell": can_tell,
        "is_s_shaped": can_tell and _measure_bend(log_share, hours) > _SURE_SHAPE,
    }


def _draw_weights(n_accounts: int, rng: np.random.Generator) -> np.ndarray:
    """Return the weights of all accounts alike, then of each draw (n_draws + 1, n_accounts)."""
    counts = rng.multinomial(n_accounts, np.full(n_accounts, 1 / n_accounts), size=N_DRAWS)
    return np.vstack([np.ones(n_accounts), counts]) / n_accounts


def _rise_by_chance(log_share: np.ndarray, hours: np.ndarray, rng: np.random.Generator) -> float:
    """Return how often a curve fits as well when the hours are dealt out anew among the accounts."""
    grid = _make_grid(_BASES, _place_halves(hours), _SHAPES)
    shares = np.log(np.maximum(grid.find_shares(hours), _TINY))
    centred, shares = log_share - log_share.mean(), shares - shares.mean(axis=0)
    dealt = np.vstack([centred, *(rng.permutation(centred) for _ in range(N_DRAWS))])
    best = ((shares**2).sum(axis=0) - 2 * dealt @ shares).min(axis=1)
    return float((1 + (best[1:] <= best[0]).sum()) / (1 + N_DRAWS))


def _measure_bend(log_share: np.ndarray, hours: np.ndarray) -> float:
    """Return the likelihood ratio of the best curve against the best that is not S-shaped."""
    alike = np.full((1, len(hours)), 1 / len(hours))
    spread = []
    for shapes in (_SHAPES, _SHAPES[_SHAPES <= 1]):
        grid, chosen = _search(log_share, hours, shapes, alike)
        curve = _Grid(grid.base[chosen], grid.half[chosen], grid.shape[chosen])
        spread.append(np.var(log_share - np.log(np.maximum(curve.find_shares(hours)[:, 0], _TINY))))
    return float(len(hours) * np.log(max(spread[1], _TINY) / max(spread[0], _TINY)))


def _place_halves(hours: np.ndarray) -> np.ndarray:
    seen = hours[hours > 0]
    return np.geomspace(max(np.quantile(seen, 0.05) / 2, 1e-3), np.quantile(seen, 0.95) * 2, _N_HALVES)


def _search(
    log_share: np.ndarray, hours: np.ndarray, shapes: np.ndarray, weights: np.ndarray
) -> tuple[_Grid, np.ndarray]:
    """Return a grid and the curve that each row of weights chooses: a coarse search, then one where they lie."""
    halves = _place_halves(hours)
    coarse = _make_grid(_BASES, halves, shapes)
    chosen = np.unique(_choose_curves(log_share, coarse.find_shares(hours), weights))
    rising = chosen[coarse.base[chosen] < 1]
    if not len(rising):
        return coarse, np.full(len(weights), len(coarse.base) - 1)
    fine = _make_grid(*(_zoom(axis, found[rising]) for axis, found in (
        (_BASES, coarse.base), (halves, coarse.half), (shapes, coarse.shape))))
    return fine, _choose_curves(log_share, fine.find_shares(hours), weights)


def _zoom(axis: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return finer places on an axis, from one step before the lowest that was found to one after the highest."""
    places = np.searchsorted(axis, [found.min(), found.max()])
    low, high = max(int(places[0]) - 1, 0), min(int(places[1]) + 1, len(axis) - 1)
    return np.interp(np.linspace(low, high, _N_FINE), np.arange(len(axis)), axis)


def _make_grid(bases: np.ndarray, halves: np.ndarray, shapes: np.ndarray) -> _Grid:
    base, half, shape = (axis.ravel() for axis in np.meshgrid(bases[bases < 1], halves, shapes, indexing="ij"))
    return _Grid(np.append(base, 1.0), np.append(half, 1.0), np.append(shape, 1.0))  # the last one is flat


def _choose_curves(log_share: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the curve that each row of weights chooses: the least variance of what it leaves unexplained."""
    left = log_share[:, None] - np.log(np.maximum(shares, _TINY))
    variance = weights @ left**2 - (weights @ left) ** 2
    # of curves that fit alike the flat one comes first: it claims least
    variance[:, -1] -= 1e-9 * np.maximum(variance[:, -1], 1e-12)
    return variance.argmin(axis=1)


def _measure(tried: _Grid, hours: np.ndarray, potential: np.ndarray) -> dict[str, np.ndarray]:
    """Return sales of each curve at multiples of today's hours, today's being 1, and the gain of a tenth more."""
    today = potential @ tried.find_shares(hours)
    sales = {name: potential @ tried.find_shares(hours * multiple if np.isfinite(multiple) else np.full_like(
        hours, np.inf)) / today for name, multiple in {**_MULTIPLES, "gain": 1.1}.items()}
    return sales | {"gain": sales["gain"] - 1}


def read_curve(row: pd.Series) -> AdbudgCurve | None:
    """Return the curve of a segment for the whole of its hours, today being 1; None where the data cannot tell.

    Parameters
    ----------
    row : Series
        A row of the table ``response_history``.

    Returns
    -------
    AdbudgCurve or None
        Calibrated as the room's answers are.
    """
    if not bool(row["can_tell"]):
        return None
    return calibrate_curve(**{name: float(row[name]) for name in _MULTIPLES})
