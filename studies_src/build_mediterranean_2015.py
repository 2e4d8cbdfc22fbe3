"""Write the tables and parameters of the study mediterranean-2015 from the fact tables of mediterranean-2009.

    python studies_src/build_mediterranean_2015.py [FACTS] [--out FOLDER] [--numbers]

FACTS is the folder of fact tables (default: ../shared/data/mediterranean-2009 beside the repository). The same facts give the same bytes.
study.yaml, measures.yaml and claims.yaml are written by hand; the sources they cite are added to sources.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mediterranean_2015.derived import derived_numbers  # noqa: E402
from mediterranean_2015.observations import observation_rows  # noqa: E402
from mediterranean_2015.parameters import parameters_text  # noqa: E402
from mediterranean_2015.places import place_rows, route_rows  # noqa: E402
from mediterranean_2015.series import series_rows  # noqa: E402
from mediterranean_2015.sources import Sources  # noqa: E402
from table_files import table_texts, texts_of, write_study  # noqa: E402

FACTS = REPOSITORY.parent / "shared" / "data" / "mediterranean-2009"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mediterranean-2015"
WRITTEN_BY_HAND = ("study.yaml", "measures.yaml", "claims.yaml")


def build_tables(facts: Path, study: Path) -> dict[str, str]:
    """Name of each written file → its text.

    facts : folder of the fact tables
    study : folder with the files written by hand, read for the sources they cite
    """
    sources = Sources(facts)
    places = place_rows(facts, sources)
    tables = {
        "places.csv": places,
        "routes.csv": route_rows(places),
        "observations.csv": observation_rows(facts, sources),
        "series.csv": series_rows(facts, sources),
    }
    parameters = parameters_text(derived_numbers(facts))
    texts = table_texts(tables, sources, [parameters, *texts_of(study, WRITTEN_BY_HAND)])
    return texts | {"parameters.yaml": parameters}


if __name__ == "__main__":
    write_study("mediterranean-2015", FACTS, STUDY, build_tables, derived_numbers)
