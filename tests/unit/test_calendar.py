"""Do days become the right steps, and steps the right weeks and months? Worked by hand, and summed over whole studies."""

import datetime as dt

import numpy as np
import pytest
from builders import flow, here, make_model, move, stay, stock
from walking import start

from corredor.engine.network.calendar import FREQUENCIES, make_calendar


def calendar_of(from_=dt.date(2021, 1, 1), days=90, step_days=1.0, warm_up_days=0):
    model = make_model([stay("here_now")], [], from_=from_, days=days, step_days=step_days, warm_up_days=warm_up_days)
    return make_calendar(model.study)


def row(calendar, name, every):
    return getattr(calendar, name)[FREQUENCIES.index(every)]


def dates(*texts):
    return np.array(texts, dtype="datetime64[s]")


# --- days ---


def test_steps_of_a_day_fall_into_calendar_months():
    calendar = calendar_of(dt.date(2021, 1, 30), days=34)
    np.testing.assert_array_equal(calendar.period_starts["month"], dates("2021-01-30", "2021-02-01", "2021-03-01"))
    assert row(calendar, "period", "month").tolist() == [0] * 2 + [1] * 28 + [2] * 4
    assert row(calendar, "mean_here", "month") == pytest.approx([1 / 2] * 2 + [1 / 28] * 28 + [1 / 4] * 4, rel=1e-15)
    assert (row(calendar, "flow_here", "month") == 1).all()
    assert (calendar.flow_next == 0).all() and (calendar.mean_next == 0).all()


def test_a_leap_year_has_its_29_february_and_a_year_turns():
    calendar = calendar_of(dt.date(2019, 12, 31), days=62)
    np.testing.assert_array_equal(calendar.period_starts["month"], dates("2019-12-31", "2020-01-01", "2020-02-01", "2020-03-01"))
    assert np.bincount(row(calendar, "period", "month")).tolist() == [1, 31, 29, 1]


def test_weeks_are_counted_from_the_first_day_of_the_study():
    calendar = calendar_of(dt.date(2021, 1, 6), days=16)
    np.testing.assert_array_equal(calendar.period_starts["week"], dates("2021-01-06", "2021-01-13", "2021-01-20"))
    assert row(calendar, "period", "week").tolist() == [0] * 7 + [1] * 7 + [2] * 2
    assert row(calendar, "mean_here", "week")[-1] == pytest.approx(1 / 2)


def test_the_warm_up_comes_before_the_first_day_and_is_in_no_period():
    calendar = calendar_of(days=10, warm_up_days=5)
    assert (calendar.n_steps, calendar.n_warm_up_steps, calendar.first_step_date) == (15, 5, dt.date(2020, 12, 27))
    for every in FREQUENCIES:
        assert (row(calendar, "period", every)[:5] == -1).all()
        assert row(calendar, "period", every)[5] == 0


# --- quarters of a day ---


def test_steps_of_six_hours_are_four_to_a_day():
    calendar = calendar_of(days=3, step_days=0.25, warm_up_days=2)
    assert (calendar.n_steps, calendar.n_warm_up_steps) == (20, 8)
    assert row(calendar, "period", "day")[8:].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert row(calendar, "mean_here", "day")[8:].tolist() == [0.25] * 12
    np.testing.assert_array_equal(calendar.period_starts["step"][:3], dates("2021-01-01T00", "2021-01-01T06", "2021-01-01T12"))
    assert len(calendar.period_starts["step"]) == 12


# --- weeks ---


def test_a_step_that_lies_in_two_months_is_divided_between_them_by_days():
    """1 January + 28 days is 29 January: three days of that week are in January, four in February."""
    calendar = calendar_of(days=59, step_days=7.0)
    assert row(calendar, "period", "month")[:6].tolist() == [0, 0, 0, 0, 0, 1]
    assert row(calendar, "flow_here", "month")[3:6] == pytest.approx([1, 3 / 7, 1])
    assert row(calendar, "flow_next", "month")[3:6] == pytest.approx([0, 4 / 7, 0])
    assert row(calendar, "mean_here", "month")[3:6] == pytest.approx([7 / 31, 3 / 31, 7 / 28])
    assert row(calendar, "mean_next", "month")[3:6] == pytest.approx([0, 4 / 28, 0])


