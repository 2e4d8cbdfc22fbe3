"""One draw of the model, step by step: arrays in, arrays out (Numba; runs as plain Python too, with the same bits).

Names: a *compartment* is a status at a place, a *pool* the people of one group in a compartment, a *move* one transition of a pool to one
destination. `first_x` arrays say where the x of each item begin; the last entry is the total. Numbers M… are those of docs/MODEL.md.

    topology (same in all draws)               unit / index
    compartment_type, compartment_first_pool   0 gate, 1 population, 2 stay, 3 queue; pools of a compartment are neighbours
    pool_first_move, move_to                   moves of a pool are neighbours; the pool that a move leads to
    pool_is_plain, pool_is_steady              1: no rate out of its compartment depends on the state; no rate out of it depends on the date
    move_set                                   moves of one transition share a set: its rate is divided over them by their scores
    move_term, move_choice                     rows of inputs.term that add to the log rate and to the score (M1)
    state_kind, state_index                    terms that depend on a queue's wait (M7) or on crowding, for the moves of move_first_state
    move_open, open_on_change                  row that says on which change days a move is open; −1: always
    move_capacity                              capacity that the destination has (M6); −1: none
    journey_first_branch, branch_*             stages on the way of a move (M10, M12); −1: in place
    attempt_*, event_*                         collective attempts (M9) and scheduled departures (M2), with their source pools
    *_cell, *_frequency, period                where flows and stocks are summed: out[cell + period of the step]

    inputs (one draw)                          unit
    log_rate                                   log of people⁻¹ day⁻¹ for a hazard, log weight for a share; without time-dependent terms
    term                                       log, by change day and row
    capacity, service_per_day                  people, people per day; for each change day
    noise, service_noise                       standard deviation of the log over one day (M11, M5)
    stage_probability                          share of a stage that goes on in a step

    state                                      unit
    people, stages                             people, by pool and by stage of a journey
    cohort                                     people in queues by step of arrival and by queue pool
    closed_until                               step (with fraction) until which a queue is closed

Order of a step: 1 random numbers and rates · 2 arrivals enter · 3 gates · 4 departures · 5 stays · 6 queues · 7 events ·
8 collective attempts · 9 set off · 10 record. Who moves in place in phases 4–8 enters in phase 9, and goes through a gate in the next step.
With `expected` every random count is replaced by its mean (M16).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from corredor.engine.network.arrays import GATE, QUEUE, WAITING, DrawInputs, Scratch, State, Topology
from corredor.engine.random_numbers import (
    beta_quantile,
    binomial_quantile,
    hypergeometric_quantile,
    normal_quantile,
    one_of,
    poisson_quantile,
    tag,
    uniform_four,
    uniform_pair,
)

LEAVE, JOURNEY, BRANCH, NOISE, SERVICE, SERVED, GIVE_UP, ATTEMPT, ATTEMPT_SHARE, EVENT = range(1, 11)
"""Purposes of random numbers (M15). Never renumber: seeds would tell another story."""

CROWDING_BEGINS = 0.9
"""Share of the capacity from which crowding slows entry (M6)."""

LONGEST_WAIT_DAYS = 730.0
"""Expected waits are cut here, so that a queue that serves nobody has a finite wait (M7)."""

equation: Any = njit(nogil=True, cache=True, error_model="numpy", _nrt=False)  # type: ignore[call-overload]
"""How functions are compiled: without a lock, kept on disk, and without counting references to arrays, which nothing here makes."""

inlined: Any = njit(  # type: ignore[call-overload]
    nogil=True, cache=True, error_model="numpy", _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Functions on the whole state are put inside their callers: handing over a hundred arrays costs more than most of them do."""

NOBODY = 1e-9
"""In expected flow, fewer people than this stay where they are."""


