"""How parameters become the numbers that the kernel runs a draw with: M1 and M2, capacities, times (compiled as the kernel is).

The page that simulates makes its draws with these same functions, so that it can move parameters and measures by itself. Each fills
arrays that its caller has made, and leaves what it reads as it was.

    recipe      what is made from what: engine/arrays.py names its parts
    parameters  (n_parameters,) float, in the parameters' own units
    new_parts   (n_latents, n_months) float, new parts ξ of the latent months: standard normal
    workings    room: values of the quantities, latent months, series over the change days
    inputs      what the kernel is given
"""

from __future__ import annotations

import math

import numpy as np

from corredor.engine.arrays import REST, DrawInputs, Recipe, Topology, Workings
from corredor.engine.compiled import equation, part

SMALLEST = 1e-300

LARGEST_PERSISTENCE = 0.999
"""Of latent months: with 1 they would have no standard deviation at the start (M2)."""

SMALLEST_REST = 1e-9
"""What is left for `rest` when the other shares of a pool are 1 in all."""

SMALLEST_LAG_DAYS = 1e-9

COMPILED_WITH = "4423045f8511"
"""As in kernel.py, for the text of arrays.py and compiled.py."""


@equation
def make_inputs(
    topology: Topology, recipe: Recipe, parameters: np.ndarray, new_parts: np.ndarray, workings: Workings, inputs: DrawInputs
) -> None:
    """All numbers of a draw from its parameters and the new parts of its latent months."""
    fill_values(recipe.constant, recipe.first_factor, recipe.factor, parameters, workings.values)
    fill_months(recipe.latent_persistence, recipe.latent_monthly_sd, workings.values, new_parts, workings.months)
    fill_inputs(topology, recipe, workings, inputs)


@equation
def fill_values(
    constant: np.ndarray, first_factor: np.ndarray, factor: np.ndarray, parameters: np.ndarray, values: np.ndarray
) -> None:
    """Values of all quantities, in inner units: a constant times the parameters that stand in it."""
    for row in range(len(constant)):
        product = 1.0
        for i in range(first_factor[row], first_factor[row + 1]):
            product *= parameters[factor[i]]
        values[row] = constant[row] * product


@equation
def fill_months(
    persistence_row: np.ndarray, monthly_sd_row: np.ndarray, values: np.ndarray, new_parts: np.ndarray, months: np.ndarray
) -> None:
    """Monthly terms from their new parts: u(1) = σ/√(1 − φ²) ξ, u(m+1) = φ u(m) + σ ξ (M2)."""
    for latent in range(len(persistence_row)):
        persistence = min(max(values[persistence_row[latent]], -LARGEST_PERSISTENCE), LARGEST_PERSISTENCE)
        sd = values[monthly_sd_row[latent]]
        for month in range(months.shape[1]):
            if month == 0:
                months[latent, 0] = sd / math.sqrt(1.0 - persistence * persistence) * new_parts[latent, 0]
            else:
                months[latent, month] = persistence * months[latent, month - 1] + sd * new_parts[latent, month]


