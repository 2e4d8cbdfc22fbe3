"""Do latent months go on after the last known one as all published months foresee, where a study asks for it, and only there?"""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from backtesting import years_study

from corredor._simulate import simulate
from corredor.learn.backtest.own_forecast import Effort, own_forecast
from corredor.learn.fit import fit, months_ahead
from corredor.learn.fit.coming_counts import without_noise
from corredor.learn.fit.months_ahead import FEWEST_KEPT, MONTHS_AHEAD
from corredor.learn.monthly_series import monthly_series
from corredor.learn.panel_ahead import known_panel
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Measure, Observation

AS_OF = dt.date(2019, 6, 30)
EFFORT = Effort(draws=500, members=20, rounds=4)
AUGUST = 3.0
"""Times as many people in August as in other months, every year."""


def figure(place: str, month: int, people: float, lag_days: int = 9) -> Observation:
    words = {"output": "left", "place": place, "from": first_day(month), "to": last_day(month), "value": float(round(people))}
    return Observation.model_validate({**words, "published": last_day(month) + dt.timedelta(days=lag_days), "source": "invented"})


@cache
def seasonal(people: float = 400.0) -> Model:
    """A study of a year and a half with twelve years before it: each August three times the people; both towns move together."""
    model = years_study(follows="left")
    begins, first = month_number(model.study.from_), month_number(model.study.from_) - 144
    steps = 0.08 * np.random.default_rng(4).standard_normal((180, 3))
    level = 0.95 * np.cumsum(steps[:, :1] * 0.9 + steps[:, 1:] * 0.3, axis=0) * 0.5
    rows = []
    for number, month in enumerate(range(first, begins + 36)):
        season = AUGUST if month % 12 == 7 else 1.0
        for column, (place, share) in enumerate({"upper": 1.0, "lower": 0.4}.items()):
            rows.append(figure(place, month, people * share * season * np.exp(level[number % 180, column])))
    history = tuple(row for row in rows if row.to < model.study.from_)
    return replace(model, observations=tuple(row for row in rows if row.to >= model.study.from_), history=history)


def coming(model: Model, months: int = 3) -> list[Observation]:
    ahead = [first_day(month_number(AS_OF) + number) for number in range(1, months + 1)]
    return [row for row in model.observations if row.from_ in ahead]


def told(model: Model, months: int = 3) -> np.ndarray:
    """Samples of the months ahead: (n_draws, place, month) people."""
    samples = own_forecast(model, AS_OF, coming(model, months), EFFORT, 1, 2).samples
    by_row = {(row.place, row.from_): samples[:, number] for number, row in enumerate(coming(model, months))}
    days = sorted({row.from_ for row in coming(model, months)})
    return np.array([[by_row[(place, day)] for day in days] for place in ("upper", "lower")]).transpose(2, 0, 1)


def foreseen(model: Model, n_months: int = 4) -> np.ndarray:
    """What the panel alone foresees after May, the last month known: (n_draws, place, month) people."""
    panel = known_panel(monthly_series(model), AS_OF)
    assert panel is not None and panel.last_month == month_number(AS_OF) - 1
    return panel.samples_ahead(n_months, 2000, np.random.default_rng(3)).transpose(0, 2, 1)


def fitted(model: Model, **more):
    return fit(model.as_known_on(AS_OF), as_of=AS_OF, draws=20, iterations=4, seed=1, jobs=2, **more)


def test_history_decides_what_a_short_study_foresees():
    model = seasonal()
    july, august = np.median(told(model), axis=0)[:, :2].T
    assert (august / july > 0.75 * AUGUST).all()
    expected = np.median(foreseen(model), axis=0)[:, 1:]
    assert np.median(told(model), axis=0) == pytest.approx(expected, rel=0.08)
    # of what is known since the study began alone, one August is not believed as much
    alone = np.median(told(replace(model, history=())), axis=0)
    assert (alone[:, 1] / alone[:, 0] < 0.9 * august / july).all()


def test_bands_and_sums_are_those_that_the_published_past_foresees():
    own, panel = told(seasonal()), foreseen(seasonal())[:, :, 1:]
    of_places = np.log(own).std(axis=0) / np.log(panel).std(axis=0)
    of_sums = np.log(own.sum(axis=1)).std(axis=0) / np.log(panel.sum(axis=1)).std(axis=0)
    assert of_places == pytest.approx(1.0, abs=0.15) and of_sums == pytest.approx(1.0, abs=0.15)
    apart = own.copy()
    apart[:, 1] = np.random.default_rng(1).permutation(apart[:, 1], axis=0)
    assert (np.log(apart.sum(axis=1)).std(axis=0) < 0.93 * np.log(own.sum(axis=1)).std(axis=0)).all()


def test_chance_in_counts_is_not_added_twice(monkeypatch):
    """A place with some eighty people a month: half of what its counts vary by is chance."""
    model = seasonal(200.0)
    panel = np.log1p(foreseen(model)[:, 1, 1:]).std(axis=0)
    assert np.log1p(told(model)[:, 1]).std(axis=0).mean() == pytest.approx(panel.mean(), rel=0.08)
    monkeypatch.setattr(months_ahead, "without_noise", lambda samples, noise: samples)
    assert np.log1p(told(model)[:, 1]).std(axis=0).mean() > 1.15 * panel.mean()


def test_samples_that_vary_less_than_a_run_become_their_mean():
    samples = np.random.default_rng(1).normal(5.0, [0.1, 0.2], (4000, 2))
    drawn = without_noise(samples, np.array([0.02, 0.02]))
    assert drawn[:, 0] == pytest.approx(samples[:, 0].mean())
    assert drawn.std(axis=0)[1] == pytest.approx(np.sqrt(0.04 - 0.02), rel=0.03)
    assert drawn.mean(axis=0) == pytest.approx(samples.mean(axis=0))


