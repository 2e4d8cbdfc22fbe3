"""How fast is corredor on this machine? One table: what was measured, what it should be, and how it was measured.

Run `make bench`, or `python benchmarks/bench.py --only help people --quick`. Times are medians of several runs; two things that are
compared are run in turns within one process, so that both meet the same machine. What runs on one core is timed by the processor's own
clock of the thread, commands by the clock on the wall. A target that is missed says so in its row; the
exit status stays 0, because a busy machine is no fault of the code. Never part of the tests.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bench_page
import bench_random_numbers
import numba
import numpy as np
from scale_page import write_measured

import corredor
from corredor import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.effects import Comparison
from corredor.effects.compare.shares import shares
from corredor.engine.draws import Sample, central_parameters, sample_draws, sample_parameters
from corredor.engine.ensemble import run_draw, run_ensemble
from corredor.engine.network import FlowNetwork, build_network
from corredor.engine.network.calendar import make_calendar
from corredor.engine.workers import Threads, client_of
from corredor.learn.fit import fit
from corredor.results.dataset import make_dataset
from corredor.results.run_into_store import Order, run_into_store
from corredor.study.catalogue import find_study
from corredor.study.model import Model, load_study
from corredor.study.schema import Quantity

STUDY = "mexico-2018"
LOCAL_MEASURE, EARLY_MEASURE = "el_barretal_opened", "metering_everywhere"
SIX_MEASURES = (
    *("sports_complex_opened", "el_barretal_opened", "humanitarian_cards"),
    *("protocols_san_ysidro", "aid_suspended", "june_surge"),
)
SEED = 1
MEXICO_CHUNK = 432
"""Draws of STUDY in a chunk unless another number is asked for."""
FIT_AS_OF, FIT_DRAWS = dt.date(2018, 12, 10), 300


@dataclass(frozen=True)
class Row:
    """A line of the table. `target` is the most that was hoped for, or the least where more is better; none: told for comparison only."""

    name: str
    measured: float
    unit: str
    target: float | None
    how: str
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        met = self.measured >= self.target if self.more_is_better else self.measured <= self.target
        return "met" if met else "MISSED"


@dataclass(frozen=True)
class Effort:
    """How often things are done: `draws` in one process, `commands` as processes of their own."""

    draws: int
    commands: int
    first_runs: int


FULL, QUICK = Effort(draws=100, commands=5, first_runs=2), Effort(draws=20, commands=1, first_runs=1)


def decisions(effort: Effort) -> Iterator[Row]:
    """Random counts in a draw of the study."""
    network, sample = _network_and_sample(load_study(find_study(STUDY)), effort.draws)
    counted = [run_draw(network, sample, row, SEED)[2] for row in range(effort.draws)]
    how = f"median of {effort.draws} draws; largest {max(counted):,}; {network.calendar.n_steps} steps, warm-up included"
    yield Row(f"decisions a draw, {STUDY}", statistics.median(counted), "", 1_000_000, how)


def decision_time(effort: Effort) -> Iterator[Row]:
    """Time of a decision on one core, with everything that a draw needs."""
    model = load_study(find_study(STUDY))
    network, sample = _network_and_sample(model, effort.draws)
    run_draw(network, sample, 0, SEED)

    def all_draws() -> int:
        drawn = sample_draws(network, sample_parameters(model, SEED, effort.draws), SEED)
        return sum(run_draw(network, drawn, row, SEED)[2] for row in range(effort.draws))

    seconds, counts = zip(*(_timed(all_draws) for _ in range(effort.commands)), strict=True)
    how = f"{effort.draws} draws on one thread, from sampling parameters to the last cell; median of {effort.commands}"
    yield Row("a decision, everything included", statistics.median(seconds) / counts[0] * 1e9, "ns", 30, how)
    yield Row("a draw on one core", statistics.median(seconds) / effort.draws * 1e3, "ms", None, how)


def run(effort: Effort) -> Iterator[Row]:
    """The command that a person gives, with everything compiled."""
    with tempfile.TemporaryDirectory() as folder:
        words = _run_words(folder, draws=500)
        _command([*_run_words(folder, draws=2)])
        measured = [_command(words) for _ in range(effort.commands)]
        simulating = json.loads((Path(folder) / "out" / "manifest.json").read_text(encoding="utf-8"))["seconds"]["simulating"]
    seconds, peaks = zip(*measured, strict=True)
    how = f"`corredor run {STUDY} --draws 500 --jobs 2`, report included (simulating {simulating:.1f} s); median of {effort.commands}"
    yield Row("500 draws on two threads, warm", statistics.median(seconds), "s", 12, how)
    yield Row("peak memory of that", max(peaks), "MB", 1000, "largest resident size of the process, maximum of the runs")


def first_run(effort: Effort) -> Iterator[Row]:
    """The same on a machine that has never run corredor: nothing compiled, not even Python's own code of it."""
    measured = []
    for _ in range(effort.first_runs):
        with tempfile.TemporaryDirectory() as folder:
            package = Path(corredor.__file__).parent
            shutil.copytree(package, Path(folder) / "fresh" / "corredor", ignore=shutil.ignore_patterns("__pycache__"))
            fresh = {"PYTHONPATH": str(Path(folder) / "fresh"), "NUMBA_CACHE_DIR": str(Path(folder) / "cache")}
            measured.append(_command(_run_words(folder, draws=500), fresh)[0])
    how = f"as above, in a copy of the package with an empty NUMBA_CACHE_DIR; median of {effort.first_runs}"
    yield Row("first run, compiling included", statistics.median(measured), "s", 30, how)


