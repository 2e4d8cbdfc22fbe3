"""One draw of the model, step by step: arrays in, arrays out (Numba; runs as plain Python too, with the same bits).

Names: a *spot* is a compartment (status at a place), a *pair* is a spot and a group, a *link* is one transition out of a pair to one
destination. `first_x` arrays say where the x of each item begin; the last entry is the total. Numbers M… are those of docs/MODEL.md.

    topology (same in all draws)          unit / index
    spot_type, spot_first_pair            0 gate, 1 population, 2 stay, 3 queue; pairs of a spot are neighbours
    pair_first_link, link_to              links of a pair are neighbours; the pair that a link leads to
    pair_is_plain, pair_is_steady         1: no rate out of its spot depends on the state; no rate out of it depends on the date
    link_set                              links of one transition share a set: its rate is divided over them by their scores
    link_term, link_choice                rows of world.term that add to the log rate and to the score (M1)
    state_kind, state_index               terms that depend on a queue's wait (M7) or on crowding, for the links of link_first_state
    link_open, open_on_change             row that says on which change days a link is open; −1: always
    link_capacity                         capacity that the destination has (M6); −1: none
    journey_first_branch, branch_*        stages on the way of a link (M10, M12); −1: in place
    attempt_*, event_*                    collective attempts (M9) and scheduled departures (M2), with their source pairs
    *_cell, *_frequency, period           where flows and stocks are summed: out[cell + period of the step]

    world (one draw)                      unit
    log_rate                              log of people⁻¹ day⁻¹ for a hazard, log weight for a share; without time-dependent terms
    term                                  log, by change day and row
    capacity, service_per_day             people, people per day; for each change day
    noise, service_noise                  standard deviation of the log over one day (M11, M5)
    stage_probability                     share of a stage that goes on in a step

    state                                 unit
    people, stages                        people, by pair and by stage of a journey
    cohort                                people in queues by step of arrival and by queue pair
    closed_until                          step (with fraction) until which a queue is closed

Order of a step: 1 luck and rates · 2 arrivals enter · 3 gates · 4 departures and events · 5 stays · 6 queues · 7 collective attempts ·
8 set off · 9 record. Who moves in place in phases 4–7 enters in phase 8, and goes through a gate in the next step.
With `expected` every random count is replaced by its mean (M16).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from corredor.luck import (
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
from corredor.network.arrays import GATE, QUEUE, WAITING, Scratch, State, Topology, World

LEAVE, JOURNEY, BRANCH, NOISE, SERVICE, SERVED, GIVE_UP, ATTEMPT, ATTEMPT_SHARE, EVENT = range(1, 11)
"""Purposes of random numbers (M15). Never renumber: seeds would tell another story."""

CROWDING_BEGINS = 0.9
"""Share of the capacity from which crowding slows entry (M6)."""

LONGEST_WAIT_DAYS = 730.0
"""Expected waits are cut here, so that a queue that serves nobody has a finite wait (M7)."""

equation: Any = njit(nogil=True, cache=True, error_model="numpy", _nrt=False)  # type: ignore[call-overload]
"""How functions are compiled: without a lock, kept on disk, and without counting references to arrays, which nothing here makes."""

phase: Any = njit(  # type: ignore[call-overload]
    nogil=True, cache=True, error_model="numpy", _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Functions on the whole state are put inside their callers: handing over a hundred arrays costs more than most of them do."""

NOBODY = 1e-9
"""In expected flow, fewer people than this stay where they are."""


