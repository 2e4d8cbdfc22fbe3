"""Draws: samples of the parameters and of the latent months, and the arrays that the kernel needs to run it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from corredor.engine.network import FlowNetwork
from corredor.engine.network.arrays import DrawInputs, Scratch, State
from corredor.engine.network.flow_network import REST, Setting
from corredor.engine.random_numbers import normal_quantile, tag, uniform_pairs
from corredor.study.model import Model
from corredor.study.priors import prior_centre, prior_quantile

PARAMETER, LATENT = 101, 102
"""Purposes of random numbers (M15), apart from the kernel's."""

SMALLEST = 1e-300

LARGEST_PERSISTENCE = 0.999
"""Of latent months: with 1 they would have no standard deviation at the start (M2)."""


@dataclass(frozen=True)
class Sample:
    """Samples of everything that is uncertain before the random numbers of the days.

    parameters : (n_draws, n_parameters) float      in the parameters' own units
    values : (n_draws, n_rows) float                of the network's quantities, in inner units
    latent_months : (n_draws, n_latents, n_months) float
    """

    parameters: np.ndarray
    values: np.ndarray
    latent_months: np.ndarray


def sample_parameters(model: Model, seed: int, n_draws: int) -> np.ndarray:
    """Parameters from their priors.

    returns : (n_draws, n_parameters) float         in the parameters' own units
    """
    u = parameter_uniforms(model, seed, n_draws)
    columns = [prior_quantile(parameter.prior, u[:, column]) for column, parameter in enumerate(model.parameters.values())]
    return np.stack(columns, axis=1) if columns else np.zeros((n_draws, 0))


def parameter_uniforms(model: Model, seed: int, n_draws: int) -> np.ndarray:
    """Where in its prior each parameter lies; a parameter's random number hangs on its name, so that adding one changes no other (M15).

    returns : (n_draws, n_parameters) float 0–1
    """
    u = np.empty((n_draws, len(model.parameters)))
    for column, name in enumerate(model.parameters):
        u[:, column], _ = uniform_pairs(*halves(seed), n_draws, 0, zlib.crc32(name.encode()), tag(PARAMETER, 0, 0))
    return u


def central_parameters(model: Model) -> np.ndarray:
    """The medians of all priors, as one draw: (1, n_parameters) float."""
    return np.array([[prior_centre(parameter.prior) for parameter in model.parameters.values()]])


def sample_draws(
    network: FlowNetwork, parameters: np.ndarray, seed: int, expected: bool = False, learned: np.ndarray | None = None
) -> Sample:
    """Values of all quantities and latent months (M2) for given parameters; in expected flow latent terms are 0 unless learned.

    learned : (n_draws, n_latents, n_learned_months) float    new parts ξ of the first months, in place of the seed's; the
        months after them go on from there with the seed's random numbers
    """
    values = network.quantities.evaluate(parameters)
    if expected:
        new_parts = np.zeros((len(parameters), len(network.covariates.latents), n_latent_months(network)))
    else:
        new_parts = latent_normals(network, seed, len(parameters))
    if learned is not None:
        n_months = min(learned.shape[2], new_parts.shape[2])
        new_parts[:, :, :n_months] = learned[:, :, :n_months]
    return Sample(parameters, values, latent_months(network, values, new_parts))


def n_latent_months(network: FlowNetwork) -> int:
    """Calendar months of a run, those of the warm-up included."""
    return int(network.covariates.month_of_change.max()) + 1


def latent_normals(network: FlowNetwork, seed: int, n_draws: int) -> np.ndarray:
    """New parts ξ of every month of every latent series (M2): standard normal; (n_draws, n_latents, n_months) float."""
    n_months = n_latent_months(network)
    normals = np.zeros((n_draws, len(network.covariates.latents), n_months))
    for number, latent in enumerate(network.covariates.latents):
        for month in range(n_months):
            u, _ = uniform_pairs(*halves(seed), n_draws, month, latent.entity, tag(LATENT, 0, 0))
            normals[:, number, month] = [normal_quantile(x) for x in u]
    return normals


def latent_months(network: FlowNetwork, values: np.ndarray, new_parts: np.ndarray) -> np.ndarray:
    """Monthly terms from their new parts: u(1) = σ/√(1 − φ²) ξ, u(m+1) = φ u(m) + σ ξ (M2).

    values : (n_draws, n_rows) float                       of the network's quantities
    new_parts, returns : (n_draws, n_latents, n_months) float
    """
    months = np.zeros(new_parts.shape)
    for number, latent in enumerate(network.covariates.latents):
        persistence = np.clip(values[:, latent.persistence_row], -LARGEST_PERSISTENCE, LARGEST_PERSISTENCE)
        sd = values[:, latent.monthly_sd_row]
        months[:, number, 0] = sd / np.sqrt(1 - persistence**2) * new_parts[:, number, 0]
        for month in range(1, new_parts.shape[2]):
            months[:, number, month] = persistence * months[:, number, month - 1] + sd * new_parts[:, number, month]
    return months


