"""What happens next, from what was known on a day: fit to the figures published by then, simulate forward with all noise."""

from __future__ import annotations

import datetime as dt
import json

import xarray as xr

from corredor._simulate import simulate
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted
from corredor.engine.workers import ClusterLike
from corredor.learn.coming_figures import with_coming_figures, with_room
from corredor.learn.fit import fit
from corredor.learn.track_record import find_track_record
from corredor.study.announced import CARRIED_OUT, ON_TIME, is_expected
from corredor.study.arguments import DateLike, StudyLike, count_of, date_of, seed_of, study_of
from corredor.study.calendar import last_day, month_number
from corredor.study.catalogue import find_study
from corredor.study.checks.check_header import LAST_YEAR
from corredor.study.model import Model
from corredor.study.problems import ArgumentError

FIT_DRAWS = 300


class UnusableFit(Exception):
    """What was known on the day could not be fitted, so nothing is foreseen from it; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def forecast(
    study: StudyLike,
    *,
    as_of: DateLike,
    months: int = 3,
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    fitted: Fitted | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """What happens in the months after a day, from what was known on it; `corredor forecast` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    as_of
        A date or text as 2018-12-10. Only figures published by then are used; measures and events that begin later, and later values
        of drivers, are left out, but for measures that were announced by then.
    months
        Calendar months that have not ended on that day, the running one counted; may reach beyond the study's last day.
    draws
        Number of simulations.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`.
    fitted
        Draws of an earlier fit as of that day, to spare fitting again.
    progress
        Called with the number of runs finished and of all.

    Returns
    -------
    xarray.Dataset
        As of `simulate`, from the study's first day on, with the attributes `as_of` and `holds`: what is taken to go on as it was.
        Figures published later are in it, to be compared. `coming_predicted` has the coming months as they would be published, `room`
        the people for whom places have room; `corredor.learn.coming_months.coming_table` reads both. `track_record` says how such
        forecasts did before, where a backtest.json lies in the study's folder.

    Raises
    ------
    StudyError
        Every problem of the study.
    NothingToLearn
        No figure was published in time.
    UnusableFit
        The fit does not meet the figures, or not the last known ones.
    ValueError
        A day before the study begins, or months, draws or jobs below 1.

    Examples
    --------
    >>> ahead = forecast("two-towns", as_of="2021-03-15", months=1, draws=2)
    >>> ahead.attrs["as_of"]
    '2021-03-15'
    """
    months, draws, seed = count_of(months, "months"), count_of(draws, "draws"), seed_of(seed)
    model = study_of(study)
    as_of = date_of(as_of, "as_of", first=model.study.from_)
    known = model.as_known_on(as_of).until(forecast_end(as_of, months))
    if fitted is None:
        fitted = fit(known, as_of=as_of, draws=FIT_DRAWS, seed=seed, jobs=jobs, cluster=cluster, progress=progress)
    if fitted.troubles:
        raise UnusableFit(fitted.troubles)
    dataset = simulate(known, draws=draws, seed=seed, jobs=jobs, cluster=cluster, progress=progress, fitted=fitted)
    dataset = with_room(with_coming_figures(dataset, known, as_of, months), known, as_of)
    dataset.attrs |= {
        "as_of": str(as_of),
        "forecast_months": months,
        "holds": json.dumps(what_holds(model, as_of), ensure_ascii=False),
    }
    if not isinstance(study, Model):
        dataset.attrs["track_record"] = json.dumps(find_track_record(model, [find_study(study)]))
    return dataset


def forecast_end(as_of: dt.date, months: int) -> dt.date:
    """Last day of the last of `months` calendar months, the first of which is that of the day after `as_of`.

    raises : ArgumentError for years that no study may have
    """
    if as_of.year + months // 12 >= LAST_YEAR:
        found, try_ = f"{months:,} months after {as_of}", "an earlier day, or fewer months"
        raise ArgumentError("as_of, months", found, f"a forecast that ends before {LAST_YEAR}", try_)
    return last_day(month_number(as_of + dt.timedelta(days=1)) + months - 1)


def what_holds(model: Model, as_of: dt.date) -> list[str]:
    """Sentences on what a forecast takes to go on as it was, and what of the study it leaves out."""
    acting = [measure for measure in model.measures if measure.acts_on]
    in_force = [m.title for m in acting if m.from_ <= as_of and (m.to is None or m.to > as_of)]
    expected = [measure for measure in acting if is_expected(measure, as_of)]
    later = [m.title for m in acting if m.from_ > as_of and m not in expected]
    later += [event.title for event in model.events if event.date > as_of]
    drivers = sorted({row.driver for row in model.drivers})
    words = []
    if drivers:
        words.append(f"Drivers keep the last value known on {as_of}: {', '.join(drivers)}.")
    if in_force:
        words.append(f"Measures in force on {as_of} stay in force ({len(in_force)}): {'; '.join(in_force)}.")
    if expected:
        words.append(
            f"Announced by {as_of} and not begun: {'; '.join(f'{m.title}, from {m.from_}' for m in expected)}. Each is carried out in "
            f"{100 * CARRIED_OUT:.0f} % of simulations, and a month late in {100 * (1 - ON_TIME):.0f} % of these (assumptions); one that "
            "opens, closes or sets something, on its day in all."
        )
    if later:
        words.append(f"Left out, because they began later: {'; '.join(later)}.")
    return words
