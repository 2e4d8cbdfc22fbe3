"""Does a reader of a backtest's page see what it says, on a phone and in the dark, without anything from outside?"""

import pytest
from backtesting import FAST, years_study

from corredor.learn.backtest import backtest, headline
from corredor.pages.backtest.page import render_backtest


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    test = backtest(years_study(), origins="2020-05:2020-06", months=2, methods=("corredor", "last_value", "mix"), **FAST)
    path = tmp_path_factory.mktemp("pages") / "backtest.html"
    path.write_text(render_backtest(test, made_up=True), encoding="utf-8")
    return path, headline(test)[0]


@pytest.mark.parametrize(("width_px", "dark"), [(390, False), (390, True), (1300, False), (1300, True)])
def test_words_pictures_and_tables_are_seen_and_nothing_runs_over_the_edge(visit, page, width_px, dark):
    path, first = page
    seen = visit(path, width_px=width_px, dark=dark)
    assert seen.page.locator("#headline > p:not(.quiet)").first.inner_text() == first and "2 origins are too few" in first
    drawn = seen.page.locator("#series svg, #calibration svg").filter(visible=True)
    assert drawn.count() == 3
    for number in range(3):
        box = drawn.nth(number).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width_px + 0.5
    # no text of a picture is cut at its edge
    cut = seen.page.evaluate(
        """() => [...document.querySelectorAll('svg text')].filter(text => {
            const own = text.getBoundingClientRect(), svg = text.closest('svg').getBoundingClientRect();
            return own.width && (own.left < svg.left - 1 || own.right > svg.right + 1);
        }).map(text => text.textContent)"""
    )
    assert cut == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width_px
    assert seen.page.locator("#thresholds table").is_visible()
    assert seen.requests == [path.as_uri()] and seen.complaints == []
