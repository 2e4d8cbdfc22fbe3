"""A study in words and plain tables, kept inside every result so that a reader needs nothing else."""

from __future__ import annotations

from typing import Any

from corredor.study.model import Model
from corredor.study.priors import prior_text
from corredor.study.schema import Action, By, Measure, Quantity, Term, Transition
from corredor.study.selectors import names_in


def titles_of(model: Model) -> dict[str, str]:
    """Groups, places and outputs as the reader calls them: name in the study → title."""
    titles = {name: group.title for name, group in model.study.groups.items() if group.title}
    titles |= {place.id: place.name for place in model.places}
    return titles | {name: output.title for name, output in model.study.outputs.items()}


def describe_model(model: Model) -> dict[str, Any]:
    """Everything of a study that a report shows, as JSON-ready values."""
    study = model.study
    return {
        "summary": study.summary,
        "made_up": study.made_up,
        "from": study.from_.isoformat(),
        "to": study.to.isoformat(),
        "step_days": study.step_days,
        "warm_up_days": study.warm_up_days,
        "authors": list(study.authors),
        "licence": study.licence or "",
        "groups": {name: group.model_dump(include={"title", "citizenship", "kind"}) for name, group in study.groups.items()},
        "statuses": dict(study.statuses),
        "places": [place.model_dump(exclude={"source"}) for place in model.places],
        "routes": [{"from": r.from_, "to": r.to, "km": r.km, "mode": r.mode} for r in model.routes],
        "outputs": {
            name: {
                "title": o.title,
                "side": o.side,
                "every": o.every,
                "by": list(o.by),
                "unit": _unit(model, name),
                "stock": names_in(o.stock),
                "queue": o.expected_wait or o.days_waited or "",
                "sum_of": list(o.sum_of or {}),
                "thresholds": [threshold.model_dump() for threshold in o.thresholds],
                "note": o.note or "",
            }
            for name, o in study.outputs.items()
        },
        "accounts": {name: {"title": a.title, "actor": a.actor, "of": a.of} for name, a in study.accounts.items()},
        "measures": [_measure(measure) for measure in model.measures],
        "events": [
            {
                "id": event.id,
                "title": event.title,
                "date": event.date.isoformat(),
                "at": event.at,
                "people_text": quantity_text(event.people),
                "source": names_in(event.source),
            }
            for event in model.events
        ],
        "parameters": [
            {
                "name": name,
                "title": p.title or name.replace("_", " "),
                "unit": p.unit,
                "prior_text": prior_text(p.prior),
                "basis": p.basis,
                "source": names_in(p.source),
                "note": p.note or "",
            }
            for name, p in model.parameters.items()
        ],
        "transitions": [_transition(transition, model) for transition in study.transitions],
        "sources": [source.model_dump(exclude={"accessed"}) for source in model.sources.values()],
    }


def quantity_text(quantity: Quantity | None) -> str:
    """A quantity as a person wrote it, in one line."""
    if quantity is None:
        return ""
    if isinstance(quantity, list):
        return " × ".join(quantity_text(factor) for factor in quantity)
    if isinstance(quantity, By):
        parts = [f"{key}: {value}" for key, value in quantity.values.items()]
        parts += [f"others: {quantity.otherwise}"] if quantity.otherwise is not None else []
        return f"by {quantity.by} ({', '.join(parts)})"
    return f"{quantity:g}" if isinstance(quantity, float | int) else quantity


def _unit(model: Model, name: str) -> str:
    return "days" if model.study.outputs[name].expected_wait is not None else "people"


def _measure(measure: Measure) -> dict[str, Any]:
    cost = ""
    if measure.cost is not None:
        cost = f"{quantity_text(measure.cost.usd)} USD" if measure.cost.usd is not None else ""
        cost = f"{quantity_text(measure.cost.usd_per_day)} USD per day" if measure.cost.usd_per_day is not None else cost
    return {
        "id": measure.id,
        "title": measure.title,
        "actor": measure.actor,
        "kind": measure.kind,
        "from": measure.from_.isoformat(),
        "to": measure.to.isoformat() if measure.to else "",
        "where": measure.where,
        "dose_means": measure.dose_means or "",
        "acts_on": [action_text(action) for action in measure.acts_on],
        "cost_usd_text": cost,
        "agreement": measure.agreement or "",
        "note": measure.note or "",
        "source": names_in(measure.source),
    }


def action_text(action: Action) -> str:
    """What a measure does, in one line."""
    if action.opens is not None:
        return f"opens “{action.opens}”"
    if action.closes is not None:
        return f"closes “{action.closes}”"
    if action.transition is not None:
        lag = f", building up over {quantity_text(action.lag_days)} days" if action.lag_days is not None else ""
        return f"“{action.transition}”: log effect {quantity_text(action.effect)}{lag}"
    what = (
        f"capacity of “{action.capacity}”" if action.capacity is not None else f"people served a day in “{action.served_per_day}”"
    )
    if action.set is not None:
        return f"{what}: {quantity_text(action.set)}"
    return f"{what}: times {quantity_text(action.multiply)}"


def _transition(transition: Transition, model: Model) -> dict[str, Any]:
    along = transition.along if isinstance(transition.along, str) else ", ".join(transition.along or [])
    terms = [f"rate a day: {quantity_text(transition.rate_per_day)}"] if transition.rate_per_day is not None else []
    terms += [f"share: {quantity_text(transition.share)}"] if transition.share is not None else []
    terms += [term_text(term) for term in transition.changed_by]
    terms += [f"choice of destination by {term_text(term)}" for term in transition.choice]
    terms += [f"thins out above {quantity_text(transition.handles_per_day)} people a day"] if transition.handles_per_day else []
    for measure in model.measures:
        terms += [
            f"measure {measure.id}"
            for action in measure.acts_on
            if transition.name in (action.transition, action.opens, action.closes)
        ]
    return {"name": transition.name, "from": transition.from_, "to": transition.to, "along": along, "terms": terms}


def term_text(term: Term) -> str:
    """A term of M1, in one line."""
    what = term.driver or term.season or term.latent
    if term.distance is not None:
        what = "distance"
    elif term.waiting is not None:
        what = f"waiting in {term.waiting}"
    elif term.overcrowding is not None:
        what = f"overcrowding of {term.overcrowding}"
    elif term.place is not None or term.group is not None:
        selector = term.place if term.place is not None else term.group
        chosen = selector.model_dump(exclude_none=True) if selector is not None else {}
        what = " and ".join(f"{key} {', '.join(value) if isinstance(value, list) else value}" for key, value in chosen.items())
    return f"{what}, effect {quantity_text(term.effect)}" if term.effect is not None else str(what)
