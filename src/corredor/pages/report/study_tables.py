"""What the study says of itself, as rows for the page: measures, parameters, transitions, sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from corredor.pages.charts.fans import DateMark
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


@dataclass(frozen=True)
class Reference:
    """A source as it is cited: its number in the list, and its id where the list does not have it."""

    number: int
    words: str


@dataclass(frozen=True)
class MeasureRow:
    letter: str
    dates: str
    title: str
    kind: str
    where: str
    actor: str
    acts_on: list[str]
    dose: str
    cost: str
    note: str
    sources: list[Reference]


@dataclass(frozen=True)
class ParameterRow:
    name: str
    title: str
    basis: str
    basis_words: str
    prior: str
    drawn: str
    unit: str
    note: str
    sources: list[Reference]


@dataclass(frozen=True)
class SourceRow:
    number: int
    words: str
    url: str
    licence: str


def references(run: Run, ids: Iterable[str]) -> list[Reference]:
    return [Reference(run.source_numbers.get(name, 0), name) for name in dict.fromkeys(ids)]


def event_rows(run: Run, marks: list[DateMark]) -> list[MeasureRow]:
    """Scheduled departures, in the same columns as measures."""
    letters = {(str(mark.date)[:10], mark.title): mark.letter for mark in marks}
    return [
        MeasureRow(
            letters.get((event["date"], event["title"]), ""), date_text(event["date"]), event["title"], "departure together",
            run.name_of(event["at"]), "", [f"people: {event['people_text']}"], "", "", "", references(run, event["source"]),
        )
        for event in sorted(run.model["events"], key=lambda event: event["date"])
    ]  # fmt: skip


def measure_rows(run: Run, marks: list[DateMark]) -> list[MeasureRow]:
    """All measures by date, also those that act on nothing."""
    letters = {(str(mark.date)[:10], mark.title): mark.letter for mark in marks}
    titles = {measure["id"]: measure["title"] for measure in run.model["measures"]}
    rows = []
    for measure in sorted(run.model["measures"], key=lambda measure: (measure["from"], measure["id"])):
        start, end = (unbroken(date_text(measure[key])) if measure[key] else "" for key in ("from", "to"))
        dates = f"from {start}" if not end else start if start == end else f"{start} – {end}"
        agreement = measure.get("agreement") or ""
        hangs_on = [f"Part of: {titles.get(agreement, run.status(agreement))}."] if agreement else []
        rows.append(
            MeasureRow(
                letters.get((measure["from"], measure["title"]), ""), dates, measure["title"], run.status(measure["kind"]),
                measure["where"], measure["actor"], list(measure["acts_on"]), measure.get("dose_means") or "", measure["cost_usd_text"],
                " ".join([*hangs_on, measure.get("note") or ""]).strip(), references(run, measure["source"]),
            )
        )  # fmt: skip
    return rows


def parameter_rows(run: Run) -> list[ParameterRow]:
    """All parameters, those that rest on judgement first, with the values used in this run."""
    drawn = _drawn_texts(run)
    order = list(BASIS_WORDS)
    rows = [
        ParameterRow(
            parameter["name"], parameter["title"], parameter["basis"], BASIS_WORDS.get(parameter["basis"], parameter["basis"]),
            parameter["prior_text"], drawn.get(parameter["name"], ""), parameter["unit"], parameter["note"],
            references(run, parameter["source"]),
        )
        for parameter in run.model["parameters"]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: order.index(row.basis) if row.basis in order else len(order))


def transition_rows(run: Run) -> list[dict[str, Any]]:
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


def source_rows(run: Run) -> list[SourceRow]:
    """All sources; only web addresses become links."""
    rows = []
    for number, source in enumerate(run.model["sources"], 1):
        url = source.get("url") or ""
        safe = url if urlsplit(url).scheme in ("http", "https") else ""
        words = ", ".join(str(part) for part in (source["publisher"], source["title"], source.get("date")) if part)
        rows.append(SourceRow(number, words, safe, source.get("licence") or ""))
    return rows


def dated_key(marks: list[DateMark]) -> list[tuple[str, str, str]]:
    """Letter, date and title of what the fans mark."""
    return [(mark.letter, month_text(mark.date), mark.title) for mark in marks]


def _drawn_texts(run: Run) -> dict[str, str]:
    """Median and 95 % interval of the values each parameter took."""
    if "parameter_value" not in run.dataset:
        return {}
    array = run.dataset["parameter_value"].transpose("draw", "parameter")
    low, middle, high = np.quantile(array.to_numpy(), [0.025, 0.5, 0.975], axis=0)
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
