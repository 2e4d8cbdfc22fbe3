"""Are the numbers that pages tell of the fit of mexico-2018 those of the fit that lies in its folder?"""

import pytest
from scripts import loaded

from corredor.engine.fitted import NAME, read_fitted


@pytest.fixture(scope="module")
def script():
    return loaded("studies_src/fit_mexico_2018.py")


@pytest.fixture(scope="module")
def fitted(script):
    return read_fitted(script.FOLDER / NAME)


def test_pages_tell_the_numbers_of_the_bundled_fit(script, fitted):
    for page, words in script.sentences(fitted).items():
        assert words in page.read_text(encoding="utf-8"), f"{page.name}: python studies_src/fit_mexico_2018.py"


def test_the_bundled_fit_is_one_that_may_be_used(fitted):
    assert fitted.troubles == [] and fitted.diagnostics["converged"]
    assert fitted.diagnostics["misfits"][-1] < 2