@equation
def run(
    net: Topology,
    inputs: DrawInputs,
    state: State,
    scratch: Scratch,
    out: np.ndarray,
    from_step: int,
    to_step: int,
    expected: bool,
) -> None:
    """Carry a state from one step to another and add to the outputs on the way.

    state : changed in place                       where everybody is before `from_step`, and afterwards before `to_step`
    scratch : changed in place                     room to work in; nothing in it lasts from one call to the next
    out : (n_cells,) float                         sums by output, dimension and period; changed in place
    """
    change = -1
    for step in range(from_step, to_step):
        # 1 random numbers and rates
        if net.change_of_step[step] != change:
            change = net.change_of_step[step]
            rates_on_change(net, inputs, scratch, change, step == from_step)
        crowding_and_waits(net, inputs, state, scratch, change)
        periods_now(net, scratch, step)
        if not expected:
            common_uniforms(net, inputs, scratch, step)
        # 2 arrivals enter
        arrivals(net, inputs, state, scratch, out, step, expected)
        # 3 gates, 4 departures, 5 stays, 6 queues: compartments are in this order
        for compartment in range(len(net.compartment_type)):
            if net.compartment_type[compartment] == QUEUE:
                serve(net, inputs, state, scratch, out, compartment, step, change, expected)
            leave(net, inputs, state, scratch, out, compartment, step, expected)
        # 7 events
        events(net, inputs, state, scratch, out, step, expected)
        # 8 collective attempts
        attempts(net, inputs, state, scratch, out, step, expected)
        # 9 set off
        for pool in range(len(scratch.pending)):
            if scratch.pending[pool] > 0.0:
                enter(net, state, pool, scratch.pending[pool], step)
                scratch.pending[pool] = 0.0
        for stage in range(len(scratch.stage_pending)):
            state.stages[stage] += scratch.stage_pending[stage]
            scratch.stage_pending[stage] = 0.0
        # 10 record
        record_stocks(net, state, scratch, out, step)


# 1 random numbers and rates -------------------------------------------------------------------------------------------------


@inlined
def rates_on_change(net: Topology, inputs: DrawInputs, scratch: Scratch, change: int, at_first: bool) -> None:
    """Rate or weight of every move between two change days (M1): the transition's own, divided over its destinations.

    Most moves keep their rate from one change day to the next, and exponentials are dear, so those of the last day are kept.
    """
    for pool in range(len(net.pool_group)):
        if net.pool_is_steady[pool] > 0 and not at_first:
            continue
        begin, end = net.pool_first_move[pool], net.pool_first_move[pool + 1]
        while begin < end:
            stop, total = begin, 0.0
            while stop < end and net.move_set[stop] == net.move_set[begin]:
                log_score = log_sum(inputs.score[stop], net.move_first_choice, net.move_choice, stop, inputs.term, change)
                if log_score != scratch.log_score[stop]:
                    scratch.log_score[stop], scratch.score[stop] = log_score, math.exp(log_score)
                log_rate = log_sum(inputs.log_rate[stop], net.move_first_term, net.move_term, stop, inputs.term, change)
                if log_rate != scratch.log_rate[stop]:
                    scratch.log_rate[stop], scratch.rate[stop] = log_rate, math.exp(log_rate)
                scratch.weight[stop] = 0.0
                if net.move_open[stop] < 0 or net.open_on_change[net.move_open[stop], change] > 0:
                    scratch.weight[stop] = scratch.score[stop]
                total += scratch.weight[stop]
                stop += 1
            for move in range(begin, stop):
                if total > 0.0:
                    scratch.weight[move] *= scratch.rate[move] / total
            begin = stop
        if net.pool_is_plain[pool] > 0:
            total = effective_rates(net, inputs, scratch, pool, 0.0, False)
            if total != scratch.total[pool]:
                scratch.total[pool], scratch.leave_share[pool] = total, -math.expm1(-net.step_days * total)