def help(effort: Effort) -> Iterator[Row]:
    """How long a person waits for the list of commands."""
    runs = 2 * effort.commands + 1
    seconds = [_command([sys.executable, "-m", "corredor", "--help"])[0] for _ in range(runs)]
    yield Row(
        "corredor --help",
        statistics.median(seconds),
        "s",
        0.5,
        f"a process of its own, start of Python included; median of {runs}",
    )


def people(effort: Effort) -> Iterator[Row]:
    """Does the cost depend on how many people there are?"""
    factor = 10_000
    model = load_study(find_study("two-towns"))
    few = _network_and_sample(model, effort.draws)
    many = _network_and_sample(with_more_people(model, factor), effort.draws)
    assert np.array_equal(few[1].parameters, many[1].parameters)
    counts = [sum(run_draw(*study, row, SEED)[2] for row in range(effort.draws)) for study in (few, many)]

    def draw(study: tuple[FlowNetwork, Sample]) -> Callable[[int], object]:
        return lambda turn: run_draw(*study, turn % effort.draws, SEED)

    ratio = _ratio(draw(many), draw(few), 10 * effort.draws)
    how = f"two-towns; populations, events, capacities and services × {factor:,}; {10 * effort.draws} draws of each, in turns"
    yield Row(f"time of a draw, people × {factor:,}", ratio, "×", 1.2, how)
    how = "same draws; a compartment with nobody in it takes no decision, and with more people fewer are empty"
    yield Row(f"decisions of a draw, people × {factor:,}", counts[1] / counts[0], "×", None, how)


def random_numbers(effort: Effort) -> Iterator[Row]:
    """One decision beside the usual way to draw one."""
    if effort is QUICK:
        bench_random_numbers.RUNS = 3
    rows = bench_random_numbers.measure()[1:]
    here, numpy = ([row[name] for row in rows] for name in ("decision_ns", "numpy_changing_ns"))
    cases = f"{len(rows)} cases, medians of {bench_random_numbers.RUNS} runs"
    how = f"bench_random_numbers.py: number with an address and binomial count, changing n and p; {cases}"
    yield Row("a decision alone, mean over cases", statistics.mean(here), "ns", None, how)
    ratio = statistics.geometric_mean(one / other for one, other in zip(here, numpy, strict=True))
    how = f"same process and cases; NumPy's Generator.binomial takes {min(numpy):.0f} to {max(numpy):.0f} ns; geometric mean"
    yield Row("the same ÷ NumPy's binomial", ratio, "×", None, how)


