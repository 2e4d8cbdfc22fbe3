"""The benchmark: every claim and every placebo window asked of every method, and what came of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corredor.effects.benchmark.bundled import bundled_evidence
from corredor.effects.benchmark.evidence import EffectClaim, Evidence
from corredor.effects.benchmark.headline import benchmark_answer, headline
from corredor.effects.benchmark.judged import holds_size, judged, percent_of
from corredor.effects.benchmark.methods import ALL, MAIN, METHODS, QUICK
from corredor.effects.benchmark.placebos import Placebo, placebo_dates, placebo_units
from corredor.effects.benchmark.read_evidence import PathLike, read_evidence
from corredor.effects.benchmark.rules import rules_hash
from corredor.effects.benchmark.scores import MethodScore, method_scores
from corredor.effects.design.answer import Answer, Method
from corredor.engine.checkpoint import keep_pieces, read_pieces
from corredor.engine.workers import ClusterLike, workers_of
from corredor.results.view import SMALL_SHOWN
from corredor.results.wording import too_few
from corredor.study.arguments import FolderLike, count_of, folder_of, names_of, seed_of
from corredor.study.csv_text import write_frame
from corredor.study.problems import ArgumentError, suggested

Progress = Callable[[int, int], None]

KINDS = ("date", "unit", "strict")
"""Placebo windows: at dates away from listed measures; in other families at the date of a claim; dates taught by other families alone."""


@dataclass(frozen=True)
class Benchmark:
    """How methods did beside what is known.

    rows : one row for each claim and method: id, says, series, family, month, months, direction, agreement, size_low, size_high
        (percent), method, effect, low, high (log of counted over expected), the same in percent, p_value, placebos, counted_people,
        expected_people, least_fall_percent, least_rise_percent, finds (−1, 0, 1; missing: no answer), judged, holds_size,
        holds_whole_size, note
    placebos : one row for each placebo window and method: kind, claim, series, family, month, method, effect, low, high, p_value, finds
    seed : of the placebo windows
    rules : sha256 of the files that hold the rules
    evidence : the series and claims
    small_shown_because : the reason for which counts of fewer than five people are told; without one they are in no file or page
    """

    rows: pd.DataFrame
    placebos: pd.DataFrame
    seed: int
    rules: str
    version: str
    evidence: Evidence = field(repr=False)
    small_shown_because: str = ""

    def table(self) -> pd.DataFrame:
        """Every claim and method: `rows`."""
        return self.rows

    def shown(self) -> pd.DataFrame:
        """`rows` as they may be passed on: people counted and expected are missing where too few were counted."""
        hidden = too_few(self.rows["counted_people"].to_numpy()) & (not self.small_shown_because)
        return self.rows.assign(**{name: self.rows[name].where(~hidden) for name in ("counted_people", "expected_people")})

    def scores(self) -> list[MethodScore]:
        """How each method did, the main one first."""
        return method_scores(self.rows, self.placebos)

    def own(self) -> pd.DataFrame:
        """Rows of the main method, or of the first one there is."""
        return self.rows[self.rows["method"] == self.scores()[0].method]

    def headline(self) -> list[str]:
        """What came of it in sentences, losses included."""
        return headline(self.scores(), self.own())

    def answer(self) -> dict[str, list[str]]:
        """The same question by question: wrong, missed, sizes, contested."""
        return benchmark_answer(self.scores(), self.own())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write `rows` as CSV, without what must not be shown."""
        target = Path(path)
        write_frame(self.shown(), target, "%.6g")
        return target

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "headline": self.headline(),
            "answer": self.answer(),
            "scores": [score.as_json() for score in self.scores()],
            "rows": json.loads(self.shown().to_json(orient="records")),
            "placebos": json.loads(self.placebos.to_json(orient="records")),
            "seed": self.seed,
            **({SMALL_SHOWN: self.small_shown_because} if self.small_shown_because else {}),
            "rules_sha256": self.rules,
            "corredor_version": self.version,
        }

    def __repr__(self) -> str:
        score = self.scores()[0]
        return (
            f"Benchmark of {score.method}: {score.found} agreed effects found, false verdicts at {score.false_dates} placebo dates "
            f"and {score.false_units} placebo units, {self.rows['method'].nunique()} methods"
        )

    def _repr_html_(self) -> str:
        shown = self.own()[["id", "agreement", "effect_percent", "low_percent", "high_percent", "p_value", "judged"]]
        return f"<p>{self!r}</p>{shown.to_html(index=False)}"


