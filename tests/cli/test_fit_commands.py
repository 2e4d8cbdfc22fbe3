"""Do fit, forecast and a run with a fit do what their help says, with the exit status and on the stream that they should?"""

import json
from dataclasses import replace

import pytest
from builders import day, uncertain, write_study
from known_truth import corridor, data_sets

from corredor import cli
from corredor.cli.saying import Progress
from corredor.engine.fitted import read_fitted
from corredor.results.netcdf import read_run
from corredor.study.model import load_study
from corredor.study.schema import Parameter


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path / "corridor", data_sets(corridor(), 1, seed=3)[0][0])


FIT = ("--draws", 30, "--iterations", 2)


def test_fit_writes_draws_a_page_and_what_it_learned(here, study, tmp_path):
    done = here("fit", "corridor", *FIT)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "runs" / "corridor-fit"
    assert sorted(path.name for path in folder.iterdir()) == ["fit.html", "fit.json", "fitted.nc"]
    assert read_fitted(folder / "fitted.nc").n_draws == 30
    page = (folder / "fit.html").read_text()
    assert "Assumed, not learned" in page and "<svg" in page
    assert "http://" not in page and "https://" not in page
    told = json.loads((folder / "fit.json").read_text())
    assert told["diagnostics"]["misfits"] and told["command"].startswith("corredor fit")
    assert "leaving" in done.stdout and "What the figures taught" in done.stdout
    assert "report:" in done.stderr and "misfit" in done.stderr


def test_fit_prints_json_and_nothing_else(here, study):
    done = here("fit", "corridor", *FIT, "--json")
    told = json.loads(done.stdout)
    names = [row["name"] for row in told["diagnostics"]["parameters"]]
    assert names == ["leaving", "effect", "stopping", "arriving", "seen"]
    assert all({"prior", "posterior", "contraction", "learned"} <= row.keys() for row in told["diagnostics"]["parameters"])


def test_sensitivity_uses_the_fit_of_the_folder_and_says_so(here, study, tmp_path):
    here("fit", "corridor", *FIT, "--out", "fit")
    (tmp_path / "fit" / "fitted.nc").rename(study / "fitted.nc")
    asked = (
        "sensitivity",
        "corridor",
        "--output",
        next(iter(load_study(study).study.outputs)),
        "--method",
        "morris",
        "--size",
        2,
    )
    done = here(*asked)
    assert done.returncode == 0, done.stderr
    assert "fitted to the figures published by 2021-05-05 (30 draws)" in done.stderr and done.stdout.startswith(
        "Over the fitted draws"
    )
    told, priors = (json.loads(here(*asked, *more, "--json").stdout) for more in ((), ("--priors-only",)))
    assert (told["draws_from"], priors["draws_from"]) == ("fit", "priors") and told["fitted"] and priors["fitted"] is None
    assert told["answer_mean"] != pytest.approx(priors["answer_mean"], rel=1e-3)


def test_a_run_uses_the_fit_of_the_folder_and_says_so(here, study, tmp_path):
    here("fit", "corridor", *FIT, "--out", "fit")
    (tmp_path / "fit" / "fitted.nc").rename(study / "fitted.nc")
    done = here("run", "corridor", "--draws", 4)
    assert done.returncode == 0
    assert "fitted to the figures published by 2021-05-05 (30 draws)" in done.stderr
    run, fitted = read_run(tmp_path / "runs/corridor/results.nc"), read_fitted(study / "fitted.nc")
    assert run.attrs["fitted"] == 1 and run.attrs["fitted_fingerprint"] == fitted.fingerprint
    assert json.loads((tmp_path / "runs/corridor/manifest.json").read_text())["fitted"] == fitted.fingerprint
    assert "fitted to the figures published by 5 May 2021" in (tmp_path / "runs/corridor/report.html").read_text()
    priors = here("run", "corridor", "--draws", 4, "--priors-only", "--out", "priors")
    assert "parameters from their priors" in priors.stderr
    assert read_run(tmp_path / "priors/results.nc").attrs["fitted"] == 0


def test_a_run_says_when_the_study_changed_in_other_ways_since_the_fit(here, study, tmp_path):
    here("fit", "corridor", *FIT, "--out", "fit")
    (tmp_path / "fit" / "fitted.nc").rename(study / "fitted.nc")
    with (study / "observations.csv").open("a") as file:
        file.write("left,,,2021-03-01,2021-03-02,10,,,2021-06-01,final,invented,\n")
    assert "have changed since the fit" in here("run", "corridor", "--draws", 2).stderr


