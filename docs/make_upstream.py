"""Make docs/upstream/*.csv by running the backtests of upstream_runs.py, and the tables of docs/UPSTREAM.md from them.

    python docs/make_upstream.py           writes the tables from the scores
    python docs/make_upstream.py --run     runs the backtests first: half an hour on one processor, most of it for mexico-2018

The same command goes on from where it was stopped.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from corredor.learn.backtest import read_months
from corredor.learn.backtest.paired_tests import months_between
from corredor.learn.paired import TOO_FEW, paired_ratio

DOCS = Path(__file__).resolve().parent
SCORES, FITS, WAYS = (DOCS / "upstream" / f"{name}.csv" for name in ("scores", "fits", "ways"))
PAGE = DOCS / "UPSTREAM.md"
BEGIN, END = "<!-- tables: written by docs/make_upstream.py -->", "<!-- end of tables -->"
ANSWER, END_OF_ANSWER = "<!-- answer: numbers by docs/make_upstream.py -->", "<!-- end of answer -->"
BEFORE = "2020-03"
"""Months before this one are also told apart: then borders closed, and counts everywhere followed that."""

SEED = 1
TRIANGLE, FROM_THE_SOUTH = ("honduras", "guatemala", "el_salvador"), ("cuba", "farther")
ALL = "all of these"


@dataclass(frozen=True)
class Question:
    """Two arms of a study that differ in the counts upstream alone, and the series downstream on which they are compared.

    told_of : groups or places that the counts upstream are about; control : those that they are not about
    months_unknown : months between the newest count known of these series and the origin
    """

    title: str
    study: str
    output: str
    arm: str
    without: str
    told_of: tuple[str, ...]
    control: tuple[str, ...]
    months_unknown: int


QUESTIONS = (
    Question(
        "United States, as published", "americas-2018", "us_apprehensions", "all", "upstream withheld",
        TRIANGLE + FROM_THE_SOUTH, ("mexico",), 1,
    ),
    Question(
        "Mexico, as published", "americas-2018", "mexico_presented", "all", "south withheld", FROM_THE_SOUTH, TRIANGLE, 2,
    ),
    Question(
        "United States, counts upstream known at once", "americas-2018", "us_apprehensions", "upstream at once", "upstream withheld",
        TRIANGLE + FROM_THE_SOUTH, ("mexico",), 1,
    ),
    Question(
        "Mexico, counts of Darién and Honduras known at once", "americas-2018", "mexico_presented", "south at once", "south withheld",
        FROM_THE_SOUTH, TRIANGLE, 2,
    ),
    Question(
        "mexico-2018: sectors of the United States border, as published", "mexico-2018", "us_apprehensions", "all", "upstream withheld",
        ("san_diego", "el_centro", "yuma", "tucson", "el_paso", "big_bend", "del_rio", "laredo", "rio_grande_valley"), (), 1,
    ),
)  # fmt: skip


def paired(scores: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Both arms of a question on the same figures.

    returns : columns origin, series, horizon_months, outcome, own (CRPS with counts upstream), other (without), in people
    """
    rows = scores[(scores["study"] == question.study) & (scores["output"] == question.output)]
    rows = rows.assign(series=rows["group"].where(rows["group"] != "", rows["place"]))
    keys = ["origin", "series", "horizon_months", "outcome"]
    arms = [rows[rows["arm"] == arm].set_index(keys)["crps"] for arm in (question.arm, question.without)]
    both = pd.concat(arms, axis=1, keys=["own", "other"])
    if both.isna().any(axis=None):
        raise ValueError(f"{question.title}: the arms were scored on different figures")
    return both.reset_index()


