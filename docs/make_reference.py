"""Writes docs/REFERENCE.md, the reference of the study format, from the code: `make docs`.

Nothing is told here that the code does not know: files, entries, fields, defaults and meanings are those of schema.py, units of a
number those that model/quantities.py accepts, commands and exit statuses those of cli/. tests/docs/test_reference.py compares.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from corredor import cli
from corredor.study import schema
from corredor.study.checks.quantities import FACTORS, SAME_AS
from corredor.study.reading.files import MAY_BE_ABSENT
from corredor.study.schema import FILES, UNITS, By, GroupSelector, PlaceSelector, Quantity

PAGE = Path(__file__).with_name("REFERENCE.md")

SHARED: tuple[type[BaseModel], ...] = (By, PlaceSelector, GroupSelector)
"""Blocks that many entries contain; explained once, at the beginning."""

SAME_MEANING = {
    "id": "short name, by which other files refer to it",
    "name": "name for the reader",
    "title": "what it is, in a few words for the reader",
    "note": "remark for the reader",
    "source": "source id or ids, as in sources.csv",
    "at": "places",
    "groups": "groups",
    "date": "first day on which the value holds",
    "from": "beginning",
    "to": "end",
    "url": "address",
    "publisher": "who published it",
    "accessed": "when it was read",
}
"""Meanings of fields that mean the same wherever they occur, for those of which the schema says nothing more."""

OWN_MEANING = {
    "Study.authors": "who wrote the study",
    "Study.step_days": "length of a step in days: 1, 7 or 0.25",
    "Study.groups": "name → kind of people",
    "Study.compartments": "where counts live",
    "Study.transitions": "possible moves",
    "Study.seasons": "name → log factors of the months",
    "Study.latents": "name → monthly term that drivers do not explain",
    "Study.collective_attempts": "many attempts at once",
    "Study.outputs": "name → series counted in the model",
    "Study.accounts": "name → dollars computed from an output",
    "Beta.alpha": "first shape",
    "Beta.beta": "second shape; the mean is alpha / (alpha + beta)",
    "Prior.normal": "bell curve",
    "Prior.beta": "distribution between 0 and 1",
    "Prior.uniform": "every value between low and high alike",
    "Prior.fixed": "known exactly",
    "Parameter.prior": "what is believed before the data",
    "Measure.acts_on": "what it changes in the model; none: on record, without effect",
    "Measure.cost": "what it costs its actor",
    "Event.date": "first day of the departure",
    "Cost.usd_per_day": "for each day in force",
    "Place.country": "country; groups of this citizenship live here",
    "Place.kind": "any kind useful for selectors: origin, transit, border_city …",
    "Route.from": "place where the way begins",
    "Route.to": "place where it ends",
    "Route.mode": "kind of way; transitions name it in `along`",
    "DriverValue.driver": "name of the series",
    "DriverValue.value": "the value",
    "DriverValue.unit": "unit, for the reader",
    "Observation.output": "output of study.yaml that it is compared with",
    "Observation.value": "the published number; or give a range by `low` and `high`",
    "Observation.status": "provisional figures are drawn hollow",
    "Source.licence": "terms under which it may be used",
    "Account.usd_each": "dollars for each person, or for each person and day",
}
"""Meanings of single fields, in addition."""

OWN_UNIT = {
    "Group.share_of_population": "share",
    "Transition.share": "share",
    "Study.warm_up_days": "days",
    "Study.step_days": "days",
    "Event.days": "days",
    "Place.lat": "degrees",
    "Place.lon": "degrees",
    "Place.population": "people",
    "Route.km": "km",
    "Output.sum_of": "share or ratio",
    "Action.set": "people, or people per day",
}
"""Units of fields whose name tells them, or whose meaning does."""

HOLDS = {
    "study.yaml": "Title, dates, groups, statuses, compartments, transitions, outputs and what belongs to them.",
    "places.csv": "Points on the map.",
    "sources.csv": "Where figures and facts come from.",
}
"""What a file holds, where its entry says no more than the name of the file."""

INTRODUCTION = """\
# Reference of the study format

Written by `make docs` from the code; do not edit by hand. What the numbers M1 … mean stands in [MODEL.md](MODEL.md).

A study is a folder. Tables are CSV files, which any spreadsheet writes; everything else is YAML. Reading is strict: an unknown key, a
wrong unit, a name that exists nowhere are all reported at once, with file, line and column, and nothing is run.
`corredor new FOLDER` writes a small study to begin from; `corredor check FOLDER` says what is wrong with one.

How to read the tables below: a field whose default is **needed** must be written; `none` means that nothing happens without it. A *name*
is made of lower-case letters, digits and underscores and begins with a letter. A date is written YYYY-MM-DD.
"""

NUMBERS = """\
## Numbers

Where a table says *quantity*, any of these may stand:

