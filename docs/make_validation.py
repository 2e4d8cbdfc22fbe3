"""Write docs/VALIDATION.md and its pictures from whatever case folders are given.

python docs/make_validation.py CASES [--draws 50] [--seed 1] [--out docs]      CASES: a folder of Flee folders (input_csv, source_data)
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from make_picture import picture_text

from corredor._simulate import simulate
from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.ensemble import run_draw
from corredor.engine.network import build_network
from corredor.exchange.flee.write import import_flee
from corredor.learn.rolling import forecast_rolling
from corredor.learn.score import score_rolling, score_run
from corredor.study.model import Model, load_study
from corredor.study.problems import StudyError
from corredor.study.schema import Prior

HERE = Path(__file__).parent
FIT, ROLLING = HERE / "validation" / "fit.json", HERE / "validation" / "rolling.json"
HORIZON_DAYS = 30

FLEE_3 = {
    "burundi2015": (0.544, 0.534),
    "car2013": (0.450, 0.425),
    "mali2012": (0.341, 0.368),
    "ssudan2013": (0.535, 0.525),
}
"""Flee 3 with its 2024 validation settings at 1/100 of the people, measured on this kind of machine: all days, and from day 30 on."""

FLEE_3_SECONDS = {"mali2012": 108.0}
"""One run at full population, serial, on the same kind of machine."""


@dataclass(frozen=True)
class Result:
    """One case: scores with capacities as known on the day and as the folder has them, without any, 30 days ahead; the time of a draw."""

    name: str
    scores: dict[str, Any]
    expected: dict[str, Any]
    in_hindsight: dict[str, Any]
    without_capacity: dict[str, Any]
    rolling: dict[str, Any]
    as_published: dict[str, Any]
    milliseconds: float
    decisions: float


def main() -> int:
    """Score every case and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE)
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.cases.glob("*/input_csv"))
    if not folders:
        print(f"{arguments.cases}: no folder with input_csv in it; give another with CASES=…", file=sys.stderr)
        return 2
    pictures = arguments.out / "validation"
    pictures.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as passing:
        for folder in folders:
            print(f"{folder.name} …", file=sys.stderr)
            try:
                results.append(_result(folder, Path(passing) / folder.name, pictures, arguments.draws, arguments.seed))
            except (StudyError, ValueError) as error:
                failed[folder.name] = " ".join(str(error).split())[:200]
    if not results:
        print(
            "none of the cases could be scored:", *(f"{name}: {why}" for name, why in failed.items()), sep="\n", file=sys.stderr
        )
        return 3
    page = arguments.out / "VALIDATION.md"
    page.write_text(_page(results, failed, arguments.draws, arguments.seed), encoding="utf-8")
    print(page)
    return 0


def _result(folder: Path, out: Path, pictures: Path, draws: int, seed: int) -> Result:
    _, model = import_flee(folder, out / "counts")
    _, in_hindsight = import_flee(folder, out / "folder", capacities="folder")
    dataset = simulate(model, draws=draws, seed=seed)
    scores = score_run(dataset)
    output = scores["output"]
    (pictures / f"{folder.name}.svg").write_text(picture_text(dataset, output), encoding="utf-8")
    return Result(
        folder.name,
        scores,
        score_run(simulate(model, expected=True)),
        score_run(simulate(in_hindsight, draws=draws, seed=seed)),
        score_run(simulate(_without_capacity(model), expected=True)),
        score_rolling(dataset, output, forecast_rolling(model, output, HORIZON_DAYS)),
        score_rolling(dataset, output, forecast_rolling(model, output, HORIZON_DAYS, as_published=True)),
        _milliseconds_of_a_draw(load_study(out / "counts"), seed),
        dataset.attrs["decisions_per_draw"],
    )


def _without_capacity(model: Model) -> Model:
    """The model with camps alike but for distance: what a forecaster has who knows no capacities."""
    none = {
        name: model.parameters[name].model_copy(update={"prior": Prior(fixed=0.0)})
        for name in ("effect_of_capacity", "effect_of_crowding")
    }
    return replace(model, parameters={**model.parameters, **none})


def _milliseconds_of_a_draw(model: Model, seed: int) -> float:
    """The shortest of several draws: numbers of the draw made, state set up, simulated; compiled before."""
    network = build_network(model)
    sample = sample_draws(network, sample_parameters(model, seed, 8), seed)
    run_draw(network, sample, 0, seed)
    times = []
    for row in [0] * 12:
        began = time.perf_counter()
        run_draw(network, sample, row, seed)
        times.append(time.perf_counter() - began)
    return 1000 * min(times)


