"""Make docs/backtest/scores.csv and fits.csv by running the backtest of mexico-border-2011, and the tables of docs/BACKTEST.md.

    python docs/make_backtest.py           writes the tables from the scores
    python docs/make_backtest.py --run     runs the backtest first: 66 origins, twenty minutes on two processors

The same command goes on from where it was stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

DOCS = Path(__file__).resolve().parent
SCORES = DOCS / "backtest" / "scores.csv"
FITS = DOCS / "backtest" / "fits.csv"
PAGE = DOCS / "BACKTEST.md"
ORIGINS, MONTHS, WINDOW_MONTHS = "2014-01:2019-06", 3, 48
BEGIN, END = "<!-- table: written by docs/make_backtest.py -->", "<!-- end of table -->"


def run() -> None:
    """Run the backtest and write its scores."""
    from corredor.learn.backtest import backtest, score_table
    from corredor.study.whole_file import replace_whole

    SCORES.parent.mkdir(exist_ok=True)
    test = backtest(
        "mexico-border-2011",
        origins=ORIGINS,
        months=MONTHS,
        window_months=WINDOW_MONTHS,
        progress=lambda done, total: print(f"{done} of {total} origins", file=sys.stderr, flush=True),
        keep_in=SCORES.parent,
    )
    replace_whole(SCORES.with_name("study_hash.txt"), lambda path: path.write_text(test.study_hash + "\n", encoding="utf-8"))
    replace_whole(FITS, lambda path: test.fits.to_csv(path, index=False))
    replace_whole(SCORES, lambda path: score_table(test).to_csv(path, index=False, float_format="%.6g"))


def known_fits() -> pd.DataFrame | None:
    """What the fits of all origins say of themselves; none for scores that are older than such a file."""
    return pd.read_csv(FITS) if FITS.exists() else None


def fit_sentence(fits: pd.DataFrame | None) -> str:
    """How well the fits of all origins met the figures."""
    if fits is None:
        return (
            "These scores were made with the smoother as it was before each draw went only as far as its own cost falls, and have not "
            "been made anew since; how well each fit met its figures was not kept then."
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
    """Both tables of the page, as Markdown."""
    last = scores[scores["horizon_months"] == MONTHS]
    mean = scores.groupby(["method", "horizon_months"], sort=False)[["crps", "wis", "cover50", "cover80", "cover95"]].mean()
    lines = [
        "| method | CRPS, 1 month | 2 months | 3 months | WIS, 3 months | held by 50 % | 80 % | 95 % |",
        "|---|" + "---:|" * 7,
    ]
    methods = list(dict.fromkeys(scores["method"]))
    for method in sorted(methods, key=lambda name: mean.loc[(name, MONTHS), "crps"]):
        crps = [f"{mean.loc[(method, ahead), 'crps']:,.0f}" for ahead in range(1, MONTHS + 1)]
        held = [f"{100 * mean.loc[(method, MONTHS), band]:.0f} %" for band in ("cover50", "cover80", "cover95")]
        lines.append(f"| {method} | {' | '.join(crps)} | {mean.loc[(method, MONTHS), 'wis']:,.0f} | {' | '.join(held)} |")
    crps = last.pivot(index="place", columns="method", values="crps")
    held = last[last["method"] == "corredor"].set_index("place")["cover80"]
    simple = [method for method in methods if method != "corredor"]
    best = min(simple, key=lambda name: mean.loc[(name, MONTHS), "crps"])
    compared = ["corredor", "last_value", *([] if best == "last_value" else [best])]
    lines += ["", f"| sector, 3 months ahead | {' | '.join(compared)} | corredor ÷ last_value | its 80 % band held |"]
    lines.append("|---|" + "---:|" * (len(compared) + 2))
    for place in last["place"].drop_duplicates():
        row = crps.loc[place]
        errors = " | ".join(f"{row[method]:,.0f}" for method in compared)
        lines.append(f"| {place} | {errors} | {row['corredor'] / row['last_value']:.2f} | {100 * held[place]:.0f} % |")
    return "\n".join(lines)


def written_page(page: str, scores: pd.DataFrame, fits: pd.DataFrame | None) -> str:
    """The page with the tables in their place, and what is said of the fits."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(scores)}\n\n{fit_sentence(fits)}\n\n{END}{after}"


if __name__ == "__main__":
    if "--run" in sys.argv[1:]:
        run()
    page = written_page(PAGE.read_text(encoding="utf-8"), pd.read_csv(SCORES, keep_default_na=False), known_fits())
    PAGE.write_text(page, encoding="utf-8")
