"""Do the common parameters still score on the four published conflicts as docs/VALIDATION.md says? Skipped where these are not here."""

import json
from pathlib import Path

import numpy as np
import pytest

from corredor._simulate import simulate
from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.ensemble import run_draw
from corredor.engine.network import build_network
from corredor.exchange.flee.write import import_flee
from corredor.learn.rolling import forecast_rolling
from corredor.learn.score import score_rolling, score_run
from corredor.study.model import Model

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "peer" / "flee-format"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the published cases are not here (../shared/peer/flee-format)")

FLEE_3 = {"burundi2015": (0.544, 0.534), "car2013": (0.450, 0.425), "mali2012": (0.341, 0.368), "ssudan2013": (0.535, 0.525)}
"""All days, and from day 30 on: Flee 3 as measured for the design (section 8)."""

NAIVE_OF_DAY_30 = {"burundi2015": 0.363, "car2013": 0.922, "mali2012": 0.404, "ssudan2013": 0.826}
"""Shares of day 30 kept, from the same section, worked out by other code: so it says whether counts and score are read alike."""


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> dict[str, Model]:
    folder = tmp_path_factory.mktemp("cases")
    return {case: import_flee(SHARED / case, folder / case)[1] for case in FLEE_3}


@pytest.fixture(scope="module")
def scores(models):
    return {case: score_run(simulate(model, expected=True)) for case, model in models.items()}


@pytest.fixture(scope="module")
def scores_in_hindsight(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hindsight")
    models = {case: import_flee(SHARED / case, folder / case, capacities="folder")[1] for case in FLEE_3}
    return {case: score_run(simulate(model, expected=True)) for case, model in models.items()}


@pytest.fixture(scope="module")
def rolling(models):
    datasets = {case: simulate(model, expected=True) for case, model in models.items()}
    return {
        case: {
            as_published: score_rolling(
                datasets[case], "in_camps", forecast_rolling(model, "in_camps", 30, as_published=as_published)
            )
            for as_published in (False, True)
        }
        for case, model in models.items()
    }


def test_the_naive_score_is_that_of_other_code(scores):
    for case, known in NAIVE_OF_DAY_30.items():
        assert scores[case]["naive"]["ard_rescaled"] == pytest.approx(known, abs=0.01), case


def test_without_hindsight_the_mean_is_at_most_0_3_and_three_cases_beat_flee_with_it(scores):
    found = {case: score["ard_rescaled"] for case, score in scores.items()}
    assert np.mean(list(found.values())) <= 0.3, found
    assert sum(found[case] < FLEE_3[case][0] for case in FLEE_3) >= 3, found


def test_with_hindsight_the_mean_is_at_most_0_2_and_every_case_beats_flee(scores_in_hindsight):
    found = {case: score["ard_rescaled"] for case, score in scores_in_hindsight.items()}
    assert np.mean(list(found.values())) <= 0.2, found
    assert all(found[case] < FLEE_3[case][0] for case in FLEE_3), found


def test_scores_are_those_that_the_fit_wrote_down(scores, scores_in_hindsight):
    fit = json.loads((ROOT / "docs" / "validation" / "fit.json").read_text(encoding="utf-8"))
    for found, written in ((scores, "known_on_the_day"), (scores_in_hindsight, "fitted")):
        assert {case: round(score["ard_rescaled"], 3) for case, score in found.items()} == pytest.approx(fit[written], abs=0.002)


def test_30_days_ahead_the_mean_is_at_most_0_12_and_every_case_beats_flee_and_both_naive_forecasts(rolling):
    found = {case: scores[False] for case, scores in rolling.items()}
    assert np.mean([scores["ard_rescaled"] for scores in found.values()]) <= 0.12
    for case, scores in found.items():
        rivals = [FLEE_3[case][1], *(value["ard_rescaled"] for value in scores["naive"].values())]
        assert scores["ard_rescaled"] < min(rivals), case


def test_the_same_from_counts_as_they_were_published(rolling):
    for case, scores in rolling.items():
        assert scores[True]["ard_rescaled"] < scores[True]["naive"]["shares last known kept"]["ard_rescaled"], case


def test_the_80_percent_bands_hold_70_to_90_percent(rolling):
    inside = {case: scores[False]["band_80"]["inside"] for case, scores in rolling.items()}
    assert all(0.7 <= share <= 0.9 for share in inside.values()) and 0.75 <= np.mean(list(inside.values())) <= 0.85, inside


def test_a_draw_of_mali_makes_few_enough_decisions(models):
    """The speed that DESIGN asks for (108 s / 50,000 = 2.1 ms) is measured by `make validate`; here its cause is kept."""
    network = build_network(models["mali2012"])
    sample = sample_draws(network, sample_parameters(models["mali2012"], 1, 4), 1)
    _, lost, decisions = run_draw(network, sample, 0, 1)
    assert lost == 0 and decisions < 35_000
