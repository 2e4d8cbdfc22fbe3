"""Does a check of a large study take steps in proportion to its size? Steps are counted, not timed, so that a loop over pairs is seen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study
from corredor.study.problems import StudyError

Row = Callable[[int], str]

MOST_FOR_TWICE = 2.5
"""Steps for twice as many further rows: twice as many where each row takes as many; more than three times where a loop goes over pairs."""


def spot(number: int) -> str:
    return f"{2 + number % 100 * 0.01:.2f},{-30 + number // 100 * 0.01:.2f}"


VARIANTS: dict[str, dict[str, Row]] = {
    "crossings with routes": {
        "places.csv": lambda n: f"more{n},More {n},boria,{spot(n)},crossing,boria_coast,,invented",
        "routes.csv": lambda n: f"mill_town,more{n},900,road,no,invented",
    },
    "border towns": {
        "places.csv": lambda n: f"more{n},More {n},boria,{spot(n)},border_town,boria_coast,,invented",
        "routes.csv": lambda n: f"old_bridge,more{n},900,road,no,invented",
    },
    "origins in countries and regions of their own": {
        "places.csv": lambda n: f"more{n},More {n},land{n},{spot(n)},origin,region{n},100,invented",
        "routes.csv": lambda n: f"more{n},old_bridge,900,road,no,invented",
    },
    "places that nobody reaches": {"places.csv": lambda n: f"more{n},More {n},boria,{spot(n)},crossing,boria_coast,,invented"},
    "places without a compartment": {"places.csv": lambda n: f"more{n},More {n},boria,{spot(n)},village,boria_coast,,invented"},
    "routes from places that do not exist": {
        "places.csv": lambda n: f"more{n},More {n},aldia,{spot(n)},origin,aldia_plain,100,invented",
        "routes.csv": lambda n: f"moer{n},old_bridge,900,road,no,invented",
    },
    "figures of places that do not exist": {
        "places.csv": lambda n: f"more{n},More {n},aldia,{spot(n)},origin,aldia_plain,100,invented",
        "observations.csv": lambda n: f"arrivals,moer{n},,2021-01-01,2021-01-31,10,,,2021-02-10,final,invented,",
    },
}


def steps(folder: Path) -> int:
    """Functions that are called, of Python and of C, while a study is read and checked."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        with suppress(StudyError):
            load_study(folder)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", VARIANTS)
def test_twice_as_many_places_take_about_twice_as_many_steps(name, tmp_path):
    def with_rows(number: int) -> int:
        folder = Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path / str(number)))
        for file, row in VARIANTS[name].items():
            with (folder / file).open("a", encoding="utf-8") as table:
                table.writelines(f"{row(n)}\n" for n in range(number))
        return steps(folder)

    few, some, many = (with_rows(number) for number in (100, 200, 400))
    assert (many - some) / (some - few) <= MOST_FOR_TWICE, (few, some, many)
