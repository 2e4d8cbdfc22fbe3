"""What every command says: problems, progress, and sentences that several share."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corredor.engine.fitted import Fitted
    from corredor.pages.artefacts.beside import PageBeside
    from corredor.study.model import Model
    from corredor.study.problems import Problem, StudyError


WELL, BUG, USAGE, INVALID, UNREACHABLE, DIAGNOSTIC, STOPPED = 0, 1, 2, 3, 4, 5, 130

EXIT_STATUS = {
    WELL: "finished well",
    BUG: "a bug in corredor; what Python says of it is printed",
    USAGE: "the command was not understood, or the folder given cannot be used",
    INVALID: "the study or file given has problems; every one is listed and nothing was written",
    UNREACHABLE: "a source, cluster or store on the network could not be reached (add --url, fetch, --cluster and --store ask for one)",
    DIAGNOSTIC: "finished, but a check of the result failed",
    STOPPED: "stopped from the keyboard, by SIGTERM or with its terminal; run, compare, backtest and benchmark keep what is finished: "
    "the same command goes on from it",
}
"""What the exit status says."""

UNUSABLE = "This fit should not be used as it is."


def say(text: str) -> None:
    """To standard error. Where nobody can read it, behind a closed pipe or on a full disk, it goes nowhere: what is being made counts."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let what is left of a stream, and all that is still to come, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def report_problems(error: StudyError, as_json: bool) -> int:
    if as_json:
        print_json({"problems": problem_rows(error.problems)})
    else:
        count = len(error.problems)
        say("\n".join(str(problem) for problem in error.problems))
        say(f"{count} problem{'s' if count != 1 else ''}; nothing was written")
    return INVALID


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as JSON has them."""
    fields = ("file", "line", "column", "found", "expected")
    return [{**{name: getattr(p, name) for name in fields}, "try": p.try_} for p in problems]


class Ended(Exception):
    """A command that ends with another exit status than WELL, and what is said then."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class Refused(Ended):
    """A command that cannot be carried out as given: what was found, and what to try."""

    def __init__(self, found: str, try_: str) -> None:
        super().__init__(USAGE, f"{found}\ntry: {try_}")


