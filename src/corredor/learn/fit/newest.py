"""Does a fit reproduce the newest figures? What it foresees begins where they end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corredor.results.wording import too_few

NEWEST = 3
"""Figures of a series that are looked at, all of them and the last alone: for monthly ones, the last three months known."""

FAR = 3.0
"""Standard errors of their mean from which the newest figures lie further off than chance explains."""

OFF = 0.1
"""Share of the published people up to which a fit counts as right, however small the standard errors are."""

SHOWN = 4

Name = tuple[str, str, str]
"""Output, place and group of a series; empty for all places or groups."""


@dataclass(frozen=True)
class Missed:
    """Newest figures that a fit does not reproduce, of one series, or of all series of an output together.

    output, place, group : what they count;  from_, to : first and last day, YYYY-MM-DD
    published, fitted : people (or days of a wait), their sum; of a range what it allows that is nearest to the fit
    errors : how far off they lie, in standard errors of their mean
    series : those that this stands for
    has_few : whether one of the figures must not be shown, being of fewer than five people or giving such a one away, so that their sum
        is not told
    """

    output: str
    place: str
    group: str
    from_: str
    to: str
    published: float
    fitted: float
    errors: float
    series: tuple[Name, ...]
    has_few: bool = False


def missed_series(figures: Sequence[dict[str, Any]], unshown: Sequence[bool] | np.ndarray | None = None) -> list[Missed]:
    """Series whose newest figures are not reproduced, the furthest off first; outputs whose series together are not come before.

    figures : of `judge.judged`: output, place, group, from, to, value, low, high, q50, residual
    unshown : (n_figures,) bool     those that must not be shown; none unless given
    """
    hidden = np.zeros(len(figures), dtype=bool) if unshown is None else unshown
    newest = newest_figures({**figure, "unshown": bool(is_unshown)} for figure, is_unshown in zip(figures, hidden, strict=True))
    outputs: dict[tuple[str, bool, bool], list[Name]] = {}
    for name in newest:
        outputs.setdefault((name[0], name[1] != "", name[2] != ""), []).append(name)
    together = [
        found
        for (output, _, _), names in outputs.items()
        if len(names) > 1 and (found := _missed((output, "", ""), [newest[name] for name in names], names))
    ]
    alone = [found for name, rows in newest.items() if (found := _missed(name, [rows], [name]))]
    return [*together, *sorted(alone, key=lambda one: -abs(one.errors))]


def newest_figures(figures: Iterable[dict[str, Any]]) -> dict[Name, list[dict[str, Any]]]:
    """The last figures of each series, in the order of their days."""
    of_series: dict[Name, list[dict[str, Any]]] = {}
    for figure in figures:
        of_series.setdefault((figure["output"], figure["place"], figure["group"]), []).append(figure)
    return {name: sorted(rows, key=lambda row: (row["to"], row["from"]))[-NEWEST:] for name, rows in of_series.items()}


def missed_words(missed: Sequence[Missed], titles: Mapping[str, str]) -> str:
    """Which series, from when to when, what was published and what was fitted; the first few.

    titles : output, place or group → its name for the reader
    """
    words = [
        f"{series_words(one.output, one.place, one.group, titles)}{' in all' if len(one.series) > 1 else ''}, {one.from_} to {one.to}: "
        + (f"fitted {one.fitted:,.0f}" if one.has_few else f"published {one.published:,.0f}, fitted {one.fitted:,.0f}")
        for one in missed[:SHOWN]
    ]
    return "; ".join(words) + (f"; and {len(missed) - SHOWN} more" if len(missed) > SHOWN else "")


def series_words(output: str, place: str, group: str, titles: Mapping[str, str]) -> str:
    """A series as the reader calls it."""
    return ", ".join(titles.get(name, name).replace("_", " ") for name in (output, place, group) if name)


def _missed(name: Name, newest: Sequence[Sequence[dict[str, Any]]], series: Sequence[Name]) -> Missed | None:
    """What is missed of the last few figures of each series, or of the last alone; none when chance explains it or it is little."""
    for n_last in (NEWEST, 1):
        found = _further_off(name, [row for rows in newest for row in rows[-n_last:]], series)
        if found is not None:
            return found
    return None


def _further_off(name: Name, rows: Sequence[dict[str, Any]], series: Sequence[Name]) -> Missed | None:
    """What is missed of these figures together."""
    errors = float(np.sum([row["residual"] for row in rows]) / np.sqrt(len(rows)))
    fitted = float(sum(row["q50"] for row in rows))
    published = float(sum(_allowed(row) for row in rows))
    if abs(errors) <= FAR or abs(fitted - published) <= OFF * published:
        return None
    days = min(row["from"] for row in rows), max(row["to"] for row in rows)
    return Missed(
        *name,
        *days,
        round(published, 3),
        round(fitted, 3),
        round(errors, 2),
        tuple(series),
        any(row["unshown"] or bool(too_few(_allowed(row))) for row in rows),
    )


def _allowed(row: dict[str, Any]) -> float:
    """A published figure; of a range the number nearest to what was fitted."""
    if row["value"] is not None:
        return float(row["value"])
    return float(np.clip(row["q50"], row["low"] or 0.0, np.inf if row["high"] is None else row["high"]))
