"""Does a person see the report: on a phone, on a desk, in the dark, on paper, with the keyboard alone?"""

import json
from pathlib import Path

import pytest
from synthetic_run import synthetic_run

from corredor.pages.report.page import write_report

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = "<script>window.hacked = 1</script><img src='https://example.org/x.png' onerror='window.hacked = 1'>"


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return write_report(synthetic_run(draws=30, sources=40), tmp_path_factory.mktemp("report") / "report.html")


@pytest.mark.parametrize("width_px", [360, 768, 1280])
def test_the_page_asks_for_nothing_and_complains_of_nothing(visit, report, width_px):
    seen = visit(report, width_px)
    seen.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert seen.requests == [report.as_uri()]
    assert seen.complaints == []


def test_the_page_never_scrolls_sideways(visit, report):
    page = visit(report).page
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    for width_px in (360, 390, 699, 700, 899, 900, 1199, 1200, 1280):
        page.set_viewport_size({"width": width_px, "height": 800})
        assert page.evaluate(SIDEWAYS) == 0, width_px


def test_the_whole_story_is_there_with_its_headings(visit, report):
    page = visit(report).page
    assert page.get_by_role("heading", level=1).inner_text() == "A made-up winter on the road north"
    assert page.locator("details[open]").count() == 0
    headings = [heading.inner_text() for heading in page.get_by_role("heading", level=2).all()]
    assert headings[:4] == [
        "In short",
        "Against the published figures",
        "Where people go",
        "Control and protection, side by side",
    ]
    assert page.get_by_text("The figures of this study are made up.").is_visible()


