"""Reads a study folder: the only code that opens its files. Entries of broken shape are reported and left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from corredor.study.problems import Problem, quoted
from corredor.study.reading.csv_file import read_csv
from corredor.study.reading.entries import Entries, Written
from corredor.study.reading.files import MAY_BE_ABSENT, bytes_of, decoded, file_names, missing_file, strangers
from corredor.study.reading.wording import identifier_from, schema_problems
from corredor.study.reading.yaml_file import Node, read_yaml
from corredor.study.schema import (
    FILES,
    NOT_SIMULATED,
    Account,
    Claim,
    CollectiveAttempt,
    CompartmentSpec,
    DriverValue,
    Entry,
    Event,
    Group,
    Identifier,
    Latent,
    Measure,
    Observation,
    Output,
    Parameter,
    Place,
    Route,
    Season,
    SeriesValue,
    Source,
    Study,
    Transition,
)

NONE: Entries[Any] = Entries()
"""No entries."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class RawStudy:
    """Everything in a study folder that has the right shape, with its places in the files; nothing is compared with anything yet.

    header : the single fields of study.yaml, with empty lists in place of its entries; none when there is no study.yaml
    unreadable_fields : fields of the header that are missing or wrong, and hold a stand-in
    input_hashes : file → sha256 of its bytes;  hash : of those together that a simulation reads
    """

    folder: Path
    problems: tuple[Problem, ...]
    header: Written[Study] | None
    unreadable_fields: frozenset[str]
    groups: Entries[Group]
    statuses: Entries[str]
    compartments: Entries[CompartmentSpec]
    transitions: Entries[Transition]
    seasons: Entries[Season]
    latents: Entries[Latent]
    collective_attempts: Entries[CollectiveAttempt]
    outputs: Entries[Output]
    accounts: Entries[Account]
    parameters: Entries[Parameter]
    measures: Entries[Measure]
    events: Entries[Event]
    places: Entries[Place]
    routes: Entries[Route]
    drivers: Entries[DriverValue]
    observations: Entries[Observation]
    sources: Entries[Source]
    input_hashes: Mapping[str, str]
    hash: str
    series: Entries[SeriesValue] = NONE
    claims: Entries[Claim] = NONE


def read_study(path: str | Path) -> RawStudy:
    """Read every file of a study folder.

    path : the folder
    returns : what has the right shape, and a Problem for everything that has not
    raises : StudyError, when the path is not a folder that can be looked into
    """
    folder = Path(path)
    names = file_names(folder)
    problems: list[Problem] = list(strangers(folder, names))
    texts: dict[str, str | None] = {}
    hashes: dict[str, str] = {}
    for name in FILES:
        shown = str(folder / name)
        if name not in names:
            if name not in MAY_BE_ABSENT:
                problems.append(missing_file(shown, name, names))
                texts[name] = None
            else:
                texts[name] = ""
            continue
        content = bytes_of(folder / name, problems)
        if content is not None:
            hashes[name] = hashlib.sha256(content).hexdigest()
        texts[name] = None if content is None else decoded(content, shown, problems)

    found: dict[str, Entries[Any]] = {}
    header, unreadable = _read_study_yaml(str(folder / "study.yaml"), texts["study.yaml"], found, problems)
    for name, kind in FILES.items():
        stem, shown, text = name.split(".")[0], str(folder / name), texts[name]
        if name == "study.yaml":
            continue
        if text is None or (text == "" and name not in names):
            found[stem] = Entries(readable=text is not None)
        elif name.endswith(".csv"):
            found[stem] = _table(text, shown, get_args(kind)[0], problems)
        else:
            node, bad = read_yaml(text, shown)
            problems += bad
            found[stem] = Entries(readable=not bad) if node is None else _collection(node, (), kind, shown, problems)
    simulated = sorted(name for name in hashes if name not in NOT_SIMULATED)
    total = hashlib.sha256("".join(f"{name} {hashes[name]}\n" for name in simulated).encode()).hexdigest()
    return RawStudy(folder, tuple(problems), header, unreadable, **found, input_hashes=hashes, hash=total)


def _table(text: str, shown: str, row_class: type[Entry], problems: list[Problem]) -> Entries[Any]:
    table, bad = read_csv(text, shown, row_class)
    problems += bad
    adapter = TypeAdapter(row_class)
    written: list[Written[Any]] = []
    broken: list[Mapping[str, Any]] = []
    for row in table.rows:
        try:
            entry = adapter.validate_python(dict(row.value))
        except ValidationError as error:
            problems += schema_problems(error, row_class, row.value, row, (), shown, row.unreadable | table.missing_columns)
            broken.append(row.cells)
            continue
        if row.unreadable:
            broken.append(row.cells)
        else:
            written.append(Written(entry, str(row.value.get("id", "")), shown, row))
    return Entries(tuple(written), tuple(broken), readable=table.complete and not table.missing_columns)