@contextmanager
def writing(target: Path, advice: str = "another folder with --out") -> Iterator[None]:
    """Whatever keeps a file or folder from being written is told, with an advice."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError) and target.is_dir():
            raise Refused(f"{target} exists already and is not empty", "another name") from error
        raise Refused(f"{target} cannot be written: {error.strerror}", advice) from error


def command_line() -> str:
    """This command, as it can be given again."""
    return shlex.join(["corredor", *sys.argv[1:]])


def explore_command(study: str, seed: int, priors_only: bool = False) -> str:
    """The command that makes the page in which a reader changes this study by hand, with the same random numbers.

    study : as it was given
    """
    options = [*(["--seed", str(seed)] if seed != 1 else []), *(["--priors-only"] if priors_only else [])]
    return shlex.join(["corredor", "explore", study, *options])


def known_as(study: str, model: Model) -> str:
    """By what a command finds a study again; a folder given as `.` has no name that says which, but its own, from the folder above."""
    return study if Path(study).name else model.name


def signed(
    dataset: xr.Dataset,
    model: Model,
    asked: dict[str, Any],
    show_small: str | None = None,
    explore: str = "",
    beside: PageBeside | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """What a manifest says of a result. What decides its numbers is written into the Dataset too, so that a file that lies alone can be
    computed again, and two files of the same have the same words.

    asked : what was asked for, as `effects/recompute.py` reads it
    show_small : the reason for which counts of fewer than five people are shown, if they are
    explore : the command of the page that simulates, if any
    beside : that page, where it lies beside the result
    """
    from corredor.results.view import MANIFEST, SMALL_SHOWN

    made = {"command": command_line(), "created": datetime.now(UTC).isoformat(timespec="seconds")}
    made |= {"explore": explore} if explore else {}
    made |= {"explore_page": beside.link} if beside else {}
    reason = {} if show_small is None else {SMALL_SHOWN: show_small}
    decides = {**reason, "asked": asked, "versions": dataset.attrs["versions"], "inputs": model.input_hashes}
    decides |= {"fitted": facts["fitted"]} if "fitted" in facts else {}
    dataset.attrs |= {**made, **reason, MANIFEST: json.dumps(decides, ensure_ascii=False)}
    return {**made, **decides, **facts}


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows


def check_conserved(lost: float, most: float = 0) -> None:
    """Say when more people were lost or made than a sum of rounded numbers may lose."""
    if lost > most:
        found = f"people were not conserved: {lost:g} lost or made in the worst draw"
        raise Ended(DIAGNOSTIC, f"{found}. This is a bug in corredor; do not use these results.")


def diagnosed(sentences: list[str], as_json: bool) -> Ended:
    """What a check of the result found."""
    if as_json:
        print_json({"troubles": sentences})
    return Ended(DIAGNOSTIC, "\n".join(sentences))


def say_compiling() -> None:
    say("compiling the model first, if this machine has not done so yet (up to a minute) …")


def fit_words(fitted: Fitted | None, study_hash: str) -> str:
    if fitted is None:
        return "parameters from their priors"
    words = f"parameters fitted to the figures published by {fitted.as_of} ({fitted.n_draws} draws); --priors-only does without"
    if fitted.study_hash != study_hash:
        words += "\nthe study's files have changed since the fit, though not its priors: fit again to be sure"
    return "\n".join([words, *(f"{UNUSABLE} {sentence}" for sentence in fitted.troubles), *fitted.remarks])


def fit_facts(fitted: Fitted | None) -> dict[str, Any]:
    """What a manifest says of the fit that was used."""
    return {"fitted": fitted.fingerprint if fitted else None, "troubles": fitted.troubles if fitted else []}


def check_fit(fitted: Fitted | None) -> None:
    """A command that used a bad fit, which `fit_words` told, does not end well."""
    if fitted is not None and fitted.troubles:
        raise Ended(DIAGNOSTIC, "")


class Progress:
    """A progress line on standard error: a bar on a terminal, a line at every tenth elsewhere."""

    def __init__(self, label: str, unit: str = "draws") -> None:
        self.label, self.unit = label, unit
        self.bar: Any = None
        self.last_tenth, self.total = -1, 0

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.label, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            with suppress(OSError):
                self.bar.stop()

    def show(self, finished: int, total: int) -> None:
        """Show how many of all draws are finished."""
        if self.bar is not None:
            with suppress(OSError):  # a terminal that is gone
                self.bar.update(self.task, completed=finished, total=total)
        elif (tenth := finished * 10 // total) > self.last_tenth or total != self.total:
            self.last_tenth, self.total = tenth, total
            say(f"{self.label}: {finished} of {total} {self.unit}")


def print_table(
    title: str, columns: Iterable[str], rows: Iterable[Iterable[str]], left: Container[str], width: int = 110
) -> None:
    """A table on standard output.

    left : columns of words; all others hold numbers
    width : where the output is a file or a pipe, which has none of its own
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="left" if name in left else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)

    class Printed(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich would end the program here, with the exit status of a bug; `main` knows better

    Printed(file=sys.stdout, width=None if sys.stdout.isatty() else width).print(table)


def print_summary(dataset: xr.Dataset, title: str = "Published figures inside the bands of the model") -> None:
    """How the draws compare with the published figures, output by output."""
    from corredor.results.hidden_numbers import shown_coverage

    table = shown_coverage(dataset)
    any_seen = bool(table["seen"].any())
    rows = [
        (
            str(row.title),
            *([("yes" if row.seen else "no")] if any_seen else []),
            str(row.figures),
            *(f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95)),
            "–" if row.ratio != row.ratio else f"{row.ratio:.2f}",
        )
        for row in table.itertuples()
    ]
    columns = ("output", *(["seen by the fit"] if any_seen else []), "figures", "50 %", "80 %", "95 %", "model ÷ published")
    print_table(title, columns, rows, left=("output", "seen by the fit"))
