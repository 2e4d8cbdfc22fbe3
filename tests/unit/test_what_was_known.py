"""Is a study cut, extended and known as of a day as its docstrings say? And do the package's functions stay functions?"""

import datetime as dt
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from backtesting import years_study
from builders import day, flow, here, make_model, measure, move, stay, write_study
from everything import everything
from known_truth import corridor

from corredor._simulate import simulate
from corredor.learn.forecast import forecast_end, what_holds
from corredor.study.model import load_study


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


def test_what_had_begun_goes_on_and_nothing_that_was_announced_for_later_begins():
    model = dated()
    later = model.measures[2].model_copy(update={"announced": day(10)})
    model = replace(model, measures=(*model.measures[:2], later, model.measures[3]))
    assert "later" in {m.id for m in model.as_known_on(day(15)).measures}
    begun = model.as_begun_by(day(15))
    assert [m.id for m in begun.measures] == ["over", "running", "on_record"] and begun.parameters == model.parameters
    assert begun.events == model.as_known_on(day(15)).events and begun.hash not in (model.hash, model.as_known_on(day(15)).hash)


def test_figures_of_days_before_a_later_first_day_become_history():
    model = everything()
    since = replace(model, study=model.study.model_copy(update={"compartments": []})).since(day(40))
    assert since.history and max(row.to for row in since.history) < day(40) <= min(row.from_ for row in since.observations)
    assert len(since.history) + len(since.observations) == len(model.observations)


def test_history_stands_in_observations_csv_and_is_read_apart(tmp_path):
    model = years_study(follows="left")
    early = [row.model_copy(update={"from_": dt.date(2017, 1, 1), "to": dt.date(2017, 1, 31)}) for row in model.observations[:1]]
    read = load_study(write_study(tmp_path / "test", replace(model, history=tuple(early))))
    assert read.history == tuple(early) and read.observations == model.observations
    assert read.without_figures(["left"]).history == ()
    assert "and 1 from before" in read.facts()["outputs"]


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
