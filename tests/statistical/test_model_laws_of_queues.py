"""Do queues serve and lose people, and crowds set out, by the laws of M5 and M9? Closed forms; twins with a 2 % fault must fail."""

import math

import numpy as np
import pytest
from builders import flow, gate, here, make_model, move, queue, stay
from standard_errors import assert_covariance, assert_mean, assert_shares, assert_variance, noticed, stretched
from walking import counts_of_draws, start

SIZES = [pytest.param(1, id="reduced"), pytest.param(8, id="full", marks=pytest.mark.full)]
"""How many times as much is drawn; the bounds shrink with it."""


# --- M5: service ---


def served(per_day, log_sd, step_days, draws):
    """Who is served in each step out of a line that never ends."""
    model = make_model(
        [queue("line", per_day, service_noise=log_sd, initial=here(1e12)), stay("after")],
        [move("served", "line", "after", share=1.0)],
        outputs={"served": {**flow("served"), "every": "step"}},
        days=int(9000 * step_days),
        step_days=step_days,
    )
    (counts,) = counts_of_draws(model, draws, "served")
    return counts.ravel()


def mixed_poisson(mean, s):
    """Mean, variance and kurtosis of a Poisson count whose mean is lognormal with mean 1 and variance s of the log, times `mean`."""
    factorial = [mean**k * math.exp(k * (k - 1) / 2 * s) for k in range(5)]
    raw_2 = factorial[2] + factorial[1]
    raw_3 = factorial[3] + 3 * factorial[2] + factorial[1]
    raw_4 = factorial[4] + 6 * factorial[3] + 7 * factorial[2] + factorial[1]
    variance = raw_2 - mean**2
    fourth = raw_4 - 4 * mean * raw_3 + 6 * mean**2 * raw_2 - 3 * mean**4
    return mean, variance, fourth / variance**2


def check_served(counts, per_day, log_sd, step_days):
    mean, variance, kurtosis = mixed_poisson(per_day * step_days, log_sd**2 / step_days)
    assert_mean(counts, mean, variance)
    assert_variance(counts, mean, variance, kurtosis)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("step_days", "log_sd"), [(1.0, 0.0), (0.25, 0.2), (1.0, 0.3), (7.0, 0.5)])
def test_service_is_poisson_around_a_capacity_with_noise_of_mean_1(step_days, log_sd, size):
    check_served(served(40.0, log_sd, step_days, 30 * size), 40.0, log_sd, step_days)


@pytest.mark.parametrize(("step_days", "log_sd"), [(1.0, 0.0), (0.25, 0.2), (1.0, 0.3), (7.0, 0.5)])
def test_a_capacity_or_a_spread_2_percent_off_is_noticed(step_days, log_sd):
    with noticed():
        check_served(served(40.8, log_sd, step_days, 30), 40.0, log_sd, step_days)
    with noticed():
        check_served(stretched(served(40.0, log_sd, step_days, 30), 40.0 * step_days), 40.0, log_sd, step_days)


# --- M5: who of one step's arrivals is called ---


def composition(adults, families, draws):
    """Who is served of one day's arrivals when not all can be: (trials, 2) adults, families."""
    places = [f"p{n}" for n in range(50)]
    model = make_model(
        [queue("line", 100.0, initial={"people": 500.0, "groups": {"adults": adults, "families": families}}), stay("after")],
        [move("served", "line", "after", share=1.0)],
        places=places,
        groups={"adults": {}, "families": {}},
        outputs={"served": flow("served", by=["place", "group"])},
        days=1,
    )
    (counts,) = counts_of_draws(model, draws, "served")
    return counts[:, :, :, 0].reshape(-1, 2)


def check_composition(counts, adults, families):
    """Given how many are called, the adults among them are hypergeometric: compared in units of their standard deviation."""
    people, called = adults + families, counts.sum(axis=1)
    mean = called * adults / people
    variance = called * adults * families * (people - called) / people**2 / (people - 1)
    away = (counts[:, 0] - mean) / np.sqrt(variance)
    assert_mean(away, 0.0, 1.0)
    assert_variance(away, 0.0, 1.0)