@inlined
def common_uniforms(net: Topology, inputs: DrawInputs, scratch: Scratch, step: int) -> None:
    """The commonest numbers of a step (M15), made side by side: that takes a fifth of the time of making them one by one."""
    for pool in range(len(scratch.uniform_leave)):
        scratch.uniform_leave[pool], scratch.uniform_divide[pool] = uniform_pair(
            inputs.seed_low, inputs.seed_high, inputs.draw, step, net.pool_entity[pool], tag(LEAVE, net.pool_group[pool], 0)
        )
    for block in range(scratch.uniform_stage.shape[1]):
        first, second, third, fourth = uniform_four(
            inputs.seed_low, inputs.seed_high, inputs.draw, step, block, tag(JOURNEY, 0, 0)
        )
        scratch.uniform_stage[0, block], scratch.uniform_stage[1, block] = first, second
        scratch.uniform_stage[2, block], scratch.uniform_stage[3, block] = third, fourth


@equation
def log_sum(start: float, first: np.ndarray, row: np.ndarray, move: int, term: np.ndarray, change: int) -> float:
    """A log rate or score: its fixed part plus its terms on a change day (M1)."""
    log_value = start
    for i in range(first[move], first[move + 1]):
        log_value += term[change, row[i]]
    return log_value


@inlined
def crowding_and_waits(net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, change: int) -> None:
    """Room left and share filled of every capacity (M6), expected wait of every queue in days (M7), at the start of a step."""
    for k in range(len(net.capacity_compartment)):
        people = people_at(net, state, net.capacity_compartment[k])
        capacity = inputs.capacity[k, change]
        scratch.room[k] = max(capacity - people, 0.0)
        scratch.fullness[k] = people / capacity if capacity > 0.0 else (2.0 if people > 0.0 else 1.0)
        scratch.log2_over[k] = math.log(max(scratch.fullness[k], 1.0)) / math.log(2.0)
    for q in range(len(net.queue_compartment)):
        people, service = people_at(net, state, net.queue_compartment[q]), inputs.service_per_day[q, change]
        scratch.wait_days[q] = LONGEST_WAIT_DAYS if people > 0.0 else 0.0
        if service > 0.0:
            scratch.wait_days[q] = min(people / service, LONGEST_WAIT_DAYS)
        scratch.log_wait[q] = math.log(1.0 + scratch.wait_days[q] / 7.0)


@inlined
def people_at(net: Topology, state: State, compartment: int) -> float:
    """People of all groups in a compartment."""
    people = 0.0
    for pool in range(net.compartment_first_pool[compartment], net.compartment_first_pool[compartment + 1]):
        people += state.people[pool]
    return people


@equation
def entry_factor(fullness: float) -> float:
    """Crowding (M6): 1 while a place is less than 90 % full, falling in a straight line to 0 when it is full."""
    if fullness <= CROWDING_BEGINS:
        return 1.0
    return max(0.0, (1.0 - fullness) / (1.0 - CROWDING_BEGINS))


@equation
def dilution(flow: float, handled: float) -> float:
    """Factor on the odds of being stopped when `flow` people meet an effort that can handle `handled` (M8)."""
    return 1.0 / (1.0 + flow / handled) if handled > 0.0 else 0.0


@inlined
def state_factor(net: Topology, inputs: DrawInputs, scratch: Scratch, move: int, flow: float) -> float:
    """What crowding (M6), waiting (M7), overcrowding and dilution (M8) make of a move's rate this step."""
    factor = 1.0
    capacity = net.move_capacity[move]
    if capacity >= 0:
        factor *= entry_factor(scratch.fullness[capacity])
    if net.move_handles[move] >= 0:
        factor *= dilution(flow, inputs.handles_per_step[net.move_handles[move]])
    for i in range(net.move_first_state[move], net.move_first_state[move + 1]):
        if net.state_kind[i] == WAITING:
            factor *= math.exp(inputs.state_effect[i] * scratch.log_wait[net.state_index[i]])
        else:
            factor *= math.exp(inputs.state_effect[i] * scratch.log2_over[net.state_index[i]])
    return factor


