"""Make the tables of docs/backtest/ by running the backtest of mexico-border-2011, and from them those of docs/BACKTEST.md and the track
record in the study's folder, backtest.json, which `corredor forecast` shows.

    python docs/make_backtest.py           writes the tables and the track record from the scores
    python docs/make_backtest.py --run     runs the backtest first: 66 origins, twenty minutes on two processors

The same command goes on from where it was stopped.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from corredor.learn.backtest.at_origin import AVERAGED
from corredor.learn.simple_methods import SIMPLE_METHODS

DOCS = Path(__file__).resolve().parent
SCORES = DOCS / "backtest" / "scores.csv"
FITS = DOCS / "backtest" / "fits.csv"
KEPT = ("paired", "coverage", "places", "thresholds")
"""Further tables of the backtest that are kept beside the scores."""
PAGE = DOCS / "BACKTEST.md"
STUDY = "mexico-border-2011"
TRACK_RECORD = DOCS.parent / "src" / "corredor" / "studies" / STUDY / "backtest.json"
TOLD = ["method", "output", "place", "group", "parts", "horizon_months", "crps", "cover50", "cover80", "cover95"]
"""Scores that the track record holds."""
ORIGINS, MONTHS, WINDOW_MONTHS = "2014-01:2019-06", 3, 48
BEGIN, END = "<!-- table: written by docs/make_backtest.py -->", "<!-- end of table -->"


def run() -> None:
    """Run the backtest and write its scores."""
    from corredor.engine.checkpoint import drop_checkpoint
    from corredor.learn.backtest import backtest
    from corredor.pages.artefacts.backtest import backtest_tables
    from corredor.study.whole_file import replace_whole

    SCORES.parent.mkdir(exist_ok=True)
    test = backtest(
        STUDY,
        origins=ORIGINS,
        months=MONTHS,
        window_months=WINDOW_MONTHS,
        progress=lambda done, total: print(f"{done} of {total} origins", file=sys.stderr, flush=True),
        keep_in=SCORES.parent,
    )
    replace_whole(SCORES.with_name("study_hash.txt"), lambda path: path.write_text(test.study_hash + "\n", encoding="utf-8"))
    replace_whole(FITS, lambda path: test.fits.to_csv(path, index=False))
    tables = backtest_tables(test)
    for name in (*KEPT, "scores"):
        replace_whole(
            SCORES.with_stem(name), lambda path, table=tables[name]: table.to_csv(path, index=False, float_format="%.6g")
        )
    drop_checkpoint(SCORES.parent)


def track_record(scores: pd.DataFrame, fits: pd.DataFrame, study_hash: str) -> str:
    """The file that lies beside the study: what `corredor.learn.track_record` reads, one score a line."""
    facts = {"study": STUDY, "study_hash": study_hash, "made_by": "docs/make_backtest.py", "origins": list(fits["origin"])}
    head = json.dumps(facts, indent=1)[:-2]
    rows = ",\n".join(f"  {json.dumps(row)}" for row in scores[TOLD].to_dict("records"))
    return f'{head},\n "scores": [\n{rows}\n ]\n}}\n'


def known_fits() -> pd.DataFrame | None:
    """What the fits of all origins say of themselves; none for scores that are older than such a file."""
    return pd.read_csv(FITS) if FITS.exists() else None


def kept_scores() -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Scores, fits and hash of the study, as the run left them."""
    study_hash = SCORES.with_name("study_hash.txt").read_text(encoding="utf-8").strip()
    return pd.read_csv(SCORES, keep_default_na=False), pd.read_csv(FITS), study_hash


def kept_tables() -> dict[str, pd.DataFrame]:
    """Further tables of the backtest by name; none of them for scores that are older than such files."""
    paths = {name: SCORES.with_stem(name) for name in KEPT}
    return {name: pd.read_csv(path, keep_default_na=False) for name, path in paths.items() if path.exists()}


