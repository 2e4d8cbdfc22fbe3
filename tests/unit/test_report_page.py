"""Does the report say what the Dataset holds, hide what must be hidden, and need nothing from outside?"""

import itertools
import json
import os
import re
import stat
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small_run import many_outputs, small_run
from synthetic_run import synthetic_run

from corredor.pages.report.choices import MOST_PANELS, marked_dates, parts_by_group, parts_by_place, total_outputs
from corredor.pages.report.coverage_words import coverage_words
from corredor.pages.report.figure import multiples_figure
from corredor.pages.report.page import render_report, write_report
from corredor.pages.report.published import observations, published_figures, rows_of
from corredor.pages.report.waits import waiting_figures
from corredor.results.coverage import Coverage, coverage, coverage_table
from corredor.results.view import Series, read_run

HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(2)>&\'"'

# Names and dates that the page looks things up by; a study cannot hold hostile text there.
UNTOUCHED = {
    "from",
    "to",
    "date",
    "id",
    "name",
    "side",
    "every",
    "citizenship",
    "kind",
    "region",
    "country",
    "of",
    "at",
    "source",
}


class Page(HTMLParser):
    """Elements of a page: name and attributes, and the text of its tables row by row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._in_cell = tag in ("td", "th") or (self._in_cell and tag not in ("tr", "table"))

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        data = data.replace("\u00a0", " ")
        self.words.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return synthetic_run()


@pytest.fixture(scope="module")
def html(dataset: xr.Dataset) -> str:
    return render_report(dataset)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


class TestOneFile:
    def test_nothing_is_fetched(self, page):
        fetching = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "ping", "manifest"}
        for tag, attributes in page.elements:
            assert tag not in ("iframe", "object", "embed", "img", "base", "form", "video", "audio"), tag
            assert not fetching & set(attributes), (tag, attributes)
            if "href" in attributes and tag != "a":
                assert (tag, attributes["href"]) == ("link", "data:,")

    def test_web_addresses_stand_only_in_links_to_sources(self, html, page):
        links = [a["href"] for tag, a in page.elements if tag == "a" and not a["href"].startswith("#")]
        assert links
        assert html.count("http") == len(links) + html.count("http-equiv")
        assert "url(" not in html
        assert "@import" not in html

    def test_a_policy_forbids_what_is_not_on_the_page(self, page):
        (policy,) = [a["content"] for tag, a in page.elements if tag == "meta" and "http-equiv" in a]
        assert policy.startswith("default-src 'none'; ")
        assert "script-src 'sha256-" in policy

    def test_a_study_of_real_size_stays_under_4_mb(self):
        text = render_report(synthetic_run(draws=100, measures=60, parameters=120, sources=150))
        assert len(text.encode()) < 4_000_000

    def test_the_file_appears_complete_or_not_at_all(self, dataset, tmp_path, monkeypatch):
        target = tmp_path / "report.html"
        target.write_text("the old one")

        def fail(*_: object) -> None:
            raise OSError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", fail)
            with pytest.raises(OSError, match="disk full"):
                write_report(dataset, target)
        assert target.read_text() == "the old one"
        assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
        assert write_report(dataset, target) == target
        assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def test_others_may_read_the_file_as_far_as_the_user_lets_them(self, tmp_path):
        before = os.umask(0o027)
        try:
            target = write_report(small_run([[10, 20, 30]] * 2), tmp_path / "report.html")
        finally:
            os.umask(before)
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    def test_the_same_run_gives_the_same_page_also_from_netcdf(self, dataset, html, tmp_path):
        dataset.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
        with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as read:
            assert render_report(read.load()) == html

    def test_a_dataset_of_something_else_is_refused(self):
        with pytest.raises(ValueError, match="corredor run"):
            render_report(xr.Dataset())


class TestReadingOrder:
    def test_headings_go_down_one_level_at_a_time(self, page):
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))

    def test_every_anchor_exists_once(self, page):
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        wanted = {a["href"][1:] for tag, a in page.elements if tag == "a" and a["href"].startswith("#")}
        assert wanted <= set(ids)

    def test_every_picture_is_described(self, page):
        pictures = [a for tag, a in page.elements if tag == "svg" and a.get("aria-hidden") != "true" and "viewbox" in a]
        assert len(pictures) > 30
        assert all(len(a["aria-label"] or "") > 20 and a["role"] == "img" for a in pictures)

    def test_every_section_of_a_full_study_is_there(self, page):
        sections = [a["id"] for tag, a in page.elements if tag == "section"]
        assert sections == [
            *("headline", "coverage", "where", "sides", "movement", "places", "people", "days", "waited", "dollars"),
            *("measures", "assumed", "moves", "limits", "sources", "provenance"),
        ]

    def test_a_study_without_them_has_neither_the_sections_nor_their_links(self):
        page = Page(render_report(small_run([[10, 20, 30], [20, 30, 40]])))
        sections = {a["id"] for tag, a in page.elements if tag == "section"}
        links = {a["href"][1:] for tag, a in page.elements if tag == "a" and a["href"].startswith("#")}
        assert not {"dollars", "waited", "days", "people", "places"} & (sections | links)
        assert "no output of protection" in page.text


class TestHostileText:
    def test_no_text_of_a_study_becomes_markup(self):
        dataset = synthetic_run(draws=3, title=HOSTILE)
        model = json.loads(dataset.attrs["model"])

        def poison(value):
            if isinstance(value, dict):
                return {key: poison(item) if key not in UNTOUCHED else item for key, item in value.items()}
            if isinstance(value, list):
                return [poison(item) for item in value]
            return value + HOSTILE if isinstance(value, str) else value

        poisoned = poison(model) | {"from": model["from"], "to": model["to"], "transitions": model["transitions"]}
        for place in poisoned["places"]:
            place["name"] += HOSTILE
        poisoned["sources"][0]["url"] = "javascript:alert(1)"
        dataset.attrs |= {
            "model": json.dumps(poisoned),
            "title": HOSTILE,
            "command": HOSTILE,
            "versions": HOSTILE,
            "created": HOSTILE,
        }
        text = render_report(dataset)
        page = Page(text)
        assert text.count("<script") == 1
        assert not [tag for tag, a in page.elements if tag == "img" or any(name.startswith("on") for name in a)]
        assert not [a for tag, a in page.elements if tag == "a" and a["href"].startswith("javascript")]
        assert "alert" in page.text


class TestSmallCells:
    values = ((3, 0, 400), (3, 0, 400), (3, 0, 400))

    def row_of(self, html: str, month: str) -> list[str]:
        return next(row for row in Page(html).rows if row and row[0] == month)

    def test_people_below_five_are_hidden_and_zero_is_not(self):
        html = render_report(small_run(self.values))
        assert self.row_of(html, "Jan 2021")[1:] == ["<5", "<5", "<5", "<5"]
        assert self.row_of(html, "Feb 2021")[1:] == ["0", "0", "0", "0"]
        assert self.row_of(html, "Mar 2021")[1] == "400"

    def test_they_are_shown_when_asked_for(self):
        html = render_report(small_run(self.values), suppress_small=False)
        assert self.row_of(html, "Jan 2021")[1:] == ["3", "3", "3", "3"]

    def test_published_figures_below_five_are_hidden_too(self):
        run = small_run(self.values, value=4.0, predicted=[3, 3, 3], **{"from": "2021-01-01", "to": "2021-01-31"})
        html = render_report(run)
        assert self.row_of(html, "Jan 2021")[-1] == "<5"
        assert "published for 1 Jan 2021 – 31 Jan 2021: &lt;5" in html

    def test_days_and_dollars_are_not_people(self, page):
        assert any(row and re.fullmatch(r"\$\d.*", row[-1]) for row in page.rows)


class TestPublished:
    def figures(self, dataset: xr.Dataset):
        run = read_run(dataset)
        return published_figures(run, observations(run), Series("stops"))

    def test_a_figure_for_one_period_stands_in_its_middle(self):
        run = small_run([[10, 20, 30]] * 2, value=25, predicted=[20, 20], **{"from": "2021-02-01", "to": "2021-02-28"})
        (figure,) = self.figures(run)
        assert (figure.value, figure.middle, figure.averaged) == (25, np.datetime64("2021-02-15", "ns"), False)

    def test_a_figure_for_three_periods_is_drawn_at_its_average(self):
        run = small_run([[10, 20, 30]] * 2, value=66, predicted=[60, 60], **{"from": "2021-01-01", "to": "2021-03-31"})
        (figure,) = self.figures(run)
        assert (figure.value, figure.averaged) == (22, True)

    def test_a_figure_for_half_a_period_is_scored_but_not_drawn(self):
        run = small_run([[10, 20, 30]] * 2, value=9, predicted=[10, 10], **{"from": "2021-02-01", "to": "2021-02-14"})
        assert self.figures(run) == []
        assert "1 figure for part of a month is scored but not drawn" in Page(render_report(run)).text

    def test_what_would_be_published_is_drawn_where_it_differs(self):
        same = small_run([[10, 20, 30]] * 5, value=25, predicted=[20] * 5, **{"from": "2021-02-01", "to": "2021-02-28"})
        third = small_run(
            [[10, 200, 30]] * 5, value=70, predicted=[60, 65, 70, 75, 80], **{"from": "2021-02-01", "to": "2021-02-28"}
        )
        assert np.isnan(self.figures(same)[0].expected_low)
        assert (self.figures(third)[0].expected_low, self.figures(third)[0].expected_high) == (62, 78)

    def test_a_total_is_summed_from_parts_where_all_were_published(self, dataset):
        run = read_run(dataset)
        series = Series("us_apprehensions")
        figures = published_figures(run, observations(run), series)
        rows = observations(run)
        january = rows[(rows["output"] == "us_apprehensions") & (rows["first"] == "2018-01-01")]
        assert len(figures) == 21
        assert figures[3].value == january["value"].sum()
        assert figures[3].text.startswith("sum of 9 published parts")

    def test_a_series_counts_like_its_observations(self, dataset):
        run = read_run(dataset)
        kinds = [run.draws(Series("us_apprehensions_by_group", group=kind)) for kind in ("adult", "family", "child")]
        assert np.allclose(sum(kinds), run.draws(Series("us_apprehensions_by_group")))
        san_diego = run.draws(Series("us_apprehensions", place="san_diego"))
        assert np.array_equal(san_diego, dataset["us_apprehensions"].sel(place="tijuana").to_numpy())


class TestCoverage:
    def table(self, value: float, low: float = np.nan, high: float = np.nan, draws: int = 101) -> pd.DataFrame:
        predicted = list(np.arange(float(draws)))
        values = [[0.0, x, 0.0] for x in predicted]
        dates = {"from": "2021-02-01", "to": "2021-02-28"}
        return observations(read_run(small_run(values, value=value, low=low, high=high, predicted=predicted, **dates)))

    @pytest.mark.parametrize(
        ("value", "low", "high", "inside", "ratio"),
        [
            (50, np.nan, np.nan, (1, 1, 1), 1.0),
            (80, np.nan, np.nan, (0, 1, 1), 0.625),
            (92, np.nan, np.nan, (0, 0, 1), 50 / 92),
            (200, np.nan, np.nan, (0, 0, 0), 0.25),
            (np.nan, 40, 60, (1, 1, 1), 1.0),
            (np.nan, 100, 400, (0, 0, 0), 0.5),
            (np.nan, 25, np.nan, (1, 1, 1), 1.0),
        ],
    )
    def test_a_figure_is_inside_a_band_when_its_range_touches_it(self, value, low, high, inside, ratio):
        held = coverage(self.table(value, low, high))
        assert (held.inside_50, held.inside_80, held.inside_95) == inside
        assert held.ratio == pytest.approx(ratio)

    def test_what_goes_badly_is_named(self, dataset):
        run = read_run(dataset)
        words = coverage_words(run, observations(run))
        assert any(sentence.startswith("Border Patrol apprehensions, Ojinaga: ") for sentence in words.badly)
        assert any("of what was published" in sentence for sentence in words.badly)

    def test_the_numbers_in_words_are_those_of_the_table(self, dataset, page):
        run = read_run(dataset)
        observed = observations(run)
        row = next(row for row in page.rows if row[:2] == ["People returned by Mexico", "21"])
        held = coverage(rows_of(observed, Series("returns")))
        assert isinstance(held, Coverage)
        assert row[3] == f"{100 * held.inside_80 / 21:.0f} %"

    def test_the_page_and_the_table_of_terminal_and_json_agree(self, dataset, page):
        table = coverage_table(dataset)
        assert len(table) > 5 and table["title"].iloc[-1] == "all"
        for row in table.itertuples():
            shares = [f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95)]
            written = [row.title, str(row.figures), *shares, f"{row.ratio:.2f}" if row.title != "all" else "–"]
            assert any(cells[: len(written)] == written for cells in page.rows), written

    def test_figures_that_the_fit_has_seen_stand_apart_on_the_whole_page(self, dataset):
        attrs = {"fitted": 1, "fitted_as_of": "2018-12-10", "fitted_draws": 5, "fitted_method": "x", "fitted_fingerprint": "f"}
        page = Page(render_report(dataset.assign_attrs(attrs)))
        heads = next(row for row in page.rows if "seen by the fit" in row)
        kept = [
            row
            for row in page.rows
            if len(row) == len(heads) and row[0] == "People returned by Mexico" and row[1] in ("yes", "no")
        ]
        assert [row[1:3] for row in kept] == [["yes", "14"], ["no", "7"]]
        seen, unseen = "of 14 published figures that the fit has seen", "of 7 published figures that it has not"
        assert re.search(rf"holds \d+ {seen} and \d+ {unseen}", page.text)
        assert "The other" in page.text and "it has not seen:" in page.text

    def test_one_source_and_parameters_that_all_rest_on_judgement_are_told_as_such(self, dataset):
        model = json.loads(dataset.attrs["model"])
        for parameter in model["parameters"]:
            parameter |= {"basis": "assumption", "source": []}
        text = Page(render_report(dataset.assign_attrs(model=json.dumps(model)))).text
        assert (
            f"All {len(model['parameters'])} parameters rest on judgement and on no figure." in text and "The others" not in text
        )
        assert not re.search(r"\b1 sources", text)

    def test_a_study_without_published_figures_says_that_nothing_was_checked(self):
        assert "nothing here has been checked" in Page(render_report(small_run([[10, 20, 30]] * 2))).text

    def test_priors_that_were_fitted_to_several_cases_are_no_untuned_ones(self, dataset):
        model = json.loads(dataset.attrs["model"])
        model["parameters"][0]["basis"] = "fitted"
        text = Page(render_report(dataset.assign_attrs(model=json.dumps(model)))).text
        assert "Nothing was tuned" not in text and "priors were fitted to figures of several cases" in text
        assert "fitted to several cases" in text

    def test_fitted_and_unfitted_runs_say_so(self, dataset, page):
        assert "Nothing was tuned to these figures" in page.text
        fitted = dataset.assign_attrs(fitted=1)
        text = Page(render_report(fitted)).text
        assert "Nothing was tuned" not in text
        assert "this shows fit, not foresight" in text


class TestChoices:
    def test_totals_leave_out_routes_waits_and_repeats(self, dataset):
        chosen = total_outputs(read_run(dataset))
        assert "us_apprehensions" in chosen
        assert not {"route_flow", "days_waited", "port_wait"} & set(chosen)
        twice = dataset.assign(
            us_apprehensions_by_group=dataset["us_apprehensions"].sum("place").assign_attrs(dataset["returns"].attrs)
        )
        assert "us_apprehensions_by_group" not in total_outputs(read_run(twice))

    def test_two_outputs_of_nothing_are_both_shown(self):
        nothing = many_outputs({"control": 2}).map(lambda array: array * 0, keep_attrs=True)
        assert total_outputs(read_run(nothing)) == ["control_0", "control_1"]

    def test_places_with_published_figures_come_first_and_not_too_many(self, dataset):
        run = read_run(dataset)
        parts = parts_by_place(run, observations(run), "us_apprehensions")
        assert parts is not None
        assert len(parts.series) == 9
        crowd = dataset.assign(departures=dataset["us_apprehensions"].fillna(1.0).assign_attrs(dataset["departures"].attrs))
        many = parts_by_place(read_run(crowd), observations(run), "departures")
        assert many is not None
        assert len(many.series) == MOST_PANELS
        assert many.left_out == f"Not drawn: {crowd.sizes['place'] - MOST_PANELS} more, smaller or empty."

    def test_groups_are_shown_by_citizenship_and_by_kind(self, dataset):
        parts = parts_by_group(read_run(dataset), "us_apprehensions_by_group")
        assert [(p.words, len(p.series)) for p in parts] == [("by citizenship", 5), ("by kind", 3)]

    def test_outputs_come_in_the_order_of_the_dataset(self, dataset):
        names = list(reversed(list(dataset.data_vars)))
        assert list(read_run(dataset[names]).outputs) == [name for name in names if name in read_run(dataset).outputs]

    def test_control_and_protection_show_equally_many_figures_at_once(self):
        run = many_outputs({"control": 8, "protection": 11})
        page = Page(render_report(run))
        assert "More: 2 of control, 5 of protection" in page.text

    def test_what_can_be_checked_is_seen_before_what_cannot(self, dataset, page):
        crowd = {f"other_{i}": dataset["us_apprehensions"].copy() for i in range(3)}
        model = json.loads(dataset.attrs["model"])
        model["outputs"] |= {name: model["outputs"]["us_apprehensions"] | {"title": name} for name in crowd}
        text = Page(render_report(dataset.assign(crowd).assign_attrs(model=json.dumps(model)))).text
        assert "2 more, without published figures" in text
        assert "2 more, without published figures" not in page.text

    def test_daily_panels_show_the_same_days(self, dataset):
        run = read_run(dataset)
        parts = parts_by_place(run, observations(run), "in_shelter")
        assert parts is not None
        figure = multiples_figure(run, observations(run), parts, "id", "title")
        assert figure.table is not None
        days = [
            {row[1] for row in figure.table.rows if row[0] == name} for name in ("Benito Juárez shelter", "El Barretal shelter")
        ]
        assert days[0] == days[1]
        assert any("nearly nothing before and after" in note for note in figure.notes)

    def test_few_dates_get_a_letter_in_their_order(self, dataset):
        marks = marked_dates(read_run(dataset))
        assert 3 <= len(marks) <= 6
        assert [mark.letter for mark in marks] == list("ABCDEF"[: len(marks)])
        assert [mark.date for mark in marks] == sorted(mark.date for mark in marks)

    def test_a_letter_marks_the_beginning_of_a_programme_and_not_its_extension(self, dataset):
        """A programme that acts on most gets its letter where it begins, though its extension has more actions."""
        model = json.loads(dataset.attrs["model"])
        blank = model["measures"][0] | {"agreement": "", "to": ""}
        begun = ["opens “sent back to wait”", "“sent back to wait”: log effect x"]
        model["measures"] = [
            blank | {"id": "cards", "title": "Cards", "from": "2019-01-20", "acts_on": ["opens “ask for a card”"] * 3},
            blank | {"id": "extended", "title": "Extended", "from": "2019-04-12", "acts_on": [*begun, "opens “more”"]},
            blank | {"id": "begun", "title": "Begun", "from": "2019-01-29", "acts_on": begun},
        ]
        marks = {mark.title for mark in marked_dates(read_run(dataset.assign_attrs(model=json.dumps(model | {"events": []}))))}
        assert marks == {"Begun"}, "the cards begin too near to it, and the extension is part of it"

    def test_measures_of_other_programmes_stay_apart(self, dataset):
        model = json.loads(dataset.attrs["model"])
        blank = model["measures"][0] | {"agreement": "", "to": ""}
        model["measures"] = [
            blank | {"id": "a", "title": "A", "from": "2018-03-01", "acts_on": ["“stopped”: log effect police"]},
            blank | {"id": "b", "title": "B", "from": "2018-12-01", "acts_on": ["“stopped”: log effect surge"]},
        ]
        marks = {mark.title for mark in marked_dates(read_run(dataset.assign_attrs(model=json.dumps(model | {"events": []}))))}
        assert marks == {"A", "B"}


class TestSections:
    def test_made_up_studies_carry_a_banner_and_others_do_not(self, dataset, page):
        assert "The figures of this study are made up." in page.text
        model = json.loads(dataset.attrs["model"]) | {"made_up": False}
        text = Page(render_report(dataset.assign_attrs(model=json.dumps(model)))).text
        assert "are made up" not in text

    def test_measures_that_act_on_nothing_say_so(self, page):
        without = [row for row in page.rows if "on record, no effect in the model" in " ".join(row)]
        assert len(without) == 4
        assert "14 measures, of which 4 are on record without effect" in page.text

    def test_judgement_comes_before_cited_figures(self, html):
        assert html.index('class="badge assumption">') < html.index('class="badge literature">')
        assert html.count('<span class="badge assumption">') == 6 + 1

    def test_every_parameter_and_source_is_listed(self, page):
        assert sum("parameter_" in row[0] for row in page.rows if row) == 24
        assert {a["id"] for _, a in page.elements if a.get("id", "").startswith("source-")} == {
            f"source-{i}" for i in range(1, 21)
        }

    def test_waits_are_shares_of_those_served(self, dataset):
        (figure,) = waiting_figures(read_run(dataset))
        assert figure.table is not None
        shares = [float(row[1].removesuffix(" %")) for row in figure.table.rows]
        assert sum(shares) == pytest.approx(100, abs=4)
        assert figure.table.rows[-1][0].endswith("or more")

    def test_flows_of_the_map_are_medians_of_sums(self, dataset, page):
        total = float(dataset["route_flow"].sel(route="suchiate>tapachula").sum("month").median())
        row = next(row for row in page.rows if row[:2] == ["Tecún Umán – Ciudad Hidalgo", "Tapachula"])
        assert row[2] == f"{total:,.0f}"

    def test_a_single_run_claims_no_certainty(self, dataset):
        text = render_report(dataset.isel(draw=[0]).assign_attrs(expected=1, draws=1))
        page = Page(text)
        assert "It shows a single run, so it cannot say how sure." in page.text
        assert "in 8 of 10 simulations" not in page.text
        assert not any("80 %" in row for row in page.rows if len(row) > 2)

    def test_the_citation_names_study_seed_and_version(self, page):
        assert (
            "A. Person, B. Person (2025): A made-up winter on the road north. Simulation report, corredor 0.1.0, "
            "study 0f0f0f0f0f0f, seed 7, 60 draws."
        ) in page.text

    def test_no_people_were_lost_is_said_in_numbers(self, page):
        assert "People lost or made by the arithmetic 0" in page.text
