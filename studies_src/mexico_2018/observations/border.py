"""Published figures of the border cities and the caravans: lists, intake, returns under the protocols, people counted on the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018.facts import Row, read_rows
from mexico_2018.observations.book import CARAVAN_BEGINS, LAST, Book, known_from, month_days, period_days

PORTS = {
    "san_ysidro": "tijuana", "calexico": "mexicali", "el_paso": "ciudad_juarez", "nogales": "nogales", "eagle_pass": "ciudad_acuna",
    "all": "", "all_ports": "", "all_border_cities": "",
}  # fmt: skip


def protocol_rows(facts: Path, book: Book) -> None:
    """Returns to Mexico; months of the court series are cases begun, not returns, and stay out."""
    for row in read_rows(facts, "mpp_returns.csv"):
        first, last = period_days(row["period"])
        people = int(row["people"])
        if row["period_kind"] != "cumulative":
            continue
        exact = {"value": people} if people != 11922 else {"low": 11922, "high": 12122}
        note = (
            "the three ports as printed sum to 12,122"
            if people == 11922
            else "people received by Mexico"
            if people == 1514
            else ""
        )
        book.add("sent_back_to_wait", first, last, row["source"], **exact, place=PORTS[row["port"]], note=note)


def list_rows(facts: Path, book: Book) -> None:
    """Lengths of the lists at ports and people let in per day."""
    for row in read_rows(facts, "port_metering.csv"):
        if row["port"] not in PORTS or row["date"][4:5] != "-":
            continue
        place, list_length = PORTS[row["port"]], row["waitlist_length"]
        first, last = period_days(row["date"])
        whole_month = len(row["date"]) == 7
        if "list number" in row["note"]:
            continue  # the number of a page of the list, not of people
        if list_length and row["port"] == "all_border_cities":
            if row["date"] == "2018-12":
                first, last = month_days("2018-11")
            if "same figure" not in row["note"]:
                book.add(
                    "on_port_list",
                    first,
                    last,
                    row["source"],
                    value=int(list_length),
                    note=f"sum over border cities; {row['note'].split(';')[0]}",
                )
        elif list_length and place == "tijuana" and first <= LAST:
            at_least = "over" in row["note"]
            exact = {"low": int(list_length)} if at_least else {"value": int(list_length)}
            book.add(
                "on_port_list_tijuana",
                first,
                last,
                row["source"],
                **exact,
                note="" if at_least else "state authorities: people waiting in the city",
            )
        elif list_length and not whole_month and place and place != "tijuana":
            book.add(
                "on_port_list",
                *month_days(row["date"][:7]),
                row["source"],
                value=int(list_length),
                place=place,
                published=max(first, known_from(book, row)),
                note=f"figure of {first}",
            )
        elif list_length and place:
            book.add(
                "on_port_list",
                first,
                last,
                row["source"],
                low=int(list_length),
                place=place,
                note="at least, camped on the bridge",
            )
        if row["people_processed_per_day_low"] and place:
            days = (last - first).days + 1
            low, high = (int(row[f"people_processed_per_day_{end}"]) * days for end in ("low", "high"))
            open_end = "at least" in row["note"]
            exact = {"value": low} if low == high and not open_end else {"low": low, "high": None if open_end else high}
            book.add(
                "port_admissions",
                first,
                last,
                row["source"],
                **exact,
                place=place,
                note="people let in per day as reported, over the days named",
            )
        if row["port"] == "all_ports" and row["date"] == "2019-03/2019-05":
            book.add("port_admissions", first, last, row["source"], value=3 * 4200, note="about 4,200 a month at all crossings")


def caravan_rows(facts: Path, book: Book) -> None:
    """Counts of the caravans at the places and days where the model can be asked for them; ranges where bodies disagree."""
    timeline = read_rows(facts, "caravan_timeline.csv")

    def row(date: str, place: str, event: str = "") -> Row:
        return next(r for r in timeline if r["date"] == date and place in r["place"] and event in r["event"])

    def add(output: str, r: Row, place: str = "", since: dt.date | None = None, note: str = "") -> None:
        day = dt.date.fromisoformat(r["date"])
        low, high = (int(r[key]) if r[key] else None for key in ("people_low", "people_high"))
        exact = {"value": low} if low == high else {"low": low, "high": high}
        known = book.sources.of(r["source"]).known_from or month_days(r["date"][:7])[1]
        book.add(output, since or day, day, r["source"], **exact, place=place, published=known, note=note)

    for date, event in (("2018-11-04", "first arrivals"), ("2018-11-05", ""), ("2018-11-06", ""), ("2018-11-08", "")):
        add("in_caravan", row(date, "Mexico City (Palillo", event), "central", note="stadium; first caravan")
    add("in_caravan", row("2018-10-28", "Tapanatepec"), "isthmus", note="first caravan; rest day")
    add("in_caravan", row("2018-11-01", "Matias Romero"), "isthmus", note="first caravan")
    add(
        "caravan_entering_mexico",
        row("2018-10-31", "Mexico", "entered since"),
        since=CARAVAN_BEGINS,
        note="at least; all caravans since 19 October",
    )
    add("caravan_returned", row("2018-10-22", "Huixtla", "gone back"), since=CARAVAN_BEGINS, note="counted by Honduras")
    for date in ("2018-11-13", "2018-11-15", "2018-11-28"):
        found = next(
            r
            for r in timeline
            if r["date"] == date and r["place"].startswith("Tijuana") and ("arrive" in r["event"] or "wave" in r["event"])
        )
        add("caravan_arrivals_tijuana", found, since=CARAVAN_BEGINS, note="all arrivals so far, first caravan")
    for date, event in (
        ("2018-11-19", "Benito Juarez"),
        ("2018-11-21", "sports complex"),
        ("2018-11-26", "Benito Juarez"),
        ("2018-11-28", "housed"),
        ("2018-11-29", "Benito Juarez"),
    ):
        add("people_in_camps_tijuana", row(date, "Tijuana", event), note="Benito Juárez alone")
    for date in ("2018-12-01", "2018-12-03"):
        add("in_shelter", row(date, "El Barretal"), "el_barretal", note="some stand on the list too, whom the model counts apart")
    add(
        "rush_at_the_port",
        row("2018-11-25", "San Ysidro / El Chaparral"),
        since=dt.date(2018, 11, 13),
        note="day of 25 November; in the model the day is chance",
    )
