"""Can a count of fewer than five people be worked out from what a command writes or prints? Each output is attacked as a whole, and the
same attack finds the count where a reason to show it is given. Tables of one run and its means: test_small_cells, test_hidden_numbers."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from attacker import Shown, worked_out
from backtesting import BEGINS, FAST, monthly_figures, years_study
from builders import flow, make_model, move, stay
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_series import CLAIM, FIRST_MONTH, rows_of, small_study
from small_run import monthly_run

from corredor.effects.benchmark.run import Benchmark
from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Finding
from corredor.effects.claims.levels import check_level
from corredor.effects.claims.numbers import check_amount, check_comparison
from corredor.learn.backtest import backtest
from corredor.learn.coming_months import shown_coming, shown_thresholds
from corredor.learn.score import shown_scores
from corredor.pages.artefacts.backtest import write_backtest
from corredor.pages.report.first_screen.changes import largest_change
from corredor.pages.report.first_screen.monthly import monthly
from corredor.pages.report.first_screen.told import first_screen
from corredor.pages.report.published import observations
from corredor.results.hidden_numbers import shown_coverage, shown_diagnostics, shown_summary
from corredor.results.small_cells import drawn_people, hidden_in_line
from corredor.results.view import SMALL_SHOWN, read_run
from corredor.results.wording import too_few
from corredor.study.calendar import month_name, month_number
from corredor.study.schema import Claim

REASON = "made-up figures"
ORIGINS = "2020-06:2020-09"


@pytest.fixture(scope="module")
def test():
    """Two towns and their total; in August 2020 three people left the lower one."""
    rows = [
        row
        for seed, (place, mean) in enumerate({"upper": 400.0, "lower": 150.0}.items())
        for row in monthly_figures("left", 36, place, mean, seed)
    ]
    few = [row["place"] == "lower" and row["from"] == dt.date(2020, 8, 1) for row in rows]
    rows = [row | ({"value": 3.0} if is_few else {}) for row, is_few in zip(rows, few, strict=True)]
    return backtest(years_study(observations=rows), origins=ORIGINS, months=2, methods="last_value,seasonal_naive", **FAST)


class TestBacktest:
    def shown(self, folder, test) -> list[Shown]:
        """Outcomes and medians of the last value, from the file of all forecasts."""
        write_backtest(test, folder)
        found = []
        for row in pd.read_csv(folder / "forecasts.csv", keep_default_na=False, na_values=[""]).to_dict("records"):
            places = ["upper", "lower"] if pd.isna(row["place"]) else [row["place"]]
            month = pd.Period(row["month"], "M")
            known = month - int(row["months_since_known"])
            for name, of in (("outcome", month), ("median", known)):
                exact = name == "outcome" or (row["method"] == "last_value" and len(places) == 1)
                if exact and row[name] == row[name]:
                    found.append(
                        Shown(
                            {(place, str(of)): 1.0 for place in places},
                            row[name],
                            0.15 * row[name] + 2 if name == "median" else 1e-6,
                        )
                    )
        return found

    def truth(self, test) -> dict:
        rows = test.rows[test.rows["parts"] == 1]
        of_outcomes = {(row.place, row.month): row.outcome for row in rows.itertuples()}
        medians = rows[rows["method"] == "last_value"]
        known = [str(pd.Period(row.month, "M") - int(row.months_since_known)) for row in medians.itertuples()]
        return {
            (place, month): round(median) for place, month, median in zip(medians["place"], known, medians["median"], strict=True)
        } | (of_outcomes)

    def test_nothing_is_worked_out(self, test, tmp_path):
        assert ("lower", "2020-08", 3.0) in set(test.unshown[["place", "month", "value"]].itertuples(index=False, name=None))
        assert worked_out(self.shown(tmp_path, test), self.truth(test)) == []

    def test_with_a_reason_it_is_there_and_the_reason_too(self, test, tmp_path):
        told = replace(test, small_shown_because=REASON)
        assert worked_out(self.shown(tmp_path, told), self.truth(test)) == [("lower", "2020-08")]
        assert json.loads((tmp_path / "backtest.json").read_text(encoding="utf-8"))[SMALL_SHOWN] == REASON
        assert REASON in (tmp_path / "backtest.html").read_text(encoding="utf-8")

    def test_no_mean_is_the_score_of_one_hidden_figure(self, test, tmp_path):
        """At one month ahead August 2020 is forecast at one origin: the mean less the three others would be its score."""
        written = write_backtest(test, tmp_path)
        scores = pd.read_csv(written["scores.csv"], keep_default_na=False, na_values=[""])
        lower = scores[(scores["place"] == "lower") & (scores["horizon_months"] == 1)]
        assert len(lower) == 2 and lower[["crps", "wis", "log_score"]].isna().all(axis=None)
        rows = pd.read_csv(written["forecasts.csv"], keep_default_na=False, na_values=[""])
        hidden = rows[(rows["place"] == "lower") & (rows["month"] == "2020-08")]
        assert len(hidden) and hidden[["outcome", "median", "crps", "wis", "pit_low"]].isna().all(axis=None)
        assert scores[scores["place"].isna()]["crps"].notna().all() and rows[rows["place"].isna()]["outcome"].notna().all()

    def test_what_is_saved_from_python_is_the_same(self, test, tmp_path):
        saved = pd.read_csv(test.save(tmp_path / "rows.csv"), keep_default_na=False, na_values=[""])
        assert saved["outcome"].isna().any() and test.table()["outcome"].notna().all()


MONTH_PEOPLE = np.array([40, 3, 50, 44, 61, 38, 47, 52, 41, 39, 58, 60] * 2 + [70] * 12, dtype=float)
"""Three years from FIRST_MONTH on; in the second month of the first two, three people."""


class TestClaims:
    """A series with months of three people."""

    series = rows_of(MONTH_PEOPLE)
    truth: ClassVar = {str(FIRST_MONTH + number): people for number, people in enumerate(MONTH_PEOPLE)}

    def shown(self, finding: Finding) -> list[Shown]:
        """Every number of people that is told with its days."""
        found = []
        for row in finding.as_json()["evidence"]:
            for first, last, amount in re.findall(r"(\d{4}-\d\d)-\d\d to (\d{4}-\d\d)-\d\d: ([\d,]+) people", row["text"]):
                found.append(Shown(self.months(first, last), float(amount.replace(",", "")), 0.5))
            for year, amount in re.findall(r"(\d{4}): ([\d,]+) people", row["text"]):
                found.append(Shown(self.months(f"{year}-01", f"{year}-12"), float(amount.replace(",", "")), 0.5))
        spans = finding.spans_picture
        for first, last, low, _ in spans.spans if spans is not None else ():
            months = ((last - first).days + 1) / (365.25 / 12)
            found.append(Shown(self.months(str(first), str(last)), low * months, 0.5))
        return found

    def months(self, first: str, last: str) -> dict[str, float]:
        every = np.arange(np.datetime64(first[:7], "M"), np.datetime64(last[:7], "M") + 1)
        return {str(month): 1.0 for month in every if str(month) in self.truth}

    def days(self, first: int, last: int) -> dict[str, dt.date]:
        """First and last day of some months."""
        months = (FIRST_MONTH + first).astype("datetime64[D]"), (FIRST_MONTH + last + 1).astype("datetime64[D]") - 1
        return dict(zip(("from", "to"), (day.item() for day in months), strict=True))

    def level(self, first: int, last: int, than: str) -> Claim:
        level = {"series": "arrivals_published", **self.days(first, last), "direction": "higher", "than": than}
        return Claim.model_validate({"id": "a", "says": "More than ever.", "said_by": "x", "kind": "level", "level": level})

    def of_level(self, hides: bool, *asked: int | str) -> Finding:
        model = make_model([stay("home"), stay("away")], [move("leave", "home", "away", rate_per_day=0.1)])
        found = check_level(replace(model, series=self.series), self.level(*asked), dt.date(2030, 1, 1), hides)
        return replace(found, hides_small=hides)

    @pytest.mark.parametrize(
        "months",
        [
            (0, 11, "all_earlier"),
            (12, 23, "all_earlier"),
            (12, 14, "year_before"),
            (13, 13, "period_before"),
            (25, 25, "year_before"),
        ],
    )
    def test_nothing_is_worked_out_of_a_level(self, months):
        assert worked_out(self.shown(self.of_level(True, *months)), self.truth) == []
        told = self.of_level(True, *months).as_json()
        if (MONTH_PEOPLE[months[0] : months[1] + 1].sum()) < 5:
            assert told["effect"] is None and told["low"] is None and told["number"] == ""

    def test_the_attacker_finds_them_where_they_are_shown(self):
        assert str(FIRST_MONTH + 1) in worked_out(self.shown(self.of_level(False, 12, 23, "all_earlier")), self.truth)

    def test_of_an_amount_and_of_a_comparison(self):
        rows = [
            {"output": "arrivals", "from": dt.date(2021, 1, 1), "to": dt.date(2021, 1, 31), "value": 40.0},
            {"output": "arrivals", "from": dt.date(2021, 2, 1), "to": dt.date(2021, 2, 28), "value": 3.0},
            {"output": "arrivals", "from": dt.date(2021, 1, 1), "to": dt.date(2021, 2, 28), "value": 43.0},
        ]
        model = make_model(
            [stay("home"), stay("away")],
            [move("leave", "home", "away", rate_per_day=0.1)],
            outputs={"arrivals": flow("leave", every="month")},
            observations=[{**row, "published": dt.date(2021, 3, 1)} for row in rows],
            days=90,
        )
        amount = {"output": "arrivals", "from": dt.date(2021, 1, 1), "to": dt.date(2021, 2, 28), "at_least": 30}
        claim = Claim.model_validate({"id": "a", "says": "x", "said_by": "x", "kind": "magnitude", "amount": amount})
        text = json.dumps(check_amount(model, claim, dt.date(2021, 4, 1)).as_json())
        assert "40" not in text and "<5 to 43 people" in text and "3.0" not in text.replace("43.0", "")
        shown = json.dumps(replace(check_amount(model, claim, dt.date(2021, 4, 1), False), hides_small=False).as_json())
        assert "3 to 43 people" in shown

        sides, other = ({"series": "arrivals_published", **self.days(number, number)} for number in (1, 2))
        comparison = {"left": sides, "right": other, "says": "less"}
        claim = Claim.model_validate({"id": "b", "says": "x", "said_by": "x", "kind": "comparison", "comparison": comparison})
        told = check_comparison(replace(model, series=self.series), claim, dt.date(2030, 1, 1), 1).as_json()
        assert told["effect"] is told["low"] is told["high"] is None and told["number"] == ""
        assert told["evidence"][0]["figures"] == {"low": None, "high": None} and "<5 people" in told["evidence"][0]["text"]
        told = check_comparison(replace(model, series=self.series), claim, dt.date(2030, 1, 1), 1, False).as_json()
        assert told["effect"] == pytest.approx(3 / 31 / (50 / 30)) and told["evidence"][0]["figures"]["low"] == pytest.approx(
            3 * 365.25 / 31
        )

    def test_of_an_effect_on_a_window_of_few(self):
        """Counted people are the effect in people over the share that it is."""
        people = np.concatenate([np.tile([60.0, 66.0, 58.0], 24), [1, 0, 1, 0, 1, 0]])
        model, _, scenarios = small_study()
        told = replace(model, series=rows_of(people))
        hidden, shown = (check_effect(told, CLAIM, scenarios, dt.date(2022, 2, 1), hides_small=hides) for hides in (True, False))

        def counted(finding: Finding) -> float:
            effect, percent = (
                finding.as_json()["effect_people"],
                next(row.figures["effect_percent"] for row in finding.evidence if "effect_percent" in row.figures),
            )
            share = percent / 100
            return np.nan if effect is None else effect * (1 + share) / share

        assert counted(shown) == pytest.approx(3.0)
        assert np.isnan(counted(hidden)) and "in people" not in " ".join(row.text for row in hidden.evidence)
        assert hidden.series_picture is not None and hidden.series_picture.expected == {}


@settings(max_examples=100)
@given(st.lists(st.one_of(st.just(0.0), st.integers(1, 4).map(float), st.integers(5, 40).map(float)), min_size=1, max_size=9))
def test_months_of_a_picture_whose_total_is_told(people):
    """Of benchmarks and claims about effects: the dots of a window, and how many were counted in it."""
    counts, truth = np.array(people), dict(enumerate(people))
    drawn = drawn_people(counts, slice(0, len(counts)))
    dots = [Shown({month: 1.0}, people) for month, people in enumerate(drawn) if np.isfinite(people) and not too_few(people)]
    total = (
        []
        if too_few(counts.sum()) or (too_few(counts)[0] and len(counts) == 1)
        else [Shown(dict.fromkeys(truth, 1.0), counts.sum())]
    )
    small_alone = hidden_in_line(counts).sum() == 1
    assert worked_out(dots if small_alone else [*dots, *total], truth) == []


def test_a_benchmark_tells_no_window_of_few():
    rows = pd.DataFrame(
        {"counted_people": [3.0, 0.0, 80.0], "expected_people": [60.0, 50.0, 75.0], "effect": [-3.0, -np.inf, 0.1]}
    )
    test = Benchmark(rows, pd.DataFrame(), 1, "", "", None)
    assert test.shown()["counted_people"].isna().tolist() == [True, False, False]
    assert test.shown()["expected_people"].isna().tolist() == [True, False, False]
    assert replace(test, small_shown_because=REASON).shown().equals(rows)


def test_scores_of_camps_tell_no_mean_of_few_by_their_total():
    camps = {name: {"ard_rescaled": 0.1, "mean_people": people, "mean_people_modelled": 50.0} for name, people in
             {"a": 3.0, "b": 30.0, "c": 90.0}.items()}  # fmt: skip
    told = shown_scores({"by_camp": camps, "ard": 0.3})["by_camp"]
    truth = {name: camp["mean_people"] for name, camp in camps.items()}
    equations = [Shown({name: 1.0}, camp["mean_people"]) for name, camp in told.items() if camp["mean_people"] is not None]
    assert worked_out([*equations, Shown(dict.fromkeys(truth, 1.0), 123.0)], truth) == []
    assert told["c"]["mean_people"] == 90.0


class TestRun:
    """A series of months with 40, 3, 50 and 12 published."""

    people = (40.0, 3.0, 50.0, 12.0)

    def run(self, **attrs: str):
        draws = [[41.0, 9.0, 47.0, 13.0], [45.0, 8.0, 52.0, 10.0], [39.0, 6.0, 49.0, 14.0]]
        return monthly_run({"stops": {"draws": draws, "published": list(self.people)}}).assign_attrs(attrs)

    def shown(self, dataset) -> list[Shown]:
        """Figures, their total, and the model's sum divided by the ratio."""
        summary, coverage = shown_summary(dataset), shown_coverage(dataset)
        found = [Shown({at: 1.0}, value) for at, value in enumerate(summary["value"]) if np.isfinite(value)]
        (card,) = first_screen(read_run(dataset)).cards
        every = dict.fromkeys(range(len(self.people)), 1.0)
        found += [Shown(every, float(card.published.replace(",", "")), 0.5)] if card.published else []
        ratio = coverage["ratio"].iloc[0]
        if np.isfinite(ratio):
            modelled = summary["q50"].sum()
            found.append(Shown(every, modelled / ratio, modelled * 0.005 / ratio**2 + 1e-6))
        return found

    def test_nothing_is_worked_out(self):
        assert worked_out(self.shown(self.run()), dict(enumerate(self.people))) == []

    def test_with_a_reason_it_is_there(self):
        assert worked_out(self.shown(self.run(**{SMALL_SHOWN: REASON})), dict(enumerate(self.people))) == [1]

    def test_no_mean_of_three_months_has_a_small_one_in_it(self):
        for attrs, told in (({}, False), ({SMALL_SHOWN: REASON}, True)):
            run = read_run(self.run(**attrs))
            change = largest_change(run, monthly(run, observations(run), "stops"))
            assert change is not None and (change.before, change.after) == ((21.5, 31.0) if told else (50.0, 12.0))


