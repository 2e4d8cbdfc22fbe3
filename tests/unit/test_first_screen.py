"""Do the five sentences and the cards of a report say what the numbers of any study say, and decline where there is nothing to say?"""

import json

import numpy as np
import pytest
import xarray as xr
from small_run import many_outputs, monthly_run, small_run, spread
from synthetic_run import synthetic_run

from corredor.pages.report.first_screen.cards import card_table, first_cards
from corredor.pages.report.first_screen.changes import beside, gap, largest_change
from corredor.pages.report.first_screen.monthly import monthly
from corredor.pages.report.first_screen.told import first_screen
from corredor.pages.report.first_screen.unknown import deciding_parameter
from corredor.pages.report.page import render_report
from corredor.pages.report.published import observations
from corredor.results.coverage import last_revisions
from corredor.results.view import read_run

NAN = np.nan
STEADY = [100.0, 100.0, 100.0, 400.0, 400.0, 400.0]


def said(dataset: xr.Dataset) -> dict[str, str]:
    return {sentence.about: sentence.words for sentence in first_screen(read_run(dataset)).sentences}


def cards_of(dataset: xr.Dataset):
    return first_screen(read_run(dataset)).cards


def measure(title: str, from_: str, to: str = "", acts: bool = True) -> dict[str, object]:
    return {
        "id": title.lower(), "title": title, "actor": "A", "kind": "metering", "from": from_, "to": to, "where": "", "dose_means": "",
        "acts_on": ["opens “x”"] if acts else [], "cost_usd_text": "", "agreement": "", "note": "", "source": [],
    }  # fmt: skip


class TestPeak:
    def test_a_published_peak_is_told_with_what_the_model_says_of_it(self):
        words = said(monthly_run({"Stops": {"draws": spread(STEADY), "published": [90, 90, 90, 400, 900, 400]}}))["peak"]
        assert words == "Stops: most in May 2021, 900 published. The model’s 400 (80 %: 340 to 460) misses it."

    def test_a_band_that_holds_the_peak_is_said_to_hold_it(self):
        assert said(monthly_run({"Stops": {"draws": spread(STEADY), "published": [90, 90, 90, 400, 420, 400]}}))["peak"].endswith(
            "holds it."
        )

    def test_without_figures_it_says_how_many_simulations_have_their_peak_then(self):
        draws = np.array([[1, 2, 50], [1, 2, 60], [1, 70, 3], [1, 2, 80]], dtype=float)
        words = said(monthly_run({"Stops": {"draws": draws}}))["peak"]
        assert words.startswith("Stops: most in Mar 2021, 55 a month (80 %:")
        assert "75 % of simulations have their peak then" in words

    def test_the_series_is_the_first_that_was_published_throughout(self):
        outputs = {
            "Departures": {"draws": spread([9 * x for x in STEADY])},
            "Stops": {"draws": spread(STEADY), "published": STEADY},
        }
        assert said(monthly_run(outputs))["peak"].startswith("Stops: ")

    def test_a_single_run_claims_no_band(self):
        dataset = monthly_run({"Stops": {"draws": [STEADY], "published": STEADY}})
        assert "cannot say how sure" in said(dataset)["peak"]
        assert "%" not in said(dataset)["peak"]

    def test_nothing_counted_is_said_to_be_nothing(self):
        assert (
            said(monthly_run({"Stops": {"draws": np.zeros((4, 3))}}))["peak"] == "Stops: none in any month of most simulations."
        )


