"""The study with new rows: made beside it, checked as any study is, and put in place only when nothing is wrong."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corredor.exchange.adding.names import Matcher, known_groups, known_places, read_map
from corredor.exchange.adding.request import Added, Request
from corredor.exchange.adding.revisions import Changes, add_drivers, add_observations
from corredor.exchange.adding.rows import Count, counts_of
from corredor.exchange.adding.tables import Origin, TextTable
from corredor.exchange.readers.figure import Reading
from corredor.study.model import Model, load_study
from corredor.study.problems import Problem, StudyError, gathered, quoted, suggested
from corredor.study.schema import FILES, DriverValue, Entry, Observation, Source
from corredor.study.whole_file import replace_whole

OLD_DRIVERS = "vintages/drivers.csv"
"""Values of drivers that a newer file has replaced; kept for the record, read by nothing."""


def add_figures(request: Request, *, write: bool = True) -> Added:
    """Add published figures to a study.

    write : false to see only what would be done
    returns : what was added, revised and left out
    raises : StudyError with every problem; then nothing was written
    """
    model = load_study(request.study)
    _check_request(request, model)
    places = Matcher(known_places(model, regions=request.driver is None), mapped := read_map(request.map_file))
    groups = Matcher(known_groups(model), mapped)
    remarks: list[str] = []
    counts: list[Count] = []
    readings: list[Reading] = []
    problems: list[Problem] = places.bad_ids(request.map_file, groups)
    for file in request.files:
        try:
            reading = request.format.read(file.content, file.shown)
            found = counts_of(request, reading, file.published or reading.published, places, groups)
        except StudyError as error:
            problems += error.problems
            continue
        readings.append(reading)
        remarks += [f"{file.shown}: {remark}" for remark in reading.remarks]
        problems += _no_day(request, found, file.shown)
        counts += found
    unmatched = {**places.unmatched, **groups.unmatched}
    if unmatched and not request.skip_unmatched:
        problems += [_unmatched_problem(request, readings, name, near) for name, near in unmatched.items()]
    if problems:
        raise StudyError(gathered(problems))
    counts = _inside(request, model, counts, remarks)
    if not counts:
        shown = request.files[0].shown if request.files else request.format.name
        where = f"figures for {request.output or request.driver} between {model.study.from_} and {model.study.to}"
        said = "; ".join(remarks) or "names that match nothing were left out"
        raise StudyError(
            [Problem(shown, 1, 1, f"none that could be added ({said})", where, "another file, or other names in --map")]
        )
    return _with_rows(request, model, counts, readings, remarks, unmatched, write)


def _with_rows(
    request: Request,
    model: Model,
    counts: list[Count],
    readings: Sequence[Reading],
    remarks: list[str],
    unmatched: dict[str, str],
    write: bool,
) -> Added:
    sources = _table(request.study, "sources.csv", Source)
    ids, source_days = _sources(request, model, counts, sources)
    tables = {"sources.csv": sources}
    changes: Changes
    if request.output is not None:
        table = tables["observations.csv"] = _table(request.study, "observations.csv", Observation)
        changes = add_observations(table, request.output, counts, ids)
    else:
        assert request.driver is not None
        table = tables["drivers.csv"] = _table(request.study, "drivers.csv", DriverValue)
        old = _table(request.study, OLD_DRIVERS, DriverValue, "replaced_by")
        changes = add_drivers(table, old, request.driver, _unit(request, model, readings), counts, ids, source_days)
        if any(record.origin for record in old.records):
            tables[OLD_DRIVERS] = old
    changed = {name: one for name, one in tables.items() if any(record.origin for record in one.records)}
    if list(changed) == ["sources.csv"]:
        changed = {}
    _check_as_study(request.study, changed)
    if write:
        _put_in_place(request.study, changed)
    return Added(tuple(changes.rows), tuple(changes.revised), changes.known, tuple(remarks), unmatched, tuple(changed))


def _check_request(request: Request, model: Model) -> None:
    problems = []
    shown = str(request.study / "study.yaml")
    if request.output is not None and request.output not in model.study.outputs:
        outputs = list(model.study.outputs)
        problems.append(Problem(shown, 0, 0, f"no output {quoted(request.output)}", f"--output with one of {', '.join(outputs)}",
                                suggested(request.output, outputs)))  # fmt: skip
    if request.driver is not None and not re.fullmatch(r"[a-z][a-z0-9_]*", request.driver):
        problems.append(Problem(shown, 0, 0, f"a driver {quoted(request.driver)}", "lower-case letters, digits and underscores",
                                "another name with --driver"))  # fmt: skip
    for option, given, known in (
        ("--place", request.place, known_places(model, regions=request.driver is None).ids),
        ("--group", request.group, known_groups(model).ids),
    ):
        if given is not None and given not in known and not (given == "*" and request.driver is not None):
            problems.append(Problem(shown, 0, 0, f"{option} {quoted(given)}", "a name of the study", suggested(given, known)))
    if problems:
        raise StudyError(problems)


def _no_day(request: Request, counts: Sequence[Count], shown: str) -> list[Problem]:
    if request.output is None or not counts or counts[0].published is not None:
        return []
    found = "no day of publication in the file"
    return [
        Problem(
            shown, 1, 1, found, "the day from which its figures were known", "--vintage YYYY-MM-DD, the day the file came out"
        )
    ]


def _unmatched_problem(request: Request, readings: Sequence[Reading], name: str, near: str) -> Problem:
    for reading in readings:
        for figure in reading.figures:
            if name in figure.parts.values():
                shown, line, column = reading.shown, figure.line, figure.column
                break
        else:
            continue
        break
    else:
        shown, line, column = request.files[0].shown, 1, 1
    advice = f"is it {near}? say so in a table for --map (name,id)" if near else "say what it is in a table for --map (name,id)"
    return Problem(shown, line, column, f"the name {quoted(name) or '(empty)'}, which the study does not have",
                   "a place or group of the study", f"{advice}, or leave out all such names with --skip-unmatched")  # fmt: skip


def _inside(request: Request, model: Model, counts: list[Count], remarks: list[str]) -> list[Count]:
    """Counts of whole periods within the study's dates; what is left out is told."""
    study = model.study
    if request.output is None:
        return counts
    within = [count for count in counts if study.from_ <= count.from_ and count.to <= study.to]
    if len(within) < len(counts):
        remarks.append(f"{len(counts) - len(within)} figures outside the study's dates, {study.from_} to {study.to}, left out")
    kept = []
    for count in within:
        end = count.to if request.format.complete_only else count.from_
        if count.published is not None and count.published >= end:
            kept.append(count)
    if len(kept) < len(within):
        remarks.append(f"{len(within) - len(kept)} figures of periods that had not ended when they were published left out")
    return kept


