"""The coming months of a forecast as tables: bands by output and place, what was known before, chances of passing thresholds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.accessor import BANDS
from corredor.results.coverage import summary_table
from corredor.results.hidden_numbers import hidden_figures
from corredor.results.small_cells import hidden_in_line
from corredor.results.view import PLACE_DIMENSIONS, Run, Series, read_run
from corredor.results.wording import too_few
from corredor.study.calendar import first_day, is_whole_month, last_day, month_name, month_number

PUBLISHED, MODELLED = "as published", "in the model"
"""What a number counts: what would be printed (M14), or everybody of the model."""

NEARLY_FULL = 0.9
"""Share of the room from which fewer people get in (M6)."""

PEAK_MONTHS, FEWEST_FOR_A_PEAK = 12, 6
"""Months among which the highest is last year's peak, and how many of them must have a figure."""


@dataclass(frozen=True)
class ComingSeries:
    """One series of a forecast in its coming months, beside what was published of it by the day.

    place : place, region or country; empty for all together
    months : numbers of the coming months, as `month_number` counts them
    draws : (n_draws, n_months) float       people or days; of a stock or wait its mean over the month
    counts : PUBLISHED or MODELLED
    known : month → figure, published by the day; without figures the series is told as it is in the model
    """

    output: str
    place: str
    months: tuple[int, ...]
    draws: np.ndarray
    counts: str
    known: dict[int, float]

    @property
    def last_known(self) -> tuple[int, float] | None:
        """The newest month with a figure, and the figure."""
        month = max(self.known, default=None)
        return None if month is None else (month, self.known[month])

    @property
    def peak(self) -> tuple[int, float] | None:
        """The month with the highest figure among the twelve up to the newest, and the figure; none with too few figures, or of nobody."""
        if self.last_known is None:
            return None
        newest = self.last_known[0]
        year = {month: value for month, value in self.known.items() if month > newest - PEAK_MONTHS}
        highest = max(year, key=lambda month: year[month])
        return (highest, year[highest]) if len(year) >= FEWEST_FOR_A_PEAK and year[highest] > 0 else None

    def chance_above(self, value: float) -> np.ndarray:
        """Share of draws above a value in each month: (n_months,) float 0–1."""
        return np.asarray((self.draws > value).mean(axis=0))


def coming_month_numbers(run: Run) -> tuple[int, ...]:
    """The months that a forecast looks ahead to, the running one first.

    raises : ValueError for a Dataset that is no forecast
    """
    if run.as_of is None or "coming_predicted" not in run.dataset:
        raise ValueError("this Dataset is no forecast: make one with `corredor forecast` or `forecast`")
    first = month_number(run.as_of + dt.timedelta(days=1))
    return tuple(range(first, first + int(run.dataset.attrs["forecast_months"])))


def coming_series(run: Run, outputs: Iterable[str] | None = None) -> Iterator[ComingSeries]:
    """Each output in all and by place, in the order of the study; routes and distributions of days waited are left out.

    outputs : only these
    raises : ValueError for a Dataset that is no forecast
    """
    months, figures, predicted = coming_month_numbers(run), _known_figures(run), _predicted(run)
    for name in run.outputs if outputs is None else outputs:
        if run.is_waited(name) or run.has(name, "route"):
            continue
        dimension = run.dimension_in(name, PLACE_DIMENSIONS)
        places = run.labels(name, dimension) if dimension is not None else []
        keys = list(dict.fromkeys(places + [place for output, place in predicted if output == name and place]))
        if dimension is None or run.adds_up(name):
            yield _series(run, name, "", months, figures, predicted, keys)
        for place in keys:
            if place in places or dimension is not None:
                yield _series(run, name, place, months, figures, predicted, [])


def coming_table(dataset: xr.Dataset, outputs: Iterable[str] | None = None) -> pd.DataFrame:
    """One row for each output in all and by place, and coming month.

    dataset : of `forecast`
    outputs : only these
    returns : columns output, title, side, unit, place, month, counts (as published, in the model), low95 … high95 and median as of
        `Dataset.corredor.bands`, mean, known_month, known (the newest figure), chance_above_known, peak_month, peak (highest of the
        twelve months up to the newest figure), chance_above_peak; empty where nothing was published
    raises : ValueError for a Dataset that is no forecast
    """
    run = read_run(dataset)
    rows = [row for series in coming_series(run, outputs) for row in _rows(run, series)]
    return pd.DataFrame(rows)


