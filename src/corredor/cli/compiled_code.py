"""Where Numba keeps what it has compiled, on machines where it finds no place by itself."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def find_a_place() -> None:
    """Numba keeps compiled code beside its source, or in the cache folder of the user, and refuses to work where it can write neither, as
    in a container that is read-only. Then a passing folder will do until this command ends, unless NUMBA_CACHE_DIR names one.

    raises : OSError, when there is no folder for passing files either
    """
    beside = Path(str(resources.files("corredor.engine"))) / "__pycache__"
    cache = (
        Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "numba"
    )  # Path's raises where there is no home
    if VARIABLE in os.environ or _can_be_written(beside) or _can_be_written(cache):
        return
    folder = tempfile.mkdtemp(prefix="corredor-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[VARIABLE] = folder


def _can_be_written(folder: Path) -> bool:
    """Whether files can be put into a folder, once it is made."""
    there = next((path for path in (folder, *folder.parents) if os.path.exists(path)), None)  # Path's raises in closed folders
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)