def benchmark(
    *,
    series: PathLike | Sequence[PathLike] | None = None,
    claims: PathLike | None = None,
    measures: PathLike | None = None,
    absent_is_zero: bool = False,
    placebos: int = 500,
    seed: int = 1,
    methods: str | Iterable[str] = QUICK,
    cluster: ClusterLike = None,
    progress: Progress | None = None,
    keep_in: FolderLike | None = None,
) -> Benchmark:
    """Verdicts held against measures whose effects are known, and against dates on which nothing is known to have happened.

    Parameters
    ----------
    series
        One CSV file or several with the columns month, unit, people and perhaps family; the bundled ones unless given.
    claims
        YAML file with dated claims about these series; the bundled known effects unless given.
    measures
        CSV file with further dates on which something happened (date, family, what); placebo dates keep away from them.
    absent_is_zero
        A month without a row counts 0 people; otherwise it was not published.
    placebos
        Placebo dates, and again as many placebo units, as far as there are so many.
    seed
        Whole number that decides which placebo windows are drawn.
    methods
        Some of the methods, by name, or "all"; the quick ones unless given.
    cluster
        As of `simulate`; methods are then asked side by side, else after one another.
    progress
        Called with the number of methods asked and of all.
    keep_in
        Folder in which finished methods are kept, so that the same benchmark goes on from them however it ended. They stay there until
        a command has written its results.

    Returns
    -------
    Benchmark
        Every claim and placebo window with the answer of every method; docs/EVIDENCE.md says how they are judged.

    Raises
    ------
    StudyError
        Every problem of the files.
    ValueError
        Series without claims, an unknown method, or too small numbers.

    Examples
    --------
    >>> test = benchmark(placebos=20, methods="panel")
    >>> list(test.table()["method"].unique())
    ['panel']
    """
    placebos, seed, chosen = count_of(placebos, "placebos"), seed_of(seed), methods_of(methods)
    evidence = evidence_from(series, claims, measures, absent_is_zero=absent_is_zero)
    keep = folder_of(keep_in, "keep_in")
    return benchmark_of(evidence, chosen, placebos=placebos, seed=seed, cluster=cluster, progress=progress, keep_in=keep)


def methods_of(names: str | Iterable[str]) -> dict[str, Method]:
    """The methods of these names, in the order of METHODS.

    raises : ArgumentError, when there is none of a name
    """
    wanted = tuple(METHODS) if isinstance(names, str) and names == ALL else names_of(names, "methods")
    unknown = [name for name in wanted if name not in METHODS]
    if unknown or not wanted:
        expected = f"{ALL}, or some of {', '.join(METHODS)}"
        raise ArgumentError(
            "methods", ", ".join(unknown) or "none", expected, suggested(unknown[0] if unknown else "", METHODS, MAIN)
        )
    return {name: method for name, method in METHODS.items() if name in wanted}


def evidence_from(
    series: PathLike | Sequence[PathLike] | None,
    claims: PathLike | None,
    measures: PathLike | None = None,
    *,
    absent_is_zero: bool = False,
) -> Evidence:
    """The evidence of files, or the bundled one where no files are named.

    raises : ArgumentError, when only some of them are named; StudyError with every problem of the files
    """
    if series is None and claims is None and measures is None:
        return bundled_evidence()
    if series is None or claims is None:
        found = (
            "series without claims" if series is not None else "claims without series" if claims is not None else "measures alone"
        )
        raise ArgumentError("series, claims", found, "both, or neither for the bundled ones", "give both")
    files = [series] if isinstance(series, str | os.PathLike) else list(series)
    return read_evidence(files, claims, measures, absent_is_zero=absent_is_zero)


def benchmark_of(
    evidence: Evidence,
    methods: Mapping[str, Method],
    *,
    placebos: int = 500,
    seed: int = 1,
    cluster: ClusterLike = None,
    progress: Progress | None = None,
    keep_in: Path | None = None,
) -> Benchmark:
    """The benchmark of any methods: the first of them is the main one.

    progress : called with the number of methods asked and of all
    keep_in : folder in which finished methods are kept
    """
    dates, units = placebo_dates(evidence, placebos, seed), placebo_units(evidence, placebos, seed)
    main = next(iter(methods))
    rules, version = rules_hash(), metadata.version("corredor")
    fingerprint = f"{evidence_hash(evidence)} {placebos} {seed} {main} {rules} {version}"
    finished = read_pieces(keep_in, fingerprint)
    missing = [(name, method) for name, method in methods.items() if name not in finished]
    n_finished = len(methods) - len(missing)
    with workers_of(1, cluster) as workers, workers.map(partial(_asked, evidence, dates, units, main), missing) as ended:
        for (name, _), answer in ended:
            finished[name] = np.array(answer)
            keep_pieces(keep_in, fingerprint, finished)
            n_finished += 1
            if progress is not None:
                progress(n_finished, len(methods))
    told = [json.loads(str(finished[name])) for name in methods]
    rows, drawn = ([row for one in told for row in one[part]] for part in ("rows", "placebos"))
    return Benchmark(pd.DataFrame(rows), pd.DataFrame(drawn), seed, rules, version, evidence)