def mean_field(effort: Effort) -> Iterator[Row]:
    """One evaluation of the expected flow, as fitting needs it, beside one draw."""
    model = load_study(find_study(STUDY))
    network, sample = _network_and_sample(model, effort.draws)
    central = sample_draws(network, central_parameters(model), SEED, expected=True)
    seconds, _ = _timed(lambda: [run_draw(network, central, 0, SEED, True) for _ in range(effort.draws)])
    ratio = _ratio(
        lambda turn: run_draw(network, central, 0, SEED, True),
        lambda turn: run_draw(network, sample, turn % effort.draws, SEED),
        effort.draws,
    )
    how = f"{STUDY}, one core, mean of {effort.draws}"
    yield Row("a mean-field evaluation", seconds / effort.draws * 1e3, "ms", None, how)
    yield Row("the same ÷ a draw", ratio, "×", None, f"{effort.draws} of each, in turns")


def pairs(effort: Effort) -> Iterator[Row]:
    """Draws that pairs save for a local measure, beside runs with random numbers (and parameters) of their own."""
    model = load_study(find_study(STUDY))
    draws = 4 * effort.draws
    found = Comparison(compare(model, without=[LOCAL_MEASURE], draws=draws))
    place = {"place": "tijuana"}
    effect = found.effect("on_port_list", **place)
    how = (
        f"{draws} draws; var(with) + var(without) ÷ var(difference), each scenario with parameters and random numbers of its own"
    )
    yield Row(f"draws saved by pairs, list in Tijuana without {LOCAL_MEASURE}", effect.draws_ratio, "×", 10, how, True)
    network, sample = _network_and_sample(model.without(LOCAL_MEASURE), draws)
    other_luck = run_ensemble(network, sample, SEED + 1, Threads(os.cpu_count() or 1))
    data = make_dataset(network, other_luck, sample.parameters, sample.values, {"seed": SEED + 1})
    series = data["on_port_list"].sel(**place).to_numpy()
    days = np.diff(np.append(data["month"].to_numpy(), np.datetime64(model.study.to, "ns") + np.timedelta64(1, "D"))).astype(
        float
    )
    apart = np.var(effect.with_ - series @ (days / days.sum()), ddof=1) / np.var(effect.difference, ddof=1)
    how = "the same with the same parameters in both scenarios and random numbers of their own"
    yield Row("draws saved by common random numbers alone", float(apart), "×", 10, how, True)


def comparing(effort: Effort) -> Iterator[Row]:
    """A thousand pairs, warm, and shares of six measures."""
    model = load_study(find_study(STUDY))
    compare(model, without=[LOCAL_MEASURE], draws=2)
    for name in (EARLY_MEASURE, LOCAL_MEASURE):
        seconds, _ = _timed_by_the_wall(lambda name=name: compare(model, without=[name], draws=10 * effort.draws, jobs=2))
        how = f"compare() without {name}, {10 * effort.draws} pairs, two threads, by the clock on the wall, scaled to 1,000"
        yield Row(f"1,000 pairs without {name}", seconds * 1000 / (10 * effort.draws), "s", 60, how)
    seconds, found = _timed_by_the_wall(lambda: shares(model, without=SIX_MEASURES, draws=effort.draws, jobs=2))
    whole = found.attrs["scenarios"] * len(make_calendar(model.study).period[0])
    steps = f"{found.attrs['steps_a_draw']:,} of {whole:,} steps of {found.attrs['scenarios']} scenarios"
    how = f"{effort.draws} draws scaled to 100, two threads; {steps}"
    yield Row("shares of six measures, 100 draws", seconds * 100 / effort.draws, "s", 240, how)


@dataclass
class TimedThread:
    """Workers that are this very thread and know the processor's time: when work began and ended, and what tasks took of it, in s."""

    began: float = 0.0
    ended: float = 0.0
    tasks: float = 0.0
    remote: bool = False
    slots: int = 1

    def batch(self, n_tasks: int) -> int:
        return 1

    @contextmanager
    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Iterator[tuple[Any, Any]]]:
        def timed(task: Any) -> Any:
            began = time.thread_time()
            answer = function(task)
            self.tasks += time.thread_time() - began
            return answer

        self.began = time.process_time()
        yield ((task, timed(task)) for task in tasks)
        self.ended = time.process_time()


