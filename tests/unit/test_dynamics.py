"""Do learned dynamics follow series as their laws say, warn all when one is restless, and hold what they promise?"""

import numpy as np
import pytest

from corredor.learn.dynamics.ahead import sample_ahead
from corredor.learn.dynamics.announced import SPREAD, Listed, Occasion, occasions, shifts, tends_to_follow
from corredor.learn.dynamics.follow import USUAL_LEVEL_SD, WALK_SD, follow, moments_ahead, share_of_people
from corredor.learn.dynamics.panel import LARGEST_GROWTH, forecast_counts
from corredor.learn.dynamics.structures import all_structures
from corredor.learn.dynamics.width import EDGE, LEAST, MOST, STEP, Foreseen, Width

JANUARY = 24_000


def structure(noise, season, persistence, season_drift):
    """Number of a structure."""
    structures = np.array(all_structures()).T
    (number,) = np.flatnonzero((structures == [noise, season, persistence, season_drift]).all(axis=1))
    return int(number)


def walks(n_months, n_series, seed, sd=0.2, level=7.0):
    """Random walks without season, log."""
    steps = np.random.default_rng(seed).normal(0, sd, (n_months, n_series))
    return level + np.cumsum(steps, axis=0)


def test_a_structure_without_season_is_the_exact_normal_model():
    values = walks(30, 1, 3)
    followed = follow(values, JANUARY, np.zeros_like(values))
    noise, n = 0.5, len(values)
    # level from the first month on: variance of the start, then one for each month; every value has noise of its own
    start = WALK_SD**2 + np.minimum.outer(np.arange(n), np.arange(n))
    weights = np.linalg.solve(start + noise * np.eye(n), start[:, -1])
    expected = values[0, 0] + weights @ (values[:, 0] - values[0, 0])
    state = followed.state[0, structure(noise, 0.0, 1.0, 0.0)]
    assert state[1] == pytest.approx(expected, abs=1e-9) and state[0] == 0.0


def test_a_structure_with_a_usual_level_is_the_exact_normal_model():
    values = walks(12, 1, 4)
    followed = follow(values, JANUARY, np.zeros_like(values))
    kept, noise, n = 0.85, 2.0, 12
    gaps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    distance = kept**gaps / (1 - kept**2)
    usual = USUAL_LEVEL_SD**2 + 0.02**2 * np.minimum.outer(np.arange(n), np.arange(n))
    inverse = np.linalg.inv(distance + usual + noise * np.eye(n))
    gone = values[:, 0] - values[0, 0]
    state = followed.state[0, structure(noise, 0.0, kept, 0.0)]
    assert state[0] == pytest.approx(values[0, 0] + usual[:, -1] @ inverse @ gone, abs=1e-7)
    assert state[1] == pytest.approx(distance[:, -1] @ inverse @ gone, abs=1e-7)


def test_an_unknown_month_teaches_nothing_but_time_goes_on():
    values = walks(40, 3, 5)
    with_gap = values.copy()
    with_gap[-1] = np.nan
    before, after = (follow(rows, JANUARY, np.zeros_like(rows)) for rows in (with_gap[:-1], with_gap))
    np.testing.assert_array_equal(before.squares, after.squares)
    np.testing.assert_array_equal(before.weight.argmax(axis=1), after.weight.argmax(axis=1))
    assert after.month == before.month + 1
    assert (after.covariance[:, :, 1, 1] >= before.covariance[:, :, 1, 1] * after.structures.persistence**2).all()


def test_a_season_that_was_put_in_is_foreseen():
    months = np.arange(96)
    wave = np.where(months % 12 == 5, 1.5, 0.0)
    values = walks(96, 4, 6, sd=0.05) + wave[:, None]
    # the last month known is May; June is the month that stands out
    ahead = sample_ahead(follow(values[:89], JANUARY), 2, 2000, np.random.default_rng(1))
    june, july = np.median(ahead, axis=0)
    rise = june - values[88]
    assert (np.abs(rise - 1.5) < 0.3).all()
    assert (np.abs(july - values[88]) < 0.3).all()


def test_without_a_season_the_newest_month_is_what_is_expected():
    values = walks(120, 5, 7)
    ahead = sample_ahead(follow(values, JANUARY), 3, 4000, np.random.default_rng(1), counts=False)
    assert (np.abs(np.median(ahead[:, 0], axis=0) - values[-1]) < 0.15).all()
    spread = ahead[:, 2].std(axis=0) / ahead[:, 0].std(axis=0)
    assert (spread > 1.2).all() and (spread < 2.2).all()


