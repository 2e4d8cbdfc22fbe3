"""`corredor sensitivity`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from corredor.cli.app import command
from corredor.cli.options import Cluster, CommonWithFolder, Count, CountOrNone, Measures, PriorsOnly, ShowSmall, Study, on_cluster
from corredor.cli.saying import Progress, check_fit, command_line, fit_facts, fit_words, print_json, print_table, records, say
from corredor.study.problems import ExtraMissing

SHOWN = (
    "study", "study_hash", "output", "unit", "answer", "draws_from", "method", "runs", "answer_mean", "answer_sd", "moved_sd", "seed",
    "command",
)  # fmt: skip
"""What is told of an analysis beside its table."""


@command
def sensitivity(
    study: Study,
    *,
    output: str,
    method: Literal["sobol", "morris"] = "sobol",
    without: Measures = None,
    scenario: Path | None = None,
    size: CountOrNone = None,
    most: Count = 12,
    show_small: ShowSmall = None,
    priors_only: PriorsOnly = False,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Say which assumption moves an answer most, and what it would be worth to know it better.

    Where the study's folder holds fitted.nc, parameters are moved through their fitted draws in place of their priors.

    Parameters
    ----------
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
    """
    from corredor.effects.sensitivity import sensitivity as sensitivity_of
    from corredor.effects.sensitivity import sensitivity_table
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts.sensitivity import write_sensitivity
    from corredor.pages.report.sensitivity_page import answer_words, sensitivity_cells, shown_mean
    from corredor.results.view import SMALL_SHOWN

    model, fitted = study_and_fit(study, None, priors_only)
    say(fit_words(fitted, model.hash))
    try:
        with Progress("running", "runs") as progress:
            dataset = sensitivity_of(
                model,
                output=output,
                scenario=scenario,
                without=without or (),
                method=method,
                size=size,
                most=most,
                seed=common.seed,
                jobs=common.jobs,
                cluster=on_cluster(cluster),
                fitted=fitted,
                progress=progress.show,
            )
    except ModuleNotFoundError as error:
        raise ExtraMissing(f"sensitivity cannot be told without {error.name}, or", "sensitivity") from error
    dataset.attrs["command"] = command_line()
    dataset.attrs |= {} if show_small is None else {SMALL_SHOWN: show_small}
    folder = common.folder(f"{model.name}-sensitivity")
    paths = write_sensitivity(dataset, folder)
    table = sensitivity_table(dataset)
    if common.as_json:
        mean = shown_mean(dataset)
        facts = {key: dataset.attrs[key] for key in SHOWN} | {"answer_mean": mean if mean == mean else None}
        print_json({**facts, **fit_facts(fitted), "out": str(folder), "parameters": records(table)})
    else:
        print(answer_words(dataset), end="\n\n")
        shown = sensitivity_cells(dataset, table.head(15))
        words = [name for name, numeric in shown.columns.items() if not numeric]
        print_table(f"What moves: {dataset.attrs['output_title']}", shown.columns, shown.rows, left=words, width=140)
    say(f"{dataset.attrs['runs']:,} runs of the mean-field model\npage: {paths['sensitivity.html']}")
    check_fit(fitted)
