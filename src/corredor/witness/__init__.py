"""A second witness for effects: what published series alone say of a date, without the model."""

from __future__ import annotations

from corredor.witness.estimate import Estimate
from corredor.witness.interrupted_series import interrupted_series
from corredor.witness.synthetic_control import DesignMissing, synthetic_control

__all__ = ["DesignMissing", "Estimate", "interrupted_series", "synthetic_control"]
