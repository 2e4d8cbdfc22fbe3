"""Dollars by actor."""

from __future__ import annotations

import pandas as pd

from corredor.pages.report.figure import HALF_PX, Figure, Table, quantile_texts, single_figure
from corredor.pages.report.published import COLUMNS
from corredor.results.view import Run, Series


def account_figures(run: Run) -> list[Figure]:
    """One fan for each account, those of an actor together."""
    ordered = sorted(run.accounts, key=lambda name: run.model["accounts"][name]["actor"])
    return [single_figure(run, pd.DataFrame(columns=COLUMNS), name, f"account-{name}", HALF_PX) for name in ordered]


def account_table(run: Run) -> Table | None:
    """Totals over the whole study."""
    if not run.accounts:
        return None
    columns = {"who pays or sends": False, "for": False, "counted from": False, "median": True}
    columns |= {} if run.is_single else {"80 %": True, "95 %": True}
    rows = []
    for name in sorted(run.accounts, key=lambda name: run.model["accounts"][name]["actor"]):
        account = run.model["accounts"][name]
        of = account["of"]
        texts = quantile_texts(run.wording(name), run.drawn(Series(name)).totals())
        counted = run.title(of) if of in run.dataset else of
        rows.append([account["actor"], account["title"], counted, *(texts[:1] if run.is_single else texts)])
    return Table("US dollars over the whole study", columns, rows)
