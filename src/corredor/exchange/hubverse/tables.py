"""Model-output and target-data files of the hubverse format, read strictly: every problem with its file, line and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from corredor.exchange.hubverse.names import (
    DATES,
    FILE_NAME,
    OBSERVED,
    OBSERVED_DATES,
    ORIGINS,
    OUTPUT_TYPES,
    REPRESENTATION,
    SCORED,
    HorizonUnit,
)
from corredor.exchange.hubverse.parquet import as_csv
from corredor.exchange.readers.text import Line, Trouble, bytes_of_file, table_of
from corredor.exchange.written_numbers import number_in
from corredor.study.calendar import last_day, month_number
from corredor.study.problems import Problem, StudyError, either, quoted

WANTED = "a model-output file of a forecast hub"
PARQUET = ".parquet"
WANTED_TARGET = "target data of a forecast hub: a time series or oracle output"
MISSING = frozenset({"", "na", "nan", "none", "null"})
"""How files write that there is no value, in small letters."""

LATER: dict[HorizonUnit, Callable[[dt.date, int], dt.date]] = {
    "days": lambda origin, ahead: origin + dt.timedelta(days=ahead),
    "weeks": lambda origin, ahead: origin + dt.timedelta(weeks=ahead),
    "months": lambda origin, ahead: last_day(month_number(origin) + ahead),
}
"""Date of a forecast from its origin and horizon; of months the last day."""


def model_outputs(paths: Iterable[Path], horizon_unit: HorizonUnit | None = None) -> pd.DataFrame:
    """Rows of model-output files of one hub.

    horizon_unit : of the column horizon, for files without the date of what is forecast
    returns : columns model, origin, date (YYYY-MM-DD), output_type, output_type_id (text), level (of quantiles, else NaN), value, then the
        other task columns as text; rows of output types that are not scored are left out, and `attrs["passed_by"]` counts them
    raises : StudyError with every problem of every file; ExtraMissing
    """
    tables: list[pd.DataFrame] = []
    problems: list[Problem] = []
    passed_by = 0
    paths = list(paths)
    unpacked = as_csv([path for path in paths if path.suffix == PARQUET])
    for path in paths:
        trouble = Trouble(str(path))
        try:
            found, others = _rows_of(path, trouble, horizon_unit, unpacked)
            trouble.stop()
            tables.append(pd.DataFrame(found))
            passed_by += others
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    table = pd.concat(tables, ignore_index=True)
    task_columns = [name for name in table.columns if name not in _OWN]
    table[task_columns] = table[task_columns].fillna("")
    _check_once(table, task_columns)
    _check_order(table, task_columns)
    table = table.drop(columns=["file", "line"])
    table.attrs["passed_by"] = passed_by
    return table


def observed_figures(path: Path) -> pd.DataFrame:
    """Observed numbers of target data: time series, or oracle output of quantiles and samples; of several versions the last.

    returns : columns date (YYYY-MM-DD), observation, then the other columns as text
    raises : StudyError with every problem; ExtraMissing
    """
    trouble = Trouble(str(path))
    lines = _lines(path, WANTED_TARGET, [OBSERVED, OBSERVED_DATES], as_csv([path] if path.suffix == PARQUET else []))
    names = lines[0].cells
    value_name, date_name = _first(OBSERVED, names), _first(OBSERVED_DATES, names)
    keys = [name for name in names if name not in {value_name, date_name, "as_of", "output_type", "output_type_id"}]
    versions: dict[tuple[str, ...], tuple[str, float]] = {}
    for line in lines:
        if line.cells[value_name].lower() in MISSING or line.cells.get("output_type", "quantile").lower() in (
            "pmf",
            "cdf",
            "cmf",
        ):
            continue
        date, value = _date(line, date_name, trouble), number_in(line.cells[value_name])
        if value is None:
            line.wrong(trouble, value_name, "a number, or NA")
        as_of = line.cells.get("as_of", "")
        key = (date, *(line.cells[name] for name in keys))
        if value is not None and (key not in versions or versions[key][0] <= as_of):
            versions[key] = (as_of, value)
    trouble.stop()
    rows = [dict(zip(["date", *keys], key, strict=True)) | {"observation": value} for key, (_, value) in versions.items()]
    return pd.DataFrame(rows, columns=["date", "observation", *keys])


_OWN = ("model", "file", "line", "origin", "date", *REPRESENTATION, "level")


def _rows_of(
    path: Path, trouble: Trouble, horizon_unit: HorizonUnit | None, unpacked: Mapping[Path, bytes | str]
) -> tuple[list[dict[str, object]], int]:
    """Rows of one file that can be scored, and how many others it has."""
    lines = _lines(path, WANTED, list(REPRESENTATION), unpacked)
    names = list(lines[0].cells)
    named = FILE_NAME.fullmatch(path.name)
    if named is None and "model_id" not in names:
        found, expected = f"the name {quoted(path.name)}", "<round>-<team>-<model>.csv or .parquet, or a column model_id"
        raise trouble.fail(0, 0, found, expected, "give the file the name it has in the hub")
    origin_of = _origin_of(names, named["round"] if named else "", trouble)
    date_of = _date_of(names, horizon_unit, trouble)
    keys = [name for name in names if name not in {*ORIGINS, *DATES, "horizon", "model_id", *REPRESENTATION}]
    rows: list[dict[str, object]] = []
    for line in lines:
        kind = line.cells["output_type"].lower()
        if kind not in OUTPUT_TYPES:
            line.wrong(trouble, "output_type", f"one of {', '.join(OUTPUT_TYPES)}", "quantile or sample")
        if kind not in SCORED:
            continue
        origin = origin_of(line)
        value, level = number_in(line.cells["value"]), number_in(line.cells["output_type_id"]) if kind == "quantile" else None
        if value is None:
            line.wrong(trouble, "value", "a number", "leave out the row where nothing is forecast")
        if kind == "quantile" and (level is None or not 0 < level < 1):
            line.wrong(trouble, "output_type_id", "a probability level between 0 and 1, such as 0.025")
        elif kind == "sample" and line.cells["output_type_id"].lower() in MISSING:
            line.wrong(trouble, "output_type_id", "the name or number of the sample")
        rows.append(
            {
                "model": line.cells.get("model_id") or (named["model"] if named else ""), "file": str(path), "line": line.number,
                "origin": origin, "date": date_of(line, origin), "output_type": kind, "output_type_id": line.cells["output_type_id"],
                "value": np.nan if value is None else value, "level": np.nan if level is None else level,
                **{name: line.cells[name] for name in keys},
            }
        )  # fmt: skip
    if not rows and not trouble.problems:
        trouble.add(
            1, 1, "no row of output type quantile or sample", "quantiles or samples, which can be scored", "another model"
        )
    return rows, len(lines) - len(rows)


def _origin_of(names: Sequence[str], round_: str, trouble: Trouble) -> Callable[[Line], str]:
    """How the day of a forecast is found: in its column, or in the name of the file."""
    column = _first(ORIGINS, names)
    if column:
        return lambda line: _date(line, column, trouble)
    if _as_date(round_) is None:
        found, expected = f"no column {either(ORIGINS)}", "the day of the forecast in such a column, or in the name of the file"
        raise trouble.fail(1, 1, found, expected, "name the column of the day reference_date")
    return lambda line: round_


def _date_of(names: Sequence[str], horizon_unit: HorizonUnit | None, trouble: Trouble) -> Callable[[Line, str], str]:
    """How the day that a row is about is found: in its column, or from origin and horizon."""
    column = _first(DATES, names)
    if column:
        return lambda line, origin: _date(line, column, trouble)
    if "horizon" not in names or horizon_unit is None:
        found, expected = f"no column {either(DATES)}", "the day that is forecast, or a column horizon whose unit is known"
        raise trouble.fail(
            1, 1, found, expected, "--horizon-unit days, weeks or months" if "horizon" in names else "add the column"
        )

    def reached(line: Line, origin: str) -> str:
        ahead, start = number_in(line.cells["horizon"]), _as_date(origin)
        if ahead is None or ahead != round(ahead):
            line.wrong(trouble, "horizon", "a whole number")
            return ""
        try:
            return "" if start is None else str(LATER[horizon_unit](start, int(ahead)))
        except (OverflowError, ValueError):
            line.wrong(trouble, "horizon", "a number of steps that leads to a day in the calendar")
            return ""

    return reached


def _check_once(table: pd.DataFrame, task_columns: list[str]) -> None:
    """No value stands twice, as it does when a model's CSV and Parquet file are both given."""
    task = ["model", "origin", "date", *task_columns]
    twice = table[table.duplicated([*task, "output_type", "output_type_id"])]
    if len(twice):
        row = twice.iloc[0]
        same = table[
            (table[[*task, "output_type", "output_type_id"]] == row[[*task, "output_type", "output_type_id"]]).all(axis=1)
        ]
        found = f"{row['output_type']} {row['output_type_id']} of {_spoken(row[task])} a second time"
        first = same.iloc[0]
        trouble = Trouble(str(row["file"]))
        expected = f"each value once; it stands in {first['file']}:{first['line']} already"
        raise trouble.fail(int(row["line"]), 1, found, expected, "leave out one of two files with the same forecasts")


