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

    draw                                       all that one draw is run with, in its parts:
    net, inputs, state                         the arrays above
    scratch                                    room to work in; nothing in it lasts from one call of `run` to the next
    out                                        sums of flows and means of stocks (people) and of waits (days); by cell
    expected                                   whether every random count is replaced by its mean (M16)

Order of a step: 1 random numbers and rates · 2 arrivals enter · 3 gates · 4 departures · 5 stays · 6 queues · 7 events ·
8 collective attempts · 9 set off · 10 record. Who moves in place in phases 4–8 enters in phase 9, and goes through a gate in the next step.

What touches few parts of a Draw is handed these parts, the rest the Draw; with a whole Draw in the smallest functions a run is slower by
a twentieth. Parts are named where they are used (`draw.net.period`): putting them into variables first makes compiling half as long again.
"""

from __future__ import annotations

import math

import numpy as np

from corredor.engine.arrays import GATE, QUEUE, WAITING, Draw, DrawInputs, Scratch, State, Topology
from corredor.engine.compiled import equation, inlined, part
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

NOBODY = 1e-9
"""In expected flow, fewer people than this stay where they are."""

EVERYBODY = 1e300
"""More people than there are."""

COMPILED_WITH = "803b27483601"
"""Names the text of arrays.py, compiled.py and random_numbers.py, which are compiled into this file: Numba keeps compiled code until
this file itself changes, so this line must change with them. tests/repro/test_plain_python.py says to what."""


@equation
def run(draw: Draw, from_step: int, to_step: int) -> None:
    """Carry a draw from one step to another and add to its outputs on the way.

    draw : its state is where everybody is before `from_step`, and afterwards before `to_step`
    """
    change = -1
    for step in range(from_step, to_step):
        # 1 random numbers and rates
        if draw.net.change_of_step[step] != change:
            change = draw.net.change_of_step[step]
            rates_on_change(draw.net, draw.inputs, draw.scratch, change, step == from_step)
        crowding_and_waits(draw.net, draw.inputs, draw.state, draw.scratch, change)
        periods_now(draw.net, draw.scratch, step)
        if not draw.expected:
            common_uniforms(draw.net, draw.inputs, draw.scratch, step)
        # 2 arrivals enter
        arrivals(draw, step)
        # 3 gates, 4 departures, 5 stays, 6 queues: compartments are in this order
        for compartment in range(len(draw.net.compartment_type)):
            if draw.net.compartment_type[compartment] == QUEUE:
                serve(draw, compartment, step, change)
            leave(draw, compartment, step)
        # 7 events
        events(draw, step)
        # 8 collective attempts
        attempts(draw, step)
        # 9 set off
        for pool in range(len(draw.scratch.pending)):
            if draw.scratch.pending[pool] > 0.0:
                enter(draw.net, draw.state, pool, draw.scratch.pending[pool], step)
                draw.scratch.pending[pool] = 0.0
        for stage in range(len(draw.scratch.stage_pending)):
            draw.state.stages[stage] += draw.scratch.stage_pending[stage]
            draw.scratch.stage_pending[stage] = 0.0
        # 10 record
        record_stocks(draw.net, draw.state, draw.scratch, draw.out, step)


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
            total = effective_rates(net, inputs, scratch, pool, 0.0, net.pool_queue[pool] >= 0)
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


@inlined
def uniforms(inputs: DrawInputs, step: int, entity: int, decision: int) -> tuple[float, float]:
    """Two random numbers of the draw for a decision of an entity, such as a place, in a step (M15)."""
    return uniform_pair(inputs.seed_low, inputs.seed_high, inputs.draw, step, entity, decision)


@part
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


@part
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
def arrivals(draw: Draw, step: int) -> None:
    """People on journeys pass from stage to stage, the last stage first, so that nobody passes two in a step (M10)."""
    for journey in range(len(draw.net.journey_to)):
        arrived = 0.0
        for branch in range(draw.net.journey_first_branch[journey], draw.net.journey_first_branch[journey + 1]):
            first, end = draw.net.branch_first_stage[branch], draw.net.branch_first_stage[branch + 1]
            share = draw.inputs.stage_probability[branch]
            for stage in range(end - 1, first - 1, -1):
                people = draw.state.stages[stage]
                if people <= 0.0 or (draw.expected and people < NOBODY):
                    continue
                moved = part_of(draw.state, draw.expected, draw.scratch.uniform_stage[stage & 3, stage >> 2], people, share)
                draw.state.stages[stage] -= moved
                if stage == end - 1:
                    arrived += moved
                else:
                    draw.state.stages[stage + 1] += moved
        if arrived > 0.0:
            enter(draw.net, draw.state, draw.net.journey_to[journey], arrived, step)
            record(
                draw.scratch, draw.out, draw.net.arrive_first, draw.net.arrive_cell, draw.net.arrive_frequency, journey, arrived
            )


@inlined
def enter(net: Topology, state: State, pool: int, people: float, step: int) -> None:
    """Put people into a pool; in a queue they stand behind those who came before."""
    state.people[pool] += people
    row = net.pool_queue_row[pool]
    if row >= 0:
        state.cohort[step, row] += people


# 3 gates, 4 departures, 5 stays, 6 giving up ------------------------------------------------------------------------------------


@inlined
def leave(draw: Draw, compartment: int, step: int) -> None:
    """Who leaves a compartment, and by which move: some by competing hazards (M2, M3, giving up in M5), all at a gate (M4)."""
    gate, queue = draw.net.compartment_type[compartment] == GATE, draw.net.compartment_type[compartment] == QUEUE
    flow, noise = -1.0, -1.0
    for pool in range(draw.net.compartment_first_pool[compartment], draw.net.compartment_first_pool[compartment + 1]):
        people = draw.state.people[pool]
        if people <= 0.0 or (draw.expected and people < NOBODY):
            continue
        plain = draw.net.pool_is_plain[pool] > 0
        if flow < 0.0 and not plain:
            flow = people_at(draw.net, draw.state, compartment)
        total = draw.scratch.total[pool] if plain else effective_rates(draw.net, draw.inputs, draw.scratch, pool, flow, queue)
        if total <= 0.0:
            continue
        leavers = people
        if not gate:
            if noise < 0.0:
                noise = noise_factor(draw, compartment, step)
            share = draw.scratch.leave_share[pool] if plain and noise == 1.0 else -math.expm1(-draw.net.step_days * total * noise)
            leavers = part_of(draw.state, draw.expected, draw.scratch.uniform_leave[pool], people, share)
        moved = divide(
            draw,
            pool,
            leavers,
            total,
            step,
            draw.scratch.uniform_divide[pool],
            compartment,
            tag(LEAVE, draw.net.pool_group[pool], 0),
        )
        if queue and moved > 0.0:
            leave_the_line(draw, pool, people, moved, step)
        draw.state.people[pool] -= moved


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
def noise_factor(draw: Draw, compartment: int, step: int) -> float:
    """Extra noise of all rates out of a compartment in a step (M11): lognormal, mean 1, variance of the log σ²/Δ."""
    log_sd = draw.inputs.noise[compartment]
    if draw.expected or log_sd <= 0.0:
        return 1.0
    u, _ = uniforms(draw.inputs, step, draw.net.compartment_entity[compartment], tag(NOISE, 0, 0))
    return float(mean_one(log_sd / math.sqrt(draw.net.step_days), normal_quantile(u)))


@inlined
def divide(
    draw: Draw, pool: int, people: float, total: float, step: int, u_first: float, compartment: int, decision: int
) -> float:
    """Divide people over the moves of their pool in proportion to the effective rates (M3, M4); returns how many found room and moved.

    decision : tag of the first random number, u_first; further ones follow it
    Move number i of the pool has its own random number, whether the moves before it are open or not.
    """
    first = draw.net.pool_first_move[pool]
    left, left_rate, moved = people, total, 0.0
    block, u_0, u_1, u_2, u_3 = -1, 0.5, 0.5, 0.5, 0.5
    last = draw.net.pool_first_move[pool + 1] - 1
    while last > first and draw.scratch.effective[last] <= 0.0:
        last -= 1
    for move in range(first, last + 1):
        if left <= 0.0:
            break
        rate = draw.scratch.effective[move]
        if rate <= 0.0:
            continue
        number = move - first
        share, u = 1.0 if move == last else rate / left_rate, u_first
        if number > 0 and move < last and not draw.expected:
            if (number - 1) >> 2 != block:
                block = (number - 1) >> 2
                address = decision + block + 1
                u_0, u_1, u_2, u_3 = uniform_four(
                    draw.inputs.seed_low, draw.inputs.seed_high, draw.inputs.draw, step, draw.net.pool_entity[pool], address
                )
            u = one_of((number - 1) & 3, u_0, u_1, u_2, u_3)
        going = part_of(draw.state, draw.expected, u, left, share)
        left -= going
        left_rate -= rate
        capacity = draw.net.move_capacity[move]
        if capacity >= 0:
            going = min(going, draw.scratch.room[capacity] if draw.expected else math.floor(draw.scratch.room[capacity]))
            draw.scratch.room[capacity] -= going
        if going > 0.0:
            moved += going
            set_off(draw, pool, move, going, step, draw.net.compartment_type[compartment] == GATE)
    return moved


@inlined
def set_off(draw: Draw, pool: int, move: int, people: float, step: int, at_once: bool) -> None:
    """Put people on their way by a move: into its first stages, or in place (at once from a gate, else in phase 9)."""
    record(draw.scratch, draw.out, draw.net.depart_first, draw.net.depart_cell, draw.net.depart_frequency, move, people)
    journey = draw.net.move_journey[move]
    if journey < 0:
        if at_once:
            enter(draw.net, draw.state, draw.net.move_to[move], people, step)
        else:
            draw.scratch.pending[draw.net.move_to[move]] += people
        return
    branch, end = draw.net.journey_first_branch[journey], draw.net.journey_first_branch[journey + 1]
    left = people
    if end - branch > 1:
        u = 0.5
        if not draw.expected:
            which = tag(BRANCH, draw.net.pool_group[pool], move - draw.net.pool_first_move[pool])
            u, _ = uniforms(draw.inputs, step, draw.net.pool_entity[pool], which)
        part = part_of(draw.state, draw.expected, u, left, draw.net.branch_weight[branch])
        draw.scratch.stage_pending[draw.net.branch_first_stage[branch]] += part
        left -= part
        branch += 1
    draw.scratch.stage_pending[draw.net.branch_first_stage[branch]] += left


# 6 queues ---------------------------------------------------------------------------------------------------------------------


@inlined
def serve(draw: Draw, compartment: int, step: int, change: int) -> None:
    """Serve a queue in order of arrival (M5): Poisson(capacity × noise) people, never more than wait for an outcome that is open."""
    queue, first_pool, end_pool = (
        draw.net.compartment_queue[compartment],
        draw.net.compartment_first_pool[compartment],
        draw.net.compartment_first_pool[compartment + 1],
    )
    draw.scratch.served[first_pool:end_pool] = 0.0
    waiting = people_at(draw.net, draw.state, compartment)
    if waiting <= 0.0:
        draw.state.queue_head[queue] = step
        return
    open_share = min(max(step + 1.0 - draw.state.closed_until[queue], 0.0), 1.0)
    mean = draw.inputs.service_per_day[queue, change] * draw.net.step_days * open_share
    able = 0.0
    for pool in range(first_pool, end_pool):
        if has_outcome(draw, pool):
            able += draw.state.people[pool]
    if mean <= 0.0 or able <= 0.0:
        return
    entity, called = draw.net.compartment_entity[compartment], mean
    if not draw.expected:
        u_count, u_noise = uniforms(draw.inputs, step, entity, tag(SERVICE, 0, 0))
        if draw.inputs.service_noise[queue] > 0.0:
            mean *= mean_one(draw.inputs.service_noise[queue] / math.sqrt(draw.net.step_days), normal_quantile(u_noise))
        called = poisson_quantile(u_count, mean)
        draw.state.decisions[0] += 1
    called = min(called, able)
    first = draw.state.queue_head[queue]
    end = call_in_order(draw, compartment, called, step, able < waiting)
    back = outcomes_of_the_called(draw, compartment, step)
    record_called(draw, queue, first, end, called - back if back > NOBODY else EVERYBODY, step)


@inlined
def has_outcome(draw: Draw, pool: int) -> bool:
    """Whether any outcome of a queue is open to those of a pool."""
    for move in range(draw.net.pool_first_move[pool], draw.net.pool_first_move[pool + 1]):
        if draw.net.move_is_share[move] > 0 and draw.scratch.weight[move] > 0.0:
            return True
    return False


@inlined
def call_in_order(draw: Draw, compartment: int, people: float, step: int, some_closed: bool) -> int:
    """Call people, those who came first before others; who has no outcome open keeps the place in the line.

    some_closed : whether some who wait have no outcome open; returns : the step after the last arrivals that were looked at
    """
    queue = draw.net.compartment_queue[compartment]
    first_pool, end_pool = draw.net.compartment_first_pool[compartment], draw.net.compartment_first_pool[compartment + 1]
    cohort, left = draw.state.queue_head[queue], people
    end = cohort
    while left > 0.0 and cohort <= step:
        here = 0.0
        for pool in range(first_pool, end_pool):
            if not some_closed or has_outcome(draw, pool):
                here += draw.state.cohort[cohort, draw.net.pool_queue_row[pool]]
        draw.scratch.called[cohort] = min(here, left) if here > 0.0 else 0.0
        end = cohort + 1
        if here > 0.0:
            taken = draw.scratch.called[cohort]
            take_from_cohort(draw, compartment, cohort, here, taken, step, some_closed)
            left -= taken
            if taken < here:
                break
        cohort += 1
    if some_closed:
        cohort = draw.state.queue_head[queue]
        while cohort < step and cohort_people(draw, compartment, cohort) <= 0.0:
            cohort += 1
    draw.state.queue_head[queue] = min(cohort, step)
    return int(end)


@inlined
def cohort_people(draw: Draw, compartment: int, cohort: int) -> float:
    """People of one step's arrivals who still wait."""
    people = 0.0
    for pool in range(draw.net.compartment_first_pool[compartment], draw.net.compartment_first_pool[compartment + 1]):
        people += draw.state.cohort[cohort, draw.net.pool_queue_row[pool]]
    return people


