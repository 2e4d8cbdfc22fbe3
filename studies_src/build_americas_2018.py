"""Write the tables and parameters of the study americas-2018 from the fact tables of americas-2014 and mexico-2018.

    python studies_src/build_americas_2018.py [FACTS] [--out FOLDER] [--numbers]

FACTS is the folder of fact tables (default: ../shared/data/americas-2014 beside the repository); those of mexico-2018 lie beside it.
The same facts give the same bytes. study.yaml and measures.yaml are written by hand; the sources they cite are added to sources.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from americas_2018.derived import derived_numbers  # noqa: E402
from americas_2018.parameters import parameters_text  # noqa: E402
from americas_2018.sources import sources_of  # noqa: E402
from americas_2018.tables import observation_rows, place_rows, route_rows  # noqa: E402
from table_files import table_texts, texts_of, write_study  # noqa: E402

FACTS = REPOSITORY.parent / "shared" / "data" / "americas-2014"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "americas-2018"
WRITTEN_BY_HAND = ("study.yaml", "measures.yaml")


def build_tables(facts: Path, study: Path) -> dict[str, str]:
    """Name of each written file → its text.

    facts : folder of the fact tables
    study : folder with the files written by hand, read for the sources they cite
    """
    other_facts = facts.parent / "mexico-2018"
    sources = sources_of(other_facts)
    places = place_rows(other_facts, sources)
    tables = {"places.csv": places, "routes.csv": route_rows(places), "observations.csv": observation_rows(facts, sources)}
    parameters = parameters_text(derived_numbers(facts))
    texts = table_texts(tables, sources, [parameters, *texts_of(study, WRITTEN_BY_HAND)])
    return texts | {"parameters.yaml": parameters}


if __name__ == "__main__":
    write_study("americas-2018", FACTS, STUDY, build_tables, derived_numbers)