@equation
def mean_one(log_sd: float, z: float) -> float:
    """Lognormal factor of mean 1 (M5, M11)."""
    return math.exp(log_sd * z - 0.5 * log_sd * log_sd)


@inlined
def part_of(state: State, expected: bool, u: float, people: float, share: float) -> float:
    """How many of `people` do what each does with chance `share` (M15), or the mean (M16)."""
    if share >= 1.0:
        return people
    if share <= 0.0 or people <= 0.0:
        return 0.0
    state.decisions[0] += 1
    if expected:
        return people * share
    return binomial_quantile(u, people, share)


# 2 arrivals enter -----------------------------------------------------------------------------------------------------------


@inlined
def arrivals(
    net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool
) -> None:
    """People on journeys pass from stage to stage, the last stage first, so that nobody passes two in a step (M10)."""
    for journey in range(len(net.journey_to)):
        arrived = 0.0
        for branch in range(net.journey_first_branch[journey], net.journey_first_branch[journey + 1]):
            first, end = net.branch_first_stage[branch], net.branch_first_stage[branch + 1]
            share = inputs.stage_probability[branch]
            for stage in range(end - 1, first - 1, -1):
                people = state.stages[stage]
                if people <= 0.0 or (expected and people < NOBODY):
                    continue
                moved = part_of(state, expected, scratch.uniform_stage[stage & 3, stage >> 2], people, share)
                state.stages[stage] -= moved
                if stage == end - 1:
                    arrived += moved
                else:
                    state.stages[stage + 1] += moved
        if arrived > 0.0:
            enter(net, state, net.journey_to[journey], arrived, step)
            record(scratch, out, net.arrive_first, net.arrive_cell, net.arrive_frequency, journey, arrived)


@inlined
def enter(net: Topology, state: State, pool: int, people: float, step: int) -> None:
    """Put people into a pool; in a queue they stand behind those who came before."""
    state.people[pool] += people
    row = net.pool_queue_row[pool]
    if row >= 0:
        state.cohort[step, row] += people


# 3 gates, 4 departures, 5 stays, 6 giving up ------------------------------------------------------------------------------------


@inlined
def leave(
    net: Topology,
    inputs: DrawInputs,
    state: State,
    scratch: Scratch,
    out: np.ndarray,
    compartment: int,
    step: int,
    expected: bool,
) -> None:
    """Who leaves a compartment, and by which move: some by competing hazards (M2, M3, giving up in M5), all at a gate (M4)."""
    gate, queue = net.compartment_type[compartment] == GATE, net.compartment_type[compartment] == QUEUE
    flow, noise = -1.0, -1.0
    for pool in range(net.compartment_first_pool[compartment], net.compartment_first_pool[compartment + 1]):
        people = state.people[pool]
        if people <= 0.0 or (expected and people < NOBODY):
            continue
        plain = net.pool_is_plain[pool] > 0
        if flow < 0.0 and not plain:
            flow = people_at(net, state, compartment)
        total = scratch.total[pool] if plain else effective_rates(net, inputs, scratch, pool, flow, queue)
        if total <= 0.0:
            continue
        leavers = people
        if not gate:
            if noise < 0.0:
                noise = noise_factor(inputs, compartment, net.compartment_entity[compartment], step, net.step_days, expected)
            share = scratch.leave_share[pool] if plain and noise == 1.0 else -math.expm1(-net.step_days * total * noise)
            leavers = part_of(state, expected, scratch.uniform_leave[pool], people, share)
        moved = divide(
            net, inputs, state, scratch, out, pool, leavers, total, step, scratch.uniform_divide[pool], gate, LEAVE, expected
        )
        if queue and moved > 0.0:
            leave_the_line(net, inputs, state, pool, people, moved, step, expected)
        state.people[pool] -= moved


