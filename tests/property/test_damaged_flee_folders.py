"""Whatever happened to a foreign folder: a study with remarks, or problems by file; never a bug's traceback.

Damage is drawn from a fixed seed, so that a variant that fails can be made again by its number.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flee_folder import write_flee_folder

from corredor.exchange.flee.write import import_flee
from corredor.study.model import load_study
from corredor.study.problems import StudyError

SHARED = Path(__file__).parents[3] / "shared" / "peer" / "flee-format"
VARIANTS = 100
NONSENSE = (
    "",
    "-1",
    "nan",
    "inf",
    "1e400",
    "-999999999",
    "x",
    "0",
    "12abc",
    '"',
    "é",
    "\x00",
    "=1+1",
    "99999999999999999999",
    ",",
    "\t",
    "2020-02-31",
)

Damage = Callable[[random.Random, bytes], bytes]


def rows_cut(generator: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(line for line in lines if generator.random() > 0.3)


def rows_shuffled(generator: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    generator.shuffle(lines)
    return b"\n".join(lines)


def rows_twice(generator: random.Random, content: bytes) -> bytes:
    return content + content[: generator.randrange(len(content) + 1)]


def encoded_otherwise(generator: random.Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(generator.choice(["utf-16", "utf-8-sig", "utf-32", "cp500"]), "replace")


def cut_off(generator: random.Random, content: bytes) -> bytes:
    return content[: generator.randrange(len(content) + 1)]


def nonsense_in_cells(generator: random.Random, content: bytes) -> bytes:
    lines = [line.split(b",") for line in content.split(b"\n")]
    for cells in lines:
        for number in range(len(cells)):
            if generator.random() < 0.1:
                cells[number] = generator.choice(NONSENSE).encode()
    return b"\n".join(b",".join(cells) for cells in lines)


def bytes_flipped(generator: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(max(len(content) // 50, 1)):
        if damaged:
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
    return bytes(damaged)


def columns_moved(generator: random.Random, content: bytes) -> bytes:
    return b"\n".join(b",".join(sorted(line.split(b","), key=lambda _: generator.random())) for line in content.split(b"\n"))


def emptied(generator: random.Random, content: bytes) -> bytes:
    return b"" if generator.random() < 0.5 else b"\n" * 5


def separated_otherwise(generator: random.Random, content: bytes) -> bytes:
    return content.replace(b",", generator.choice([b";", b"\t", b" , ", b",,"])).replace(
        b"\n", generator.choice([b"\r\n", b"\r", b"\n\n"])
    )


DAMAGES: list[Damage] = [
    rows_cut, rows_shuffled, rows_twice, encoded_otherwise, cut_off, nonsense_in_cells, bytes_flipped, columns_moved, emptied,
    separated_otherwise,
]  # fmt: skip


def damage(folder: Path, generator: random.Random) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in generator.sample(files, k=generator.randint(1, min(4, len(files)))):
        if generator.random() < 0.1:
            path.unlink()
        else:
            path.write_bytes(generator.choice(DAMAGES)(generator, path.read_bytes()))


def outcome(folder: Path, out: Path) -> str:
    """What comes of a folder; anything but a StudyError goes through."""
    try:
        study, model = import_flee(folder, out)
    except StudyError as error:
        assert error.problems and all(p.file and p.found and p.expected and p.try_ for p in error.problems)
        assert not out.exists()
        return "problems"
    assert all(str(remark) for remark in study.remarks)
    assert load_study(out).hash == model.hash
    return "study"


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_folder_never_ends_in_a_traceback(part, tmp_path):
    seen = []
    for variant in range(part, VARIANTS, 4):
        folder = write_flee_folder(tmp_path / f"case{variant}")
        damage(folder, random.Random(variant))
        seen.append(outcome(folder, tmp_path / f"study{variant}"))
    assert set(seen) == {"study", "problems"}, "both must happen, or the damage is too light or too heavy"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published cases are not here (../shared/peer/flee-format)")
def test_a_damaged_published_folder_never_ends_in_a_traceback(tmp_path):
    for variant in range(8):
        folder = tmp_path / f"case{variant}"
        shutil.copytree(SHARED / "mali2012", folder)
        damage(folder, random.Random(1000 + variant))
        assert outcome(folder, tmp_path / f"study{variant}") in ("study", "problems")
