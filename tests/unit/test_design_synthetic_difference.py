"""Does synthetic difference in differences find a planted counterfactual, and weigh as its authors say?"""

from __future__ import annotations

import sys

import numpy as np
import pytest
from planted_panels import errors, factor_panel, halved, looks_ahead, off_by_a_tenth

from corredor.effects.design.donor_series import donor_series
from corredor.effects.design.panel import Window, gap
from corredor.effects.design.simple import difference_in_differences
from corredor.effects.design.synthetic_difference import DesignMissing, synthetic_difference, weights

CLOSE = 0.06
"""Root mean square of the error in log, over the cases; the plain difference in differences misses by three times as much."""


def root_mean_square(method, cases):
    return float(np.sqrt(np.mean(errors(method, cases) ** 2)))


def test_a_planted_mixture_is_found():
    cases = [factor_panel(seed, noise=0.02) for seed in range(8)]
    assert root_mean_square(synthetic_difference, cases) < CLOSE
    assert root_mean_square(off_by_a_tenth(synthetic_difference), cases) > CLOSE
    assert root_mean_square(difference_in_differences, cases) > 3 * CLOSE


def two_way():
    """Series with a level each and a common month each, in log."""
    generator = np.random.default_rng(3)
    logs = 7 + generator.normal(size=8) + 0.3 * generator.normal(size=(40, 1)).cumsum(axis=0)
    return halved(np.exp(logs), 36, 4)


def test_common_months_and_levels_are_taken_out_exactly():
    case = two_way()
    assert synthetic_difference(case.panel, case.window) == pytest.approx(case.truth, abs=1e-3)
    assert gap(synthetic_difference, case.panel, case.window) == pytest.approx(np.log(0.5), abs=1e-3)


def test_weights_are_shares():
    case = factor_panel(2, noise=0.05)
    known = donor_series(case.panel, case.window)
    assert known is not None
    for shares in weights(known):
        assert np.all(shares >= 0)
        assert shares.sum() == pytest.approx(1)


def test_the_estimate_is_the_weighted_two_way_regression():
    """By dummies: the coefficient is the mean over the window of the log gap of each month."""
    case = factor_panel(4, noise=0.05, n_months=40)
    known = donor_series(case.panel, case.window)
    assert known is not None
    of_donors, of_months = weights(known)
    logs = np.log(case.panel.people + 0.5)
    n_months, n_units = logs.shape
    weight = np.outer(np.append(of_months, np.full(4, 1 / 4)), np.append(1.0, of_donors))
    touched = np.zeros((n_months, n_units))
    touched[36:, 0] = 1.0
    columns = [touched.ravel()]
    columns += [np.outer(np.ones(n_months), np.arange(n_units) == unit).ravel() for unit in range(n_units)]
    columns += [np.outer(np.arange(n_months) == month, np.ones(n_units)).ravel() for month in range(n_months)]
    root = np.sqrt(weight.ravel())
    coefficients = np.linalg.lstsq(np.column_stack(columns) * root[:, None], logs.ravel() * root, rcond=None)[0]
    monthly = known.donors_within @ of_donors + of_months @ (known.before - known.donors_before @ of_donors)
    assert coefficients[0] == pytest.approx(np.mean(logs[36:, 0] - monthly), abs=1e-8)
    assert synthetic_difference(case.panel, case.window) == pytest.approx(np.log(np.sum(np.exp(monthly) - 0.5) + 0.5))


def test_without_donors_or_a_past_there_is_no_answer():
    case = factor_panel(1)
    assert synthetic_difference(case.panel, Window(0, 11, 4)) is None
    assert synthetic_difference(case.panel, Window(0, 56, 4, (3,))) is None
    assert synthetic_difference(case.panel, Window(0, 56, 4, (3, 4))) is not None


def test_nothing_is_known_of_the_window_but_the_donors():
    for skipped in (0, 2):
        assert looks_ahead(synthetic_difference, factor_panel(1, noise=0.05), skipped) == []


def test_a_missing_library_is_named_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "diff_diff", None)
    case = factor_panel(1)
    with pytest.raises(DesignMissing, match=r"diff-diff: pip install 'corredor\[design\]'"):
        synthetic_difference(case.panel, case.window)
