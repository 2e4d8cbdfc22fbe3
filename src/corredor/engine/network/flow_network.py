"""A study in numbers: what the kernel is given as it is, and the rows from which each draw's numbers are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from corredor.engine.network.arrays import Topology
from corredor.engine.network.calendar import Calendar
from corredor.engine.network.covariates import Covariates
from corredor.engine.network.layout import Layout
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import Recording
from corredor.study.model import Model
from corredor.study.topology import Move

REST = -1
"""Row of the outcome that gets what the others leave."""


@dataclass(frozen=True)
class Setting:
    """A capacity or a service: its row, what multiplies it on each change day, and the measures that set or multiply it while in force."""

    row: int
    factor: np.ndarray | float
    changes: tuple[tuple[np.ndarray, bool, int], ...]


@dataclass(frozen=True)
class FlowNetwork:
    """A study in numbers. `topology` goes to the kernel as it is; the rest makes the DrawInputs of a draw (draws.py).

    set_row, set_is_share, set_pool : by set (transition of a pool): row of its rate or share (REST: what is left), its pool
    fixed_terms, fixed_choice : sparse (n_moves, n_rows)   terms that do not change with time
    term_row, term_coefficient, term_series : by term that changes with time
    branch_row, branch_km, branch_mean_ratio : by branch of a journey: row of its speed (km per day) where it has a length in km, else
                                               of its time (days); its mean as a multiple of that
    stage_group : group of the people in each stage
    """

    model: Model
    calendar: Calendar
    layout: Layout
    quantities: Quantities
    covariates: Covariates
    recording: Recording
    topology: Topology
    moves: tuple[Move, ...]
    set_row: np.ndarray
    set_is_share: np.ndarray
    set_pool: np.ndarray
    fixed_terms: sparse.csr_array
    fixed_choice: sparse.csr_array
    term_row: np.ndarray
    term_coefficient: np.ndarray
    term_series: np.ndarray
    state_row: np.ndarray
    handles_row: np.ndarray
    capacities: tuple[Setting, ...]
    services: tuple[Setting, ...]
    service_noise_row: np.ndarray
    noise_row: np.ndarray
    branch_row: np.ndarray
    branch_km: np.ndarray
    branch_mean_ratio: np.ndarray
    stage_group: np.ndarray
    attempt_rows: np.ndarray
    event_row: np.ndarray
    initial_pool: np.ndarray
    initial_row: np.ndarray
    initial_share: np.ndarray

    @property
    def n_groups(self) -> int:
        return len(self.layout.group_ids)
