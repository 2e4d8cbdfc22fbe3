"""Does every reader find the numbers that stand in its file? Made-up samples in the publishers' layouts, read by eye."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from published import read, sample, values
from sheets import CUADRO, CUADRO_WITH_SUB_COLUMNS, xls, xlsx

from corredor.exchange.readers.calendar import english_month, spanish_month, written_date, written_period
from corredor.exchange.readers.formats import FORMATS
from corredor.exchange.written_numbers import number_in
from corredor.study.calendar import month_period
from corredor.study.reading.plain_values import number as plain_number
from corredor.study.reading.yaml_file import resolve


@pytest.mark.parametrize("text", ["-0", "-0.0", "-.0"])
def test_minus_zero_is_zero(text):
    assert [math.copysign(1, found) for found in (number_in(text), plain_number(text), resolve(text))] == [1, 1, 1]


def test_cbp_counts_by_month_of_the_calendar_and_not_of_the_fiscal_year():
    found = values(read("cbp", "cbp-fy21-feb.csv"), "area", "component", "demographic")
    patrol = "U.S. Border Patrol"
    assert found["encounters", "North Gate", patrol, "Single Adults", "2021-01-01", "2021-01-31"] == 1200
    assert found["encounters", "North Gate", "Office of Field Operations", "FMUA", "2021-01-01", "2021-01-31"] == 5
    assert found["encounters", "North Gate", patrol, "FMUA", "2019-10-01", "2019-10-31"] == 7  # October of the fiscal year 2020
    assert sum(found.values()) == 1200 + 34 + 5 + 40 + 0 + 7


def test_cbp_by_state_with_the_older_name_of_citizenship_and_an_empty_count():
    reading = read("cbp", "cbp-state.csv")
    assert values(reading, "state", "citizenship") == {("encounters", "TX", "ALDIA", "2020-12-01", "2020-12-31"): 12}
    assert reading.remarks == ("1 rows without a count left out",)


def test_unhcr_csv_below_its_notes():
    reading = read("unhcr", "unhcr-population.csv")
    assert values(reading, "origin", "asylum") == {
        ("refugees", "Aldia", "Boria", "2019-12-31", "2019-12-31"): 1500,
        ("refugees", "Aldia", "Boria", "2020-12-31", "2020-12-31"): 1650,
        ("asylum_seekers", "Aldia", "Boria", "2020-12-31", "2020-12-31"): 2340,
        ("returned_idps", "Aldia", "Boria", "2020-01-01", "2020-12-31"): 12,
    }
    assert reading.remarks == ("1 small numbers that UNHCR does not publish left out",)
    assert {figure.line for figure in reading.figures} == {7, 8}


def test_unhcr_csv_without_notes_is_the_same():
    content = sample("unhcr-population.csv")
    bare = content[content.index(b"Year,") :]
    assert values(read("unhcr", bare), "origin") == values(read("unhcr", content), "origin")


def test_unhcr_json_agrees_with_the_csv_and_says_that_pages_are_missing():
    reading = read("unhcr", "unhcr-population.json")
    found = values(reading, "origin", "asylum")
    assert found["refugees", "Aldia", "Boria", "2020-12-31", "2020-12-31"] == 1650
    assert found["asylum_seekers", "Aldia", "Boria", "2020-12-31", "2020-12-31"] == 2340
    assert found["returned_idps", "Aldia", "Boria", "2020-01-01", "2020-12-31"] == 12
    assert not any(key[0] in ("stateless", "oip") for key in found)
    assert "page 1 of 3 only" in reading.remarks[0]


def test_unhcr_portal_by_day_and_by_month():
    days = {("individuals", "2021-01-15", "2021-01-15"): 65, ("individuals", "2021-02-15", "2021-02-15"): 72}
    assert values(read("unhcr-portal", "unhcr-portal-day.json")) == days
    months = {("individuals", "2021-01-01", "2021-01-31"): 219, ("individuals", "2021-02-01", "2021-02-28"): 250}
    assert values(read("unhcr-portal", "unhcr-portal-month.csv")) == months


def test_dtm_from_the_api_and_as_csv_with_tags():
    api = values(read("dtm", "dtm-api.json"), "admin1", "reason")
    assert api["displaced", "North Gate", "Conflict", "2021-02-28", "2021-02-28"] == 410
    assert api["displaced", "North Gate", "Flood", "2021-02-28", "2021-02-28"] == 90
    assert api["displaced_females", "North Gate", "Conflict", "2021-02-28", "2021-02-28"] == 210
    table = values(read("dtm", "dtm-hdx.csv"), "admin1")
    assert table == {
        ("displaced", place, "2021-02-28", "2021-02-28"): n for place, n in (("North Gate", 410), ("Old Bridge", 55))
    }


def test_acled_is_summed_to_months_and_gives_no_row_away():
    reading = read("acled", "acled-new.csv")
    assert values(reading, "admin1", "event_type") == {
        ("events", "Aldia Plain", "Battles", "2020-11-01", "2020-11-30"): 2,
        ("deaths", "Aldia Plain", "Battles", "2020-11-01", "2020-11-30"): 2,
        ("events", "Aldia Plain", "Protests", "2021-01-01", "2021-01-31"): 1,
        ("deaths", "Aldia Plain", "Protests", "2021-01-01", "2021-01-31"): 1,
    }
    assert "SECRET" in sample("acled-new.csv").decode()
    assert "SECRET" not in repr(reading) and "ALD1" not in repr(reading)


def test_acled_of_before_2022_counts_an_event_with_two_rows_once():
    reading = read("acled", "acled-old.csv")
    assert values(reading, "location") == {
        ("events", "Mill Town", "2020-11-01", "2020-11-30"): 1,
        ("deaths", "Mill Town", "2020-11-01", "2020-11-30"): 2,
    }
    assert reading.remarks == ("1 rows with the id of an event read before left out",)


def test_world_bank_tells_when_it_was_updated():
    reading = read("world-bank", "world-bank.json")
    assert values(reading, "country") == {
        ("XX.HARVEST", "Aldia", "2020-01-01", "2020-12-31"): 92.5,
        ("XX.HARVEST", "Aldia", "2019-01-01", "2019-12-31"): 101,
    }
    assert reading.published == dt.date(2021, 6, 30)
    assert reading.units == {"XX.HARVEST": "Harvest (made-up index)"}


def test_banxico_by_month_and_by_quarter():
    assert values(read("banxico", "banxico.json")) == {
        ("SE99999", "2020-10-01", "2020-10-31"): 2500.5,
        ("SE99999", "2020-12-01", "2020-12-31"): 2610,
    }
    quarters = values(read("banxico", "banxico.csv"))
    assert quarters["SE99999", "2020-01-01", "2020-03-31"] == 7500.5
    assert quarters["SE99999", "2020-07-01", "2020-09-30"] == 8000
    assert len([key for key in quarters if key[0] == "SE99998"]) == 2
    as_the_site_sends_it = sample("banxico.csv").decode().encode("cp1252")
    assert values(read("banxico", as_the_site_sends_it)) == quarters


def test_hxl_series_are_called_by_their_tags():
    assert values(read("hxl", "hxl.csv"), "adm1+name") == {
        ("affected+idps+ind", "North Gate", "2021-02-28", "2021-02-28"): 410,
        ("indicator+homes", "North Gate", "2021-02-28", "2021-02-28"): 80,
        ("indicator+homes", "Old Bridge", "2021-03-01", "2021-03-31"): 12,
    }


def test_flowmap_flows():
    found = values(read("flowmap", "flowmap-flows.csv"), "origin", "dest")
    assert found["count", "mill_town", "North Gate", "2021-01-01", "2021-01-31"] == 25
    assert found["count", "mill_town", "North Gate", "2021-02-15", "2021-02-15"] == 27


@pytest.mark.parametrize("content", [xlsx({"Cuadro": CUADRO}), xls("Cuadro", CUADRO)], ids=["xlsx", "xls"])
def test_boletin_months_as_columns_totals_kept_apart_and_notes_passed_by(content):
    reading = read("boletin-mx", content)
    assert values(reading, "row") == {
        ("people", row, *month): value
        for row, jan, feb in (("Total general", 30, 35), ("North Gate", 20, 25), ("Old Bridge", 10, 10))
        for month, value in ((("2021-01-01", "2021-01-31"), jan), (("2021-02-01", "2021-02-28"), feb))
    }
    assert [(figure.line, figure.column) for figure in reading.figures[:3]] == [(4, 2), (4, 3), (5, 2)]


def test_boletin_with_sub_columns_below_merged_months():
    reading = read("boletin-mx", xlsx({"Indice": [["x"]], "Cuadro": CUADRO_WITH_SUB_COLUMNS}))
    found = values(reading, "row", "column")
    assert found["people", "Aldia", "Hombres", "2021-01-01", "2021-01-31"] == 12
    assert found["people", "Aldia", "Mujeres", "2021-02-01", "2021-02-28"] == 9
    assert len(found) == 8
    assert "no line with months" in reading.remarks[0]


def test_boletin_with_the_total_before_the_months_and_labels_in_two_columns():
    rows = [
        ["Eventos, 2021"],
        [None, "País", "Total", "Ene.", "Feb."],
        ["1", "Aldia", 40.0, 18.0, 22.0],
        [None, "Boria", "-", "-", "-"],
    ]
    found = values(read("boletin-mx", xlsx({"Cuadro": rows})), "row")
    assert found == {("people", "Aldia", "2021-01-01", "2021-01-31"): 18, ("people", "Aldia", "2021-02-01", "2021-02-28"): 22}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_separators(encoding):
    text = "Year;Country of origin;Country of asylum;Asylum-seekers\n2020;Méxicö;Boria;5\n"
    assert values(read("unhcr", text.encode(encoding)), "origin") == {("asylum_seekers", "Méxicö", "2020-12-31", "2020-12-31"): 5}


def test_months_and_dates_as_they_are_written():
    assert [english_month(word) for word in ("OCT", "October", "Sep.", "Octopus", "Oc", "")] == [10, 10, 9, None, None, None]
    assert [spanish_month(word) for word in ("Ene.", "SEPT", "Setiembre", "diciembre", "Entidad", "Total")] == [
        1,
        9,
        9,
        12,
        None,
        None,
    ]
    assert month_period(2020, 2) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert month_period(2021, 12) == (dt.date(2021, 12, 1), dt.date(2021, 12, 31))
    days = ("2018-10-13T00:00:00", "13/10/2018", "13 October 2018", "13-Oct-2018")
    assert {written_date(day) for day in days} == {dt.date(2018, 10, 13)}
    assert written_period("2018Q4") == (dt.date(2018, 10, 1), dt.date(2018, 12, 31))
    assert written_period("2018M02") == (dt.date(2018, 2, 1), dt.date(2018, 2, 28))
    assert written_period("soon") is None


def test_numbers_as_they_are_written():
    written = {
        "1,234": 1234,
        "1234.5": 1234.5,
        "1,2": None,
        "12,34,567": None,
        "": None,
        "-": None,
        "1e400": None,
        "5 000": 5000,
        "nan": None,
    }
    assert {text: number_in(text) for text in written} == written


def test_every_format_says_where_it_comes_from():
    for name, format_ in FORMATS.items():
        assert format_.name == name and format_.title and format_.where
