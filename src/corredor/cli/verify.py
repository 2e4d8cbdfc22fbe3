"""`corredor verify`."""

from __future__ import annotations

from dataclasses import asdict

from corredor.cli.app import command
from corredor.cli.options import CountOrNone, Json
from corredor.cli.saying import DIAGNOSTIC, Ended, Progress, print_json, say


@command
def verify(results: str, *, study: str | None = None, jobs: CountOrNone = None, as_json: Json = False) -> None:
    """Compute results again from their manifest, and say whether every number is the same, or where the first one differs.

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

    with Progress("computing again", "runs") as progress:
        found = recompute(results, study, jobs, progress.show)
    if as_json:
        print_json({**asdict(found), "identical": found.is_identical})
    else:
        print(f"identical: all {found.numbers:,} numbers of this {found.what} came out the same" if found.is_identical
              else f"differs: {found.differs}")  # fmt: skip
        for sentence in found.other:
            print(f"not as it was: {sentence}")
    if not found.is_identical:
        raise Ended(DIAGNOSTIC, "")
    if found.other:
        say("what is not as it was changed no number")
