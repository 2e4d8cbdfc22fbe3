"""Writes docs/LICENCES.md, what corredor needs to run and under which licences: `make licences`. Fails on one that is not permissive.

Python packages: those that corredor and its extras for users need, and what these need, as installed here. Programs in the page that
simulates: what web/explore/package-lock.json says is bundled. tests/docs/test_licences.py compares.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_name("LICENCES.md")
EXTRAS = ("design", "sensitivity", "fetch", "sheets", "parquet", "pictures")

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0",
    "Python-2.0", "Unlicense", "Zlib",
}  # fmt: skip
PASSED = {
    "certifi": ("MPL-2.0", "a list of certificates, used as it is; the licence asks that changes of its files be passed on")
}
"""Packages under another licence, and why they are all right."""
BY_WORDS = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages say that name no SPDX licence; of “BSD” alone the three clauses are taken."""

INTRODUCTION = """\
# Licences

Written by `make licences` from what the packages say of themselves; do not edit by hand. corredor is under Apache-2.0.
Everything that it needs to run is under a licence that permits use, change and passing on, with its notice. Nothing under a licence
that would bind corredor or its results (GPL, AGPL, LGPL and the like) is needed; `make licences` fails if that changes.
`make sbom` writes the same with versions as CycloneDX into `build/sbom/`.
"""


def closure() -> dict[str, set[str]]:
    """Package → the extras that need it; the empty text stands for corredor itself."""
    found: dict[str, set[str]] = {}

    def walk(name: str, extras: frozenset[str], through: str) -> None:
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in {*extras, ""}):
                continue
            needed = canonicalize_name(requirement.name)
            if through not in found.setdefault(needed, set()):
                found[needed].add(through)
                walk(needed, frozenset(requirement.extras), through)

    walk("corredor", frozenset(), "")
    for extra in EXTRAS:
        walk("corredor", frozenset([extra]), extra)
    return {name: {""} if "" in through else through for name, through in sorted(found.items())}


def licence_of(name: str) -> str:
    """What a package says, as an SPDX expression; its own words where they name none."""
    facts = metadata.metadata(name)
    if facts.get("License-Expression"):
        return facts["License-Expression"]
    classifiers = [line.split(" :: ")[-1] for line in facts.get_all("Classifier") or [] if line.startswith("License :: ")]
    words = [word for word in classifiers if word != "OSI Approved"] or [
        (facts.get("License") or "not stated").strip().splitlines()[0]
    ]
    return " OR ".join(BY_WORDS.get(word, word) for word in words)


def is_permissive(expression: str) -> bool:
    """Whether each licence that has to be kept is permissive: of alternatives one is enough.

    Exceptions (WITH …) only permit more.
    """
    plain = re.sub(r"\s+WITH\s+\S+", "", expression)
    return all(
        any(one.strip("() ") in PERMISSIVE for one in re.split(r"\s+OR\s+", part)) for part in re.split(r"\s+AND\s+", plain)
    )


def bundled() -> dict[str, str]:
    """npm packages that are bundled into the pages → licence."""
    lock = json.loads((ROOT / "web" / "explore" / "package-lock.json").read_text(encoding="utf-8"))
    entries = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    return {name: entry.get("license", "not stated") for name, entry in sorted(entries.items()) if not entry.get("dev")}


def refused(packages: dict[str, str]) -> list[str]:
    """Packages whose licences are not permissive, and why."""
    return [
        f"{name}: {licence}"
        for name, licence in packages.items()
        if not is_permissive(licence) and PASSED.get(name, ("", ""))[0] != licence
    ]


def page() -> str:
    """The whole page."""
    rows = ["", "## Python packages", "", "| package | licence | needed by |", "|---|---|---|"]
    for name, through in closure().items():
        by = "corredor" if "" in through else f"the extra {', '.join(sorted(through))}"
        why = f"; {PASSED[name][1]}" if name in PASSED else ""
        rows.append(f"| {name} | {licence_of(name)}{why} | {by} |")
    rows += ["", "## In the page that simulates", "", "| package | licence |", "|---|---|"]
    rows += [f"| {name} | {licence} |" for name, licence in bundled().items()]
    rows.append("| musl (its mathematics, linked into the kernel) | MIT |")
    rows += [
        "",
        "Their notices go along in `pages/explore/LICENSES`. The outlines of land are Natural Earth's, in the public domain.",
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    bad = refused({name: licence_of(name) for name in closure()} | bundled())
    if bad:
        sys.exit("not permissive:\n" + "\n".join(bad))
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
