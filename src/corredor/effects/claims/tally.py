"""All findings together in a few sentences: how many claims, what held, what did not, what cannot be told and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corredor.effects.claims.finding import Finding
from corredor.effects.claims.verdicts import UNTOLD, VERDICTS, Verdict
from corredor.results.wording import joined

RANKED: tuple[Verdict, ...] = ("contradicted", "supported", *VERDICTS[2:])
"""What did not hold comes first, as that is news."""

WORDS: dict[Verdict, tuple[str, str]] = {
    "supported": ("holds", "hold"),
    "contradicted": ("does not hold", "do not hold"),
    "no large effect": ("is about an effect that is not large", "are about effects that are not large"),
    "repeats its source": ("repeats its source", "repeat their source"),
    "cannot tell": ("cannot be told", "cannot be told"),
    "not testable": ("cannot be tested", "cannot be tested"),
}
"""After a number, for one claim and for several."""


@dataclass(frozen=True)
class Group:
    """Findings with the same verdict, the largest first.

    words : 4 do not hold
    why : of claims that cannot be told, how many for which reason; empty for the others
    """

    verdict: Verdict
    words: str
    why: str
    findings: tuple[Finding, ...]


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Findings by verdict, what did not hold first; verdicts without a claim are left out."""
    groups = []
    for verdict in RANKED:
        some = [finding for finding in findings if finding.judgement.verdict == verdict]
        if some:
            some.sort(key=lambda finding: (list(UNTOLD).index(finding.judgement.untold or "not separable"), -_size(finding)))
            groups.append(Group(verdict, f"{len(some)} {WORDS[verdict][len(some) > 1]}", _why(some), tuple(some)))
    return groups


def summary(findings: Sequence[Finding]) -> str:
    """One sentence: Of 28 claims 4 do not hold, 8 hold, … and 11 cannot be told (8: figures cannot separate …)."""
    if not findings:
        return "No claims."
    parts = [group.words + (f" ({group.why})" if group.why else "") for group in grouped(findings)]
    return f"Of {len(findings)} claim{'s' if len(findings) > 1 else ''} {joined(parts)}."


def _why(some: Sequence[Finding]) -> str:
    counts = {words: sum(finding.judgement.untold == untold for finding in some) for untold, words in UNTOLD.items()}
    return "; ".join(f"{count}: {words}" for words, count in counts.items() if count)


def _size(finding: Finding) -> float:
    """How large the change is that a claim is about: the effect, or the bound nearest to none; 0 where there is no number."""
    ends = [abs(end) for end in (finding.low, finding.high) if end is not None and math.isfinite(end)]
    return abs(finding.effect) if finding.effect is not None else min(ends, default=0.0)
