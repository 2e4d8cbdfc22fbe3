"""netCDF files that the library below never comes to the end of, or that say they hold more than any machine: refused, in time."""

from pathlib import Path

import h5py
import pytest

from corredor import simulate
from corredor.engine import netcdf_apart
from corredor.engine.fitted import read_fitted
from corredor.engine.netcdf_file import read_checked
from corredor.results.netcdf import write_dataset
from corredor.study.catalogue import bundled_studies
from corredor.study.problems import StudyError

ENDLESS = Path(__file__).parents[1] / "found_by_fuzzing" / "fitted.nc" / "endless.nc"


def test_a_file_whose_reading_never_ends_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(netcdf_apart, "LONGEST_SECONDS", 3)
    with pytest.raises(ValueError, match="cannot be read to its end"):
        read_checked(ENDLESS)
    with pytest.raises(StudyError) as raised:
        read_fitted(ENDLESS)
    assert "cannot be read to its end" in raised.value.problems[0].found


def test_a_file_of_a_few_kb_that_says_it_holds_any_number_of_cells_is_refused(tmp_path):
    path = tmp_path / "results.nc"
    with h5py.File(path, "w") as file:
        file.create_dataset("arrivals", shape=(10**11,), dtype="f8", chunks=(1000,))
    assert path.stat().st_size < 10_000
    with pytest.raises(ValueError, match="within the time and memory"):
        read_checked(path)


def test_what_is_read_well_is_read_and_files_of_the_package_need_no_try(monkeypatch, tmp_path):
    dataset = simulate("two-towns", draws=2)
    write_dataset(dataset, tmp_path / "results.nc")
    assert read_checked(tmp_path / "results.nc").identical(dataset)
    monkeypatch.setattr(netcdf_apart, "run_apart", lambda *given: None)
    with pytest.raises(ValueError, match="cannot be read to its end"):
        read_checked(tmp_path / "results.nc")
    assert read_fitted(bundled_studies()["mexico-2018"] / "fitted.nc").n_draws > 0