@equation
def run(
    net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, from_step: int, to_step: int, expected: bool
) -> None:
    """Carry a state from one step to another and add to the outputs on the way.

    state : changed in place                       where everybody is before `from_step`, and afterwards before `to_step`
    scratch : changed in place                     room to work in; nothing in it lasts from one call to the next
    out : (n_cells,) float                         sums by output, dimension and period; changed in place
    """
    change = -1
    for step in range(from_step, to_step):
        # 1 luck and rates
        if net.change_of_step[step] != change:
            change = net.change_of_step[step]
            rates_on_change(net, world, scratch, change, step == from_step)
        crowding_and_waits(net, world, state, scratch, change)
        periods_now(net, scratch, step)
        if not expected:
            luck_now(net, world, scratch, step)
        # 2 arrivals enter
        arrivals(net, world, state, scratch, out, step, expected)
        # 3 gates, 4 departures, 5 stays, 6 queues: compartments are in this order
        for spot in range(len(net.spot_type)):
            if net.spot_type[spot] == QUEUE:
                serve(net, world, state, scratch, out, spot, step, change, expected)
            leave(net, world, state, scratch, out, spot, step, expected)
        # 4 events
        events(net, world, state, scratch, out, step, expected)
        # 7 collective attempts
        attempts(net, world, state, scratch, out, step, expected)
        # 8 set off
        for pair in range(len(scratch.pending)):
            if scratch.pending[pair] > 0.0:
                enter(net, state, pair, scratch.pending[pair], step)
                scratch.pending[pair] = 0.0
        for stage in range(len(scratch.stage_pending)):
            state.stages[stage] += scratch.stage_pending[stage]
            scratch.stage_pending[stage] = 0.0
        # 9 record
        record_stocks(net, state, scratch, out, step)


# 1 luck and rates -----------------------------------------------------------------------------------------------------------


@phase
def rates_on_change(net: Topology, world: World, scratch: Scratch, change: int, at_first: bool) -> None:
    """Rate or weight of every link between two change days (M1): the transition's own, divided over its destinations.

    Most links keep their rate from one change day to the next, and exponentials are dear, so those of the last day are kept.
    """
    for pair in range(len(net.pair_group)):
        if net.pair_is_steady[pair] > 0 and not at_first:
            continue
        begin, end = net.pair_first_link[pair], net.pair_first_link[pair + 1]
        while begin < end:
            stop, total = begin, 0.0
            while stop < end and net.link_set[stop] == net.link_set[begin]:
                log_score = log_sum(world.score[stop], net.link_first_choice, net.link_choice, stop, world.term, change)
                if log_score != scratch.log_score[stop]:
                    scratch.log_score[stop], scratch.score[stop] = log_score, math.exp(log_score)
                log_rate = log_sum(world.log_rate[stop], net.link_first_term, net.link_term, stop, world.term, change)
                if log_rate != scratch.log_rate[stop]:
                    scratch.log_rate[stop], scratch.rate[stop] = log_rate, math.exp(log_rate)
                scratch.weight[stop] = 0.0
                if net.link_open[stop] < 0 or net.open_on_change[net.link_open[stop], change] > 0:
                    scratch.weight[stop] = scratch.score[stop]
                total += scratch.weight[stop]
                stop += 1
            for link in range(begin, stop):
                if total > 0.0:
                    scratch.weight[link] *= scratch.rate[link] / total
            begin = stop
        if net.pair_is_plain[pair] > 0:
            total = effective_rates(net, world, scratch, pair, 0.0, False)
            if total != scratch.total[pair]:
                scratch.total[pair], scratch.leave_share[pair] = total, -math.expm1(-net.step_days * total)


@phase
def luck_now(net: Topology, world: World, scratch: Scratch, step: int) -> None:
    """The commonest numbers of a step (M15), made side by side: that takes a fifth of the time of making them one by one."""
    for pair in range(len(scratch.luck_leave)):
        scratch.luck_leave[pair], scratch.luck_divide[pair] = uniform_pair(
            world.seed_low, world.seed_high, world.draw, step, net.pair_entity[pair], tag(LEAVE, net.pair_group[pair], 0)
        )
    for block in range(scratch.luck_stage.shape[1]):
        first, second, third, fourth = uniform_four(world.seed_low, world.seed_high, world.draw, step, block, tag(JOURNEY, 0, 0))
        scratch.luck_stage[0, block], scratch.luck_stage[1, block] = first, second
        scratch.luck_stage[2, block], scratch.luck_stage[3, block] = third, fourth