def threshold_table(dataset: xr.Dataset, outputs: Iterable[str] | None = None) -> pd.DataFrame:
    """Chances of passing thresholds in any of the coming months, the highest chance first.

    returns : columns output, title, side, place, threshold (peak: last year's highest published month; asked: `thresholds` of the
        output in study.yaml; room: nine tenths of the people for whom there is room, on any day), value (people or days; of room the
        median), month (of the peak), chance (0–1)
    raises : ValueError for a Dataset that is no forecast
    """
    run = read_run(dataset)
    rows = []
    for series in coming_series(run, outputs):
        if series.peak is not None:
            month, value = series.peak
            chance = float((series.draws > value).any(axis=1).mean())
            rows.append(_threshold(run, series.output, series.place, "peak", value, month_name(month), chance))
        if run.time_of(series.output) == "month":
            for asked in run.model["outputs"][series.output].get("thresholds", []):
                if (asked["place"] or "") == series.place and not asked["group"]:
                    value = float(asked["more_than"])
                    chance = float((series.draws > value).any(axis=1).mean())
                    rows.append(_threshold(run, series.output, series.place, "asked", value, "", chance))
    rows += list(_full_places(run))
    columns = ["output", "title", "side", "place", "threshold", "value", "month", "chance"]
    return pd.DataFrame(rows, columns=columns).sort_values("chance", ascending=False, kind="stable", ignore_index=True)