@inlined
def outcomes_of_the_called(draw: Draw, compartment: int, step: int) -> float:
    """Divide those called over their outcomes by weights (M5); who finds no room goes back to the head of the line; returns how many."""
    back, queue = 0.0, draw.net.compartment_queue[compartment]
    for pool in range(draw.net.compartment_first_pool[compartment], draw.net.compartment_first_pool[compartment + 1]):
        if draw.scratch.served[pool] > 0.0:
            total = 0.0
            for move in range(draw.net.pool_first_move[pool], draw.net.pool_first_move[pool + 1]):
                draw.scratch.effective[move] = draw.scratch.weight[move] if draw.net.move_is_share[move] > 0 else 0.0
                total += draw.scratch.effective[move]
            u, address = 0.5, tag(SERVED, draw.net.pool_group[pool], 0)
            if not draw.expected:
                _, u = uniforms(draw.inputs, step, draw.net.compartment_entity[compartment], address)
            moved = divide(draw, pool, draw.scratch.served[pool], total, step, u, compartment, address)
            draw.state.people[pool] += draw.scratch.served[pool] - moved
            draw.state.cohort[draw.state.queue_head[queue], draw.net.pool_queue_row[pool]] += draw.scratch.served[pool] - moved
            back += draw.scratch.served[pool] - moved
    return back


