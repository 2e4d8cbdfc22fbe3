"""Does a person see the verdicts: on a phone, on a desk, in the dark, on paper?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from corredor.effects.claims import check_claims
from corredor.pages.artefacts.claims import write_claims
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = "<script>window.hacked = 1</script>"


def page_of(folder: Path, out: Path, curves: bool = False) -> Path:
    model = load_study(folder)
    findings = check_claims(model, draws=20, jobs=1, curves=curves)
    return write_claims(findings, model, model.study.to, out, {"Command": "corredor claims two-towns", "Version": "0"}, {})[
        "claims.html"
    ]


@pytest.fixture(scope="module")
def claims(tmp_path_factory) -> Path:
    return page_of(bundled_studies()["two-towns"], tmp_path_factory.mktemp("claims"))


@pytest.fixture(scope="module")
def with_curves(tmp_path_factory) -> Path:
    return page_of(bundled_studies()["two-towns"], tmp_path_factory.mktemp("curves"), curves=True)


@pytest.mark.parametrize("width_px", [360, 1280])
def test_the_page_asks_for_nothing_complains_of_nothing_and_never_scrolls_sideways(visit, claims, width_px):
    seen = visit(claims, width_px)
    seen.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert seen.requests == [claims.as_uri()]
    assert seen.complaints == []
    assert seen.page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize(("width_px", "height_px"), [(390, 844), (1300, 900)])
def test_the_first_screen_says_how_many_claims_what_held_what_did_not_and_what_cannot_be_told_and_why(
    visit, claims, width_px, height_px
):
    page = visit(claims, width_px, height_px).page
    for words in (
        "Of 4 claims",
        "1 does not hold",
        "1 holds",
        "1 cannot be told",
        "figures cannot separate it from other causes",
    ):
        shown = page.locator("#headline").get_by_text(words).first
        assert shown.is_visible() and shown.bounding_box()["y"] + 10 < height_px, words
    for name in ("more than ever", "patrols began in march"):  # what did not hold, and what held, by name
        assert page.locator(".tally").get_by_text(name).bounding_box()["y"] < height_px
    # cards are ranked: what did not hold comes first
    assert page.locator(".glance .says").first.inner_text() == "Contradicted: 1.9 % below the highest earlier level"


def test_each_claim_has_its_verdict_in_words_and_in_a_shape_of_its_own(visit, claims):
    page = visit(claims).page
    verdicts = [line.inner_text() for line in page.locator(".finding .verdict").all()]
    assert [re.split(r":| \(", verdict)[0] for verdict in verdicts] == [
        "Contradicted",
        "Supported",
        "Cannot tell",
        "Not testable",
    ]
    shapes = {
        text: line.locator("svg").inner_html()
        for text, line in zip(verdicts, page.locator(".finding .verdict").all(), strict=True)
    }
    assert len(set(shapes.values())) == 4
    assert page.get_by_text("The figures of this study are made up.").is_visible()


def test_a_claim_leads_from_the_list_to_its_evidence_sources_and_rule(visit, claims):
    page = visit(claims, 390).page
    page.locator(".glance a", has_text="The extra patrols at the bridge reduced").click()
    section = page.locator("#claim-patrols_reduced_arrivals")
    assert section.is_visible()
    assert section.locator("figure svg[role=img]").locator("visible=true").count() == 2
    assert section.locator(".evidence li", has_text="The published series:").is_visible()
    for words in ("Assumed, not learned", "What would change this"):
        assert section.get_by_role("heading", name=words).is_visible()
    section.locator("a[href='#rule-C8']").click()
    assert page.locator("#rule-C8").bounding_box()["y"] < 900
    section.locator("a[href='#source-1']").first.click()
    assert page.locator("#source-1").inner_text().startswith("The corredor developers")


@pytest.mark.parametrize("width_px", [360, 1280])
def test_text_in_pictures_is_large_enough_to_read(visit, claims, width_px):
    page = visit(claims, width_px).page
    sizes = page.evaluate(
        """[...document.querySelectorAll('figure svg[role=img]')].filter((svg) => svg.checkVisibility())
           .map((svg) => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
    )
    assert len(sizes) == 3
    assert min(sizes) >= 10


@pytest.mark.parametrize("width_px", [390, 1300])
def test_with_curves_the_page_shows_every_choice_and_still_asks_for_nothing(visit, with_curves, width_px):
    seen = visit(with_curves, width_px)
    figure = seen.page.locator(
        "#claim-patrols_reduced_arrivals figure", has_text="Would another choice have said something else?"
    )
    picture = figure.locator("svg[role=img]").locator("visible=true")
    assert picture.count() == 1
    assert picture.locator("circle.found").count() == 3  # the one window that was published whole, three forms that ask no donors
    assert "of 3 choices find a fall" in figure.locator("figcaption").inner_text()
    # nothing is cut off at an edge of the picture
    outside = picture.evaluate(
        """(svg) => [...svg.querySelectorAll('text, circle, path')].filter((part) => {
            const box = part.getBBox(), whole = svg.viewBox.baseVal;
            return box.x < -1 || box.x + box.width > whole.width + 1 || box.y < -1 || box.y + box.height > whole.height + 1;
        }).map((part) => part.textContent)"""
    )
    assert outside == []
    assert (seen.requests, seen.complaints) == ([with_curves.as_uri()], [])
    assert seen.page.evaluate(SIDEWAYS) == 0


def test_dark_is_dark_and_paper_is_white_without_navigation(visit, claims):
    def paper(page) -> float:
        colour = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
        return sum(float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3

    page = visit(claims, dark=True).page
    assert paper(page) < 40
    page.emulate_media(media="print", color_scheme="dark")
    assert paper(page) == 255
    assert not page.locator("nav").is_visible()


def test_hostile_text_stays_text(visit, tmp_path):
    folder = Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path / "study"))
    path = folder / "claims.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Too many people come.", HOSTILE), encoding="utf-8")
    seen = visit(page_of(folder, tmp_path / "out"))
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.get_by_text(HOSTILE).first.is_visible()
