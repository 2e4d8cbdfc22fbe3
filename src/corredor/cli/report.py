"""`corredor report`."""

from __future__ import annotations

from pathlib import Path

from corredor.cli.app import command
from corredor.cli.exit_status import WELL
from corredor.cli.options import Json, Results
from corredor.cli.results_file import read_results
from corredor.cli.saying import print_json, writing


@command
def report(results: Results, *, out: Path | None = None, as_json: Json = False) -> int:
    """Write the report of an earlier run anew.

    Parameters
    ----------
    out
        File for the report; report.html beside the results unless given.
    """
    from corredor.pages.report.page import write_report

    path, dataset = read_results(results)
    target = out or path.with_name("report.html")
    with writing(target, "another file with --out"):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_report(dataset, target)
    print_json({"report": str(target)}) if as_json else print(target)
    return WELL
