"""What the first screen of a run tells, worked out once for its page, the terminal and JSON."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from corredor.pages.report.choices import total_outputs
from corredor.pages.report.first_screen.cards import Card, ranked_cards
from corredor.pages.report.first_screen.failures import judged
from corredor.pages.report.first_screen.in_short import Sentence, in_short, monthly_outputs
from corredor.pages.report.first_screen.monthly import Monthly
from corredor.pages.report.published import observations
from corredor.results.view import Run


@dataclass(frozen=True)
class FirstScreen:
    """observed : rows of `published.observations`; totals : of `choices.total_outputs`; months : of `monthly_outputs`;
    cards : of all series, ranked"""

    run: Run
    observed: pd.DataFrame
    totals: list[str]
    months: dict[str, Monthly]
    sentences: list[Sentence]
    cards: list[Card]


def first_screen(run: Run) -> FirstScreen:
    observed = observations(run)
    totals, found = total_outputs(run), judged(run, observed)
    months = monthly_outputs(run, observed, totals)
    return FirstScreen(run, observed, totals, months, in_short(run, observed, months, found), ranked_cards(run, months, found))
