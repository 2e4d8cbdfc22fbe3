"""Is this machine ready? Versions, processors, room on disk, and a known answer from the kernel's random numbers."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from importlib import metadata
from pathlib import Path

PHILOX_OF_ZERO = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
"""First known answer of Philox 4x32-10 (Salmon et al. 2011): counter and key all zero."""

CORE = (
    *("numpy", "numba", "scipy", "pandas", "xarray", "h5netcdf", "h5py", "pydantic", "annotated-types"),
    *("ruamel.yaml", "jinja2", "rich", "cyclopts", "filelock", "emcee", "scoringrules", "statsmodels", "threadpoolctl"),
)


def examine(folder: Path) -> list[dict[str, str | bool]]:
    """One line for each thing looked at: name, whether it is well, what was seen, what to do if not."""
    lines = [_line("Python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or newer")]
    for name in CORE:
        try:
            lines.append(_line(name, True, metadata.version(name), ""))
        except metadata.PackageNotFoundError:
            lines.append(_line(name, False, "missing", f"pip install {name}"))
    lines.append(_line("processors", True, str(os.cpu_count() or 1), ""))
    free_gb = shutil.disk_usage(folder).free / 1e9
    lines.append(_line("room on disk", free_gb > 1, f"{free_gb:.1f} GB free", "free at least 1 GB"))
    lines.append(_line("folder can be written", os.access(folder, os.W_OK), str(folder), "choose another folder with --out"))
    return [*lines, _random_numbers(), _small_run()]


def _random_numbers() -> dict[str, str | bool]:
    from corredor.engine.random_numbers import philox4x32  # late: compiling takes seconds, and only this command looks at it

    started = time.perf_counter()
    answer = tuple(int(word) for word in philox4x32(0, 0, 0, 0, 0, 0))
    seen = f"known answer {'found' if answer == PHILOX_OF_ZERO else 'NOT found'} in {time.perf_counter() - started:.1f} s"
    return _line(
        "random numbers (Philox 4x32-10)",
        answer == PHILOX_OF_ZERO,
        seen,
        "reinstall numba; results here would differ from elsewhere",
    )


def _small_run() -> dict[str, str | bool]:
    from corredor._simulate import simulate
    from corredor.results.dataset import lost_people
    from corredor.study.catalogue import find_study  # late, as above

    started = time.perf_counter()
    dataset = simulate(find_study("two-towns"), draws=4, seed=1)
    seen = f"two-towns, 4 draws in {time.perf_counter() - started:.1f} s, compiling included"
    return _line("a small run", lost_people(dataset) == 0, seen, "people were lost: please report this")


def _line(name: str, well: bool, seen: str, advice: str) -> dict[str, str | bool]:
    return {"name": name, "well": well, "seen": seen, "try": "" if well else advice}
