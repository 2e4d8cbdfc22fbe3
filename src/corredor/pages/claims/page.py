"""Put the page together: the verdicts at a glance, then claim by claim, then how verdicts are reached, sources, and how it was made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corredor.effects.claims import Finding
from corredor.effects.claims.curves import MAIN
from corredor.effects.claims.finding import Evidence
from corredor.effects.claims.tally import Group, grouped, summary
from corredor.effects.claims.verdicts import VERDICT_MEANS
from corredor.engine.fitted import Fitted
from corredor.pages.charts.claim_chart import claim_chart
from corredor.pages.charts.design_chart import design_chart
from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.span_chart import span_chart
from corredor.pages.charts.specification_chart import specification_chart
from corredor.pages.charts.svg import Svg
from corredor.pages.claims.words import (
    KIND_WORDS,
    bounds_words,
    curve_words,
    probability_words,
    said,
)
from corredor.pages.report.study_tables import source_row
from corredor.pages.template import STYLES, filled
from corredor.results.wording import Wording, date_text, joined, month_text
from corredor.study.model import Model
from corredor.study.selectors import names_in

WIDE_PX, NARROW_PX = 640.0, 350.0

NAMES_SHOWN = 4
"""Claims of a verdict that the first screen names; all are in the list below it."""

SELF_EVIDENT = ("supported", "contradicted", "cannot tell")
"""Verdicts that need no explanation, or have it in the sentence above them."""

HYPHEN_AS_MINUS = re.compile(r"(?<=[\s(])-(?=\d)")


@dataclass(frozen=True)
class ClaimPicture:
    """A figure of a claim for wide and for narrow screens."""

    title: str
    caption: str
    wide: Svg
    narrow: Svg


def render_claims(
    findings: Sequence[Finding], model: Model, as_of: dt.date, made: Mapping[str, str], fitted: Fitted | None = None
) -> str:
    """The findings about a study's claims as one HTML page.

    as_of : day by which figures had to be published
    made : name → value, of how the page was made: command, draws, seed, version, hash of the study
    fitted : the fit that was used; the page says what is wrong with it
    returns : HTML that asks for nothing outside
    """
    groups = grouped(findings)
    ranked = [finding for group in groups for finding in group.findings]
    cited = dict.fromkeys(
        source
        for f in ranked
        for source in (*_sources(f), *(source for row in f.evidence for source in row.sources))
        if source in model.sources
    )
    numbers = {name: number for number, name in enumerate(cited, 1)}
    return filled(
        "claims.html.j2",
        (*STYLES, "answers.css", "claims.css"),
        study=model.study,
        version=made.get("Version", ""),
        as_of=date_text(as_of.isoformat()),
        summary=summary(findings),
        groups=[_group(group) for group in groups],
        shown=[_shown(finding, numbers) for finding in ranked],
        sources=[source_row(number, model.sources[name].model_dump()) for name, number in numbers.items()],
        made=made,
        fit=fitted,
    )


def _group(group: Group) -> dict[str, Any]:
    """A verdict as the first screen needs it."""
    return {
        "css": group.verdict.replace(" ", "-"),
        "words": group.words,
        "means": "" if group.verdict in SELF_EVIDENT else VERDICT_MEANS[group.verdict],
        "claims": [(finding.claim.id, finding.claim.id.replace("_", " ")) for finding in group.findings[:NAMES_SHOWN]],
        "more": max(len(group.findings) - NAMES_SHOWN, 0),
    }


def _sources(finding: Finding) -> list[str]:
    """Sources that the claim itself names."""
    return [*names_in(finding.claim.comes_from), *names_in(finding.claim.source)]


def _shown(finding: Finding, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A finding as the template needs it."""
    return {
        "finding": finding,
        "kind": KIND_WORDS[finding.claim.kind],
        "said": said(finding.claim),
        "headline": finding.headline,
        "css": finding.judgement.verdict.replace(" ", "-"),
        "number": finding.number,
        "bounds": bounds_words(finding),
        "probability": probability_words(finding),
        "rows": [_row(row, numbers) for row in finding.evidence],
        "pictures": pictures_of(finding),
        "sources": [numbers[source] for source in dict.fromkeys(_sources(finding)) if source in numbers],
    }


def _row(row: Evidence, numbers: Mapping[str, int]) -> tuple[str, list[int]]:
    """Text of a row of evidence, and the numbers of its sources."""
    return HYPHEN_AS_MINUS.sub("−", row.text), [numbers[source] for source in row.sources if source in numbers]


def pictures_of(finding: Finding) -> list[ClaimPicture]:
    """Model and estimates side by side, published figures, months; empty for a claim without numbers."""
    found = []
    effects = finding.effect_picture
    if effects is not None:
        lower = effects.claimed_direction == "lower"
        label = f"Effects side by side: {'; '.join(f'{who} {middle:+.1f} percent' for who, _, middle, _ in effects.rows)}"
        wide, narrow = (claim_chart(effects.rows, lower, effects.claimed_percent, label, px) for px in (WIDE_PX, NARROW_PX))
        caption = f"Middle and 95 % interval, in percent of what it would have been. In short: {effects.agreement}."
        found.append(ClaimPicture("Model and design-based estimates", caption, wide, narrow))
    spans = finding.spans_picture
    if spans is not None:
        drawn = [
            span_chart(spans.title, spans.spans, spans.window, Wording(spans.unit, finding.hides_small), px, height)
            for px, height in ((WIDE_PX, 220.0), (NARROW_PX, 200.0))
        ]
        caption = (
            "Each line is one published figure over the days that it covers, as its mean a month. Shaded: the days of the claim."
        )
        found.append(ClaimPicture(spans.title, caption, drawn[0], drawn[1]))
    series = finding.series_picture
    if series is not None:
        mark = DateMark("measure", series.window[0], "first month in which the measures are in force")
        wording = Wording(series.unit, finding.hides_small)
        drawn = [
            design_chart(series.title, series.starts, series.published, series.expected, mark, wording, px, height)
            for px, height in ((WIDE_PX, 230.0), (NARROW_PX, 210.0))
        ]
        who = " and ".join(f"{name} ({hue})" for name, hue in zip(series.expected, ("blue", "green"), strict=False))
        caption = (
            f"Dots: published, by month. Line and 95 % band from {month_text(series.window[0])}: what was to be expected without the "
            f"measures{f', by {who}' if who else ''}."
        )
        found.append(ClaimPicture(series.title, caption, drawn[0], drawn[1]))
    return [*found, *_curve_picture(finding)]


def _curve_picture(finding: Finding) -> list[ClaimPicture]:
    """The specification curve; none unless it was asked for and somebody answered."""
    asked = finding.curve
    if asked is None or not asked.curve.rows:
        return []
    title = "Would another choice have said something else?"
    wide, narrow = (specification_chart(title, asked.curve, MAIN, px) for px in (WIDE_PX, NARROW_PX))
    words = curve_words(finding)
    unanswered = f" {len(asked.curve.unanswered)} other choices have no answer." if asked.curve.unanswered else ""
    why = {reason: [form for form, other in asked.left_out.items() if other == reason] for reason in asked.left_out.values()}
    left_out = "".join(f" Left out: {joined(forms)} ({reason})." for reason, forms in why.items())
    caption = (
        f"{words[0].upper()}{words[1:]}. Each column is one choice with its 95 % interval, from the largest fall to the largest rise; "
        "the dots below it tell which. Forms other than the main estimate are judged by "
        f"{asked.placebos} quiet dates each.{unanswered}{left_out}"
    )
    return [ClaimPicture(title, caption, wide, narrow)]
