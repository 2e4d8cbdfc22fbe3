"""Forced redirections out of a camp: a share of those who reach it goes on to another camp.

Flee's manual says that 2 in routes.csv sends people from the first place to the second, and 1 the other way; its code builds the two the
other way round, and its present movement never looks at them. In published folders a camp with a redirection out of it can hold most of a
case's people, so it is not emptied here: a share goes on, and how large it is has a prior that leaves everything open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.locations import CAMP
from corredor.exchange.flee.roads import Road
from corredor.exchange.flee.ways import Ways, lengths_from

SHARE = "share_sent_on"

SHARE_PARAMETER: dict[str, Any] = {
    "title": "Share of those who reach a camp with a redirection out of it who go on",
    "unit": "share",
    "prior": {"beta": {"alpha": 1, "beta": 1}},
    "basis": "assumption",
    "note": "Flee's manual says all, its present code nobody; every share is taken to be as likely as any other",
}


@dataclass(frozen=True)
class Redirection:
    """People who reach `camp` are sent on to the camp `to`, `km` away by road.

    periods : (first day, day before which it ends)
    """

    camp: str
    to: str
    km: float
    periods: tuple[tuple[int, int], ...]

    @property
    def title(self) -> str:
        """What is done, for the reader."""
        return f"{self.camp} sends people on to {self.to}"


def find_redirections(folder: FleeFolder, ways: Ways) -> list[Redirection]:
    """Every redirection out of a camp that leads to another one and lasts for a day at least; by a town to the nearest camp behind it."""
    found: dict[tuple[str, str], Redirection] = {}
    for road in folder.roads:
        if not road.forced or road.start not in ways.camps:
            continue
        periods = _periods(folder, road)
        if not periods:
            continue
        behind = lengths_from(road.end, folder.roads)
        camps = {name: km for name, km in behind.items() if name in ways.camps and name != road.start}
        if not camps:
            continue
        to = (
            road.end
            if folder.locations[road.end].kind == CAMP and road.end in camps
            else min(camps, key=lambda name: camps[name])
        )
        found.setdefault((road.start, to), Redirection(road.start, to, road.km + camps[to], periods))
    return list(found.values())


def _periods(folder: FleeFolder, road: Road) -> tuple[tuple[int, int], ...]:
    """When the redirection of a road is in force."""
    about = [closure for closure in folder.closures if closure.ends_redirection(road, closure.first_day)]
    edges = {0, folder.n_days, *(c.first_day for c in about), *(c.end_day for c in about if c.end_day is not None)}
    days = sorted(day for day in edges if day <= folder.n_days)
    return tuple((day, end) for day, end in pairwise(days) if not any(closure.ends_redirection(road, day) for closure in about))
