"""Is the rate of every transition what M1 says? Hand-worked rates, read off the kernel after a step."""

import datetime as dt
from math import exp, log

import numpy as np
import pytest
from builders import day, fixed, flow, here, make_model, measure, move, stay, uncertain
from walking import start, start_in

from corredor.engine.draws import central_parameters, sample_draws
from corredor.engine.network import build_network
from corredor.engine.network.covariates import MONTHS

TWO_WAYS_TO_LIVE = [stay("waiting", initial=here(1000)), stay("gone")]


def model_of(transition, **more):
    """People who wait at one place and can go; `transition` is what the transition `go` has beside its two ends."""
    return make_model(TWO_WAYS_TO_LIVE, [move("go", "waiting", "gone", **transition)], **more)


def rate_of(transition, **more):
    return start(model_of(transition, **more), expected=True).on().rate("go")


# --- the rate itself ---


def test_a_rate_without_terms_is_the_number_in_the_study():
    assert rate_of({"rate_per_day": 0.25}) == pytest.approx(0.25, rel=1e-14)


def test_a_parameter_counts_in_days_and_at_its_median():
    often = uncertain("per week", lognormal={"median": 0.7, "sigma": 0.4})
    assert rate_of({"rate_per_day": "often"}, parameters={"often": often}) == pytest.approx(0.1, rel=1e-14)


def test_factors_of_a_rate_are_multiplied_and_those_by_place_or_group_are_chosen():
    groups = {"adults": {"kind": "adult"}, "families": {"kind": "family"}}
    by_kind = {"by": "kind", "values": {"adult": 2.0}, "otherwise": "slowness"}
    by_place = {"by": "place", "values": {"north": 1.0, "south": 10.0}}
    waiting = stay("waiting", initial=here(1000, adults=1, families=1))
    model = make_model(
        [waiting, stay("gone")],
        [move("go", "waiting", "gone", rate_per_day=[0.01, by_kind, by_place])],
        groups=groups,
        places=["north", "south"],
        parameters={"slowness": fixed(0.5, "ratio")},
    )
    walk = start(model, expected=True).on()
    found = [walk.rate("go", origin=place, group=group) for place in ("north", "south") for group in ("adults", "families")]
    assert found == pytest.approx([0.02, 0.005, 0.2, 0.05], rel=1e-14)


def test_terms_add_on_the_log_scale():
    terms = [
        {"group": {"id": "people"}, "effect": 0.3},
        {"place": {"id": "here"}, "effect": "less"},
        {"place": {"id": "here"}, "effect": [0.5, "less"]},
    ]
    found = rate_of({"rate_per_day": 0.1, "changed_by": terms}, parameters={"less": fixed(-0.2, "log")})
    assert found == pytest.approx(0.1 * exp(0.3 - 0.2 - 0.1), rel=1e-14)


# --- covariates that do not change with time ---


def test_a_group_term_counts_for_its_groups_and_a_place_term_for_its_places_only():
    groups = {"adults": {"kind": "adult"}, "families": {"kind": "family"}}
    terms = [{"group": {"kind": "family"}, "effect": -1.0}, {"place": {"id": "south"}, "effect": 2.0}]
    model = make_model(
        [stay("waiting", initial=here(1000, adults=1, families=1)), stay("gone")],
        [move("go", "waiting", "gone", rate_per_day=0.1, changed_by=terms)],
        groups=groups,
        places=["north", "south"],
    )
    walk = start(model, expected=True).on()
    assert walk.rate("go", origin="north", group="adults") == pytest.approx(0.1, rel=1e-14)
    assert walk.rate("go", origin="north", group="families") == pytest.approx(0.1 * exp(-1), rel=1e-14)
    assert walk.rate("go", origin="south", group="families") == pytest.approx(0.1 * exp(1), rel=1e-14)


@pytest.mark.parametrize(("form", "factor"), [("log", 2.5**-0.8), ("linear", exp(-0.8 * 2.5))])
def test_distance_counts_in_hundreds_of_km_or_their_log(form, factor):
    terms = [{"distance": form, "effect": -0.8}]
    transition = move("go", "waiting", "gone", along="road", rate_per_day=0.1, speed_km_per_day=100.0, changed_by=terms)
    compartments = [stay("waiting", initial=here(1000), at={"id": "north"}), stay("gone", at={"id": "south"})]
    model = make_model(compartments, [transition], places=["north", "south"], routes=[("north", "south", 250)])
    assert start(model, expected=True).on().rate("go") == pytest.approx(0.1 * factor, rel=1e-14)


