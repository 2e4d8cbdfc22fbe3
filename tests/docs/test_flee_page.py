"""Do the commands of docs/FLEE.md run as printed, on a folder of that name?"""

import re
from pathlib import Path

from as_printed import run_shell
from flee_folder import write_flee_folder

PAGE = Path(__file__).parents[2] / "docs" / "FLEE.md"


def test_the_commands_run_as_printed(tmp_path):
    write_flee_folder(tmp_path / "my-case")
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    commands = block.strip().split("\n")
    assert len(commands) == 4
    for command in commands:
        done = run_shell(command, tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert (tmp_path / "my-results" / "report.html").is_file()
