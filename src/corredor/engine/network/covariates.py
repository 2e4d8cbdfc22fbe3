"""What changes with time: drivers, seasons, latent terms and measures become series over the days on which anything changes (M1).

Between two such days every rate without a state term stays the same, so the kernel works the rates out only there.
"""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass, field

import numpy as np

from corredor.engine.network.calendar import Calendar
from corredor.engine.network.quantities import Quantities
from corredor.study.calendar import first_day, month_number
from corredor.study.model import Model
from corredor.study.schema import DriverValue, Measure, Place, Quantity
from corredor.study.selectors import label

NEVER = -2000.0
"""Stands for the logarithm of 0: whatever finite terms are added, the rate is exactly 0."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class LatentSeries:
    """One AR(1) series of monthly terms (M2): rows of its persistence and standard deviation; its random numbers hang on its name.

    name : entry of `latents`, and whose it is: "unexplained", "leaving_by_country honduras"
    entry : that entry
    """

    name: str
    entry: str
    series: int
    persistence_row: int
    monthly_sd_row: int
    entity: int


@dataclass(frozen=True)
class BuildUp:
    """A measure, by its number, whose effect builds up and fades with a lag, and the row of the lag.

    It is worked out for the middle of weeks of its own, so that no other measure's dates change it.
    """

    series: int
    measure: int
    lag_row: int


@dataclass(frozen=True)
class DriverSeries:
    """A series that was made of a driver: its values, or their logs or differences against a base.

    transform : "value", "log" or "linear"; base : what the values are held against, in the driver's unit; 0 for values
    """

    driver: str
    series: int
    transform: str
    base: float


@dataclass
class Covariates:
    """All series x_k(t) of a study, on its change days.

    change_steps : (n_changes,) int     steps at which any series may change; the first is 0
    fixed : list of (n_changes,) float  values that are the same in all draws; 0 for series of latent terms and measures
    windows : (series, measure) of the series that are 1 while a measure is in force
    """

    model: Model
    calendar: Calendar
    quantities: Quantities
    change_steps: np.ndarray = field(init=False)
    fixed: list[np.ndarray] = field(default_factory=list)
    latents: list[LatentSeries] = field(default_factory=list)
    windows: list[tuple[int, int]] = field(default_factory=list)
    build_ups: list[BuildUp] = field(default_factory=list)
    of_drivers: list[DriverSeries] = field(default_factory=list)
    month_of_change: np.ndarray = field(init=False)
    _series_of: dict[tuple[object, ...], int] = field(default_factory=dict)
    _driver_rows: dict[tuple[str, str], list[DriverValue]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        calendar, steps = self.calendar, {0}
        dates = {row.date for row in self.model.drivers}
        for measure in self.model.measures:
            dates.add(measure.from_)
            if measure.to is not None and measure.to < self.model.study.to:
                dates.add(measure.to + dt.timedelta(days=1))
        for change in self.model.driver_changes.values():
            dates.add(change.from_ if change.from_ is not None else self.model.study.from_)
            if change.to is not None and change.to < self.model.study.to:
                dates.add(change.to + dt.timedelta(days=1))
        months = range(month_number(calendar.first_step_date) + 1, month_number(self.model.study.to) + 2)
        dates |= {first_day(month) for month in months}
        for measure in self.model.measures:
            if any(action.lag_days is not None for action in measure.acts_on):
                dates |= {calendar.first_step_date + dt.timedelta(days=int(day)) for day in self._weeks(measure)}
        steps |= {calendar.step_of_date(date) for date in dates}
        self.change_steps = np.array(sorted(step for step in steps if 0 <= step < calendar.n_steps), dtype=np.int64)
        changes = self._dates()
        self.month_of_change = np.array([month_number(d) for d in changes])
        self.month_of_change -= self.month_of_change[0]

    def _dates(self) -> list[dt.date]:
        return [self.calendar.date_of_step(int(step)) for step in self.change_steps]

    def number_of(self, measure: Measure) -> int:
        """Number of a measure in the study."""
        return [known.id for known in self.model.measures].index(measure.id)

    def _weeks(self, measure: Measure) -> np.ndarray:
        """Days from step 0 on which the weeks begin in which a measure with a lag builds up, and fades after its end."""
        first, last = self.calendar.first_step_date, (self.model.study.to - self.calendar.first_step_date).days
        start = (measure.from_ - first).days
        end = last + 1 if measure.to is None else (measure.to - first).days + 1
        return np.array([*range(start, min(end, last + 1), 7), *range(end, last + 1, 7)], dtype=float)

    def _keep(self, key: tuple[object, ...], values: np.ndarray) -> int:
        self._series_of[key] = len(self.fixed)
        self.fixed.append(values)
        return self._series_of[key]

    def season(self, month: int) -> int:
        """Series that is 1 in a calendar month (0 = January) and 0 in the others."""
        key = ("season", month)
        if key in self._series_of:
            return self._series_of[key]
        return self._keep(key, np.array([float(d.month - 1 == month) for d in self._dates()]))

    def driver(
        self, name: str, place: Place, transform: str, reference: dt.date | None, reference_value: float | None = None
    ) -> int | None:
        """Series of a driver at a place, against its value on the reference date, or against a value that is given.

        returns : number of the series; none where the driver has no rows for the place
        """
        found = self._rows_of_driver(name, place)
        if found is None:
            return None
        where, rows = found
        key = ("driver", name, where, transform, reference, reference_value)
        if key in self._series_of:
            return self._series_of[key]
        base = reference_value
        if base is None:
            base = float(_values_on(rows, [reference or self.model.study.from_])[0])
        self.of_drivers.append(DriverSeries(name, len(self.fixed), transform, base))
        values, factor = _values_on(rows, self._dates()), self._factor_on(name)
        if transform != "log":
            return self._keep(key, values * factor - base)
        logs = np.log(np.where(values > 0, values, 1.0) / base) + np.log(factor)
        return self._keep(key, np.where(values > 0, logs, NEVER))

    def values_of_driver(self, name: str, place: Place) -> int:
        """Series of a driver's values at a place, as they stand in drivers.csv."""
        found = self._rows_of_driver(name, place)
        assert found is not None, "the checks ask for values at every place"
        key = ("value of driver", name, found[0])
        if key in self._series_of:
            return self._series_of[key]
        self.of_drivers.append(DriverSeries(name, len(self.fixed), "value", 0.0))
        return self._keep(key, _values_on(found[1], self._dates()) * self._factor_on(name))

    def _factor_on(self, name: str) -> np.ndarray:
        """What a scenario makes of a driver's values on the change days; 1 where it says nothing."""
        factor, change = np.ones(len(self.change_steps)), self.model.driver_changes.get(name)
        if change is not None:
            calendar = self.calendar
            first = calendar.step_of_date(change.from_ if change.from_ is not None else self.model.study.from_)
            end = calendar.n_steps if change.to is None else calendar.step_of_date(change.to + dt.timedelta(days=1))
            factor[(self.change_steps >= first) & (self.change_steps < end)] = change.times
        return factor

    def _rows_of_driver(self, name: str, place: Place) -> tuple[str, list[DriverValue]] | None:
        """Rows for the place itself, else for its country, else for everywhere, in order of dates; and whose they are."""
        if not self._driver_rows:
            for row in sorted(self.model.drivers, key=lambda row: row.date):
                self._driver_rows.setdefault((row.driver, row.place), []).append(row)
        for where in (place.id, place.country, "*"):
            rows = self._driver_rows.get((name, where))
            if rows:
                return where, rows
        return None

    def series_of_driver(self, name: str) -> list[int]:
        """Numbers of all series that were made of a driver."""
        return [one.series for one in self.of_drivers if one.driver == name and one.transform != "value"]

    def latent(self, name: str, place: Place, group_id: str) -> int:
        """Series of a latent term as it holds for people of a group and the place that a term looks at (M2)."""
        latent = self.model.study.latents[name]
        which = label(latent.by, self.model.study.groups, place, group_id) if latent.by is not None else None
        key = ("latent", name, which)
        if key not in self._series_of:
            number = self._keep(key, np.zeros(len(self.change_steps)))
            persistence = self.quantities.row(latent.persistence, place, group_id)
            monthly_sd = self.quantities.row(latent.monthly_sd, place, group_id)
            # random numbers hang on names, so that a latent term that is added changes no other; but on a place's position, not on its name
            whose = self.model.places.index(place) if latent.by == "place" else which
            title, entity = name if which is None else f"{name} {which}", zlib.crc32(f"{name}|{whose}".encode())
            self.latents.append(LatentSeries(title, name, number, persistence, monthly_sd, entity))
        return self._series_of[key]

    def measure(self, measure: Measure, lag: Quantity | None) -> int:
        """Series that is 1 while a measure is in force; with a lag it builds up and fades."""
        key = ("measure", measure.id, str(lag))
        if key in self._series_of:
            return self._series_of[key]
        number, measure_number = self._keep(key, np.zeros(len(self.change_steps))), self.number_of(measure)
        if lag is None:
            self.windows.append((number, measure_number))
        else:
            self.build_ups.append(BuildUp(number, measure_number, self.quantities.row(lag)))
        return number


def _values_on(rows: list[DriverValue], dates: list[dt.date]) -> np.ndarray:
    """A value holds from its date to the next; before the first date the first one holds. (n_dates,) float."""
    days = np.array([row.date.toordinal() for row in rows])
    wanted = np.array([date.toordinal() for date in dates])
    number = np.maximum(np.searchsorted(days, wanted, side="right") - 1, 0)
    return np.array([row.value for row in rows], dtype=float)[number]
