"""Does a comparison say first what changed most, in sentences that are sentences, and with numbers that add up?"""

import json
import re

import numpy as np
import pytest
import xarray as xr

from corredor.effects.compare import compare
from corredor.effects.compare.effects import Comparison, Effect, effect_table
from corredor.pages.report.comparison_answer import answer_of
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.report.comparison_words import (
    compared_outputs,
    effect_cells,
    headline,
    ranked,
    relative_words,
    sign_cell,
    sign_words,
    weight,
)
from corredor.results.view import read_run
from corredor.results.wording import Wording


def drawn(level: float, mean: float, sd: float, n: int = 400, unit: str = "people") -> Effect:
    """An effect whose simulations lie about a mean."""
    random = np.random.default_rng(3)
    without = level * np.exp(0.3 * random.normal(size=n))
    return Effect(without + mean + sd * random.normal(size=n), without, unit)


def test_the_difference_of_the_table_is_that_of_its_levels():
    """853,071 without, 872,854 with and a difference of +16,078 were medians; means add up."""
    random = np.random.default_rng(7)
    without = np.exp(13 + 0.4 * random.normal(size=300))
    effect = Effect(without * np.exp(0.02 + 0.05 * random.standard_t(3, size=300)), without, "people")
    assert np.median(effect.with_) - np.median(effect.without) != pytest.approx(np.median(effect.difference), rel=0.1)
    before, after, difference = (float(re.sub(r"[^\d.]", "", cell)) for cell in effect_cells(effect)[:3])
    assert after - before == difference
    assert difference == pytest.approx(effect.means[2], abs=1)


def test_means_are_over_the_draws_that_say_something_in_both_scenarios():
    effect = Effect(np.array([5.0, np.nan, 9.0]), np.array([4.0, 100.0, 7.0]), "days")
    assert effect.means == (5.5, 7.0, 1.5) and effect.relative == pytest.approx(1.5 / 5.5)
    nobody = Effect(np.array([np.nan]), np.array([3.0]), "days")
    assert all(np.isnan(value) for value in nobody.means) and relative_words(nobody) == "–"


def signs(up: int, down: int, n: int = 100, unit: str = "people") -> Effect:
    return Effect(np.array([1.0] * up + [-1.0] * down + [0.0] * (n - up - down)), np.zeros(n), unit)


@pytest.mark.parametrize(
    ("effect", "words", "cell"),
    [
        (signs(37, 44), "either way: fewer in 44 of 100 simulations, more in 37, the same in 19",
         "either way (fewer in 44 %, more in 37 %, the same in 19 %)"),
        (signs(50, 50), "either way: more in 50 of 100 simulations, fewer in 50", "either way (more in 50 %, fewer in 50 %)"),
        (signs(92, 8), "probably more: in 92 of 100 simulations", "probably more, in 92 %"),
        (signs(2, 97), "fewer in 97 of 100 simulations", "fewer in 97 %"),
        (signs(100, 0, unit="days"), "longer in every simulation", "longer in every simulation"),
        (signs(0, 0), "the same in every simulation", "the same in every simulation"),
        (signs(5, 90, unit="USD"), "probably less: in 90 of 100 simulations", "probably less, in 90 %"),
    ],
)  # fmt: skip
def test_signs_in_sentences(effect, words, cell):
    """“unsure: fewer in 44 %” was no sentence."""
    assert sign_words(effect) == words
    assert sign_cell(effect) == cell


@pytest.mark.parametrize(("level", "mean", "words"), [(1000, -209, "−21 %"), (1000, 11, "+1.1 %"), (1e6, 30, "under 0.1 %")])
def test_sizes_beside_the_level(level, mean, words):
    assert relative_words(Effect(np.array([level + mean]), np.array([level]), "people")) == words


