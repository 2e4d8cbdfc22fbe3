"""Is a fitted.nc that does not belong to its study refused, with what differs and what to do? One row for each difference."""

from dataclasses import replace

import pytest
from builders import day, uncertain, write_study
from known_truth import corridor

from corredor.engine.fitted import NAME, check_fitted, fitted_of, read_fitted, write_fitted
from corredor.engine.network import build_network
from corredor.learn.fit import fit
from corredor.study.model import load_study
from corredor.study.problems import StudyError
from corredor.study.schema import Parameter


@pytest.fixture(scope="module")
def fitted():
    return fit(corridor(), draws=10, iterations=1, jobs=1)


def changed(**parameters):
    study = corridor()
    new = {name: Parameter.model_validate(words) for name, words in parameters.items()}
    return replace(study, parameters={**study.parameters, **new})


def header(**fields):
    study = corridor()
    return replace(study, study=study.study.model_copy(update=fields))


CASES = [
    (changed(leaving=uncertain("per month", lognormal={"median": 0.02, "sigma": 0.5})),
     "parameter leaving: lognormal median 0.02 sigma 0.4, per month at the fit, lognormal median 0.02 sigma 0.5, per month now"),
    (changed(leaving=uncertain("per week", lognormal={"median": 0.02, "sigma": 0.4})), "per month at the fit"),
    (changed(more=uncertain("ratio", uniform={"low": 0.0, "high": 1.0})), "parameters new since the fit: more"),
    (header(from_=day(-31)), "first day 2021-01-01 at the fit, 2020-12-01 now"),
    (header(warm_up_days=60), "warm-up in days 0 at the fit, 60 now"),
]  # fmt: skip


@pytest.mark.parametrize(("study", "found"), CASES)
def test_a_fit_to_another_state_of_the_study_is_refused(fitted, study, found):
    with pytest.raises(StudyError) as refused:
        check_fitted(fitted, build_network(study), "here/fitted.nc")
    (problem,) = refused.value.problems
    assert problem.file == "here/fitted.nc"
    assert found in problem.found
    assert "as it is now" in problem.expected
    assert "corredor fit test" in problem.try_ and "--priors-only" in problem.try_


def test_a_parameter_that_is_gone_is_named(fitted):
    old = replace(fitted, belongs_to={**fitted.belongs_to, "parameters": {**fitted.belongs_to["parameters"], "old": "fixed 1"}})
    with pytest.raises(StudyError, match="parameters gone since the fit: old"):
        check_fitted(old, build_network(corridor()))


def test_other_latent_series_are_named(fitted):
    old = replace(fitted, belongs_to={**fitted.belongs_to, "latents": ["mood", "weather"]})
    with pytest.raises(StudyError, match="latent series mood, weather at the fit, mood now"):
        check_fitted(old, build_network(corridor()))


def test_later_figures_another_end_and_other_measures_do_not_matter(fitted):
    study = corridor()
    check_fitted(fitted, build_network(study))
    check_fitted(fitted, build_network(study.until(day(59))))
    check_fitted(fitted, build_network(study.until(day(300))))
    check_fitted(fitted, build_network(study.as_known_on(day(40))))
    check_fitted(fitted, build_network(replace(study, observations=())))


@pytest.mark.parametrize("content", [b"", b"not netCDF", b"\x89HDF\r\n\x1a\n cut off"])
def test_a_file_that_is_no_fit_is_a_problem(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StudyError) as refused:
        read_fitted(tmp_path / NAME)
    (problem,) = refused.value.problems
    assert problem.file == str(tmp_path / NAME)
    assert "cannot be read as a fit" in problem.found and "delete this file" in problem.try_


def test_a_missing_file_is_a_problem_too(tmp_path):
    with pytest.raises(StudyError, match="no such file"):
        read_fitted(tmp_path / NAME)


def test_a_stale_file_in_the_folder_is_found_there(fitted, tmp_path):
    folder = write_study(tmp_path / "corridor", changed(more=uncertain("ratio", uniform={"low": 0.0, "high": 1.0})))
    write_fitted(fitted, folder / NAME)
    with pytest.raises(StudyError) as refused:
        fitted_of(folder, build_network(load_study(folder)))
    assert refused.value.problems[0].file == str(folder / NAME)
