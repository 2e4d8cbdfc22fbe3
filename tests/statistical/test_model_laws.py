"""Do people leave, divide and travel by the laws of M2, M3, M4, M10, M11, M12, M16? Closed forms; twins with a 2 % fault must fail."""

import math

import numpy as np
import pytest
from builders import day, flow, gate, here, make_model, measure, move, population, stay
from scipy import stats
from standard_errors import assert_covariance, assert_mean, assert_near, assert_shares, assert_variance, noticed, stretched
from walking import cells_of_draws, counts_of_draws, output_of, start

from corredor.engine.draws import central_parameters, sample_draws
from corredor.engine.network import build_network
from corredor.engine.network.journeys import gamma_branches, in_steps, lognormal_branches

SIZES = [pytest.param(1, id="reduced"), pytest.param(8, id="full", marks=pytest.mark.full)]
"""How many times as much is drawn; the bounds shrink with it."""

LONG = 18_000
"""Days of a study in which every day is a trial of its own."""


# --- M2, M3: leaving ---


def leaving(rate, draws):
    """Who leaves of 200 who are all back the next day: LONG trials in a draw."""
    model = make_model(
        [stay("camp", initial=here(200)), gate("turn")],
        [move("leave", "camp", "turn", rate_per_day=rate), move("return", "turn", "camp", share=1.0)],
        outputs={"leave": flow("leave")},
        days=LONG,
    )
    (counts,) = counts_of_draws(model, draws, "leave")
    return counts.ravel()


def check_leaving(counts, rate):
    p = -math.expm1(-rate)
    mean, variance = 200 * p, 200 * p * (1 - p)
    assert_mean(counts, mean, variance)
    assert_variance(counts, mean, variance, 3 + (1 - 6 * p * (1 - p)) / variance)


@pytest.mark.parametrize("size", SIZES)
def test_leaving_is_binomial(size):
    counts = leaving(0.1, 8 * size)
    check_leaving(counts, 0.1)
    assert_near(np.corrcoef(counts[1:], counts[:-1])[0, 1], 0, 1 / math.sqrt(len(counts)), "correlation of one day with the next")


def test_leaving_with_a_rate_2_percent_off_or_a_spread_2_percent_too_wide_is_noticed():
    with noticed():
        check_leaving(leaving(0.102, 8), 0.1)
    counts = leaving(0.1, 8)
    with noticed():
        check_leaving(stretched(counts, -200 * math.expm1(-0.1)), 0.1)


# --- M3: competing hazards, and the length of a step ---

FOUR_WEEKS = 28


def competing(first, second, step_days, people, draws):
    """Where people are after four weeks of two hazards: (draws, 3) people gone by the first, by the second, still there."""
    model = make_model(
        [stay("camp", initial=here(people)), stay("north"), stay("south")],
        [move("go north", "camp", "north", rate_per_day=first), move("go south", "camp", "south", rate_per_day=second)],
        outputs={name: {"title": name, "flow": f"go {name}", "every": "month"} for name in ("north", "south")},
        days=FOUR_WEEKS,
        step_days=step_days,
    )
    north, south = (counts[:, 0] for counts in counts_of_draws(model, draws, "north", "south"))
    return np.stack([north, south, people - north - south], axis=1)


def chances_of_competing(first, second):
    gone = -math.expm1(-(first + second) * FOUR_WEEKS)
    return np.array([gone * first / (first + second), gone * second / (first + second), 1 - gone])


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_competing_hazards_divide_people_as_in_continuous_time_whatever_the_step(step_days):
    assert_shares(competing(0.01, 0.03, step_days, 1e8, 1)[0], chances_of_competing(0.01, 0.03))


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_a_hazard_2_percent_off_is_noticed(step_days):
    with noticed():
        assert_shares(competing(0.0102, 0.03, step_days, 1e8, 1)[0], chances_of_competing(0.01, 0.03))


