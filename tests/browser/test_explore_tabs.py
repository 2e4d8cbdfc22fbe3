"""What is behind the tabs of the page that simulates: claims, model, data, about, a tour; new measures and drivers beside the command."""

import datetime as dt
import json
import math
import re
import subprocess
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from firefox import firefox
from kernel_elsewhere import EXPLORE
from living_page import MADE_UP, SIDEWAYS, TABS, finished, go_to, same
from scripts import loaded

from corredor.effects.claims import check_claims
from corredor.effects.claims.effect_evidence import SOMEBODY
from corredor.effects.claims.verdicts import EffectEvidence, judge_effect, judge_independence
from corredor.effects.claims.weighing import weigh
from corredor.effects.compare import compare
from corredor.effects.compare.effects import effect_table
from corredor.engine.fitted import study_and_fit
from corredor.pages.explore.data_told import gaps_between
from corredor.pages.explore.page import write_explore
from corredor.study.scenario import apply_scenario, load_scenario
from corredor.study.schema import Scenario

DRAWS, SEED = 20, 1


@pytest.fixture(scope="module")
def model():
    return study_and_fit("two-towns")[0]


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    findings = check_claims(model, draws=DRAWS, seed=SEED)
    folder = tmp_path_factory.mktemp("explore")
    return write_explore(folder / "page.html", model, None, DRAWS, SEED, findings, "studies/my towns", MADE_UP)


def command_numbers(model, yaml, folder):
    file = folder / "scenario.yaml"
    file.write_text(yaml, encoding="utf-8")
    table = effect_table(compare(model, scenario=load_scenario(file, model), draws=DRAWS, seed=SEED))
    return {row["output"]: row for row in table[table["by"] == "total"].to_dict("records")}


def fill(box, text):
    box.fill(text)
    box.press("Enter")


