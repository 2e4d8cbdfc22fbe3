"""Does a backtest use only what was known, count months as it says, and say where corredor loses?"""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from backtesting import BEGINS, FAST, monthly_figures, years_study

from corredor.learn.backtest import (
    Backtest,
    Effort,
    NotPossible,
    at_origin,
    backtest,
    fit_words,
    headline,
    overall_table,
    paired_table,
    read_months,
    score_table,
)
from corredor.learn.backtest.own_forecast import own_forecast, window_start
from corredor.learn.monthly_series import SeriesName, monthly_series
from corredor.pages.backtest.page import render_backtest
from corredor.pages.charts.coverage_chart import CoverageRow, coverage_chart
from corredor.pages.charts.pit_chart import pit_chart
from corredor.pages.charts.skill_chart import SkillRow, skill_chart
from corredor.study.calendar import add_months, are_whole_months, first_day, is_whole_month, last_day, month_name, month_number
from corredor.study.schema import Observation

SIMPLE = ("last_value", "seasonal_naive")


def figure(month: str, value: float | None, published: str, **more: object) -> Observation:
    number = read_months(month)[0]
    words = {"output": "left", "from": first_day(number), "to": last_day(number), "value": value, "source": "invented"}
    return Observation.model_validate({**words, "published": dt.date.fromisoformat(published), **more})


def made(rows: list[dict[str, object]], methods: tuple[str, ...]) -> Backtest:
    return Backtest(
        "test", "A test", "0" * 64, ("2020-01",), 3, methods, Effort(), 1, "0", pd.DataFrame(rows), (), {"a": "Town A"}
    )


def row(method: str, place: str, crps: float, ahead: int = 3, inside: bool = True, origin: str = "2020-01") -> dict[str, object]:
    words = {"origin": origin, "method": method, "output": "left", "place": place, "group": "", "horizon_months": ahead}
    bands = dict.fromkeys(("inside_50", "inside_80", "inside_95"), inside)
    more = {"month": "2020-04", "outcome": 5.0, "median": 5.0, "log_score": 1.0, "floored": False, "parts": 1}
    places = {"pit_low": 0.4, "pit_high": 0.5, "time": "quiet", "direction": "steady"}
    return {**words, **more, **places, "crps": crps, "wis": crps / 2, **bands, "fell_back": False}


def test_months_are_counted_across_years():
    assert read_months("2014-01:2019-06") == (12 * 2014, 12 * 2019 + 5)
    assert read_months("2020-12") == (12 * 2020 + 11, 12 * 2020 + 11)
    assert last_day(month_number(dt.date(2020, 2, 3))) == dt.date(2020, 2, 29)
    assert add_months(dt.date(2020, 1, 31), 1) == dt.date(2020, 2, 29) and add_months(dt.date(2020, 1, 31), -2) == dt.date(
        2019, 11, 30
    )
    assert is_whole_month(dt.date(2020, 2, 1), dt.date(2020, 2, 29)) and not is_whole_month(
        dt.date(2020, 2, 1), dt.date(2020, 2, 28)
    )
    assert are_whole_months(dt.date(2020, 1, 1), dt.date(2020, 2, 29)) and not is_whole_month(
        dt.date(2020, 1, 1), dt.date(2020, 2, 29)
    )
    assert month_name(12 * 2019 + 11) == "2019-12"
    assert window_start(years_study(), dt.date(2020, 6, 30), 3) == dt.date(2020, 4, 1)
    assert window_start(years_study(), dt.date(2020, 6, 30), 300) == BEGINS


@pytest.mark.parametrize(
    "text", ["2014", "2014-13", "2014-01:2019-06:2020-01", "2019-06:2014-01", "", "2014-01-01:2015-01-01", "a:b"]
)
def test_origins_that_are_no_months_are_refused(text):
    with pytest.raises(NotPossible, match="origins"):
        read_months(text)


def test_what_was_known_is_what_had_been_published_by_then_as_it_had_been():
    rows = (
        figure("2020-01", 10, "2020-02-09"),
        figure("2020-02", 20, "2020-03-09", status="provisional"),
        figure("2020-02", 22, "2020-06-01"),
        figure("2020-03", 30, "2020-04-09"),
    )
    series = monthly_series(replace(years_study(), observations=rows))[0]
    assert series.known_on(dt.date(2020, 2, 8))[0] == -1
    month, people = series.known_on(dt.date(2020, 4, 8))
    assert (month_name(month), people.tolist()) == ("2020-02", [10, 20])
    assert series.known_on(dt.date(2020, 6, 1))[1].tolist() == [10, 22, 30]
    came = series.outcome(read_months("2020-02")[0])
    assert came is not None and came.value == 22
    assert series.outcome(read_months("2020-04")[0]) is None


