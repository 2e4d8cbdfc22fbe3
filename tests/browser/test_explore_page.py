"""Does the page that simulates give the command's numbers, whatever a reader moves, and ask nothing of anybody?"""

import hashlib
import json
import re
import subprocess

import pytest
from firefox import firefox
from kernel_elsewhere import EXPLORE
from living_page import MADE_UP, SIDEWAYS, TABS, finished, go_to, same
from scripts import ROOT

from corredor.effects.claims import check_claims
from corredor.effects.compare import compare
from corredor.effects.compare.effects import effect_table
from corredor.engine.fitted import study_and_fit
from corredor.exchange.flee.write import import_flee
from corredor.pages.explore.page import write_explore
from corredor.results.view import PLACE_DIMENSIONS
from corredor.study.catalogue import bundled_studies
from corredor.study.scenario import load_scenario

PACKAGES = ROOT / "web" / "explore" / "node_modules"
NO_PACKAGES = "the npm packages of web/explore are missing: `make browser` installs them"

FLEE_CASE = ROOT.parent / "shared" / "peer" / "flee-format" / "mali2012"

DRAWS, SEED = 20, 1


@pytest.fixture(scope="module")
def model():
    return study_and_fit("two-towns")[0]


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    findings = check_claims(model, draws=DRAWS, seed=SEED)
    return write_explore(
        tmp_path_factory.mktemp("explore") / "page.html", model, None, DRAWS, SEED, findings, small_shown_because=MADE_UP
    )


def numbers_of_the_command(model, yaml, folder):
    """What `corredor compare --scenario` says of the page's own file."""
    file = folder / "scenario.yaml"
    file.write_text(yaml, encoding="utf-8")
    table = effect_table(compare(model, scenario=load_scenario(file, model), draws=DRAWS, seed=SEED))
    return {row["output"]: row for row in table[table["by"] == "total"].to_dict("records")}


def test_a_measure_taken_away_gives_the_numbers_of_the_command(visit, path, model, tmp_path):
    seen = visit(path)
    assert finished(seen.page, changed=False)
    seen.page.get_by_role("checkbox").first.uncheck()
    numbers = finished(seen.page)
    assert len(numbers) >= 8
    command = numbers_of_the_command(model, seen.page.locator("#scenario-yaml").inner_text(), tmp_path)
    assert same(numbers, command) == []
    assert abs(numbers["stopped"]["median"]) > 10
    assert seen.complaints == []
    assert [request for request in seen.requests if not request.startswith(("file:", "blob:"))] == []


def test_in_firefox_the_numbers_are_the_same(path, model, tmp_path):
    with firefox(tmp_path / "profile") as opened:
        opened.open(path.as_uri())
        opened.wait_for('#results[data-complete="true"]')
        opened.click('li[data-measure="bridge_patrols"] input[type="checkbox"]')
        opened.wait_for('#results[data-complete="true"]:has(.numbers)')
        rows = opened.run('return [...document.querySelectorAll("tr[data-output]")].map((row) => ({...row.dataset}))')
        yaml = opened.run('return document.getElementById("scenario-yaml").textContent')
    numbers = {row["output"]: json.loads(row["numbers"]) for row in rows}
    assert len(numbers) >= 8
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path)) == []


def test_dose_dates_and_an_assumption_give_the_numbers_of_the_command(visit, path, model, tmp_path):
    seen = visit(path)
    finished(seen.page, changed=False)
    measure = seen.page.locator('li[data-measure="bridge_patrols"]')
    measure.get_by_text("Dose and dates").click()
    for name, text in (("Dose", "2.5"), ("From", "2021-02-12"), ("To", "2021-04-20")):
        box = measure.get_by_label(name, exact=True)
        box.fill(text)
        box.press("Enter")
    row = seen.page.locator('li[data-parameter="served_at_port"]')
    row.get_by_role("combobox").select_option("high")
    numbers = finished(seen.page)
    yaml = seen.page.locator("#scenario-yaml").inner_text()
    assert "bridge_patrols: {dose: 2.5, from: 2021-02-12, to: 2021-04-20}" in yaml and "served_at_port:" in yaml
    assert same(numbers, numbers_of_the_command(model, yaml, tmp_path)) == []