def check_multinomial(counts, people, chances):
    """Counts of many draws are multinomial: means, variances and covariances."""
    means = people * chances
    table = people * (np.diag(chances) - np.outer(chances, chances))
    for i in range(len(chances)):
        assert_mean(counts[:, i], means[i], table[i, i])
        assert_variance(counts[:, i], means[i], table[i, i])
    for i in range(len(chances) - 1):
        pair = np.ix_([i, i + 1], [i, i + 1])
        assert_covariance(counts[:, i], counts[:, i + 1], (means[i], means[i + 1]), table[pair], "covariance")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_where_people_end_is_multinomial_whatever_the_step(step_days, size):
    check_multinomial(competing(0.01, 0.03, step_days, 5000, 2500 * size), 5000, chances_of_competing(0.01, 0.03))


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_an_end_with_a_hazard_2_percent_off_is_noticed(step_days):
    with noticed():
        check_multinomial(competing(0.01, 0.0306, step_days, 5000, 2500), 5000, chances_of_competing(0.01, 0.03))


# --- M4: gates ---


def passing(share, draws):
    """How 300 people divide at a gate of three outcomes every day; all come back for the next: (trials, 3)."""
    names = ["stopped", "held", "through"]
    outcomes = [move(names[0], "gate", "before", share=share), move(names[1], "gate", "before", share=0.25)]
    model = make_model(
        [stay("before", initial=here(300)), gate("gate")],
        [move("come", "before", "gate", rate_per_day=1e3), *outcomes, move(names[2], "gate", "before", share="rest")],
        outputs={name: flow(name) for name in names},
        days=LONG,
    )
    return np.stack([counts[:, 1:].ravel() for counts in counts_of_draws(model, draws, *names)], axis=1)


@pytest.mark.parametrize("size", SIZES)
def test_a_gate_divides_people_multinomially(size):
    counts = passing(0.3, 8 * size)
    assert (counts.sum(axis=1) == 300).all()
    check_multinomial(counts, 300, np.array([0.3, 0.25, 0.45]))


def test_a_share_2_percent_off_or_a_spread_2_percent_too_wide_is_noticed():
    counts = passing(0.306, 8)
    with noticed():
        check_multinomial(counts, 300, np.array([0.3, 0.25, 0.45]))
    with noticed():
        check_multinomial(stretched(passing(0.3, 8), np.array([90.0, 75.0, 135.0])), 300, np.array([0.3, 0.25, 0.45]))


# --- M2: latent months ---


def latent_months(persistence, monthly_sd, days, draws):
    """u(m) of many draws: (draws, months)."""
    model = make_model(
        [stay("camp", initial=here(1)), stay("gone")],
        [move("go", "camp", "gone", rate_per_day=0.1, changed_by=[{"latent": "mood"}])],
        latents={"mood": {"persistence": persistence, "monthly_sd": monthly_sd}},
        days=days,
    )
    network = build_network(model)
    parameters = np.repeat(central_parameters(model), draws, axis=0)
    return sample_draws(network, parameters, seed=11).latent_months[:, 0, :]


def check_first_month(months, persistence, monthly_sd):
    variance = monthly_sd**2 / (1 - persistence**2)
    assert_mean(months[:, 0], 0.0, variance)
    assert_variance(months[:, 0], 0.0, variance)


def check_long_run(months, persistence, monthly_sd):
    """Variance and correlation of neighbours over many months, with standard errors for an AR(1) series (Bartlett 1946)."""
    variance = monthly_sd**2 / (1 - persistence**2)
    n = months.size
    spread = math.sqrt(2 * (1 + persistence**2) / (1 - persistence**2) / n)
    assert_near(np.mean(months**2), variance, variance * spread, "variance")
    correlation = np.mean(months[:, 1:] * months[:, :-1]) / np.mean(months**2)
    assert_near(correlation, persistence, math.sqrt((1 - persistence**2) / n), "correlation of neighbours")
    two_apart = np.mean(months[:, 2:] * months[:, :-2]) / np.mean(months**2)
    error = math.sqrt((1 - persistence**2) * (1 + 3 * persistence**2) / n)
    assert_near(two_apart, persistence**2, error, "correlation two months apart")


