"""Small Datasets laid out like a run: one output over three months, or many outputs; for tests of what a report says of them."""

import json
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr
from synthetic_run import synthetic_run


@cache
def base_run() -> xr.Dataset:
    return synthetic_run(draws=2, parameters=0)


def small_run(values: list[list[float]], side: str = "control", every: str = "month", **observation: object) -> xr.Dataset:
    """One output over January to March 2021 with the values of each draw, and at most one published figure."""
    base = base_run()
    months = pd.date_range("2021-01-01", periods=3, freq="MS")
    attrs = {"units": "people", "long_name": "Stops", "cell_methods": "month: sum", "side": side}
    made = xr.Dataset({"stops": (("draw", "month"), np.array(values, dtype=float), attrs)}, coords={"month": months})
    model = json.loads(base.attrs["model"]) | {
        "from": "2021-01-01",
        "to": "2021-03-31",
        "outputs": {"stops": {"title": "Stops", "side": side, "every": every, "by": [], "unit": "people", "note": ""}},
        "accounts": {},
        "parameters": [],
        "measures": [],
        "events": [],
    }
    made.attrs = base.attrs | {"model": json.dumps(model)}
    if observation:
        row = {"value": np.nan, "low": np.nan, "high": np.nan, "status": "final", "predicted": [0.0] * len(values)} | observation
        text = {"output": "stops", "place": "", "group": "", "status": row["status"], "source": "source_1", "note": ""}
        made = made.assign(
            {f"observation_{k}": (("observation",), np.array([v], dtype=object)) for k, v in text.items()}
            | {f"observation_{k}": (("observation",), np.array([row[k]], dtype=float)) for k in ("value", "low", "high")}
            | {f"observation_{k}": (("observation",), np.array([row[k]], dtype="datetime64[ns]")) for k in ("from", "to")}
            | {"observation_published": (("observation",), np.array([row["to"]], dtype="datetime64[ns]"))}
            | {"observation_predicted": (("draw", "observation"), np.array(row["predicted"], dtype=float)[:, None])}
        )
    return made


def many_outputs(numbers: dict[str, int]) -> xr.Dataset:
    """A run with so many outputs of each side."""
    dataset = small_run([[10, 20, 30], [20, 30, 40]])
    model = json.loads(dataset.attrs["model"])
    for side, number in numbers.items():
        for i in range(number):
            name = f"{side}_{i}"
            dataset[name] = (dataset["stops"] + i).assign_attrs(dataset["stops"].attrs | {"side": side, "long_name": name})
            model["outputs"][name] = model["outputs"]["stops"] | {"title": name, "side": side}
    return dataset.drop_vars("stops").assign_attrs(model=json.dumps(model))


def monthly_run(
    outputs: dict[str, dict[str, object]],
    measures: tuple[dict[str, object], ...] = (),
    events: tuple[dict[str, object], ...] = (),
) -> xr.Dataset:
    """Outputs by month from January 2021 on.

    outputs : name → draws (n_draws, n_months), and as far as they differ from the usual: side, mean (a stock), units, published (n_months;
        missing where nothing was), published_on (n_months days)
    """
    n_draws, n_months = np.shape(next(iter(outputs.values()))["draws"])
    months = pd.date_range("2021-01-01", periods=n_months, freq="MS")
    base, variables, described, rows = base_run(), {}, {}, []
    for name, of in outputs.items():
        side, units = of.get("side", "control"), of.get("units", "people")
        method = "mean" if of.get("mean") else "sum"
        attrs = {"units": units, "long_name": name, "cell_methods": f"month: {method}", "side": side}
        draws = np.array(of["draws"], dtype=float)
        variables[name] = (("draw", "month"), draws, attrs)
        described[name] = {"title": name, "side": side, "every": "month", "by": [], "unit": units, "note": ""}
        for at, value in enumerate(of.get("published", [])):
            if np.isfinite(value):
                last = months[at] + pd.offsets.MonthEnd(0)
                on = pd.Timestamp(of["published_on"][at]) if "published_on" in of else last
                rows.append((name, months[at], last, on, value, draws[:, at]))
    made = xr.Dataset(variables, coords={"month": months, "draw": np.arange(n_draws)})
    last_day = (months[-1] + pd.offsets.MonthEnd(0)).date().isoformat()
    model = json.loads(base.attrs["model"]) | {
        "from": "2021-01-01",
        "to": last_day,
        "outputs": described,
        "accounts": {},
        "parameters": [],
    }
    made.attrs = base.attrs | {"model": json.dumps(model | {"measures": list(measures), "events": list(events)})}
    return made.assign(_observed(rows)) if rows else made


def _observed(rows: list[tuple[object, ...]]) -> dict[str, object]:
    names, firsts, lasts, days, values, predicted = zip(*rows, strict=True)
    text = {"output": names, "place": [""] * len(rows), "group": [""] * len(rows), "status": ["final"] * len(rows)}
    text |= {"source": ["source_1"] * len(rows), "note": [""] * len(rows)}
    columns = {f"observation_{key}": (("observation",), np.array(column, dtype=object)) for key, column in text.items()}
    numbers = {"value": values, "low": [np.nan] * len(rows), "high": [np.nan] * len(rows)}
    columns |= {f"observation_{key}": (("observation",), np.array(column, dtype=float)) for key, column in numbers.items()}
    dates = {"from": firsts, "to": lasts, "published": days}
    columns |= {
        f"observation_{key}": (("observation",), np.array(column, dtype="datetime64[ns]")) for key, column in dates.items()
    }
    return columns | {"observation_predicted": (("draw", "observation"), np.array(predicted, dtype=float).T)}


def spread(middles: list[float], n_draws: int = 101) -> np.ndarray:
    """Draws (n_draws, n_periods) that lie evenly from 80 to 120 % of their middles."""
    return np.linspace(0.8, 1.2, n_draws)[:, None] * np.array(middles, dtype=float)
