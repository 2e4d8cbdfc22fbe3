"""Does a person who reads only the first screen of a forecast, on a phone too, see what comes, how sure that is and what to plan for?"""

import datetime as dt

import pytest
from backtesting import years_study

from corredor.learn.fit import fit
from corredor.learn.forecast import forecast, forecast_end
from corredor.pages.forecast.page import render_forecast

AS_OF = dt.date(2020, 1, 12)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    model = years_study(36)
    fitted = fit(model.as_known_on(AS_OF).until(forecast_end(AS_OF, 3)), as_of=AS_OF, draws=20, iterations=2, seed=1, jobs=1)
    path = tmp_path_factory.mktemp("forecast") / "forecast.html"
    path.write_text(render_forecast(forecast(model, as_of=AS_OF, draws=40, jobs=1, fitted=fitted)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width_px", "dark"), [(1280, False), (390, False), (390, True)])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits_the_screen(visit, page_file, width_px, dark):
    seen = visit(page_file, width_px=width_px, dark=dark)
    assert [address for address in seen.requests if not address.startswith(("file:", "data:"))] == []
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width_px
    assert seen.page.locator("#time svg[role=img]").count() > 0


def test_a_phone_answers_every_question_on_its_first_screen(visit, page_file):
    page = visit(page_file, width_px=390, height_px=844).page
    assert page.locator("h1").inner_text().replace("\n", " ") == "What comes next, Jan 2020 to Mar 2020"
    for question in ("What comes next", "What changes", "How sure", "To plan for", "Out of line"):
        box = page.locator("#headline dt", has_text=question).bounding_box()
        assert box["y"] + box["height"] < 844, question
    answer = page.locator("#headline dd").first.inner_text()
    assert "Mar 2020" in answer and "8 of 10 simulations" in answer


def test_a_place_opens_with_its_table(visit, page_file):
    page = visit(page_file).page
    section = page.locator("#places details").first
    assert section.locator("table tbody tr").count() == 6, "two towns, three months"
    assert section.get_by_role("columnheader", name="above it").is_visible()
