"""Do stages take the time that M10 and M12 promise? The laws worked out exactly, against the gamma and lognormal laws they stand for."""

import numpy as np
import pytest
from builders import here, make_model, move, stay
from scipy import stats
from walking import start

from corredor.engine.draws import sample_parameters
from corredor.engine.network.journeys import Branch, gamma_branches, in_steps, lognormal_branches


def steps_law(branches, scale_days, step_days, longest=4000):
    """Chance of each number of steps 0, 1, 2 … of stages that each go on with chance stages × Δ / mean."""
    steps = np.arange(longest)
    chance = np.zeros(longest)
    for branch in branches:
        on = min(1.0, branch.stages * step_days / (scale_days * branch.mean_ratio))
        if on == 1.0:
            chance[branch.stages] += branch.weight
        else:
            # the failures before the k-th success, and the k successes themselves
            chance += branch.weight * stats.nbinom(branch.stages, on).pmf(steps - branch.stages)
    return chance


def moments(chance):
    steps = np.arange(len(chance))
    mean = (steps * chance).sum()
    return mean, (steps**2 * chance).sum() - mean**2


# --- M10 ---


def test_a_journey_worked_by_hand():
    # mean of 8 steps, spread ½: k = 8 / (¼ · 8 + 1) = 2.67, so 3 stages
    assert gamma_branches(8.0, 0.5, 1.0) == (Branch(1.0, 3, 1.0),)
    # the same in steps of a quarter: 32 / (8 + 1) = 3.56, so 4
    assert gamma_branches(8.0, 0.5, 0.25) == (Branch(1.0, 4, 1.0),)
    # in steps of a week: 8/7 / (2/7 + 1) = 0.89, so 1
    assert gamma_branches(8.0, 0.5, 7.0) == (Branch(1.0, 1, 1.0),)
    # a group that keeps together: as many stages as steps, each passed in one step
    assert gamma_branches(12.0, 0.01, 1.0) == (Branch(1.0, 12, 1.0),)


@pytest.mark.parametrize("spread", [0.1, 0.3, 0.5, 0.8, 1.0, 1.5])
@pytest.mark.parametrize("days", [0.3, 1.0, 2.5, 6.0, 17.0, 60.0])
def test_a_journey_keeps_its_mean_and_takes_a_step_at_least(days, spread):
    for step_days in (0.25, 1.0, 7.0):
        chance = steps_law(gamma_branches(days, spread, step_days), days, step_days, longest=12_000)
        assert chance[0] == 0
        assert moments(chance)[0] == pytest.approx(max(days / step_days, 1.0), rel=1e-9)


@pytest.mark.parametrize("spread", [0.2, 0.35, 0.5, 0.7, 1.0])
def test_the_variance_of_a_journey_is_as_near_as_whole_stages_allow(spread):
    """With k stages the variance is m²/k − m; the next numbers of stages up and down enclose the variance asked for."""
    for mean in (4.0, 7.5, 12.0, 30.0, 90.0):
        (branch,) = gamma_branches(mean, spread, 1.0)
        variance = moments(steps_law([branch], mean, 1.0))[1]
        assert variance == pytest.approx(mean**2 / branch.stages - mean, rel=1e-9)
        wanted = (spread * mean) ** 2
        more, fewer = (mean**2 / k - mean if k > 0 else np.inf for k in (branch.stages + 1, branch.stages - 1))
        assert more < wanted < fewer
        if branch.stages >= 5:
            assert np.sqrt(variance) / mean == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize(("steps", "most"), [(5.0, 0.1), (10.0, 0.05), (20.0, 0.03), (60.0, 0.015)])
@pytest.mark.parametrize("spread", [0.3, 0.5, 0.7, 1.0])
def test_the_law_of_a_journey_is_near_the_gamma_law_it_stands_for(steps, most, spread):
    """Largest difference of the distribution functions, the gamma law read at the middle between two whole numbers of steps."""
    chance = steps_law(gamma_branches(steps, spread, 1.0), steps, 1.0)
    assert largest_difference(chance, stats.gamma(spread**-2, scale=steps * spread**2)) < most


def largest_difference(chance, law):
    return np.abs(np.cumsum(chance) - law.cdf(np.arange(len(chance)) + 0.5)).max()


# --- M12 ---


@pytest.mark.parametrize(
    ("spread", "most"), [(0.3, 0.02), (0.5, 0.02), (0.7, 0.02), (0.86, 0.02), (1.0, 0.02), (1.5, 0.05), (2.0, 0.05)]
)
def test_a_lognormal_wait_is_met_within_the_stated_difference(spread, most):
    branches = lognormal_branches(spread)
    assert sum(branch.weight for branch in branches) == pytest.approx(1, abs=1e-12)
    times = np.exp(spread * stats.norm.ppf(np.linspace(0.0005, 0.9995, 4000)))
    here_ = sum(b.weight * stats.gamma(b.stages, scale=b.mean_ratio / b.stages).cdf(times) for b in branches)
    assert np.abs(here_ - stats.norm.cdf(np.log(times) / spread)).max() < most


