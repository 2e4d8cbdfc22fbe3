"""What the schema refuses, in the words of someone who fills in a study: one Problem for every key or value that is wrong."""

from __future__ import annotations

import datetime as dt
import re
import types
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from corredor.study.problems import Problem, listed, nearest, quoted, suggested
from corredor.study.reading.plain_values import date_advice, number_advice
from corredor.study.schema import By, Entry

Path = tuple[str | int, ...]


class Source(Protocol):
    """A YAML Node or a CSV Row: something written, with positions."""

    def position(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column of what stands at a path."""

    def shown(self, path: Path) -> str:
        """What stands at a path, in few words."""


ADVICE: dict[str, str] = {
    "Route.km": "the distance by road, or delete the row to remove this route",
    "Place.lat": "degrees with decimals, south of the equator negative; lat and lon may have been swapped",
    "Place.lon": "degrees with decimals, west of Greenwich negative; lat and lon may have been swapped",
    "Place.population": "the number of people who live there, or an empty cell",
    "Observation.value": "the published count, or an empty cell and a range in low and high",
    "Group.share_of_population": "a part of 1: for 30 percent write 0.3",
    "Prior.normal": "normal: {mean: 10, sd: 2}",
    "Prior.lognormal": "lognormal: {median: 10, sigma: 0.3}",
    "Prior.beta": "beta: {alpha: 2, beta: 5}",
    "Prior.uniform": "uniform: {low: 0, high: 1}",
    "Parameter.prior": "prior: {lognormal: {median: 10, sigma: 0.3}}",
}
"""What to try where the kind of mistake alone does not tell; by class and field as written."""

SYNONYMS: dict[str, str] = dict.fromkeys(
    ("judgement", "judgment", "expert", "expert judgement", "guess", "estimate", "assumed", "opinion", "belief"), "assumption"
) | dict.fromkeys(("invented", "fake", "fictional", "example", "toy"), "made_up") | dict.fromkeys(
    ("paper", "published", "source", "cited", "report"), "literature"
) | dict.fromkeys(("calculated", "computed", "data"), "derived")  # fmt: skip
"""Words that people write for one of several that a field allows, and the one they mean."""


def schema_problems(
    error: ValidationError, schema: Any, value: Any, source: Source, path: Path, file: str, reported: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Problems for everything that pydantic refused in one entry, one for each place in the file.

    error : from validating `value`, which stands at `path` of `source`
    schema : class or type that it was validated against
    path : where the entry stands in the file
    reported : fields of which a Problem tells already
    returns : problems in the order of the error
    """
    seen: dict[Path, Mapping[str, Any]] = {}
    kept: dict[Path, bool] = {}
    for detail in error.errors(include_url=False, include_input=False):
        if detail["loc"] and detail["loc"][0] in reported:
            continue
        inner, is_key = _data_path(value, detail["loc"], detail["type"])
        seen.setdefault(inner, {"type": detail["type"]})
        kept[inner] = is_key
    for inner, found in seen.items():
        # A block that could be read as `by` is explained by what is wrong inside it, not also as a whole.
        if any(other[: len(inner)] == inner and len(other) > len(inner) for other in seen):
            continue
        yield _problem(found, schema, value, source, path, inner, kept[inner], file)


def _problem(
    detail: Mapping[str, Any], schema: Any, value: Any, source: Source, path: Path, inner: Path, is_key: bool, file: str
) -> Problem:
    kind = str(detail["type"])
    owner, field, annotation = _schema_at(schema, inner)
    name = str(inner[-1]) if inner else ""
    line, column = source.position(path + inner, key=is_key)
    about = f" ({field.description})" if field is not None and field.description else ""
    if kind == "missing":
        line, column = source.position(path + inner[:-1])
        whole = "`" + name + "`: " + phrase(annotation, field)
        advice = ADVICE.get(f"{_name_of(owner)}.{name}", f"add `{name}: …`")
        return Problem(file, line, column, f"no `{name}`", whole + about, advice)
    if kind == "extra_forbidden":
        known = _keys_of(owner)
        close = nearest(name, known)
        try_ = _home_of_key(name) or (f"`{close}`" if close else "delete it; remarks can follow a # sign")
        return Problem(file, line, column, f"an unknown key `{quoted(name)}`", f"one of the keys {listed(known, 30)}", try_)
    if is_key:
        return Problem(file, line, column, f"`{quoted(name)}`", _key_phrase(schema, inner), _key_advice(schema, inner))
    written = _at(value, inner)
    expected = phrase(annotation, field, detail, written) + about
    advice = ADVICE.get(f"{_name_of(owner)}.{name}") or _advice(annotation, field, written, name, source.shown(path + inner))
    return Problem(file, line, column, source.shown(path + inner), expected, advice)


def _data_path(value: Any, loc: tuple[str | int, ...], kind: str) -> tuple[Path, bool]:
    """Path in the data for a place in pydantic's words, which also name the arms of unions; and whether a key is meant."""
    inner: list[str | int] = []
    steps = list(loc)
    if steps and steps[-1] == "[key]":
        return _data_path(value, loc[:-1], kind)[0], True
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        child = _child(value, step)
        if child is not None:
            inner.append(step)
            value = child[0]
        elif last and kind == "missing" and isinstance(value, Mapping):
            inner.append(step)
    return tuple(inner), kind == "extra_forbidden"


def _child(value: Any, step: str | int) -> tuple[Any] | None:
    """What is at a key or number of a value, in a tuple; none when there is nothing."""
    if isinstance(value, Mapping):
        return (value[step],) if step in value else None
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return (value[step],)
    return None


def _at(value: Any, path: Path) -> Any:
    for step in path:
        child = _child(value, step)
        if child is None:
            return None
        value = child[0]
    return value


def _schema_at(schema: Any, path: Path) -> tuple[Any, FieldInfo | None, Any]:
    """Class that owns the last key of a path, its field if it is one, and its type."""
    owner, field, annotation = None, None, schema
    for step in path:
        owner, field, annotation = _step(annotation, step)
    return owner, field, annotation


def _step(annotation: Any, step: str | int) -> tuple[Any, FieldInfo | None, Any]:
    arms = _arms(annotation)
    for arm in arms:
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            for name, field in arm.model_fields.items():
                if step == (field.alias or name):
                    return arm, field, field.annotation
    for arm in arms:
        if isinstance(step, int) and get_origin(arm) is list:
            return None, None, get_args(arm)[0]
        if isinstance(step, str) and get_origin(arm) is dict:
            return arm, None, get_args(arm)[1]
    return next((arm for arm in arms if isinstance(arm, type) and issubclass(arm, BaseModel)), None), None, Any


def _arms(annotation: Any) -> list[Any]:
    """The types a value may have, with unions taken apart and conditions left aside."""
    if get_origin(annotation) is Annotated:
        return _arms(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [arm for part in get_args(annotation) for arm in _arms(part) if arm is not type(None)]
    return [annotation]


def _keys_of(owner: Any) -> list[str]:
    if isinstance(owner, type) and issubclass(owner, BaseModel):
        return [field.alias or name for name, field in owner.model_fields.items()]
    return []


def _home_of_key(name: str) -> str | None:
    """Where a key belongs that is known, but not here."""
    homes = [cls.__name__ for cls in Entry.__subclasses__() if name in _keys_of(cls)]
    return f"delete it; `{name}` belongs to: {listed(_spoken(home) for home in homes)}" if homes else None


def _spoken(class_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name).lower()


def _name_of(owner: Any) -> str:
    return getattr(owner, "__name__", "")


def phrase(annotation: Any, field: FieldInfo | None, detail: Mapping[str, Any] | None = None, written: Any = None) -> str:
    """What may stand in a field, in plain words.

    detail : the pydantic error, for what it says about lengths
    written : what stands there, to choose the one of several possible forms that was meant
    """
    arms = _arms(annotation)
    names = {_kind(arm) for arm in arms}
    if "by" in names and "list" in names:
        return "a number, the name of a parameter, a value `by` place or group, or a list of these to be multiplied"
    if "by" in names and "number" in names:
        return "a number, the name of a parameter, or a value `by` place or group"
    if "by" in names:
        return "the id of a place, or ids `by` place or group"
    if names == {"number", "text"}:
        return "a number or the name of a parameter"
    if names == {"text", "list"}:
        return "a name, or a list of names [a, b]"
    arm = arms[0]
    if get_origin(arm) is Literal:
        return "one of: " + ", ".join(str(value) for value in get_args(arm))
    if detail is not None and detail["type"] == "string_pattern_mismatch":
        return "lower-case letters, digits and underscores, beginning with a letter"
    words = {
        "number": "a number", "whole": "a whole number", "text": "text", "date": "a date YYYY-MM-DD that exists in the calendar",
        "yes": "true or false", "list": "a list, each item after a dash or all in [a, b]", "block": "lines `key: value`",
    }  # fmt: skip
    words["by"] = words["block"]
    text = words.get(_kind(arm), "a value")
    if _kind(arm) == "block" and _keys_of(arm):
        text += f" with the keys {listed(_keys_of(arm), 30)}"
    return text + (_bounds(field) if field is not None and _kind(arm) in ("number", "whole") else "")


def _kind(arm: Any) -> str:
    if get_origin(arm) is list:
        return "list"
    if get_origin(arm) is dict:
        return "block"
    if isinstance(arm, type) and issubclass(arm, By):
        return "by"
    if isinstance(arm, type) and issubclass(arm, BaseModel):
        return "block"
    return {float: "number", int: "whole", str: "text", bool: "yes", dt.date: "date"}.get(arm, "")


def bound_text(bound: Any) -> str:
    """The end of a range as people write it: 0.5, 100, 10,000,000,000."""
    return f"{bound:,.0f}" if bound >= 1e6 else f"{bound:g}"


def _bounds(field: FieldInfo) -> str:
    low = high = None
    for rule in field.metadata:
        if isinstance(rule, annotated_types.Ge):
            low = f"{rule.ge:g} or more"
        elif isinstance(rule, annotated_types.Gt):
            low = f"more than {rule.gt:g}"
        elif isinstance(rule, annotated_types.Le):
            high = f"at most {bound_text(rule.le)}"
    if low and high:
        return f", {low}, {high}"
    return f", {low or high}" if low or high else ""


def _allowed_keys(schema: Any, inner: Path) -> list[str]:
    """The keys that a block may have, when the schema names them; else empty."""
    arm = next((arm for arm in _arms(_schema_at(schema, inner[:-1])[2]) if get_origin(arm) is dict), None)
    key_type = get_args(arm)[0] if arm is not None else str
    return [str(value) for value in get_args(key_type)] if get_origin(key_type) is Literal else []


def _key_phrase(schema: Any, inner: Path) -> str:
    allowed = _allowed_keys(schema, inner)
    if allowed:
        return f"one of the keys {listed(allowed)}"
    return "a name of lower-case letters, digits and underscores, beginning with a letter"


def _key_advice(schema: Any, inner: Path) -> str:
    allowed = _allowed_keys(schema, inner)
    return suggested(str(inner[-1]), allowed) if allowed else _identifier_advice(str(inner[-1]))


def identifier_from(text: str) -> str:
    """The nearest text that can be an id: lower-case letters, digits and underscores, beginning with a letter."""
    word = plain_word(text)
    return word if word[:1].isalpha() else f"a_{word}".rstrip("_")


def plain_word(text: str) -> str:
    """Text without case, accents and signs: Petén → peten; EL SALVADOR → el_salvador."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_only.lower()).strip("_")


def _identifier_advice(name: str) -> str:
    return f"`{identifier_from(name)}`"


def _advice(annotation: Any, field: FieldInfo | None, written: Any, name: str, shown: str) -> str:
    arms = _arms(annotation)
    kinds = [_kind(arm) for arm in arms]
    if written is None:
        return f"write a value after `{name}:`, or delete the line"
    if get_origin(arms[0]) is Literal:
        choices = [str(choice) for choice in get_args(arms[0])]
        meant = SYNONYMS.get(str(written).strip().lower())
        close = meant if meant in choices else nearest(str(written), choices)
        return f"`{close}`" if close else f"for example `{choices[0]}`"
    if isinstance(written, list) and not written:
        return f"fill the list, or delete the line `{name}`"
    if "list" in kinds and not isinstance(written, list):
        return (
            f"put it in brackets: [{shown}]"
            if not isinstance(written, Mapping)
            else "put a dash before the first key of each item"
        )
    if kinds == ["date"]:
        if isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            return date_advice(written) if _not_a_day(written) else "write it without quotes"
        return date_advice(shown)
    if kinds == ["yes"]:
        return {"yes": "true", "no": "false", "on": "true", "off": "false"}.get(str(written).lower(), "true or false")
    if "text" in kinds and not isinstance(written, (str, list, Mapping)):
        if set(kinds) & {"number", "by"}:
            return "a number, or a name in lower-case letters"
        return f'put it in quotes: "{shown}"'
    if kinds == ["text"] and isinstance(written, str):
        return _identifier_advice(written) if written else "write a few words"
    if kinds[0] in ("number", "whole") and isinstance(written, str):
        return number_advice(written)
    if kinds[0] in ("number", "whole") and isinstance(written, (int, float)) and field is not None and field.metadata:
        return "a number" + _bounds(field)
    if kinds[0] == "whole":
        return "round it to a whole number"
    if kinds[0] == "block":
        keys = _keys_of(arms[0]) or ["name"]
        return "write it as a block: {" + f"{keys[0]}: …" + "}"
    return "write it in the form that is expected"


def _not_a_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return True
    return False
