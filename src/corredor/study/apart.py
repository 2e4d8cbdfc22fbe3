"""Libraries that read somebody's file, in a process of its own, which a bad file can end or keep busy for ever, and not this one."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress


def run_apart(script: str, given: bytes, seconds: float) -> bytes | None:
    """What a file of this program prints when it is run as a script; none when it fails, is ended or takes longer.

    given : what it finds on descriptor 0
    """
    words = [sys.executable, "-P", script]  # -P: neither the folder it is run in nor that of the script hides a library
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(words, input=given, capture_output=True, timeout=seconds, check=False)
        if done.returncode == 0:
            return done.stdout
    return None


def limit_memory(gigabytes: float) -> None:
    """For such a script: end this process when it asks for more."""
    with suppress(ImportError):
        import resource  # late: Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30),) * 2)