@pytest.mark.parametrize("size", SIZES)
def test_a_latent_term_is_stationary_from_its_first_month_on(size):
    check_first_month(latent_months(0.6, 0.3, 20, 100_000 * size), 0.6, 0.3)
    check_long_run(latent_months(0.6, 0.3, 36_525, 300 * size), 0.6, 0.3)


def test_a_latent_term_2_percent_off_is_noticed():
    first = latent_months(0.6, 0.3 * 1.02, 20, 100_000)
    with noticed():
        check_first_month(first, 0.6, 0.3)
    with noticed():
        check_long_run(latent_months(0.6, 0.3 * 1.02, 36_525, 300), 0.6, 0.3)
    with noticed():
        check_long_run(latent_months(0.6 * 1.02, 0.3, 36_525, 300), 0.6, 0.3)


# --- M2: events ---


def caravans(weight, draws):
    """How 400 people of an event divide over three groups: (draws, 3)."""
    groups = ("a", "b", "c")
    event = {"id": "caravan", "date": day(0), "at": "here", "from": "home", "to": "gathered", "people": 400.0}
    event["groups"] = dict(zip(groups, (weight, 0.3, 0.7 - weight), strict=True))
    model = make_model(
        [stay("home", initial=here(3e6, a=1, b=1, c=1)), stay("gathered")],
        [],
        groups={name: {} for name in groups},
        events=[event],
        outputs={"caravan": flow("caravan", by=["group"])},
        days=1,
    )
    (counts,) = counts_of_draws(model, draws, "caravan")
    return counts[:, :, 0]


@pytest.mark.parametrize("size", SIZES)
def test_an_event_divides_over_groups_multinomially(size):
    check_multinomial(caravans(0.5, 8000 * size), 400, np.array([0.5, 0.3, 0.2]))


def test_an_event_with_a_weight_2_percent_off_is_noticed():
    with noticed():
        check_multinomial(caravans(0.51, 8000), 400, np.array([0.5, 0.3, 0.2]))


# --- M10, M12: how long journeys take ---

TRAVELLERS = 1e7


def arrivals(words):
    """Who of ten million arrives on each of 80 days after setting off together; the last entry is who has not arrived."""
    model = make_model(
        [stay("before", initial=here(TRAVELLERS), at={"id": "north"}), stay("after")],
        [move("go", "before", "after", rate_per_day=1e3, **words)],
        places=["north", "south"],
        routes=[("north", "south", 800)],
        outputs={"after": flow("go", counted="arriving")},
        days=80,
    )
    counts = start(model, seed=5).to_the_end().output("after")
    return np.append(counts, TRAVELLERS - counts.sum())


def chances_of_arrival(branches, scale_days):
    steps = np.arange(80)
    chances = sum(
        branch.weight
        * stats.nbinom(branch.stages, min(1.0, branch.stages / (scale_days * branch.mean_ratio))).pmf(steps - branch.stages)
        for branch in branches
    )
    return np.append(chances, 1 - chances.sum())


def by_road(speed):
    return {"along": "road", "speed_km_per_day": speed, "spread": 0.4}


def lognormal(median, **more):
    return {"takes": {"distribution": "lognormal", "median_days": median, "spread": 0.86}, **more}


def test_a_journey_takes_a_sum_of_geometric_times():
    counts, branches = arrivals(by_road(50.0)), gamma_branches(16.0, 0.4, 1.0)
    assert_shares(counts, chances_of_arrival(branches, 16.0), "day")
    (stages,) = (branch.stages for branch in branches)
    days, people = np.arange(80), counts[:-1]
    mean = (days * people).sum() / people.sum()
    variance = 16.0**2 / stages - 16.0
    assert_near(mean, 16.0, math.sqrt(variance / TRAVELLERS), "mean time")
    # kurtosis of a negative binomial: 3 + 6/k + p²/((1 − p)k)
    p = stages / 16.0
    kurtosis = 3 + 6 / stages + p**2 / ((1 - p) * stages)
    found = ((days - 16.0) ** 2 * people).sum() / people.sum()
    assert_near(found, variance, variance * math.sqrt((kurtosis - 1) / TRAVELLERS), "variance of the time")


