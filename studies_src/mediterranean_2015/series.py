"""series.csv: published series that claims are held against, also from before the study's first day."""

from __future__ import annotations

from pathlib import Path

from mediterranean_2015.facts import USUAL_LAG, deaths, detections, month_days, totals
from mediterranean_2015.sources import Sources

FEWEST_A_YEAR = 100
"""Detections a year, on the mean, from which on a citizenship on a route is a part of its own."""

Row = dict[str, object]

SINGLE = (
    # series, part, first and last day, people, day of publication, row of the facts, note
    ("counted_past_agadez", "", ("2016-05-01", "2016-05-31"), 70000, "2016-12-15", "E13", "the Union's figure"),
    ("counted_past_agadez", "", ("2016-11-01", "2016-11-30"), 11500, "2017-01-31", "E13", "corrected; first given as 1,500 in error"),
    ("returned_under_the_statement", "", ("2016-04-04", "2018-03-31"), 2200, "2018-03-31", "P078", "about"),
    ("landed_on_the_greek_islands", "", ("2015-01-01", "2015-12-31"), 856723, "2018-04-30", "P045", ""),
    ("landed_on_the_greek_islands", "", ("2016-01-01", "2016-12-31"), 173450, "2018-04-30", "P046", ""),
    ("landed_on_the_greek_islands", "", ("2017-01-01", "2017-12-31"), 29718, "2018-04-30", "P047", ""),
    ("died_on_the_way_to_greece", "", ("2015-01-01", "2015-12-31"), 805, "2018-04-30", "P045", ""),
    ("died_on_the_way_to_greece", "", ("2016-01-01", "2016-12-31"), 434, "2018-04-30", "P046", ""),
    ("died_on_the_way_to_greece", "", ("2017-01-01", "2017-12-31"), 61, "2018-04-30", "P047", ""),
)  # fmt: skip


def series_rows(facts: Path, sources: Sources) -> list[Row]:
    """All rows, series by series: detections by route, by citizenship on a route, deaths, single figures."""
    rows = [
        _monthly("detections", region, month, people, "frontex_detections")
        for region, months in totals(facts).items()
        for month, people in sorted(months.items())
    ]
    for (region, group), months in detections(facts).items():
        if group != "unspecified" and sum(months.values()) >= FEWEST_A_YEAR * len(months) / 12:
            rows += [
                _monthly("detections_by_citizenship", f"{region}_{group}", month, people, "frontex_detections")
                for month, people in sorted(months.items())
            ]
    rows += [
        _monthly("deaths", region, month, people, "iom_missing_migrants")
        for region, months in deaths(facts).items()
        for month, people in sorted(months.items())
    ]
    for series, part, (first, last), people, published, row, note in SINGLE:
        rows.append(_row(series, part, first, last, people, published, sources.of(row), note))
    return rows


def _monthly(series: str, part: str, month: str, people: int, source: str) -> Row:
    first, last = month_days(month)
    return _row(series, part, first, last, people, last + USUAL_LAG, source, "")


def _row(series: str, part: str, first: object, last: object, people: int, published: object, source: str, note: str) -> Row:
    return {
        "series": series, "part": part, "from": first, "to": last, "value": people, "low": "", "high": "", "unit": "people",
        "published": published, "source": source, "note": note,
    }  # fmt: skip
