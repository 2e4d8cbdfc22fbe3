"""What scripts on several Flee cases are told: the folder of the cases, and whether to write."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def given_cases(about: str | None) -> tuple[list[Path], bool]:
    """The folders of all cases, and whether the result is to be written; ends the script where there is no case.

    about : what the script does, for its help
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.cases.glob("*/input_csv"))
    if not folders:
        print(f"{arguments.cases}: no folder with input_csv in it", file=sys.stderr)
        sys.exit(2)
    return folders, arguments.write
