"""Make docs/evidence/ by running the benchmark of all methods on the bundled evidence, and the results in docs/EVIDENCE.md from it.

    python docs/make_evidence.py           writes the results into the page
    python docs/make_evidence.py --run     runs the benchmark first (an hour or more) and notes the look in looks.csv

The same command goes on from where it was stopped. Whoever looked at the results of claims in another way adds a row to looks.csv by hand.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from stands_alone import small_multiples

from corredor.effects.benchmark.bundled import EVIDENCE, bundled_evidence
from corredor.effects.benchmark.evidence import Evidence
from corredor.effects.benchmark.headline import headline
from corredor.effects.benchmark.judged import percent_of
from corredor.effects.benchmark.scores import MethodScore, score_from_json
from corredor.effects.design.panel import MONTHS_A_YEAR, unbroken_past
from corredor.pages.benchmark.page import row_picture
from corredor.pages.benchmark.words import (
    METHOD_COLUMNS,
    ROW_COLUMNS,
    in_order,
    interval_words,
    p_words,
    percent_words,
    row_cells,
    score_cells,
    size_words,
)

DOCS = Path(__file__).resolve().parent
RESULTS = DOCS / "evidence"
PAGE = DOCS / "EVIDENCE.md"
MARKS = "<!-- results: written by docs/make_evidence.py -->", "<!-- end of results -->"
SOURCE_MARKS = "<!-- sources: written by docs/make_evidence.py -->", "<!-- end of sources -->"
LOOK_COLUMNS = ("when", "rules", "what was seen", "what came of it")
PANEL_PX, HEIGHT_PX, COLUMNS = 320.0, 170.0, 3


def run() -> None:
    """Run the benchmark and write what came of it."""
    from corredor.effects.benchmark.methods import ALL
    from corredor.effects.benchmark.run import benchmark
    from corredor.engine.checkpoint import drop_checkpoint
    from corredor.study.whole_file import replace_whole

    RESULTS.mkdir(exist_ok=True)
    test = benchmark(
        methods=ALL,
        progress=lambda done, total: print(f"{done} of {total} methods", file=sys.stderr, flush=True),
        keep_in=RESULTS,
    )
    test.save(RESULTS / "benchmark.csv")
    facts = {"rules_sha256": test.rules, "seed": test.seed, "scores": [score.as_json() for score in test.scores()]}
    facts["placebos"] = {kind: int(n) for kind, n in test.placebos.groupby("kind")["method"].count().items()}
    wrong = test.placebos[(test.placebos["method"] == test.scores()[0].method) & test.placebos["finds"].isin([-1.0, 1.0])]
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    replace_whole(RESULTS / "scores.json", lambda path: path.write_text(text, encoding="utf-8"))
    replace_whole(RESULTS / "false_verdicts.csv", lambda path: wrong.to_csv(path, index=False, float_format="%.6g"))
    sheet = picture(test.rows, test.evidence)
    replace_whole(RESULTS / "claims.svg", lambda path: path.write_text(sheet, encoding="utf-8"))
    note_look(RESULTS / "looks.csv", test.rules, test.answer()["missed"][0])
    drop_checkpoint(RESULTS)


def note_look(path: Path, rules: str, seen: str) -> None:
    """One more row of looks.csv."""
    new = not path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(LOOK_COLUMNS)
        writer.writerow([datetime.now(UTC).date().isoformat(), rules[:12], seen, ""])


def picture(rows: pd.DataFrame, evidence: Evidence) -> str:
    """Every claim with its figure, as one picture that stands alone."""
    own = in_order(rows[rows["method"] == rows["method"].iloc[0]])
    claims = {claim.id: claim for claim in evidence.claims}
    charts = []
    for row in own.itertuples():
        claim = claims[str(row.id)]
        drawn, _ = row_picture(evidence, claim, row, [(PANEL_PX, HEIGHT_PX)])
        charts.append((f"{row.id}: {_short(claim.series)}", "".join(map(str, drawn))))
    return small_multiples(charts, PANEL_PX, HEIGHT_PX, COLUMNS)


def _short(series: str) -> str:
    first, *rest = series.split(" + ")
    return f"{first} and {len(rest)} more" if rest else first


def results(rows: pd.DataFrame, facts: dict, looks: pd.DataFrame, false: pd.DataFrame) -> str:
    """Everything between the marks, as Markdown."""
    evidence = bundled_evidence()
    scores = [score_from_json(told) for told in facts["scores"]]
    own = rows[rows["method"] == scores[0].method]
    parts = [
        "\n".join(f"- {sentence}" for sentence in headline(scores, own)),
        "### Aims",
        _table(("aim", "measured", "reached"), _aims(scores[0])),
        f"### Every claim, by the method {scores[0].method}",
        _table(ROW_COLUMNS, row_cells(own)),
        "The smallest fall and rise it sees are those found at four of five quiet dates to which they are added.",
        "![Every claim: published months, what was to be expected in the window, and the window](evidence/claims.svg)",
        "### Every method",
        _table(METHOD_COLUMNS, (score_cells(score) for score in scores)),
        METHOD_NOTES,
        "### What is lost, and what would mend it",
        _losses(own, evidence),
        "### False verdicts",
        _false_words(false),
        "### How often was looked",
        f"Looks at the answers to these claims: {len(looks)}, each with what came of it. Placebo windows were looked at as often as there "
        "was need, since no claim can be tuned by them.",
        _table(LOOK_COLUMNS, looks[list(LOOK_COLUMNS)].fillna("").itertuples(index=False)),
        "### Frozen rules",
        f"sha256 of the files that decide (`effects/design/*.py`, `judged.py` and `placebos.py` of `effects/benchmark/`):\n\n"
        f"```text\n{facts['rules_sha256']}\n```",
    ]
    return "\n\n".join(part for part in parts if part)


METHOD_NOTES = (
    "All are asked the same questions and share one inference, except *interrupted series*, the estimate that `corredor claims` had "
    "before: it knows one series and its own placebo dates. “Whole”: agreed sizes that lie in the interval as a whole. “False: none”: "
    "effects found of measures that had none. Width: the median of the 95 % interval, in logarithms, and as so many times that of the "
    "interrupted series."
)


def _aims(score: MethodScore) -> list[list[str]]:
    """What was to be reached, set before any answer was seen, and what was."""
    rows = [
        ("agreed effects found with the right sign in 85 % or more", score.found.value, score.found.value >= 0.85),
        ("false verdicts at placebo dates in 5 % or fewer", score.false_dates.value, score.false_dates.value <= 0.05),
        ("false verdicts at placebo units in 5 % or fewer", score.false_units.value, score.false_units.value <= 0.05),
        ("agreed sizes held by 80 % or more of the 95 % intervals", score.sizes.value, score.sizes.value >= 0.80),
        ("median width of the interval half that of the single interrupted series", score.width_ratio, score.width_ratio <= 0.5),
    ]
    return [
        [aim, f"{value:.2f} times" if value is score.width_ratio else f"{100 * value:.1f} %", "yes" if met else "**no**"]
        for aim, value, met in rows
    ]


def _losses(own: pd.DataFrame, evidence: Evidence) -> str:
    """Every claim that was not answered as it is known, with what the series had to say it with."""
    claims = {claim.id: claim for claim in evidence.claims}
    lines = []
    for row in own[own["judged"].isin(["missed", "wrong sign", "no answer", "false verdict"])].itertuples():
        window = evidence.window(claims[str(row.id)])
        past = unbroken_past(evidence.panel, window)
        said = f"- **{row.id}**, {row.judged}. The series has {len(past)} months before the date, "
        said += f"{past[-MONTHS_A_YEAR:].mean():,.0f} people a month in the last year of them. "
        if row.judged != "no answer":
            said += f"Seen: {percent_words(row.effect_percent)}, p {p_words(row.p_value)}. "
        if row.judged == "missed":
            needed = percent_words(row.least_fall_percent if row.direction == "lower" else row.least_rise_percent)
            said += f"To be seen at four of five dates it had to reach {needed}. "
        lines.append(said + MENDS[len(past) < FEW_MONTHS])
    outside = own[own["holds_size"].eq(False) & (own["judged"] == "found")]
    lines += [
        f"- **{row.id}**, found, but its interval ({interval_words(row.low_percent, row.high_percent)}) does not hold the agreed size "
        f"({size_words(row.size_low, row.size_high)})."
        for row in outside.itertuples()
    ]
    return "\n".join(lines) or "Nothing: every agreed effect was found, and every agreed size is held."


FEW_MONTHS = 36
MENDS = {
    True: "A longer series before the date would mend it.",
    False: "Counts by week or day, or a count of the same people at a place that the measure did not touch, would mend it.",
}
"""By whether the series is short."""


def _false_words(false: pd.DataFrame) -> str:
    dates = false[false["kind"] == "date"]
    cells = [
        [str(row.series), str(row.month), percent_words(percent_of(row.effect)), f"{row.p_value:.3f}"]
        for row in dates.itertuples()
    ]
    if not cells:
        return "None at placebo dates."
    words = "At placebo dates. Something may have happened there that nobody listed; it counts as false all the same."
    return f"{words}\n\n{_table(('series', 'window begins', 'effect', 'p'), cells)}"


def _table(columns: tuple[str, ...], rows) -> str:
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [columns, ["---"] * len(columns), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written_page(page: str, rows: pd.DataFrame, facts: dict, looks: pd.DataFrame, false: pd.DataFrame) -> str:
    """The page with the results and the sources in their places."""
    for (begin, end), text in ((MARKS, results(rows, facts, looks, false)), (SOURCE_MARKS, sources_table())):
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n\n{text}\n\n{end}{after}"
    return page


def read_results(folder: Path) -> tuple[pd.DataFrame, dict, pd.DataFrame, pd.DataFrame]:
    """Rows, scores, looks and false verdicts."""
    facts = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    rows, false = (pd.read_csv(folder / name) for name in ("benchmark.csv", "false_verdicts.csv"))
    return rows, facts, pd.read_csv(folder / "looks.csv", dtype=str), false


def sources_table() -> str:
    """Where the bundled series are from, as Markdown."""
    rows = pd.read_csv(EVIDENCE / "sources.csv", keep_default_na=False)
    columns = ("file", "publisher", "title", "months", "licence", "note")
    return _table(columns, rows[list(columns)].itertuples(index=False))


if __name__ == "__main__":
    if "--run" in sys.argv[1:]:
        run()
    found = read_results(RESULTS)
    PAGE.write_text(written_page(PAGE.read_text(encoding="utf-8"), *found), encoding="utf-8")
    (RESULTS / "claims.svg").write_text(picture(found[0], bundled_evidence()), encoding="utf-8")