@equation
def fill_inputs(topology: Topology, recipe: Recipe, workings: Workings, inputs: DrawInputs) -> None:
    """The kernel's numbers from the values of the quantities and the latent months of a draw."""
    values = workings.values
    fill_series(topology.step_days, recipe, values, workings.months, workings.series)
    fill_log_rates(topology, recipe, workings, inputs.log_rate)
    for move in range(len(inputs.score)):
        inputs.score[move] = sum_of_terms(recipe.score_first, recipe.score_row, recipe.score_coefficient, move, values)
    for k in range(len(recipe.term_row)):
        size = recipe.term_coefficient[k] * values[recipe.term_row[k]]
        for change in range(len(recipe.change_step)):
            inputs.term[change, k] = workings.series[recipe.term_series[k], change] * size
    take_rows(recipe.state_row, values, 1.0, inputs.state_effect)
    take_rows(recipe.handles_row, values, topology.step_days, inputs.handles_per_step)
    take_rows(recipe.service_noise_row, values, 1.0, inputs.service_noise)
    take_rows(recipe.noise_row, values, 1.0, inputs.noise)
    take_rows(recipe.event_row, values, 1.0, inputs.event_people)
    for k in range(len(inputs.capacity)):
        fill_setting(recipe, k, values, workings.series, inputs.capacity[k])
    for k in range(len(inputs.service_per_day)):
        fill_setting(recipe, len(inputs.capacity) + k, values, workings.series, inputs.service_per_day[k])
    for branch in range(len(recipe.branch_row)):
        stages = topology.branch_first_stage[branch + 1] - topology.branch_first_stage[branch]
        value, km = values[recipe.branch_row[branch]], recipe.branch_km[branch]
        days = branch_days(value, km, recipe.branch_mean_ratio[branch])
        inputs.stage_probability[branch] = min(1.0, stages * topology.step_days / days)
    for attempt in range(len(recipe.attempt_row)):
        inputs.attempts_per_day[attempt] = values[recipe.attempt_row[attempt, 0]]
        inputs.attempt_crowd[attempt] = max(values[recipe.attempt_row[attempt, 1]], SMALLEST)
        inputs.attempt_closed_steps[attempt] = values[recipe.attempt_row[attempt, 2]] / topology.step_days


@part
def take_rows(row: np.ndarray, values: np.ndarray, factor: float, into: np.ndarray) -> None:
    """Values of some quantities, each times a factor."""
    for i in range(len(row)):
        into[i] = values[row[i]] * factor


@part
def sum_of_terms(first: np.ndarray, row: np.ndarray, coefficient: np.ndarray, move: int, values: np.ndarray) -> float:
    """Terms of a move that do not change with time, added up (M1)."""
    total = 0.0
    for i in range(first[move], first[move + 1]):
        total += coefficient[i] * values[row[i]]
    return total


@part
def fill_log_rates(topology: Topology, recipe: Recipe, workings: Workings, log_rate: np.ndarray) -> None:
    """Fixed part of every move's log rate or log share (M1); `rest` is what the other shares of its pool leave."""
    values, size, share = workings.values, workings.set_size, workings.pool_share
    for pool in range(len(share)):
        share[pool] = 0.0
    for number in range(len(recipe.set_row)):
        if recipe.set_row[number] != REST:
            size[number] = values[recipe.set_row[number]]
            if recipe.set_is_share[number] > 0:
                share[recipe.set_pool[number]] += size[number]
    for number in range(len(recipe.set_row)):
        if recipe.set_row[number] == REST:
            size[number] = max(1.0 - share[recipe.set_pool[number]], SMALLEST_REST)
        size[number] = math.log(max(size[number], SMALLEST))
    for move in range(len(log_rate)):
        log_rate[move] = sum_of_terms(recipe.rate_first, recipe.rate_row, recipe.rate_coefficient, move, values)
        if topology.move_set[move] >= 0:
            log_rate[move] += size[topology.move_set[move]]


@part
def is_in_force(recipe: Recipe, measure: int, change: int) -> bool:
    """Whether a measure is in force on a change day."""
    step = recipe.change_step[change]
    return bool(recipe.measure_first_step[measure] <= step < recipe.measure_end_step[measure])


@part
def fill_series(step_days: float, recipe: Recipe, values: np.ndarray, months: np.ndarray, series: np.ndarray) -> None:
    """All series x_k(t) of a draw on the change days (M1): drivers and seasons, measures, latent months, effects that build up."""
    n_changes = len(recipe.change_step)
    for k in range(series.shape[0]):
        for change in range(n_changes):
            series[k, change] = recipe.fixed_series[k, change]
    for i in range(len(recipe.window_series)):
        for change in range(n_changes):
            series[recipe.window_series[i], change] = 1.0 if is_in_force(recipe, recipe.window_measure[i], change) else 0.0
    for latent in range(len(recipe.latent_series)):
        for change in range(n_changes):
            series[recipe.latent_series[latent], change] = months[latent, recipe.change_month[change]]
    for i in range(len(recipe.build_up_series)):
        measure, lag = recipe.build_up_measure[i], max(values[recipe.build_up_lag[i]], SMALLEST_LAG_DAYS)
        start, end = recipe.measure_first_day[measure], recipe.measure_end_day[measure]
        for change in range(n_changes):
            day, level = (recipe.change_step[change] + 0.5) * step_days, 0.0
            if day >= start:
                level = built_up(middle_of_week(day, start, end, recipe.last_day), start, end, lag)
            series[recipe.build_up_series[i], change] = level


