"""Simple methods that a forecast has to beat: each knows one monthly series up to a date, and nothing of the corridor.

All work on log(1 + people), so that no sample is below nobody, and give samples, so that they are scored as any other forecast.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST_MONTHS = 24
"""Known months below which no simple method is tried: two years, so that each month of the year was seen and can be compared."""

SEASONAL_FROM_MONTHS = 36
"""Known months from which exponential smoothing and SARIMA may have a season: below three years it cannot be told from chance."""

LARGEST_GROWTH = 100.0
"""Samples are cut at so many times the largest value known: a trend on the log scale can run away. An assumption; it spares the methods."""

WIDER = 2.0
"""Factor of the steps of `widened_last_value`: it is asked when times are other than those the steps come from. An assumption."""


@dataclass(frozen=True)
class SimpleForecast:
    """Samples of one series for several months ahead.

    samples : (n_samples, n_months) float people
    fell_back : whether the method failed on this series, so that the last value was used
    """

    samples: np.ndarray
    fell_back: bool = False


def simple_forecasts(
    methods: Sequence[str], people: np.ndarray, steps: np.ndarray, n_samples: int, address: tuple[int, ...]
) -> dict[str, SimpleForecast]:
    """Forecast a series with some of the simple methods.

    methods : some of SIMPLE_METHODS
    people : (n_known,) float      consecutive months, the last one the newest known; at least FEWEST_MONTHS
    steps : (n_months,) int ≥ 1    months after the newest known one
    address : whole numbers        where the forecasts' random numbers begin (M15): the same address, the same samples
    returns : method → what it says; where it cannot be fitted, what `last_value` says, marked as such
    raises : ValueError for fewer months than FEWEST_MONTHS
    """
    people = np.asarray(people, dtype=float)
    if methods and len(people) < FEWEST_MONTHS:
        raise ValueError(f"{len(people)} months known, {FEWEST_MONTHS} needed")
    needed = [name for name in _METHODS if name in methods or "mix" in methods]
    made = {name: _forecast(name, people, steps, n_samples, address) for name in needed}
    if "mix" in methods:
        share = -(-n_samples // len(_METHODS))
        together = np.concatenate([made[name].samples[:share] for name in _METHODS])[:n_samples]
        made["mix"] = SimpleForecast(together, any(forecast.fell_back for forecast in made.values()))
    return {name: made[name] for name in methods}


def widened_last_value(people: np.ndarray, steps: np.ndarray, n_samples: int, address: tuple[int, ...]) -> SimpleForecast:
    """The last value as a random walk whose past steps are doubled: what remains where a model cannot follow what it saw last.

    people, steps, n_samples, address : as of `simple_forecasts`
    """
    logs = np.log1p(np.asarray(people, dtype=float))
    return _cut(_last_value(logs, steps, n_samples, _generator(address, "widened_last_value"), WIDER), people, fell_back=True)


def _forecast(method: str, people: np.ndarray, steps: np.ndarray, n_samples: int, address: tuple[int, ...]) -> SimpleForecast:
    logs, fell_back = np.log1p(people), False
    try:
        with warnings.catch_warnings():
            # statsmodels warns of short series and slow convergence; what fails is found below
            warnings.simplefilter("ignore")
            samples = _METHODS[method](logs, steps, n_samples, _generator(address, method))
        fell_back = not np.isfinite(samples).all()
    except (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError):
        fell_back = True
    if fell_back:
        samples = _last_value(logs, steps, n_samples, _generator(address, "last_value"))
    return _cut(samples, people, fell_back)


def _cut(samples: np.ndarray, people: np.ndarray, fell_back: bool) -> SimpleForecast:
    highest = np.log1p(LARGEST_GROWTH * max(people.max(), 1.0))
    return SimpleForecast(np.expm1(np.clip(samples, 0.0, highest)), fell_back)


def _last_value(logs: np.ndarray, steps: np.ndarray, n_samples: int, rng: np.random.Generator, wider: float = 1.0) -> np.ndarray:
    """Random walk from the newest value; its steps are drawn from the past ones less their mean, so that there is no trend."""
    past = np.diff(logs)
    past = wider * (past - past.mean())
    walk = np.cumsum(rng.choice(past, (n_samples, int(steps.max()))), axis=1)
    return np.asarray(logs[-1] + walk[:, steps - 1])


def _seasonal_naive(logs: np.ndarray, steps: np.ndarray, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """The newest known value of the same month of the year, with changes drawn from the past ones over as many years."""
    samples = np.empty((n_samples, len(steps)))
    for column, step in enumerate(steps):
        years = -(-int(step) // 12)
        past = logs[12 * years :] - logs[: -12 * years]
        changes = past if len(past) else np.zeros(1)
        samples[:, column] = logs[len(logs) - 1 + step - 12 * years] + rng.choice(changes, n_samples)
    return samples


def _exponential_smoothing(logs: np.ndarray, steps: np.ndarray, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Exponential smoothing with additive errors, with or without damped trend and season: whichever has the lowest AICc."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # late: slow to import, and only a backtest needs it

    seasons = (None, "add") if len(logs) >= SEASONAL_FROM_MONTHS else (None,)
    fits = []
    for season in seasons:
        for damped in (False, True):
            trend = "add" if damped else None
            shape = ETSModel(logs, trend=trend, damped_trend=damped, seasonal=season, seasonal_periods=12 if season else None)
            fits.append(shape.fit(disp=False, maxiter=200))
    best = min(fits, key=lambda fit: fit.aicc if np.isfinite(fit.aicc) else np.inf)
    legacy = np.random.RandomState(rng.integers(2**31))  # statsmodels takes no newer generator here
    paths = best.simulate(int(steps.max()), repetitions=n_samples, anchor="end", rng=legacy)
    return np.asarray(np.asarray(paths).reshape(int(steps.max()), n_samples)[steps - 1].T)


def _sarima(logs: np.ndarray, steps: np.ndarray, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """ARIMA(0,1,1), from three years on with the season (0,1,1) of twelve months: the `airline model` of Box and Jenkins (1976)."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX  # late: slow to import, and only a backtest needs it

    season = (0, 1, 1, 12) if len(logs) >= SEASONAL_FROM_MONTHS else (0, 0, 0, 0)
    fit = SARIMAX(logs, order=(0, 1, 1), seasonal_order=season).fit(disp=False, maxiter=100)
    ahead = fit.get_forecast(int(steps.max()))
    mean, sd = np.asarray(ahead.predicted_mean), np.sqrt(np.asarray(ahead.var_pred_mean))
    return np.asarray(mean[steps - 1] + sd[steps - 1] * rng.standard_normal((n_samples, len(steps))))


def _generator(address: tuple[int, ...], method: str) -> np.random.Generator:
    return np.random.default_rng([*address, zlib.crc32(method.encode())])


_METHODS: dict[str, Callable[[np.ndarray, np.ndarray, int, np.random.Generator], np.ndarray]] = {
    "last_value": _last_value,
    "seasonal_naive": _seasonal_naive,
    "exponential_smoothing": _exponential_smoothing,
    "sarima": _sarima,
}

SIMPLE_METHODS = (*_METHODS, "mix")
"""Names of the simple methods; `mix` draws the same number of samples from each of the others."""