@equation
def log_sum(start: float, first: np.ndarray, row: np.ndarray, link: int, term: np.ndarray, change: int) -> float:
    """A log rate or score: its fixed part plus its terms on a change day (M1)."""
    log_value = start
    for i in range(first[link], first[link + 1]):
        log_value += term[change, row[i]]
    return log_value


@phase
def crowding_and_waits(net: Topology, world: World, state: State, scratch: Scratch, change: int) -> None:
    """Room left and share filled of every capacity (M6), expected wait of every queue in days (M7), at the start of a step."""
    for k in range(len(net.capacity_spot)):
        people = people_at(net, state, net.capacity_spot[k])
        capacity = world.capacity[k, change]
        scratch.room[k] = max(capacity - people, 0.0)
        scratch.fullness[k] = people / capacity if capacity > 0.0 else (2.0 if people > 0.0 else 1.0)
        scratch.log2_over[k] = math.log(max(scratch.fullness[k], 1.0)) / math.log(2.0)
    for q in range(len(net.queue_spot)):
        people, service = people_at(net, state, net.queue_spot[q]), world.service_per_day[q, change]
        scratch.wait_days[q] = LONGEST_WAIT_DAYS if people > 0.0 else 0.0
        if service > 0.0:
            scratch.wait_days[q] = min(people / service, LONGEST_WAIT_DAYS)
        scratch.log_wait[q] = math.log(1.0 + scratch.wait_days[q] / 7.0)


@phase
def people_at(net: Topology, state: State, spot: int) -> float:
    """People of all groups in a compartment."""
    people = 0.0
    for pair in range(net.spot_first_pair[spot], net.spot_first_pair[spot + 1]):
        people += state.people[pair]
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


@phase
def state_factor(net: Topology, world: World, scratch: Scratch, link: int, flow: float) -> float:
    """What crowding (M6), waiting (M7), overcrowding and dilution (M8) make of a link's rate this step."""
    factor = 1.0
    capacity = net.link_capacity[link]
    if capacity >= 0:
        factor *= entry_factor(scratch.fullness[capacity])
    if net.link_handles[link] >= 0:
        factor *= dilution(flow, world.handles_per_step[net.link_handles[link]])
    for i in range(net.link_first_state[link], net.link_first_state[link + 1]):
        if net.state_kind[i] == WAITING:
            factor *= math.exp(world.state_effect[i] * scratch.log_wait[net.state_index[i]])
        else:
            factor *= math.exp(world.state_effect[i] * scratch.log2_over[net.state_index[i]])
    return factor


@equation
def mean_one(log_sd: float, z: float) -> float:
    """Lognormal factor of mean 1 (M5, M11)."""
    return math.exp(log_sd * z - 0.5 * log_sd * log_sd)


@phase
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


@phase
def arrivals(net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool) -> None:
    """People on journeys pass from stage to stage, the last stage first, so that nobody passes two in a step (M10)."""
    for journey in range(len(net.journey_to)):
        arrived = 0.0
        for branch in range(net.journey_first_branch[journey], net.journey_first_branch[journey + 1]):
            first, end = net.branch_first_stage[branch], net.branch_first_stage[branch + 1]
            share = world.stage_probability[branch]
            for stage in range(end - 1, first - 1, -1):
                people = state.stages[stage]
                if people <= 0.0 or (expected and people < NOBODY):
                    continue
                moved = part_of(state, expected, scratch.luck_stage[stage & 3, stage >> 2], people, share)
                state.stages[stage] -= moved
                if stage == end - 1:
                    arrived += moved
                else:
                    state.stages[stage + 1] += moved
        if arrived > 0.0:
            enter(net, state, net.journey_to[journey], arrived, step)
            record(scratch, out, net.arrive_first, net.arrive_cell, net.arrive_frequency, journey, arrived)


