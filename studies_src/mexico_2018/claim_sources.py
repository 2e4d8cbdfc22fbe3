"""Sources that claims and the acts beside them cite, and no row of the fact tables names."""

from __future__ import annotations

import datetime as dt

from mexico_2018.sources import FACTS_ONLY, Source, Sources

CLAIM_SOURCES = (
    Source(
        "wikipedia_cerro_colorado", "Wikipedia", "Cerro Colorado (Baja California): position of the summit", "",
        "https://en.wikipedia.org/wiki/Cerro_Colorado_(Baja_California)", "single facts; the text there is CC BY-SA", None,
    ),
    Source(
        "pacific_standard_2018_12", "Pacific Standard", "A Look Inside a Migrant Shelter in Tijuana", "2018-12",
        "https://psmag.com/?p=4144", FACTS_ONLY, dt.date(2018, 12, 31),
    ),
    Source(
        "iachr_2018_10_23", "Inter-American Commission on Human Rights", "Press release 225/18 on the people of the caravan from Honduras",
        "2018-10-23", "https://oas.org/en/iachr/media_center/PReleases/2018/225.asp", FACTS_ONLY, dt.date(2018, 10, 23),
    ),
    Source(
        "human_rights_brief_2019_02", "Human Rights Brief", "Regional hearing of 6 December 2018 on the people of the caravan", "2019-02",
        "http://hrbrief.org/2019/02/regional-hearing-human-rights-situation-of-the-persons-that-make-part-of-the-migrant-caravan/",
        FACTS_ONLY, dt.date(2019, 2, 28),
    ),
)  # fmt: skip


def add_claim_sources(sources: Sources) -> None:
    """Make them known to the others."""
    for source in CLAIM_SOURCES:
        sources.add(source)
