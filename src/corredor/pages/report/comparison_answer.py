"""The first screen of a comparison in sentences: what it did, how sure that is, where people are instead, what it rests on, what to do."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import numpy as np
import xarray as xr

from corredor.effects.compare.diversion import Diversion, diversion
from corredor.effects.compare.effects import Comparison, Effect
from corredor.pages.report import study_tables
from corredor.pages.report.comparison_figures import diverted_title, status_words
from corredor.pages.report.comparison_words import (
    LIKELY,
    SURE,
    compared_outputs,
    differs,
    headline,
    ranked,
    relative_words,
    unchanged,
    weight,
)
from corredor.results.view import Run, read_run
from corredor.results.wording import Wording, joined

MOST_STATUSES = 2
MOST_NAMED = 3
MOST_TOLD = 3
JUDGED = ("assumption", "made_up")


def answer_of(dataset: xr.Dataset, output: str | None = None, place: str = "", group: str = "") -> dict[str, list[str]]:
    """The same from the Dataset of a comparison.

    output, place, group : flow for which it is told where people went
    """
    found, run = Comparison(dataset), read_run(dataset.sel(scenario="with"))
    return comparison_answer(found, run, compared_outputs(found, run), diversion(dataset, output, place, group))


def comparison_answer(found: Comparison, run: Run, outputs: list[str], diverted: Diversion) -> dict[str, list[str]]:
    """Question → sentences: did, sure, instead, rests_on, next.

    found, run : the comparison, and its scenario `with`
    outputs : of `compared_outputs`
    diverted : for the flow of which it is told where people went
    """
    return {
        "did": _did(found, outputs),
        "sure": _sure(found, outputs),
        "instead": _instead(found, run, diverted),
        "rests_on": _rests_on(run, found),
        "next": _next(found, outputs),
    }


def named_parameters(run: Run, found: Comparison) -> list[study_tables.Row]:
    """Parameters that the measures that differ name in what they do."""
    measures = [measure for measure in run.model["measures"] if measure["id"] in found.about["measures"]]
    named = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(action for measure in measures for action in measure["acts_on"])))
    return [row for row in study_tables.parameter_rows(run) if row["name"] in named]


def _did(found: Comparison, outputs: list[str]) -> list[str]:
    """The most telling effects of control and of protection of which the simulations agree."""
    chosen = headline(found, outputs)
    words = []
    for side in ("control", "protection"):
        told = [change.output for change in chosen.get(side, []) if found.is_single or _agreed(found.effect(change.output))]
        told = [name for name in told if (name, "total", "") not in found.unshown]
        parts = "; ".join(_effect_words(found, name) for name in told[:MOST_TOLD])
        least = "differs by a thousandth or more in 8 of 10 simulations"
        words.append(f"{side.capitalize()}: {parts or f'nothing that the study counts {least}'}.")
    return words


def _agreed(effect: Effect) -> bool:
    return max(effect.chance_up, effect.chance_down) >= LIKELY


def _effect_words(found: Comparison, name: str) -> str:
    """People let in at ports 21,000 fewer (−21 %, in 94 of 100)."""
    effect = found.effect(name)
    difference, wording = effect.means[2], Wording(effect.unit)
    more, fewer = {"days": ("days longer", "days shorter"), "USD": ("more", "less")}.get(effect.unit, ("more", "fewer"))
    size = f"{wording.rounded(abs(difference))} {more if difference > 0 else fewer}"
    level = [relative_words(effect)] if np.isfinite(effect.relative) else []
    share = max(effect.chance_up, effect.chance_down)
    sign = [] if found.is_single else [f"in {100 if share == 1 else min(round(100 * share), 99)} of 100"]
    beside = f" ({', '.join(level + sign)})" if level + sign else ""
    return f"{found.title(name)} {size}{beside}"


def _sure(found: Comparison, outputs: list[str]) -> list[str]:
    if found.is_single:
        return ["It is one pair of runs, so it cannot say how sure it is."]
    differing = [found.effect(name) for name in outputs if differs(found.effect(name))]
    sure = sum(max(effect.chance_up, effect.chance_down) >= SURE for effect in differing)
    words = f"The direction is sure (in 95 of 100 simulations or more) for {sure} of the {len(differing)} outputs that differ"
    same = unchanged(found, outputs)
    words += f"; {len(same)} are the same in every simulation." if same else "."
    rest = (
        "The parameters were fitted to published figures." if found.is_fitted else "Nothing was fitted: it rests on priors alone."
    )
    remarks = json.loads(found.dataset.attrs.get("fitted_remarks", "[]"))
    return [words, rest, *(["That fit is to be read with care: see what was assumed."] if remarks else [])]


def _instead(found: Comparison, run: Run, diverted: Diversion) -> list[str]:
    """Where people are on the last day for 1,000 fewer or more of the chosen flow."""
    title = diverted_title(found, run, diverted)
    if not np.isfinite(diverted.scale):
        return [f"The effect on “{title}” is too small beside its error to say where people went instead."]
    table = diverted.at_end[diverted.at_end["mean"] != 0.0].sort_values("per_1000")
    fewer = [row for row in table.itertuples() if row.per_1000 <= -10][:MOST_STATUSES]
    more = [row for row in table.itertuples() if row.per_1000 >= 10][::-1][:MOST_STATUSES]
    parts = [f"{status_words(found, str(row.of))} +{row.per_1000:,.0f}" for row in more]
    parts += [f"{status_words(found, str(row.of))} −{-row.per_1000:,.0f}" for row in fewer]
    for_each = f"For 1,000 {'fewer' if diverted.fewer else 'more'} in “{title}”"
    return [
        f"{for_each}, on the last day: {'; '.join(parts)}."
        if parts
        else f"{for_each}, hardly anybody is elsewhere on the last day."
    ]


def _rests_on(run: Run, found: Comparison) -> list[str]:
    """How many of the numbers behind what differs are judgement."""
    rows = named_parameters(run, found)
    if not rows:
        return ["What differs names no uncertain parameter; the effect rests on the rest of the study."]
    judged = [str(row["title"]) for row in rows if row["basis"] in JUDGED]
    if not judged:
        names = "parameter that it names is" if len(rows) == 1 else f"{len(rows)} parameters that it names are"
        return [f"The {names} taken or worked out from cited figures."]
    if len(rows) == 1:
        return [f"The one parameter that it names rests on judgement: {judged[0]}."]
    more = f" and {len(judged) - MOST_NAMED} more" if len(judged) > MOST_NAMED else ""
    named = joined(judged[:MOST_NAMED]) if not more else ", ".join(judged[:MOST_NAMED]) + more
    return [f"{len(judged)} of the {len(rows)} parameters that it names rest on judgement: {named}."]


def _next(found: Comparison, outputs: list[str]) -> list[str]:
    """What a reader can do about it."""
    about: dict[str, Any] = found.about
    names = [name for side in ("protection", "control", "movement") for name in ranked(found, outputs, side)]
    names = [
        name
        for name in names
        if found.model["outputs"].get(name) and not found.is_waited(name) and weight(found.effect(name)) > 0
    ]
    names = [name for name in names if not found.model["outputs"][name].get("sum_of")]
    if not names:
        return ["Nothing here is large enough to plan by."]
    asked = [line.removeprefix("without ") for line in about["changes"]] if about["kind"] == "without" else []
    what = f"--without {shlex.join(asked)}" if asked else "--scenario FILE"
    command = f"corredor sensitivity {found.dataset.attrs['study']} --output {names[0]} {what}"
    return [f"Before it is relied on: `{command}` says which assumption moves it most."]
