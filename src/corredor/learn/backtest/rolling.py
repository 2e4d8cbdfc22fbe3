"""Origin after origin: take what was known, forecast with every method, score against what came; finished origins are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from corredor.engine.checkpoint import keep_pieces, read_pieces
from corredor.engine.workers import ClusterLike, Workers, workers_of
from corredor.learn.backtest.at_origin import AVERAGED, METHODS, OWN, Row, TakingPart, Task, at_origin
from corredor.learn.backtest.own_forecast import Effort, window_start
from corredor.learn.backtest.shown import shown_rows, unshown_figures
from corredor.learn.backtest.sums import sums_of
from corredor.learn.monthly_series import MonthlySeries, SeriesName, monthly_series
from corredor.learn.simple_methods import FEWEST_MONTHS, SIMPLE_METHODS
from corredor.study.arguments import FolderLike, StudyLike, count_of, folder_of, names_of, seed_of, study_of
from corredor.study.calendar import last_day, month_name, month_number, read_month
from corredor.study.csv_text import write_frame
from corredor.study.describe import titles_of
from corredor.study.model import Model
from corredor.study.problems import ArgumentError, Problem, StudyError
from corredor.study.schema import Observation

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LeftOut:
    """A series of figures that was not scored, or not at all origins, and why."""

    name: SeriesName
    why: str


@dataclass(frozen=True)
class Backtest:
    """All forecasts of a backtest with their scores.

    study, title, study_hash : what was forecast
    origins : months at whose end forecasts were made, YYYY-MM
    months : how many months ahead
    rows : one row for each origin, method, series and month ahead: origin, method, output, place, group, horizon_months, parts (series
        that a total sums; 1 for a series that was published), month, months_since_known (since the newest figure known), outcome, median
        (people), crps, wis (people), log_score (nats), floored, inside_50, inside_80, inside_95, pit_low, pit_high (0–1), time (after a
        measure, or quiet), direction (rising, steady or falling at the origin), fell_back
    left_out : figures that were not scored
    fits : one row for each origin's fit of corredor: origin, misfit (mean squared distance of the figures, in standard errors), rounds,
        converged, series, not_reproduced (series whose last known figures it missed, for which the widened last value stands in)
    titles : output, place or group → its name for the reader
    thresholds : one row for each of these and each threshold: threshold, more_than (people), chance (0–1), passed, brier (0–1)
    withheld : outputs whose figures nobody got to see
    known_months : months on end that had to be known of a series
    unshown : figures of fewer than five people, and what would give them away: they are in no file or page
    small_shown_because : the reason for which they are shown all the same
    """

    study: str
    title: str
    study_hash: str
    origins: tuple[str, ...]
    months: int
    methods: tuple[str, ...]
    effort: Effort
    seed: int
    version: str
    rows: pd.DataFrame
    left_out: tuple[LeftOut, ...]
    titles: dict[str, str]
    fits: pd.DataFrame = field(default_factory=pd.DataFrame)
    thresholds: pd.DataFrame = field(default_factory=pd.DataFrame)
    withheld: tuple[str, ...] = ()
    known_months: int = FEWEST_MONTHS
    unshown: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["output", "place", "group", "month", "value"]))
    small_shown_because: str = ""

    @property
    def hidden(self) -> pd.DataFrame:
        """`unshown`; none where a reason is given to show them."""
        return self.unshown.iloc[:0] if self.small_shown_because else self.unshown

    def table(self) -> pd.DataFrame:
        """Every forecast with its scores: `rows`."""
        return self.rows

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write `rows` as CSV, without what must not be shown."""
        target = Path(path)
        write_frame(shown_rows(self.rows, self.hidden), target)
        return target

    def __repr__(self) -> str:
        origins = f"{len(self.origins)} origins from {self.origins[0]} to {self.origins[-1]}"
        return (
            f"Backtest of {self.study}: {origins}, {self.months} months ahead, {', '.join(self.methods)}, {len(self.rows)} scores"
        )

    def _repr_html_(self) -> str:
        columns = ["crps", "wis", "inside_50", "inside_80", "inside_95"]
        published = self.rows[self.rows["parts"] == 1]
        means = published.groupby(["output", "horizon_months", "method"])[columns].mean()
        return f"<p>{self!r}</p>{means.to_html()}"


class NotPossible(ValueError):
    """A backtest that cannot be made as ordered; the message says what was found and what is expected."""


class Stopped(KeyboardInterrupt):
    """A backtest was stopped after some origins, which are kept."""

    def __init__(self, finished: int) -> None:
        super().__init__("stopped")
        self.finished = finished


