"""Reads files of series and claims, as strictly as the files of a study: every problem at once, each with its line."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corredor.effects.benchmark.evidence import EffectClaim, Evidence, EvidenceEntry, ListedMeasure, SeriesRow, evidence_of
from corredor.study.calendar import read_month
from corredor.study.problems import Problem, StudyError, gathered, nearest, quoted, suggested
from corredor.study.reading.csv_file import read_csv
from corredor.study.reading.entries import Written
from corredor.study.reading.files import bytes_of, decoded
from corredor.study.reading.plain_values import date as read_date
from corredor.study.reading.wording import schema_problems
from corredor.study.reading.yaml_file import Node, read_yaml

PathLike = str | os.PathLike[str]

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""Years that are no slip of the pen."""


def read_evidence(
    series: Sequence[PathLike], claims: PathLike, measures: PathLike | None = None, *, absent_is_zero: bool = False
) -> Evidence:
    """Series and claims as one panel with its questions.

    series : CSV files with columns month, unit, people and perhaps family
    claims : YAML file with a list of claims
    measures : CSV file of further dates on which something happened (date, family, what)
    absent_is_zero : a month without a row counts 0 people; otherwise it was not published
    raises : StudyError with every problem of all files
    """
    problems: list[Problem] = []
    rows = [written for file in series for written in _table(Path(file), SeriesRow, problems)]
    counts, families = _counts(rows, problems)
    told = _claims(Path(claims), problems)
    listed = _table(Path(measures), ListedMeasure, problems) if measures is not None else []
    problems += [problem for one in listed if (problem := _date_problem(one, one.entry.date)) is not None]
    if not series:
        problems.append(Problem("--series", 0, 0, "no file", "one CSV file of series or more", "--series FILE --claims FILE"))
    if counts:
        months = [month for of_unit in counts.values() for month in of_unit]
        problems += _claim_problems(told, set(counts), min(months), max(months))
    if problems:
        raise StudyError(gathered(problems))
    entries = [one.entry for one in listed]
    return evidence_of(counts, families, [one.entry for one in told], entries, 0.0 if absent_is_zero else np.nan)


def _text(file: Path, suffix: str, what: str, problems: list[Problem]) -> str | None:
    shown = str(file)
    if file.suffix != suffix:
        problems.append(Problem(shown, 0, 0, f"not a {suffix} file", what, f"the path of a {suffix} file"))
        return None
    if not file.exists():
        names = [entry.name for entry in file.parent.iterdir()] if file.parent.is_dir() else []
        close = nearest(file.name, (name for name in names if name.endswith(suffix)))
        try_ = str(file.with_name(close)) if close else "the path of a file; docs/EVIDENCE.md shows how to write one"
        problems.append(Problem(shown, 0, 0, "no such file", what, try_))
        return None
    content = bytes_of(file, problems)
    return None if content is None else decoded(content, shown, problems)


def _table(file: Path, row_class: type[EvidenceEntry], problems: list[Problem]) -> list[Written[Any]]:
    """The rows of a CSV file that could be read."""
    text = _text(file, ".csv", "a CSV file with " + " and ".join(_needed(row_class)), problems)
    if text is None:
        return []
    table, bad = read_csv(text, str(file), row_class)
    problems += bad
    adapter = TypeAdapter(row_class)
    written = []
    for row in table.rows:
        try:
            entry = adapter.validate_python(dict(row.value))
        except ValidationError as error:
            known = row.unreadable | table.missing_columns
            problems += schema_problems(error, row_class, row.value, row, (), str(file), known)
            continue
        if not row.unreadable:
            written.append(Written(entry, "", str(file), row))
    if not table.rows and not bad:
        problems.append(Problem(str(file), 1, 1, "no rows", "a row for each month and unit", "write them below the first line"))
    return written


def _needed(row_class: type[EvidenceEntry]) -> list[str]:
    return [name for name, field in row_class.model_fields.items() if field.is_required()]


def _counts(
    rows: Sequence[Written[SeriesRow]], problems: list[Problem]
) -> tuple[dict[str, dict[np.datetime64, float]], dict[str, str]]:
    """Unit → month → people, and unit → family; problems of months, of rows that come twice, and of units in two families."""
    counts: dict[str, dict[np.datetime64, float]] = {}
    families: dict[str, tuple[str, Written[SeriesRow]]] = {}
    first: dict[tuple[str, np.datetime64], Written[SeriesRow]] = {}
    for written in rows:
        row = written.entry
        month = _month(row.month)
        if month is None:
            expected = "a month YYYY-MM in `month`"
            problems.append(written.problem(("month",), quoted(row.month), expected, _month_advice(row.month)))
            continue
        family = row.family or row.unit.split("|")[0].strip()
        known, where = families.setdefault(row.unit, (family, written))
        if known != family:
            found = f"`{quoted(family)}` for the unit {quoted(row.unit)}"
            expected = f"one family for a unit; {where.file}:{where.line} says `{quoted(known)}`"
            problems.append(written.problem(("family",), found, expected, f"`{quoted(known)}`"))
        before = first.setdefault((row.unit, month), written)
        if before is not written:
            found = f"a second row for {quoted(row.unit)} in {row.month}"
            expected = f"one; the first stands at {before.file}:{before.line}"
            problems.append(written.problem(("month",), found, expected, "delete one of the two, or give one another unit"))
            continue
        counts.setdefault(row.unit, {})[month] = np.nan if row.people is None else row.people
    return counts, {unit: family for unit, (family, _) in families.items()}


