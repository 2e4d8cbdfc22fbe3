"""Does a person see what a measure changed? The page opens offline, on a phone and a desktop, in light and dark."""

import re

import numpy as np
import pytest

from corredor.effects.compare import compare
from corredor.effects.compare.shares import shares
from corredor.effects.sensitivity import sensitivity
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.report.comparison_words import MOST_OF_A_SIDE
from corredor.pages.report.sensitivity_page import render_sensitivity
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

MEASURES = ["humanitarian_cards", "june_surge"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of a comparison with shares, of a small one, and of a sensitivity analysis."""
    folder = tmp_path_factory.mktemp("pages")
    large, small = (load_study(bundled_studies()[name]) for name in ("mexico-2018", "two-towns"))
    texts = {
        "shares": render_comparison(compare(large, without=MEASURES, draws=12), shares(large, without=MEASURES, draws=4)),
        "small": render_comparison(compare(small, without=["bridge_patrols"], draws=20)),
        "sensitivity": render_sensitivity(sensitivity(small, output="stopped", size=16)),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize(("name", "by"), [("shares", "place by place"), ("small", "group by group")])
def test_the_same_flow_is_told_by_what_divides_it(visit, pages, name, by):
    page = visit(pages[name]).page
    assert page.locator("#elsewhere h3").inner_text() == f"The same flow, {by}"
    assert ("went elsewhere" in page.locator("#elsewhere figcaption").inner_text()) == (name == "shares")


@pytest.mark.parametrize("name", ["shares", "small", "sensitivity"])
@pytest.mark.parametrize(("width_px", "dark"), [(1280, False), (390, False), (390, True)])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits_the_screen(visit, pages, name, width_px, dark):
    seen = visit(pages[name], width_px=width_px, dark=dark)
    assert [address for address in seen.requests if not address.startswith(("file:", "data:"))] == []
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width_px
    assert seen.page.locator("svg[role=img]").count() > 0


def test_the_first_screen_tells_control_and_protection_alike(visit, pages):
    page = visit(pages["shares"]).page
    assert page.locator("h1").inner_text() == "What did these 2 measures change together?"
    assert 0 < page.locator("ul.control > li").count() <= MOST_OF_A_SIDE
    assert 0 < page.locator("ul.protection > li").count() <= MOST_OF_A_SIDE
    assert page.locator("#effects .half.control table tbody tr").count() > 3
    assert page.locator("#effects .half.protection table tbody tr").count() > 3


def test_a_phone_shows_what_it_did_how_sure_that_is_and_where_people_are_instead(visit, pages):
    page = visit(pages["shares"], width_px=390, height_px=844).page
    for question in ("What it did", "How sure", "Where people are instead"):
        assert page.locator("#headline dt", has_text=question).bounding_box()["y"] < 844, question


def test_where_people_are_adds_up_for_whoever_adds_it_up(visit, pages):
    """The means of the table behind the picture, as a reader sees them, add up to 0 but for rounding."""
    page = visit(pages["small"]).page
    page.locator("#where-now summary").click()
    cells = page.locator("#where-now tbody tr td:nth-child(3)").all_inner_texts()
    values = [float(re.sub(r"[^\d.-]", "", text.replace("−", "-"))) for text in cells if "<" not in text]
    unknown = sum("<" in text for text in cells)
    assert len(cells) > 3
    assert abs(np.sum(values)) <= 5 * unknown + len(values)


def test_a_table_can_be_copied_and_the_link_to_the_assumptions_leads_there(visit, pages):
    seen = visit(pages["small"], permissions=("clipboard-read", "clipboard-write"))
    page = seen.page
    page.locator(".tables button.copy").first.click()
    page.locator(".copied", has_text=re.compile("Copied|allow")).first.wait_for()
    page.locator("#headline a[href='#assumed']").click()
    assert page.url.endswith("#assumed")
    assert "Effect of the extra patrols" in page.locator("#assumed").inner_text()


def test_the_sensitivity_page_names_what_moves_the_answer(visit, pages):
    page = visit(pages["sensitivity"]).page
    assert "moves it most" in page.locator(".deck").inner_text()
    page.locator("#what-moves summary").click()
    assert page.locator("#what-moves tbody tr").count() > 5


@pytest.mark.parametrize("name", ["shares", "small", "sensitivity"])
def test_on_paper_no_table_is_cut_or_lies_on_another(visit, pages, name):
    """182 mm between the margins of A4 are 688 pixels."""
    page = visit(pages[name], 688).page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    tables = page.evaluate(
        """[...document.querySelectorAll('table')].filter((table) => table.checkVisibility())
           .map((table) => table.getBoundingClientRect().right - table.parentElement.getBoundingClientRect().right)"""
    )
    assert max(tables, default=0) <= 1
