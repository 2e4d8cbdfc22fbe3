"""What a forecast adds to its run: each coming month of a series as it would be published, and how much room places will have."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import xarray as xr

from corredor.engine.network import build_network
from corredor.learn.backtest.published import monthly_series
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.model import Model

LONGEST_SILENCE_MONTHS = 12
"""A series whose newest figure is older than this is not told as it would be published: nobody may publish it any more."""

PARTS = ("output", "place", "group")


def with_coming_figures(known: Model, as_of: dt.date, months: int) -> tuple[Model, int]:
    """The study with one empty row for each coming month of each monthly series of which figures were published by the day.

    months : calendar months, the first of which is that of the day after `as_of`
    returns : the study, whose hash stays; number of rows added, which stand last
    """
    first, rows = month_number(as_of + dt.timedelta(days=1)), []
    for series in monthly_series(known):
        last_known, _ = series.known_on(as_of)
        if last_known >= first - LONGEST_SILENCE_MONTHS:
            newest = series.figures[last_known][0]
            for month in range(first, first + months):
                days = {"from_": first_day(month), "to": last_day(month), "published": last_day(month)}
                rows.append(newest.model_copy(update={**days, "value": 0.0, "low": None, "high": None}))
    return replace(known, observations=(*known.observations, *rows)), len(rows)


def set_apart(dataset: xr.Dataset, n_coming: int) -> xr.Dataset:
    """The Dataset with its last figures over `coming` in place of `observation`.

    returns : `coming_predicted` (draw, coming) people or days as they would be published (M14); coming_output, coming_place,
        coming_group, coming_from say of what
    """
    n_known = dataset.sizes["observation"] - n_coming
    coming = dataset.isel(observation=slice(n_known, None))
    kept = dataset.isel(observation=slice(n_known))
    new: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    new["coming_predicted"] = (("draw", "coming"), coming["observation_predicted"].to_numpy())
    new |= {f"coming_{part}": (("coming",), coming[f"observation_{part}"].to_numpy()) for part in (*PARTS, "from")}
    return kept.assign(new)


def with_room(dataset: xr.Dataset, model: Model) -> xr.Dataset:
    """The Dataset with `room` (draw, room_of): people for whom there is room in each status and place with a capacity (M6).

    model : as known on the day of the forecast, so that what is in force on the last day is so from the day on
    """
    network = build_network(model)
    values = network.quantities.evaluate(dataset["parameter_value"].to_numpy())
    room = np.zeros((len(values), len(network.capacities)))
    for number, setting in enumerate(network.capacities):
        room[:, number] = values[:, setting.row]
        for window, sets, row in setting.changes:
            if window[-1]:
                room[:, number] = values[:, row] if sets else room[:, number] * values[:, row]
    places = network.layout.with_capacity
    return dataset.assign(
        room=(("draw", "room_of"), room, {"units": "people", "long_name": "people with room"}),
        room_status=(("room_of",), np.array([one.status for one in places], dtype=str)),
        room_place=(("room_of",), np.array([one.place.id for one in places], dtype=str)),
    )
