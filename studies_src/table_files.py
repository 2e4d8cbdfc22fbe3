"""What every script that writes the tables of a study shares: CSV text, cited sources, and its command line."""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path


def cited_sources(text: str) -> set[str]:
    """Ids behind `source:` in a YAML file, one or a list in brackets, which may run over several lines."""
    found: set[str] = set()
    for match in re.finditer(r"\bsource:\s*(\[[^\]]*\]|[a-z][a-z0-9_]*)", text):
        found |= set(re.findall(r"[a-z][a-z0-9_]*", match.group(1)))
    return found


def csv_text(rows: list[dict[str, object]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def write_study(title: str, facts: Path, study: Path, build: Callable, numbers: Callable) -> None:
    """The command line of such a script: write the tables, or print the derived numbers.

    facts, study : default folders of the fact tables and of the study
    build : (facts, study) → name of each table → its text;  numbers : facts → name → key → number
    """
    parser = argparse.ArgumentParser(description=f"Write the tables of the study {title}.")
    parser.add_argument("facts", nargs="?", type=Path, default=facts, help="folder of the fact tables")
    parser.add_argument("--out", type=Path, default=study, help="folder to write to")
    parser.add_argument("--numbers", action="store_true", help="print the derived numbers and write nothing")
    options = parser.parse_args()
    if options.numbers:
        for name, values in numbers(options.facts).items():
            print(name, " ".join(f"{key}={value:.4g}" for key, value in values.items()))
        return
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in build(options.facts, study).items():
        (options.out / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name}: {text.count(chr(10))} lines", file=sys.stderr)