# --- covariates that change with time ---

PRICES = [
    {"driver": "price", "date": day(-40), "place": "coast", "value": 2.0},
    {"driver": "price", "date": day(0), "place": "coast", "value": 4.0},
    {"driver": "price", "date": day(10), "place": "coast", "value": 6.0},
]


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ({}, 0.0, log(6 / 4)),
        ({"reference": day(-40)}, log(4 / 2), log(6 / 2)),
        ({"transform": "linear"}, 0.0, 2.0),
        ({"transform": "linear", "reference": day(-1)}, 2.0, 4.0),
    ],
)
def test_a_driver_counts_against_its_reference_from_its_date_on(words, before, after):
    terms = [{"driver": "price", "effect": 0.5, **words}]
    walk = start(model_of({"rate_per_day": 0.1, "changed_by": terms}, drivers=PRICES), expected=True)
    expected = [0.1 * exp(0.5 * before)] * 10 + [0.1 * exp(0.5 * after)] * 20
    assert walk.rates("go") == pytest.approx(expected, rel=1e-14)


def test_a_driver_of_the_place_comes_before_that_of_its_country_and_that_before_the_one_of_everywhere():
    rows = [{"driver": "price", "date": day(0), "place": "*", "value": 1.0}]
    rows += [{"driver": "price", "date": day(5), "place": "*", "value": 2.0}]
    rows += [{**row, "place": "coast", "value": 4 * row["value"]} for row in PRICES]
    rows += [{"driver": "price", "date": day(0), "place": "south", "value": 1.0}]
    places = {"north": {}, "south": {}, "abroad": {"country": "hills"}}
    terms = [{"driver": "price", "effect": 1.0}]
    walk = start(model_of({"rate_per_day": 0.1, "changed_by": terms}, drivers=rows, places=places), expected=True).on(20)
    found = [walk.rate("go", origin=place) for place in places]
    assert found == pytest.approx([0.1 * 6 / 4, 0.1, 0.1 * 2 / 1], rel=1e-14)


def test_a_driver_of_the_destination_counts_where_the_term_asks_for_it():
    rows = [{"driver": "work", "date": day(-1), "place": "*", "value": 1.0}]
    rows += [{"driver": "work", "date": date, "place": "south", "value": v} for date, v in ((day(-1), 1.0), (day(3), 5.0))]
    terms = [{"driver": "work", "of": "destination", "effect": 1.0}]
    transition = move("go", "waiting", "gone", along="road", rate_per_day=0.1, speed_km_per_day=100.0, changed_by=terms)
    compartments = [stay("waiting", initial=here(1000), at={"id": "north"}), stay("gone", at={"id": "south"})]
    model = make_model(compartments, [transition], places=["north", "south"], routes=[("north", "south", 250)], drivers=rows)
    assert start(model, expected=True).on(3).rate("go") == pytest.approx(0.1, rel=1e-14)
    assert start(model, expected=True).on(4).rate("go") == pytest.approx(0.5, rel=1e-14)


def months_with(**factors):
    return dict.fromkeys(MONTHS, 0.0) | factors


def test_a_season_counts_in_its_month_times_its_effect():
    seasons = {"harvest": {"months": months_with(feb=0.7, mar="march")}}
    terms = [{"season": "harvest"}, {"season": "harvest", "effect": -0.5}]
    march = {"march": fixed(-0.4, "log")}
    walk = start(model_of({"rate_per_day": 0.1, "changed_by": terms}, seasons=seasons, parameters=march, days=100), expected=True)
    expected = [0.1] * 31 + [0.1 * exp(0.35)] * 28 + [0.1 * exp(-0.2)] * 31 + [0.1] * 10
    assert walk.rates("go") == pytest.approx(expected, rel=1e-14)


