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
    # spots (compartments), in visiting order
    spot_type: Ints
    spot_entity: Ints
    spot_first_pair: Ints
    spot_queue: Ints
    # pairs (compartment, group)
    pair_entity: Ints
    pair_group: Ints
    pair_first_link: Ints
    pair_queue: Ints
    pair_queue_row: Ints
    pair_is_plain: Ints
    pair_is_steady: Ints
    # links (a transition out of a pair to one destination)
    link_to: Ints
    link_journey: Ints
    link_set: Ints
    link_is_share: Ints
    link_open: Ints
    link_capacity: Ints
    link_handles: Ints
    link_first_term: Ints
    link_term: Ints
    link_first_choice: Ints
    link_choice: Ints
    link_has_state: Ints
    link_first_state: Ints
    state_kind: Ints
    state_index: Ints
    # what changes with time
    change_of_step: Ints
    open_on_change: Ints
    # capacities and queues
    capacity_spot: Ints
    queue_spot: Ints
    # journeys: branches of stages
    journey_to: Ints
    journey_first_branch: Ints
    branch_weight: Floats
    branch_first_stage: Ints
    # collective attempts and events
    attempt_entity: Ints
    attempt_first_source: Ints
    attempt_pair: Ints
    attempt_link: Ints
    attempt_growth: Floats
    attempt_alpha: Floats
    attempt_beta: Floats
    attempt_closes: Ints
    event_entity: Ints
    event_first_step: Ints
    event_last_step: Ints
    event_first_source: Ints
    event_pair: Ints
    event_link: Ints
    event_share: Floats
    # records
    depart_first: Ints
    depart_cell: Ints
    depart_frequency: Ints
    arrive_first: Ints
    arrive_cell: Ints
    arrive_frequency: Ints
    stock_pair: Ints
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


class World(NamedTuple):
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
    luck_leave: Floats
    luck_divide: Floats
    luck_stage: Floats
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
