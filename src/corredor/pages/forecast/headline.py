"""The first screen of a forecast: what comes next, how sure that is, what is out of line, what follows for those who plan."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corredor.learn.coming_months import PUBLISHED, told_tables
from corredor.pages.forecast.tables import SIDES_IN_ORDER, forecast_outputs, in_all, month_words, threshold_words, total_title
from corredor.results.view import Run
from corredor.results.wording import date_text, joined
from corredor.study.calendar import first_day, last_day, month_name, read_month

SURE = 0.8
"""Share of the simulations that must agree before a rise or fall is told as one."""
TELLING_CHANCE = 0.2
MOST_TOLD = 3
MOST_OF_A_SIDE = 2
STUDY_DAYS = re.compile(r",? (from )?([A-Z][a-z]+ )?\d{4}( to |\s?[–-]\s?)([A-Z][a-z]+ )?\d{4}$")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """Sentences of the first screen, question by question, in the order in which they are read."""

    next: list[str]
    change: list[str]
    sure: list[str]
    plan: list[str]
    out_of_line: list[str]

    def as_json(self) -> dict[str, list[str]]:
        """question → sentences"""
        return {name: list(getattr(self, name)) for name in ("next", "change", "sure", "plan", "out_of_line")}


@dataclass(frozen=True)
class Card:
    """A number of the first screen: the median of the last coming month, its 80 % band, what was known before."""

    title: str
    side: str
    number: str
    month: str
    interval: str
    words: str


def forecast_answer(run: Run) -> Answer:
    """The first screen of a forecast, for page, terminal and JSON."""
    return answer(run, *told_tables(run, forecast_outputs(run)), track_record_of(run))


def answer(run: Run, table: pd.DataFrame, thresholds: pd.DataFrame, track: dict[str, Any] | None) -> Answer:
    """table, thresholds : of `coming_table` and `threshold_table`; track : of `find_track_record`"""
    rows = in_all(table)
    leading = [row for row in (_leading(rows, side) for side in ("control", "protection")) if row]
    leading = leading or [row for row in (_leading(rows, "movement"),) if row]
    return Answer(
        next=_next(run, leading),
        change=_change(run, rows),
        sure=_sure(run, track),
        plan=[*_plan(run, leading), *_next_figure(run, leading)],
        out_of_line=_out_of_line(run, thresholds),
    )


def cards(run: Run, table: pd.DataFrame) -> dict[str, list[Card]]:
    """At most two numbers of each side, as many of protection as of control, those that change most and most surely first."""
    last = in_all(table).groupby("output", sort=False).tail(1)
    by_side = {side: last[last["side"] == side].to_dict("records") for side in SIDES_IN_ORDER}
    fair = min(MOST_OF_A_SIDE, max(len(by_side["control"]), 1), max(len(by_side["protection"]), 1))
    ranked = {side: sorted(rows, key=lambda row: -_weight(row))[:fair] for side, rows in by_side.items()}
    return {side: [_card(run, row) for row in rows] for side, rows in ranked.items() if rows}


def track_record_of(run: Run) -> dict[str, Any] | None:
    """The track record that was found when the forecast was made."""
    told = json.loads(run.dataset.attrs.get("track_record", "null"))
    return told if isinstance(told, dict) else None


def chance_words(share: float) -> str:
    """0.23 → in 23 of 100 simulations."""
    if share >= 0.995 or share <= 0.005:
        return "in all simulations" if share > 0.5 else "in hardly any simulation"
    return f"in {round(100 * share)} of 100 simulations"


def _leading(rows: pd.DataFrame, side: str) -> Rows:
    """The coming months of the first output of a side, published ones first."""
    of_side = rows[rows["side"] == side]
    published = of_side[(of_side["counts"] == PUBLISHED) & (of_side["known_month"] != "")]
    chosen = published if len(published) else of_side
    name = next(iter(chosen["output"]), None)
    found: Rows = [] if name is None else chosen[chosen["output"] == name].to_dict("records")
    return found


def _next(run: Run, leading: list[Rows]) -> list[str]:
    """Medians of all coming months, and the band of the last; months and share of simulations are named once."""
    sentences = []
    for number, months in enumerate(leading):
        rounded, last = run.wording(months[0]["output"]).rounded, months[-1]
        named = number == 0 or [row["month"] for row in months] != [row["month"] for row in leading[0]]
        when = [f" in {month}" if named else "" for month in _short_months(months)]
        medians = joined([f"{rounded(row['median'])}{month}" for row, month in zip(months, when, strict=True)])
        unit = " days" if last["unit"] == "days" else ""
        band = f" ({rounded(last['low80'])} to {rounded(last['high80'])}{' in 8 of 10 simulations' if number == 0 else ''})"
        sentences.append(f"{total_title(last['title'])}: about {medians}{unit}{'' if run.is_single else band}.")
    return sentences


def _short_months(months: Rows) -> list[str]:
    """Dec 2018, Jan and Feb 2019: the year only where it ends."""
    words = [month_words(row["month"]) for row in months]
    return [word if n + 1 == len(words) or words[n + 1][-4:] != word[-4:] else word[:-5] for n, word in enumerate(words)]


def _change(run: Run, rows: pd.DataFrame) -> list[str]:
    """Which outputs rise or fall from their last published month, and how surely."""
    told = []
    for row in rows[(rows["known_month"] != "") & rows["known"].notna()].groupby("output", sort=False).tail(1).to_dict("records"):
        up = row["chance_above_known"]
        if max(up, 1 - up) >= SURE:
            told.append((-_weight(row), f"{total_title(row['title'])} {_direction(run, row)}"))
    if told:
        return [f"Against the last month known: {'; '.join(words for _, words in sorted(told)[:MOST_TOLD])}."]
    if not (rows["known_month"] != "").any():
        return ["No monthly figure was published by that day, so nothing says how the coming months differ from the last ones."]
    return ["Of no output do 4 of 5 simulations agree that it rises or falls from its last published month."]


def _direction(run: Run, row: dict[str, Any]) -> str:
    up, wording = row["chance_above_known"], run.wording(row["output"])
    words = f"{'up' if up >= 0.5 else 'down'} from {wording.rounded(row['known'])} ({month_words(row['known_month'])}) "
    return f"{words}to about {wording.rounded(row['median'])} ({month_words(row['month'])}), {chance_words(max(up, 1 - up))}"


def _sure(run: Run, track: dict[str, Any] | None) -> list[str]:
    """How often the bands of such forecasts held, or that nobody knows."""
    if run.is_single:
        return ["It is a single run, so it cannot say how sure it is."]
    if track is None:
        return ["No backtest of this study says how often such bands held; that the model itself may be wrong is not in them."]
    ahead = max(row["horizon_months"] for row in track["scores"])
    farthest = [row for row in track["scores"] if row["horizon_months"] == ahead]
    held = float(np.mean([row["cover80"] for row in farthest]))
    made = f"{month_words(track['first'])} to {month_words(track['last'])}"
    made += ", some made later than this one" if run.as_of is not None and track["last"] >= str(run.as_of)[:7] else ""
    months = f"{ahead} month{'s' if ahead != 1 else ''} ahead"
    words = f"In {track['origins']} forecasts of past months of this study ({made}) the 80 % bands {months} "
    words += f"held {100 * held:.0f} % of what came"
    words += ": too narrow." if held < 0.75 else (": too wide." if held > 0.88 else ", as they should.")
    beside = [row for row in farthest if row["best"]]
    if beside:
        worse = sum(row["crps"] > row["best"] for row in beside)
        of = f"For {worse} of {len(beside)} outputs the best" if len(beside) > 1 else ("The best" if worse else "No")
        words += f" {of} simple method erred less."
    return [words if track["same_study"] else f"{words} The study has changed since."]


def _out_of_line(run: Run, thresholds: pd.DataFrame) -> list[str]:
    """Thresholds that may well be passed, and what the fit could not follow."""
    ranked = sorted(
        (row for row in thresholds.to_dict("records") if row["chance"] >= TELLING_CHANCE),
        key=lambda row: (row["place"] != "", row["threshold"] != "room", -row["chance"]),
    )
    words = [f"{threshold_words(run, row)}: {chance_words(row['chance'])}." for row in ranked[:MOST_TOLD]]
    remarks = json.loads(run.dataset.attrs.get("fitted_remarks", "[]"))
    return [*(words or ["No known threshold is passed in 1 of 5 simulations or more."]), *map(str, remarks)]


def _plan(run: Run, leading: list[Rows]) -> list[str]:
    """What to be ready for: the upper end of the 80 % band is passed in 1 of 10 simulations."""
    if run.is_single or not leading:
        return []
    highest = [max(months, key=lambda row: row["high80"]) for months in leading]
    when = [f" in {month_words(row['month'])}" for row in highest]
    when = [month if number == 0 or month != when[0] else "" for number, month in enumerate(when)]
    parts = [
        f"{run.wording(row['output']).rounded(row['high80'])}{month} ({total_title(row['title'])})"
        for row, month in zip(highest, when, strict=True)
    ]
    return [f"To be ready in 9 of 10 cases, plan for up to {joined(parts)}."]


def _next_figure(run: Run, leading: list[Rows]) -> list[str]:
    """When the next figure is to be expected, and what it would have to be to say that something has changed."""
    for months in leading:
        known = read_month(months[0]["known_month"]) if months[0]["known_month"] else None
        row = next((row for row in months if known is not None and row["month"] == month_name(known + 1)), None)
        lag_days = _lag_days(run, months[0]["output"])
        if row is None or known is None or lag_days is None or run.is_single:
            continue
        rounded = run.wording(row["output"]).rounded
        date = date_text((last_day(known + 1) + dt.timedelta(days=lag_days)).isoformat())
        band = f"{rounded(row['low95'])} or above {rounded(row['high95'])}"
        return [f"The figure for {month_words(row['month'])} is due about {date}: below {band}, something has changed."]
    return []


def _lag_days(run: Run, output: str) -> int | None:
    """Usual days from the end of a month to the publication of its figure, as far as known on the day."""
    data = run.dataset
    published = data["observation_published"].to_numpy()
    last, first = data["observation_to"].to_numpy(), data["observation_from"].to_numpy()
    mine = (data["observation_output"].to_numpy() == output) & (published <= np.datetime64(str(run.as_of), "ns"))
    mine &= (last - first) / np.timedelta64(1, "D") <= 31
    lags = (published[mine] - last[mine]) / np.timedelta64(1, "D")
    return round(float(np.median(lags))) if len(lags) else None


def _card(run: Run, row: dict[str, Any]) -> Card:
    wording = run.wording(row["output"])
    unit = " days" if row["unit"] == "days" else ""
    interval = "" if run.is_single else f"{wording.rounded_interval(row['low80'], row['high80'])}{unit} in 8 of 10 simulations"
    if not row["known_month"]:
        words = "no exact monthly figure published by that day"
    else:
        up = row["chance_above_known"]
        sign = f"{'more' if up >= 0.5 else 'fewer'} {chance_words(max(up, 1 - up))}"
        words = f"{wording.exact(row['known'])} published for {month_words(row['known_month'])}: {sign}"
    number, month = f"{wording.rounded(row['median'])}{unit}", f"in {month_words(row['month'])}"
    return Card(total_title(row["title"]), row["side"], number, month, interval, words)


def _weight(row: dict[str, Any]) -> float:
    """How telling a change is: its size beside the last figure, times how surely it goes one way; those without a figure last."""
    if not row["known_month"] or math.isnan(row["known"]):
        return -1.0
    size = abs(math.log((row["median"] + 5) / (row["known"] + 5)))
    return size * abs(2 * float(row["chance_above_known"]) - 1)


def corridor_words(title: str) -> str:
    """The title of a study without the days that it was written for: a forecast is about others."""
    return STUDY_DAYS.sub("", title)


def period_words(months: tuple[int, ...]) -> str:
    """The coming months: Dec 2018 to Feb 2019."""
    first, last = (month_words(month_name(month)) for month in (months[0], months[-1]))
    return first if first == last else f"{first} to {last}"


def recent_start(months: tuple[int, ...], before: int) -> np.datetime64:
    """The first moment of so many months before the first coming one."""
    return np.datetime64(first_day(months[0] - before), "ns")