def chunks(effort: Effort) -> Iterator[Row]:
    """What it costs to give names to the draws of a chunk and to write it, beside the draws themselves, in one and the same run."""
    order = Order(build_network(load_study(find_study(STUDY))), SEED, 10, False, None)
    sizes = (MEXICO_CHUNK, 10 * effort.draws) if effort is FULL else (10 * effort.draws,)
    once = []
    for n_draws in (10, *sizes):
        thread = TimedThread(1)
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            run_into_store(f"{folder}/store", replace(order, n_draws=n_draws), "bench", {}, thread, chunk=n_draws)
            once.append(time.process_time() - began - (thread.ended - thread.began))
        if n_draws > 10:
            own = thread.ended - thread.began - thread.tasks
            what = "names, published figures, checksum, compressing and writing"
            how = f"{what}, {own:.2f} s for {thread.tasks:.1f} s of draws; processor's time"
            yield Row(f"a chunk's own time ÷ its draws, {n_draws:,} draws", own / thread.tasks, "", 0.05, how)
    how = "laying it out before the first draw, and finishing and opening it after the last; processor's time, median"
    yield Row("once for a store, beside its chunks", statistics.median(once[1:]), "s", None, how)


def two_workers(effort: Effort) -> Iterator[Row]:
    """Local workers that are there already, each run into a new store, from reading the study to the finished store."""
    n_draws, seconds = 10 * effort.draws, {1: [], 2: []}
    with client_of("local:1") as one, client_of("local:2") as two:
        for turn in range(effort.commands + 1):
            for n_workers, client in ((1, one), (2, two)):
                with tempfile.TemporaryDirectory() as folder:
                    draws = n_draws if turn else 20
                    taken, _ = _timed_by_the_wall(lambda: simulate(STUDY, draws=draws, store=f"{folder}/store", cluster=client))  # noqa: B023
                    seconds[n_workers] += [taken] if turn else []
    ratio = statistics.median(seconds[1]) / statistics.median(seconds[2])
    how = f"{n_draws} draws into a store, in turns, by the clock on the wall, start of workers not counted; medians of {effort.commands}"
    yield Row("two workers ÷ one, draws in the same time", ratio, "×", 1.8, how, True)


def full_fit(effort: Effort) -> Iterator[Row]:
    """The fit that the bundled study ships, on all cores."""
    model = load_study(find_study(STUDY))
    began, processor = time.perf_counter(), time.process_time()
    fitted = fit(model, as_of=FIT_AS_OF, draws=FIT_DRAWS, seed=SEED)
    seconds, used = time.perf_counter() - began, time.process_time() - processor
    n_figures = len(fitted.diagnostics["figures"])
    how = f"{fitted.n_draws} draws, {n_figures} figures as of {FIT_AS_OF}, {os.cpu_count()} cores; {used:.0f} s of processor time"
    yield Row(f"a full fit of {STUDY}", seconds, "s", 60, how)


def page(effort: Effort) -> Iterator[Row]:
    """The page that simulates, in a browser."""
    changes, memory_changes = (20, 300) if effort is FULL else (5, 30)
    for name, measured, unit, target, how in bench_page.page_rows(STUDY, 200, changes, memory_changes):
        yield Row(name, measured, unit, target, how)


BENCHMARKS: dict[str, Callable[[Effort], Iterator[Row]]] = {
    "decisions": decisions,
    "decision_time": decision_time,
    "run": run,
    "first_run": first_run,
    "help": help,
    "people": people,
    "random_numbers": random_numbers,
    "mean_field": mean_field,
    "pairs": pairs,
    "comparing": comparing,
    "chunks": chunks,
    "two_workers": two_workers,
    "full_fit": full_fit,
    "page": page,
}


