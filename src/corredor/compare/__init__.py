"""What did a measure change? The same draws and the same luck in two worlds, or in every subset of several measures (M15)."""

from __future__ import annotations

from corredor.compare.pair import compare

__all__ = ["compare"]