@phase
def enter(net: Topology, state: State, pair: int, people: float, step: int) -> None:
    """Put people into a pair; in a queue they stand behind those who came before."""
    state.people[pair] += people
    row = net.pair_queue_row[pair]
    if row >= 0:
        state.cohort[step, row] += people


# 3 gates, 4 departures, 5 stays, 6 giving up ------------------------------------------------------------------------------------


@phase
def leave(
    net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, spot: int, step: int, expected: bool
) -> None:
    """Who leaves a compartment, and by which link: some by competing hazards (M2, M3, giving up in M5), all at a gate (M4)."""
    gate, queue = net.spot_type[spot] == GATE, net.spot_type[spot] == QUEUE
    flow, noise = -1.0, -1.0
    for pair in range(net.spot_first_pair[spot], net.spot_first_pair[spot + 1]):
        people = state.people[pair]
        if people <= 0.0 or (expected and people < NOBODY):
            continue
        plain = net.pair_is_plain[pair] > 0
        if flow < 0.0 and not plain:
            flow = people_at(net, state, spot)
        total = scratch.total[pair] if plain else effective_rates(net, world, scratch, pair, flow, queue)
        if total <= 0.0:
            continue
        leavers = people
        if not gate:
            if noise < 0.0:
                noise = noise_factor(world, spot, net.spot_entity[spot], step, net.step_days, expected)
            share = scratch.leave_share[pair] if plain and noise == 1.0 else -math.expm1(-net.step_days * total * noise)
            leavers = part_of(state, expected, scratch.luck_leave[pair], people, share)
        moved = divide(
            net, world, state, scratch, out, pair, leavers, total, step, scratch.luck_divide[pair], gate, LEAVE, expected
        )
        if queue and moved > 0.0:
            leave_the_line(net, world, state, pair, people, moved, step, expected)
        state.people[pair] -= moved


@phase
def effective_rates(net: Topology, world: World, scratch: Scratch, pair: int, flow: float, queue: bool) -> float:
    """Rates of a pair's links this step, state terms included; returns their sum. The outcomes of a queue are no way to give up."""
    total = 0.0
    for link in range(net.pair_first_link[pair], net.pair_first_link[pair + 1]):
        rate = scratch.weight[link]
        if queue and net.link_is_share[link] > 0:
            rate = 0.0
        if rate > 0.0 and net.link_has_state[link] > 0:
            rate *= state_factor(net, world, scratch, link, flow)
        scratch.effective[link] = rate
        total += rate
    return total


@phase
def noise_factor(world: World, spot: int, entity: int, step: int, step_days: float, expected: bool) -> float:
    """Extra noise of all rates out of a compartment in a step (M11): lognormal, mean 1, variance of the log σ²/Δ."""
    if expected or world.noise[spot] <= 0.0:
        return 1.0
    u, _ = uniform_pair(world.seed_low, world.seed_high, world.draw, step, entity, tag(NOISE, 0, 0))
    return float(mean_one(world.noise[spot] / math.sqrt(step_days), normal_quantile(u)))


@phase
def divide(
    net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, pair: int, people: float, total: float, step: int,
    u_first: float, at_once: bool, purpose: int, expected: bool,
) -> float:  # fmt: skip
    """Divide people over the links of their pair in proportion to the effective rates (M3, M4); returns how many found room and moved.

    Link number i of the pair has its own random number, whether the links before it are open or not.
    """
    first = net.pair_first_link[pair]
    left, left_rate, moved = people, total, 0.0
    block, u_0, u_1, u_2, u_3 = -1, 0.5, 0.5, 0.5, 0.5
    last = net.pair_first_link[pair + 1] - 1
    while last > first and scratch.effective[last] <= 0.0:
        last -= 1
    for link in range(first, last + 1):
        if left <= 0.0:
            break
        rate = scratch.effective[link]
        if rate <= 0.0:
            continue
        number = link - first
        share, u = 1.0 if link == last else rate / left_rate, u_first
        if number > 0 and link < last and not expected:
            if (number - 1) >> 2 != block:
                block = (number - 1) >> 2
                address = tag(purpose, net.pair_group[pair], block + 1)
                u_0, u_1, u_2, u_3 = uniform_four(
                    world.seed_low, world.seed_high, world.draw, step, net.pair_entity[pair], address
                )
            u = one_of((number - 1) & 3, u_0, u_1, u_2, u_3)
        going = part_of(state, expected, u, left, share)
        left -= going
        left_rate -= rate
        capacity = net.link_capacity[link]
        if capacity >= 0:
            going = min(going, scratch.room[capacity] if expected else math.floor(scratch.room[capacity]))
            scratch.room[capacity] -= going
        if going > 0.0:
            moved += going
            set_off(net, world, state, scratch, out, pair, link, going, step, at_once, expected)
    return moved