@pytest.mark.parametrize("spread", [0.3, 0.5, 0.7, 0.86, 1.0])
@pytest.mark.parametrize(("steps", "most"), [(7.0, 0.06), (20.0, 0.025), (45.0, 0.02), (90.0, 0.02)])
def test_a_lognormal_wait_in_steps_is_as_near_as_a_step_is_short(steps, most, spread):
    chance = steps_law(in_steps(lognormal_branches(spread), steps, 1.0), steps, 1.0)
    assert largest_difference(chance, stats.lognorm(spread, scale=steps)) < most


def test_a_wait_of_a_few_steps_has_no_more_stages_than_steps():
    """The continuous fit for a spread of 0.3 has chains of 12 stages; in a wait of 2 days they would take 12."""
    for branch in in_steps(lognormal_branches(0.3), 2.0, 1.0):
        assert branch.stages <= max(2.0 * branch.mean_ratio, 1)


def test_the_same_spread_has_the_same_branches_and_a_longer_spread_a_longer_tail():
    assert lognormal_branches(0.86) is lognormal_branches(0.86)
    tails = [
        sum(branch.weight * stats.gamma(branch.stages, scale=branch.mean_ratio / branch.stages).sf(8.0) for branch in branches)
        for branches in map(lognormal_branches, (0.5, 1.0, 2.0))
    ]
    assert tails == sorted(tails)
    assert tails[2] > 0.1


# --- the kernel walks these laws ---


def arrivals(takes=None, along=None, steps=60, step_days=1.0, **more):
    """Share of a great many people who arrive in each step after they set off, in expected flow."""
    places = ["north", "south"]
    compartments = [stay("before", at={"id": "north"}, initial=here(1e9)), stay("after")]
    way = {"along": "road", "speed_km_per_day": 100.0, **along} if along else {"takes": takes}
    model = make_model(
        compartments,
        [move("go", "before", "after", rate_per_day=1e3, **way)],
        places=places,
        routes=[("north", "south", 800)],
        outputs={"after": {"title": "a", "flow": "go", "counted": "arriving", "every": "step"}},
        step_days=step_days,
        days=int(steps * step_days),
        **more,
    )
    walk = start(model, expected=True).to_the_end()
    assert walk.everybody() == pytest.approx(1e9, rel=1e-12)
    return walk.output("after") / 1e9


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_people_arrive_by_the_law_of_their_stages(step_days):
    found = arrivals(along={"spread": 0.5}, step_days=step_days)
    assert found == pytest.approx(steps_law(gamma_branches(8.0, 0.5, step_days), 8.0, step_days, 60), abs=1e-12)
    assert found[0] == 0


def test_an_in_place_delay_takes_its_gamma_or_lognormal_time():
    found = arrivals({"distribution": "gamma", "mean_days": 6.0, "spread": 0.4})
    assert found == pytest.approx(steps_law(gamma_branches(6.0, 0.4, 1.0), 6.0, 1.0, 60), abs=1e-12)
    found = arrivals({"distribution": "lognormal", "median_days": 9.0, "spread": 0.86})
    assert found == pytest.approx(steps_law(in_steps(lognormal_branches(0.86), 9.0, 1.0), 9.0, 1.0, 60), abs=1e-12)


def test_speed_differs_between_worlds_and_the_number_of_stages_does_not():
    speed = {"speed": {"unit": "km per day", "prior": {"lognormal": {"median": 100.0, "sigma": 0.3}}, "basis": "made_up"}}
    model = make_model(
        [stay("before", at={"id": "north"}, initial=here(100)), stay("after", at={"id": "south"})],
        [move("go", "before", "after", rate_per_day=1.0, along="road", speed_km_per_day="speed")],
        places=["north", "south"],
        routes=[("north", "south", 800)],
        parameters=speed,
    )
    passing = [start(model, draw=draw).inputs.stage_probability for draw in range(2)]
    speeds = sample_parameters(model, 1, 2)[:, 0]
    # three stages of 800 km
    assert [float(chance[0]) for chance in passing] == pytest.approx([3 * speed / 800 for speed in speeds], rel=1e-12)
    assert abs(speeds[0] - speeds[1]) > 1


def test_people_under_way_stay_whole_and_none_is_lost():
    model = make_model(
        [stay("before", at={"id": "north"}, initial=here(1000)), stay("after", at={"id": "south"})],
        [move("go", "before", "after", rate_per_day=0.2, along="road", speed_km_per_day=100.0)],
        places=["north", "south"],
        routes=[("north", "south", 800)],
        days=60,
    )
    walk = start(model)
    for _ in range(60):
        walk.on()
        assert (walk.state.stages == np.floor(walk.state.stages)).all()
        assert walk.people("before") + walk.on_the_way() + walk.people("after") == 1000
    assert walk.people("after") > 900
