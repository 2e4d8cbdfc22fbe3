"""Is everything that is wrong told at once, without follow-up problems, and is the folder left as it was?"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from broken_folder import GOOD, all_of, append, copy_of_good_study, position_of, put, swap

from corredor.study.model import load_study
from corredor.study.problems import ALIKE_SHOWN, SAME_SHOWN, Problem, StudyError, gathered


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(StudyError) as raised:
        load_study(folder)
    return raised.value.problems


def test_mistakes_in_different_files_are_all_told_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    all_of(
        swap("study.yaml", "capacity: 120", "capcity: 120"),  # shape: the compartment cannot be read
        swap("study.yaml", "{driver: harvest,", "{driver: havrest,"),  # meaning, in another entry of the same file
        swap("parameters.yaml", "{low: 120, high: 180}", "{low: 180, high: 120}"),
        swap("measures.yaml", "from: 2021-03-15", "from: 2021-13-15"),  # shape: the measure cannot be read
        swap("events.yaml", "at: mill_town", "at: mil_town"),
        swap("places.csv", "aldia_plain,50000", "aldia_plain,many"),  # shape: the row cannot be read
        swap("routes.csv", ",145,", ",95,"),  # needs the row of places.csv that cannot be read: not told until that is right
        swap("routes.csv", ",170,", ",17,"),
        swap("drivers.csv", "harvest,70,index", "harvest,70,percent"),
        append("observations.csv", "stoped,,,2021-01-01,2021-01-31,49,,,2021-02-15,final,invented,"),
        put("mesures.yaml", "[]"),
    )(folder)
    told = [(Path(problem.file).name, problem.line) for problem in problems_of(folder)]

    def line(file: str, marker: str) -> tuple[str, int]:
        return file, position_of(folder, file, marker)[0]

    assert told == [
        line("study.yaml", "capcity"),
        line("study.yaml", "havrest"),
        line("parameters.yaml", "low: 180"),
        line("measures.yaml", "2021-13-15"),
        line("events.yaml", "mil_town"),
        line("places.csv", "many"),
        line("routes.csv", ",17,"),
        line("drivers.csv", "percent"),
        line("observations.csv", "stoped"),
        ("mesures.yaml", 0),
    ]


def test_a_file_that_cannot_be_read_does_not_make_its_names_unknown(tmp_path: Path) -> None:
    for file in ("parameters.yaml", "places.csv", "sources.csv", "routes.csv", "drivers.csv", "study.yaml"):
        folder = copy_of_good_study(tmp_path / file)
        put(file, b"\xff\xfe")(folder)
        problems = problems_of(folder)
        assert [Path(problem.file).name for problem in problems] == [file], "\n".join(map(str, problems))


def test_a_mistake_repeated_down_a_column_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    days = "\n".join(
        f"in_shelter,north_gate,,2021-0{m}-{d:02},2021-0{m}-{d:02},1 {d:03},,,2021-06-30,final,invented,"
        for m in (2, 4)
        for d in range(1, 29)
    )
    all_of(append("observations.csv", days), swap("routes.csv", ",170,", ",17,"))(folder)
    problems = problems_of(folder)
    assert len(problems) == ALIKE_SHOWN + 1
    assert problems[0].found.startswith("17 km")
    last = position_of(folder, "observations.csv", "2021-04-28,2021-04-28")[0]
    assert problems[-1].found.endswith(f"(and {56 - ALIKE_SHOWN} more like it, the last at {folder / 'observations.csv'}:{last})")


def test_a_name_that_is_missing_is_told_a_few_times_and_then_counted() -> None:
    alike = [Problem("study.yaml", line, 3, "hoem", "a status", "`home`") for line in range(1, 31)]
    other = Problem("study.yaml", 40, 1, "x", "y", "z")
    shown = gathered([*alike, other, other])
    assert len(shown) == SAME_SHOWN + 1
    assert shown[SAME_SHOWN - 1].found == f"hoem (and {30 - SAME_SHOWN} more like it, the last at study.yaml:30)"
    assert shown[-1] == other


def test_nothing_is_written_to_the_folder(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    before = {entry.name: (entry.stat().st_mtime_ns, (folder / entry.name).read_bytes()) for entry in os.scandir(folder)}
    load_study(folder)
    swap("study.yaml", "capacity: 120", "capcity: 120")(folder)
    before["study.yaml"] = ((folder / "study.yaml").stat().st_mtime_ns, (folder / "study.yaml").read_bytes())
    problems_of(folder)
    after = {entry.name: (entry.stat().st_mtime_ns, (folder / entry.name).read_bytes()) for entry in os.scandir(folder)}
    assert after == before


@pytest.mark.parametrize(
    ("path", "found", "try_"),
    [
        ("nothing-here", "nothing at this path", "the path of a folder with study.yaml in it"),
        ("studdy", "nothing at this path", "study"),
        ("study/study.yaml", "a file", "study"),
        ("study/places.csv", "a file", "study"),
        ("a\0b", "nothing at this path", "the path of a folder"),
    ],
)
def test_a_path_that_is_no_folder_is_told_as_such(path: str, found: str, try_: str, tmp_path: Path) -> None:
    copy_of_good_study(tmp_path)
    (problem,) = problems_of(tmp_path / path)
    assert str(problem).splitlines()[0] == str(tmp_path / path)
    assert found in problem.found
    assert "a study folder, which holds study.yaml, parameters.yaml" in problem.expected
    assert problem.try_.endswith(try_) or problem.try_.startswith(try_)


def test_an_empty_folder_names_the_files_that_it_lacks(tmp_path: Path) -> None:
    problems = problems_of(tmp_path)
    assert [Path(problem.file).name for problem in problems] == [
        "study.yaml",
        "parameters.yaml",
        "places.csv",
        "routes.csv",
        "sources.csv",
    ]


def test_something_that_is_no_file_is_not_opened(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    (folder / "events.yaml").unlink()
    os.mkfifo(folder / "events.yaml")  # opening it would wait for ever
    (problem,) = problems_of(folder)
    assert problem.found == "something that is not a file"


def test_files_that_may_be_absent_may_be_absent(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    for file in ("measures.yaml", "observations.csv", "series.csv", "claims.yaml"):
        (folder / file).unlink()
    model = load_study(folder)
    assert model.measures == () and model.observations == () and model.series == () and model.claims == ()
    assert "measures.yaml" not in model.input_hashes


def test_byte_order_mark_and_windows_line_ends_change_nothing_but_the_hash(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    for file in sorted(folder.iterdir()):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    changed, good = load_study(folder), load_study(GOOD)
    assert (changed.study, changed.places, changed.routes, changed.drivers) == (
        good.study,
        good.places,
        good.routes,
        good.drivers,
    )
    assert (changed.observations, changed.parameters, changed.measures) == (good.observations, good.parameters, good.measures)
    assert changed.hash != good.hash


def test_an_error_keeps_its_problems_on_its_way_between_processes() -> None:
    error = StudyError([Problem("a.csv", 1, 2, "x", "y", "z")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert str(error) == "a.csv:1:2\n  found     x\n  expected  y\n  try       z"
