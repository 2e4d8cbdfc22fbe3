"""observations.csv: detections by month, citizenships and deaths by quarter, and single figures of reports."""

from __future__ import annotations

from pathlib import Path

from mediterranean_2015.derived import LEVELS
from mediterranean_2015.facts import REGIONS, USUAL_LAG, Monthly, deaths, detections, in_study, month_days, read_rows, totals
from mediterranean_2015.sources import Sources

FEWEST_IN_ALL = 4_000
"""Detections in the six years from which on a citizenship on a route has rows of its own."""

TOLD_APART = 0.05
"""Unspecified detections up to this part of a citizenship's count leave it as it is; more make it a range."""

ONLY_FROM_SOUTH_OF_THE_SAHARA = ("west_africa", "horn_of_africa")
"""Groups that the code OOS can hold. The facts do not explain it; where it stands, counts of West Africa fall to nearly nothing."""

ON_ROUTE = {
    "eastern_mediterranean_sea": LEVELS["turkey"][1],
    "eastern_mediterranean_land": LEVELS["turkey"][1],
    "central_mediterranean": (*LEVELS["libya"][1], "algeria_tunisia", "iraq", "afghanistan", "iran"),
    "western_mediterranean_sea": ("morocco", "west_africa", "algeria_tunisia"),
    "western_mediterranean_land": (),
    "western_african": LEVELS["atlantic"][1],
    "western_balkan_route": ("syria", "afghanistan", "iraq", "iran", "south_asia", "other", "western_balkans"),
}
"""Region → groups that are told apart there. On the Balkan route people of Africa are not: few came after 2015, and the model does not
know why."""

FENCES = "western_mediterranean_land"
"""Region that has an output, and a dispersion, of its own."""

BALKANS = "western_balkan_route"

Row = dict[str, object]

REPORTED = (
    # output, place, first and last day, value or range, day of publication, row of the facts, note
    ("stopped_at_sea", "turkey", ("2015-01-01", "2015-12-31"), 91611, "2017-04-13", "P012", "all Turkish seas"),
    ("stopped_at_sea", "turkey", ("2016-01-01", "2016-12-31"), 37130, "2017-04-13", "P014", "all Turkish seas"),
    ("stopped_at_sea", "turkey", ("2017-01-01", "2017-12-31"), 21937, "2020-01-02", "P015", "all Turkish seas"),
    ("stopped_at_sea", "turkey", ("2018-01-01", "2018-12-31"), 26678, "2020-01-02", "P017", "all Turkish seas; 95 % in the Aegean"),
    ("stopped_at_sea", "turkey", ("2019-01-01", "2019-12-31"), 60802, "2020-01-02", "P019", "all Turkish seas"),
    ("stopped_at_sea", "libya", ("2016-01-01", "2016-12-31"), 15000, "2019-11-28", "P021", "about"),
    ("stopped_at_sea", "libya", ("2017-01-01", "2017-12-31"), 15000, "2019-11-28", "P022", "about"),
    ("stopped_at_sea", "libya", ("2018-01-01", "2018-12-31"), 15235, "2019-12-31", "P024", "undated; taken as known a year later"),
    ("stopped_at_sea", "libya", ("2019-01-01", "2019-12-31"), 9225, "2020-07-03", "P027", ""),
    ("stopped_by_morocco", "", ("2019-01-01", "2019-12-31"), (74000, None), "2020-08-31", "P033", "more than; every kind of attempt"),
    ("rescued", "", ("2015-06-22", "2017-06-21"), (40000, None), "2019-09-26", "M05", "by Operation Sophia alone, nearly"),
    ("in_hotspot", "", ("2016-03-20", "2016-03-20"), 5800, "2018-09-30", "P077", "present on the islands"),
    ("in_hotspot", "", ("2016-07-01", "2016-07-31"), 9399, "2016-07-31", "P056", "month only"),
    ("in_hotspot", "", ("2018-09-01", "2018-09-30"), 20000, "2018-09-30", "P062", "month only; about"),
    ("stuck_at_border", "", ("2015-12-01", "2015-12-10"), (1000, 2000), "2015-12-31", "M15", "early December; month of publication only"),
    ("stuck_at_border", "", ("2016-02-21", "2016-02-21"), 4000, "2016-02-29", "M20", "about; month of publication only"),
    ("stuck_at_border", "", ("2016-03-09", "2016-03-09"), 13000, "2016-03-09", "P076", "about"),
    ("in_greece", "", ("2016-03-09", "2016-03-09"), 36000, "2016-03-09", "P076", "about; stuck in Greece"),
    ("in_greece", "", ("2016-07-01", "2016-07-31"), 57115, "2016-07-31", "P058", "in all organised centres; month only"),
    ("into_hungary", "", ("2015-01-01", "2015-09-20"), 217000, "2015-09-21", "M10", "over"),
    ("into_hungary", "", ("2015-01-01", "2015-12-31"), 391384, "2016-01-31", "M11", "apprehended; month of publication only"),
    ("into_croatia", "", ("2015-09-16", "2015-09-21"), 29000, "2015-09-21", "E05", "by 21 September"),
    ("into_croatia", "", ("2015-09-16", "2015-10-02"), 97367, "2015-10-02", "E05", "by 2 October"),
    ("into_croatia", "", ("2015-09-16", "2015-11-02"), 307000, "2015-11-02", "E06", "by 2 November; over"),
    ("into_slovenia", "", ("2015-10-16", "2015-10-23"), 50000, "2015-10-23", "E06", "over, in the first week"),
    ("into_slovenia", "", ("2015-10-16", "2015-12-31"), 370654, "2015-12-31", "E06", "to about the end of the year"),
    ("into_sweden", "", ("2015-01-01", "2015-12-31"), (None, 160000), "2016-01-31", "M16", "all who asked for asylum, by any way"),
    ("relocated", "", ("2015-09-26", "2016-09-27"), 5651, "2017-09-26", "M13", "undated; taken as known when the plan ended"),
    ("returned_to_turkey", "", ("2016-04-04", "2018-03-31"), 2200, "2018-03-31", "P078", "about"),
    ("landings_from_egypt", "", ("2016-01-01", "2016-06-30"), 7000, "2016-06-30", "M27", "about"),
)  # fmt: skip


