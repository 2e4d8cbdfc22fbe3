"""What a backtest leaves: its page and its files."""

from __future__ import annotations

from corredor.pages.backtest.written import as_json, write_backtest

__all__ = ["as_json", "write_backtest"]
