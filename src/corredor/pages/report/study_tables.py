"""What the study says of itself, as rows for the page: measures, parameters, transitions, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from corredor.pages.charts.fans import DateMark
from corredor.results.quantiles import quantiles_over_draws
from corredor.results.view import Run
from corredor.results.wording import date_text, month_text, unbroken

BASIS_WORDS = {
    "assumption": "assumption",
    "made_up": "made up",
    "derived": "derived",
    "case": "from the case",
    "fitted": "fitted to several cases",
    "literature": "literature",
}
"""Judgement first: the reader must see before anything else what rests on no figure."""


Row = dict[str, Any]
"""A row as the template shows it."""


def references(run: Run, ids: Iterable[str]) -> list[Row]:
    """Sources as they are cited: the number in the list, 0 where the list does not have it, and the id."""
    return [{"number": run.source_numbers.get(name, 0), "words": name} for name in dict.fromkeys(ids)]


def event_rows(run: Run, marks: list[DateMark]) -> list[Row]:
    """Scheduled departures, in the same columns as measures."""
    return [
        {
            "letter": _letter(marks, event["date"], event["title"]),
            "dates": date_text(event["date"]),
            "title": event["title"],
            "kind": "departure together",
            "where": run.name_of(event["at"]),
            "acts_on": [f"people: {event['people_text']}"],
            **dict.fromkeys(("actor", "dose", "cost", "note"), ""),
            "sources": references(run, event["source"]),
        }
        for event in sorted(run.model["events"], key=lambda event: event["date"])
    ]


def measure_rows(run: Run, marks: list[DateMark]) -> list[Row]:
    """All measures by date, also those that act on nothing."""
    titles = {measure["id"]: measure["title"] for measure in run.model["measures"]}
    rows = []
    for measure in sorted(run.model["measures"], key=lambda measure: (measure["from"], measure["id"])):
        start, end = (unbroken(date_text(measure[key])) if measure[key] else "" for key in ("from", "to"))
        agreement = measure.get("agreement") or ""
        hangs_on = [f"Part of: {titles.get(agreement, run.status(agreement))}."] if agreement else []
        row = {
            "letter": _letter(marks, measure["from"], measure["title"]),
            "dates": f"from {start}" if not end else start if start == end else f"{start} – {end}",
            "kind": run.status(measure["kind"]),
            "dose": measure.get("dose_means") or "",
            "cost": measure["cost_usd_text"],
            "note": " ".join([*hangs_on, measure.get("note") or ""]).strip(),
            "sources": references(run, measure["source"]),
        }
        rows.append({**measure, **row})
    return rows


def _letter(marks: list[DateMark], date: str, title: str) -> str:
    """The letter of an act in the pictures; empty where it has none."""
    return next((mark.letter for mark in marks if (str(mark.date)[:10], mark.title) == (date, title)), "")


def parameter_rows(run: Run) -> list[Row]:
    """All parameters, those that rest on judgement first, with the values used in this run."""
    drawn, order = _drawn_texts(run), list(BASIS_WORDS)
    rows = [
        {
            **parameter,
            "basis_words": BASIS_WORDS.get(parameter["basis"], parameter["basis"]),
            "prior": parameter["prior_text"],
            "drawn": drawn.get(parameter["name"], ""),
            "sources": references(run, parameter["source"]),
        }
        for parameter in run.model["parameters"]
    ]
    return sorted(rows, key=lambda row: order.index(row["basis"]) if row["basis"] in order else len(order))


def transition_rows(run: Run) -> list[Row]:
    """How the model moves people."""
    return [
        {
            "name": transition["name"],
            "from": run.status(transition["from"]),
            "to": run.status(transition["to"]),
            "along": run.status(transition["along"]) or "in place",
            "terms": list(transition["terms"]),
        }
        for transition in run.model["transitions"]
    ]


def source_rows(run: Run) -> list[Row]:
    """All sources."""
    return [source_row(number, source) for number, source in enumerate(run.model["sources"], 1)]


def source_row(number: int, source: Mapping[str, Any]) -> Row:
    """A source as it stands in a list; only web addresses become links."""
    url = source.get("url") or ""
    words = ", ".join(str(source[key]) for key in ("publisher", "title", "date") if source.get(key))
    safe = url if urlsplit(url).scheme in ("http", "https") else ""
    return {"number": number, "words": words, "url": safe, "licence": source.get("licence") or ""}


def dated_key(marks: list[DateMark]) -> list[tuple[str, str, str]]:
    """Letter, date and title of what the fans mark."""
    return [(mark.letter, month_text(mark.date), mark.title) for mark in marks]


def _drawn_texts(run: Run) -> dict[str, str]:
    """Median and 95 % interval of the values each parameter took."""
    if "parameter_value" not in run.dataset:
        return {}
    array = run.dataset["parameter_value"]
    low, middle, high = quantiles_over_draws(array, [0.025, 0.5, 0.975])
    texts = {}
    for name, *values in zip(array["parameter"].to_numpy(), middle, low, high, strict=True):
        middle_text, low_text, high_text = (_plain(value) for value in values)
        texts[str(name)] = middle_text if low_text == high_text else f"{middle_text} ({low_text} to {high_text})"
    return texts


def _plain(value: float) -> str:
    """Three figures, without an exponent where it can be avoided."""
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-4):
        return f"{value:.2e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{float(f'{value:.3g}'):,.10g}"