def test_a_forecast_tells_no_known_figure_or_mean_by_its_total():
    """Means and known figures of three places and all together; the hidden ones are looked for in both."""
    run = read_run(monthly_run({"stops": {"draws": [[40.0, 30.0]], "published": [40.0, 30.0]}}))
    table = pd.DataFrame(
        {"output": "stops", "unit": "people", "place": ["", "a", "b", "c"], "month": "2021-03", "known_month": "2021-01",
         "peak_month": "", "known": [40.0] * 4, "peak": np.nan, "mean": [123.0, 3.0, 30.0, 90.0]}
    )  # fmt: skip
    table = table.assign(**dict.fromkeys(("low95", "low80", "low50", "median", "high50", "high80", "high95"), 20.0))
    told = shown_coming(run, table)
    truth = {"a": 3.0, "b": 30.0, "c": 90.0}
    parts = [dict.fromkeys(truth, 1.0), *({name: 1.0} for name in truth)]
    equations = [Shown(part, mean) for part, mean in zip(parts, told["mean"], strict=True) if np.isfinite(mean)]
    assert worked_out(equations, truth) == [] and np.isfinite(told["mean"]).sum() == 2
    peaks = pd.DataFrame(
        {"output": "stops", "place": "", "threshold": ["peak", "asked"], "value": [3.0, 4.0], "month": ["2020-12", ""]}
    )
    assert shown_thresholds(run, peaks)["value"].isna().tolist() == [True, False]


def test_a_fit_tells_no_figure_of_few():
    run = read_run(monthly_run({"stops": {"draws": [[40.0, 3.0]], "published": [40.0, 3.0]}}))
    figures = [
        {"output": "stops", "place": "", "group": "", "from": f"2021-0{n}-01", "to": f"2021-0{n}-28", "value": value, "low": None,
         "high": None, "q10": 2.0, "q50": 8.0, "q90": 12.0, "residual": 0.5}
        for n, value in ((1, 40.0), (2, 3.0))
    ]  # fmt: skip
    missed = [{"output": "stops", "published": 43.0, "fitted": 60.0, "errors": 4.0, "has_few": True}]
    told = shown_diagnostics(run, {"figures": figures, "missed": missed})
    assert [figure["value"] for figure in told["figures"]] == [40.0, None] and told["figures"][1]["residual"] is None
    assert told["missed"][0]["published"] is None and told["figures"][0]["q10"] is None


def test_months_are_numbered_as_this_file_takes_them():
    assert month_name(month_number(BEGINS)) == "2018-01"
