"""A file is written whole or not at all: the one way in which this program writes files."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Callable, Mapping
from pathlib import Path


def replace_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a hidden file beside `path`, then put it in place in one step; what fails leaves nothing behind.

    raises : OSError, which names `path`
    """
    replace_all_whole({path: write})


def replace_all_whole(writes: Mapping[Path, Callable[[Path], object]]) -> None:
    """The same for files that belong together: none is put in place before all are whole, so that a full disk leaves those of before.

    What a killed program left of the same files is removed. A pipe or a device is no file and stays: whoever may write into /dev would
    have a file in place of /dev/null, for all programs of the machine.
    raises : OSError, which names the file
    """
    passing = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in writes}
    try:
        for path, write in writes.items():
            if path.exists() and not path.is_file() and not path.is_dir():
                raise OSError(errno.EEXIST, "it is a pipe or a device, and no file", str(path))
            remove_halves(path.parent, glob.escape(path.name))
            write(passing[path])
        for path, whole in passing.items():
            whole.replace(path)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        for whole in passing.values():
            whole.unlink(missing_ok=True)


def remove_halves(folder: Path, names: str) -> None:
    """Remove what killed programs left of files on their way; names : pattern of the names that they would have got."""
    for left in folder.glob(f".{names}.*"):
        if left.suffix[1:].isdigit() and not _is_running(int(left.suffix[1:])):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