- a number, in the unit of the field: `0.3`
- the name of a parameter of parameters.yaml: `crossing_rate`. Its unit must fit the field's
- a value that differs [by place or group](#by): `{by: citizenship, values: {honduras: leave_rate_hn}, otherwise: 0}`
- a list of these, which are multiplied: `[crossing_rate, 0.5]`. One factor has the unit of the field, the others are a FACTORS

A parameter may have these units. Those of one line are converted into each other.

| unit of the field | a parameter may also be given in |
|---|---|
"""


SCENARIOS = """\
## Scenario files

A scenario is a YAML file of its own, which `corredor compare STUDY --scenario FILE` reads; it does not lie in the study's folder.
[COMPARE.md](COMPARE.md) shows one.
"""


def reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION, "## Files\n", _files(), NUMBERS.replace("FACTORS", " or ".join(FACTORS)) + _units()]
    parts.append("## Choosing places and groups\n\nThese blocks occur in many entries.\n")
    told: set[type[BaseModel]] = set(SHARED)
    parts += [_section(entry, 3) for entry in SHARED]
    for name, kind in FILES.items():
        entry = _entries_in(kind)[0]
        told.add(entry)
        parts.append(f"## {name}\n\n{_holds(name, entry)} {_shape(name, kind)}\n")
        parts.append(_table(entry, in_csv=name.endswith(".csv")))
        parts += [_section(inner, 3) for inner in _inner_entries(entry, told)]
    parts.append(SCENARIOS)
    told.add(schema.Scenario)
    parts.append(_table(schema.Scenario, in_csv=False))
    parts += [_section(inner, 3) for inner in _inner_entries(schema.Scenario, told | {schema.AddedMeasure})]
    parts.append(
        f"### Added measure\n\n{_docstring(schema.AddedMeasure)} Its fields are those of [measures.yaml](#measuresyaml).\n"
    )
    parts += ["## Commands\n", _commands(), "## Exit status\n", _exit_statuses()]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _files() -> str:
    rows = ["| file | may be absent | holds |", "|---|---|---|"]
    for name, kind in FILES.items():
        absent = "yes" if name in MAY_BE_ABSENT else "no"
        rows.append(f"| [{name}](#{_slug(name)}) | {absent} | {_cell(_holds(name, _entries_in(kind)[0]))} |")
    return "\n".join(rows) + "\n\nFiles that are neither CSV nor YAML (a README) may lie in the folder.\n"


def _holds(name: str, entry: type[BaseModel]) -> str:
    """The entry's own words, without the name of the file."""
    text = _docstring(entry).replace(f" ({name})", "").removeprefix(f"A row of {name}").strip(":. ")
    return HOLDS[name] if name in HOLDS else f"{text[:1].upper()}{text[1:]}."


def _shape(name: str, kind: Any) -> str:
    if name.endswith(".csv"):
        return "A table; its first line names the columns, in any order."
    if kind is schema.Study:
        return "One block of keys."
    return "A block for each, after its name." if get_origin(kind) is dict else "A list; each entry after a dash."


def _section(entry: type[BaseModel], level: int) -> str:
    return f"{'#' * level} {_spoken(entry)}\n\n{_docstring(entry)}\n\n{_table(entry, in_csv=False)}"


def _table(entry: type[BaseModel], *, in_csv: bool) -> str:
    rows = [
        "| column | type | default | unit | meaning |" if in_csv else "| field | type | default | unit | meaning |",
        "|---|---|---|---|---|",
    ]
    for name, field in entry.model_fields.items():
        key = field.alias or name
        unit, meaning = _unit_and_meaning(entry, key, field)
        type_text = "source ids, separated by ;" if in_csv and key == "source" else _type_text(field, in_csv)
        default, meaning = _default_and_meaning(field, in_csv, meaning)
        rows.append(f"| `{key}` | {_cell(type_text)} | {_cell(default)} | {_cell(unit)} | {_cell(meaning)} |")
    return "\n".join(rows) + "\n"


def _unit_and_meaning(entry: type[BaseModel], key: str, field: FieldInfo) -> tuple[str, str]:
    """The schema's description, with its words `unit …` taken out into a column of their own."""
    text = field.description or OWN_MEANING.get(f"{entry.__name__}.{key}") or SAME_MEANING.get(key, "")
    if entry is schema.Parameter and key == "unit":
        return "", "unit of the number, as in [Numbers](#numbers)"
    found = re.search(r"(?:^|; )unit ([^;:()]+?)(?= \(|;|:|$)", text)
    if found is None:
        return OWN_UNIT.get(f"{entry.__name__}.{key}", ""), text
    rest = (text[: found.start()] + text[found.end() :]).strip("; ")
    return found[1].strip(), rest or OWN_MEANING.get(f"{entry.__name__}.{key}") or SAME_MEANING.get(key, "")


def _default_and_meaning(field: FieldInfo, in_csv: bool, meaning: str) -> tuple[str, str]:
    """The default, also where the schema tells it in words, which are then taken out of the meaning."""
    told = re.search(r"; default:? (.*)$", meaning)
    return (told[1], meaning[: told.start()]) if told else (_default_text(field, in_csv), meaning)


def _type_text(field: FieldInfo, in_csv: bool) -> str:
    text = _type(field.annotation, in_csv)
    if any(getattr(rule, "pattern", None) for rule in field.metadata):
        text = "name"
    return text + _bounds(field)


def _type(annotation: Any, in_csv: bool) -> str:
    """A type in plain words."""
    if get_origin(annotation) is Annotated:
        return (
            "name"
            if any(getattr(rule, "pattern", None) for rule in _rules(annotation))
            else _type(get_args(annotation)[0], in_csv)
        )
    if get_origin(annotation) in (Union, types.UnionType):
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        if set(arms) >= set(get_args(Quantity)):
            return "[quantity](#numbers)"
        if arms == [float, str]:
            return "number or parameter"
        texts = [_type(arm, in_csv) for arm in arms]
        if len(texts) == 2 and texts[1] == f"list of {texts[0]}s":
            return f"{texts[0]} or list of them"
        return " or ".join(texts)
    if get_origin(annotation) is Literal:
        return " · ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) is list:
        return "list of " + _plural(_type(get_args(annotation)[0], in_csv))
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return f"{_type(key, in_csv)} → {_type(value, in_csv)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{_spoken(annotation).lower()}](#{_slug(_spoken(annotation))})"
    plain = {str: "text", float: "number", int: "whole number", dt.date: "date", bool: "yes or no" if in_csv else "true or false"}
    return plain[annotation]


def _rules(annotation: Any) -> Iterator[Any]:
    for rule in get_args(annotation)[1:]:
        yield from rule.metadata if isinstance(rule, FieldInfo) else [rule]


def _plural(text: str) -> str:
    linked = re.fullmatch(r"\[(.*)\](\(.*\))", text)
    if linked:
        return f"[{linked[1]}s]{linked[2]}"
    return text if text.startswith("`") else f"{text}s"


def _bounds(field: FieldInfo) -> str:
    low = next((f"{rule.ge:g}" for rule in field.metadata if isinstance(rule, annotated_types.Ge)), None)
    above = next((f"{rule.gt:g}" for rule in field.metadata if isinstance(rule, annotated_types.Gt)), None)
    high = next((f"{rule.le:g}" for rule in field.metadata if isinstance(rule, annotated_types.Le)), None)
    if low is not None:
        return f", {low} to {high}" if high else f", {low} or more"
    if above is not None:
        return f", more than {above}" + (f" and at most {high}" if high else "")
    return f", at most {high}" if high else ""


def _default_text(field: FieldInfo, in_csv: bool) -> str:
    if field.is_required():
        return "**needed**"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, PlaceSelector):
        return "every place"
    if isinstance(default, GroupSelector):
        return "every group"
    if default is None or default == [] or default == {}:
        return "empty" if in_csv else "none"
    if isinstance(default, bool):
        return {(True, True): "yes", (True, False): "no"}.get((in_csv, default), str(default).lower())
    return f"{default:g}" if isinstance(default, float) else str(default)


