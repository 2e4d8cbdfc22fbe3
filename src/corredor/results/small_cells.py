"""Which numbers of a table must not be shown, so that no count of fewer than five people can be worked out from those that are.

Hiding the small counts alone does not do: of a row with its total, one hidden cell is the total less the others. So others are hidden with
it (complementary suppression), by the hypercube method of statistical offices: with a small cell, a cell of another place, another month
and another group … are hidden, and the corners between them. Some people can then be moved round these corners without changing any total,
so that for every small cell there is another table, the same in all that is shown, in which it is none, and one in which it is five or
more. Totals are over months, places, regions, countries, groups, citizenships, kinds and all of them together. Where no such corners are
large enough, totals are hidden too.

source : Repsilber 1994, Preservation of confidentiality in aggregated data; Giessing and Repsilber 2002 (GHMITER); Hundepool and others
    2012, Statistical Disclosure Control, chapter 4. docs/PRIVACY.md tells it to readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, too_few

CANDIDATES = 4
"""Other labels tried along each axis."""

ALL = "all"

Level = tuple[int, ...]
"""For each axis, by which of its codes cells are summed: 0 not at all, the last one all together."""


@dataclass(frozen=True)
class Axis:
    """An axis of a table and what its labels are summed to.

    codes : each (n_labels,) int    first the labels themselves; then groups of them, such as countries; last, if they add up, zeros
    levels : name of a group → its place in `codes`; ALL for all labels together
    """

    codes: tuple[np.ndarray, ...]
    levels: Mapping[str, int]

    @staticmethod
    def of(n_labels: int, groups: Mapping[str, Sequence[object]] | None = None, adds_up: bool = True) -> Axis:
        """groups : name → for each label its month, country …"""
        found, levels, same = [np.arange(n_labels)], {}, []
        for name, labels in (groups or {}).items():
            codes = np.unique(np.array([str(label) for label in labels]), return_inverse=True)[1]
            if codes.any():
                levels[name] = len(found)
                found.append(codes)
            else:
                same.append(name)
        if adds_up and n_labels > 1:
            found.append(np.zeros(n_labels, dtype=int))
        last = len(found) - 1
        return Axis(tuple(found), levels | dict.fromkeys([*same, ALL], last))


@dataclass(frozen=True)
class Cells:
    """Counts of people by some axes.

    people : (n_labels, …) float ≥ 0     one axis for each of `axes`; not a number where nothing is counted
    """

    people: np.ndarray
    axes: tuple[Axis, ...]

    @property
    def levels(self) -> Iterator[Level]:
        return product(*(range(len(axis.codes)) for axis in self.axes))

    def sums(self, level: Level) -> np.ndarray:
        """The counts summed to a level; not a number where nothing is counted."""
        codes = [axis.codes[at] for axis, at in zip(self.axes, level, strict=True)]
        total = np.zeros([int(code.max(initial=-1)) + 1 for code in codes])
        counted = np.zeros(total.shape, dtype=bool)
        np.add.at(total, np.ix_(*codes), np.nan_to_num(self.people))
        np.logical_or.at(counted, np.ix_(*codes), ~np.isnan(self.people))
        return np.where(counted, total, np.nan)

    @cached_property
    def hidden(self) -> Mapping[Level, np.ndarray]:
        """Level → which of its sums must not be shown: bool, of the shape of `sums`."""
        masks = {level: too_few(self.sums(level)) for level in self.levels}
        small = {level: np.array(mask) for level, mask in masks.items() if np.any(mask)}
        moved: dict[Level, np.ndarray] = {level: np.zeros(self.people.shape, dtype=bool) for level in small}
        hidden = {level: np.array(mask) for level, mask in masks.items()}
        for level, mask in small.items():
            spread = mask[np.ix_(*(axis.codes[at] for axis, at in zip(self.axes, level, strict=True)))]
            for leaf in np.argwhere(spread & too_few(self.people)):
                cell = tuple(int(x) for x in leaf)
                if not moved[level][cell]:
                    self._hide(cell, self._move(cell, level, hidden), hidden, moved)
        return hidden

    def _move(self, cell: tuple[int, ...], level: Level, hidden: Mapping[Level, np.ndarray]) -> tuple[int, ...]:
        """The opposite corner of a cell: with as many other labels as leave every corner large enough; the cell itself where none is."""
        free = [at for at, axis in enumerate(self.axes) if level[at] < len(axis.codes) - 1]
        for dropped in range(len(free) + 1):
            best: tuple[tuple[float, float], tuple[int, ...]] | None = None
            for kept in _subsets(free, len(free) - dropped):
                found = self._cheapest(cell, level, kept, hidden)
                if found is not None and (best is None or found[0] < best[0]):
                    best = found
            if best is not None:
                return best[1]
        return cell

    def _cheapest(
        self, cell: tuple[int, ...], level: Level, moving: Sequence[int], hidden: Mapping[Level, np.ndarray]
    ) -> tuple[tuple[float, float], tuple[int, ...]] | None:
        """The opposite corner over these axes that hides fewest totals, then fewest people; none where some corner would be too small."""
        if not moving:
            return (0.0, 0.0), cell
        leaves = hidden[(0,) * len(self.axes)]
        choices, differing = [], {}
        for at in moving:
            line = tuple(slice(None) if other == at else cell[other] for other in range(len(cell)))
            people, code = self.people[line], self.axes[at].codes
            able = (people >= SMALLEST_SHOWN_PEOPLE) & (code[level[at]] != code[level[at]][cell[at]])
            apart = differing[at] = np.sum([group != group[cell[at]] for group in code], axis=0)
            order = np.lexsort((people, ~leaves[line], apart))
            choices.append([int(label) for label in order if able[label]][:CANDIDATES])
            if not choices[-1]:
                return None
        best: tuple[tuple[float, float], tuple[int, ...]] | None = None
        for chosen in product(*choices):
            opposite = list(cell)
            for at, label in zip(moving, chosen, strict=True):
                opposite[at] = label
            corners = [corner for corner in _corners(cell, tuple(opposite)) if corner != cell]
            people = np.array([self.people[corner] for corner in corners])
            if not (people >= SMALLEST_SHOWN_PEOPLE).all():
                continue
            totals = float(sum(differing[at][opposite[at]] for at in moving))
            cost = totals, float(sum(n for n, corner in zip(people, corners, strict=True) if not leaves[corner]))
            if best is None or cost < best[0]:
                best = cost, tuple(opposite)
        return best

    def _hide(
        self, cell: tuple[int, ...], opposite: tuple[int, ...], hidden: dict[Level, np.ndarray], moved: dict[Level, np.ndarray]
    ) -> None:
        """Hide every sum that changes when people are moved round these corners."""
        for level in self.levels:
            ends = [axis.codes[at] for axis, at in zip(self.axes, level, strict=True)]
            one = tuple(int(code[x]) for code, x in zip(ends, cell, strict=True))
            other = tuple(int(code[x]) for code, x in zip(ends, opposite, strict=True))
            if any(a == b and x != y for a, b, x, y in zip(one, other, cell, opposite, strict=True)):
                continue  # what comes in goes out again
            for corner in _corners(one, other):
                hidden[level][corner] = True
            if level in moved:
                moved[level][cell] = True


def hidden_in_line(people: np.ndarray) -> np.ndarray:
    """Of counts whose total is shown, those that must not be: (n,) bool; all of them where the total must not be either.

    people : (n,) float ≥ 0     not a number where nothing is counted
    """
    if len(people) < 2 or not np.any(too_few(np.nan_to_num(people))):
        return np.asarray(too_few(people))
    return Cells(people, (Axis.of(len(people)),)).hidden[0,]


def drawn_people(people: np.ndarray, window: slice) -> np.ndarray:
    """Counts as a picture may draw them, small ones at 5: of a window whose total is told, none that would give a small one away.

    people : (n,) float     returns : the same, not a number where a count is left out
    """
    shown = np.array(people, dtype=float)
    inside = shown[window]
    inside[hidden_in_line(inside) & ~np.asarray(too_few(inside))] = np.nan
    return shown


def _corners(one: tuple[int, ...], other: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All corners between two opposite ones."""
    return list(product(*((a,) if a == b else (a, b) for a, b in zip(one, other, strict=True))))


def _subsets(axes: Sequence[int], size: int) -> Iterator[list[int]]:
    for chosen in product((True, False), repeat=len(axes)):
        if sum(chosen) == size:
            yield [at for at, is_in in zip(axes, chosen, strict=True) if is_in]