def _month(text: str) -> np.datetime64 | None:
    """YYYY-MM, or the first day of a month as spreadsheets write it."""
    short = text[:7] if re.fullmatch(r"\d{4}-\d{2}-01", text) else text
    if read_month(short) is None or not EARLIEST_YEAR <= int(short[:4]) <= LATEST_YEAR:
        return None
    return np.datetime64(short, "M")


def _month_advice(text: str) -> str:
    day = read_date(text)
    return f"write {day:%Y-%m}" if day is not None else "write year-month, such as 2016-03"


def _claims(file: Path, problems: list[Problem]) -> list[Written[EffectClaim]]:
    """The claims of a YAML file that could be read."""
    text = _text(file, ".yaml", "a YAML file with a list of claims", problems)
    if text is None:
        return []
    node, bad = read_yaml(text, str(file))
    problems += bad
    if node is None or not isinstance(node.value, list):
        if not bad:
            line, column = (0, 0) if node is None else (node.line, node.column)
            found = "an empty file" if node is None else node.shown(())
            problems.append(Problem(str(file), line, column, found, "a list of claims", "begin each claim with a line `- id: …`"))
        return []
    adapter = TypeAdapter(EffectClaim)
    return [told for number, item in enumerate(node.value) if (told := _claim(adapter, number, item, node, str(file), problems))]


def _claim(
    adapter: TypeAdapter[EffectClaim], number: int, item: Node, node: Node, file: str, problems: list[Problem]
) -> Written[EffectClaim] | None:
    plain = item.plain()
    try:
        entry = adapter.validate_python(plain)
    except ValidationError as error:
        problems += schema_problems(error, EffectClaim, plain, node, (number,), file)
        return None
    return Written(entry, entry.id, file, node, (number,))


def _claim_problems(
    claims: Sequence[Written[EffectClaim]], units: set[str], first: np.datetime64, last: np.datetime64
) -> list[Problem]:
    """What is wrong with claims beside the series and beside each other."""
    problems: list[Problem] = []
    ids: dict[str, Written[EffectClaim]] = {}
    for written in claims:
        claim = written.entry
        if (before := ids.setdefault(claim.id, written)) is not written:
            expected = f"every id once; it stands in line {before.line} already"
            problems.append(written.problem(("id",), f"`{quoted(claim.id)}` a second time", expected, "give it another id"))
        for key, names in (("unit", claim.units), ("donors", claim.donors)):
            for number, name in enumerate(names):
                path = (key,) if isinstance(getattr(claim, key), str) else (key, number)
                if name not in units:
                    expected = "a unit of the files of series"
                    problems.append(
                        written.problem(path, quoted(name), expected, suggested(name, units, "a unit as it stands there"))
                    )
        problem = _date_problem(written, claim.date)
        if problem is None and not first <= claim.first_month <= last:
            found = f"{quoted(claim.date)}, so that its window begins in {claim.first_month}"
            problem = written.problem(
                ("date",), found, f"a month of the series, {first} to {last}", "another date, or longer series"
            )
        problems += [problem] if problem is not None else []
        problems += _size_problems(written)
    for written in claims:
        for number, name in enumerate(written.entry.inseparable_from):
            if name not in ids:
                path = ("inseparable_from", number)
                problems.append(written.problem(path, quoted(name), "the id of another claim", suggested(name, ids)))
    return problems


def _date_problem(written: Written[Any], date: Any) -> Problem | None:
    """What is wrong with a date that may be a month."""
    if not isinstance(date, str) or _month(date) is not None or read_date(date) is not None:
        return None
    expected, try_ = "a date YYYY-MM-DD or a month YYYY-MM", "write it as 2016-03-20 or 2016-03, in a year from 1900 to 2100"
    return written.problem(("date",), quoted(date), expected, try_)


def _size_problems(written: Written[EffectClaim]) -> list[Problem]:
    claim, size = written.entry, written.entry.size_percent
    if size is None:
        return []
    path = ("size_percent",)
    found = quoted(size)
    if size[0] > size[1]:
        return [written.problem(path, found, "the lower number first", f"[{size[1]:g}, {size[0]:g}]")]
    if size[0] < -100:
        return [written.problem(path, found, "percent of what was to be expected, −100 or more", "−100 means that nobody came")]
    if (claim.direction == "lower" and size[1] > 0) or (claim.direction == "higher" and size[0] < 0):
        expected = f"numbers {'below' if claim.direction == 'lower' else 'above'} 0, as the direction is {claim.direction}"
        return [written.problem(path, found, expected, "the other sign, or another direction")]
    return []
