"""Are totals, kinds of time, thresholds and histograms of a backtest what they say they are? Small cases worked out by hand."""

import datetime as dt
import zlib
from dataclasses import replace

import numpy as np
import pytest
from backtesting import FAST, years_study

from corredor.learn.backtest import at_origin, backtest, coverage_by, pit_histogram, threshold_table
from corredor.learn.backtest.own_forecast import own_forecast
from corredor.learn.backtest.regimes import direction, measure_months
from corredor.learn.backtest.sums import sums_of
from corredor.learn.backtest.thresholds import PEAK, NamedThreshold, chance_above, thresholds_of
from corredor.learn.dynamics.panel import forecast_counts
from corredor.learn.monthly_series import SeriesName, monthly_series
from corredor.study.calendar import first_day, last_day, month_name, read_month
from corredor.study.schema import Group, Measure, Observation, Threshold

SIMPLE = ("last_value", "seasonal_naive")


def figure(month: str, value: float, published: str, **more: object) -> Observation:
    number = read_month(month)
    assert number is not None
    words = {"output": "left", "from": first_day(number), "to": last_day(number), "value": value, "source": "invented"}
    return Observation.model_validate({**words, "published": dt.date.fromisoformat(published), **more})


def totals(*rows: Observation, groups: tuple[str, ...] = ()):
    model = years_study()
    kinds = {name: Group(citizenship=name) for name in groups}
    study = model.study.model_copy(update={"groups": {**model.study.groups, **kinds}})
    model = replace(model, observations=rows, study=study)
    return {total.name: total for total in sums_of(monthly_series(model), model)}


def test_a_total_is_known_when_its_last_part_is_and_moves_with_every_revision():
    total = totals(
        figure("2020-01", 10, "2020-02-09", place="upper"),
        figure("2020-01", 5, "2020-02-20", place="lower"),
        figure("2020-01", 7, "2020-06-01", place="lower"),
        figure("2020-02", 20, "2020-03-09", place="upper"),
    )[SeriesName("left", "", "")]
    assert total.parts == (SeriesName("left", "upper", ""), SeriesName("left", "lower", ""))
    assert total.known_on(dt.date(2020, 2, 19))[0] == -1
    assert total.known_on(dt.date(2020, 2, 20))[1].tolist() == [15.0]
    assert total.known_on(dt.date(2020, 6, 1))[1].tolist() == [17.0]
    assert list(total.figures) == [read_month("2020-01")], "February is not known of both places"
    assert total.figures[read_month("2020-01")][0].place is None


def test_totals_are_made_over_places_over_groups_and_over_both_but_never_of_what_is_published():
    rows = [
        figure("2020-01", value, "2020-02-09", place=place, group=group)
        for value, (place, group) in enumerate([("upper", "one"), ("upper", "two"), ("lower", "one"), ("lower", "two")], 1)
    ]
    made = totals(*rows, groups=("one", "two"))
    value = {name: total.figures[read_month("2020-01")][-1].value for name, total in made.items()}
    assert value == {
        SeriesName("left", "", "one"): 4.0, SeriesName("left", "", "two"): 6.0, SeriesName("left", "upper", ""): 3.0,
        SeriesName("left", "lower", ""): 7.0, SeriesName("left", "", ""): 10.0,
    }  # fmt: skip
    published = figure("2020-01", 11, "2020-02-09")
    assert SeriesName("left", "", "") not in totals(*rows, published, groups=("one", "two"))


def test_one_part_or_parts_that_overlap_make_no_total():
    assert totals(figure("2020-01", 1, "2020-02-09", place="upper")) == {}
    country = figure("2020-01", 9, "2020-02-09", place="coast")
    assert totals(figure("2020-01", 1, "2020-02-09", place="upper"), country) == {}
    # a citizenship and a kind of group may count the same people
    mixed = [figure("2020-01", 1, "2020-02-09", group="one"), figure("2020-01", 1, "2020-02-09", group="adult")]
    assert totals(*mixed, groups=("one",)) == {}


def test_a_total_is_forecast_from_the_same_draws_as_its_parts_and_by_simple_methods_from_its_own_months(monkeypatch):
    kept = []

    def remembered(*arguments):
        kept.append(own_forecast(*arguments))
        return kept[-1]

    monkeypatch.setattr(at_origin, "own_forecast", remembered)
    test = backtest(years_study(), origins="2020-06", months=2, methods=("corredor", "last_value"), **FAST)
    rows = test.rows[(test.rows["method"] == "corredor") & (test.rows["place"] == "")]
    assert rows["parts"].tolist() == [2, 2]
    upper, lower = kept[0].samples[:, :2], kept[0].samples[:, 2:]
    assert rows["median"].to_numpy() == pytest.approx(np.median(upper + lower, axis=0))
    parts = test.rows[(test.rows["method"] == "last_value") & (test.rows["parts"] == 1)]
    total = test.rows[(test.rows["method"] == "last_value") & (test.rows["parts"] == 2)]
    assert total["outcome"].tolist() == pytest.approx(parts.groupby("horizon_months")["outcome"].sum().tolist())
    # two random walks that know nothing of each other are not what the walk of the total says
    assert not np.allclose(total["median"], parts.groupby("horizon_months")["median"].sum())