@inlined
def effective_rates(net: Topology, inputs: DrawInputs, scratch: Scratch, pool: int, flow: float, queue: bool) -> float:
    """Rates of a pool's moves this step, state terms included; returns their sum. The outcomes of a queue are no way to give up."""
    total = 0.0
    for move in range(net.pool_first_move[pool], net.pool_first_move[pool + 1]):
        rate = scratch.weight[move]
        if queue and net.move_is_share[move] > 0:
            rate = 0.0
        if rate > 0.0 and net.move_has_state[move] > 0:
            rate *= state_factor(net, inputs, scratch, move, flow)
        scratch.effective[move] = rate
        total += rate
    return total


@inlined
def noise_factor(inputs: DrawInputs, compartment: int, entity: int, step: int, step_days: float, expected: bool) -> float:
    """Extra noise of all rates out of a compartment in a step (M11): lognormal, mean 1, variance of the log σ²/Δ."""
    if expected or inputs.noise[compartment] <= 0.0:
        return 1.0
    u, _ = uniform_pair(inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, tag(NOISE, 0, 0))
    return float(mean_one(inputs.noise[compartment] / math.sqrt(step_days), normal_quantile(u)))


@inlined
def divide(
    net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, out: np.ndarray, pool: int, people: float, total: float, step: int,
    u_first: float, at_once: bool, purpose: int, expected: bool,
) -> float:  # fmt: skip
    """Divide people over the moves of their pool in proportion to the effective rates (M3, M4); returns how many found room and moved.

    Move number i of the pool has its own random number, whether the moves before it are open or not.
    """
    first = net.pool_first_move[pool]
    left, left_rate, moved = people, total, 0.0
    block, u_0, u_1, u_2, u_3 = -1, 0.5, 0.5, 0.5, 0.5
    last = net.pool_first_move[pool + 1] - 1
    while last > first and scratch.effective[last] <= 0.0:
        last -= 1
    for move in range(first, last + 1):
        if left <= 0.0:
            break
        rate = scratch.effective[move]
        if rate <= 0.0:
            continue
        number = move - first
        share, u = 1.0 if move == last else rate / left_rate, u_first
        if number > 0 and move < last and not expected:
            if (number - 1) >> 2 != block:
                block = (number - 1) >> 2
                address = tag(purpose, net.pool_group[pool], block + 1)
                u_0, u_1, u_2, u_3 = uniform_four(
                    inputs.seed_low, inputs.seed_high, inputs.draw, step, net.pool_entity[pool], address
                )
            u = one_of((number - 1) & 3, u_0, u_1, u_2, u_3)
        going = part_of(state, expected, u, left, share)
        left -= going
        left_rate -= rate
        capacity = net.move_capacity[move]
        if capacity >= 0:
            going = min(going, scratch.room[capacity] if expected else math.floor(scratch.room[capacity]))
            scratch.room[capacity] -= going
        if going > 0.0:
            moved += going
            set_off(net, inputs, state, scratch, out, pool, move, going, step, at_once, expected)
    return moved


@inlined
def set_off(
    net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, out: np.ndarray, pool: int, move: int, people: float, step: int,
    at_once: bool, expected: bool,
) -> None:  # fmt: skip
    """Put people on their way by a move: into its first stages, or in place (at once from a gate, else in phase 9)."""
    record(scratch, out, net.depart_first, net.depart_cell, net.depart_frequency, move, people)
    journey = net.move_journey[move]
    if journey < 0:
        if at_once:
            enter(net, state, net.move_to[move], people, step)
        else:
            scratch.pending[net.move_to[move]] += people
        return
    branch, end = net.journey_first_branch[journey], net.journey_first_branch[journey + 1]
    left = people
    if end - branch > 1:
        u = 0.5
        if not expected:
            u, _ = uniform_pair(
                inputs.seed_low, inputs.seed_high, inputs.draw, step, net.pool_entity[pool],
                tag(BRANCH, net.pool_group[pool], move - net.pool_first_move[pool]),
            )  # fmt: skip
        part = part_of(state, expected, u, left, net.branch_weight[branch])
        scratch.stage_pending[net.branch_first_stage[branch]] += part
        left -= part
        branch += 1
    scratch.stage_pending[net.branch_first_stage[branch]] += left