@phase
def set_off(
    net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, pair: int, link: int, people: float, step: int,
    at_once: bool, expected: bool,
) -> None:  # fmt: skip
    """Put people on their way by a link: into its first stages, or in place (at once from a gate, else in phase 8)."""
    record(scratch, out, net.depart_first, net.depart_cell, net.depart_frequency, link, people)
    journey = net.link_journey[link]
    if journey < 0:
        if at_once:
            enter(net, state, net.link_to[link], people, step)
        else:
            scratch.pending[net.link_to[link]] += people
        return
    branch, end = net.journey_first_branch[journey], net.journey_first_branch[journey + 1]
    left = people
    if end - branch > 1:
        u = 0.5
        if not expected:
            u, _ = uniform_pair(
                world.seed_low, world.seed_high, world.draw, step, net.pair_entity[pair],
                tag(BRANCH, net.pair_group[pair], link - net.pair_first_link[pair]),
            )  # fmt: skip
        part = part_of(state, expected, u, left, net.branch_weight[branch])
        scratch.stage_pending[net.branch_first_stage[branch]] += part
        left -= part
        branch += 1
    scratch.stage_pending[net.branch_first_stage[branch]] += left


# 4 events ---------------------------------------------------------------------------------------------------------------------


@phase
def events(net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool) -> None:
    """Scheduled departures (M2): a number of people, divided over groups, never more than are there."""
    for event in range(len(net.event_entity)):
        first_step, last_step = net.event_first_step[event], net.event_last_step[event]
        if step < first_step or step > last_step:
            continue
        steps, passed = last_step - first_step + 1, step - first_step
        left = world.event_people[event] / steps
        if not expected:
            total = math.floor(world.event_people[event] + 0.5)
            left = math.floor(total * (passed + 1) / steps) - math.floor(total * passed / steps)
        for i in range(net.event_first_source[event], net.event_first_source[event + 1]):
            pair = net.event_pair[i]
            u = 0.5
            if not expected:
                u, _ = uniform_pair(
                    world.seed_low,
                    world.seed_high,
                    world.draw,
                    step,
                    net.event_entity[event],
                    tag(EVENT, net.pair_group[pair], 0),
                )
            part = part_of(state, expected, u, left, net.event_share[i])
            left -= part
            part = min(part, state.people[pair])
            if part > 0.0:
                if net.pair_queue_row[pair] >= 0:
                    leave_the_line(net, world, state, pair, state.people[pair], part, step, expected)
                state.people[pair] -= part
                set_off(net, world, state, scratch, out, pair, net.event_link[i], part, step, False, expected)


# 6 queues ---------------------------------------------------------------------------------------------------------------------


