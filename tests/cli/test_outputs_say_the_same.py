"""Do terminal, page, JSON and Python say the same, number for number, of a run, a comparison, a forecast and a backtest?

Claims: test_claims_say_the_same.py.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rich.console
import xarray as xr

from corredor import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.effects import Comparison
from corredor.engine.fitted import NAME, read_fitted
from corredor.learn import forecast as forecasting
from corredor.learn.backtest import backtest, headline
from corredor.learn.backtest.verdict import method_title
from corredor.learn.coming_months import coming_table, shown_coming, shown_thresholds, threshold_table, without_given_away
from corredor.learn.forecast import forecast
from corredor.pages.artefacts.backtest import backtest_as_json
from corredor.pages.artefacts.comparison import comparison_table
from corredor.pages.forecast.headline import cards as forecast_cards
from corredor.pages.forecast.headline import forecast_answer
from corredor.pages.forecast.tables import forecast_outputs
from corredor.pages.report.comparison_answer import answer_of
from corredor.pages.report.comparison_words import compared_outputs
from corredor.pages.report.comparison_words import headline as comparison_cards
from corredor.pages.report.first_screen.cards import first_cards
from corredor.pages.report.first_screen.told import first_screen
from corredor.results.hidden_numbers import shown_coverage, shown_effects, shown_summary
from corredor.results.view import read_run
from corredor.study.catalogue import bundled_studies

DRAWS = 4
"""Numbers of so few draws are worth nothing; that all outputs have the same is what is asked."""

Here = Callable[..., CompletedProcess[str]]
Rows = list[list[str]]
RUN = {"two-towns": "bridge_patrols", "mexico-2018": "protocols_san_ysidro"}
"""Study → the measure that is compared."""
AS_OF = {"two-towns": "2021-04-15", "mexico-2018": "2018-12-10"}


class Wide(rich.console.Console):
    """A terminal on which no cell of a table is cut into lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "width": 2000})


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    monkeypatch.setattr(rich.console, "Console", Wide)


@pytest.fixture(params=RUN)
def study(request) -> str:
    return request.param


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def full(cells: Sequence[str]) -> list[str]:
    """Cells that are not empty, without unbreakable blanks."""
    return [" ".join(str(cell).split()) for cell in cells if str(cell).strip()]


def page_table(page: str, caption: str) -> Rows:
    """The rows of the table whose caption begins with these words."""
    table = next(
        t for t in re.findall(r"<table>.*?</table>", page, re.DOTALL) if plain(t.split("</caption>")[0]).startswith(caption)
    )
    rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
    return [full([plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]) for row in rows]


def printed_table(printed: str, title: str) -> Rows:
    """The rows of the table of this title on the terminal."""
    lines = printed[printed.index(f"{title} ") :].splitlines()
    first = next(number for number, line in enumerate(lines) if set(line.strip()) == {"─"}) + 1
    body = lines[first : next((n for n, line in enumerate(lines) if n > first and not line.strip()), len(lines))]
    return [full(re.split(r"\s{2,}", line.strip())) for line in body]


def page_answers(page: str) -> list[tuple[str, str]]:
    """Label and answer of each question of a first screen."""
    told = re.findall(r'<div data-about="\w+"><dt>(.*?)</dt><dd>(.*?)</dd></div>', page, re.DOTALL)
    return [(plain(label), plain(words)) for label, words in told]


def page_cards(page: str) -> list[tuple[str, str]]:
    """Title and number of each card of a first screen."""
    told = re.findall(r'class="what"[^>]*>(.*?)</(?:span|a)>\s*<span class="number">(.*?)</span>', page, re.DOTALL)
    return [(plain(title), plain(number)) for title, number in told]


def spoken(sentences: Sequence[str]) -> str:
    return " ".join(" ".join(sentences).replace("`", " ").split())


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(table.to_json(orient="records"))


def as_printed(table: pd.DataFrame, path: Path) -> None:
    """A file holds the numbers of a table, to six figures."""
    pd.testing.assert_frame_equal(pd.read_csv(path), pd.read_csv(_csv(table, path)), rtol=1e-5, check_dtype=False)


