"""`corredor import`, and how remarks on a foreign folder are shown."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Json
from corredor.cli.saying import print_json, say, writing

if TYPE_CHECKING:
    from corredor.exchange.flee.remarks import Remark


@command
def import_folder(
    form: Annotated[Literal["flee"], Parameter(name="FORMAT")],
    folder: Path,
    *,
    out: Path,
    source_data: Path | None = None,
    settings: Path | None = None,
    capacities: Literal["counts", "folder"] = "counts",
    as_json: Json = False,
) -> None:
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
    capacities
        Of camps. counts: as known on each day, the largest count published so far. folder: those of locations.csv, which are mostly
        known only afterwards.
    """
    from corredor.exchange.flee.write import import_flee

    with writing(out):
        study, model = import_flee(folder, out, source_data, settings, capacities)
    if as_json:
        print_json({"format": form, "out": str(out), "remarks": remark_rows(study.remarks)})
    else:
        print_remarks(study.remarks)
        print(f"{out}: {len(model.places)} places, {len(model.routes)} ways, {len(model.observations)} observations.")
    say(f"try: corredor run {shlex.quote(str(out))}\n     corredor score {shlex.quote(str(out))}")


def remark_rows(remarks: tuple[Remark, ...]) -> list[dict[str, Any]]:
    fields = ("code", "file", "line", "kind", "found", "done", "fix")
    return [{name: getattr(remark, name) for name in fields} for remark in remarks]


def print_remarks(remarks: tuple[Remark, ...]) -> None:
    """Each remark as a problem is shown: where, found, done, safe fix."""
    from corredor.exchange.flee.remarks import gathered_remarks

    for remark in gathered_remarks(remarks):
        where = f"{remark.file}:{remark.line}" if remark.line else remark.file
        print(
            f"{where}  {remark.code} {remark.kind}\n  found     {remark.found}\n  done      {remark.done}\n  fix       {remark.fix}"
        )
