"""A run in five sentences: when and how many, what changed, where the model fails, what is not known, what to be ready for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from corredor.pages.report.first_screen.change import change_words
from corredor.pages.report.first_screen.failure import failure_words
from corredor.pages.report.first_screen.failures import Judged
from corredor.pages.report.first_screen.monthly import Monthly, monthly
from corredor.pages.report.first_screen.peak import peak_words
from corredor.pages.report.first_screen.planning import planning_words
from corredor.pages.report.first_screen.unknown import unknown_words
from corredor.results.coverage import last_revisions
from corredor.results.view import Run


@dataclass(frozen=True)
class Sentence:
    """One of the five.

    about : peak, change, failure, unknown or planning
    label : one or two words that stand before it
    """

    about: str
    label: str
    words: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def in_short(run: Run, observed: pd.DataFrame, months: dict[str, Monthly], found: Judged | None) -> list[Sentence]:
    """The five sentences of a run; each says so where a study gives it nothing to say.

    observed : rows of `published.observations`; months : of `monthly_outputs`; found : of `judged`
    """
    main = leading(months)
    return [
        Sentence("peak", "Peak", peak_words(run, main)),
        Sentence("change", "Largest change", change_words(run, months)),
        Sentence("failure", "Where it fails", failure_words(run, found)),
        Sentence("unknown", "Not known", unknown_words(run, observed, months, main)),
        Sentence("planning", "Be ready for", planning_words(run, months, main, found)),
    ]


def monthly_outputs(run: Run, observed: pd.DataFrame, totals: Sequence[str]) -> dict[str, Monthly]:
    """Every output of people or days whose total is worth a picture, month by month, in the order of the study; and expected waits.

    totals : of `total_outputs`
    """
    waits = [name for name in run.outputs if run.unit(name) == "days" and not run.is_waited(name)]
    chosen = {*totals, *waits}
    once = last_revisions(observed)
    return {name: monthly(run, once, name) for name in run.outputs if name in chosen}


def leading(months: dict[str, Monthly]) -> Monthly | None:
    """The series that the study is about: its first output that was published throughout, else the first one."""
    return next((one for one in months.values() if one.is_published), next(iter(months.values()), None))
