"""Do the simple methods say what they are meant to on series where the answer is known?"""

import numpy as np
import pytest

from corredor.learn import simple_methods
from corredor.learn.simple_methods import FEWEST_MONTHS, SIMPLE_METHODS, SimpleForecast, simple_forecasts, widened_last_value

STEPS = np.array([1, 2, 3])
YEAR = np.array([100, 150, 200, 250, 300, 350, 400, 350, 300, 250, 200, 150], dtype=float)


def simple_forecast(method: str, *known: object) -> SimpleForecast:
    """One method alone."""
    return simple_forecasts([method], *known)[method]


def wavy(months: int) -> np.ndarray:
    """A made-up series with a season and chance."""
    chance = np.exp(0.1 * np.random.default_rng(3).standard_normal(months))
    return np.round(np.resize(YEAR, months) * chance)


@pytest.mark.parametrize("method", SIMPLE_METHODS)
@pytest.mark.parametrize("months", [FEWEST_MONTHS, 60])
def test_every_method_gives_people_and_the_same_ones_again(method, months):
    first = simple_forecast(method, wavy(months), STEPS, 40, (1, 7))
    again = simple_forecast(method, wavy(months), STEPS, 40, (1, 7))
    other = simple_forecast(method, wavy(months), STEPS, 40, (1, 8))
    assert first.samples.shape == (40, 3)
    assert np.isfinite(first.samples).all() and (first.samples >= 0).all()
    assert not first.fell_back
    assert (first.samples == again.samples).all()
    assert (first.samples != other.samples).any()


def test_last_value_walks_from_the_newest_value_by_past_steps():
    # log(1 + n) goes up and down by log 2 in turn, so the steps less their mean are two numbers
    people = np.tile([99.0, 199.0], 15)[:-1]
    samples = simple_forecast("last_value", people, np.array([1]), 4000, (1,)).samples[:, 0]
    assert set(np.round(samples, 6)) == {49.0, 199.0}
    # the newest is 99: half of the samples go up, within five standard errors
    assert abs((samples > 99).mean() - 0.5) < 5 * 0.5 / np.sqrt(4000)


def test_the_widened_last_value_doubles_the_steps_on_the_log_scale_and_says_that_it_stands_in():
    people = np.tile([99.0, 199.0], 15)[:-1]
    made = widened_last_value(people, np.array([1]), 4000, (1,))
    # steps of ± log 2 become ± log 4
    assert set(np.round(made.samples[:, 0], 6)) == {24.0, 399.0} and made.fell_back
    assert abs((made.samples > 99).mean() - 0.5) < 5 * 0.5 / np.sqrt(4000)


def test_seasonal_naive_repeats_the_year_when_years_are_alike():
    people = np.resize(YEAR, 48)
    ahead = np.array([1, 5, 12, 13, 24])
    samples = simple_forecast("seasonal_naive", people, ahead, 30, (1,)).samples
    assert samples == pytest.approx(np.tile(YEAR[(ahead - 1) % 12], (30, 1)))


def test_seasonal_naive_grows_as_past_years_did():
    # 1 + n doubles every year
    people = (1 + np.resize(YEAR, 36)) * 2.0 ** (np.arange(36) // 12) - 1
    samples = simple_forecast("seasonal_naive", people, np.array([3]), 20, (1,)).samples
    assert 1 + samples == pytest.approx((1 + YEAR[2]) * 8.0)


def test_sarima_and_smoothing_see_a_season_from_three_years_on():
    people = wavy(72)
    for method in ("sarima", "exponential_smoothing"):
        middle = np.median(simple_forecast(method, people, np.arange(1, 13), 400, (1,)).samples, axis=0)
        assert middle == pytest.approx(YEAR, rel=0.25)
        short = np.median(simple_forecast(method, people[-30:], np.arange(1, 13), 400, (1,)).samples, axis=0)
        assert short.max() / short.min() < 2 < YEAR.max() / YEAR.min()


def test_mix_holds_the_same_number_of_samples_of_each_method():
    people = wavy(48)
    together = simple_forecast("mix", people, STEPS, 40, (1,)).samples
    for place, method in enumerate(SIMPLE_METHODS[:-1]):
        alone = simple_forecast(method, people, STEPS, 40, (1,)).samples
        assert (together[10 * place : 10 * (place + 1)] == alone[:10]).all()


def test_a_method_that_fails_falls_back_on_the_last_value_and_says_so(monkeypatch):
    def fails(*_):
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setitem(simple_methods._METHODS, "sarima", fails)
    people = wavy(40)
    fallen = simple_forecast("sarima", people, STEPS, 40, (1,))
    assert fallen.fell_back
    assert (fallen.samples == simple_forecast("last_value", people, STEPS, 40, (1,)).samples).all()
    assert simple_forecast("mix", people, STEPS, 40, (1,)).fell_back


def test_samples_that_are_no_numbers_count_as_a_failure(monkeypatch):
    monkeypatch.setitem(simple_methods._METHODS, "sarima", lambda logs, steps, n, generator: np.full((n, len(steps)), np.nan))
    assert simple_forecast("sarima", wavy(40), STEPS, 40, (1,)).fell_back


@pytest.mark.parametrize("method", SIMPLE_METHODS)
def test_nobody_at_all_stays_nobody(method):
    samples = simple_forecast(method, np.zeros(48), STEPS, 20, (1,)).samples
    assert np.isfinite(samples).all() and samples.max() <= simple_methods.LARGEST_GROWTH


def test_too_few_months_are_refused():
    with pytest.raises(ValueError, match="23 months known, 24 needed"):
        simple_forecast("last_value", wavy(FEWEST_MONTHS - 1), STEPS, 10, (1,))