class TestChange:
    def test_the_means_before_and_after_are_told_with_the_measure_beside(self):
        near, far = measure("Ports closed", "2021-03-20"), measure("Wall", "2021-01-02")
        dataset = monthly_run({"Stops": {"draws": spread(STEADY), "published": STEADY}}, measures=(near, far))
        assert said(dataset)["change"] == (
            "Stops: up from 100 to 400 a month (×4) from Apr 2021 on, as published. "
            "Beside it, not proven its cause: “Ports closed” (20 Mar 2021)."
        )

    def test_a_fall_is_told_in_percent(self):
        assert "down from 400 to 100 a month (−75 %)" in said(monthly_run({"Stops": {"draws": spread(STEADY[::-1])}}))["change"]

    def test_the_end_of_a_measure_counts_too(self):
        ended = measure("Curfew", "2020-06-01", "2021-03-31")
        assert (
            "end of “Curfew” (31 Mar 2021)"
            in said(monthly_run({"Stops": {"draws": spread(STEADY)}}, measures=(ended,)))["change"]
        )

    def test_what_acts_in_the_model_stands_before_what_is_on_record_only(self):
        both = (measure("Speech", "2021-04-01", acts=False), measure("Guards", "2021-03-05"))
        run = read_run(monthly_run({"Stops": {"draws": spread(STEADY)}}, measures=both))
        change = largest_change(run, monthly(run, last_revisions(observations(run)), "Stops"))
        assert [one.title for one in beside(run, change.first_day)] == ["Guards", "Speech"]

    def test_nothing_beside_it_is_said(self):
        dataset = monthly_run({"Stops": {"draws": spread(STEADY)}}, measures=(measure("Wall", "2020-01-02"),))
        assert said(dataset)["change"].endswith("No measure or event on record stands beside it.")
        assert said(monthly_run({"Stops": {"draws": spread(STEADY)}}))["change"].endswith(
            "The study records no measure or event."
        )

    def test_a_published_change_stands_before_a_larger_one_of_the_model(self):
        larger = {"Departures": {"draws": spread([1000.0 * x for x in STEADY])}}
        words = said(monthly_run(larger | {"Stops": {"draws": spread(STEADY), "published": STEADY}}))["change"]
        assert words.startswith("Stops: ")

    def test_a_series_that_stays_as_it_is_has_no_change(self):
        assert said(monthly_run({"Stops": {"draws": np.full((5, 6), 70.0)}}))["change"].startswith("No series")

    def test_larger_numbers_and_larger_factors_weigh_more(self):
        assert gap(100, 1000) > gap(10, 100) > gap(900, 1000) > gap(5, 5) == 0


class TestFailure:
    published = (100.0, 100.0, 100.0, 400.0, 2000.0, 400.0)

    def test_the_largest_miss_is_told_with_its_size(self):
        words = said(monthly_run({"Stops": {"draws": spread(STEADY), "published": self.published}}))["failure"]
        assert words == (
            "Stops, May 2021: 2,000 published, at most 480 expected (95 %). Of 6 published figures 83 % lie in that band; "
            "this series adds up to 48 % of what was published."
        )

    def test_it_is_judged_by_figures_that_the_fit_has_not_seen(self):
        """The seen figures are met; the unseen ones are not, and must not be diluted by them."""
        on = ["2021-02-10", "2021-03-10", "2021-04-10", "2021-05-10", "2021-06-10", "2021-07-10"]
        outputs = {"Stops": {"draws": spread(STEADY), "published": self.published, "published_on": on}}
        dataset = monthly_run(outputs).assign_attrs(
            fitted=1, fitted_as_of="2021-05-31", fitted_draws=5, fitted_method="x", fitted_fingerprint="f"
        )
        words = said(dataset)["failure"]
        assert "Of 2 figures unseen by the fit 50 % lie in that band" in words
        assert "adds up to 33 % of what was published" in words

    def test_a_model_that_misses_nothing_says_so_and_what_it_has_seen(self):
        dataset = monthly_run({"Stops": {"draws": spread(STEADY), "published": STEADY}})
        assert said(dataset)["failure"] == "Nowhere by much: each of the 6 published figures lies inside the 95 % band."
        fitted = dataset.assign_attrs(
            fitted=1, fitted_as_of="2021-12-31", fitted_draws=5, fitted_method="x", fitted_fingerprint="f"
        )
        assert said(fitted)["failure"].endswith("; but its fit has seen them all.")

    def test_without_figures_nothing_has_been_checked(self):
        assert "nothing here has been checked" in said(monthly_run({"Stops": {"draws": spread(STEADY)}}))["failure"]