def make_draw_inputs(network: FlowNetwork, sample: Sample, row: int, seed: int, draw: int) -> DrawInputs:
    """The kernel's numbers for one row of a sample, with the random numbers of draw number `draw`."""
    values, topology = sample.values[row], network.topology
    n_set_moves = len(network.moves)
    set_log = _log_of_sets(network, values)
    log_rate = network.fixed_terms @ values
    log_rate[:n_set_moves] += set_log[topology.move_set[:n_set_moves]]
    series = network.covariates.in_draw(values, sample.latent_months[row])
    term = np.zeros((series.shape[1], len(network.term_row)))
    if len(network.term_row):
        term = (series[network.term_series] * (network.term_coefficient * values[network.term_row])[:, None]).T.copy()
    n_changes = len(network.covariates.change_steps)
    # one contiguous row each: the kernel is compiled for contiguous arrays
    attempts = np.ascontiguousarray(values[network.attempt_rows].T)
    return DrawInputs(
        *halves(seed),
        draw,
        log_rate=log_rate,
        score=network.fixed_choice @ values,
        term=term,
        state_effect=values[network.state_row],
        handles_per_step=values[network.handles_row] * topology.step_days,
        capacity=_settings(network.capacities, values, n_changes),
        service_per_day=_settings(network.services, values, n_changes),
        service_noise=values[network.service_noise_row],
        noise=values[network.noise_row],
        stage_probability=_stage_probability(network, values),
        attempts_per_day=attempts[0],
        attempt_crowd=np.maximum(attempts[1], SMALLEST),
        attempt_closed_steps=attempts[2] / topology.step_days,
        event_people=values[network.event_row],
    )


def initial_state(network: FlowNetwork, sample: Sample, row: int, expected: bool = False) -> State:
    """Everybody at the start of the warm-up: whole people, unless expected flow is asked for."""
    topology = network.topology
    n_queue_rows = int(topology.pool_queue_row.max(initial=-1)) + 1
    people = np.zeros(len(topology.pool_group))
    people[network.initial_pool] = sample.values[row, network.initial_row] * network.initial_share
    if not expected:
        people = np.floor(people + 0.5)
    cohort = np.zeros((network.calendar.n_steps, n_queue_rows))
    in_queue = topology.pool_queue_row >= 0
    cohort[0, topology.pool_queue_row[in_queue]] = people[in_queue]
    return State(
        people=people,
        stages=np.zeros(int(topology.branch_first_stage[-1])),
        cohort=cohort,
        queue_head=np.zeros(len(topology.queue_compartment), dtype=np.int64),
        closed_until=np.full(len(topology.queue_compartment), -1e9),
        decisions=np.zeros(1, dtype=np.int64),
    )


def make_scratch(network: FlowNetwork) -> Scratch:
    """Room for the kernel to work in; one for each thread."""
    topology = network.topology
    return Scratch(
        log_rate=np.full(len(topology.move_to), np.nan),
        rate=np.zeros(len(topology.move_to)),
        log_score=np.full(len(topology.move_to), np.nan),
        score=np.zeros(len(topology.move_to)),
        weight=np.zeros(len(topology.move_to)),
        effective=np.zeros(len(topology.move_to)),
        uniform_leave=np.full(len(topology.pool_group), 0.5),
        uniform_divide=np.full(len(topology.pool_group), 0.5),
        uniform_stage=np.full((4, (int(topology.branch_first_stage[-1]) + 3) // 4), 0.5),
        total=np.full(len(topology.pool_group), np.nan),
        leave_share=np.zeros(len(topology.pool_group)),
        pending=np.zeros(len(topology.pool_group)),
        stage_pending=np.zeros(int(topology.branch_first_stage[-1])),
        room=np.zeros(len(topology.capacity_compartment)),
        fullness=np.zeros(len(topology.capacity_compartment)),
        log2_over=np.zeros(len(topology.capacity_compartment)),
        wait_days=np.zeros(len(topology.queue_compartment)),
        log_wait=np.zeros(len(topology.queue_compartment)),
        period=np.zeros(len(topology.period), dtype=np.int64),
        flow_here=np.zeros(len(topology.period)),
        flow_next=np.zeros(len(topology.period)),
        served=np.zeros(len(topology.pool_group)),
    )


def people_by_group(network: FlowNetwork, state: State) -> np.ndarray:
    """Everybody, by group, wherever they are: (n_groups,) float people."""
    topology = network.topology
    here = np.bincount(topology.pool_group, weights=state.people, minlength=network.n_groups)
    return here + np.bincount(network.stage_group, weights=state.stages, minlength=network.n_groups)


def halves(seed: int) -> tuple[int, int]:
    """A seed of up to 64 bits as two numbers of 32 bits."""
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF


def _log_of_sets(network: FlowNetwork, values: np.ndarray) -> np.ndarray:
    """Log of the rate or share of each transition of each pool; `rest` is what the pool's other shares leave."""
    rest = network.set_row == REST
    size = np.where(rest, 0.0, values[np.where(rest, 0, network.set_row)]) if len(values) else np.zeros(len(rest))
    shares = np.bincount(network.set_pool, weights=size * network.set_is_share, minlength=len(network.topology.pool_group))
    size[rest] = np.maximum(1.0 - shares[network.set_pool[rest]], 1e-9)
    return np.log(np.maximum(size, SMALLEST))


def _stage_probability(network: FlowNetwork, values: np.ndarray) -> np.ndarray:
    """Share of a stage's people who go on in a step: stages × Δ / mean time of the branch, at most 1 (M10)."""
    value = np.maximum(values[network.branch_row], SMALLEST)
    days = np.where(np.isnan(network.branch_km), value, network.branch_km / value) * network.branch_mean_ratio
    stages = np.diff(network.topology.branch_first_stage)
    return np.asarray(np.minimum(1.0, stages * network.calendar.step_days / days))


def _settings(settings: tuple[Setting, ...], values: np.ndarray, n_changes: int) -> np.ndarray:
    """Capacities or services on each change day: (n, n_changes)."""
    table = np.zeros((len(settings), n_changes))
    for number, setting in enumerate(settings):
        table[number] = values[setting.row]
        for window, sets, row in setting.changes:
            table[number, window] = values[row] if sets else table[number, window] * values[row]
    return table
