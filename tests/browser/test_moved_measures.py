"""Does the page move measures to other places with the numbers of the command, in every form that a scenario file has for it?"""

import numpy as np
import pytest
from builders import measure
from everything import everything, measures
from living_page import MADE_UP, SIDEWAYS, finished, go_to, same
from scripts import ROOT

from corredor.effects.compare import compare
from corredor.effects.compare.effects import effect_table
from corredor.pages.explore.page import write_explore
from corredor.study.scenario import load_scenario

DRAWS, SEED = 8, 2

TWO_PARTS = {
    "acts_on": [
        {"transition": "find a bed", "effect": {"by": "kind", "values": {"adult": -0.7}, "otherwise": "patrols"}},
        {"transition": "give up", "effect": 0.9, "lag_days": 3.0, "at": {"id": ["east_town", "west_town"]}},
        {"capacity": "hall", "set": 40.0, "at": {"id": "west_town"}},
    ]
}


@pytest.fixture(scope="module")
def model():
    doors_shut = measure("doors_shut", 20, 60, TWO_PARTS["acts_on"][0])
    return everything(measures=[*measures("east"), doors_shut | TWO_PARTS])


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    return write_explore(tmp_path_factory.mktemp("moved") / "page.html", model, None, DRAWS, SEED, small_shown_because=MADE_UP)


def numbers_of_the_command(model, yaml, folder):
    file = folder / "scenario.yaml"
    file.write_text(yaml, encoding="utf-8")
    table = effect_table(compare(model, scenario=load_scenario(file, model), draws=DRAWS, seed=SEED))
    return {row["output"]: row for row in table[table["by"] == "total"].to_dict("records")}


def opened(page, name):
    """The row of a measure with its details open."""
    go_to(page, "measures")
    row = page.locator(f'li[data-measure="{name}"]')
    row.locator("summary").click()
    return row


def tick(row, place, part=0):
    row.locator(f'fieldset[data-part="{part}"] input[value="{place}"]').click()


@pytest.mark.parametrize(
    ("name", "ticked", "line"),
    [
        ("patrols", ["west_bridge", "east_bridge"], "at: {id: [west_bridge]}"),
        ("more_beds", ["west_town", "west_other_town"], "at: {id: [east_town, west_town, west_other_town]}"),
        ("slow_line", ["east_other_town", "east_town"], "at: {id: [east_other_town]}"),
        ("office", ["west_town", "east_town"], "at: {id: [west_town]}"),
        ("fence_shut", ["west_other_town"], "at: {id: [east_town, west_other_town]}"),
    ],
)
def test_a_measure_that_is_moved_gives_the_numbers_of_the_command(visit, path, model, tmp_path, name, ticked, line):
    seen = visit(path)
    finished(seen.page, changed=False)
    row = opened(seen.page, name)
    for place in ticked:
        tick(row, place)
    numbers = finished(seen.page)
    yaml = seen.page.locator("#scenario-yaml").inner_text()
    assert line in yaml
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path)) == []
    assert np.abs([one["mean"] for one in numbers.values() if one["mean"] is not None]).max() > 1
    assert seen.complaints == []


def test_actions_with_places_of_their_own_are_moved_apart(visit, path, model, tmp_path):
    seen = visit(path)
    finished(seen.page, changed=False)
    row = opened(seen.page, "doors_shut")
    assert row.locator("fieldset").count() == 3
    tick(row, "east_town", part=0)
    tick(row, "west_town", part=1)
    tick(row, "east_other_town", part=1)
    tick(row, "west_town", part=2)
    box = row.get_by_label("From", exact=True)
    box.fill("2021-01-12")
    box.press("Enter")
    numbers = finished(seen.page)
    yaml = seen.page.locator("#scenario-yaml").inner_text()
    assert yaml.count("transition:") == 2 and "capacity:" not in yaml and 'transition: "give up", effect: 0.9' in yaml
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path)) == []
    assert seen.complaints == []


def test_a_place_that_is_wrong_would_be_seen(visit, path, model, tmp_path):
    page = visit(path).page
    finished(page, changed=False)
    tick(opened(page, "more_beds"), "east_other_town")
    numbers = finished(page)
    yaml = page.locator("#scenario-yaml").inner_text().replace("east_other_town", "west_town")
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path))


