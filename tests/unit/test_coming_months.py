"""Are the coming months of a forecast told as they are in its draws, beside what was known on its day and no more?"""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from backtesting import monthly_figures, years_study

from corredor._simulate import simulate
from corredor.learn.coming_figures import coming_rows, with_room
from corredor.learn.coming_months import PUBLISHED, coming_series, coming_table, threshold_table
from corredor.learn.fit import fit
from corredor.learn.forecast import forecast, forecast_end, what_holds
from corredor.learn.track_record import find_track_record
from corredor.pages.forecast.headline import answer, cards, chance_words, corridor_words, forecast_answer
from corredor.pages.forecast.page import render_forecast
from corredor.pages.forecast.tables import coming_cells, forecast_outputs, total_title
from corredor.results.view import Series, read_run
from corredor.study.calendar import month_number
from corredor.study.model import load_study

AS_OF = dt.date(2020, 1, 12)
"""December 2019 came out on 9 January 2020."""


@pytest.fixture(scope="module")
def ahead():
    model = years_study(36)
    known = model.as_known_on(AS_OF).until(forecast_end(AS_OF, 3))
    fitted = fit(known, as_of=AS_OF, draws=20, iterations=2, seed=1, jobs=1)
    return forecast(model, as_of=AS_OF, months=3, draws=60, seed=1, jobs=1, fitted=fitted)


def test_bands_are_those_of_the_figures_as_they_would_be_published(ahead):
    table = coming_table(ahead)
    upper = table[table["place"] == "upper"]
    assert list(upper["month"]) == ["2020-01", "2020-02", "2020-03"] and set(upper["counts"]) == {PUBLISHED}
    column = np.flatnonzero((ahead["coming_place"] == "upper") & (ahead["coming_from"] == np.datetime64("2020-02-01")))[0]
    draws = ahead["coming_predicted"].to_numpy()[:, column]
    row = upper[upper["month"] == "2020-02"].iloc[0]
    wanted = [np.quantile(draws, q) for q in (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)]
    assert row[["low95", "low80", "low50", "median", "high50", "high80", "high95"]].tolist() == pytest.approx(wanted)


def test_a_total_without_figures_of_its_own_is_the_sum_of_its_published_places_draw_by_draw(ahead):
    total, upper, lower = (series for series in coming_series(read_run(ahead)))
    assert (total.place, upper.place, lower.place) == ("", "upper", "lower") and total.counts == PUBLISHED
    np.testing.assert_array_equal(total.draws, upper.draws + lower.draws)
    assert total.last_known == (month_number(dt.date(2019, 12, 1)), upper.last_known[1] + lower.last_known[1])


def test_only_figures_published_by_the_day_are_known(ahead):
    row = coming_table(ahead).iloc[0]
    assert row["known_month"] == "2019-12", "January 2020 came out on 9 February"
    figures = {place: monthly_figures("left", 36, place, mean, seed) for seed, (place, mean) in
               enumerate({"upper": 400.0, "lower": 150.0}.items())}  # fmt: skip
    sums = [upper["value"] + lower["value"] for upper, lower in zip(figures["upper"], figures["lower"], strict=True)]
    assert row["known"] == sums[23] and row["peak"] == max(sums[12:24]), "the twelve months to December 2019"


def test_chances_count_draws(ahead):
    total = next(coming_series(read_run(ahead)))
    row = coming_table(ahead).iloc[1]
    assert row["chance_above_known"] == pytest.approx((total.draws[:, 1] > row["known"]).mean())
    passed = threshold_table(ahead)
    peak = passed[(passed["place"] == "") & (passed["threshold"] == "peak")].iloc[0]
    assert peak["chance"] == pytest.approx((total.draws > peak["value"]).any(axis=1).mean())


def test_a_series_that_is_no_longer_published_gets_no_coming_figures():
    old = monthly_figures("left", 8, "upper", 400.0, 0)
    rows = coming_rows(years_study(36, [*old, *monthly_figures("left", 36, "lower", 150.0, 1)]), AS_OF, 2)
    assert [(row.place, str(row.from_)) for row in rows] == [("lower", "2020-01-01"), ("lower", "2020-02-01")]


