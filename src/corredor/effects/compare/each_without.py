"""A study beside itself without measures, for several sets of them: the study as it was is run once, not once for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import xarray as xr

from corredor._simulate import provenance
from corredor.effects.compare.drawn import Drawn, draw_parameters
from corredor.effects.compare.one_dataset import join_scenarios
from corredor.effects.compare.pair import compared_sides
from corredor.effects.compare.scenarios_together import Scenarios, make_scenarios, numbers_of_a_draw, unpacked
from corredor.effects.compare.shared_past import plan_branches
from corredor.engine.counts import Counts
from corredor.engine.ensemble import Progress, run_rows
from corredor.engine.fitted import Fitted
from corredor.engine.workers import workers_of
from corredor.results.dataset import make_dataset
from corredor.study.model import Model

Names: TypeAlias = tuple[str, ...]
"""Ids of measures that are left out; none of them: the study as it was."""

AS_IT_WAS: Names = ()

Outcomes: TypeAlias = dict[Names, tuple[Counts, np.ndarray]]
"""Counts and whereabouts of the study without each set of measures."""


@dataclass(frozen=True)
class EachWithout:
    """A study as it was and without each of several sets of measures, ready to be run.

    names : left out of each scenario; the first one is the study as it was
    facts : seed, versions …, for the attributes
    """

    model: Model
    names: tuple[Names, ...]
    drawn: Drawn
    scenarios: Scenarios
    facts: dict[str, Any]

    @property
    def bytes_each(self) -> int:
        """What the outcomes of one scenario take in memory."""
        return len(self.drawn.parameters) * self.scenarios.n_numbers * np.dtype(float).itemsize

    def run(self, names: Sequence[Names], jobs: int | None = None, progress: Progress | None = None) -> Outcomes:
        """Every draw of the study as it was and without some of the sets of measures, what they have in common once."""
        of = (AS_IT_WAS, *names)
        scenarios = self.some(of)
        with workers_of(jobs) as workers:
            width, n_draws = len(scenarios) * scenarios.n_numbers, len(self.drawn.parameters)
            counts = run_rows(n_draws, width, partial(numbers_of_a_draw, scenarios), workers, progress)
        return dict(zip(of, unpacked(scenarios, counts), strict=True))

    def as_it_was(self, outcomes: Outcomes) -> xr.Dataset:
        """Outputs and parameters of the study as `simulate` has them, without published figures."""
        network, sample = self.scenarios.networks[0], self.scenarios.samples[0]
        return make_dataset(network, outcomes[AS_IT_WAS][0], self.drawn.parameters, sample.values, self.facts)

    def pair(self, outcomes: Outcomes, names: Names) -> xr.Dataset:
        """The same to the bit as `compare` without these measures."""
        sides, of = compared_sides(self.model, None, names), (AS_IT_WAS, names)
        return join_scenarios(self.some(of), sides, [outcomes[one] for one in of], self.drawn.parameters, self.facts, self.model)

    def some(self, names: Sequence[Names]) -> Scenarios:
        """Some of the scenarios, with what they have in common."""
        at = [self.names.index(one) for one in names]
        networks = tuple(self.scenarios.networks[number] for number in at)
        samples = tuple(self.scenarios.samples[number] for number in at)
        plan = plan_branches([network.model for network in networks])
        return replace(self.scenarios, networks=networks, samples=samples, plan=plan)


def each_without(model: Model, sets: Sequence[Names], draws: int, seed: int, fitted: Fitted | None = None) -> EachWithout:
    """What is to be run of a study as it was and without each set of measures.

    raises : StudyError when the fit does not belong to the study
    """
    names = (AS_IT_WAS, *sets)
    drawn = draw_parameters(model, draws, seed, fitted=fitted)
    scenarios = make_scenarios([model.without(*some) if some else model for some in names], drawn, seed)
    return EachWithout(model, names, drawn, scenarios, {**provenance(seed, False, fitted), "study_hash": model.hash})