def told_tables(run: Run, outputs: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`coming_table` and `threshold_table` as page, terminal and answer tell them: `without_given_away`."""
    hidden, names = _given_away(run), list(outputs)
    return _without(hidden, coming_table(run.dataset, names)), _without(hidden, threshold_table(run.dataset, names))


def without_given_away(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """`coming_table` or `threshold_table` without published figures from which a small one beside them could be worked out.

    Small ones themselves are there: whoever writes them as words says <5.
    """
    return _without(_given_away(run), table)


def _given_away(run: Run) -> set[tuple[str, str, str]]:
    """Output, place and month of published figures that must not be shown."""
    if not run.hides_small or not run.dataset.sizes.get("observation", 0):
        return set()
    figures = summary_table(run.dataset)
    figures = figures[hidden_figures(run, figures) & (figures["group"] == "")]
    return set(zip(figures["output"], figures["place"], figures["from"].str[:7], strict=True))


def _without(given_away: set[tuple[str, str, str]], table: pd.DataFrame) -> pd.DataFrame:
    if not given_away or table.empty:
        return table
    shown = table.copy()
    for value, month in (("known", "known_month"), ("peak", "peak_month"), ("value", "month")):
        if value in table:
            at = zip(table["output"], table["place"], table[month], strict=True)
            shown.loc[np.array([of in given_away for of in at]) & ~np.asarray(too_few(table[value].to_numpy())), value] = np.nan
    return shown


def shown_coming(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """`coming_table` as it may be passed on as numbers: without small counts, and without means and figures that would give one away."""
    shown = without_given_away(run, table)
    if not run.hides_small or table.empty:
        return shown
    shown, people = shown.copy(), (table["unit"] == "people").to_numpy()
    for _, rows in table[people].groupby(["output", "month"], sort=False):
        parts = rows[rows["place"] != ""]
        hidden = hidden_in_line(parts["mean"].to_numpy())
        shown.loc[parts.index[hidden], "mean"] = np.nan
        if hidden.sum() == 1 or too_few(float(parts["mean"].sum())):
            shown.loc[rows.index[rows["place"] == ""], "mean"] = np.nan
    for name in (*BANDS, "mean", "known", "peak"):
        shown.loc[people & np.asarray(too_few(shown[name].fillna(0).to_numpy())), name] = np.nan
    return shown


def shown_thresholds(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """`threshold_table` as it may be passed on as numbers; thresholds that a study asks about, and room, count nobody."""
    shown = without_given_away(run, table)
    if not run.hides_small or table.empty:
        return shown
    people = np.array([run.unit(name) == "people" for name in table["output"]]) & (table["threshold"] == "peak").to_numpy()
    return shown.assign(value=shown["value"].where(~(people & np.asarray(too_few(shown["value"].fillna(0).to_numpy())))))


def _series(
    run: Run,
    name: str,
    place: str,
    months: tuple[int, ...],
    figures: dict[tuple[str, str], dict[int, float]],
    predicted: dict[tuple[str, str], dict[int, np.ndarray]],
    parts: list[str],
) -> ComingSeries:
    """As it would be published where that is known of it, or of all its parts; else as it is in the model."""
    key = (name, place)
    if key in predicted:
        draws = np.stack([predicted[key][month] for month in months], axis=1)
        return ComingSeries(name, place, months, draws, PUBLISHED, figures.get(key, {}))
    if parts and all((name, part) in predicted for part in parts):
        draws = np.stack([sum(predicted[name, part][month] for part in parts) for month in months], axis=1)
        told = [figures.get((name, part), {}) for part in parts]
        known = {month: sum(of[month] for of in told) for month in told[0] if all(month in of for of in told)}
        return ComingSeries(name, place, months, draws, PUBLISHED, known)
    windows = np.stack([run.window(name, first_day(month), last_day(month)) for month in months], axis=1)
    return ComingSeries(name, place, months, run.draws(Series(name, place)) @ windows, MODELLED, {})


def _known_figures(run: Run) -> dict[tuple[str, str], dict[int, float]]:
    """(output, place) → month → the figure that was published last by the day, of all groups together."""
    told = {part: run.dataset[f"observation_{part}"].to_numpy() for part in ("output", "place", "group", "value")}
    first, last, published = (run.dataset[f"observation_{part}"].to_numpy() for part in ("from", "to", "published"))
    found: dict[tuple[str, str], dict[int, float]] = {}
    by_day = [number for number in np.argsort(published, kind="stable") if _day(published[number]) <= (run.as_of or dt.date.max)]
    for number in by_day:
        whole = is_whole_month(_day(first[number]), _day(last[number]))
        if whole and not told["group"][number] and np.isfinite(told["value"][number]):
            key = (str(told["output"][number]), str(told["place"][number]))
            found.setdefault(key, {})[month_number(_day(first[number]))] = float(told["value"][number])
    return found


def _predicted(run: Run) -> dict[tuple[str, str], dict[int, np.ndarray]]:
    """(output, place) → coming month → (n_draws,) float as it would be published, of all groups together."""
    output, place, group, first = (run.dataset[f"coming_{part}"].to_numpy() for part in ("output", "place", "group", "from"))
    values = run.dataset["coming_predicted"].to_numpy()
    found: dict[tuple[str, str], dict[int, np.ndarray]] = {}
    for number in range(len(output)):
        if not group[number]:
            key = (str(output[number]), str(place[number]))
            found.setdefault(key, {})[month_number(_day(first[number]))] = values[:, number]
    return found


def _rows(run: Run, series: ComingSeries) -> Iterator[dict[str, object]]:
    known_month, known = series.last_known or (None, np.nan)
    peak_month, peak = series.peak or (None, np.nan)
    nothing = np.full(len(series.months), np.nan)
    above_known = series.chance_above(known) if known_month is not None else nothing
    above_peak = series.chance_above(peak) if peak_month is not None else nothing
    quantiles = np.quantile(series.draws, list(BANDS.values()), axis=0)
    for number, month in enumerate(series.months):
        yield {
            "output": series.output,
            "title": run.title(series.output),
            "side": run.side(series.output),
            "unit": run.unit(series.output),
            "place": series.place,
            "month": month_name(month),
            "counts": series.counts,
            **dict(zip(BANDS, quantiles[:, number].tolist(), strict=True)),
            "mean": float(series.draws[:, number].mean()),
            "known_month": "" if known_month is None else month_name(known_month),
            "known": known,
            "chance_above_known": float(above_known[number]),
            "peak_month": "" if peak_month is None else month_name(peak_month),
            "peak": peak,
            "chance_above_peak": float(above_peak[number]),
        }


def _full_places(run: Run) -> Iterator[dict[str, object]]:
    """Chances that nine tenths of the room of a place are taken, where an output counts those who are there."""
    dataset = run.dataset
    if "room" not in dataset:
        return
    counted = {name: described.get("stock") for name, described in run.model["outputs"].items() if name in run.outputs}
    for number in range(dataset.sizes["room_of"]):
        status, place = str(dataset["room_status"].to_numpy()[number]), str(dataset["room_place"].to_numpy()[number])
        room = dataset["room"].to_numpy()[:, number]
        name = next((n for n, statuses in counted.items() if statuses == [status] and _told_at(run, n, place)), None)
        if name is None or not (room > 0).any():
            continue
        starts = run.starts(name)
        ahead = starts >= np.datetime64(first_day(coming_month_numbers(run)[0]), "ns")
        people = run.draws(Series(name, place))[:, ahead]
        full = ((people >= NEARLY_FULL * room[:, None]) & (room[:, None] > 0)).any(axis=1)
        yield _threshold(run, name, place, "room", float(np.median(room)), "", float(full.mean()))


def _told_at(run: Run, name: str, place: str) -> bool:
    found = run.positions(name, ("place",), place)
    return found is not None and bool(found[1])


def _threshold(run: Run, name: str, place: str, threshold: str, value: float, month: str, chance: float) -> dict[str, object]:
    told = {"output": name, "title": run.title(name), "side": run.side(name), "place": place}
    return {**told, "threshold": threshold, "value": value, "month": month, "chance": chance}


def _day(moment: np.datetime64) -> dt.date:
    return moment.astype("datetime64[D]").item()  # type: ignore[no-any-return]
