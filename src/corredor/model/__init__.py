"""From raw tables to a checked Model: every check of one entry against another, once."""

from __future__ import annotations

from corredor.model.model import Model, load_study
from corredor.model.selectors import great_circle_km, matches_group, matches_place

__all__ = ["Model", "great_circle_km", "load_study", "matches_group", "matches_place"]
