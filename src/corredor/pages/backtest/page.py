"""The page of a backtest: what it says in words, losses first, then a picture series by series and every score."""

from __future__ import annotations

import pandas as pd

from corredor.learn.backtest.at_origin import OWN
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.verdict import NAIVE, TITLES, fit_words, headline, overall_table, score_table, series_title
from corredor.pages.charts.skill_chart import SkillRow, skill_chart
from corredor.pages.report.figure import FULL_PX, NARROW_PX, Picture, Table
from corredor.pages.template import filled

SCORE_COLUMNS = {
    "method": False, "output": False, "place": False, "group": False, "months ahead": True, "origins": True, "CRPS": True, "WIS": True,
    "50 % held": True, "80 % held": True, "95 % held": True,
}  # fmt: skip


def render_backtest(test: Backtest, made_up: bool = False, command: str = "") -> str:
    """The page as one HTML file without any outside part.

    made_up : whether the study's figures are invented; the page says so
    """
    scores = score_table(test)
    return filled(
        "backtest.html.j2",
        test=test,
        made_up=made_up,
        command=command,
        headline=headline(test),
        fit_words=fit_words(test),
        fits=_fits(test),
        overall=[_overall(test, str(output)) for output in scores["output"].unique()],
        pictures=_pictures(test, scores),
        scores=_scores(test, scores),
        left_out=test.left_out,
        withheld=", ".join(test.titles.get(output, output) for output in test.withheld),
        fallen=_fallen(scores),
    )


def _overall(test: Backtest, output: str) -> Table:
    """One row for each method, the best first: mean of all series of an output, the farthest month ahead last."""
    table = overall_table(test)
    table = table[table["output"] == output]
    ahead = sorted(table["horizon_months"].unique())
    last = table[table["horizon_months"] == ahead[-1]].sort_values("crps")
    crps = table.set_index(["method", "horizon_months"])["crps"]
    rows = []
    for row in last.itertuples():
        held = [f"{100 * share:.0f} %" for share in (row.cover50, row.cover80, row.cover95)]
        rows.append(
            [TITLES[str(row.method)], *(f"{crps[(row.method, month)]:,.0f}" for month in ahead), f"{row.wis:,.0f}", *held]
        )
    columns = {"method": False} | {f"CRPS, {month} month{'s' if month > 1 else ''}": True for month in ahead}
    columns |= {"WIS, farthest": True, "50 % held": True, "80 % held": True, "95 % held": True}
    n_series = int(last["series"].iloc[0])
    title = test.titles.get(output, output)
    caption = f"{title}: mean error in people over {n_series} series, and how often the bands held {ahead[-1]} months ahead"
    return Table(caption, columns, rows)


def _pictures(test: Backtest, scores: pd.DataFrame) -> list[tuple[str, Picture]]:
    """One picture for each output."""
    made = []
    for output, part in scores.groupby("output", sort=False):
        crps = part.set_index(["method", "place", "group", "horizon_months"])["crps"]
        if not {OWN, NAIVE} <= set(part["method"]):
            continue
        change = (crps[OWN] / crps[NAIVE] - 1).unstack("horizon_months")
        change = change.dropna().sort_values(change.columns[-1])
        if change.empty:
            continue
        rows = [SkillRow(series_title(test, *name), list(row)) for name, row in change.iterrows()]
        wide, narrow = (skill_chart(rows, list(change.columns), TITLES[NAIVE], width) for width in (FULL_PX * 0.75, NARROW_PX))
        made.append((test.titles.get(str(output), str(output)), Picture(wide, narrow)))
    return made


def _scores(test: Backtest, scores: pd.DataFrame) -> Table:
    rows = []
    for row in scores.itertuples():
        names = [TITLES[str(row.method)], *(test.titles.get(str(name), str(name)) for name in (row.output, row.place, row.group))]
        held = [f"{100 * share:.0f} %" for share in (row.cover50, row.cover80, row.cover95)]
        rows.append([*names, str(row.horizon_months), str(row.origins), f"{row.crps:,.0f}", f"{row.wis:,.0f}", *held])
    return Table("Every method, series and month ahead", SCORE_COLUMNS, rows)


def _fits(test: Backtest) -> Table | None:
    """How good corredor's fit was at each origin."""
    rows = [
        [
            str(row.origin),
            f"{row.misfit:.2f}",
            str(row.rounds),
            "yes" if row.converged else "no",
            f"{row.not_reproduced} of {row.series}",
        ]
        for row in test.fits.itertuples()
    ]
    columns = {"origin": False, "misfit": True, "rounds": True, "settled": False, "series whose last figures it missed": True}
    note = "Misfit: mean squared distance of the figures from the fit, in standard errors; about 1 or less is well."
    return Table("corredor's fit at each origin", columns, rows, note) if rows else None


def _fallen(scores: pd.DataFrame) -> str:
    share = scores.groupby("method", sort=False)["fell_back"].mean()
    return ", ".join(f"{TITLES[str(method)]} in {100 * part:.1f} % of forecasts" for method, part in share.items() if part > 0)
