"""The simulations behind claims: the study as it was, and beside it without the measures of each claim, many at a time."""

from __future__ import annotations

from functools import cached_property

import xarray as xr

from corredor.effects.compare.each_without import AS_IT_WAS, EachWithout, Names, Outcomes, each_without
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted
from corredor.study.model import Model
from corredor.study.schema import Claim

ROOM_BYTES = 256_000_000
"""Counts of so many bytes are held at once; for measures that they have no room for the study as it was is run again."""


def needed_by(claim: Claim) -> Names | None:
    """Measures without which the study has to be run for a claim; none of them: as it was. None where nothing has to be run."""
    if claim.effect is not None:
        return None if claim.effect.output is None else tuple(sorted(set(claim.effect.measures))) or None
    return AS_IT_WAS if claim.dollars is not None else None


class Runs:
    """Run when first asked for. The Dataset asked for last is kept, since claims about the same measures follow each other."""

    def __init__(
        self, model: Model, draws: int, seed: int, jobs: int | None, progress: Progress | None, fitted: Fitted | None
    ) -> None:
        self.model, self.draws, self.seed, self.jobs, self.progress, self.fitted = model, draws, seed, jobs, progress, fitted
        self.finished = 0
        self.outcomes: Outcomes = {}
        self.kept: tuple[Names, xr.Dataset] | None = None

    @cached_property
    def _prepared(self) -> EachWithout:
        wanted = {needed_by(claim) for claim in self.model.claims} - {None, AS_IT_WAS}
        return each_without(self.model, sorted(filter(None, wanted)), self.draws, self.seed, self.fitted)

    @cached_property
    def _groups(self) -> list[tuple[Names, ...]]:
        """Sets of measures that are run side by side, in the order in which claims ask for them."""
        sets = self._prepared.names[1:]
        size = max(1, ROOM_BYTES // self._prepared.bytes_each - 1)
        return [sets[at : at + size] for at in range(0, len(sets), size)] or [()]

    def of(self, names: Names) -> xr.Dataset:
        """The study with and without these measures, as `compare` gives it; of none of them the study as it was."""
        if self.kept is None or self.kept[0] != names:
            self.kept = None  # one at a time in memory
            if names not in self.outcomes:
                self.outcomes = {}
                group = next(group for group in self._groups if names == AS_IT_WAS or names in group)
                self.outcomes = self._prepared.run(group, self.jobs, self._show)
                self.finished += self.draws
            made = self._prepared.as_it_was(self.outcomes) if names == AS_IT_WAS else self._prepared.pair(self.outcomes, names)
            self.kept = (names, made)
        return self.kept[1]

    def _show(self, finished: int, _: int) -> None:
        if self.progress is not None:
            self.progress(self.finished + finished, self.draws * len(self._groups))
