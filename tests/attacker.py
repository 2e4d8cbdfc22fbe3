"""An attacker who solves for hidden counts from all numbers that an output shows, with a linear program."""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, too_few

EXACT = 1e-6


@dataclass(frozen=True)
class Shown:
    """A number that is shown: what it sums, how often each, and by how much it may be off, since it is rounded."""

    parts: Mapping[Hashable, float]
    value: float
    off: float = EXACT


def worked_out(
    shown: Sequence[Shown], truth: Mapping[Hashable, float], wanted: Container[Hashable] | None = None
) -> list[Hashable]:
    """Small counts that the numbers shown hold to less than the whole of 0 to 5.

    truth : every count that a number may be made of
    wanted : those that are looked for; all of them unless given
    """
    names = list(truth)
    rows = np.array([[float(one.parts.get(name, 0.0)) for name in names] for one in shown]).reshape(len(shown), len(names))
    values, off = np.array([one.value for one in shown]), np.array([one.off for one in shown])
    known = {"A_ub": np.vstack([rows, -rows]), "b_ub": np.concatenate([values + off, off - values])} if shown else {}
    for one in shown:
        assert abs(sum(truth[name] * factor for name, factor in one.parts.items()) - one.value) <= one.off + EXACT, one
    found = []
    for name in names:
        if not too_few(truth[name]) or (wanted is not None and name not in wanted):
            continue
        this = np.array([float(other == name) for other in names])
        least, most = (linprog(sign * this, **known, bounds=(0, 1e6)) for sign in (1, -1))
        assert least.status == most.status == 0
        if least.fun > 10 * EXACT or -most.fun < SMALLEST_SHOWN_PEOPLE - 10 * EXACT:
            found.append(name)
    return found
