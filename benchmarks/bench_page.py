"""How quickly does the page that simulates answer, and does its memory stay flat? Measured in Chromium, in the page itself.

`measure_changes` and `measure_memory` are also used by tests, which look at what they count and not at times.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from corredor.engine.fitted import study_and_fit
from corredor.pages.explore.page import write_explore

PAIRS = 100
"""Draws with and without a change whose time is told."""

SETTLE_MS = 150

MEASURES = "#measures input[type=checkbox]:not([value])"
"""Boxes that take a measure away; those of its places have values."""

WATCH = """
() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ entryTypes: ["longtask"] });
  // when the answer to a change begins to show, and when so many pairs are in it
  window.change = (checkbox, pairs) => new Promise((resolve) => {
    const results = document.querySelector("#results");
    window.longest = 0;
    const began = performance.now();
    let first = 0;
    const look = () => {
      const shown = results.querySelector(".numbers") !== null ? Number(results.dataset.pairs) : 0;
      if (shown > 0 && first === 0) first = performance.now() - began;
      if (shown >= pairs) setTimeout(() => resolve({ first, all: performance.now() - began, longest: window.longest }), 100);
      else requestAnimationFrame(look);
    };
    checkbox.click();
    requestAnimationFrame(look);
  });
}
"""


@dataclass(frozen=True)
class Answered:
    """One change: milliseconds to the first fans, to so many pairs, and of the longest task that kept the page from painting."""

    first_ms: float
    all_ms: float
    longest_ms: float


@dataclass(frozen=True)
class Memory:
    """After so many changes, garbage collected: bytes of the page's heap, of its DOM nodes a number, of its process what is resident."""

    changes: int
    heap_bytes: float
    nodes: int
    resident_bytes: float


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("no chromium found; `make browser` installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--headless"])
        try:
            yield opened
        finally:
            opened.close()


def opened_page(browser: Browser, path: Path) -> tuple[Page, float]:
    """The page, when all draws of the study itself are there, and the milliseconds until it had first painted."""
    page = browser.new_context(viewport={"width": 1300, "height": 900}, bypass_csp=True).new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("#results")
    page.wait_for_timeout(SETTLE_MS)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.wait_for_selector('#results[data-complete="true"]', timeout=600_000)
    return page, float(painted)


def measure_changes(page: Page, changes: int, pairs: int) -> list[Answered]:
    """One measure after another taken away and brought back, each from the study as it is."""
    page.evaluate(WATCH)
    boxes = page.locator(MEASURES)
    found = []
    for number in range(changes):
        box = boxes.nth(number % boxes.count())
        told = box.evaluate(f"(box) => window.change(box, {pairs})")
        found.append(Answered(told["first"], told["all"], told["longest"]))
        _as_it_was(page)
    return found


def measure_memory(page: Page, changes: int, every: int) -> list[Memory]:
    """Memory after every so many of the changes."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    boxes = page.locator(MEASURES)
    found = []
    for number in range(1, changes + 1):
        boxes.nth(number % boxes.count()).click()
        # not every change is waited for to its end: a reader does not, either
        page.wait_for_selector("#results:has(.numbers)")
        _as_it_was(page)
        if number % every == 0:
            found.append(_memory(page, session, number))
    return found


def _as_it_was(page: Page) -> None:
    button = page.locator(".doing button").nth(2)
    if button.is_enabled():
        button.click()
    page.wait_for_selector("#results:not(:has(.numbers))")
    page.wait_for_timeout(SETTLE_MS)


def _memory(page: Page, session: Any, changes: int) -> Memory:
    session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return Memory(changes, metrics["JSHeapUsedSize"], int(metrics["Nodes"]), _resident_bytes(page))


def _resident_bytes(page: Page) -> float:
    """Resident bytes of the largest process that paints pages: the page's, with its workers and their WebAssembly memory."""
    whole = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    ids = [one["id"] for one in whole.send("SystemInfo.getProcessInfo")["processInfo"] if one["type"] == "renderer"]
    whole.detach()
    return max(_status_bytes(int(number)) for number in ids)


def _status_bytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) * 1024


def growth(memory: list[Memory], of: str) -> float:
    """How much more the last third holds than the first, as a share: medians, so that no single collection of garbage decides."""
    third = max(len(memory) // 3, 1)
    first, last = (statistics.median(getattr(one, of) for one in part) for part in (memory[:third], memory[-third:]))
    return last / first - 1


def page_rows(study: str, draws: int, changes: int, memory_changes: int) -> Iterator[tuple[str, float, str, float | None, str]]:
    """Name, number, unit, target and how of each row of the table."""
    model, fitted = study_and_fit(study)
    with tempfile.TemporaryDirectory() as folder, browser() as opened:
        path = write_explore(Path(folder) / "page.html", model, fitted, draws, 1)
        page, painted = opened_page(opened, path)
        answered = measure_changes(page, changes, min(PAIRS, draws))
        how = f"Chromium, {study}, {draws} draws; median of {changes} changes, a measure taken away each"
        yield "page opens: first paint", painted, "ms", 2000, f"from opening the file of {path.stat().st_size / 1e6:.1f} MB"
        yield "first fans after a change", statistics.median(one.first_ms for one in answered), "ms", 400, how
        seconds = statistics.median(one.all_ms for one in answered) / 1000
        yield f"{min(PAIRS, draws)} paired draws after a change", seconds, "s", 6, how
        longest = statistics.median(one.longest_ms for one in answered)
        yield (
            "longest task of the page meanwhile",
            longest,
            "ms",
            100,
            f"{how}; the worst {max(o.longest_ms for o in answered):.0f}",
        )
        page.context.close()
        page, _ = opened_page(opened, path)
        memory = measure_memory(page, memory_changes, max(memory_changes // 15, 1))
        for of, what in (("heap_bytes", "heap"), ("resident_bytes", "process, workers included")):
            last = getattr(memory[-1], of) / 1e6
            how = f"{memory_changes} changes, garbage collected, last third beside first; {last:.0f} MB at the end"
            yield f"growth of the page's {what}", 100 * growth(memory, of), "%", 10, how
