"""What the second model (tests/oracle.py) counts: numbers by step, summed over places, groups and periods as outputs ask."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np

from corredor.study.model import Model
from corredor.study.selectors import matches_group, matches_place

EDGES = (0, 1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 365)  # days waited: where classes begin


class Counted:
    """People by step and draw, under a name such as ("arriving", transition, place, group) or ("waited", status, class)."""

    def __init__(self, model: Model, n_warm_up: int, n_steps: int, n_draws: int) -> None:
        self.study, self.place = model.study, {place.id: place for place in model.places}
        self.n_warm_up, self.n_steps, self.n, self.delta = n_warm_up, n_steps, n_draws, model.study.step_days
        self.step = 0
        self.n_days = (self.study.to - self.study.from_).days + 1
        self.by_step: dict[tuple[Any, ...], np.ndarray] = defaultdict(lambda: np.zeros((n_steps, n_draws)))

    def add(self, what: tuple[Any, ...], people: np.ndarray) -> None:
        self.by_step[what][self.step] += people

    def output(self, output: Any) -> np.ndarray:
        """(n_draws, periods), or (n_draws, classes of days waited, periods)."""
        kinds = {output.counted: output.flow, "stock": output.stock, "wait": output.expected_wait, "waited": output.days_waited}
        kind, words = next((kind, words) for kind, words in kinds.items() if words is not None)
        names = [words] if isinstance(words, str) else words
        sums = np.zeros((len(EDGES) if kind == "waited" else 1, self.n_steps, self.n))
        for (of, name, where, *group), numbers in self.by_step.items():
            if of == kind and name in names:
                if not group:
                    sums[where if kind == "waited" else 0] += numbers
                elif matches_place(output.at, self.place[where]):
                    sums[0] += numbers * matches_group(output.groups, group[0], self.study.groups[group[0]])
        found = np.stack([self.periods(row, output.every, kind in ("stock", "wait")) for row in sums], axis=1)
        return found if kind == "waited" else found[:, 0]

    def periods(self, by_step: np.ndarray, every: str, mean: bool) -> np.ndarray:
        """Sums of flows, or means of stocks by time, over days or weeks; (n_draws, periods)."""
        begins = (np.arange(self.n_steps) - self.n_warm_up) * self.delta
        found = []
        for low, high in pairwise([*range(0, self.n_days, {"day": 1, "week": 7}[every]), self.n_days]):
            days = np.clip(np.minimum(begins + self.delta, high) - np.maximum(begins, low), 0, None)
            found.append(days @ by_step / (high - low if mean else self.delta))
        return np.stack(found, axis=1)
