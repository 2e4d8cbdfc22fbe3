"""Is what would be published of coming months the same as the predicted figures of a run, where it has them?"""

from dataclasses import replace

import numpy as np
from everything import everything

from corredor._simulate import simulate
from corredor.results.to_come import would_be_published


def test_rows_that_are_observations_give_the_predicted_figures_of_the_run():
    model = everything()
    run = simulate(model, draws=6, seed=5, jobs=1)
    kinds = {
        (model.study.outputs[row.output].dispersion is None, row.place is None, row.group is None) for row in model.observations
    }
    assert {without for without, *_ in kinds} == {True, False} and len(kinds) > 2, "with and without dispersion, place and group"
    found = would_be_published(run, model, model.observations)
    np.testing.assert_allclose(found, run["observation_predicted"].to_numpy(), rtol=1e-9)


def test_rows_that_are_none_do_not_move_those_that_are():
    model = everything()
    without = replace(model, observations=())
    run = simulate(without, draws=4, seed=5, jobs=1)
    whole = simulate(model, draws=4, seed=5, jobs=1)
    np.testing.assert_allclose(
        would_be_published(run, without, model.observations), whole["observation_predicted"].to_numpy(), rtol=1e-9
    )
