"""The command line to which every command adds itself, and what is said when one of them cannot go on."""

from __future__ import annotations

import errno
import functools
import os
import stat
import sys
from collections.abc import Callable
from typing import ParamSpec

from cyclopts import App, Parameter

from corredor.cli.saying import USAGE, WELL, Ended, report_problems, say
from corredor.study.problems import ArgumentError, ExtraMissing, StudyError

app = App(
    name="corredor",
    help="Simulate a migration corridor and answer with honest uncertainty.",
    version_flags=["--version"],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(negative=()),
)

KEPT = "what was finished is kept: the same command goes on from it once there is room"

P = ParamSpec("P")


def _output_can_be_full() -> bool:
    """Whether standard output is a file or a device such as /dev/full; a pipe, a terminal and /dev/null take everything."""
    try:
        found, nothing = os.fstat(sys.stdout.fileno()), os.stat(os.devnull)
    except OSError:
        return False
    device = stat.S_ISCHR(found.st_mode) and found.st_rdev != nothing.st_rdev
    return not sys.stdout.isatty() and (stat.S_ISREG(found.st_mode) or device)


def command(function: Callable[P, None]) -> Callable[P, int]:
    """Add a command, under the first word of its function's name.

    A study with problems, a word that cannot be used, a missing extra, a full disk or closed folder, and a machine with too little memory
    are told here, for all.
    """

    @functools.wraps(function)
    def answered(*given: P.args, **options: P.kwargs) -> int:
        try:
            function(*given, **options)
        except StudyError as error:
            return report_problems(error, bool(options.get("as_json") or getattr(options.get("common"), "as_json", False)))
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.filename is None and error.errno != errno.EFBIG and _output_can_be_full():
                raise  # `main` tells of it
            say(
                f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}\n{KEPT}\ntry: another folder with --out"
            )
            return USAGE
        except (ArgumentError, ExtraMissing, Ended) as error:
            if str(error):
                say(str(error))
            return error.status if isinstance(error, Ended) else USAGE
        except MemoryError:
            say("not enough memory for so much at once\ntry: fewer --draws, a shorter study, or a machine with more memory")
            return USAGE
        return WELL

    app.command(answered, name=function.__name__.split("_")[0])
    return answered
