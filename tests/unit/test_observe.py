"""Is what would be published worked out as M14 says, and compared with what was published as a reader expects? By hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders import day, fixed, flow, here, make_model, move, stay, stock
from walking import dataset_of, start

from corredor.engine.network import build_network
from corredor.results.coverage import coverage_table, judged_figures, last_revisions, published_range, summary_table
from corredor.results.observe import (
    add_observations,
    figure_means,
    overlap_days,
    period_days,
    published_count,
    published_figures,
)

GROUPS = {
    "men": {"citizenship": "coast", "kind": "adult"},
    "women": {"citizenship": "hills", "kind": "adult"},
    "families": {"citizenship": "hills", "kind": "family"},
}
PLACES = {
    "north": {"country": "coast", "region": "shore"},
    "south": {"country": "coast", "region": "inland"},
    "far": {"country": "hills", "region": "inland"},
}
ALL = ["place", "group"]


def study(observations, days=90, step_days=1.0, **outputs):
    """Three groups at three places; `outputs` beside a monthly flow and a monthly stock."""
    named = {"went": flow("go", by=ALL, every="month"), "left": stock("before", by=ALL, every="month"), **outputs}
    return make_model(
        [stay("before", initial=here(9000, men=1, women=1, families=1)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.01)],
        groups=GROUPS,
        places=PLACES,
        outputs=named,
        observations=observations,
        parameters={"seen": fixed(0.8, "share"), "spread": fixed(0.1, "ratio")},
        days=days,
        step_days=step_days,
    )


def observed(output, first, last, **more):
    words = {"output": output, "from": day(first), "to": day(last), "published": day(last + 10)}
    return words | ({"value": 100.0} if not {"value", "low", "high"} & more.keys() else {}) | more


def value_of(words, **more):
    model = study([words], **more)
    network, dataset, values, cells = dataset_of(model, n_draws=1)
    return figure_means(published_figures(network, model.observations), cells, values)[0, 0], dataset


# --- which cells an observation counts ---


def test_a_flow_is_summed_over_its_period_and_everybody():
    value, dataset = value_of(observed("went", 0, 89))
    assert value == float(dataset["went"].sum())


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ({"place": "south"}, {"place": ["south"]}),
        ({"place": "coast"}, {"place": ["north", "south"]}),
        ({"place": "inland"}, {"place": ["south", "far"]}),
        ({"group": "women"}, {"group": ["women"]}),
        ({"group": "hills"}, {"group": ["women", "families"]}),
        ({"group": "adult"}, {"group": ["men", "women"]}),
        ({"place": "far", "group": "families"}, {"place": ["far"], "group": ["families"]}),
    ],
)
def test_an_observation_counts_the_places_and_groups_it_names(words, chosen):
    value, dataset = value_of(observed("went", 31, 58, **words))
    assert value == float(dataset["went"].isel(month=1).sel(chosen).sum())


def test_an_output_by_country_or_kind_is_chosen_by_these():
    more = {"by_country": flow("go", by=["country", "kind"], every="month")}
    value, dataset = value_of(observed("by_country", 0, 30, place="hills", group="adult"), **more)
    assert value == float(dataset["by_country"].isel(month=0).sel(country="hills", kind="adult").sum())


def test_a_period_partly_inside_counts_by_days():
    """16 January to 14 February: 16 of 31 days and 14 of 28."""
    value, dataset = value_of(observed("went", 15, 44, place="north", group="men"))
    months = dataset["went"].sel(place="north", group="men").to_numpy()[0]
    assert value == pytest.approx(months[0] * 16 / 31 + months[1] * 14 / 28)


def test_a_stock_is_the_mean_over_its_days():
    value, dataset = value_of(observed("left", 15, 44, place="north", group="men"))
    months = dataset["left"].sel(place="north", group="men").to_numpy()[0]
    assert value == pytest.approx((months[0] * 16 + months[1] * 14) / 30)
    value, dataset = value_of(observed("daily", 40, 40), daily=stock("before"))
    assert value == float(dataset["daily"].isel(day=40).sum())


def test_what_lies_outside_the_study_counts_nothing():
    assert value_of(observed("went", 200, 260))[0] == 0
    inside, beyond = (value_of(observed("went", first, 30))[0] for first in (0, -60))
    assert beyond == inside > 0


def test_days_of_periods_and_their_overlap():
    starts = np.array(["2021-01-30", "2021-02-01", "2021-03-01"], dtype="datetime64[ns]")
    last = dt.date(2021, 3, 4)
    assert period_days(starts, last).tolist() == [2, 28, 4]
    assert overlap_days(starts, last, dt.date(2021, 1, 31), dt.date(2021, 2, 3)).tolist() == [1, 3, 0]
    assert overlap_days(starts, last, dt.date(2020, 1, 1), dt.date(2022, 1, 1)).tolist() == [2, 28, 4]


# --- reporting ---


def test_without_dispersion_the_published_value_is_the_reported_share_of_the_output():
    model = study([observed("seen_only", 0, 30)], seen_only=flow("go", every="month", reported_share="seen"))
    network, dataset, values, cells = dataset_of(model)
    added = add_observations(dataset, network, cells, values, seed=1)
    expected = 0.8 * dataset["seen_only"].isel(month=0).to_numpy()
    np.testing.assert_allclose(added["observation_predicted"].to_numpy()[:, 0], expected, rtol=1e-14)


def test_with_dispersion_published_values_are_whole_and_more_draws_keep_the_first():
    mean, dispersion = np.full(50, 400.0), np.full(50, 0.1)
    few, many = published_count(mean[:20], dispersion[:20], 7, 11), published_count(mean, dispersion, 7, 11)
    np.testing.assert_array_equal(few, many[:20])
    assert (many == np.floor(many)).all()
    assert len(set(many)) > 30
    assert (published_count(mean, dispersion, 8, 11) != many).any()
    assert (published_count(mean, dispersion, 7, 12) != many).any()
    assert (published_count(np.zeros(5), dispersion[:5], 7, 11) == 0).all()


def test_two_published_figures_of_one_output_have_luck_of_their_own():
    rows = [observed("noisy", 0, 30), observed("noisy", 31, 58)]
    model = study(rows, noisy=flow("go", every="month", dispersion="spread"))
    n_cells = build_network(model).recording.n_cells
    network, dataset, values, cells = dataset_of(model, np.full((3, n_cells), 1000.0))
    predicted = add_observations(dataset, network, cells, values, seed=1)["observation_predicted"].to_numpy()
    assert (predicted[:, 0] != predicted[:, 1]).all()
    again = add_observations(dataset, network, cells, values, seed=1)["observation_predicted"].to_numpy()
    np.testing.assert_array_equal(predicted, again)
    assert (add_observations(dataset, network, cells, values, seed=2)["observation_predicted"].to_numpy() != predicted).any()


def test_a_study_without_published_figures_has_none():
    model = study([])
    network, dataset, values, cells = dataset_of(model)
    added = add_observations(dataset, network, cells, values, seed=1)
    assert added["observation_predicted"].shape == (2, 0)
    assert len(summary_table(added)) == 0
    assert len(coverage_table(added)) == 0


# --- bands and ranges ---


def published(**columns):
    """A Dataset with what 101 draws predict (0, 1 … 100) beside published figures."""
    n = len(next(iter(columns.values())))
    numbers = {name: np.array(columns.get(name, [np.nan] * n), dtype=float) for name in ("value", "low", "high")}
    texts = {name: np.array([""] * n, dtype=object) for name in ("place", "group", "status", "source", "note")}
    of_days = np.datetime64("2021-01-01", "ns") + np.arange(n) * np.timedelta64(1, "D")
    days = dict.fromkeys(("from", "to", "published"), of_days) | {
        name: np.array(columns[name], dtype="datetime64[ns]") for name in ("from", "to", "published") if name in columns
    }
    rows = {**numbers, **texts, **days, "output": np.array(["went"] * n, dtype=object)}
    predicted = np.repeat(np.arange(101.0)[:, None], n, axis=1)
    variables = {"observation_predicted": (("draw", "observation"), predicted)}
    variables |= {f"observation_{name}": (("observation",), column) for name, column in rows.items()}
    return xr.Dataset({**variables, "went": ((), 0.0, {"long_name": "people who went"})})


def test_a_figure_is_inside_a_band_when_some_value_it_allows_is():
    nan = np.nan
    table = summary_table(
        published(
            value=[50, 25, 24, 10, 9, 2, nan, nan, nan],
            low=[nan, nan, nan, nan, nan, nan, 0, 80, 98],
            high=[nan, nan, nan, nan, nan, nan, 30, nan, nan],
        )
    )
    assert table["inside_50"].tolist() == [True, True, False, False, False, False, True, False, False]
    assert table["inside_80"].tolist() == [True, True, True, True, False, False, True, True, False]
    assert table["inside_95"].tolist() == [True, True, True, True, True, False, True, True, False]
    assert table["q50"].tolist() == [50.0] * 9
    assert (table["q2.5"][0], table["q97.5"][0]) == (2.5, 97.5)
    assert table["published"][0] == "2021-01-01"


def test_a_rounded_value_allows_its_range_and_a_range_without_an_end_is_open():
    nan = np.nan
    low, high = published_range(published(value=[100, 100, nan, nan], low=[nan, 50, 70, nan], high=[nan, 150, nan, 90]))
    assert low.tolist() == [100, 50, 70, 0]
    assert high.tolist() == [100, 150, np.inf, 90]


def test_the_coverage_of_an_output_is_the_share_of_its_figures_inside_the_bands():
    table = coverage_table(published(value=[50.0, 24.0, 9.0, 2.0]))
    assert table.loc[0, ["output", "title", "figures"]].tolist() == ["went", "people who went", 4]
    assert table.loc[0, ["inside_50", "inside_80", "inside_95"]].tolist() == [0.25, 0.5, 0.75]
    ranges = coverage_table(published(low=[20.0, 70.0], high=[60.0, 90.0]))
    assert ranges.loc[0, "ratio"] == pytest.approx(100 / (50 + 70))
    assert np.isnan(coverage_table(published(value=[0.0])).loc[0, "ratio"])


def test_a_figure_weighs_as_much_as_the_people_it_counts():
    """Ten small figures that are met must not hide one large figure that is missed."""
    table = coverage_table(published(value=[50.0] * 10 + [5000.0]))
    assert table.loc[0, "ratio"] == pytest.approx(11 * 50 / (10 * 50 + 5000))
    assert np.isnan(table.loc[1, "ratio"]), "people of several outputs are counted several times, so they have no ratio"


def test_of_a_revised_figure_the_last_revision_counts():
    days = {"from": ["2021-01-01"] * 3 + ["2021-02-01"], "to": ["2021-01-31"] * 3 + ["2021-02-28"]}
    when = ["2021-02-05", "2021-06-30", "2021-03-20", "2021-03-05"]
    dataset = published(value=[400.0, 50.0, 300.0, 50.0], published=when, **days)
    table = coverage_table(dataset)
    assert table.loc[0, ["figures", "inside_50"]].tolist() == [2, 1.0]
    known = judged_figures(summary_table(dataset), "2021-02-28")
    assert known["value"].tolist() == [50.0], "a number that was known before is no foresight, however it was revised later"
    assert last_revisions(summary_table(dataset))["first_published"].tolist() == ["2021-02-05", "2021-03-05"]


def test_figures_that_a_fit_has_seen_never_share_a_row_with_the_others():
    dataset = published(value=[50.0, 55.0, 400.0, 5.0], published=["2021-01-05", "2021-02-05", "2021-03-05", "2021-04-05"])
    apart = coverage_table(dataset.assign_attrs(fitted_as_of="2021-02-28"))
    columns = ["output", "seen", "figures", "inside_95"]
    assert apart[columns].to_numpy().tolist() == [
        ["went", True, 2, 1.0],
        ["went", False, 2, 0.5],
        ["", True, 2, 1.0],
        ["", False, 2, 0.5],
    ]
    assert coverage_table(dataset)[columns].to_numpy().tolist() == [["went", False, 4, 0.75], ["", False, 4, 0.75]]


def test_the_figures_of_a_run_stand_beside_what_the_study_published():
    rows = [
        observed("went", 0, 30, place="north", value=12.0),
        observed("left", 3, 3, group="men", low=5.0, high=9.0, note="a few"),
    ]
    model = study(rows)
    walk = start(model, expected=True).to_the_end()
    network, dataset, values, cells = dataset_of(model, walk.cells[None, :])
    table = summary_table(add_observations(dataset, network, cells, values, seed=1))
    assert table["output"].tolist() == ["went", "left"]
    assert table["q50"].tolist() == pytest.approx(
        [9000 * (1 - np.exp(-0.31)), float(dataset["left"].isel(month=0).sel(group="men").sum())]
    )
    assert pd.isna(table["value"][1])
    assert (table["low"][1], table["high"][1]) == (5, 9)


def test_each_draw_has_its_own_luck_whatever_happens_in_the_others():
    """Two scenarios that differ in some draws only: a count there must not decide about the counts of the draws after it."""
    mean, dispersion = np.full(50, 400.0), np.full(50, 0.1)
    other = mean.copy()
    other[:10] = 3.0
    one, two = published_count(mean, dispersion, 7, 11), published_count(other, dispersion, 7, 11)
    assert (two[:10] < 30).all()
    np.testing.assert_array_equal(one[10:], two[10:])


def test_with_the_same_luck_more_people_never_mean_fewer_published():
    dispersion = np.full(200, 0.1)
    few, many = (published_count(np.full(200, mean), dispersion, 7, 11) for mean in (40.0, 44.0))
    assert (many >= few).all()
    assert (many > few).mean() > 0.5