def test_a_latent_term_counts_month_by_month_in_random_runs_and_not_at_all_in_expected_flow():
    latents = {"mood": {"persistence": 0.6, "monthly_sd": 0.5}}
    model = model_of({"rate_per_day": 0.1, "changed_by": [{"latent": "mood"}]}, latents=latents, days=59)
    network = build_network(model)
    sample = sample_draws(network, central_parameters(model), seed=3)
    january, february = sample.latent_months[0, 0, :2]
    assert abs(january) > 0.01 and abs(february - january) > 0.01
    found = start_in(network, sample, seed=3).rates("go")
    assert found == pytest.approx([0.1 * exp(january)] * 31 + [0.1 * exp(february)] * 28, rel=1e-14)
    assert start(model, expected=True).rates("go") == pytest.approx([0.1] * 59, rel=1e-14)


@pytest.mark.parametrize("by", ["country", "place", "citizenship", "group", None])
def test_those_who_share_a_latent_term_share_its_months(by):
    latents = {"mood": {"by": by, "persistence": 0.6, "monthly_sd": 0.5}}
    groups = {name: {"citizenship": home} for name, home in (("a", "coast"), ("b", "coast"), ("c", "hills"))}
    model = make_model(
        [stay("waiting", initial=here(9000, a=1, b=1, c=1)), stay("gone")],
        [move("go", "waiting", "gone", rate_per_day=0.1, changed_by=[{"latent": "mood"}])],
        latents=latents,
        groups=groups,
        places={"north": {}, "south": {}, "abroad": {"country": "hills"}},
    )
    walk = start(model).on()
    rates = {(p, g): walk.rate("go", origin=p, group=g) for p in ("north", "south", "abroad") for g in ("a", "b", "c")}
    key = {
        "country": lambda p, g: p == "abroad",
        "place": lambda p, g: p,
        "citizenship": lambda p, g: g == "c",
        "group": lambda p, g: g,
        None: lambda p, g: None,
    }[by]
    classes = {}
    for (place, group), rate in rates.items():
        classes.setdefault(key(place, group), set()).add(rate)
    assert all(len(found) == 1 for found in classes.values())
    assert len(set.union(*classes.values())) == len(classes)


def test_a_measure_counts_on_the_days_it_is_in_force_times_its_dose():
    patrols = measure("patrols", 5, 12, {"transition": "go", "effect": "strength"}, dose=3.0)
    strength = {"strength": fixed(-0.2, "log")}
    walk = start(model_of({"rate_per_day": 0.1}, measures=[patrols], parameters=strength), expected=True)
    assert walk.rates("go") == pytest.approx([0.1] * 5 + [0.1 * exp(-0.6)] * 8 + [0.1] * 17, rel=1e-14)


def test_a_measure_without_end_lasts_and_one_from_before_the_study_is_in_force_at_once():
    since_long = measure("since_long", -500, None, {"transition": "go", "effect": 1.0})
    walk = start(model_of({"rate_per_day": 0.1}, measures=[since_long], warm_up_days=4), expected=True)
    assert walk.rates("go") == pytest.approx([0.1 * exp(1)] * 34, rel=1e-14)


def test_a_measure_counts_for_the_places_and_groups_it_names():
    groups = {"adults": {}, "families": {}}
    model = make_model(
        [stay("waiting", initial=here(1000, adults=1, families=1)), stay("gone")],
        [move("go", "waiting", "gone", rate_per_day=0.1), move("stay away", "waiting", "gone", rate_per_day=0.1)],
        groups=groups,
        places=["north", "south"],
        measures=[measure("m", 0, None, {"transition": "go", "effect": 1.0, "at": {"id": "south"}, "groups": {"id": "adults"}})],
    )
    walk = start(model, expected=True).on()
    changed = {(p, g) for p in ("north", "south") for g in groups if walk.rate("go", origin=p, group=g) != pytest.approx(0.1)}
    assert changed == {("south", "adults")}
    assert walk.rate("stay away") == pytest.approx(0.4, rel=1e-14)


def built_up(day_number, first, last, lag):
    """1 − exp(−days/lag) of what has passed at the middle of a day, fading the same way after the last day."""
    middle = day_number + 0.5
    reached = 1 - exp(-max(min(middle, last + 1) - first, 0) / lag)
    return reached * exp(-max(middle - last - 1, 0) / lag)