def test_a_measure_cannot_be_made_to_end_before_it_begins(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    measure = page.locator('li[data-measure="bridge_patrols"]')
    measure.get_by_text("Dose and dates").click()
    box = measure.get_by_label("From", exact=True)
    box.fill("2021-06-12")
    box.press("Enter")
    assert box.input_value() == "2021-03-15"
    assert "from." not in page.url


def test_a_number_that_is_off_by_one_person_would_be_seen(visit, path, model, tmp_path):
    seen = visit(path)
    seen.page.get_by_role("checkbox").first.uncheck()
    numbers = finished(seen.page)
    command = numbers_of_the_command(model, seen.page.locator("#scenario-yaml").inner_text(), tmp_path)
    numbers["stopped"]["median"] += 1
    assert [wrong[:2] for wrong in same(numbers, command)] == [("stopped", "median")]


def test_undo_and_redo_bring_back_the_same_numbers(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.get_by_role("checkbox").first.uncheck()
    numbers = finished(page)
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_role("checkbox").first.is_checked()
    finished(page, changed=False)
    page.keyboard.press("Control+Shift+Z")
    assert finished(page) == numbers
    page.keyboard.press("Control+Z")
    assert page.get_by_role("checkbox").first.is_checked()


def test_a_link_carries_the_scenario_and_names_what_it_does_not_know(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.get_by_role("checkbox").first.uncheck()
    numbers = finished(page)
    again = visit(path).page
    again.goto(page.url)
    again.reload()
    assert finished(again) == numbers
    again.goto(page.url.split("#")[0] + "#off=bridge_patrols&off=no_such_measure&fix.nothing=1")
    again.reload()
    assert finished(again) == numbers
    trouble = again.locator(".trouble").inner_text()
    assert "no_such_measure" in trouble and "fix.nothing" in trouble


def test_the_fan_over_time_moves_and_the_study_stays_beneath(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    picture = page.locator('svg[data-output="stopped"]')
    alone = picture.locator("path.median").get_attribute("d")
    assert picture.locator("path.before").count() == 0
    page.get_by_role("checkbox").first.uncheck()
    finished(page)
    assert picture.locator("path.median").get_attribute("d") != alone
    assert picture.locator("path.before").count() == 1


def test_control_is_never_told_without_protection(visit, path):
    page = visit(path).page
    page.get_by_role("checkbox").first.uncheck()
    finished(page)
    for shown in (".numbers > li", ".panels > figure"):
        sides = [node.get_attribute("class") for node in page.locator(shown).all()]
        assert sides.count("control") == sides.count("protection") >= 1


@pytest.mark.parametrize("width_px", [390, 1300])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_and_can_be_read_in_light_and_dark(visit, path, width_px, dark):
    page = visit(path, width_px=width_px, dark=dark).page
    go_to(page, "measures")
    page.get_by_role("checkbox").first.uncheck()
    finished(page)
    seen = 0
    for tab in TABS:
        go_to(page, tab)
        assert page.evaluate(SIDEWAYS) == 0, tab
        ratios = page.evaluate(CONTRASTS)
        assert min(ratios) >= 4.5, (tab, sorted(ratios)[:5])
        seen += len(ratios)
    assert seen > 400


CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => { c = c / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("#page *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.disabled || node.closest(".skip") || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const [one, other] = [luminance(parts(node.namespaceURI.endsWith("svg") ? style.fill : style.color)), luminance(ground(node))];
    found.push((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05));
  }
  return found;
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(browser, path, dark):
    axe = PACKAGES / "axe-core" / "axe.min.js"
    assert axe.exists(), NO_PACKAGES
    # the page allows no script but its own, so for axe its policy is set aside
    context = browser.new_context(color_scheme="dark" if dark else "light", bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri() + "#off=bridge_patrols&fix.served_at_port=4")
    finished(page)
    page.add_script_tag(path=axe)
    found = {}
    for tab in TABS:
        go_to(page, tab)
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        found[tab] = page.evaluate("axe.run()")
    context.close()
    broken = [(tab, one["id"], one["nodes"][0]["html"]) for tab in TABS for one in found[tab]["violations"]]
    assert broken == []
    assert all(len(found[tab]["passes"]) > 20 for tab in TABS)


def test_everything_can_be_done_with_the_keyboard_alone(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.locator("#results:focus").wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    page.keyboard.press("Space")
    assert finished(page)["stopped"]["median"] != 0
    names = page.evaluate("""() => [...document.querySelectorAll("button, input, select")].map((node) =>
        node.getAttribute("aria-label") || node.textContent || [...(node.labels || [])].map((label) => label.textContent).join())""")
    assert all(name.strip() for name in names)


def test_a_name_in_the_model_leads_to_its_assumption(visit, path):
    page = visit(path).page
    go_to(page, "model").locator("button.name", has_text="crossing_rate").first.click()
    page.locator("#assumptions:focus").wait_for()
    assert page.evaluate("document.activeElement.id") == "assumptions"
    assert [row.get_attribute("data-parameter") for row in page.locator("li[data-parameter]").all()] == ["crossing_rate"]
    data = go_to(page, "data")
    data.locator("summary").click()
    assert data.locator(".sources li").count() == 1


def test_it_speaks_spanish(visit, path):
    page = visit(path).page
    finished(page, changed=False)
    page.get_by_role("button", name="Cambiar a español").click()
    assert page.get_by_role("heading", name="Qué hace su cambio").is_visible()
    assert page.evaluate("document.documentElement.lang") == "es"
    page.get_by_role("checkbox").first.uncheck()
    finished(page)
    assert page.get_by_text("menos en todas las simulaciones").first.is_visible()
    assert "lang=es" in page.url


def test_both_languages_have_every_word():
    text = (ROOT / "web" / "explore" / "src" / "words.ts").read_text(encoding="utf-8")
    english, spanish = text.split("const ES")
    keys = [set(re.findall(r"^  (\w+): \"", part, flags=re.MULTILINE)) for part in (english, spanish)]
    assert keys[0] == keys[1] and len(keys[0]) > 50


def test_the_programs_are_made_of_these_sources_and_are_small():
    folder = ROOT / "web" / "explore"
    names = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"]
    names += [f"src/{name}" for name in sorted(path.name for path in (folder / "src").iterdir())]
    text = b"".join((folder / name).read_bytes() for name in names)
    made = json.loads((EXPLORE / "programs.json").read_text(encoding="utf-8"))["sources"]
    assert made == hashlib.sha256(text).hexdigest(), "a source of the page has changed: run `make web`"
    assert sum(file.stat().st_size for file in EXPLORE.iterdir() if file.is_file()) < 2_500_000


def test_the_programs_made_anew_are_the_same(tmp_path):
    assert (PACKAGES / "esbuild").exists(), NO_PACKAGES
    words = ["node", str(ROOT / "web" / "explore" / "build.mjs"), str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["page.css", "page.js", "programs.json", "simulator.mjs", "worker.js"]
    assert [name for name in made if (tmp_path / name).read_bytes() != (EXPLORE / name).read_bytes()] == []


def test_the_lock_file_carries_no_addresses_of_downloads():
    text = (ROOT / "web" / "explore" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text and '"integrity"' in text


@pytest.mark.parametrize("name", [name for name in bundled_studies() if name != "two-towns"])
def test_every_bundled_study_has_a_page_with_the_numbers_of_the_command(visit, name, tmp_path):
    model, fitted = study_and_fit(name)
    seen = visit(write_explore(tmp_path / "page.html", model, fitted, 3, SEED, small_shown_because=MADE_UP))
    assert finished(seen.page, changed=False)
    if not any(measure.acts_on for measure in model.measures):
        assert seen.page.locator("#measures input").count() == 0
        return
    seen.page.get_by_role("checkbox").last.uncheck()
    numbers = finished(seen.page)
    file = tmp_path / "scenario.yaml"
    file.write_text(seen.page.locator("#scenario-yaml").inner_text(), encoding="utf-8")
    pairs = compare(model, scenario=load_scenario(file, model), draws=3, seed=SEED, fitted=fitted)
    table = effect_table(pairs)
    assert same(numbers, {row["output"]: row for row in table[table["by"] == "total"].to_dict("records")}) == []
    of_places = seen.page.locator('#results select[aria-label="By place"]')
    for output in [option.get_attribute("value") for option in of_places.locator("option").all()]:
        of_places.select_option(output)
        rows = table[(table["output"] == output) & table["by"].isin(PLACE_DIMENSIONS)]
        places = {row["of"]: row for row in rows.to_dict("records")}
        shown = seen.page.locator("tr[data-place]").all()
        found = {row.get_attribute("data-place"): json.loads(row.get_attribute("data-numbers")) for row in shown}
        assert found.keys() == places.keys() and same(found, places) == []
    assert seen.complaints == []


@pytest.mark.skipif(not FLEE_CASE.is_dir(), reason="the published cases are not here (../shared/peer/flee-format)")
def test_a_study_that_was_imported_has_a_page(visit, tmp_path):
    model = import_flee(FLEE_CASE, tmp_path / "mali")[1]
    seen = visit(write_explore(tmp_path / "page.html", model, None, 3, SEED))
    assert finished(seen.page, changed=False)
    fixed = next(name for name, parameter in model.parameters.items() if parameter.prior.fixed is None)
    row = seen.page.locator(f'li[data-parameter="{fixed}"]')
    row.get_by_role("combobox").select_option("high")
    assert any(numbers["median"] for numbers in finished(seen.page).values())
    assert seen.complaints == []


def test_the_page_of_the_largest_study_is_small(tmp_path):
    model, fitted = study_and_fit("mexico-2018")
    path = write_explore(tmp_path / "page.html", model, fitted, 200, SEED)
    assert path.stat().st_size < 5_000_000


def test_a_text_of_a_study_cannot_run_in_the_page(visit, model, tmp_path):
    wicked = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    changed = model.study.model_copy(update={"title": wicked, "summary": wicked})
    path = write_explore(tmp_path / "page.html", model.__class__(**{**vars(model), "study": changed}), None, 2, SEED)
    seen = visit(path)
    finished(seen.page, changed=False)
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.locator("h1").inner_text() == wicked
