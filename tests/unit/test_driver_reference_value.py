"""Does a driver with a fixed reference value act as M1 says, and close a transition while it is 0?"""

import builders as b
import numpy as np
import pytest

from corredor._simulate import simulate


def people_left(drivers: list[b.Words], **term: object) -> np.ndarray:
    """People who move from a to b on each of ten days, in expected flow, at 0.1 a day times what the driver makes of it."""
    study = b.make_model(
        compartments=[b.stay("a", initial=b.here(1000)), b.stay("b")],
        transitions=[b.move("go", "a", "b", rate_per_day=0.1, changed_by=[{"driver": "x", **term}])],
        outputs={"gone": b.flow("go")},
        days=10,
        drivers=drivers,
    )
    return simulate(study, expected=True)["gone"].to_numpy()[0]


def rows(*values: tuple[int, float]) -> list[b.Words]:
    return [{"date": b.day(day), "place": "*", "driver": "x", "value": value} for day, value in values]


def test_the_rate_is_in_proportion_to_the_driver_over_its_reference_value():
    gone = people_left(rows((0, 50.0)), reference_value=100.0, effect=1.0)
    assert gone[0] == pytest.approx(1000 * (1 - np.exp(-0.1 * 50 / 100)))


def test_nobody_moves_while_the_driver_is_0():
    gone = people_left(rows((0, 0.0), (3, 1.0), (7, 0.0)), reference_value=1.0, effect=1.0)
    assert list(gone > 0) == [False] * 3 + [True] * 4 + [False] * 3
    assert gone[3] == pytest.approx(1000 * (1 - np.exp(-0.1)))


def test_a_linear_driver_is_counted_from_its_reference_value():
    gone = people_left(rows((0, 5.0)), transform="linear", reference_value=3.0, effect=0.25)
    assert gone[0] == pytest.approx(1000 * (1 - np.exp(-0.1 * np.exp(0.5))))