def _csv(table: pd.DataFrame, path: Path) -> Path:
    again = path.with_name("again.csv")
    table.to_csv(again, index=False)
    return again


def both_ways(here: Here, *arguments: object) -> tuple[str, Any]:
    """What a command prints for people, and as JSON."""
    asked = (*arguments, "--jobs", 1, "--out", "out")
    printed = here(*asked)
    assert printed.returncode == 0, printed.stderr
    return printed.stdout, json.loads(here(*asked, "--json").stdout)


def test_a_run(here, study, tmp_path):
    printed, told = both_ways(here, "run", study, "--draws", DRAWS)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    dataset = simulate(study, draws=DRAWS, jobs=1)
    run = read_run(dataset)

    answer = first_screen(run)
    sentences, cards = answer.sentences, answer.cards
    assert told["in_short"] == [sentence.as_json() for sentence in sentences]
    assert printed.splitlines()[:5] == [f"{sentence.label}: {sentence.words}" for sentence in sentences]
    assert page_answers(page) == [(one.label, spoken([one.words])) for one in sentences]

    assert told["series"] == json.loads(json.dumps([card.as_json() for card in cards]))
    assert [row[:3] for row in page_table(page, "All series")] == [full([c.title, c.side, c.number]) for c in cards]
    first = [full([card.title, card.side, card.number, card.interval]) for card in first_cards(cards)]
    assert [row[:4] for row in printed_table(printed, "Series with the largest changes and failures")] == first
    assert page_cards(page) == [(card.title, card.number) for card in first_cards(cards)]
    whole = [card for card in cards if card.words == "in all, over the whole study"]
    assert whole
    for card in whole:
        quantiles = np.quantile(dataset.corredor.total(card.name), [0.1, 0.5, 0.9])
        shown = [run.wording(card.name).told(value) for value in quantiles]
        np.testing.assert_allclose(shown, [card.low80, card.median, card.high80], rtol=1e-9)

    assert told["summary"] == records(shown_summary(dataset))
    as_printed(shown_summary(dataset), tmp_path / "out" / "summary.csv")
    assert told["coverage"] == records(shown_coverage(dataset))
    rows = printed_table(printed, "Published figures inside the bands of the model")
    assert [row[: len(rows[0])] for row in page_table(page, "Published figures inside")] == rows
    shares = [[f"{100 * row[f'inside_{band}']:.0f} %" for band in (50, 80, 95)] for row in told["coverage"]]
    assert [row[-4:-1] for row in rows] == shares


def test_a_comparison(here, study, tmp_path):
    printed, told = both_ways(here, "compare", study, "--without", RUN[study], "--draws", DRAWS)
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    dataset = compare(study, without=[RUN[study]], draws=DRAWS, jobs=1)

    answer = answer_of(dataset)
    assert told["answer"] == answer
    assert printed.splitlines()[: len(answer)] == [" ".join(sentences) for sentences in answer.values()]
    assert [words for _, words in page_answers(page)] == [spoken(sentences) for sentences in answer.values()]

    assert told["effects"] == records(shown_effects(dataset, comparison_table(dataset)))
    as_printed(shown_effects(dataset, comparison_table(dataset)), tmp_path / "out" / "compare.csv")
    rows = printed_table(printed, "With less without:")
    sides = dict.fromkeys(row[0] for row in rows)
    of_page = [[side, *row[:6], row[-1]] for side in sides for row in page_table(page, f"Effect on outputs of {side}")]
    assert of_page == rows
    cards = [card for of_side in comparison_cards(*_outputs(dataset)).values() for card in of_side]
    assert page_cards(page) == [(card.title, card.number) for card in cards]
    difference = {row[1]: row[4] for row in rows}
    for card in cards:
        mean = next(row["mean"] for row in told["effects"] if (row["output"], row["by"]) == (card.output, "total"))
        assert mean is None or mean == pytest.approx(Comparison(dataset).effect(card.output).means[2])
        assert difference.get(card.title, "0")[0] == (card.number[0] if card.number != "no change" else "0")