# 6 queues ---------------------------------------------------------------------------------------------------------------------


@inlined
def serve(
    net: Topology,
    inputs: DrawInputs,
    state: State,
    scratch: Scratch,
    out: np.ndarray,
    compartment: int,
    step: int,
    change: int,
    expected: bool,
) -> None:
    """Serve a queue in order of arrival (M5): Poisson(capacity × noise) people, never more than wait; outcomes divide by weights."""
    queue, first_pool, end_pool = (
        net.compartment_queue[compartment],
        net.compartment_first_pool[compartment],
        net.compartment_first_pool[compartment + 1],
    )
    scratch.served[first_pool:end_pool] = 0.0
    waiting = people_at(net, state, compartment)
    if waiting <= 0.0:
        state.queue_head[queue] = step
        return
    open_share = min(max(step + 1.0 - state.closed_until[queue], 0.0), 1.0)
    mean = inputs.service_per_day[queue, change] * net.step_days * open_share
    if mean <= 0.0:
        return
    entity, left = net.compartment_entity[compartment], mean
    if not expected:
        u_count, u_noise = uniform_pair(inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, tag(SERVICE, 0, 0))
        if inputs.service_noise[queue] > 0.0:
            mean *= mean_one(inputs.service_noise[queue] / math.sqrt(net.step_days), normal_quantile(u_noise))
        left = poisson_quantile(u_count, mean)
        state.decisions[0] += 1
    left = min(left, waiting)
    cohort = state.queue_head[queue]
    while left > 0.0 and cohort <= step:
        here = 0.0
        for pool in range(first_pool, end_pool):
            here += state.cohort[cohort, net.pool_queue_row[pool]]
        if here > 0.0:
            taken = min(here, left)
            take_from_cohort(net, inputs, state, scratch, compartment, cohort, here, taken, step, expected)
            record_waited(net, out, queue, (step - cohort) * net.step_days, taken, step)
            left -= taken
            if taken < here:
                break
        cohort += 1
    state.queue_head[queue] = min(cohort, step)
    for pool in range(first_pool, end_pool):
        if scratch.served[pool] > 0.0:
            total = 0.0
            for move in range(net.pool_first_move[pool], net.pool_first_move[pool + 1]):
                scratch.effective[move] = scratch.weight[move] if net.move_is_share[move] > 0 else 0.0
                total += scratch.effective[move]
            u = 0.5
            if not expected:
                _, u = uniform_pair(
                    inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, tag(SERVED, net.pool_group[pool], 0)
                )
            moved = divide(net, inputs, state, scratch, out, pool, scratch.served[pool], total, step, u, False, SERVED, expected)
            # with every outcome closed, those called go back to the head of the line
            state.people[pool] += scratch.served[pool] - moved
            state.cohort[state.queue_head[queue], net.pool_queue_row[pool]] += scratch.served[pool] - moved


@inlined
def take_from_cohort(
    net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, compartment: int, cohort: int, here: float, taken: float, step: int,
    expected: bool,
) -> None:  # fmt: skip
    """Take people of one step's arrivals: all of them, or some, whoever they are (without replacement over groups)."""
    left_here, left = here, taken
    for pool in range(net.compartment_first_pool[compartment], net.compartment_first_pool[compartment + 1]):
        row = net.pool_queue_row[pool]
        of_group = state.cohort[cohort, row]
        if of_group <= 0.0:
            continue
        if taken >= here:
            part = of_group
        elif expected:
            part = taken * of_group / here
        elif left_here <= of_group:
            part = left
        else:
            u, _ = uniform_pair(
                inputs.seed_low,
                inputs.seed_high,
                inputs.draw,
                step,
                net.compartment_entity[compartment],
                tag(SERVICE, net.pool_group[pool], 1),
            )
            part = hypergeometric_quantile(u, of_group, left_here - of_group, left)
            state.decisions[0] += 1
        left_here -= of_group
        left -= part
        state.cohort[cohort, row] -= part
        state.people[pool] -= part
        scratch.served[pool] += part


