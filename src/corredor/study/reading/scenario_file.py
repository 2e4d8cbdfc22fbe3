"""Reads the file of a scenario, as strictly as the files of a study."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corredor.study.problems import Problem, StudyError, gathered, nearest
from corredor.study.reading.entries import Written
from corredor.study.reading.files import bytes_of, decoded
from corredor.study.reading.wording import schema_problems
from corredor.study.reading.yaml_file import read_yaml
from corredor.study.schema import Scenario


def read_scenario(path: str | Path) -> tuple[Written[Scenario], str]:
    """A scenario of the right shape, and the sha256 of its file; nothing is compared with a study yet.

    raises : StudyError with every problem of its shape
    """
    file, problems = Path(path), list[Problem]()
    shown = str(file)
    if file.suffix != ".yaml":
        raise StudyError([Problem(shown, 0, 0, "not a .yaml file", "a YAML file with a scenario", "the path of a .yaml file")])
    if not file.exists():
        names = [entry.name for entry in file.parent.iterdir()] if file.parent.is_dir() else []
        close = nearest(file.name, (name for name in names if name.endswith(".yaml")))
        try_ = str(file.with_name(close)) if close else "the path of a file; docs/COMPARE.md shows how to write one"
        raise StudyError([Problem(shown, 0, 0, "no such file", "a YAML file with a scenario", try_)])
    content = bytes_of(file, problems)
    text = None if content is None else decoded(content, shown, problems)
    node, bad = read_yaml(text, shown) if text is not None else (None, [])
    problems += bad
    if node is None or node.keys is None:
        if not problems:
            found = "an empty file" if node is None else node.shown(())
            line, column = (0, 0) if node is None else (node.line, node.column)
            expected = "lines `key: value` with the keys title, off, change, add, drivers, fix"
            problems.append(Problem(shown, line, column, found, expected, "begin with a line `title: …`"))
        raise StudyError(gathered(problems))
    plain = node.plain()
    try:
        entry = TypeAdapter(Scenario).validate_python(plain)
    except ValidationError as error:
        problems += schema_problems(error, Scenario, plain, node, (), shown)
        raise StudyError(gathered(sorted(problems, key=lambda problem: (problem.line, problem.column)))) from None
    if problems:
        raise StudyError(gathered(problems))
    return Written(entry, "", shown, node), hashlib.sha256(content or b"").hexdigest()
