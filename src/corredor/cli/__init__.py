"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from cyclopts import CycloptsError

from corredor.cli import (
    add,
    backtest,
    check,
    claims,
    compare,
    doctor,
    export,
    fit,
    forecast,
    import_folder,
    report,
    run,
    score,
    sensitivity,
    studies,
)
from corredor.cli.app import app
from corredor.cli.exit_status import BUG, DIAGNOSTIC, EXIT_STATUS, INVALID, STOPPED, UNREACHABLE, USAGE, WELL
from corredor.cli.saying import Progress, say
from corredor.study.problems import ArgumentError

__all__ = ["BUG", "DIAGNOSTIC", "EXIT_STATUS", "INVALID", "STOPPED", "UNREACHABLE", "USAGE", "WELL", "Progress", "app", "main"]

COMMANDS = (
    add,
    backtest,
    check,
    claims,
    compare,
    doctor,
    export,
    fit,
    forecast,
    import_folder,
    report,
    run,
    score,
    sensitivity,
    studies,
)
"""Importing a file of commands adds them to `app`."""


def main() -> NoReturn:
    """Run the command line and exit."""
    try:
        status = app(sys.argv[1:], exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        say(f"{str(error).strip()}\ntry: corredor --help")
        sys.exit(USAGE)
    except ArgumentError as error:
        say(str(error))
        sys.exit(USAGE)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever reads our output has had enough, as in `corredor studies | head -1`. What is left goes nowhere, in silence.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WELL)
    sys.exit(status if isinstance(status, int) else WELL)
