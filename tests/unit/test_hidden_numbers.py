"""Which numbers of a run and of published figures are not shown; an attacker who subtracts tries all that is."""

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small_run import base_run, monthly_run, small_run

from corredor import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.effects import Comparison
from corredor.exchange.export.tidy import write_tidy
from corredor.exchange.hubverse.write import shown_figures
from corredor.exchange.share import write_share
from corredor.pages.artefacts.comparison import comparison_table
from corredor.pages.report.comparison_figures import parts_figure, time_figure
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.report.page import render_report
from corredor.pages.report.routes import route_map
from corredor.results.hidden_numbers import Guarded, hidden_figures, shown_effects, shown_summary
from corredor.results.view import SMALL_SHOWN, Series, read_run
from corredor.results.wording import too_few


def run_of(values: dict[str, np.ndarray], places=("a", "b", "c")) -> xr.Dataset:
    """Outputs in one draw, by month and place if they have two axes."""
    months = pd.date_range("2021-01-01", periods=3, freq="MS")
    attrs = {"units": "people", "cell_methods": "month: sum", "long_name": "x", "side": "movement"}
    model = json.loads(base_run().attrs["model"])
    named = [
        {"id": name, "name": name, "country": "one" if name < "c" else "two", "region": "", "lat": 0, "lon": 0} for name in places
    ]
    model |= {
        "outputs": {name: {"title": name, "side": "movement", "every": "month", "by": [], "unit": "people"} for name in values}
    }
    variables = {name: (("draw", "month", "place")[: value.ndim + 1], value[None], attrs) for name, value in values.items()}
    made = xr.Dataset(variables, coords={"month": months, "place": list(places), "draw": [0]})
    return made.assign_attrs(base_run().attrs | {"model": json.dumps(model | {"places": named, "accounts": {}})})


BY_PLACE = np.array([[3.0, 20.0, 30.0], [40.0, 50.0, 60.0], [12.0, 13.0, 14.0]])


def test_a_small_count_takes_others_of_its_place_and_month_along():
    hidden = Guarded(run_of({"x": BY_PLACE})).hidden("x")
    assert hidden.astype(int).to_numpy().tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 0]]


def test_an_output_that_is_the_total_of_another_hides_what_the_other_must():
    """Two places, one with 3 and one with none: the total of that month is the 3, so that the output of totals hides it too."""
    by_place = np.array([[3.0, 0.0], [40.0, 50.0], [12.0, 13.0]])
    guarded = Guarded(run_of({"x": by_place, "all": by_place.sum(axis=1)}, places=("a", "b")))
    assert guarded.hidden("all").to_numpy().tolist()[0]
    assert guarded.hidden_in(Series("x")).tolist() == guarded.hidden("all").to_numpy().tolist()


def test_a_series_of_a_place_or_country_knows_its_hidden_periods():
    guarded = Guarded(run_of({"x": BY_PLACE}))
    assert guarded.hidden_in(Series("x", "a")).tolist() == [True, False, True]
    assert guarded.hidden_in(Series("x", "c")).tolist() == [False, False, False]
    assert guarded.hidden_in(Series("x", "one")).tolist() == [False, False, False]
    assert guarded.hidden_in(Series("x")).tolist() == [False, False, False]


def test_days_are_hidden_where_the_months_of_them_would_tell():
    days = pd.date_range("2021-01-01", periods=59)
    values = np.where(np.arange(59) == 3, 2.0, 30.0)
    attrs = {"units": "people", "cell_methods": "day: sum", "long_name": "x"}
    model = json.loads(base_run().attrs["model"]) | {"outputs": {"x": {"title": "x", "side": "movement"}}, "accounts": {}}
    made = xr.Dataset({"x": (("draw", "day"), values[None], attrs)}, coords={"day": days}).assign_attrs(model=json.dumps(model))
    hidden = Guarded(made).hidden("x").to_numpy()
    assert hidden[3] and hidden[:31].sum() == 2 and not hidden[31:].any()


def with_words(dataset: xr.Dataset, outputs: dict[str, dict], accounts: dict[str, dict] | None = None) -> xr.Dataset:
    """The same with more words on its outputs, and accounts."""
    model = json.loads(dataset.attrs["model"])
    described = {
        name: {**words, **outputs.get(name, {})} for name, words in model["outputs"].items() if name not in (accounts or {})
    }
    return dataset.assign_attrs(model=json.dumps(model | {"outputs": described, "accounts": accounts or {}}))