def test_the_expected_flow_of_each_draw_meets_its_sample(monkeypatch):
    kept = []

    def remembered(*arguments):
        kept.append(months_ahead.with_months_ahead(*arguments))
        return kept[-1]

    monkeypatch.setitem(fit.__globals__, "with_months_ahead", remembered)
    learned = fitted(seasonal())
    assert np.quantile(kept[0].distance, 0.95) < 0.03 and kept[0].outputs == ("left",)
    assert learned.diagnostics["follows"]["outputs"] == ["left"] and learned.remarks == []


def test_each_draw_is_kept_with_several_futures_and_its_known_months_stay():
    model = seasonal()
    plain = fitted(replace(model, study=years_study().study))
    learned = fitted(model)
    last = month_number(AS_OF) - 1 - month_number(model.study.from_)
    assert plain.new_parts.shape == (20, 2, last + 2) and "follows" not in plain.diagnostics
    assert learned.new_parts.shape[:2] == (FEWEST_KEPT, 2) and learned.new_parts.shape[2] >= last + 1 + MONTHS_AHEAD
    for future in range(FEWEST_KEPT // 20):
        own = slice(20 * future, 20 * (future + 1))
        np.testing.assert_array_equal(learned.parameters[own], plain.parameters)
        np.testing.assert_array_equal(learned.new_parts[own, :, : last + 1], plain.new_parts[:, :, : last + 1])
    assert len(np.unique(learned.new_parts[:, 0, last + 1])) > 0.9 * FEWEST_KEPT


def test_the_same_seed_gives_the_same_futures_and_a_run_takes_them():
    first, second = fitted(seasonal()), fitted(seasonal())
    np.testing.assert_array_equal(first.new_parts, second.new_parts)
    longer = seasonal().as_known_on(AS_OF).until(dt.date(2019, 9, 30))
    run = simulate(longer, draws=30, seed=3, jobs=1, fitted=first)
    known = month_number(AS_OF) - month_number(longer.study.from_)
    other = replace(first, new_parts=np.where(np.arange(first.new_parts.shape[2]) >= known, 2.0, first.new_parts))
    moved = simulate(longer, draws=30, seed=3, jobs=1, fitted=other)
    np.testing.assert_array_equal(run["left"].to_numpy()[:, :known], moved["left"].to_numpy()[:, :known])
    assert (run["left"].to_numpy()[:, known + 1 :] != moved["left"].to_numpy()[:, known + 1 :]).any()


def test_a_forecast_never_sees_later_figures_nor_later_revisions_of_history():
    model = seasonal()
    revision = [row.model_copy(update={"value": 9e5, "published": AS_OF + dt.timedelta(days=1)}) for row in model.history[-24:]]
    later = tuple(row.model_copy(update={"value": 9e5}) if row.published > AS_OF else row for row in model.observations)
    tempted = replace(model, observations=later, history=(*model.history, *revision))
    np.testing.assert_array_equal(told(model), told(tempted))
    earlier = tuple(row.model_copy(update={"value": 2 * row.value}) for row in model.history[-24:])
    assert (told(replace(model, history=(*model.history[:-24], *earlier))) != told(model)).any()


def lowering(from_: dt.date, ratio: float = 0.5, **more) -> Measure:
    words = {"id": "lowering", "title": "Fewer", "actor": "a", "kind": "made_up", "where": "there", "source": "invented"}
    action = {"transition": "leave", "effect": float(np.log(ratio))}
    return Measure.model_validate({**words, "from": from_, "acts_on": [action], **more})


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        (
            lowering(dt.date(2019, 7, 1), announced=dt.date(2019, 6, 1)),
            0.8 * 0.7,
        ),  # carried out and in time, as forecasts take it
        (lowering(dt.date(2019, 6, 1)), 1.0),  # begun, and in no count yet
    ],
)
def test_what_begins_after_the_last_known_month_acts_on_top(measure, share):
    model = seasonal()
    with_it = replace(model, measures=(measure,))
    np.testing.assert_array_equal(fitted(model).new_parts, fitted(with_it).new_parts)
    ratio = told(with_it)[:, :, 0].sum(axis=1) / told(model)[:, :, 0].sum(axis=1)
    assert ratio[ratio < 0.75].mean() == pytest.approx(0.5, abs=0.05)
    assert np.mean(ratio < 0.75) == pytest.approx(share, abs=0.07)


def test_what_was_in_force_in_the_last_known_month_is_in_the_counts_already():
    model = seasonal()
    with_it = replace(model, measures=(lowering(dt.date(2018, 2, 1), 0.8),))
    assert np.median(told(with_it), axis=0) == pytest.approx(np.median(told(model), axis=0), rel=0.08)


def test_samples_that_the_model_cannot_reach_are_told():
    """A town of 700 people cannot have three times 400 leave in August."""
    model = seasonal()
    places = tuple(one.model_copy(update={"population": 700.0}) if one.id == "upper" else one for one in model.places)
    leaving = model.parameters["upper"].model_copy(update={"prior": model.parameters["upper"].prior.model_copy(
        update={"lognormal": {"median": 0.5, "sigma": 0.3}})})  # fmt: skip
    learned = fitted(replace(model, places=places, parameters={**model.parameters, "upper": leaving}))
    assert any("cannot carry the model to the months ahead" in sentence for sentence in learned.remarks)


def test_without_a_published_month_nothing_is_followed():
    model = seasonal().without_figures(["left"])
    assert model.history == () and model.observations == ()
    half = [row.model_copy(update={"to": row.to - dt.timedelta(days=1)}) for row in seasonal().observations]
    learned = fitted(replace(model, observations=tuple(half)))
    assert learned.new_parts.shape[0] == 20