def test_a_month_that_is_missing_cuts_the_series():
    rows = tuple(figure(month, 5, "2020-12-01") for month in ("2020-01", "2020-02", "2020-04", "2020-05"))
    _, people = monthly_series(replace(years_study(), observations=rows))[0].known_on(dt.date(2020, 12, 31))
    assert len(people) == 2


def test_figures_that_are_no_whole_months_or_ranges_are_counted_but_not_scored():
    half = figure("2020-01", 5, "2020-02-01").model_copy(update={"to": dt.date(2020, 1, 15)})
    range_ = figure("2020-02", None, "2020-03-01", low=3.0, high=9.0)
    series = monthly_series(replace(years_study(), observations=(half, range_, figure("2020-03", 7, "2020-04-01"))))[0]
    assert (len(series.figures), series.others) == (1, 2)


def test_a_forecast_never_sees_what_it_is_held_against():
    model = years_study()
    as_of = dt.date(2020, 6, 30)
    later = tuple(r.model_copy(update={"value": 9e5}) if r.published > as_of else r for r in model.observations)
    targets = [r for r in model.observations if dt.date(2020, 7, 1) <= r.from_ <= dt.date(2020, 9, 1)]
    false = [r.model_copy(update={"value": 9e5}) for r in targets]
    effort = Effort(**FAST)
    honest = own_forecast(model, as_of, targets, effort, 1, 1)
    tempted = own_forecast(replace(model, observations=later), as_of, false, effort, 1, 1)
    assert np.array_equal(honest.samples, tempted.samples)
    assert replace(honest, samples=None) == replace(tempted, samples=None)
    # and it does see what was published before: other figures, another forecast
    earlier = tuple(r.model_copy(update={"value": 9e2}) if r.published <= as_of else r for r in model.observations)
    other = own_forecast(replace(model, observations=earlier), as_of, targets, effort, 1, 1)
    assert not np.array_equal(honest.samples, other.samples)


def test_methods_from_counts_alone_never_see_what_they_are_held_against():
    model = years_study()
    later = tuple(r.model_copy(update={"value": 9e5}) if r.published > dt.date(2020, 6, 30) else r for r in model.observations)
    tests = [
        backtest(m, origins="2020-06", months=2, methods=(*SIMPLE, "dynamic_model_averaging"), **FAST)
        for m in (model, replace(model, observations=later))
    ]
    assert tests[0].rows["median"].equals(tests[1].rows["median"])
    assert (tests[1].rows["outcome"] == 9e5 * tests[1].rows["parts"]).all()


def test_month_one_begins_the_day_after_the_origin_and_outcomes_are_the_figures():
    model = years_study()
    rows = backtest(model, origins="2020-01:2020-03", months=2, every=2, methods=SIMPLE, **FAST).rows
    assert sorted(rows["origin"].unique()) == ["2020-01", "2020-03"]
    first = rows[(rows["origin"] == "2020-01") & (rows["place"] == "upper") & (rows["method"] == "last_value")]
    assert first["month"].tolist() == ["2020-02", "2020-03"]
    assert first["horizon_months"].tolist() == [1, 2]
    figures = {(r.place, r.from_): r.value for r in model.observations}
    assert first["outcome"].tolist() == [figures[("upper", dt.date(2020, 2, 1))], figures[("upper", dt.date(2020, 3, 1))]]


def test_the_last_months_have_no_outcome_and_are_not_scored():
    rows = backtest(years_study(), origins="2020-10:2020-11", months=3, methods=SIMPLE, **FAST).rows
    assert rows.groupby("origin")["horizon_months"].max().to_dict() == {"2020-10": 2, "2020-11": 1}


