"""A scenario: the study with measures taken away, added or changed, drivers up or down, or parameters fixed; checked as strictly as it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corredor.study.checks.facts import Facts, make_facts
from corredor.study.model import CHECKS, Model
from corredor.study.problems import Problem, StudyError, gathered, likeliest, nearest
from corredor.study.reading import Entries, RawStudy, Written
from corredor.study.reading.scenario_file import read_scenario
from corredor.study.reading.wording import Source
from corredor.study.schema import Action, DriverChange, Measure, MeasureChange, Parameter, Prior, Scenario


def load_scenario(path: str | Path, model: Model) -> Scenario:
    """Read the file of a scenario and check it against the study that it changes.

    raises : StudyError with every problem of shape, or else every problem of meaning
    """
    written, _ = read_scenario(path)
    problems = _problems(model, written)
    if problems:
        raise StudyError(gathered(sorted(problems, key=lambda problem: (problem.line, problem.column))))
    return written.entry


def check_scenario(model: Model, scenario: Scenario) -> None:
    """Check a scenario that was not read from a file.

    raises : StudyError with every problem; they have no line
    """
    problems = _problems(model, Written(scenario, "", "scenario", _Nowhere()))
    if problems:
        raise StudyError(gathered(problems))


def apply_scenario(model: Model, scenario: Scenario) -> Model:
    """The study as the scenario has it: a new Model with a hash of its own.

    Places, groups, transitions and their order stay, and so do all random numbers (M15); a changed measure keeps its place among
    the measures, added ones come last. The scenario must have been checked
    """
    measures = [
        changed_measure(measure, scenario.change[measure.id]) if measure.id in scenario.change else measure
        for measure in model.measures
        if measure.id not in scenario.off
    ]
    parameters = {
        name: _fixed(parameter, scenario.fix[name]) if name in scenario.fix else parameter
        for name, parameter in model.parameters.items()
    }
    words = json.dumps(scenario.model_dump(mode="json", by_alias=True, exclude_unset=True), sort_keys=True)
    digest = hashlib.sha256(f"{model.hash} scenario {words}".encode()).hexdigest()
    drivers = {**model.driver_changes, **scenario.drivers}
    return replace(model, measures=(*measures, *scenario.add), parameters=parameters, driver_changes=drivers, hash=digest)


def changed_measure(measure: Measure, change: MeasureChange) -> Measure:
    """A measure with what a scenario makes different about it."""
    update: dict[str, Any] = {
        name: getattr(change, name)
        for name in ("from_", "to", "dose", "where", "acts_on", "cost")
        if getattr(change, name) is not None
    }
    places = {name: getattr(change, name) for name in ("at", "into") if getattr(change, name) is not None}
    if places:
        actions: Sequence[Action] = update.get("acts_on", measure.acts_on)
        update["acts_on"] = [action.model_copy(update=places) for action in actions]
    if measure.announced is not None and measure.announced > update.get("from_", measure.from_):
        # in force before it was announced in truth, so that day no longer says anything
        update["announced"] = None
    return measure.model_copy(update=update)


def scenario_words(scenario: Scenario) -> list[str]:
    """What is different, line by line, for the reader."""
    lines = [f"without {name}" for name in scenario.off]
    for name, change in scenario.change.items():
        dumped = change.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
        lines.append(f"{name} with " + ", ".join(f"{key} {_short(value)}" for key, value in dumped.items()))
    lines += [f"with {measure.id}: {measure.title}, from {measure.from_}" for measure in scenario.add]
    lines += [f"{name} times {change.times:g}{_days_words(change)}" for name, change in scenario.drivers.items()]
    return lines + [f"{name} fixed at {value:g}" for name, value in scenario.fix.items()]


def unknown_measures(model: Model, names: Iterable[str]) -> list[Problem]:
    """A Problem for each name on a command line that is no measure of the study."""
    known = [measure.id for measure in model.measures]
    problems = []
    for name in dict.fromkeys(names):
        if name not in known:
            close = nearest(name, known)
            expected = f"a measure of {model.name}: {likeliest(name, known)}"
            try_ = close or f"corredor compare {model.name} lists them"
            problems.append(Problem("--without", 0, 0, name, expected, try_))
    return problems


class _Nowhere:
    """The source of an entry that stands in no file."""

    def position(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        return 0, 0

    def shown(self, path: tuple[str | int, ...]) -> str:
        return "a value"


@dataclass(frozen=True)
class _PlacesOfAllActions:
    """The file of a scenario, in which `at` and `into` of a change stand for those of all its actions."""

    source: Source

    def position(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        # ("change", measure, "acts_on", number, "at", …) is written as ("change", measure, "at", …)
        if len(path) > 4 and path[4] in ("at", "into"):
            path = (*path[:2], *path[4:])
        return self.source.position(path, key=key)

    def shown(self, path: tuple[str | int, ...]) -> str:
        return self.source.shown(path)


def _fixed(parameter: Parameter, value: float) -> Parameter:
    return parameter.model_copy(update={"prior": Prior(fixed=float(value)), "note": "fixed by the scenario"})


def _days_words(change: DriverChange) -> str:
    return "".join(f" {word} {day}" for word, day in (("from", change.from_), ("to", change.to)) if day is not None)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).replace('"', "")
    return text if len(text) <= 80 else text[:79] + "…"


def _problems(model: Model, written: Written[Scenario]) -> list[Problem]:
    """Everything wrong with a scenario: names that nothing has, and whatever the checks of a study say of the study so changed.

    Measures that are taken away stay while checking, since others may hang on them as their agreement.
    """
    scenario, raw = written.entry, raw_study_of(model)
    facts = make_facts(raw)
    problems = [*_name_problems(facts, written), *_contradictions(written), *_driver_problems(model, written)]
    known = {measure.id for measure in model.measures}
    changed = replace(
        raw,
        measures=Entries((*_changed_measures(raw, written, known), *_added_measures(written))),
        parameters=Entries(tuple(_fixed_parameters(raw, written))),
    )
    before = {(p.file, p.found, p.expected) for p in _study_problems(facts)}
    for problem in _study_problems(make_facts(changed)):
        if problem.file == written.file:
            problems.append(problem)
        elif (problem.file, problem.found, problem.expected) not in before:
            # a parameter that is out of range where the study uses it
            problems += [
                written.problem(("fix", name), problem.found, problem.expected, "another value")
                for name in scenario.fix
                if name in problem.found
            ][:1]
    return [_without_lines(problem) for problem in problems]


def _without_lines(problem: Problem) -> Problem:
    """A Model does not know in which lines of its files it stood."""
    words: dict[str, Any] = {
        key: re.sub(r"(\w+\.(?:yaml|csv)):0\b", r"\1", getattr(problem, key)) for key in ("found", "expected", "try_")
    }
    words["found"] = re.sub(r" \(parameters\.yaml(:\d+)?\)", "", words["found"])
    return replace(problem, **words)


def _study_problems(facts: Facts) -> Iterator[Problem]:
    return (problem for check in CHECKS for problem in check(facts))


def _name_problems(facts: Facts, written: Written[Scenario]) -> Iterator[Problem]:
    scenario = written.entry
    yield from facts.unknown_in("measure", scenario.off, written, ("off",))
    named: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("change", "measure", scenario.change),
        ("drivers", "driver", scenario.drivers),
        ("fix", "parameter", scenario.fix),
    )
    for block, kind, names in named:
        for name in names:
            for problem in facts.unknown(kind, name, written, (block, name)):
                yield written.problem((block, name), problem.found, problem.expected, problem.try_, key=True)


def _contradictions(written: Written[Scenario]) -> Iterator[Problem]:
    scenario = written.entry
    if not (scenario.off or scenario.change or scenario.add or scenario.drivers or scenario.fix):
        yield written.problem(
            (), "a scenario that changes nothing", "one of off, change, add, drivers, fix", "add `off: [a measure]`"
        )
    for number, name in enumerate(scenario.off):
        if name in scenario.off[:number]:
            yield written.problem(("off", number), f"{name} a second time", "every measure once", "delete one of the two")
        if name in scenario.change:
            found, expected = f"{name}, which is in `off` too", "a measure that is taken away, or one that is changed"
            yield written.problem(("change", name), found, expected, "delete it in one of the two", key=True)
    for name, change in scenario.change.items():
        if not change.model_dump(exclude_none=True):
            expected = "what is different: one of " + ", ".join(
                field.alias or key for key, field in MeasureChange.model_fields.items()
            )
            yield written.problem(("change", name), f"{name} without a change", expected, "add a line, or delete it", key=True)


def _driver_problems(model: Model, written: Written[Scenario]) -> Iterator[Problem]:
    """Days on which a factor cannot hold."""
    first, last = model.study.from_, model.study.to
    for name, change in written.entry.drivers.items():
        from_ = change.from_ if change.from_ is not None else first
        if change.from_ is not None and not first <= change.from_ <= last:
            found, expected = f"from {change.from_}, outside the study's days", f"a day between {first} and {last}"
            yield written.problem(("drivers", name, "from"), found, expected, "another day, or delete `from`")
        elif change.to is not None and change.to < from_:
            found, expected = f"to {change.to}, before from {from_}", "a last day on or after the first"
            yield written.problem(("drivers", name, "to"), found, expected, "exchange the dates, or delete `to`")


def _changed_measures(raw: RawStudy, written: Written[Scenario], known: set[str]) -> Iterator[Written[Measure]]:
    for measure in raw.measures:
        change = written.entry.change.get(measure.name)
        if change is None or measure.name not in known:
            yield measure
            continue
        if (change.at is not None or change.into is not None) and not (change.acts_on or measure.entry.acts_on):
            # a place alone says nothing of a measure without actions
            empty = measure.entry.model_copy(update={"acts_on": [Action()]})
            yield replace(measure, entry=empty, **_at(written, "change", measure.name))
            continue
        where = _at(written, "change", measure.name) | {"source": _PlacesOfAllActions(written.source)}
        yield Written(changed_measure(measure.entry, change), measure.name, **where)


def _added_measures(written: Written[Scenario]) -> Iterator[Written[Measure]]:
    for number, measure in enumerate(written.entry.add):
        yield Written(measure, measure.id, **_at(written, "add", number))


def _fixed_parameters(raw: RawStudy, written: Written[Scenario]) -> Iterator[Written[Parameter]]:
    for parameter in raw.parameters:
        if parameter.name in written.entry.fix:
            fixed = _fixed(parameter.entry, written.entry.fix[parameter.name])
            yield Written(fixed, parameter.name, **_at(written, "fix", parameter.name))
        else:
            yield parameter


def _at(written: Written[Scenario], *path: str | int) -> dict[str, Any]:
    return {"file": written.file, "source": written.source, "path": path}


def raw_study_of(model: Model) -> RawStudy:
    """A Model as the checks of a study want it, each entry without a place in a file."""
    nowhere = _Nowhere()

    def entries(file: str, named: Iterable[tuple[str, Any]]) -> Entries[Any]:
        return Entries(tuple(Written(entry, name, file, nowhere) for name, entry in named))

    study = model.study
    return RawStudy(
        folder=Path(model.name),
        problems=(),
        header=Written(study, "", "study.yaml", nowhere),
        unreadable_fields=frozenset(),
        groups=entries("study.yaml", study.groups.items()),
        statuses=entries("study.yaml", study.statuses.items()),
        compartments=entries("study.yaml", (("", entry) for entry in study.compartments)),
        transitions=entries("study.yaml", ((entry.name, entry) for entry in study.transitions)),
        seasons=entries("study.yaml", study.seasons.items()),
        latents=entries("study.yaml", study.latents.items()),
        collective_attempts=entries("study.yaml", ((entry.name, entry) for entry in study.collective_attempts)),
        outputs=entries("study.yaml", study.outputs.items()),
        accounts=entries("study.yaml", study.accounts.items()),
        parameters=entries("parameters.yaml", model.parameters.items()),
        measures=entries("measures.yaml", ((entry.id, entry) for entry in model.measures)),
        events=entries("events.yaml", ((entry.id, entry) for entry in model.events)),
        places=entries("places.csv", ((entry.id, entry) for entry in model.places)),
        routes=entries("routes.csv", (("", entry) for entry in model.routes)),
        drivers=entries("drivers.csv", (("", entry) for entry in model.drivers)),
        observations=entries("observations.csv", (("", entry) for entry in (*model.history, *model.observations))),
        sources=entries("sources.csv", model.sources.items()),
        input_hashes=dict(model.input_hashes),
        hash=model.hash,
    )
