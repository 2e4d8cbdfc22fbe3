"""How time and memory grow with a study: `python benchmarks/scale.py` measures and prints, with `--write` into docs/SCALE.md too.

A made-up country of towns on a grid; from each, people of each group go to the towns nearest to it, stay, and go on. Each size has a
process of its own, so that the most memory it held is its own. Exponents are slopes of a straight line through the logarithms: 1 is in
proportion.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scale_page import write_measured

TESTS = Path(__file__).parents[1] / "tests"
SEED = 1
TEN_YEARS_DAYS = 3652
FIRST_DAY = dt.date(2021, 1, 1)


def country(places: int, roads: int, groups: int, days: int, step_days: float, people: float = 1e5) -> object:
    """A Model: `places` towns on a grid of 30 km, each with one-way roads to the `roads` nearest others."""
    sys.path.insert(0, str(TESTS))
    from builders import flow, make_model, move, population, stay, stock
    from scipy.spatial import cKDTree

    side = int(np.ceil(np.sqrt(places)))
    spots = np.array([(number // side, number % side) for number in range(places)], dtype=float)
    _, nearest = cKDTree(spots).query(spots, roads + 1)
    routes = [
        (f"p{a}", f"p{b}", 30.0 * float(np.hypot(*(spots[a] - spots[b])))) for a, row in enumerate(nearest) for b in row if a != b
    ]
    return make_model(
        [population("home"), stay("guest")],
        [
            move("leave", "home", "guest", along="road", speed_km_per_day=200.0, spread=0.5, rate_per_day=1e-3),
            move("go on", "guest", "guest", along="road", speed_km_per_day=200.0, spread=0.5, rate_per_day=0.05),
        ],
        places={
            f"p{number}": {"lat": 0.3 * row, "lon": -60 + 0.3 * column, "population": people}
            for number, (row, column) in enumerate(spots)
        },
        routes=routes,
        groups={f"g{number}": {"share_of_population": 1 / groups} for number in range(groups)},
        outputs={"guests": stock("guest", every="month"), "left": flow("leave", every="month")},
        days=days,
        step_days=step_days,
    )


def one(places: int, roads: int, groups: int, days: int, step_days: float, draws: int) -> dict[str, float]:
    """Numbers of one size, in this process."""
    from corredor.engine.draws import sample_draws, sample_parameters
    from corredor.engine.ensemble import run_draw
    from corredor.engine.network import build_network

    small = country(4, 2, 1, 5, step_days)
    network = build_network(small)
    run_draw(network, sample_draws(network, sample_parameters(small, SEED, 1), SEED), 0, SEED)  # compiled from here on
    base = _peak_megabytes()
    model = country(places, roads, groups, days, step_days)
    began = time.process_time()
    network = build_network(model)
    built = time.process_time() - began
    sample = sample_draws(network, sample_parameters(model, SEED, draws), SEED)
    began = time.process_time()
    decisions = sum(run_draw(network, sample, row, SEED)[2] for row in range(draws))
    seconds = (time.process_time() - began) / draws
    return {
        "places": places,
        "routes": places * roads,
        "links": 2 * places * roads * groups,
        "steps": network.calendar.n_steps,
        "decisions": decisions / draws,
        "build_s": built,
        "draw_s": seconds,
        "ns": seconds / (decisions / draws) * 1e9,
        "mb": _peak_megabytes() - base,
    }


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process_of_its_own(**size: float) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", json.dumps(size)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def exponent(rows: Sequence[dict[str, float]], of: str, by: str) -> float:
    """Slope of log(of) on log(by)."""
    return float(np.polyfit(np.log([row[by] for row in rows]), np.log([max(row[of], 1e-9) for row in rows]), 1)[0])


COLUMNS: dict[str, tuple[str, Callable[[float], str]]] = {
    "places": ("places", "{:,.0f}".format),
    "links": ("ways of a group", "{:,.0f}".format),
    "steps": ("steps", "{:,.0f}".format),
    "decisions": ("decisions a draw", "{:,.0f}".format),
    "build_s": ("network, s", "{:.1f}".format),
    "draw_s": ("a draw, s", "{:.2f}".format),
    "ns": ("ns a decision", "{:.0f}".format),
    "mb": ("memory, MB", "{:,.0f}".format),
}


def table(rows: Sequence[dict[str, float]], by: str | None = None) -> str:
    """by : column by which exponents are told; none for a single size."""
    lines = ["| " + " | ".join(title for title, _ in COLUMNS.values()) + " |", "|" + "--:|" * len(COLUMNS)]
    lines += ["| " + " | ".join(show(row[name]) for name, (_, show) in COLUMNS.items()) + " |" for row in rows]
    if by is None:
        return "\n".join(lines)
    told = ", ".join(f"{COLUMNS[name][0]} {exponent(rows, name, by):.2f}" for name in ("decisions", "build_s", "draw_s", "mb"))
    return "\n".join(lines) + f"\n\nExponents by {COLUMNS[by][0]}: {told}."


DRAWS = 10_000
DOLLARS_A_CORE_HOUR = 0.05
"""An assumption, for orders of magnitude: what renting a core of a large machine for an hour costs."""

ON_PAPER = {
    "a continent: 50 countries, 1,000 places, 50 groups, ten roads from each, weeks of ten years": (1000, 50),
    "the world: 200 countries, 5,000 places, 300 groups, ten roads from each, weeks of ten years": (5000, 300),
}
"""What is worked out → places, groups."""


def on_paper(measured: dict[str, float]) -> str:
    """What larger studies need, in proportion to the ways of the largest one measured with steps of a week."""
    lines = ["| | ways of a group | decisions a draw | core hours a draw | memory of a process, GB |", "|---|--:|--:|--:|--:|"]
    totals = [f"| | core hours, {DRAWS:,} draws | hours on 100 machines of 32 cores | dollars |", "|---|--:|--:|--:|"]
    for name, (places, groups) in ON_PAPER.items():
        times = 2 * places * 10 * groups / measured["links"]
        hours = measured["draw_s"] * times / 3600
        gigabytes = measured["mb"] * times / 1024
        lines.append(
            f"| {name} | {measured['links'] * times:,.0f} | {measured['decisions'] * times:,.0f} | {hours:.2f} | {gigabytes:,.0f} |"
        )
        wall = DRAWS * hours / 3200
        totals.append(f"| {name} | {DRAWS * hours:,.0f} | {wall:,.1f} | {DRAWS * hours * DOLLARS_A_CORE_HOUR:,.0f} |")
    return "\n".join(lines) + "\n\n" + "\n".join(totals)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--quick", action="store_true", help="sizes a tenth as large, nothing written")
    options.add_argument("--write", action="store_true", help="write the tables into docs/SCALE.md")
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(one(**json.loads(asked.one))))
        return
    less = 10 if asked.quick else 1
    weekly = {"days": TEN_YEARS_DAYS // less, "step_days": 7.0, "draws": 1}
    by_places = [in_a_process_of_its_own(places=n // less, roads=10, groups=5, **weekly) for n in (250, 500, 1000, 2000)]
    by_groups = [in_a_process_of_its_own(places=500 // less, roads=10, groups=n, **weekly) for n in (2, 5, 10, 20)]
    by_days = [
        in_a_process_of_its_own(places=500 // less, roads=10, groups=5, days=n // less, step_days=1.0, draws=1)
        for n in (365, 730, 1461, 2922)
    ]
    largest = [
        in_a_process_of_its_own(places=2000 // less, roads=50, groups=1, step_days=1.0, days=TEN_YEARS_DAYS // less, draws=1)
    ]
    text = "\n\n".join(
        [
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}; "
            "one draw on one core, by the processor's clock.",
            "**More places** (ten roads from each, five groups, steps of a week for ten years)\n\n" + table(by_places, "places"),
            "**More groups** (500 places)\n\n" + table(by_groups, "links"),
            "**More days** (500 places, five groups, steps of a day)\n\n" + table(by_days, "steps"),
            "**2,000 places, 200,000 ways, ten years of days**\n\n" + table(largest),
            "**On paper**, in proportion to the largest size with steps of a week\n\n" + on_paper(by_places[-1]),
        ]
    )
    print(text)
    if asked.write and not asked.quick:
        write_measured("scale.py", text)


if __name__ == "__main__":
    main()
