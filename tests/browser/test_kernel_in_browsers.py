"""Does the kernel in a browser, and in Node, count the same people as in Python, cell by cell, and is it made of today's sources?"""

import base64
import hashlib
import json
import shutil
import subprocess

import numpy as np
import pytest
from builders import day
from everything import OUTPUTS, everything
from kernel_elsewhere import ANSWER, EXPLORE, SCENARIOS, ask
from scripts import loaded

NO_NODE = (
    "no node found: install it (Debian, Ubuntu: apt-get install nodejs; `make browser` does) so that the module can be tried"
)


@pytest.fixture(scope="module")
def built():
    return loaded("web/kernel/build_kernel.py")


@pytest.fixture(scope="module")
def facts():
    return json.loads((EXPLORE / "kernel.json").read_text(encoding="utf-8"))


def cells_in_node(asked, folder):
    node = shutil.which("node")
    if node is None:
        pytest.fail(NO_NODE)
    question, script = folder / "asked.json", folder / "ask.mjs"
    question.write_text(json.dumps(asked), encoding="utf-8")
    lines = [
        'import fs from "node:fs";',
        f"import {{ Simulator }} from {json.dumps((EXPLORE / 'simulator.mjs').as_uri())};",
        f"const asked = JSON.parse(fs.readFileSync({json.dumps(str(question))}));",
        f"process.stdout.write(JSON.stringify(await ({ANSWER})(asked, Simulator)));",
    ]
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run([node, str(script)], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return np.array(json.loads(done.stdout))


def cells_in_chromium(asked, browser):
    program = base64.b64encode((EXPLORE / "simulator.mjs").read_bytes()).decode()
    page = browser.new_page()
    try:
        words = f'(asked) => import("data:text/javascript;base64,{program}").then((it) => ({ANSWER})(asked, it.Simulator))'
        return np.array(page.evaluate(words, asked))
    finally:
        page.close()


@pytest.mark.parametrize(
    ("study", "n_draws"),
    [
        ("two-towns", 3),
        ("mexico-2018", 1),
        ("mediterranean-2015", 1),
        pytest.param("two-towns", 10, marks=pytest.mark.full),
        pytest.param("mexico-2018", 10, marks=pytest.mark.full),
    ],
)
def test_every_cell_is_that_of_python_to_the_bit(study, n_draws, browser, tmp_path):
    asked = ask(study, SCENARIOS[study], n_draws)
    for scenario in asked.cells[1:]:
        assert (scenario != asked.cells[0]).sum() > 100
    for cells in (cells_in_node(asked.asked, tmp_path), cells_in_chromium(asked.asked, browser)):
        assert cells.shape == asked.cells.shape
        assert (cells != asked.cells).sum() == 0


def date(number):
    return day(number).isoformat()


OF_EVERYTHING = [
    {"off": ["patrols", "office", "more_beds"], "fix": {"daily_noise": 0.4}},
    {
        "change": {
            "patrols": {"from": date(9), "to": date(36), "dose": 1.5},
            "office": {"from": date(3), "to": date(60)},
            "fence_shut": {"from": date(8), "to": date(70)},
            "more_beds": {"to": date(30)},
            "slow_line": {"from": date(31)},
        }
    },
    {
        "drivers": {"harvest": {"times": 0.5, "from": date(6)}, "rooms": {"times": 2.0, "to": date(30)}},
        "add": {"capacity.shelter.east_town": {"people": 80, "from": date(4), "to": date(50)}},
    },
    {
        "change": {"slow_line": {"to": date(30)}},
        "add": {
            "served_per_day.line.east_town": {"people": 20, "from": date(-2)},
            "capacity.hall.west_town": {"people": 0, "from": date(9)},
        },
        "drivers": {"work": {"times": 3.0, "from": date(12), "to": date(40)}},
    },
    {
        "change": {
            "patrols": {"at": [["west_bridge"]]},
            "office": {"at": [["east_other_town", "west_town"]], "from": date(10)},
            "fence_shut": {"at": [["east_other_town", "west_other_town"]]},
            "more_beds": {"at": [["west_town", "west_other_town"]]},
            "slow_line": {"at": [["east_town", "west_other_town"]]},
        },
        "add": {"capacity.shelter.west_town": {"people": 70, "from": date(40)}},
    },
    {"change": {"patrols": {"at": [["east_bridge", "west_bridge"]], "dose": 1.2}, "fence_shut": {"at": [["west_town"]]}}},
    {"off": ["slow_line"], "change": {"other_road": {"dose": 0.0}, "patrols": {"from": date(-3), "to": date(5)}}},
]
"""Scenarios of tests/everything.py, in which each feature of the model occurs."""


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_every_feature_of_the_model_gives_the_same_cells(step_days, tmp_path):
    outputs = {name: {**output, "every": "month"} for name, output in OUTPUTS.items()}
    asked = ask(everything(step_days=step_days, warm_up_days=14, outputs=outputs), OF_EVERYTHING, 2)
    cells = cells_in_node(asked.asked, tmp_path)
    assert [int((mine != theirs).sum()) for mine, theirs in zip(cells, asked.cells, strict=True)] == [0] * len(asked.cells)
    assert all((scenario != asked.cells[0]).any() for scenario in asked.cells[1:])


def test_a_state_that_was_saved_goes_on_to_the_same_cells(tmp_path):
    """The same scenarios in a module that has no saved state."""
    asked = ask("two-towns", SCENARIOS["two-towns"], 2)
    measures = [{**measure, "first_step": 0} for measure in asked.asked["study"]["measures"]]
    from_the_start = {**asked.asked, "study": {**asked.asked["study"], "measures": measures}}
    assert [measure["first_step"] for measure in asked.asked["study"]["measures"]] != [0]
    assert np.array_equal(cells_in_node(from_the_start, tmp_path), cells_in_node(asked.asked, tmp_path))


def test_a_wrong_dose_or_a_day_more_would_be_seen(tmp_path):
    asked = ask("two-towns", SCENARIOS["two-towns"], 1)
    asked.asked["scenarios"][1]["change"]["bridge_patrols"]["dose"] = 2.6
    asked.asked["scenarios"][2]["change"]["bridge_patrols"]["to"] = "2021-04-21"
    cells = cells_in_node(asked.asked, tmp_path)
    assert (cells[1] == asked.cells[1]).all() and (cells[2] != asked.cells[2]).any() and (cells[3] != asked.cells[3]).any()


def test_the_module_is_made_of_these_sources(built, facts):
    assert facts["sources"] == built.sources_hash(), "a source of kernel.wasm has changed: run `make wasm`"
    assert facts["module"] == hashlib.sha256((EXPLORE / "kernel.wasm").read_bytes()).hexdigest()


def test_the_module_asks_nothing_of_its_host_and_is_small(tmp_path):
    words = "const m = new WebAssembly.Module(require('fs').readFileSync(process.argv[1]));"
    words += "console.log(JSON.stringify([WebAssembly.Module.imports(m), WebAssembly.Module.exports(m).map((e) => e.name)]))"
    node = shutil.which("node") or pytest.fail(NO_NODE)
    done = subprocess.run([node, "-e", words, str(EXPLORE / "kernel.wasm")], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], ["memory", "__heap_base", "door"]]
    assert (EXPLORE / "kernel.wasm").stat().st_size < 200_000


@pytest.mark.full
def test_the_module_made_anew_has_the_same_bytes(built, facts, tmp_path):
    try:
        tools = built.tools()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    if tools != facts["tools"]:
        pytest.skip(f"made with other tools: {facts['tools']}")
    built.build_apart(tmp_path)
    assert (tmp_path / "kernel.wasm").read_bytes() == (EXPLORE / "kernel.wasm").read_bytes()
    assert json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8")) == facts