def _check_order(table: pd.DataFrame, task_columns: list[str]) -> None:
    """Quantiles do not fall as their levels rise."""
    task = ["model", "origin", "date", *task_columns]
    rows = table[table["output_type"] == "quantile"].sort_values([*task, "level"], kind="stable")
    same = (rows[task] == rows[task].shift()).all(axis=1)
    falls = rows[same & (rows["value"] < rows["value"].shift() - 1e-9 * rows["value"].abs())]
    if len(falls):
        row = falls.iloc[0]
        found = f"{row['value']:g} at level {row['level']:g} of {_spoken(row[task])}, below the quantile of a lower level"
        trouble = Trouble(str(row["file"]))
        raise trouble.fail(int(row["line"]), 1, found, "quantiles that rise with their levels", "sort the values of this task")


def _lines(path: Path, wanted: str, needed: list[str | tuple[str, ...]], unpacked: Mapping[Path, bytes | str]) -> list[Line]:
    """Rows of a CSV or Parquet file; those of Parquet are numbered as a CSV of them would be.

    unpacked : Parquet files as CSV, or what is wrong with them
    """
    content = unpacked[path] if path in unpacked else bytes_of_file(path, wanted, "check the name")
    if isinstance(content, str):
        raise Trouble(str(path)).fail(0, 0, quoted(content), wanted, "download the file again")
    return table_of(content, str(path), wanted, needed)


def _date(line: Line, name: str, trouble: Trouble) -> str:
    date = _as_date(line.cells[name][:10])
    if date is None:
        line.wrong(trouble, name, "a date as 2018-12-31", "dates as YYYY-MM-DD")
    return str(date or "")


def _as_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _first(wanted: Sequence[str], names: Iterable[str]) -> str:
    known = set(names)
    return next((name for name in wanted if name in known), "")


def _spoken(row: pd.Series) -> str:
    return ", ".join(str(value) for value in row if value != "")
