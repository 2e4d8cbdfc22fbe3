"""The page that simulates, put beside the page of a command: opened from a link there, on the scenario that the command compared."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from corredor.pages.artefacts.beside import FILE, PageBeside
from corredor.pages.explore.page import render_explore
from corredor.study.model import Model
from corredor.study.schema import Action, AddedMeasure, MeasureChange, PlaceSelector, Scenario
from corredor.study.selectors import matches_place


def page_beside(
    model: Model, facts: dict[str, Any], arrays: bytes, scenario: Scenario | None = None, tab: str = ""
) -> PageBeside:
    """The page with its link. A scenario that no reader of the page could make is not in the link: it opens on the study as it was.

    facts, arrays : of `study_page`
    tab : on which it opens; the first one unless given
    """
    parts = (_parts_of_link(scenario, model, facts) or []) if scenario is not None else []
    words = urlencode([*parts, *([("tab", tab)] if tab else [])])
    return PageBeside(f"{FILE}#{words}" if words else FILE, render_explore(facts, arrays))


def _parts_of_link(scenario: Scenario, model: Model, facts: dict[str, Any]) -> list[tuple[str, str]] | None:
    """A scenario as `asFragment` in web/explore/src/scenario.ts writes it; none where a reader could not make it."""
    measures = {measure["id"]: measure for measure in facts["measures"]}
    # one that is only on record changes nothing by being away
    parts = [("off", name) for name in scenario.off if measures[name]["acts"]]
    for name, change in scenario.change.items():
        found = _changed(change, measures[name], model)
        if found is None:
            return None
        parts += [(f"{key}.{name}", text) for key, text in found]
    keys = {f"{one['kind']}.{one['status']}.{one['place']}" for one in facts["additions"]}
    for added in scenario.add:
        told = _added(added, model)
        if told is None or told[0] not in keys:
            return None
        keys.remove(told[0])
        parts.append((f"add.{told[0]}", told[1]))
    parts += [(f"times.{name}", _dated(one.times, one.from_, one.to)) for name, one in scenario.drivers.items()]
    movable = {parameter["name"] for parameter in facts["parameters"] if parameter["can_change"]}
    if not set(scenario.fix) <= movable or not set(scenario.drivers) <= {driver["name"] for driver in facts["drivers"]}:
        return None
    return parts + [(f"fix.{name}", _number(value)) for name, value in scenario.fix.items()]


def _changed(change: MeasureChange, measure: dict[str, Any], model: Model) -> list[tuple[str, str]] | None:
    """Dates, dose and places of a measure; none where anything else about it is different."""
    if not measure["acts"] or change.into is not None or change.acts_on is not None or change.cost is not None:
        return None
    if (measure["from"] if change.from_ is None else change.from_.isoformat()) > model.study.to.isoformat():
        return None
    found = [(key, day.isoformat()) for key, day in (("from", change.from_), ("to", change.to)) if day is not None]
    if change.dose is not None:
        if not isinstance(change.dose, int | float) or not measure["terms"]:
            return None
        found.append(("dose", _number(change.dose)))
    if change.at is not None:
        parts = measure["places"]["parts"]
        ids = _ids(change.at, model)
        at = [[place for place in part["possible"] if place in ids] for part in parts]
        if not any(at):
            return None
        found.append(("at", "*".join("~".join(places) for places in at)))
    return found


def _added(added: AddedMeasure, model: Model) -> tuple[str, str] | None:
    """Key and words of a new capacity or service at one place; none for any other measure."""
    if added.cost is not None or len(added.acts_on) != 1 or not model.study.from_ <= added.from_ <= model.study.to:
        return None
    (action,) = added.acts_on
    kind = "capacity" if action.capacity is not None else "served_per_day"
    status = getattr(action, kind)
    places = _ids(action.at, model)
    if status is None or not isinstance(action.set, int | float) or len(places) != 1 or _acts_otherwise(action, kind):
        return None
    return f"{kind}.{status}.{places.pop()}", _dated(action.set, added.from_, added.to)


def _ids(selector: PlaceSelector, model: Model) -> set[str]:
    return {place.id for place in model.places if matches_place(selector, place)}


def _acts_otherwise(action: Action, kind: str) -> bool:
    told = set(action.model_dump(exclude_none=True, exclude_defaults=True))
    return bool(told - {kind, "set", "at"})


def _dated(value: float, first: Any, last: Any) -> str:
    days = [_number(value), *("" if day is None else day.isoformat() for day in (first, last))]
    return "~".join(days).rstrip("~")


def _number(value: float) -> str:
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
