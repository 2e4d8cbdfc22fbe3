"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

from cyclopts import App, CycloptsError, Parameter

if TYPE_CHECKING:
    import xarray as xr

    from corredor.fitted import Fitted
    from corredor.problems import StudyError

FIT_PAGE_DRAWS = 200
"""Stochastic draws from which the page of a fit is drawn."""

WELL, BUG, USAGE, INVALID, UNREACHABLE, DIAGNOSTIC, STOPPED = 0, 1, 2, 3, 4, 5, 130

EXIT_STATUS = {
    WELL: "finished well",
    BUG: "a bug in corredor; what Python says of it is printed",
    USAGE: "the command was not understood, or the folder given cannot be used",
    INVALID: "the study or file given has problems; every one is listed and nothing was written",
    UNREACHABLE: "a source on the network could not be reached (kept for commands that read one; none does yet)",
    DIAGNOSTIC: "finished, but a check of the result failed",
    STOPPED: "stopped from the keyboard; finished draws are kept and the same command goes on from them",
}
"""What the exit status says."""

app = App(
    name="corredor",
    help="Simulate a migration corridor and answer with honest uncertainty.",
    version_flags=["--version"],
    result_action="return_value",
)


def main() -> NoReturn:
    """Run the command line and exit."""
    try:
        status = app(sys.argv[1:], exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        _say(f"{str(error).strip()}\ntry: corredor --help")
        sys.exit(USAGE)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever reads our output has had enough, as in `corredor studies | head -1`. What is left goes nowhere, in silence.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WELL)
    sys.exit(status if isinstance(status, int) else WELL)


