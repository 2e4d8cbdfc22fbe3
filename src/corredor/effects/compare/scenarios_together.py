"""One draw in several scenarios: the same parameters, common random numbers (M15), the common past once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.effects.compare.drawn import Drawn
from corredor.effects.compare.shared_past import Branch, plan_branches
from corredor.engine.arrays import Draw, State
from corredor.engine.counts import Counts
from corredor.engine.draws import Sample, initial_state, make_draw_inputs, make_scratch, people_by_group, sample_draws
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork, build_network
from corredor.study.model import Model


@dataclass(frozen=True)
class Outcome:
    """What one draw came to in one scenario.

    cells : (n_cells,) float                       outputs
    whereabouts : (n_pairs + n_journeys,) float people   everybody on the last day: in compartments, then under way
    people_lost : float people ;  decisions : int random counts drawn
    """

    cells: np.ndarray
    whereabouts: np.ndarray
    people_lost: float
    decisions: int


@dataclass(frozen=True)
class Scenarios:
    """Scenarios of one study, ready to be run side by side.

    samples : one for each scenario; they differ in what a scenario fixes
    """

    networks: tuple[FlowNetwork, ...]
    samples: tuple[Sample, ...]
    plan: Branch
    seed: int
    expected: bool

    def __len__(self) -> int:
        return len(self.networks)

    @property
    def n_cells(self) -> int:
        return self.networks[0].recording.n_cells

    @property
    def n_whereabouts(self) -> int:
        return len(self.networks[0].topology.pool_group) + len(self.networks[0].topology.journey_to)

    @property
    def n_numbers(self) -> int:
        """Numbers that a draw of one scenario comes to: those of `Outcome`."""
        return self.n_cells + self.n_whereabouts + 2


def make_scenarios(models: Sequence[Model], drawn: Drawn, seed: int, expected: bool = False) -> Scenarios:
    """Networks and samples of several scenarios of one study.

    drawn : what all scenarios share; a parameter that a scenario fixes is replaced in its own
    """
    networks = tuple(build_network(model) for model in models)
    samples = tuple(
        sample_draws(network, _with_fixed(network.model, drawn.parameters), seed, expected, drawn.learned) for network in networks
    )
    return Scenarios(networks, samples, plan_branches(models), seed, expected)


def run_draw_in_all(scenarios: Scenarios, row: int) -> list[Outcome]:
    """One draw in every scenario; bit for bit what each scenario gives when it is run alone from its first step."""
    outcomes: dict[int, Outcome] = {}
    _follow(scenarios, scenarios.plan, row, None, np.zeros(scenarios.n_cells), outcomes)
    return [outcomes[number] for number in range(len(scenarios))]


def numbers_of_a_draw(scenarios: Scenarios, row: int) -> tuple[np.ndarray, float, int]:
    """The same as one row of numbers, scenario after scenario, so that a stopped run is kept like any other."""
    outcomes = run_draw_in_all(scenarios, row)
    numbers = [(o.cells, o.whereabouts, np.array([o.people_lost, o.decisions])) for o in outcomes]
    return (
        np.concatenate([part for parts in numbers for part in parts]),
        max(o.people_lost for o in outcomes),
        sum(o.decisions for o in outcomes),
    )


def unpacked(scenarios: Scenarios, counts: Counts) -> list[tuple[Counts, np.ndarray]]:
    """Counts and whereabouts of each scenario, from rows of `numbers_of_a_draw`."""
    found, width = [], scenarios.n_numbers
    for number in range(len(scenarios)):
        own = counts.cells[:, number * width : (number + 1) * width]
        cells, whereabouts = own[:, : scenarios.n_cells], own[:, scenarios.n_cells : -2]
        found.append((Counts(cells, own[:, -2], own[:, -1].astype(np.int64), counts.done), whereabouts))
    return found


def _follow(
    scenarios: Scenarios, branch: Branch, row: int, state: State | None, cells: np.ndarray, outcomes: dict[int, Outcome]
) -> None:
    number = branch.scenarios[0]
    network, sample = scenarios.networks[number], scenarios.samples[number]
    if state is None or branch.from_step == 0:
        # scenarios that differ from the first step on need not even begin with the same people
        state = initial_state(network, sample, row, scenarios.expected)
    if branch.to_step > branch.from_step:
        inputs, scratch = make_draw_inputs(network, sample, row, scenarios.seed, row), make_scratch(network)
        draw = Draw(network.topology, inputs, state, scratch, cells, scenarios.expected)
        run(draw, branch.from_step, branch.to_step)
    for i, divided in enumerate(branch.branches):
        last = i == len(branch.branches) - 1
        _follow(scenarios, divided, row, state if last else _copied(state), cells if last else cells.copy(), outcomes)
    if not branch.branches:
        before = people_by_group(network, initial_state(network, sample, row, scenarios.expected))
        lost = np.abs(people_by_group(network, state) - before)
        worst = float(np.max(lost / np.maximum(before, 1.0) if scenarios.expected else lost, initial=0.0))
        for scenario_number in branch.scenarios:
            outcomes[scenario_number] = Outcome(cells, whereabouts_of(network, state), worst, int(state.decisions[0]))


def whereabouts_of(network: FlowNetwork, state: State) -> np.ndarray:
    """Everybody, by pair of compartment and group, then by journey: (n_pairs + n_journeys,) float people."""
    topology = network.topology
    first_stage = topology.branch_first_stage[topology.journey_first_branch]
    total = np.concatenate([[0.0], np.cumsum(state.stages)])
    return np.concatenate([state.people, np.diff(total[first_stage])])


def _copied(state: State) -> State:
    return State(*(array.copy() for array in state))


def _with_fixed(model: Model, parameters: np.ndarray) -> np.ndarray:
    fixed = {number: p.prior.fixed for number, p in enumerate(model.parameters.values()) if p.prior.fixed is not None}
    if not fixed:
        return parameters
    replaced = parameters.copy()
    for column, value in fixed.items():
        replaced[:, column] = value
    return replaced
