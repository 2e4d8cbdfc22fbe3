"""An imported study goes onto disk whole or not at all, and only when the checker of studies accepts it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from corredor.exchange.flee.capacities import Capacities
from corredor.exchange.flee.folder import read_folder
from corredor.exchange.flee.study import FleeStudy, make_study
from corredor.study.model import Model, load_study
from corredor.study.problems import StudyError


def import_flee(
    input_dir: Path,
    out: Path,
    source_dir: Path | None = None,
    settings_file: Path | None = None,
    capacities: Capacities = "counts",
) -> tuple[FleeStudy, Model]:
    """Read a Flee folder and write a study.

    input_dir, source_dir, settings_file : as in `read_folder`
    out : new folder of the study
    capacities : as in `make_study`
    returns : the study as written, with its remarks, and as the model that `simulate` takes
    raises : StudyError, when there is nothing to make a study of; FileExistsError, when `out` exists and is not empty
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(out)
    study = make_study(read_folder(input_dir, source_dir, settings_file), capacities)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".corredor-") as passing:
        folder = Path(passing) / out.name
        folder.mkdir()
        for name, text in study.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        try:
            model = load_study(folder)
        except StudyError as error:
            raise StudyError(replace(p, file=p.file.replace(str(folder), str(out))) for p in error.problems) from None
        if out.is_dir():
            out.rmdir()
        shutil.move(folder, out)
    return study, model