@inlined
def record_called(draw: Draw, queue: int, first: int, end: int, people: float, step: int) -> None:
    """Record the days waited by those of the called who were served: the first `people` of them; who went back was not."""
    left = people
    for cohort in range(first, end):
        served = min(draw.scratch.called[cohort], left)
        if served > 0.0:
            record_waited(draw.net, draw.out, queue, (step - cohort) * draw.net.step_days, served, step)
            left -= served


@inlined
def take_from_cohort(draw: Draw, compartment: int, cohort: int, here: float, taken: float, step: int, some_closed: bool) -> None:
    """Take people of one step's arrivals: all who have an outcome, or some, whoever they are (without replacement over groups)."""
    left_here, left = here, taken
    for pool in range(draw.net.compartment_first_pool[compartment], draw.net.compartment_first_pool[compartment + 1]):
        row = draw.net.pool_queue_row[pool]
        of_group = draw.state.cohort[cohort, row]
        if of_group <= 0.0 or (some_closed and not has_outcome(draw, pool)):
            continue
        if taken >= here:
            part = of_group
        elif draw.expected:
            part = taken * of_group / here
        elif left_here <= of_group:
            part = left
        else:
            u, _ = uniforms(
                draw.inputs, step, draw.net.compartment_entity[compartment], tag(SERVICE, draw.net.pool_group[pool], 1)
            )
            part = hypergeometric_quantile(u, of_group, left_here - of_group, left)
            draw.state.decisions[0] += 1
        left_here -= of_group
        left -= part
        draw.state.cohort[cohort, row] -= part
        draw.state.people[pool] -= part
        draw.scratch.served[pool] += part


