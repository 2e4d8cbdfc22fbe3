"""Shares of several measures in what they did together: Shapley values over scenarios with common random numbers (M15)."""

from __future__ import annotations

import json
import math
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy import sparse

from corredor._simulate import provenance
from corredor.effects.compare.drawn import draw_parameters
from corredor.effects.compare.effects import QUANTILES
from corredor.effects.compare.scenarios_together import Scenarios, make_scenarios, run_draw_in_all
from corredor.engine.draws import halves
from corredor.engine.ensemble import Progress, run_rows
from corredor.engine.fitted import Fitted, study_and_fit
from corredor.engine.network import FlowNetwork
from corredor.engine.random_numbers import tag, uniform_pair
from corredor.engine.workers import ClusterLike, Workers, workers_of
from corredor.study.arguments import StudyLike, count_of, names_of, seed_of
from corredor.study.model import Model
from corredor.study.problems import ArgumentError, StudyError
from corredor.study.scenario import unknown_measures

MOST_EXACT = 8
"""Measures up to which every subset is run: 256 scenarios."""

ORDERS = 16
"""Orders of more measures than that: so many are drawn, and each is also walked backwards."""

ORDER = 104
"""Purpose of random numbers (M15), apart from those of scenarios.py, observe.py and the kernel."""


@dataclass(frozen=True)
class Game:
    """Which subsets of the measures are run, and how their scenarios become shares.

    subsets : bit i is measure i;  first none, last all
    weights : (n_orders or 1, n_measures, n_subsets) float     share of a measure = Σ weight × scenario;
        one row for each pair of orders that was drawn, or a single exact one
    """

    subsets: tuple[int, ...]
    weights: np.ndarray


