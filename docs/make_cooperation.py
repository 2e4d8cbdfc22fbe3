"""Write docs/COOPERATION.md and its pictures: what cooperation with Mexico did in 2018, what it did in 2019, what neither shows.

    python docs/make_cooperation.py            writes page and pictures from docs/cooperation/findings.json and the study's series
    python docs/make_cooperation.py --run      checks the claims of mexico-2018 first (some minutes)

No number of the page stands in this file.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from stands_alone import stands_alone

from corredor.effects.claims.effects import series_picture
from corredor.effects.claims.finding import Finding
from corredor.effects.claims.published_bounds import bounds_over, known_rows, summed
from corredor.effects.claims.published_series import Published, expected_by_month, published_estimate
from corredor.pages.charts.claim_chart import claim_chart
from corredor.pages.charts.design_chart import design_chart
from corredor.pages.charts.fans import DateMark
from corredor.results.wording import Wording, date_text, month_text
from corredor.study.catalogue import find_study
from corredor.study.model import Model, load_study
from corredor.study.schema import EffectCheck
from corredor.study.selectors import parts_in

DOCS = Path(__file__).resolve().parent
FOLDER = DOCS / "cooperation"
FINDINGS = FOLDER / "findings.json"
PAGE = DOCS / "COOPERATION.md"
STUDY = "mexico-2018"
DRAWS, SEED = 200, 1
LATER = dt.date(2024, 12, 31)
"""Day of the questions about 2019: apprehensions by citizenship were published by month in November 2024."""

OF_2018 = ("enforcement_unprecedented", "returns_unprecedented", "enforcement_raised_returns", "enforcement_reduced_arrivals",
           "offers_reduced_claims", "camp_reduced_crossings")  # fmt: skip
"""Claims of December 2018 about what cooperation did, and what must hold for them; asked as of the study's last day."""

OF_2019 = ("agreement_reduced_apprehensions_at_once", "agreement_reduced_apprehensions",
           "agreement_reduced_apprehensions_of_central_americans", "agreement_reduced_apprehensions_of_mexicans",
           "deployment_raised_presentations_in_june", "deployment_raised_presentations", "deployment_raised_returns")  # fmt: skip
BESIDE = ("refuge_claims_rose_in_2019", "deaths_rose_after_the_agreement")

CENTRAL_AMERICANS = ("guatemala", "honduras", "el_salvador")
CITIZENSHIPS = (*CENTRAL_AMERICANS, "mexico", "other")
PERIODS = (("2018-01", "2018-05"), ("2018-06", "2018-11"), ("2018-12", "2019-05"), ("2019-06", "2019-11"))
"""Months, cut where the claims cut them: six months before December 2018, and six from June 2019 on."""

APPREHENDED, PRESENTED = "border_patrol_apprehensions_by_citizenship", "people_presented_in_mexico"
WIDTH_PX, HEIGHT_PX = 640.0, 240.0
PEOPLE = Wording("people")

MONTHLY_CAPTION = "Dots: published. Line and band of 95 %, from the dotted line on: what was to be expected."
PARTS_CAPTION = "Dots with intervals of 95 %; shaded: fewer people than was to be expected."

Told = dict[str, Any]
"""A finding as JSON."""


@dataclass(frozen=True)
class Facts:
    """All that the page is made of: findings by claim, and the study with its series."""

    findings: dict[str, Told]
    model: Model


def run() -> None:
    """Check the claims of both years and keep what was found."""
    from corredor.effects.claims import check_claims
    from corredor.engine.fitted import study_and_fit

    model, fitted = study_and_fit(find_study(STUDY), None, False)
    kept: dict[str, Told] = {}
    for names, day in ((OF_2018, model.study.to), ((*OF_2019, *BESIDE), LATER)):
        some = replace(model, claims=tuple(claim for claim in model.claims if claim.id in names))
        found = check_claims(some, draws=DRAWS, seed=SEED, as_of=day, fitted=fitted)
        kept |= {finding.claim.id: told(finding, day) for finding in found}
    facts = {"study": STUDY, "study_hash": model.hash, "fitted": fitted.fingerprint if fitted else None}
    facts |= {"draws": DRAWS, "seed": SEED, "findings": kept}
    FOLDER.mkdir(exist_ok=True)
    FINDINGS.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def told(finding: Finding, as_of: dt.date) -> Told:
    """A finding as JSON, with the day by which figures had to be published; evidence stays behind but for its figures."""
    written = finding.as_json()
    written["figures"] = [row["figures"] for row in written.pop("evidence") if row["figures"]]
    written["direction"] = finding.claim.effect.direction if finding.claim.effect is not None else None
    return {"as_of": as_of.isoformat()} | {name: value for name, value in written.items() if name != "assumed"}