def comparison(scores: pd.DataFrame) -> pd.DataFrame:
    """One row for each question, series (and all that the counts upstream are about together) and month ahead.

    returns : columns question, series, control, horizon_months, own, other (mean CRPS, people; of ALL as a share of each series' mean
        count), ratio, low, high (95 %), verdict, origins, needed, better_at (origins at which it was lower), ratio_before (of months before
        BEFORE)
    """
    made = []
    for question in QUESTIONS:
        both = paired(scores, question)
        spacing = months_between(tuple(sorted(both["origin"].unique())))
        for ahead, rows in both.groupby("horizon_months"):
            for series in (ALL, *question.told_of, *question.control):
                chosen = _shares(rows[rows["series"].isin(question.told_of)]) if series == ALL else rows[rows["series"] == series]
                if chosen.empty:
                    continue
                told = _told(chosen, (int(str(ahead)) + question.months_unknown) / spacing)
                named = {"question": question.title, "series": series, "control": series in question.control}
                made.append({**named, "horizon_months": ahead, **told})
    return pd.DataFrame(made)


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Errors as shares of the mean count of each series, so that every series weighs alike."""
    scale = rows.groupby("series")["outcome"].transform("mean")
    return rows.assign(own=rows["own"] / scale, other=rows["other"] / scale)


def _told(rows: pd.DataFrame, reach: float) -> dict[str, object]:
    errors = rows.groupby("origin")[["own", "other"]].mean().sort_index()
    ratio = paired_ratio(errors["own"].to_numpy(), errors["other"].to_numpy(), reach, SEED)
    target = [read_months(origin)[0] + ahead for origin, ahead in zip(rows["origin"], rows["horizon_months"], strict=True)]
    before = rows[np.array(target) < read_months(BEFORE)[0]].groupby("origin")[["own", "other"]].mean().mean()
    return {
        "own": errors["own"].mean(), "other": errors["other"].mean(), "ratio": ratio.ratio, "low": ratio.low, "high": ratio.high,
        "verdict": ratio.verdict, "origins": ratio.origins, "needed": ratio.needed,
        "better_at": int((errors["own"] < errors["other"]).sum()), "ratio_before": before["own"] / before["other"],
    }  # fmt: skip


def tables(compared: pd.DataFrame) -> str:
    """One table for each question, as Markdown."""
    lines: list[str] = []
    for question in QUESTIONS:
        rows = compared[compared["question"] == question.title]
        aheads = sorted(rows["horizon_months"].unique())
        lines += [f"### {question.title}", "", _head(rows, question), ""]
        lines.append("| of whom | " + " | ".join(f"{ahead} month{'s' if ahead > 1 else ''} ahead" for ahead in aheads) + " |")
        lines.append("|---|" + "---|" * len(aheads))
        for series in rows["series"].drop_duplicates():
            of_series = rows[rows["series"] == series].set_index("horizon_months")
            cells = [_cell(of_series.loc[ahead]) if ahead in of_series.index else "not scored" for ahead in aheads]
            mark = " (not upstream)" if of_series["control"].iloc[0] else ""
            lines.append(f"| {series.replace('_', ' ')}{mark} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def _head(rows: pd.DataFrame, question: Question) -> str:
    most = rows["origins"].max()
    needed = rows.drop_duplicates("horizon_months").set_index("horizon_months")["needed"].to_dict()
    asked = ", ".join(f"{number} for {ahead}" for ahead, number in needed.items())
    return (
        f"`{question.study}`, {most} origins. Error (CRPS) with counts upstream over the error without; below 1 they help. In brackets "
        f"the interval of 95 % where there are origins enough for one ({asked} months ahead); then at how many origins the error was "
        "lower; then the ratio of months before March 2020 alone, where there are later ones."
    )


def _cell(row: pd.Series) -> str:
    interval = "" if pd.isna(row["low"]) else f" ({row['low']:.2f} to {row['high']:.2f})"
    before = "" if abs(row["ratio_before"] - row["ratio"]) < 1e-9 else f"; before: {row['ratio_before']:.2f}"
    return f"**{row['ratio']:.2f}**{interval}, {row['better_at']} of {row['origins']}{before}"


def answer(told: pd.DataFrame) -> str:
    """What the page says first, with its numbers; tests hold the words against the ratios."""
    us, mexico, us_at_once, mexico_at_once, sectors = (question.title for question in QUESTIONS)

    def ratio(title: str, series: str, ahead: int) -> pd.Series:
        return told[(told["question"] == title) & (told["series"] == series) & (told["horizon_months"] == ahead)].iloc[0]

    def change(title: str, series: str) -> str:
        return ", ".join(_percent(ratio(title, series, ahead)["ratio"]) for ahead in (1, 2, 3))

    first = ratio(us, ALL, 1)
    controls, n_intervals = told[told["control"]]["ratio"], int(told["low"].notna().sum())
    clear = int((told["verdict"].isin(["better", "worse"])).sum())
    sentences = (
        f"**As they are published: no.** United States, five groups taken alike: {change(us, ALL)} (one month ahead between "
        f"{_percent(first['low'])} and {_percent(first['high'])}; worst "
        f"Cubans, {_percent(ratio(us, 'cuba', 1)['ratio'])}). Mexico, Cubans and people of Haiti, Africa and Asia: {change(mexico, ALL)}. "
        "Counts upstream come out later than those downstream and the way takes days, so that whoever they "
        "tell of has been counted downstream already.",
        "**If they were known on the last day of their month: of Cubans, and less of Haiti, Africa and Asia, three months ahead.** "
        f"Presented in Mexico, when Darién and Honduras are known: Cubans {change(mexico_at_once, 'cuba')}; Haiti, Africa and Asia "
        f"{change(mexico_at_once, 'farther')}. Apprehended in the United States, when Darién, Honduras and Mexico are known: Cubans "
        f"{change(us_at_once, 'cuba')}; Haiti, Africa and Asia {change(us_at_once, 'farther')}.",
        f"**Of the Northern Triangle: of Hondurans one month ahead, else not.** Honduras {change(us_at_once, 'honduras')}; El Salvador "
        f"{change(us_at_once, 'el_salvador')}; Guatemala {change(us_at_once, 'guatemala')}, so no better with Mexico's newest count.",
        f"**How sure: not very.** Of {len(told)} ratios {n_intervals} have origins enough for an interval, and {clear} of these exclude 1. "
        f"Where nothing upstream tells of people, ratios lie between {controls.min():.2f} and {controls.max():.2f}. Most of the gain on "
        "Cubans is one wave, its end in June to August 2019.",
        f"**mexico-2018: nothing can be told.** {int(ratio(sectors, ALL, 1)['origins'])} origins. Nine sectors taken alike "
        f"{change(sectors, ALL)}; San Diego, where the caravan came, {change(sectors, 'san_diego')}.",
    )
    head = "Errors (CRPS) with counts upstream against errors without them, 1, 2 and 3 months ahead:"
    return "\n".join([head, "", *(f"- {sentence}" for sentence in sentences), ""])


def _percent(ratio: float) -> str:
    """How much higher or lower, as people write it."""
    percent = round(100 * (ratio - 1))
    return f"{percent:+d} %".replace("-", "−") if percent else "0 %"


def ways_table(ways: pd.DataFrame) -> str:
    """How long each leg takes, before and after learning, as Markdown."""
    lines = ["| leg | km | days, before | days, learned from all figures |", "|---|---:|---|---|"]
    for row in ways.itertuples():
        before, learned = (
            f"{getattr(row, f'{kind}_mid'):.0f} ({getattr(row, f'{kind}_low'):.0f} to {getattr(row, f'{kind}_high'):.0f})"
            for kind in ("before", "learned")
        )
        lines.append(f"| {row.leg} | {row.km:,.0f} | {before} | {learned} |")
    return "\n".join(lines)


def fit_sentence(fits: pd.DataFrame) -> str:
    """How well the fits of all origins and arms met the figures."""
    return " ".join(
        f"{study}: {len(of_study)} fits, misfit {of_study['misfit'].min():.2f} to {of_study['misfit'].max():.2f}, "
        f"{of_study['misfit'].median():.2f} in the middle (about 1 or less is well); {int((~of_study['converged']).sum())} had not "
        f"settled; of {int(of_study['series'].sum())} series forecast the last value stood in for "
        f"{int(of_study['not_reproduced'].sum())}."
        for study, of_study in fits.groupby("study", sort=False)
    )


def written_page(page: str, scores: pd.DataFrame, fits: pd.DataFrame, ways: pd.DataFrame) -> str:
    """The page with the tables in their place, and what is said of the fits."""
    told = comparison(scores)
    few = f"Of {len(told)} ratios, {int((told['verdict'] == TOO_FEW).sum())} have too few origins for an interval."
    parts = [
        tables(told),
        "### How long the way takes",
        "",
        ways_table(ways),
        "",
        "### The fits",
        "",
        f"{few} {fit_sentence(fits)}",
    ]
    return _filled(_filled(page, ANSWER, END_OF_ANSWER, answer(told)), BEGIN, END, "\n".join(parts) + "\n")


def _filled(text: str, begin: str, end: str, words: str) -> str:
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{words}\n{end}{rest.partition(end)[2]}"


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False)


if __name__ == "__main__":
    if "--run" in sys.argv[1:]:
        from upstream_runs import run_all  # late: the runs are not needed to write the page

        run_all()
    page = written_page(PAGE.read_text(encoding="utf-8"), read(SCORES), read(FITS), read(WAYS))
    PAGE.write_text(page, encoding="utf-8")