class TestUnknown:
    def with_parameter(self, follows: bool) -> xr.Dataset:
        dataset = monthly_run(
            {"Stops": {"draws": spread(STEADY), "published": STEADY}, "Hidden": {"draws": spread([9 * x for x in STEADY])}}
        )
        n_draws = dataset.sizes["draw"]
        random = np.random.default_rng(4).permutation(n_draws).astype(float)
        values = np.stack([np.arange(n_draws) if follows else random, np.ones(n_draws)], axis=1)
        model = json.loads(dataset.attrs["model"])
        model["parameters"] = [
            {"name": name, "title": title, "unit": "1", "prior_text": "", "basis": "assumption", "source": [], "note": ""}
            for name, title in (("leave", "Share that leaves"), ("fixed", "Fixed"))
        ]
        made = dataset.assign(parameter_value=(("draw", "parameter"), values)).assign_coords(parameter=["leave", "fixed"])
        return made.assign_attrs(model=json.dumps(model))

    def test_the_assumption_that_decides_most_is_named(self):
        words = said(self.with_parameter(follows=True))["unknown"]
        assert "100 % of the doubt about Stops goes with “Share that leaves”, an assumption." in words

    def test_a_parameter_that_goes_along_by_chance_is_not(self):
        dataset = self.with_parameter(follows=False)
        assert deciding_parameter(read_run(dataset), dataset["Stops"].sum("month").to_numpy()) is None
        assert "doubt" not in said(dataset)["unknown"]

    def test_what_nobody_publishes_is_counted_and_the_least_sure_named(self):
        words = said(self.with_parameter(follows=False))["unknown"]
        assert words == "Nothing was published of 1 of 2 series; least sure: Hidden, 11,300 to 15,700 in all (80 %)."


class TestPlanning:
    def test_a_stock_is_told_with_what_covers_nine_in_ten(self):
        dataset = monthly_run({"People in a shelter": {"draws": spread(STEADY), "side": "protection", "mean": True}})
        assert said(dataset)["planning"] == (
            "People in a shelter: 400 at once in Apr 2021; 460 cover 9 of 10 simulations. "
            "Too few figures were published to say whether that is too many."
        )

    def test_a_model_that_ran_low_asks_to_prepare_for_more(self):
        published = [3 * x for x in STEADY]
        shelter = {"draws": spread(STEADY), "side": "protection", "mean": True, "published": published}
        assert (
            "Prepare for more: of Shelter the model expects 33 % of what was published."
            in said(monthly_run({"Shelter": shelter}))["planning"]
        )

    def test_deaths_are_told_and_never_taken_for_places(self):
        outputs = {
            "Shelter": {"draws": spread(STEADY), "side": "protection", "mean": True},
            "Recorded deaths": {"draws": spread([1000 * x for x in STEADY]), "side": "protection"},
            "Wait": {"draws": spread([20.0] * 6), "side": "protection", "mean": True, "units": "days"},
        }
        words = said(monthly_run(outputs))["planning"]
        assert words.startswith("Shelter: 400 at once")
        assert "waits of 20 days; recorded deaths: 1.5 million (1.26 million to 1.74 million) in all." in words

    def test_a_study_without_protection_says_that_it_is_a_gap(self):
        assert "a gap of the study, not good news" in said(monthly_run({"Stops": {"draws": spread(STEADY)}}))["planning"]