def test_large_effects_come_before_small_ones_that_are_surer():
    """−31,379 of 100,000 people let in at ports stood behind −76 and +23, whose sign was a little surer."""
    ports = drawn(100_000, -22_000, 12_000)
    small = drawn(400_000, -76, 20)
    assert max(small.chance_up, small.chance_down) > max(ports.chance_up, ports.chance_down)
    assert weight(ports) > 0 > weight(small), "a thousandth of the level is not for the first screen"


def test_an_effect_that_goes_either_way_is_behind_one_that_does_not():
    assert weight(drawn(1000, 30, 200)) < weight(drawn(1000, 30, 10))


@pytest.fixture(scope="module")
def patrols():
    return compare("two-towns", without=["bridge_patrols"], draws=40, jobs=1)


def outputs_of(dataset: xr.Dataset) -> tuple[Comparison, list[str]]:
    found = Comparison(dataset)
    return found, compared_outputs(found, read_run(dataset.sel(scenario="with")))


def test_cards_tell_only_what_differs_the_most_telling_first(patrols):
    found, outputs = outputs_of(patrols)
    chosen = headline(found, outputs)
    assert "control" in chosen and "protection" in chosen
    for side, changes in chosen.items():
        weights = [weight(found.effect(change.output)) for change in changes]
        assert weights == sorted(weights, reverse=True) and min(weights) > 0, side
        assert all(change.number != "no change" for change in changes)


@pytest.mark.parametrize("differing", [True, False])
def test_deaths_are_on_a_card_whenever_the_study_counts_them(patrols, differing):
    told = [change.output for change in headline(*outputs_of(patrols))["protection"]]
    assert "admissions" not in told, "else this test shows nothing"
    model = json.loads(patrols.attrs["model"])
    model["outputs"]["admissions"]["title"] = "Recorded deaths on the way"
    renamed = patrols.assign_attrs(model=json.dumps(model))
    if not differing:
        renamed["admissions"] = renamed["admissions"].sel(scenario="with", drop=True).expand_dims(scenario=renamed["scenario"])
    cards = headline(*outputs_of(renamed))["protection"]
    assert [card.output for card in cards] == [*told[:3], "admissions"]
    assert (cards[-1].number == "no change") is not differing
    assert '<span class="what">Recorded deaths on the way</span>' in render_comparison(renamed)


def test_a_list_and_its_part_are_one_subject(patrols):
    found, outputs = outputs_of(patrols)
    described = {name: found.model["outputs"][name] for name in found.outputs}
    for changes in headline(found, outputs).values():
        told = [(found.unit(c.output), status) for c in changes for status in described[c.output]["stock"] or []]
        assert len(told) == len(set(told))


def test_csv_page_and_terminal_have_the_mean_difference(patrols):
    found, outputs = outputs_of(patrols)
    table = effect_table(patrols)
    totals = table[table["by"] == "total"].set_index("output")
    np.testing.assert_allclose(totals["with"] - totals["without"], totals["mean"], atol=1e-6)
    page = render_comparison(patrols)
    for side in ("control", "protection"):
        for name in ranked(found, outputs, side):
            assert effect_cells(found.effect(name))[2] in page
            assert totals.loc[name, "relative"] == pytest.approx(found.effect(name).relative, nan_ok=True)


def test_the_first_screen_is_told_in_five_answers(patrols):
    told = answer_of(patrols)
    assert list(told) == ["did", "sure", "instead", "rests_on", "next"] and all(told.values())
    found, outputs = outputs_of(patrols)
    most = headline(found, outputs)["control"][0]
    size = Wording().rounded(abs(found.effect(most.output).means[2]))
    assert told["did"][0].startswith("Control: ") and f"{most.title} {size}" in told["did"][0]
    assert told["did"][1].startswith("Protection: ")
    assert "corredor sensitivity two-towns --output" in told["next"][0] and "--without bridge_patrols" in told["next"][0]
    assert "on judgement" in told["rests_on"][0], "the effect of the patrols is made up"
