"""`corredor studies` and `corredor new`."""

from __future__ import annotations

import shlex
from pathlib import Path

from corredor.cli.app import command
from corredor.cli.options import Json
from corredor.cli.saying import print_json, say, writing


@command
def studies(*, as_json: Json = False) -> None:
    """List the studies that come with corredor."""
    from corredor.study.catalogue import bundled_studies
    from corredor.study.model import load_study

    found = {name: load_study(folder).study for name, folder in bundled_studies().items()}
    if as_json:
        print_json([{"name": n, "title": s.title, "from": str(s.from_), "to": str(s.to)} for n, s in found.items()])
    else:
        for name, study in found.items():
            print(f"{name:16s} {study.title} ({study.from_} to {study.to})")


@command
def new(folder: Path, *, as_json: Json = False) -> None:
    """Begin a study of your own: a small, complete one is written for you to change.

    Parameters
    ----------
    folder
        New folder for the study.
    """
    from corredor.study.catalogue import new_study

    with writing(folder, "another folder"):
        written = [str(path) for path in new_study(folder)]
    print_json({"files": written}) if as_json else print("\n".join(written))
    say(f"try: corredor check {shlex.quote(str(folder))}\n     corredor run {shlex.quote(str(folder))}")