def shares(
    study: StudyLike,
    *,
    without: str | Iterable[str],
    draws: int = 100,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    orders: int = ORDERS,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """How much of what several measures did together each of them did, output by output, as `corredor compare --shares` says it.

    A measure's share is the mean, over all orders in which the measures could have been taken, of what it adds to those before it
    (Shapley 1953); in each draw the shares add up to the joint effect. Up to 8 measures every subset is run; beyond, `orders` orders
    are drawn and walked in both directions, and `standard_error` says what that leaves open.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    without
        Ids of two or more measures.
    draws
        Simulations of every subset.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`.
    orders
        Orders drawn for more than 8 measures.
    priors_only, fitted
        As of `simulate`.
    progress
        Called with the number of draws finished and of all.

    Returns
    -------
    xarray.Dataset
        share, alone, last (draw, measure, output); joint (draw, output); standard_error (measure, output) of the mean share from
        drawing orders, 0 when every subset was run. Flows are summed over the study, stocks and waits averaged.

    Raises
    ------
    StudyError
        Every problem of the study, or unknown measures.
    ValueError
        Fewer than two measures, draws or jobs below 1, or a seed outside 0 … 2⁶³ − 1.

    Notes
    -----
    Shapley, L. S. (1953), A value for n-person games; Castro, Gómez & Tejada (2009) for drawn orders.

    Examples
    --------
    >>> pair = "zero_tolerance, metering_guidance"
    >>> parts = shares("mexico-2018", without=pair, draws=1)
    >>> parts.sizes["measure"]
    2
    """
    draws, seed, names = count_of(draws, "draws"), seed_of(seed), names_of(without, "without")
    model, fitted = study_and_fit(study, fitted, priors_only)
    problems = unknown_measures(model, names)
    if problems:
        raise StudyError(problems)
    if len(names) < 2:
        raise ArgumentError(
            "without", ", ".join(names) or "no measure", "two or more measures to share between", "another measure"
        )
    game = exact_game(len(names)) if len(names) <= MOST_EXACT else drawn_game(names, seed, orders)
    models = [model.without(*(name for number, name in enumerate(names) if not subset >> number & 1)) for subset in game.subsets]
    scenarios = make_scenarios(models, draw_parameters(model, draws, seed, fitted=fitted), seed)
    outputs, totals = total_weights(scenarios.networks[0])
    with workers_of(jobs, cluster) as workers:
        values = _values(scenarios, totals, draws, workers, progress)
    outputs, values = _with_sums(scenarios, outputs, values)
    dataset = _dataset(model, names, outputs, values, game)
    dataset.attrs |= {
        **provenance(seed, False, fitted),
        "draws": draws,
        "scenarios": len(models),
        "steps_a_draw": scenarios.plan.steps,
    }
    return dataset


def exact_game(n_measures: int) -> Game:
    """Every subset; the weight of what a measure adds to s others is s! (n − s − 1)! / n!."""
    subsets = tuple(range(2**n_measures))
    weights = np.zeros((1, n_measures, len(subsets)))
    for subset in subsets:
        size = subset.bit_count()
        for measure in range(n_measures):
            others = size - (subset >> measure & 1)
            weight = math.factorial(others) * math.factorial(n_measures - others - 1) / math.factorial(n_measures)
            weights[0, measure, subset] = weight if subset >> measure & 1 else -weight
    return Game(subsets, weights)


def drawn_game(names: Sequence[str], seed: int, orders: int) -> Game:
    """Subsets met on the way by so many drawn orders and their reverses; a measure's random numbers hang on its name."""
    n_measures, everything = len(names), 2 ** len(names) - 1
    entities = [zlib.crc32(name.encode()) for name in names]
    number_of = {0: 0}
    walks: list[list[tuple[int, int, int]]] = []
    for order in range(orders):
        u = [uniform_pair(*halves(seed), order, 0, entity, tag(ORDER, 0, 0))[0] for entity in entities]
        forwards = [int(measure) for measure in np.argsort(u)]
        steps = []
        for way in (forwards, forwards[::-1]):
            before = 0
            for measure in way:
                after = before | 1 << measure
                # all measures together get the last number, below
                if after != everything:
                    number_of.setdefault(after, len(number_of))
                steps.append((measure, before, after))
                before = after
        walks.append(steps)
    # also what each does alone and last, which a reader is told
    for measure in range(n_measures):
        for subset in (1 << measure, everything & ~(1 << measure)):
            number_of.setdefault(subset, len(number_of))
    number_of[everything] = len(number_of)
    weights = np.zeros((orders, n_measures, len(number_of)))
    for order, steps in enumerate(walks):
        for measure, before, after in steps:
            weights[order, measure, number_of[after]] += 0.5
            weights[order, measure, number_of[before]] -= 0.5
    return Game(tuple(number_of), weights)


def total_weights(network: FlowNetwork) -> tuple[list[str], np.ndarray]:
    """Outputs, and the weights that make the total of each over the study from the kernel's cells: (n_outputs, n_cells).

    Flows are summed, stocks averaged over days and summed over places, waits averaged over days and places. A distribution of days waited
    has no total
    """
    calendar, model = network.calendar, network.model
    names, rows = [], []
    for block in network.recording.blocks:
        output = model.study.outputs[block.output]
        if output.days_waited is not None:
            continue
        every = np.ones(block.n_periods)
        if output.flow is None:
            starts = calendar.period_starts[block.every]
            days = np.diff(np.append(starts, np.datetime64(model.study.to, "s") + np.timedelta64(1, "D"))).astype(float)
            every = days / days.sum()
        n_series = (block.end_cell - block.first_cell) // block.n_periods
        row = np.zeros(network.recording.n_cells)
        row[block.first_cell : block.end_cell] = np.tile(every, n_series) / (
            max(n_series, 1) if output.expected_wait is not None else 1
        )
        names.append(block.output)
        rows.append(row)
    return names, np.array(rows)


def share_table(dataset: xr.Dataset, output: str) -> pd.DataFrame:
    """One row for each measure: its share in the joint effect on an output, with interval, and what it did alone and as the last one.

    returns : columns measure, mean, standard_error (from drawing orders), median, low80, high80, low95, high95, part (of the joint mean
        effect; NaN where that is 0), alone, last (means)
    """
    joint = float(dataset["joint"].sel(output=output).mean())
    rows = []
    for name in dataset["measure"].to_numpy():
        of = dataset.sel(measure=name, output=output)
        drawn = of["share"].to_numpy()
        row = {"measure": str(name), "mean": float(drawn.mean()), "standard_error": float(of["standard_error"])}
        row |= {key: float(np.quantile(drawn, q)) for key, q in QUANTILES.items()}
        row |= {"part": float(drawn.mean()) / joint if joint else np.nan}
        rows.append(row | {"alone": float(of["alone"].mean()), "last": float(of["last"].mean())})
    return pd.DataFrame(rows)


def _values(scenarios: Scenarios, totals: np.ndarray, draws: int, workers: Workers, progress: Progress | None) -> np.ndarray:
    """Totals of every output in every scenario: (n_draws, n_worlds, n_outputs)."""
    counts = run_rows(
        draws, len(scenarios) * len(totals), partial(_totals_of_a_draw, scenarios, sparse.csr_array(totals)), workers, progress
    )
    if counts.people_lost.max(initial=0.0) > 0:
        raise ArithmeticError(f"people were not conserved: {counts.people_lost.max():g} lost or made")
    return counts.cells.reshape(draws, len(scenarios), len(totals))


def _totals_of_a_draw(scenarios: Scenarios, totals: sparse.csr_array, row: int) -> tuple[np.ndarray, float, int]:
    """Sums of a sparse matrix have one order; those of a dense one hang on how many threads the library of linear algebra takes."""
    outcomes = run_draw_in_all(scenarios, row)
    values = np.concatenate([totals @ outcome.cells for outcome in outcomes])
    return values, max(o.people_lost for o in outcomes), sum(o.decisions for o in outcomes)


def _with_sums(scenarios: Scenarios, outputs: list[str], values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The outputs that are sums of others, after those."""
    network, sample = scenarios.networks[0], scenarios.samples[0]
    names, parts = list(outputs), [values]
    for name, output in network.model.study.outputs.items():
        if output.sum_of is not None and set(output.sum_of) <= set(outputs):
            total = np.zeros(values.shape[:2])
            for part, quantity in output.sum_of.items():
                factor = sample.values[:, network.quantities.row(quantity)]
                total += factor[:, None] * values[:, :, outputs.index(part)]
            names.append(name)
            parts.append(total[:, :, None])
    return names, np.concatenate(parts, axis=2)


def _dataset(model: Model, names: Sequence[str], outputs: list[str], values: np.ndarray, game: Game) -> xr.Dataset:
    n_measures = len(names)
    everything, number_of = 2**n_measures - 1, {subset: number for number, subset in enumerate(game.subsets)}
    # (orders, draws, measures, outputs)
    by_order = np.einsum("oms,dsk->odmk", game.weights, values)
    shared, n_orders = by_order.mean(axis=0), len(by_order)
    error = np.zeros((n_measures, len(outputs)))
    if n_orders > 1:
        error = by_order.mean(axis=1).std(axis=0, ddof=1) / np.sqrt(n_orders)
    none, together = values[:, number_of[0]], values[:, number_of[everything]]
    alone = np.stack([values[:, number_of[1 << m]] - none for m in range(n_measures)], axis=1)
    last = np.stack([together - values[:, number_of[everything & ~(1 << m)]] for m in range(n_measures)], axis=1)
    titles = {measure.id: measure.title for measure in model.measures}
    known = model.study.outputs
    dims = ("draw", "measure", "output")
    return xr.Dataset(
        {
            "share": (dims, shared, {"long_name": "share of a measure in the joint effect"}),
            "alone": (dims, alone, {"long_name": "effect of a measure when none of the others is taken"}),
            "last": (dims, last, {"long_name": "effect of a measure when all others are taken already"}),
            "joint": (("draw", "output"), together - none, {"long_name": "effect of all measures together"}),
            "standard_error": (
                ("measure", "output"),
                error,
                {"long_name": "standard error of the mean share from drawing orders"},
            ),
        },
        coords={
            "draw": np.arange(len(values)),
            "measure": np.array(names, dtype=str),
            "output": np.array(outputs, dtype=str),
            "measure_title": ("measure", np.array([titles[name] for name in names], dtype=str)),
            "output_title": ("output", np.array([known[name].title for name in outputs], dtype=str)),
            "output_unit": (
                "output",
                np.array(["days" if known[n].expected_wait is not None else "people" for n in outputs], dtype=str),
            ),
        },
        attrs={
            "title": model.study.title,
            "study": model.name,
            "study_hash": model.hash,
            "exact": int(n_orders == 1),
            "measures": json.dumps(list(names)),
        },
    )