def fit_sentence(fits: pd.DataFrame | None) -> str:
    """How well the fits of all origins met the figures."""
    if fits is None:
        return (
            "These scores were made with the smoother as it was before each draw went only as far as its own cost falls, and have not "
            "been made anew since; how well each fit met its figures, and each origin's errors, were not kept then. So no intervals can be "
            "given for them, and differences of a few percent should be read as none."
        )
    low, middle, high = fits["misfit"].quantile([0.0, 0.5, 1.0])
    n_missed, n_restless = (fits["not_reproduced"] > 0).sum(), (~fits["converged"]).sum()
    return (
        f"Fits of the {len(fits)} origins: misfit {low:.2f} to {high:.2f}, {middle:.2f} in the middle (about 1 or less is well), "
        f"after {fits['rounds'].min()} to {fits['rounds'].max()} rounds. At {n_missed} origins a fit did not reproduce the last known "
        "figures of a sector, so that the widened last value stands in for it "
        f"({fits['not_reproduced'].sum()} of {fits['series'].sum()} forecasts of a sector); "
        f"at {n_restless} it had not settled when its rounds ended."
    )


def tables(scores: pd.DataFrame) -> str:
    """Tables of scores, as Markdown: means over the sectors, their total, and sector by sector with the total last."""
    last = scores[scores["horizon_months"] == MONTHS]
    mean = (
        scores[scores["parts"] == 1]
        .groupby(["method", "horizon_months"], sort=False)[["crps", "wis", "cover50", "cover80", "cover95"]]
        .mean()
    )
    lines = [
        "| method | CRPS, 1 month | 2 months | 3 months | WIS, 3 months | held by 50 % | 80 % | 95 % |",
        "|---|" + "---:|" * 7,
    ]
    methods = list(dict.fromkeys(scores["method"]))
    for method in sorted(methods, key=lambda name: mean.loc[(name, MONTHS), "crps"]):
        crps = [f"{mean.loc[(method, ahead), 'crps']:,.0f}" for ahead in range(1, MONTHS + 1)]
        held = [f"{100 * mean.loc[(method, MONTHS), band]:.0f} %" for band in ("cover50", "cover80", "cover95")]
        lines.append(f"| {method} | {' | '.join(crps)} | {mean.loc[(method, MONTHS), 'wis']:,.0f} | {' | '.join(held)} |")
    total = last[last["parts"] > 1].set_index("method")
    lines += ["", "| all nine together, 3 months ahead | CRPS | WIS | held by 50 % | 80 % | 95 % |", "|---|" + "---:|" * 5]
    for method in total.sort_values("crps").index:
        held = [f"{100 * total.loc[method, band]:.0f} %" for band in ("cover50", "cover80", "cover95")]
        lines.append(f"| {method} | {total.loc[method, 'crps']:,.0f} | {total.loc[method, 'wis']:,.0f} | {' | '.join(held)} |")
    crps = last.pivot(index="place", columns="method", values="crps")
    held = last[last["method"] == "corredor"].set_index("place")["cover80"]
    best = min((method for method in methods if method in SIMPLE_METHODS), key=lambda name: mean.loc[(name, MONTHS), "crps"])
    compared = ["corredor", *(method for method in methods if method in (AVERAGED, "last_value", best))]
    lines += ["", f"| sector, 3 months ahead | {' | '.join(compared)} | corredor ÷ last_value | its 80 % band held |"]
    lines.append("|---|" + "---:|" * (len(compared) + 2))
    for place in last["place"].drop_duplicates():
        row = crps.loc[place]
        errors = " | ".join(f"{row[method]:,.0f}" for method in compared)
        lines.append(
            f"| {place or 'all nine together'} | {errors} | {row['corredor'] / row['last_value']:.2f} | {100 * held[place]:.0f} % |"
        )
    return "\n".join(lines)


