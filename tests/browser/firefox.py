"""Debian's Firefox without a window, asked through Marionette, its own end of WebDriver: messages of JSON with their length before them."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NO_FIREFOX = (
    "no firefox found: install it (Debian: apt-get install firefox-esr; `make browser` does) so that the page can be tried in it"
)
SECONDS_TO_START = 60


class Firefox:
    """A page in Firefox."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._number = 0
        self._read()  # it greets first
        self.ask("WebDriver:NewSession", {})

    def ask(self, command: str, values: dict[str, Any]) -> Any:
        """The answer to a WebDriver command; raises AssertionError with what Firefox says against it."""
        self._number += 1
        text = json.dumps([0, self._number, command, values]).encode()
        self._connection.sendall(str(len(text)).encode() + b":" + text)
        _, number, error, answer = self._read()
        assert number == self._number and error is None, error
        return answer

    def open(self, address: str) -> None:
        self.ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> Any:
        """What a script returns."""
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": [], "newSandbox": False})["value"]

    def wait_for(self, selector: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.run(f"return document.querySelector({json.dumps(selector)}) !== null"):
            assert time.monotonic() < end, f"{selector} did not come: {self.run('return document.body.innerText')[:500]}"
            time.sleep(0.2)

    def click(self, selector: str) -> None:
        found = self.ask("WebDriver:FindElement", {"using": "css selector", "value": selector})
        self.ask("WebDriver:ElementClick", {"id": next(iter(found["value"].values()))})

    def _read(self) -> Any:
        length = b""
        while (digit := self._connection.recv(1)) != b":":
            assert digit, "Firefox has gone"
            length += digit
        text = b""
        while len(text) < int(length):
            text += self._connection.recv(int(length) - len(text))
        return json.loads(text)


@contextlib.contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A Firefox with a profile of its own, ended afterwards."""
    found = next((path for name in ("firefox-esr", "firefox") if (path := shutil.which(name))), None)
    assert found is not None, NO_FIREFOX
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "marionette.port": port,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    profile.mkdir(parents=True)
    (profile / "user.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = [found, "--headless", "--no-remote", "--marionette", "--profile", str(profile), "about:blank"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with _connected(port) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_START)
        except OSError:
            assert time.monotonic() < end, "Firefox did not start"
            time.sleep(0.3)
