"""observations.csv: published figures that the model's outputs should match, each with its source and the day it was known."""

from __future__ import annotations

from pathlib import Path

from mexico_2018.observations import border, mexico, united_states
from mexico_2018.observations.book import Book, settled
from mexico_2018.sources import Sources

PARTS = (
    united_states.by_sector_rows, united_states.by_citizenship_rows, united_states.by_kind_rows,
    united_states.port_rows, united_states.death_rows,
    mexico.presented_rows, mexico.returned_rows, mexico.refuge_rows, mexico.card_rows,
    border.protocol_rows, border.list_rows, border.caravan_rows,
)  # fmt: skip
ORDER = ("output", "place", "group", "from", "to", "published", "value", "low", "source")


def observation_rows(facts: Path, sources: Sources) -> list[dict[str, object]]:
    """Rows of observations.csv, sorted."""
    book = Book(sources)
    for part in PARTS:
        part(facts, book)
    return sorted(settled(book.rows), key=lambda row: tuple(str(row[key]) for key in ORDER))