def test_the_effect_of_a_measure_with_a_lag_builds_up_and_fades():
    first, last, lag = 10, 80, 20.0
    patrols = measure("patrols", first, last, {"transition": "go", "effect": 2.0, "lag_days": lag})
    walk = start(model_of({"rate_per_day": 0.001}, measures=[patrols], days=180), expected=True)
    dose = np.log(np.array(walk.rates("go")) / 0.001) / 2
    exact = np.array([built_up(n, first, last, lag) for n in range(180)])
    assert dose[:first] == pytest.approx(0, abs=1e-12)
    # It is worked out for the middle of weeks, within which it can change by 1 − exp(−3.5/lag) on either side.
    assert np.abs(dose - exact).max() <= 1 - exp(-3.5 / lag)
    assert dose[first : first + 63].mean() == pytest.approx(exact[first : first + 63].mean(), abs=0.002)
    assert dose[last + 1 :].mean() == pytest.approx(exact[last + 1 :].mean(), abs=0.002)


def test_a_measure_may_begin_and_end_with_any_day_of_a_calendar():
    everyday = {**measure("everyday", -5000, None, {"transition": "go", "effect": 1.0, "lag_days": 3.0}), "to": dt.date.max}
    walk = start(model_of({"rate_per_day": 0.1}, measures=[everyday]), expected=True).on()
    assert walk.rate("go") == pytest.approx(0.1 * exp(1), rel=1e-9)


# --- steps of a week ---


def test_with_weekly_steps_a_change_begins_with_the_first_week_whose_middle_is_not_before_it():
    seasons = {"harvest": {"months": months_with(feb=0.7)}}
    terms = [{"season": "harvest"}]
    model = model_of({"rate_per_day": 0.001, "changed_by": terms}, seasons=seasons, days=84, step_days=7)
    # 1 February is day 31, 1 March day 59; the middles of weeks 4 and 8 are days 31.5 and 59.5.
    found = np.log(np.array(start(model, expected=True).rates("go")) / 0.001)
    assert found == pytest.approx([0] * 4 + [0.7] * 4 + [0] * 4, abs=1e-12)
    patrols = measure("patrols", 17, 40, {"transition": "go", "effect": 1.0})
    model = model_of({"rate_per_day": 0.001}, measures=[patrols], days=84, step_days=7)
    found = np.log(np.array(start(model, expected=True).rates("go")) / 0.001)
    assert found == pytest.approx([0] * 2 + [1] * 4 + [0] * 6, abs=1e-12)


def test_with_steps_of_six_hours_a_change_begins_with_its_day():
    patrols = measure("patrols", 2, 3, {"transition": "go", "effect": 1.0})
    walk = start(model_of({"rate_per_day": 0.1}, measures=[patrols], days=5, step_days=0.25), expected=True)
    assert walk.rates("go") == pytest.approx([0.1] * 8 + [0.1 * exp(1)] * 8 + [0.1] * 4, rel=1e-14)


# --- choice of a destination ---


def fork(choice, measures=(), effects=(), **more):
    """People at `start` who can go to three places, 100, 200 and 400 km away."""
    transition = move("go", "waiting", "gone", along="road", rate_per_day=0.1, speed_km_per_day=100.0, choice=choice)
    transition["changed_by"] = list(effects)
    ends = ["near", "middle", "far"]
    return make_model(
        [stay("waiting", initial=here(1000), at={"id": "start"}), stay("gone", at={"id": ends})],
        [transition],
        places=["start", *ends],
        routes=[("start", end, km) for end, km in zip(ends, (100, 200, 400), strict=True)],
        measures=list(measures),
        **more,
    )


def rates_to(model, *ends):
    walk = start(model, expected=True).on()
    return [walk.rate("go", to=end) for end in ends]


def test_without_terms_of_choice_a_rate_divides_evenly_and_does_not_grow_with_the_destinations():
    assert rates_to(fork([]), "near", "middle", "far") == pytest.approx([0.1 / 3] * 3, rel=1e-14)


def test_a_season_of_the_destination_has_the_effect_of_the_place_entered():
    seasons = {"harvest": {"months": months_with(jan=1.0)}}
    effect = {"by": "place", "values": {"near": 0.5, "middle": -0.2, "far": 0.0}}
    term = {"season": "harvest", "effect": effect}
    model = fork([], effects=[{**term, "of": "destination"}], seasons=seasons)
    assert rates_to(model, "near", "middle", "far") == pytest.approx([0.1 / 3 * exp(x) for x in (0.5, -0.2, 0.0)], rel=1e-14)
    # in a choice the destination is looked at unless told otherwise, and the rate of leaving stays as it is
    weights = [exp(x) for x in (0.5, -0.2, 0.0)]
    found = rates_to(fork([term], seasons=seasons), "near", "middle", "far")
    assert found == pytest.approx([0.1 * weight / sum(weights) for weight in weights], rel=1e-14)