@inlined
def leave_the_line(
    net: Topology, inputs: DrawInputs, state: State, pool: int, people: float, leaving: float, step: int, expected: bool
) -> None:
    """Take those who give up out of the cohorts, evenly over the line: each cohort shrinks by the same share, up to whole people."""
    row = net.pool_queue_row[pool]
    keep, offset = (people - leaving) / people, 0.0
    if not expected:
        offset, _ = uniform_pair(
            inputs.seed_low, inputs.seed_high, inputs.draw, step, net.pool_entity[pool], tag(GIVE_UP, net.pool_group[pool], 0)
        )
    before, kept_before = 0.0, 0.0
    for cohort in range(state.queue_head[net.pool_queue[pool]], step + 1):
        here = state.cohort[cohort, row]
        if here <= 0.0:
            continue
        before += here
        kept = before * keep
        if not expected:
            kept = people - leaving if before >= people else math.floor(kept + offset)
        state.cohort[cohort, row] = kept - kept_before
        kept_before = kept


# 7 events ---------------------------------------------------------------------------------------------------------------------


@inlined
def events(net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool) -> None:
    """Scheduled departures (M2): a number of people, divided over groups, never more than are there."""
    for event in range(len(net.event_entity)):
        first_step, last_step = net.event_first_step[event], net.event_last_step[event]
        if step < first_step or step > last_step:
            continue
        steps, passed = last_step - first_step + 1, step - first_step
        left = inputs.event_people[event] / steps
        if not expected:
            total = math.floor(inputs.event_people[event] + 0.5)
            left = math.floor(total * (passed + 1) / steps) - math.floor(total * passed / steps)
        for i in range(net.event_first_source[event], net.event_first_source[event + 1]):
            pool = net.event_pool[i]
            u = 0.5
            if not expected:
                u, _ = uniform_pair(
                    inputs.seed_low,
                    inputs.seed_high,
                    inputs.draw,
                    step,
                    net.event_entity[event],
                    tag(EVENT, net.pool_group[pool], 0),
                )
            part = part_of(state, expected, u, left, net.event_share[i])
            left -= part
            part = min(part, state.people[pool])
            if part > 0.0:
                if net.pool_queue_row[pool] >= 0:
                    leave_the_line(net, inputs, state, pool, state.people[pool], part, step, expected)
                state.people[pool] -= part
                set_off(net, inputs, state, scratch, out, pool, net.event_move[i], part, step, False, expected)


# 8 collective attempts --------------------------------------------------------------------------------------------------------


@inlined
def attempts(
    net: Topology, inputs: DrawInputs, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool
) -> None:
    """Many attempt together (M9): the more wait near the line the likelier; a beta share of each group goes; the port may close."""
    for attempt in range(len(net.attempt_entity)):
        first, end = net.attempt_first_source[attempt], net.attempt_first_source[attempt + 1]
        crowd = 0.0
        for i in range(first, end):
            crowd += state.people[net.attempt_pool[i]]
        if crowd <= 0.0 or inputs.attempts_per_day[attempt] <= 0.0:
            continue
        hazard = inputs.attempts_per_day[attempt] * math.exp(
            net.attempt_growth[attempt] * math.log(crowd / inputs.attempt_crowd[attempt])
        )
        chance = -math.expm1(-hazard * net.step_days)
        share = chance * net.attempt_alpha[attempt] / (net.attempt_alpha[attempt] + net.attempt_beta[attempt])
        closed_steps, entity = chance * inputs.attempt_closed_steps[attempt], net.attempt_entity[attempt]
        if not expected:
            state.decisions[0] += 1
            u, u_share = uniform_pair(inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, tag(ATTEMPT, 0, 0))
            if u > chance:
                continue
            share = beta_quantile(u_share, net.attempt_alpha[attempt], net.attempt_beta[attempt])
            closed_steps = inputs.attempt_closed_steps[attempt]
        for i in range(first, end):
            pool = net.attempt_pool[i]
            people, u = state.people[pool], 0.5
            if people <= 0.0:
                continue
            if not expected:
                u, _ = uniform_pair(
                    inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, tag(ATTEMPT_SHARE, 0, i - first)
                )
            going = part_of(state, expected, u, people, share)
            if going <= 0.0:
                continue
            if net.pool_queue_row[pool] >= 0:
                leave_the_line(net, inputs, state, pool, people, going, step, expected)
            state.people[pool] -= going
            set_off(net, inputs, state, scratch, out, pool, net.attempt_move[i], going, step, False, expected)
        queue = net.attempt_closes[attempt]
        if queue >= 0:
            state.closed_until[queue] = max(state.closed_until[queue], step + 1.0 + closed_steps)


