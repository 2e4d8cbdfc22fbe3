"""What every command says: problems, progress, and sentences that several share."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from corredor.cli.exit_status import DIAGNOSTIC, INVALID, USAGE, WELL

if TYPE_CHECKING:
    import xarray as xr

    from corredor.engine.fitted import Fitted
    from corredor.study.problems import StudyError

UNUSABLE = "This fit should not be used as it is."


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def report_problems(error: StudyError, as_json: bool) -> int:
    if as_json:
        fields = ("file", "line", "column", "found", "expected")
        rows = [{**{name: getattr(p, name) for name in fields}, "try": p.try_} for p in error.problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        count = len(error.problems)
        say("\n".join(str(problem) for problem in error.problems))
        say(f"{count} problem{'s' if count != 1 else ''}; nothing was written")
    return INVALID


def misused(found: str, try_: str) -> int:
    say(f"{found}\ntry: {try_}")
    return USAGE


def diagnosed(sentences: list[str], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"troubles": sentences}, ensure_ascii=False))
    for sentence in sentences:
        say(sentence)
    return DIAGNOSTIC


def fit_words(fitted: Fitted | None, study_hash: str) -> str:
    if fitted is None:
        return "parameters from their priors"
    words = f"parameters fitted to the figures published by {fitted.as_of} ({fitted.n_draws} draws); --priors-only does without"
    if fitted.study_hash != study_hash:
        words += "\nthe study's files have changed since the fit, though not its priors: fit again to be sure"
    return "\n".join([words, *(f"{UNUSABLE} {sentence}" for sentence in fitted.troubles), *fitted.remarks])


def fit_status(fitted: Fitted | None) -> int:
    """Exit status of a command that used a fit and went well otherwise."""
    return DIAGNOSTIC if fitted is not None and fitted.troubles else WELL


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
            self.bar.stop()

    def show(self, finished: int, total: int) -> None:
        """Show how many of all draws are finished."""
        if self.bar is not None:
            self.bar.update(self.task, completed=finished, total=total)
        elif (tenth := finished * 10 // total) > self.last_tenth or total != self.total:
            self.last_tenth, self.total = tenth, total
            say(f"{self.label}: {finished} of {total} {self.unit}")


def print_summary(dataset: xr.Dataset, title: str = "Published figures inside the bands of the model") -> None:
    """How the draws compare with the published figures, output by output."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.results.coverage import coverage_table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("output", "figures", "50 %", "80 %", "95 %", "model ÷ published")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in coverage_table(dataset).itertuples():
        shares = (f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95))
        table.add_row(str(row.title), str(row.figures), *shares, "–" if row.ratio != row.ratio else f"{row.ratio:.2f}")
    # a file or a pipe has no width of its own
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110).print(table)
