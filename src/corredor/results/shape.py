"""Has a Dataset that was read from a file the shape of a run? What a page would trip over is found here, and named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corredor.results.view import TIME_DIMENSIONS
from corredor.study.schema import Threshold

ATTRIBUTES = ("title", "study", "study_hash", "seed", "draws", "versions", "decisions_per_draw", "model")

_WORDS, _DATES, _NUMBERS = "OUST", "M", "fiub"
_OBSERVED = {
    **dict.fromkeys(("output", "place", "group", "status", "source", "note"), _WORDS),
    **dict.fromkeys(("from", "to", "published"), _DATES),
    **dict.fromkeys(("value", "low", "high", "predicted"), _NUMBERS),
}
"""Parts of the published figures → kinds of NumPy type that they may have."""
_COMPARED = {
    **dict.fromkeys(("scenario", "measure_title", "measure_actor"), _WORDS),
    **dict.fromkeys(("whereabouts_place", "whereabouts_group", "whereabouts_status"), _WORDS),
    **dict.fromkeys(("whereabouts_under_way", "people_at_end", "measure_cost"), _NUMBERS),
}
"""What a comparison has besides."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Named(_Part):
    title: str


class _Group(_Part):
    title: str | None
    citizenship: str | None
    kind: str | None


class _Place(_Part):
    id: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str
    region: str | None
    population: float | None


class _Route(_Part):
    from_: str = Field(alias="from")
    to: str
    km: float
    mode: str


class _Output(_Named):
    side: str
    every: str
    by: list[str]
    unit: str
    stock: list[str]
    queue: str
    sum_of: list[str]
    thresholds: list[Threshold]
    note: str


class _Account(_Named):
    actor: str
    of: str


class _Measure(_Named):
    id: str
    actor: str
    kind: str | None
    from_: dt.date = Field(alias="from")
    to: str
    where: Any
    dose_means: str
    acts_on: list[str]
    cost_usd_text: str
    agreement: str
    note: str
    source: list[str]


class _Event(_Named):
    id: str
    date: dt.date
    at: Any
    people_text: str
    source: list[str]


class _Parameter(_Named):
    name: str
    unit: str
    prior_text: str
    basis: str
    source: list[str]
    note: str


class _Transition(_Part):
    name: str
    from_: str = Field(alias="from")
    to: str
    along: str
    terms: list[str]


class _Source(_Part):
    id: str
    publisher: str
    title: str
    date: str | None
    url: str | None
    licence: str | None


class Described(_Part):
    """The study as `describe_model` puts it into every result."""

    summary: str
    made_up: bool
    from_: dt.date = Field(alias="from")
    to: dt.date
    step_days: float
    warm_up_days: float
    authors: list[str]
    licence: str
    groups: dict[str, _Group]
    statuses: dict[str, str]
    places: list[_Place]
    routes: list[_Route]
    outputs: dict[str, _Output]
    accounts: dict[str, _Account]
    measures: list[_Measure]
    events: list[_Event]
    parameters: list[_Parameter]
    transitions: list[_Transition]
    sources: list[_Source]


def check_shape(dataset: xr.Dataset) -> None:
    """Refuse what is not, or not whole, the Dataset of a run or of a comparison.

    raises : ValueError, with the first thing that is missing or of another kind
    """
    missing = [name for name in ATTRIBUTES if name not in dataset.attrs]
    if missing:
        raise ValueError("netCDF without the attributes " + ", ".join(missing))
    try:
        described = Described.model_validate_json(str(dataset.attrs["model"]))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ": ".join(str(part) for part in first["loc"])
        raise ValueError(f"netCDF whose attribute `model` describes no study ({where or 'the whole'}: {first['msg']})") from error
    for name in (*described.outputs, *described.accounts):
        _check_series(dataset, name)
    _check_kind(dataset, "people_lost", _NUMBERS)
    if "observation" in dataset.dims:
        for part, kinds in _OBSERVED.items():
            _check_kind(dataset, f"observation_{part}", kinds)
    if "comparison" in dataset.attrs or "scenario" in dataset.dims:
        for name, kinds in _COMPARED.items():
            _check_kind(dataset, name, kinds)
        if "comparison" not in dataset.attrs:
            raise ValueError("netCDF without the attribute comparison")


def _check_series(dataset: xr.Dataset, name: str) -> None:
    _check_kind(dataset, name, _NUMBERS)
    dims = [str(dim) for dim in dataset[name].dims]
    if "draw" not in dims or len([dim for dim in dims if dim in TIME_DIMENSIONS]) != 1:
        raise ValueError(f"netCDF whose {name} is no series of draws")
    for dim in dims:
        if dim not in ("draw", "scenario"):
            _check_kind(dataset, dim, _DATES if dim in TIME_DIMENSIONS else _NUMBERS if dim == "wait_bin" else _WORDS)


def _check_kind(dataset: xr.Dataset, name: str, kinds: str) -> None:
    if name not in dataset.variables:
        raise ValueError(f"netCDF without the variable {name}")
    if dataset[name].dtype.kind not in kinds:
        raise ValueError(f"netCDF whose variable {name} has values of another kind")
