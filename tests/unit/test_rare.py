"""Is what seldom happens told by its chance, its expected number and its size, and only what seldom happens?"""

import json

import numpy as np
import pandas as pd
import xarray as xr
from small_run import small_run

from corredor.pages.report.page import render_report
from corredor.pages.report.published import observations
from corredor.pages.report.rare import is_rare, rare_figure
from corredor.results.view import read_run

DRAWS, DAYS = 20, 90


def daily(values: np.ndarray) -> xr.Dataset:
    """One daily output over January to March 2021."""
    dataset = small_run([[0, 0, 0]])
    days = pd.date_range("2021-01-01", periods=DAYS, freq="D")
    attrs = dataset["stops"].attrs | {"cell_methods": "day: sum", "long_name": "People in a rush"}
    model = json.loads(dataset.attrs["model"])
    model["outputs"]["stops"]["every"] = "day"
    made = xr.Dataset({"stops": (("draw", "day"), values, attrs)}, coords={"day": days}, attrs=dataset.attrs)
    return made.assign_attrs(model=json.dumps(model))


def rushes() -> np.ndarray:
    """In a quarter of 20 draws one rush of 200 on 10 February, in one of them another of 400 on 5 March."""
    values = np.zeros((DRAWS, DAYS))
    values[:5, 40], values[0, 63] = 200.0, 400.0
    return values


def test_chance_expected_number_and_size_are_told():
    run = read_run(daily(rushes()))
    figure = rare_figure(run, observations(run), "stops", "total-stops")
    assert figure.notes[0].startswith("It happens in 25 % of simulations; 0.3 days with anybody are to be expected")
    assert figure.notes[1] == "When it happens, 200 people a day (200 to 300 in 8 of 10 cases)."
    assert figure.table is not None
    assert figure.table.rows == [["Feb 2021", "25 %", "50", "200", "200"], ["Mar 2021", "5 %", "20", "400", "400"]]


def test_the_picture_has_a_bar_for_each_month_with_a_chance_and_no_fan():
    page = render_report(daily(rushes()))
    figure = page[page.index('<figure id="total-stops"') :].split("</figure>")[0]
    assert figure.count('class="bar"') == 2 * 2, "two months, on a wide and on a narrow picture"
    assert "b95" not in figure and "band goes up" not in figure
    assert 'id="day-stops"' not in page


def test_what_happens_every_day_or_never_is_no_rare_event():
    assert is_rare(read_run(daily(rushes())), "stops")
    assert not is_rare(read_run(daily(np.full((DRAWS, DAYS), 7.0))), "stops")
    assert not is_rare(read_run(daily(np.zeros((DRAWS, DAYS)))), "stops")
    often = np.where(np.arange(DRAWS)[:, None] < 8, 5.0, 0.0) * np.ones(DAYS)
    assert not is_rare(read_run(daily(often)), "stops"), "in four draws of ten every day: a fan tells that better"
