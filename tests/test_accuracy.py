import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from salesmodel_kit.model.accuracy import group_by_probability, measure_auc, measure_brier
from salesmodel_kit.tables import CALIBRATION, make_schema


def measure(probability, won, group=None):
    won = np.asarray(won, dtype=bool)
    return measure_auc(np.array([probability], dtype=float), won, fold=np.zeros((1, len(won)), dtype=int),
                       group=np.arange(len(won)) if group is None else group)


def test_measure_auc_counts_pairs_and_half_a_pair_for_a_tie():
    # won .9 .5, lost .5 .1: pairs 1, 1, 0.5, 1.
    assert measure([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]).value == pytest.approx(3.5 / 4)


def test_measure_auc_gives_the_error_of_delong_when_every_deal_is_its_own_account():
    rng = np.random.default_rng(7)
    won, score = np.repeat([True, False], [40, 60]), rng.normal(size=100).round(1)
    pairs = (score[won][:, None] > score[~won]) + (score[won][:, None] == score[~won]) / 2
    error = np.sqrt(np.var(pairs.mean(axis=1), ddof=1) / 40 + np.var(pairs.mean(axis=0), ddof=1) / 60)

    found = measure(score, won)

    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * error, rel=0.01)


def test_measure_auc_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    won, probability = rng.random(80) < 0.4, rng.random(80).round(1)

    assert measure(probability, won).value == pytest.approx(roc_auc_score(won, probability))


def test_measure_auc_is_less_sure_when_deals_come_in_copies():
    probability, won = np.array([0.9, 0.4, 0.6, 0.2, 0.5, 0.3] * 5), np.array([1, 0, 0, 0, 1, 1] * 5)

    alone = measure(probability, won)
    copies = measure(probability, won, group=np.tile(np.arange(6), 5))

    assert copies.value == alone.value
    assert copies.high - copies.low > 1.9 * (alone.high - alone.low)


def test_measure_auc_compares_only_within_a_fold():
    # Between the folds every pair is wrong, within each every pair is right.
    found = measure_auc(np.array([[0.2, 0.1, 0.9, 0.8]]), np.array([True, False, True, False]),
                        fold=np.array([[0, 0, 1, 1]]), group=np.arange(4))

    assert found.value == 1.0


def test_measure_auc_tells_nothing_when_all_deals_ended_alike():
    assert np.isnan(measure([0.9, 0.1], [1, 1]).value)


def test_measure_brier_agrees_with_scikit_learn():
    rng = np.random.default_rng(3)
    won, probability = rng.random(60) < 0.5, rng.random((1, 60))

    found = measure_brier(probability, won, group=np.arange(60))

    assert found.value == pytest.approx(brier_score_loss(won, probability[0]))
    spread = np.std((probability[0] - won) ** 2, ddof=1)
    assert found.high - found.value == pytest.approx(1.959964 * spread / np.sqrt(60), rel=1e-6)


def test_group_by_probability_puts_like_deals_together():
    table = group_by_probability(np.array([0.1, 0.8, 0.3, 0.6]), np.array([False, True, True, True]), n_groups=2)

    assert table["win_probability"].tolist() == pytest.approx([0.2, 0.7])
    assert table["win_rate"].tolist() == [0.5, 1.0]
    assert table["n_deals"].tolist() == [2, 2]
    make_schema(CALIBRATION).validate(table)
