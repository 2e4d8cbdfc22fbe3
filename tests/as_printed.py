"""Examples of the pages, run as printed, in this process, where everything is imported already.

What a reader would type into a shell is run line by line: `corredor …` by the function that the command calls, all else by `sh`.
"""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

from corredor import cli

_CALL = re.compile(r"(?P<words>corredor [^|<>&;$`]*)( 2>&1)?(?P<otherwise> \|\| [^|<>&;]*)?")

Done = subprocess.CompletedProcess[str]


def run_command(words: list[str], folder: Path) -> Done:
    """Run `corredor …` in a folder; its exit status and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        patch.object(sys, "argv", words),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            return subprocess.CompletedProcess(words, int(ended.code or 0), out.getvalue(), err.getvalue())
    raise AssertionError("a command ends by leaving with its exit status")


def run_shell(text: str, folder: Path) -> Done:
    """Run a block of shell in a folder up to its first failure, as `sh -e` does."""
    done: Done = subprocess.CompletedProcess([], 0, "", "")
    for is_ours, lines in groupby(text.splitlines(), key=lambda line: line.startswith("corredor ")):
        for part in lines if is_ours else ["\n".join(lines)]:
            done = _run_line(part, folder) if is_ours else _run_in_sh(part, folder)
            if done.returncode != 0:
                return done
    return done


def _run_line(line: str, folder: Path) -> Done:
    """One command; with `|| something` it may fail, and something is done then."""
    found = _CALL.fullmatch(line)
    assert found is not None, f"more than a call of corredor: {line}"
    done = run_command(shlex.split(found["words"], comments=True), folder)
    if done.returncode == 0 or not found["otherwise"]:
        return done
    return _run_in_sh(f"(exit {done.returncode}){found['otherwise']}", folder)


def _run_in_sh(text: str, folder: Path) -> Done:
    return subprocess.run(["sh", "-e", "-c", text], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