def test_a_sum_of_outputs_hides_what_its_parts_hide():
    """Of 3 in camps and 50 in halls the sum is 53: with the halls shown it tells the camps."""
    camps, halls = np.array([3.0, 40.0, 50.0]), np.array([50.0, 60.0, 70.0])
    dataset = with_words(
        run_of({"camps": camps, "halls": halls, "there": camps + halls}), {"there": {"sum_of": ["camps", "halls"]}}
    )
    guarded = Guarded(dataset)
    assert guarded.hidden("camps").to_numpy().tolist() == [True, True, False] and not guarded.hidden("halls").any()
    assert guarded.hidden("there").to_numpy().tolist() == [True, True, False]


def test_dollars_of_hidden_people_are_hidden(tmp_path):
    people = np.array([3.0, 40.0, 50.0])
    dataset = with_words(
        run_of({"people": people, "fares": 35 * people}),
        {},
        {"fares": {"title": "f", "actor": "a", "of": "people"}},
    )
    dataset["fares"].attrs["units"] = "USD"
    assert Guarded(dataset).hidden("fares").to_numpy().tolist() == [True, True, False]
    table = pd.read_csv(next(path for path in write_tidy(dataset, tmp_path, "csv") if path.stem == "fares"))
    assert table["mean"].isna().tolist() == table["q50"].isna().tolist() == [True, True, False]


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return simulate("two-towns", draws=8)


def test_no_subtraction_over_rows_columns_or_outputs_tells_a_small_mean(run, tmp_path):
    """From every table: the total of an output (of any other table that has it) less the other parts."""
    means = {path.stem: pd.read_csv(path) for path in write_tidy(run, tmp_path, "csv")}
    pinned = []
    for name, table in means.items():
        array = run[name].mean("draw")
        if run[name].attrs["units"] != "people":
            continue
        true = array.to_numpy().ravel()
        shown = table["mean"].to_numpy()
        assert not too_few(np.nan_to_num(shown)).any(), name
        dims = list(array.dims)
        frame = table.assign(true=true[~np.isnan(true)], hidden=np.isnan(shown))
        for kept in itertools.chain.from_iterable(itertools.combinations(dims, n) for n in range(len(dims))):
            for _, rows in frame.groupby(list(kept)) if kept else [((), frame)]:
                if (
                    len(rows) > 1
                    and rows["hidden"].sum() == 1
                    and not (str(run[name].attrs["cell_methods"]).endswith("mean") and dims[0] not in kept)
                ):
                    pinned.append((name, kept))
    assert pinned == []


def test_the_table_of_a_comparison_hides_a_count_in_both_scenarios():
    dataset = compare("two-towns", without="bridge_patrols", draws=4)
    full = comparison_table(dataset)
    shown = shown_effects(dataset, full)
    small = (full["unit"] == "people") & (
        too_few(full["with"].fillna(0).to_numpy()) | too_few(full["without"].fillna(0).to_numpy())
    )
    assert small.any() and shown[small][["with", "without", "mean", "median", "low95"]].isna().all(axis=None)
    for (_, by), rows in shown[shown["unit"] == "people"].groupby(["output", "by"]):
        hidden = rows["with"].isna() & rows["output"].ne("people_at_end")
        assert by in ("total", "status") or hidden.sum() != 1 or len(rows) == 1, (rows["output"].iloc[0], by)


