"""A study in numbers: what the kernel is given as it is, and the rows from which each draw's numbers are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.arrays import Recipe, Topology
from corredor.engine.network.calendar import Calendar
from corredor.engine.network.covariates import Covariates
from corredor.engine.network.layout import Layout
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import Recording
from corredor.study.model import Model
from corredor.study.topology import Move


@dataclass(frozen=True)
class FlowNetwork:
    """A study in numbers. `topology` goes to the kernel as it is; from the `recipe` the DrawInputs of a draw are made (draws.py).

    stage_group : group of the people in each stage
    """

    model: Model
    calendar: Calendar
    layout: Layout
    quantities: Quantities
    covariates: Covariates
    recording: Recording
    topology: Topology
    recipe: Recipe
    moves: tuple[Move, ...]
    stage_group: np.ndarray

    @property
    def n_groups(self) -> int:
        return len(self.layout.group_ids)
