"""flowmap.blue tables: flows between locations, optionally by time; in, and (see export/flowmap.py) out.

Layout: flowmap.blue, "How to prepare your data". A table of locations has id, name, lat, lon; one of flows has origin, dest,
count and optionally time. Here the table of flows is read; its origin and dest are matched with the places of the study.
"""

from __future__ import annotations

from corredor.exchange.readers.calendar import written_period
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import Trouble, table_of
from corredor.exchange.written_numbers import count_advice, count_in

WANTED = "a flowmap.blue table of flows with the columns origin, dest, count and time"


def read(content: bytes, shown: str) -> Reading:
    """Flows with a time.

    raises : StudyError
    """
    lines = table_of(content, shown, WANTED, ["origin", "dest", "count", "time"])
    trouble, figures = Trouble(shown), []
    for line in lines:
        period, count = written_period(line.cells["time"]), count_in(line.cells["count"])
        if period is None:
            line.wrong(trouble, "time", "a day, month or year", "write 2018-10")
        if count is None or count < 0:
            line.wrong(trouble, "count", "a number of people", count_advice(line.cells["count"], "correct the count"))
        if period is None or count is None or count < 0:
            continue
        parts = {"origin": line.cells["origin"], "dest": line.cells["dest"]}
        figures.append(Figure("count", parts, *period, count, line.number, line.column("count")))
    trouble.stop()
    return Reading(shown, tuple(figures), {"count": "people"})


FORMAT = Format(
    name="flowmap",
    title="flowmap.blue table of flows with time (CSV)",
    publisher="",
    licence="",
    where="flowmap.blue",
    read=read,
    place_by="dest",
    usual_series="count",
)
