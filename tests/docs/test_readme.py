"""Do the examples of README.md run as printed?

Blocks marked `sh` and `python` are run in order in one empty folder, as a reader would: in full by a shell, reduced with its commands in
this process. A block that fetches or builds the project
(git, make, pip, npm) is run only where it calls `corredor`. Blocks marked `text` are output and are not run.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from as_printed import run_shell

from corredor._simulate import simulate

ROOT = Path(__file__).parents[2]
BUILDING = re.compile(r"^\s*(\$ )?(git|make|pip|python3? -m (pip|venv)|npm|cd|source) ?", flags=re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of the page: where its text begins, its language, its text."""

    line: int
    language: str
    text: str


def blocks(page: str) -> list[Block]:
    """Fenced blocks, in order."""
    found = re.finditer(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", page, flags=re.MULTILINE | re.DOTALL)
    return [Block(page[: match.start()].count("\n") + 2, match[1], match[2]) for match in found]


def runnable(block: Block) -> str:
    """What of a block is run; nothing of it when that is empty."""
    if block.language == "python":
        return block.text
    if block.language not in ("sh", "bash", "shell", "console"):
        return ""
    joined = re.sub(r"[ \t]*\\\n\s*", " ", block.text)
    lines = [line.removeprefix("$ ") for line in joined.splitlines()]
    if BUILDING.search(joined):
        lines = [line for line in lines if line.startswith("corredor ")]
    return "\n".join(line for line in lines if line.strip())


def run_block(block: Block, folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a block as a reader would, in a folder: by a shell with `corredor` on the path, if one is given, else with commands run here."""
    if block.language != "python" and path is None:
        return run_shell(runnable(block), folder)
    command = [sys.executable, "-c", block.text] if block.language == "python" else ["sh", "-e", "-c", runnable(block)]
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(params=[pytest.param(False, id="commands_here"), pytest.param(True, id="by_a_shell", marks=pytest.mark.full)])
def path(request, tmp_path):
    """A search path on which `corredor` is the code under test, for a shell; none where commands are run in this process."""
    if not request.param:
        return None
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "corredor"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m corredor "$@"\n')
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_the_examples_run_as_printed(tmp_path, path):
    examples = [block for block in blocks((ROOT / "README.md").read_text(encoding="utf-8")) if runnable(block)]
    assert {"corredor" in runnable(block) for block in examples} == {True}, "README.md has no example, or one without corredor"
    folder = tmp_path / "reader"
    folder.mkdir()
    for block in examples:
        done = run_block(block, folder, path)
        assert done.returncode == 0, f"README.md:{block.line}\n{runnable(block)}\n{done.stdout}\n{done.stderr}"


def test_a_run_draws_as_many_random_counts_as_the_page_says():
    """It said “some hundred thousand”."""
    words = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert "One draw of the mexico-2018 study makes about a million random counts" in words
    drawn = simulate("mexico-2018", draws=1, jobs=1).attrs["decisions_per_draw"]
    assert 0.7e6 < drawn < 1.4e6


def test_every_link_to_a_file_leads_somewhere():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page) + re.findall(r'(?:src|href)="(?!https?:|#)([^"#]+)"', page)
    assert [link for link in links if not (ROOT / link).exists()] == []


PAGE = """
```sh
git clone somewhere
make setup
corredor check two-towns
```
```sh
$ corredor run two-towns \\
    --draws 5
```
```python
import corredor
```
```text
output
```
"""


def test_blocks_are_found_and_building_is_left_out():
    found = blocks(PAGE)
    assert [(block.line, block.language) for block in found] == [(3, "sh"), (8, "sh"), (12, "python"), (15, "text")]
    wanted = ["corredor check two-towns", "corredor run two-towns --draws 5", "import corredor\n", ""]
    assert [runnable(block) for block in found] == wanted


def test_an_example_that_fails_is_noticed(tmp_path, path):
    wrong = Block(1, "sh", "corredor run no_such_study\necho more\n")
    assert run_block(wrong, tmp_path, path).returncode == 3
    assert run_block(Block(1, "python", "import corredor\ncorredor.nonsense"), tmp_path, path).returncode == 1
