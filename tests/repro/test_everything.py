"""Is every feature of the model in the study that the other files of this folder use? What is not in it is not tested there."""

import numpy as np
import pytest
from builders import write_study
from everything import everything
from walking import start

from corredor.study import schema
from corredor.study.model import load_study

FOR_THE_READER = {
    "title",
    "thresholds",
    "summary",
    "authors",
    "licence",
    "note",
    "source",
    "side",
    "made_up",
    "cost",
    "agreement",
    "dose_means",
    "basis",
}
"""Fields that no number depends on."""

CHOSEN_ELSEWHERE = {
    "initial.source", "collective_attempt.source", "season.source", "route.both_ways", "study.step_days", "study.warm_up_days",
    "place.population", "cost.usd", "cost.usd_per_day",
}  # fmt: skip
"""Fields that have tests of their own (how long a step is, what a row of routes.csv means), and costs, which are only shown."""


def written(entry, name, found):
    """Names of all fields that somebody wrote in an entry and in those inside it."""
    for field in entry.model_fields_set:
        found.add(f"{name}.{field}")
        value = getattr(entry, field)
        for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]:
            if isinstance(one, schema.Entry):
                written(one, NAMES[type(one)], found)
    return found


NAMES = {
    schema.Study: "study", schema.Group: "group", schema.CompartmentSpec: "compartment", schema.Initial: "initial",
    schema.Transition: "transition", schema.Term: "term", schema.Duration: "duration", schema.Season: "season",
    schema.Latent: "latent", schema.CollectiveAttempt: "collective_attempt", schema.Beta: "beta", schema.Output: "output",
    schema.Account: "account", schema.Prior: "prior", schema.Parameter: "parameter", schema.Action: "action",
    schema.Measure: "measure", schema.Event: "event", schema.Place: "place", schema.Route: "route",
    schema.DriverValue: "driver_value", schema.Observation: "observation", schema.By: "by",
    schema.PlaceSelector: "place_selector", schema.GroupSelector: "group_selector", schema.Cost: "cost",
}  # fmt: skip


def test_everything_that_a_person_may_write_is_written():
    model, found = everything(), set()
    tables = (
        model.parameters.values(),
        model.measures,
        model.events,
        model.places,
        model.routes,
        model.drivers,
        model.observations,
    )
    for entry in [model.study, *(entry for table in tables for entry in table)]:
        written(entry, NAMES[type(entry)], found)
    wanted = {f"{name}.{field}" for entry, name in NAMES.items() for field in entry.model_fields if field not in FOR_THE_READER}
    left_out = wanted - found - CHOSEN_ELSEWHERE
    assert sorted(left_out) == []


def test_it_is_a_study_that_the_reader_accepts_and_reads_back(tmp_path):
    model, read = everything(), load_study(write_study(tmp_path / "everything", everything()))
    for part in ("study", "places", "routes", "drivers", "parameters", "measures", "events", "observations"):
        assert getattr(read, part) == getattr(model, part), part


def test_every_part_of_the_network_has_something_in_it():
    network = start(everything()).network
    for name, values in network.topology._asdict().items():
        assert np.size(values) > 0, name
    assert set(network.topology.compartment_type.tolist()) == {0, 1, 2, 3}
    assert set(network.topology.state_kind.tolist()) == {0, 1}
    for name in ("move_open", "move_handles", "move_capacity", "move_journey", "attempt_closes"):
        values = getattr(network.topology, name)
        assert (values >= 0).any() and (name == "attempt_closes" or (values < 0).any()), name
    assert np.diff(network.topology.journey_first_branch).max() == 2


@pytest.mark.parametrize("draw", range(3))
def test_everything_happens_in_every_world(draw):
    walk = start(everything(), draw=draw).to_the_end()
    for block in walk.network.recording.blocks:
        assert walk.output(block.output).sum() > 0, block.output
