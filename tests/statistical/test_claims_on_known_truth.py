"""How often is a claim about nothing answered, and how often is an effect seen? The truth of each scenario is known.

At most one claim in twenty about an effect that is not there may be supported or contradicted. With the rate at 5 %, a count above
the bound has a chance of one in a million for each check.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from made_up_series import QUIET, RESTLESS, Months, finding_after_a_fit, finding_in_a_world, published_months
from scipy import stats

from corredor.effects.design.interrupted_series import interrupted_series

ALLOWED = 0.05
ONE_IN_A_MILLION = 1e-6
REDUCED, FULL = 40, 200


def verdicts(months: Months, effect_percent: float, scenarios: int, first_seed: int) -> Counter[str]:
    return Counter(
        finding_in_a_world(months, effect_percent, first_seed + scenario).judgement.verdict for scenario in range(scenarios)
    )


def answered(found: Counter[str]) -> int:
    return found["supported"] + found["contradicted"]


def bound(scenarios: int) -> int:
    return int(stats.binom.ppf(1 - ONE_IN_A_MILLION, scenarios, ALLOWED))


@pytest.mark.parametrize("months", [QUIET, RESTLESS], ids=["quiet", "restless"])
def test_where_nothing_happened_hardly_any_claim_is_answered(months):
    assert answered(verdicts(months, 0.0, REDUCED, 100)) <= bound(REDUCED)


@pytest.mark.full
@pytest.mark.parametrize("months", [QUIET, RESTLESS], ids=["quiet", "restless"])
def test_in_two_hundred_worlds_without_effect_at_most_one_in_twenty_claims_is_answered(months):
    assert answered(verdicts(months, 0.0, FULL, 50_000)) <= ALLOWED * FULL


def test_a_large_effect_in_a_quiet_series_is_seen_and_never_denied():
    found = verdicts(QUIET, -55.0, 20, 300)
    assert found["supported"] >= 18
    assert found["contradicted"] == 0


def test_a_claim_of_the_wrong_direction_is_contradicted_where_the_opposite_happened():
    found = verdicts(QUIET, 120.0, 20, 400)
    assert found["contradicted"] >= 18
    assert found["supported"] == 0


def test_a_prior_that_fixes_the_direction_supports_nothing_by_itself():
    """All draws say that arrivals fell; the published series says nothing. Whatever the prior, hardly any claim may be supported."""
    found = Counter(
        finding_in_a_world(QUIET, 0.0, 600 + scenario, prior_mean=-0.08, prior_sd=0.02).judgement.verdict
        for scenario in range(REDUCED)
    )
    assert answered(found) <= bound(REDUCED)


def test_a_well_stated_fit_answers_hardly_any_claim_about_nothing_and_sees_a_large_effect():
    nothing = Counter(finding_after_a_fit(0.0, 900 + scenario).judgement.verdict for scenario in range(REDUCED))
    assert answered(nothing) <= bound(REDUCED)
    halved = Counter(finding_after_a_fit(-50.0, 950 + scenario).judgement.verdict for scenario in range(10))
    assert halved == {"supported": 10}


@pytest.mark.full
def test_in_two_hundred_worlds_a_well_stated_fit_answers_at_most_one_claim_in_twenty_about_nothing():
    found = Counter(finding_after_a_fit(0.0, 60_000 + scenario).judgement.verdict for scenario in range(FULL))
    assert answered(found) <= ALLOWED * FULL


def test_a_witness_that_takes_months_for_independent_raises_alarms_that_this_check_sees():
    """The twin with a planted fault: before and after compared by a plain t test."""

    def answers(seed: int) -> bool:
        values = np.log(published_months(RESTLESS, 0.0, seed))
        return bool(stats.ttest_ind(values[:72], values[72:]).pvalue <= ALLOWED)

    assert sum(answers(seed) for seed in range(REDUCED)) > bound(REDUCED)


@pytest.mark.parametrize("months", [QUIET, RESTLESS], ids=["quiet", "restless"])
def test_intervals_of_the_interrupted_series_hold_the_truth(months):
    """At least 95 %: a count of misses above the bound has a chance of one in a million."""
    misses = 0
    for seed in range(REDUCED):
        found = interrupted_series(published_months(months, -20.0, 7000 + seed), 6, 72)
        assert found is not None
        misses += not found.low <= np.log(0.8) <= found.high
    assert misses <= bound(REDUCED)
