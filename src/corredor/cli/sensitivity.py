"""`corredor sensitivity`."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import STOPPED, USAGE, WELL
from corredor.cli.options import Count, CountOrNone, Json, Seed
from corredor.cli.saying import Progress, report_problems, say

if TYPE_CHECKING:
    import xarray as xr


@app.command
def sensitivity(
    study: str,
    *,
    output: str,
    method: Literal["sobol", "morris"] = "sobol",
    without: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    scenario: Path | None = None,
    size: CountOrNone = None,
    most: Count = 12,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    as_json: Json = False,
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
    from corredor.effects.sensitivity import sensitivity as sensitivity_of
    from corredor.effects.sensitivity import sensitivity_table
    from corredor.engine.ensemble import Interrupted
    from corredor.pages.artefacts import write_sensitivity
    from corredor.pages.report.sensitivity_page import answer_words
    from corredor.study.model import load_study
    from corredor.study.problems import StudyError

    try:
        model = load_study(study)
        with Progress("running", "runs") as progress:
            dataset = sensitivity_of(
                model,
                output=output,
                scenario=scenario,
                without=without or (),
                method=method,
                size=size,
                most=most,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
            )
    except StudyError as error:
        return report_problems(error, as_json)
    except ModuleNotFoundError as error:
        say(f"sensitivity needs the library {error.name}, which is not installed\ntry: pip install 'corredor[sensitivity]'")
        return USAGE
    except Interrupted:
        say("stopped; nothing was written")
        return STOPPED
    dataset.attrs["command"] = shlex.join(["corredor", *sys.argv[1:]])
    folder = out or Path("runs") / f"{model.name}-sensitivity"
    try:
        paths = write_sensitivity(dataset, folder)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
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
    say(f"{dataset.attrs['runs']:,} runs of the mean-field model\npage: {paths['sensitivity.html']}")
    return WELL


def _print_sensitivity(dataset: xr.Dataset) -> None:
    """The parameters that move the answer most."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.effects.sensitivity import sensitivity_table
    from corredor.pages.report.sensitivity_page import sensitivity_cells

    shown = sensitivity_cells(dataset, sensitivity_table(dataset).head(15))
    title = f"What moves: {dataset.attrs['output_title']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for name, numeric in shown.columns.items():
        table.add_column(name, justify="right" if numeric else "left")
    for row in shown.rows:
        table.add_row(*row)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 140).print(table)