def read_facts() -> Facts:
    """What was found, and the study."""
    return Facts(json.loads(FINDINGS.read_text(encoding="utf-8"))["findings"], load_study(find_study(STUDY)))


def page_text(facts: Facts) -> str:
    """The page as Markdown."""
    named = facts.findings
    parts = [
        "# What cooperation did: 2018 and 2019",
        "\n".join(
            [
                f"- **2018.** {precedent(named['enforcement_unprecedented'])} At the border of the United States "
                f"{answer(named['enforcement_reduced_arrivals'])}.",
                "- **2019.** Of people apprehended there within six months of the agreement of 7 June there were "
                f"{answer(named['agreement_reduced_apprehensions'])}. Of people from Guatemala, Honduras and El Salvador: "
                f"{answer(named['agreement_reduced_apprehensions_of_central_americans'])}. Of Mexicans, whom Mexico does not stop, "
                f"{answer(named['agreement_reduced_apprehensions_of_mexicans'])}.",
                "- **Neither** shows which of the measures did it, where people went instead, or that they were safer.",
            ]
        ),
        "corredor worked this out from published counts of people apprehended at the border, presented to Mexico's migration authority and "
        "returned. Season and trend are taken off; intervals are of 95 %; “cannot tell” means that the figures leave room for both "
        "answers.",
        "## What cooperation did in 2018",
        *part_2018(facts),
        "## What it did in 2019",
        *part_2019(facts),
        "## What neither shows",
        *part_neither(facts),
        "## How this was made",
        *how_made(facts),
    ]
    return "\n\n".join(parts) + "\n"


def part_2018(facts: Facts) -> list[str]:
    """The claims of an article of December 2018, with their bounds."""
    return [
        "An opinion article of December 2018 said that Mexico's enforcement was without precedent, and that enforcement and offers "
        "reduced arrivals. On record are:",
        on_record(facts.model, ("bridge_held", "stay_and_work_plan", "highway_inspections", "el_barretal_opened")),
        picture(
            "arrivals_2018",
            "Apprehensions at the United States border by month, and what was to be expected from November 2018 on",
        ),
        claims_table(facts, OF_2018),
        "A bound says what the figures rule out and no more: a smaller change may have been there.",
    ]


def part_2019(facts: Facts) -> list[str]:
    """The agreement of June 2019."""
    named, model = facts.findings, facts.model
    shares = [f"{for_every_100(model, CENTRAL_AMERICANS, period):.0f}" for period in PERIODS]
    return [
        "On record are:",
        on_record(model, agreement_check(model).measures),
        picture(
            "apprehensions_2019",
            "Apprehensions at the United States border by month, and what was to be expected from June 2019 on",
        ),
        claims_table(facts, OF_2019),
        f"**When.** Within three months already there were {answer(named['agreement_reduced_apprehensions_at_once'])}. "
        f"{months_below(model)}",
        "**In Mexico.** Of people presented to its migration authority, in June 2019 itself "
        f"{answer(named['deployment_raised_presentations_in_june'])}; within six months "
        f"{answer(named['deployment_raised_presentations'])}. Their number had been rising for months, and whoever does not set out "
        "cannot be stopped. So it is set against apprehensions in the United States. For every 100 people of these countries whom the "
        "United States "
        "apprehended, Mexico presented:",
        table(("", *(period_words(period) for period in PERIODS)), share_rows(model)),
        f"Before the agreement it was {shares[2]}, after it {shares[3]}, and early in 2018, when no agreement was in force, {shares[0]}. "
        "Such a ratio also rises when fewer people reach the border for another reason.",
    ]