@phase
def serve(
    net: Topology,
    world: World,
    state: State,
    scratch: Scratch,
    out: np.ndarray,
    spot: int,
    step: int,
    change: int,
    expected: bool,
) -> None:
    """Serve a queue in order of arrival (M5): Poisson(capacity × noise) people, never more than wait; outcomes divide by weights."""
    queue, first_pair, end_pair = net.spot_queue[spot], net.spot_first_pair[spot], net.spot_first_pair[spot + 1]
    scratch.served[first_pair:end_pair] = 0.0
    waiting = people_at(net, state, spot)
    if waiting <= 0.0:
        state.queue_head[queue] = step
        return
    open_share = min(max(step + 1.0 - state.closed_until[queue], 0.0), 1.0)
    mean = world.service_per_day[queue, change] * net.step_days * open_share
    if mean <= 0.0:
        return
    entity, left = net.spot_entity[spot], mean
    if not expected:
        u_count, u_noise = uniform_pair(world.seed_low, world.seed_high, world.draw, step, entity, tag(SERVICE, 0, 0))
        if world.service_noise[queue] > 0.0:
            mean *= mean_one(world.service_noise[queue] / math.sqrt(net.step_days), normal_quantile(u_noise))
        left = poisson_quantile(u_count, mean)
        state.decisions[0] += 1
    left = min(left, waiting)
    cohort = state.queue_head[queue]
    while left > 0.0 and cohort <= step:
        here = 0.0
        for pair in range(first_pair, end_pair):
            here += state.cohort[cohort, net.pair_queue_row[pair]]
        if here > 0.0:
            taken = min(here, left)
            take_from_cohort(net, world, state, scratch, spot, cohort, here, taken, step, expected)
            record_waited(net, out, queue, (step - cohort) * net.step_days, taken, step)
            left -= taken
            if taken < here:
                break
        cohort += 1
    state.queue_head[queue] = min(cohort, step)
    for pair in range(first_pair, end_pair):
        if scratch.served[pair] > 0.0:
            total = 0.0
            for link in range(net.pair_first_link[pair], net.pair_first_link[pair + 1]):
                scratch.effective[link] = scratch.weight[link] if net.link_is_share[link] > 0 else 0.0
                total += scratch.effective[link]
            u = 0.5
            if not expected:
                _, u = uniform_pair(
                    world.seed_low, world.seed_high, world.draw, step, entity, tag(SERVED, net.pair_group[pair], 0)
                )
            moved = divide(net, world, state, scratch, out, pair, scratch.served[pair], total, step, u, False, SERVED, expected)
            # with every outcome closed, those called go back to the head of the line
            state.people[pair] += scratch.served[pair] - moved
            state.cohort[state.queue_head[queue], net.pair_queue_row[pair]] += scratch.served[pair] - moved


@phase
def take_from_cohort(
    net: Topology, world: World, state: State, scratch: Scratch, spot: int, cohort: int, here: float, taken: float, step: int,
    expected: bool,
) -> None:  # fmt: skip
    """Take people of one step's arrivals: all of them, or some, whoever they are (without replacement over groups)."""
    left_here, left = here, taken
    for pair in range(net.spot_first_pair[spot], net.spot_first_pair[spot + 1]):
        row = net.pair_queue_row[pair]
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
                world.seed_low, world.seed_high, world.draw, step, net.spot_entity[spot], tag(SERVICE, net.pair_group[pair], 1)
            )
            part = hypergeometric_quantile(u, of_group, left_here - of_group, left)
            state.decisions[0] += 1
        left_here -= of_group
        left -= part
        state.cohort[cohort, row] -= part
        state.people[pair] -= part
        scratch.served[pair] += part


@phase
def leave_the_line(
    net: Topology, world: World, state: State, pair: int, people: float, leaving: float, step: int, expected: bool
) -> None:
    """Take those who give up out of the cohorts, evenly over the line: each cohort shrinks by the same share, up to whole people."""
    row = net.pair_queue_row[pair]
    keep, offset = (people - leaving) / people, 0.0
    if not expected:
        offset, _ = uniform_pair(
            world.seed_low, world.seed_high, world.draw, step, net.pair_entity[pair], tag(GIVE_UP, net.pair_group[pair], 0)
        )
    before, kept_before = 0.0, 0.0
    for cohort in range(state.queue_head[net.pair_queue[pair]], step + 1):
        here = state.cohort[cohort, row]
        if here <= 0.0:
            continue
        before += here
        kept = before * keep
        if not expected:
            kept = people - leaving if before >= people else math.floor(kept + offset)
        state.cohort[cohort, row] = kept - kept_before
        kept_before = kept


