"""Are forecasts written as forecast hubs want them, and those of others read and scored as the rules say? Cases worked out by hand."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backtesting import years_study

from corredor._simulate import simulate
from corredor.exchange.hubverse.beside import NothingInCommon, score_hub
from corredor.exchange.hubverse.names import FILE_NAME, QUANTILES, model_id
from corredor.exchange.hubverse.tables import model_outputs, observed_figures
from corredor.exchange.hubverse.write import model_output, study_figures, time_series, write_hubverse
from corredor.study.problems import StudyError

SAMPLES = Path(__file__).resolve().parents[1] / "hub_samples"
FILES = sorted((SAMPLES / "model-output").rglob("*.csv"))
TIME_SERIES = SAMPLES / "target-data" / "time-series.csv"
AS_OF = dt.date(2020, 6, 15)


@pytest.fixture(scope="module")
def forecast():
    """A forecast's Dataset as the command makes it, without its fit."""
    model = years_study()
    run = simulate(model.as_known_on(AS_OF).until(dt.date(2020, 7, 31)), draws=40, seed=2, jobs=1)
    run.attrs |= {"as_of": str(AS_OF), "forecast_months": 2}
    return model, run


def test_a_forecast_is_written_with_quantiles_and_samples_of_every_series_and_total(forecast):
    model, run = forecast
    table = model_output(run, model)
    assert list(table.columns) == [
        *("reference_date", "target", "horizon", "target_end_date", "location", "group", "output_type", "output_type_id", "value")
    ]
    tasks = table[["horizon", "target_end_date", "location"]].drop_duplicates()
    # the running month is no month ahead: horizon is the distance of the target date from the reference date
    assert set(zip(tasks["horizon"], tasks["target_end_date"], strict=True)) == {(0, "2020-06-30"), (1, "2020-07-31")}
    assert set(tasks["location"]) == {"upper", "lower", "total"}
    one = table[(table["location"] == "upper") & (table["horizon"] == 1)]
    samples = one[one["output_type"] == "sample"]
    quantiles = one[one["output_type"] == "quantile"].set_index("output_type_id")["value"]
    assert len(samples) == 40 and list(map(float, quantiles.index)) == pytest.approx(QUANTILES) and len(QUANTILES) == 23
    assert quantiles["0.5"] == pytest.approx(np.median(samples["value"])) and quantiles.is_monotonic_increasing
    # one draw over all tasks: the parts of each sample sum to the total's
    wide = table[(table["output_type"] == "sample") & (table["horizon"] == 0)].pivot_table(
        index="output_type_id", columns="location", values="value"
    )
    assert (wide["upper"] + wide["lower"]).to_numpy() == pytest.approx(wide["total"].to_numpy())


def test_samples_are_figures_as_they_would_be_published_where_the_run_predicts_them(forecast):
    model, run = forecast
    table = model_output(run, model)
    rows = [
        number
        for number, (place, first) in enumerate(zip(run["observation_place"].values, run["observation_from"].values, strict=True))
        if place == "upper" and str(first)[:7] == "2020-07"
    ]
    samples = table[(table["location"] == "upper") & (table["horizon"] == 1) & (table["output_type"] == "sample")]["value"]
    assert samples.to_numpy() == pytest.approx(run["observation_predicted"].to_numpy()[:, rows[0]])


def test_files_have_the_hubs_names_both_formats_say_the_same_and_target_data_know_nothing_later(forecast, tmp_path):
    model, run = forecast
    model = replace(model, name="two-places")
    written = write_hubverse(run, model, tmp_path)
    csv, parquet, observed = written.files
    assert csv.relative_to(tmp_path).as_posix() == "model-output/corredor-two_places/2020-06-15-corredor-two_places.csv"
    assert FILE_NAME.fullmatch(parquet.name)["model"] == model_id("two-places") == "corredor-two_places" and written.remark == ""
    one, other = model_outputs([csv]), model_outputs([parquet])
    assert one.drop(columns="value").equals(other.drop(columns="value"))
    assert one["value"].to_numpy() == pytest.approx(other["value"].to_numpy(), rel=1e-7)
    known = pd.read_csv(observed)
    assert known["target_end_date"].max() == "2020-05-31", "May is published on 9 June, June in July"
    assert set(known["location"]) == {"upper", "lower", "total"}
    later = replace(
        model, observations=tuple(r.model_copy(update={"value": 9e5}) if r.published > AS_OF else r for r in model.observations)
    )
    assert time_series(later, AS_OF).equals(time_series(model, AS_OF))


