"""Do the commands of docs/FLEE.md run as printed, on a folder of that name, and is each feature it lists tested?"""

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


def test_every_feature_has_the_test_that_the_page_names():
    named = re.findall(r"\| `(test_\w+)` \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    tests = "".join(path.read_text(encoding="utf-8") for path in (PAGE.parents[1] / "tests" / "unit").glob("test_*.py"))
    assert len(named) >= 15
    assert [name for name in named if f"def {name}(" not in tests] == []
