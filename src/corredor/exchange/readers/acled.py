"""ACLED (Armed Conflict Location and Event Data): events are summed to counts by month and place while the file is read.

Layout: the CSV of acleddata.com's export tool and API. Since 2022 the columns are event_id_cnty, event_date (2018-10-13), year,
time_precision, disorder_type, event_type, sub_event_type …; older files begin with data_id, iso, event_id_cnty, event_id_no_cnty
and write the date as 13 October 2018. ACLED's terms do not allow its rows to be passed on: no row, actor, note or source of an
event leaves this file, only numbers.
"""

from __future__ import annotations

from collections import defaultdict

from corredor.exchange.readers.calendar import written_date
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import AGAIN, Trouble, table_of
from corredor.exchange.written_numbers import count_advice, people_of
from corredor.study.calendar import first_day, last_day, month_number

WANTED = "an export of ACLED as CSV"

_PARTS = ("country", "admin1", "admin2", "location", "event_type", "sub_event_type", "disorder_type")


def read(content: bytes, shown: str) -> Reading:
    """Events and deaths by month, place and kind of event.

    raises : StudyError, which quotes no event
    """
    lines = table_of(content, shown, WANTED, ["event_date", "event_type", "country", "fatalities"])
    trouble = Trouble(shown)
    parts_there = [part for part in _PARTS if part in lines[0].columns]
    events: dict[tuple[int, tuple[str, ...]], list[float]] = defaultdict(lambda: [0.0, 0.0])
    seen: set[str] = set()
    first_line: dict[tuple[int, tuple[str, ...]], int] = {}
    doubled = 0
    for line in lines:
        event_id = line.cells.get("event_id_cnty", "")
        if event_id and event_id in seen:
            # Older files have a row for each side of an event.
            doubled += 1
            continue
        seen.add(event_id)
        day = written_date(line.cells["event_date"])
        deaths = people_of(line.cells["fatalities"] or "0")
        if day is None:
            line.wrong(trouble, "event_date", "a date such as 2018-10-13 or 13 October 2018")
            continue
        if deaths is None:
            line.wrong(trouble, "fatalities", "a number of deaths", count_advice(line.cells["fatalities"], AGAIN))
            continue
        key = (month_number(day), tuple(line.cells[part] for part in parts_there))
        first_line.setdefault(key, line.number)
        events[key][0] += 1
        events[key][1] += deaths
    trouble.stop()
    figures = []
    for key, (count, deaths) in events.items():
        month, values = key
        period = first_day(month), last_day(month)
        parts = dict(zip(parts_there, values, strict=True))
        figures.append(Figure("events", parts, *period, count, first_line[key], 1))
        figures.append(Figure("deaths", parts, *period, deaths, first_line[key], 1))
    remarks = (f"{doubled} rows with the id of an event read before left out",) if doubled else ()
    return Reading(shown, tuple(figures), {"events": "events per month", "deaths": "deaths per month"}, remarks=remarks)


FORMAT = Format(
    name="acled",
    title="ACLED export, old or new columns (CSV); only sums by month are kept",
    publisher="ACLED (Armed Conflict Location and Event Data)",
    licence="ACLED terms of use: aggregated counts with attribution; rows may not be passed on",
    where="acleddata.com, export tool",
    read=read,
    place_by="admin1",
    usual_series="events",
    zero_when_absent=True,
)
