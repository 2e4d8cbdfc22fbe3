"""What do counts upstream tell of those downstream? A backtest that withholds them must say, and nobody may see what is withheld."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from backtesting import BEGINS, FAST, years_study
from builders import make_model, move, population, stay, uncertain

from corredor._simulate import simulate
from corredor.learn.backtest import NotPossible, backtest
from corredor.learn.monthly_series import SeriesName
from corredor.pages.artefacts.backtest import backtest_as_json
from corredor.pages.backtest.page import render_backtest
from corredor.study.calendar import last_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation

ENOUGH = {"draws": 100, "members": 40, "rounds": 8}
DAYS_ON_THE_WAY = 40.0
N_MONTHS = 30


def way_study() -> Model:
    """People set out, and arrive 40 days later; the figures of both are one simulation of the study itself."""
    end = last_day(month_number(BEGINS) + N_MONTHS - 1)
    counted = {"every": "month", "dispersion": 0.0005}
    model = make_model(
        [population("home"), stay("arrived")],
        [move("set out", "home", "arrived", rate_per_day="leaving", changed_by=[{"latent": "months"}],
              takes={"mean_days": DAYS_ON_THE_WAY, "spread": 0.25})],
        outputs={
            "set_out": {"title": "People who set out", "flow": "set out", **counted},
            "arrived": {"title": "People who arrive", "flow": "set out", "counted": "arriving", **counted},
        },
        places={"village": {"population": 1e8}},
        parameters={"leaving": uncertain("per month", lognormal={"median": 2e-5, "sigma": 0.3})},
        latents={"months": {"persistence": 0.95, "monthly_sd": 0.4}},
        days=(end - BEGINS).days + 1,
        warm_up_days=63,
        step_days=7.0,
        from_=BEGINS,
    )  # fmt: skip
    came = simulate(model, draws=1, seed=11)
    rows = []
    for output, lag in (("set_out", 1), ("arrived", 9)):
        for number, people in enumerate(came[output].to_numpy().reshape(-1)):
            month = month_number(BEGINS) + number
            first, last = last_day(month - 1) + dt.timedelta(days=1), last_day(month)
            words = {"output": output, "from": first, "to": last, "value": float(people), "source": "invented"}
            rows.append(Observation.model_validate({**words, "published": last + dt.timedelta(days=lag)}))
    return replace(model, observations=tuple(rows))


def with_values(model: Model, output: str, value: float) -> Model:
    """The same study with other figures of one output."""
    rows = tuple(r.model_copy(update={"value": value}) if r.output == output else r for r in model.observations)
    return replace(model, observations=rows)


def forecasts(model: Model, **more: object) -> pd.DataFrame:
    rows = backtest(model, origins="2019-09", months=2, methods="corredor", known_months=6, **{**FAST, **more}).rows
    return rows[rows["output"] == "arrived"].reset_index(drop=True)


def test_nobody_sees_figures_that_are_withheld():
    model = way_study()
    withheld = forecasts(model, withhold="set_out")
    pd.testing.assert_frame_equal(forecasts(with_values(model, "set_out", 5.0), withhold=["set_out"]), withheld)
    # unless they are not withheld
    assert not forecasts(model)["median"].equals(withheld["median"])
    assert not forecasts(with_values(model, "set_out", 5.0))["median"].equals(withheld["median"])


def test_counts_upstream_help_where_people_arrive_weeks_later():
    model = way_study()
    errors = {
        arm: backtest(
            model, origins="2019-01:2019-12", every=2, months=1, methods="corredor", known_months=6, withhold=withhold, **ENOUGH
        ).rows.query("output == 'arrived'")["crps"].mean()
        for arm, withhold in (("with", ()), ("without", "set_out"))
    }  # fmt: skip
    assert errors["with"] < 0.7 * errors["without"]


def test_what_is_withheld_is_not_scored_and_is_named():
    model = way_study()
    test = backtest(model, origins="2020-03", months=1, withhold="set_out", **FAST)
    assert set(test.rows["output"]) == {"arrived"}
    assert [(one.name, one.why) for one in test.left_out] == [(SeriesName("set_out", "", ""), "its figures are withheld")]
    assert (test.withheld, test.study_hash) == (("set_out",), model.hash)
    assert backtest_as_json(test)["withheld"] == ["set_out"]
    assert "Withheld, as if nobody had counted it: People who set out." in render_backtest(test)


def test_a_backtest_that_withholds_does_not_go_on_from_one_that_does_not(tmp_path):
    model = way_study()
    kinds = {"origins": "2019-09", "months": 1, "methods": "corredor", "known_months": 6, **FAST, "keep_in": tmp_path}
    first = backtest(model, **kinds)
    assert list(tmp_path.iterdir())
    withheld = backtest(model, withhold="set_out", **kinds)
    assert not withheld.rows.query("output == 'arrived'")["median"].equals(first.rows.query("output == 'arrived'")["median"])


def test_few_known_months_are_enough_for_corredor_alone():
    model = years_study()
    with pytest.raises(NotPossible, match="expected 24 or more with last_value"):
        backtest(model, origins="2018-10", methods="corredor,last_value", known_months=6, **FAST)
    test = backtest(model, origins="2018-10", months=1, methods="corredor", known_months=6, **FAST)
    assert {"upper", "lower"} <= set(test.rows["place"]) and test.known_months == 6
    assert "at least 6 on end" in render_backtest(test)


def test_an_output_without_figures_cannot_be_withheld():
    with pytest.raises(NotPossible, match=r"withhold prophecies: expected outputs of .* with published figures: left"):
        backtest(years_study(), origins="2020-06", methods="corredor", withhold="prophecies", **FAST)


def test_a_study_without_some_figures_is_another_study_with_all_others():
    model = way_study()
    without = model.without_figures(["set_out"])
    assert {row.output for row in without.observations} == {"arrived"} and len(without.observations) == N_MONTHS
    assert without.hash != model.hash and model.without_figures([]) is model