def test_without_the_library_for_parquet_the_csv_is_written_and_said(forecast, tmp_path, monkeypatch):
    monkeypatch.setattr("corredor.exchange.hubverse.write.importlib.util.find_spec", lambda name: None)
    written = write_hubverse(forecast[1], forecast[0], tmp_path)
    assert [path.suffix for path in written.files] == [".csv", ".csv"] and "corredor[parquet]" in written.remark


def test_the_last_version_of_a_figure_counts_and_na_is_none():
    figures = observed_figures(TIME_SERIES)
    assert figures[["date", "location", "observation"]].to_numpy().tolist() == [
        ["2024-02-10", "25", 104.0], ["2024-02-17", "25", 125.0],
    ]  # fmt: skip
    oracle = observed_figures(SAMPLES / "target-data" / "oracle-output.csv")
    assert oracle["observation"].tolist() == [104.0, 125.0] and set(oracle) == {"date", "observation", "target", "location"}


def test_models_are_scored_on_what_all_forecast_at_the_levels_all_give():
    scores = score_hub(model_outputs(FILES), observed_figures(TIME_SERIES))
    assert scores.levels == (0.1, 0.5, 0.9) and scores.beside == "north-walk"
    # place 36 has no figure
    assert scores.left_out == {"north-walk": 1, "south-trend": 1}
    rows = scores.scores.set_index("model")
    assert (rows["figures"] == 3).all() and (rows["origins"] == 2).all()

    def wis(low, middle, high, outcome):
        band = (high - low) + 2 / 0.2 * (max(low - outcome, 0) + max(outcome - high, 0))
        return (abs(outcome - middle) / 2 + 0.1 * band) / 1.5

    walk = [wis(80, 100, 120, 104), wis(70, 100, 130, 125), wis(90, 110, 130, 125)]
    trend = [wis(90, 110, 150, 104), wis(95, 120, 180, 125), wis(100, 125, 160, 125)]
    assert rows.loc["north-walk", "wis"] == pytest.approx(np.mean(walk)) and rows.loc["south-trend", "wis"] == pytest.approx(
        np.mean(trend)
    )
    # samples 90, 110 and 104: mean distance 10, less half the mean distance of all pairs, 5
    crps = [(14 + 6) / 2 - 5, (45 + 5) / 2 - 10, (25 + 5) / 2 - 5]
    assert rows.loc["north-walk", "crps"] == pytest.approx(np.mean(crps)) and np.isnan(rows.loc["south-trend", "crps"])
    assert rows.loc["north-walk", ["cover50", "cover80", "cover95"]].tolist() == pytest.approx([1 / 3, 1.0, 1.0])
    assert rows.loc["south-trend", "cover80"] == 1.0 and np.isnan(rows.loc["south-trend", "cover50"])
    paired = scores.paired.iloc[0]
    per_origin = (np.mean(walk[:2]) + walk[2]) / (np.mean(trend[:2]) + trend[2])
    assert paired["ratio"] == pytest.approx(per_origin) and paired["verdict"] == "too few origins" and paired["origins"] == 2


def made(model: str, n_origins: int, value: float, seed: int, kind: str = "quantile") -> pd.DataFrame:
    """Monthly forecasts one month ahead, off by a factor."""
    months = pd.period_range("2015-01", periods=n_origins + 1, freq="M")
    noise = np.exp(np.random.default_rng(seed).normal(0, 0.1, n_origins))
    rows = []
    for number in range(n_origins):
        task = {"model": model, "origin": str(months[number].end_time.date()), "date": str(months[number + 1].end_time.date())}
        for level, times in ((0.1, 0.8), (0.5, 1.0), (0.9, 1.25)):
            number_of = {"output_type": kind, "output_type_id": str(level), "level": level if kind == "quantile" else np.nan}
            rows.append({**task, **number_of, "value": value * noise[number] * times, "location": "x"})
    return pd.DataFrame(rows)


