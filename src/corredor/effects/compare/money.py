"""Dollars in both scenarios: who pays or receives, and what a measure cost for each person it affected (M13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from corredor.effects.compare.effects import Comparison, Effect


@dataclass(frozen=True)
class Dollars:
    """A row of the table of dollars.

    what : an account, or the cost of a measure
    """

    actor: str
    what: str
    title: str
    effect: Effect


def dollars(dataset: xr.Dataset) -> list[Dollars]:
    """Accounts of the study, then costs of measures that differ between the scenarios or are in both."""
    found = Comparison(dataset)
    rows = [
        Dollars(str(found.model["accounts"][name]["actor"]), name, found.title(name), found.effect(name))
        for name in found.accounts
    ]
    costs = dataset["measure_cost"]
    for name in costs["measure"].to_numpy():
        one = costs.sel(measure=name)
        effect = Effect(one.sel(scenario="with").to_numpy(), one.sel(scenario="without").to_numpy(), "USD")
        rows.append(Dollars(str(one["measure_actor"].item()), str(name), f"Cost of: {one['measure_title'].item()}", effect))
    return rows


def dollar_table(dataset: xr.Dataset) -> pd.DataFrame:
    """One row for each account and measure with a cost.

    returns : columns actor, what, title, with, without, mean (means; mean is with − without), median, low80, high80, low95, high95 (of the
        difference), in US dollars
    """
    rows = []
    for one in dollars(dataset):
        row: dict[str, object] = {"actor": one.actor, "what": one.what, "title": one.title}
        row |= dict(zip(("without", "with", "mean"), one.effect.means, strict=True))
        rows.append(row | one.effect.quantiles())
    columns = ["actor", "what", "title", "with", "without", "mean", "low95", "low80", "median", "high80", "high95"]
    return pd.DataFrame(rows, columns=columns)


def usd_per_person(dataset: xr.Dataset, output: str) -> float:
    """What the measures that differ cost, for each person by whom an output differs: US dollars, a ratio of means.

    NaN when no cost is known, or the effect is nothing
    """
    costs = dataset["measure_cost"]
    difference = (costs.sel(scenario="with") - costs.sel(scenario="without")).sum("measure").to_numpy()
    people = abs(float(np.mean(Comparison(dataset).effect(output).difference)))
    cost = float(np.mean(difference))
    return abs(cost) / people if people > 0 and cost != 0 else np.nan