def test_the_keyboard_walks_over_the_tabs(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.locator("#tab-corridor").focus()
    for tab in (*TABS[1:], TABS[0]):
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == f"tab-{tab}"
        assert [panel.get_attribute("id") for panel in page.locator("[role=tabpanel]:visible").all()] == [f"panel-{tab}"]
    page.keyboard.press("End")
    assert page.locator("[role=tab][aria-selected=true]").get_attribute("id") == "tab-about"
    page.keyboard.press("Home")
    assert page.locator("[role=tab][aria-selected=true]").get_attribute("id") == "tab-corridor"
    assert page.locator("[role=tab][tabindex='0']").count() == 1


def test_the_tab_and_the_scenario_share_the_link(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.get_by_role("checkbox").first.uncheck()
    go_to(page, "claims")
    assert "off=bridge_patrols" in page.url and "tab=claims" in page.url
    again = visit(path).page
    again.goto(page.url)
    again.reload()
    finished(again)
    assert again.locator("#panel-claims").is_visible()
    assert not again.locator('li[data-measure="bridge_patrols"] input[type="checkbox"]').is_checked()


def test_new_measures_and_drivers_give_the_numbers_of_the_command(visit, path, model, tmp_path):
    seen = visit(path)
    page = seen.page
    finished(page, changed=False)
    page.locator("#additions select").select_option("capacity.sheltered.north_gate")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    shelter = page.locator('li[data-addition="capacity.sheltered.north_gate"]')
    fill(shelter.get_by_label("people"), "300")
    fill(shelter.get_by_label("From"), "2021-02-10")
    port = page.locator('li[data-addition="served_per_day.port_list.north_gate"]')
    fill(port.get_by_label("People a day"), "12.5")
    fill(port.get_by_label("To"), "2021-05-04")
    driver = page.locator('li[data-driver="harvest"]')
    driver.get_by_role("button", name="−20 %").click()
    fill(driver.get_by_label("From"), "2021-02-03")
    numbers = finished(page)
    yaml = page.locator("#scenario-yaml").inner_text()
    assert "{capacity: sheltered, set: 300, at: {id: north_gate}}" in yaml and "harvest: {times: 0.8, from: 2021-02-03}" in yaml
    assert same(numbers, command_numbers(model, yaml, tmp_path)) == []
    assert numbers["in_shelter"]["mean"] > 10 and numbers["admissions"]["mean"] > 100
    again = visit(path).page
    again.goto(page.url)
    again.reload()
    assert finished(again) == numbers
    assert again.locator(".trouble").count() == 0
    again.locator('li[data-addition="capacity.sheltered.north_gate"]').get_by_role("button", name="Take back").click()
    again.locator('li[data-addition="served_per_day.port_list.north_gate"]').get_by_role("button", name="Take back").click()
    again.locator('li[data-driver="harvest"]').get_by_role("button", name="as it was").click()
    assert finished(again, changed=False)
    assert seen.complaints == []


def test_what_a_link_cannot_mean_is_named(visit, path):
    page = visit(path).page
    page.goto(
        path.as_uri()
        + "#add.capacity.sheltered.nowhere=3&times.harvest=0&add.capacity.sheltered.north_gate=5~2035-01-01&times.harvest=2~2021-02-30"
    )
    page.reload()
    trouble = page.locator(".trouble").inner_text()
    for part in ("nowhere=3", "harvest=0", "2035-01-01", "2021-02-30"):
        assert part in trouble
    assert page.locator("li[data-addition]").count() == 0


def test_each_claim_has_the_verdict_of_the_command(visit, path, model):
    page = visit(path).page
    panel = go_to(page, "claims")
    told = {card.get_attribute("data-claim"): card.get_attribute("data-verdict") for card in panel.locator("article").all()}
    assert told == {finding.claim.id: finding.judgement.verdict for finding in check_claims(model, draws=2)}
    panel.get_by_role("button", name="1 Supported").click()
    assert [card.get_attribute("data-claim") for card in panel.locator("article").all()] == ["patrols_began_in_march"]


@pytest.mark.parametrize("parameter", ["extra_patrols"])
def test_an_assumption_that_is_moved_is_judged_as_python_judges_it(visit, path, model, parameter):
    page = visit(path).page
    finished(page, changed=False)
    card = go_to(page, "claims").locator('article[data-claim="patrols_reduced_arrivals"]')
    card.get_by_role("button", name="See where it flips").click()
    card.locator(f'[data-answered="{DRAWS}"]').wait_for()
    points = json.loads(card.locator("svg[data-points]").get_attribute("data-points"))
    assert len(points) == 7
    for point in points:
        fixed = apply_scenario(model, Scenario(title="moved", fix={parameter: point["value"]}))
        finding = next(one for one in check_claims(fixed, draws=DRAWS, seed=SEED) if one.claim.effect is not None)
        assert math.isclose(point["probability"], finding.judged_by.probability, abs_tol=1e-9)
        assert point["verdict"] == finding.judgement.verdict
        assert math.isclose(100 * math.expm1(point["low"]), finding.low, rel_tol=1e-3, abs_tol=0.05)
    assert len({round(point["middle"], 3) for point in points}) == 7
    assert card.locator(".flip").inner_text().endswith((".", ")"))


def made_up_evidence(number):
    """What the page's rules are given, and the verdict and probability that Python has for the same."""
    rng = np.random.default_rng(number)
    without = rng.uniform(0, 400, 30).round()
    effect = rng.normal(rng.choice([-0.6, -0.1, 0.0, 0.4]), rng.choice([0.0, 0.02, 0.3]), 30)
    with_ = (without * np.exp(effect)).round(3)
    estimate = Normal(float(rng.normal(0, 0.5)), float(rng.uniform(0.02, 0.6))) if rng.random() < 0.7 else None
    sign = float(rng.choice([-1.0, 1.0]))
    claimed = float(sign * rng.choice([0.0, 0.1, 0.4]))
    series = None if estimate is None else int(rng.integers(-1, 2))
    most = None if estimate is None else float(rng.uniform(1, 3))
    learned, own_only, fitted = (bool(rng.random() < share) for share in (0.4, 0.5, 0.5))
    weighed = weigh(np.log(with_ + SOMEBODY) - np.log(without + SOMEBODY), None if fitted else estimate)
    probability = weighed.share_beyond(claimed, sign)
    seen = EffectEvidence(probability, float(np.mean(with_ != without)), learned, series, weighed.apart, most)
    judgement = judge_effect(seen)
    if own_only and not learned:
        judgement = judge_independence(judgement, judge_effect(replace(seen, series=None)), "its source")
    asked = {"lower": sign < 0, "claimed": claimed, "series": series, "most": most, "own_counts_only": own_only}
    asked["estimate"] = None if estimate is None else {"middle": estimate.middle, "error": estimate.standard_error}
    question = [asked, np.column_stack([with_, without]).tolist(), fitted, learned]
    return question, (judgement.verdict, probability, *(weighed.quantile(share) for share in (0.025, 0.5, 0.975)))


class Normal(NamedTuple):
    """A design-based estimate, as far as weighing looks at it."""

    middle: float
    standard_error: float


def test_the_page_judges_as_python_does_whatever_the_evidence(tmp_path):
    questions, answers = zip(*(made_up_evidence(number) for number in range(400)), strict=True)
    (tmp_path / "asked.json").write_text(json.dumps(questions), encoding="utf-8")
    words = f"import {{ judge }} from {json.dumps((EXPLORE / 'simulator.mjs').as_uri())}; import fs from 'node:fs';"
    words += f"const asked = JSON.parse(fs.readFileSync({json.dumps(str(tmp_path / 'asked.json'))}));"
    words += "console.log(JSON.stringify(asked.map((one) => judge(...one))))"
    done = subprocess.run(["node", "--input-type=module", "-e", words], capture_output=True, text=True, timeout=120, check=True)
    for found, (verdict, *numbers) in zip(json.loads(done.stdout), answers, strict=True):
        assert found["verdict"] == verdict
        np.testing.assert_allclose(
            [found[key] for key in ("probability", "low", "middle", "high")], numbers, rtol=1e-9, atol=1e-9
        )
    reached = {verdict for verdict, *_ in answers}
    assert reached == {"supported", "contradicted", "no large effect", "repeats its source", "cannot tell"}


def test_the_data_are_told_series_by_series_and_can_be_copied(visit, path, model):
    page = visit(path, permissions=("clipboard-read", "clipboard-write")).page
    panel = go_to(page, "data")
    assert panel.locator("tr[data-series]").count() == 8
    assert "Sources (1)" in panel.locator("summary").inner_text()
    panel.get_by_role("button", name="Copy table").click()
    panel.get_by_text("Copied").wait_for()
    rows = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert len(rows) == 9 and {len(row) for row in rows} == {12}
    driver = next(row for row in rows if row[1] == "harvest")
    assert driver[4] == "3" and "The corredor developers" in driver[10] and driver[11] == "Apache-2.0"
    panel.get_by_label("Find").fill("arrivals counted")
    assert panel.locator("tr[data-series]").count() == 1


def test_a_table_is_copied_where_the_browser_gives_no_clipboard(visit, path):
    page = visit(path).page
    panel = go_to(page, "data")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('refused')))")
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    panel.get_by_role("button", name="Copy table").click()
    panel.get_by_text("Copied").wait_for()
    assert "harvest" in page.evaluate("window.copied")


