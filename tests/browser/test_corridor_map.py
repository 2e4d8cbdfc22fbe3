"""Does the map move as time does, and are its numbers, where people are instead and the cards those of the commands?"""

import json
import math
import shutil
import subprocess

import numpy as np
import pytest
from firefox import firefox
from kernel_elsewhere import EXPLORE, SCENARIOS, ask, places_in, scenario_of
from living_page import MADE_UP, SIDEWAYS, finished, go_to
from scripts import ROOT

from corredor.effects.compare import compare
from corredor.effects.compare.diversion import diversion
from corredor.effects.compare.drawn import draw_parameters
from corredor.effects.compare.effects import effect_table
from corredor.effects.compare.money import dollar_table
from corredor.effects.compare.one_dataset import measure_cost_usd
from corredor.effects.compare.scenarios_together import make_scenarios, whereabouts_of
from corredor.engine.arrays import Draw
from corredor.engine.draws import initial_state, make_draw_inputs, make_scratch
from corredor.engine.fitted import study_and_fit
from corredor.engine.kernel import run
from corredor.pages.explore.corridor import with_corridor
from corredor.pages.explore.page import write_explore
from corredor.study.scenario import apply_scenario
from corredor.study.schema import Output, Scenario

PACKAGES = ROOT / "web" / "explore" / "node_modules"
DRAWS, SEED = 20, 1
OFF = "#off=bridge_patrols"

TALLIES = """
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const module = await WebAssembly.compile(bytes(asked.module));
const simulator = new Simulator(module, asked.study, bytes(asked.blob).buffer);
const told = (tally) => ({ ...Object.fromEntries(Object.entries(tally).map(([name, of]) => [name, of && Array.from(of)])) });
simulator.baseline(0);
const answers = [told(simulator.tally(0, null))];
for (const scenario of asked.scenarios) {
  simulator.scenario(0, scenario);
  answers.push(told(simulator.tally(0, scenario)));
}
process.stdout.write(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def model():
    return study_and_fit("two-towns")[0]


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    return write_explore(tmp_path_factory.mktemp("map") / "page.html", model, None, DRAWS, SEED, small_shown_because=MADE_UP)


@pytest.fixture(scope="module")
def pairs(model):
    """The page's comparison, with outputs that count every way and every status as the map does."""
    moves = [transition.name for transition in model.study.transitions if transition.along]
    more = {
        "all_ways": Output(title="t", flow=moves, by=["route"]),
        "list_by_day": Output(title="t", stock="port_list", by=["place"], every="day"),
        "shelter_by_month": Output(title="t", stock="sheltered", by=["place"]),
    }
    study = model.study.model_copy(update={"outputs": {**model.study.outputs, **more}})
    changed = model.__class__(**{**vars(model), "study": study})
    return compare(changed, scenario=Scenario(title="s", off=["bridge_patrols"]), draws=DRAWS, seed=SEED)


