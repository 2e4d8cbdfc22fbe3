"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import traceback
from importlib import metadata
from typing import NoReturn

from cyclopts import CycloptsError

from corredor.cli import (  # noqa: F401  (each adds its commands to `app`)
    add,
    backtest,
    benchmark,
    check,
    claims,
    compare,
    doctor,
    earlier_run,
    explore,
    fit,
    forecast,
    import_folder,
    run,
    score,
    sensitivity,
    studies,
    verify,
)
from corredor.cli.app import app
from corredor.cli.saying import BUG, DIAGNOSTIC, EXIT_STATUS, INVALID, STOPPED, UNREACHABLE, USAGE, WELL, command_line, say

__all__ = ["BUG", "DIAGNOSTIC", "EXIT_STATUS", "INVALID", "STOPPED", "UNREACHABLE", "USAGE", "WELL", "app", "main"]


def main() -> NoReturn:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot write a letter shows its number
    try:
        "".join(sys.argv).encode()
    except UnicodeEncodeError:
        say("a word of this command, or a name in it, is no text in UTF-8\ntry: another name for the file or folder")
        sys.exit(USAGE)
    try:
        status = app(sys.argv[1:], exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        say(f"{str(error).strip()}\ntry: corredor --help")
        sys.exit(USAGE)
    except KeyboardInterrupt as stopped:
        say("stopped; nothing is kept" if hasattr(stopped, "counts") else "stopped")
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever reads our output has had enough, as in `corredor studies | head -1`. What is left goes nowhere, in silence.
        _drop_output()
        sys.exit(WELL)
    except Exception as error:
        if _output_is_full(error):
            _drop_output()
            say(f"standard output cannot be written: {error}\ntry: another file, or free room there")
            sys.exit(USAGE)
        traceback.print_exc()
        say(_bug_words())
        sys.exit(BUG)
    sys.exit(status if isinstance(status, int) else WELL)


def _bug_words() -> str:
    """What is said under the traceback of a bug."""
    return (
        f"This is a bug in corredor {metadata.version('corredor')}. It was doing: {command_line()}\n"
        "try: report it where you got corredor from, with all lines above, and with the study or file if it can be shown"
    )


def _output_is_full(error: Exception) -> bool:
    """Whether it is standard output that could not be written: a full disk behind it, or a device that takes nothing."""
    return isinstance(error, OSError) and error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT)


def _drop_output() -> None:
    """Let what is left of standard output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
