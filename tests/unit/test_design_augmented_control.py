"""Does ridge-augmented synthetic control find planted counterfactuals, inside its donors and outside, and agree with pysyncon?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted_panels import Planted, errors, factor_panel, halved, looks_ahead, off_by_a_tenth
from pysyncon import AugSynth, Dataprep

from corredor.effects.design.augmented_control import (
    augmented_control,
    augmented_weights,
    chosen_penalty,
    mixture_weights,
)
from corredor.effects.design.panel import Window


def root_mean_square(method, cases):
    return float(np.sqrt(np.mean(errors(method, cases) ** 2)))


def outside_the_donors(seed: int) -> Planted:
    """The touched series swings twice as far as the donor that swings most: no mixture reaches it."""
    generator = np.random.default_rng(seed)
    factor = 0.15 * generator.normal(size=60).cumsum()
    loadings = np.concatenate([[2.0], np.linspace(0.2, 1.0, 9)])
    return halved(np.exp(8 + factor[:, None] * loadings + 0.01 * generator.normal(size=(60, 10))), 56, 4)


def mixture_only(panel, window):
    """The same without its ridge."""
    logs = np.log(panel.people[window.start - 48 : window.start + window.length] + 0.5)
    logs = logs - logs[:48].mean(axis=0)
    level = np.log(panel.people[window.start - 48 : window.start, 0] + 0.5).mean()
    return float(np.log(np.sum(np.exp(level + logs[48:, 1:] @ mixture_weights(logs[:48, 0], logs[:48, 1:])))))


def test_a_planted_mixture_is_found():
    cases = [factor_panel(seed, noise=0.02) for seed in range(8)]
    assert root_mean_square(augmented_control, cases) < 0.04
    assert root_mean_square(off_by_a_tenth(augmented_control), cases) > 0.04


def test_the_ridge_reaches_what_no_mixture_does():
    cases = [outside_the_donors(seed) for seed in range(8)]
    assert root_mean_square(augmented_control, cases) < 0.05
    assert root_mean_square(mixture_only, cases) > 0.15


def test_a_mixture_of_two_donors_is_found_exactly():
    generator = np.random.default_rng(1)
    donors = generator.normal(size=(30, 6))
    weights = np.array([0.7, 0.0, 0.3, 0.0, 0.0, 0.0])
    assert mixture_weights(donors @ weights, donors) == pytest.approx(weights, abs=1e-4)
    alike = np.column_stack([donors[:, 0], donors[:, 0], donors[:, 1]])
    assert mixture_weights(donors[:, 0], alike) == pytest.approx([0.5, 0.5, 0.0], abs=1e-3)


def test_one_donor_and_two_months_by_hand():
    """Donor (3, 4), series (3, 5): the mixture is the donor itself, the ridge adds 4·(5−4) / (25 + 25·penalty)."""
    touched, donors = np.array([3.0, 5.0]), np.array([[3.0], [4.0]])
    assert augmented_weights(touched, donors, 0.6) == pytest.approx([1 + 4 / (25 + 15)])


def test_the_library_gives_the_same_weights():
    generator = np.random.default_rng(7)
    factors = generator.normal(size=(24, 2)).cumsum(axis=0)
    logs = factors @ generator.normal(size=(2, 6)) + 0.3 * generator.normal(size=(24, 6))
    # the library takes each month less the donors' mean
    logs = logs - logs[:, 1:].mean(axis=1, keepdims=True)
    rows = [(unit, month, logs[month, unit]) for unit in range(6) for month in range(24)]
    data = Dataprep(
        foo=pd.DataFrame(rows, columns=["unit", "month", "log"]),
        predictors=[],
        predictors_op="mean",
        dependent="log",
        unit_variable="unit",
        time_variable="month",
        treatment_identifier=0,
        controls_identifier=[1, 2, 3, 4, 5],
        time_predictors_prior=range(20),
        time_optimize_ssr=list(range(20)),
    )
    largest = np.linalg.svd(logs[:20, 1:], compute_uv=False)[0] ** 2
    library = AugSynth()
    library.fit(data, lambda_=0.02 * largest, use_covariates=False)
    ours = augmented_weights(logs[:20, 0], logs[:20, 1:], 0.02)
    assert ours == pytest.approx(np.asarray(library.W), abs=1e-3)
    assert np.max(np.abs(ours - np.asarray(library.synw))) > 0.05


def test_the_penalty_is_large_where_donors_know_nothing_and_small_where_they_know_all():
    generator = np.random.default_rng(2)
    donors = generator.normal(size=(48, 20))
    assert np.median([chosen_penalty(generator.normal(size=48), donors, 4) for _ in range(9)]) >= 0.3
    assert chosen_penalty(donors @ np.linspace(-1, 1, 20), donors, 4) < 0.01


def test_without_donors_or_a_past_there_is_no_answer():
    case = factor_panel(1)
    assert augmented_control(case.panel, Window(0, 11, 4)) is None
    assert augmented_control(case.panel, Window(0, 56, 4, (3,))) is None
    assert augmented_control(case.panel, Window(0, 56, 4, (3, 4))) is not None
    assert augmented_control(case.panel, Window(0, 12, 12)) is not None


def test_nothing_is_known_of_the_window_but_the_donors():
    for skipped in (0, 2):
        assert looks_ahead(augmented_control, factor_panel(1, noise=0.05), skipped) == []
