"""Sources of the study: those of mexico-2018's fact tables, and the agencies whose counts name no source in each row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018.published_later import BULLETIN_LAG, FREE, PRESENTED, REVISED
from mexico_2018.sources import PUBLIC_DOMAIN, Source, Sources

MEXICO_LAG = BULLETIN_LAG
US_LAG = dt.timedelta(days=28)
"""Figures of US Customs and Border Protection come out two to six weeks after the month; four are taken."""

SOUTH_LAG = BULLETIN_LAG
"""The facts give no lag for Panama and Honduras: that of Mexico's bulletin is taken, an assumption."""

DARIEN = Source(
    "panama_darien", "Servicio Nacional de Migración, Panama",
    f"Irregular transits through Darién, {REVISED}; taken as known five weeks after the month, or the year", "2025-06", "", FREE, None,
)  # fmt: skip
HONDURAS = Source(
    "honduras_inm", "Instituto Nacional de Migración, Honduras",
    f"People entering Honduras irregularly and registered, {REVISED}; taken as known five weeks after the month", "2025-06", "", FREE, None,
)  # fmt: skip
ENCOUNTERS = Source(
    "cbp_nationwide_encounters", "US Customs and Border Protection",
    f"Nationwide encounters, {REVISED}; taken as known four weeks after the month", "2025-06", "", PUBLIC_DOMAIN, None,
)  # fmt: skip


def sources_of(other_facts: Path) -> Sources:
    """All sources that the study may cite."""
    sources = Sources(other_facts)
    for source in (DARIEN, HONDURAS, PRESENTED, ENCOUNTERS):
        sources.add(source)
    return sources