# 10 record --------------------------------------------------------------------------------------------------------------------


@inlined
def periods_now(net: Topology, scratch: Scratch, step: int) -> None:
    """Which reporting period of each frequency a step lies in, and how much of the step lies in it and in the next."""
    for frequency in range(len(net.period)):
        scratch.period[frequency] = net.period[frequency, step]
        scratch.flow_here[frequency] = net.flow_here[frequency, step]
        scratch.flow_next[frequency] = net.flow_next[frequency, step]


@inlined
def record(
    scratch: Scratch, out: np.ndarray, first: np.ndarray, cell: np.ndarray, frequency: np.ndarray, item: int, people: float
) -> None:
    """Add a flow to its outputs; a step that lies in two periods is divided between them by days."""
    for i in range(first[item], first[item + 1]):
        every = frequency[i]
        period = scratch.period[every]
        if period >= 0:
            out[cell[i] + period] += people * scratch.flow_here[every]
            if scratch.flow_next[every] > 0.0:
                out[cell[i] + period + 1] += people * scratch.flow_next[every]


@inlined
def record_waited(net: Topology, out: np.ndarray, queue: int, days: float, people: float, step: int) -> None:
    """Add people served to the distribution of days waited (M5)."""
    wait_bin = 0
    while wait_bin + 1 < len(net.wait_edges_days) and days >= net.wait_edges_days[wait_bin + 1]:
        wait_bin += 1
    for i in range(len(net.waited_queue)):
        period = net.period[net.waited_frequency[i], step]
        if net.waited_queue[i] == queue and period >= 0:
            cell = net.waited_cell[i] + wait_bin * net.waited_stride[i] + period
            out[cell] += people * net.flow_here[net.waited_frequency[i], step]
            if net.flow_next[net.waited_frequency[i], step] > 0.0:
                out[cell + 1] += people * net.flow_next[net.waited_frequency[i], step]


@inlined
def record_stocks(net: Topology, state: State, scratch: Scratch, out: np.ndarray, step: int) -> None:
    """Add people present, and expected waits, to the means over their periods."""
    for i in range(len(net.stock_pool)):
        record_mean(net, out, net.stock_cell[i], net.stock_frequency[i], state.people[net.stock_pool[i]], step)
    for i in range(len(net.wait_queue)):
        record_mean(net, out, net.wait_cell[i], net.wait_frequency[i], scratch.wait_days[net.wait_queue[i]], step)


@inlined
def record_mean(net: Topology, out: np.ndarray, cell: int, frequency: int, value: float, step: int) -> None:
    """Add a value to the mean of its period, by the days of the step that lie in it."""
    period = net.period[frequency, step]
    if period >= 0:
        out[cell + period] += value * net.mean_here[frequency, step]
        if net.mean_next[frequency, step] > 0.0:
            out[cell + period + 1] += value * net.mean_next[frequency, step]
