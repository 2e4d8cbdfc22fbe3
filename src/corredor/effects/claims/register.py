"""Claims of kind event: what the register of measures and events holds."""

from __future__ import annotations

import datetime as dt

from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.verdicts import judge_documented, judge_no_act
from corredor.study.model import Model
from corredor.study.schema import Claim, Event, Measure
from corredor.study.selectors import names_in


def check_documented(model: Model, claim: Claim) -> Finding:
    """Entries of the register that tell of it, their dates, and the publishers behind them."""
    documented = claim.documented
    assert documented is not None
    every: list[Measure | Event] = [*model.measures, *model.events]
    entries = [entry for entry in every if entry.id in documented.register_]
    inside = [entry for entry in entries if documented.from_ <= begins(entry) <= documented.to]
    sources = dict.fromkeys(source for entry in inside for source in names_in(entry.source))
    publishers = {model.sources[source].publisher for source in sources if source in model.sources}
    judgement = judge_documented(len(inside), len(entries) - len(inside), len(publishers), documented.publishers)
    evidence = tuple(
        Evidence(
            f"{begins(entry)}: {entry.title}{'' if entry in inside else ' (not on the days that the claim names)'}",
            tuple(names_in(entry.source)),
        )
        for entry in entries
    )
    return Finding(
        claim,
        judgement,
        probability={"supported": 1.0, "contradicted": 0.0}.get(judgement.verdict),
        unit="",
        evidence=evidence,
        would_change=claim.would_need or "A source that puts it on another day, or denies it.",
    )


def check_no_act(model: Model, claim: Claim) -> Finding:
    """Whether somebody who is said to have done nothing has an act on record."""
    actor = claim.no_act_of or ""
    acts = [measure for measure in model.measures if actor.casefold() in measure.actor.casefold()]
    judgement = judge_no_act(len(acts), actor)
    evidence = [Evidence(f"{act.from_}: {act.title} ({act.actor})", tuple(names_in(act.source))) for act in acts]
    looked = (
        f"The register of this study holds {len(model.measures)} measures of {len({m.actor for m in model.measures})} actors."
    )
    return Finding(
        claim,
        judgement,
        probability=0.0 if acts else None,
        evidence=(*evidence, Evidence(looked)),
        would_change=claim.would_need or f"A source that reports an act of {actor}, or one that looked for acts and found none.",
    )


def begins(entry: Measure | Event) -> dt.date:
    """First day of an entry."""
    return entry.from_ if isinstance(entry, Measure) else entry.date