def test_series_without_enough_figures_are_listed_with_the_reason():
    model = years_study()
    young = tuple(Observation.model_validate({"source": "invented", **r}) for r in monthly_figures("left", 36, None, 500, 5)[20:])
    test = backtest(replace(model, observations=model.observations + young), origins="2020-06", months=2, methods=SIMPLE, **FAST)
    assert [one.name for one in test.left_out] == [SeriesName("left", "", "")]
    # September 2019 to May 2020: June is published in July
    assert "at most 9 months" in test.left_out[0].why
    assert set(test.rows["place"]) == {"upper", "lower"}


def test_scores_are_means_over_origins_and_then_over_series():
    rows = [row("corredor", "a", 2.0), row("corredor", "a", 4.0, origin="2020-02", inside=False), row("corredor", "b", 9.0)]
    test = made(rows, ("corredor",))
    table = score_table(test).set_index("place")
    assert table.loc["a", ["origins", "crps", "wis", "cover80"]].tolist() == [2, 3.0, 1.5, 0.5]
    overall = overall_table(test).iloc[0]
    assert (overall["crps"], overall["cover80"], overall["series"]) == (6.0, 0.75, 2)


def errors(method: str, place: str, crps: list[float]) -> list[dict[str, object]]:
    """Errors of a method at one origin after another, from January 2015 on."""
    return [row(method, place, error, origin=month_name(12 * 2015 + number)) for number, error in enumerate(crps)]


def judged(own: dict[str, list[float]], other: dict[str, list[float]]) -> Backtest:
    """corredor beside the last value, three months ahead."""
    rows = [r for place, crps in own.items() for r in errors("corredor", place, crps)]
    rows += [r for place, crps in other.items() for r in errors("last_value", place, crps)]
    origins = tuple(dict.fromkeys(str(r["origin"]) for r in rows))
    return replace(made(rows, ("corredor", "last_value")), origins=origins)


def test_four_origins_are_no_verdict_however_large_the_difference():
    words = headline(judged({"a": [9.0] * 4, "b": [9.0] * 4}, {"a": [1.0] * 4, "b": [1.0] * 4}))
    assert words[0] == (
        "left, 3 months ahead: 4 origins are too few to say which method is better; 60 are needed, because errors of neighbouring months "
        "go together."
    )
    assert not any("worse" in sentence or "higher" in sentence or "lower than" in sentence for sentence in words)


def test_the_headline_gives_the_sign_only_where_the_interval_excludes_no_difference():
    rng = np.random.default_rng(4)
    base = np.exp(rng.normal(1, 0.3, 66))
    noise = np.exp(rng.normal(0, 0.3, 66))
    even = judged({"a": list(base * noise)}, {"a": list(base / noise * 1.02)})
    assert paired_table(even)["verdict"].tolist() == ["no difference told"] * 2
    words = headline(even)[0]
    assert "cannot be told from that of last value (ratio" in words and "clearly" not in words
    worse = headline(judged({"a": list(1.5 * base * noise)}, {"a": list(base / noise)}))[0]
    assert "is clearly higher than that of last value (+" in worse and "interval of 95 % +" in worse
    better = headline(judged({"a": list(0.5 * base * noise)}, {"a": list(base / noise)}))[0]
    assert "is clearly lower than that of last value (−" in better


def test_series_are_named_only_where_the_difference_is_clear_losses_first():
    rng = np.random.default_rng(5)
    base, noise = np.exp(rng.normal(1, 0.3, (3, 66))), np.exp(rng.normal(0, 0.3, (3, 66)))
    own = {name: list(factor * base[n] * noise[n]) for n, (name, factor) in enumerate({"a": 1.8, "b": 1.0, "c": 0.5}.items())}
    test = judged(own, {name: list(base[n]) for n, name in enumerate("abc")})
    table = paired_table(test).set_index("place")
    assert table.loc[["a", "b", "c"], "verdict"].tolist() == ["worse", "no difference told", "better"]
    sentence = next(words for words in headline(test) if words.startswith("Series by series"))
    assert "clearly worse in Town A (+" in sentence and "clearly better in c (−" in sentence
    assert sentence.index("worse") < sentence.index("better") and sentence.endswith("no difference can be told in 1 of 3.")
    page = render_backtest(test)
    assert page.index("clearly worse in Town A") < page.index('id="scores"')
    assert "https://" not in page and "http://" not in page.replace("http://www.w3.org", "")


