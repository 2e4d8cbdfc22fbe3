"""`corredor import`."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import USAGE, WELL
from corredor.cli.options import Json
from corredor.cli.remarks import print_remarks, remark_rows
from corredor.cli.saying import report_problems, say


@app.command(name="import")
def import_folder(
    form: Annotated[Literal["flee"], Parameter(name="FORMAT")],
    folder: Path,
    *,
    out: Path,
    source_data: Path | None = None,
    settings: Path | None = None,
    as_json: Json = False,
) -> int:
    """Make a study of a folder that was written for another simulator.

    Parameters
    ----------
    form
        flee: a folder of Flee 3.
    folder
        The folder with locations.csv, or the one above it.
    out
        New folder for the study.
    source_data
        The folder with data_layout.csv; source_data beside the folder unless given.
    settings
        simsetting.yml; the one beside the folder, if there is one, unless given.
    as_json
        Print what was odd, and what was done about it, as JSON.
    """
    from corredor.exchange.flee import import_flee
    from corredor.study.problems import StudyError

    try:
        study, model = import_flee(folder, out, source_data, settings)
    except StudyError as error:
        return report_problems(error, as_json)
    except FileExistsError:
        say(f"{out} exists already and is not empty\ntry: another name with --out")
        return USAGE
    except OSError as error:
        say(f"{out} cannot be written: {error.strerror}\ntry: another folder with --out")
        return USAGE
    if as_json:
        print(json.dumps({"format": form, "out": str(out), "remarks": remark_rows(study.remarks)}, ensure_ascii=False))
    else:
        print_remarks(study.remarks)
        print(f"{out}: {len(model.places)} places, {len(model.routes)} ways, {len(model.observations)} observations.")
    say(f"try: corredor run {shlex.quote(str(out))}\n     corredor score {shlex.quote(str(out))}")
    return WELL
