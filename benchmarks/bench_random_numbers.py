"""How long does one decision take: a number with an address and the count that belongs to it (DESIGN section 8)?

Run `python benchmarks/bench_random_numbers.py`. Every row is the median of several runs in one process and on one core; compare rows and
columns, not machines. "changing" means that n and p differ from decision to decision by up to 10 %, as in a simulation.
NumPy's `Generator.binomial` is timed on whole arrays, which spares it the cost of a call per decision.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
from numba import njit

from corredor.engine.random_numbers import binomial_quantile, uniform_pair

CASES = [
    (1_000, 0.0001),
    (1_000, 0.0005),
    (200, 0.01),
    (10, 0.5),
    (1_000, 0.005),
    (200, 0.1),
    (1_000, 0.05),
    (1_000, 0.95),
    (20_000, 0.1),
    (1_000_000, 0.005),
    (1_000_000, 0.3),
    (1_000_000_000, 0.3),
]
"""(n people, share p): means from 0.1 to 300 million."""

DECISIONS = 200_000
RUNS = 15


@njit(nogil=True)
def _decide(people, shares):
    total = 0.0
    for i in range(len(people) // 2):
        first, second = uniform_pair(1, 2, 3, 4, i, 5)
        total += binomial_quantile(first, people[2 * i], shares[2 * i])
        total += binomial_quantile(second, people[2 * i + 1], shares[2 * i + 1])
    return total


@njit(nogil=True)
def _only_numbers(n):
    total = 0.0
    for i in range(n // 2):
        first, second = uniform_pair(1, 2, 3, 4, i, 5)
        total += first + second
    return total


def _median_ns(work: Callable[[], object]) -> float:
    work()
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) / DECISIONS * 1e9


def measure() -> list[dict[str, float]]:
    """One row per (n, p): nanoseconds per decision here and in NumPy, medians of 15 runs of 200,000 decisions.

    returns : list of {"people", "share", "mean", "decision_ns", "numpy_changing_ns", "numpy_constant_ns"}; the first row
              (people 0) is the number with an address alone
    """
    generator = np.random.default_rng(1)
    rows = [{"people": 0.0, "share": 0.0, "mean": 0.0, "decision_ns": _median_ns(lambda: _only_numbers(DECISIONS))}]
    rows[0] |= {name: _median_ns(lambda: generator.random(DECISIONS)) for name in ("numpy_changing_ns", "numpy_constant_ns")}
    for n, p in CASES:
        people = np.round(n * generator.uniform(0.9, 1.1, DECISIONS))
        shares = np.minimum(p * generator.uniform(0.9, 1.1, DECISIONS), 1 - 0.1 * (1 - p))
        whole = people.astype(np.int64)
        rows.append(
            {
                "people": float(n),
                "share": p,
                "mean": n * p,
                "decision_ns": _median_ns(lambda people=people, shares=shares: _decide(people, shares)),
                "numpy_changing_ns": _median_ns(lambda whole=whole, shares=shares: generator.binomial(whole, shares)),
                "numpy_constant_ns": _median_ns(lambda n=n, p=p: generator.binomial(n, p, DECISIONS)),
            }
        )
    return rows


def main() -> None:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, NumPy {np.__version__}; ns per decision")
    print(f"{'people':>13} {'share':>8} {'mean':>12} {'here':>7} {'NumPy, changing':>16} {'NumPy, constant':>16}")
    for row in measure():
        name = f"{row['people']:>13,.0f} {row['share']:>8g} {row['mean']:>12,.6g}" if row["people"] else f"{'number alone':<35}"
        print(f"{name} {row['decision_ns']:>7.1f} {row['numpy_changing_ns']:>16.1f} {row['numpy_constant_ns']:>16.1f}")


if __name__ == "__main__":
    main()