def test_dynamic_model_averaging_says_what_the_dynamics_say_of_all_series_together(monkeypatch):
    """By hand: counts known at the origin side by side, history first; totals from the same samples."""
    kept = {}
    scored = at_origin.score_samples
    monkeypatch.setattr(
        at_origin, "score_samples", lambda samples, outcomes: kept.update(it=samples) or scored(samples, outcomes)
    )
    model = years_study()
    months = sorted({row.from_ for row in model.observations})
    model = replace(
        model,
        study=model.study.model_copy(update={"from_": months[12]}),
        observations=tuple(row for row in model.observations if row.from_ >= months[12]),
        history=tuple(row for row in model.observations if row.from_ < months[12]),
    )
    test = backtest(model, origins="2020-06", months=2, methods="dynamic_model_averaging", **FAST)
    known = {
        place: [
            row.value for row in (*model.history, *model.observations) if row.place == place and row.from_ < dt.date(2020, 6, 1)
        ]
        for place in ("upper", "lower")
    }
    people = np.array([known["upper"], known["lower"]]).T
    assert len(people) == 29
    seed = [1, zlib.crc32(b"dynamic_model_averaging"), read_month("2020-06")]
    samples = forecast_counts(people, read_month("2018-01"), 3, FAST["draws"], np.random.default_rng(seed))[:, 1:]
    np.testing.assert_array_equal(kept["it"][:, :4], samples.transpose(0, 2, 1).reshape(FAST["draws"], 4))
    np.testing.assert_array_equal(kept["it"][:, 4:], samples.sum(axis=2))
    assert test.rows["parts"].tolist() == [1, 1, 1, 1, 2, 2] and not test.rows["fell_back"].any() and test.fits.empty


def test_a_part_that_the_fit_misses_is_told_of_the_total_too(monkeypatch):
    def misses_upper(*arguments):
        return replace(own_forecast(*arguments), missed=frozenset({SeriesName("left", "upper", "")}))

    monkeypatch.setattr(at_origin, "own_forecast", misses_upper)
    test = backtest(years_study(), origins="2020-06", months=1, methods=("corredor", "last_value"), **FAST)
    rows = test.rows[test.rows["method"] == "corredor"].set_index("place")
    assert rows["fell_back"].to_dict() == {"upper": True, "lower": False, "": True}
    assert test.fits[["series", "not_reproduced"]].iloc[0].tolist() == [2, 1], "a total is no forecast of its own"


def test_time_is_soon_after_a_measure_for_six_months_and_counts_rise_against_the_year_before():
    words = {
        "id": "law",
        "title": "A law",
        "actor": "a",
        "kind": "offer",
        "from": dt.date(2020, 3, 20),
        "where": "all",
        "source": "invented",
    }
    months = measure_months(replace(years_study(), measures=(Measure.model_validate(words),)))
    assert sorted(month_name(month) for month in months)[0::5] == ["2020-03", "2020-08"] and len(months) == 6
    # a season that doubles each summer is no change
    season = np.tile([100.0] * 6 + [200.0] * 6, 2)
    assert direction(season) == "steady"
    assert direction(np.r_[season[:-3], 251.0, 251.0, 251.0]) == "rising"
    assert direction(np.r_[season[:-3], 159.0, 159.0, 159.0]) == "falling"
    assert direction(np.zeros(24)) == "steady"


def test_thresholds_are_those_declared_for_the_series_or_else_the_highest_month_of_the_last_year_known():
    model = years_study()
    left = model.study.outputs["left"].model_copy(
        update={"thresholds": [Threshold(more_than=700.0), Threshold(more_than=300.0, place="upper")]}
    )
    model = replace(model, study=model.study.model_copy(update={"outputs": {"left": left}}))
    people = np.array([900.0, *range(100, 112)])
    assert thresholds_of(model, SeriesName("left", "upper", ""), people) == [NamedThreshold("more than 300", 300.0)]
    assert thresholds_of(model, SeriesName("left", "", ""), people) == [NamedThreshold("more than 700", 700.0)]
    assert thresholds_of(model, SeriesName("left", "lower", ""), people) == [NamedThreshold(PEAK, 111.0)]
    test = backtest(model, origins="2020-06", months=2, methods=SIMPLE, **FAST)
    assert set(test.thresholds["threshold"]) == {"more than 300", "more than 700", PEAK}
    row = test.thresholds.iloc[0]
    assert row["brier"] == pytest.approx((row["chance"] - row["passed"]) ** 2)
    table = threshold_table(test)
    assert table["forecasts"].sum() == len(test.thresholds) and table["brier"].between(0, 1).all()


def test_a_chance_is_never_quite_0_or_1_and_equal_is_not_above():
    samples = np.array([1.0, 2.0, 3.0])
    assert chance_above(samples, 2.0) == pytest.approx(1.5 / 4)
    assert chance_above(samples, 9.0) == pytest.approx(0.5 / 4) and chance_above(samples, 0.0) == pytest.approx(3.5 / 4)


def test_the_histogram_spreads_each_outcome_over_the_places_it_may_have():
    test = backtest(years_study(), origins="2020-06", months=1, methods=SIMPLE, **FAST)
    rows = test.rows.assign(pit_low=0.05, pit_high=0.25)
    table = pit_histogram(replace(test, rows=rows))
    bars = table[(table["method"] == "last_value") & (table["scope"] == "series")]["share"].tolist()
    assert bars == pytest.approx([0.25, 0.5, 0.25, *[0.0] * 7]) and len(bars) == 10


def test_coverage_is_told_by_the_year_of_the_month_forecast_and_by_kind_of_time():
    test = backtest(years_study(), origins="2020-01:2020-07", months=2, methods=SIMPLE, every=6, **FAST)
    table = coverage_by(test)
    assert set(table["by"]) == {"year", "time", "direction"}
    years = table[(table["by"] == "year") & (table["method"] == "last_value") & (table["scope"] == "series")]
    assert years["value"].tolist() == ["2020"] and years["outcomes"].tolist() == [8]
    assert table[table["by"] == "time"]["value"].unique().tolist() == ["quiet"]
    inside = test.rows[(test.rows["method"] == "last_value") & (test.rows["parts"] == 1)]["inside_80"].mean()
    assert years["cover80"].iloc[0] == pytest.approx(inside)
