"""`corredor studies` and `corredor new`."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from corredor.cli.app import app
from corredor.cli.exit_status import USAGE, WELL
from corredor.cli.options import Json
from corredor.cli.saying import say


@app.command
def studies(*, as_json: Json = False) -> int:
    """List the studies that come with corredor.

    Parameters
    ----------
    as_json
        Print the list as JSON.
    """
    from corredor.study.catalogue import bundled_studies
    from corredor.study.model import load_study

    found = {name: load_study(folder) for name, folder in bundled_studies().items()}
    if as_json:
        rows = [{"name": n, "title": m.study.title, "from": str(m.study.from_), "to": str(m.study.to)} for n, m in found.items()]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for name, model in found.items():
            print(f"{name:16s} {model.study.title} ({model.study.from_} to {model.study.to})")
    return WELL


@app.command
def new(folder: Path, *, as_json: Json = False) -> int:
    """Begin a study of your own: a small, complete one is written for you to change.

    Parameters
    ----------
    folder
        New folder for the study.
    as_json
        Print the files written as JSON.
    """
    from corredor.study.catalogue import new_study

    try:
        written = [str(path) for path in new_study(folder)]
    except FileExistsError:
        say(f"{folder} exists already and is not empty\ntry: another name")
        return USAGE
    except OSError as error:
        say(f"{folder} cannot be written: {error.strerror}\ntry: another folder")
        return USAGE
    print(json.dumps({"files": written}, ensure_ascii=False) if as_json else "\n".join(written))
    say(f"try: corredor check {shlex.quote(str(folder))}\n     corredor run {shlex.quote(str(folder))}")
    return WELL
