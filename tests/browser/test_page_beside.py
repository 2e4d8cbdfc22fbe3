"""Do the pages of `run`, `compare` and `claims` lead to the page that simulates, and does it open with their numbers?"""

import datetime as dt
import json
import math
import sys
from urllib.parse import parse_qsl

import pytest
from everything import everything, measures
from living_page import finished

from corredor import cli
from corredor.effects.compare.effects import effect_table
from corredor.pages.explore.beside import page_beside
from corredor.pages.explore.study_page import study_page
from corredor.results.netcdf import read_run
from corredor.results.view import Series
from corredor.results.view import read_run as view_of
from corredor.study.schema import Scenario

DRAWS, SEED, REASON = 4, 3, "the figures are made up"
GIVEN = ("two-towns", "--draws", str(DRAWS), "--seed", str(SEED), "--priors-only")
SCENARIO = """\
title: Fewer patrols, more room
change:
  bridge_patrols: {dose: 0.5, from: 2021-02-12, where: "the old bridge"}
fix:
  leaving_rate: 0.0014
"""


def status_of(*words):
    """Exit status of the command."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr(sys, "argv", ["corredor", *map(str, words)])
        cli.main()
    return ended.value.code


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Folders of the three commands, and of a comparison with a scenario file."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    asked = {
        "run": ["run", *GIVEN, "--share"],
        "without": ["compare", *GIVEN, "--without", "bridge_patrols"],
        "scenario": ["compare", *GIVEN, "--scenario", str(folder / "scenario.yaml")],
        "claims": ["claims", *GIVEN],
    }
    for name, words in asked.items():
        assert status_of(*words, "--explore", "--show-small-cells", REASON, "--out", folder / name) == cli.WELL, name
    return folder


def followed(visit, page):
    """The page that simulates, reached by its link in the text of another page."""
    seen = visit(page)
    link = seen.page.locator("p.explore a")
    link.evaluate(
        "(one) => { for (let box = one; box; box = box.parentElement) if (box.tagName === 'DETAILS') box.open = true; }"
    )
    assert seen.page.locator("nav a[href^='explore.html']").inner_text() == "Try it yourself"
    link.click()
    seen.page.wait_for_selector(".progress progress", state="attached")
    assert "/explore.html" in seen.page.url
    return seen


def command_numbers(folder, sign=1):
    """Effects that a comparison wrote; of `--without` they are the study less the scenario, so the other way round."""
    table = effect_table(read_run(folder / "compare.nc"))
    rows = {row["output"]: row for row in table[table["by"] == "total"].to_dict("records")}
    return {name: (row["mean"] * sign, row["without"], row["with"]) for name, row in rows.items()}


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-7)


def test_a_run_leads_to_the_study_as_it_was(visit, made):
    seen = followed(visit, made / "run" / "report.html")
    finished(seen.page, changed=False)
    run = view_of(read_run(made / "run" / "results.nc"))
    first, last = run.first_day, run.last_day
    seen.page.locator('li[data-measure="bridge_patrols"] .switch input').uncheck()
    numbers = finished(seen.page)
    assert len(numbers) >= 8
    for name, row in numbers.items():
        if name in run.outputs and run.unit(name) == "people":
            assert close(row["without"], float(run.window_total(Series(name), first, last).mean())), name
    assert seen.complaints == []


@pytest.mark.parametrize(("name", "sign"), [("without", -1), ("scenario", 1)])
def test_a_comparison_opens_on_its_scenario_with_its_numbers(visit, made, name, sign):
    seen = followed(visit, made / name / "compare.html")
    numbers, command = finished(seen.page), command_numbers(made / name, sign)
    assert seen.page.locator(".trouble").count() == 0
    assert len(numbers) >= 8
    for output, row in numbers.items():
        mean, without, with_ = command[output]
        sides = (without, with_) if sign > 0 else (with_, without)
        assert close(row["mean"], mean) and close(row["without"], sides[0]) and close(row["with"], sides[1]), output
    assert abs(numbers["stopped"]["mean"]) > 5
    yaml = seen.page.locator("#scenario-yaml").inner_text()
    assert "bridge_patrols" in yaml and ("leaving_rate: 0.0014" in yaml) == (name == "scenario")
    assert seen.complaints == [] and all(one.startswith(("file:", "blob:")) for one in seen.requests)


def test_claims_open_on_their_tab_with_their_verdicts(visit, made):
    seen = followed(visit, made / "claims" / "claims.html")
    panel = seen.page.locator("#panel-claims")
    panel.locator("[data-claim]").first.wait_for(state="visible")
    cards = panel.locator("[data-claim]").evaluate_all("(all) => all.map((one) => [one.dataset.claim, one.dataset.verdict])")
    told = json.loads((made / "claims" / "claims.json").read_text(encoding="utf-8"))
    assert dict(cards) == {row["id"]: row["verdict"] for row in told} and len(cards) >= 2
    assert seen.complaints == []


@pytest.mark.parametrize(("name", "file"), [("run", "report.html"), ("without", "compare.html"), ("claims", "claims.html")])
def test_a_phone_shows_the_way_there_without_scrolling_and_tabs_are_told_apart(visit, made, name, file):
    page = visit(made / name / file, width_px=390, height_px=844).page
    link = page.locator("nav").get_by_role("link", name="Try it yourself")
    box = link.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
    title = page.title()
    link.click()
    page.wait_for_url("**/explore.html**")
    assert title != page.title() and "Two towns and a border" in title and "Two towns and a border" in page.title()


def test_the_page_is_named_among_the_files_and_not_passed_on(made):
    for name in ("run", "without", "claims"):
        manifest = json.loads((made / name / "manifest.json").read_text(encoding="utf-8"))
        assert "explore.html" in manifest["files"] and manifest["explore_page"].startswith("explore.html")
        assert REASON in (made / name / "explore.html").read_text(encoding="utf-8")
    shared = made / "run" / "share"
    assert not (shared / "explore.html").exists()
    text = (shared / "report.html").read_text(encoding="utf-8")
    assert "explore.html" not in text and "<code>corredor explore two-towns --seed 3</code>" in text


def test_a_page_written_anew_elsewhere_links_to_nothing(made, tmp_path):
    assert status_of("report", made / "run", "--out", tmp_path / "again.html") == cli.WELL
    text = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert "explore.html" not in text and "<code>corredor explore two-towns" in text
    assert status_of("report", made / "without") == cli.WELL
    assert 'href="explore.html#off=bridge_patrols"' in (made / "without" / "compare.html").read_text(encoding="utf-8")


def test_what_a_browser_cannot_do_is_refused_before_the_draws(capsys):
    for words in (["run", *GIVEN, "--expected"], ["claims", "two-towns", "--draws", "5000"]):
        assert status_of(*words, "--explore") == cli.USAGE
        assert "try:" in capsys.readouterr().err


MORE_ROOM = {"id": "hall", "title": "t", "actor": "a", "kind": "shelter", "from": dt.date(2021, 1, 15), "where": "w"}
SAID = [
    ({"off": ["patrols"]}, [("off", "patrols")]),
    ({"change": {"patrols": {"dose": 1.6, "to": dt.date(2021, 2, 20)}}}, [("to.patrols", "2021-02-20"), ("dose.patrols", "1.6")]),
    ({"change": {"more_beds": {"at": {"id": ["west_town"]}}}}, [("at.more_beds", "west_town")]),
    (
        {"add": [MORE_ROOM | {"acts_on": [{"capacity": "hall", "set": 40, "at": {"id": "west_town"}}]}]},
        [("add.capacity.hall.west_town", "40~2021-01-15")],
    ),
]
UNSAID = [
    {"off": ["more_beds"], "change": {"patrols": {"into": {"id": ["east_town"]}}}},
    {"change": {"patrols": {"cost": {"usd": 5.0}}}},
    {"add": [MORE_ROOM | {"acts_on": [{"capacity": "hall", "multiply": 2.0}]}]},
]


@pytest.fixture(scope="module")
def model():
    return everything(measures=measures("east"))


@pytest.mark.parametrize(("changes", "parts"), SAID)
def test_a_scenario_becomes_the_link_that_the_page_reads(visit, model, tmp_path, changes, parts):
    scenario = Scenario.model_validate({"title": "t", **changes})
    beside = page_beside(model, *study_page(model, None, 2, SEED, small_shown_because=REASON), scenario)
    assert parse_qsl(beside.link.partition("#")[2]) == parts
    (tmp_path / "explore.html").write_text(beside.html, encoding="utf-8")
    page = visit(tmp_path / "explore.html").page
    page.goto(page.url + "#" + beside.link.partition("#")[2])
    page.reload()
    finished(page)
    assert page.locator(".trouble").count() == 0


@pytest.mark.parametrize("changes", UNSAID)
def test_a_scenario_that_no_reader_can_make_is_not_in_the_link(model, changes):
    scenario = Scenario.model_validate({"title": "t", **changes})
    assert page_beside(model, *study_page(model, None, 2, SEED), scenario).link == "explore.html"
