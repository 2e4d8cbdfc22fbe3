"""Claims as the page tells them, and what it needs to put the question of an effect anew with an assumption moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from corredor.effects.claims import Finding
from corredor.effects.claims.effects import claimed_log
from corredor.effects.claims.rests_on import own_parameters
from corredor.engine.network import FlowNetwork
from corredor.pages.claims.words import KIND_WORDS, bounds_words, probability_words, said
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run
from corredor.study.schema import EffectCheck, Quantity


def claims_of(network: FlowNetwork, run: Run, findings: Sequence[Finding], ask: bool = True) -> Iterator[dict[str, Any]]:
    """Every finding; one about an effect on an output that the page can sum has `asked`, with which it asks the kernel again.

    ask : whether the draws of the page are those of the findings
    """
    blocks = {block.output for block in network.recording.blocks}
    for finding in findings:
        claim, judgement = finding.claim, finding.judgement
        told: dict[str, Any] = {
            "id": claim.id,
            "says": claim.says,
            "said": said(claim),
            "kind": KIND_WORDS[claim.kind],
            "verdict": judgement.verdict,
            "rule": judgement.rule,
            "headline": finding.headline,
            "why": judgement.why,
            "number": finding.number,
            "bounds": bounds_words(finding),
            "probability": probability_words(finding),
            "would_change": finding.would_change,
            "evidence": [{"text": row.text, "source": list(row.sources)} for row in finding.evidence],
            "assumed": [{"name": row.name, "text": row.text} for row in finding.assumed],
            "asked": None,
        }
        effect = claim.effect
        if ask and effect is not None and effect.output is not None and finding.judged_by is not None:
            parts = list(_parts(network, run, effect, blocks))
            if parts:
                told["asked"] = _asked(network, finding, effect, parts)
        yield told


def _asked(network: FlowNetwork, finding: Finding, effect: EffectCheck, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What the rules of verdicts.py are given beside the draws."""
    seen = finding.judged_by
    assert seen is not None
    measures = [measure for measure in network.model.measures if measure.id in effect.measures]
    estimate = finding.estimates[0] if finding.estimates else None
    of_measures = [name for name in own_parameters(measures) if network.model.parameters[name].prior.fixed is None]
    names = [*of_measures, *(row.name for row in finding.assumed if row.name in network.model.parameters)]
    return {
        "measures": [measure.id for measure in measures],
        "parts": parts,
        "lower": effect.direction == "lower",
        "claimed": claimed_log(effect),
        "estimate": None if estimate is None else {"middle": estimate.middle, "error": estimate.standard_error},
        "series": seen.series,
        "most": seen.most,
        "learned": seen.learned_by_fit,
        "own_counts_only": finding.own_counts_only,
        "acts_by": of_measures,
        "probability": seen.probability,
        "rests_on": list(dict.fromkeys(names)),
    }


def _parts(network: FlowNetwork, run: Run, effect: EffectCheck, blocks: set[str]) -> Iterator[dict[str, Any]]:
    """Cells whose sum over the window is the number that the claim is about, as `Run.window_total` has it; a sum has several parts,
    each with the row of its factor.
    """
    assert effect.output is not None
    factors: Mapping[str, Quantity | None] = network.model.study.outputs[effect.output].sum_of or {effect.output: None}
    if not set(factors) <= blocks or any(run.is_waited(name) for name in factors):
        return
    for name, factor in factors.items():
        block = next(block for block in network.recording.blocks if block.output == name)
        chosen = np.ones(block.shape[:-1], dtype=bool)
        for family, key in ((PLACE_DIMENSIONS, effect.place), (GROUP_DIMENSIONS, effect.group)):
            found = run.positions(name, family, key) if key else None
            if found is not None:
                dimension, positions = found
                labels = set(map(str, run.arrays[name][dimension].to_numpy()[positions]))
                axis = block.dimensions.index(dimension)
                kept = np.array([label in labels for label in block.labels[axis]])
                chosen &= kept[np.indices(block.shape[:-1])[axis]]
        yield {
            "first_cell": block.first_cell,
            "series": np.flatnonzero(chosen.ravel()).tolist(),
            "weights": run.window(name, effect.from_, effect.to).tolist(),
            "mean": run.is_mean(name) and not run.adds_up(name),
            "row": -1 if factor is None else network.quantities.row(factor),
        }
