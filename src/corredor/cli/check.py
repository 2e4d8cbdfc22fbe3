"""`corredor check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.import_folder import print_remarks, remark_rows
from corredor.cli.options import Json, Study
from corredor.cli.saying import print_json, problem_rows

COUNTED = ("places", "routes", "parameters", "measures", "observations", "claims")


@command
def check(
    study: Study,
    *,
    form: Annotated[Literal["study", "flee"], Parameter(name="--format")] = "study",
    source_data: Path | None = None,
    as_json: Json = False,
) -> None:
    """Read a study and report every problem at once; nothing is written.

    Warnings tell what can be and is yet hard to believe, such as half of a population leaving in a month, and what nothing uses.

    Parameters
    ----------
    form
        flee: look at a folder of Flee 3, list what is odd in it with safe fixes, and import nothing.
    source_data
        For flee: the folder with data_layout.csv; source_data beside the folder unless given.
    """
    from corredor.study.model import study_and_warnings

    if form == "flee":
        _check_flee(Path(study), source_data, as_json)
        return
    model, warnings = study_and_warnings(study)
    numbers = {name: len(getattr(model, name)) for name in COUNTED}
    if as_json:
        rows = problem_rows(warnings)
        print_json(
            {"problems": [], "warnings": rows, "study": model.name, "title": model.study.title, **numbers, "hash": model.hash}
        )
    else:
        counts = ", ".join(f"{value} {name if value != 1 else name[:-1]}" for name, value in numbers.items())
        for warning in warnings:
            print(f"warning: {warning}")
        told = f", {len(warnings)} warning{'s' if len(warnings) != 1 else ''}" if warnings else ""
        print(f"{model.name}: no problems{told}. {counts}.")


def _check_flee(folder: Path, source_data: Path | None, as_json: bool) -> None:
    from corredor.exchange.flee.folder import read_folder
    from corredor.exchange.flee.study import make_study

    remarks = make_study(read_folder(folder, source_data)).remarks
    if as_json:
        print_json({"format": "flee", "problems": [], "remarks": remark_rows(remarks)})
    else:
        print_remarks(remarks)
        print(f"{folder}: can be imported; {len(remarks)} remark{'s' if len(remarks) != 1 else ''}.")
