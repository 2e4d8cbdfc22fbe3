"""Remarks on a foreign folder, as lines and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corredor.exchange.flee.remarks import Remark


def remark_rows(remarks: tuple[Remark, ...]) -> list[dict[str, Any]]:
    fields = ("code", "file", "line", "kind", "found", "done", "fix")
    return [{name: getattr(remark, name) for name in fields} for remark in remarks]


def print_remarks(remarks: tuple[Remark, ...]) -> None:
    """Each remark as a problem is shown: where, found, done, safe fix."""
    from corredor.exchange.flee.remarks import gathered_remarks

    for remark in gathered_remarks(remarks):
        where = f"{remark.file}:{remark.line}" if remark.line else remark.file
        print(
            f"{where}  {remark.code} {remark.kind}\n  found     {remark.found}\n  done      {remark.done}\n  fix       {remark.fix}"
        )
