"""Where the numbers of a report come from, and how to cite them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from corredor.results.view import Run
from corredor.results.wording import date_text


def citation(run: Run) -> str:
    """How to cite this very report."""
    attrs = run.dataset.attrs
    authors = ", ".join(run.model["authors"]) or f"Authors of the study “{attrs.get('study', run.dataset.attrs['title'])}”"
    year = str(attrs.get("created", ""))[:4]
    made = f"corredor {attrs.get('corredor_version', '')}".strip()
    fingerprint = str(attrs.get("study_hash", ""))[:12]
    words = f"{authors}{f' ({year})' if year.isdigit() else ''}: {attrs['title']}. Simulation report, {made}"
    return f"{words}, study {fingerprint}, seed {attrs.get('seed', '–')}, {run.n_draws} draws."


def provenance(run: Run) -> dict[str, str]:
    """Where the numbers come from: name → words, empty where the Dataset does not say."""
    attrs = run.dataset.attrs
    lost = float(abs(run.dataset["people_lost"]).max()) if "people_lost" in run.dataset else float("nan")
    decisions = float(attrs.get("decisions_per_draw", float("nan")))
    return {
        "Study": str(attrs.get("study", "")),
        "Fingerprint of the study (SHA-256)": str(attrs.get("study_hash", "")),
        "Seed": str(attrs.get("seed", "")),
        "Draws": f"{run.n_draws:,}" + (" (mean-field run: expected flows, no chance)" if int(attrs.get("expected", 0)) else ""),
        "Parameters": _parameter_words(attrs) if run.is_fitted else "drawn from their priors",
        "Random decisions a draw": f"{decisions:,.0f}" if decisions == decisions else "",
        "People lost or made by the arithmetic": f"{lost:.3g}" if lost == lost else "",
        "Step": f"{_days_text(run.model['step_days'])}, after {_days_text(run.model['warm_up_days'])} of warm-up",
        "Command": str(attrs.get("command", "")),
        "Explore": str(attrs.get("explore", "")),
        "Explore page": str(attrs.get("explore_page", "")),
        "Made": _moment_text(str(attrs.get("created", ""))),
        "Versions": _versions_text(str(attrs.get("versions", ""))),
        "Conventions": str(attrs.get("Conventions", "")),
    }


@dataclass(frozen=True)
class ForecastWords:
    """as_of : the day; holds : sentences on what is taken to go on as it was"""

    as_of: str
    holds: list[str]


def forecast_words(run: Run) -> ForecastWords | None:
    """What a forecast rests on; none for a run that is no forecast."""
    attrs = run.dataset.attrs
    if "as_of" not in attrs:
        return None
    return ForecastWords(date_text(str(attrs["as_of"])), [str(sentence) for sentence in json.loads(attrs["holds"])])


@dataclass(frozen=True)
class FitNotes:
    """troubles, remarks : sentences on why not to use the fit behind a page, and on what to keep in mind of it"""

    troubles: list[str]
    remarks: list[str]


def fit_notes(run: Run) -> FitNotes:
    """What the fit behind a run says against itself; nothing for a run from priors."""
    attrs = run.dataset.attrs
    return FitNotes(*(list(json.loads(attrs.get(f"fitted_{kind}", "[]"))) for kind in ("troubles", "remarks")))


def _parameter_words(attrs: dict[Any, Any]) -> str:
    if "fitted_as_of" not in attrs:
        return "fitted to published figures"
    words = f"fitted to the figures published by {date_text(str(attrs['fitted_as_of']))}"
    return f"{words} ({attrs['fitted_draws']} draws by {attrs['fitted_method']}, fingerprint {attrs['fitted_fingerprint']})"


def _moment_text(moment: str) -> str:
    """2025-02-03T10:11:12Z → 3 Feb 2025, 10:11 UTC; other text stays as it is."""
    if len(moment) < 16 or moment[10] not in "T ":
        return moment
    in_utc = moment.endswith(("Z", "+00:00"))
    return f"{date_text(moment)}, {moment[11:16]}{' UTC' if in_utc else ''}"


def _days_text(days: float) -> str:
    return f"{days:g} day" if days == 1 else f"{days:g} days"


def _versions_text(versions: str) -> str:
    """Versions are a JSON object or a plain sentence, which is shown as it is."""
    if not versions.startswith("{"):
        return versions
    return ", ".join(f"{name} {version}" for name, version in json.loads(versions).items())