@inlined
def leave_the_line(draw: Draw, pool: int, people: float, leaving: float, step: int) -> None:
    """Take those who give up out of the cohorts, evenly over the line: each cohort shrinks by the same share, up to whole people."""
    row = draw.net.pool_queue_row[pool]
    keep, offset = (people - leaving) / people, 0.0
    if not draw.expected:
        offset, _ = uniforms(draw.inputs, step, draw.net.pool_entity[pool], tag(GIVE_UP, draw.net.pool_group[pool], 0))
    before, kept_before = 0.0, 0.0
    for cohort in range(draw.state.queue_head[draw.net.pool_queue[pool]], step + 1):
        here = draw.state.cohort[cohort, row]
        if here <= 0.0:
            continue
        before += here
        kept = before * keep
        if not draw.expected:
            kept = people - leaving if before >= people else math.floor(kept + offset)
        draw.state.cohort[cohort, row] = kept - kept_before
        kept_before = kept


# 7 events ---------------------------------------------------------------------------------------------------------------------


@inlined
def events(draw: Draw, step: int) -> None:
    """Scheduled departures (M2): a number of people, divided over groups, never more than are there."""
    for event in range(len(draw.net.event_entity)):
        first_step, last_step = draw.net.event_first_step[event], draw.net.event_last_step[event]
        if step < first_step or step > last_step:
            continue
        steps, passed = last_step - first_step + 1, step - first_step
        left = draw.inputs.event_people[event] / steps
        if not draw.expected:
            total = math.floor(draw.inputs.event_people[event] + 0.5)
            left = math.floor(total * (passed + 1) / steps) - math.floor(total * passed / steps)
        for i in range(draw.net.event_first_source[event], draw.net.event_first_source[event + 1]):
            pool = draw.net.event_pool[i]
            u = 0.5
            if not draw.expected:
                u, _ = uniforms(draw.inputs, step, draw.net.event_entity[event], tag(EVENT, draw.net.pool_group[pool], 0))
            part = part_of(draw.state, draw.expected, u, left, draw.net.event_share[i])
            left -= part
            part = min(part, draw.state.people[pool])
            if part > 0.0:
                if draw.net.pool_queue_row[pool] >= 0:
                    leave_the_line(draw, pool, draw.state.people[pool], part, step)
                draw.state.people[pool] -= part
                set_off(draw, pool, draw.net.event_move[i], part, step, False)


