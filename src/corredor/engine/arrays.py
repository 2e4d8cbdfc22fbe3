"""The arrays that the kernel reads and changes. Its header explains them; here they only get their names and types."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

GATE, POPULATION, STAY, QUEUE = 0, 1, 2, 3
WAITING, OVERCROWDING = 0, 1

REST = -1
"""Row of the outcome that gets what the others leave."""

Floats = np.ndarray
Ints = np.ndarray


class Topology(NamedTuple):
    """What is the same in every draw."""

    step_days: float
    # compartments (compartments), in visiting order
    compartment_type: Ints
    compartment_entity: Ints
    compartment_first_pool: Ints
    compartment_queue: Ints
    # pools (compartment, group)
    pool_entity: Ints
    pool_group: Ints
    pool_first_move: Ints
    pool_queue: Ints
    pool_queue_row: Ints
    pool_is_plain: Ints
    pool_is_steady: Ints
    # moves (a transition out of a pool to one destination)
    move_to: Ints
    move_journey: Ints
    move_set: Ints
    move_is_share: Ints
    move_open: Ints
    move_capacity: Ints
    move_handles: Ints
    move_first_term: Ints
    move_term: Ints
    move_first_choice: Ints
    move_choice: Ints
    move_has_state: Ints
    move_first_state: Ints
    state_kind: Ints
    state_index: Ints
    # what changes with time
    change_of_step: Ints
    open_on_change: Ints
    # capacities and queues
    capacity_compartment: Ints
    queue_compartment: Ints
    # journeys: branches of stages
    journey_to: Ints
    journey_first_branch: Ints
    branch_weight: Floats
    branch_first_stage: Ints
    # collective attempts and events
    attempt_entity: Ints
    attempt_first_source: Ints
    attempt_pool: Ints
    attempt_move: Ints
    attempt_growth: Floats
    attempt_alpha: Floats
    attempt_beta: Floats
    attempt_closes: Ints
    event_entity: Ints
    event_first_step: Ints
    event_last_step: Ints
    event_first_source: Ints
    event_pool: Ints
    event_move: Ints
    event_share: Floats
    # records
    depart_first: Ints
    depart_cell: Ints
    depart_frequency: Ints
    arrive_first: Ints
    arrive_cell: Ints
    arrive_frequency: Ints
    stock_pool: Ints
    stock_cell: Ints
    stock_frequency: Ints
    wait_queue: Ints
    wait_cell: Ints
    wait_frequency: Ints
    waited_queue: Ints
    waited_cell: Ints
    waited_frequency: Ints
    waited_stride: Ints
    wait_edges_days: Floats
    period: Ints
    flow_here: Floats
    flow_next: Floats
    mean_here: Floats
    mean_next: Floats


class Recipe(NamedTuple):
    """From what the numbers of a draw are made (inputs.py); the same in every draw. A row is that of a quantity, unless said."""

    # quantities: a constant times parameters
    constant: Floats
    first_factor: Ints
    factor: Ints
    # measures: steps and days from step 0 on which they are in force, the end left out
    measure_first_step: Ints
    measure_end_step: Ints
    measure_first_day: Floats
    measure_end_day: Floats
    # days on which anything may change: their steps, and their months from that of step 0
    change_step: Ints
    change_month: Ints
    last_day: float
    # series over change days: those that are the same in all draws, of measures, of latent terms, of effects that build up
    fixed_series: Floats
    window_series: Ints
    window_measure: Ints
    latent_series: Ints
    latent_persistence: Ints
    latent_monthly_sd: Ints
    build_up_series: Ints
    build_up_measure: Ints
    build_up_lag: Ints
    # log rates (sets: a transition of a pool), log scores, terms that change with time and those that do not, by move
    set_row: Ints
    set_is_share: Ints
    set_pool: Ints
    rate_first: Ints
    rate_row: Ints
    rate_coefficient: Floats
    score_first: Ints
    score_row: Ints
    score_coefficient: Floats
    term_row: Ints
    term_coefficient: Floats
    term_series: Ints
    state_row: Ints
    handles_row: Ints
    # capacities, then services; the series that multiplies each (−1: none), and the measures that set or multiply them
    setting_row: Ints
    setting_series: Ints
    setting_first_change: Ints
    setting_measure: Ints
    setting_is_set: Ints
    setting_change_row: Ints
    # windows in which moves are open: whether only when opened, and the measures that open or close
    window_only_opened: Ints
    window_first_act: Ints
    act_measure: Ints
    act_opens: Ints
    # noise; branches of journeys (speed with km, else time); attempts; events; everybody at the start
    service_noise_row: Ints
    noise_row: Ints
    branch_row: Ints
    branch_km: Floats
    branch_mean_ratio: Floats
    attempt_row: Ints
    event_row: Ints
    initial_pool: Ints
    initial_row: Ints
    initial_share: Floats


class Workings(NamedTuple):
    """Room in which the numbers of a draw are made.

    values : (n_rows,) float                     of the quantities, in inner units
    months : (n_latents, n_months) float         latent terms (M2)
    series : (n_series, n_changes) float
    set_size, pool_share : (n_sets,), (n_pools,) float
    """

    values: Floats
    months: Floats
    series: Floats
    set_size: Floats
    pool_share: Floats


class DrawInputs(NamedTuple):
    """What one draw of the parameters makes of the study."""

    seed_low: int
    seed_high: int
    draw: int
    log_rate: Floats
    score: Floats
    term: Floats
    state_effect: Floats
    handles_per_step: Floats
    capacity: Floats
    service_per_day: Floats
    service_noise: Floats
    noise: Floats
    stage_probability: Floats
    attempts_per_day: Floats
    attempt_crowd: Floats
    attempt_closed_steps: Floats
    event_people: Floats


class State(NamedTuple):
    """Where everybody is. Copies of it can be kept, and a run goes on from one."""

    people: Floats
    stages: Floats
    cohort: Floats
    queue_head: Ints
    closed_until: Floats
    decisions: Ints


class Scratch(NamedTuple):
    """Room to work in."""

    log_rate: Floats
    rate: Floats
    log_score: Floats
    score: Floats
    weight: Floats
    effective: Floats
    uniform_leave: Floats
    uniform_divide: Floats
    uniform_stage: Floats
    total: Floats
    leave_share: Floats
    pending: Floats
    stage_pending: Floats
    room: Floats
    fullness: Floats
    log2_over: Floats
    wait_days: Floats
    log_wait: Floats
    period: Ints
    flow_here: Floats
    flow_next: Floats
    served: Floats
    called: Floats


class Draw(NamedTuple):
    """Everything that a draw is run with: the kernel's functions hand it on as one.

    state, scratch, out : their arrays are changed in place
    out : (n_cells,) float        sums by output, dimension and period
    expected : bool               every random count is replaced by its mean (M16)
    """

    net: Topology
    inputs: DrawInputs
    state: State
    scratch: Scratch
    out: Floats
    expected: bool
