"""Ridge logistic regression: once by scikit-learn, and many times at once on resampled records.

Each coefficient is believed, before any record is seen, to be normal around 0 with a
given standard deviation; the intercept is free.
"""

from __future__ import annotations

import numpy as np

#: Newton steps at most, the longest step, and the step that counts as none.
_MOST_STEPS, _LONGEST, _NONE = 40, 2.0, 1e-9
#: Numbers held at once by one batch of refits: they should stay in the processor's cache.
_BATCH = 400_000


def fit_logistic(features: np.ndarray, outcome: np.ndarray, *, prior_sd: float) -> np.ndarray:
    """Return intercept and coefficients of the most probable regression of an outcome on features.

    Minimises ``sum of coefficient^2 / (2 prior_sd^2) - log likelihood``.

    Parameters
    ----------
    features : ndarray (n_records, n_features)
        None missing.
    outcome : ndarray of bool (n_records,)
        Both outcomes present.
    prior_sd : float
        Standard deviation believed of a coefficient, > 0.

    Returns
    -------
    ndarray (1 + n_features,)
        Intercept first.

    Notes
    -----
    Source: scikit-learn's ``LogisticRegression`` with ``C = prior_sd^2``.
    """
    from sklearn.linear_model import LogisticRegression

    learner = LogisticRegression(C=prior_sd**2, solver="newton-cholesky", tol=1e-8).fit(features, outcome)
    return np.concatenate([learner.intercept_, learner.coef_[0]])


def refit_logistic(
    features: np.ndarray, outcome: np.ndarray, *, weights: np.ndarray, start: np.ndarray, prior_sd: float
) -> np.ndarray:
    """Return what :func:`fit_logistic` gives under many weightings of the records.

    Newton's method on all weightings at once: the sums over records are one matrix
    product a step.

    Parameters
    ----------
    features, outcome, prior_sd
        As for :func:`fit_logistic`.
    weights : ndarray (n_refits, n_records)
        How often each record counts, >= 0; both outcomes present in each row.
    start : ndarray (1 + n_features,)
        Where the search begins: the fit on the unweighted records.

    Returns
    -------
    ndarray (n_refits, 1 + n_features)
        Intercept first.
    """
    full = np.hstack([np.ones((len(features), 1)), features])
    products = (full[:, :, None] * full[:, None, :]).reshape(len(full), -1)
    size = max(1, _BATCH // max(len(full), 1))
    parts = [_descend(full, products, outcome, weights=weights[first : first + size], start=start, prior_sd=prior_sd)
             for first in range(0, len(weights), size)]
    return np.vstack([np.empty((0, len(start))), *parts])


def _descend(
    full: np.ndarray, products: np.ndarray, outcome: np.ndarray, *, weights: np.ndarray, start: np.ndarray,
    prior_sd: float,
) -> np.ndarray:
    n_columns = full.shape[1]
    precision = np.diag([0.0, *[prior_sd**-2] * (n_columns - 1)])
    found = np.tile(start, (len(weights), 1))
    for _ in range(_MOST_STEPS):
        probability = 1 / (1 + np.exp(-np.clip(found @ full.T, -500, 500)))
        slope = (weights * (probability - outcome)) @ full + found @ precision
        curvature = (weights * probability * (1 - probability)) @ products
        curvature = curvature.reshape(-1, n_columns, n_columns) + precision + 1e-12 * np.eye(n_columns)
        step = np.clip(np.linalg.solve(curvature, slope[:, :, None])[:, :, 0], -_LONGEST, _LONGEST)
        found -= step
        if np.abs(step).max(initial=0.0) < _NONE:
            break
    return found
