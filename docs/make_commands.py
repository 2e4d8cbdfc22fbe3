"""Writes docs/COMMANDS.md, the reference of the commands, from their docstrings: `make docs`.

Names, meanings and defaults are those that `corredor COMMAND --help` prints. tests/docs/test_site.py compares.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from cyclopts import App
from cyclopts.argument import Argument

from corredor import cli
from corredor.cli.app import GROUPS

PAGE = Path(__file__).with_name("COMMANDS.md")

INTRODUCTION = """\
# Commands

Written by `make docs` from the code; do not edit by hand. `STUDY` is a folder, or the name of a bundled study.
`corredor --install-completion` lets the shell complete commands and options.
Data go to standard output, progress and messages to standard error.
"""


def commands() -> str:
    """The whole page."""
    sections = [
        text
        for group, examples in GROUPS.items()
        for text in (f"## {group}\n", *(_command(name, cli.app[name], example) for name, example in examples.items()))
    ]
    statuses = [f"| {status} | {_cell(means)} |" for status, means in cli.EXIT_STATUS.items()]
    end = "\n".join(["## Exit status\n", "| status | means |", "|---|---|", *statuses]) + "\n"
    return "\n".join([INTRODUCTION, *sections, end])


def _command(name: str, app: App, example: str) -> str:
    """A section: how it is called, what it does, an example, a table of what it takes."""
    text = inspect.cleandoc(inspect.getdoc(app.default_command) or "").split("\nParameters\n")[0].strip()
    arguments = [argument for argument in app.assemble_argument_collection(parse_docstring=True) if argument.show]
    given = [_name(argument) for argument in arguments if _by_place(argument)]
    call = " ".join(["corredor", name, *given, "[options]"])
    parts = [f"### {name}\n", "```text", call, "```\n", f"{text}\n", f"Example: `{example}`\n"]
    if arguments:
        parts += ["| argument | default | meaning |", "|---|---|---|"]
        parts += [f"| {_names(a)} | {_default(a)} | {_cell(a.parameter.help or '')} |" for a in arguments]
    return "\n".join(parts) + "\n"


def _by_place(argument: Argument) -> bool:
    return argument.field_info.kind is not inspect.Parameter.KEYWORD_ONLY


def _name(argument: Argument) -> str:
    return argument.name.removeprefix("--").upper() if _by_place(argument) else argument.name


def _names(argument: Argument) -> str:
    """The name and, where there is one, its short form."""
    short = [name for name in argument.names if re.fullmatch("-[a-z]", name)]
    return ", ".join(f"`{name}`" for name in [_name(argument), *short])


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