def test_errors_are_compared_origin_by_origin_as_the_mean_of_the_series_scored_at_each():
    test = judged({"a": [2.0] * 60, "b": [6.0] * 30}, {"a": [1.0] * 60, "b": [1.0] * 30})
    mean = paired_table(test).iloc[0]
    assert (mean["scope"], mean["parts"], mean["origins"]) == ("mean of series", 2, 60)
    assert mean["ratio"] == pytest.approx((30 * 4 + 30 * 2) / 60) and mean["crps"] == pytest.approx(3.0)


def test_what_is_said_of_fits_names_the_origins_where_they_went_wrong():
    fits = pd.DataFrame(
        {"origin": ["2020-01", "2020-02", "2020-03"], "misfit": [0.25, 9.0, 1.0], "rounds": [6, 12, 7],
         "converged": [True, False, True], "series": [2, 2, 2], "not_reproduced": [0, 2, 1]}
    )  # fmt: skip
    test = replace(made([row("corredor", "a", 1.0), row("last_value", "a", 1.0)], ("corredor", "last_value")), fits=fits)
    words = fit_words(test)
    assert "1.00 standard errors from the figures at the middle origin, 3.00 at the worst (2020-02)" in words[0]
    assert (
        "At 2 of 3 origins" in words[1]
        and "(3 of 6 forecasts of a series in all)" in words[1]
        and "2020-02, 2020-03." in words[1]
    )
    assert words[2] == "At 1 of 3 origins the fit had not settled when its rounds ended: 2020-02."
    page = render_backtest(test)
    assert all(sentence in page.replace("&#39;", "'") for sentence in words) and '<td class="num">9.00</td>' in page
    assert fit_words(replace(test, fits=pd.DataFrame())) == []


def test_only_series_that_the_fit_misses_are_answered_by_the_widened_last_value(monkeypatch):
    def misses_upper(model, as_of, targets, effort, seed, jobs):
        told = own_forecast(model, as_of, targets, effort, seed, jobs)
        return replace(told, missed=frozenset({SeriesName("left", "upper", "")}))

    model = years_study()
    order = {"origins": "2020-06", "months": 2, "methods": ("corredor", "last_value"), **FAST}
    honest = backtest(model, **order)
    monkeypatch.setattr(at_origin, "own_forecast", misses_upper)
    test = backtest(model, **order)
    assert honest.fits["not_reproduced"].tolist() == [0] and test.fits["not_reproduced"].tolist() == [1]
    rows = test.rows[test.rows["method"] == "corredor"].set_index("place")
    assert rows.loc["upper", "fell_back"].all() and not rows.loc["lower", "fell_back"].any()
    before = honest.rows[honest.rows["method"] == "corredor"].set_index("place")
    assert rows.loc["lower"].equals(before.loc["lower"]) and not rows.loc["upper"].equals(before.loc["upper"])
    known = {s.name.place: s.known_on(dt.date(2020, 6, 30))[1] for s in monthly_series(model)}["upper"]
    assert rows.loc["upper", "median"].iloc[0] == pytest.approx(known[-1], rel=0.5)


def test_the_picture_tells_in_words_what_it_shows():
    rows = [
        SkillRow("upper", [-0.1, 0.2], (0.05, 0.4)),
        SkillRow("lower", [0.0, -0.3], (-0.6, 0.2)),
        SkillRow("middle", [0.1, 0.3]),
    ]
    drawn = skill_chart(rows, [1, 2], "last value", 400.0)
    assert "clearly worse in 1 of 3: upper; clearly better in 0 of 3" in drawn
    assert "+20 %" in drawn and "−30 %" in drawn
    # one full dot: what is not clear is hollow
    assert drawn.count("<circle") == 6 and drawn.count('class="published"') == 1


def test_pictures_of_coverage_and_places_tell_in_words_what_they_show():
    rows = [CoverageRow("2019", (0.4, 0.6, 0.9), 30), CoverageRow("counts rising", (0.5, 0.85, 1.0), 12)]
    drawn = coverage_chart(rows, "forecasts", 350.0)
    assert "2019 60 % of 30; counts rising 85 % of 12" in drawn and drawn.count("<circle") == 6
    bars = pit_chart([0.3, 0.1, 0.1, 0.5], "forecasts", 350.0, 200.0)
    assert "30 % in the lowest, 50 % in the highest, 40 % below the middle; 25 % belongs in each" in bars
    assert bars.count("<rect") == 4
