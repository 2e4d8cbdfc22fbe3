"""The checked study: what every later part of the program is given."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape

from corredor.study.announced import is_expected, with_doubt
from corredor.study.catalogue import find_study
from corredor.study.checks.check_claims import check_claims, check_series_values
from corredor.study.checks.check_compartments import check_compartments, check_groups_and_statuses
from corredor.study.checks.check_events import check_attempts, check_events
from corredor.study.checks.check_flow import check_flow
from corredor.study.checks.check_header import check_header
from corredor.study.checks.check_measures import check_measures
from corredor.study.checks.check_outputs import check_accounts, check_followed, check_outputs
from corredor.study.checks.check_parameters import check_parameters
from corredor.study.checks.check_places import check_places, check_routes
from corredor.study.checks.check_series import check_drivers, check_observations
from corredor.study.checks.check_transitions import check_transitions
from corredor.study.checks.facts import Facts, make_facts
from corredor.study.checks.prior_predictive import check_days_of_travel, check_people_leaving, check_people_with_room
from corredor.study.checks.terms import check_seasons_and_latents
from corredor.study.checks.unused import check_map, check_unused
from corredor.study.problems import Problem, StudyError, gathered, listed, nearest
from corredor.study.reading import RawStudy, read_study
from corredor.study.schema import (
    FILES,
    Claim,
    DriverChange,
    DriverValue,
    Event,
    Measure,
    Observation,
    Parameter,
    Place,
    Route,
    SeriesValue,
    Source,
    Study,
    Transition,
)
from corredor.study.topology import one_way

CHECKS: tuple[Callable[[Facts], Iterator[Problem]], ...] = (
    check_header,
    check_groups_and_statuses,
    check_compartments,
    check_transitions,
    check_seasons_and_latents,
    check_attempts,
    check_outputs,
    check_followed,
    check_accounts,
    check_flow,
    check_parameters,
    check_measures,
    check_events,
    check_places,
    check_routes,
    check_drivers,
    check_observations,
    check_series_values,
    check_claims,
)

WARNINGS: tuple[Callable[[Facts], Iterator[Problem]], ...] = (
    check_people_leaving,
    check_days_of_travel,
    check_people_with_room,
    check_unused,
    check_map,
)
"""What is asked of a study without problems."""


@dataclass(frozen=True)
class Model:
    """A study without problems.

    name : of its folder
    routes : ways in one direction each; a row of routes.csv that is open both ways is two of them
    observations, history : published figures for days of the study, and those for months before its first day
    hash : sha256 over all input files that a simulation reads, also of a Model without some measures; input_hashes : file → sha256
    series, claims : what no simulation reads
    driver_changes : driver → what a scenario makes different in it; none in a study itself
    """

    name: str
    study: Study
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    drivers: tuple[DriverValue, ...]
    parameters: dict[str, Parameter]
    measures: tuple[Measure, ...]
    events: tuple[Event, ...]
    observations: tuple[Observation, ...]
    sources: dict[str, Source]
    hash: str
    input_hashes: dict[str, str]
    history: tuple[Observation, ...] = ()
    series: tuple[SeriesValue, ...] = ()
    claims: tuple[Claim, ...] = ()
    driver_changes: dict[str, DriverChange] = field(default_factory=dict)

    def facts(self) -> dict[str, str]:
        """What the study is, in a few lines: word → value."""
        study, step = self.study, self.study.step_days
        return {
            "study": self.name,
            "title": study.title,
            "days": f"{study.from_} to {study.to}, in steps of {step:g} {'day' if step == 1 else 'days'}",
            "people": f"{len(self.places)} places, {len(study.groups)} groups, {len(study.transitions)} transitions",
            "outputs": f"{len(study.outputs)}, with {len(self.observations)} published figures"
            + (f" and {len(self.history)} from before" if self.history else ""),
            "measures": f"{len(self.measures)}, and {len(self.claims)} claims",
            "parameters": str(len(self.parameters)),
        }

    def __repr__(self) -> str:
        return "\n".join(["Model", *(f"  {word:<12}{value}" for word, value in self.facts().items())])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{word}</th><td>{escape(value)}</td></tr>" for word, value in self.facts().items())
        return f"<table>{rows}</table>"

    def without(self, *measure_ids: str) -> Model:
        """The same study as if some measures had not been taken.

        measure_ids : ids of measures.yaml
        returns : a new Model with a hash of its own. A transition that one of them opens stays closed
        raises : KeyError with the nearest id, when there is no such measure
        """
        known = [measure.id for measure in self.measures]
        for name in measure_ids:
            if name not in known:
                close = nearest(name, known)
                advice = f"did you mean {close}?" if close else f"there are: {listed(known)}"
                raise KeyError(f"no measure {name} in {self.name}; {advice}")
        kept = tuple(measure for measure in self.measures if measure.id not in measure_ids)
        left_out = " ".join(sorted(set(measure_ids)))
        digest = hashlib.sha256(f"{self.hash} without {left_out}".encode()).hexdigest() if measure_ids else self.hash
        return replace(self, measures=kept, hash=digest)

    def until(self, date: dt.date) -> Model:
        """The same study with another last day.

        date : last day; figures for later days are left out. Beyond the study's own last day the last value of each driver holds
            and measures without a last day stay in force
        returns : a new Model with a hash of its own, or this one when the day is the same
        raises : ValueError for a day before the study begins
        """
        if date < self.study.from_:
            raise ValueError(f"{date} is before the study begins, on {self.study.from_}")
        if date == self.study.to:
            return self
        kept = tuple(row for row in self.observations if row.to <= date)
        digest = hashlib.sha256(f"{self.hash} until {date}".encode()).hexdigest()
        return replace(self, study=self.study.model_copy(update={"to": date}), observations=kept, hash=digest)

    def since(self, date: dt.date) -> Model:
        """The same study with a later first day, for what forgets quickly where it came from.

        date : first day; figures for earlier days become history, events of earlier days are left out, drivers keep their reference
        returns : a new Model with a hash of its own, or this one when the day is the same
        raises : ValueError for a day outside the study, or where compartments start with people who would be counted anew
        """
        if date == self.study.from_:
            return self
        if not self.study.from_ <= date <= self.study.to:
            raise ValueError(f"{date} is outside the study, {self.study.from_} to {self.study.to}")
        started = next((compartment.status for compartment in self.study.compartments if compartment.initial is not None), None)
        if started is not None:
            raise ValueError(
                f"{self.name} begins with people in {started}: it cannot begin later without knowing how many were there then"
            )
        moves = [_with_references(transition, self.study.from_) for transition in self.study.transitions]
        study = self.study.model_copy(update={"from_": date, "transitions": moves})
        kept = tuple(row for row in self.observations if row.from_ >= date)
        earlier = tuple(row for row in self.observations if row.to < date)
        events = tuple(event for event in self.events if event.date >= date)
        digest = hashlib.sha256(f"{self.hash} since {date}".encode()).hexdigest()
        history = (*self.history, *earlier)
        return replace(self, study=study, observations=kept, history=history, events=events, hash=digest)

    def as_known_on(self, date: dt.date) -> Model:
        """The study without what came to be known or began after a date; its last day and its observations stay.

        date : measures and events that begin later, and later values of drivers, are left out; a measure in force on the day
            stays in force, whenever it ended; one that was announced by then is expected, with doubt (`study/announced.py`).
            The study does not say when a driver was published
        returns : a new Model with a hash of its own
        """
        begun = self.as_begun_by(date)
        expected, chances = with_doubt(measure for measure in self.measures if is_expected(measure, date))
        digest = hashlib.sha256(f"{self.hash} as known on {date}".encode()).hexdigest()
        return replace(begun, measures=(*begun.measures, *expected), parameters=self.parameters | chances, hash=digest)

    def as_begun_by(self, date: dt.date) -> Model:
        """The same, without the measures that were announced for later: what had begun by a date goes on, and nothing new begins.

        returns : a new Model with a hash of its own
        """
        begun = tuple(
            measure.model_copy(update={"to": None}) if measure.to is not None and measure.to > date else measure
            for measure in self.measures
            if measure.from_ <= date
        )
        events = tuple(event for event in self.events if event.date <= date)
        drivers = tuple(row for row in self.drivers if row.date <= date)
        digest = hashlib.sha256(f"{self.hash} as begun by {date}".encode()).hexdigest()
        return replace(self, measures=begun, events=events, drivers=drivers, hash=digest)

    def without_figures(self, outputs: Collection[str]) -> Model:
        """The study without the published figures of some outputs, as if nobody had counted them.

        outputs : names of outputs; none leaves the study as it is
        returns : a new Model with a hash of its own
        """
        if not outputs:
            return self
        kept, history = (tuple(row for row in rows if row.output not in outputs) for rows in (self.observations, self.history))
        digest = hashlib.sha256(f"{self.hash} without figures of {' '.join(sorted(outputs))}".encode()).hexdigest()
        return replace(self, observations=kept, history=history, hash=digest)


def load_study(path: str | os.PathLike[str]) -> Model:
    """Read and check a study.

    Parameters
    ----------
    path
        Its folder, or the name of a bundled study; a folder wins.

    Returns
    -------
    Model
        The checked study, when nothing is wrong.

    Raises
    ------
    StudyError
        All problems of shape and of meaning at once, in the order of files and lines.

    Examples
    --------
    >>> load_study("two-towns").name
    'two-towns'
    """
    raw, _ = _read(path)
    return _model(raw)


def study_and_warnings(path: str | os.PathLike[str]) -> tuple[Model, tuple[Problem, ...]]:
    """A study, and what in it is possible and yet hard to believe, or is used by nothing.

    path : as of `load_study`
    returns : warnings in the order of files and lines; a study with warnings can be used
    raises : StudyError, as `load_study`
    """
    raw, facts = _read(path)
    return _model(raw), gathered(_in_order(raw, (warning for check in WARNINGS for warning in check(facts))))


def _read(path: str | os.PathLike[str]) -> tuple[RawStudy, Facts]:
    """raises : StudyError with all problems"""
    raw = read_study(find_study(path))
    facts = make_facts(raw)
    problems = [*raw.problems, *(problem for check in CHECKS for problem in check(facts))]
    if problems:
        raise StudyError(gathered(_in_order(raw, problems)))
    return raw, facts


def _in_order(raw: RawStudy, problems: Iterable[Problem]) -> list[Problem]:
    """In the order of files and lines."""
    order = {str(raw.folder / name): number for number, name in enumerate(FILES)}
    return sorted(problems, key=lambda problem: (order.get(problem.file, len(order)), problem.file, problem.line, problem.column))


def _model(raw: RawStudy) -> Model:
    assert raw.header is not None
    study = raw.header.entry.model_copy(
        update={
            "groups": {written.name: written.entry for written in raw.groups},
            "statuses": {written.name: written.entry for written in raw.statuses},
            "compartments": [written.entry for written in raw.compartments],
            "transitions": [written.entry for written in raw.transitions],
            "seasons": {written.name: written.entry for written in raw.seasons},
            "latents": {written.name: written.entry for written in raw.latents},
            "collective_attempts": [written.entry for written in raw.collective_attempts],
            "outputs": {written.name: written.entry for written in raw.outputs},
            "accounts": {written.name: written.entry for written in raw.accounts},
        }
    )
    return Model(
        name=os.fsencode(raw.folder.resolve().name).decode(errors="replace"),  # a folder's name may be no UTF-8; pages are
        study=study,
        places=tuple(row.entry for row in raw.places),
        routes=tuple(route for row in raw.routes for route in one_way(row.entry)),
        drivers=tuple(row.entry for row in raw.drivers),
        parameters={written.name: written.entry for written in raw.parameters},
        measures=tuple(written.entry for written in raw.measures),
        events=tuple(written.entry for written in raw.events),
        observations=tuple(row.entry for row in raw.observations if row.entry.to >= study.from_),
        history=tuple(row.entry for row in raw.observations if row.entry.to < study.from_),
        sources={row.name: row.entry for row in raw.sources},
        hash=raw.hash,
        input_hashes=dict(raw.input_hashes),
        series=tuple(row.entry for row in raw.series),
        claims=tuple(written.entry for written in raw.claims),
    )


def _with_references(transition: Transition, date: dt.date) -> Transition:
    """A transition whose drivers are still held against their value on a date, when the study begins on another."""
    changed = {
        key: [
            term.model_copy(update={"reference": date}) if term.driver is not None and term.reference is None else term
            for term in getattr(transition, key)
        ]
        for key in ("changed_by", "choice")
    }
    return transition.model_copy(update=changed)
