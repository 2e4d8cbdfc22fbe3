"""Are forecasts scored as the rules say? Numbers worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from corredor.learn.log_score import log_score_of_counts
from corredor.learn.scores import BANDS, pit_of_samples, score_samples, weighted_interval_score


def test_crps_of_two_samples_is_the_mean_distance_less_half_the_mean_distance_between_them():
    # mean(|2-4|, |6-4|) = 2; all pairs: (0 + 4 + 4 + 0) / 4 = 2, half of it 1
    scores = score_samples(np.array([[2.0], [6.0]]), np.array([4.0]))
    assert scores.crps == pytest.approx([1.0])


def test_a_forecast_without_spread_scores_its_distance_to_the_outcome():
    scores = score_samples(np.full((50, 1), 7.0), np.array([10.0]))
    assert scores.crps == pytest.approx([3.0])
    # median: 3 / 2; bands of width 0 that miss by 3: (2/a * 3) * a/2 = 3 each; (1.5 + 9) / 3.5
    assert scores.wis == pytest.approx([3.0])


def test_weighted_interval_score_is_the_hand_worked_one():
    # 0, 1 … 100: median 50; bands 25–75, 10–90, 2.5–97.5; outcome 92
    scores = score_samples(np.arange(101.0)[:, None], np.array([92.0]))
    band_50 = 50 + 2 / 0.5 * (92 - 75)
    band_80 = 80 + 2 / 0.2 * (92 - 90)
    band_95 = 95.0
    by_hand = (0.5 * 42 + 0.25 * band_50 + 0.1 * band_80 + 0.025 * band_95) / 3.5
    assert scores.wis == pytest.approx([by_hand])
    assert scores.inside.tolist() == [[False, False, True]]
    assert scores.median == pytest.approx([50.0])


def test_the_ends_of_a_band_count_as_inside():
    outcomes = np.array([25.0, 24.9, 75.0, 75.1])
    samples = np.repeat(np.arange(101.0)[:, None], 4, axis=1)
    assert score_samples(samples, outcomes).inside[:, 0].tolist() == [True, False, True, False]


def test_each_outcome_is_scored_with_its_own_samples():
    rng = np.random.default_rng(1)
    samples, outcomes = rng.normal(100, 20, (300, 3)), np.array([90.0, 100.0, 160.0])
    together = score_samples(samples, outcomes)
    for number in range(3):
        alone = score_samples(samples[:, [number]], outcomes[[number]])
        assert together.crps[number] == pytest.approx(alone.crps[0])
        assert together.wis[number] == pytest.approx(alone.wis[0])


def test_on_average_nobody_gains_by_claiming_more_or_less_certainty_than_there_is():
    rng = np.random.default_rng(2)
    truth = rng.normal(0, 1, 4000)
    forecast = rng.normal(0, 1, (800, 1))
    scores = {spread: score_samples(np.repeat(forecast * spread, len(truth), axis=1), truth) for spread in (0.5, 1.0, 2.0)}
    for rule in ("crps", "wis"):
        honest = getattr(scores[1.0], rule)
        for other in (0.5, 2.0):
            gain = getattr(scores[other], rule) - honest
            assert gain.mean() > 5 * gain.std() / np.sqrt(len(truth))
    # shares inside within five standard errors of what the bands claim, the samples' own error included
    for number, share in enumerate(BANDS):
        assert abs(scores[1.0].inside[:, number].mean() - share) < 5 * np.sqrt(share * (1 - share) * (1 / 4000 + 2 / 800))


@pytest.mark.parametrize(("sample", "outcome"), [(np.nan, 1.0), (np.inf, 1.0), (1.0, np.nan)])
def test_what_is_no_number_is_refused(sample, outcome):
    with pytest.raises(ValueError, match="no number"):
        score_samples(np.array([[1.0], [sample]]), np.array([outcome]))


def test_chances_of_all_counts_sum_to_one_also_where_many_samples_are_equal():
    rng = np.random.default_rng(3)
    for samples in (rng.poisson(2.0, 200), rng.negative_binomial(3, 0.05, 200), np.full(200, 4), np.zeros(200)):
        counts = np.arange(4000.0)
        scores, _ = log_score_of_counts(np.repeat(samples[:, None].astype(float), len(counts), axis=1), counts)
        # the floor's tail beyond 4,000: less than the 201st part, times the median over 4,000
        assert 1 - 1e-4 < np.exp(-scores).sum() <= 1 + 1e-9


def test_the_log_score_is_near_that_of_the_distribution_the_samples_come_from():
    rng = np.random.default_rng(4)
    shape, mean = 20.0, 3000.0
    law = stats.nbinom(shape, shape / (shape + mean))
    samples, outcomes = law.rvs((2000, 1), random_state=rng), law.rvs(400, random_state=rng).astype(float)
    found, floored = log_score_of_counts(np.repeat(samples, 400, axis=1).astype(float), outcomes)
    apart = found + law.logpmf(outcomes)
    # smoothing costs little: a hundredth of a nat on average, where a standard deviation 20 % too small costs two hundredths
    assert abs(apart.mean()) < 0.02 and not floored.any()


def test_the_floor_of_the_log_score_is_the_hand_worked_one():
    # 99 samples of 10 people and an outcome of 1000: nothing of the kernels is there, so the chance is the floor's 100th part
    score, floored = log_score_of_counts(np.full((99, 1), 10.0), np.array([1000.0]))
    logistic = 1 / (1 + np.exp(-(np.log(1001.5) - np.log(11)))) - 1 / (1 + np.exp(-(np.log(1000.5) - np.log(11))))
    assert score == pytest.approx([-np.log(logistic / 100)]) and floored.tolist() == [True]
    exact, rests = log_score_of_counts(np.full((99, 1), 10.0), np.array([10.0]))
    assert exact[0] == pytest.approx(-np.log(0.99), abs=1e-3) and not rests[0]


def test_places_among_the_samples_are_spread_over_equals():
    samples = np.array([[1.0, 1.0], [2.0, 2.0], [2.0, 2.0], [7.0, 7.0]])
    low, high = pit_of_samples(samples, np.array([2.0, 9.0]))
    # among five places: 2 may take the second to the fourth, 9 only the last
    assert low == pytest.approx([1 / 5, 4 / 5]) and high == pytest.approx([4 / 5, 1.0])


def test_twice_the_mean_quantile_score_is_the_weighted_interval_score_of_bands():
    rng = np.random.default_rng(5)
    levels = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    quantiles, outcomes = np.quantile(rng.gamma(2, 50, (500, 30)), levels, axis=0), rng.gamma(2, 50, 30)
    by_bands = 0.5 * np.abs(outcomes - quantiles[2])
    for low, high, outside in ((quantiles[0], quantiles[4], 0.2), (quantiles[1], quantiles[3], 0.5)):
        missed = np.maximum(low - outcomes, 0) + np.maximum(outcomes - high, 0)
        by_bands += outside / 2 * (high - low + 2 / outside * missed)
    assert weighted_interval_score(quantiles, levels, outcomes) == pytest.approx(by_bands / 2.5)
