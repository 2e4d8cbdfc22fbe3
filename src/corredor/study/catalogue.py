"""The studies that come with corredor, and where to find a study by name or folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from corredor.study.problems import Problem, StudyError, nearest

BUNDLED = Path(__file__).parents[1] / "studies"


def bundled_studies() -> dict[str, Path]:
    """The studies that come with corredor.

    Returns
    -------
    dict
        Name → folder.

    Examples
    --------
    >>> list(bundled_studies())
    ['americas-2018', 'displacement', 'mediterranean-2015', 'mexico-2018', 'mexico-border-2011', 'two-towns']
    """
    return {folder.name: folder for folder in sorted(BUNDLED.iterdir()) if (folder / "study.yaml").is_file()}


def find_study(name: str | os.PathLike[str]) -> Path:
    """Folder of a study, given its folder or the name of a bundled one; a folder wins.

    A path of several parts is returned as it is: the reader of folders says what it finds there.

    raises : StudyError                         for a bare name when neither exists
    """
    folder = Path(name)
    if folder.exists() or len(folder.parts) > 1:
        return folder
    known = bundled_studies()
    if str(name) in known:
        return known[str(name)]
    like = nearest(str(name), known)
    advice = f"did you mean {like}? " if like else ""
    expected = "the folder of a study, or one of: " + ", ".join(known)
    raise StudyError([Problem(str(name), 1, 1, "no such folder", expected, f"{advice}corredor studies lists what is bundled")])


def new_study(folder: Path) -> list[Path]:
    """Copy the smallest bundled study to a new folder, as a beginning; returns the files written.

    raises : FileExistsError                    when the folder exists and is not empty
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    template = bundled_studies()["two-towns"]
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(template, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("fitted.nc", "__pycache__"))
    study = folder / "study.yaml"
    name = folder.resolve().name.replace("-", " ").replace("_", " ")
    # Text in JSON's quotes is text in YAML too, whatever the folder is called.
    title = "title: " + json.dumps(f"{name} (begun from two-towns, figures made up)", ensure_ascii=False)
    text = re.sub(r"(?m)^title:.*$", lambda _: title, study.read_text(encoding="utf-8"), count=1)
    study.write_text(text, encoding="utf-8")
    return sorted(path for path in folder.iterdir() if path.is_file())