def test_ours_is_held_against_each_other_model_and_told_apart_only_where_it_is_clear():
    ours, worse, alike = made("corredor-x", 48, 100, 1), made("a-worse", 48, 160, 2), made("b-alike", 48, 101, 3)
    observed = pd.DataFrame({"date": ours["date"].unique(), "location": "x", "observation": 100.0})
    scores = score_hub(pd.concat([worse, ours, alike]), observed)
    assert scores.beside == "corredor-x"
    told = scores.paired.set_index("model")
    assert told.loc["a-worse", "verdict"] == "better" and told.loc["b-alike", "verdict"] == "no difference told"
    assert told["needed"].unique().tolist() == [36], "as a backtest one month ahead"
    assert scores.to_dict()["scores"][0]["crps"] is None


def test_samples_alone_are_scored_at_all_levels_and_beside_quantiles_at_theirs():
    ours, other = made("corredor-x", 3, 100, 1, "sample"), made("a-b", 3, 100, 2)
    observed = pd.DataFrame({"date": ours["date"].unique(), "location": "x", "observation": 100.0})
    assert len(score_hub(ours, observed).levels) == 23
    assert score_hub(pd.concat([ours, other]), observed).levels == (0.1, 0.5, 0.9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f, o: (f[f["level"] != 0.5], o), "no median that all models give"),
        (lambda f, o: (f, o.assign(date="1999-01-31")), "no figure of any forecast"),
        (lambda f, o: (f, pd.concat([o, o.assign(observation=7.0)])), "two different figures for 2015-02-28, x"),
        (lambda f, o: (f.assign(target=np.where(f["level"] == 0.5, "a", "b")), o), "add a column target"),
        (lambda f, o: (pd.concat([f, made("c-d", 2, 1.0, 1).assign(location="y")]), o), "no figure that all models forecast"),
    ],
)  # fmt: skip
def test_what_cannot_be_held_against_each_other_is_said(change, words):
    forecasts = made("a-b", 3, 100, 1)
    observed = pd.DataFrame({"date": forecasts["date"].unique(), "location": "x", "observation": 100.0})
    with pytest.raises(NothingInCommon, match=words):
        score_hub(*change(forecasts, observed))


def test_figures_of_a_study_are_the_last_published_and_totals_stand_for_files_without_places():
    figures = study_figures(years_study())
    assert list(figures.columns) == ["date", "target", "location", "group", "observation"]
    total = figures[figures["location"] == "total"]
    forecasts = pd.DataFrame(
        [{"model": "a-b", "origin": "2020-06-30", "date": "2020-07-31", "target": "left", "output_type": "quantile",
          "output_type_id": "0.5", "level": 0.5, "value": 500.0}]
    )  # fmt: skip
    scores = score_hub(forecasts, figures)
    came = total[total["date"] == "2020-07-31"]["observation"].iloc[0]
    assert scores.scores["wis"].iloc[0] == pytest.approx(abs(came - 500))