def part_neither(facts: Facts) -> list[str]:
    """What the figures leave open, with protection beside control."""
    named = facts.findings
    return [
        "**Which measure.** In the same months as the deployment the United States sent many more people back to wait in Mexico, closed "
        "asylum to most who had come through another country (16 July), and signed agreements with Guatemala, El Salvador and Honduras. "
        "Mexicans were spared these too, so that the contrast with them does not part the deployment from the rest. Monthly counts "
        "cannot.",
        picture(
            "parts_2019",
            "Change of apprehensions from June to November 2019, by citizenship and by sector of the border",
            PARTS_CAPTION,
        ),
        f"**Where.** {where_words(facts.model)} Each line is asked by itself, and one in twenty errs by chance.",
        "**Where people went instead.** No series counts people who turned back, stayed in Mexico or crossed unseen.",
        "**Whether people were safer.** Control was counted better than protection:",
        table(("", "2018", "2019"), year_rows(facts.model)),
        f"“{named['refuge_claims_rose_in_2019']['says']}” {verdict(named['refuge_claims_rose_in_2019'])}. "
        f"“{named['deaths_rose_after_the_agreement']['says']}” {verdict(named['deaths_rose_after_the_agreement'])}: what is recorded is "
        "a lower end.",
    ]


def how_made(facts: Facts) -> list[str]:
    """Figures, days of publication, commands."""
    last = facts.model.study.to
    return [
        f"Claims of 2018 count figures published by {last}; those of 2019 count figures published by {LATER} on months up to "
        "December 2019. Mexico's months are its bulletin's as last revised by June 2025, taken as known five weeks after each. The model, "
        "which has a say in the claims of 2018 only, was fitted to figures of 10 December 2018 and earlier. Windows of three and six "
        "months "
        "were chosen before looking; June 2019 alone was added after. The rules of the verdicts are in [CLAIMS.md](CLAIMS.md), how often "
        "they err where effects are known in [EVIDENCE.md](EVIDENCE.md), sources and gaps in the README of the study.",
        f"```text\ncorredor claims {STUDY}\ncorredor claims {STUDY} --as-of {LATER}\n```",
        "Written by `python docs/make_cooperation.py`; do not edit by hand.",
    ]


# Words -----------------------------------------------------------------------------------------------------------------------------


def answer(effect: Told) -> str:
    """What was found of an effect: a change with its interval, a bound, or that it cannot be told."""
    lower = effect["direction"] == "lower"
    low, high = effect["excluded_below"], effect["excluded_above"]
    if effect["verdict"] == "supported":
        small, large = sorted((abs(low), abs(high)))
        middle = next(figures for figures in effect["figures"] if "effect_percent" in figures)
        people = sorted(abs(middle[end]) for end in ("low_people", "high_people"))
        size = f"{abs(middle['effect_percent']):.0f} % {'fewer' if lower else 'more'}"
        counted = f"{PEOPLE.rounded(abs(middle['effect_people']))} people, {PEOPLE.rounded_interval(*people)}"
        return f"**{size}** than was to be expected ({small:.0f} to {large:.0f} %; {counted})"
    change = "fall" if lower else "rise"
    if effect["verdict"] == "no large effect":
        return f"**no {change} was found, and one of more than {abs(low if lower else high):.0f} % is ruled out**"
    if low is None or high is None:
        return f"a {change} **cannot be told**, for want of figures by month"
    said = "cannot be told" if effect["verdict"] == "cannot tell" else "is contradicted"
    return f"a {change} **{said}** ({signed(low)} to {signed(high)} %)"


def signed(percent: float) -> str:
    return f"{percent:+.0f}".replace("-", "−")


def verdict(finding: Told) -> str:
    return f"**{finding['verdict'].capitalize()}**"


def on_record(model: Model, names: Sequence[str]) -> str:
    """Measures with their dates and, where there is one, their dose."""
    measures = [one for one in model.measures if one.id in names]
    doses = [f": {one.dose_means}" if one.dose_means else "" for one in measures]
    return "\n".join(f"- {date_text(str(one.from_))}: {one.title}{dose}" for one, dose in zip(measures, doses, strict=True))


def precedent(level: Told) -> str:
    """What is known of the six months before December 2018."""
    now, earlier = level["figures"][0], level["figures"][1]
    if level["verdict"] != "contradicted":
        return f"Enforcement without precedent: {verdict(level)}."
    return (
        f"Enforcement was not without precedent: Mexico presented {now['low']:,.0f} people to its migration authority in the six months "
        f"before December, at least {abs(level['high']):.0f} % fewer than in the highest earlier six months "
        f"({earlier['low']:,.0f} or more)."
    )


