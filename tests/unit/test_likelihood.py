"""Is the likelihood of a published figure the one that M14 says, and are its means the same as in the Dataset? By hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from builders import day, fixed, flow, here, make_model, move, stay, stock
from everything import everything
from scipy import stats

from corredor.engine.counts import Counts
from corredor.engine.draws import sample_parameters
from corredor.engine.network import build_network
from corredor.learn.likelihood import known_by, log_likelihood, process_variance
from corredor.results.dataset import make_dataset
from corredor.results.observe import dispersions, figure_means, published_figures
from corredor.results.view import Run, Series
from corredor.study.catalogue import find_study
from corredor.study.model import load_study


def study(*observations, **more):
    """People who leave a place, counted with a dispersion of 0.5 in one output and without dispersion in the other."""
    return make_model(
        [stay("before", initial=here(100)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.01)],
        outputs={"went": flow("go", dispersion="spread"), "left": stock("before")},
        parameters={"spread": fixed(0.5, "ratio")},
        observations=[{"from": day(0), "to": day(0), "published": day(9), **row} for row in observations],
        **more,
    )


def log_chance(row, mean, process=0.0):
    """Log likelihood of one figure when the model's mean is given."""
    network = build_network(study(row))
    figures = published_figures(network, network.model.observations)
    dispersion = np.array([[0.5 if row["output"] == "went" else 0.0]])
    return log_likelihood(figures, np.array([[mean]]), dispersion, process)[0, 0]


# --- the law ---


def test_an_exact_count_has_a_negative_binomial_chance():
    # dispersion 0.5 is a shape of 2; 2 / (2 + 10) is the chance of scipy's law
    assert log_chance({"output": "went", "value": 7.0}, 10.0) == pytest.approx(stats.nbinom.logpmf(7, 2, 2 / 12), abs=1e-9)


def test_nobody_published_where_some_were_expected_has_the_chance_of_none():
    # (1 + 10 · 0.5)^(−1 / 0.5) = 1/36
    assert log_chance({"output": "went", "value": 0.0}, 10.0) == pytest.approx(np.log(1 / 36), abs=1e-9)


def test_a_range_has_the_chance_of_all_counts_inside_it():
    chance = stats.nbinom.pmf([5, 6, 7, 8], 2, 2 / 12).sum()
    assert log_chance({"output": "went", "low": 5.0, "high": 8.0}, 10.0) == pytest.approx(np.log(chance), abs=1e-9)


def test_at_least_has_the_chance_of_all_counts_from_there_on():
    chance = 1 - stats.nbinom.pmf([0, 1, 2], 2, 2 / 12).sum()
    assert log_chance({"output": "went", "low": 3.0}, 10.0) == pytest.approx(np.log(chance), abs=1e-9)


def test_at_most_has_the_chance_of_all_counts_up_to_there():
    chance = stats.nbinom.pmf([0, 1, 2], 2, 2 / 12).sum()
    assert log_chance({"output": "went", "high": 2.0}, 10.0) == pytest.approx(np.log(chance), abs=1e-9)


def test_the_luck_of_the_process_widens_the_law_as_a_dispersion_does():
    # 0.1 · (100 + 10 + 1) people² are 0.111 of mean²
    assert process_variance(0.1, np.array(10.0)) == pytest.approx(11.1)
    shape = 1 / 0.611
    law = stats.nbinom.logpmf(7, shape, shape / (shape + 10))
    assert log_chance({"output": "went", "value": 7.0}, 10.0, 0.1) == pytest.approx(law, abs=1e-9)


def test_a_figure_without_luck_of_its_own_lies_around_the_mean_with_the_luck_of_the_process_and_rounding():
    sd = np.sqrt(0.1 * 111 + 1 / 12)
    assert log_chance({"output": "left", "value": 7.0}, 10.0, 0.1) == pytest.approx(stats.norm.logpdf(7, 10, sd), abs=1e-9)
    inside = stats.norm.cdf(8, 10, sd) - stats.norm.cdf(5, 10, sd)
    assert log_chance({"output": "left", "low": 5.0, "high": 8.0}, 10.0, 0.1) == pytest.approx(np.log(inside), abs=1e-9)


