"""The backtests behind docs/UPSTREAM.md: each study with its counts upstream, without them, and with them known at once."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from corredor.engine.checkpoint import drop_checkpoint
from corredor.learn.backtest import backtest
from corredor.learn.fit import fit
from corredor.study.catalogue import find_study
from corredor.study.model import Model, load_study
from corredor.study.whole_file import replace_whole

REPOSITORY = Path(__file__).resolve().parents[1]
RESULTS = REPOSITORY / "docs" / "upstream"
UNFINISHED = REPOSITORY / "build" / "upstream"
SCORES, FITS, HASHES, WAYS = (RESULTS / f"{name}.csv" for name in ("scores", "fits", "study_hashes", "ways"))
MONTHS = 3
KNOWN_MONTHS = 6
"""Months on end known of a series from which it is scored: the counts of Mexico begin only in January 2018."""

SOUTH = ("darien_transits", "honduras_entries")
IN_MEXICO = ("mexico_presented",)
COUNTED_SOUTH_OF_THE_BORDER = (
    "mexico_presented", "mexico_presented_northern_triangle", "mexico_returned", "returned_to_honduras", "caravan_entering_mexico",
    "in_caravan", "caravan_arrivals_tijuana", "caravan_refuge_claims", "caravan_returned", "caravan_returned_by_mexico", "cards_asked_for",
    "cards_issued", "refuge_claims", "refuge_claims_counted", "in_shelter", "people_in_camps_tijuana", "on_port_list",
    "on_port_list_tijuana",
)  # fmt: skip
"""Outputs of mexico-2018 that are counted in Mexico and Honduras."""


@dataclass(frozen=True)
class Arm:
    """One way to run the same backtest.

    withhold : outputs whose figures nobody sees;  at_once : outputs whose figures are known on the last day of their period
    scored : outputs whose scores are kept
    """

    name: str
    scored: tuple[str, ...]
    withhold: tuple[str, ...] = ()
    at_once: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A study, the months at whose end forecasts are made, and the arms."""

    study: str
    origins: str
    every: int
    arms: tuple[Arm, ...]


US, MEXICO = ("us_apprehensions",), ("mexico_presented",)
RUNS = (
    Run(
        "americas-2018",
        "2018-08:2020-08",
        1,
        (
            Arm("all", US + MEXICO),
            Arm("upstream withheld", US, withhold=SOUTH + IN_MEXICO),
            Arm("upstream at once", US, at_once=SOUTH + IN_MEXICO),
            Arm("south withheld", MEXICO, withhold=SOUTH),
            Arm("south at once", MEXICO, at_once=SOUTH),
        ),
    ),
    Run(
        "mexico-2018",
        "2018-08:2019-04",
        2,
        (Arm("all", US), Arm("upstream withheld", US, withhold=COUNTED_SOUTH_OF_THE_BORDER)),
    ),
)
SHORTEST_DAYS = 7.0
"""No leg takes less than a step."""

LEGS = (
    ("Honduras to the south of Mexico", "honduras_home", "mexico_south", "speed_to_mexico"),
    ("south of Mexico to the United States", "mexico_south", "us_line", "speed_through_mexico"),
    ("the same, of those presented who go on", "mexico_south", "us_line", "speed_after_presented"),
    ("Darién to Honduras", "darien", "honduras_border", "speed_to_honduras"),
    ("south of Honduras to Mexico", "honduras_border", "mexico_south", "speed_honduras_to_mexico"),
)
"""Legs of americas-2018: name, from, to, parameter of the speed."""

COLUMNS = ["origin", "output", "place", "group", "horizon_months", "outcome", "median", "crps", "fell_back"]


def run_all() -> None:
    """Run every arm and write its scores; finished arms and origins are kept until all are."""
    scores, fits, hashes = [], [], []
    for run in RUNS:
        model = load_study(find_study(run.study))
        hashes.append({"study": run.study, "hash": model.hash})
        for arm in run.arms:
            of_arm = _scores_of(run, arm, model)
            scores.append(of_arm[0])
            fits.append(of_arm[1])
    RESULTS.mkdir(exist_ok=True)
    _write(WAYS, ways(load_study(find_study("americas-2018"))))
    _write(SCORES, pd.concat(scores))
    _write(FITS, pd.concat(fits))
    _write(HASHES, pd.DataFrame(hashes))


def _scores_of(run: Run, arm: Arm, model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    kept = UNFINISHED / f"{run.study} {model.hash[:12]} {arm.name}"
    kept.mkdir(parents=True, exist_ok=True)
    if not (kept / "scores.csv").exists():
        test = backtest(
            known_at_once(model, arm.at_once),
            origins=run.origins,
            every=run.every,
            months=MONTHS,
            methods="corredor",
            withhold=arm.withhold,
            known_months=KNOWN_MONTHS,
            jobs=1,
            progress=lambda done, total: print(
                f"{run.study}, {arm.name}: {done} of {total} origins", file=sys.stderr, flush=True
            ),
            keep_in=kept,
        )
        rows = test.rows[test.rows["output"].isin(arm.scored)]
        _write(kept / "fits.csv", test.fits)
        _write(kept / "scores.csv", rows[(rows["group"] != "") | (rows["place"] != "")][COLUMNS])
        drop_checkpoint(kept)
    tables = [pd.read_csv(kept / name, keep_default_na=False) for name in ("scores.csv", "fits.csv")]
    for table in tables:
        table.insert(0, "study", run.study)
        table.insert(1, "arm", arm.name)
    return tables[0], tables[1]


def known_at_once(model: Model, outputs: Sequence[str]) -> Model:
    """The study as if figures of some outputs had been published on the last day that they count."""
    if not outputs:
        return model
    rows = tuple(row.model_copy(update={"published": row.to}) if row.output in outputs else row for row in model.observations)
    digest = hashlib.sha256(f"{model.hash} at once {' '.join(outputs)}".encode()).hexdigest()
    return replace(model, observations=rows, hash=digest)


def ways(model: Model) -> pd.DataFrame:
    """How many days each leg takes, by the priors and learned from all figures: ends and middle of the 90 % interval."""
    told = {row["name"]: row for row in fit(model, draws=100, seed=1, jobs=1).diagnostics["parameters"]}
    km = {(route.from_, route.to): route.km for route in model.routes}
    rows = []
    for leg, begin, end, speed in LEGS:
        row: dict[str, object] = {"leg": leg, "km": km[begin, end]}
        for kind, key in (("before", "prior"), ("learned", "posterior")):
            slow, middle, fast = told[speed][key]
            days = {"low": fast, "mid": middle, "high": slow}
            row |= {f"{kind}_{name}": max(km[begin, end] / km_per_day, SHORTEST_DAYS) for name, km_per_day in days.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _write(path: Path, table: pd.DataFrame) -> None:
    replace_whole(path, lambda passing: table.to_csv(passing, index=False, float_format="%.6g"))
