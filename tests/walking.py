"""One draw walked step by step, many draws of one scenario, or cells chosen by the test: how tests look into the kernel and behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from corredor.engine.arrays import Draw, DrawInputs, Scratch, State
from corredor.engine.counts import Counts
from corredor.engine.draws import (
    Sample,
    central_parameters,
    initial_state,
    make_draw_inputs,
    make_scratch,
    people_by_group,
    sample_draws,
    sample_parameters,
)
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork, build_network
from corredor.results.dataset import make_dataset
from corredor.study.model import Model


@dataclass
class Walk:
    """One draw and where it has come to. `step` is the next step to be run."""

    network: FlowNetwork
    inputs: DrawInputs
    state: State
    expected: bool
    scratch: Scratch
    cells: np.ndarray
    step: int = 0
    everybody_at_start: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def on(self, n_steps: int = 1) -> Walk:
        """Go on for some steps."""
        end = self.step + n_steps
        draw = Draw(self.network.topology, self.inputs, self.state, self.scratch, self.cells, self.expected)
        run(draw, self.step, end)
        self.step = end
        return self

    def to_the_end(self) -> Walk:
        return self.on(self.network.calendar.n_steps - self.step)

    def people(self, status: str, place: str | None = None, group: str | None = None) -> float:
        """People of a status now, those on a journey to it left out."""
        return float(self.state.people[self.pools(status, place, group)].sum())

    def pools(self, status: str, place: str | None = None, group: str | None = None) -> list[int]:
        """Numbers of the pools (compartment, group) of a status."""
        return [
            number
            for number, (compartment, group_id) in enumerate(self.network.layout.pools)
            if compartment.status == status and place in (None, compartment.place.id) and group in (None, group_id)
        ]

    def rate(self, transition: str, origin: str | None = None, to: str | None = None, group: str | None = None) -> float:
        """Rate or weight of a transition's moves in the last step, without state terms (M1), summed over the moves meant.

        origin, to : ids of the places left and entered
        """
        return sum(
            float(self.scratch.weight[move])
            for move, way in enumerate(self.network.moves)
            if way.transition.name == transition
            and origin in (None, way.origin.place.id)
            and to in (None, way.target.place.id)
            and group in (None, *way.group_ids)
        )

    def rates(self, transition: str, **where: str) -> list[float]:
        """That rate in every step from here to the end."""
        return [self.on().rate(transition, **where) for _ in range(self.network.calendar.n_steps - self.step)]

    def on_the_way(self) -> float:
        """People on journeys now."""
        return float(self.state.stages.sum())

    def everybody(self) -> np.ndarray:
        """People by group, wherever they are."""
        return people_by_group(self.network, self.state)

    def output(self, name: str) -> np.ndarray:
        """What an output holds so far: its own dimensions in the order it declares them, then the periods."""
        return output_of(self.network, self.cells, name)


def start(model: Model, seed: int = 1, draw: int = 0, expected: bool = False) -> Walk:
    """A draw before its first step; in expected flow with parameters at their medians."""
    network = build_network(model)
    parameters = central_parameters(model) if expected else sample_parameters(model, seed, draw + 1)
    sample = sample_draws(network, parameters, seed, expected)
    return start_in(network, sample, seed, draw, expected)


def start_in(network: FlowNetwork, sample: Sample, seed: int = 1, draw: int = 0, expected: bool = False) -> Walk:
    """A draw of a sample before its first step."""
    state = initial_state(network, sample, draw, expected)
    inputs, cells = make_draw_inputs(network, sample, draw, seed, draw), np.zeros(network.recording.n_cells)
    return Walk(network, inputs, state, expected, make_scratch(network), cells, 0, people_by_group(network, state))


def output_of(network: FlowNetwork, cells: np.ndarray, name: str) -> np.ndarray:
    """An output's cells, shaped: (…, its own dimensions, periods)."""
    block = next(block for block in network.recording.blocks if block.output == name)
    return cells[..., block.first_cell : block.end_cell].reshape((*cells.shape[:-1], *block.shape))


def cells_of_draws(model: Model, n_draws: int, seed: int = 1) -> tuple[FlowNetwork, np.ndarray]:
    """Cells of many draws of one scenario, parameters at their medians and no latent terms: only the random numbers of the days differ.

    returns : the network and (n_draws, n_cells)
    """
    network = build_network(model)
    sample = sample_draws(network, central_parameters(model), seed, expected=True)
    inputs, first, scratch = (
        make_draw_inputs(network, sample, 0, seed, 0),
        initial_state(network, sample, 0),
        make_scratch(network),
    )
    cells = np.zeros((n_draws, network.recording.n_cells))
    for draw in range(n_draws):
        state = State(*(array.copy() for array in first))
        numbered = inputs._replace(draw=draw)
        run(Draw(network.topology, numbered, state, scratch, cells[draw], False), 0, network.calendar.n_steps)
    return network, cells


def counts_of_draws(model: Model, n_draws: int, *names: str, seed: int = 1) -> list[np.ndarray]:
    """Outputs of many draws of one scenario, each (n_draws, its own dimensions, periods)."""
    network, cells = cells_of_draws(model, n_draws, seed)
    return [output_of(network, cells, name) for name in names]


def dataset_of(
    model: Model, cells: np.ndarray | None = None, n_draws: int = 2
) -> tuple[FlowNetwork, xr.Dataset, np.ndarray, np.ndarray]:
    """The Dataset of cells that a test chooses, with parameters at their medians.

    cells : (n_draws, n_cells); unless given 0, 1, 2 … in the first draw, and ten times these in the next
    returns : the network, the Dataset, the values of the network's quantities, the cells
    """
    network = build_network(model)
    if cells is None:
        cells = np.arange(network.recording.n_cells) * 10.0 ** np.arange(n_draws)[:, None]
    parameters = np.repeat(central_parameters(model), len(cells), axis=0)
    values = sample_draws(network, parameters, 1).values
    counts = Counts.empty(*cells.shape)
    counts.cells[:] = cells
    return network, make_dataset(network, counts, parameters, values, {"seed": 1}), values, cells