def test_a_rise_of_the_others_widens_the_band_of_one_that_is_quiet():
    quiet = walks(60, 9, 8, sd=0.1)
    restless = quiet.copy()
    restless[-1, :8] += 1.0
    widths = [
        np.ptp(np.quantile(sample_ahead(follow(rows, JANUARY), 1, 4000, np.random.default_rng(1))[:, 0, 8], [0.1, 0.9]))
        for rows in (quiet, restless)
    ]
    assert widths[1] > 1.2 * widths[0]


def test_series_that_move_together_are_drawn_together():
    rng = np.random.default_rng(9)
    together = np.cumsum(rng.normal(0, 0.2, (120, 1)), axis=0) + np.cumsum(rng.normal(0, 0.05, (120, 3)), axis=0)
    apart = np.cumsum(rng.normal(0, 0.2, (120, 3)), axis=0)
    found = []
    for values in (together + 7, apart + 7):
        ahead = sample_ahead(follow(values, JANUARY), 1, 4000, np.random.default_rng(1))[:, 0]
        found.append(np.corrcoef(ahead.T)[np.triu_indices(3, 1)])
    assert found[0].min() > 0.5 and np.abs(found[1]).max() < 0.3


@pytest.mark.parametrize("tails", [3.0, 100.0])
def test_bands_hold_what_they_promise_for_heavy_and_light_tails(tails):
    """Twelve panels of six series whose monthly sd differs fourfold; every twelfth month from the fourth year on is foreseen."""
    held = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sd = np.geomspace(0.1, 0.4, 6)
        steps = sd * rng.standard_t(tails, (100, 6)) / np.sqrt(tails / (tails - 2))
        people = np.floor(np.exp(8 + np.cumsum(steps, axis=0)))
        for last in range(48, 96, 12):
            ahead = forecast_counts(people[:last], JANUARY, 3, 400, np.random.default_rng([seed, last]))[:, [0, 2]]
            low, high = np.quantile(ahead, [0.1, 0.9], axis=0)
            came = people[[last, last + 2]]
            held.append((low <= came) & (came <= high))
    assert 0.75 <= np.mean(held) <= 0.88


def test_factors_rise_when_bands_do_not_hold_and_stay_within_their_limits():
    width = Width()
    both = np.array([0.5, 0.5])
    for month in range(40):
        # both series far off on the same side: all that they have in common
        width.foreseen[month] = {1: Foreseen(np.zeros(2), np.full(2, 0.1), both, 0.1, np.full(2, 0.01))}
        width.learn(month, np.array([5.0, 5.0]))
        if month == 0:
            assert width.common[0] == pytest.approx(STEP * 0.8) and width.own[0] == pytest.approx(STEP * 0.8)
    assert width.common[0] == width.own[0] == MOST and (width.common[1:] == 0).all()
    for month in range(40, 200):
        width.foreseen[month] = {1: Foreseen(np.zeros(2), np.full(2, 0.1), both, 0.1, np.full(2, 0.01))}
        width.learn(month, np.zeros(2))
    assert width.common[0] == width.own[0] == LEAST
    width.foreseen[200] = {1: Foreseen(np.zeros(2), np.full(2, 0.1), both, 0.1, np.full(2, 0.01))}
    width.learn(200, np.full(2, np.nan))
    assert width.common[0] == LEAST


def test_widening_stretches_what_is_common_and_what_is_own_by_their_factors():
    width = Width(common=np.full(6, np.log(2.0)), own=np.full(6, np.log(3.0)))
    rng = np.random.default_rng(1)
    samples, share = rng.standard_normal((500, 8, 3)), np.array([0.2, 0.3, 0.5])
    wider = width.widen(samples, share)
    off, off_wider = samples - samples.mean(axis=0), wider - wider.mean(axis=0)
    np.testing.assert_allclose(off_wider @ share, 2.0 * (off @ share), atol=1e-12)
    np.testing.assert_allclose(off_wider[..., 0] - off_wider[..., 1], 3.0 * (off[..., 0] - off[..., 1]), atol=1e-12)
    np.testing.assert_allclose(wider.mean(axis=0), samples.mean(axis=0), atol=1e-12)