def with_more_people(model: Model, factor: float) -> Model:
    """The same study with everything that is counted in people multiplied, so that all shares stay what they are."""

    def times(quantity: Quantity | None) -> Quantity | None:
        return None if quantity is None else [*(quantity if isinstance(quantity, list) else [quantity]), factor]

    def compartment_of(entry):
        initial = entry.initial and entry.initial.model_copy(update={"people": times(entry.initial.people)})
        scaled = {"capacity": times(entry.capacity), "served_per_day": times(entry.served_per_day), "initial": initial}
        return entry.model_copy(update=scaled)

    def measure_of(entry):
        return entry.model_copy(update={"acts_on": [a.model_copy(update={"set": times(a.set)}) for a in entry.acts_on]})

    study = model.study
    transitions = [entry.model_copy(update={"handles_per_day": times(entry.handles_per_day)}) for entry in study.transitions]
    attempts = [entry.model_copy(update={"at_crowd": times(entry.at_crowd)}) for entry in study.collective_attempts]
    compartments = [compartment_of(entry) for entry in study.compartments]
    return replace(
        model,
        study=study.model_copy(
            update={"compartments": compartments, "transitions": transitions, "collective_attempts": attempts}
        ),
        places=tuple(p.model_copy(update={"population": p.population and p.population * factor}) for p in model.places),
        events=tuple(event.model_copy(update={"people": times(event.people)}) for event in model.events),
        measures=tuple(measure_of(measure) for measure in model.measures),
    )


def _network_and_sample(model: Model, draws: int) -> tuple[FlowNetwork, Sample]:
    network = build_network(model)
    return network, sample_draws(network, sample_parameters(model, SEED, draws), SEED)


def _ratio(one: Callable[[int], object], other: Callable[[int], object], turns: int) -> float:
    """Time of one thing ÷ time of another, run in turns."""
    seconds = [0.0, 0.0]
    for turn in range(-1, turns):
        for number, work in enumerate((one, other)):
            began = time.thread_time()
            work(max(turn, 0))
            seconds[number] += time.thread_time() - began if turn >= 0 else 0.0
    return seconds[0] / seconds[1]


def _timed(work: Callable[[], int | list[object]]) -> tuple[float, int | list[object]]:
    began = time.thread_time()
    result = work()
    return time.thread_time() - began, result


def _timed_by_the_wall(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _run_words(folder: str, draws: int) -> list[str]:
    out = str(Path(folder) / "out")
    return [sys.executable, "-m", "corredor", "run", STUDY, "--draws", str(draws), "--jobs", "2", "--out", out]


def _command(words: list[str], environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Seconds that a process took, and the most memory it held, in MB."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(words, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}\n{said.read()}")
    return seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _processor() -> str:
    """Name of the processor, as the system knows it."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(rows: list[Row]) -> str:
    heads = ("name", "measured", "unit", "target", "", "how")
    cells = [
        (
            row.name,
            _number(row.measured),
            row.unit,
            "" if row.target is None else f"{'≥' if row.more_is_better else '≤'} {_number(row.target)}",
            row.verdict,
            row.how,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [heads, *cells]) for column in range(len(heads))]
    lines = [
        [
            text.rjust(width) if column in (1, 3) else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in [heads, *cells]
    ]
    rule = ["-" * (width + 1) + (":" if column in (1, 3) else "-") for column, width in enumerate(widths)]
    return "\n".join(
        ["| " + " | ".join(lines[0]) + " |", "|" + "|".join(rule) + "|", *("| " + " | ".join(line) + " |" for line in lines[1:])]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast is corredor on this machine?")
    parser.add_argument("--only", nargs="+", choices=list(BENCHMARKS), metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: for a look, not for a report")
    parser.add_argument("--write", action="store_true", help="write the whole table into docs/SCALE.md")
    options = parser.parse_args()
    if options.write and (options.only or options.quick):
        parser.error("--write is for the whole table, without --only or --quick")
    rows: list[Row] = []
    for name in options.only or BENCHMARKS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += BENCHMARKS[name](QUICK if options.quick else FULL)
    versions = f"Python {platform.python_version()}, numba {numba.__version__}, NumPy {np.__version__}"
    missed = "; ".join(row.name for row in rows if row.verdict == "MISSED")
    text = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; {versions}\n\n{_table(rows)}" + (
        f"\n\nMissed: {missed}." if missed else ""
    )
    print(text)
    if options.write:
        write_measured("bench.py", text)


if __name__ == "__main__":
    main()