def test_a_stale_fit_stops_a_run_with_a_problem(here, study, tmp_path):
    here("fit", "corridor", *FIT, "--out", "fit")
    more = Parameter.model_validate(uncertain("ratio", uniform={"low": 0.0, "high": 1.0}))
    other = corridor()
    folder = write_study(tmp_path / "other", replace(other, parameters={**other.parameters, "more": more}))
    (tmp_path / "fit" / "fitted.nc").rename(folder / "fitted.nc")
    done = here("run", "other", "--draws", 2)
    assert done.returncode == cli.INVALID
    assert "parameters new since the fit: more" in done.stderr and "try" in done.stderr
    assert not (tmp_path / "runs").exists()
    assert here("run", "other", "--draws", 2, "--priors-only").returncode == 0


def test_a_fit_without_figures_ends_with_a_sentence(here, study):
    done = here("fit", "corridor", "--until", "2021-01-10")
    assert done.returncode == cli.DIAGNOSTIC
    assert "There is nothing to learn from: none of the 12 figures" in done.stderr


def test_a_fit_to_contradictory_figures_ends_with_a_sentence_and_keeps_its_page(here, tmp_path):
    model = corridor()
    wild = tuple(row.model_copy(update={"value": 10.0 ** (1 + 4 * (n % 2))}) for n, row in enumerate(model.observations))
    write_study(tmp_path / "wild", replace(model, observations=wild))
    done = here("fit", "wild", *FIT)
    assert done.returncode == cli.DIAGNOSTIC
    assert "contradict each other or the model" in done.stderr
    assert "This fit should not be used as it is" in (tmp_path / "runs/wild-fit/fit.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--until", "soon"), "must be a date as 2018-11-30"),
        (("--until", "2020-01-01"), "before the study begins"),
        (("--draws", "3"), "must be 10 or more"),
        (("--method", "guess"), "guess"),
    ],
)
def test_a_bad_option_of_fit_is_bad_usage(here, study, arguments, words):
    done = here("fit", "corridor", *arguments)
    assert done.returncode == cli.USAGE
    assert words in done.stderr and "Traceback" not in done.stderr


def test_emcee_says_when_a_study_is_too_large_for_it(here):
    done = here("fit", "mexico-2018", "--method", "emcee", "--as-of", "2018-12-10")
    assert done.returncode == cli.USAGE
    assert "emcee is for at most 40" in done.stderr and "--method smoother" in done.stderr


def test_a_fit_that_is_stopped_leaves_nothing_and_says_so(monkeypatch, here, study, tmp_path):
    show = Progress.show

    def stop(self, done, of):
        show(self, done, of)
        if done > 100 and self.label == "fitting":
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "show", stop)
    stopped = here("fit", "corridor", *FIT, "--out", "out")
    assert stopped.returncode == cli.STOPPED and "nothing is kept" in stopped.stderr
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_a_forecast_knows_only_its_day_and_shows_what_came_later(here, study, tmp_path):
    done = here("forecast", "corridor", "--as-of", day(70), "--months", 2, "--draws", 20, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["as_of"] == "2021-03-12"
    assert {row["published"] <= "2021-03-12" for row in told["known"]} == {True}
    assert len(told["known"]) == 6 and len(told["later"]) == 6
    assert any("harvest" in sentence for sentence in told["holds"])
    folder = tmp_path / "runs" / "corridor-forecast-2021-03-12"
    assert read_run(folder / "results.nc").attrs["as_of"] == "2021-03-12"
    page = (folder / "report.html").read_text()
    assert "Forecast as of 12 Mar 2021" in page and "published hollow" in page and "rule now" in page


def test_a_forecast_needs_a_day(here, study):
    done = here("forecast", "corridor")
    assert done.returncode == cli.USAGE and "as-of" in done.stderr
    assert here("forecast", "corridor", "--as-of", "2020-12-01").returncode == cli.USAGE
    early = here("forecast", "corridor", "--as-of", "2021-01-05")
    assert early.returncode == cli.DIAGNOSTIC and "nothing to learn from" in early.stderr
