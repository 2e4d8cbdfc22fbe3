"""Options that many commands have, and what an option may be: each check raises ValueError with what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from corredor.cli.saying import Refused, writing

if TYPE_CHECKING:
    from distributed import Client

MOST = 1_000_000
"""Draws, rounds or threads; the functions behind the commands have the same bound (study/arguments.py), but load too much for --help."""


def at_least(least: int) -> Parameter:
    def check(_: object, value: int | None) -> None:
        if value is not None and value < least:
            raise ValueError(f"must be {least} or more")
        if value is not None and value > MOST:
            raise ValueError(f"must be {MOST:,} or less")

    return Parameter(validator=check)


def _a_date(_: object, value: str | None) -> None:
    if value is not None:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date as 2018-11-30") from None


def _a_reason(_: object, value: str | None) -> None:
    if value is not None and len(value.split()) < 2:
        raise ValueError("must say in a few words why counts of fewer than five people are shown")


def _a_seed(_: object, value: int) -> None:
    if not 0 <= value < 2**63:
        raise ValueError("must be a whole number, 0 or more and less than 2 to the power of 63")


Study = Annotated[str, Parameter(help="A folder, or the name of a bundled study.")]
StudyOrNone = Annotated[str | None, Parameter(help="A folder, or the name of a bundled study.")]
Files = Annotated[list[Path] | None, Parameter(consume_multiple=True)]
Count = Annotated[int, at_least(1)]
CountOrNone = Annotated[int | None, at_least(1)]
Draws = Annotated[int, at_least(1), Parameter(alias="-d")]
Day = Annotated[str, Parameter(validator=_a_date)]
DayOrNone = Annotated[str | None, Parameter(validator=_a_date)]
Measures = Annotated[list[str] | None, Parameter(alias="-w", consume_multiple=True)]
PriorsOnly = Annotated[bool, Parameter(help="Draw parameters from their priors, even if the study's folder holds fitted.nc.")]
Seed = Annotated[int, Parameter(alias="-s", validator=_a_seed)]
ShowSmall = Annotated[
    str | None,
    Parameter(
        name="--show-small-cells",
        help="Show counts of fewer than five people too, and say why: the reason is kept with the results and stands on the page.",
        validator=_a_reason,
    ),
]
Explore = Annotated[
    bool,
    Parameter(
        name="--explore",
        help="Also write explore.html, the page that simulates, with the same draws and seed, and link to it (docs/EXPLORE.md).",
    ),
]
Cluster = Annotated[
    str | None,
    Parameter(help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786, or local:N for N processes, in place of threads."),
]
Json = Annotated[bool, Parameter(name="--json", help="Print the answer as JSON.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every command that computes can be told."""

    seed: Seed = 1
    """Decides all random numbers; the same seed gives the same results. A whole number, 0 or more."""
    jobs: Annotated[CountOrNone, Parameter(alias="-j")] = None
    """Threads; all processors unless given. Changes no result."""
    as_json: Json = False


@Parameter(name="*")
@dataclass(frozen=True)
class CommonWithFolder(Common):
    """The same for commands that leave a folder of results."""

    out: Annotated[Path | None, Parameter(alias="-o")] = None
    """Folder for the results; unless given, a folder in runs/ with the name of the study and of the command."""

    def folder(self, name: str, beside_study: bool = False) -> Path:
        """The folder for the results, made if need be."""
        return made_folder(self.out or Path("runs") / name, beside_study=beside_study)


def on_cluster(address: str | None) -> Client | None:
    """A client of the cluster at an address, for as long as the command works; none without an address."""
    if address is None:
        return None
    from corredor.engine.workers import client_of

    return HELD.get().enter_context(client_of(address))


MOST_EXPLORED = 2_000
"""Draws for which a browser has time and memory."""


def check_explore(explore: bool, draws: int, expected: bool = False) -> None:
    """Refuse a page that simulates where it could not have the numbers of the command."""
    if explore and expected:
        raise Refused("--explore simulates random draws, and --expected is a run without chance", "one of the two")
    if explore and draws > MOST_EXPLORED:
        found = f"{draws:,} draws are more than a browser has time and memory for; --explore takes {MOST_EXPLORED:,} at most"
        raise Refused(found, "fewer --draws, or a page of its own: corredor explore STUDY")


LOCK = ".lock"

HELD: ContextVar[ExitStack] = ContextVar("HELD")
"""Folders that the command at work holds; `command` lets go of them when it ends."""


def made_folder(folder: Path, advice: str = "another folder with --out", beside_study: bool = False) -> Path:
    """The folder, made if need be, and this command's alone until it ends, however it ends. One that is made and stays empty is removed.

    beside_study : whether the files of a study may lie there; they may not where tables are written, which would be taken for its own
    """
    from filelock import FileLock, Timeout

    with writing(folder, advice):
        if not beside_study:
            refuse_study(folder, advice)
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        HELD.get().callback(_remove_empty, missing)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise Refused(f"another command is writing into {folder}", f"wait for it, or {advice}") from None
    HELD.get().callback(lock.release)
    HELD.get().callback((folder / LOCK).unlink, missing_ok=True)
    return folder


def refuse_study(folder: Path, advice: str = "another folder with --out") -> None:
    """Refuse the folder of a study for tables, since every table there belongs to the study."""
    if (folder / "study.yaml").exists():
        raise Refused(f"{folder} holds a study, and tables beside its own would be taken for them", advice)


def _remove_empty(folders: Iterable[Path]) -> None:
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()
