"""What was found about one claim."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from corredor.effects.claims.curves import ClaimCurve
from corredor.effects.claims.headline import headline, number_words
from corredor.effects.claims.published_effect import NOTHING_PUBLISHED, PublishedEffect
from corredor.effects.claims.verdicts import UNTOLD, EffectEvidence, Judgement
from corredor.effects.design.answer import Answer
from corredor.effects.design.diversion import Diversion
from corredor.results.wording import Wording
from corredor.study.csv_text import frame_csv
from corredor.study.schema import Claim
from corredor.study.whole_file import replace_whole


@dataclass(frozen=True)
class Evidence:
    """One row of evidence. `figures`: name → number, in the unit that the name says."""

    text: str
    sources: tuple[str, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As a plain dictionary."""
        return {"text": self.text, "sources": list(self.sources), "figures": {k: finite(v) for k, v in self.figures.items()}}


@dataclass(frozen=True)
class Assumed:
    """Something that the answer depends on and that no data of the study inform.

    name : of the parameter, or of the measure whose way of acting is written into the study
    contraction : how much narrower the data made it, share 0–1 of the prior's standard deviation
    """

    name: str
    text: str
    contraction: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As a plain dictionary."""
        return {"name": self.name, "text": self.text, "contraction": finite(self.contraction)}


@dataclass(frozen=True)
class MonthlyPicture:
    """A published series beside what design-based estimates expected and what the model says, month by month.

    starts : (n_months,) datetime64      first days of months
    published : (n_months,) float        not a number where nothing was published
    expected : method → (3, n_months) float    lower end, middle, upper end; not a number outside the window
    window : first and last month of the claim
    """

    title: str
    unit: str
    starts: np.ndarray
    published: np.ndarray
    expected: dict[str, np.ndarray]
    window: tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True)
class SpansPicture:
    """Published figures as what they come to in a month, each over the days that it covers.

    spans : (first day, last day, lowest and highest people or dollars a month)
    window : first and last day of the claim
    """

    title: str
    unit: str
    spans: tuple[tuple[dt.date, dt.date, float, float], ...]
    window: tuple[dt.date, dt.date]


@dataclass(frozen=True)
class EffectPicture:
    """Effects side by side: (who says so, lower end, middle, upper end), in percent; and what the claim says, in percent."""

    rows: tuple[tuple[str, float, float, float], ...]
    claimed_direction: Literal["lower", "higher"]
    claimed_percent: float
    agreement: str


@dataclass(frozen=True)
class Finding:
    """What was found about one claim.

    probability : 0–1 that the claim is true, given the model, the figures and what was assumed; none where there is no honest number
    effect, low, high : the number that the claim is about with its interval, in `unit`
    published_effect : of an effect, what the published series says by itself
    would_change : what would change the verdict
    inseparable_from : ids of measures that no monthly series can tell apart from those of the claim
    curve : the question with every choice of form, window and donors; none unless asked for
    hides_small : whether counts of fewer than five people are hidden, and what would give them away
    judged_by, own_counts_only : of an effect, what the rules were given, and whether its counts come from the claim's own source alone
    turned_to : whether a fall here went with a rise where people may have turned to; none where that was not asked or cannot be said
    """

    claim: Claim
    judgement: Judgement
    probability: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    published_effect: PublishedEffect | None = None
    evidence: tuple[Evidence, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    would_change: str = ""
    inseparable_from: tuple[str, ...] = ()
    turned_to: Diversion | None = None
    curve: ClaimCurve | None = None
    estimates: tuple[Answer, ...] = ()
    series_picture: MonthlyPicture | None = None
    spans_picture: SpansPicture | None = None
    effect_picture: EffectPicture | None = None
    judged_by: EffectEvidence | None = None
    own_counts_only: bool = False
    hides_small: bool = True

    @property
    def number(self) -> str:
        """The number that the claim is about, with its interval, in words; empty where there is none."""
        return number_words(self.claim, self.effect, self.low, self.high, self.unit, self.hides_small)

    @property
    def headline(self) -> str:
        """The verdict in one line: why it cannot be told, which sizes would have been seen and which are ruled out."""
        return headline(self.claim, self.judgement, self.published_effect, self.number)

    def as_json(self) -> dict[str, Any]:
        """As a plain dictionary; numbers that are not finite become null."""
        claim, untold, wording = self.claim, self.judgement.untold, Wording(self.unit, self.hides_small)
        effect, low, high = (None if x is None else finite(wording.told(x)) for x in (self.effect, self.low, self.high))
        return {
            "id": claim.id,
            "kind": claim.kind,
            "verdict": self.judgement.verdict,
            "headline": self.headline,
            "cannot_tell_because": None if untold is None else UNTOLD[untold],
            "number": self.number,
            "probability": finite(self.probability),
            "effect": effect,
            "low": low,
            "high": high,
            "unit": self.unit,
            **(NOTHING_PUBLISHED if self.published_effect is None else self.published_effect).as_json(),
            "inseparable_from": list(self.inseparable_from),
            "diversion": None if self.turned_to is None else self.turned_to.verdict,
            "curve": None if self.curve is None else self.curve.as_json(),
            "evidence": [row.as_json() for row in self.evidence],
            "assumed": [row.as_json() for row in self.assumed],
            "says": claim.says,
            "said_by": claim.said_by,
            "rule": self.judgement.rule,
            "why": self.judgement.why,
            "would_change": self.would_change,
        }


class Findings(tuple[Finding, ...]):
    """What was found about the claims of a study, in the order of claims.yaml."""

    def table(self) -> pd.DataFrame:
        """One row for each claim: id, kind, verdict, headline, cannot_tell_because, number, probability, effect, low, high, unit,
        detectable, excluded_below, excluded_above, says, why."""
        columns = ["id", "kind", "verdict", "headline", "cannot_tell_because", "number", "probability", "effect", "low", "high"]
        columns += ["unit", "detectable", "excluded_below", "excluded_above", "says", "why"]
        return pd.DataFrame([finding.as_json() for finding in self], columns=columns)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the table: JSON with all evidence for a name that ends in .json, else CSV."""
        target = Path(path)
        if target.suffix == ".json":
            text = json.dumps([finding.as_json() for finding in self], ensure_ascii=False, indent=1)
        else:
            text = frame_csv(self.table())
        replace_whole(target, lambda passing: passing.write_text(text, encoding="utf-8"))
        return target

    def __repr__(self) -> str:
        return "\n".join([f"{len(self)} claims", *(f"  {f.claim.id}: {f.headline}" for f in self)])

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False, na_rep=""))


def finite(value: float | None) -> float | None:
    """A number for JSON; none for what is no finite number."""
    return float(value) if value is not None and np.isfinite(value) else None