def test_a_latent_month_by_place_is_that_of_the_place_that_the_term_looks_at():
    latents = {
        "mood": {
            "by": "place",
            "persistence": 0.5,
            "monthly_sd": {"by": "place", "values": {"near": 0.1, "middle": 0.2, "far": 0.3}},
        }
    }
    network = build_network(fork([{"latent": "mood"}], latents=latents))
    assert [latent.name for latent in network.covariates.latents] == ["mood near", "mood middle", "mood far"]
    spreads = network.quantities.evaluate(np.zeros((1, 0)))[0]
    assert [spreads[latent.monthly_sd_row] for latent in network.covariates.latents] == [0.1, 0.2, 0.3]
    of_origin = {"mood": {"by": "place", "persistence": 0.5, "monthly_sd": 0.1}}
    network = build_network(fork([{"latent": "mood", "of": "origin"}], latents=of_origin))
    assert [latent.name for latent in network.covariates.latents] == ["mood start"]


def test_destinations_are_chosen_by_a_conditional_logit():
    choice = [{"distance": "log", "effect": -1.0}, {"place": {"id": "far"}, "effect": "draw_of_far"}]
    model = fork(choice, parameters={"draw_of_far": fixed(log(6), "log")})
    # weights 1, ½ and ¼ · 6
    assert rates_to(model, "near", "middle", "far") == pytest.approx([0.1 / 3, 0.05 / 3, 0.15 / 3], rel=1e-14)


def test_a_driver_at_the_destination_draws_people_there_from_its_date_on():
    rows = [{"driver": "work", "date": day(0), "place": p, "value": 2.0} for p in ("near", "middle", "far")]
    rows += [{"driver": "work", "date": day(1), "place": "far", "value": 4.0}]
    walk = start(fork([{"driver": "work", "effect": 2.0}], drivers=rows), expected=True)
    assert [walk.on().rate("go", to="far") for _ in range(2)] == pytest.approx([0.1 / 3, 0.1 * 4 / 6], rel=1e-14)


def test_who_finds_a_destination_closed_goes_to_the_others():
    closed = measure("closed", 0, 0, {"closes": "go", "into": {"id": "near"}})
    walk = start(fork([{"distance": "log", "effect": -1.0}], [closed]), expected=True).on()
    assert [walk.rate("go", to=end) for end in ("near", "middle", "far")] == pytest.approx([0, 0.2 / 3, 0.1 / 3], rel=1e-14)
    assert walk.on().rate("go", to="near") == pytest.approx(0.4 / 7, rel=1e-14)


def test_a_term_of_one_destination_changes_the_rate_to_it_and_no_other():
    model = fork([], effects=[{"place": {"id": "far"}, "of": "destination", "effect": 1.0}])
    assert rates_to(model, "near", "middle", "far") == pytest.approx([0.1 / 3, 0.1 / 3, 0.1 / 3 * exp(1)], rel=1e-14)


# --- open and closed ---


def test_a_transition_only_when_opened_is_open_while_a_measure_opens_it():
    opening = measure("opening", 3, 5, {"opens": "go"})
    walk = start(model_of({"rate_per_day": 0.1, "only_when_opened": True}, measures=[opening], days=8), expected=True)
    assert walk.rates("go") == pytest.approx([0, 0, 0, 0.1, 0.1, 0.1, 0, 0], abs=1e-15)


def test_a_measure_that_closes_wins_over_one_that_opens():
    both = [measure("opening", 1, 5, {"opens": "go"}), measure("closing", 4, 6, {"closes": "go"})]
    walk = start(model_of({"rate_per_day": 0.1, "only_when_opened": True}, measures=both, days=8), expected=True)
    assert [rate > 0 for rate in walk.rates("go")] == [False, True, True, True, False, False, False, False]


def test_a_transition_that_nothing_opens_carries_nobody():
    model = model_of({"rate_per_day": 5.0, "only_when_opened": True}, outputs={"gone": flow("go")})
    assert start(model).to_the_end().output("gone").sum() == 0
