"""The command line to which every command adds itself, and what is said when one of them cannot go on."""

from __future__ import annotations

import errno
import functools
import os
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import ParamSpec

from cyclopts import App, Group, Parameter

from corredor.cli.options import HELD
from corredor.cli.saying import UNREACHABLE, USAGE, WELL, Ended, report_problems, say
from corredor.study.problems import ArgumentError, ExtraMissing, StudyError, Unreachable

GROUPS: dict[str, dict[str, str]] = {
    "Study": {
        "studies": "corredor studies",
        "new": "corredor new my-corridor",
        "check": "corredor check my-corridor",
        "doctor": "corredor doctor",
    },
    "Simulate": {
        "run": "corredor run mexico-2018 -d 200 -o winter",
        "forecast": "corredor forecast mexico-2018 --as-of 2018-12-10 --months 3",
        "report": "corredor report winter",
        "verify": "corredor verify winter",
    },
    "Learn": {
        "fit": "corredor fit my-corridor --as-of 2021-04-20",
        "backtest": "corredor backtest mexico-border-2011 --origins 2018-01:2018-06",
        "score": "corredor score displacement --rolling 30",
    },
    "Explain": {
        "compare": "corredor compare mexico-2018 -w metering_guidance",
        "explore": "corredor explore mexico-2018 -o mexico.html",
        "claims": "corredor claims mexico-2018",
        "sensitivity": "corredor sensitivity two-towns --output stopped -w bridge_patrols",
        "benchmark": "corredor benchmark",
    },
    "Exchange": {
        "add": "corredor add cbp apprehensions.csv --to my-corridor --output apprehensions",
        "fetch": "corredor fetch https://example.org/figures.csv --out figures.csv",
        "import": "corredor import flee my_flee_folder --out my-corridor",
        "export": "corredor export winter --to csv --out tables",
    },
}
"""Groups of the help, in the order of a study's life: command → an example of it."""

HOME = {
    name: (group, place, example)
    for group, commands in ((Group(title, sort_key=number), commands) for number, (title, commands) in enumerate(GROUPS.items()))
    for place, (name, example) in enumerate(commands.items())
}
"""Command → its group, its place in it, and an example."""

app = App(
    name="corredor",
    help="Simulate a migration corridor and answer with honest uncertainty.",
    help_epilogue="`corredor COMMAND --help` has an example of each; `corredor --install-completion` lets the shell complete them.",
    group_commands=Group("Help", sort_key=len(GROUPS)),
    version_flags=["--version"],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(negative=()),
)

app.register_install_completion_command(add_to_startup=True)

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A disk, a share of it, or a file that may not grow."""

P = ParamSpec("P")


def _output_can_be_full() -> bool:
    """Whether standard output is a file or a device such as /dev/full; a pipe, a terminal and /dev/null take everything."""
    try:
        found, nothing = os.fstat(sys.stdout.fileno()), os.stat(os.devnull)
    except OSError:
        return False
    device = stat.S_ISCHR(found.st_mode) and found.st_rdev != nothing.st_rdev
    return not sys.stdout.isatty() and (stat.S_ISREG(found.st_mode) or device)


def _advice(error: OSError) -> str:
    if error.errno in FULL:
        kept = "finished draws, origins, methods and chunks that were kept serve the same command once there is room"
        return f"{kept}\ntry: room there, or another folder with --out"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "try: more files open at once (ulimit -n), or fewer --jobs"
    return "try: another folder with --out, or permission to read and write there"


def command(function: Callable[P, None]) -> Callable[P, int]:
    """Add a command, under the first word of its function's name, to its group in GROUPS.

    A study with problems, a word that cannot be used, a missing extra, a full disk or closed folder, and a machine with too little memory
    are told here, for all.
    """

    @functools.wraps(function)
    def answered(*given: P.args, **options: P.kwargs) -> int:
        try:
            with ExitStack() as held:
                HELD.set(held)
                function(*given, **options)
        except StudyError as error:
            return report_problems(error, bool(options.get("as_json") or getattr(options.get("common"), "as_json", False)))
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.filename is None and error.errno != errno.EFBIG and _output_can_be_full():
                raise  # `main` tells of it
            say(f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}\n{_advice(error)}")
            return USAGE
        except (ArgumentError, ExtraMissing, Ended, Unreachable) as error:
            if str(error):
                say(str(error))
            return error.status if isinstance(error, Ended) else UNREACHABLE if isinstance(error, Unreachable) else USAGE
        except MemoryError:
            say("not enough memory for so much at once\ntry: fewer --draws, a shorter study, or a machine with more memory")
            return USAGE
        return WELL

    name = function.__name__.split("_")[0]
    group, place, example = HOME[name]
    app.command(answered, name=name, group=group, sort_key=place, help_epilogue=f"Example: `{example}`")
    return answered
