"""Is a value that a function cannot use told in the form found, expected, try, whatever it is?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import corredor
from corredor.learn.forecast import forecast_end
from corredor.study.arguments import choice_of, count_of, date_of, folder_of, names_of, seed_of, yes_of
from corredor.study.problems import ArgumentError

ODD: list[Any] = [
    None, float("nan"), float("inf"), True, -1, 0, 2.5, 10**30, b"x", [], {}, (), np.array([1, 2]), np.array(["a", "b"]), np.float64(2),
    np.bool_(True), pd.NaT, pd.DataFrame({"a": [1, 2]}), np.datetime64("2021-04-01"), object(), 1 + 2j, "a\0b", "\udcff", Path("x"), len,
]  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=[f"{number} {type(value).__name__}" for number, value in enumerate(ODD)])
@pytest.mark.parametrize(
    "read",
    [
        lambda value: date_of(value, "day"),
        lambda value: count_of(value, "draws"),
        seed_of,
        lambda value: folder_of(value, "keep_in"),
        lambda value: names_of(value, "without"),
        lambda value: choice_of(value, "method", ["a", "b"]),
        lambda value: yes_of(value, "expected"),
    ],
    ids=["date", "count", "seed", "folder", "names", "choice", "yes"],
)
def test_any_value_is_used_or_told(read: Callable[[Any], object], value: Any) -> None:
    try:
        read(value)
    except ArgumentError as told:
        assert told.name and told.found and told.expected and told.try_


def test_what_numpy_and_pandas_make_is_understood() -> None:
    assert date_of(pd.Timestamp("2021-04-01 12:00"), "day") == dt.date(2021, 4, 1)
    assert count_of(np.int64(3), "draws") == 3  # type: ignore[arg-type]
    assert names_of(np.array(["a", "b", "a"]), "without") == ("a", "b")
    assert yes_of(np.bool_(False), "expected") is False  # type: ignore[arg-type]


CALLS: list[tuple[str, Callable[[], object]]] = [
    ("without", lambda: corredor.compare("two-towns", without=5, draws=2)),  # type: ignore[arg-type]
    ("scenario", lambda: corredor.compare("two-towns", scenario=5, draws=2)),  # type: ignore[arg-type]
    ("expected", lambda: corredor.simulate("two-towns", draws=2, expected="no")),  # type: ignore[arg-type]
    ("priors_only", lambda: corredor.simulate("two-towns", draws=2, priors_only="no")),  # type: ignore[arg-type]
    ("fitted", lambda: corredor.simulate("two-towns", draws=2, fitted=5)),  # type: ignore[arg-type]
    ("origins", lambda: corredor.backtest("two-towns", origins=2021)),  # type: ignore[arg-type]
    ("as_of", lambda: corredor.forecast("two-towns", as_of=pd.NaT)),
    ("as_of", lambda: corredor.forecast("two-towns", as_of="9999-12-31")),
    ("as_of", lambda: corredor.fit("two-towns", as_of="9999-12-31")),
    ("until", lambda: corredor.fit("two-towns", until="9999-12-31")),
    ("as_of, months", lambda: corredor.forecast("two-towns", as_of="2021-04-20", months=1_000_000)),
    ("size", lambda: corredor.sensitivity("two-towns", output="stopped", method="morris", size=1)),
    ("methods", lambda: corredor.benchmark(methods=5)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[f"{number} {name}" for number, (name, _) in enumerate(CALLS)])
def test_a_function_names_the_argument_that_it_cannot_use(name: str, call: Callable[[], object]) -> None:
    with pytest.raises(ArgumentError) as told:
        call()
    assert told.value.name == name


def test_a_forecast_ends_in_a_year_that_a_study_may_have() -> None:
    assert forecast_end(dt.date(2021, 4, 20), 2) == dt.date(2021, 5, 31)
    with pytest.raises(ArgumentError, match="a forecast that ends before 2200"):
        forecast_end(dt.date(2021, 4, 20), 2400)
