"""Does a sensitivity analysis find what moves an answer whose variance is known, and does it say how sure it is?"""

import numpy as np
import pytest
from builders import fixed, flow, here, make_model, measure, move, stay, uncertain

from corredor.effects.sensitivity import OTHERS, explained_shares, sensitivity, sensitivity_table
from corredor.engine.fitted import Fitted, ties, uncertain_parameters
from corredor.engine.network import build_network
from corredor.pages.report.sensitivity_page import answer_words, render_sensitivity


def crossings(**parameters):
    """One step: 1,000 × people_share × share people cross in the mean; a third parameter does nothing."""
    return make_model(
        [stay("here", initial=here(1000.0)), stay("there"), stay("elsewhere")],
        [
            move("cross", "here", "there", rate_per_day=["level", "crossing"]),
            move("turn", "there", "elsewhere", rate_per_day="turning"),
        ],
        outputs={"crossed": flow("cross"), "turned": flow("turn")},
        parameters={
            "level": fixed(0.001, "per day"),
            "crossing": uncertain("ratio", uniform={"low": 0.5, "high": 1.5}),
            "turning": uncertain("per day", uniform={"low": 0.01, "high": 0.02}),
            "patrols": uncertain("log", uniform={"low": -0.02, "high": 0.0}),
        }
        | parameters,
        measures=[measure("patrol", 0, None, {"transition": "cross", "effect": "patrols"})],
        days=1,
    )


def test_what_alone_moves_the_answer_has_all_of_its_variance():
    found = sensitivity(crossings(), output="crossed", size=256, jobs=1)
    table = sensitivity_table(found).set_index("parameter")
    assert table.index[0] == "crossing"
    assert table.loc["crossing", "first"] == pytest.approx(1.0, abs=0.05)
    assert table.loc["crossing", "total"] == pytest.approx(1.0, abs=0.05)
    assert table.loc["turning", "total"] == table.loc["turning", "influence"] == 0.0
    assert 0 < table.loc["patrols", "total"] < 0.01
    # 1000 × (1 − exp(−0.001 u)), u uniform between 0.5 and 1.5: nearly a standard deviation of 1/√12
    assert found.attrs["answer_sd"] == pytest.approx(1 / np.sqrt(12), rel=0.03)
    assert table.loc["crossing", "sd_if_known"] < 0.25 * found.attrs["answer_sd"]
    assert table.loc["turning", "sd_if_known"] == pytest.approx(found.attrs["answer_sd"])


def test_the_variance_of_a_product_is_split_as_by_hand():
    """y = ab with a, b uniform on 0.1 … 1.9, each of variance v = 0.27: first order v / (2v + v²) = 0.441, total 1 − 0.441 = 0.559."""
    wide = {
        "level": uncertain("per day", uniform={"low": 0.0001, "high": 0.0019}),
        "crossing": uncertain("ratio", uniform={"low": 0.1, "high": 1.9}),
    }
    model = crossings(**wide, patrols=fixed(0.0, "log"))
    table = sensitivity_table(sensitivity(model, output="crossed", size=1024, jobs=1)).set_index("parameter")
    for name in ("level", "crossing"):
        for index, truth in (("first", 1 / 2.27), ("total", 1.27 / 2.27)):
            assert table.loc[name, index] == pytest.approx(truth, abs=0.04), (name, index)
            assert abs(table.loc[name, index] - truth) <= 2.5 * table.loc[name, f"{index}_error"] + 0.01, (name, index)


def test_the_effect_of_a_measure_hangs_on_its_own_parameter():
    found = sensitivity(crossings(), output="crossed", without=["patrol"], method="morris", size=8, jobs=1)
    assert found.attrs["answer"] == "effect" and found.attrs["answer_mean"] < 0
    assert sensitivity_table(found).iloc[0]["parameter"] == "patrols"


