"""`corredor import`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.exit_status import WELL
from corredor.cli.options import Json
from corredor.cli.remarks import print_remarks, remark_rows
from corredor.cli.saying import print_json, say, writing


@command
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
    """
    from corredor.exchange.flee.write import import_flee

    with writing(out):
        study, model = import_flee(folder, out, source_data, settings)
    if as_json:
        print_json({"format": form, "out": str(out), "remarks": remark_rows(study.remarks)})
    else:
        print_remarks(study.remarks)
        print(f"{out}: {len(model.places)} places, {len(model.routes)} ways, {len(model.observations)} observations.")
    say(f"try: corredor run {shlex.quote(str(out))}\n     corredor score {shlex.quote(str(out))}")
    return WELL