def claims_table(facts: Facts, names: Sequence[str]) -> str:
    """Claims with verdict, what was found, and what would have been seen."""
    rows = []
    for name in names:
        finding = facts.findings[name]
        effect = finding["kind"] == "effect"
        known = effect and finding["excluded_below"] is not None
        between = (
            f"{signed(finding['excluded_below'])} to {signed(finding['excluded_above'])} %" if known else level_words(finding)
        )
        seen = f"{signed(finding['detectable'])} %" if known else ""
        rows.append((finding["says"], verdict(finding), between, seen))
    return table(
        (
            "it was said",
            "verdict",
            "published counts against what was to be expected (95 %)",
            "smallest change seen in 4 of 5 cases",
        ),
        rows,
    )


def level_words(finding: Told) -> str:
    if finding["kind"] != "level" or finding["high"] is None:
        return "no figures by month"
    return f"at least {abs(finding['high']):.0f} % below the highest earlier" if finding["high"] < 0 else ""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *rows))


def picture(name: str, words: str, caption: str = MONTHLY_CAPTION) -> str:
    return f"![{words}](cooperation/{name}.svg)\n\n*{words}. {caption}*"


def name_of(part: str) -> str:
    return {"mexico": "Mexico", "other": "other countries"}.get(part, part.replace("_", " ").title())


def period_words(period: tuple[str, str]) -> str:
    first, last = (month_text(np.datetime64(month, "ns")) for month in period)
    return f"{first} to {last}"


# Numbers from the series -------------------------------------------------------------------------------------------------------------


def total(model: Model, series: str, parts: Sequence[str | None], period: tuple[str, str]) -> tuple[float, float]:
    """Lowest and highest sum that the figures of a series allow over whole months."""
    first = dt.date.fromisoformat(f"{period[0]}-01")
    last = (np.datetime64(period[1], "M") + 1).astype("datetime64[D]").item() - dt.timedelta(days=1)
    found = summed([bounds_over(known_rows(model.series, series, part, LATER), first, last) for part in parts])
    return found.low, found.high


def for_every_100(model: Model, parts: Sequence[str], period: tuple[str, str]) -> float:
    """People presented in Mexico for every 100 apprehended at the United States border."""
    presented, apprehended = (sum(total(model, series, parts, period)) / 2 for series in (PRESENTED, APPREHENDED))
    return 100 * presented / apprehended


def share_rows(model: Model) -> list[list[str]]:
    groups = [*((name_of(part), (part,)) for part in CENTRAL_AMERICANS), ("together", CENTRAL_AMERICANS)]
    return [[name, *(f"{for_every_100(model, parts, period):.0f}" for period in PERIODS)] for name, parts in groups]


def year_rows(model: Model) -> list[list[str]]:
    """Control and protection in both years, as the figures allow."""
    counted: tuple[tuple[str, str, Sequence[str | None]], ...] = (
        ("apprehended at the United States border", "border_patrol_apprehensions", agreement_check(model).part),
        ("presented to Mexico's migration authority", PRESENTED, (None,)),
        ("returned by Mexico", "people_returned_by_mexico", (None,)),
        ("asked Mexico for refuge", "refuge_claims_in_mexico", (None,)),
        (
            "dead or missing in Mexico and at the United States border, as recorded",
            "recorded_deaths",
            ("united_states", "mexico"),
        ),
    )
    rows = []
    for title, series, parts in counted:
        cells = [total(model, series, parts_in(parts), (f"{year}-01", f"{year}-12")) for year in (2018, 2019)]
        rows.append([title, *(PEOPLE.interval(*ends) if np.isfinite(ends[1]) else f"at least {ends[0]:,.0f}" for ends in cells)])
    sent = max((row for row in model.series if row.series == "sent_back_to_wait_in_mexico"), key=lambda row: row.to)
    first = f"none; they began on {date_text(str(sent.from_))}"
    rows.insert(
        3,
        [
            "sent back to Mexico to wait for a United States court",
            first,
            f"more than {sent.low:,.0f} by {date_text(str(sent.to))}",
        ],
    )
    return rows


