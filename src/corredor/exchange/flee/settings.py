"""simsetting.yml: the settings of the other simulator that have a counterpart here; the others are listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from corredor.exchange.flee.remarks import Remarks


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
        content: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, YAMLError, ValueError) as error:
        remarks.add(27, str(path), 0, str(error).split("\n")[0], "the usual settings are taken")
        return Settings()
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
    return Settings(bool(spawn.get(used[0], True)), bool(spawn.get(used[1], False)), str(path))
