"""Design-based estimates of effects: what published series alone say of a date, without the model."""

from __future__ import annotations

from corredor.effects.design.estimate import Estimate
from corredor.effects.design.interrupted_series import interrupted_series
from corredor.effects.design.synthetic_control import DesignMissing, synthetic_control

__all__ = ["DesignMissing", "Estimate", "interrupted_series", "synthetic_control"]
