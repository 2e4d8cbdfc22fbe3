"""What is not known most of all: the assumption that decides most, and what nobody publishes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corredor.pages.report.first_screen.changes import gap, shortened
from corredor.pages.report.first_screen.monthly import Monthly, plain_title
from corredor.results.quantiles import column_blocks
from corredor.results.view import Run
from corredor.results.wording import share_text

LEAST_SHARE = 0.1
BY_CHANCE = 20.0
"""Of so many parameters one or another goes with 20 / n_draws of the differences by chance alone."""


def unknown_words(run: Run, observed: pd.DataFrame, months: dict[str, Monthly], main: Monthly | None) -> str:
    """months : of `monthly_outputs`; main : the series that the study is about"""
    return " ".join(filter(None, [_unpublished_words(run, observed, months), _assumption_words(run, main)]))


def deciding_parameter(run: Run, total: np.ndarray) -> tuple[str, float] | None:
    """The parameter with which a total differs most from draw to draw, and the share of its variance (squared rank correlation).

    total : (n_draws,) float
    returns : None where no parameter stands out from chance
    """
    if "parameter_value" not in run.dataset or np.ptp(total) == 0:
        return None
    array, of_total = run.dataset["parameter_value"], _ranks(total)
    of_total = of_total - of_total.mean()
    shares = np.full(array.sizes["parameter"], -1.0)
    for columns, values in column_blocks(array):
        for number, column in enumerate(values, columns.start):
            if np.ptp(column) > 0:
                ranks = _ranks(column)
                ranks = ranks - ranks.mean()
                shares[number] = (of_total @ ranks) ** 2 / ((ranks**2).sum() * (of_total**2).sum())
    best = int(np.argmax(shares)) if len(shares) else 0
    if not len(shares) or shares[best] < max(LEAST_SHARE, BY_CHANCE / run.n_draws):
        return None
    return str(array["parameter"].to_numpy()[best]), float(shares[best])


def _ranks(values: np.ndarray) -> np.ndarray:
    """1 for the smallest …; equal ones share the mean of their places."""
    return np.asarray(pd.Series(values).rank())


def _unpublished_words(run: Run, observed: pd.DataFrame, months: dict[str, Monthly]) -> str:
    """The series that no figure was published of, and the least certain of them."""
    with_figures = set(observed["output"])
    counting = [name for name in months if run.side(name) != "money" and run.unit(name) == "people"]
    without = [name for name in counting if name not in with_figures]
    if not without:
        return "Some figure was published of every series."
    words = f"Nothing was published of {len(without)} of {len(counting)} series"
    if run.is_single:
        return f"{words}, and a single run cannot say how sure it is of them."
    bands = {name: np.quantile(months[name].totals, [0.1, 0.9]) for name in without}
    widest = max(without, key=lambda name: gap(*bands[name]))
    interval = run.wording(widest).rounded_interval(*bands[widest])
    return f"{words}; least sure: {plain_title(run, widest)}, {interval} {_over_what(run, widest)} (80 %)."


def _assumption_words(run: Run, main: Monthly | None) -> str:
    if run.is_single or main is None:
        return ""
    found = deciding_parameter(run, main.totals)
    if found is None:
        return ""
    name, share = found
    parameter = next(one for one in run.model["parameters"] if one["name"] == name)
    judgement = ", an assumption" if parameter["basis"] in ("assumption", "made_up") else ""
    return f"{share_text(share)} of the doubt about {plain_title(run, main.name)} goes with “{shortened(parameter['title'])}”{judgement}."


def _over_what(run: Run, name: str) -> str:
    return "on average" if run.is_mean(name) else "in all"