def _outputs(dataset: xr.Dataset) -> tuple[Comparison, list[str]]:
    found = Comparison(dataset)
    return found, compared_outputs(found, read_run(dataset.sel(scenario="with")))


@pytest.fixture
def quick_fit(study, monkeypatch):
    """A fit of few draws; of mexico-2018 the bundled one, which is of that very day."""
    monkeypatch.setattr(forecasting, "FIT_DRAWS", 20)
    if study == "mexico-2018":
        monkeypatch.setattr(forecasting, "fit", lambda *_, **__: read_fitted(bundled_studies()[study] / NAME))


@pytest.mark.usefixtures("quick_fit")
def test_a_forecast(here, study, tmp_path):
    asked = ("--as-of", AS_OF[study], "--months", 2, "--draws", 20)
    printed, told = both_ways(here, "forecast", study, *asked)
    page = (tmp_path / "out" / "forecast.html").read_text(encoding="utf-8")
    dataset = forecast(study, as_of=AS_OF[study], months=2, draws=20, jobs=1)
    run = read_run(dataset)

    answer = forecast_answer(run).as_json()
    assert told["answer"] == answer
    assert printed.splitlines()[: len(answer)] == [" ".join(sentences) for sentences in answer.values() if sentences]
    first = {**answer, "out_of_line": answer["out_of_line"][:2]}
    for (_, words), sentences in zip(page_answers(page), filter(None, first.values()), strict=True):
        assert words.startswith(spoken(sentences))
    assert all(spoken([sentence]) in plain(page.replace("<code>", "")) for sentence in answer["out_of_line"])

    assert told["coming"] == records(shown_coming(run, coming_table(dataset)))
    assert told["thresholds"] == records(shown_thresholds(run, threshold_table(dataset)))
    for title in _printed_titles(printed):
        assert page_table(page, title) == printed_table(printed, title)
    table = without_given_away(run, coming_table(dataset, forecast_outputs(run)))
    cards = [card for of_side in forecast_cards(run, table).values() for card in of_side]
    assert page_cards(page) == [(card.title, card.number) for card in cards]


def _printed_titles(printed: str) -> Iterator[str]:
    """Titles of the tables that page and terminal share."""
    titles = ("As they would be published", "Everybody in the model", "Chances of passing a threshold")
    found = [title for title in titles if f"{title} " in printed]
    assert "As they would be published" in found or "Everybody in the model" in found
    yield from found


def test_a_backtest_says_the_same_verdict(here, tmp_path):
    effort = {"months": 1, "methods": "corredor,last_value", "draws": 20, "members": 10, "rounds": 1, "window_months": 12}
    options = [part for name, value in effort.items() for part in (f"--{name.replace('_', '-')}", value)]
    printed, told = both_ways(here, "backtest", "mexico-border-2011", "--origins", "2018-06", *options)
    page = (tmp_path / "out" / "backtest.html").read_text(encoding="utf-8")
    test = backtest("mexico-border-2011", origins="2018-06", **effort, jobs=1)

    sentences = headline(test)
    assert sentences and told["headline"] == sentences
    assert printed.splitlines()[: len(sentences)] == sentences
    told_on_page = re.findall(r"<p>(.*?)</p>", page.split('id="headline"')[1], re.DOTALL)
    assert [plain(words) for words in told_on_page[: len(sentences)]] == [spoken([sentence]) for sentence in sentences]
    assert told == {**json.loads(json.dumps(backtest_as_json(test))), "command": told["command"]}
    assert json.loads((tmp_path / "out" / "backtest.json").read_text(encoding="utf-8"))["scores"] == told["scores"]
    rows = printed_table(printed, "Mean error in people (CRPS, WIS) and how often the bands held")
    of_page = page_table(page, "Border Patrol apprehensions, by sector: mean error")
    assert of_page == [[method_title(row[2]), *row[3:]] for row in rows]
