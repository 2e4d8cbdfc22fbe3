"""Can a small count be worked out from several outputs of one run together? By place and by group, by day, week and month.

An attacker with a linear program knows that they count the same people: every number is a sum over the same cells of day, place and group.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from attacker import Shown, worked_out
from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import base_run

from corredor.results.hidden_numbers import Guarded
from corredor.results.wording import too_few

PLACES, GROUPS, N_DAYS = ("a", "b", "c"), ("g", "h"), 12
DAYS = pd.date_range("2021-01-28", periods=N_DAYS)
STARTS = {"day": DAYS, "week": DAYS[::7], "month": pd.DatetimeIndex([DAYS[0], pd.Timestamp("2021-02-01")])}

Outputs = dict[str, tuple[str, tuple[str, ...]]]
"""Name → by day, week or month; place, group or both."""

TOGETHER: list[Outputs] = [
    {"by_day": ("day", ("place",)), "by_week": ("week", ("place",))},
    {"by_place": ("day", ("place",)), "by_group": ("day", ("group",)), "all": ("month", ())},
    {"by_place": ("month", ("place",)), "by_group": ("month", ("group",)), "all": ("month", ())},
    {"fine": ("day", ("place", "group")), "by_group": ("week", ("group",)), "by_place": ("month", ("place",))},
]


def run_of(people: np.ndarray, outputs: Outputs, is_mean: bool) -> xr.Dataset:
    """people : (n_days, n_places, n_groups)"""
    places = [{"id": name, "name": name, "country": "one" if name < "c" else "two", "region": ""} for name in PLACES]
    described = {
        name: {"title": name, "side": "movement", "every": every, "by": list(by), "unit": "people"}
        for name, (every, by) in outputs.items()
    }
    variables, coordinates = {}, {"place": list(PLACES), "group": list(GROUPS), "draw": [0]}
    for name, (every, by) in outputs.items():
        period = period_of_days(every)
        values = np.stack([people[period == at].sum(axis=0) for at in range(len(STARTS[every]))])
        values = values / np.bincount(period)[:, None, None] if is_mean else values
        values = values.sum(axis=tuple(axis for axis, dim in enumerate(("place", "group"), 1) if dim not in by))
        attrs = {"units": "people", "cell_methods": f"{every}: {'mean' if is_mean else 'sum'}", "long_name": name}
        variables[name] = (("draw", every, *by), values[None], attrs)
        coordinates[every] = STARTS[every]
    groups = {name: {"title": name, "citizenship": "x", "kind": "y"} for name in GROUPS}
    model = json.loads(base_run().attrs["model"]) | {"outputs": described, "places": places, "groups": groups, "accounts": {}}
    model |= {"from": str(DAYS[0].date()), "to": str(DAYS[-1].date())}
    return xr.Dataset(variables, coords=coordinates).assign_attrs(base_run().attrs | {"model": json.dumps(model)})


def period_of_days(every: str) -> np.ndarray:
    return np.searchsorted(STARTS[every], DAYS, side="right") - 1


def attacked(people: np.ndarray, outputs: Outputs, is_mean: bool, small_alone: bool = False) -> list:
    """Small counts of outputs that are worked out; `small_alone`: where nothing but small counts themselves were hidden."""
    dataset = run_of(people, outputs, is_mean)
    guarded = Guarded(dataset)
    truth = {(day, *at): float(people[(day, *at)]) for day, *at in np.ndindex(people.shape)}
    shown, told = [], []
    for name, (every, by) in outputs.items():
        period, dims = period_of_days(every), (every, *by)
        values = dataset[name].isel(draw=0).transpose(*dims).to_numpy()
        hidden = too_few(values) if small_alone else guarded.hidden(name).transpose(*dims).to_numpy()
        for index in np.ndindex(*values.shape):
            of = dict(zip(dims, index, strict=True))
            weight = 1.0 / np.bincount(period)[of[every]] if is_mean else 1.0
            cells = [
                (day, place, group)
                for day, place, group in np.ndindex(people.shape)
                if period[day] == of[every] and of.get("place", place) == place and of.get("group", group) == group
            ]
            key = (name, index)
            truth[key] = float(values[index])
            told.append(key)
            shown.append(Shown({key: 1.0, **dict.fromkeys(cells, -weight)}, 0.0, 1e-7))
            shown += [] if hidden[index] else [Shown({key: 1.0}, truth[key], 1e-7)]
    return worked_out(shown, truth, told)


SHAPE = (N_DAYS, len(PLACES), len(GROUPS))
COUNT = st.one_of(st.just(0.0), st.just(0.0), st.integers(1, 4).map(float), st.integers(5, 60).map(float))


@pytest.mark.parametrize("outputs", TOGETHER)
@pytest.mark.parametrize("is_mean", [False, True])
@settings(max_examples=12)
@given(st.lists(COUNT, min_size=int(np.prod(SHAPE)), max_size=int(np.prod(SHAPE))))
def test_nothing_is_worked_out_from_outputs_of_the_same_people(outputs, is_mean, counts):
    assert attacked(np.array(counts).reshape(SHAPE), outputs, is_mean) == []


def test_the_attacker_finds_a_day_in_its_week():
    people = np.full(SHAPE, 20.0)
    people[3, 0] = [2.0, 0.0]
    assert attacked(people, TOGETHER[0], False, small_alone=True) == [("by_day", (3, 0))]
    assert attacked(people, TOGETHER[0], False) == []


def test_the_attacker_finds_a_day_in_the_mean_of_its_week():
    people = np.full(SHAPE, 20.0)
    people[3, 0] = [2.0, 0.0]
    assert attacked(people, TOGETHER[0], True, small_alone=True) == [("by_day", (3, 0))]
    assert attacked(people, TOGETHER[0], True) == []
