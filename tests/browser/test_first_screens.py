"""Do the first screens answer in the time that docs/FIRST_SCREENS.md says?"""

import re
import sys

import pytest
from scripts import ROOT, loaded

from corredor import cli

SCRIPT = loaded("docs/make_first_screens.py")
OF_REPORT = [question for question in SCRIPT.QUESTIONS if question.page == "report"]
PAGE = """<body><header class="masthead"><h1>A made-up title</h1></header><nav>not read at all</nav>
<main><p id="first">Five words are read here.</p><details><summary>More</summary><p id="hidden">not these</p></details>
<p style="display:none">nor these</p><p id="second">And – three more.</p>
<div style="height:{height}px"></div><p id="late">Far below.</p></main></body>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the questions about the report, made by the command of the table."""
    folder = tmp_path_factory.mktemp("first_screens")
    question = OF_REPORT[0]
    with pytest.MonkeyPatch.context() as patched, pytest.raises(SystemExit) as ended:
        patched.setattr(sys, "argv", [*question.command.split(), "--out", str(folder / question.folder), "--json"])
        cli.main()
    assert ended.value.code == 0
    return folder


def test_the_table_is_what_was_measured():
    text = SCRIPT.PAGE.read_text(encoding="utf-8")
    assert text == SCRIPT.written(text, SCRIPT.kept())


def test_the_report_answers_in_as_many_words_as_the_table_says(pages, browser):
    measured = SCRIPT.measure(OF_REPORT, pages, browser)
    assert measured == {key: words for key, words in SCRIPT.kept().items() if key in measured}, (
        "measure anew: docs/make_first_screens.py"
    )


def test_every_question_is_answered_within_sixty_seconds_on_a_phone_and_on_a_desk():
    for question in SCRIPT.QUESTIONS:
        for width, _ in SCRIPT.SCREENS:
            words = SCRIPT.kept().get((question.number, width))
            assert words is not None and words <= SCRIPT.WORDS_A_MINUTE, (question.number, width)


def test_every_question_was_written_down():
    text = (ROOT / "docs" / "FIRST_SCREENS.md").read_text(encoding="utf-8").split("## Measured")[0]
    asked = re.findall(r"^\| (\d+) \|.*\| (\w+) \|$", text, re.MULTILINE)
    assert asked == [(str(question.number), question.page) for question in SCRIPT.QUESTIONS]


def test_words_are_counted_to_the_end_of_the_answer_and_only_if_they_are_seen(tmp_path, browser):
    folder = tmp_path / "run-x"
    folder.mkdir()
    (folder / "p.html").write_text("<!doctype html><meta charset=utf-8>" + PAGE.format(height=2000), encoding="utf-8")
    asked = [
        SCRIPT.Question(number, "x", "corredor run x", "p.html", selector)
        for number, selector in enumerate(["#first", "#second", "#late", "#hidden", "#none"])
    ]
    measured = SCRIPT.measure(asked, tmp_path, browser)
    assert [measured[number, 390] for number in range(5)] == [8, 12, None, None, None]