def _page(results: list[Result], failed: dict[str, str], draws: int, seed: int) -> str:
    fit = json.loads(FIT.read_text(encoding="utf-8")) if FIT.is_file() else None
    rolling = json.loads(ROLLING.read_text(encoding="utf-8")) if ROLLING.is_file() else None
    lines = [
        "# Validation",
        "",
        "Written by `make validate` from the case folders it is given; do not edit by hand. "
        f"{len(results)} cases, {draws} draws each, seed {seed}; the mean over draws is scored.",
        "",
        *_headline(results),
        "",
        "## What is scored",
        "",
        "The averaged relative difference of a day is Σ over camps of |model × (data total / model total) − data|, over the data total;",
        "the score is its mean over days. Data are the published counts of people in camps, corrected for registrations",
        "as the folder says and",
        "linear between dates, as in the field's own validation. 0 is perfect; 2 the worst.",
        "",
        *_rolling_lines(results),
        *_rolling_method_lines(rolling),
        *_from_the_beginning_lines(results, failed),
        *_speed_lines(results),
        *_fit_lines(fit),
        "## Pictures",
        "",
        "The largest camps of each case from the beginning, with the published counts as dots.",
        "",
    ]
    for r in results:
        lines += [
            f"### {r.name}",
            "",
            f"![People in the camps of {r.name}, simulated and published](validation/{r.name}.svg)",
            "",
        ]
    lines += [
        "## What is not claimed",
        "",
        "- Four cases say little about how much conflicts differ. The priors' standard deviation is a jackknife error of these four fits.",
        "- Nobody goes home or moves between camps in this template, but for redirections; falls of a count are not followed by a run.",
        "- A way that a closure makes at most twice as long stays open at its usual length.",
        "- The folder itself is hindsight: which camps there are, and closures that stand for the days before a camp opened, were written",
        "down when all was over; a forecast only takes closures to hold on as they are on its day.",
        "- The bands' widths were chosen on these four cases too; the case's own errors then move them.",
        "- Bands are those of single camps; they say nothing about sums.",
        "- Flee's numbers are runs at 1/100 of the people with its 2024 validation settings; its authors may reach others.",
        "",
    ]
    return "\n".join(_reflowed(lines))


