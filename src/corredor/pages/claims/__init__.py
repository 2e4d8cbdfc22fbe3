"""Findings about claims as one HTML page without any outside part."""

from __future__ import annotations

from corredor.pages.claims.page import render_claims

__all__ = ["render_claims"]
