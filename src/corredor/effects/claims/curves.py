"""Would another choice have said something else of a claim? Its question with every window, every set of donors and every quick form.

Forms other than the main one are judged by their own gaps at quiet dates. Those that ask no donors take quiet dates of the claim's series
and of the whole routes that come with corredor; those that ask donors take them of the parts of the claim's series, each held against
the others, since that is what is done with the claim itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from corredor.effects.benchmark.bundled import bundled_evidence, bundled_panel
from corredor.effects.benchmark.evidence import first_month
from corredor.effects.benchmark.judged import percent_of
from corredor.effects.claims.monthly import monthly_series
from corredor.effects.claims.published_series import TOUCHED, Published, panel_of_claim, panel_of_parts, reference_of
from corredor.effects.design.answer import Answer, Listed
from corredor.effects.design.by_placebos import by_placebos
from corredor.effects.design.donor_series import FEWEST_DONORS
from corredor.effects.design.expectations import EXPECTATIONS
from corredor.effects.design.panel import Panel, Window
from corredor.effects.design.panel_change import panel_change
from corredor.effects.design.specification_curve import (
    LENGTHS,
    NO_DONORS,
    Form,
    Specification,
    SpecificationCurve,
    specification_curve,
)
from corredor.effects.design.synthetic_difference import DesignMissing
from corredor.study.schema import EffectCheck, Measure, SeriesValue
from corredor.study.selectors import elsewhere_of, names_in

MAIN = "main estimate"

QUICK_FORMS = (
    "mean before and after",
    "mean with season",
    "difference in differences",
    "synthetic difference in differences",
    "interactive fixed effects",
)
"""Forms that take a thirtieth of a second or less for each window, also beside fifty donors."""

PLACEBOS = 80
"""Quiet windows by which each of these forms is judged, for each length."""

NAMED, OTHERS = "those named", "all other parts"
"""Donors that the claim names, and every part of its series that it does not name otherwise."""

NO_OTHERS = "the series has no two other parts to compare with"


@dataclass(frozen=True)
class ClaimCurve:
    """All choices, and forms that could not be asked.

    placebos : quiet windows behind each form but the main one
    left_out : form → why
    """

    curve: SpecificationCurve
    placebos: int = PLACEBOS
    left_out: Mapping[str, str] = field(default_factory=dict)

    def found(self, sign: int) -> int:
        """Choices that find a rise (+1) or a fall (−1)."""
        return sum(row.finds == sign for row in self.curve.rows)

    def as_json(self) -> dict[str, Any]:
        """As a plain dictionary; effects in percent of what was to be expected."""
        return {
            "choices": len(self.curve.rows),
            "find_fall": self.found(-1),
            "find_rise": self.found(1),
            "median": percent_of(self.curve.median_effect) if self.curve.rows else None,
            "placebos": self.placebos,
            "rows": [_row_as_json(row) for row in self.curve.rows],
            "unanswered": [
                {"form": form, "window_months": months, "donors": donors} for form, months, donors in self.curve.unanswered
            ],
            "left_out": dict(self.left_out),
        }


def _row_as_json(row: Specification) -> dict[str, Any]:
    effect, low, high = (percent_of(log) for log in (row.effect, row.low, row.high))
    choice = {"form": row.form, "window_months": row.window_months, "donors": row.donors}
    return {**choice, "effect": effect, "low": low, "high": high, "finds": row.finds}


def claim_curve(
    series: Sequence[SeriesValue], effect: EffectCheck, measures: Sequence[Measure], published: Published, as_of: dt.date
) -> ClaimCurve | None:
    """The question of a claim with every choice; none where the claim has no estimate.

    published : what the series says of the window of the claim
    as_of : day by which figures had to be published
    """
    months = None if effect.series is None else monthly_series(series, effect.series, effect.part, as_of)
    if months is None or published.estimate is None:
        return None
    lengths = [length for length in LENGTHS if published.start + length <= len(months.months)]
    end = published.start + max(lengths, default=0)
    months = replace(months, months=months.months[:end], values=months.values[:end])
    panel, donors = panel_of_claim(series, effect, months, as_of)
    window = Window(0, published.start, 1, (), published.start - published.known)
    begun = [first_month(measure.from_) for measure in measures]

    def main(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
        references = [reference_of(series, effect, measures, one, as_of) for one in windows]
        return [None if ref is None else panel_change(ref, panel, one) for one, ref in zip(windows, references, strict=True)]

    curves = [
        specification_curve(
            panel, window, [Form(MAIN, main, True)], {NO_DONORS: (), **({NAMED: donors} if donors else {})}, lengths=lengths
        )
    ]
    alone, beside = _with_routes(panel, as_of), _with_other_parts(panel, panel_of_parts(series, panel.families[0], as_of), effect)
    quiet_of = {
        False: {*bundled_evidence().listed, *((panel.families[0], month) for month in begun)},
        True: {(TOUCHED, month) for month in begun},
    }
    left_out = {}
    for name in QUICK_FORMS:
        asks = EXPECTATIONS[name].asks_donors
        asked = beside if asks else alone
        form = Form(name, by_placebos(name, EXPECTATIONS[name].expected, PLACEBOS), asks)
        if asks and len(beside.units) <= FEWEST_DONORS:
            left_out[name] = NO_OTHERS
            continue
        start = asked.row(panel.months[published.start])
        try:
            curves.append(
                specification_curve(
                    asked, replace(window, start=start), [form], _donor_sets(beside, effect), quiet_of[asks], lengths
                )
            )
        except DesignMissing as missing:
            left_out[name] = str(missing)
    return ClaimCurve(_together(curves), PLACEBOS, left_out)


def _donor_sets(beside: Panel, effect: EffectCheck) -> dict[str, tuple[int, ...]]:
    """Those that the claim names, and all others where they are not the same; an empty set lets a form take all."""
    named = tuple(beside.column(name) for name in effect.donors if name in beside.units)
    sets: dict[str, tuple[int, ...]] = {NAMED: named} if named else {}
    return sets if len(named) == len(beside.units) - 1 else {**sets, OTHERS: ()}


def _with_other_parts(own: Panel, parts: Panel | None, effect: EffectCheck) -> Panel:
    """The series of a claim, and every other part of it, each a family of its own, so that each can be held against the others."""
    elsewhere = [name for place in elsewhere_of(effect) if place.series == effect.series for name in names_in(place.part)]
    left = {*names_in(effect.part), *elsewhere, effect.series}
    # without a part the series is the whole, and its parts are parts of it
    others = [] if parts is None or effect.part is None else [unit for unit in parts.units if unit not in left]
    if parts is None or not others:
        return replace(own, units=own.units[:1], families=own.units[:1], people=own.people[:, :1])
    months = _both(own, parts)
    columns = _on(months, parts)[:, [parts.column(unit) for unit in others]]
    units = (TOUCHED, *others)
    return Panel(months, units, np.column_stack([_on(months, own)[:, 0], columns]), units)


def _with_routes(own: Panel, as_of: dt.date) -> Panel:
    """The series of a claim, and the whole routes that come with corredor, as far as months were known."""
    bundled = bundled_panel(np.datetime64(as_of, "M"))
    routes = [column for column, unit in enumerate(bundled.units[: bundled_evidence().units]) if "|" not in unit]
    theirs = Panel(
        bundled.months,
        tuple(bundled.units[column] for column in routes),
        bundled.people[:, routes],
        tuple(bundled.families[column] for column in routes),
    )
    months = _both(own, theirs)
    people = np.column_stack([_on(months, own)[:, 0], _on(months, theirs)])
    return Panel(months, (TOUCHED, *theirs.units), people, (own.families[0], *theirs.families))


def _both(one: Panel, other: Panel) -> np.ndarray:
    """Every month from the first to the last of two panels."""
    return np.arange(min(one.months[0], other.months[0]), max(one.months[-1], other.months[-1]) + 1)


def _on(months: np.ndarray, panel: Panel) -> np.ndarray:
    """Counts of a panel in these months; not a number where it has none."""
    people = np.full((len(months), len(panel.units)), np.nan)
    people[np.isin(months, panel.months)] = panel.people[np.isin(panel.months, months)]
    return people


def _together(curves: Sequence[SpecificationCurve]) -> SpecificationCurve:
    """Curves of single forms as one."""
    return SpecificationCurve(
        rows=tuple(sorted((row for curve in curves for row in curve.rows), key=lambda row: row.effect)),
        forms=tuple(form for curve in curves for form in curve.forms),
        lengths=curves[0].lengths,
        donor_sets=tuple(dict.fromkeys(name for curve in curves for name in curve.donor_sets)),
        unanswered=tuple(one for curve in curves for one in curve.unanswered),
    )