# 7 collective attempts --------------------------------------------------------------------------------------------------------


@phase
def attempts(net: Topology, world: World, state: State, scratch: Scratch, out: np.ndarray, step: int, expected: bool) -> None:
    """Many attempt together (M9): the more wait near the line the likelier; a beta share of each group goes; the port may close."""
    for attempt in range(len(net.attempt_entity)):
        first, end = net.attempt_first_source[attempt], net.attempt_first_source[attempt + 1]
        crowd = 0.0
        for i in range(first, end):
            crowd += state.people[net.attempt_pair[i]]
        if crowd <= 0.0 or world.attempts_per_day[attempt] <= 0.0:
            continue
        hazard = world.attempts_per_day[attempt] * math.exp(
            net.attempt_growth[attempt] * math.log(crowd / world.attempt_crowd[attempt])
        )
        chance = -math.expm1(-hazard * net.step_days)
        share = chance * net.attempt_alpha[attempt] / (net.attempt_alpha[attempt] + net.attempt_beta[attempt])
        closed_steps, entity = chance * world.attempt_closed_steps[attempt], net.attempt_entity[attempt]
        if not expected:
            state.decisions[0] += 1
            u, u_share = uniform_pair(world.seed_low, world.seed_high, world.draw, step, entity, tag(ATTEMPT, 0, 0))
            if u > chance:
                continue
            share = beta_quantile(u_share, net.attempt_alpha[attempt], net.attempt_beta[attempt])
            closed_steps = world.attempt_closed_steps[attempt]
        for i in range(first, end):
            pair = net.attempt_pair[i]
            people, u = state.people[pair], 0.5
            if people <= 0.0:
                continue
            if not expected:
                u, _ = uniform_pair(world.seed_low, world.seed_high, world.draw, step, entity, tag(ATTEMPT_SHARE, 0, i - first))
            going = part_of(state, expected, u, people, share)
            if going <= 0.0:
                continue
            if net.pair_queue_row[pair] >= 0:
                leave_the_line(net, world, state, pair, people, going, step, expected)
            state.people[pair] -= going
            set_off(net, world, state, scratch, out, pair, net.attempt_link[i], going, step, False, expected)
        queue = net.attempt_closes[attempt]
        if queue >= 0:
            state.closed_until[queue] = max(state.closed_until[queue], step + 1.0 + closed_steps)


# 9 record ---------------------------------------------------------------------------------------------------------------------


@phase
def periods_now(net: Topology, scratch: Scratch, step: int) -> None:
    """Which reporting period of each frequency a step lies in, and how much of the step lies in it and in the next."""
    for frequency in range(len(net.period)):
        scratch.period[frequency] = net.period[frequency, step]
        scratch.flow_here[frequency] = net.flow_here[frequency, step]
        scratch.flow_next[frequency] = net.flow_next[frequency, step]


@phase
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


@phase
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


@phase
def record_stocks(net: Topology, state: State, scratch: Scratch, out: np.ndarray, step: int) -> None:
    """Add people present, and expected waits, to the means over their periods."""
    for i in range(len(net.stock_pair)):
        record_mean(net, out, net.stock_cell[i], net.stock_frequency[i], state.people[net.stock_pair[i]], step)
    for i in range(len(net.wait_queue)):
        record_mean(net, out, net.wait_cell[i], net.wait_frequency[i], scratch.wait_days[net.wait_queue[i]], step)


@phase
def record_mean(net: Topology, out: np.ndarray, cell: int, frequency: int, value: float, step: int) -> None:
    """Add a value to the mean of its period, by the days of the step that lie in it."""
    period = net.period[frequency, step]
    if period >= 0:
        out[cell + period] += value * net.mean_here[frequency, step]
        if net.mean_next[frequency, step] > 0.0:
            out[cell + period + 1] += value * net.mean_next[frequency, step]
