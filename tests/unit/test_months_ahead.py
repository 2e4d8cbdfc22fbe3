"""Do latent months go on after the last figure as they have moved, where a study asks for it, and only there?"""

from dataclasses import replace

import numpy as np
from builders import day
from known_truth import corridor

from corredor._simulate import simulate
from corredor.engine.draws import latent_months
from corredor.engine.network import build_network
from corredor.learn.fit import fit
from corredor.learn.fit.months_ahead import FUTURES, MONTHS_AHEAD

FIT = {"draws": 20, "iterations": 2, "jobs": 1}


def going_on(ahead):
    """The corridor whose one latent series goes on in this way."""
    model = corridor()
    mood = model.study.latents["mood"].model_copy(update={"ahead": ahead})
    return replace(model, study=model.study.model_copy(update={"latents": {"mood": mood}}))


def months_of(fitted, model):
    """Latent months of a fit's draws, and what they begin with: (n_draws, n_months) log."""
    network = build_network(model.until(day(1000)))
    values = network.quantities.evaluate(np.zeros((fitted.n_draws, len(model.parameters))))
    return latent_months(network, values, fitted.new_parts)[:, 0]


def test_without_the_word_nothing_changes():
    fitted = fit(going_on("ar1"), **FIT)
    assert fitted.new_parts.shape == (20, 1, 4)


def test_each_draw_is_kept_with_several_futures_and_its_known_months_stay():
    plain, learned = fit(going_on("ar1"), **FIT), fit(going_on("learned"), **FIT)
    assert learned.new_parts.shape == (20 * FUTURES, 1, 4 + MONTHS_AHEAD)
    for future in range(FUTURES):
        own = slice(20 * future, 20 * (future + 1))
        np.testing.assert_array_equal(learned.parameters[own], plain.parameters)
        np.testing.assert_array_equal(learned.new_parts[own, :, :4], plain.new_parts)
    assert len(np.unique(learned.new_parts[:, 0, 4])) == 20 * FUTURES


def test_a_walk_goes_on_from_where_it_is_where_an_ar1_term_comes_back():
    """After months far from the mean, half of an AR(1) term is lost in a month; what has not come back yet is not expected to at once."""
    model = going_on("learned")
    learned = months_of(fit(model, **FIT), model)
    last, next_ = learned[:, 3], learned[:, 4]
    slope = np.polyfit(last, next_, 1)[0]
    assert slope > 0.7
    assert next_.std() > last.std()


def test_the_same_seed_gives_the_same_futures_and_a_run_takes_them():
    model = going_on("learned")
    first, second = fit(model, **FIT), fit(model, **FIT)
    np.testing.assert_array_equal(first.new_parts, second.new_parts)
    longer = model.until(day(200))
    run = simulate(longer, draws=30, seed=3, jobs=1, fitted=first)
    other = replace(first, new_parts=np.where(np.arange(first.new_parts.shape[2]) >= 4, 2.0, first.new_parts))
    moved = simulate(longer, draws=30, seed=3, jobs=1, fitted=other)
    known, later = run["left"].to_numpy()[:, :4], run["left"].to_numpy()[:, 4:]
    np.testing.assert_array_equal(known, moved["left"].to_numpy()[:, :4])
    assert (later != moved["left"].to_numpy()[:, 4:]).any()
