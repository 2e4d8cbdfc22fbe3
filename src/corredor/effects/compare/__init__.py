"""What did a measure change? The same draws with common random numbers in two scenarios, or in every subset of several measures (M15)."""

from __future__ import annotations

from corredor.effects.compare.pair import compare

__all__ = ["compare"]
