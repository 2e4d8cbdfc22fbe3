"""Can a count of fewer than five people be read or worked out from the page that simulates? Its rules beside Python's, and an attacker."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from living_page import finished, go_to, in_node
from scipy.optimize import linprog

import corredor.study
from corredor.engine.fitted import study_and_fit
from corredor.pages.explore.page import write_explore
from corredor.results.small_cells import Axis, Cells
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE
from corredor.study.csv_text import safe

STUDIES = Path(corredor.study.__file__).parents[1] / "studies"
DRAWS, SEED = 3, 1
LESS = "#off=bridge_patrols&fix.leaving_rate=0.0014"


def test_the_page_hides_what_python_hides(tmp_path):
    rng = np.random.default_rng(1)
    asked, answers = [], []
    for _ in range(400):
        people = np.where(
            rng.random(n := int(rng.integers(1, 12))) < 0.3, 0, rng.negative_binomial(0.6, 0.03, n) * rng.choice([1, 0.37])
        )
        groups = rng.integers(0, int(rng.integers(2, 4)), n)
        groups = np.unique(groups, return_inverse=True)[1]
        axis = Axis.of(n, {"country": groups.tolist()})
        cells = Cells(people.astype(float), (axis,))
        asked.append([people.tolist(), [groups.tolist()] if groups.any() else []])
        hidden = [cells.hidden[(level,)].tolist() for level in range(len(axis.codes))]
        answers.append(
            {"cells": hidden[0], "groups": [hidden[axis.levels["country"]]] if groups.any() else [], "all": hidden[-1][0]}
        )
    assert in_node(tmp_path, "hiddenOf", asked) == answers
    assert sum(any(answer["cells"]) for answer in answers) > 100 and sum(answer["all"] for answer in answers) > 10


CELLS = [
    "=1+1",
    "+1",
    "+1,250",
    "-3.5",
    "−38",
    "-inf",
    "- 1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋2",
    "－3",
    "＠a",
    "'=1",
    "'tis",
]
CELLS += ["''+a", "Tijuana", "", "1e5", "-1e-5", "+.5", "-", "+49 30 1", "-٣", "<5", "–", "≈ +97", "=cmd|' /C calc'!A0", " =1"]


def test_a_copied_cell_is_escaped_as_one_of_a_csv_file(tmp_path):
    assert in_node(tmp_path, "safe", [[cell] for cell in CELLS]) == [safe(cell) for cell in CELLS]
    assert sum(safe(cell) != cell for cell in CELLS) > 12
    [table] = in_node(tmp_path, "asTable", [[[["a\tb", "\n=1"], ["c\r\nd", "-3"]]]])
    assert table == "a b\t' =1\nc d\t-3"


HAMLETS = {"ash": 300, "birch": 700, "cedar": 1500, "elm": 250, "fir": 6000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """two-towns with hamlets out of which a handful of people leave, counted by place."""
    made = tmp_path_factory.mktemp("small") / "hamlets"
    shutil.copytree(STUDIES / "two-towns", made)
    with (made / "places.csv").open("a", encoding="utf-8") as places, (made / "routes.csv").open("a", encoding="utf-8") as routes:
        for at, (name, people) in enumerate(HAMLETS.items()):
            places.write(
                f"{name},{name.title()},aldia,{2.1 + 0.2 * at:.2f},{-29.9 + 0.15 * at:.2f},origin,aldia_plain,{people},invented\n"
            )
            routes.write(f"{name},old_bridge,{200 + 10 * at},road,yes,invented\n")
    text = (made / "study.yaml").read_text(encoding="utf-8")
    left = "outputs:\n  left_home:\n    title: People who left home\n    flow: leave home\n    by: [place]\n"
    (made / "study.yaml").write_text(text.replace("outputs:\n", left, 1), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def paths(folder):
    """The page as a reader gets it, and with all numbers."""
    model, _ = study_and_fit(str(folder))
    hidden = write_explore(folder / "hidden.html", model, None, DRAWS, SEED)
    return hidden, write_explore(folder / "open.html", model, None, DRAWS, SEED, small_shown_because="for a test")


def opened(visit, path, fragment, **options):
    page = visit(path, **options).page
    page.goto(path.as_uri() + fragment)
    page.reload()
    finished(page)
    return page


TEXTS = """(rows) => rows.map((row) => [row.dataset.place ?? row.dataset.where ?? row.dataset.output ?? row.dataset.row,
    [...row.querySelectorAll("td")].map((cell) => cell.textContent), JSON.parse(row.dataset.numbers)])"""
NUMBER = re.compile(r"([+−]?)([\d,]+(\.\d+)?)")


def shown(text):
    """The least and the most that a shown text can stand for; none for a hidden one."""
    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    value = float(found[2].replace(",", "")) * (-1 if found[1] == "−" else 1)
    around = 0.0 if value == 0 else 0.05 if "." in text or abs(value) < 10 else 0.5
    return value - around, value + around


def bounds(total, parts, wanted):
    """What a linear program knows of one count with and without: variables are all parts of both; texts bound them and their sums.

    total : texts of the total without and with, and of its effect; parts : the same of each part
    """
    n = len(parts)
    rows, least, most = [], [], []

    def bound(weights, text):
        limits = shown(text)
        if limits is not None:
            rows.append(weights)
            least.append(limits[0])
            most.append(limits[1])

    def unit(at):
        return np.eye(2 * n)[at]

    for at, (without, with_, effect) in enumerate(parts):
        bound(unit(at), without)
        bound(unit(n + at), with_)
        bound(unit(n + at) - unit(at), effect)
    bound(np.repeat([1.0, 0.0], n), total[0])
    bound(np.repeat([0.0, 1.0], n), total[1])
    bound(np.repeat([-1.0, 1.0], n), total[2])
    matrix = np.vstack([*rows, *[-row for row in rows]]) if rows else np.zeros((1, 2 * n))
    right = np.concatenate([most, -np.array(least)]) if rows else np.zeros(1)
    low, high = (linprog(sign * unit(wanted), A_ub=matrix, b_ub=right, bounds=(0, 1e5)) for sign in (1, -1))
    return low.fun, -high.fun


def attacked(truth, texts):
    """Small counts of a table that its texts pin to less than 0 … 5, and how many small ones there are."""
    names = [name for name in texts if name != "total"]
    parts = [texts[name] for name in names]
    found, small = [], 0
    for at, name in enumerate(names):
        for side, first in (("without", 0), ("with", len(names))):
            if 0 < truth[name][side] < SMALLEST_SHOWN_PEOPLE:
                small += 1
                low, high = bounds(texts["total"], parts, first + at)
                if low > 1e-6 or high < SMALLEST_SHOWN_PEOPLE - 0.1:
                    found.append((name, side, low, high))
    return found, small


def by_place(page, output):
    """Texts of the list by place, with its total, and the numbers behind them."""
    page.locator('#results select[aria-label="By place"]').select_option(output)
    page.wait_for_timeout(50)
    places = page.locator("tr[data-place]").evaluate_all(TEXTS)
    [total] = page.locator(f'tr[data-output="{output}"]').evaluate_all(TEXTS)
    texts = {name: (cells[2], cells[3], cells[0]) for name, cells, _ in places} | {
        "total": (total[1][2], total[1][3], total[1][0])
    }
    return texts, {name: numbers for name, _, numbers in places}


def test_no_small_count_of_a_list_by_place_can_be_worked_out(visit, paths):
    page, truth = (opened(visit, path, LESS) for path in paths)
    outputs = page.locator('#results select[aria-label="By place"] option').evaluate_all("(all) => all.map((one) => one.value)")
    all_small = 0
    for output in outputs:
        texts, numbers = by_place(page, output)
        _, true_numbers = by_place(truth, output)
        found, small = attacked(true_numbers, texts)
        assert found == [], output
        all_small += small
        for name, told in numbers.items():
            assert all(value is None or math_close(value, true_numbers[name][key]) for key, value in told.items())
    assert all_small >= 4


def where_at_end(page, by):
    """The rows of “where people are instead”: texts, and the numbers behind them."""
    go_to(page, "measures")
    page.locator("#diversion select").nth(1).select_option(by)
    page.locator("#diversion details").first.evaluate("(box) => { box.open = true; }")
    page.wait_for_timeout(200)
    rows = page.locator("#diversion tr[data-where]").evaluate_all(TEXTS)
    heads = page.locator("#diversion details th[scope=col]").all_inner_texts()
    columns = [heads.index(head) - 1 for head in ("As it was", "With your change", "Effect (mean)")]
    return {key: tuple(cells[at] for at in columns) for key, cells, _ in rows}, {key: numbers for key, _, numbers in rows}


def test_no_small_count_of_the_last_day_can_be_worked_out(visit, paths):
    page, truth = (opened(visit, path, LESS) for path in paths)
    statuses, _ = where_at_end(page, "status")
    texts, _ = where_at_end(page, "place")
    _, numbers = where_at_end(truth, "place")
    all_small = 0
    for status, total in statuses.items():
        parts = {key: text for key, text in texts.items() if key.split(" ")[0] == status}
        # those of places where nothing is different have no row
        parts |= {"others": ("–", "–", "0"), "total": total}
        found, small = attacked(numbers | {"others": {"without": 0, "with": 0}}, parts)
        assert found == [], status
        all_small += small
    assert all_small >= 3


def test_a_single_simulation_leaves_out_the_months_from_which_a_small_one_could_be_worked_out(visit, folder, tmp_path):
    """A fan of one simulation is its series, whose months add up to the total."""
    model, _ = study_and_fit(str(folder))
    points = {}
    for reason in ("", "for a test"):
        seen = visit(write_explore(tmp_path / f"page{len(reason)}.html", model, None, 1, SEED, small_shown_because=reason))
        seen.page.goto(f"{seen.page.url}{LESS}")
        seen.page.reload()
        finished(seen.page)
        seen.page.locator("#results > details").evaluate_all("(all) => all.forEach((box) => { box.open = true; })")
        seen.page.wait_for_timeout(300)
        found = seen.page.locator("svg[data-output] path.median").evaluate_all(
            "(all) => all.map((line) => [line.ownerSVGElement.dataset.output, line.getAttribute('d').split(/[ML]/).length - 1])"
        )
        points[reason] = dict(found)
        assert seen.complaints == []
    hidden, shown = points.values()
    assert hidden.keys() == shown.keys() and all(hidden[name] <= shown[name] for name in shown)
    fewer = [name for name in shown if hidden[name] < shown[name]]
    # one month alone would be the total less the others
    assert fewer and all(shown[name] - hidden[name] >= 2 or hidden[name] == 0 for name in fewer)


def test_the_attacker_finds_what_hiding_small_counts_alone_gives_away():
    texts = {"total": ("120", "131", "+11"), "a": ("<5", "20", "≈ +20"), "b": ("116", "111", "−5")}
    found, small = attacked({"a": {"without": 4.0, "with": 20.0}, "b": {"without": 116.0, "with": 111.0}}, texts)
    assert small == 1 and [name for name, *_ in found] == ["a"]


HEIGHTS = """([pictures, few]) => {
  let seen = 0;
  for (const picture of document.querySelectorAll(pictures)) {
    const band = picture.querySelector(few);
    if (band === null) continue;
    const [top, bottom] = [band.y.baseVal.value, band.y.baseVal.value + band.height.baseVal.value];
    for (const line of picture.querySelectorAll("path.median, path.band, path.before, path.band-before")) {
      for (const [, y] of line.getAttribute("d").matchAll(/,(-?[\\d.]+)/g)) {
        seen += 1;
        if (Number(y) > top + 0.11 && Number(y) < bottom - 0.11) throw new Error(`${picture.dataset.output} at ${y}`);
      }
    }
  }
  return seen;
}"""
"""No line of a picture goes through its band of small counts but along its edges; how many points were looked at."""


def test_no_picture_and_no_attribute_tells_a_small_count(visit, paths):
    """Everything in the page that is a number of people: heights of fans, circles, names for screen readers, attributes."""
    page, truth = (opened(visit, path, LESS) for path in paths)
    for tab in ("corridor", "measures"):
        for one in (page, truth):
            go_to(one, tab)
            one.evaluate("document.querySelectorAll('#page details').forEach((box) => { box.open = true; })")
            one.wait_for_timeout(1500)
    small, told = set(), set()
    for one, into in ((truth, small), (page, told)):
        for text in one.locator("[data-numbers]").evaluate_all("(all) => all.map((node) => node.dataset.numbers)"):
            into |= {
                abs(value) for value in json.loads(text).values() if value is not None and 0 < abs(value) < SMALLEST_SHOWN_PEOPLE
            }
    assert len(small) > 10
    assert all(
        abs(float(one)) >= 5 or float(one) == 0
        for one in page.locator("[data-people]").evaluate_all("(all) => all.map((node) => node.dataset.people)")
    )
    assert page.evaluate(HEIGHTS, ["svg[data-output]", "rect.few"]) > 100
    # days of waiting are no people
    assert len(told) < len(small) / 2


def math_close(one, other):
    return abs(one - other) <= 1e-9 * max(abs(one), 1)
