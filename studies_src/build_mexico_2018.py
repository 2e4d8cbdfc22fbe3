"""Write the tables of the study mexico-2018 from the fact tables: places, routes, drivers, observations, series and sources.

    python studies_src/build_mexico_2018.py [FACTS] [--out FOLDER] [--numbers]

FACTS is the folder of fact tables (default: ../shared/data/mexico-2018 beside the repository); monthly counts by citizenship are read from
americas-2014 beside it. The same facts give the same bytes.
study.yaml, parameters.yaml, measures.yaml, events.yaml and claims.yaml are written by hand; the sources they cite are added to sources.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mexico_2018.claim_sources import add_claim_sources  # noqa: E402
from mexico_2018.derived import derived_numbers  # noqa: E402
from mexico_2018.drivers import driver_rows  # noqa: E402
from mexico_2018.observations import observation_rows  # noqa: E402
from mexico_2018.places import place_rows  # noqa: E402
from mexico_2018.published_later import add_sources  # noqa: E402
from mexico_2018.routes import route_rows  # noqa: E402
from mexico_2018.series import series_rows  # noqa: E402
from mexico_2018.sources import Sources  # noqa: E402
from table_files import table_texts, texts_of, write_study  # noqa: E402

FACTS = REPOSITORY.parent / "shared" / "data" / "mexico-2018"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mexico-2018"
WRITTEN_BY_HAND = ("study.yaml", "parameters.yaml", "measures.yaml", "events.yaml", "claims.yaml")


def build_tables(facts: Path, study: Path) -> dict[str, str]:
    """Name of each table → its text.

    facts : folder of the fact tables, with americas-2014 beside it
    study : folder with the files written by hand, read for the sources they cite
    """
    sources = Sources(facts)
    add_sources(sources)
    add_claim_sources(sources)
    tables = {
        "places.csv": place_rows(facts, sources),
        "routes.csv": route_rows(facts, sources),
        "drivers.csv": driver_rows(facts, sources),
        "observations.csv": observation_rows(facts, sources),
        "series.csv": series_rows(facts, sources),
    }
    return table_texts(tables, sources, texts_of(study, WRITTEN_BY_HAND))


if __name__ == "__main__":
    write_study("mexico-2018", FACTS, STUDY, build_tables, derived_numbers)