def _entries_in(annotation: Any) -> list[type[BaseModel]]:
    """Entry classes named in a type, in order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [entry for part in get_args(annotation) for entry in _entries_in(part)]


def _inner_entries(entry: type[BaseModel], told: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Entries inside an entry that have no section yet, each followed by those inside it."""
    for field in entry.model_fields.values():
        for inner in _entries_in(field.annotation):
            if inner not in told:
                told.add(inner)
                yield inner
                yield from _inner_entries(inner, told)


def _units() -> str:
    listed = {unit: [other for other in others if other != unit] for unit, others in SAME_AS.items()}
    converted = {other for others in listed.values() for other in others} - {"share"}
    rows = [(unit, listed.get(unit, [])) for unit in UNITS if unit not in converted]
    return "\n".join(f"| {unit} | {', '.join(others) or 'nothing else'} |" for unit, others in rows) + "\n"


def _commands() -> str:
    rows = ["| command | does |", "|---|---|"]
    for name in sorted(name for name in cli.app if not name.startswith("-")):
        function = cli.app[name].default_command
        signature = inspect.signature(function)
        words = [
            parameter.name.upper() for parameter in signature.parameters.values() if parameter.kind is not parameter.KEYWORD_ONLY
        ]
        says = inspect.cleandoc(function.__doc__ or "").split("\n")[0]
        rows.append(f"| `{' '.join(['corredor', name, *words])}` | {_cell(says)} |")
    return (
        "\n".join(rows)
        + "\n\n`corredor COMMAND --help` lists the options. Data go to standard output, messages to standard error.\n"
    )


def _exit_statuses() -> str:
    rows = ["| status | means |", "|---|---|"]
    return "\n".join([*rows, *(f"| {status} | {_cell(means)} |" for status, means in cli.EXIT_STATUS.items())]) + "\n"


def _docstring(entry: type[BaseModel]) -> str:
    text = " ".join(inspect.cleandoc(entry.__doc__ or "").split())
    return text[:1].upper() + text[1:]


def _spoken(entry: type[BaseModel]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry.__name__.removesuffix("Spec")).lower()
    return words[:1].upper() + words[1:]


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    print(PAGE)