@pytest.mark.parametrize("width_px", [360, 1280])
def test_every_picture_is_shown_once_and_large_enough_to_read(visit, report, width_px):
    page = visit(report, width_px).page
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    sizes = page.evaluate(
        """[...document.querySelectorAll('figure svg[role=img]')].filter((svg) => svg.checkVisibility())
           .map((svg) => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
    )
    everything = page.locator("figure svg[role=img]").count()
    both = page.locator("figure .wide svg[role=img]").count()
    assert len(sizes) == everything - both
    assert min(sizes) >= 10
    assert max(sizes) <= 17


def test_control_and_protection_stand_beside_each_other_with_equal_width(visit, report):
    page = visit(report).page
    page.locator("#sides summary").first.click()
    control, protection = (page.locator(f"#sides .half.{side}").bounding_box() for side in ("control", "protection"))
    assert control["y"] == protection["y"]
    assert control["width"] == protection["width"]
    assert control["x"] + control["width"] < protection["x"]


def test_a_table_opens_by_keyboard_and_can_be_scrolled_and_copied(visit, report):
    page = visit(report, permissions=("clipboard-read", "clipboard-write")).page
    page.locator("#sides summary").first.focus()
    page.keyboard.press("Enter")
    summary = page.locator("figure#total-returns summary")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.locator("figure#total-returns table")
    assert table.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy table"
    page.keyboard.press("Enter")
    said = page.locator("figure#total-returns .copied")
    page.wait_for_function("document.querySelector('figure#total-returns .copied').textContent !== ''")
    assert said.inner_text() == "Copied; paste it into a spreadsheet."
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert copied[0].split("\t") == ["month", "median", "50 %", "80 %", "95 %", "published"]
    assert len(copied) == 22
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_every_button_copies_the_table_below_it(visit, report):
    page = visit(report, permissions=("clipboard-read", "clipboard-write")).page
    page.locator("#open-all").click()
    page.locator("#headline .copy").click()
    page.wait_for_function("document.querySelector('#headline .copied').textContent !== ''")
    assert page.evaluate("navigator.clipboard.readText()").startswith("series\tside\tmedian")
    tables = page.evaluate(
        "[...document.querySelectorAll('.copy')].map((one) => one.closest('.data')?.querySelectorAll('table').length)"
    )
    assert len(tables) > 5 and set(tables) == {1}


@pytest.mark.parametrize(("works", "says"), [("true", "Copied;"), ("false", "does not allow copying")])
def test_copying_falls_back_and_says_when_it_cannot(visit, report, works, says):
    page = visit(report).page
    page.evaluate(
        f"""Object.defineProperty(navigator, 'clipboard', {{ value: undefined }});
            document.execCommand = () => {works};"""
    )
    page.locator("#measures summary").first.click()
    page.locator("#measures button.copy").first.click()
    page.wait_for_function(f"document.querySelector('#measures .copied').textContent.includes('{says}')")


def test_the_keyboard_reaches_the_text_without_walking_through_the_contents(visit, report):
    page = visit(report).page
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("(link) => document.activeElement === link")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width_px", [360, 1280])
def test_the_contents_lead_to_every_section(visit, report, width_px):
    page = visit(report, width_px).page
    for link in page.locator("nav a").all():
        link.click()
        target = page.locator(link.get_attribute("href"))
        assert target.is_visible()
        assert -5 <= target.bounding_box()["y"] < 900


def test_a_cited_number_leads_to_its_source_also_when_the_list_is_folded(visit, report):
    page = visit(report).page
    assert not page.locator("#source-2").is_visible()
    page.locator("#measures summary").first.click()
    page.locator("#measures a[href='#source-2']").first.click()
    assert page.locator("#source-2").inner_text().startswith("A statistics office, Monthly table number 2")
    assert 0 <= page.locator("#source-2").bounding_box()["y"] < 900


def test_in_the_dark_the_paper_is_dark_and_the_dots_are_light(visit, report, tmp_path):
    def lightness(page, selector: str, what: str) -> float:
        colour = page.locator(selector).first.evaluate(f"(node) => getComputedStyle(node).{what}")
        return sum(float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3

    for dark in (False, True):
        page = visit(report, dark=dark).page
        paper, dot = lightness(page, "body", "backgroundColor"), lightness(page, "circle.published:not(.hollow)", "fill")
        text = lightness(page, "svg text", "fill")
        assert (paper < 40 < 140 < dot) if dark else (paper > 240 > 60 > dot)
        assert abs(paper - text) > 100
        picture = tmp_path / f"{dark}.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 20_000


def test_on_paper_there_is_no_navigation_and_the_assumptions_are_open(visit, report):
    page = visit(report, 700, dark=True).page
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("nav").is_visible()
    assert page.locator("caption", has_text="Parameters from cited figures").is_visible()
    assert page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_hostile_text_stays_text(visit, tmp_path):
    dataset = synthetic_run(draws=2, summary=HOSTILE)
    model = json.loads(dataset.attrs["model"])
    model["places"][0]["name"] = HOSTILE
    path = write_report(dataset.assign_attrs(model=json.dumps(model), title=HOSTILE), tmp_path / "hostile.html")
    seen = visit(path)
    assert seen.page.get_by_role("heading", level=1).inner_text() == HOSTILE
    assert seen.page.evaluate("window.hacked") is None
    assert seen.requests == [path.as_uri()]


def test_what_slips_through_is_stopped_by_the_page_itself(visit, report, tmp_path):
    """A twin with a planted fault: the policy must stop it, and this test must see that it tried."""
    path = tmp_path / "faulty.html"
    planted = "<img src='https://example.org/x.png'><script>window.hacked = 1</script></body>"
    path.write_text(report.read_text(encoding="utf-8").replace("</body>", planted), encoding="utf-8")
    seen = visit(path)
    assert seen.page.evaluate("window.hacked") is None
    assert sum("Content Security Policy" in complaint for complaint in seen.complaints) == 2


@pytest.mark.parametrize(("width_px", "height_px"), [(390, 844), (1300, 900)])
def test_the_first_screen_answers(visit, report, width_px, height_px):
    """Five sentences from the first to the last word on the first screen of a phone and of a desk."""
    page = visit(report, width_px, height_px).page
    answers = page.locator(".answers > div")
    assert [answer.get_attribute("data-about") for answer in answers.all()] == [
        "peak",
        "change",
        "failure",
        "unknown",
        "planning",
    ]
    last = answers.last.bounding_box()
    assert last["y"] + last["height"] <= height_px
    assert page.locator("h1").is_visible()


def test_the_page_opens_folded_and_short_and_everything_can_be_opened(visit, report):
    page = visit(report, 390, 844).page
    count = "document.body.innerText.split(/\\s+/).length"
    folded = page.evaluate(count)
    assert folded < 1200
    assert page.evaluate("document.documentElement.scrollHeight") < 6 * 844
    page.locator("#open-all").click()
    assert page.evaluate(count) > 3 * folded
    assert page.locator("main > section > details:not([open])").count() == 0


def test_the_search_box_finds_what_is_folded_and_opens_it(visit, report):
    page = visit(report, 390, 844).page
    assert not page.locator("figure#total-recognised").is_visible()
    page.locator("#find").fill("recognised refugees")
    first = page.locator("#found button").first
    assert first.inner_text().startswith("Recognised as refugees in Mexico")
    first.click()
    assert page.locator("figure#total-recognised h3").is_visible()
    assert 0 <= page.locator("figure#total-recognised h3").bounding_box()["y"] < 844
    page.locator("#find").fill("zzzz")
    assert page.locator("#found").inner_text() == "Nothing found"
    page.keyboard.press("Escape")
    assert page.locator("#found li").count() == 0


def test_a_card_leads_to_its_figure(visit, report):
    page = visit(report).page
    link = page.locator(".cards a").first
    link.click()
    assert page.locator(link.get_attribute("href")).is_visible()