def test_those_that_matter_least_are_taken_together():
    found = sensitivity(crossings(), output="crossed", size=64, most=1, jobs=1)
    table = sensitivity_table(found).set_index("parameter")
    assert np.isfinite(table.loc[OTHERS, "total"]) and table.loc[OTHERS, "total"] < 0.05
    assert np.isnan(table.loc["patrols", "total"]) and np.isfinite(table.loc["patrols", "influence"])


def test_nothing_that_moves_is_no_failure():
    still = crossings(crossing=fixed(1.0, "ratio"), patrols=fixed(0.0, "log"))
    found = sensitivity(still, output="crossed", jobs=1)
    assert found.attrs["answer_sd"] == 0.0
    assert (found["influence"] == 0).all()


def test_an_output_without_a_total_and_a_study_without_doubt_are_refused():
    with pytest.raises(ValueError, match="crosed has no total; there are: crossed"):
        sensitivity(crossings(), output="crosed")
    certain = {"crossing": fixed(1.0, "ratio"), "patrols": fixed(0.0, "log"), "turning": fixed(0.01, "per day")}
    with pytest.raises(ValueError, match="every parameter of the study is fixed"):
        sensitivity(crossings(**certain), output="crossed")


def test_the_seed_is_the_whole_story_and_threads_change_nothing():
    one, same, other = (sensitivity(crossings(), output="crossed", size=16, seed=s, jobs=j) for s, j in ((1, 1), (1, 3), (2, 1)))
    assert one.identical(same)
    assert not one["total"].identical(other["total"])


def fitted_crossings(n: int = 40) -> Fitted:
    """As if figures had said that the crossing is 1.4 ± 0.02, and nothing of the rest."""
    model, random = crossings(), np.random.default_rng(5)
    names = uncertain_parameters(model)
    learned = {"crossing": 1.4 + 0.02 * random.normal(size=n), "turning": random.uniform(0.01, 0.02, n)}
    learned["patrols"] = random.uniform(-0.02, 0.0, n)
    return Fitted(
        model.name, model.hash, model.study.to, model.study.to, "by hand", 1, names, np.stack([learned[name] for name in names], 1), (),
        np.zeros((n, 0, 1)), ties(build_network(model)), {},
    )  # fmt: skip


def test_a_study_with_a_fit_is_answered_from_its_draws():
    """From its priors the mean of a fitted study was 600,000 where its draws say 870,000."""
    fitted = fitted_crossings()
    found = sensitivity(crossings(), output="crossed", size=64, jobs=1, fitted=fitted)
    draws = 1000 * (1 - np.exp(-0.001 * fitted.parameters[:, 0] * np.exp(fitted.parameters[:, 2])))
    assert found.attrs["draws_from"] == "fit"
    assert found.attrs["answer_mean"] == pytest.approx(draws.mean(), rel=1e-6)
    assert found.attrs["answer_sd"] == pytest.approx(draws.std(ddof=1), rel=1e-6)
    assert found.attrs["moved_sd"] == pytest.approx(found.attrs["answer_sd"], rel=0.4)
    priors = sensitivity(crossings(), output="crossed", size=64, jobs=1)
    assert priors.attrs["draws_from"] == "priors" and priors.attrs["answer_mean"] == pytest.approx(0.99, abs=0.03)


def test_what_the_figures_have_settled_moves_the_answer_less():
    """Of the priors the crossing explains nearly all; its draws leave the patrols a share that can be seen."""
    before = sensitivity_table(sensitivity(crossings(), output="crossed", size=64, jobs=1)).set_index("parameter")
    after = sensitivity_table(sensitivity(crossings(), output="crossed", size=64, jobs=1, fitted=fitted_crossings()))
    after = after.set_index("parameter")
    assert before.loc["patrols", "total"] < 0.02 < 0.05 < after.loc["patrols", "total"]
    assert after.loc["crossing", "influence"] < 0.2 * before.loc["crossing", "influence"]


