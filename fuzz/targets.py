"""What is fuzzed: everything that reads somebody's file, what to begin from, and what may come of any bytes at all.

A reading ends well when it returns or raises what its reader says it raises; anything else is a finding. Where a folder is read, the
first byte of the input chooses the file that the other bytes stand for.
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import flee_folder  # noqa: E402
import pandas as pd  # noqa: E402
import sheets  # noqa: E402

from corredor._simulate import simulate  # noqa: E402
from corredor.effects.benchmark.read_evidence import read_evidence  # noqa: E402
from corredor.engine import netcdf_apart  # noqa: E402
from corredor.engine.fitted import Fitted, check_fitted, read_fitted, write_fitted  # noqa: E402
from corredor.engine.network import build_network  # noqa: E402
from corredor.exchange.flee.write import import_flee  # noqa: E402
from corredor.exchange.hubverse.tables import model_outputs, observed_figures  # noqa: E402
from corredor.exchange.readers.formats import FORMATS  # noqa: E402
from corredor.exchange.unpacking import Packed, is_web_page, unpacked  # noqa: E402
from corredor.learn.fit import fit  # noqa: E402
from corredor.results.netcdf import read_run, write_dataset  # noqa: E402
from corredor.study.catalogue import BUNDLED, bundled_studies  # noqa: E402
from corredor.study.model import load_study  # noqa: E402
from corredor.study.problems import StudyError  # noqa: E402
from corredor.study.scenario import load_scenario  # noqa: E402
from corredor.study.schema import FILES  # noqa: E402

netcdf_apart.LONGEST_SECONDS = 10
"""Within the bound of an input: there are netCDF files whose reading never ends."""

_HOLDER = tempfile.TemporaryDirectory(prefix="corredor-fuzz-")
PLACE = Path(_HOLDER.name)
"""A folder of this process, which lives as long as it does."""


@dataclass(frozen=True)
class Target:
    """seeds : inputs to begin from; read : reads an input, and raises what is a finding; words : pieces that changes are made of;
    share : of the time, where 1 is that of others, for what is read slowly
    """

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], object]
    words: tuple[bytes, ...] = ()
    share: float = 1.0


def told_well(error: StudyError) -> None:
    """Every problem says what was found, what is expected and what to try."""
    assert error.problems
    for problem in error.problems:
        assert problem.line >= 0 and problem.column >= 0
        assert problem.file and problem.found and problem.expected and problem.try_, str(problem)


def _put(name: str, content: bytes) -> Path:
    path = PLACE / name
    path.write_bytes(content)
    return path


# ------------------------------------------------------------------------------------------------ readers of published formats


def _samples(reader: str) -> list[bytes]:
    if reader == "boletin-mx":
        return [sheets.xlsx({"Cuadro": sheets.CUADRO}), sheets.xls("Cuadro", sheets.CUADRO)]
    begin = {"unhcr": "unhcr-population"}.get(reader, reader)
    return [path.read_bytes() for path in sorted((TESTS / "readers_samples").glob(f"{begin}*")) if path.suffix != ".md"]


def _published(reader: str, content: bytes) -> None:
    try:
        reading = FORMATS[reader].read(content, "a file")
    except StudyError as error:
        told_well(error)
    else:
        assert all(figure.value == figure.value and figure.from_ <= figure.to for figure in reading.figures)


# ------------------------------------------------------------------------------------------------------------------- folders


def _file_of_a_folder(folder: Path, content: bytes) -> Path | None:
    """Let the input take the place of the file that its first byte chooses."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in {".yaml", ".csv", ".yml", ".txt"})
    if not content:
        return None
    file = files[content[0] % len(files)]
    file.write_bytes(content[1:])
    return file


def _inputs_of(folder: Path) -> list[bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in {".yaml", ".csv", ".yml", ".txt"})
    return [bytes([number]) + path.read_bytes() for number, path in enumerate(files)]


def _fresh(make: Callable[[Path], object]) -> Path:
    folder = PLACE / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    make(folder)
    return folder


def _study_files(folder: Path) -> None:
    folder.mkdir()
    for name in FILES:
        if (BUNDLED / "two-towns" / name).is_file():
            shutil.copy(BUNDLED / "two-towns" / name, folder / name)


def _study(content: bytes) -> None:
    folder = _fresh(_study_files)
    _file_of_a_folder(folder, content)
    try:
        load_study(folder)
    except StudyError as error:
        told_well(error)


def _flee(content: bytes) -> None:
    folder = _fresh(flee_folder.write_flee_folder)
    _file_of_a_folder(folder, content)
    out = PLACE / "imported"
    shutil.rmtree(out, ignore_errors=True)
    try:
        import_flee(folder, out)
    except StudyError as error:
        told_well(error)
        assert not out.exists()


# ------------------------------------------------------------------------------------------------------------- single files


@cache
def _two_towns() -> object:
    return load_study(bundled_studies()["two-towns"])


def _scenario(content: bytes) -> None:
    try:
        load_scenario(_put("scenario.yaml", content), _two_towns())  # type: ignore[arg-type]
    except StudyError as error:
        told_well(error)


def _hub(content: bytes) -> None:
    try:
        model_outputs([_put("2019-03-31-team-model.csv", content)])
    except StudyError as error:
        told_well(error)


def _hub_parquet(content: bytes) -> None:
    try:
        model_outputs([_put("2019-03-31-team-model.parquet", content)])
    except StudyError as error:
        told_well(error)


