"""`corredor report`."""

from __future__ import annotations

import json
from pathlib import Path

from corredor.cli.app import app
from corredor.cli.exit_status import USAGE, WELL
from corredor.cli.options import Json
from corredor.cli.saying import report_problems, say


@app.command
def report(
    results: Path,
    *,
    out: Path | None = None,
    as_json: Json = False,
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
    from corredor.pages.report import render_report
    from corredor.results.netcdf import read_run
    from corredor.study.problems import Problem, StudyError
    from corredor.study.whole_file import replace_whole

    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        problem = Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")
        return report_problems(StudyError([problem]), as_json)
    target = out or path.with_name("report.html")
    text = render_report(dataset)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, lambda passing: passing.write_text(text, encoding="utf-8"))
    except OSError as error:
        say(f"{target} cannot be written: {error.strerror}\ntry: another file with --out")
        return USAGE
    print(json.dumps({"report": str(target)}, ensure_ascii=False) if as_json else target)
    return WELL
