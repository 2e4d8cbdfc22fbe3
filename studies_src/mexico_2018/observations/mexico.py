"""Published figures of Mexico and Honduras: people presented and returned, refuge claims, cards."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018 import published_later
from mexico_2018.facts import Monthly, read_rows
from mexico_2018.observations.book import CARAVAN_BEGINS, Book, month_days, month_of, period_days
from mexico_2018.sources import Source


def presented_rows(facts: Path, book: Book) -> None:
    """People presented to Mexico's migration authority, by citizenship; from the press where the bulletin has no month.

    All citizenships together and the others stay out: many of the others come by air and are not on this way. `series.csv` has them.
    """
    _by_citizenship(book, "mexico_presented", published_later.presented(facts), published_later.PRESENTED)
    for row in read_rows(facts, "mexico_inm.csv"):
        if row["measure"] != "presented_to_authorities" or row["nationality"] != "northern_triangle":
            continue
        (first, last), people = period_days(row["period"]), int(row["count"])
        if month_of(last) < published_later.FIRST_PRESENTED_MONTH and "equals the sum" not in row["basis"]:
            book.add("mexico_presented_northern_triangle", first, last, row["source"], value=people)


def _by_citizenship(book: Book, output: str, counts: dict[str, Monthly], source: Source) -> None:
    for part in published_later.NAMES.values():
        for month, people in counts[part].items():
            first, last = month_days(month)
            known = last + published_later.BULLETIN_LAG
            book.add(output, first, last, source.id, value=people, group=part, published=known)


def returned_rows(facts: Path, book: Book) -> None:
    """People returned by Mexico, by citizenship, and arrivals counted by Honduras."""
    _by_citizenship(book, "mexico_returned", published_later.returned(facts), published_later.RETURNED)
    seen: set[tuple[object, ...]] = set()
    for row in read_rows(facts, "mexico_inm.csv"):
        (first, last), people = period_days(row["period"]), int(row["count"])
        key = (row["measure"], row["nationality"], first, last, people)
        if key in seen:
            continue
        seen.add(key)
        if row["measure"] == "returned" and row["nationality"] == "caravan_members":
            book.add("caravan_returned_by_mexico", CARAVAN_BEGINS, last, row["source"], value=people, note="days by context")
        elif row["measure"] == "returned_all_countries_to_honduras":
            book.add(
                "returned_to_honduras",
                first,
                last,
                row["source"],
                value=people,
                note="arrivals counted by Honduras, from all countries",
            )
        elif row["measure"] == "returned_caravan_members_to_honduras":
            book.add("caravan_returned", first, last, row["source"], value=people, note="day by context")


def refuge_rows(facts: Path, book: Book) -> None:
    """Refuge claims in Mexico."""
    for row in read_rows(facts, "mexico_comar.csv"):
        (first, last), people = period_days(row["period"]), int(row["asylum_claims"])
        provisional, basis = row["basis"] == "preliminary", row["basis"]
        if basis.startswith("as printed") and row["period"] in ("2019-01", "2019-02", "2019-03"):
            continue  # its months do not sum to its own total; UNHCR has these months too
        rounded = basis.startswith("rounded")
        exact = {"low": people - 500, "high": people + 500} if rounded and row["nationality"] == "total" else {"value": people}
        note = (
            "derived from sums"
            if basis.startswith("derived")
            else "rounded"
            if rounded
            else "another release"
            if basis.startswith("as printed")
            else ""
        )
        if row["nationality"] == "total" and row["period"] != "2019-01/2019-03":
            book.add("refuge_claims_counted", first, last, row["source"], **exact, provisional=provisional, note=note)
        elif row["nationality"] in ("guatemala", "honduras", "el_salvador"):
            if row["period_kind"] == "range" and first.year == 2018:
                book.add(
                    "caravan_refuge_claims", CARAVAN_BEGINS, last, row["source"], **exact, note="requests processed at the bridge"
                )
            else:
                book.add("refuge_claims", first, last, row["source"], **exact, group=row["nationality"], note=note)
        elif row["nationality"] == "caravan_members":
            book.add("caravan_refuge_claims", CARAVAN_BEGINS, last, row["source"], **exact, note="rounded" if rounded else "")


def card_rows(facts: Path, book: Book) -> None:
    """Humanitarian cards of January and February 2019, counted from the first day of the programme."""
    begin = dt.date(2019, 1, 17)
    for row in read_rows(facts, "mexico_visas.csv"):
        if (
            row["kind"] != "tvrh_humanitarian"
            or row["nationality"] != "total"
            or not row["period"].startswith(("2019-01", "2018-12"))
        ):
            continue
        (_, last), people = period_days(row["period"]), int(row["count"])
        about = "about" in row["note"]
        exact = (
            {"low": people - (5 if people < 100 else 50), "high": people + (5 if people < 100 else 50)}
            if about
            else {"value": people}
        )
        if row["status"] == "applied" and last <= dt.date(2019, 1, 28):
            book.add("cards_asked_for", begin, last, row["source"], **exact, note="all applications since 17 January")
        elif (
            row["status"] == "issued"
            and last <= dt.date(2019, 2, 12)
            and "all offices" not in row["note"]
            and row["source"].count("EFE via UDG") == 0
        ):
            book.add("cards_issued", begin, last, row["source"], **exact, note="all cards since 17 January")
