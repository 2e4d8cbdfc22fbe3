"""Draws: samples of the parameters and of the latent months, and the arrays that the kernel needs to run it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from corredor.engine.arrays import DrawInputs, Scratch, State, Workings
from corredor.engine.inputs import fill_inputs, fill_months, put_at_start
from corredor.engine.network import FlowNetwork
from corredor.engine.random_numbers import normal_quantile, tag, uniform_pairs
from corredor.study.model import Model
from corredor.study.priors import prior_centre, prior_quantile

PARAMETER, LATENT = 101, 102
"""Purposes of random numbers (M15), apart from the kernel's."""


@dataclass(frozen=True)
class Sample:
    """Samples of everything that is uncertain before the random numbers of the days.

    parameters : (n_draws, n_parameters) float      in the parameters' own units
    values : (n_draws, n_rows) float                of the network's quantities, in inner units
    latent_months : (n_draws, n_latents, n_months) float
    first : number of the draw in the first row; random numbers hang on it
    """

    parameters: np.ndarray
    values: np.ndarray
    latent_months: np.ndarray
    first: int = 0


def uniforms_of_draws(
    seed: int, n_draws: int, step: np.ndarray, entity: np.ndarray, purpose: int, first: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """`uniform_pair` of the draws first, first + 1 … at many addresses, the same in whatever parts they are made.

    step, entity : (n_addresses,) int 0 … 2**32 − 1, or a single one for all addresses
    returns : 2 × (n_addresses, n_draws) float 0–1
    """
    addresses = zip(*np.broadcast_arrays(step, entity), strict=True)
    pairs = [uniform_pairs(*halves(seed), first, n_draws, int(one), int(other), purpose) for one, other in addresses]
    return np.array([one for one, _ in pairs]), np.array([other for _, other in pairs])


def sample_parameters(model: Model, seed: int, n_draws: int, first: int = 0) -> np.ndarray:
    """Parameters from their priors.

    first : number of the first draw
    returns : (n_draws, n_parameters) float         in the parameters' own units
    """
    u = parameter_uniforms(model, seed, n_draws, first)
    columns = [prior_quantile(parameter.prior, u[:, column]) for column, parameter in enumerate(model.parameters.values())]
    return np.stack(columns, axis=1) if columns else np.zeros((n_draws, 0))


def parameter_uniforms(model: Model, seed: int, n_draws: int, first: int = 0) -> np.ndarray:
    """Where in its prior each parameter lies; a parameter's random number hangs on its name, so that adding one changes no other (M15).

    returns : (n_draws, n_parameters) float 0–1
    """
    u = np.empty((n_draws, len(model.parameters)))
    if model.parameters:
        entity = np.array([zlib.crc32(name.encode()) for name in model.parameters])
        u[:] = uniforms_of_draws(seed, n_draws, np.array([0]), entity, tag(PARAMETER, 0, 0), first)[0].T
    return u


def central_parameters(model: Model) -> np.ndarray:
    """The medians of all priors, as one draw: (1, n_parameters) float."""
    return np.array([[prior_centre(parameter.prior) for parameter in model.parameters.values()]])


def sample_draws(
    network: FlowNetwork,
    parameters: np.ndarray,
    seed: int,
    expected: bool = False,
    learned: np.ndarray | None = None,
    first: int = 0,
) -> Sample:
    """Values of all quantities and latent months (M2) for given parameters.

    expected, learned, first : as of `new_latent_parts`
    """
    values = network.quantities.evaluate(parameters)
    new_parts = new_latent_parts(network, seed, len(parameters), expected, learned, first)
    return Sample(parameters, values, latent_months(network, values, new_parts), first)


def new_latent_parts(
    network: FlowNetwork, seed: int, n_draws: int, expected: bool = False, learned: np.ndarray | None = None, first: int = 0
) -> np.ndarray:
    """New parts ξ of every month of every latent series (M2); in expected flow they are 0 unless learned.

    learned : (n_draws, n_latents, n_learned_months) float    those of the first months, in place of the seed's; the months after
        them go on from there with the seed's random numbers
    first : number of the first draw
    returns : (n_draws, n_latents, n_months) float
    """
    if expected:
        new_parts = np.zeros((n_draws, len(network.covariates.latents), n_latent_months(network)))
    else:
        new_parts = latent_normals(network, seed, n_draws, first)
    if learned is not None:
        n_months = min(learned.shape[2], new_parts.shape[2])
        new_parts[:, :, :n_months] = learned[:, :, :n_months]
    return new_parts


def n_latent_months(network: FlowNetwork) -> int:
    """Calendar months of a run, those of the warm-up included."""
    return int(network.covariates.month_of_change.max()) + 1


def latent_normals(network: FlowNetwork, seed: int, n_draws: int, first: int = 0) -> np.ndarray:
    """New parts ξ of every month of every latent series (M2): standard normal; (n_draws, n_latents, n_months) float."""
    n_months = n_latent_months(network)
    normals = np.zeros((n_draws, len(network.covariates.latents), n_months))
    for number, latent in enumerate(network.covariates.latents):
        u, _ = uniforms_of_draws(seed, n_draws, np.arange(n_months), np.array([latent.entity]), tag(LATENT, 0, 0), first)
        for month in range(n_months):
            normals[:, number, month] = [normal_quantile(x) for x in u[month]]
    return normals


def latent_months(network: FlowNetwork, values: np.ndarray, new_parts: np.ndarray) -> np.ndarray:
    """Monthly terms from their new parts (M2).

    values : (n_draws, n_rows) float                       of the network's quantities
    new_parts, returns : (n_draws, n_latents, n_months) float
    """
    months, recipe = np.zeros(new_parts.shape), network.recipe
    for row in range(len(values)):
        fill_months(recipe.latent_persistence, recipe.latent_monthly_sd, values[row], new_parts[row], months[row])
    return months


def make_draw_inputs(network: FlowNetwork, sample: Sample, row: int, seed: int, draw: int) -> DrawInputs:
    """The kernel's numbers for one row of a sample, with the random numbers of draw number `draw`."""
    inputs = empty_inputs(network, seed, draw)
    workings = empty_workings(network)._replace(
        values=np.ascontiguousarray(sample.values[row]), months=np.ascontiguousarray(sample.latent_months[row])
    )
    fill_inputs(network.topology, network.recipe, workings, inputs)
    return inputs


def empty_inputs(network: FlowNetwork, seed: int, draw: int) -> DrawInputs:
    """Arrays for the numbers of a draw."""
    topology, recipe = network.topology, network.recipe
    n_moves, n_changes, n_attempts = len(topology.move_to), len(recipe.change_step), len(topology.attempt_entity)
    return DrawInputs(
        *halves(seed),
        draw,
        log_rate=np.zeros(n_moves),
        score=np.zeros(n_moves),
        term=np.zeros((n_changes, len(recipe.term_row))),
        state_effect=np.zeros(len(recipe.state_row)),
        handles_per_step=np.zeros(len(recipe.handles_row)),
        capacity=np.zeros((len(topology.capacity_compartment), n_changes)),
        service_per_day=np.zeros((len(topology.queue_compartment), n_changes)),
        service_noise=np.zeros(len(recipe.service_noise_row)),
        noise=np.zeros(len(recipe.noise_row)),
        stage_probability=np.zeros(len(recipe.branch_row)),
        attempts_per_day=np.zeros(n_attempts),
        attempt_crowd=np.zeros(n_attempts),
        attempt_closed_steps=np.zeros(n_attempts),
        event_people=np.zeros(len(recipe.event_row)),
    )


def empty_workings(network: FlowNetwork) -> Workings:
    """Room in which the numbers of a draw are made."""
    recipe = network.recipe
    return Workings(
        values=np.zeros(len(recipe.constant)),
        months=np.zeros((len(recipe.latent_series), n_latent_months(network))),
        series=np.zeros(recipe.fixed_series.shape),
        set_size=np.zeros(len(recipe.set_row)),
        pool_share=np.zeros(len(network.topology.pool_group)),
    )


def initial_state(network: FlowNetwork, sample: Sample, row: int, expected: bool = False) -> State:
    """Everybody at the start of the warm-up: whole people, unless expected flow is asked for."""
    state = empty_state(network)
    recipe, values = network.recipe, np.ascontiguousarray(sample.values[row])
    first = (recipe.initial_pool, recipe.initial_row, recipe.initial_share, network.topology.pool_queue_row)
    put_at_start(*first, values, expected, state.people, state.cohort)
    return state


def empty_state(network: FlowNetwork) -> State:
    """A corridor without people."""
    topology = network.topology
    return State(
        people=np.zeros(len(topology.pool_group)),
        stages=np.zeros(int(topology.branch_first_stage[-1])),
        cohort=np.zeros((network.calendar.n_steps, int(topology.pool_queue_row.max(initial=-1)) + 1)),
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
        called=np.zeros(network.calendar.n_steps),
    )


def people_by_group(network: FlowNetwork, state: State) -> np.ndarray:
    """Everybody, by group, wherever they are: (n_groups,) float people."""
    topology = network.topology
    here = np.bincount(topology.pool_group, weights=state.people, minlength=network.n_groups)
    return here + np.bincount(network.stage_group, weights=state.stages, minlength=network.n_groups)


def halves(seed: int) -> tuple[int, int]:
    """A seed of up to 64 bits as two numbers of 32 bits."""
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