def _asked(
    evidence: Evidence, dates: Sequence[Placebo], units: Sequence[Placebo], main: str, asked_of: tuple[str, Method]
) -> str:
    """What one method, by its name, says of every claim and placebo window, as JSON; the main one twice at placebo dates."""
    name, method = asked_of
    windows = [evidence.window(claim) for claim in evidence.claims]
    asked = [*windows, *(one.window for one in dates), *(one.window for one in units)]
    answers = method(evidence.panel, asked, evidence.listed)
    n_claims, n_dates = len(windows), len(windows) + len(dates)
    rows = [_row(evidence, claim, name, answer) for claim, answer in zip(evidence.claims, answers[:n_claims], strict=True)]
    drawn = _placebo_rows(evidence, "date", dates, name, answers[n_claims:n_dates])
    drawn += _placebo_rows(evidence, "unit", units, name, answers[n_dates:])
    if name == main:
        drawn += _placebo_rows(evidence, "strict", dates, name, taught_by_others(evidence, method, dates))
    return json.dumps({"rows": rows, "placebos": drawn})


def evidence_hash(evidence: Evidence) -> str:
    """sha256 of everything that methods are asked about."""
    total = hashlib.sha256(evidence.panel.people.tobytes())
    facts = [str(evidence.panel.months[0]), *evidence.panel.units, *evidence.panel.families, str(evidence.units)]
    facts += [claim.model_dump_json() for claim in evidence.claims]
    facts += [f"{family} {month}" for family, month in sorted(evidence.listed)]
    total.update(json.dumps(facts).encode())
    return total.hexdigest()


def taught_by_others(evidence: Evidence, method: Method, placebos: Sequence[Placebo]) -> list[Answer | None]:
    """Answers of a method that may not learn from the family that it is asked about: every month of it is listed."""
    panel = evidence.panel
    answers: list[Answer | None] = [None] * len(placebos)
    for family in dict.fromkeys(panel.families):
        numbers = [number for number, one in enumerate(placebos) if panel.families[one.window.unit] == family]
        if numbers:
            listed = evidence.listed | {(family, month) for month in panel.months}
            for number, answer in zip(numbers, method(panel, [placebos[n].window for n in numbers], listed), strict=True):
                answers[number] = answer
    return answers


def _row(evidence: Evidence, claim: EffectClaim, method: str, answer: Answer | None) -> dict[str, Any]:
    size = claim.size_percent or [np.nan, np.nan]
    row: dict[str, Any] = {
        "id": claim.id,
        "says": claim.says,
        "series": claim.series,
        "family": evidence.family(claim),
        "month": str(claim.first_month),
        "months": claim.window_months,
        "direction": claim.direction,
        "agreement": claim.agreement,
        "size_low": size[0],
        "size_high": size[1],
        "method": method,
    }
    row |= _numbers(answer)
    row |= {
        "effect_percent": percent_of(row["effect"]),
        "low_percent": percent_of(row["low"]),
        "high_percent": percent_of(row["high"]),
        "placebos": answer.placebos if answer else np.nan,
        "counted_people": answer.counted_people if answer else np.nan,
        "expected_people": answer.expected_people if answer else np.nan,
        "least_fall_percent": percent_of(answer.least_fall) if answer else np.nan,
        "least_rise_percent": percent_of(answer.least_rise) if answer else np.nan,
        "judged": judged(claim, answer, evidence),
        "holds_size": holds_size(claim, answer),
        "holds_whole_size": holds_size(claim, answer, whole=True),
        "note": answer.note if answer else "",
    }
    return row


def _numbers(answer: Answer | None) -> dict[str, float]:
    names = ("effect", "low", "high", "p_value", "finds")
    return {name: float(getattr(answer, name)) if answer else np.nan for name in names}


def _placebo_rows(
    evidence: Evidence, kind: str, placebos: Sequence[Placebo], method: str, answers: Sequence[Answer | None]
) -> list[dict[str, Any]]:
    panel = evidence.panel
    return [
        {
            "kind": kind,
            "claim": one.claim,
            "series": panel.units[one.window.unit],
            "family": panel.families[one.window.unit],
            "month": str(panel.months[one.window.start]),
            "method": method,
            **_numbers(answer),
        }
        for one, answer in zip(placebos, answers, strict=True)
    ]
