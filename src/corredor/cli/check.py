"""`corredor check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import WELL
from corredor.cli.options import Json
from corredor.cli.remarks import print_remarks, remark_rows
from corredor.cli.saying import report_problems


@app.command
def check(
    study: str,
    *,
    form: Annotated[Literal["study", "flee"], Parameter(name="--format")] = "study",
    source_data: Path | None = None,
    as_json: Json = False,
) -> int:
    """Read a study and report every problem at once; nothing is written.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    form
        flee: look at a folder of Flee 3, list what is odd in it with safe fixes, and import nothing.
    source_data
        For flee: the folder with data_layout.csv; source_data beside the folder unless given.
    as_json
        Print the problems as JSON.
    """
    from corredor.study.model import load_study
    from corredor.study.problems import StudyError

    if form == "flee":
        return _check_flee(Path(study), source_data, as_json)
    try:
        model = load_study(study)
    except StudyError as error:
        return report_problems(error, as_json)
    facts = {
        "study": model.name,
        "title": model.study.title,
        "places": len(model.places),
        "routes": len(model.routes),
        "parameters": len(model.parameters),
        "measures": len(model.measures),
        "observations": len(model.observations),
        "claims": len(model.claims),
        "hash": model.hash,
    }
    if as_json:
        print(json.dumps({"problems": [], **facts}, ensure_ascii=False))
    else:
        numbers = {key: value for key, value in facts.items() if isinstance(value, int)}
        counts = ", ".join(f"{value} {key if value != 1 else key[:-1]}" for key, value in numbers.items())
        print(f"{model.name}: no problems. {counts}.")
    return WELL


def _check_flee(folder: Path, source_data: Path | None, as_json: bool) -> int:
    from corredor.exchange.flee import make_study, read_folder
    from corredor.study.problems import StudyError

    try:
        remarks = make_study(read_folder(folder, source_data)).remarks
    except StudyError as error:
        return report_problems(error, as_json)
    if as_json:
        print(json.dumps({"format": "flee", "problems": [], "remarks": remark_rows(remarks)}, ensure_ascii=False))
    else:
        print_remarks(remarks)
        print(f"{folder}: can be imported; {len(remarks)} remark{'s' if len(remarks) != 1 else ''}.")
    return WELL
