"""Is a claim that names no output answered by the published series alone, also of days after the study, once they were published?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_up_series import CLAIM, FIRST_MONTH, rows_of, small_study

from corredor.effects.claims import check_claims
from corredor.effects.claims.finding import Finding
from corredor.study.model import Model
from corredor.study.schema import Claim

LAST_DAY = dt.date(2022, 6, 30)
"""Half a year after the last day of the small study."""


def told(change: float) -> Model:
    """The small study with a quiet series that changes by a factor from July 2021 on, and goes on after the study ends."""
    model, _, _ = small_study()
    months = np.arange(FIRST_MONTH, np.datetime64("2022-07"))
    wave = 4000 * np.exp(0.2 * np.sin(np.arange(len(months)) * np.pi / 6))
    people = np.random.default_rng(3).poisson(wave * np.where(months >= np.datetime64("2021-07"), change, 1.0))
    check = CLAIM.effect.model_dump(by_alias=True) | {"output": None, "to": LAST_DAY}
    claim = Claim.model_validate(CLAIM.model_dump(exclude={"effect"}) | {"effect": check})
    return replace(model, series=rows_of(people.astype(float)), claims=(claim,))


def found(change: float, as_of: dt.date) -> Finding:
    return check_claims(told(change), as_of=as_of, jobs=1)[0]


def test_a_halving_after_the_study_is_supported_and_no_model_is_asked() -> None:
    finding = found(0.5, dt.date(2022, 7, 31))
    assert (finding.judgement.verdict, finding.judgement.rule) == ("supported", "C6")
    assert "published series alone; no model was asked" in finding.judgement.why
    assert finding.low < -50 < finding.high < 0
    assert (finding.low, finding.high) == pytest.approx(
        (finding.published_effect.excluded_below, finding.published_effect.excluded_above)
    )
    assert [who for who, *_ in finding.effect_picture.rows] == ["published series"]


def test_nothing_that_happened_is_bounded() -> None:
    finding = found(1.0, dt.date(2022, 7, 31))
    assert finding.judgement.verdict == "no large effect"
    assert finding.low < 0 < finding.high


@pytest.mark.parametrize("as_of", [None, dt.date(2022, 7, 9)])
def test_before_the_last_month_is_published_it_cannot_be_told(as_of: dt.date | None) -> None:
    finding = found(0.5, as_of)
    assert finding.judgement.verdict == "cannot tell"
    assert finding.probability is None and finding.effect is None
    assert "does not hold the window" in finding.evidence[-1].text
    if as_of is None:
        assert "--as-of" in finding.would_change


def test_an_output_keeps_a_claim_inside_the_study() -> None:
    inside = replace(told(0.5), claims=(CLAIM,))
    finding = check_claims(inside, draws=20, jobs=1, as_of=dt.date(2022, 7, 31))[0]
    assert any(row.text.startswith("The model (") for row in finding.evidence)