def backtest(
    study: StudyLike,
    *,
    origins: str,
    months: int = 3,
    every: int = 1,
    methods: str | Iterable[str] = METHODS,
    draws: int = 500,
    members: int = 100,
    rounds: int = 12,
    window_months: int | None = None,
    withhold: str | Iterable[str] = (),
    known_months: int = FEWEST_MONTHS,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    progress: Progress | None = None,
    keep_in: FolderLike | None = None,
) -> Backtest:
    """Forecasts made as of the end of past months, scored against what came; `corredor backtest` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    origins
        FROM:TO, such as 2014-01:2019-06; at the end of each of these months a forecast is made from what was published by then.
    months
        How many months after the origin are forecast; month 1 is the one that begins the day after.
    every
        Only every n-th origin.
    methods
        Some of corredor, dynamic_model_averaging, last_value, seasonal_naive, exponential_smoothing, sarima, mix.
    draws
        Simulations of each forecast, and samples of the other methods; 20 or more.
    members
        Draws carried through the fit at each origin; 10 or more.
    rounds
        Most rounds of the fit at each origin; it ends before when it comes no nearer to the figures.
    window_months
        Months before an origin from which the model starts and is fitted; from the study's first day unless given.
    withhold
        Outputs whose published figures nobody gets to see, and that are not scored: held against the same backtest with them, it says
        what they tell of the others.
    known_months
        Months on end that must have been known of a series at an origin; 24, or fewer without a simple method.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`; whole origins are then forecast side by side.
    progress
        Called with the number of origins finished and of all.
    keep_in
        Folder in which finished origins are kept, so that the same backtest goes on from them however it ended. They stay there until
        a command has written its results.

    Returns
    -------
    Backtest
        What is scored is the figure published last for a month, by series of whole calendar months, and totals of such series over
        places and groups. At an origin a series takes part when at least `known_months` on end were known of it; all methods are
        scored on the same figures. Where corredor's fit does not reproduce the last known figures of a series, the last value with
        doubled steps stands in for it, marked `fell_back`.

    Raises
    ------
    StudyError
        Every problem of the study, or no series can be scored.
    ValueError
        Origins outside the study, unknown methods or outputs, a window that the study does not allow, too few known months for simple
        methods (NotPossible), or too small numbers.

    Notes
    -----
    Rolling origins as in Tashman 2000, International Journal of Forecasting 16.

    Examples
    --------
    >>> test = backtest("mexico-border-2011", origins="2018-06", months=1, methods="last_value", draws=20)
    >>> sorted(test.table()["method"].unique())
    ['last_value']
    """
    months, every, seed, methods = (
        count_of(months, "months"),
        count_of(every, "every"),
        seed_of(seed),
        names_of(methods, "methods"),
    )
    effort = Effort(
        draws=count_of(draws, "draws", least=20),
        members=count_of(members, "members", least=10),
        rounds=count_of(rounds, "rounds"),
        window_months=None if window_months is None else count_of(window_months, "window_months"),
    )
    whole = study_of(study)
    chosen = _origins(whole, origins, every)
    _check_methods(methods)
    known_months = _known_months(methods, count_of(known_months, "known_months", least=2))
    withheld = _withheld(whole, names_of(withhold, "withhold"))
    model = whole.without_figures(withheld)
    if effort.window_months is not None:
        _check_window(model, chosen, effort.window_months)
    series = monthly_series(model)
    series += sums_of(series, model)
    taking_part = {origin: _taking_part(series, origin, months, known_months) for origin in chosen}
    if not any(taking_part.values()):
        raise StudyError([_nothing_to_score(model, chosen, known_months)])
    with workers_of(1, cluster) as workers:
        task = Task(model, methods, months, effort, seed, 1 if workers.remote else jobs)
        told = _at_origins(task, taking_part, workers, folder_of(keep_in, "keep_in"), progress)
    return Backtest(
        study=model.name,
        title=model.study.title,
        study_hash=whole.hash,
        origins=tuple(month_name(origin) for origin in chosen),
        months=months,
        methods=methods,
        effort=effort,
        seed=seed,
        version=metadata.version("corredor"),
        rows=pd.DataFrame(told["rows"]),
        left_out=(*_left_out(series, taking_part, known_months), *_left_out_as_withheld(whole, withheld)),
        titles=titles_of(model),
        fits=pd.DataFrame(told["fits"]),
        thresholds=pd.DataFrame(told["thresholds"]),
        withheld=withheld,
        known_months=known_months,
        unshown=unshown_figures(series, model),
    )


def _at_origins(
    task: Task, taking_part: dict[int, TakingPart], workers: Workers, keep_in: Path | None, progress: Progress | None
) -> dict[str, list[Row]]:
    """All that `at_origin` tells of all origins; finished origins are kept.

    raises : Stopped, when stopped from the keyboard
    """
    finished = read_pieces(keep_in, task.fingerprint)
    missing = [origin for origin in taking_part if month_name(origin) not in finished]
    n_finished = len(taking_part) - len(missing)
    asked = [_Asked(task, taking_part[origin], origin) for origin in missing]
    try:
        with workers.map(_told_at, asked) as ended:
            for one, answer in ended:
                finished[month_name(one.origin)] = np.array(answer)
                keep_pieces(keep_in, task.fingerprint, finished)
                n_finished += 1
                if progress is not None:
                    progress(n_finished, len(taking_part))
    except KeyboardInterrupt as stopped:
        raise Stopped(n_finished) from stopped
    told: dict[str, list[Row]] = {"rows": [], "thresholds": [], "fits": []}
    for origin in taking_part:
        for kind, rows in json.loads(str(finished[month_name(origin)])).items():
            told[kind] += rows
    return told