def paired_tables(paired: pd.DataFrame) -> str:
    """corredor beside each other method for the mean of the sectors, and beside the last value sector by sector."""
    lines = [
        "| against, mean of nine sectors | 1 month | 2 months | 3 months | corredor is, 3 months ahead |",
        "|---|" + "---:|" * MONTHS + "---|",
    ]
    mean = paired[paired["scope"] == "mean of series"].set_index(["method", "horizon_months"])
    for method in mean.index.get_level_values("method").drop_duplicates():
        ratios = [_ratio(mean.loc[(method, ahead)]) for ahead in range(1, MONTHS + 1)]
        lines.append(f"| {method} | {' | '.join(ratios)} | {mean.loc[(method, MONTHS), 'verdict']} |")
    lines += ["", "| against the last value, 3 months ahead | ratio | corredor is |", "|---|---:|---|"]
    rows = paired[
        (paired["scope"] != "mean of series") & (paired["method"] == "last_value") & (paired["horizon_months"] == MONTHS)
    ]
    for _, row in rows.iterrows():
        lines.append(f"| {row['place'] or 'all nine together'} | {_ratio(row)} | {row['verdict']} |")
    return "\n".join(lines)


def _ratio(row: pd.Series) -> str:
    """A ratio of mean errors with its interval."""
    return f"{float(row['ratio']):.2f}" + (f" ({float(row['low']):.2f} to {float(row['high']):.2f})" if row["low"] != "" else "")


def calibration_tables(kept: dict[str, pd.DataFrame]) -> str:
    """corredor's coverage by year and kind of time, where what came lay in its forecasts, and thresholds of every method."""
    coverage = kept["coverage"][(kept["coverage"]["method"] == "corredor") & (kept["coverage"]["scope"] == "series")]
    lines = ["| corredor, all months ahead | figures | held by 50 % | 80 % | 95 % | log score |", "|---|" + "---:|" * 5]
    for row in coverage.itertuples():
        held = " | ".join(f"{100 * share:.0f} %" for share in (row.cover50, row.cover80, row.cover95))
        title = f"counts {row.value}" if row.by == "direction" else row.value
        lines.append(f"| {title} | {row.outcomes:,} | {held} | {row.log_score:.2f} |")
    places = kept["places"][(kept["places"]["method"] == "corredor") & (kept["places"]["scope"] == "series")]
    shares = " · ".join(f"{100 * share:.0f} %" for share in places["share"])
    lines += [
        "",
        f"Share of what came in each tenth of corredor's forecasts, from lowest to highest (10 % each is well): {shares}.",
    ]
    lines += ["", "| threshold | method | came | mean chance given | Brier score |", "|---|---|" + "---:|" * 3]
    for row in kept["thresholds"].sort_values(["scope", "threshold", "brier"], kind="stable").itertuples():
        of = "sectors" if row.scope == "series" else "all nine together"
        lines.append(
            f"| {of}: {row.threshold} | {row.method} | {100 * row.passed:.0f} % | {100 * row.chance:.0f} % | {row.brier:.3f} |"
        )
    return "\n".join(lines)


def written_page(page: str, scores: pd.DataFrame, fits: pd.DataFrame | None, kept: dict[str, pd.DataFrame]) -> str:
    """The page with the tables in their place, and what is said of the fits."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    parts = [tables(scores)]
    if kept:
        parts += [paired_tables(kept["paired"]), calibration_tables(kept)]
    parts.append(fit_sentence(fits))
    return "\n\n".join([before + BEGIN, *parts, END + after])


if __name__ == "__main__":
    if "--run" in sys.argv[1:]:
        run()
    page = written_page(PAGE.read_text(encoding="utf-8"), pd.read_csv(SCORES, keep_default_na=False), known_fits(), kept_tables())
    PAGE.write_text(page, encoding="utf-8")
    TRACK_RECORD.write_text(track_record(*kept_scores()), encoding="utf-8")
