"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import os
import signal
import sys
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
    fit,
    forecast,
    import_folder,
    run,
    score,
    sensitivity,
    studies,
)
from corredor.cli.app import app
from corredor.cli.saying import BUG, DIAGNOSTIC, EXIT_STATUS, INVALID, STOPPED, UNREACHABLE, USAGE, WELL, say

__all__ = ["BUG", "DIAGNOSTIC", "EXIT_STATUS", "INVALID", "STOPPED", "UNREACHABLE", "USAGE", "WELL", "app", "main"]


def main() -> NoReturn:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
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
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WELL)
    sys.exit(status if isinstance(status, int) else WELL)
