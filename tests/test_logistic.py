import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from salesmodel_kit.model.logistic import fit_logistic, refit_logistic


def draw_records(n=300):
    rng = np.random.default_rng(4)
    features = rng.random((n, 3))
    return features, rng.random(n) < 1 / (1 + np.exp(-(features @ [2.0, 1.0, 0.0] - 1.5)))


def test_fit_logistic_gives_the_log_odds_of_a_table_of_four_cells():
    # 30 of 40 won where the feature is there, 10 of 40 where it is not: odds 3 and 1/3.
    features = np.repeat([[1.0], [0.0]], 40, axis=0)
    won = np.array([True] * 30 + [False] * 10 + [True] * 10 + [False] * 30)

    assert fit_logistic(features, won, prior_sd=1e4) == pytest.approx([-np.log(3), np.log(9)], abs=1e-6)


def test_fit_logistic_pulls_coefficients_towards_zero():
    features, won = draw_records()

    loose, tight = (np.abs(fit_logistic(features, won, prior_sd=sd)[1:]).sum() for sd in (10, 0.1))

    assert tight < 0.1 * loose


def test_refit_logistic_equals_scikit_learn_on_every_weighting():
    features, won = draw_records()
    weights = np.random.default_rng(1).poisson(1, (5, len(won))).astype(float)

    found = refit_logistic(features, won, weights=weights, start=fit_logistic(features, won, prior_sd=2.5),
                           prior_sd=2.5)

    for row, times in zip(found, weights, strict=True):
        learner = LogisticRegression(C=2.5**2, solver="newton-cholesky", tol=1e-10)
        learner.fit(features, won, sample_weight=times)
        assert row == pytest.approx([learner.intercept_[0], *learner.coef_[0]], abs=1e-7)


def test_refit_logistic_does_not_depend_on_its_batches(monkeypatch):
    features, won = draw_records(50)
    weights = np.random.default_rng(1).poisson(1, (7, 50)).astype(float)
    start = fit_logistic(features, won, prior_sd=2.5)
    whole = refit_logistic(features, won, weights=weights, start=start, prior_sd=2.5)

    monkeypatch.setattr("salesmodel_kit.model.logistic._BATCH", 100)

    assert refit_logistic(features, won, weights=weights, start=start, prior_sd=2.5) == pytest.approx(whole, abs=1e-9)


def test_refit_logistic_stays_finite_when_a_feature_tells_everything():
    features = np.repeat([[1.0], [0.0]], 20, axis=0)
    won = features[:, 0] == 1

    found = refit_logistic(features, won, weights=np.ones((1, 40)), start=np.zeros(2), prior_sd=2.5)

    assert found[0] == pytest.approx(fit_logistic(features, won, prior_sd=2.5), abs=1e-6)
