"""A made-up Dataset laid out like a run of a real study: for tests of pictures and of the report, which read nothing else."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

FIRST, LAST = "2017-10-01", "2019-06-30"
BORDER = [
    ("tijuana", "Tijuana", 32.53, -117.04, "san_diego", 3500),
    ("mexicali", "Mexicali", 32.62, -115.45, "el_centro", 2400),
    ("san_luis_rio_colorado", "San Luis Río Colorado", 32.46, -114.77, "yuma", 2600),
    ("nogales", "Nogales", 31.31, -110.94, "tucson", 4300),
    ("ciudad_juarez", "Ciudad Juárez", 31.69, -106.42, "el_paso", 5200),
    ("ojinaga", "Ojinaga", 29.56, -104.41, "big_bend", 550),
    ("ciudad_acuna", "Ciudad Acuña", 29.32, -100.93, "del_rio", 1700),
    ("nuevo_laredo", "Nuevo Laredo", 27.49, -99.51, "laredo", 2900),
    ("reynosa", "Reynosa", 26.09, -98.28, "rio_grande_valley", 15500),
]
ELSEWHERE = [
    ("hn_north", "San Pedro Sula", "honduras", 15.5, -88.03, "origin"),
    ("hn_south", "Tegucigalpa", "honduras", 14.07, -87.19, "origin"),
    ("gt_west", "Huehuetenango", "guatemala", 15.32, -91.47, "origin"),
    ("gt_north", "Cobán", "guatemala", 15.47, -90.37, "origin"),
    ("gt_centre", "Guatemala City", "guatemala", 14.63, -90.51, "origin"),
    ("sv_west", "San Salvador", "el_salvador", 13.69, -89.22, "origin"),
    ("sv_east", "San Miguel", "el_salvador", 13.48, -88.18, "origin"),
    ("suchiate", "Tecún Umán – Ciudad Hidalgo", "mexico", 14.68, -92.15, "crossing"),
    ("la_mesilla", "La Mesilla", "guatemala", 15.63, -91.98, "crossing"),
    ("el_ceibo", "El Ceibo", "guatemala", 17.27, -91.05, "crossing"),
    ("tapachula", "Tapachula", "mexico", 14.9, -92.26, "south"),
    ("comitan", "Comitán", "mexico", 16.25, -92.13, "south"),
    ("tenosique", "Tenosique", "mexico", 17.47, -91.42, "south"),
    ("gulf", "Coatzacoalcos", "mexico", 18.15, -94.43, "way"),
    ("central", "Mexico City", "mexico", 19.43, -99.13, "way"),
    ("pacific", "Guadalajara", "mexico", 20.67, -103.35, "way"),
    ("monterrey", "Monterrey", "mexico", 25.69, -100.32, "way"),
    ("benito_juarez", "Benito Juárez shelter", "mexico", 32.535, -117.03, "shelter"),
    ("el_barretal", "El Barretal shelter", "mexico", 32.44, -116.87, "shelter"),
]
LEGS = [
    ("hn_north", "suchiate", 55), ("hn_south", "suchiate", 40), ("sv_west", "suchiate", 45), ("sv_east", "suchiate", 20),
    ("gt_west", "la_mesilla", 70), ("gt_north", "el_ceibo", 35), ("gt_centre", "suchiate", 60), ("hn_north", "el_ceibo", 25),
    ("suchiate", "tapachula", 190), ("la_mesilla", "comitan", 70), ("el_ceibo", "tenosique", 60), ("tapachula", "gulf", 90),
    ("tapachula", "central", 60), ("comitan", "gulf", 60), ("tenosique", "gulf", 55), ("gulf", "reynosa", 110), ("gulf", "central", 40),
    ("central", "pacific", 80), ("central", "ciudad_juarez", 50), ("central", "monterrey", 45), ("monterrey", "nuevo_laredo", 28),
    ("monterrey", "ciudad_acuna", 15), ("pacific", "tijuana", 40), ("pacific", "nogales", 45), ("pacific", "mexicali", 18),
    ("pacific", "san_luis_rio_colorado", 20), ("central", "ojinaga", 3), ("tapachula", "hn_north", 60), ("tapachula", "gt_centre", 50),
    ("tijuana", "el_barretal", 4), ("tijuana", "benito_juarez", 5), ("central", "tapachula", 8),
]  # fmt: skip
CITIZENSHIPS = ("guatemala", "honduras", "el_salvador", "mexico", "other")
KINDS = ("adult", "family", "child")
WAIT_EDGES_DAYS = [0, 1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 365]


def synthetic_run(
    draws: int = 60, measures: int = 14, parameters: int = 24, sources: int = 20, seed: int = 3, **changes: Any
) -> xr.Dataset:
    """A Dataset with every part that a report shows.

    changes : entries of the study's description to replace, such as made_up=True
    """
    generator = np.random.default_rng(seed)
    months = pd.date_range(FIRST, LAST, freq="MS")
    days = pd.date_range(FIRST, LAST, freq="D")
    places = [row[0] for row in BORDER] + [row[0] for row in ELSEWHERE]
    groups = [f"{citizenship}_{kind}" for citizenship in CITIZENSHIPS for kind in KINDS]
    levels = _monthly_levels(generator, draws, len(months))
    variables: dict[str, Any] = {}

    apprehensions = np.full((draws, len(months), len(places)), np.nan)
    for column, (*_, level) in enumerate(BORDER):
        apprehensions[:, :, column] = np.round(levels * level * np.exp(0.1 * generator.normal(size=levels.shape)))
    by_group = apprehensions[:, :, :9].sum(axis=2)[:, :, None] * generator.dirichlet(np.ones(15) * 6, size=(draws, 1))
    variables["us_apprehensions"] = _output(("month", "place"), apprehensions, "Border Patrol apprehensions", "control")
    title = "Border Patrol apprehensions, by group"
    variables["us_apprehensions_by_group"] = _output(("month", "group"), by_group, title, "control")
    variables["returns"] = _output(("month",), np.round(levels * 9000), "People returned by Mexico", "control")
    variables["recognised"] = _output(("month",), np.round(levels * 170), "Recognised as refugees in Mexico", "protection")
    variables["deaths"] = _output(
        ("month",), generator.poisson(3.2, levels.shape).astype(float), "Deaths on the way", "protection"
    )
    waits = np.full((draws, len(months), len(places)), np.nan)
    waits[:, :, 0], waits[:, :, 4] = levels * 22, levels * 9
    variables["port_wait"] = _output(
        ("month", "place"), waits, "Expected wait on the list at a port", "protection", "days", "mean"
    )

    camp = _camp(generator, draws, days)
    shelter = np.full((draws, len(days), len(places)), np.nan)
    shelter[:, :, places.index("benito_juarez")] = camp * (days < "2018-12-02")
    shelter[:, :, places.index("el_barretal")] = 0.5 * camp * (days >= "2018-11-29")
    variables["in_shelter"] = _output(("day", "place"), np.round(shelter), "In Tijuana's shelters", "protection", mean="mean")
    on_list = np.round(2400 * levels[:, _month_numbers(days)] + 0.4 * camp)
    variables["on_list"] = _output(("day",), on_list, "On the list at Tijuana's port of entry", "protection", mean="mean")
    variables["departures"] = _output(("month",), np.round(levels * 52000), "Leaving home", "movement")
    flows = np.stack(
        [np.round(levels * 500 * size * np.exp(0.2 * generator.normal(size=(draws, 1)))) for *_, size in LEGS], axis=2
    )
    variables["route_flow"] = _output(("month", "route"), flows, "People along each route", "movement")
    served = generator.poisson(30 * levels[:, :, None] * np.array([1, 2, 4, 9, 14, 16, 20, 12, 7, 3, 1, 0, 0, 0])).astype(float)
    variables["days_waited"] = _output(("month", "wait_bin"), served, "Days waited by those let in at the ports", "protection")
    usd = {"units": "USD", "cell_methods": "month: sum", "side": "money"}
    variables["remittances"] = (
        ("draw", "month"),
        levels * 4.1e7,
        usd | {"long_name": "Remittances by newcomers", "actor": "migrants"},
    )
    variables["return_cost"] = (("draw", "month"), levels * 1.4e6, usd | {"long_name": "Cost of returns", "actor": "Mexico"})
    names = [f"parameter_{number}" for number in range(parameters)]
    variables["parameter_value"] = (("draw", "parameter"), np.exp(generator.normal(size=(draws, parameters))))
    variables["people_lost"] = (("draw",), np.zeros(draws))

    coordinates = {
        "draw": np.arange(draws), "month": months, "day": days, "place": np.array(places, dtype=object),
        "group": np.array(groups, dtype=object), "route": np.array([f"{a}>{b}" for a, b, _ in LEGS], dtype=object),
        "wait_bin": np.array(WAIT_EDGES_DAYS, dtype=float), "parameter": np.array(names, dtype=object),
    }  # fmt: skip
    dataset = xr.Dataset(variables, coords=coordinates)
    dataset = dataset.assign(_observations(generator, dataset, months, days))
    dataset.attrs = {
        "Conventions": "CF-1.12", "title": "A made-up winter on the road north", "study": "synthetic", "study_hash": "0f" * 32, "seed": 7,
        "draws": draws, "corredor_version": "0.1.0", "versions": json.dumps({"numpy": "2.1", "xarray": "2025.1"}),
        "command": "corredor run synthetic --draws 60 --seed 7", "created": "2025-02-03T10:11:12Z", "decisions_per_draw": 912345.0,
        "expected": 0, "fitted": 0, "model": json.dumps(_model(dataset, names, measures, sources) | changes),
    }  # fmt: skip
    return dataset


def _monthly_levels(generator: np.random.Generator, draws: int, months: int) -> np.ndarray:
    """Relative level of movement, month by month: rises in the second half, differs between levels."""
    steps = np.zeros((draws, months))
    for month in range(1, months):
        steps[:, month] = 0.8 * steps[:, month - 1] + 0.12 * generator.normal(size=draws)
    trend = 0.35 * np.sin(np.arange(months) / 3.1) + 0.055 * np.arange(months)
    return np.exp(steps + trend - 0.35 + 0.25 * generator.normal(size=(draws, 1)))


def _camp(generator: np.random.Generator, draws: int, days: pd.DatetimeIndex) -> np.ndarray:
    """People in the camp: none before November 2018, then a quick rise and a slow fall."""
    since = (days - pd.Timestamp("2018-11-12")).days.to_numpy()
    shape = np.where(since > 0, np.minimum(since / 12, 1) * np.exp(-np.maximum(since - 16, 0) / 30), 0.0)
    return 5600 * shape * np.exp(0.3 * generator.normal(size=(draws, 1)))


def _month_numbers(days: pd.DatetimeIndex) -> list[int]:
    return [(day.year - 2017) * 12 + day.month - 10 for day in days]


def _output(
    dims: tuple[str, ...], values: np.ndarray, title: str, side: str, units: str = "people", mean: str = "sum"
) -> tuple[Any, ...]:
    return ("draw", *dims), values, {"units": units, "long_name": title, "cell_methods": f"{dims[0]}: {mean}", "side": side}


def _observations(
    generator: np.random.Generator, dataset: xr.Dataset, months: pd.DatetimeIndex, days: pd.DatetimeIndex
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []

    def add(output: str, first: Any, last: Any, predicted: np.ndarray, factor: float = 1.0, **more: Any) -> None:
        value = round(float(predicted[len(predicted) // 3]) * factor)
        row = {
            "output": output,
            "place": "",
            "group": "",
            "status": "final",
            "source": "source_1",
            "note": "",
            "from": first,
            "to": last,
        }
        rows.append(
            row
            | {"published": last + pd.Timedelta(days=9), "value": value, "low": np.nan, "high": np.nan, "all": predicted}
            | more
        )

    for month in months:
        last = month + pd.offsets.MonthEnd(0)
        for column, (place, *_) in enumerate(BORDER):
            modelled = dataset["us_apprehensions"].sel(month=month).isel(place=column).to_numpy()
            noisy = generator.poisson(modelled * generator.gamma(60, 1 / 60, modelled.shape)).astype(float)
            add("us_apprehensions", month, last, noisy, 2.2 if place == "ojinaga" else 1.0, place=place)
        for kind in KINDS:
            own = [i for i, group in enumerate(dataset["group"].to_numpy()) if group.endswith(kind)]
            of_kind = dataset["us_apprehensions_by_group"].sel(month=month).to_numpy()[:, own].sum(axis=1)
            add("us_apprehensions_by_group", month, last, of_kind, group=kind)
        returned = dataset["returns"].sel(month=month).to_numpy()
        status = "provisional" if month >= months[-3] else "final"
        add("returns", month, last, returned, 1.1, status=status, source="source_2")
    for day in pd.to_datetime(["2018-11-16", "2018-11-20", "2018-11-26", "2018-12-03", "2018-12-12", "2019-01-08"]):
        modelled = dataset["in_shelter"].sel(day=day).sum("place").to_numpy()
        add("in_shelter", day, day, modelled, 1.0, source="source_3")
    modelled = dataset["on_list"].sel(day="2018-12-01").to_numpy()
    add("on_list", days[426], days[426], modelled, value=np.nan, low=3000.0, high=6000.0)
    modelled = dataset["recognised"].sel(month=slice("2018-01-01", "2018-12-01")).sum("month").to_numpy() * 0.6
    add("recognised", pd.Timestamp("2018-01-01"), pd.Timestamp("2018-12-31"), modelled)
    table: dict[str, Any] = {
        f"observation_{name}": (("observation",), np.array([row[name] for row in rows], dtype=object))
        for name in ("output", "place", "group", "status", "source", "note")
    }
    for name in ("value", "low", "high"):
        table[f"observation_{name}"] = (("observation",), np.array([row[name] for row in rows], dtype=float))
    for name in ("from", "to", "published"):
        table[f"observation_{name}"] = (("observation",), np.array([row[name] for row in rows], dtype="datetime64[ns]"))
    table["observation_predicted"] = (("draw", "observation"), np.stack([row["all"] for row in rows], axis=1))
    return table


def _model(dataset: xr.Dataset, parameters: list[str], measures: int, sources: int) -> dict[str, Any]:
    accounts = {"remittances": "migrants", "return_cost": "Mexico"}
    titles = {name: dataset[name].attrs["long_name"] for name in dataset.data_vars if "long_name" in dataset[name].attrs}
    return {
        "summary": "People leave Honduras, Guatemala and El Salvador for the United States through Mexico. The study follows them "
        "from October 2017 to June 2019, through the winter of the caravans.",
        "made_up": True,
        "from": FIRST,
        "to": LAST,
        "step_days": 1.0,
        "warm_up_days": 60,
        "authors": ["A. Person", "B. Person"],
        "licence": "CC-BY-4.0",
        "groups": {f"{c}_{k}": {"title": None, "citizenship": c, "kind": k} for c in CITIZENSHIPS for k in KINDS},
        "statuses": {
            "home": "at home",
            "in_south": "in southern Mexico",
            "at_border": "in a border city",
            "on_list": "on a list",
        },
        "places": [_place(id_, name, "mexico", lat, lon, "border_city", region) for id_, name, lat, lon, region, _ in BORDER]
        + [_place(id_, name, country, lat, lon, kind, None) for id_, name, country, lat, lon, kind in ELSEWHERE],
        "routes": [{"from": a, "to": b, "km": 300.0, "mode": "road"} for a, b, _ in LEGS],
        "outputs": {name: _described(dataset[name], title) for name, title in titles.items() if name not in accounts},
        "accounts": {name: {"title": titles[name], "actor": actor, "of": "returns"} for name, actor in accounts.items()},
        "measures": [_measure(number) for number in range(measures)],
        "events": [
            _event("caravan_1", "First caravan leaves San Pedro Sula", "2018-10-13", "caravan_people", ["source_4"]),
            _event("caravan_2", "Second caravan leaves", "2019-01-15", "2000", ["source_4", "source_5"]),
        ],
        "parameters": [_parameter(number, name, sources) for number, name in enumerate(parameters)],
        "transitions": [
            _transition("leave home", "home", "in_south", "road", ["rate a day: emigration_rate", "season, effect 1"]),
            _transition("put one's name on the list", "at_border", "on_list", "", ["rate a day: listing"]),
        ],
        "sources": [_source(number) for number in range(1, sources + 1)],
    }


def _described(array: xr.DataArray, title: str) -> dict[str, Any]:
    note = "Counts events, not persons." if title == "Border Patrol apprehensions" else ""
    return {"title": title, "side": array.attrs["side"], "every": str(array.dims[1]), "by": [], "unit": "people", "note": note}


def _place(id_: str, name: str, country: str, lat: float, lon: float, kind: str, region: str | None) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "country": country,
        "lat": lat,
        "lon": lon,
        "kind": kind,
        "region": region,
        "population": None,
    }


def _event(id_: str, title: str, date: str, people: str, source: list[str]) -> dict[str, Any]:
    return {"id": id_, "title": title, "date": date, "at": "hn_north", "people_text": people, "source": source}


def _transition(name: str, start: str, end: str, along: str, terms: list[str]) -> dict[str, Any]:
    return {"name": name, "from": start, "to": end, "along": along, "terms": terms}


def _parameter(number: int, name: str, sources: int) -> dict[str, Any]:
    return {
        "name": name,
        "title": f"Share of people who do thing number {number}",
        "unit": "share",
        "prior_text": "lognormal, median 1, sigma 1",
        "basis": ("literature", "assumption", "derived", "case")[number % 4],
        "source": [] if number % 4 == 1 else [f"source_{1 + number % sources}"],
        "note": "Two field studies give 0.2 and 0.4; the spread holds both.",
    }


def _source(number: int) -> dict[str, Any]:
    return {
        "id": f"source_{number}",
        "publisher": "A statistics office",
        "title": f"Monthly table number {number}",
        "date": "2019-07",
        "url": f"https://example.org/table/{number}" if number % 3 else "",
        "licence": "public domain",
    }


def _measure(number: int) -> dict[str, Any]:
    start = pd.Timestamp("2018-04-06") + pd.Timedelta(days=29 * number % 430)
    title = ("Police at the southern bridge", "Work visas on offer", "A new shelter")[number % 3]
    return {
        "id": f"measure_{number}",
        "title": f"{title} ({number})",
        "actor": ("Federal police of Mexico", "Government of Mexico", "City of Tijuana")[number % 3],
        "kind": "border_closure",
        "from": str(start.date()),
        "to": "" if number % 4 == 0 else str((start + pd.Timedelta(days=60)).date()),
        "where": "Suchiate",
        "dose_means": "100 officers",
        "acts_on": [] if number % 3 == 2 else ["“enter Mexico”: log effect bridge_effect"] * (1 + number % 2),
        "cost_usd_text": "2,000,000 USD" if number % 5 == 0 else "",
        "agreement": "measure_1" if number == 4 else "",
        "note": "",
        "source": ["source_2", f"source_{1 + number % 6}"],
    }
