"""simsetting.yml: the settings of the other simulator that have a counterpart here; the others are listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.rows import bytes_in_folder
from corredor.study.problems import StudyError
from corredor.study.reading.yaml_file import read_yaml

_NO = ("false", "no", "off", "0", "0.0", "none", "")
"""What Flee's reader of YAML takes for no, and what Python does."""


@dataclass(frozen=True)
class Settings:
    """What the settings say about departures.

    sum_from_camps : departures follow the sum of the camps' counts (Flee's default), not the total series
    empty_camps_on_day_0 : people counted on day 0 are left out
    """

    sum_from_camps: bool = True
    empty_camps_on_day_0: bool = False
    file: str = ""


def read_settings(path: Path | None, remarks: Remarks) -> Settings:
    """Settings that are used, and a remark for each of the others."""
    if path is None:
        return Settings()
    try:
        node, problems = read_yaml(bytes_in_folder(path).decode("utf-8", errors="replace"), str(path))
    except StudyError as error:
        node, problems = None, list(error.problems)
    for problem in problems:
        done = "the usual settings are taken" if node is None else "the other settings are taken"
        remarks.add(27, str(path), problem.line, problem.found, done)
    if node is None:
        return Settings()
    content = node.plain()
    groups = content if isinstance(content, dict) else {}
    spawn = groups.get("spawn_rules")
    spawn = spawn if isinstance(spawn, dict) else {}
    used = ("sum_from_camps", "empty_camps_on_day0")
    for group, entries in groups.items():
        names = entries if isinstance(entries, dict) else {}
        unused = [str(name) for name in names if group != "spawn_rules" or name not in used]
        if unused and group not in ("log_levels", "optimisations"):
            done = "not used: movement follows corredor's own model and its common parameters"
            remarks.add(35, str(path), 0, f"{group}: {', '.join(unused)}", done)
    sums, empties = (
        str(spawn.get(name, otherwise)).lower() not in _NO for name, otherwise in zip(used, (True, False), strict=True)
    )
    return Settings(sums, empties, str(path))