def test_what_lies_after_the_last_day_is_not_counted():
    """33 days: the last week begins on day 28, has 3 days in January, 2 in February, and 2 after the end."""
    calendar = calendar_of(days=33, step_days=7.0)
    assert calendar.n_steps == 5
    assert row(calendar, "flow_here", "month")[4] == pytest.approx(3 / 7)
    assert row(calendar, "flow_next", "month")[4] == pytest.approx(2 / 7)
    assert row(calendar, "mean_next", "month")[4] == pytest.approx(1)
    assert row(calendar, "flow_here", "week")[4] == pytest.approx(5 / 7)
    assert row(calendar, "mean_here", "week")[4] == pytest.approx(1)


def test_a_warm_up_in_weeks_is_rounded_up_to_whole_weeks():
    calendar = calendar_of(days=14, step_days=7.0, warm_up_days=10)
    assert (calendar.n_warm_up_steps, calendar.first_step_date) == (2, dt.date(2020, 12, 18))


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
@pytest.mark.parametrize("days", [1, 6, 7, 30, 33, 64, 365, 638])
@pytest.mark.parametrize("first", [dt.date(2017, 10, 1), dt.date(2020, 2, 27), dt.date(2021, 12, 31)])
def test_every_day_is_counted_once_at_every_frequency(first, days, step_days):
    calendar = calendar_of(first, days, step_days, warm_up_days=9)
    for number, every in enumerate(FREQUENCIES):
        if every == "day" and step_days == 7:
            continue
        reported = np.arange(calendar.n_warm_up_steps, calendar.n_steps)
        edges = np.append(calendar.period_starts[every], np.datetime64(first, "s") + np.timedelta64(days, "D"))
        length_days = np.diff(edges) / np.timedelta64(1, "D")
        counted_days, mean = np.zeros(len(length_days) + 1), np.zeros(len(length_days) + 1)
        for step in reported:
            period = calendar.period[number, step]
            counted_days[period] += calendar.flow_here[number, step] * step_days
            counted_days[period + 1] += calendar.flow_next[number, step] * step_days
            mean[period] += calendar.mean_here[number, step]
            mean[period + 1] += calendar.mean_next[number, step]
        assert counted_days == pytest.approx([*length_days, 0], abs=1e-9)
        assert mean[:-1] == pytest.approx([1] * len(length_days), abs=1e-9)


# --- dates and steps ---


@pytest.mark.parametrize(("step_days", "steps"), [(0.25, [0, 4, 12, 28, -40]), (1.0, [0, 1, 3, 7, -10]), (7.0, [0, 0, 0, 1, -1])])
def test_a_date_belongs_to_the_first_step_whose_middle_is_not_before_it(step_days, steps):
    calendar = calendar_of(step_days=step_days)
    days = [0, 1, 3, 7, -10]
    assert [calendar.step_of_date(dt.date(2021, 1, 1) + dt.timedelta(days=day)) for day in days] == steps
    # whatever the date, its step is the first of which the middle is on or after it
    for number in range(1, 60):
        date = dt.date(2021, 1, 1) + dt.timedelta(days=number)
        step = calendar.step_of_date(date)
        assert calendar.date_of_step(step) >= date > calendar.date_of_step(step - 1)


# --- through the kernel ---


def test_a_month_of_weekly_steps_counts_the_flow_of_its_days_and_the_mean_of_its_days():
    model = make_model(
        [stay("before", initial=here(1e6)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.01)],
        outputs={"went": flow("go", every="month"), "left": stock("before", every="month")},
        days=33,
        step_days=7.0,
    )
    walk = start(model, expected=True).to_the_end()
    left = 1e6 * np.exp(-0.07 * np.arange(6))
    went = -np.diff(left)
    assert walk.output("went") == pytest.approx([went[:4].sum() + went[4] * 3 / 7, went[4] * 2 / 7], rel=1e-12)
    assert walk.output("left") == pytest.approx([(left[1:5].sum() * 7 + left[5] * 3) / 31, left[5]], rel=1e-12)


def test_the_warm_up_is_simulated_and_not_reported():
    def model(**more):
        return make_model(
            [stay("before", initial=here(1e6)), stay("after")],
            [move("go", "before", "after", rate_per_day=0.01)],
            outputs={"went": flow("go")},
            **more,
        )

    long = start(model(days=30), expected=True).to_the_end()
    warmed = start(model(days=20, warm_up_days=10), expected=True).to_the_end()
    assert warmed.output("went") == pytest.approx(long.output("went")[10:], rel=1e-12)