class TestAnyStudy:
    @pytest.mark.parametrize("values", [[[1, 2, 3]], [[0, 0, 0]] * 4, [[3, 3, 3]] * 4, [[1, 20, 300], [5, 6, 7]]])
    def test_five_sentences_are_always_said(self, values):
        sentences = first_screen(read_run(small_run(values))).sentences
        assert [sentence.about for sentence in sentences] == ["peak", "change", "failure", "unknown", "planning"]
        assert all(sentence.words.endswith(".") and "nan" not in sentence.words for sentence in sentences)

    def test_a_full_study_says_them_in_under_three_hundred_words(self):
        sentences = first_screen(read_run(synthetic_run(draws=30))).sentences
        assert sum(len(f"{sentence.label} {sentence.words}".split()) for sentence in sentences) < 260

    def test_the_page_has_them_first(self):
        dataset = monthly_run({"Stops": {"draws": spread(STEADY), "published": STEADY}})
        page, sentences = render_report(dataset), first_screen(read_run(dataset)).sentences
        body = page[page.index("<body") :].replace("\u00a0", " ")
        assert [body.index(sentence.words.split(".")[0]) for sentence in sentences] == sorted(
            body.index(sentence.words.split(".")[0]) for sentence in sentences
        )
        assert body.index(sentences[4].words.split(";")[0]) < body.index('<ul class="cards"')

    def test_parts_that_were_published_throughout_stand_for_an_output(self):
        """Seven of nine sectors were published every month: the peak is told of these, and says so."""
        dataset = synthetic_run(draws=20)
        kept = ~((dataset["observation_output"] == "us_apprehensions") & (dataset["observation_place"] == "ojinaga"))
        run = read_run(dataset.isel(observation=np.flatnonzero(kept.to_numpy())))
        of_parts = monthly(run, last_revisions(observations(run)), "us_apprehensions")
        assert (of_parts.is_published, of_parts.parts) == (True, "8 of 9 places")
        whole = read_run(dataset)
        all_parts = monthly(whole, last_revisions(observations(whole)), "us_apprehensions")
        assert all_parts.parts == "" and (all_parts.draws.sum() > of_parts.draws.sum())


class TestCards:
    def test_control_never_gets_more_cards_than_protection(self):
        cards = first_cards(cards_of(synthetic_run(draws=30)))
        sides = [card.side for card in cards]
        assert sides.count("control") == sides.count("protection") == 2
        one = first_cards(cards_of(many_outputs({"control": 8, "protection": 1})))
        assert [card.side for card in one].count("control") == 1

    def test_a_card_shows_the_median_of_the_simulations(self):
        (card,) = cards_of(small_run([[1, 2, 3], [10, 20, 30], [1000, 2000, 3000]]))
        assert (card.number, card.interval) == ("60", "17 to 4,800")

    def test_a_published_total_outside_the_band_has_a_badge(self):
        outside = monthly_run({"Stops": {"draws": spread(STEADY), "published": [2 * x for x in STEADY]}})
        (card,) = cards_of(outside)
        assert (card.number, card.interval, card.published) == ("1,500", "1,260 to 1,740", "3,000")
        assert card.outside == "published total outside the band: 100 % above the median"
        assert f'<span class="badge outside">{card.outside}</span>' in render_report(outside)
        inside = monthly_run({"Stops": {"draws": spread(STEADY), "published": STEADY}})
        assert cards_of(inside)[0].outside == ""
        assert "badge outside" not in render_report(inside).split("</style>")[1]

    def test_the_largest_change_or_failure_comes_first(self):
        outputs = {
            "Same": {"draws": spread([400.0] * 6)},
            "Changed": {"draws": spread([10.0, 10.0, 10.0, 500.0, 500.0, 500.0])},
            "Missed": {"draws": spread([500.0] * 6), "published": [500.0] * 5 + [90000.0]},
        }
        assert [card.title for card in cards_of(monthly_run(outputs))] == ["Missed", "Changed", "Same"]

    def test_every_series_has_a_row_in_the_table_of_all(self):
        dataset = synthetic_run(draws=10)
        cards = cards_of(dataset)
        assert len(card_table(read_run(dataset), cards).rows) == len(cards) > len(first_cards(cards))
