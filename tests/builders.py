"""Small studies from a few lines, for tests: as a Model at once, or written to a folder as a person would write them.

Entries are dictionaries in the words of study.yaml. What a test does not care about has a plain value here: a place is a town at
the coast of nowhere, a parameter is fixed and made up, the study runs for some days from 1 January 2021 in steps of a day.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from corredor.study.model import Model
from corredor.study.schema import DriverValue, Entry, Event, Measure, Observation, Parameter, Place, Route, Source, Study

FIRST_DAY = dt.date(2021, 1, 1)

Words = dict[str, Any]


def day(number: int) -> dt.date:
    """The date on which day `number` of a study from here begins; day 0 is the first."""
    return FIRST_DAY + dt.timedelta(days=number)


def fixed(value: float, unit: str) -> Words:
    """A parameter that is known."""
    return {"unit": unit, "prior": {"fixed": float(value)}, "basis": "made_up"}


def uncertain(unit: str, **law: dict[str, float]) -> Words:
    """A parameter with a prior, such as uncertain("share", beta={"alpha": 2.0, "beta": 3.0})."""
    return {"unit": unit, "prior": law, "basis": "made_up"}


def stay(status: str, **more: Any) -> Words:
    """A compartment in which hazards compete, at every place unless `at` says otherwise."""
    return {"status": status, "type": "stay", **more}


def gate(status: str, **more: Any) -> Words:
    """A compartment that all pass at once."""
    return {"status": status, "type": "gate", **more}


def queue(status: str, served_per_day: Any, **more: Any) -> Words:
    """A compartment in which people are served in order."""
    return {"status": status, "type": "queue", "served_per_day": served_per_day, **more}


def population(status: str, **more: Any) -> Words:
    """A compartment with the people who live at a place."""
    return {"status": status, "type": "population", **more}


def here(people: float, **groups: float) -> Words:
    """People in a compartment at the start, of the group `people` unless groups and their weights are named."""
    return {"people": float(people), "groups": groups or {"people": 1.0}}


def move(name: str, from_: str, to: str, **more: Any) -> Words:
    """A transition."""
    return {"name": name, "from": from_, "to": to, **more}


def flow(*names: str, **more: Any) -> Words:
    """An output that counts people who move, day by day unless told otherwise."""
    return {"title": " and ".join(names), "flow": list(names), "every": "day", **more}


def stock(*statuses: str, **more: Any) -> Words:
    """An output that counts people who are there, day by day unless told otherwise."""
    return {"title": " and ".join(statuses), "stock": list(statuses), "every": "day", **more}


def measure(name: str, from_day: int, to_day: int | None, *acts_on: Words, **more: Any) -> Words:
    """A measure in force from one day of the study to another, both included."""
    words: Words = {"id": name, "title": name, "actor": "somebody", "kind": "made_up", "where": "there", "source": "invented"}
    words |= {"from": day(from_day), "acts_on": list(acts_on), **more}
    return words if to_day is None else words | {"to": day(to_day)}


def make_model(
    compartments: list[Words],
    transitions: list[Words],
    *,
    outputs: dict[str, Words] | None = None,
    places: dict[str, Words] | list[str] | None = None,
    routes: list[tuple[str, str, float] | tuple[str, str, float, str]] | None = None,
    groups: dict[str, Words] | None = None,
    parameters: dict[str, Words] | None = None,
    measures: list[Words] | None = None,
    events: list[Words] | None = None,
    drivers: list[Words] | None = None,
    observations: list[Words] | None = None,
    days: int = 30,
    warm_up_days: int = 0,
    step_days: float = 1.0,
    from_: dt.date = FIRST_DAY,
    hash_: str = "0" * 64,
    **more: Any,
) -> Model:
    """A Model from the words of a study. It is not checked: `load_study(write_study(…))` does that.

    observations : those that end before `from_` are history
    places : id → what differs from a town without people, or only ids; one place `here` unless given
    routes : (from, to, km) by road, or (from, to, km, mode); one way
    more : seasons, latents, collective_attempts, accounts of study.yaml
    """
    statuses = dict.fromkeys(compartment["status"] for compartment in compartments)
    named = places if isinstance(places, dict) else {name: {} for name in places or ["here"]}
    study = {
        "title": "A study for a test",
        "summary": "Made up.",
        "made_up": True,
        "from": from_,
        "to": from_ + dt.timedelta(days=days - 1),
        "warm_up_days": warm_up_days,
        "step_days": float(step_days),
        "groups": groups or {"people": {}},
        "statuses": {status: f"being {status}" for status in statuses},
        "compartments": compartments,
        "transitions": transitions,
        "outputs": outputs or {"everybody": stock(*statuses)},
        **more,
    }
    figures = [Observation.model_validate({"source": "invented", **row}) for row in observations or []]
    source = {"id": "invented", "publisher": "Nobody", "title": "Invented"}
    return Model(
        name="test",
        study=Study.model_validate(study),
        places=tuple(
            Place.model_validate(
                {"id": name, "name": name, "country": "coast", "lat": 0.01 * n, "lon": -30.0, "kind": "town", **words}
            )
            for n, (name, words) in enumerate(named.items())
        ),
        routes=tuple(
            Route.model_validate({"from": route[0], "to": route[1], "km": float(route[2]), "mode": (*route, "road")[3]})
            for route in routes or []
        ),
        drivers=tuple(DriverValue.model_validate({"unit": "1", "source": "invented", **row}) for row in drivers or []),
        parameters={name: Parameter.model_validate(words) for name, words in (parameters or {}).items()},
        measures=tuple(Measure.model_validate(words) for words in measures or []),
        events=tuple(Event.model_validate({"title": "together", "source": "invented", **words}) for words in events or []),
        observations=tuple(row for row in figures if row.to >= from_),
        history=tuple(row for row in figures if row.to < from_),
        sources={"invented": Source.model_validate(source)},
        hash=hash_,
        input_hashes={},
    )


def write_study(folder: Path, model: Model) -> Path:
    """Write a Model as a study folder, so that `load_study` reads and checks it as it does a person's."""
    folder.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    for name, entries in (
        ("study.yaml", _words(model.study)),
        ("parameters.yaml", {name: _words(parameter) for name, parameter in model.parameters.items()}),
        ("measures.yaml", [_words(entry) for entry in model.measures]),
        ("events.yaml", [_words(entry) for entry in model.events]),
    ):
        if entries or name in ("study.yaml", "parameters.yaml"):
            with (folder / name).open("w", encoding="utf-8") as file:
                yaml.dump(entries, file)
    tables: tuple[tuple[str, type[Entry], tuple[Entry, ...]], ...] = (
        ("places.csv", Place, model.places),
        ("routes.csv", Route, model.routes),
        ("drivers.csv", DriverValue, model.drivers),
        ("observations.csv", Observation, (*model.history, *model.observations)),
        ("sources.csv", Source, tuple(model.sources.values())),
    )
    for name, row_type, rows in tables:
        columns = [field.alias or key for key, field in row_type.model_fields.items()]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for row in rows:
                writer.writerow({**_words(row), **({"both_ways": "no"} if row_type is Route else {})})
    return folder


def _words(entry: Entry) -> Words:
    return entry.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
