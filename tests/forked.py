"""Commands as processes of their own that need not start: a server has imported and compiled everything, and forks for each of them.

    server = Server()                          one for a module of tests
    command = server.start("run", "two-towns", "--out", folder)
    command.send_signal(signal.SIGKILL)        a process as any other; only its start is not its own
    out, err = command.communicate(); command.returncode

Run as a program, this file is the server: it reads an order a line, and writes the exit status of each command into a file. It has one
thread, so that forking is safe.
"""

import json
import os
import resource
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from heed import heed_a_terminal


class Server:
    """Forks commands. `close` it in the end."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.number = 0
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def start(self, *words, keep_seconds=None, largest_file=None, cwd=None):
        """A command at work.

        keep_seconds : how often finished draws are kept, in place of what users have
        largest_file : bytes that a file may have, as on a disk that is nearly full
        """
        self.number += 1
        files = str(Path(self.folder.name) / str(self.number))
        order = {"words": [str(word) for word in words], "files": files, "cwd": str(cwd or os.getcwd())}
        order |= {"keep_seconds": keep_seconds, "largest_file": largest_file}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Command(int(self.process.stdout.readline()), Path(files))

    def run(self, *words, **more):
        """Exit status, standard output and standard error of a command that has ended."""
        command = self.start(*words, **more)
        out, err = command.communicate()
        return command.returncode, out, err

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
        self.folder.cleanup()


class Command:
    """As much of subprocess.Popen as the tests need."""

    def __init__(self, pid, files):
        self.pid, self.files, self.returncode = pid, files, None

    def poll(self):
        status = self.files.with_suffix(".status")
        if self.returncode is None and status.is_file():
            self.returncode = int(status.read_text())
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout=300):
        until = time.monotonic() + timeout
        while self.poll() is None:
            assert time.monotonic() < until, "the command does not end"
            time.sleep(0.01)
        return tuple(self.files.with_suffix(name).read_text(encoding="utf-8") for name in (".out", ".err"))


def serve():
    """Fork a command for each line of standard input, until there are no more."""
    _make_ready()
    running, answers = {}, os.fdopen(os.dup(1), "w")
    print("ready", file=answers, flush=True)
    more = True
    while more or running:
        if more and select.select([0], [], [], 0.01)[0]:
            line = _line_of(0)
            more = bool(line)
            if more:
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    answers.close()
                    _become(order)
                running[pid] = Path(order["files"])
                print(pid, file=answers, flush=True)
        elif not more:
            time.sleep(0.01)
        while running and (ended := os.waitpid(-1, os.WNOHANG))[0]:
            files = running.pop(ended[0])
            files.with_suffix(".passing").write_text(str(os.waitstatus_to_exitcode(ended[1])))
            files.with_suffix(".passing").rename(files.with_suffix(".status"))


def _make_ready():
    """Import everything and load what is compiled, with a small run and comparison. Nothing here starts a thread."""
    import zarr  # noqa: F401

    import corredor.cli
    from corredor.effects.compare import compare
    from corredor.pages.artefacts.run import write_run
    from corredor.results.run_into_store import run_into_store  # noqa: F401

    dataset = corredor.simulate("two-towns", draws=2, jobs=1)
    compare("two-towns", without="bridge_patrols", draws=2, jobs=1)
    with tempfile.TemporaryDirectory() as folder:
        write_run(dataset, Path(folder), {})


def _line_of(file):
    """A line, byte by byte, so that none of the next one is kept in memory where `select` does not see it."""
    line = b""
    while (byte := os.read(file, 1)) not in (b"", b"\n"):
        line += byte
    return line


def _become(order):
    """The forked process becomes the command."""
    import corredor.engine.ensemble
    from corredor.cli import main

    os.chdir(order["cwd"])
    for number, name in ((1, ".out"), (2, ".err")):
        file = os.open(order["files"] + name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    heed_a_terminal()
    if order["keep_seconds"] is not None:
        corredor.engine.ensemble.KEEP_SECONDS = order["keep_seconds"]
    if order["largest_file"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    sys.argv = ["corredor", *order["words"]]
    try:
        main()
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code or 0)
    os._exit(70)


if __name__ == "__main__":
    serve()