def _read_study_yaml(
    shown: str, text: str | None, found: dict[str, Entries[Any]], problems: list[Problem]
) -> tuple[Written[Study] | None, frozenset[str]]:
    """The header of study.yaml; its entries go to `found`."""
    collections = {(field.alias or name): field.annotation for name, field in Study.model_fields.items() if _is_collection(name)}
    node: Node | None = None
    if text is not None:
        node, bad = read_yaml(text, shown)
        problems += bad
        if node is None and not bad:
            problems.append(
                Problem(shown, 0, 0, "an empty file", "title, dates, groups and the rest of a study", "restore the file")
            )
        elif node is not None and node.keys is None:
            found_, try_ = node.shown(()), "begin with a line `title: …`"
            problems.append(Problem(shown, node.line, node.column, found_, "lines `key: value`", try_))
            node = None
    if node is None:
        found |= {name: Entries(readable=False) for name in collections}
        return None, frozenset()
    for name, kind in collections.items():
        child = node.child(name)
        found[name] = Entries() if child is None else _collection(child, (name,), kind, shown, problems, root=node)
        if child is None and Study.model_fields[name].is_required():
            found[name] = Entries(readable=False)
    return _header(node, collections, shown, problems)


def _header(
    node: Node, collections: Mapping[str, Any], shown: str, problems: list[Problem]
) -> tuple[Written[Study], frozenset[str]]:
    plain = {key: child.plain() for key, child in node.value.items() if key not in collections}
    empty: dict[str, Any] = {
        name: {} if get_origin(kind) is dict else [] for name, kind in collections.items() if node.child(name) is not None
    }
    # Stand-ins that cause no follow-up problems; nobody sees them, since a study with problems never becomes a Model.
    stand_ins: dict[str, Any] = {
        "title": "?",
        "summary": "?",
        "from": None,
        "to": None,
        "groups": {},
        "statuses": {},
        "compartments": [],
    }
    stand_ins |= {"transitions": [], "outputs": {}}
    try:
        return Written(TypeAdapter(Study).validate_python(plain | empty), "", shown, node), frozenset()
    except ValidationError as error:
        problems += schema_problems(error, Study, plain | empty, node, (), shown)
        wrong = frozenset(str(detail["loc"][0]) for detail in error.errors(include_url=False))
        kept = {key: value for key, value in (stand_ins | plain | empty).items() if key not in wrong or key in stand_ins}
        kept |= {key: stand_ins[key] for key in wrong if key in stand_ins}
        kept["from_"] = kept.pop("from")
        return Written(Study.model_construct(**kept), "", shown, node), wrong


def _is_collection(name: str) -> bool:
    kind = Study.model_fields[name].annotation
    return get_origin(kind) is dict or (get_origin(kind) is list and get_args(kind)[0] is not str)


def _collection(
    node: Node, path: tuple[str | int, ...], kind: Any, shown: str, problems: list[Problem], root: Node | None = None
) -> Entries[Any]:
    """Entries of a list or of a block with a name before each entry."""
    is_block = get_origin(kind) is dict
    item_type = get_args(kind)[-1]
    source = root if root is not None else node
    if node.value is None:
        return Entries()
    if is_block and node.keys is None:
        found, try_ = node.shown(()), "write each entry as `name:` with its lines indented below"
        problems.append(Problem(shown, node.line, node.column, found, "a block with a name before each entry", try_))
        return Entries(readable=False)
    if not is_block and not isinstance(node.value, list):
        found, try_ = node.shown(()), "put a dash before the first key of each entry"
        problems.append(Problem(shown, node.line, node.column, found, "a list, each entry after a dash", try_))
        return Entries(readable=False)
    adapter = TypeAdapter(item_type)
    needs_identifier = is_block and (get_args(kind)[0] is Identifier or item_type is Parameter)
    written: list[Written[Any]] = []
    broken: list[Mapping[str, Any]] = []
    for step, child in node.value.items() if is_block else enumerate(node.value):
        here = (*path, step)
        plain = child.plain()
        name = str(step) if is_block else str(plain.get("id", plain.get("name", ""))) if isinstance(plain, dict) else ""
        if plain is None and item_type is Group:
            plain = {}  # a group may have no settings at all
        fine = True
        if needs_identifier and not _IDENTIFIER.fullmatch(name):
            line, column = source.position(here, key=True)
            expected = "a name of lower-case letters, digits and underscores, beginning with a letter"
            problems.append(Problem(shown, line, column, f"`{quoted(name)}`", expected, f"`{identifier_from(name)}`"))
            fine = False
        try:
            entry = adapter.validate_python(plain)
        except ValidationError as error:
            problems += schema_problems(error, item_type, plain, source, here, shown)
            fine = False
        if fine:
            written.append(Written(entry, name, shown, source, here))
        else:
            broken.append({**(plain if isinstance(plain, dict) else {}), "name": name})
    return Entries(tuple(written), tuple(broken))
