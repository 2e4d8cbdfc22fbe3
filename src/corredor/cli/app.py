"""The command line to which every command adds itself, and what is said when one of them cannot go on."""

from __future__ import annotations

import functools
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

P = ParamSpec("P")


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
        except (ArgumentError, ExtraMissing, Ended) as error:
            if str(error):
                say(str(error))
            return error.status if isinstance(error, Ended) else USAGE
        except MemoryError:
            say("not enough memory for so much at once\ntry: fewer --draws, a shorter study, or a machine with more memory")
            return USAGE
        except OSError as error:
            if error.filename is None or isinstance(error, BrokenPipeError):
                raise
            say(f"{error.filename}: {error.strerror}\ntry: another folder with --out, or leave to read and write here")
            return USAGE
        return WELL

    app.command(answered, name=function.__name__.split("_")[0])
    return answered