def _sources(
    request: Request, model: Model, counts: Sequence[Count], table: TextTable
) -> tuple[dict[dt.date | None, str], dict[str, str]]:
    """Day of publication → id of its source, rows being added for new ones; and source → day, of every source of the study."""
    facts = request.source
    dates = {name: source.date or source.accessed or "" for name, source in model.sources.items()}
    ids: dict[dt.date | None, str] = {}
    for day in sorted({count.published for count in counts}, key=lambda one: one or dt.date.min):
        text = (day or facts.accessed).isoformat()
        ids[day] = id_ = facts.id or re.sub(r"[^a-z0-9]+", "_", f"{request.format.name}_{text}".lower())
        if id_ in dates:
            continue
        row = {
            "id": id_,
            "publisher": facts.publisher or request.format.publisher or "not stated",
            "title": facts.title or request.format.title,
            "date": text if day is not None else "",
            "url": facts.url,
            "licence": facts.licence or request.format.licence,
            "accessed": facts.accessed.isoformat(),
        }
        table.insert(row, ("--source", 0, 0))
        dates[id_] = text
    return ids, dates


def _unit(request: Request, model: Model, readings: Sequence[Reading]) -> str:
    mine = next((value.unit for value in model.drivers if value.driver == request.driver), None)
    series = request.series or request.format.usual_series
    units = {unit for reading in readings for name, unit in reading.units.items() if name == series or not series}
    return request.unit or mine or (units.pop() if len(units) == 1 else "as published")


def _table(study: Path, name: str, row_class: type[Entry], *more: str) -> TextTable:
    columns = [field.alias or column for column, field in row_class.model_fields.items()]
    try:
        with (study / name).open(encoding="utf-8", newline="") as stream:
            text = stream.read()
    except FileNotFoundError:
        text = ""
    return TextTable(text, [*columns, *more])


def _check_as_study(study: Path, changed: dict[str, TextTable]) -> None:
    """Check the study as it would be; problems of new rows are told where these come from."""
    with tempfile.TemporaryDirectory(prefix="corredor-") as passing:
        folder = Path(passing) / (study.resolve().name or "study")
        folder.mkdir()
        for name in FILES:
            if name in changed:
                (folder / name).write_text(changed[name].text(), encoding="utf-8", newline="")
            elif (study / name).exists():
                (folder / name).write_bytes((study / name).read_bytes())
        try:
            load_study(folder)
        except StudyError as error:
            origins: dict[str, dict[int, Origin]] = {str(folder / name): table.origins() for name, table in changed.items()}
            raise StudyError(_at_origin(problem, origins, folder, study) for problem in error.problems) from None


def _at_origin(problem: Problem, origins: dict[str, dict[int, Origin]], folder: Path, study: Path) -> Problem:
    file, line, column = origins.get(problem.file, {}).get(problem.line, (problem.file, problem.line, problem.column))
    words = {name: getattr(problem, name).replace(str(folder), str(study)) for name in ("found", "expected", "try_")}
    return replace(problem, file=file.replace(str(folder), str(study)), line=line, column=column, **words)


def _put_in_place(study: Path, changed: dict[str, TextTable]) -> None:
    """Each file whole; the sources first, since a source that nothing names is no problem."""
    for name, table in sorted(changed.items(), key=lambda item: item[0] != "sources.csv"):
        path, content = study / name, table.text().encode()
        path.parent.mkdir(exist_ok=True)
        replace_whole(path, lambda passing, content=content: passing.write_bytes(content))  # type: ignore[misc]
