"""Does matrix completion fill in planted tables, and is its filling the least of the problem it says it solves?"""

from __future__ import annotations

import numpy as np
import pytest
from planted_panels import errors, factor_panel, looks_ahead, off_by_a_tenth
from scipy.optimize import minimize

from corredor.effects.design.matrix_completion import PENALTIES, chosen_penalty, completed, matrix_completion
from corredor.effects.design.panel import Window
from corredor.effects.design.simple import difference_in_differences


def root_mean_square(method, cases):
    return float(np.sqrt(np.mean(errors(method, cases) ** 2)))


def test_levels_and_common_months_alone_are_filled_in_exactly():
    cases = [factor_panel(seed, n_factors=0) for seed in range(3)]
    assert np.max(np.abs(errors(matrix_completion, cases))) < 1e-3
    assert np.min(np.abs(errors(off_by_a_tenth(matrix_completion), cases))) > 1e-3


def test_planted_factors_are_filled_in():
    cases = [factor_panel(seed, noise=0.05) for seed in range(10)]
    assert root_mean_square(matrix_completion, cases) < 0.08
    assert root_mean_square(difference_in_differences, cases) > 0.12
    assert root_mean_square(off_by_a_tenth(matrix_completion), cases) > 0.08


def hidden_table():
    generator = np.random.default_rng(4)
    table = generator.normal(size=(30, 2)) @ generator.normal(size=(2, 7)) + 0.1 * generator.normal(size=(30, 7))
    table[26:, 0] = np.nan
    return table


def test_the_largest_penalty_leaves_the_fixed_effects_alone():
    """By hand: a hidden month is the donors' mean in it, and the touched series' mean distance from it."""
    table = hidden_table()
    months = table[:, 1:].mean(axis=1)
    expected = months[26:] + np.mean(table[:26, 0] - months[:26])
    assert completed(table, PENALTIES[:1])[0][26:] == pytest.approx(expected)


def test_the_filling_is_the_least_of_its_problem():
    """Half the squares on what is seen plus penalty × nuclear norm, fixed effects free: SciPy finds no better table nearby."""
    table = hidden_table()[18:, :4]
    seen = np.isfinite(table)
    n_months, n_units = table.shape
    ours = completed(table, PENALTIES[:4])[-1]
    start = np.where(seen, table, 0.0)
    fixed = np.linalg.norm(_two_way_rest(table), 2) * PENALTIES[3]

    def loss(unknown):
        low = unknown[: n_months * n_units].reshape(n_months, n_units)
        levels = unknown[n_months * n_units :]
        whole = low + levels[:n_months, None] + levels[n_months:]
        squares = 0.5 * np.sum(np.where(seen, table - whole, 0.0) ** 2)
        # a smooth stand-in for the nuclear norm, so that a general method can be asked
        return squares + fixed * np.sum(np.sqrt(np.linalg.svd(low, compute_uv=False) ** 2 + 1e-8))

    found = minimize(loss, np.append(start.ravel() * 0, np.zeros(n_months + n_units)), options={"maxiter": 3000, "gtol": 1e-4})
    low = found.x[: n_months * n_units].reshape(n_months, n_units)
    levels = found.x[n_months * n_units :]
    theirs = (low + levels[:n_months, None] + levels[n_months:])[:, 0]
    assert ours == pytest.approx(theirs, abs=0.02)
    assert completed(table, PENALTIES[:3])[-1] != pytest.approx(theirs, abs=0.02)


def _two_way_rest(table):
    """What two-way fixed effects leave, by dummies."""
    seen = np.isfinite(table)
    rows, columns = np.nonzero(seen)
    dummies = np.column_stack([np.eye(table.shape[0])[rows], np.eye(table.shape[1])[columns]])
    learned = np.linalg.lstsq(dummies, table[seen], rcond=None)[0]
    rest = np.zeros(table.shape)
    rest[seen] = table[seen] - dummies @ learned
    return rest


def test_the_penalty_is_large_for_noise_and_small_for_factors():
    generator = np.random.default_rng(5)
    noise = [chosen_penalty(generator.normal(size=(40, 9)), 4) for _ in range(7)]
    factors = 3 * generator.normal(size=(7, 40, 2)) @ generator.normal(size=(7, 2, 9))
    tables = factors + 0.1 * generator.normal(size=(7, 40, 9))
    clear = [chosen_penalty(table, 4) for table in tables]
    assert np.mean(noise) < 2
    assert np.mean(clear) > 4


def test_without_donors_or_a_past_there_is_no_answer():
    case = factor_panel(1)
    assert matrix_completion(case.panel, Window(0, 11, 4)) is None
    assert matrix_completion(case.panel, Window(0, 56, 4, (3,))) is None
    assert matrix_completion(case.panel, Window(0, 56, 4, (3, 4))) is not None
    assert matrix_completion(case.panel, Window(0, 12, 12)) is not None


def test_nothing_is_known_of_the_window_but_the_donors():
    for skipped in (0, 2):
        assert looks_ahead(matrix_completion, factor_panel(1, noise=0.05), skipped) == []
