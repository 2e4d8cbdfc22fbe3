"""`corredor doctor`."""

from __future__ import annotations

from pathlib import Path

from corredor.cli.app import command
from corredor.cli.options import Json
from corredor.cli.saying import DIAGNOSTIC, Ended, print_json


@command
def doctor(*, as_json: Json = False) -> None:
    """Look whether this machine is ready, and run a small test."""
    from corredor.cli.machine import examine

    lines = examine(Path.cwd())
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            print(f"{'well' if line['well'] else 'NOT ':4s}  {line['name']:24s} {line['seen']}")
            if not line["well"]:
                print(f"      try: {line['try']}")
    if not all(line["well"] for line in lines):
        raise Ended(DIAGNOSTIC, "")
