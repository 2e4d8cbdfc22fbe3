"""What tests of the page that simulates share: waiting for its draws, its numbers beside those of the command, its tabs."""

import json
import math
import subprocess

from kernel_elsewhere import EXPLORE

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAINTED = """(changed) => {
  const [results, main, bar] = ["#results", "main", ".progress progress"].map((name) => document.querySelector(name));
  if (results === null || bar === null) return false;
  const { of, complete } = results.dataset;
  const isDone = complete === "true" && bar.value === bar.max;
  return isDone && of === main.dataset.scenario && (results.querySelector(".numbers") !== null) === changed;
}"""
"""Whether the totals are those of the scenario that the reader has made last, in all draws."""
MADE_UP = "the figures are made up"
"""For pages whose numbers are held against those of the command: small counts are shown, with this reason."""
TABS = ("corridor", "measures", "claims", "model", "data", "about")


def finished(page, changed=True):
    """Wait until all draws of what is on the page are there; returns the page's numbers: output → with, without, median …"""
    page.wait_for_function(PAINTED, arg=changed, timeout=120_000)
    page.wait_for_timeout(400)
    rows = page.locator("tr[data-output]")
    return {row.get_attribute("data-output"): json.loads(row.get_attribute("data-numbers")) for row in rows.all()}


def same(page_numbers, command_numbers):
    wrong = []
    for output, numbers in page_numbers.items():
        for key, value in numbers.items():
            theirs = command_numbers[output][key]
            if not (value is None and math.isnan(theirs)) and not math.isclose(value, theirs, rel_tol=1e-9, abs_tol=1e-7):
                wrong.append((output, key, value, theirs))
    return wrong


def go_to(page, tab):
    """Choose a tab; gives its panel back."""
    page.locator(f"#tab-{tab}").click()
    panel = page.locator(f"#panel-{tab}")
    panel.wait_for(state="visible")
    return panel


def in_node(tmp_path, what, asked):
    """Answers of a function of the page's program."""
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    words = f"import {{ {what} }} from {json.dumps((EXPLORE / 'simulator.mjs').as_uri())}; import fs from 'node:fs';"
    words += f"const asked = JSON.parse(fs.readFileSync({json.dumps(str(tmp_path / 'asked.json'))}));"
    words += "const plain = (_, value) => (value instanceof Map ? Object.fromEntries(value) : value);"
    words += f"console.log(JSON.stringify(asked.map((one) => {what}(...one)), plain))"
    done = subprocess.run(["node", "--input-type=module", "-e", words], capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)