def test_the_page_says_what_the_parameters_were_moved_through():
    fitted = sensitivity(crossings(), output="crossed", size=16, jobs=1, fitted=fitted_crossings())
    assert answer_words(fitted).startswith("Over the fitted draws, the total of it has the mean ")
    assert "moved through the draws fitted to the figures published by" in render_sensitivity(fitted)
    priors = sensitivity(crossings(), output="crossed", size=16, jobs=1)
    assert answer_words(priors).startswith("Over everything that the priors allow")
    assert "moved through their priors" in render_sensitivity(priors)


def test_an_effect_is_told_with_the_name_of_what_was_left_out():
    found = sensitivity("two-towns", output="stopped", without="bridge_patrols", method="morris", size=2, jobs=1)
    assert found.attrs["effect_of"] == "Extra patrols at the bridge"
    assert answer_words(found).startswith(
        "Over everything that the priors allow, the effect of “Extra patrols at the bridge” on it "
    )


def test_parameters_that_the_figures_hold_together_are_told_as_they_move_together():
    """y = a + b with a + b known to ±0.1 and each to ±1: moved alone each has half of a large variance, in the draws neither has much."""
    random = np.random.default_rng(2)
    a = random.normal(size=500)
    b, c = -a + 0.1 * random.normal(size=500), random.normal(size=500)
    shares, errors = explained_shares(np.stack([a, b, c, a + b], axis=1), a + b, 1)
    assert shares[0] < 0.05 and shares[1] < 0.05 and shares[2] < 0.02
    assert shares[3] == pytest.approx(1.0, abs=0.02) and (errors < 0.06).all()


def test_explained_shares_are_those_of_a_known_sum():
    """y = 2a + b + c² with independent standard normals: variances 4, 1 and 2 of 7."""
    a, b, c = np.random.default_rng(4).normal(size=(3, 4000))
    shares, errors = explained_shares(np.stack([a, b, c], axis=1), 2 * a + b + c**2, 1)
    assert shares == pytest.approx([4 / 7, 1 / 7, 2 / 7], abs=0.04)
    assert (np.abs(shares - np.array([4, 1, 2]) / 7) <= 2.5 * errors).all()


def test_what_would_be_left_if_it_were_known_follows_from_the_fitted_draws():
    found = sensitivity(crossings(), output="crossed", size=16, jobs=1, fitted=fitted_crossings(200))
    table = sensitivity_table(found).set_index("parameter")
    assert table.index[0] == "crossing" and 0.6 < table.loc["crossing", "explained"] <= 1
    left = found.attrs["answer_sd"] * np.sqrt(1 - table.loc["crossing", "explained"])
    assert table.loc["crossing", "sd_if_known"] == pytest.approx(left)
    assert "explained" not in sensitivity(crossings(), output="crossed", size=16, jobs=1)


def test_where_the_figures_hold_parameters_together_the_page_says_that_none_explains_it():
    """Two parameters of a product that is known, as a fit leaves them: the answer hardly varies, and with neither of them."""
    model, random = crossings(level=uncertain("per day", uniform={"low": 0.0001, "high": 0.0019})), np.random.default_rng(8)
    names, n = uncertain_parameters(model), 60
    level = random.uniform(0.0007, 0.0018, n)
    learned = {"level": level, "crossing": 0.001 / level, "turning": random.uniform(0.01, 0.02, n), "patrols": np.full(n, -0.01)}
    learned["crossing"] *= np.exp(0.01 * random.normal(size=n))
    fitted = Fitted(
        model.name, model.hash, model.study.to, model.study.to, "by hand", 1, names, np.stack([learned[name] for name in names], 1), (),
        np.zeros((n, 0, 1)), ties(build_network(model)), {},
    )  # fmt: skip
    found = sensitivity(model, output="crossed", size=16, jobs=1, fitted=fitted)
    assert found.attrs["moved_sd"] > 10 * found.attrs["answer_sd"]
    words = answer_words(found)
    assert "No parameter by itself explains a share" in words and "Moved alone through its fitted range" in words
    assert "Share of the variance" in render_sensitivity(found)
