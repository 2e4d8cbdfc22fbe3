"""Days become steps, and steps become the months, weeks and days that figures are published for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from corredor.study.calendar import first_day, month_number
from corredor.study.schema import Every, Study

FREQUENCIES: tuple[Every, ...] = ("step", "day", "week", "month")


@dataclass(frozen=True)
class Calendar:
    """The steps of a run, warm-up first, and the reporting periods they fall into.

    first_step_date : day on which step 0 begins (the study's first day less the warm-up)
    step_days : length of a step, days
    n_steps, n_warm_up_steps : whole numbers
    period_starts : for each frequency, the first day of each period (datetime64[s])
    period : (n_frequencies, n_steps) int        period in which a step begins, −1 during the warm-up
    flow_here, flow_next : (n_frequencies, n_steps) float 0–1   share of the step that lies in that period, and in the next one;
        what lies after the last day of the study is in neither
    mean_here, mean_next : (n_frequencies, n_steps) float 0–1   share of the period, and of the next, that lies in the step
    """

    first_step_date: dt.date
    step_days: float
    n_steps: int
    n_warm_up_steps: int
    period_starts: dict[Every, np.ndarray]
    period: np.ndarray
    flow_here: np.ndarray
    flow_next: np.ndarray
    mean_here: np.ndarray
    mean_next: np.ndarray

    def day_of_step(self, step: int) -> float:
        """Days from the start of step 0 to the start of `step`."""
        return step * self.step_days

    def step_of_date(self, date: dt.date) -> int:
        """First step whose middle is on or after the beginning of a date; may lie before 0 or after the end."""
        return int(np.ceil((date - self.first_step_date).days / self.step_days - 0.5 - 1e-9))

    def date_of_step(self, step: int) -> dt.date:
        """Date in the middle of a step."""
        return self.first_step_date + dt.timedelta(days=int(self.day_of_step(step) + self.step_days / 2))


def make_calendar(study: Study) -> Calendar:
    """Steps and periods of a study."""
    step_days = study.step_days
    n_warm_up_steps = int(np.ceil(study.warm_up_days / step_days))
    days = (study.to - study.from_).days + 1
    n_steps = n_warm_up_steps + int(np.ceil(days / step_days - 1e-9))
    first = study.from_ - dt.timedelta(days=n_warm_up_steps * step_days)
    start_day = (np.arange(n_steps) - n_warm_up_steps) * step_days
    period = np.full((len(FREQUENCIES), n_steps), -1, dtype=np.int64)
    flow_here, flow_next, mean_here, mean_next = (np.zeros((len(FREQUENCIES), n_steps)) for _ in range(4))
    period_starts: dict[Every, np.ndarray] = {}
    reported = np.arange(n_warm_up_steps, n_steps)
    for row, every in enumerate(FREQUENCIES):
        edges = _period_edges(every, study.from_, days, step_days)
        period_starts[every] = np.datetime64(study.from_, "s") + np.round(edges[:-1] * 86400).astype("timedelta64[s]")
        begin = np.searchsorted(edges, start_day[reported] + 1e-9, side="right") - 1
        period[row, reported] = begin
        end_day = np.minimum(start_day[reported] + step_days, days)
        here = np.minimum(end_day, edges[begin + 1]) - start_day[reported]
        after = end_day - start_day[reported] - here
        length = np.append(np.diff(edges), 1.0)
        flow_here[row, reported], flow_next[row, reported] = here / step_days, after / step_days
        mean_here[row, reported], mean_next[row, reported] = here / length[begin], after / length[begin + 1]
    return Calendar(first, step_days, n_steps, n_warm_up_steps, period_starts, period, flow_here, flow_next, mean_here, mean_next)


def _period_edges(every: Every, first: dt.date, days: int, step_days: float) -> np.ndarray:
    """Edges of the periods in days from the study's first day."""
    if every == "step":
        edges = np.append(np.arange(0, days, step_days), days)
    elif every == "day":
        edges = np.arange(days + 1, dtype=float)
    elif every == "week":
        edges = np.append(np.arange(0, days, 7.0), days)
    else:
        months = range(month_number(first) + 1, month_number(first + dt.timedelta(days=days - 1)) + 1)
        edges = np.array([0, *((first_day(month) - first).days for month in months), days])
    return edges.astype(float)
