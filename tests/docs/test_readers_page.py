"""Do the commands of docs/READERS.md work as printed, and does the page name every format?"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from published import SAMPLES
from sheets import CUADRO, xlsx

from corredor import cli
from corredor.exchange.readers.formats import FORMATS
from corredor.study.catalogue import new_study
from corredor.study.model import load_study

PAGE = (Path(__file__).parents[2] / "docs" / "READERS.md").read_text(encoding="utf-8")
COMMANDS = re.search(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)[1].splitlines()  # type: ignore[index]

FILES = {
    "encounters-feb.csv": "cbp-fy21-feb.csv",
    "encounters-mar.csv": "cbp-fy21-mar.csv",
    "population.csv": "unhcr-population.csv",
    "timeseries.json": "unhcr-portal-day.json",
    "displacement.json": "dtm-api.json",
    "acled.csv": "acled-new.csv",
    "indicator.json": "world-bank.json",
    "remittances.csv": "banxico.csv",
    "camps.csv": "hxl.csv",
    "flows.csv": "flowmap-flows.csv",
}


def test_every_format_has_a_row_and_a_command():
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE.split("## Commands")[0], flags=re.MULTILINE) == list(FORMATS)
    assert [shlex.split(command)[2] for command in COMMANDS] == list(FORMATS)


def test_the_commands_work_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new_study(tmp_path / "my-corridor")
    for name, made in FILES.items():
        shutil.copy(SAMPLES / made, tmp_path / name)
    (tmp_path / "boletin.xlsx").write_bytes(xlsx({"Cuadro": CUADRO}))
    for command in COMMANDS:
        before = load_study("my-corridor")
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert left.value.code == cli.WELL, (command, capsys.readouterr().err)
        after = load_study("my-corridor")
        assert len(after.observations) + len(after.drivers) > len(before.observations) + len(before.drivers), command
        assert len(after.sources) > len(before.sources), command
