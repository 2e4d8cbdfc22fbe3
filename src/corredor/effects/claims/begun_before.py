"""Had the change begun before the measure? The same estimate with its window some months earlier."""

from __future__ import annotations

from corredor.effects.claims.effect_evidence import percents
from corredor.effects.claims.finding import Evidence
from corredor.effects.claims.published_series import Published
from corredor.effects.design.nearby import Shifted, anticipation
from corredor.effects.design.panel_change import panel_change
from corredor.results.wording import joined


def moved_earlier(published: Published) -> tuple[Shifted, ...]:
    """The estimate of a claim one, two and three months earlier; empty where it cannot be made."""
    question = published.question
    if question is None:
        return ()
    return anticipation(lambda window: panel_change(question.reference, question.panel, window), question.window)


def begun_before_evidence(published: Published) -> list[Evidence]:
    """The row that tells whether the months before moved already; none where nothing can be said."""
    moved = moved_earlier(published)
    if not moved:
        return []
    begun = [one for one in moved if one.anticipated]
    shown = begun or list(moved)
    months = joined([str(one.months_earlier) for one in shown]) + (" month" if shown[-1].months_earlier == 1 else " months")
    changes = joined([_change(one) for one in shown])
    same = f"with its window {months} earlier the same estimate is {changes}"
    text = (
        f"The change had begun before the measure: {same}, more than a change at its date would show there."
        if begun
        else f"No sign that the change had begun before the measure: {same}."
    )
    figures = {f"effect_percent_{one.months_earlier}_earlier": percents([one.effect])[0] for one in moved}
    return [Evidence(text, (), {"had_begun_before": float(bool(begun)), **figures})]


def _change(one: Shifted) -> str:
    """−52 % (95 %: −70 to −31)."""
    low, middle, high = percents((one.low, one.effect, one.high))
    return f"{middle:+.0f} % (95 %: {low:+.0f} to {high:+.0f})"
