"""Is a study cut, extended and known as of a day as its docstrings say? And do the package's functions stay functions?"""

import datetime as dt
import subprocess
import sys

import numpy as np
import pytest
from builders import day, flow, here, make_model, measure, move, stay
from everything import everything
from known_truth import corridor

from corredor._simulate import simulate
from corredor.learn.forecast import forecast_end, what_holds


def test_another_last_day_leaves_later_figures_out_and_keeps_the_rest():
    model = corridor()
    cut = model.until(day(58))
    assert cut.study.to == day(58) and cut.study.from_ == model.study.from_
    assert [row.to for row in cut.observations] == [day(30)] * 3 + [day(58)] * 3
    assert cut.hash != model.hash and model.until(model.study.to) is model
    with pytest.raises(ValueError, match="before the study begins"):
        model.until(day(-1))


def test_days_up_to_the_cut_do_not_feel_it():
    model = everything()
    whole, cut = simulate(model, draws=2, jobs=1), simulate(model.until(day(49)), draws=2, jobs=1)
    np.testing.assert_array_equal(whole["left"].to_numpy()[:, :50], cut["left"].to_numpy())
    longer = simulate(model.until(day(130)), draws=2, jobs=1)
    # the study's own end is no change day of an open-ended measure, so its days stay what they were
    np.testing.assert_array_equal(whole["left"].to_numpy(), longer["left"].to_numpy()[:, :75])


def dated():
    return make_model(
        [stay("before", initial=here(100)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.01, changed_by=[{"driver": "harvest", "effect": 1.0}])],
        outputs={"went": flow("go")},
        drivers=[{"driver": "harvest", "date": day(n), "place": "*", "value": v} for n, v in ((-5, 1.0), (10, 2.0), (20, 3.0))],
        measures=[
            measure("over", 1, 5, {"transition": "go", "effect": 0.1}),
            measure("running", 2, 25, {"transition": "go", "effect": 0.2}),
            measure("later", 20, None, {"transition": "go", "effect": 0.3}),
            measure("on_record", 3, None),
        ],
        events=[
            {"id": name, "date": day(n), "at": "here", "from": "before", "to": "after", "people": 5.0, "groups": {"people": 1.0}}
            for name, n in (("first", 4), ("second", 24))
        ],
    )


def test_what_began_later_is_not_known_and_what_is_in_force_stays():
    known = dated().as_known_on(day(15))
    assert [(m.id, m.to) for m in known.measures] == [("over", day(5)), ("running", None), ("on_record", None)]
    assert [event.id for event in known.events] == ["first"]
    assert [row.value for row in known.drivers] == [1.0, 2.0]
    assert known.hash != dated().hash


def test_what_holds_is_said_in_sentences():
    assert what_holds(dated(), day(15)) == [
        "Drivers keep the last value known on 2021-01-16: harvest.",
        "Measures in force on 2021-01-16 stay in force (1): running.",
        "Left out, because they began later: later; together.",
    ]


@pytest.mark.parametrize(
    ("as_of", "months", "last"),
    [
        ("2018-12-10", 1, "2018-12-31"),
        ("2018-11-30", 1, "2018-12-31"),
        ("2018-12-10", 3, "2019-02-28"),
        ("2019-12-31", 2, "2020-02-29"),
    ],
)
def test_months_ahead_count_the_running_one(as_of, months, last):
    assert str(forecast_end(dt.date.fromisoformat(as_of), months)) == last


def test_functions_of_the_package_stay_functions_after_their_first_use():
    code = """
import corredor, corredor._simulate, corredor.learn.forecast
for _ in range(2):
    assert [callable(getattr(corredor, name)) for name in ("simulate", "fit", "forecast")] == [True] * 3
from corredor import simulate, fit
assert callable(simulate) and callable(fit)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
