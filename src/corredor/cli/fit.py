"""`corredor fit`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Cluster, CommonWithFolder, CountOrNone, DayOrNone, ShowSmall, Study, at_least, on_cluster
from corredor.cli.saying import Progress, Refused, diagnosed, print_json, print_table, say, say_compiling, signed

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

    from corredor.engine.fitted import Fitted
    from corredor.study.model import Model

FIT_PAGE_DRAWS = 200
"""Stochastic draws from which the page of a fit is drawn."""


@command
def fit(
    study: Study,
    *,
    until: DayOrNone = None,
    as_of: DayOrNone = None,
    method: Literal["smoother", "emcee"] = "smoother",
    draws: Annotated[int, at_least(10), Parameter(alias="-d")] = 300,
    iterations: CountOrNone = None,
    show_small: ShowSmall = None,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Learn parameters and latent months from the published figures; write fitted.nc, fit.html and fit.json.

    Put fitted.nc into the study's folder, and `corredor run` uses it.

    Parameters
    ----------
    until
        Last day that figures may count, as 2018-11-30; the day of --as-of unless given, else the study's last day.
    as_of
        Last day on which figures may have been published; the day of --until unless given. Without both, all figures are used.
    method
        smoother, an iterative ensemble smoother, or emcee, the reference method for at most 40 unknowns.
    draws
        Draws of the result.
    iterations
        Most rounds of the smoother, 12 unless given; it ends before when it comes no nearer to the figures. For emcee, hundreds of
        steps, 4 unless given.
    """
    from corredor.learn.fit import NothingToLearn, TooManyUnknowns
    from corredor.learn.fit import fit as learn
    from corredor.pages.artefacts.fit import write_fit
    from corredor.results.hidden_numbers import shown_diagnostics
    from corredor.results.view import read_run
    from corredor.study.arguments import date_of
    from corredor.study.model import load_study

    began = time.perf_counter()
    model = load_study(study)
    if first := until or as_of:
        date_of(first, "until" if until else "as_of", first=model.study.from_)
    folder = common.folder(f"{model.name}-fit", beside_study=True)
    say(f"{model.study.title}: fit by {method}, {draws} draws, seed {common.seed}")
    say_compiling()
    client = on_cluster(cluster)
    options: dict[str, Any] = {"until": until, "as_of": as_of, "method": method, "draws": draws, "iterations": iterations}
    try:
        with Progress("fitting", "runs") as progress:
            fitted = learn(model, **options, seed=common.seed, jobs=common.jobs, cluster=client, progress=progress.show)
        learned = time.perf_counter() - began
        dataset = _run_of_the_fit(model, fitted, min(draws, FIT_PAGE_DRAWS), common, client)
    except TooManyUnknowns as error:
        raise Refused(str(error), "--method smoother") from error
    except NothingToLearn as error:
        raise diagnosed([str(error)], common.as_json) from error
    seconds = {"fitting": round(learned, 2), "all": round(time.perf_counter() - began, 2)}
    manifest = signed(
        dataset,
        model,
        {"what": "fit", "study": study, **options, "seed": common.seed},
        show_small,
        troubles=fitted.troubles,
        remarks=fitted.remarks,
        seconds=seconds,
    )
    paths = write_fit(fitted, dataset, folder, manifest)
    if common.as_json:
        print_json({**manifest, "out": str(folder), "diagnostics": shown_diagnostics(read_run(dataset), fitted.diagnostics)})
    _say_learned(fitted, learned, paths, as_table=not common.as_json)
    for sentence in fitted.remarks:
        say(sentence)
    if fitted.troubles:
        raise diagnosed(fitted.troubles, as_json=False)


def _run_of_the_fit(model: Model, fitted: Fitted, draws: int, common: CommonWithFolder, client: Client | None) -> xr.Dataset:
    """For the page: the stochastic model with the fitted draws, over the days that were fitted and the rest of their month."""
    from corredor._simulate import simulate
    from corredor.study.calendar import last_day, month_number

    shown = model.until(min(last_day(month_number(fitted.until)), model.study.to))
    with Progress("simulating the fitted draws") as progress:
        given: dict[str, Any] = {"draws": draws, "seed": common.seed, "jobs": common.jobs, "cluster": client, "fitted": fitted}
        return simulate(shown, **given, progress=progress.show)


def _say_learned(fitted: Fitted, seconds: float, paths: dict[str, Path], as_table: bool) -> None:
    """What was learned, parameter by parameter, the most first."""
    parameters = sorted(fitted.diagnostics["parameters"], key=lambda row: -row["contraction"])
    rows = [
        (
            row["name"],
            *(f"{middle:.3g} ({low:.3g} to {high:.3g})" for low, middle, high in (row["prior"], row["posterior"])),
            row["unit"],
            f"{100 * row['contraction']:.0f} %" if row["learned"] else "assumed, not learned",
        )
        for row in parameters
    ]
    if as_table:
        columns = ("parameter", "prior: median (90 %)", "after the figures", "unit", "learned")
        print_table("What the figures taught", columns, rows, left=("parameter", "unit"), width=130)
    n_learned = sum(row["learned"] for row in parameters)
    say(
        f"{n_learned} of {len(parameters)} parameters learned, {len(parameters) - n_learned} assumed, not learned; "
        f"{len(fitted.diagnostics['figures'])} figures, misfit {fitted.diagnostics['misfits'][-1]:.2f} (about 1 or less is well); "
        f"{seconds:.1f} s\nreport: {paths['fit.html']}\nto use it: put {paths['fitted.nc']} into the folder of the study"
    )