# 8 collective attempts --------------------------------------------------------------------------------------------------------


@inlined
def attempts(draw: Draw, step: int) -> None:
    """Many attempt together (M9): the more wait near the line the likelier; a beta share of each group goes; the port may close."""
    for attempt in range(len(draw.net.attempt_entity)):
        first, end = draw.net.attempt_first_source[attempt], draw.net.attempt_first_source[attempt + 1]
        crowd = 0.0
        for i in range(first, end):
            crowd += draw.state.people[draw.net.attempt_pool[i]]
        if crowd <= 0.0 or draw.inputs.attempts_per_day[attempt] <= 0.0:
            continue
        hazard = draw.inputs.attempts_per_day[attempt] * math.exp(
            draw.net.attempt_growth[attempt] * math.log(crowd / draw.inputs.attempt_crowd[attempt])
        )
        chance = -math.expm1(-hazard * draw.net.step_days)
        share = chance * draw.net.attempt_alpha[attempt] / (draw.net.attempt_alpha[attempt] + draw.net.attempt_beta[attempt])
        closed_steps, entity = chance * draw.inputs.attempt_closed_steps[attempt], draw.net.attempt_entity[attempt]
        if not draw.expected:
            draw.state.decisions[0] += 1
            u, u_share = uniforms(draw.inputs, step, entity, tag(ATTEMPT, 0, 0))
            if u > chance:
                continue
            share = beta_quantile(u_share, draw.net.attempt_alpha[attempt], draw.net.attempt_beta[attempt])
            closed_steps = draw.inputs.attempt_closed_steps[attempt]
        for i in range(first, end):
            pool = draw.net.attempt_pool[i]
            people, u = draw.state.people[pool], 0.5
            if people <= 0.0:
                continue
            if not draw.expected:
                u, _ = uniforms(draw.inputs, step, entity, tag(ATTEMPT_SHARE, 0, i - first))
            going = part_of(draw.state, draw.expected, u, people, share)
            if going <= 0.0:
                continue
            if draw.net.pool_queue_row[pool] >= 0:
                leave_the_line(draw, pool, people, going, step)
            draw.state.people[pool] -= going
            set_off(draw, pool, draw.net.attempt_move[i], going, step, False)
        queue = draw.net.attempt_closes[attempt]
        if queue >= 0:
            draw.state.closed_until[queue] = max(draw.state.closed_until[queue], step + 1.0 + closed_steps)


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