def _hub_figures(content: bytes) -> None:
    try:
        observed_figures(_put("time-series.csv", content))
    except StudyError as error:
        told_well(error)


def _evidence(content: bytes) -> None:
    path = _put("claims.yaml", content)
    try:
        read_evidence([TESTS.parent / "src/corredor/evidence/series_honduras.csv"], path)
    except StudyError as error:
        told_well(error)


def _evidence_series(content: bytes) -> None:
    path = _put("series.csv", content)
    try:
        read_evidence([path], TESTS.parent / "src/corredor/evidence/effects.yaml", absent_is_zero=True)
    except StudyError as error:
        told_well(error)


def _unpacked(content: bytes) -> None:
    """The first byte chooses the codings, the rest is the answer of a server."""
    codings = ["", "gzip", "deflate", "gzip, deflate", "gzip, gzip", "br"][content[0] % 6] if content else ""
    total = 0
    with suppress(Packed):
        for piece in unpacked(iter([content[1:9], content[9:]]), codings):
            is_web_page(piece)
            total += len(piece)
            if total > 1 << 24:  # who asks stops at a bound of its own
                return


@cache
def _fit_of_two_towns() -> tuple[Fitted, object]:
    model = load_study(bundled_studies()["two-towns"])
    return fit(model, draws=10, iterations=1, jobs=1), build_network(model)


def _fit_file() -> list[bytes]:
    path = PLACE / "fitted.nc"
    write_fitted(_fit_of_two_towns()[0], path)
    return [path.read_bytes()]


def _fitted(content: bytes) -> None:
    try:
        check_fitted(read_fitted(_put("fitted.nc", content)), _fit_of_two_towns()[1])  # type: ignore[arg-type]
    except StudyError as error:
        told_well(error)


def _run_file() -> list[bytes]:
    path = PLACE / "results.nc"
    write_dataset(simulate("two-towns", draws=2), path)
    return [path.read_bytes()]


def _results(content: bytes) -> None:
    with suppress(OSError, ValueError):
        read_run(_put("results.nc", content))


YAML = (
    b"- ",
    b": ",
    b"\n  ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"&a ",
    b"*a",
    b"!!python/object ",
    b"<<: ",
    b"|",
    b">",
    b"'",
    b'"',
    b"#",
    b"? ",
    b"---",
)
NUMBERS = (
    b"-1",
    b"0",
    b"1e400",
    b"nan",
    b"inf",
    b"0.5",
    b"9999999999",
    b"1e-320",
    b"null",
    b"true",
    b"0001-01-01",
    b"9999-12-31",
)
CELLS = (b",", b";", b"\t", b"\r\n", b"\n", b'"', b'""', b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"=1+1", b"\xe2\x80\xae")
JSON = (b"{", b"}", b"[", b"]", b'":', b'"\\u0000"', b"null", b"[[[[[[[[", b"1e999")


def _targets() -> dict[str, Target]:
    found = {
        f"reader {name}": Target(partial(_samples, name), partial(_published, name), (*CELLS, *NUMBERS, *JSON))
        for name in FORMATS
    }
    found["study"] = Target(lambda: _inputs_of(_fresh(_study_files)), _study, (*YAML, *NUMBERS, *CELLS), 6)
    found["scenario"] = Target(
        lambda: [b"title: more\nmeasures:\n  off: []\n", b"fix: {}\nchange: {}\nadd: []\n"], _scenario, (*YAML, *NUMBERS)
    )
    found["flee folder"] = Target(lambda: _inputs_of(_fresh(flee_folder.write_flee_folder)), _flee, (*CELLS, *NUMBERS, *YAML), 3)
    found["hub forecasts"] = Target(
        lambda: [path.read_bytes() for path in sorted((TESTS / "hub_samples").rglob("*.csv"))], _hub, (*CELLS, *NUMBERS)
    )
    found["hub figures"] = Target(
        lambda: [path.read_bytes() for path in sorted((TESTS / "hub_samples").rglob("*.csv"))], _hub_figures, (*CELLS, *NUMBERS)
    )
    found["hub parquet"] = Target(_parquet_files, _hub_parquet)
    evidence = TESTS.parent / "src/corredor/evidence"
    found["evidence claims"] = Target(lambda: [(evidence / "effects.yaml").read_bytes()[:4000]], _evidence, (*YAML, *NUMBERS))
    found["evidence series"] = Target(
        lambda: [(evidence / "series_honduras.csv").read_bytes()[:2000]], _evidence_series, (*CELLS, *NUMBERS)
    )
    found["unpacking"] = Target(_packed, _unpacked)
    found["fitted.nc"] = Target(_fit_file, _fitted)
    found["results.nc"] = Target(_run_file, _results)
    return found


def _packed() -> list[bytes]:
    page = b"<!doctype html><html>" + b"x" * 100
    return [
        b"\x00" + page,
        b"\x01" + gzip.compress(page),
        b"\x02" + zlib.compress(page),
        b"\x04" + gzip.compress(gzip.compress(page)),
    ]


def _parquet_files() -> list[bytes]:
    sample = next(iter(sorted((TESTS / "hub_samples").rglob("*.csv"))))
    path = PLACE / "seed.parquet"
    pd.read_csv(sample).to_parquet(path)
    return [path.read_bytes()]


TARGETS = _targets()
"""Name → target."""