GOOD = FILES[-1].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "found", "expected"),
    [
        ("2024-02-10-a-b.csv", "0.1,100", "1.1,100", 2, "1.1", "a probability level between 0 and 1"),
        ("2024-02-10-a-b.csv", "0.5,125", "0.5,many", 3, "many", "a number"),
        ("2024-02-10-a-b.csv", "0.5,125", "0.5,99", 3, "99 at level 0.5", "quantiles that rise with their levels"),
        ("2024-02-10-a-b.csv", "0.9,160", "0.5,125", 4, "a second time", "each value once"),
        ("2024-02-10-a-b.csv", "2024-02-10,wk", "10.2.2024,wk", 2, "10.2.2024", "a date as 2018-12-31"),
        ("2024-02-10-a-b.csv", "25,quantile,0.1", "25,quantil,0.1", 2, "quantil", "one of mean, median, quantile"),
        ("2024-02-10-a-b.csv", "25,quantile,0.1", "25,sample,NA", 2, "NA", "the name or number of the sample"),
        ("2024-02-10-a-b.csv", "output_type_id", "type_id", 1, "no column output_type_id", "output_type, output_type_id, value"),
        ("2024-02-10-a-b.csv", "target_end_date", "ending", 1, "no column target_end_date or target_date", "horizon whose unit"),
        ("forecast.csv", "0.1,100", "0.1,100", 0, "forecast.csv", "<round>-<team>-<model>.csv"),
        ("round_2-a-b.csv", "reference_date", "made", 1, "no column reference_date", "in the name of the file"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_file_is_named_with_its_line(tmp_path, name, old, new, line, found, expected):
    file = tmp_path / name
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        model_outputs([file])
    problem = raised.value.problems[0]
    assert (problem.file, problem.line) == (str(file), line) and found in problem.found and expected in problem.expected, str(
        problem
    )


def test_horizons_become_dates_when_their_unit_is_told(tmp_path):
    file = tmp_path / "2020-06-30-a-b.csv"
    file.write_text("horizon,location,output_type,output_type_id,value\n2,x,quantile,0.5,7\n", encoding="utf-8")
    dates = {unit: model_outputs([file], unit)["date"].tolist() for unit in ("days", "weeks", "months")}
    assert dates == {"days": ["2020-07-02"], "weeks": ["2020-07-14"], "months": ["2020-08-31"]}


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
@pytest.mark.parametrize("steps", ["9" * 30, "-99999999", "999999999"])
def test_a_horizon_beyond_the_calendar_is_named(unit, steps, tmp_path):
    file = tmp_path / "2020-06-30-a-b.csv"
    file.write_text(f"horizon,location,output_type,output_type_id,value\n{steps},x,quantile,0.5,7\n", encoding="utf-8")
    with pytest.raises(StudyError, match="leads to a day in the calendar"):
        model_outputs([file], unit)


@pytest.mark.parametrize("written", ["20240210", "2024-02-10T00:00:00", "2024-W06-6"])
def test_a_date_in_another_form_is_the_same_date(written, tmp_path):
    file = tmp_path / "time-series.csv"
    file.write_text(f"date,location,observation\n{written},25,3\n", encoding="utf-8")
    assert observed_figures(file)["date"].tolist() == ["2024-02-10"]


def test_a_model_given_as_csv_and_parquet_is_told_once(tmp_path):
    csv = Path(shutil.copy(FILES[0], tmp_path))
    pd.read_csv(csv, dtype=str).to_parquet(csv.with_suffix(".parquet"))
    assert model_outputs([csv.with_suffix(".parquet")])["value"].tolist() == model_outputs([csv])["value"].tolist()
    with pytest.raises(StudyError) as raised:
        model_outputs([csv, csv.with_suffix(".parquet")])
    assert "a second time" in raised.value.problems[0].found and "one of two files" in raised.value.problems[0].try_


def test_a_small_parquet_file_that_unfolds_to_any_size_is_refused_and_those_around_it_are_read(tmp_path):
    """A word of a megabyte stands once in the file and a hundred thousand times in the table."""
    table = pd.read_csv(FILES[0], dtype=str)
    names = [f"2024-02-03-team-{name}.parquet" for name in ("first", "bomb", "last", "damaged")]
    files = [tmp_path / name for name in names]
    for file in files[::2]:
        table.to_parquet(file)
    columns = {
        name: pa.DictionaryArray.from_arrays(np.zeros(100_000, dtype=np.int32), ["x" * 1_000_000]) for name in table.columns
    }
    pq.write_table(pa.table(columns), files[1])
    files[3].write_bytes(files[0].read_bytes()[:-20])
    assert files[1].stat().st_size < 2_000_000
    with pytest.raises(StudyError) as raised:
        model_outputs(files)
    bomb, damaged = raised.value.problems
    assert (bomb.file, damaged.file) == (str(files[1]), str(files[3])) and damaged.found
    assert "more than 2 GB" in bomb.found or "alloc" in bomb.found, bomb.found
    assert len(model_outputs(files[::2])) == 2 * len(model_outputs(files[:1]))
    with pytest.raises(StudyError, match="a second time"):
        model_outputs([files[0], files[0]])


def test_target_data_that_are_no_numbers_or_dates_are_named(tmp_path):
    file = tmp_path / "time-series.csv"
    file.write_text("date,location,observation\n2024-02-10,25,some\nFebruary,25,3\n", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        observed_figures(file)
    assert [(problem.line, problem.column) for problem in raised.value.problems] == [(2, 3), (3, 1)]