class TestPublishedFigures:
    """Rows of `summary_table`, by place and group, of January."""

    def table(self, *rows: tuple[str, str, float]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=["place", "group", "value"])
        return frame.assign(**{"output": "x", "from": "2021-01-01", "to": "2021-01-31", "low": np.nan, "high": np.nan})

    def hidden(self, *rows: tuple[str, str, float]) -> list[bool]:
        return hidden_figures(read_run(run_of({"x": BY_PLACE})), self.table(*rows)).tolist()

    def test_with_a_total_another_place_is_hidden(self):
        assert self.hidden(("a", "", 3), ("b", "", 30), ("c", "", 90), ("", "", 123)) == [True, True, False, False]

    def test_with_the_figure_of_its_country_another_place_of_it_is_hidden(self):
        assert self.hidden(("a", "", 3), ("b", "", 90), ("c", "", 30), ("one", "", 93), ("", "", 123)) == [
            True,
            True,
            False,
            False,
            False,
        ]

    def test_alone_in_its_total_the_total_is_hidden(self):
        assert self.hidden(("a", "", 3), ("b", "", 0), ("", "", 3)) == [True, False, True]

    def test_the_other_days_stay(self):
        table = pd.concat(
            [
                self.table(("a", "", 3), ("b", "", 30)),
                self.table(("a", "", 50), ("b", "", 30)).assign(**{"from": "2021-02-01", "to": "2021-02-28"}),
            ]
        )
        run = read_run(run_of({"x": BY_PLACE}))
        assert hidden_figures(run, table.reset_index(drop=True)).tolist() == [True, True, False, False]

    def test_a_figure_for_more_days_of_the_series_is_hidden_too(self):
        """40 and 3 and 50 in three months, 93 in the quarter."""
        months = [("2021-01-01", "2021-01-31", 40), ("2021-02-01", "2021-02-28", 3), ("2021-03-01", "2021-03-31", 50)]
        rows = [*months, ("2021-01-01", "2021-03-31", 93), ("2021-01-01", "2021-03-31", 70)]
        tables = [
            self.table(("a" if n < 4 else "b", "", row[2])).assign(**{"from": row[0], "to": row[1]}) for n, row in enumerate(rows)
        ]
        hidden = hidden_figures(read_run(run_of({"x": BY_PLACE})), pd.concat(tables, ignore_index=True))
        assert hidden.tolist() == [False, True, False, True, False]

    def test_what_is_hidden_with_a_small_one_is_hidden_in_more_days_too(self):
        """With b's quarter less its other months b's month is known, and with it a's."""
        months = [("2021-01-01", "2021-01-31"), ("2021-02-01", "2021-02-28"), ("2021-03-01", "2021-03-31")]
        rows = {"a": (40, 3, 50), "b": (60, 30, 70), "c": (90, 80, 95), "": (190, 113, 215)}
        tables = [
            self.table(*((of, "", rows[of][n]) for of in rows)).assign(**{"from": f, "to": t}) for n, (f, t) in enumerate(months)
        ]
        quarter = self.table(("b", "", 160), ("c", "", 265)).assign(**{"from": "2021-01-01", "to": "2021-03-31"})
        hidden = hidden_figures(read_run(run_of({"x": BY_PLACE})), pd.concat([*tables, quarter], ignore_index=True))
        assert hidden.tolist() == [*4 * [False], True, True, False, False, *4 * [False], True, False]

    def test_what_a_longer_figure_counts_more_than_a_shorter_one_is_no_small_count(self):
        """From the year's first day on: 40 by January, 43 by February."""
        table = pd.concat([self.table(("a", "", 40)), self.table(("a", "", 43)).assign(to="2021-02-28")], ignore_index=True)
        assert hidden_figures(read_run(run_of({"x": BY_PLACE})), table).tolist() == [False, True]

    def test_a_small_count_that_was_revised_is_hidden_with_the_total_of_then(self):
        """First 3, 30 and 33, then 12, 30 and 42."""
        rows = [("a", "", 3), ("b", "", 30), ("c", "", 90), ("", "", 123), ("a", "", 12), ("", "", 132)]
        assert self.hidden(*rows) == [True, True, False, False, True, False]

    def test_a_range_of_few_people_hides_others_as_a_small_count_does(self):
        table = self.table(("a", "", np.nan), ("b", "", 30), ("c", "", 90), ("", "", 123))
        table.loc[0, ["low", "high"]] = 1.0, 4.0
        assert hidden_figures(read_run(run_of({"x": BY_PLACE})), table).tolist() == [True, True, False, False]

    def test_a_total_that_tells_a_place_of_few_that_was_not_published_is_hidden(self):
        assert self.hidden(("a", "", 40), ("b", "", 30), ("", "", 73)) == [False, False, True]
        assert self.hidden(("a", "", 40), ("b", "", 30), ("", "", 78)) == [False, False, False]

    def test_of_two_axes_a_rectangle_is_hidden(self):
        rows = [("a", "g", 2), ("a", "h", 20), ("b", "g", 30), ("b", "h", 40), ("c", "g", 50), ("c", "h", 60)]
        assert self.hidden(*rows, ("a", "", 22)) == [True, True, True, True, False, False, False]

    def test_the_summary_leaves_them_empty(self):
        dataset = small_run([[10, 20, 3]], **{"from": "2021-03-01", "to": "2021-03-31", "value": 3.0, "predicted": [3.0]})
        row = shown_summary(dataset).iloc[0]
        assert math.isnan(row["value"]) and math.isnan(row["q50"])
        row = shown_summary(dataset.assign_attrs({SMALL_SHOWN: "made-up figures"})).iloc[0]
        assert (row["value"], row["q50"]) == (3.0, 3.0)


def test_a_page_of_one_draw_hides_what_could_be_subtracted_and_of_many_only_small_ones():
    one = monthly_run({"stops": {"draws": [[40.0, 3.0, 50.0, 12.0]]}})
    text = render_report(one)
    assert "<5" not in text and "&lt;5</td>" not in text
    assert text.count("a number from which so few could be worked out") == 1
    many = monthly_run({"stops": {"draws": [[40.0, 3.0, 50.0, 12.0], [41.0, 3.0, 51.0, 13.0]]}})
    assert "&lt;5</td>" in render_report(many)
    assert "a number from which so few could be worked out" in render_report(many, to_be_passed_on=True)


