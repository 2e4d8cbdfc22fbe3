"""The model a second time: M1–M12 written from docs/MODEL.md alone, plainly and slowly, to hold the kernel against.

It reads a Model (the study format) and nothing of the engine. All draws go side by side, one number per draw; its random numbers are
numpy's. Journeys are not chains of stages here: who sets off is divided at once over the days of arrival. Gates come in the study's order.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from oracle_counts import EDGES, Counted
from scipy import stats

from corredor.study.model import Model
from corredor.study.priors import prior_quantile
from corredor.study.schema import UNITS, By, Measure, Place, Term, Transition
from corredor.study.selectors import matches_group, matches_place

Draws = np.ndarray
"""(n_draws,): a number for each draw."""
Where = tuple[str, str]
"""A compartment: status and id of the place."""
Pool = tuple[str, str, str]
"""Status, id of the place, group."""


class Oracle:
    """All draws of a model.

    wrong : rule ("M2" …) → factor on the quantity that the rule is about, to plant a fault
    """

    def __init__(self, model: Model, n_draws: int, seed: int = 1, wrong: dict[str, float] | None = None) -> None:
        self.model, self.study, self.n = model, model.study, n_draws
        self.rng, self.delta = np.random.default_rng(seed), self.study.step_days
        self.wrong = defaultdict(lambda: 1.0, wrong or {})
        self.n_warm_up = int(np.ceil(self.study.warm_up_days / self.delta))
        self.n_steps = self.n_warm_up + int(np.ceil(((self.study.to - self.study.from_).days + 1) / self.delta))
        self.place = {place.id: place for place in model.places}
        self.spec = {(c.status, p.id): c for c in self.study.compartments for p in model.places if matches_place(c.at, p)}
        priors, u = {name: parameter.prior for name, parameter in model.parameters.items()}, self.rng.uniform
        self.parameters = {name: prior_quantile(prior, u(0, 1, n_draws)) for name, prior in priors.items()}
        self.medians = {name: prior_quantile(prior, np.array(0.5)) for name, prior in priors.items()}
        self.latents: dict[tuple[str, str], Draws] = {}
        self.arrival_chances: dict[Any, tuple[np.ndarray, Draws | float]] = {}
        self.arriving: list[list[tuple[Pool, Draws, str]]] = [[] for _ in range(self.n_steps + 1)]
        self.counted = Counted(model, self.n_warm_up, self.n_steps, n_draws)
        self.count = self.counted.add
        self.nobody = np.zeros(self.n, dtype=np.int64)
        self.people = {(*where, g): self.at_first((*where, g)) for where in self.spec for g in self.groups(where)}
        self.lines = {where: self.line(where) for where, spec in self.spec.items() if spec.type == "queue"}
        self.closed_until = {where: np.full(self.n, -np.inf) for where in self.lines}

    def line(self, where: Where) -> np.ndarray:
        line = np.zeros((self.n_steps, len(self.groups(where)), self.n), dtype=np.int64)
        line[0] = [self.people[*where, group] for group in self.groups(where)]
        return line

    def drawn(self, people: Draws, share: Draws | float) -> Draws:
        return self.rng.binomial(people, np.clip(share, 0, 1))

    def mean_one(self, sd: Any) -> Draws:
        sd = sd / np.sqrt(self.delta)
        return np.exp(sd * self.rng.normal(0, 1, self.n) - sd**2 / 2)

    def value(self, quantity: Any, place: str = "", group: str = "", parameters: dict[str, Any] | None = None) -> Any:
        """A quantity at a place for a group. A fault planted in "by" spares those who are named first."""
        if isinstance(quantity, list):
            return np.prod([self.value(factor, place, group, parameters) * np.ones(self.n) for factor in quantity], axis=0)
        if isinstance(quantity, By):
            of = self.place.get(place) if quantity.by in ("place", "country", "region") else self.study.groups.get(group)
            name = {"place": place, "group": group}.get(quantity.by) or getattr(of, quantity.by)
            named = quantity.values.get(name, quantity.otherwise)
            return self.value(named, place, group, parameters) * self.wrong["by"] ** (name != next(iter(quantity.values)))
        if isinstance(quantity, str):
            return (self.parameters if parameters is None else parameters)[quantity] * UNITS[self.model.parameters[quantity].unit]
        return float(quantity)

    def groups(self, where: Where) -> list[str]:
        spec, at_home = self.spec[where], (None, self.place[where[1]].country)
        admitted = {g: group.citizenship for g, group in self.study.groups.items() if matches_group(spec.groups, g, group)}
        anybody = spec.type != "population" or self.wrong["citizenship"] == 0
        return [g for g, citizenship in admitted.items() if anybody or citizenship in at_home]

    def at_first(self, pool: Pool) -> Draws:
        spec, people = self.spec[pool[:2]], np.zeros(self.n)
        if spec.type == "population":
            people += (self.place[pool[1]].population or 0) * self.study.groups[pool[2]].share_of_population
        elif spec.initial is not None:
            weights = spec.initial.groups
            people += self.value(spec.initial.people, pool[1]) * weights.get(pool[2], 0) / sum(weights.values())
        return np.floor(people + 0.5).astype(np.int64)

    def date(self, step: int) -> dt.date:
        return self.study.from_ + dt.timedelta(days=int(np.floor((step - self.n_warm_up + 0.5) * self.delta)))

    def actions(self, kind: str, name: str, origin: str, to: str = "", group: str = "") -> Iterator[tuple[Any, Any, Any]]:
        """What measures do today to a transition, a capacity or a service, in their order, and how far they have built up."""
        for measure in self.model.measures:
            for action in measure.acts_on:
                meets = getattr(action, kind) == name and matches_place(action.at, self.place[origin])
                if meets and to:
                    meets = matches_place(action.into, self.place[to])
                    meets = meets and matches_group(action.groups, group, self.study.groups[group])
                level = self.level(measure, action.lag_days) if meets else 0.0
                if np.any(level):
                    yield measure, action, level

    def level(self, measure: Measure, lag_days: Any) -> Any:
        """M1: 1 while a measure is in force; with a lag it builds up and fades, week by week."""
        days = (self.today - measure.from_).days
        length = np.inf if measure.to is None else ((measure.to - measure.from_).days + 1) * self.wrong["M1 in force"]
        in_force = 0 <= days < length
        if lag_days is None or days < 0:
            return float(in_force)
        lag, since = self.value(lag_days) * self.wrong["M1 lag"], days if in_force else days - length
        middle = since // 7 * 7 + (min(7, length - since // 7 * 7) if in_force else 7) / 2
        return -np.expm1(-middle / lag) if in_force else -np.expm1(-length / lag) * np.exp(-middle / lag)

    def setting(self, where: Where, kind: str) -> Any:
        """A capacity or a service today."""
        value, at = self.value(getattr(self.spec[where], kind), where[1]), where[1]
        if kind == "capacity" and self.spec[where].capacity_driver is not None:
            value = value * self.driver(self.spec[where].capacity_driver, self.place[at], self.today)
        for _, action, _ in self.actions(kind, *where):
            value = self.value(action.set, at) if action.set is not None else value * self.value(action.multiply, at)
        return value

    def moves(self, where: Where, group: str) -> list[tuple[Transition, Where, float | None]]:
        """Moves of a group out of a compartment: transition, where to, km."""
        found = []
        for t in self.study.transitions:
            here = t.from_ == where[0] and matches_place(t.at, self.place[where[1]])
            if here and matches_group(t.groups, group, self.study.groups[group]):
                targets = [(where[1] if t.to_place is None else t.to_place, None)]
                if t.along is not None:
                    targets = [(r.to, r.km) for r in self.model.routes if (r.from_, r.mode) == (where[1], t.along)]
                ends = [((t.to, place), km) for place, km in targets if (t.to, place) in self.spec]
                found += [(t, to, km) for to, km in ends if group in self.groups(to) and self.is_open(t, where[1], to[1], group)]
        return found

    def is_open(self, transition: Transition, *about: str) -> bool:
        opened = not transition.only_when_opened or any(self.actions("opens", transition.name, *about))
        return opened and not any(self.actions("closes", transition.name, *about))

    def term(self, term: Term, default: str, origin: str, to: str, km: float | None, group: str) -> Draws | float:
        at = to if (term.of or default) == "destination" else origin
        seen_from = at if term.season is not None or term.latent is not None else origin
        place, effect = self.place[at], self.value(term.effect if term.effect is not None else 1.0, seen_from, group)
        if term.driver is not None:
            now, base = self.driver(term.driver, place, self.today), term.reference_value
            base = self.driver(term.driver, place, term.reference or self.study.from_) if base is None else base
            return effect * (now - base if term.transform == "linear" else np.log(now / base))
        if term.season is not None:
            return effect * self.value(self.study.seasons[term.season].months[self.today.strftime("%b").lower()], at, group)
        if term.latent is not None:
            return effect * self.latent(term.latent, place, group)
        if term.distance is not None:
            return effect * (np.log(km / 100) if term.distance == "log" else km / 100)
        if term.waiting is not None:
            return effect * self.log_wait.get((term.waiting, at), 0.0)
        if term.overcrowding is not None:
            return effect * np.log2(np.maximum(self.fullness.get((term.overcrowding, at), 1.0), 1.0))
        if term.place is not None:
            return effect * matches_place(term.place, place)
        return effect * matches_group(term.group, group, self.study.groups[group])

    def driver(self, name: str, place: Place, date: dt.date) -> float:
        rows = sorted((row.date, row.value) for row in self.model.drivers if row.driver == name and row.place in (place.id, "*"))
        return next((value for from_, value in reversed(rows) if from_ <= date), rows[0][1])

    def latent(self, name: str, place: Place, group: str) -> Draws:
        """M2: u(m+1) = φ u(m) + σ ξ, stationary at the start."""
        latent = self.study.latents[name]
        home = self.study.groups[group].citizenship
        of = {None: "", "country": place.country, "place": place.id, "group": group, "citizenship": home}
        first = self.date(0)
        month = 12 * (self.today.year - first.year) + self.today.month - first.month
        if (name, of[latent.by]) not in self.latents:
            persistence, sd = (self.value(quantity, place.id, group) for quantity in (latent.persistence, latent.monthly_sd))
            terms = [self.rng.normal(0, 1, self.n) * sd / np.sqrt(1 - persistence**2)]
            for _ in range(self.n_steps):
                terms.append(persistence * terms[-1] + sd * self.rng.normal(0, 1, self.n))
            self.latents[name, of[latent.by]] = np.array(terms)
        return self.latents[name, of[latent.by]][month]

    def rates(self, where: Where, group: str, flow: Draws, kind: str) -> list[tuple[Transition, Where, float | None, Draws]]:
        """Rates (kind "rate") or weights ("share") of the moves of a group, state terms included."""
        moves = self.moves(where, group)
        found = []
        for transition, to, km in moves:
            if (transition.share is not None) != (kind == "share"):
                continue
            about = (where[1], to[1], km, group)
            if transition.share == "rest":
                others = [t.share for t in self.study.transitions if t.from_ == where[0] and t.share not in (None, "rest")]
                size = 1 - sum(self.value(share, where[1], group) for share in others)
            else:
                size = self.value(transition.rate_per_day if kind == "rate" else transition.share, where[1], group)
            log = sum(self.term(term, "origin", *about) for term in transition.changed_by)
            for measure, action, level in self.actions("transition", transition.name, where[1], to[1], group):
                log = log + self.value(action.effect, where[1], group) * self.value(measure.dose, where[1], group) * level
            rate = size * np.exp(log * self.wrong["M1"] * np.ones(self.n))
            if kind == "share" and transition.share != "rest":
                rate = rate * self.wrong["M4" if self.spec[where].type == "gate" else "M5 outcomes"]
            scores = {
                other: np.exp(sum(self.term(term, "destination", where[1], other[1], far, group) for term in t.choice))
                for t, other, far in moves if t is transition
            }  # fmt: skip
            rate = rate * scores[to] / sum(scores.values())
            if self.room.get(to) is not None and not self.spec[to].overfills:
                rate = rate * np.clip((1 - self.fullness[to]) / (1 - 0.9 * self.wrong["M6"]), 0, 1)
            if transition.handles_per_day is not None:
                handled = self.value(transition.handles_per_day, where[1], group) * self.delta * self.wrong["M8"]
                rate = rate / (1 + flow / handled)
            found.append((transition, to, km, rate))
        return found

    def run(self) -> dict[str, np.ndarray]:
        """Outputs: name → (n_draws, periods), or (n_draws, classes of days waited, periods)."""
        for step in range(self.n_steps):
            self.step, self.counted.step, self.today = step, step, self.date(step)
            self.pending: list[tuple[Pool, Draws]] = []
            self.look_around()
            for pool, people, name in self.arriving[step]:
                self.enter(pool, people)
                self.count(("arriving", name, *pool[1:]), people)
            for where in sorted(self.spec, key=lambda w: ("gate", "population", "stay", "queue").index(self.spec[w].type)):
                if self.spec[where].type == "queue":
                    self.serve(where)
                self.leave(where)
            self.events()
            self.attempts()
            for pool, people in self.pending:
                self.enter(pool, people)
            for pool, people in self.people.items():
                self.count(("stock", *pool), people)
        return {name: self.counted.output(output) for name, output in self.study.outputs.items()}

    def at(self, where: Where) -> Draws:
        return sum((self.people[*where, group] for group in self.groups(where)), self.nobody)

    def look_around(self) -> None:
        """M6, M7: fullness, room and waits at the beginning of the step."""
        self.fullness, self.room, self.log_wait = {}, {}, {}
        for where, spec in self.spec.items():
            if spec.capacity is not None:
                capacity = np.floor(self.setting(where, "capacity") * np.ones(self.n))
                self.fullness[where] = self.at(where) / self.setting(where, "capacity")
                self.room[where] = np.maximum(capacity - self.at(where), 0).astype(np.int64)
            if spec.type == "queue":
                service = np.maximum(self.setting(where, "served_per_day"), 1e-9)
                wait = np.minimum(self.at(where) / service, 730)
                self.log_wait[where] = np.log(1 + wait / 7) * self.wrong["M7"]
                self.count(("wait", *where), wait)

    def leave(self, where: Where) -> None:
        """M2, M3, giving up of M5: hazards compete; M4: all divide."""
        kind, flow, noise = self.spec[where].type, self.at(where), np.ones(self.n)
        if self.spec[where].noise is not None and kind != "gate":
            noise = self.mean_one(self.value(self.spec[where].noise, where[1]) * self.wrong["M11"])
        for group in self.groups(where):
            pool = (*where, group)
            here, moves = self.people[pool], self.rates(where, group, flow, "share" if kind == "gate" else "rate")
            total = sum((rate for *_, rate in moves), np.zeros(self.n)) * noise
            leavers = np.where(total > 0, here, 0)
            if kind != "gate":
                wrong = self.wrong[{"population": "M2", "stay": "M3", "queue": "M5 giving up"}[kind]]
                leavers = self.drawn(here, -np.expm1(-self.delta * total * wrong))
            moved = self.divide(pool, leavers, moves, at_once=kind == "gate")
            if kind == "queue":
                self.shrink(pool, here, moved)
            self.people[pool] = self.people[pool] - moved

    def divide(self, pool: Pool, people: Draws, moves: list[Any], at_once: bool = False) -> Draws:
        """Multinomially; who finds no room stays. Returns how many moved."""
        left, moved = people, self.nobody
        for number, (transition, to, km, rate) in enumerate(moves):
            rest = sum((other for *_, other in moves[number + 1 :]), np.zeros(self.n))
            going = self.drawn(left, rate / np.maximum(rate + rest, 1e-300))
            left = left - going
            if to in self.room and not self.spec[to].overfills:
                going = np.minimum(going, self.room[to])
                self.room[to] = self.room[to] - going
            moved = moved + going
            self.set_off(pool, transition.name, (*to, pool[2]), going, self.journey(transition, km, pool), at_once)
        return moved

    def journey(self, transition: Transition, km: float | None, pool: Pool) -> np.ndarray | None:
        """Chances to arrive after 1, 2 … steps; the last is that of coming later than the study ends."""
        takes, key = transition.takes, (transition.name, km, *pool[1:])
        if takes is None and (km is None or transition.speed_km_per_day is None):
            return None
        if key not in self.arrival_chances:
            steps, ones = np.arange(self.n_steps + 1), np.ones((self.n, 1))
            if takes is not None and takes.distribution == "lognormal":
                median = self.value(takes.median_days, *pool[1:]) * self.wrong["M12"]
                below = ones * stats.lognorm.cdf(steps * self.delta, takes.spread, scale=ones * np.reshape(median, (-1, 1)))
            else:
                quantity = takes.mean_days if takes is not None else transition.speed_km_per_day
                time, middle = self.value(quantity, *pool[1:]), self.value(quantity, *pool[1:], self.medians)
                time, middle = (time, middle) if takes is not None else (km / time, km / middle)
                m, spread = max(middle / self.delta, 1.0), transition.spread if takes is None else takes.spread
                k = int(min(max(round(m / (spread**2 * m + 1)), 1), int(m)))
                p = np.minimum(k * self.delta / (ones * np.reshape(time, (-1, 1)) * self.wrong["M10"]), 1.0)
                below = stats.nbinom.cdf(steps - k, k, p)
            self.arrival_chances[key] = np.clip(np.diff(below, axis=1, append=1.0), 0, None)
        return self.arrival_chances[key]

    def set_off(self, pool: Pool, name: str, to: Pool, people: Draws, chances: Any = None, at_once: bool = False) -> None:
        self.count(("setting_off", name, *pool[1:]), people)
        if chances is None:
            self.count(("arriving", name, *to[1:]), people)
            if at_once:
                self.enter(to, people)
            else:
                self.pending.append((to, people))
            return
        for after, arriving in enumerate(self.rng.multinomial(people, chances).T, start=1):
            if self.step + after < self.n_steps and arriving.any():
                self.arriving[self.step + after].append((to, arriving, name))

    def enter(self, pool: Pool, people: Draws) -> None:
        self.people[pool] = self.people[pool] + people
        if pool[:2] in self.lines:
            self.lines[pool[:2]][self.step, self.groups(pool[:2]).index(pool[2])] += people

    def serve(self, where: Where) -> None:
        """M5: in order of arrival; groups of one step's arrivals without replacement."""
        line, groups = self.lines[where], self.groups(where)
        open_share = np.clip(self.step + 1 - self.closed_until[where], 0, 1)
        mean = self.setting(where, "served_per_day") * self.delta * open_share * self.wrong["M5"]
        if self.spec[where].service_noise is not None:
            mean = mean * self.mean_one(self.value(self.spec[where].service_noise, where[1]))
        left = np.minimum(self.rng.poisson(mean), self.at(where))
        called = np.zeros((len(groups), self.n), dtype=np.int64)
        for came in range(self.step + 1):
            here = line[came].sum(axis=0)
            wanted = taken = np.minimum(here, left)
            for g in range(len(groups)):
                part = self.rng.hypergeometric(line[came, g], line[came, g + 1 :].sum(axis=0), wanted)
                line[came, g], called[g], wanted = line[came, g] - part, called[g] + part, wanted - part
            left = left - taken
            self.count(("waited", where[0], np.searchsorted(EDGES, (self.step - came) * self.delta, side="right") - 1), taken)
        head = np.argmax(np.vstack([line[: self.step].sum(axis=1), np.ones(self.n)]) > 0, axis=0)
        for g, group in enumerate(groups):
            moved = self.divide((*where, group), called[g], self.rates(where, group, self.at(where), "share"))
            self.people[*where, group] -= moved
            line[head, g, np.arange(self.n)] += called[g] - moved

    def shrink(self, pool: Pool, people: Draws, leaving: Draws) -> None:
        """Each step's arrivals shrink by the same share, up to whole people."""
        if pool[:2] not in self.lines:
            return
        line, g = self.lines[pool[:2]], self.groups(pool[:2]).index(pool[2])
        keep, up = (people - leaving) / np.maximum(people, 1), self.rng.uniform(0, 1, self.n)
        upto = np.cumsum(line[: self.step + 1, g], axis=0)
        kept = np.where(upto >= people, people - leaving, np.floor(upto * keep + up))
        line[: self.step + 1, g] = np.diff(kept, axis=0, prepend=0)

    def go_together(self, pool: Pool, people: Draws, name: str, to: str) -> None:
        self.shrink(pool, self.people[pool], people)
        self.people[pool] = self.people[pool] - people
        self.set_off(pool, name, (to, *pool[1:]), people)

    def events(self) -> None:
        """M2: scheduled departures."""
        for event in self.model.events:
            days = (self.today - event.date).days
            if 0 <= days < event.days:
                total = np.floor(self.value(event.people, event.at) * self.wrong["M2 event"] * np.ones(self.n) + 0.5)
                left = (np.floor(total * (days + 1) / event.days) - np.floor(total * days / event.days)).astype(np.int64)
                weight_left = sum(event.groups.values())
                for group, weight in event.groups.items():
                    part = self.drawn(left, weight / weight_left)
                    left, weight_left = left - part, weight_left - weight
                    pool = (event.from_, event.at, group)
                    self.go_together(pool, np.minimum(part, self.people[pool]), event.id, event.to)

    def attempts(self) -> None:
        """M9: collective attempts."""
        for attempt in self.study.collective_attempts:
            for place in self.model.places:
                crowded = [(s, place.id) for s in attempt.from_ if (s, place.id) in self.spec]
                pools = [(*where, g) for where in crowded for g in self.groups(where)]
                if not pools or not matches_place(attempt.at, place):
                    continue
                crowd = sum(self.people[pool] for pool in pools) / self.value(attempt.at_crowd)
                hazard = self.value(attempt.events_per_day) * crowd**attempt.growth * self.wrong["M9"] * (crowd > 0)
                happens = self.rng.uniform(0, 1, self.n) < -np.expm1(-hazard * self.delta)
                share = np.where(happens, self.rng.beta(attempt.share.alpha, attempt.share.beta, self.n), 0.0)
                for pool in pools:
                    self.go_together(pool, self.drawn(self.people[pool], share), attempt.name, attempt.to)
                if attempt.closes is not None:
                    until = self.step + 1 + self.value(attempt.closed_days or 0.0) / self.delta
                    closed = self.closed_until[attempt.closes, place.id]
                    self.closed_until[attempt.closes, place.id] = np.where(happens, np.maximum(closed, until), closed)