def observation_rows(facts: Path, sources: Sources) -> list[Row]:
    """Rows of observations.csv: routes, citizenships on routes, deaths, then single figures."""
    rows = [
        _monthly(region, month, people)
        for region, months in totals(facts).items()
        if region != FENCES
        for month, people in sorted(months.items())
        if in_study(month)
    ]
    rows += [_quarterly("fence_crossings", "", "", *quarter) for quarter in _quarters(totals(facts)[FENCES]).items()]
    rows += _by_citizenship(facts)
    rows += [
        _quarterly("deaths", region, "", *quarter) | {"source": "iom_missing_migrants"}
        for region, months in deaths(facts).items()
        for quarter in _quarters(months).items()
    ]
    for output, place, (first, last), value, published, row, note in REPORTED:
        low, high = value if isinstance(value, tuple) else ("", "")
        rows.append(
            {
                "output": output, "place": place, "group": "", "from": first, "to": last,
                "value": "" if isinstance(value, tuple) else value, "low": "" if low is None else low, "high": "" if high is None else high,
                "published": published, "status": "final", "source": sources.of(row), "note": note,
            }
        )  # fmt: skip
    return rows


def _monthly(region: str, month: str, people: int) -> Row:
    first, last = month_days(month)
    return {
        "output": "detections", "place": region, "group": "", "from": first, "to": last, "value": people, "low": "", "high": "",
        "published": last + USUAL_LAG, "status": "final", "source": "frontex_detections", "note": "",
    }  # fmt: skip


def _by_citizenship(facts: Path) -> list[Row]:
    """Detections of a group on a route by quarter; a range where many have no citizenship."""
    counts, south = detections(facts), _of_code(facts, "OOS")
    rows: list[Row] = []
    for region, groups in ON_ROUTE.items():
        output, place = ("balkan_by_citizenship", "") if region == BALKANS else ("detections_by_citizenship", region)
        unknown = _quarters(counts.get((region, "unspecified"), {}))
        for group in groups:
            quarters = _quarters(counts.get((region, group), {}))
            if sum(quarters.values()) < FEWEST_IN_ALL:
                continue
            not_here = {} if group in ONLY_FROM_SOUTH_OF_THE_SAHARA else _quarters(south.get(region, {}))
            rows += [
                _quarterly(output, place, group, months, people, unknown.get(months, 0) - not_here.get(months, 0))
                for months, people in quarters.items()
            ]
    return rows


def _quarterly(output: str, place: str, group: str, months: tuple[str, str], people: int, unspecified: int = 0) -> Row:
    first, last = month_days(months[0])[0], month_days(months[1])[1]
    is_range = unspecified > TOLD_APART * people
    return {
        "output": output, "place": place, "group": group, "from": first, "to": last, "value": "" if is_range else people,
        "low": people if is_range else "", "high": people + unspecified if is_range else "", "published": last + USUAL_LAG,
        "status": "final", "source": "frontex_detections", "note": "up to all of unspecified citizenship" if is_range else "",
    }  # fmt: skip


def _quarters(months: Monthly) -> dict[tuple[str, str], int]:
    """Sums of three months: (first month, last month) → detections, in the study's time."""
    sums: dict[tuple[str, str], int] = {}
    for month, people in sorted(months.items()):
        if in_study(month):
            first = 3 * ((int(month[5:]) - 1) // 3) + 1
            key = (f"{month[:5]}{first:02d}", f"{month[:5]}{first + 2:02d}")
            sums[key] = sums.get(key, 0) + people
    return sums


def _of_code(facts: Path, code: str) -> dict[str, Monthly]:
    """Detections of one code: region → month → detections."""
    found: dict[str, Monthly] = {}
    for row in read_rows(facts, "detections_by_route_monthly.csv"):
        region = REGIONS.get((row["route"], row["border"]))
        if row["citizenship"] == code and region is not None:
            months = found.setdefault(region, {})
            months[row["month"]] = months.get(row["month"], 0) + int(row["people"])
    return found
