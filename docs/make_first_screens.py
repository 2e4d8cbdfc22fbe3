"""Measures the first screens of pages in a real browser, and writes the table of docs/FIRST_SCREENS.md.

    python docs/make_first_screens.py                 makes all pages that are missing and measures them
    python docs/make_first_screens.py report claims   only these pages; rows of the others stay as they are

Pages are made by the commands of the table in a folder (--in, else runs/first-screens) and kept there; delete a page to make it anew.
For each question: the words from the top of the page to the end of the answer, as they are seen on a first screen of 390 × 844 and of
1300 × 900 pixels, and the seconds in which 200 words a minute take a reader through them. tests/browser/test_first_screens.py compares.
"""

from __future__ import annotations

import argparse
import csv
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).resolve().parent
PAGE, MEASURED = DOCS / "FIRST_SCREENS.md", DOCS / "first_screens.csv"
MARKS = "<!-- measured: written by docs/make_first_screens.py -->", "<!-- end of measured -->"
SCREENS = ((390, 844), (1300, 900))
WORDS_A_MINUTE = 200
COLUMNS = ("question", "width_px", "words")
MISSED = "–"


@dataclass(frozen=True)
class Question:
    """One of the ten.

    number : as in docs/FIRST_SCREENS.md; page : which page answers it
    command : makes the page in a folder, the last argument of --out; file : the page's name in that folder
    answer : CSS selector of what answers the question
    """

    number: int
    page: str
    command: str
    file: str
    answer: str

    @property
    def folder(self) -> str:
        return "-".join(word.strip("-") for word in shlex.split(self.command)[1:3])


REPORT = "corredor run mexico-2018 --draws 100"
FORECAST = "corredor forecast mexico-2018 --as-of 2018-12-10 --draws 100"
COMPARE = "corredor compare mexico-2018 --without protocols_san_ysidro --draws 100"
BACKTEST = "corredor backtest mexico-border-2011 --origins 2018-01:2018-03"
CLAIMS = "corredor claims mexico-2018 --draws 100"
BENCHMARK = "corredor benchmark"

QUESTIONS = (
    Question(1, "report", REPORT, "report.html", "[data-about=peak]"),
    Question(2, "report", REPORT, "report.html", "[data-about=change]"),
    Question(3, "report", REPORT, "report.html", "[data-about=failure]"),
    Question(4, "report", REPORT, "report.html", "[data-about=planning]"),
    Question(5, "forecast", FORECAST, "forecast.html", "[data-about=change]"),
    Question(6, "forecast", FORECAST, "forecast.html", "[data-about=plan]"),
    Question(7, "compare", COMPARE, "compare.html", "[data-about=instead]"),
    Question(8, "backtest", BACKTEST, "backtest.html", "#headline > p:not(.quiet)"),
    Question(9, "claims", CLAIMS, "claims.html", ".tally"),
    Question(10, "benchmark", BENCHMARK, "benchmark.html", "[data-about=wrong]"),
)

READ = """([selector, height, width]) => {
  const answer = document.querySelector(selector);
  if (!answer || !answer.checkVisibility()) return null;
  const box = answer.getBoundingClientRect();
  if (box.bottom > height || box.top < 0) return null;
  let words = 0;
  for (const part of document.querySelectorAll("body header.masthead, body main")) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const after = answer.compareDocumentPosition(node);
      if (!answer.contains(node) && after & Node.DOCUMENT_POSITION_FOLLOWING) return words;
      if (!node.parentElement.checkVisibility()) continue;
      for (const match of node.textContent.matchAll(/\\S*[\\p{L}\\p{N}]\\S*/gu)) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const at = range.getBoundingClientRect();
        if (at.width > 0 && at.bottom > 0 && at.top < height && at.left < width) words += 1;
      }
    }
  }
  return words;
}"""
"""Words seen from the top to the end of the answer; null when the answer does not end on the first screen."""


def words_to(browser: Browser, page: Path, answer: str, screen: tuple[int, int]) -> int | None:
    """Words from the top of a page to the end of an answer; None where that is not on the first screen.

    answer : CSS selector; screen : width and height in pixels
    """
    width, height = screen
    opened = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened.goto(page.as_uri())
    words: int | None = opened.evaluate(READ, [answer, height, width])
    opened.close()
    return words


def measure(questions: Iterable[Question], folder: Path, browser: Browser) -> dict[tuple[int, int], int | None]:
    """Question and width of screen → words, in pages that lie in a folder.

    raises : FileNotFoundError for a page that was not made
    """
    measured = {}
    for question in questions:
        page = folder / question.folder / question.file
        if not page.is_file():
            raise FileNotFoundError(f"{page} is missing: {question.command} --out {page.parent}")
        for screen in SCREENS:
            measured[question.number, screen[0]] = words_to(browser, page.resolve(), question.answer, screen)
    return measured


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A Chromium without a window.

    raises : FileNotFoundError when there is none
    """
    name = next((found for one in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(one))), None)
    if name is None:
        raise FileNotFoundError("no chromium found: install it, as `make browser` does")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=name, args=["--no-sandbox", "--headless"])
        yield browser
        browser.close()


def make_pages(questions: Iterable[Question], folder: Path) -> None:
    """Run the commands of pages that do not lie in the folder."""
    for question in questions:
        if not (folder / question.folder / question.file).is_file():
            command = [sys.executable, "-m", *shlex.split(question.command), "--out", str(folder / question.folder)]
            print(shlex.join(command[1:]), file=sys.stderr, flush=True)
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def kept() -> dict[tuple[int, int], int | None]:
    """What was measured before."""
    if not MEASURED.is_file():
        return {}
    with MEASURED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(int(row["question"]), int(row["width_px"])): int(row["words"]) if row["words"] else None for row in rows}


def keep(measured: dict[tuple[int, int], int | None]) -> None:
    with MEASURED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*key, "" if words is None else words) for key, words in sorted(measured.items()))


def table(measured: dict[tuple[int, int], int | None]) -> str:
    """The table of the page."""
    heads = [f"{width} px: words | seconds" for width, _ in SCREENS]
    lines = [f"| question | page | command | {' | '.join(heads)} |", "|---|---|---|" + "--:|--:|" * len(SCREENS)]
    for question in QUESTIONS:
        cells = []
        for width, _ in SCREENS:
            words = measured.get((question.number, width), -1)
            cells += ["not measured", MISSED] if words == -1 else ["below the first screen", MISSED] if words is None else []
            cells += [str(words), str(round(60 * words / WORDS_A_MINUTE))] if words is not None and words >= 0 else []
        lines.append(f"| {question.number} | {question.page} | `{question.command}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def written(text: str, measured: dict[tuple[int, int], int | None]) -> str:
    """The page with its table made anew."""
    begin, end = MARKS
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n{table(measured)}\n\n{end}{rest.split(end)[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = dict.fromkeys(question.page for question in QUESTIONS)
    parser.add_argument("pages", nargs="*", help=", ".join(known))
    parser.add_argument("--in", dest="folder", type=Path, default=DOCS.parent / "runs" / "first-screens")
    given = parser.parse_args()
    if not set(given.pages) <= set(known):
        parser.error(f"pages are {', '.join(known)}")
    chosen = [question for question in QUESTIONS if not given.pages or question.page in given.pages]
    make_pages(chosen, given.folder)
    with opened_browser() as browser:
        measured = kept() | measure(chosen, given.folder, browser)
    keep(measured)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), measured), encoding="utf-8")


if __name__ == "__main__":
    main()
