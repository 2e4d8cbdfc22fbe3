"""What a forecast adds to its run: each coming month of a series as it would be published, and how much room places will have."""

from __future__ import annotations

import datetime as dt

import numpy as np
import xarray as xr

from corredor.engine.draws import make_draw_inputs, sample_draws
from corredor.engine.network import build_network
from corredor.learn.monthly_series import LONGEST_SILENCE_MONTHS, monthly_series
from corredor.results.to_come import would_be_published
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation


def with_coming_figures(dataset: xr.Dataset, known: Model, as_of: dt.date, months: int) -> xr.Dataset:
    """The Dataset with its coming months as they would be published (M14).

    known : the study as known on the day, of which the Dataset is a run
    returns : `coming_predicted` (draw, coming) people or days; coming_output, coming_place, coming_group, coming_from say of what
    """
    rows = coming_rows(known, as_of, months)
    texts = {part: [getattr(row, part) or "" for row in rows] for part in ("output", "place", "group")}
    new: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    new["coming_predicted"] = (("draw", "coming"), would_be_published(dataset, known, rows))
    new |= {f"coming_{part}": (("coming",), np.array(column, dtype=str)) for part, column in texts.items()}
    new["coming_from"] = (("coming",), np.array([row.from_ for row in rows], dtype="datetime64[ns]"))
    return dataset.assign(new)


def coming_rows(known: Model, as_of: dt.date, months: int) -> list[Observation]:
    """One row for each coming month of each monthly series of which figures were published by the day; its value says nothing.

    months : calendar months, the first of which is that of the day after `as_of`
    """
    first, rows = month_number(as_of + dt.timedelta(days=1)), []
    for series in monthly_series(known):
        last_known, _ = series.known_on(as_of)
        if last_known >= first - LONGEST_SILENCE_MONTHS:
            newest = series.figures[last_known][0]
            for month in range(first, first + months):
                days = {"from_": first_day(month), "to": last_day(month), "published": last_day(month)}
                rows.append(newest.model_copy(update={**days, "value": 0.0, "low": None, "high": None}))
    return rows


def with_room(dataset: xr.Dataset, known: Model, as_of: dt.date) -> xr.Dataset:
    """The Dataset with `room` (draw, room_of): people for whom there is room in each status and place with a capacity (M6).

    known : the study as known on the day, of which the Dataset is a run
    returns : the least room from the day on, where an announced measure changes it; room_status, room_place say where
    """
    network = build_network(known)
    parameters = dataset["parameter_value"].sel(parameter=list(known.parameters)).to_numpy()
    sample, calendar = sample_draws(network, parameters, 0, expected=True), network.calendar
    first = int(network.topology.change_of_step[min(max(calendar.step_of_date(as_of), 0), calendar.n_steps - 1)])
    places = network.layout.with_capacity
    room = np.zeros((len(parameters), len(places)))
    for row in range(len(parameters)):
        room[row] = make_draw_inputs(network, sample, row, 0, row).capacity[:, first:].min(axis=1)
    return dataset.assign(
        room=(("draw", "room_of"), room, {"units": "people", "long_name": "people with room"}),
        room_status=(("room_of",), np.array([one.status for one in places], dtype=str)),
        room_place=(("room_of",), np.array([one.place.id for one in places], dtype=str)),
    )
