"""Do the tables for other programs hold what the run holds, with small counts left empty?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from published import read

from corredor._simulate import simulate
from corredor.exchange.export.flee_out import flee_outputs, flee_table, write_flee
from corredor.exchange.export.flowmap import flow_table, write_flowmap
from corredor.exchange.export.tidy import outputs_of, tidy_table, write_tidy
from corredor.results.wording import shown_people
from corredor.study.catalogue import bundled_studies


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return simulate(bundled_studies()["two-towns"], draws=5, seed=3)


def made_up_camps(first: float = 10.0) -> xr.Dataset:
    """Two camps for four days, two draws; published on the first and on the last day of camp a, one figure of camp b revised.

    first : people published of camp a on the first day
    """
    days = np.array(["2021-01-01", "2021-01-02", "2021-01-03", "2021-01-04"], dtype="datetime64[ns]")
    sim = np.array([[[8, 2], [20, 2], [30, 40], [40, 40]], [[12, 4], [20, 4], [30, 60], [40, 60]]], dtype=float)
    camps = xr.DataArray(sim, dims=("draw", "day", "place"), coords={"day": days, "place": ["a", "b"]})
    camps.attrs = {"units": "people", "cell_methods": "day: mean"}
    places = [{"id": name, "name": f"Camp {name.upper()}", "lat": 1.0, "lon": 2.0} for name in "ab"]
    rows = [("a", 0, first, 5), ("a", 3, 40.0, 5), ("b", 1, 70.0, 5), ("b", 1, 50.0, 9)]
    at = [days[day] for _, day, _, _ in rows]
    published = [np.datetime64("2021-02-01", "ns") + np.timedelta64(later, "D") for *_, later in rows]
    observed = {
        "output": ["in_camp"] * 4,
        "place": [row[0] for row in rows],
        "group": [""] * 4,
        "value": [row[2] for row in rows],
    }
    observed |= {"from": np.array(at), "to": np.array(at), "published": np.array(published)}
    observed |= {"low": np.full(len(rows), np.nan), "high": np.full(len(rows), np.nan)}
    return xr.Dataset(
        {"in_camp": camps, **{f"observation_{name}": ("observation", np.array(column)) for name, column in observed.items()}},
        attrs={
            "model": json.dumps({"places": places, "groups": {}, "outputs": {"in_camp": {}}, "accounts": {}, "to": "2021-01-04"})
        },
    )


def test_flee_out_is_worked_out_by_hand():
    table = flee_table(made_up_camps(), "in_camp", suppress=False)
    assert list(table.columns) == [
        *("Day", "Date", "Camp A sim", "Camp A data", "Camp A error", "Camp B sim", "Camp B data", "Camp B error", "Total error"),
        *(
            "refugees in camps (UNHCR)",
            "total refugees (simulation)",
            "raw UNHCR refugee count",
            "refugees in camps (simulation)",
        ),
        "refugee_debt",
    ]
    assert table["Date"].tolist() == ["2021-01-01", "2021-01-02", "2021-01-03", "2021-01-04"]
    assert table["Camp A sim"].tolist() == [10, 20, 30, 40]
    assert table["Camp A data"].tolist() == [10, 20, 30, 40]  # linear between the counts
    assert table["Camp B data"].tolist() == [50, 50, 50, 50]  # the revised count
    assert table["Camp B sim"].tolist() == [3, 3, 50, 50]
    assert table["Camp A error"].tolist() == [0, 0, 0, 0]
    assert table["Camp B error"].tolist() == pytest.approx([0.94, 0.94, 0, 0])
    assert table["Total error"].tolist() == pytest.approx([47 / 60, 47 / 70, 0, 0])
    assert table["refugees in camps (UNHCR)"].tolist() == [60, 70, 80, 90]
    assert table["refugees in camps (simulation)"].tolist() == [13, 23, 80, 90]


def test_flee_out_leaves_small_counts_empty(tmp_path):
    (path,) = write_flee(made_up_camps(), tmp_path)
    table = pd.read_csv(path)
    assert path.name == "out.csv"
    assert table["Camp B sim"].isna().tolist() == [True, True, True, False]
    assert table["Camp B error"].isna().tolist() == [True, True, True, False]
    # a mean over the days would tell camp B with its other days; with the total shown, camp A would tell how many are in camp B; and with
    # both totals known, so would the total of errors
    assert table["Camp A sim"].isna().tolist() == [True, True, True, False]
    assert table["Total error"].isna().tolist() == [True, True, True, False]
    assert table["refugees in camps (simulation)"].tolist() == [13, 23, 80, 90]


def test_flee_out_tells_no_published_count_of_few_nor_days_between_that_hold_it(tmp_path):
    """3 people on the first day and 40 on the last: the days between lie on a line through the 3, and the total less camp b is camp a."""
    shown, every = (flee_table(made_up_camps(first=3.0), "in_camp", suppress=hides) for hides in (True, False))
    assert every["Camp A data"].tolist() == pytest.approx([3.0, 46 / 3, 83 / 3, 40.0])
    of_data = ["Camp A data", "Camp A error", "Total error", "refugees in camps (UNHCR)", "raw UNHCR refugee count"]
    assert shown.loc[:2, of_data].isna().all(axis=None) and shown.loc[3, of_data[0]] == 40.0
    assert shown.loc[3, "refugees in camps (UNHCR)"] == 90.0 and (shown["Camp B data"] == 50.0).all()


def test_flee_out_of_a_run_and_without_camps(run, tmp_path):
    assert flee_outputs(run) == ["in_shelter"]
    table = pd.read_csv(write_flee(run, tmp_path)[0])
    assert len(table) == run.sizes["day"]
    with pytest.raises(ValueError, match="daily stocks by place with published figures: in_shelter"):
        write_flee(run, tmp_path, output="arrivals")


def test_small_counts_are_those_from_one_to_four():
    values = np.array([0, 0.2, 1, 4.99, 5, 100])
    assert np.isnan(shown_people(values, True)).tolist() == [False, True, True, True, False, False]
    assert shown_people(values, False) is values


def test_tidy_tables_hold_every_part_and_the_same_quantiles(run, tmp_path):
    paths = write_tidy(run, tmp_path, "csv", suppress=False)
    assert [path.stem for path in paths] == outputs_of(run) == [*json.loads(run.attrs["model"])["outputs"], "remittances"]
    table = pd.read_csv(tmp_path / "arrivals.csv")
    assert list(table.columns[:4]) == ["month", "place", "group", "unit"]
    row = table[(table["month"] == "2021-02-01") & (table["group"] == "adults")].iloc[0]
    draws = run["arrivals"].sel(month="2021-02-01", place="north_gate", group="adults").to_numpy()
    assert row["mean"] == pytest.approx(draws.mean(), rel=1e-5)
    assert row["q50"] == pytest.approx(np.median(draws))
    assert row["q97.5"] == pytest.approx(np.quantile(draws, 0.975), rel=1e-5)


def test_tidy_tables_of_every_draw(run):
    table = tidy_table(run["arrivals"], every_draw=True)
    assert sorted(table["draw"].unique()) == [0, 1, 2, 3, 4]
    assert table["value"].sum() == float(run["arrivals"].sum())


def test_tidy_tables_leave_small_counts_of_people_empty_and_days_as_they_are(run):
    array = run["stopped"].copy(data=np.full(run["stopped"].shape, 3.0))
    array.attrs = run["stopped"].attrs
    nothing = (array.isel(draw=0, drop=True) > 1e9).rename(None)
    assert tidy_table(array, hidden=nothing)["mean"].isna().all()
    assert (tidy_table(array)["mean"] == 3).all()
    array.attrs = {**run["stopped"].attrs, "units": "days"}
    assert (tidy_table(array, hidden=nothing)["mean"] == 3).all()


def test_parquet_holds_the_same_as_csv(run, tmp_path):
    pytest.importorskip("pyarrow")
    write_tidy(run, tmp_path, "csv")
    for path in write_tidy(run, tmp_path, "parquet"):
        other = pd.read_csv(path.with_suffix(".csv"))
        own = pd.read_parquet(path)
        assert list(own.columns) == list(other.columns)
        assert np.allclose(own["mean"], other["mean"], rtol=1e-5, equal_nan=True)


def test_flowmap_tables_refer_to_each_other(run, tmp_path):
    locations, flows = (pd.read_csv(path) for path in write_flowmap(run, tmp_path))
    assert list(locations.columns) == ["id", "name", "lat", "lon"]
    assert list(flows.columns) == ["origin", "dest", "count", "time"]
    assert set(flows["origin"]) | set(flows["dest"]) <= set(locations["id"])
    assert flows["count"].min() >= 5
    median = np.median(run["departures"].sel(route="mill_town>old_bridge", month="2021-03-01"))
    row = flows[(flows["origin"] == "mill_town") & (flows["time"] == "2021-03-01")].iloc[0]
    assert (row["dest"], row["count"]) == ("old_bridge", round(float(median)))
    assert len(flow_table(run["departures"])) >= len(flows)


def test_flowmap_can_be_read_again(run, tmp_path):

    paths = write_flowmap(run, tmp_path)
    assert sum(f.value for f in read("flowmap", paths[1].read_bytes()).figures) == pd.read_csv(paths[1])["count"].sum()


def test_flowmap_needs_routes(run, tmp_path):
    with pytest.raises(ValueError, match="outputs told apart by route: departures"):
        write_flowmap(run, Path(tmp_path), output="arrivals")
