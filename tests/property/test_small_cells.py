"""Can a hidden count be worked out from what is shown? An attacker with a linear program tries, on any table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from corredor.results.small_cells import Axis, Cells
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, too_few

EXACT = 1e-6


def narrowed(cells: Cells, hidden=None) -> list:
    """Small counts, at any level, that the numbers shown pin to less than 0 … 5: (level, place, least, most)."""
    hidden = cells.hidden if hidden is None else hidden
    counted = ~np.isnan(cells.people)
    number = np.cumsum(counted.ravel()).reshape(counted.shape) - 1
    rows, right = [], []
    tables = {level: (cells.sums(level), parts_of(cells, level)) for level in cells.levels}
    for level, (sums, parts) in tables.items():
        for at in np.argwhere(~np.isnan(sums) & ~hidden[level]):
            rows.append(number[parts == np.ravel_multi_index(tuple(at), sums.shape)])
            right.append(sums[tuple(at)])
    rows = [row[row >= 0] for row in rows]
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    matrix = coo_array(
        (np.ones(len(owner)), (owner, np.concatenate([*rows, []]).astype(int))), shape=(len(rows), int(counted.sum()))
    )
    found = []
    for level, (sums, parts) in tables.items():
        for at in np.argwhere(too_few(np.nan_to_num(sums))):
            wanted = np.zeros(int(counted.sum()))
            wanted[number[(parts == np.ravel_multi_index(tuple(at), sums.shape)) & counted]] = 1
            given_ = {"A_eq": matrix, "b_eq": right} if rows else {}
            least = linprog(wanted, **given_, bounds=(0, None)).fun
            most = linprog(-wanted, **given_, bounds=(0, 1e6))
            assert least is not None and most.fun is not None
            if least > EXACT or -most.fun < SMALLEST_SHOWN_PEOPLE - EXACT:
                found.append((level, tuple(at), least, -most.fun))
    return found


def parts_of(cells: Cells, level) -> np.ndarray:
    """For every count the number of the sum that it is part of; −1 where nothing is counted."""
    codes = [axis.codes[at] for axis, at in zip(cells.axes, level, strict=True)]
    shape = [int(code.max()) + 1 for code in codes]
    numbers = np.ravel_multi_index(np.ix_(*codes), shape)
    return np.where(np.isnan(cells.people), -1, np.broadcast_to(numbers, cells.people.shape))


@st.composite
def tables(draw):
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    size = int(np.prod(shape))
    count = st.one_of(
        st.just(0.0), st.integers(1, 4).map(float), st.integers(5, 30).map(float), st.floats(0.01, 40), st.just(np.nan)
    )
    people = np.array(draw(st.lists(count, min_size=size, max_size=size))).reshape(shape)
    axes = []
    for n_labels in shape:
        groups = (
            {"country": draw(st.lists(st.integers(0, 1), min_size=n_labels, max_size=n_labels))} if draw(st.booleans()) else {}
        )
        axes.append(Axis.of(n_labels, groups, adds_up=draw(st.integers(0, 3)) > 0))
    return Cells(people, tuple(axes))


@settings(max_examples=150)
@given(tables())
def test_no_small_count_can_be_pinned_down(cells):
    assert narrowed(cells) == []


def test_the_attacker_finds_what_hiding_small_counts_alone_gives_away():
    cells = Cells(np.array([[3.0, 20.0, 30.0], [40.0, 50.0, 60.0], [12.0, 13.0, 14.0]]), (Axis.of(3), Axis.of(3)))
    alone = {level: np.asarray(too_few(cells.sums(level))) for level in cells.levels}
    assert [round(least, 6) for _, _, least, _ in narrowed(cells, alone)] == [3.0]
    assert narrowed(cells) == []


def test_small_companions_are_chosen_and_totals_stay():
    """By hand: 3 in the corner; of all rectangles through it the one over row 3 and column 2 hides fewest people (20 + 12 + 13)."""
    cells = Cells(np.array([[3.0, 20.0, 30.0], [40.0, 50.0, 60.0], [12.0, 13.0, 14.0]]), (Axis.of(3), Axis.of(3)))
    assert cells.hidden[0, 0].astype(int).tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 0]]
    assert not cells.hidden[0, 1].any() and not cells.hidden[1, 0].any() and not cells.hidden[1, 1].any()


def test_nothing_is_hidden_where_nothing_is_small():
    cells = Cells(np.array([[0.0, 20.0], [5.0, 0.0]]), (Axis.of(2), Axis.of(2)))
    assert not any(mask.any() for mask in cells.hidden.values())


def test_a_lone_cell_takes_its_totals_along():
    """Nothing else is large enough to stand in for it, so that its total would be it."""
    cells = Cells(np.array([[3.0, 0.0], [0.0, 0.0]]), (Axis.of(2), Axis.of(2)))
    assert cells.hidden[0, 0][0, 0] and cells.hidden[0, 1][0, 0] and cells.hidden[1, 0][0, 0] and cells.hidden[1, 1][0, 0]


def test_companions_come_from_the_same_country_if_they_can():
    people = np.array([[2.0, 50.0, 9.0], [30.0, 40.0, 9.0]])
    cells = Cells(people, (Axis.of(2), Axis.of(3, {"country": ["a", "a", "b"]})))
    assert cells.hidden[0, 0].astype(int).tolist() == [[1, 1, 0], [1, 1, 0]]
    assert not cells.hidden[0, 1].any()


@pytest.mark.parametrize("shape", [(12, 9), (6, 5, 4)])
def test_larger_tables_of_few_people_hold_too(shape):
    people = np.random.default_rng(1).negative_binomial(0.4, 0.02, shape).astype(float)
    countries = np.arange(shape[1]) // 3
    axes = [Axis.of(shape[0]), Axis.of(shape[1], {"country": list(countries)}), *(Axis.of(n) for n in shape[2:])]
    cells = Cells(people, tuple(axes))
    assert sum(too_few(people).ravel()) > 5
    assert narrowed(cells) == []
    assert 0 < cells.hidden[(0,) * len(shape)].mean() < 0.8