@part
def middle_of_week(day: float, start: float, end: float, last: float) -> float:
    """Middle of the week that a day lies in, where weeks begin with a measure and anew after its end; the last one may go on past it.

    start, end, last : days from step 0 on which the measure and its end begin, and on which the study ends
    """
    if day < end:
        begin = start + 7.0 * math.floor((day - start) / 7.0)
        after = begin + 7.0
        if after >= min(end, last) and end < last:
            after = end
        return (begin + after) / 2.0
    return end + 7.0 * math.floor((day - end) / 7.0) + 3.5


@part
def built_up(middle: float, start: float, end: float, lag: float) -> float:
    """How much of an effect that builds up and fades with a lag is there: 1 − exp(−t/lag) while in force, then times exp(−t/lag)."""
    reached = 1.0 - math.exp(-max(min(middle, end) - start, 0.0) / lag)
    return reached * math.exp(-max(middle - end, 0.0) / lag)


@part
def fill_setting(recipe: Recipe, number: int, values: np.ndarray, series: np.ndarray, into: np.ndarray) -> None:
    """A capacity or a service on each change day: a driver's value may multiply it, then measures in force set or multiply it, in the
    order of measures.yaml.
    """
    for change in range(len(recipe.change_step)):
        value = values[recipe.setting_row[number]]
        if recipe.setting_series[number] >= 0:
            value *= series[recipe.setting_series[number], change]
        for i in range(recipe.setting_first_change[number], recipe.setting_first_change[number + 1]):
            if is_in_force(recipe, recipe.setting_measure[i], change):
                new = values[recipe.setting_change_row[i]]
                value = new if recipe.setting_is_set[i] > 0 else value * new
        into[change] = value


@equation
def fill_open(recipe: Recipe, open_on_change: np.ndarray) -> None:
    """On which change days moves are open: those that measures open, less those on which measures close them.

    open_on_change : (n_windows, n_changes) int 0 or 1
    """
    for window in range(open_on_change.shape[0]):
        for change in range(open_on_change.shape[1]):
            is_open = recipe.window_only_opened[window] == 0
            closed = False
            for i in range(recipe.window_first_act[window], recipe.window_first_act[window + 1]):
                if is_in_force(recipe, recipe.act_measure[i], change):
                    is_open = is_open or recipe.act_opens[i] > 0
                    closed = closed or recipe.act_opens[i] == 0
            open_on_change[window, change] = 1 if is_open and not closed else 0


@part
def branch_days(value: float, km: float, mean_ratio: float) -> float:
    """Mean days of a branch of a journey (M10): its time, or its km at a speed where it has a length."""
    value = max(value, SMALLEST)
    return (value if math.isnan(km) else km / value) * mean_ratio


@equation
def put_at_start(
    initial_pool: np.ndarray,
    initial_row: np.ndarray,
    initial_share: np.ndarray,
    queue_row: np.ndarray,
    values: np.ndarray,
    expected: bool,
    people: np.ndarray,
    cohort: np.ndarray,
) -> None:
    """Everybody at the start of the warm-up: whole people, unless expected flow is asked for. The state must be empty before.

    initial_pool, initial_row, initial_share : of the recipe;  queue_row : by pool, of the topology;  values : of the quantities
    people, cohort : of the state
    """
    for i in range(len(initial_pool)):
        here = values[initial_row[i]] * initial_share[i]
        people[initial_pool[i]] = here if expected else math.floor(here + 0.5)
    for pool in range(len(people)):
        if queue_row[pool] >= 0:
            cohort[0, queue_row[pool]] = people[pool]
