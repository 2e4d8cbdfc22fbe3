"""Does a public claim hold? From a study's claims to verdicts with probability, interval, evidence, and what would change them."""

from __future__ import annotations

from corredor.effects.claims.check import check_claims
from corredor.effects.claims.finding import Finding, Findings
from corredor.effects.claims.verdicts import VERDICTS, Judgement

__all__ = ["VERDICTS", "Finding", "Findings", "Judgement", "check_claims"]
