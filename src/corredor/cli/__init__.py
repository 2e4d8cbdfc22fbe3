"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import errno
import io
import math
import os
import signal
import sys
import time
import traceback
from importlib import metadata
from types import FrameType
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
from corredor.cli.compiled_code import VARIABLE, find_a_place
from corredor.cli.saying import BUG, DIAGNOSTIC, EXIT_STATUS, INVALID, STOPPED, UNREACHABLE, USAGE, WELL, command_line, drop, say

__all__ = ["BUG", "DIAGNOSTIC", "EXIT_STATUS", "INVALID", "STOPPED", "UNREACHABLE", "USAGE", "WELL", "app", "main"]

KEEPING_SECONDS = 3.0
"""After a first Ctrl-C others are passed by for so long."""


def main() -> NoReturn:
    """Run the command line and exit."""
    _open_what_is_closed()
    _stop_on_signals()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot write a letter shows its number
    _refuse_other_letters(sys.argv)
    try:
        find_a_place()
    except OSError as error:
        say(
            f"nothing can be written anywhere: {error.strerror or error}\ntry: {VARIABLE}=FOLDER, with a folder for what is compiled"
        )
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
        drop(sys.stdout)
        sys.exit(WELL)
    except Exception as error:
        if _output_is_full(error):
            drop(sys.stdout)
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


def _open_what_is_closed() -> None:
    """A standard stream that was closed before we began goes nowhere. Else the next file that is opened would take its number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  (open to the end)


def _stop_on_signals() -> None:
    """Ctrl-C, SIGTERM and a terminal that is closed stop a command, once: what comes in the seconds after is passed by, so that what is
    finished can be kept. A signal that whoever started us ignores, as `nohup` does, is ignored here too.
    """
    stopped_at = -math.inf

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal stopped_at
        if time.monotonic() - stopped_at > KEEPING_SECONDS:
            stopped_at = time.monotonic()
            raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def _refuse_other_letters(words: list[str]) -> None:
    """Commands are told in manifests and on pages, which are UTF-8."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            say(
                f"{word} holds bytes that are no letters of UTF-8\ntry: another name, or in a terminal without UTF-8: LC_ALL=C.UTF-8"
            )
            sys.exit(USAGE)
