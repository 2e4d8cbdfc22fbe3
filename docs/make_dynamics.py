"""Make docs/dynamics/*.csv, which hold learned dynamics against simple methods on four sets of series, and the tables of docs/DYNAMICS.md.

python docs/make_dynamics.py                    writes the tables from the scores
python docs/make_dynamics.py --run FOLDER       scores first, an hour on one processor; goes on from what it kept in the folder
python docs/make_dynamics.py --counts FACTS     writes the counts and measures from the tables of cited facts
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corredor.learn import dynamics
from corredor.learn.dynamics.announced import Listed, occasions, shifts
from corredor.learn.dynamics.panel import counts_ahead, follow_counts
from corredor.learn.scores import score_samples
from corredor.learn.simple_methods import FEWEST_MONTHS, SIMPLE_METHODS, simple_forecasts
from corredor.study.whole_file import replace_whole

DOCS = Path(__file__).resolve().parent
FOLDER = DOCS / "dynamics"
PAGE = DOCS / "DYNAMICS.md"
BEGIN, END = "<!-- tables: written by docs/make_dynamics.py -->", "<!-- end of tables -->"

HORIZONS = (1, 3, 6)
"""Months after the newest one known."""

DRAWS = 500
AFTER_MONTHS = 6
LEARNED, ANNOUNCED = "learned", "learned, measures known"


@dataclass(frozen=True)
class Set:
    """title;  panel : of counts.csv;  begin, end : first and last month forecast;  lag : months after which a count is published"""

    title: str
    panel: str
    begin: str
    end: str
    lag: float


SETS = {
    "border-2006": Set("Border Patrol sectors, 2006–2013", "border", "2006-01", "2013-12", 0.3),
    "border-2014": Set("Border Patrol sectors, 2014–2019", "border", "2014-01", "2019-12", 0.3),
    "mediterranean-2012": Set("Mediterranean and Balkan routes, 2012–2015", "mediterranean", "2012-01", "2015-12", 1.5),
    "mediterranean-2016": Set("Mediterranean and Balkan routes, 2016–2019", "mediterranean", "2016-01", "2019-12", 1.5),
}


def frozen_hash() -> str:
    """Of the files that make the method."""
    files = sorted(Path(str(dynamics.__file__)).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def number_of(month: str) -> int:
    """Months from any January."""
    return 12 * int(month[:4]) + int(month[5:7]) - 1


@dataclass(frozen=True)
class Counts:
    """people : (n_months, n_series) float;  first_month : its number;  measures : those listed for the panel"""

    series: tuple[str, ...]
    first_month: int
    people: np.ndarray
    measures: tuple[Listed, ...]


def counts_of(panel: str) -> Counts:
    """The counts of a panel, and its measures."""
    rows = pd.read_csv(FOLDER / "counts.csv")
    table = rows[rows["panel"] == panel].pivot(index="month", columns="series", values="people").sort_index()
    series = tuple(table.columns)
    listed = pd.read_csv(FOLDER / "measures.csv")
    measures = [
        Listed(
            number_of(row.date) + (int(row.date[8:10]) - 1 if len(row.date) > 7 else 0) / 30.5,
            tuple(sorted(series.index(name) for name in row.series.split("; "))),
            row.kind,
        )
        for row in listed[listed["panel"] == panel].itertuples()
    ]
    return Counts(series, number_of(table.index[0]), table.to_numpy(dtype=float), tuple(measures))


def run(keep: Path) -> None:
    """Score every origin of every set."""
    keep.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, one in SETS.items():
        counts = counts_of(one.panel)
        begin, end = number_of(one.begin), number_of(one.end)
        for last in range(max(begin - max(HORIZONS), counts.first_month + FEWEST_MONTHS - 1), end):
            targets = [ahead for ahead in HORIZONS if begin <= last + ahead <= end]
            for methods, scored in ((f"learned {frozen_hash()[:8]}", _of_learned), ("simple", _of_simple)):
                kept = keep / f"{name} {last} {methods}.pickle"
                if not kept.exists():
                    made = pickle.dumps(scored(name, counts, last, targets))
                    kept.write_bytes(made)
                rows += pickle.loads(kept.read_bytes())
            print(f"{name}: {last - begin} of {end - begin}", file=sys.stderr, flush=True)
    table = pd.DataFrame(rows)
    keys = ["set", "method", "ahead", "month", "of", "after"]
    means = table.groupby(keys, sort=False)[["crps", "wis", "in50", "in80", "in95"]].mean()
    means["n"] = table.groupby(keys, sort=False).size()
    replace_whole(FOLDER / "scores.csv", lambda path: means.reset_index().to_csv(path, index=False, float_format="%.5g"))
    replace_whole(FOLDER / "hash.txt", lambda path: path.write_text(frozen_hash() + "\n", encoding="utf-8"))


def _of_learned(name: str, counts: Counts, last: int, targets: list[int]) -> list[dict[str, Any]]:
    """Scores of learned dynamics, with the months up to `last` known."""
    known = counts.people[: last - counts.first_month + 1]
    made = _learned(name, counts, known, last, max(targets))
    return _scored(name, counts, last, targets, {m: _with_total(said)[:, np.array(targets) - 1] for m, said in made.items()})


def _of_simple(name: str, counts: Counts, last: int, targets: list[int]) -> list[dict[str, Any]]:
    """The same of simple methods, to each of which the total is one more series."""
    known = counts.people[: last - counts.first_month + 1]
    with_total = np.concatenate([known, known.sum(axis=1, keepdims=True)], axis=1)
    samples = {method: np.empty((DRAWS, len(targets), with_total.shape[1])) for method in SIMPLE_METHODS}
    for column in range(with_total.shape[1]):
        address = (1, zlib.crc32(name.encode()), column, last)
        said = simple_forecasts(SIMPLE_METHODS, with_total[:, column], np.array(targets), DRAWS, address)
        for method, forecast in said.items():
            samples[method][:, :, column] = forecast.samples
    return _scored(name, counts, last, targets, samples)


def _scored(name: str, counts: Counts, last: int, targets: list[int], samples: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """One row for each method, month ahead and series; samples : (n_draws, n_targets, n_series and their total) float people."""
    came = _with_total(np.array([[counts.people[last + ahead - counts.first_month] for ahead in targets]]))[0]
    rows = []
    for method, said in samples.items():
        scores = score_samples(said.reshape(DRAWS, -1), came.ravel())
        for number, (ahead, column) in enumerate((a, c) for a in targets for c in range(came.shape[1])):
            month = last + ahead
            rows.append(
                {
                    "set": name, "method": method, "ahead": ahead, "month": f"{month // 12}-{month % 12 + 1:02d}",
                    "of": "total" if column == came.shape[1] - 1 else "parts", "after": _after(counts, month, column),
                    "crps": scores.crps[number], "wis": scores.wis[number],
                    **{f"in{band}": float(scores.inside[number, k]) for k, band in enumerate((50, 80, 95))},
                }
            )  # fmt: skip
    return rows


def _with_total(samples: np.ndarray) -> np.ndarray:
    return np.concatenate([samples, samples.sum(axis=2, keepdims=True)], axis=2)


def _learned(name: str, counts: Counts, known: np.ndarray, last: int, n_months: int) -> dict[str, np.ndarray]:
    """Learned dynamics without and with the measures that were known when the newest count came out."""
    followed = follow_counts(known, counts.first_month)
    plain = counts_ahead(followed, known.max(axis=0), n_months, DRAWS, np.random.default_rng([1, last]))
    today = last + 1 + SETS[name].lag
    past = occasions(np.log1p(known), counts.first_month, [one for one in counts.measures if one.start < last], 1)
    coming = [one for one in counts.measures if last < one.start + 2 and one.start <= today]
    added = shifts(coming, past, last, (DRAWS, n_months, known.shape[1]), np.random.default_rng([2, last]))
    largest = 100 * np.maximum(known.max(axis=0), 1.0)
    return {LEARNED: plain, ANNOUNCED: np.minimum(np.maximum((1 + plain) * np.exp(added) - 1, 0.0), largest)}


def _after(counts: Counts, month: int, column: int) -> bool:
    """Whether a month lies in the six months that begin with the start of a measure listed for the series; of the total, for any."""
    return any(
        int(one.start) <= month < int(one.start) + AFTER_MONTHS and (column in one.series or column == len(counts.series))
        for one in counts.measures
    )


SMALLEST_SERIES = 3000
"""Detections in eleven years below which a route is left out of the panel: two routes with a few people a year."""

MED = "Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "Western African", "Western Balkan"

KINDS = {
    "M01": "fence", "M02": "rescue", "M03": "patrol", "M04": "patrol", "M05": "patrol", "M06": "fence", "M07": "patrol", "M08": "admission",
    "M09": "border_closure", "M10": "fence", "M11": "fence", "M12": "border_closure", "M13": "admission", "M14": "agreement",
    "M15": "border_closure", "M16": "border_closure", "M17": "visa", "M18": "patrol", "M19": "border_closure", "M20": "border_closure",
    "M21": "border_closure", "M22": "agreement", "M23": "agreement", "M24": "return", "M25": "enforcement", "M26": "development_aid",
    "M27": "enforcement", "M28": "agreement", "M29": "development_aid", "M30": "enforcement", "M31": "rescue", "M32": "rescue",
    "M33": "border_closure", "M34": "border_closure", "M35": "visa", "M36": "agreement",
}  # fmt: skip
"""Kind of each measure of the Mediterranean list, by what it did: our reading, in the words that the list of the other corridor uses."""


def write_counts(facts: Path) -> None:
    """Write counts.csv and measures.csv from the tables of cited facts."""
    border = pd.concat(
        pd.read_csv(facts / "mexico-2018" / name)
        for name in ("usbp_apprehensions_monthly_2000_2011.csv", "usbp_apprehensions_monthly.csv")
    )
    border = border[border["month"] <= "2019-12"].rename(columns={"sector": "series", "apprehensions": "people"})
    border = border.assign(panel="border", publisher="US Border Patrol")
    routes = pd.read_csv(facts / "mediterranean-2009" / "detections_by_route_monthly.csv")
    routes["series"] = routes["route"].str.removesuffix(" Route") + ", " + routes["border"].str.lower()
    table = routes.pivot_table(index="month", columns="series", values="people", aggfunc="sum", fill_value=0)
    table = table.loc[:, table.sum() > SMALLEST_SERIES]
    seas = table.reset_index().melt("month", value_name="people").assign(panel="mediterranean", publisher="Frontex")
    counts = pd.concat([border, seas])[["panel", "month", "series", "people", "publisher"]]
    counts = counts.sort_values(["panel", "series", "month"]).astype({"people": int})
    FOLDER.mkdir(exist_ok=True)
    replace_whole(FOLDER / "counts.csv", lambda path: counts.to_csv(path, index=False))
    measures = pd.concat([_of_border(facts, sorted(border["series"].unique())), _of_seas(facts, list(table.columns))])
    replace_whole(FOLDER / "measures.csv", lambda path: measures.to_csv(path, index=False))


def _of_border(facts: Path, sectors: list[str]) -> pd.DataFrame:
    """Measures in Mexico and the United States with at least a month; all are taken to touch all sectors."""
    rows = pd.read_csv(facts / "mexico-2018" / "measures.csv")
    rows = rows[(rows["date_from"].str.len() >= 7) & (rows["date_from"] < "2020")]
    return pd.DataFrame({"panel": "border", "date": rows["date_from"], "kind": rows["kind"], "series": "; ".join(sectors)})


def _of_seas(facts: Path, series: list[str]) -> pd.DataFrame:
    """Measures of the Mediterranean list, which says what routes each was for."""
    rows = pd.read_csv(facts / "mediterranean-2009" / "measures.csv")
    made = []
    for row in rows[rows["start_date"] < "2020"].itertuples():
        side = ", land" if row.routes.endswith("(land)") else ""
        mine = [one for one in series if any(one.startswith(route) and route in row.routes for route in MED) and side in one]
        made.append({"panel": "mediterranean", "date": row.start_date, "kind": KINDS[row.id], "series": "; ".join(mine)})
    return pd.DataFrame(made)


def weighted(rows: pd.DataFrame, column: str) -> float:
    """Mean over forecasts."""
    return float(np.average(rows[column], weights=rows["n"]))


def of_sets(scores: pd.DataFrame, column: str, **where: Any) -> pd.DataFrame:
    """Means of a column: one row for each method, one column for each set."""
    rows = scores[np.logical_and.reduce([scores[key] == value for key, value in where.items()])]
    means = {key: weighted(group, column) for key, group in rows.groupby(["method", "set"], sort=False)}
    return pd.Series(means).unstack().reindex(columns=list(SETS))


def geometric(values: pd.Series) -> float:
    """Geometric mean."""
    return float(np.exp(np.log(values).mean()))


def tables(scores: pd.DataFrame) -> str:
    """All tables of the page, as Markdown."""
    lines = ["**CRPS over that of the best simple method of each set** (months ahead together; the best in brackets)", ""]
    lines += [
        "| | " + " | ".join(one.title for one in SETS.values()) + " | over the mix, geometric mean |",
        "|---|" + "---:|" * 5,
    ]
    for method in (LEARNED, ANNOUNCED):
        for of in ("parts", "total"):
            crps = of_sets(scores, "crps", of=of)
            simple = crps.loc[[name for name in SIMPLE_METHODS if name != "mix"]]
            cells = [f"{crps.loc[method, name] / simple[name].min():.2f} ({simple[name].idxmin()})" for name in SETS]
            lines.append(f"| {method}, {of} | {' | '.join(cells)} | {geometric(crps.loc[method] / crps.loc['mix']):.2f} |")
    lines += ["", "**CRPS, people, mean over parts**", ""]
    lines += [
        "| | " + " | ".join(f"{one.title.split(',')[1].strip()}, {ahead}" for one in SETS.values() for ahead in HORIZONS) + " |"
    ]
    lines += ["|---|" + "---:|" * (len(SETS) * len(HORIZONS))]
    by_ahead = {ahead: of_sets(scores, "crps", of="parts", ahead=ahead) for ahead in HORIZONS}
    for method in (LEARNED, ANNOUNCED, *SIMPLE_METHODS):
        cells = [f"{by_ahead[ahead].loc[method, name]:,.0f}" for name in SETS for ahead in HORIZONS]
        lines.append(f"| {method} | {' | '.join(cells)} |")
    lines += ["", "**Share of what came inside the band of 80 %**", ""]
    lines += [
        "| | "
        + " | ".join(f"{one.title.split(',')[1].strip()}, {of}" for one in SETS.values() for of in ("parts", "total"))
        + " |"
    ]
    lines += ["|---|" + "---:|" * (2 * len(SETS))]
    held = {of: of_sets(scores, "in80", of=of) for of in ("parts", "total")}
    for method in (LEARNED, ANNOUNCED, *SIMPLE_METHODS):
        cells = [f"{100 * held[of].loc[method, name]:.0f} %" for name in SETS for of in ("parts", "total")]
        lines.append(f"| {method} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_by_year(scores), "", *_after_measures(scores)])


def _by_year(scores: pd.DataFrame) -> list[str]:
    """Coverage of learned dynamics by calendar year."""
    mine = scores[scores["method"] == LEARNED].assign(year=scores["month"].str[:4])
    lines = ["**Share inside the band of 80 %, by calendar year** (learned; parts, total)", ""]
    lines += ["| year | Border Patrol sectors | Mediterranean and Balkan routes |", "|---|---:|---:|"]
    for year, rows in mine.groupby("year"):
        cells = []
        for panel in ("border", "mediterranean"):
            both = [rows[rows["set"].str.startswith(panel) & (rows["of"] == of)] for of in ("parts", "total")]
            cells.append(", ".join(f"{100 * weighted(one, 'in80'):.0f} %" for one in both) if len(both[0]) else "")
        lines.append(f"| {year} | {' | '.join(cells)} |")
    return lines


def _after_measures(scores: pd.DataFrame) -> list[str]:
    """Error after listed measures and in quiet months, over that of the last value."""
    lines = [
        "**CRPS over that of last value, in the six months from the start of a listed measure and in quiet months** (parts)",
        "",
    ]
    lines += [
        "| | " + " | ".join(f"{one.title.split(',')[1].strip()}, {when}" for one in SETS.values() for when in ("after", "quiet"))
    ]
    lines[-1] += " | all sets, after | quiet |"
    lines += ["|---|" + "---:|" * (2 * len(SETS) + 2)]
    crps = {after: of_sets(scores, "crps", of="parts", after=after) for after in (True, False)}
    for method in (LEARNED, ANNOUNCED):
        ratio = {after: table.loc[method] / table.loc["last_value"] for after, table in crps.items()}
        cells = [f"{ratio[after][name]:.2f}" if name in ratio[after].dropna() else "" for name in SETS for after in (True, False)]
        together = [f"{geometric(ratio[after].dropna()):.2f}" for after in (True, False)]
        lines.append(f"| {method} | {' | '.join([*cells, *together])} |")
    return lines


def written_page(page: str, scores: pd.DataFrame) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(scores)}\n\n{END}{after}"


if __name__ == "__main__":
    if "--counts" in sys.argv[1:]:
        write_counts(Path(sys.argv[sys.argv.index("--counts") + 1]))
    if "--run" in sys.argv[1:]:
        run(Path(sys.argv[sys.argv.index("--run") + 1]))
    PAGE.write_text(written_page(PAGE.read_text(encoding="utf-8"), pd.read_csv(FOLDER / "scores.csv")), encoding="utf-8")