def room_dataset():
    model = load_study("two-towns")
    dataset = simulate(model, draws=30, seed=2, jobs=1)
    told = with_room(dataset, model, dt.date(2021, 3, 15))
    empty = np.array([], dtype=str)
    told = told.assign(
        coming_predicted=(("draw", "coming"), np.zeros((30, 0))),
        **{f"coming_{part}": (("coming",), empty) for part in ("output", "place", "group")},
        coming_from=(("coming",), np.array([], dtype="datetime64[ns]")),
    )
    told.attrs |= {"as_of": "2021-03-15", "forecast_months": 2, "holds": json.dumps(what_holds(model, dt.date(2021, 3, 15)))}
    return told


def test_a_shelter_is_nearly_full_in_so_many_draws():
    told = room_dataset()
    assert told["room"].to_numpy().tolist() == [[120.0]] * 30, "the study gives the shelter 120 places"
    rooms = threshold_table(told)
    row = rooms[rooms["threshold"] == "room"].iloc[0]
    run = read_run(told)
    days = run.draws(Series("in_shelter", "north_gate"))[:, run.starts("in_shelter") >= np.datetime64("2021-03-01")]
    assert row["value"] == 120 and row["chance"] == pytest.approx((days >= 108).any(axis=1).mean())


def test_a_threshold_that_the_study_asks_about_has_its_chance(ahead):
    model = json.loads(ahead.attrs["model"])
    model["outputs"]["left"]["thresholds"] = [{"more_than": 500.0, "place": None, "group": None}]
    asked = ahead.copy()
    asked.attrs["model"] = json.dumps(model)
    row = threshold_table(asked).query("threshold == 'asked'").iloc[0]
    total = next(coming_series(read_run(asked)))
    assert row["value"] == 500 and row["chance"] == pytest.approx((total.draws > 500).any(axis=1).mean())
    assert "above 500 in a month, as the study asks" in render_forecast(asked)


def test_a_run_that_is_no_forecast_has_no_coming_months():
    with pytest.raises(ValueError, match="no forecast"):
        coming_table(simulate("two-towns", draws=2, jobs=1))


def test_the_page_is_about_the_coming_months_and_not_about_the_days_of_the_study(ahead):
    page = render_forecast(ahead)
    head = page[: page.index('id="coming"')]
    assert "What comes next, Jan 2020 to Mar 2020" in head
    assert "2018" not in head.split("</title>")[1].split("<body")[1].split('class="answers"')[0], "no month that is past"
    assert "8 of 10 simulations" in head and "To be ready in 9 of 10 cases" in head


def test_the_first_screen_says_what_comes_how_sure_what_is_out_of_line_and_what_to_plan_for(ahead):
    told = forecast_answer(read_run(ahead)).as_json()
    table = coming_table(ahead)
    last = table[table["place"] == ""].iloc[-1]
    wording = read_run(ahead).wording("left")
    assert all(told.values()), told
    assert wording.rounded(last["median"]) in told["next"][0] and wording.rounded(last["high80"]) in told["next"][0]
    assert "No backtest" in told["sure"][0]
    assert "is due about 9 Feb 2020" in told["plan"][1], "figures come out nine days after their month"


def test_the_table_of_the_page_has_the_numbers_of_the_terminal(ahead):
    run = read_run(ahead)
    (cells,) = coming_cells(run, coming_table(ahead, forecast_outputs(run)))
    last = coming_table(ahead).iloc[2]
    assert cells.rows[2][:3] == ["People who left", "Mar 2020", run.wording("left").exact(last["median"])]
    assert "above peak" in cells.columns


SCORES = [
    {"method": "corredor", "output": "left", "place": p, "group": "", "horizon_months": h, "origins": 9, "crps": c, "wis": 1.0,
     "cover50": 0.5, "cover80": cover, "cover95": 0.9, "fell_back": 0.0}
    for p, h, c, cover in (("upper", 1, 10.0, 0.9), ("upper", 3, 30.0, 0.6), ("lower", 3, 20.0, 0.7))
] + [
    {"method": "last_value", "output": "left", "place": p, "group": "", "horizon_months": 3, "origins": 9, "crps": 20.0, "wis": 1.0,
     "cover50": 0.5, "cover80": 0.8, "cover95": 0.9, "fell_back": 0.0}
    for p in ("upper", "lower")
]  # fmt: skip


def backtest_file(folder, study, study_hash, scores=SCORES):
    folder.mkdir()
    facts = {"study": study, "study_hash": study_hash, "origins": ["2019-01", "2019-09"], "scores": scores}
    (folder / "backtest.json").write_text(json.dumps(facts))
    return folder