@pytest.mark.parametrize("size", SIZES)
def test_who_is_called_of_one_days_arrivals_is_drawn_without_regard_to_group(size):
    check_composition(composition(300.0, 200.0, 2000 * size), 300.0, 200.0)


def test_a_composition_or_spread_2_percent_off_is_noticed():
    with noticed():
        check_composition(composition(306.0, 194.0, 2000), 300.0, 200.0)
    counts = composition(300.0, 200.0, 2000)
    wider = stretched(counts[:, 0], counts.sum(axis=1) * 0.6)
    with noticed():
        check_composition(np.stack([wider, counts.sum(axis=1) - wider], axis=1), 300.0, 200.0)


# --- M5: giving up ---


def giving_up(rate, people, draws):
    """Who of a line that nobody serves has given up after ten days, and who still waits."""
    model = make_model(
        [queue("line", 0.0, initial=here(people)), stay("gone"), stay("after")],
        [move("give up", "line", "gone", rate_per_day=rate), move("served", "line", "after", share=1.0)],
        outputs={"gone": {**flow("give up"), "every": "month"}},
        days=10,
    )
    (counts,) = counts_of_draws(model, draws, "gone")
    return counts[:, 0]


def check_giving_up(counts, rate, people):
    p = -math.expm1(-10 * rate)
    assert_mean(counts, people * p, people * p * (1 - p))
    assert_variance(counts, people * p, people * p * (1 - p))


@pytest.mark.parametrize("size", SIZES)
def test_those_who_wait_give_up_by_an_exponential_law(size):
    check_giving_up(giving_up(0.03, 2000, 20_000 * size), 0.03, 2000)


def test_a_hazard_of_giving_up_2_percent_off_is_noticed():
    with noticed():
        check_giving_up(giving_up(0.0306, 2000, 20_000), 0.03, 2000)


COHORTS = np.array([300.0, 30.0, 3.0])


def kept_in_line(rate, draws):
    """Who is left of 300 who came first, 30 who came next and 3 who came last, after one step of giving up: (draws, 3)."""
    model = make_model(
        [queue("line", 0.0), stay("before", initial=here(1)), stay("gone"), stay("after")],
        [
            move("join", "before", "line", rate_per_day=0.0),
            move("give up", "line", "gone", rate_per_day=rate),
            move("served", "line", "after", share=1.0),
        ],
        days=4,
    )
    walk = start(model)
    pair = walk.pools("line")[0]
    left = np.empty((draws, 3))
    for draw in range(draws):
        walk.inputs = walk.inputs._replace(draw=draw)
        walk.state.people[pair] = COHORTS.sum()
        walk.state.cohort[:3, 0] = COHORTS
        walk.state.queue_head[:] = 0
        walk.step = 3
        walk.on()
        left[draw] = walk.state.cohort[:3, 0]
    return left


def check_kept(left, rate):
    """Each cohort keeps its share. A cohort's count varies no more than the share of the binomial total, and ½ for whole people."""
    keep = math.exp(-rate)
    for number, size in enumerate(COHORTS):
        variance = size**2 / COHORTS.sum() * keep * (1 - keep) + 0.5
        assert_mean(left[:, number], size * keep, variance, f"cohort of {size:g}")


@pytest.mark.parametrize("size", SIZES)
def test_giving_up_takes_the_same_share_of_those_who_came_first_and_last(size):
    check_kept(kept_in_line(0.4, 40_000 * size), 0.4)


def test_a_share_of_a_cohort_2_percent_off_is_noticed():
    left = kept_in_line(0.4, 40_000)
    for number in range(3):
        faulty = left.copy()
        faulty[:, number] *= 1.02
        with noticed():
            check_kept(faulty, 0.4)


# --- M9: collective attempts ---


def attempts(per_day, crowd, growth, alpha, step_days, draws):
    """Share of a crowd that sets out in each step, 0 when nobody does; all are back before the next."""
    rush = {"name": "rush", "from": ["camp"], "to": "fence", "events_per_day": per_day, "at_crowd": 1e12, "growth": growth}
    rush["share"] = {"alpha": alpha, "beta": 6.0}
    model = make_model(
        [stay("camp", initial=here(crowd)), gate("fence")],
        [move("turn back", "fence", "camp", share=1.0)],
        collective_attempts=[rush],
        outputs={"rush": {**flow("rush"), "every": "step"}},
        days=int(9000 * step_days),
        step_days=step_days,
    )
    (counts,) = counts_of_draws(model, draws, "rush")
    return counts.ravel() / crowd