def test_gaps_between_figures_are_found():
    day = dt.date.fromisoformat
    january, march = (day("2021-01-01"), day("2021-01-31")), (day("2021-03-01"), day("2021-03-31"))
    assert gaps_between([march, january]) == [(day("2021-02-01"), day("2021-02-28"))]
    assert gaps_between([january, (day("2021-02-01"), day("2021-02-28")), march]) == []
    assert gaps_between([(day("2021-01-15"),) * 2, (day("2021-03-15"),) * 2]) == []


def test_the_picture_of_the_model_leads_to_its_transitions(visit, path, model):
    page = visit(path).page
    panel = go_to(page, "model")
    statuses = {one.from_ for one in model.study.transitions} | {one.to for one in model.study.transitions}
    assert {node.get_attribute("data-status") for node in panel.locator("[data-status]").all()} == statuses
    ways = {(one.from_, one.to) for one in model.study.transitions}
    assert {tuple(way.get_attribute("data-way").split(">")) for way in panel.locator("[data-way]").all()} == ways
    assert panel.locator(".beside .list > li").count() == len(model.study.transitions)
    panel.locator('[data-status="port_list"]').focus()
    page.keyboard.press("Enter")
    names = [one.name for one in model.study.transitions if "port_list" in (one.from_, one.to)]
    panel.locator('[data-status="port_list"][aria-pressed="true"]').wait_for()
    assert panel.locator(".beside .list > li > b").all_inner_texts() == names
    panel.locator('[data-way="port_list>admitted"]').focus()
    page.keyboard.press("Space")
    panel.locator('[data-way="port_list>admitted"][aria-pressed="true"]').wait_for()
    assert panel.locator(".beside .list > li").count() == 1
    panel.get_by_role("button", name="Show all").click()
    panel.get_by_role("button", name="Show all").wait_for(state="detached")
    assert panel.locator(".beside .list > li").count() == len(model.study.transitions)
    assert panel.locator("table tbody tr").count() == len(model.parameters)