def test_a_lognormal_wait_takes_the_time_of_its_two_chains():
    branches = in_steps(lognormal_branches(0.86), 9.0, 1.0)
    assert_shares(arrivals(lognormal(9.0)), chances_of_arrival(branches, 9.0), "day")


def test_a_time_2_percent_off_is_noticed():
    with noticed():
        assert_shares(arrivals(by_road(51.0)), chances_of_arrival(gamma_branches(16.0, 0.4, 1.0), 16.0), "day")
    with noticed():
        assert_shares(arrivals(lognormal(9.18)), chances_of_arrival(in_steps(lognormal_branches(0.86), 9.0, 1.0), 9.0), "day")


def starting_again(share):
    """Who of ten million returned people has started again, on each day; the others stay home."""
    model = make_model(
        [stay("stopped", initial=here(TRAVELLERS)), gate("returned"), stay("home"), stay("again")],
        [
            move("send back", "stopped", "returned", rate_per_day=1e3),
            move("start again", "returned", "again", share=share, **lognormal(9.0)),
            move("stay", "returned", "home", share="rest"),
        ],
        outputs={"again": flow("start again", counted="arriving"), "home": flow("stay")},
        days=80,
    )
    walk = start(model, seed=5).to_the_end()
    again, home = walk.output("again"), walk.output("home").sum()
    return np.append(again, [TRAVELLERS - home - again.sum(), home])


def chances_of_starting_again(share):
    waits = chances_of_arrival(in_steps(lognormal_branches(0.86), 9.0, 1.0), 9.0)
    # one day later: they pass the gate on day 1
    return np.array([0.0, *(share * waits[:-2]), share * (waits[-2] + waits[-1]), 1 - share])


def test_a_share_of_those_returned_starts_again_after_its_wait():
    assert_shares(starting_again(0.4), chances_of_starting_again(0.4), "day")


def test_a_share_that_starts_again_2_percent_off_is_noticed():
    with noticed():
        assert_shares(starting_again(0.408), chances_of_starting_again(0.4), "day")


# --- M11: extra noise ---

RATE = 0.01


def noise(log_sd, step_days, draws):
    """The factor on all rates, worked out from how many of 2**50 leave, where chance itself no longer counts.

    returns : (2 places, 2 groups, trials); all are back before the next step
    """
    people = 2.0**50
    model = make_model(
        [stay("camp", initial={"people": 2 * people, "groups": {"a": 1.0, "b": 1.0}}, noise=log_sd), gate("turn")],
        [
            move("leave", "camp", "turn", rate_per_day=0.7 * RATE),
            move("flee", "camp", "turn", rate_per_day=0.3 * RATE),
            move("return", "turn", "camp", share=1.0),
        ],
        places=["north", "south"],
        groups={"a": {}, "b": {}},
        outputs={"leave": {"title": "l", "flow": ["leave", "flee"], "by": ["place", "group"], "every": "step"}},
        days=int(9000 * step_days),
        step_days=step_days,
    )
    (counts,) = counts_of_draws(model, draws, "leave")
    factor = -np.log1p(-counts / people) / (RATE * step_days)
    return np.moveaxis(factor, 0, 2).reshape(2, 2, -1)


def check_noise(factor, log_sd, step_days):
    """Lognormal with mean 1, and a variance of the log of σ²/Δ."""
    s = log_sd**2 / step_days
    assert_mean(factor, 1.0, math.expm1(s))
    log = np.log(factor)
    assert_mean(log, -s / 2, s)
    assert_variance(log, -s / 2, s)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("step_days", "log_sd"), [(0.25, 0.2), (1.0, 0.4), (7.0, 0.8)])