def check_attempts(shares, per_day, crowd, growth, alpha, step_days):
    """Events by a hazard that grows with a power of the crowd; a beta share of a very great crowd."""
    chance = -math.expm1(-per_day * (crowd / 1e12) ** growth * step_days)
    happened = shares > 0
    assert_shares(np.array([happened.sum(), (~happened).sum()]), np.array([chance, 1 - chance]), "event or not")
    taken, a, b = shares[happened], alpha, 6.0
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    kurtosis = 3 + 6 * ((a - b) ** 2 * (a + b + 1) - a * b * (a + b + 2)) / (a * b * (a + b + 2) * (a + b + 3))
    assert_mean(taken, a / (a + b), variance)
    assert_variance(taken, a / (a + b), variance, kurtosis)


CASES = [(0.8, 1e12, 1.0, 2.0, 1.0), (3.2, 0.5e12, 2.0, 2.0, 1.0), (2.4, 1e12, 1.0, 2.0, 0.25), (0.1, 1e12, 1.0, 2.0, 7.0)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_attempts_happen_by_their_hazard_and_take_a_beta_share_along(case, size):
    per_day, crowd, growth, alpha, step_days = case
    check_attempts(attempts(*case, 40 * size), per_day, crowd, growth, alpha, step_days)


@pytest.mark.parametrize("case", CASES)
def test_a_hazard_a_power_or_a_share_2_percent_off_is_noticed(case):
    per_day, crowd, growth, alpha, step_days = case
    with noticed():
        check_attempts(attempts(1.02 * per_day, crowd, growth, alpha, step_days, 40), *case)
    with noticed():
        check_attempts(attempts(per_day, crowd, growth, 1.02 * alpha, step_days, 40), *case)
    if crowd != 1e12:
        with noticed():
            check_attempts(attempts(per_day, crowd, 1.02 * growth, alpha, step_days, 40), *case)


WHOLE = 1000.0
"""Sum of alpha and beta of a beta law that hardly varies."""


def going_together(share, draws):
    """Who of 400 adults and 100 children goes in each step, when nearly the same share of the crowd goes every time: (2, trials)."""
    rush = {"name": "rush", "from": ["camp"], "to": "fence", "events_per_day": 1e9, "at_crowd": 1.0}
    rush["share"] = {"alpha": share * WHOLE, "beta": (1 - share) * WHOLE}
    model = make_model(
        [stay("camp", initial={"people": 500.0, "groups": {"a": 4.0, "b": 1.0}}), gate("fence")],
        [move("turn back", "fence", "camp", share=1.0)],
        groups={"a": {}, "b": {}},
        collective_attempts=[rush],
        outputs={"rush": flow("rush", by=["group"])},
        days=9000,
    )
    (counts,) = counts_of_draws(model, draws, "rush")
    return np.moveaxis(counts, 1, 0).reshape(2, -1)


def check_going_together(counts):
    """Binomial around a share with variance ¼/(WHOLE + 1), which both groups have in common."""
    people, of_share = np.array([400.0, 100.0]), 0.25 / (WHOLE + 1)
    table = np.diag(people / 4 - people * of_share) + np.outer(people, people) * of_share
    for group in range(2):
        assert_mean(counts[group], people[group] / 2, table[group, group])
        assert_variance(counts[group], people[group] / 2, table[group, group])
    assert_covariance(counts[0], counts[1], (200.0, 50.0), table, "covariance of groups")


@pytest.mark.parametrize("size", SIZES)
def test_the_number_who_go_is_binomial_in_each_group(size):
    check_going_together(going_together(0.5, 8 * size))


def test_going_together_with_a_share_or_a_spread_2_percent_off_is_noticed():
    with noticed():
        check_going_together(going_together(0.51, 8))
    with noticed():
        check_going_together(stretched(going_together(0.5, 8), np.array([[200.0], [50.0]])))