def agreement_check(model: Model) -> EffectCheck:
    return next(claim.effect for claim in model.claims if claim.id == "agreement_reduced_apprehensions")


def asked(model: Model, check: EffectCheck, as_of: dt.date) -> Published:
    """What the published series says of an effect."""
    return published_estimate(model.series, check, [one for one in model.measures if one.id in check.measures], as_of)


def part_rows(model: Model) -> list[tuple[str, float, float, float]]:
    """Name of each citizenship and sector → lower end, middle, upper end of the change after the agreement, percent."""
    rows = []
    of_all = agreement_check(model)
    checks = [(f"people of {name_of(part)}", {"series": APPREHENDED, "part": part}) for part in CITIZENSHIPS]
    checks += [(f"sector {name_of(part)}", {"part": part}) for part in parts_in(of_all.part)]
    for name, update in checks:
        estimate = asked(model, of_all.model_copy(update=update), LATER).estimate
        assert estimate is not None, name
        low, middle, high = (100 * float(np.expm1(value)) for value in (estimate.low, estimate.effect, estimate.high))
        rows.append((name, low, middle, high))
    return rows


def where_words(model: Model) -> str:
    """Sectors of the border whose interval lies below nothing, and the others."""
    sectors = [(name.removeprefix("sector "), high) for name, _, _, high in part_rows(model) if name.startswith("sector ")]
    fell, others = (", ".join(name for name, high in sectors if (high < 0) == below) or "none" for below in (True, False))
    return f"Sectors that fell beyond their usual ups and downs: {fell}. Of these it cannot be told: {others}."


def months_below(model: Model) -> str:
    """The first month whose count lies below all that was to be expected of it."""
    found = asked(model, agreement_check(model), LATER)
    assert found.months is not None and found.estimate is not None
    months, counted = found.months.months[found.start :], found.months.values[found.start :]
    lowest = expected_by_month(found, found.estimate)[0]
    below = months[counted < lowest]
    if not len(below):
        return "No single month lies below its own interval."
    return f"The first month below all that was to be expected is {month_text(below[0].astype('datetime64[ns]'))}."


# Pictures ----------------------------------------------------------------------------------------------------------------------------


def pictures(model: Model) -> dict[str, str]:
    """Name → a picture that stands alone; from published series, without a simulation."""
    checks = {claim.id: claim.effect for claim in model.claims if claim.effect is not None}
    rows = part_rows(model)
    words = "; ".join(f"{name} {middle:+.0f} percent" for name, _, middle, _ in rows)
    chart = claim_chart(rows, True, 0.0, f"Change of apprehensions by citizenship and sector: {words}", WIDTH_PX)
    return {
        "arrivals_2018.svg": _monthly(model, checks["enforcement_reduced_arrivals"], model.study.to),
        "apprehensions_2019.svg": _monthly(model, checks["agreement_reduced_apprehensions"], LATER),
        "parts_2019.svg": _alone(str(chart), 24.0 + 46.0 * len(rows) + 38.0),
    }


def _monthly(model: Model, check: EffectCheck, as_of: dt.date) -> str:
    shown = series_picture(check, asked(model, check, as_of), as_of)
    assert shown is not None and shown.expected
    mark = DateMark("measure", shown.window[0], "first month in which the measures are in force")
    title = "Apprehensions by the Border Patrol at the Southwest border"
    chart = design_chart(title, shown.starts, shown.published, shown.expected, mark, PEOPLE, WIDTH_PX, HEIGHT_PX)
    return _alone(str(chart), HEIGHT_PX)


def _alone(chart: str, height_px: float) -> str:
    claimed = ".claimed{fill:var(--line);fill-opacity:.6}svg .who{fill:var(--ink)}"
    return stands_alone(chart, WIDTH_PX + 16, height_px + 12, more_style=claimed)


def main(write: Callable[[Path, str], object] = lambda path, text: path.write_text(text, encoding="utf-8")) -> None:
    """Write the page and its pictures."""
    if "--run" in sys.argv[1:]:
        run()
    facts = read_facts()
    for name, text in pictures(facts.model).items():
        write(FOLDER / name, text)
    write(PAGE, page_text(facts))


if __name__ == "__main__":
    main()
