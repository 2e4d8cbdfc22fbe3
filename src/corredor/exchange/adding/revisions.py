"""The same count published more than once: every figure is a row with its own day of publication, and those that hold no longer are
marked.

A fit or forecast takes the last figure that was known on its day, so an old figure must stay; it becomes `provisional`, with a
note that says when it was revised. A figure that a later file repeats is no new row. Drivers have no day of publication: there
the newest value holds, and older ones go to vintages/drivers.csv.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from corredor.exchange.adding.rows import Count
from corredor.exchange.adding.tables import Origin, Record, TextTable
from corredor.exchange.readers.calendar import written_date
from corredor.exchange.readers.text import Trouble
from corredor.exchange.written_numbers import number_in, number_text

Key = tuple[str, str, str, str]


class Changes:
    """What has been done to a table, for the report."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.revised: list[str] = []
        self.known = 0


def add_observations(table: TextTable, output: str, counts: Sequence[Count], sources: Mapping[dt.date | None, str]) -> Changes:
    """Put counts into observations.csv.

    counts : each with a day of publication;  sources : day of publication → id
    raises : StudyError when another figure was published on the same day
    """
    changes = Changes()
    there: dict[Key, list[Record]] = {}
    for record in table.records:
        row = table.row(record)
        if row.get("output") == output:
            there.setdefault((row["place"], row["group"], row["from"], row["to"]), []).append(record)
    problems: dict[str, Trouble] = {}
    for count in sorted(counts, key=lambda one: (one.published or dt.date.min, one.from_, one.place, one.group)):
        assert count.published is not None
        day, origin = count.published.isoformat(), (count.file, count.line, count.column)
        source = sources[count.published]
        key = (count.place, count.group, count.from_.isoformat(), count.to.isoformat())
        mine = sorted(there.get(key, []), key=lambda record: table.row(record)["published"])
        earlier = [record for record in mine if table.row(record)["published"] < day]
        same_day = [record for record in mine if table.row(record)["published"] == day]
        later = [record for record in mine if table.row(record)["published"] > day]
        if same_day:
            row = table.row(same_day[0])
            if _same(row, count.value):
                changes.known += 1
            else:
                trouble = problems.setdefault(count.file, Trouble(count.file))
                found = f"{number_text(count.value)} for {_words(key)}, published {day}"
                expected = f"the figure that the study has with this day of publication, {row['value'] or 'a range'}"
                trouble.add(count.line, count.column, found, expected, "another --vintage, if this file came out on another day")
            continue
        if earlier and _same(table.row(earlier[-1]), count.value):
            changes.known += 1
            continue
        if later and _same(table.row(later[0]), count.value):
            # Known earlier than the study says; still one figure.
            row = table.row(later[0])
            note = _noted(row, f"also in {row['source']}")
            table.change(later[0], {"published": day, "source": source, "note": note}, origin)
            changes.revised.append(f"{_words(key)}: known from {day}, not from {row['published']}")
            continue
        new = {"output": output, "place": count.place, "group": count.group, "from": key[2], "to": key[3], "published": day}
        new |= {"value": number_text(count.value), "status": "final", "source": source}
        if later:
            new |= {"status": "provisional", "note": f"revised {table.row(later[0])['published']}"}
        if earlier:
            row = table.row(earlier[-1])
            table.change(earlier[-1], {"status": "provisional", "note": _noted(row, f"revised {day}")}, origin)
            changes.revised.append(f"{_words(key)}: {row['value'] or 'a range'} of {row['published']} → {new['value']} of {day}")
        there.setdefault(key, []).append(table.insert(new, origin))
        changes.rows.append(new)
    for trouble in problems.values():
        trouble.stop()
    return changes


def add_drivers(
    table: TextTable,
    old: TextTable,
    driver: str,
    unit: str,
    counts: Sequence[Count],
    sources: Mapping[dt.date | None, str],
    days: Mapping[str, str],
) -> Changes:
    """Put values into drivers.csv; those that hold no longer go to the table `old`.

    sources : day of publication → id;  days : source id → day on which it was published or read
    """
    changes = Changes()
    for count in sorted(counts, key=lambda one: (one.published or dt.date.min, one.from_, one.place)):
        origin: Origin = (count.file, count.line, count.column)
        source = sources[count.published]
        new = {"date": count.from_.isoformat(), "place": count.place or "*", "driver": driver, "unit": unit, "source": source}
        new["value"] = number_text(count.value)
        series = [r for r in table.records if (table.row(r).get("driver"), table.row(r).get("place")) == (driver, new["place"])]
        same = next((record for record in series if table.row(record)["date"] == new["date"]), None)
        if same is None:
            before = [record for record in series if table.row(record)["date"] < new["date"]]
            first = table.records.index(series[0]) if series else 0
            ahead = table.records[first - 1] if series and not before and first > 0 else None
            if series and not before and first == 0:
                record = table.insert(new, origin)
                table.records.insert(0, table.records.pop(table.records.index(record)))
            else:
                table.insert(new, origin, before[-1] if before else ahead)
            changes.rows.append(new)
            continue
        row = table.row(same)
        if _same(row, count.value):
            changes.known += 1
            continue
        ours = count.published or written_date(days.get(source, "")) or dt.date.max
        theirs = written_date(days.get(row["source"], ""))
        words = f"{driver}, {new['place']}, {new['date']}: {row['value']} → {new['value']}"
        if row["source"] == source or theirs is None or theirs <= ours:
            old.insert({**row, "replaced_by": source}, origin)
            table.change(same, {"value": new["value"], "source": source}, origin)
            changes.rows.append(new)
            changes.revised.append(words)
        else:
            old.insert({**new, "replaced_by": row["source"]}, origin)
            changes.revised.append(f"{words} is older than the study's value, which stays")
    return changes


def _same(row: Mapping[str, str], value: float) -> bool:
    there = number_in(row.get("value", ""))
    return there is not None and math.isclose(there, value, rel_tol=1e-9, abs_tol=1e-12)


def _noted(row: Mapping[str, str], words: str) -> str:
    note = row.get("note", "")
    return f"{note}; {words}" if note else words


def _words(key: Key) -> str:
    place, group, first, last = key
    who = ", ".join(word for word in (place, group) if word) or "all"
    return f"{who}, {first} to {last}"