def test_boxes_of_the_picture_do_not_lie_on_each_other(visit, path):
    page = visit(path).page
    boxes = [node.bounding_box() for node in go_to(page, "model").locator("[data-status] rect").all()]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            assert beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_the_tour_is_offered_once_walked_by_keyboard_and_found_again(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.get_by_role("button", name="Show me").focus()
    page.keyboard.press("Enter")
    tour = page.get_by_role("dialog", name="Tour of the page")
    tour.wait_for()
    shown = set()
    for step in range(7):
        page.locator(".tour:focus").wait_for()
        assert page.locator(".toured").count() == 1
        assert f"{step + 1} of 7" in tour.inner_text()
        shown.add(page.locator("[role=tab][aria-selected=true]").get_attribute("id"))
        tour.get_by_role("button", name="Done" if step == 6 else "Next").press("Enter")
    assert tour.count() == 0 and len(shown) == 4
    page.reload()
    finished(page, changed=False)
    assert page.get_by_role("button", name="Show me").count() == 0
    go_to(page, "about").get_by_role("button", name="Take the tour").click()
    tour.wait_for()
    page.locator(".tour:focus").wait_for()
    page.keyboard.press("Escape")
    assert tour.count() == 0


def test_the_tour_is_offered_where_the_browser_remembers_nothing(browser, path):
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused'); } })")
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.get_by_role("button", name="Not now").click()
    assert page.get_by_role("button", name="Not now").count() == 0
    finished(page, changed=False)
    context.close()
    assert errors == []


def test_every_tab_speaks_spanish_and_asks_for_nothing(visit, path):
    seen = visit(path, width_px=390)
    page = seen.page
    page.get_by_role("button", name="Cambiar a español").click()
    assert page.locator("[role=tab]").all_inner_texts() == ["Corredor", "Medidas", "Afirmaciones", "Modelo", "Datos", "Acerca de"]
    for tab, words in zip(
        TABS,
        ("Totales", "Una medida nueva", "Lo que se afirma", "transiciones", "Todas las series", "No se afirma|Qué no se afirma"),
        strict=True,
    ):
        panel = go_to(page, tab)
        text = page.locator("main").inner_text() if tab == "measures" else panel.inner_text()
        assert re.search(words, text), tab
        assert page.evaluate(SIDEWAYS) == 0, tab
    assert seen.complaints == []
    assert [request for request in seen.requests if not request.startswith(("file:", "blob:"))] == []


def test_print_shows_what_is_behind_all_tabs(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.wait_for_selector("#panel-about h2", state="attached")
    page.emulate_media(media="print")
    assert page.locator("[role=tabpanel]:visible").count() == len(TABS)
    for words in ("Over time", "What is claimed", "The model", "The data", "What is not claimed"):
        assert page.get_by_role("heading", name=words).first.is_visible()


def test_the_lines_that_reproduce_it_name_the_study_as_it_was_given(visit, path):
    page = visit(path).page
    page.get_by_role("checkbox").first.uncheck()
    finished(page)
    lines = page.locator("#keep pre").all_inner_texts()
    assert lines[1].startswith("corredor compare 'studies/my towns' --scenario scenario.yaml")
    # a fit that lies in the folder is not what this page has drawn from
    assert lines[1].endswith(" --priors-only")
    assert 'corredor.compare("studies/my towns", scenario=' in lines[2]


def test_in_firefox_tabs_and_a_new_measure_work_from_the_file(path, model, tmp_path):
    with firefox(tmp_path / "profile") as opened:
        opened.open(path.as_uri() + "#add.capacity.sheltered.north_gate=300~2021-02-10&times.harvest=0.8")
        opened.wait_for('#results[data-complete="true"]:has(.numbers)')
        rows = opened.run('return [...document.querySelectorAll("tr[data-output]")].map((row) => ({...row.dataset}))')
        yaml = opened.run('return document.getElementById("scenario-yaml").textContent')
        for tab in TABS:
            opened.click(f"#tab-{tab}")
            assert opened.run("return document.querySelector('[role=tabpanel]:not([hidden])').id") == f"panel-{tab}"
    numbers = {row["output"]: json.loads(row["numbers"]) for row in rows}
    assert same(numbers, command_numbers(model, yaml, tmp_path)) == []


def test_memory_stays_flat_over_many_changes(browser, path):
    bench = loaded("benchmarks/bench_page.py")
    page, painted_ms = bench.opened_page(browser, path)
    assert painted_ms > 0
    (answered,) = bench.measure_changes(page, 1, DRAWS)
    assert 0 < answered.first_ms <= answered.all_ms
    memory = bench.measure_memory(page, 40, 4)
    page.context.close()
    assert len(memory) == 10 and all(one.resident_bytes > one.heap_bytes > 1e6 for one in memory)
    assert bench.growth(memory, "heap_bytes") < 0.1, memory
    assert bench.growth(memory, "nodes") < 0.1, memory
