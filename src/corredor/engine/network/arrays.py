"""The arrays that the kernel reads and changes. Its header explains them; here they only get their names and types."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

GATE, POPULATION, STAY, QUEUE = 0, 1, 2, 3
WAITING, OVERCROWDING = 0, 1

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
