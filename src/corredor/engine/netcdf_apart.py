"""Whether the library below netCDF comes to the end of a file, tried in a process of its own: damaged ones can keep it busy for ever.

Run as a script: a path comes on descriptor 0, and all that is in the file is read and kept, as `read_checked` will.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from corredor.study.apart import limit_memory, run_apart
from corredor.study.catalogue import BUNDLED

LONGEST_SECONDS, BYTES_A_SECOND = 60, 5e6
"""A file that takes longer than a minute, and a second for each so many bytes, is refused."""

MEMORY_SHARE = 0.75
"""A file that takes more than this share of the machine's memory is refused: one of a few kB may say that it holds any number of cells."""


def can_be_read(path: Path) -> bool:
    """Whether a file can be read to its end, within time and memory; what is in it may still be nonsense. Those of bundled studies can."""
    if path.resolve().is_relative_to(BUNDLED.resolve()):
        return True
    seconds = LONGEST_SECONDS + path.stat().st_size / BYTES_A_SECOND
    return run_apart(__file__, os.fsencode(path.absolute()), seconds) is not None


def _main() -> None:
    import h5netcdf  # late: only the process that tries needs it

    with suppress(ValueError, OSError):  # no such words on this system
        limit_memory(MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    with open(0, "rb") as given:
        path = os.fsdecode(given.read())
    kept = []
    # damage that is told by an exception is told where the file is read
    with suppress(Exception), h5netcdf.File(path, "r", phony_dims="access") as file:
        for name in file.variables:
            try:
                variable = file.variables[name]
                kept.append((variable.dimensions, dict(variable.attrs), variable[...]))
            except MemoryError:
                raise SystemExit(1) from None
            except Exception:
                continue
        kept.append(((), dict(file.attrs), None))


if __name__ == "__main__":
    _main()
