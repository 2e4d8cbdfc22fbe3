"""Every way to say what was to be expected, by the name that tables and pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corredor.effects.design.augmented_control import augmented_control
from corredor.effects.design.interactive_effects import interactive_effects
from corredor.effects.design.interrupted_trend import interrupted_trend
from corredor.effects.design.matrix_completion import matrix_completion
from corredor.effects.design.panel import ExpectedLog
from corredor.effects.design.simple import difference_in_differences, mean_before_and_after, mean_with_season
from corredor.effects.design.structural_series import structural_series, structural_series_with_donors
from corredor.effects.design.synthetic_difference import synthetic_difference


@dataclass(frozen=True)
class Named:
    """expected : the method;  asks_donors : whether other series have a say in its answer"""

    expected: ExpectedLog
    asks_donors: bool


EXPECTATIONS: Mapping[str, Named] = {
    "mean before and after": Named(mean_before_and_after, False),
    "mean with season": Named(mean_with_season, False),
    "interrupted series with trend": Named(interrupted_trend, False),
    "structural series": Named(structural_series, False),
    "difference in differences": Named(difference_in_differences, True),
    "structural series with donors": Named(structural_series_with_donors, True),
    "synthetic difference in differences": Named(synthetic_difference, True),
    "augmented synthetic control": Named(augmented_control, True),
    "interactive fixed effects": Named(interactive_effects, True),
    "matrix completion": Named(matrix_completion, True),
}