def test_a_backtest_beside_the_study_says_how_such_forecasts_did(ahead, tmp_path):
    model = years_study(36)
    other = backtest_file(tmp_path / "other", "another-study", "x")
    mine = backtest_file(tmp_path / "mine", model.name, model.hash)
    assert find_track_record(model, [tmp_path / "nothing", other]) is None
    track = find_track_record(model, [tmp_path / "nothing", other, mine])
    assert track["same_study"] and track["origins"] == 2
    farthest = next(row for row in track["scores"] if row["horizon_months"] == 3)
    assert farthest["cover80"] == pytest.approx(0.65) and farthest["crps"] == 25.0 and farthest["best"] == 20.0
    run = read_run(ahead)
    words = answer(run, coming_table(ahead), threshold_table(ahead), track).sure[0]
    assert "the 80 % bands 3 months ahead held 65 %" in words and words.endswith("too narrow. The best simple method erred less.")
    ahead.attrs["track_record"] = json.dumps(track)
    try:
        assert "Forecasts of this study made before" in render_forecast(ahead)
    finally:
        del ahead.attrs["track_record"]


def test_a_backtest_of_an_earlier_version_of_the_study_is_told_as_one(ahead, tmp_path):
    model = years_study(36)
    track = find_track_record(model, [backtest_file(tmp_path / "old", model.name, "another hash")])
    assert not track["same_study"]
    assert "has changed since" in answer(read_run(ahead), coming_table(ahead), threshold_table(ahead), track).sure[0]


def test_the_best_other_method_is_a_simple_one_as_the_page_says(tmp_path):
    """Dynamic model averaging is what corredor's months may follow, and no simple method."""
    model = years_study(36)
    averaged = [{**row, "method": "dynamic_model_averaging", "crps": 1.0} for row in SCORES if row["method"] == "corredor"]
    track = find_track_record(model, [backtest_file(tmp_path / "more", model.name, model.hash, [*SCORES, *averaged])])
    assert {row["best_method"] for row in track["scores"]} <= {"last_value", ""}
    assert all(row["best"] > 1.0 for row in track["scores"] if row["best_method"])
    assert any(row["best_method"] for row in track["scores"])


def test_a_file_that_is_no_backtest_is_no_track_record(tmp_path):
    (tmp_path / "backtest.json").write_text("not json")
    assert find_track_record(years_study(36), [tmp_path]) is None
    without_own = backtest_file(tmp_path / "b", years_study(36).name, "", [row for row in SCORES if row["method"] != "corredor"])
    assert find_track_record(years_study(36), [without_own]) is None


def test_cards_have_as_much_protection_as_control():
    rows = []
    for number, side in enumerate(("control", "control", "control", "protection", "movement")):
        rows.append(
            {"output": f"o{number}", "title": f"O{number}", "side": side, "unit": "people", "place": "", "month": "2021-01", "counts": "",
             "median": 100.0 * number + 10, "low80": 5.0, "high80": 900.0, "high95": 999.0, "known_month": "2020-12", "known": 100.0,
             "chance_above_known": 0.9}
        )  # fmt: skip
    run = read_run(simulate("two-towns", draws=2, jobs=1))

    class Named:
        is_single = False

        def wording(self, _):
            return run.wording("stopped")

    chosen = cards(Named(), pd.DataFrame(rows))
    assert {side: len(found) for side, found in chosen.items()} == {"control": 1, "protection": 1, "movement": 1}
    assert chosen["control"][0].title == "O0", "10 against 100 is the largest change"


@pytest.mark.parametrize(
    ("title", "short"),
    [("Apprehensions by sector", "Apprehensions"), ("Claims by people of the corridor", "Claims by people of the corridor")],
)
def test_titles_of_totals_do_not_name_the_division(title, short):
    assert total_title(title) == short


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Central America – United States, October 2017 to June 2019", "Central America – United States"),
        ("Two towns and a border (made-up figures)", "Two towns and a border (made-up figures)"),
    ],
)
def test_the_days_of_the_study_are_no_part_of_the_name_of_the_corridor(title, short):
    assert corridor_words(title) == short


def test_chances_in_words():
    assert chance_words(0.23) == "in 23 of 100 simulations"
    assert chance_words(1.0) == "in all simulations" and chance_words(0.0) == "in hardly any simulation"
