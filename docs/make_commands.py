"""Writes docs/COMMANDS.md, the reference of the commands, from their docstrings: `make docs`.

Names, meanings and defaults are those that `corredor COMMAND --help` prints. tests/docs/test_site.py compares.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from cyclopts import App
from cyclopts.argument import Argument

from corredor import cli

PAGE = Path(__file__).with_name("COMMANDS.md")

INTRODUCTION = """\
# Commands

Written by `make docs` from the code; do not edit by hand. `STUDY` is a folder, or the name of a bundled study.
Data go to standard output, progress and messages to standard error.
"""


def commands() -> str:
    """The whole page."""
    names = sorted(name for name in cli.app if not name.startswith("-"))
    statuses = [f"| {status} | {_cell(means)} |" for status, means in cli.EXIT_STATUS.items()]
    end = "\n".join(["## Exit status\n", "| status | means |", "|---|---|", *statuses]) + "\n"
    return "\n".join([INTRODUCTION, *(_command(name, cli.app[name]) for name in names), end])


def _command(name: str, app: App) -> str:
    """A section: how it is called, what it does, a table of what it takes."""
    text = inspect.cleandoc(inspect.getdoc(app.default_command) or "").split("\nParameters\n")[0].strip()
    arguments = [argument for argument in app.assemble_argument_collection(parse_docstring=True) if argument.show]
    given = [_name(argument) for argument in arguments if _by_place(argument)]
    parts = [f"## {name}\n", "```text", " ".join(["corredor", name, *given, "[options]"]), "```\n", f"{text}\n"]
    if arguments:
        parts += ["| argument | default | meaning |", "|---|---|---|"]
        parts += [f"| `{_name(a)}` | {_default(a)} | {_cell(a.parameter.help or '')} |" for a in arguments]
    return "\n".join(parts) + "\n"


def _by_place(argument: Argument) -> bool:
    return argument.field_info.kind is not inspect.Parameter.KEYWORD_ONLY


def _name(argument: Argument) -> str:
    return argument.name.removeprefix("--").upper() if _by_place(argument) else argument.name


def _default(argument: Argument) -> str:
    default = argument.field_info.default
    if argument.field_info.required:
        return "**needed**"
    return "none" if default in (None, "", [], inspect.Parameter.empty) else "no" if default is False else _cell(str(default))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(commands(), encoding="utf-8")
    print(PAGE)