@app.command
def run(
    study: str,
    *,
    draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 500,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    expected: bool = False,
    priors_only: Annotated[bool, Parameter(negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Simulate a study and write results, a summary and a report.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    draws
        Possible worlds to simulate.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME unless given.
    expected
        One mean-field run in place of random draws.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the summary as JSON.
    """
    from corredor.artefacts import write_run
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fitted import fitted_of
    from corredor.model import load_study
    from corredor.network import build_network
    from corredor.observe import summary_table
    from corredor.problems import StudyError
    from corredor.results import lost_people
    from corredor.simulate import simulate

    began = time.perf_counter()
    try:
        where = find_study(study)
        model = load_study(where)
        fitted = None if priors_only else fitted_of(where, build_network(model))
    except StudyError as error:
        return _report_problems(error, as_json)
    folder = out or Path("runs") / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {seed}"))
    _say(_fit_words(fitted, model.hash))
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("simulating") as progress:
            dataset = simulate(model, draws, seed, jobs, expected, progress.show, keep_in=folder, fitted=fitted)
    except Interrupted as stopped:
        _say(f"stopped; {stopped.counts.done.sum()} finished draws are kept in {folder}: the same command goes on from them")
        return STOPPED
    simulated = time.perf_counter()
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    lost = lost_people(dataset)
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "people_lost": lost,
        "fitted": fitted.fingerprint if fitted else None,
        "seconds": {"simulating": round(simulated - began, 2)},
    }
    _say("writing results and the report …")
    paths = write_run(dataset, folder, manifest)
    if as_json:
        table = summary_table(dataset)
        print(
            json.dumps(
                {**manifest, "out": str(folder), "summary": json.loads(table.to_json(orient="records"))}, ensure_ascii=False
            )
        )
    else:
        _print_summary(dataset)
    _say(
        f"{dataset.attrs['decisions_per_draw']:,.0f} random decisions a draw, {simulated - began:.1f} s; "
        f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}"
    )
    if lost > (1e-6 if expected else 0):
        _say(
            f"people were not conserved: {lost:g} lost or made in the worst draw. This is a bug in corredor; do not use these results."
        )
        return DIAGNOSTIC
    return WELL


@app.command
def fit(
    study: str,
    *,
    until: Annotated[str | None, Parameter(validator=lambda _, value: _date(value))] = None,
    as_of: Annotated[str | None, Parameter(validator=lambda _, value: _date(value))] = None,
    method: Literal["smoother", "emcee"] = "smoother",
    draws: Annotated[int, Parameter(validator=lambda _, value: _at_least(10, value))] = 300,
    iterations: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 4,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Learn parameters and latent months from the published figures; write fitted.nc, fit.html and fit.json.

    Put fitted.nc into the study's folder, and `corredor run` uses it.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    until
        Last day that figures may count, as 2018-11-30; the day of --as-of unless given, else the study's last day.
    as_of
        Last day on which figures may have been published; the day of --until unless given. Without both, all figures are used.
    method
        smoother, an iterative ensemble smoother, or emcee, the reference method for at most 40 unknowns.
    draws
        Draws of the result.
    iterations
        Rounds of the smoother; for emcee, hundreds of steps.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-fit unless given.
    as_json
        Print what was learned as JSON.
    """
    from corredor.artefacts import write_fit
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fit import NothingToLearn, TooManyUnknowns, troubles
    from corredor.fit import fit as learn
    from corredor.forecast import last_day
    from corredor.model import load_study
    from corredor.problems import StudyError
    from corredor.simulate import simulate

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    last, known_on = _as_date(until), _as_date(as_of)
    if (first := last or known_on) is not None and first < model.study.from_:
        _say(f"{first} is before the study begins, on {model.study.from_}\ntry: a later date")
        return USAGE
    folder = out or Path("runs") / f"{model.name}-fit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: fit by {method}, {draws} draws, seed {seed}")
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("fitting", "runs") as progress:
            fitted = learn(model, last, known_on, draws, iterations, seed, jobs, method, progress.show, keep_in=folder)
        learned = time.perf_counter()
        # for the page: the stochastic model with the fitted draws, over the days that were fitted and the rest of their month
        shown = model.until(min(last_day(fitted.until - timedelta(days=1), 1), model.study.to))
        with _Progress("simulating the fitted draws") as progress:
            dataset = simulate(shown, min(draws, FIT_PAGE_DRAWS), seed, jobs, progress=progress.show, fitted=fitted)
    except TooManyUnknowns as error:
        _say(f"{error}\ntry: --method smoother")
        return USAGE
    except NothingToLearn as error:
        return _diagnosed([str(error)], as_json)
    except Interrupted:
        _say(f"stopped; finished rounds are kept in {folder}: the same command goes on from them")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    sentences = troubles(model, fitted.diagnostics)
    manifest = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "troubles": sentences,
        "seconds": {"fitting": round(learned - began, 2), "all": round(time.perf_counter() - began, 2)},
    }
    paths = write_fit(fitted, dataset, folder, manifest)
    parameters = fitted.diagnostics["parameters"]
    if as_json:
        print(json.dumps({**manifest, "out": str(folder), "diagnostics": fitted.diagnostics}, ensure_ascii=False))
    else:
        _print_learned(parameters)
    n_learned = sum(row["learned"] for row in parameters)
    _say(
        f"{n_learned} of {len(parameters)} parameters learned, {len(parameters) - n_learned} assumed, not learned; "
        f"{len(fitted.diagnostics['figures'])} figures, misfit {fitted.diagnostics['misfits'][-1]:.2f} (about 1 or less is well); "
        f"{learned - began:.1f} s\nreport: {paths['fit.html']}\nto use it: put {paths['fitted.nc']} into the folder of the study"
    )
    return _diagnosed(sentences, False) if sentences else WELL


@app.command
def forecast(
    study: str,
    *,
    as_of: Annotated[str, Parameter(validator=lambda _, value: _date(value))],
    months: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 3,
    draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 500,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """What happens next, from what was known on a day: fit to the figures published by then, then simulate forward.

    Figures published later are hollow dots on the page.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    as_of
        The day, as 2018-12-10. Later figures, measures, events and values of drivers are not used.
    months
        Calendar months that have not ended on that day.
    draws
        Possible worlds to simulate.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-forecast-DATE unless given.
    as_json
        Print the forecast of every published figure as JSON.
    """
    from corredor.artefacts import write_run
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fit import NothingToLearn
    from corredor.forecast import forecast as foresee
    from corredor.model import load_study
    from corredor.observe import summary_table
    from corredor.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    day = _as_date(as_of)
    assert day is not None
    if day < model.study.from_:
        _say(f"{day} is before the study begins, on {model.study.from_}\ntry: a later date")
        return USAGE
    folder = out or Path("runs") / f"{model.name}-forecast-{day}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: forecast as of {day}, {months} months, {draws} draws, seed {seed}")
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("fitting and simulating", "runs") as progress:
            dataset = foresee(model, day, months, draws, seed, jobs, progress=progress.show, keep_in=folder)
    except NothingToLearn as error:
        return _diagnosed([str(error)], as_json)
    except Interrupted:
        _say(f"stopped; what is finished is kept in {folder}: the same command goes on from it")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "as_of": as_of,
        "fitted": dataset.attrs["fitted_fingerprint"],
        "seconds": {"all": round(time.perf_counter() - began, 2)},
    }
    paths = write_run(dataset, folder, manifest)
    table = summary_table(dataset)
    later = table[table["published"] > str(day)]
    if as_json:
        rows = {"known": table[table["published"] <= str(day)], "later": later}
        printed = {name: json.loads(part.to_json(orient="records")) for name, part in rows.items()}
        holds = json.loads(dataset.attrs["holds"])
        print(json.dumps({**manifest, "out": str(folder), "holds": holds, **printed}, ensure_ascii=False))
    else:
        _print_summary(dataset.isel(observation=later.index.to_numpy()), f"Figures published after {day}, inside the bands")
    for sentence in json.loads(dataset.attrs["holds"]):
        _say(sentence)
    _say(f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}")
    return WELL