@dataclass(frozen=True, eq=False)
class _Asked:
    """One origin of a backtest."""

    task: Task
    taking_part: TakingPart
    origin: int


def _told_at(asked: _Asked) -> str:
    return json.dumps(at_origin(asked.task, asked.taking_part, asked.origin))


def read_months(text: str) -> tuple[int, int]:
    """First and last month of FROM:TO, such as 2014-01:2019-06; one month alone stands for itself.

    raises : NotPossible with what is wrong and what was expected
    """
    ends = [read_month(part) for part in text.split(":")]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or first is None or last is None:
        raise NotPossible(f"origins {text!r}: expected FROM:TO as months, such as 2014-01:2019-06")
    if first > last:
        raise NotPossible(f"origins {text!r}: {month_name(first)} comes after {month_name(last)}")
    return first, last


def _origins(model: Model, text: str, every: int) -> list[int]:
    if not isinstance(text, str):
        raise ArgumentError("origins", repr(text), "FROM:TO as months", 'origins="2014-01:2019-06"')
    first, last = read_months(text)
    begins, ends = month_number(model.study.from_), month_number(model.study.to)
    if first < begins or last >= ends:
        raise NotPossible(
            f"origins {text!r}: expected months from {month_name(begins)} to {month_name(ends - 1)}, "
            f"so that something was known and something comes after; {model.name} runs from {model.study.from_} to {model.study.to}"
        )
    return list(range(first, last + 1, every))


def _check_methods(methods: Sequence[str]) -> None:
    unknown = [method for method in methods if method not in METHODS]
    if unknown or not methods:
        raise NotPossible(f"methods {', '.join(unknown) or 'none'}: expected some of {', '.join(METHODS)}")


def _known_months(methods: Sequence[str], known_months: int) -> int:
    """Fewest months on end that must be known of a series, checked."""
    simple = [method for method in methods if method in SIMPLE_METHODS]
    if simple and known_months < FEWEST_MONTHS:
        raise NotPossible(
            f"known months {known_months}: expected {FEWEST_MONTHS} or more with {', '.join(simple)}; "
            f"fewer only with the methods {OWN} and {AVERAGED}"
        )
    return known_months


def _withheld(model: Model, outputs: tuple[str, ...]) -> tuple[str, ...]:
    """Outputs to be withheld, checked."""
    counted = list(dict.fromkeys(row.output for row in model.observations))
    unknown = [output for output in outputs if output not in counted]
    if unknown:
        raise NotPossible(
            f"withhold {', '.join(unknown)}: expected outputs of {model.name} with published figures: {', '.join(counted)}"
        )
    return outputs


def _left_out_as_withheld(model: Model, outputs: Sequence[str]) -> list[LeftOut]:
    return [LeftOut(one.name, "its figures are withheld") for one in monthly_series(model) if one.name.output in outputs]


def _check_window(model: Model, origins: Sequence[int], months: int) -> None:
    try:
        model.since(window_start(model, last_day(origins[-1]), months))
    except ValueError as error:
        raise NotPossible(f"a window of {months} months: {error}") from error


def _taking_part(series: Sequence[MonthlySeries], origin: int, months: int, known_months: int) -> TakingPart:
    """Series with enough known at an origin, each with its figures of the months ahead; a total only when all its parts have."""
    chosen: dict[SeriesName, tuple[MonthlySeries, list[Observation]]] = {}
    for one in series:
        outcomes = [one.outcome(origin + ahead) for ahead in range(1, months + 1)]
        came = [row for row in outcomes if row is not None]
        whole = all(part in chosen for part in one.parts)
        if came and whole and len(one.known_on(last_day(origin))[1]) >= known_months:
            chosen[one.name] = (one, came)
    return list(chosen.values())


def _left_out(series: Sequence[MonthlySeries], taking_part: dict[int, TakingPart], known_months: int) -> list[LeftOut]:
    """What was not scored, series by series."""
    left = []
    for one in series:
        at = [origin for origin, chosen in taking_part.items() if any(one is other for other, _ in chosen)]
        if not one.figures:
            left.append(LeftOut(one.name, f"none of its {one.others} figures counts a whole calendar month with one value"))
        elif not at:
            most = max(len(one.known_on(last_day(origin))[1]) for origin in taking_part)
            left.append(LeftOut(one.name, f"at most {most} months on end were known at any origin, {known_months} are needed"))
        elif len(at) < len(taking_part):
            why = f"scored at {len(at)} of {len(taking_part)} origins: too few months known, or none to come, at the others"
            left.append(LeftOut(one.name, why))
    return left


def _nothing_to_score(model: Model, origins: Sequence[int], known_months: int) -> Problem:
    between = f"{month_name(origins[0])} and {month_name(origins[-1])}"
    return Problem(
        "observations.csv",
        0,
        0,
        f"no series of {model.name} with {known_months} months on end published by an origin between {between}, and figures after it",
        f"figures that count whole calendar months, {known_months} of them known at an origin",
        "later origins, or a study with longer monthly series such as mexico-border-2011",
    )