def _reflowed(lines: list[str]) -> list[str]:
    """Lines of prose joined and broken anew, each point of a list by itself; tables, headings and pictures stay as they are."""
    page: list[str] = []
    prose: list[str] = []
    for line in [*lines, ""]:
        is_prose = bool(line) and line[0] not in "|#!"
        if prose and (not is_prose or line.startswith("- ")):
            indent = "  " if prose[0].startswith("- ") else ""
            text = " ".join(part.strip() for part in prose)
            page += textwrap.wrap(text, 140, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
            prose = []
        if is_prose:
            prose.append(line)
        else:
            page.append(line)
    return page[:-1]


def _headline(results: list[Result]) -> list[str]:
    ahead, kept = _mean(r.rolling["ard_rescaled"] for r in results), _mean(_naive(r.rolling) for r in results)
    known = [r for r in results if r.name in FLEE_3]
    flee = f"; Flee 3, with them in hindsight: {_mean(FLEE_3[r.name][0] for r in known):.3f}" if known else ""
    return [
        f"**{HORIZON_DAYS} days ahead, from what was published by then: mean averaged relative difference {ahead:.3f}**; shares last known",
        f"kept: {kept:.3f}. **From the beginning of a case, capacities as known on the day:",
        f"{_mean(_score(r) for r in results):.3f}**; with",
        "the capacities of the folder, which are known only afterwards:",
        f"{_mean(r.in_hindsight['ard_rescaled'] for r in results):.3f}{flee}.",
    ]


def _rolling_lines(results: list[Result]) -> list[str]:
    lines = [
        f"## {HORIZON_DAYS} days ahead, from what was published by then",
        "",
        "On every day the counts known by then go on. Nothing later is used: no count, no total, no capacity, and conflict and closures",
        "are held as they are on that day. Corrections of registrations made later are in the counts, for all methods alike.",
        "",
        "| case | corredor | shares last known kept | shares of day 30 kept | Flee 3 from day 30 on | counts in the 80 % bands |",
        "|---|---|---|---|---|---|",
    ]
    for r in results:
        peer, band = (f"{FLEE_3[r.name][1]:.3f}" if r.name in FLEE_3 else "–"), r.rolling["band_80"]
        lines.append(
            f"| {r.name} | {r.rolling['ard_rescaled']:.3f} | {_naive(r.rolling):.3f} "
            f"| {r.rolling['naive']['shares of day 30 kept']['ard_rescaled']:.3f} | {peer} | {band['inside']:.0%} of {band['counts']} |"
        )
    better = sum(r.rolling["ard_rescaled"] < min(value["ard_rescaled"] for value in r.rolling["naive"].values()) for r in results)
    return [
        *lines,
        "",
        f"Better than both naive forecasts in {better} of {len(results)} cases.",
        "",
        "A later registration can halve or quadruple a camp's earlier counts, and nobody foresees by how much. With every",
        "count as it stood",
        "on the day of the forecast, scored against the counts as they are believed today:",
        "",
        "| case | corredor | shares last known kept | counts, as published then, in the 80 % bands |",
        "|---|---|---|---|",
        *(
            f"| {r.name} | {r.as_published['ard_rescaled']:.3f} | {_naive(r.as_published):.3f} "
            f"| {r.as_published['band_80']['inside']:.0%} of {r.as_published['band_80']['counts']} |"
            for r in results
        ),
        "",
    ]


def _rolling_method_lines(rolling: dict[str, Any] | None) -> list[str]:
    if rolling is None:
        return []
    left_out, shipped = rolling["left_out"], rolling["shipped"]
    cases = list(left_out)
    columns = {f"{way}, numbers as shipped": [shipped[way][case] for case in cases] for way in shipped}
    columns |= {f"{way}, numbers chosen on the other cases": [left_out[case]["score"][way] for case in cases] for way in shipped}
    columns["shares last known kept"] = [rolling["last_known"][case] for case in cases]
    rows = [
        f"| {title} | " + " | ".join(f"{x:.3f}" for x in values) + f" | {_mean(values):.3f} |"
        for title, values in columns.items()
    ]
    return [
        "### How the forecast is made",
        "",
        "Four lines, the same for every case (`learn/place_sizes.py`). n is the last count of a camp, counted on day s, r its",
        "growth per day",
        "over the 60 days before (at least 30); W what the model expects the camp to have drawn by the target day, from who",
        "lives where there",
        "is conflict, the ways and what is open; o the day since which it can be reached; U the people whom the published total has gained",
        "since o and the counted camps have not; t the day of the forecast and h the horizon.",
        "",
        "- A counted camp: m = n + r · 10 · (1 − exp(−(t + h − s)/10)). Who came lately says who comes next, and this fades in ten days.",
        "- A camp that has published nothing above 0 yet: m = ½ · exp(−(t − o)/100) · max(E, min(U · W/ΣW, 8 · E)), with E =",
        "  Σn · W/ΣW of the",
        "  counted camps; times the growth of the counted ones. Most of the gain over shares last known is here: a camp that",
        "  is not counted",
        "  yet is not empty.",
        "- Shares: p = (1 − ε) · m/Σm + ε · W/ΣW with ε = 0.1 · 90/(90 + t).",
        "- Bands: the log of a count lies around the forecast as in a Laplace distribution, wider above than below, wider in",
        "  the first weeks",
        "  and with the days since the last count; by how much, the case's own errors known by then say.",
        "",
        f"About {rolling['looks']} variants were looked at on these four cases before the method was frozen and this page written, so the",
        "first table flatters. The numbers were chosen on each case as it is, without its closures and without its published total, since",
        "other folders have fewer of both: closures say when a camp opens, and without them the forecast is little better than shares last",
        "known. Four of the numbers were then tried on a grid, and for each case those that are best on the other three scored on it.",
        f"Over the whole grid the mean lies between {rolling['grid_mean']['least']:.3f} and {rolling['grid_mean']['largest']:.3f}.",
        "",
        "| every second day | " + " | ".join(cases) + " | mean |",
        "|---|" + "---|" * (len(cases) + 1),
        *rows,
        "",
        "Tried and left out, since they made the mean no better by 0.002: growth of all camps by a power of time, growth that the last two",
        "weeks and the last two months agree on, weights of several such forecasts learned from their errors in the case",
        "itself, the model's",
        "present flow in place of what it expects in all, steeper effects of distance.",
        "",
    ]


def _from_the_beginning_lines(results: list[Result], failed: dict[str, str]) -> list[str]:
    lines = [
        "## From the beginning of a case",
        "",
        "A run from the first day on. Departures follow the published totals, linear between dates, as in Flee. Each camp's",
        "*capacity* is the one known on the",
        "day: the largest count published for it so far, as it stood then; half the usual one for a camp without. So these",
        "runs are steered",
        "by counts as they come, and only the number of people who leave looks ahead, to the next published total. `corredor",
        "import flee --capacities folder` takes the number of",
        "locations.csv instead, as Flee does: by the format's manual the largest count ever published, so it is known only",
        "when all is over,",
        "and a low score with it is no proof of foresight. With neither, camps differ by the way alone.",
        "",
        "| case | days | camps | capacities as known on the day | the same, not rescaled | the same, CRPS over mean count "
        "| capacities in hindsight | no capacities | Flee 3, capacities in hindsight |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        s, peer = r.scores, f"{FLEE_3[r.name][0]:.3f}" if r.name in FLEE_3 else "–"
        lines.append(
            f"| {r.name} | {s['days']} | {s['camps']} | {s['ard_rescaled']:.3f} | {s['ard']:.3f} | {s['crps']['relative']:.3f} "
            f"| {r.in_hindsight['ard_rescaled']:.3f} | {r.without_capacity['ard_rescaled']:.3f} | {peer} |"
        )
    known = [r for r in results if r.name in FLEE_3]
    if known:
        better = sum(_score(r) < FLEE_3[r.name][0] for r in known)
        lines += ["", f"Without hindsight better than Flee 3 with it in {better} of {len(known)} cases."]
    if failed:
        lines += ["", "Not scored:", "", *(f"- {name}: {why}" for name, why in failed.items())]
    return [*lines, ""]


def _speed_lines(results: list[Result]) -> list[str]:
    lines = [
        "## Speed",
        "",
        "One draw at full population, on one core of the machine that wrote this page: the shortest of 12.",
        "",
        "| case | random decisions | milliseconds | Flee 3, serial, full population | times faster |",
        "|---|---|---|---|---|",
    ]
    for r in results:
        seconds = FLEE_3_SECONDS.get(r.name)
        peer, ratio = (f"{seconds:g} s", f"{seconds / r.milliseconds * 1000:,.0f}") if seconds else ("–", "–")
        lines.append(f"| {r.name} | {r.decisions:,.0f} | {r.milliseconds:.2f} | {peer} | {ratio} |")
    return [*lines, ""]


def _score(result: Result) -> float:
    return float(result.scores["ard_rescaled"])


def _naive(rolling: dict[str, Any]) -> float:
    return float(rolling["naive"]["shares last known kept"]["ard_rescaled"])


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _fit_lines(fit: dict[str, Any] | None) -> list[str]:
    if fit is None:
        return []
    cases = list(fit["fitted"])
    rows = {
        "capacities as known on the day": "known_on_the_day",
        "the same, fitted without this case": "known_on_the_day_left_out",
        "capacities of the folder": "fitted",
        "the same, fitted without this case ": "left_out",
        "capacity does not attract, crowding stays": "without_attraction_of_capacity",
        "capacity not used at all": "without_capacity",
        "distance not used": "without_distance",
        "crowded from a quarter of the capacity on, not from half": "crowded_from_a_quarter",
        "crowded only when full": "crowded_when_full",
    }
    lines = [
        "## The common parameters",
        "",
        "`python studies_src/fit_displacement.py CASES --write` fits three numbers to all training cases together, never to one, and",
        "writes them into the bundled study `displacement`, which every import takes as it is. Least mean score in",
        "expected flow, with a penalty of",
        "0.002 for each unit of squared effect. How people answer to room in a camp is fitted with the capacities of the",
        "folders, which these",
        "past cases have in hindsight; with capacities as known on the day the same fit leaves the effect of capacity open.",
        "Chosen by the error on cases left out: more parameters (another weight of",
        "population, old conflicts that count for less, other speeds) changed the mean score of a first version by",
        "at most 0.003 and were left out. The share of its capacity from which a camp counts as crowded, 0.5, was chosen among 0.25, 0.5",
        "and 1 on the four cases together, and not again for each case left out. The headroom multiplies the same capacity;",
        "0.75, 1, 1.25 and",
        "1.5 times the largest count so far score "
        + ", ".join(f"{_mean(one.values()):.3f}" for one in fit["headroom"].values())
        + " with capacities as known on the day.",
        "",
        "| parameter | value | standard deviation |",
        "|---|---|---|",
        *(f"| {name} | {value} | {fit['spread'][name]} |" for name, value in fit["parameters"].items()),
        "",
        "| score in expected flow | " + " | ".join(cases) + " | mean |",
        "|---|" + "---|" * (len(cases) + 1),
    ]
    for title, key in rows.items():
        values = [fit[key][case] for case in cases]
        lines.append(f"| {title} | " + " | ".join(f"{x:.3f}" for x in values) + f" | {np.mean(values):.3f} |")
    return [*lines, ""]


if __name__ == "__main__":
    sys.exit(main())
