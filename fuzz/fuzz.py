"""Fuzz everything that reads somebody's file, guided by coverage (atheris), within a time and a memory: `make fuzz MINUTES=30`.

Each target has a process of its own, begun anew after each finding until its share of the time is used. A finding is an exception that
the reader does not name, an input that takes longer than SECONDS or more memory than MEGABYTES, or a crash of a library below. Findings
lie in build/fuzz/TARGET/; `python fuzz/fuzz.py --again FILE` reads one once more. Exit status 1 when there are any.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

OUT = Path("build/fuzz")
SECONDS, MEGABYTES = 20, 2048
"""Bounds of one input. Two gigabytes are what compiled code and tables need, and room for the largest file that is read."""

LARGEST_BYTES = 1 << 16
COMPILED = [f"corredor.engine.{name}" for name in ("kernel", "random_numbers", "inputs", "arrays")]
"""Numba reads these as they are."""

FEWEST_SECONDS = 3.0
"""With less time left than this, a target is not begun again."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10.0, help="for all targets together")
    options.add_argument("--only", default="", help="targets whose name holds this")
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    options.add_argument("--again", type=Path, help="a finding to read again")
    asked = options.parse_args()
    if asked.again:
        return again(asked.again)
    if asked.one:
        return fuzz(asked.one, asked.seconds)
    return fuzz_all(asked.minutes * 60, asked.only)


def folder_of(target: str) -> Path:
    return OUT / re.sub(r"[^a-z0-9.]+", "-", target)


def again(file: Path) -> int:
    from targets import TARGETS

    name = next(name for name in TARGETS if folder_of(name).name == file.parent.name)
    TARGETS[name].read(file.read_bytes())
    print(f"{name}: read without a finding")
    return 0


def fuzz(name: str, seconds: int) -> int:
    """One process: begin from the seeds and what earlier runs kept, until a finding or the end of the time."""
    import atheris

    with atheris.instrument_imports(include=["corredor"], exclude=COMPILED, enable_loader_override=False):
        from targets import TARGETS
    target, folder = TARGETS[name], folder_of(name)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    flags = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-max_len={LARGEST_BYTES}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup(flags + ([f"-dict={words}"] if target.words else []), target.read)
    atheris.Fuzz()
    return 0


def fuzz_all(seconds: float, only: str) -> int:
    """One target after the other, each for its share of the time, which does not count how long its process takes to begin."""
    from targets import TARGETS

    names = [name for name in TARGETS if only in name]
    shares = sum(TARGETS[name].share for name in names)
    findings, inputs = 0, 0
    for name in names:
        folder, left, read = folder_of(name), seconds * TARGETS[name].share / shares, 0
        folder.mkdir(parents=True, exist_ok=True)
        while left >= FEWEST_SECONDS:
            before, log = set(folder.glob("*-*")), folder / "log"
            with log.open("wb") as stream:
                command = [sys.executable, __file__, "--one", name, "--seconds", str(int(left))]
                began = time.monotonic()
                ended = subprocess.run(command, stdout=stream, stderr=stream, timeout=left + 10 * SECONDS, check=False)
            said = log.read_text(errors="replace")
            fuzzed = re.search(r"stat::number_of_executed_units: *(\d+)", said)
            read += int(fuzzed[1]) if fuzzed else 0
            new = sorted(set(folder.glob("*-*")) - before)
            if ended.returncode == 0 and not new:
                break
            findings += 1
            left -= time.monotonic() - began
            print(
                f"FOUND  {name}: {', '.join(map(str, new)) or f'exit status {ended.returncode}'}\n{_last_lines(said)}", flush=True
            )
        print(f"{name}: {read:,} inputs", flush=True)
        inputs += read
    print(f"{inputs:,} inputs to {len(names)} targets, {findings} finding{'s' * (findings != 1)}")
    return 1 if findings else 0


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _last_lines(said: str) -> str:
    """The exception, without the fuzzer's own lines."""
    kept = [line for line in said.splitlines() if not re.match(r"(==|#\d|stat::|INFO|MS:|artifact|Base64|0x|\\|SUMMARY)", line)]
    return "\n".join("    " + line[:300] for line in kept[-12:])


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main())