def test_the_routes_of_a_page_of_one_draw_do_not_tell_a_small_one_by_their_total():
    months = pd.date_range("2021-01-01", periods=2, freq="MS")
    people = np.array([[[3.0, 40.0, 60.0], [0.0, 50.0, 70.0]]])
    attrs = {"units": "people", "cell_methods": "month: sum", "long_name": "moves", "side": "movement"}
    dataset = run_of({"moves": BY_PLACE}).drop_vars(["moves", "month", "place"])
    dataset["moves"] = (("draw", "month", "route"), people, attrs)
    dataset = dataset.assign_coords(month=months, route=["a>b", "b>c", "a>c"])
    figure = route_map(Guarded(dataset))
    assert figure is not None and figure.table is not None
    assert figure.table.rows == [["a", "c", "130"], ["b", "c", "–"], ["a", "b", "–"]]
    assert "b → c" not in str(figure.picture.wide)


class TestPageOfAComparison:
    """Of families 3 with and 18 without the patrols, of adults 240 and 300."""

    @pytest.fixture
    def dataset(self) -> xr.Dataset:
        made = compare("two-towns", without="bridge_patrols", draws=2)
        level = {("with", "families"): 0.5, ("without", "families"): 3.0, ("with", "adults"): 40.0, ("without", "adults"): 50.0}
        for (scenario, group), people in level.items():
            made["stopped"].loc[{"scenario": scenario, "group": group}] = people
        return made

    def test_a_level_and_the_difference_do_not_tell_the_other_level(self, dataset):
        found = Comparison(dataset)
        figure = parts_figure(found, read_run(dataset.sel(scenario="with")), "stopped")
        cells = {row[0]: row[1:7] for row in figure.table.rows}
        assert cells["Parents with children"] == ["–", "<5", "–", "–", "–", "–"]
        assert cells["Adults travelling alone"] == ["–"] * 6, "with the total of both they tell the families"
        assert figure.picture is None, "nothing is left to be drawn"
        assert ">318</td>" in render_comparison(dataset), "the total is there"

    def test_months_tell_neither(self, dataset):
        few = dataset.copy(deep=True)
        few["stopped"].loc[{"scenario": "with", "month": "2021-03-01"}] = 1.0
        figure = time_figure(Comparison(few), read_run(few.sel(scenario="with")), "stopped")
        hidden = [row for row in figure.table.rows if "–" in row]
        assert ["Mar\u00a02021", "–", "<5", "–", "–", "–"] in hidden and len(hidden) == 2

    def test_a_reason_shows_them(self, dataset):
        page = render_comparison(dataset.assign_attrs({SMALL_SHOWN: "made-up figures"}))
        parts = page.split('id="parts-stopped"')[1].split("</figure>")[0]
        assert ">18</td>" in parts and ">3</td>" in parts and "−15" in parts

    def test_csv_and_page_hide_the_same(self, dataset):
        table = comparison_table(dataset)
        shown = shown_effects(dataset, table)
        hidden = set(
            shown[shown["with"].isna() & table["with"].notna()][["output", "by", "of"]].itertuples(index=False, name=None)
        )
        assert hidden == Comparison(dataset).unshown & set(table[["output", "by", "of"]].itertuples(index=False, name=None))


def test_a_reason_shows_them_and_stands_on_the_page():
    one = monthly_run({"stops": {"draws": [[40.0, 3.0, 50.0, 12.0]]}}).assign_attrs({SMALL_SHOWN: "made-up <figures>"})
    text = render_report(one)
    assert "because: made-up &lt;figures&gt;" in text and "a number from which" not in text and ">3</td>" in text


def test_what_may_be_passed_on_holds_no_draw_and_no_name_of_the_machine(run, tmp_path):
    run = run.assign_attrs(command="corredor run two-towns --out /srv/somebody/secret", created="2021-07-01T00:00:00+00:00")
    folder = write_share(run, tmp_path)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix() for path in files}
    assert {"report.html", "summary.csv", "manifest.json", "ro-crate-metadata.json", "tables/arrivals.csv"} <= names
    assert not any(name.endswith((".nc", ".npz")) for name in names)
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "somebody" not in text and str(tmp_path) not in text, path.name
        if path.suffix == ".csv":
            assert "draw" not in pd.read_csv(path).columns
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["study"] == "two-towns"


def test_hubs_get_no_published_figure_of_few_people(run):
    months = ["2021-01-31"] * 3 + ["2021-02-28"] * 3
    figures = pd.DataFrame({"target_end_date": months, "target": "stopped", "location": "total"})
    figures = figures.assign(group=["adults", "families", "total"] * 2, observation=[3, 20, 23, 30, 20, 50])
    kept = shown_figures(figures, run)
    assert kept["observation"].tolist() == [23, 30, 20, 50]
    assert len(shown_figures(figures, run.assign_attrs({SMALL_SHOWN: "made-up figures"}))) == 6
