"""A foreign folder becomes a study: the bundled study `displacement` is the template, the folder gives places, ways and counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from corredor.exchange.flee.capacities import ByDay, Capacities, capacities_by_day
from corredor.exchange.flee.departures import Departures, find_departures
from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.names import identifiers
from corredor.exchange.flee.readme import readme_text
from corredor.exchange.flee.redirections import SHARE, SHARE_PARAMETER, Redirection, find_redirections
from corredor.exchange.flee.remarks import Remark, Remarks
from corredor.exchange.flee.series import Series
from corredor.exchange.flee.ways import Cut, Ways, find_ways
from corredor.exchange.written_numbers import number_text
from corredor.learn.published_counts import COUNTED_IN_ALL
from corredor.study.catalogue import bundled_studies
from corredor.study.csv_text import csv_text

TEMPLATE = "displacement"

EVERYONE = "people"

SENT_ON = "go on to another camp"

RATE_WITHOUT_TOTALS: dict[str, Any] = {
    "title": "People who leave, of all who live where there is conflict",
    "unit": "per day",
    "prior": {"lognormal": {"median": 0.0005, "sigma": 1.0}},
    "basis": "assumption",
    "note": "no totals were given; replace this by what is known of the case",
}
"""Used when no count is given: about one in six people leaves within a year, give or take a factor of 2.7."""


@dataclass(frozen=True)
class FleeStudy:
    """A study ready to be written.

    files : name → text;  remarks : everything that was odd, in the folder or on the way to the study
    """

    name: str
    files: Mapping[str, str]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class _Ids:
    """Identifiers of places and countries, by name."""

    places: dict[str, str]
    countries: dict[str, str]


def make_study(folder: FleeFolder, capacities: Capacities = "counts") -> FleeStudy:
    """The files of a study of this folder.

    capacities : as known on the day, from counts published so far, or as the folder has them
    """
    remarks = Remarks(list(folder.remarks))
    ways = find_ways(folder, remarks)
    departures = find_departures(folder, ways, remarks)
    _say_what_is_left_out(folder, ways, remarks)
    places = identifiers([*ways.zones, *ways.camps])
    countries = [folder.locations[name].country for name in [*ways.zones, *ways.camps]]
    ids = _Ids(places, identifiers(countries, taken=places.values(), suffix="country"))
    groups = _groups(folder)
    redirections = find_redirections(folder, ways)
    files = {
        "study.yaml": _study_yaml(folder, ways, departures, ids, groups, redirections),
        "parameters.yaml": _parameters_yaml(departures, capacities, redirections),
        "measures.yaml": _yaml([*_closures(folder, ways, ids), *_redirections(folder, redirections, ids)]),
        "places.csv": _places(folder, ways, departures, ids),
        "routes.csv": csv_text(
            ("from", "to", "km", "mode", "both_ways", "source"),
            [
                *((ids.places[z], ids.places[c], _number(km), "way", "no", "routes") for (z, c), km in ways.km.items()),
                *((ids.places[r.camp], ids.places[r.to], _number(r.km), "redirection", "no", "routes") for r in redirections),
            ],
        ),
        "drivers.csv": _drivers(folder, ways, departures, ids, capacities_by_day(folder, ways, capacities, remarks)),
        "observations.csv": _observations(folder, ways, ids),
        "series.csv": _series(folder, ways, ids),
        "sources.csv": _sources(folder),
    }
    if not ways.cuts and not redirections:
        del files["measures.yaml"]
    if not folder.camps and folder.total is None:
        del files["series.csv"]
    study = FleeStudy(folder.name, files, tuple(remarks.made))
    return replace(study, files={**files, "README.md": readme_text(folder, ways, capacities, study.remarks)})


def _say_what_is_left_out(folder: FleeFolder, ways: Ways, remarks: Remarks) -> None:
    file = str(folder.input_dir / "locations.csv")
    kept = {*ways.zones, *ways.camps}
    towns = [name for name in folder.locations if name not in kept]
    if towns:
        found = f"{len(towns)} places: {', '.join(towns[:6])}{' …' if len(towns) > 6 else ''}"
        done = "not in places.csv; the ways from zones to camps lead through them"
        remarks.add(44, file, 0, found, done)
    for camp, series in folder.camps.items():
        if camp not in kept:
            remarks.add(26, series.files[0], 0, camp, "its counts are not used: it is no camp that can be reached")


def _study_yaml(
    folder: FleeFolder,
    ways: Ways,
    departures: Departures,
    ids: _Ids,
    groups: dict[str, Any],
    redirections: list[Redirection],
) -> str:
    data = _template("study.yaml")
    n_counts = sum(1 for camp in ways.camps if camp in folder.camps)
    data["title"] = f"{folder.name}: people who flee to camps"
    data["summary"] = (
        f"Imported from the Flee folder {folder.name}: {len(ways.zones)} places with conflict and {len(ways.camps)} camps, "
        f"{n_counts} of them with published counts. How people choose a camp follows parameters that were fitted to four conflicts "
        "together and are the same for every case."
    )
    data["made_up"] = False
    data["authors"] = ["the authors of the folder; corredor import"]
    del data["licence"]
    data["from"], data["to"] = folder.first_date, folder.last_date
    data["groups"] = groups
    weights = {name: float(group.get("share_of_population", 1.0)) for name, group in groups.items()}
    in_camp = next(entry for entry in data["compartments"] if entry["status"] == "in_camp")
    there = {ids.places[camp]: people for camp in ways.camps if (people := _people_on_day_0(folder, camp)) > 0}
    in_camp["initial"] = {"people": {"by": "place", "values": there, "otherwise": 0.0}, "groups": weights}
    flee = next(entry for entry in data["transitions"] if entry["name"] == "flee")
    if not departures.hazard:
        flee["rate_per_day"] = "leaving_rate_in_conflict"
        flee["changed_by"] = [term for term in flee["changed_by"] if term["driver"] != "departures"]
    if not n_counts:
        del data["outputs"]["in_camps"]["dispersion"]
    if redirections:
        _send_on(data)
    return _yaml(data)


def _send_on(data: dict[str, Any]) -> None:
    """Between the way and the camp comes a gate: a share of those who reach a camp with a redirection goes on, the others stay."""
    reach = next(entry for entry in data["transitions"] if entry["name"] == "reach a camp")
    reach["to"] = "arrived"
    data["statuses"]["arrived"] = "at a camp, before it is known whether they stay"
    data["compartments"].append({"status": "arrived", "at": {"kind": "camp"}, "type": "gate"})
    speed = {key: reach[key] for key in ("speed_km_per_day", "spread")}
    data["transitions"] += [
        {"name": "stay in the camp", "from": "arrived", "to": "in_camp", "share": "rest"},
        {"name": SENT_ON, "from": "arrived", "to": "in_camp", "along": "redirection", "share": SHARE, "only_when_opened": True}
        | speed,
    ]


def _parameters_yaml(departures: Departures, capacities: Capacities, redirections: list[Redirection]) -> str:
    data = _template("parameters.yaml")
    if capacities == "folder":
        data["headroom"] |= {"prior": {"fixed": 1.0}, "note": "the capacities of the folder need none"}
    if redirections:
        data[SHARE] = SHARE_PARAMETER
    if not departures.hazard:
        data["leaving_rate_in_conflict"] = RATE_WITHOUT_TOTALS
    return _yaml(data)


def _groups(folder: FleeFolder) -> dict[str, Any]:
    """One group of all people, or one for each combination of the demographics."""
    attributes = [
        [(attribute, value, share) for value, share in values.items()] for attribute, values in folder.attributes.shares.items()
    ]
    if not attributes:
        return {EVERYONE: {"title": "People"}}
    groups: dict[str, Any] = {}
    for combination in product(*attributes):
        share = 1.0
        for _, _, part in combination:
            share *= part
        names = identifiers(["_".join(value for _, value, _ in combination)], taken=groups)
        title = ", ".join(f"{attribute} {value}" for attribute, value, _ in combination)
        groups[next(iter(names.values()))] = {"title": title, "share_of_population": round(share, 9)}
    last = list(groups)[-1]
    groups[last]["share_of_population"] = 1.0 - sum(g["share_of_population"] for name, g in groups.items() if name != last)
    return groups


def _people_on_day_0(folder: FleeFolder, camp: str) -> float:
    if camp not in folder.camps or folder.settings.empty_camps_on_day_0:
        return 0.0
    return float(round(folder.camps[camp].on(folder.first_date, 1)[0]))


def _places(folder: FleeFolder, ways: Ways, departures: Departures, ids: _Ids) -> str:
    rows = []
    for name in [*ways.zones, *ways.camps]:
        place = folder.locations[name]
        kind, people = ("conflict_zone", f"{departures.population[name]:.0f}") if name in ways.zones else ("camp", "")
        position = (_number(place.lat or 0.0), _number(place.lon or 0.0))
        rows.append((ids.places[name], name, ids.countries[place.country], *position, kind, people, "locations"))
    return csv_text(("id", "name", "country", "lat", "lon", "kind", "population", "source"), rows)


def _drivers(folder: FleeFolder, ways: Ways, departures: Departures, ids: _Ids, capacities: Mapping[str, ByDay]) -> str:
    rows: list[tuple[str, ...]] = []
    for day, hazard in departures.hazard:
        rows.append(
            (_date(folder, day), "*", "departures", _number(1000 * hazard), "people per 1000 in conflict and day", "counts")
        )
    for zone in ways.zones:
        for day, value in _within(folder, folder.conflicts[zone]):
            rows.append((_date(folder, day), ids.places[zone], "conflict", _number(value), "intensity", "conflicts"))
    for camp in ways.camps:
        for day, people in capacities[camp]:
            rows.append((_date(folder, day), ids.places[camp], "camp_capacity", _number(people), "people", "capacities"))
    for name, by_place in folder.attributes.drivers.items():
        for place, changes in by_place.items():
            if place in ids.places:
                for day, value in _within(folder, changes):
                    rows.append((_date(folder, day), ids.places[place], name, _number(value), "as in the folder", "attributes"))
    return csv_text(("date", "place", "driver", "value", "unit", "source"), rows)


def _within(folder: FleeFolder, changes: list[tuple[int, float]]) -> list[tuple[int, float]]:
    return [(day, value) for day, value in changes if day < folder.n_days]


def _observations(folder: FleeFolder, ways: Ways, ids: _Ids) -> str:
    """Counts inside the period; on its first and last day, where there is none, the value between the counts before and after."""
    rows: list[tuple[str, ...]] = []
    for camp in ways.camps:
        series = folder.camps.get(camp)
        if series is None:
            continue
        there = series.on(folder.first_date, 1)[0] if folder.settings.empty_camps_on_day_0 else 0.0
        note = "earlier counts rescaled to a later registration" if series.corrected else ""
        counts = dict(zip(series.dates, series.people, strict=True))
        for date in sorted({*counts, folder.first_date, folder.last_date}):
            if not folder.first_date <= date <= folder.last_date:
                continue
            day, published, status = date.isoformat(), date.isoformat(), "final"
            people = counts.get(date)
            if people is None:
                people = float(series.on(date, 1)[0])
                later = [other for other in series.dates if other > date]
                published, status = (later[0] if later else date).isoformat(), "provisional"
            value = _number(max(people - there, 0.0))
            own = note if status == "final" else "between the counts before and after"
            rows.append(("in_camps", ids.places[camp], "", day, day, value, "", "", published, status, "counts", own))
    columns = ("output", "place", "group", "from", "to", "value", "low", "high", "published", "status", "source", "note")
    return csv_text(columns, rows)


def _series(folder: FleeFolder, ways: Ways, ids: _Ids) -> str:
    """Counts as they were published, before later registrations, and the published total: what was known on each day."""
    rows: list[tuple[str, ...]] = []
    for camp in ways.camps:
        series = folder.camps.get(camp)
        if series is None:
            continue
        for row in series.as_published():
            there = _people_before(folder, series, row.published)
            value, counted = _number(max(row.people - there, 0.0)), row.counted.isoformat()
            rows.append(("in_camps", ids.places[camp], counted, counted, value, "people", row.published.isoformat(), "counts"))
    for row in folder.total.as_published() if folder.total is not None else ():
        counted = row.counted.isoformat()
        rows.append((COUNTED_IN_ALL, "", counted, counted, _number(row.people), "people", row.published.isoformat(), "counts"))
    return csv_text(("series", "part", "from", "to", "value", "unit", "published", "source"), rows)


def _people_before(folder: FleeFolder, series: Series, published: dt.date) -> float:
    """People of the first day, as known on a date, where they are left out."""
    if not folder.settings.empty_camps_on_day_0:
        return 0.0
    known = {row.counted: row.people for row in series.as_published() if row.published <= published}
    days = sorted(known)
    return float(np.interp(folder.first_date.toordinal(), [day.toordinal() for day in days], [known[day] for day in days]))


def _redirections(folder: FleeFolder, redirections: list[Redirection], ids: _Ids) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in redirections:
        for number, (first_day, end_day) in enumerate(one.periods, start=1):
            measure: dict[str, Any] = {
                "id": f"{ids.places[one.camp]}_sends_on_to_{ids.places[one.to]}" + (f"_{number}" if number > 1 else ""),
                "title": one.title,
                "actor": "not named in routes.csv",
                "kind": "redirection",
                "from": folder.first_date + dt.timedelta(days=first_day),
            }
            if end_day < folder.n_days:
                measure["to"] = folder.first_date + dt.timedelta(days=end_day - 1)
            opens = {"opens": SENT_ON, "at": {"id": ids.places[one.camp]}, "into": {"id": ids.places[one.to]}}
            found.append(measure | {"where": one.title, "acts_on": [opens], "source": "routes"})
    return found


def _closures(folder: FleeFolder, ways: Ways, ids: _Ids) -> list[dict[str, Any]]:
    taken: set[str] = set()
    found: list[dict[str, Any]] = []
    for cut in ways.cuts:
        title = cut.title
        name = next(iter(identifiers([title], taken=taken).values()))
        taken.add(name)
        measure: dict[str, Any] = {
            "id": name,
            "title": title,
            "actor": "not named in closures.csv",
            "kind": "closure",
            "from": folder.first_date + dt.timedelta(days=cut.first_day),
        }
        if cut.end_day is not None and cut.end_day < folder.n_days:
            measure["to"] = folder.first_date + dt.timedelta(days=cut.end_day - 1)
        measure |= {"where": title, "acts_on": _closed(cut, ids), "source": "closures"}
        found.append(measure)
    return found


def _closed(cut: Cut, ids: _Ids) -> list[dict[str, Any]]:
    """Camps that are cut off from the same zones share an entry."""
    zones_of: dict[str, list[str]] = {}
    for zone, camp in sorted(cut.pairs):
        zones_of.setdefault(ids.places[camp], []).append(ids.places[zone])
    camps_of: dict[tuple[str, ...], list[str]] = {}
    for camp, zones in zones_of.items():
        camps_of.setdefault(tuple(zones), []).append(camp)
    return [
        {"closes": "reach a camp", "at": {"id": list(zones)}, "into": {"id": camps}} for zones, camps in sorted(camps_of.items())
    ]


def _sources(folder: FleeFolder) -> str:
    titles = {
        "locations": "locations.csv",
        "routes": "routes.csv, shortest ways worked out by corredor",
        "conflicts": "conflicts.csv, or conflict dates of locations.csv",
        "closures": "closures.csv",
        "counts": "source_data, corrected as registration_corrections.csv says",
        "capacities": "largest counts of source_data published so far, or the capacities of locations.csv, as the README says",
        "attributes": "further tables of the folder",
    }
    rows = [(name, f"authors of the Flee folder {folder.name}", text, "", "", "", "") for name, text in titles.items()]
    template = bundled_studies()[TEMPLATE] / "sources.csv"
    own = [row for row in csv.DictReader(io.StringIO(template.read_text(encoding="utf-8"))) if row["id"] != "invented"]
    columns = ("id", "publisher", "title", "date", "url", "licence", "accessed")
    rows += [tuple(row[column] or "" for column in columns) for row in own]  # type: ignore[misc]
    return csv_text(columns, rows)


def _template(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((bundled_studies()[TEMPLATE] / name).read_text(encoding="utf-8"))


def _yaml(data: Any) -> str:
    """YAML whose texts in a foreign folder's words are always quoted where they could be read as something else."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    yaml.width = 130
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _number(value: float) -> str:
    """A number as tables of a study hold it: about seven digits, never with an exponent."""
    return number_text(float(f"{value:.7g}"))


def _date(folder: FleeFolder, day: int) -> str:
    return (folder.first_date + dt.timedelta(days=day)).isoformat()
