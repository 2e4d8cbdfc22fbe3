"""Claims of kind event: what the register of measures and events holds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.independence import origin_of, publisher_of
from corredor.effects.claims.missing_figures import untold_by
from corredor.effects.claims.verdicts import Judgement, judge_documented, judge_independence, judge_no_act
from corredor.results.wording import joined
from corredor.study.model import Model
from corredor.study.schema import Claim, Event, Measure
from corredor.study.selectors import names_in

ACTORS_SHOWN = 5


def check_documented(model: Model, claim: Claim) -> Finding:
    """Entries of the register that tell of it, their dates, and the publishers behind them."""
    documented = claim.documented
    assert documented is not None
    every: list[Measure | Event] = [*model.measures, *model.events]
    entries = [entry for entry in every if entry.id in documented.register_]
    inside = [entry for entry in entries if documented.from_ <= begins(entry) <= documented.to]
    judgement = _judge(model, claim, inside, len(entries) - len(inside))
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


def _judge(model: Model, claim: Claim, inside: Sequence[Measure | Event], outside: int) -> Judgement:
    """By the publishers who tell of it beside those from whom the claim comes."""
    documented, origin = claim.documented, origin_of(claim, model.sources)
    assert documented is not None
    told_by = {source for entry in inside for source in names_in(entry.source) if source in model.sources}
    publishers = {publisher_of(model.sources, source) for source in told_by}
    others = publishers - origin.publishers
    untold = untold_by(claim)
    by_others = judge_documented(len(inside), outside, len(others), documented.publishers, untold)
    if publishers and not others:
        return judge_independence(judge_documented(len(inside), outside, len(publishers), 1, untold), by_others, origin.words)
    return by_others


def check_no_act(model: Model, claim: Claim) -> Finding:
    """Whether somebody who is said to have done nothing has an act on record."""
    actor = claim.no_act_of or ""
    acts = [measure for measure in model.measures if actor.casefold() in measure.actor.casefold()]
    looked_through = names_in(claim.looked_through)
    judgement = judge_no_act(len(acts), actor, "not published" if looked_through else untold_by(claim))
    evidence = [Evidence(f"{act.from_}: {act.title} ({act.actor})", tuple(names_in(act.source))) for act in acts]
    return Finding(
        claim,
        judgement,
        probability=0.0 if acts else None,
        evidence=(*evidence, *_looked_through(model, actor, looked_through)),
        would_change=claim.would_need or f"A source that reports an act of {actor}, or one that looked for acts and found none.",
    )


def _looked_through(model: Model, actor: str, records: Sequence[str]) -> list[Evidence]:
    """Which records were looked through for acts, and which were not."""
    counts = Counter(measure.actor for measure in model.measures)
    most = joined([f"{name} ({count})" for name, count in counts.most_common(ACTORS_SHOWN)])
    others = f" and {len(counts) - ACTORS_SHOWN} more" if len(counts) > ACTORS_SHOWN else ""
    publishers = {
        publisher_of(model.sources, source)
        for measure in model.measures
        for source in names_in(measure.source)
        if source in model.sources
    }
    found = [
        Evidence(
            f"Looked through: the register of this study, {len(model.measures)} measures of {most}{others}, told by {len(publishers)} "
            "publishers."
        )
    ]
    if records:
        titles = joined(
            [f"{model.sources[one].publisher}, {model.sources[one].title}" for one in records if one in model.sources]
        )
        return [*found, Evidence(f"Looked through for acts of {actor} too: {titles}.", tuple(records))]
    return [*found, Evidence(f"Not looked through: records that {actor} itself keeps.")]


def begins(entry: Measure | Event) -> dt.date:
    """First day of an entry."""
    return entry.from_ if isinstance(entry, Measure) else entry.date
