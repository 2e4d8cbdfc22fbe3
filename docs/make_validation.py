"""Write docs/VALIDATION.md and its pictures from whatever case folders are given.

python docs/make_validation.py CASES [--draws 50] [--seed 1] [--out docs]      CASES: a folder of Flee folders (input_csv, source_data)
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
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
FIT = HERE / "validation" / "fit.json"
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
    """One case: its scores, the time of a draw, and how many remarks the import made."""

    name: str
    scores: dict[str, Any]
    expected: dict[str, Any]
    rolling: dict[str, Any]
    rolling_without_capacity: dict[str, Any]
    milliseconds: float
    decisions: float
    remarks: int


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
    study, model = import_flee(folder, out)
    dataset = simulate(model, draws=draws, seed=seed)
    scores = score_run(dataset)
    expected = score_run(simulate(model, expected=True))
    rolling = score_rolling(dataset, scores["output"], forecast_rolling(model, scores["output"], HORIZON_DAYS))
    blind = score_rolling(dataset, scores["output"], forecast_rolling(_without_capacity(model), scores["output"], HORIZON_DAYS))
    (pictures / f"{folder.name}.svg").write_text(picture_text(dataset, scores["output"]), encoding="utf-8")
    milliseconds = _milliseconds_of_a_draw(load_study(out), seed)
    return Result(
        folder.name, scores, expected, rolling, blind, milliseconds, dataset.attrs["decisions_per_draw"], len(study.remarks)
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
    mean = np.mean([r.scores["ard_rescaled"] for r in results])
    known = [r for r in results if r.name in FLEE_3]
    better_than_naive = sum(
        r.rolling["ard_rescaled"] < min(value["ard_rescaled"] for value in r.rolling["naive"].values()) for r in results
    )
    better = sum(
        r.rolling["ard_rescaled"] < min(FLEE_3[r.name][1], r.rolling["naive"]["shares of day 30 kept"]["ard_rescaled"])
        for r in known
    )
    flee = (
        f"; Flee 3 has {np.mean([FLEE_3[r.name][0] for r in known]):.3f} on the {len(known)} of them that were measured"
        if known
        else ""
    )
    fit = json.loads(FIT.read_text(encoding="utf-8")) if FIT.is_file() else None
    left_out = f" Fitted without the case it is scored on: {np.mean(list(fit['left_out'].values())):.3f}." if fit else ""
    lines = [
        "# Validation",
        "",
        "Written by `make validate` from the case folders it is given; do not edit by hand. "
        f"{len(results)} cases, {draws} draws each, seed {seed}; the mean over draws is scored.",
        "",
        f"**Mean averaged relative difference, rescaled: {mean:.3f}**{flee}.{left_out}",
        "",
        "## What is scored",
        "",
        "The averaged relative difference of a day is Σ over camps of |model × (data total / model total) − data|, over the data total;",
        "the score is its mean over days. Data are the published counts of people in camps, corrected for registrations",
        "as the folder says and",
        "linear between dates, as in the field's own validation. 0 is perfect; 2 the worst.",
        "",
        "**What the model is told.** Departures follow the published totals, as in Flee. It also knows each camp's *capacity* from",
        "locations.csv, as Flee does. In these folders that number is mostly the largest count ever published for the camp, so it",
        "carries knowledge from after the event, and most of the gain over Flee comes from using it more: see the ablation below.",
        "**A low score here is no proof of foresight**: for a forecast of a new conflict give capacities that are known beforehand.",
        "",
        "## Scores by case",
        "",
        "| case | days | camps | corredor | corredor, not rescaled | expected flow | Flee 3 | CRPS over mean count |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        s = r.scores
        peer = f"{FLEE_3[r.name][0]:.3f}" if r.name in FLEE_3 else "–"
        lines.append(
            f"| {r.name} | {s['days']} | {s['camps']} | {s['ard_rescaled']:.3f} | {s['ard']:.3f} | {r.expected['ard_rescaled']:.3f} "
            f"| {peer} | {s['crps']['relative']:.3f} |"
        )
    if failed:
        lines += ["", "Not scored:", "", *(f"- {name}: {why}" for name, why in failed.items())]
    lines += [
        "",
        f"## {HORIZON_DAYS} days ahead, from the counts known by then",
        "",
        "At every date the last published counts are put in place of the model's own, and expected flow goes on for",
        f"{HORIZON_DAYS} days.",
        "Neither later counts nor later totals are used: departures keep their mean of the last 30 days. Conflict,",
        "closures and capacities are",
        "inputs, as for Flee. Corrections of registrations made later are in the counts, for all methods alike.",
        "",
        "| case | corredor | the same, capacities not used | shares last known kept | shares of day 30 kept | Flee 3 from day 30 on |",
        "|---|---|---|---|---|---|",
    ]
    for r in results:
        naive = {name: value["ard_rescaled"] for name, value in r.rolling["naive"].items()}
        peer = f"{FLEE_3[r.name][1]:.3f}" if r.name in FLEE_3 else "–"
        lines.append(
            f"| {r.name} | {r.rolling['ard_rescaled']:.3f} | {r.rolling_without_capacity['ard_rescaled']:.3f} "
            f"| {naive['shares last known kept']:.3f} "
            f"| {naive['shares of day 30 kept']:.3f} | {peer} |"
        )
    lines += ["", "With capacities not used, camps differ by distance alone, as for a forecaster who knows none of them."]
    lines += ["", f"Better than both naive forecasts in {better_than_naive} of {len(results)} cases."]
    if known:
        lines += ["", f"Better than both Flee 3 and the shares of day 30 in {better} of {len(known)} cases."]
    lines += [
        "",
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
    lines += ["", *_fit_lines(fit), "## Pictures", "", "The largest camps of each case, with the published counts as dots.", ""]
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
        "- Nobody goes home or moves between camps in this template; falls of a count are not followed.",
        "- A way that a closure makes at most twice as long stays open at its usual length.",
        "- Flee's numbers are runs at 1/100 of the people with its 2024 validation settings; its authors may reach others.",
        "",
    ]
    return "\n".join(lines)


def _fit_lines(fit: dict[str, Any] | None) -> list[str]:
    if fit is None:
        return []
    cases = list(fit["fitted"])
    rows = {
        "fitted on all four together": "fitted",
        "fitted without this case": "left_out",
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
        "0.002 for each unit of squared effect. Chosen by the error on cases left out: more parameters (another weight of",
        "population, old conflicts that count for less, other speeds) changed the mean score of a first version by",
        "at most 0.003 and were left out. The share of its capacity from which a camp counts as crowded, 0.5, was chosen among 0.25, 0.5",
        "and 1 on the four cases together, and not again for each case left out.",
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
