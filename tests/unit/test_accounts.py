"""Are dollars and sums of outputs worked out as M13 says? By hand, on cells that the test chooses; and are names put to the numbers?"""

import numpy as np
import pytest
from builders import fixed, flow, here, make_model, move, queue, stay, stock
from walking import dataset_of

ACCOUNT = {"title": "Money", "actor": "somebody", "source": "invented"}


def study(outputs, days=33, step_days=1.0, **accounts):
    """People at two places, of which one has a way out that the other lacks."""
    return make_model(
        [stay("before", initial=here(1000, a=1, b=1)), queue("line", 1.0), stay("after", at={"id": "north"})],
        [
            move("join", "before", "line", rate_per_day=0.1),
            move("go", "before", "after", rate_per_day=0.1, at={"id": "north"}),
            move("served", "line", "before", share=1.0),
        ],
        groups={"a": {}, "b": {}},
        places=["north", "south"],
        outputs=outputs,
        accounts={name: {**ACCOUNT, **words} for name, words in accounts.items()},
        parameters={
            "price": fixed(3.0, "USD per person"),
            "rent": fixed(30.0, "USD per person per month"),
            "half": fixed(0.5, "ratio"),
        },
        days=days,
        step_days=step_days,
    )


def monthly(output, **more):
    return {**output, "every": "month", **more}


def test_dollars_of_a_flow_are_dollars_for_each_person():
    model = study({"went": monthly(flow("go", "join"), by=["place", "group"])}, fares={"of": "went", "usd_each": "price"})
    _, dataset, *_ = dataset_of(model)
    assert dataset["fares"].dims == ("draw", "month")
    np.testing.assert_allclose(dataset["fares"], 3 * dataset["went"].sum(["place", "group"]), rtol=1e-15)
    assert dataset["fares"].attrs["units"] == "USD"
    assert dataset["fares"].attrs["cell_methods"] == "month: sum"


def test_dollars_of_a_stock_are_dollars_for_each_person_and_day():
    model = study({"there": monthly(stock("after", "line"))}, rents={"of": "there", "usd_each": "rent"})
    _, dataset, *_ = dataset_of(model)
    days = np.array([31, 2])  # the study ends on 2 February
    np.testing.assert_allclose(dataset["rents"], dataset["there"] * 30 * 12 / 365.25 * days, rtol=1e-14)


def test_dollars_of_a_sum_of_stocks_count_every_day_too():
    outputs = {"inside": monthly(stock("after")), "waiting": monthly(stock("line"))}
    outputs["everybody"] = {"title": "e", "sum_of": {"inside": 1.0, "waiting": 1.0}, "every": "month"}
    _, dataset, *_ = dataset_of(study(outputs, rents={"of": "everybody", "usd_each": 2.0}))
    days = np.array([31, 2])
    np.testing.assert_allclose(dataset["rents"], 2 * days * (dataset["inside"] + dataset["waiting"]), rtol=1e-14)


def test_a_sum_of_outputs_weighs_each_by_its_factor():
    outputs = {"inside": monthly(stock("after")), "waiting": monthly(stock("line"))}
    outputs["beds"] = {"title": "b", "sum_of": {"inside": 1.0, "waiting": ["half", 0.5]}, "every": "month"}
    _, dataset, *_ = dataset_of(study(outputs))
    np.testing.assert_allclose(dataset["beds"], dataset["inside"] + 0.25 * dataset["waiting"], rtol=1e-15)
    assert dataset["beds"].attrs["cell_methods"] == "month: mean"


def test_a_place_that_only_one_of_the_summed_outputs_has_keeps_its_people():
    outputs = {"inside": monthly(stock("after"), by=["place"]), "waiting": monthly(stock("line"), by=["place"])}
    outputs["everybody"] = {"title": "e", "sum_of": {"inside": 1.0, "waiting": 1.0}, "every": "month", "by": ["place"]}
    outputs["elsewhere"] = monthly(stock("before"), by=["place"])
    _, dataset, *_ = dataset_of(study(outputs))
    north, south = dataset["everybody"].sel(place="north"), dataset["everybody"].sel(place="south")
    np.testing.assert_allclose(north, dataset["inside"].sel(place="north") + dataset["waiting"].sel(place="north"))
    np.testing.assert_allclose(south, dataset["waiting"].sel(place="south"))
    assert dataset["inside"].sel(place="south").isnull().all()


@pytest.mark.parametrize("n_draws", [1, 3])
def test_dims_are_always_draw_then_time_then_what_the_output_declares(n_draws):
    outputs = {
        "went": monthly(flow("join"), by=["group", "place"]),
        "daily": stock("line", by=["place"]),
        "total": {**flow("go"), "every": "week"},
        "waits": monthly({"title": "w", "days_waited": "line"}, by=["place"]),
        "wait": {"title": "w", "expected_wait": "line", "every": "step", "by": ["place"]},
        "all": {"title": "a", "sum_of": {"went": 1.0}, "every": "month", "by": ["group", "place"]},
    }
    _, dataset, *_ = dataset_of(study(outputs, fares={"of": "went", "usd_each": 1.0}), n_draws=n_draws)
    assert {name: dataset[name].dims for name in [*outputs, "fares"]} == {
        "went": ("draw", "month", "group", "place"),
        "daily": ("draw", "day", "place"),
        "total": ("draw", "week"),
        "waits": ("draw", "month", "place", "wait_bin"),
        "wait": ("draw", "step", "place"),
        "all": ("draw", "month", "group", "place"),
        "fares": ("draw", "month"),
    }
    assert dataset.sizes["draw"] == n_draws
    assert dataset["draw"].to_numpy().tolist() == list(range(n_draws))
    assert dataset["place"].to_numpy().tolist() == ["north", "south"]
    assert {name: dataset[name].attrs["units"] for name in ("went", "wait", "waits")} == {
        "went": "people",
        "wait": "days",
        "waits": "people",
    }
    assert dataset["people_lost"].dims == dataset["decisions"].dims == ("draw",)
    assert dataset["parameter_value"].dims == ("draw", "parameter")
