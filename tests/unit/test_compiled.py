"""Does no index count from the end, and is nothing asked about it in compiled code?"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from corredor.engine.compiled import equation

IN_PLAIN_PYTHON = """
import sys
from dataclasses import replace
import numpy as np
from everything import everything
from walking import start
from corredor.engine import draws

class FromTheFront(np.ndarray):
    "An array that refuses to be asked for an item from its end."
    def __getitem__(self, index):
        self.look(index)
        return super().__getitem__(index)
    def __setitem__(self, index, value):
        self.look(index)
        super().__setitem__(index, value)
    @staticmethod
    def look(index):
        for one in index if isinstance(index, tuple) else (index,):
            if not isinstance(one, slice) and np.any(np.asarray(one) < 0):
                raise IndexError(f"item {one} counts from the end")
        FromTheFront.asked += 1
    asked = 0

def watched(parts):
    return parts._replace(**{n: v.view(FromTheFront) for n, v in parts._asdict().items() if isinstance(v, np.ndarray)})

if sys.argv[1] == "planted":
    np.zeros(3).view(FromTheFront)[-1]
def watched_too(made):
    return lambda *given: made(*[watched(one) if hasattr(one, "_fields") else one for one in given])

for name in ("fill_inputs", "fill_months", "put_at_start"):
    setattr(draws, name, watched_too(getattr(draws, name)))
model = everything(days=28, warm_up_days=7)
for expected in (False, True):
    walk = start(model, seed=5, draw=0, expected=expected)
    before = FromTheFront.asked
    walk.network = replace(walk.network, topology=watched(walk.network.topology))
    walk.inputs, walk.state, walk.scratch = watched(walk.inputs), watched(walk.state), watched(walk.scratch)
    walk.cells = walk.cells.view(FromTheFront)
    walk.to_the_end()
    print(before, FromTheFront.asked - before)
"""


def in_plain_python(what):
    return subprocess.run(
        [sys.executable, "-c", IN_PLAIN_PYTHON, what],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_index_of_the_kernel_or_of_its_inputs_counts_from_the_end():
    done = in_plain_python("")
    assert done.returncode == 0, done.stderr
    asked = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(asked) == 2 and all(inputs > 1_000 and kernel > 100_000 for inputs, kernel in asked)
    assert "item -1 counts from the end" in in_plain_python("planted").stderr


def one(values, i):
    return values[i]


def of_two(values, i, j):
    values[j, i] += 1.0
    return values[i, j]


def slices(values, i, j):
    values[i:j] = 2.0
    return values[j]


def test_slices_stay_what_they_are():
    ours, asked, plain = equation(slices), np.arange(6.0), np.arange(6.0)
    assert ours(asked, 1, 4) == slices(plain, 1, 4)
    np.testing.assert_array_equal(asked, plain)


def of_a_few(values, i):
    total = 0.0
    for k in range(i, i + 3):
        total += values[k] if values[k] > 1.5 else -values[k]
    return total


@pytest.mark.parametrize(
    ("function", "given"),
    [(one, (np.arange(5.0), 3)), (of_two, (np.arange(9.0).reshape(3, 3), 2, 1)), (of_a_few, (np.arange(5.0), 1))],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_indices_are_used_as_they_are(function, given):
    def asks(compiled):
        return re.search("icmp slt i64|ashr i64", next(iter(compiled.inspect_llvm().values()))) is not None

    as_usual, ours = njit(function), equation(function)
    copies = [tuple(one.copy() if isinstance(one, np.ndarray) else one for one in given) for _ in range(3)]
    assert function(*copies[0]) == as_usual(*copies[1]) == ours(*copies[2])
    np.testing.assert_array_equal(copies[0][0], copies[2][0])
    assert asks(as_usual) and not asks(ours)
