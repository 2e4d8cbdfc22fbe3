"""`corredor verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.cli.app import command
from corredor.cli.options import CountOrNone, Json
from corredor.cli.saying import DIAGNOSTIC, Ended, Progress, print_json, say

if TYPE_CHECKING:
    from corredor.pages.artefacts.as_written import AsWritten


@command
def verify(results: str, *, study: str | None = None, jobs: CountOrNone = None, as_json: Json = False) -> None:
    """Compute results again from their manifest, and say whether every number is the same, or where the first one differs.

    Of a folder it also says which of its files are not as they were written. Of a folder `share`, which has no results, only this.

    Parameters
    ----------
    results
        A folder of run, forecast, compare or fit, or the file of its results; or a store, as `run --store` made it, which is computed
        again chunk by chunk.
    study
        The study's folder or bundled name, where it is no longer where the command found it.
    jobs
        Threads; all processors unless given. Changes no result.
    """
    from corredor.effects.recompute import recompute
    from corredor.pages.artefacts.as_written import as_written, is_passed_on

    folder = Path(results)
    if is_passed_on(folder):
        _tell_files(as_written(folder), as_json, {"what": "share"})
        return
    with Progress("computing again", "runs") as progress:
        found = recompute(results, study, jobs, progress.show)
    if not as_json:
        print(f"identical: all {found.numbers:,} numbers of this {found.what} came out the same" if found.is_identical
              else f"differs: {found.differs}")  # fmt: skip
        for sentence in found.other:
            print(f"not as it was: {sentence}")
    told = {name: value for name, value in asdict(found).items() if name != "attributes"}
    files = as_written(folder, found.attributes)
    if found.is_identical and found.other:
        say("what is not as it was changed no number")
    _tell_files(files, as_json, {**told, "identical": found.is_identical})
    if not found.is_identical:
        raise Ended(DIAGNOSTIC, "")


def _tell_files(files: AsWritten, as_json: bool, told: dict[str, Any]) -> None:
    """Say what became of the files of a folder; raises : Ended, when one is not as it was written.

    told : what else is said, for JSON
    """
    if as_json:
        print_json({**told, "files": asdict(files)})
    else:
        for word, sentences in (("changed", files.changed), ("added", files.added)):
            for sentence in sentences:
                print(f"{word}: {sentence}")
        if files.files and not files.changed:
            print(f"files: all {files.files} that are described are as they were written")
    if files.changed:
        raise Ended(DIAGNOSTIC, "")
