"""Is each part of a fit right by itself? Unknowns, the scale, sensitivities, dispersions and what is said of it, by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from builders import day, fixed, flow, here, make_model, move, stay, uncertain
from known_truth import corridor, data_sets

from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.network import build_network
from corredor.engine.workers import Threads
from corredor.learn.fit import NothingToLearn, TooManyUnknowns, fit, steps
from corredor.learn.fit.dispersions import learn_dispersions
from corredor.learn.fit.evaluate import Predicted, Task, predict, process_noise
from corredor.learn.fit.judge import contraction
from corredor.learn.fit.latent_deviations import latent_deviation_columns, learn_latent_deviations
from corredor.learn.fit.scale import SHIFT, error_variance, seen, slope, to_scale, wanted
from corredor.learn.fit.sensitivity import figure_weight, learned, sensitivities
from corredor.learn.fit.steps import DIGITS, MOST_DAMPING, MOST_TRIES, Goal, cost, distances, rescued, step
from corredor.learn.fit.unknowns import parameters_of, prior_draws, samples_of, unknowns_of
from corredor.learn.likelihood import known_by
from corredor.results.observe import published_figures


def study(*observations, days=30, sigma=0.5, dispersion="spread", **more):
    """A thousand people leave at a rate that is not known."""
    return make_model(
        [stay("before", initial=here(1000.0)), stay("after")],
        [move("go", "before", "after", rate_per_day="leaving")],
        outputs={"went": flow("go", **({"dispersion": dispersion} if dispersion else {}))},
        parameters={
            "leaving": uncertain("per day", lognormal={"median": 0.01, "sigma": sigma}),
            "spread": uncertain("ratio", lognormal={"median": 0.05, "sigma": 0.8}),
            "known": fixed(3.0, "ratio"),
        },
        observations=[{"output": "went", "published": day(40), **row} for row in observations],
        days=days,
        **more,
    )


def a_figure(first=0, last=0, **words):
    return {"from": day(first), "to": day(last), **words}


def task_of(model, seed=1):
    network = build_network(model)
    return Task(network, unknowns_of(network), published_figures(network, model.observations), seed, Threads(1))


# --- unknowns ---


def test_fixed_parameters_are_no_unknowns_and_latent_months_are():
    task = task_of(corridor())
    assert task.unknowns.parameter_names == ("leaving", "effect", "stopping", "arriving", "seen")
    assert task.unknowns.size == 5 + 4
    assert unknowns_of(build_network(study())).parameter_names == ("leaving", "spread")


def test_prior_draws_are_the_worlds_of_a_run_without_a_fit():
    model = corridor()
    network = build_network(model)
    unknowns = unknowns_of(network)
    z = prior_draws(network, unknowns, 7, 5)
    run = sample_draws(network, sample_parameters(model, 7, 5), 7)
    fitted = samples_of(network, unknowns, z, 7)
    np.testing.assert_allclose(fitted.parameters, run.parameters, rtol=1e-9)
    np.testing.assert_allclose(fitted.latent_months, run.latent_months, rtol=1e-9)


def test_an_unknown_is_a_place_in_its_prior():
    task = task_of(study())
    values = parameters_of(task.network, task.unknowns, np.array([[0.0, 0.0], [1.0, -1.0]]))
    np.testing.assert_allclose(values[0], [0.01, 0.05, 3.0])
    np.testing.assert_allclose(values[1], [0.01 * np.exp(0.5), 0.05 * np.exp(-0.8), 3.0])


# --- the scale ---


def test_the_scale_evens_square_roots_and_logarithms():
    small, large = np.array([3.0, 4.0]), np.array([3e6, 4e6])
    assert np.diff(to_scale(small))[0] == pytest.approx(2 * (np.sqrt(4.375) - np.sqrt(3.375)), rel=0.03)
    # 2/√0.01 · asinh(√(0.01 y)) → (1/√0.01) · log y + constant
    assert np.diff(to_scale(large))[0] == pytest.approx(10 * np.log(4 / 3), rel=1e-3)


def test_the_slope_of_the_scale_is_its_slope():
    for count in (0.0, 5.0, 800.0):
        by_hand = (to_scale(np.array(count + 1e-4)) - to_scale(np.array(count))) / 1e-4
        assert float(slope(np.array(count))) == pytest.approx(float(by_hand), rel=1e-3)


def test_of_a_range_only_what_lies_outside_is_seen():
    task = task_of(study(a_figure(low=20.0, high=40.0), a_figure(1, 1, value=30.0)))
    means = np.array([[10.0, 30.0], [30.0, 10.0], [50.0, 50.0]])
    distance = seen(task.figures, means)[:, 0] - wanted(task.figures)[0]
    assert distance[0] == pytest.approx(float(to_scale(np.array(10.0)) - to_scale(np.array(20.0))))
    assert distance[1] == 0
    assert distance[2] == pytest.approx(float(to_scale(np.array(50.0)) - to_scale(np.array(40.0))))
    assert (seen(task.figures, means)[:, 1] - wanted(task.figures)[1])[0] == 0


def test_a_draw_sees_a_range_with_its_own_error_and_only_from_outside():
    task = task_of(study(a_figure(low=20.0, high=40.0), a_figure(1, 1, value=30.0), a_figure(2, 2, high=40.0)))
    means = np.array([[10.0, 30.0, 0.0], [30.0, 10.0, 0.0], [50.0, 50.0, 60.0]])
    error = np.array([[0.0, 1.0, 5.0], [0.0, 0.0, 0.0], [9.0, 0.0, 0.0]])
    goal = Goal(np.zeros((3, 1)), error, np.ones(3))
    away = distances(task.figures, goal, means)
    on = {count: float(to_scale(np.array(float(count)))) for count in (10, 20, 30, 40, 50, 60)}
    expected = [
        [on[10] - on[20], -1.0, 0.0],
        [0.0, on[10] - on[30], 0.0],
        [on[50] - 9 - on[20], on[50] - on[30], on[60] - on[40]],
    ]
    np.testing.assert_allclose(away, expected, atol=1e-12)
    np.testing.assert_allclose(cost(task.figures, goal, np.ones((3, 1)), means), 1 + np.sum(np.square(expected), axis=1))
    np.testing.assert_allclose(figure_weight(task.figures, goal, means), [2 / 3, 1.0, 1 / 3])


def test_errors_of_a_figure_are_those_of_publishing_and_of_the_process():
    task = task_of(study(a_figure(value=100.0)))
    means, dispersion, process = np.full((3, 1), 90.0), np.full((3, 1), 0.05), np.array([0.01])
    people = 100.0 + 0.05 * 100.0**2 + 0.01 * (100.0**2 + 101)
    variance = error_variance(task.figures, means, dispersion, process)
    assert variance[0] == pytest.approx(people * float(slope(np.array(100.0))) ** 2)


# --- sensitivities ---


def test_a_figure_moves_with_what_it_depends_on_and_with_nothing_else():
    model = corridor()
    task = task_of(model)
    z = np.zeros((4, task.unknowns.size))
    slopes = sensitivities(task, z, np.eye(task.unknowns.size), 0, None)
    rows = task.figures.rows
    months = slopes[:, task.unknowns.n_parameters :]
    for number, row in enumerate(rows):
        month = row.from_.month - 1
        assert (months[number, month + 1 :] == 0).all(), "no month after a figure acts on it"
        assert months[number, month] > 0
        stopping = task.unknowns.parameter_names.index("stopping")
        assert (slopes[number, stopping] == 0) == (row.output == "left")


def test_a_dispersion_has_no_sensitivity():
    task = task_of(study(a_figure(value=10.0)))
    slopes = sensitivities(task, np.zeros((2, 2)), np.eye(2), 0, None)
    assert slopes[0, 1] == 0 and slopes[0, 0] > 0


def test_covariance_after_a_figure_is_that_of_two_normal_witnesses():
    # prior variance 1, one figure with slope 2 and error variance 4: precision 1 + 4/4
    assert learned(np.eye(1), np.array([[2.0]]), np.array([4.0])) == pytest.approx(0.5)


# --- steps ---


def on_a_curve(monkeypatch, curve):
    """A model whose one figure lies, on the scale, where a curve of the first unknown says; every run of it is noted."""
    runs = []

    def predict(task, z, progress=None):
        runs.append(len(z))
        means = (np.sinh(curve(z[:, :1]) / 20) * 10) ** 2 - SHIFT
        return Predicted(means, np.zeros_like(means))

    monkeypatch.setattr(steps, "predict", predict)
    return predict, runs


def test_draws_move_to_the_figures_as_bayes_says_of_a_straight_line(monkeypatch):
    """One figure that rises by 2 with the first unknown: precision 1 + 2² / 4. The second unknown moves nothing and stays."""
    task = task_of(study(a_figure(value=100.0)))
    predict, runs = on_a_curve(monkeypatch, lambda z: 30.0 + 2 * z)
    rng = np.random.default_rng(3)
    z, variance = rng.normal(size=(20_000, 2)), np.array([4.0])
    goal = Goal(z, rng.normal(0.0, 2.0, (len(z), 1)), variance)
    moved = step(task, goal, z, predict(task, z), (np.array([[2.0, 0.0]]), np.ones(1)), np.zeros(len(z)), None)
    np.testing.assert_array_equal(moved.z[:, 1], np.round(z[:, 1], DIGITS))
    distance = float(to_scale(np.array(100.0))) - 30.0
    assert moved.z[:, 0].mean() == pytest.approx(2 * distance / (4 + 4), abs=5 * np.sqrt(0.5 / len(z)))
    assert moved.z[:, 0].var() == pytest.approx(0.5, rel=5 * np.sqrt(2 / len(z)))
    assert runs == [len(z), len(z)], "the first step is the right one: no draw tries another"


def test_no_step_is_taken_to_a_higher_cost_and_shorter_ones_end_at_the_lowest(monkeypatch):
    """An effect that saturates: where it is flat a full step goes far beyond the figure, where it is steep it falls back."""
    task = task_of(study(a_figure(value=10_000.0)))
    wanted_here = float(to_scale(np.array(10_000.0)))
    predict, _ = on_a_curve(monkeypatch, lambda z: wanted_here + 20 * np.tanh(z - 1.5) - 3)
    z = np.random.default_rng(3).normal(size=(200, 2))
    goal = Goal(z, np.zeros((len(z), 1)), np.array([0.01]))
    slopes, damping, here = np.array([[20 / np.cosh(1.5) ** 2, 0.0]]), np.zeros(len(z)), predict(task, z)
    shortened = 0
    for _ in range(12):
        moved = step(task, goal, z, here, (slopes, np.ones(1)), damping, None)
        assert (moved.after <= moved.before).all()
        np.testing.assert_allclose(moved.after, cost(task.figures, goal, moved.z, predict(task, moved.z).means))
        shortened += (moved.damping > 0).sum()
        z, here, damping = moved.z, moved.predicted, moved.damping
        middle = z[:, 0].mean()
        slopes = np.array([[20 / np.cosh(middle - 1.5) ** 2, 0.0]])
    assert shortened > 0, "full steps alone would not have done"
    np.testing.assert_allclose(distances(task.figures, goal, here.means), 0.0, atol=0.1)


def test_a_draw_that_no_step_helps_stays_where_it_is(monkeypatch):
    task = task_of(study(a_figure(value=100.0)))
    predict, runs = on_a_curve(monkeypatch, lambda z: 30.0 + 2 * z)
    z = np.zeros((3, 2))
    goal = Goal(z, np.zeros((3, 1)), np.array([1.0]))
    wrong_way = (np.array([[-2.0, 0.0]]), np.ones(1))
    moved = step(task, goal, z, predict(task, z), wrong_way, np.zeros(3), None)
    np.testing.assert_array_equal(moved.z, z)
    np.testing.assert_array_equal(moved.after, moved.before)
    assert runs == [3] * (1 + MOST_TRIES) and (moved.damping == MOST_DAMPING).all()


def test_only_draws_whose_cost_would_rise_try_a_shorter_step(monkeypatch):
    """The effect is ten times as strong beyond 3; the first draw wants to go there, the second does not."""
    task = task_of(study(a_figure(value=100.0)))
    wanted_here = float(to_scale(np.array(100.0)))
    predict, runs = on_a_curve(monkeypatch, lambda z: wanted_here - 4 + 2 * z + 18 * np.maximum(z - 3, 0))
    z = np.zeros((2, 2))
    goal = Goal(z, np.array([[6.0], [0.0]]), np.array([0.01]))
    moved = step(task, goal, z, predict(task, z), (np.array([[2.0, 0.0]]), np.ones(1)), np.zeros(2), None)
    assert runs[:3] == [2, 2, 1] and set(runs[2:]) == {1}
    assert moved.damping[0] > 0 and moved.damping[1] == 0
    assert moved.z[1, 0] == pytest.approx(2.0, rel=0.01)


def test_a_lost_draw_begins_again_where_another_is_and_goes_to_its_own_goal(monkeypatch):
    task = task_of(study(a_figure(value=100.0)))
    wanted_here = float(to_scale(np.array(100.0)))
    predict, _ = on_a_curve(monkeypatch, lambda z: wanted_here + np.where(z < -5, -40.0, 2 * z))
    z = np.array([[0.5, 1.0], [0.1, 2.0], [-0.7, 3.0], [-6.0, 4.0]])
    goal = Goal(np.tile([0.0, 4.0], (4, 1)), np.array([[0.0], [0.0], [0.0], [-1.5]]), np.ones(1))
    found, there = rescued(task, goal, z, predict(task, z), np.array([True, False]))
    np.testing.assert_array_equal(found[:3], z[:3])
    assert found[3].tolist() == [-0.7, 4.0], "the least cost by its own error; what no figure moves with stays its own"
    np.testing.assert_array_equal(there.means, predict(task, found).means)


def test_rounds_end_when_the_cost_stalls_and_a_fit_says_whether_it_did():
    model, _ = data_sets(corridor(), 1, seed=3)[0]
    done, cut_short = (fit(model, draws=40, iterations=n, jobs=1).diagnostics for n in (12, 1))
    assert done["converged"] and len(done["misfits"]) < 13
    assert not cut_short["converged"] and len(cut_short["misfits"]) == 2


# --- noise of the process ---


def test_process_noise_is_the_variance_of_the_binomial_where_that_is_all_luck():
    model = study(*(a_figure(n, n, value=10.0) for n in range(10)), sigma=1e-9)
    task = task_of(model)
    z = np.zeros((400, 2))
    means = predict(task, z).means
    noise = process_noise(task, z, means, 0)
    mean = float(means[0, 0])
    # binomial of 1,000 with chance 1 − exp(−0.01); a sample variance of 400 has a standard error of √(2/400)
    law = mean * np.exp(-0.01) / (mean**2 + mean + 1)
    assert abs(noise[0] / law - 1) < 5 * np.sqrt(2 / 400)


# --- dispersions ---


def test_a_dispersion_is_learned_from_how_far_figures_lie_from_the_means():
    rng = np.random.default_rng(4)
    mean, spread = 200.0, 0.3
    values = rng.negative_binomial(1 / spread, 1 / (1 + mean * spread), size=200)
    task = task_of(study(*(a_figure(n, n, value=float(v)) for n, v in enumerate(values)), days=200))
    z, dispersion = learn_dispersions(task, np.zeros((50, 2)), np.full((50, 200), mean), np.zeros(200), 0)
    assert (z[:, 0] == 0).all()
    # the relative standard error of a gamma shape from 200 values is about √(2/200)
    assert abs(np.median(dispersion) / spread - 1) < 5 * np.sqrt(2 / 200)
    assert 0 < z[:, 1].std() < 0.5


def restless(days=365 * 8):
    """Leaving that goes up and down by an unknown spread; another unknown number has nothing to do with it."""
    model = (
        [stay("before", initial=here(1000.0)), stay("after")],
        [move("go", "before", "after", rate_per_day="leaving", changed_by=[{"latent": "mood"}])],
    )
    unknown = {
        "leaving": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.5}),
        "restlessness": uncertain("log", lognormal={"median": 0.1, "sigma": 0.7}),
    }
    latents = {"mood": {"persistence": 0.8, "monthly_sd": "restlessness"}}
    row = {"output": "went", "value": 5.0, "published": day(5), **a_figure()}
    return make_model(*model, parameters=unknown, latents=latents, outputs={"went": flow("go")}, observations=[row], days=days)


@pytest.mark.parametrize("true_spread", [0.05, 0.1, 0.3])
def test_a_spread_is_learned_from_the_months_which_stay_as_they_are(true_spread):
    task = task_of(restless())
    n_months = task.unknowns.n_months
    assert latent_deviation_columns(task) == [1]
    # draws whose spread lies anywhere in its prior, with the same true months in all of them
    rng = np.random.default_rng(11)
    z = np.zeros((400, task.unknowns.size))
    z[:, 1] = rng.normal(size=400)
    believed = parameters_of(task.network, task.unknowns, z)[:, 1]
    months = rng.normal(0.0, true_spread, n_months)
    z[:, 2:] = months / believed[:, None]
    learned_z = learn_latent_deviations(task, z, 0)
    spread = parameters_of(task.network, task.unknowns, learned_z)[:, 1]
    np.testing.assert_allclose(learned_z[:, 2:] * spread[:, None], np.tile(months, (400, 1)), atol=2e-4)
    assert (learned_z[:, 0] == 0).all()
    # the logarithm of a spread is known from n months to 1 / √(2n)
    error = 1 / np.sqrt(2 * n_months)
    assert abs(np.log(np.median(spread) / true_spread)) < 5 * error
    assert 0.7 * error < np.log(spread).std() < 1.3 * error


def test_a_spread_that_says_something_else_too_is_left_to_the_figures():
    model = restless(days=60)
    shared = model.study.model_copy(
        update={"latents": {"mood": model.study.latents["mood"].model_copy(update={"persistence": "restlessness"})}}
    )
    assert latent_deviation_columns(task_of(replace(model, study=shared))) == []


# --- what is said of it ---


def test_contraction_is_the_share_of_the_variance_that_is_gone():
    prior = np.random.default_rng(1).normal(size=(500, 3))
    after = prior * np.array([1.0, 0.5, 0.0])
    np.testing.assert_allclose(contraction(prior, after), [0.0, 0.75, 1.0], atol=1e-12)


def test_what_figures_do_not_inform_keeps_its_prior_exactly():
    model, _ = data_sets(corridor(), 1, seed=3)[0]
    fitted = fit(model, until=day(30), as_of=day(40), draws=60, jobs=1)
    by_name = {row["name"]: row for row in fitted.diagnostics["parameters"]}
    assert by_name["leaving"]["learned"]
    untouched = make_model(
        [stay("before", initial=here(1000.0)), stay("after")],
        [move("go", "before", "after", rate_per_day="leaving")],
        outputs={"went": flow("go")},
        parameters={"leaving": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.5}),
                    "idle": uncertain("ratio", uniform={"low": 0.0, "high": 1.0})},
        observations=[{"output": "went", "from": day(0), "to": day(9), "value": 120.0, "published": day(12)}],
    )  # fmt: skip
    rows = {row["name"]: row for row in fit(untouched, draws=60, jobs=1).diagnostics["parameters"]}
    assert rows["idle"]["contraction"] == 0 and not rows["idle"]["learned"]
    assert rows["leaving"]["contraction"] > 0.9


def test_contradictory_figures_are_told_in_a_sentence():
    model = study(*(a_figure(n, n, value=v) for n, v in ((0, 1.0), (1, 900.0), (2, 2.0), (3, 900.0))), dispersion=None)
    said = fit(model, draws=60, jobs=1).troubles
    assert "contradict each other or the model" in said[0]
    title = model.study.outputs["went"].title
    assert f"{title}, 2021-01-02" in said[0] and "published 900" in said[0]
    well = study(a_figure(value=10.0), a_figure(1, 1, value=12.0))
    assert fit(well, draws=60, jobs=1).troubles == []


def test_without_figures_in_time_there_is_nothing_to_learn():
    model = study(a_figure(value=10.0))
    with pytest.raises(NothingToLearn, match=r"none of the 1 figures of test counts days up to 2021-01-20"):
        fit(model, until=day(19))
    with pytest.raises(ValueError, match="before the study begins"):
        fit(model, until=dt.date(2020, 1, 1))


def test_a_study_without_doubt_has_nothing_to_learn():
    model = make_model(
        [stay("before", initial=here(100.0)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.1)],
        outputs={"went": flow("go")},
        observations=[{"output": "went", "from": day(0), "to": day(0), "value": 10.0, "published": day(1)}],
    )
    with pytest.raises(NothingToLearn, match="every parameter of test is fixed"):
        fit(model)


def test_emcee_refuses_more_unknowns_than_it_can_walk():
    many = {f"idle_{n}": uncertain("ratio", uniform={"low": 0.0, "high": 1.0}) for n in range(41)}
    model = make_model(
        [stay("before", initial=here(100.0)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.1)],
        outputs={"went": flow("go")},
        parameters=many,
        observations=[{"output": "went", "from": day(0), "to": day(0), "value": 10.0, "published": day(1)}],
    )
    with pytest.raises(TooManyUnknowns, match="41 unknowns"):
        fit(model, method="emcee")


def test_figures_published_later_do_not_touch_a_fit():
    early = corridor()
    changed = tuple(row.model_copy(update={"value": 9e5}) if row.published > day(70) else row for row in early.observations)
    one = fit(early, as_of=day(70), draws=30, jobs=1)
    other = fit(replace(early, observations=changed), as_of=day(70), draws=30, jobs=1)
    np.testing.assert_array_equal(one.parameters, other.parameters)
    assert len(known_by(early, day(70))) == 6
