"""Is the seed the whole story of a fit? Threads, the file, and runs that use it."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders import day, uncertain, write_study
from known_truth import corridor, data_sets

from corredor._simulate import simulate
from corredor.engine.draws import latent_months, latent_normals
from corredor.engine.fitted import fitted_of, read_fitted, sample_fitted, write_fitted
from corredor.engine.network import build_network
from corredor.engine.network.draft import make_draft
from corredor.learn.fit import fit
from corredor.learn.forecast import forecast
from corredor.study.catalogue import find_study
from corredor.study.model import load_study
from corredor.study.problems import StudyError
from corredor.study.schema import Parameter

SMALL = {"draws": 40, "iterations": 2}


@pytest.fixture(scope="module")
def study():
    return data_sets(corridor(), 1, seed=3)[0][0]


@pytest.fixture(scope="module")
def fitted(study):
    return fit(study, **SMALL, jobs=1)


def assert_same(one, other):
    np.testing.assert_array_equal(one.parameters, other.parameters)
    np.testing.assert_array_equal(one.new_parts, other.new_parts)
    assert one.diagnostics == other.diagnostics
    assert one.fingerprint == other.fingerprint


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads(study, fitted):
    assert_same(fitted, fit(study, **SMALL, jobs=3))


def test_another_seed_gives_other_draws(study, fitted):
    other = fit(study, **SMALL, seed=2, jobs=1)
    assert (other.parameters != fitted.parameters).mean() > 0.9
    assert other.fingerprint != fitted.fingerprint


def test_the_reference_sampler_repeats_too(study):
    one, other = (fit(study, draws=40, iterations=1, method="emcee", jobs=jobs) for jobs in (1, 2))
    assert_same(one, other)
    assert (
        one.method == "emcee" and (fit(study, draws=40, iterations=1, method="emcee", seed=2).parameters != one.parameters).any()
    )


def test_a_fit_reads_back_from_its_file_unchanged(fitted, tmp_path):
    write_fitted(fitted, tmp_path / "fitted.nc")
    assert_same(fitted, again := read_fitted(tmp_path / "fitted.nc"))
    for name in ("study", "study_hash", "until", "as_of", "method", "seed", "parameter_names", "latent_names", "belongs_to"):
        assert getattr(again, name) == getattr(fitted, name), name


def test_a_run_takes_the_rows_of_the_fit_in_turn(study, fitted):
    few = replace(fitted, parameters=fitted.parameters[:3], new_parts=fitted.new_parts[:3])
    run = simulate(study, draws=7, fitted=few, jobs=1)
    names = list(fitted.parameter_names)
    np.testing.assert_array_equal(
        run["parameter_value"].sel(parameter=names).to_numpy(), fitted.parameters[[0, 1, 2, 0, 1, 2, 0]]
    )
    assert run.attrs["fitted"] == 1 and run.attrs["fitted_as_of"] == str(fitted.as_of)
    different = run["left"].isel(draw=0) != run["left"].isel(draw=3)
    assert bool(different.any()), "the same numbers with random numbers of their own"


def test_more_draws_of_a_fitted_run_keep_the_first(study, fitted):
    few, many = (simulate(study, draws=n, fitted=fitted, jobs=1) for n in (5, 9))
    xr.testing.assert_identical(few["left"], many["left"].isel(draw=slice(5)))


def test_months_after_the_fit_have_the_luck_of_an_unfitted_run(study):
    """The fit ends with February; what is drawn new in March and April is what a run from priors draws."""
    early = fit(study, until=day(58), as_of=day(70), **SMALL, jobs=1)
    assert early.new_parts.shape[2] == 2
    network = build_network(study)
    sample = sample_fitted(network, early, 1, 4)
    parts = latent_normals(network, 1, 4)
    parts[:, :, :2] = early.new_parts[:4]
    np.testing.assert_array_equal(sample.latent_months, latent_months(network, sample.values, parts))


def test_the_expected_run_of_a_fit_is_at_its_medians(study, fitted):
    run = simulate(study, expected=True, fitted=fitted, jobs=1)
    values = run["parameter_value"].sel(parameter=list(fitted.parameter_names)).to_numpy()[0]
    np.testing.assert_array_equal(values, np.median(fitted.parameters, axis=0))


def test_a_forecast_does_not_change_when_later_facts_change(study):
    """Figures, measures, events and drivers after the day are not known on it."""
    changed = replace(
        study,
        observations=tuple(
            row.model_copy(update={"value": 1e6}) if row.published > day(70) else row for row in study.observations
        ),
        drivers=tuple(row.model_copy(update={"value": 50.0}) if row.date > day(70) else row for row in study.drivers),
    )
    one, other = (forecast(s, as_of=day(70), months=2, draws=6, jobs=1) for s in (study, changed))
    for name in study.study.outputs:
        xr.testing.assert_equal(one[name], other[name])
    assert one.sizes["month"] == 4 and one.attrs["as_of"] == str(day(70))


def test_a_forecast_reaches_beyond_the_study(study):
    ahead = forecast(study, as_of=day(119), months=3, draws=4, jobs=1)
    assert ahead["month"].to_numpy()[-1] == np.datetime64("2021-07-01")
    assert float(ahead["left"].isel(month=-1).mean()) > 0


def test_the_bundled_fit_belongs_to_its_study_and_saw_nothing_later():
    folder = find_study("mexico-2018")
    model = load_study(folder)
    fitted = fitted_of(folder, build_network(model))
    assert fitted is not None
    assert fitted.as_of == fitted.until == dt.date(2018, 12, 10)
    ends = [dt.date.fromisoformat(figure["to"]) for figure in fitted.diagnostics["figures"]]
    assert len(ends) > 100 and max(ends) <= fitted.as_of
    assert fitted.diagnostics["misfits"][-1] < 2
    assert (folder / "fitted.nc").stat().st_size < 500_000


def test_a_fit_lies_in_a_study_folder_without_changing_the_study(study, fitted, tmp_path):
    folder = write_study(tmp_path / "corridor", study)
    before = load_study(folder)
    assert fitted_of(folder, build_network(before)) is None
    write_fitted(fitted, folder / "fitted.nc")
    assert load_study(folder).hash == before.hash
    assert fitted_of(folder, build_network(before)).fingerprint == fitted.fingerprint


def test_a_run_of_a_fitted_study_builds_its_network_once(study, fitted, tmp_path, monkeypatch):
    """Which takes a quarter of a second for mexico-2018, before the first draw."""
    folder, built = write_study(tmp_path / "corridor", study), []
    write_fitted(fitted, folder / "fitted.nc")
    monkeypatch.setattr("corredor.engine.network.build.make_draft", lambda model: built.append(model) or make_draft(model))
    assert simulate(folder, draws=2, jobs=1).attrs["fitted"] == 1
    assert len(built) == 1


def test_without_a_measure_the_fit_still_belongs_to_the_study():
    folder = find_study("mexico-2018")
    model = load_study(folder)
    scenario = model.without(*[measure.id for measure in model.measures[:5]])
    assert fitted_of(folder, build_network(scenario)) is not None


def test_names_of_unknowns_are_part_of_what_a_fit_belongs_to(study, fitted):
    more = Parameter.model_validate(uncertain("ratio", uniform={"low": 0.0, "high": 1.0}))
    other = replace(study, parameters={**study.parameters, "more": more})
    with pytest.raises(StudyError, match="parameters new since the fit: more"):
        simulate(other, draws=1, fitted=fitted)