def test_extra_noise_has_mean_1_and_a_variance_that_falls_with_the_step(step_days, log_sd, size):
    factor = noise(log_sd, step_days, 8 * size)
    check_noise(factor[:, 0], log_sd, step_days)
    # all who leave a compartment in a step share it; another compartment has its own
    np.testing.assert_allclose(factor[:, 0], factor[:, 1], rtol=1e-5)
    log = np.log(factor[:, 0])
    trials = log.shape[1]
    assert_near(np.corrcoef(log[0], log[1])[0, 1], 0, 1 / math.sqrt(trials), "correlation between places")
    assert_near(np.corrcoef(log[0, 1:], log[0, :-1])[0, 1], 0, 1 / math.sqrt(trials), "correlation between steps")


@pytest.mark.parametrize(("step_days", "log_sd"), [(0.25, 0.2), (1.0, 0.4), (7.0, 0.8)])
def test_extra_noise_2_percent_off_is_noticed(step_days, log_sd):
    factor = noise(1.02 * log_sd, step_days, 8)
    with noticed():
        check_noise(factor[:, 0], log_sd, step_days)
    with noticed():
        check_noise(1.02 * noise(log_sd, step_days, 8)[:, 0], log_sd, step_days)


# --- M16: expected flow ---


def linear_corridor(rate):
    """Everything that is linear in people: a population, a measure, a gate, journeys, competing hazards, two groups."""
    return make_model(
        [population("home"), gate("bridge"), stay("road", at={"id": "far"}), stay("city", at={"id": "far"}), stay("back")],
        [
            move("leave", "home", "bridge", rate_per_day=rate, changed_by=[{"group": {"id": "b"}, "effect": -0.5}]),
            move("stopped", "bridge", "back", share=0.3, takes={"distribution": "lognormal", "median_days": 6.0, "spread": 0.86}),
            move("through", "bridge", "road", share="rest", along="road", speed_km_per_day=90.0),
            move("settle", "road", "city", rate_per_day=0.05),
            move("move on", "city", "road", rate_per_day=0.02),
            move("again", "back", "bridge", rate_per_day=0.03),
        ],
        groups={"a": {"share_of_population": 0.6}, "b": {"share_of_population": 0.4}},
        places={"near": {"population": 60_000.0}, "far": {"kind": "city", "population": 0.0}},
        routes=[("near", "far", 500)],
        measures=[measure("patrols", 40, 70, {"transition": "stopped", "effect": 0.8})],
        outputs={
            "left": flow("leave", by=["group"], every="month"),
            "through": flow("through", every="month", by=["group"], counted="arriving"),
            "stopped": flow("stopped", every="month", by=["group"]),
            "in_city": {"title": "c", "stock": ["road", "city"], "by": ["group"], "every": "month"},
        },
        days=90,
    )


def check_expected(model_of_draws, model_of_mean, draws):
    """Counts of people who go each for themselves: their variance is at most their mean, for flows and for mean stocks."""
    network, cells = cells_of_draws(model_of_draws, draws, seed=3)
    walk = start(model_of_mean, expected=True).to_the_end()
    assert walk.everybody() == pytest.approx(walk.everybody_at_start, rel=1e-9)
    for name in ("left", "through", "stopped", "in_city"):
        found, mean = output_of(network, cells, name).mean(axis=0).ravel(), walk.output(name).ravel()
        for one, other in zip(found, mean, strict=True):
            assert_near(one, other, math.sqrt(max(other, 1.0) / draws), name)


@pytest.mark.parametrize("size", SIZES)
def test_expected_flow_is_the_mean_of_many_draws_where_everything_is_linear(size):
    check_expected(linear_corridor(0.01), linear_corridor(0.01), 1500 * size)


def test_expected_flow_2_percent_off_is_noticed():
    with noticed():
        check_expected(linear_corridor(0.0102), linear_corridor(0.01), 1500)