def test_a_mean_of_nobody_is_no_error():
    assert np.isfinite(log_chance({"output": "went", "value": 3.0}, 0.0))
    assert log_chance({"output": "went", "value": 0.0}, 0.0) == pytest.approx(0.0, abs=1e-5)


# --- means ---


@pytest.mark.parametrize("name", ["everything", "two-towns", "mexico-2018"])
def test_means_by_the_sparse_matrix_are_those_of_the_dataset(name):
    model = everything() if name == "everything" else load_study(find_study(name))
    network, parameters = build_network(model), sample_parameters(model, 3, 3)
    values = network.quantities.evaluate(parameters)
    cells = np.random.default_rng(1).random((3, network.recording.n_cells)) * 100
    nothing = np.zeros(3)
    counts = Counts(cells, nothing, nothing.astype(int), nothing == 0)
    dataset = make_dataset(network, counts, parameters, values, {})
    figures = published_figures(network, model.observations)
    means, run = figure_means(figures, cells, values), Run(dataset)
    for number, row in enumerate(model.observations):
        expected = run.window_total(Series(row.output, row.place or "", row.group or ""), row.from_, row.to)
        share = model.study.outputs[row.output].reported_share
        if share is not None:
            expected = expected * values[:, network.quantities.row(share)]
        np.testing.assert_allclose(means[:, number], expected, rtol=1e-10, err_msg=str(row))
    assert (means > 0).any(axis=0).all()


def test_a_group_of_the_second_of_two_dimensions_is_found():
    groups = {"men": {"citizenship": "coast", "kind": "adult"}, "kids": {"citizenship": "hills", "kind": "child"}}
    row = {"output": "went", "group": "child", "from": day(0), "to": day(0), "value": 1.0, "published": day(9)}
    model = make_model(
        [stay("before", initial=here(100, men=1, kids=1)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.01)],
        groups=groups,
        outputs={"went": flow("go", by=["citizenship", "kind"])},
        observations=[row],
    )
    network = build_network(model)
    cells = np.arange(1.0, network.recording.n_cells + 1)[None]
    figures = published_figures(network, model.observations)
    zero = np.zeros(1)
    dataset = make_dataset(network, Counts(cells, zero, zero.astype(int), zero == 0), np.zeros((1, 0)), np.zeros((1, 0)), {})
    expected = float(dataset["went"].sel(kind="child").isel(day=0).sum())
    assert expected > 0
    assert figure_means(figures, cells, np.zeros((1, 0)))[0, 0] == expected
    assert Run(dataset).window_total(Series("went", group="child"), day(0), day(0))[0] == expected


def test_dispersions_are_those_of_the_draw_and_none_without_luck():
    network = build_network(study({"output": "went", "value": 1.0}, {"output": "left", "value": 1.0}))
    figures = published_figures(network, network.model.observations)
    values = network.quantities.evaluate(np.array([[0.5], [0.25]]))
    assert dispersions(figures, values).tolist() == [[0.5, 0.0], [0.25, 0.0]]


# --- what was known ---


def row_of(published, value, last=0):
    return {"output": "went", "to": day(last), "value": value, "published": day(published)}


def test_only_figures_published_by_the_day_are_known():
    model = study(row_of(9, 1.0), row_of(10, 2.0, last=1), row_of(11, 3.0, last=2))
    assert [row.value for row in known_by(model, day(10))] == [1.0, 2.0]


def test_figures_that_count_later_days_are_left_out():
    model = study(row_of(9, 1.0), row_of(9, 2.0, last=5))
    assert [row.value for row in known_by(model, day(10), until=day(4))] == [1.0]


def test_of_revisions_the_last_one_known_by_the_day_counts():
    model = study(row_of(9, 1.0), row_of(20, 2.0), row_of(30, 3.0))
    assert [row.value for row in known_by(model, day(9))] == [1.0]
    assert [row.value for row in known_by(model, day(25))] == [2.0]
    backwards = replace(model, observations=model.observations[::-1])
    assert [row.value for row in known_by(backwards, day(40))] == [3.0]


def test_the_bundled_corridor_keeps_later_figures_of_a_day_out():
    model = load_study(find_study("mexico-2018"))
    rows = known_by(model, dt.date(2018, 12, 10))
    assert 100 < len(rows) < len(model.observations)
    assert max(row.published for row in rows) <= dt.date(2018, 12, 10)