def test_a_dose_goes_along_to_other_places(visit, path, model, tmp_path):
    page = visit(path).page
    finished(page, changed=False)
    row = opened(page, "patrols")
    box = row.get_by_label("Dose", exact=True)
    box.fill("1.6")
    box.press("Enter")
    tick(row, "west_bridge")
    numbers = finished(page)
    yaml = page.locator("#scenario-yaml").inner_text()
    assert "dose: 1.6" in yaml and "west_bridge" in yaml
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path)) == []


def test_a_link_carries_places_and_undo_brings_them_back(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    row = opened(page, "doors_shut")
    tick(row, "west_town", part=2)
    tick(row, "west_town", part=1)
    numbers = finished(page)
    assert "at.doors_shut=" in page.url and row.get_by_role("button", name="Its own places").is_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    finished(page, changed=False)
    assert "at." not in page.url
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Redo").click()
    assert finished(page) == numbers
    again = visit(path).page
    again.goto(page.url)
    again.reload()
    assert finished(again) == numbers
    row = again.locator('li[data-measure="doors_shut"]')
    assert not row.locator('fieldset[data-part="2"] input[value="west_town"]').is_checked()
    assert [box.get_attribute("value") for box in row.locator('fieldset[data-part="1"] input:checked').all()] == ["east_town"]


def test_a_link_with_places_that_cannot_be_says_so(visit, path):
    page = visit(path).page
    parts = [
        "at.patrols=east_town",
        "at.patrols=",
        "at.other_road=east_bridge",
        "at.more_beds=west_town",
        "at.office=east_town*west_town",
    ]
    page.goto(page.url.split("#")[0] + "#" + "&".join(parts))
    page.reload()
    finished(page)
    trouble = page.locator(".trouble").inner_text()
    assert all(name in trouble for name in ("at.patrols=east_town", "at.other_road", "at.office")) and "more_beds" not in trouble
    assert "more_beds" in page.locator("#scenario-yaml").inner_text()


def test_the_last_place_stays_and_a_measure_of_one_place_says_so(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    row = opened(page, "more_beds")
    box = row.get_by_role("checkbox", name="east_town", exact=True)
    assert row.get_by_text("It must act somewhere").is_visible()
    box.click()
    assert box.is_checked() and "at." not in page.url
    assert opened(page, "other_road").get_by_text("It can act in east_bridge alone.").is_visible()


def test_places_can_be_ticked_with_the_keyboard_and_are_named(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    row = opened(page, "more_beds")
    group = row.get_by_role("group", name="Places where it acts")
    group.get_by_role("checkbox", name="west_town", exact=True).focus()
    page.keyboard.press("Space")
    finished(page)
    assert "moved: east_town; west_town" in row.locator(".switch").inner_text()
    assert page.evaluate("document.activeElement.value") == "west_town"
    page.get_by_role("button", name="Cambiar a español").click()
    assert row.get_by_role("group", name="Lugares donde actúa").is_visible()
    row.get_by_role("button", name="Sus propios lugares").click()
    finished(page, changed=False)
    assert "at." not in page.url


def test_a_measure_taken_away_cannot_be_moved(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    row = opened(page, "more_beds")
    row.locator(".switch input").uncheck()
    assert all(box.is_disabled() for box in row.locator("fieldset input").all())


def test_axe_finds_nothing_in_lists_of_places(browser, path):
    axe = ROOT / "web" / "explore" / "node_modules" / "axe-core" / "axe.min.js"
    assert axe.exists(), "the npm packages of web/explore are missing: `make browser` installs them"
    # the page allows no script but its own, so for axe its policy is set aside
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri() + "#at.doors_shut=east_town*east_town*&at.more_beds=west_town&tab=measures")
    finished(page)
    page.add_script_tag(path=axe)
    page.evaluate("document.querySelectorAll('#measures details').forEach((box) => { box.open = true; })")
    found = page.evaluate("axe.run('#measures')")
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 10


@pytest.mark.parametrize("width_px", [390, 1300])
def test_many_places_fit(visit, path, width_px):
    page = visit(path, width_px=width_px).page
    finished(page, changed=False)
    for name in ("doors_shut", "more_beds", "patrols"):
        opened(page, name)
    assert page.evaluate(SIDEWAYS) == 0
    assert page.locator("fieldset:visible").count() == 5
