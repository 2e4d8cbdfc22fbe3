"""Is one forecaster told from another only where chance is excluded?"""

import numpy as np
import pytest

from corredor.learn.paired import FEWEST_BLOCKS, block_length, fewest_origins, paired_ratio


def errors(seed: int, n_origins: int) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(0, 0.4, n_origins))


def test_a_block_is_twice_what_neighbouring_forecasts_share_and_at_least_the_cube_root():
    assert block_length(66, 5) == 10 and block_length(10_000, 1) == 22 and block_length(30, 0.5) == 4
    assert fewest_origins(5) == 60 and fewest_origins(3) == 36
    assert fewest_origins(5) / block_length(fewest_origins(5), 5) >= FEWEST_BLOCKS


def test_below_the_fewest_origins_there_is_no_interval_and_no_verdict():
    told = paired_ratio(np.full(59, 9.0), np.ones(59), 5, 1)
    assert (told.ratio, told.low, told.verdict, told.needed) == (9.0, None, "too few origins", 60)
    assert paired_ratio(np.full(60, 9.0), np.ones(60), 5, 1).verdict == "worse"


def test_the_same_errors_are_never_told_apart_and_a_constant_factor_always_is():
    one = errors(1, 60)
    same = paired_ratio(one, one, 5, 1)
    assert (same.ratio, same.low, same.high, same.verdict) == (1.0, 1.0, 1.0, "no difference told")
    assert paired_ratio(0.9 * one, one, 5, 1).verdict == "better"
    assert paired_ratio(1.1 * one, one, 5, 1).verdict == "worse"


def test_the_interval_turns_round_with_the_pair_and_the_seed_is_the_whole_story():
    one, other = errors(2, 72), errors(3, 72)
    there, back = paired_ratio(one, other, 5, 7), paired_ratio(other, one, 5, 7)
    assert there.ratio == pytest.approx(1 / back.ratio) and there.low == pytest.approx(1 / back.high)
    assert paired_ratio(one, other, 5, 7) == there and paired_ratio(one, other, 5, 8) != there


def test_errors_that_go_together_with_those_before_make_a_wider_interval_than_the_same_in_any_order():
    rng = np.random.default_rng(4)
    slow = np.exp(0.4 * np.convolve(rng.normal(size=143), np.ones(24) / np.sqrt(24), "valid"))
    told, shuffled = paired_ratio(slow, np.ones(120), 5, 1), paired_ratio(rng.permutation(slow), np.ones(120), 5, 1)
    assert np.log(told.high / told.low) > 1.5 * np.log(shuffled.high / shuffled.low)


def test_no_errors_at_all_are_not_told_apart():
    assert paired_ratio(np.zeros(60), np.ones(60), 5, 1).verdict == "no difference told"
    assert paired_ratio(np.ones(60), np.zeros(60), 5, 1).verdict == "no difference told"