@pytest.mark.parametrize("study", ["two-towns", "mediterranean-2015"])
def test_a_tally_is_that_of_a_whole_run_in_python(study, tmp_path):
    """Also of a scenario that goes on from a saved state: months, days, where everybody is at the end, dollars."""
    asked = ask(study, SCENARIOS[study], 1).asked
    script, question = tmp_path / "ask.mjs", tmp_path / "asked.json"
    question.write_text(json.dumps(asked), encoding="utf-8")
    lines = ['import fs from "node:fs";', f"import {{ Simulator }} from {json.dumps((EXPLORE / 'simulator.mjs').as_uri())};"]
    script.write_text("\n".join([*lines, f"const asked = JSON.parse(fs.readFileSync({json.dumps(str(question))}));", TALLIES]))
    node = shutil.which("node") or pytest.fail("no node found: `make browser` installs it")
    done = subprocess.run([node, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    model, fitted = study_and_fit(study)
    models = [model]
    for changed in SCENARIOS[study]:
        models.append(apply_scenario(model, scenario_of(changed, places_in(asked["study"]))))
    together = make_scenarios(models, draw_parameters(model, 1, SEED, fitted=fitted), SEED)
    own_days = None
    for tally, scenario, network, sample in zip(
        json.loads(done.stdout), models, together.networks, together.samples, strict=True
    ):
        corridor = with_corridor(network)
        state, cells = initial_state(network, sample, 0), np.zeros(corridor.n_cells)
        inputs = make_draw_inputs(network, sample, 0, SEED, 0)
        run(Draw(corridor.network.topology, inputs, state, make_scratch(network), cells, False), 0, network.calendar.n_steps)
        (_, first_month, _), (_, first_step, _) = corridor.blocks
        assert np.array_equal(tally["months"], cells[first_month:first_step])
        assert np.array_equal(tally["days"], cells[first_step:].astype(np.float32))
        everybody = whereabouts_of(network, state)
        n_pools = len(network.layout.pools)
        under_way = np.bincount(network.topology.journey_to, weights=everybody[n_pools:], minlength=n_pools)
        assert np.array_equal(tally["end"], np.concatenate([everybody[:n_pools], under_way]))
        costs = [measure_cost_usd(scenario, one, sample.parameters)[0] for one in scenario.measures if one.cost is not None]
        assert np.allclose([usd for usd in tally["usd"] if usd], [usd for usd in costs if usd])
        own_days = own_days or tally["days"]
        assert tally["daysBefore"] in (None, own_days)
    assert tally["days"] != own_days


def ready(page, changed=True):
    finished(page, changed)
    page.wait_for_selector(f'#corridor[data-draws="{DRAWS}"]', timeout=120_000, state="attached")


def scrub(page, period):
    page.locator(".player input").evaluate(
        "(box, at) => { box.value = at; box.dispatchEvent(new Event('input', { bubbles: true })); }", period
    )
    page.wait_for_timeout(60)


def table(page):
    """Row of the map's table → its numbers."""
    rows = page.locator(".date-table tr[data-row]").evaluate_all(
        "(rows) => rows.map((row) => [row.dataset.row, row.dataset.numbers])"
    )
    return {row: json.loads(numbers) for row, numbers in rows}


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-4)


def test_the_map_has_the_numbers_of_the_comparison(visit, path, pairs):
    seen = visit(path)
    seen.page.goto(path.as_uri() + OFF)
    seen.page.reload()
    ready(seen.page)
    seen.page.locator(".date-table summary").click()
    seen.page.wait_for_selector(".date-table tr[data-row]")
    for month in (0, 3, 5):
        scrub(seen.page, month)
        rows = table(seen.page)
        for scenario, key in (("with", "now"), ("without", "before")):
            ways = pairs["all_ways"].sel(scenario=scenario).isel(month=month).mean("draw")
            assert len(ways["route"]) >= 4
            for route in map(str, ways["route"].to_numpy()):
                assert close(rows[route][key], float(ways.sel(route=route)))
            shelter = pairs["shelter_by_month"].sel(scenario=scenario, place="north_gate").isel(month=month).mean("draw")
            assert close(rows["sheltered@north_gate"][key], float(shelter))
    assert rows["mill_town>old_bridge"]["now"] != rows["mill_town>old_bridge"]["before"]
    seen.page.get_by_role("radio", name="by day").check()
    for day in (80, 150):
        scrub(seen.page, day)
        waiting = pairs["list_by_day"].sel(scenario="with", place="north_gate").isel(day=day).mean("draw")
        assert close(table(seen.page)["port_list@north_gate"]["now"], float(waiting))
    assert seen.complaints == []


def test_scrubbing_moves_the_date_the_circles_and_the_lines(visit, path, pairs):
    page = visit(path).page
    ready(page, changed=False)
    first = page.locator("svg.map[data-period]")
    assert first.get_attribute("data-period") == "2021-01-01"

    def people():
        return [float(node.get_attribute("data-people")) for node in page.locator("g.stay[data-site]").all()]

    before = people(), page.locator("g.way[data-link] .line").first.get_attribute("style")
    page.locator(".player input").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    assert first.get_attribute("data-period") == "2021-04-01"
    assert page.locator(".living figcaption").inner_text().startswith("April 2021")
    assert page.locator(".player input").get_attribute("aria-valuetext") == "April 2021"
    assert (people(), page.locator("g.way[data-link] .line").first.get_attribute("style")) != before
    shelter = float(pairs["shelter_by_month"].sel(scenario="without", place="north_gate").isel(month=3).mean("draw"))
    assert any(close(one, shelter) for one in people())


def test_it_plays_to_the_end_and_stops_when_asked(visit, path):
    page = visit(path).page
    ready(page, changed=False)
    page.get_by_label("Speed").select_option("0.5")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector('svg.map[data-period]:not([data-period="2021-01-01"])', timeout=10_000)
    page.get_by_role("button", name="Pause").click()
    stopped = page.locator("svg.map[data-period]").get_attribute("data-period")
    page.wait_for_timeout(2500)
    assert page.locator("svg.map[data-period]").get_attribute("data-period") == stopped
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector('svg.map[data-period="2021-06-01"]', timeout=10_000)
    page.wait_for_selector("button.play:has-text('Play')", timeout=10_000)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_by_itself_and_dots_only_where_motion_is_wanted(browser, path, motion):
    context = browser.new_context(reduced_motion=motion)
    page = context.new_page()
    page.goto(path.as_uri())
    ready(page, changed=False)
    moving = "getComputedStyle(document.querySelector('.way .dots')).animationName"
    assert page.evaluate(moving) == "none"
    assert page.locator("svg.map[data-period]").get_attribute("data-period") == "2021-01-01"
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(200)
    assert page.evaluate(moving) == ("none" if motion == "reduce" else "along")
    context.close()


def test_the_difference_is_told_by_sign_and_dashes_too(visit, path):
    seen = visit(path)
    page = seen.page
    ready(page, changed=False)
    assert page.get_by_role("radio", name="Difference").is_disabled()
    page.locator("#measures input").first.uncheck()
    ready(page)
    page.get_by_role("radio", name="Difference").check()
    scrub(page, 4)
    more, fewer = page.locator("g.way.more[data-link]"), page.locator("g.way.fewer[data-link]")
    assert more.count() >= 1 and fewer.count() >= 1
    dashes = "(line) => getComputedStyle(line).strokeDasharray"
    assert fewer.first.locator(".line").evaluate(dashes) != more.first.locator(".line").evaluate(dashes)
    for marks, sign in ((more, 1), (fewer, -1)):
        assert all(sign * float(mark.get_attribute("data-people")) > 0 for mark in marks.all())
        assert ("+" if sign > 0 else "−") in marks.first.locator("title").text_content()
    assert seen.complaints == []


def test_a_place_that_is_chosen_shows_its_months_before_and_after(visit, path):
    page = visit(path).page
    page.goto(path.as_uri() + OFF)
    page.reload()
    ready(page)
    page.locator("svg.map g.stay[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    chosen = page.locator("svg.map g.stay.chosen")
    assert chosen.count() == 1 and chosen.get_attribute("aria-pressed") == "true"
    site = chosen.get_attribute("data-site")
    assert page.locator(".chosen select").input_value() == f"site {site}"
    for key in (f"site {site}", "link 0"):
        page.locator(".chosen select").select_option(key)
        picture = page.locator(f'.chosen svg[data-output="map-{key.replace(" ", "-")}"]')
        assert picture.locator("path.before").count() == 1 and picture.locator("path.median").count() == 1


def test_small_counts_are_not_shown_unless_somebody_said_why(visit, path, model, tmp_path):
    def shown(page):
        ready(page, changed=False)
        page.locator(".date-table summary").click()
        page.wait_for_selector(".date-table tr[data-row]")
        rows = page.locator(".date-table tr[data-row]").evaluate_all(
            "(rows) => rows.map((row) => [row.dataset.row, JSON.parse(row.dataset.numbers).before, row.querySelector('td').textContent])"
        )
        return {name: (number, text) for name, number, text in rows}

    hidden = visit(write_explore(tmp_path / "page.html", model, None, DRAWS, SEED)).page
    told, all_told = shown(hidden), shown(visit(path).page)
    small = [name for name, (number, _) in all_told.items() if 0 < number < 5]
    assert small and all(told[name] == (None, "<5") and all_told[name][1] != "<5" for name in small)
    assert all(abs(float(mark.get_attribute("data-people"))) >= 5 for mark in hidden.locator("g.way[data-link]").all())
    go_to(hidden, "about")
    assert hidden.locator(".small-shown").count() == 0 and hidden.get_by_text("counts of fewer than 5 are not shown").count() == 1
    page = visit(path).page
    assert MADE_UP in go_to(page, "about").locator(".small-shown").inner_text()


def test_where_people_are_instead_is_the_diversion_of_compare(visit, path, pairs):
    page = visit(path).page
    page.goto(path.as_uri() + OFF)
    page.reload()
    ready(page)
    theirs = diversion(pairs, "stopped")
    go_to(page, "measures")
    assert page.locator("#diversion select").first.input_value() == "stopped"
    page.locator("#diversion details summary").first.click()
    page.wait_for_selector("tr[data-where]")
    statuses = list(json.loads(pairs.attrs["model"])["statuses"])
    found = {}
    for row in page.locator("tr[data-where]").all():
        key = row.get_attribute("data-where")
        name = key if key == "under_way" else statuses[int(key)]
        found[name] = json.loads(row.get_attribute("data-numbers"))
    expected = {row["of"]: row for row in theirs.at_end.to_dict("records")}
    assert len(found) >= 5
    for name, numbers in found.items():
        assert all(close(numbers[key], expected[name][key]) for key in ("mean", "median", "low80", "high80", "per_1000"))
    assert all(abs(expected[name]["mean"]) < 1e-9 for name in expected.keys() - found.keys())
    assert abs(sum(numbers["mean"] for numbers in found.values())) < 1e-6
    assert page.get_by_text("The differences add up to 0").count() == 1


def test_a_card_has_the_numbers_of_without_and_its_dollars(visit, path, model):
    page = visit(path).page
    ready(page, changed=False)
    card = go_to(page, "measures").locator('[data-card="bridge_patrols"]')
    card.locator("summary").first.click()
    page.wait_for_selector('[data-card="bridge_patrols"] .card-body[data-complete="true"]', timeout=60_000)
    sides = [node.get_attribute("class") for node in card.locator(".panels > figure").all()]
    assert sides.count("control") == sides.count("protection") >= 1
    theirs = compare(model, without="bridge_patrols", draws=DRAWS, seed=SEED)
    rows = effect_table(theirs)
    expected = {row["output"]: row for row in rows[rows["by"] == "total"].to_dict("records")}
    expected |= {row["what"]: row for row in dollar_table(theirs).to_dict("records")}
    shown = card.locator("tr[data-card-output]").all()
    found = {row.get_attribute("data-card-output"): json.loads(row.get_attribute("data-numbers")) for row in shown}
    assert {"stopped", "remittances", "bridge_patrols"} <= found.keys()
    wrong = [(name, key) for name, one in found.items() for key, value in one.items() if not close(value, expected[name][key])]
    assert wrong == []


def test_a_card_tells_who_is_affected_waits_deaths_and_dollars(visit, path, model):
    seen = visit(path, width_px=390)
    ready(seen.page, changed=False)
    card = go_to(seen.page, "measures").locator('[data-card="bridge_patrols"]')
    card.locator("summary").first.click()
    card.locator('.card-body[data-complete="true"]').wait_for(timeout=60_000)
    rows = effect_table(compare(model, without="bridge_patrols", draws=DRAWS, seed=SEED))
    shown = 0
    for output in ("stopped", "admissions"):
        of = rows[(rows["output"] == output) & (rows["by"] == "group")].set_index("of")
        titles = {group.title: name for name, group in model.study.groups.items()}
        for row in card.locator(f'[data-who="{output}"] li').all():
            numbers = json.loads(row.get_attribute("data-numbers"))
            theirs = of.loc[titles[row.get_attribute("data-group")]]
            assert all(close(numbers[key], theirs[key]) for key in ("with", "without", "mean", "low80", "high80"))
            shown += 1
    assert shown >= 2
    # the pictures are those of the outputs that change most for their size
    protection = rows[(rows["by"] == "total") & rows["output"].isin(["in_shelter", "wait_at_port", "admissions"])]
    weight = (protection["mean"].abs() / (protection["without"] + 1)).to_numpy()
    largest = model.study.outputs[str(protection["output"].iloc[int(np.argmax(weight))])].title
    assert card.locator(".panels > figure.protection h3").first.inner_text() == largest
    for fact in ("days_on_list", "wait_at_port", "remittances", "bridge_patrols"):
        assert card.locator(f'[data-fact="{fact}"]').count() == 1
    full = card.locator('[data-fact$=" fullDays"]')
    assert full.count() == 1 and "Without the measure" in full.inner_text()
    right = full.bounding_box()["x"] + full.bounding_box()["width"]
    assert right <= 390 and full.evaluate("(line) => line.scrollWidth - line.clientWidth") == 0
    assert card.locator(".panels > figure.control .unit").first.inner_text().startswith("Control · people a month:")
    assert card.get_by_text("This study counts no deaths").count() == 1
    assert seen.page.evaluate(SIDEWAYS) == 0
    seen.page.get_by_role("button", name="Cambiar a español").click()
    assert card.get_by_text("Este estudio no cuenta muertes").count() == 1
    assert seen.complaints == []


def test_totals_have_what_measures_cost(visit, path, pairs):
    page = visit(path).page
    page.goto(path.as_uri() + OFF)
    page.reload()
    ready(page)
    theirs = dollar_table(pairs).set_index("what").loc["bridge_patrols"]
    row = page.locator('tr[data-cost="bridge_patrols"]')
    numbers = json.loads(row.get_attribute("data-numbers"))
    assert all(close(numbers[key], theirs[key]) for key in ("with", "without", "mean", "median", "low80", "high80"))
    assert numbers["mean"] < 0 and "Government of Boria" in row.inner_text()


def test_in_firefox_the_map_plays_and_scrubs(path, tmp_path):
    with firefox(tmp_path / "profile") as opened:
        opened.open(path.as_uri() + OFF)
        opened.wait_for(f'#corridor[data-draws="{DRAWS}"]')
        opened.wait_for('#results[data-complete="true"]:has(.numbers)')
        date = 'return document.querySelector("svg.map[data-period]").dataset.period'
        assert opened.run(date) == "2021-01-01"
        opened.click("button.play")
        opened.wait_for('svg.map[data-period]:not([data-period="2021-01-01"])')
        opened.click("button.play")
        opened.run(
            'const box = document.querySelector(".player input"); box.value = 5; box.dispatchEvent(new Event("input", {bubbles: true}))'
        )
        opened.wait_for('svg.map[data-period="2021-06-01"]')
        opened.run('document.querySelectorAll("input[name=map-mode]")[2].click()')
        opened.wait_for("g.way.fewer")
        assert opened.run(SIDEWAYS.join(["return ", ""])) == 0


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_any_mode(browser, path, dark):
    axe = PACKAGES / "axe-core" / "axe.min.js"
    assert axe.exists(), "the npm packages of web/explore are missing: `make browser` installs them"
    context = browser.new_context(
        color_scheme="dark" if dark else "light", bypass_csp=True, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(path.as_uri() + OFF)
    ready(page)
    page.locator(".chosen select").select_option("site 3")
    page.get_by_role("radio", name="Difference").check()
    scrub(page, 4)
    page.add_script_tag(path=axe)
    found = []
    for tab in ("corridor", "measures"):
        go_to(page, tab)
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        if tab == "measures":
            page.wait_for_selector(".card-body[data-complete='true']", timeout=60_000)
        assert page.evaluate(SIDEWAYS) == 0
        found += page.evaluate("axe.run()")["violations"]
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_it_speaks_spanish_on_the_map_too(visit, path):
    page = visit(path).page
    page.goto("about:blank")  # else only the fragment changes, which the open page writes too
    page.goto(path.as_uri() + OFF + "&lang=es")
    ready(page)
    scrub(page, 3)
    assert page.locator(".living figcaption").inner_text().startswith("Abril de 2021")
    assert page.get_by_role("button", name="Reproducir").is_visible()
    assert "personas" in page.locator("g.stay[data-site]").first.get_attribute("aria-label")
    go_to(page, "measures")
    assert page.get_by_role("heading", name="Dónde están las personas en cambio").is_visible()
