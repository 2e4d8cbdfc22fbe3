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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr
from make_picture import picture_text
from validation_records import fit_lines, mean, rolling_method_lines

from corredor._simulate import simulate
from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.ensemble import run_draw
from corredor.engine.network import build_network
from corredor.exchange.flee.write import import_flee
from corredor.learn.rolling import RollingForecast, forecast_rolling
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
    ahead = forecast_rolling(model, output, HORIZON_DAYS)
    (pictures / f"{folder.name}.svg").write_text(picture_text(dataset, output), encoding="utf-8")
    (pictures / f"{folder.name}-ahead.svg").write_text(picture_text(_as_run(dataset, output, ahead), output), encoding="utf-8")
    return Result(
        folder.name,
        scores,
        score_run(simulate(model, expected=True)),
        score_run(simulate(in_hindsight, draws=draws, seed=seed)),
        score_run(simulate(_without_capacity(model), expected=True)),
        score_rolling(dataset, output, ahead),
        score_rolling(dataset, output, forecast_rolling(model, output, HORIZON_DAYS, as_published=True)),
        _milliseconds_of_a_draw(load_study(out / "counts"), seed),
        dataset.attrs["decisions_per_draw"],
    )


def _as_run(dataset: xr.Dataset, output: str, ahead: RollingForecast) -> xr.Dataset:
    """A run whose draws are quantiles of rolling forecasts, on the days for which there are any."""
    later = dataset.isel(day=slice(ahead.horizon_days, None))
    later = later.isel(observation=later["observation_to"].to_numpy() >= later["day"].to_numpy()[0])
    stock = later[output].transpose("draw", "day", "place").copy(deep=True)
    order = [list(stock["place"].to_numpy()).index(place) for place in ahead.places]
    for draw in range(stock.sizes["draw"]):
        stock.values[draw][:, order] = ahead.quantile((draw + 0.5) / stock.sizes["draw"])
    return later.assign({output: stock, "observation_predicted": later["observation_predicted"] * float("nan")})


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
        *rolling_method_lines(rolling),
        *_from_the_beginning_lines(results, failed),
        *_speed_lines(results),
        *fit_lines(fit),
        "## Pictures",
        "",
        f"For each case first forecasts {HORIZON_DAYS} days ahead: line and bands (50, 80 and 95 %) were said {HORIZON_DAYS}",
        "days before, dots",
        "are counts. In the first weeks the bands reach far up, as counts then do. Then a run from the beginning, with bars",
        "for what would be",
        "published. The largest camps of each.",
        "",
    ]
    for r in results:
        lines += [
            f"### {r.name}",
            "",
            f"![People in the camps of {r.name}, forecast {HORIZON_DAYS} days before, and published](validation/{r.name}-ahead.svg)",
            "",
            f"![People in the camps of {r.name}, simulated from the beginning, and published](validation/{r.name}.svg)",
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
    ahead, kept = mean(r.rolling["ard_rescaled"] for r in results), mean(_naive(r.rolling) for r in results)
    known = [r for r in results if r.name in FLEE_3]
    flee = f"; Flee 3, with them in hindsight: {mean(FLEE_3[r.name][0] for r in known):.3f}" if known else ""
    return [
        f"**{HORIZON_DAYS} days ahead, from what was published by then: mean averaged relative difference {ahead:.3f}**; shares last known",
        f"kept: {kept:.3f}. **From the beginning of a case, capacities as known on the day:",
        f"{mean(_score(r) for r in results):.3f}**; with",
        "the capacities of the folder, which are known only afterwards:",
        f"{mean(r.in_hindsight['ard_rescaled'] for r in results):.3f}{flee}.",
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


if __name__ == "__main__":
    sys.exit(main())