def test_moments_are_those_of_the_samples():
    followed = follow(walks(60, 3, 13), JANUARY)
    samples = sample_ahead(followed, 3, 40_000, np.random.default_rng(1))
    mean, squared = moments_ahead(followed, 3, counts=True)
    share = share_of_people(mean)
    factor = Foreseen(mean, np.sqrt(squared), share, 0.0, np.zeros(3))
    np.testing.assert_allclose(samples[:, 2].mean(axis=0), factor.mean, atol=0.02)
    widened = np.exp(followed.width.own[2])
    middle = np.ptp(np.quantile(samples[:, 2], [0.1, 0.9], axis=0), axis=0) / 2
    np.testing.assert_allclose(middle, EDGE * np.sqrt(squared) * widened, rtol=0.35)


def test_bands_hold_when_quiet_years_are_followed_by_restless_ones():
    """Steps become four times as large and go on in their direction; from a year later on, bands hold again."""
    held = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        sd = np.where(np.arange(132) < 72, 0.1, 0.4)[:, None]
        steps = sd * rng.standard_normal((132, 6))
        steps[72:] = 0.5 * steps[71:-1] + steps[72:]
        people = np.exp(8 + np.cumsum(steps, axis=0))
        for last in range(84, 129, 6):
            ahead = forecast_counts(people[:last], JANUARY, 3, 300, np.random.default_rng([seed, last]))[:, 2]
            low, high = np.quantile(ahead, [0.1, 0.9], axis=0)
            held.append((low <= people[last + 2]) & (people[last + 2] <= high))
    assert 0.7 <= np.mean(held) <= 0.9


def test_the_same_numbers_give_the_same_samples_and_growth_is_bounded():
    people = np.floor(np.exp(walks(30, 2, 10)))
    first, second = (forecast_counts(people, JANUARY, 6, 50, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (50, 6, 2) and first.min() >= 0
    zeros = forecast_counts(np.zeros((30, 1)), JANUARY, 6, 200, np.random.default_rng(1))
    assert zeros.max() <= LARGEST_GROWTH * 1.0001 and np.median(zeros) < 1


def test_what_followed_a_measure_is_found_and_chance_is_not_taken_for_it():
    values = walks(80, 3, 11, sd=0.05)
    values[60:, 1] -= 1.0
    listed = [Listed(JANUARY + 60.2, (1,), "agreement"), Listed(JANUARY + 40.2, (0,), "patrol")]
    agreement, patrol = sorted(occasions(values, JANUARY, listed, 1), key=lambda one: one.kind)
    assert agreement.distance == pytest.approx(-1.0, abs=0.35) and abs(patrol.distance) < 0.35
    assert tends_to_follow([agreement], "agreement")[0] < tends_to_follow([agreement], "patrol")[0] < 0


def test_nothing_that_came_after_the_last_month_known_enters_an_occasion():
    values = walks(80, 2, 12)
    listed = [Listed(JANUARY + 78.0, (0,), "patrol"), Listed(JANUARY + 77.0, (1,), "patrol")]
    # of the second, the month looked at is the last one known; of the first, it has not come yet
    assert [one.kind for one in occasions(values, JANUARY, listed[:1], 1)] == []
    assert len(occasions(values, JANUARY, listed, 1)) == 1


def test_many_like_occasions_decide_and_none_leaves_the_assumption():
    mean, sd = tends_to_follow([], "patrol")
    assert mean == 0 and sd > SPREAD
    mean, sd = tends_to_follow([Occasion("patrol", -0.5, 0.01)] * 40, "patrol")
    assert mean == pytest.approx(-0.5, abs=0.05)
    quiet = tends_to_follow([Occasion("patrol", 0.0, 0.04)] * 40, "patrol")
    assert quiet[1] < 0.2


def test_a_shift_begins_with_its_measure_and_only_what_is_not_shown_yet_is_added():
    past, shape = [Occasion("patrol", -1.0, 0.001)] * 50, (4000, 3, 2)
    last = JANUARY
    rng = np.random.default_rng(1)
    later = shifts([Listed(last + 2.0, (1,), "patrol")], past, last, shape, rng).mean(axis=0)
    assert (later[:, 0] == 0).all() and later[0, 1] == 0
    assert later[1, 1] == pytest.approx(-0.8 * 0.7, abs=0.05) and later[2, 1] == pytest.approx(-0.8, abs=0.05)
    half = shifts([Listed(last + 0.5, (0,), "patrol")], past, last, shape, np.random.default_rng(1))[:, 2, 0].mean()
    assert half == pytest.approx(-0.8 * (0.7 * 0.5 + 0.3), abs=0.05)
    shown = shifts([Listed(last - 1.0, (0,), "patrol")], past, last, shape, np.random.default_rng(1))
    assert np.abs(shown).max() == 0
