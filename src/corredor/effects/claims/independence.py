"""Which evidence is independent of a claim and of its source: that of another publisher than where the claim comes from.

A newspaper that carries an authority's count does not make a second one: “Frontex via Xinhua” is Frontex.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from corredor.results.wording import joined
from corredor.study.schema import Claim, Source
from corredor.study.selectors import names_in

CARRIED_BY = re.compile(r",| via |\(|;")
"""What stands behind the publisher itself: who carried it, and in which form."""


@dataclass(frozen=True)
class Origin:
    """Where a claim comes from.

    sources : ids of the sources that the claim comes from
    publishers : of these, and whoever says it, without those who carried it; in small letters
    """

    sources: frozenset[str]
    publishers: frozenset[str]
    known: Mapping[str, Source]

    def is_independent(self, sources: Collection[str]) -> bool:
        """Whether somebody else published a figure too; one without a source counts only where the claim's own is not known."""
        found = [publisher_of(self.known, source) for source in sources if source in self.known]
        return any(publisher not in self.publishers for publisher in found) if found else not self.sources

    @property
    def words(self) -> str:
        """Its publishers, for a sentence."""
        found = dict.fromkeys(_itself(self.known[one].publisher) for one in sorted(self.sources) if one in self.known)
        return joined(list(found)) or "who says it"


def origin_of(claim: Claim, known: Mapping[str, Source]) -> Origin:
    """Where a claim comes from, by what it says of itself.

    known : id → source of the study
    """
    sources = frozenset(names_in(claim.comes_from))
    publishers = {publisher_of(known, source) for source in sources if source in known}
    return Origin(sources, frozenset({*publishers, _itself(claim.said_by).casefold()}), known)


def publisher_of(known: Mapping[str, Source], source: str) -> str:
    """Who published a source, in small letters."""
    return _itself(known[source].publisher).casefold()


def listed_sources(cell: str | None) -> list[str]:
    """Ids of a cell of a table, which may name several."""
    return [one.strip() for one in (cell or "").split(";") if one.strip()]


def _itself(publisher: str) -> str:
    return CARRIED_BY.split(publisher, maxsplit=1)[0].strip()
