"""Write the tables of the study mexico-2018 from the fact tables: places, routes, drivers, observations, series and sources.

    python studies_src/build_mexico_2018.py [FACTS] [--out FOLDER] [--numbers]

FACTS is the folder of fact tables (default: ../shared/data/mexico-2018 beside the repository). The same facts give the same bytes.
study.yaml, parameters.yaml, measures.yaml, events.yaml and claims.yaml are written by hand; the sources they cite are added to sources.csv.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mexico_2018.derived import derived_numbers  # noqa: E402
from mexico_2018.drivers import driver_rows  # noqa: E402
from mexico_2018.observations import observation_rows  # noqa: E402
from mexico_2018.places import place_rows  # noqa: E402
from mexico_2018.routes import route_rows  # noqa: E402
from mexico_2018.series import series_rows  # noqa: E402
from mexico_2018.sources import Sources  # noqa: E402

FACTS = REPOSITORY.parent / "shared" / "data" / "mexico-2018"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mexico-2018"
WRITTEN_BY_HAND = ("study.yaml", "parameters.yaml", "measures.yaml", "events.yaml", "claims.yaml")


def build_tables(facts: Path, study: Path) -> dict[str, str]:
    """Name of each table → its text.

    facts : folder of the fact tables
    study : folder with the files written by hand, read for the sources they cite
    """
    sources = Sources(facts)
    tables = {
        "places.csv": place_rows(facts, sources),
        "routes.csv": route_rows(facts, sources),
        "drivers.csv": driver_rows(facts, sources),
        "observations.csv": observation_rows(facts, sources),
        "series.csv": series_rows(facts, sources),
    }
    cited = {name for rows in tables.values() for row in rows for name in str(row["source"]).split(";")}
    for file in WRITTEN_BY_HAND:
        cited |= cited_sources((study / file).read_text(encoding="utf-8")) if (study / file).exists() else set()
    tables["sources.csv"] = sources.rows(cited)
    return {name: csv_text(rows) for name, rows in tables.items()}


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


def main() -> None:
    """Write the tables, or print the derived numbers."""
    parser = argparse.ArgumentParser(description="Write the tables of the study mexico-2018.")
    parser.add_argument("facts", nargs="?", type=Path, default=FACTS, help="folder of the fact tables")
    parser.add_argument("--out", type=Path, default=STUDY, help="folder to write to")
    parser.add_argument("--numbers", action="store_true", help="print the derived numbers and write nothing")
    options = parser.parse_args()
    if options.numbers:
        for name, values in derived_numbers(options.facts).items():
            print(name, " ".join(f"{key}={value:.4g}" for key, value in values.items()))
        return
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in build_tables(options.facts, STUDY).items():
        (options.out / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name}: {text.count(chr(10)) - 1} rows", file=sys.stderr)


if __name__ == "__main__":
    main()