@app.command
def compare(
    study: str,
    *,
    without: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    scenario: Path | None = None,
    draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 500,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    shares: Annotated[bool, Parameter(negative=())] = False,
    share_draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 100,
    output: str | None = None,
    place: str = "",
    group: str = "",
    priors_only: Annotated[bool, Parameter(negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Say what measures did, or what a scenario would change: the same worlds with and without.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    without
        Measures to leave out; the effect is that of having taken them. Several after one another, or separated by commas.
    scenario
        A YAML file with what is different (docs/COMPARE.md); the effect is that of the scenario.
    draws
        Worlds to run in pairs.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-compare unless given.
    shares
        Also divide the joint effect among the measures of --without (Shapley values).
    share_draws
        Worlds to run in every subset of the measures for that.
    output
        Output for which it is told where people went; the first one of control unless given.
    place
        Only that part of it.
    group
        Only that part of it.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the effects as JSON.
    """
    from corredor.artefacts import comparison_table, write_comparison
    from corredor.catalogue import find_study
    from corredor.compare import compare as compare_worlds
    from corredor.compare.diversion import diversion
    from corredor.compare.pair import compared_sides
    from corredor.compare.shares import shares as shares_of
    from corredor.ensemble import Interrupted
    from corredor.fitted import fitted_of
    from corredor.model import load_study
    from corredor.network import build_network
    from corredor.problems import StudyError
    from corredor.results import lost_people

    names = [name.strip() for words in without or [] for name in words.split(",") if name.strip()]
    if (scenario is None) == (not names):
        _say("expected either --without MEASURE… or --scenario FILE\ntry: corredor compare STUDY --without MEASURE")
        return USAGE
    if shares and len(set(names)) < 2:
        _say("--shares needs two or more measures after --without\ntry: corredor compare STUDY --without ONE OTHER --shares")
        return USAGE
    began = time.perf_counter()
    try:
        where = find_study(study)
        model = load_study(where)
        fitted = None if priors_only else fitted_of(where, build_network(model))
        known = [name for name, told in model.study.outputs.items() if told.flow is not None]
        if not known:
            _say("the study has no output that counts people who move\ntry: add one with `flow` to `outputs` in study.yaml")
            return USAGE
        if output is not None and output not in known:
            _say(f"{output} is no output that counts people who move\ntry: one of {', '.join(known)}")
            return USAGE
        compared_sides(model, scenario, tuple(names))
        if place or group:
            # a place that the output does not have is said before the draws are run, not after
            try:
                diversion(compare_worlds(model, scenario, without=names, expected=True), output, place, group)
            except KeyError as error:
                _say(f"{error.args[0]}\ntry: another --output, --place or --group")
                return USAGE
        folder = out or Path("runs") / f"{model.name}-compare"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
            return USAGE
        _say(_fit_words(fitted, model.hash))
        _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
        with _Progress("comparing") as progress:
            dataset = compare_worlds(
                model,
                scenario,
                without=names,
                draws=draws,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
                keep_in=folder,
                fitted=fitted,
            )
        shared = None
        if shares:
            with _Progress("dividing") as progress:
                shared = shares_of(model, names, share_draws, seed, jobs, progress=progress.show, fitted=fitted)
    except StudyError as error:
        return _report_problems(error, as_json)
    except Interrupted as stopped:
        _say(
            f"stopped; {stopped.counts.done.sum()} finished draws are kept unless they were of the shares: the same command goes on"
        )
        return STOPPED
    simulated = time.perf_counter()
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    lost = lost_people(dataset)
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "fitted": fitted.fingerprint if fitted else None,
        "people_lost": lost,
        "seconds": {"comparing": round(simulated - began, 2)},
    }
    paths = write_comparison(dataset, shared, folder, manifest, output, place, group)
    if as_json:
        table = comparison_table(dataset, output, place, group)
        effects = json.loads(table.to_json(orient="records"))
        print(json.dumps({**manifest, "out": str(folder), "effects": effects}, ensure_ascii=False))
    else:
        _print_effects(dataset)
    _say(f"{simulated - began:.1f} s; in all {time.perf_counter() - began:.1f} s\npage: {paths['compare.html']}")
    if lost > 0:
        _say(
            f"people were not conserved: {lost:g} lost or made in the worst draw. This is a bug in corredor; do not use these results."
        )
        return DIAGNOSTIC
    return WELL


@app.command
def sensitivity(
    study: str,
    *,
    output: str,
    method: Literal["sobol", "morris"] = "sobol",
    without: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    scenario: Path | None = None,
    size: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    most: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 12,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Say which assumption moves an answer most, and what it would be worth to know it better.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    output
        Output whose total is explained, or on which the effect is.
    method
        morris screens all parameters; sobol then also splits the variance among the most influential ones.
    without
        Explain the effect of these measures. Several after one another, or separated by commas.
    scenario
        Explain the effect of this scenario, a YAML file (docs/COMPARE.md).
    size
        Paths of morris, 10 unless given; points a parameter of sobol, 128 unless given.
    most
        Parameters that sobol looks at one by one; all others are taken together.
    seed
        Decides which points are tried. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-sensitivity unless given.
    as_json
        Print the table as JSON.
    """
    from corredor.artefacts import write_sensitivity
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.model import load_study
    from corredor.problems import StudyError
    from corredor.report.sensitivity_page import answer_words
    from corredor.sensitivity import sensitivity as sensitivity_of
    from corredor.sensitivity import sensitivity_table

    names = [name.strip() for words in without or [] for name in words.split(",") if name.strip()]
    if scenario is not None and names:
        _say("expected --without MEASURE… or --scenario FILE, not both\ntry: one of the two")
        return USAGE
    try:
        model = load_study(find_study(study))
        with _Progress("running", "runs") as progress:
            dataset = sensitivity_of(
                model,
                output,
                scenario,
                without=names,
                method=method,
                size=size,
                most=most,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
            )
    except StudyError as error:
        return _report_problems(error, as_json)
    except KeyError as error:
        _say(f"{error.args[0]}\ntry: another --output")
        return USAGE
    except ModuleNotFoundError as error:
        _say(f"sensitivity needs the library {error.name}, which is not installed\ntry: pip install 'corredor[sensitivity]'")
        return USAGE
    except Interrupted:
        _say("stopped; nothing was written")
        return STOPPED
    dataset.attrs["command"] = shlex.join(["corredor", *sys.argv[1:]])
    folder = out or Path("runs") / f"{model.name}-sensitivity"
    try:
        paths = write_sensitivity(dataset, folder)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    table = sensitivity_table(dataset)
    if as_json:
        facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "output", "unit", "answer", "method", "runs")}
        facts |= {key: dataset.attrs[key] for key in ("answer_mean", "answer_sd", "seed", "command")}
        print(
            json.dumps(
                {**facts, "out": str(folder), "parameters": json.loads(table.to_json(orient="records"))}, ensure_ascii=False
            )
        )
    else:
        _print_sensitivity(dataset)
        print(answer_words(dataset))
    _say(f"{dataset.attrs['runs']:,} runs of the mean-field model\npage: {paths['sensitivity.html']}")
    return WELL


@app.command
def check(study: str, *, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Read a study and report every problem at once; nothing is written.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    as_json
        Print the problems as JSON.
    """
    from corredor.catalogue import find_study
    from corredor.model import load_study
    from corredor.problems import StudyError

    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    facts = {
        "study": model.name,
        "title": model.study.title,
        "places": len(model.places),
        "routes": len(model.routes),
        "parameters": len(model.parameters),
        "measures": len(model.measures),
        "observations": len(model.observations),
        "hash": model.hash,
    }
    if as_json:
        print(json.dumps({"problems": [], **facts}, ensure_ascii=False))
    else:
        numbers = {key: value for key, value in facts.items() if isinstance(value, int)}
        counts = ", ".join(f"{value} {key if value != 1 else key[:-1]}" for key, value in numbers.items())
        print(f"{model.name}: no problems. {counts}.")
    return WELL


@app.command
def studies(*, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """List the studies that come with corredor.

    Parameters
    ----------
    as_json
        Print the list as JSON.
    """
    from corredor.catalogue import bundled_studies
    from corredor.model import load_study

    found = {name: load_study(folder) for name, folder in bundled_studies().items()}
    if as_json:
        rows = [{"name": n, "title": m.study.title, "from": str(m.study.from_), "to": str(m.study.to)} for n, m in found.items()]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for name, model in found.items():
            print(f"{name:16s} {model.study.title} ({model.study.from_} to {model.study.to})")
    return WELL


@app.command
def new(folder: Path, *, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Begin a study of your own: a small, complete one is written for you to change.

    Parameters
    ----------
    folder
        New folder for the study.
    as_json
        Print the files written as JSON.
    """
    from corredor.catalogue import new_study

    try:
        written = [str(path) for path in new_study(folder)]
    except FileExistsError:
        _say(f"{folder} exists already and is not empty\ntry: another name")
        return USAGE
    except OSError as error:
        _say(f"{folder} cannot be written: {error.strerror}\ntry: another folder")
        return USAGE
    print(json.dumps({"files": written}, ensure_ascii=False) if as_json else "\n".join(written))
    _say(f"try: corredor check {shlex.quote(str(folder))}\n     corredor run {shlex.quote(str(folder))}")
    return WELL


@app.command
def report(
    results: Path,
    *,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Write the report of an earlier run anew.

    Parameters
    ----------
    results
        results.nc of a run, or the folder that holds it.
    out
        File for the report; report.html beside the results unless given.
    as_json
        Print the file written as JSON.
    """
    from corredor.artefacts import read_run, replace_whole
    from corredor.problems import Problem, StudyError
    from corredor.report import render_report

    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        problem = Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")
        return _report_problems(StudyError([problem]), as_json)
    target = out or path.with_name("report.html")
    text = render_report(dataset)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, lambda passing: passing.write_text(text, encoding="utf-8"))
    except OSError as error:
        _say(f"{target} cannot be written: {error.strerror}\ntry: another file with --out")
        return USAGE
    print(json.dumps({"report": str(target)}, ensure_ascii=False) if as_json else target)
    return WELL


@app.command
def doctor(*, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Look whether this machine is ready, and run a small test.

    Parameters
    ----------
    as_json
        Print what was seen as JSON.
    """
    from corredor.doctor import examine

    lines = examine(Path.cwd())
    if as_json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        for line in lines:
            print(f"{'well' if line['well'] else 'NOT ':4s}  {line['name']:24s} {line['seen']}")
            if not line["well"]:
                print(f"      try: {line['try']}")
    return WELL if all(line["well"] for line in lines) else DIAGNOSTIC


class _Progress:
    """A progress line on standard error: a bar on a terminal, a line at every tenth elsewhere."""

    def __init__(self, label: str, unit: str = "draws") -> None:
        self.label, self.unit = label, unit
        self.bar: Any = None
        self.last_tenth, self.total = -1, 0

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.label, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def show(self, finished: int, total: int) -> None:
        """Show how many of all draws are finished."""
        if self.bar is not None:
            self.bar.update(self.task, completed=finished, total=total)
        elif (tenth := finished * 10 // total) > self.last_tenth or total != self.total:
            self.last_tenth, self.total = tenth, total
            _say(f"{self.label}: {finished} of {total} {self.unit}")


def _print_learned(parameters: list[dict[str, Any]]) -> None:
    """What was learned, parameter by parameter, the most first."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What the figures taught", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(("parameter", "prior: median (90 %)", "after the figures", "unit", "learned")):
        table.add_column(column, justify="right" if number in (1, 2, 4) else "left")
    for row in sorted(parameters, key=lambda row: -row["contraction"]):
        spans = [f"{middle:.3g} ({low:.3g} to {high:.3g})" for low, middle, high in (row["prior"], row["posterior"])]
        learned = f"{100 * row['contraction']:.0f} %" if row["learned"] else "assumed, not learned"
        table.add_row(row["name"], *spans, row["unit"], learned)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 130).print(table)


def _fit_words(fitted: Fitted | None, study_hash: str) -> str:
    if fitted is None:
        return "parameters from their priors"
    words = f"parameters fitted to the figures published by {fitted.as_of} ({fitted.n_draws} draws); --priors-only does without"
    if fitted.study_hash != study_hash:
        words += "\nthe study's files have changed since the fit, though not its priors: fit again to be sure"
    return words


def _diagnosed(sentences: list[str], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"troubles": sentences}, ensure_ascii=False))
    for sentence in sentences:
        _say(sentence)
    return DIAGNOSTIC


def _print_summary(dataset: xr.Dataset, title: str = "Published figures inside the bands of the model") -> None:
    """How the draws compare with the published figures, output by output."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.observe import coverage_table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("output", "figures", "50 %", "80 %", "95 %", "model ÷ published")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in coverage_table(dataset).itertuples():
        shares = (f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95))
        table.add_row(str(row.title), str(row.figures), *shares, "–" if row.ratio != row.ratio else f"{row.ratio:.2f}")
    # a file or a pipe has no width of its own
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110).print(table)


def _print_effects(dataset: xr.Dataset) -> None:
    """The effect on every output in all, side by side."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.compare.effects import Comparison
    from corredor.report.comparison_words import compared_outputs, effect_cells
    from corredor.report.run import read_run

    found = Comparison(dataset)
    title = f"With less without: {found.about['title']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(("side", "output", "without", "with", "difference", "80 %", "sign")):
        table.add_column(column, justify="right" if number in (2, 3, 4, 5) else "left", overflow="fold")
    outputs = compared_outputs(found, read_run(dataset.sel(world="with")))
    for side in ("control", "protection", "movement", "money"):
        for name in outputs:
            if found.side(name) == side:
                without, with_, difference, inner, _, sign = effect_cells(found.effect(name))
                table.add_row(side, found.title(name), without, with_, difference, inner, sign)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 140).print(table)


def _print_sensitivity(dataset: xr.Dataset) -> None:
    """The parameters that move the answer most."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.report.sensitivity_page import sensitivity_cells
    from corredor.sensitivity import sensitivity_table

    shown = sensitivity_cells(dataset, sensitivity_table(dataset).head(15))
    title = f"What moves: {dataset.attrs['output_title']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for name, numeric in shown.columns.items():
        table.add_column(name, justify="right" if numeric else "left")
    for row in shown.rows:
        table.add_row(*row)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 140).print(table)


def _report_problems(error: StudyError, as_json: bool) -> int:
    if as_json:
        fields = ("file", "line", "column", "found", "expected")
        rows = [{**{name: getattr(p, name) for name in fields}, "try": p.try_} for p in error.problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        count = len(error.problems)
        _say("\n".join(str(problem) for problem in error.problems))
        _say(f"{count} problem{'s' if count != 1 else ''}; nothing was written")
    return INVALID


def _positive(value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError("must be 1 or more")


def _at_least(least: int, value: int) -> None:
    if value < least:
        raise ValueError(f"must be {least} or more")


def _date(value: str | None) -> None:
    if value is not None:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date as 2018-11-30") from None


def _as_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _seed(value: int) -> None:
    if not 0 <= value < 2**63:
        raise ValueError("must be a whole number, 0 or more and less than 2 to the power of 63")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
