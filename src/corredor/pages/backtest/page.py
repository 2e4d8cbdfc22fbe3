"""The page of a backtest: what it says in words, losses first, then pictures and every score."""

from __future__ import annotations

import pandas as pd

from corredor.learn.backtest.paired_tests import paired_table
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.shown import without_lone_scores
from corredor.learn.backtest.verdict import fit_words, headline, method_title, score_table
from corredor.pages.backtest.pictures import calibration_pictures, skill_pictures
from corredor.pages.backtest.tables import coverage_rows, fits, log_score_note, overall, pairs, scored, thresholds
from corredor.pages.template import filled
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE


def render_backtest(test: Backtest, made_up: bool = False, command: str = "") -> str:
    """The page as one HTML file without any outside part.

    made_up : whether the study's figures are invented; the page says so
    """
    scores, paired = score_table(test), paired_table(test)
    return filled(
        "backtest.html.j2",
        test=test,
        made_up=made_up,
        command=command,
        headline=headline(test),
        fit_words=fit_words(test),
        fits=fits(test),
        overall=[overall(test, str(output)) for output in scores["output"].unique()],
        pairs=pairs(test, without_lone_scores(paired, test.rows, test.hidden)),
        pictures=skill_pictures(test, scores, paired),
        intervals=len(paired) > 0 and bool(paired["low"].notna().any()),
        calibration=calibration_pictures(test),
        coverage=coverage_rows(test),
        thresholds=thresholds(test),
        scores=scored(test, without_lone_scores(scores, test.rows, test.hidden)),
        small_shown_because=test.small_shown_because,
        smallest=SMALLEST_SHOWN_PEOPLE,
        log_score_note=log_score_note(scores),
        left_out=test.left_out,
        withheld=", ".join(test.titles.get(output, output) for output in test.withheld),
        fallen=_fallen(scores),
    )


def _fallen(scores: pd.DataFrame) -> str:
    share = scores.groupby("method", sort=False)["fell_back"].mean()
    return ", ".join(
        f"{method_title(str(method))} in {100 * part:.1f} % of forecasts" for method, part in share.items() if part > 0
    )
