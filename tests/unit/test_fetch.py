"""Does a file come over the network, whole or with a reason? Against a server on this machine that mimics the APIs and their faults."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from published import read, sample, values

from corredor.exchange.fetch import Patience, Unreachable, fetch, public_address
from corredor.study.problems import ArgumentError

API = {
    "/v2/country/ALD/indicator/XX.HARVEST": ("world-bank", "world-bank.json", "application/json"),
    "/population/v1/population/": ("unhcr", "unhcr-population.json", "application/json"),
    "/population/get/timeseries": ("unhcr-portal", "unhcr-portal-day.json", "application/json"),
    "/v3/displacement/admin1": ("dtm", "dtm-api.json", "application/json"),
    "/SieAPIRest/service/v1/series/SE99999/datos": ("banxico", "banxico.json", "application/json"),
    "/document/cbp.csv": ("cbp", "cbp-fy21-feb.csv", "text/csv"),
    "/acled.csv": ("acled", "acled-new.csv", "text/csv; charset=utf-8"),
    "/hxl.csv": ("hxl", "hxl.csv", "application/octet-stream"),
}


@dataclass
class Source:
    """A server; `faults` are served one by one before the file."""

    address: str
    faults: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@cache
def packed(how: str, content: bytes) -> tuple[str, bytes]:
    """Content-Encoding and bytes of an answer that is packed in some way."""
    if how == "bomb":  # 64 MB of nothing, packed twice, in a few hundred bytes
        return "gzip, gzip", gzip.compress(gzip.compress(bytes(64 * 2**20), 9), 9)
    if how == "cut":
        return "gzip", gzip.compress(content)[:-9]
    if how == "damaged":
        return "gzip", b"\x1f\x8b\x08\x00" + bytes(range(60))
    if how == "members":
        return "gzip", gzip.compress(content[:100]) + gzip.compress(content[100:])
    if how == "bare":
        return "deflate", zlib.compress(content, wbits=-15)
    return {
        "gzip": ("gzip", gzip.compress(content)),
        "twice": ("deflate, gzip", gzip.compress(zlib.compress(content))),
        "br": ("br", content),
    }[how]


@pytest.fixture
def source() -> Iterator[Source]:
    kept = Source("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append((self.path, dict(self.headers)))
            path = self.path.split("?")[0]
            fault = kept.faults.pop(0) if kept.faults else ""
            if fault.startswith("status "):
                _, status, *wait = fault.split(" ", 2)
                self.send_response(int(status))
                for seconds in wait:
                    self.send_header("Retry-After", seconds)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if fault == "moved" or fault.startswith("moved "):
                self.send_response(302)
                self.send_header("Location", fault.removeprefix("moved").strip() or "/hxl.csv")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if path not in API:
                self.send_error(404)
                return
            content, kind = sample(API[path][1]), API[path][2]
            if fault.startswith("packed "):
                codings, content = packed(fault.split()[1], content)
                self.send_response(200)
                self.send_header("Content-Encoding", codings)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                return
            if fault == "page in disguise":
                content, kind = (
                    b"\xef\xbb\xbf\n<!-- hello --><!DOCTYPE html><html><body>sign in</body></html>",
                    "application/octet-stream",
                )
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if fault == "page" else kind)
            self.send_header("Content-Length", "0" if fault == "empty" else str(len(content)))
            self.end_headers()
            if fault == "slow":
                time.sleep(0.6)
            if fault == "drip":
                with contextlib.suppress(OSError):
                    for begin in range(0, len(content), 10):
                        self.wfile.write(content[begin : begin + 10])
                        time.sleep(0.05)
                return
            with contextlib.suppress(OSError):  # who asked may have gone away
                self.wfile.write(b"" if fault == "empty" else content[: len(content) // 2] if fault == "cut" else content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def patience(waits: list[float]) -> Patience:
    return Patience(
        attempts=3, quiet_seconds=0.3, whole_seconds=5, first_wait_seconds=1, longest_wait_seconds=10, wait=waits.append
    )


@pytest.mark.parametrize("path", API)
def test_every_api_is_fetched_and_read(path, source, tmp_path, patience):
    reader, name, _ = API[path]
    fetched = fetch(source.address + path + "?format=json", tmp_path, patience=patience)
    assert fetched.content == sample(name)
    assert values(read(reader, fetched.content)) == values(read(reader, name))


@pytest.mark.parametrize(
    ("faults", "waited"),
    [
        (["status 500"], [1]),
        (["status 503", "status 502"], [1, 2]),
        (["status 429 7"], [7]),
        (["cut", "cut"], [1, 2]),
        (["slow"], [1]),
    ],
)
def test_a_fault_that_passes_is_waited_for(faults, waited, source, tmp_path, patience, waits):
    source.faults = list(faults)
    assert fetch(source.address + "/hxl.csv", tmp_path, patience=patience).content == sample("hxl.csv")
    assert waits == waited
    assert len(source.asked) == len(faults) + 1


def test_retry_after_may_be_a_date(source, tmp_path, patience, waits):
    source.faults = ["status 429 " + formatdate(time.time() + 6, usegmt=True)]
    fetch(source.address + "/hxl.csv", tmp_path, patience=patience)
    assert 3 < waits[0] <= 6


@pytest.mark.parametrize(
    ("faults", "said", "asked"),
    [
        (["status 500"] * 3, "in 3 attempts: it answered 500", 3),
        (["cut"] * 3, "in 3 attempts", 3),
        (["slow"] * 3, "was silent for 0.3 s", 3),
        (["status 429 3600"], "asks to come back in 3600 s", 1),
        (["status 404"], "answered 404", 1),
        (["status 403"], "answered 403", 1),
        (["page"], "sent a web page (HTML)", 1),
        (["empty"], "sent an empty file", 1),
        (["page in disguise"], "sent a web page (HTML)", 1),
        (["packed cut"], "cut off", 1),
        (["packed damaged"], "damaged", 1),
        (["packed br"], "packed as br, which was not asked for", 1),
        (["moved ftp://127.0.0.1/x"], "which is no address of a file", 1),
        (["moved /hxl.csv"] * 20, "sends from one address to the next", 10),
    ],
)
def test_a_fault_that_stays_is_told_and_nothing_is_kept(faults, said, asked, source, tmp_path, patience):
    source.faults = list(faults)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1") as caught:
        fetch(source.address + "/hxl.csv", tmp_path / "cache", patience=patience)
    assert said in str(caught.value)
    assert len(source.asked) == asked
    assert not (tmp_path / "cache").exists()


def test_limits_on_size_and_on_time(source, tmp_path, patience):
    with pytest.raises(Unreachable, match="more than 0 MB"):
        fetch(source.address + "/acled.csv", tmp_path, patience=replace(patience, largest_bytes=100))
    source.faults = ["drip"]
    with pytest.raises(Unreachable, match=r"was not finished after 0\.2 s"):
        fetch(source.address + "/acled.csv", tmp_path, patience=replace(patience, whole_seconds=0.2))


def test_nobody_there(tmp_path, patience):
    with pytest.raises(Unreachable, match="could not be read in 3 attempts"):
        fetch("http://127.0.0.1:9/x", tmp_path, patience=patience)
    for address in ("ftp://a/b", "not an address", "https://"):
        with pytest.raises(Unreachable, match="is no address"):
            fetch(address, tmp_path, patience=patience)


def test_what_was_fetched_is_kept_until_it_is_old_or_asked_for_again(source, tmp_path, patience):
    url = source.address + "/hxl.csv"
    first, second = (fetch(url, tmp_path, patience=patience) for _ in range(2))
    assert (first.from_cache, second.from_cache, len(source.asked)) == (False, True, 1)
    assert second == replace(first, from_cache=True)
    fetch(url, tmp_path, refresh=True, patience=patience)
    fetch(url, tmp_path, patience=replace(patience, fresh_seconds=0))
    fetch(url + "?other", tmp_path, patience=patience)
    assert len(source.asked) == 4


def test_a_kept_file_that_was_changed_is_fetched_again(source, tmp_path, patience):
    url = source.address + "/hxl.csv"
    fetch(url, tmp_path, patience=patience)
    (kept,) = (path for path in tmp_path.iterdir() if path.suffix == "")
    kept.write_bytes(kept.read_bytes()[:10])
    assert fetch(url, tmp_path, patience=patience).content == sample("hxl.csv")


def test_tokens_are_sent_and_never_kept(source, tmp_path, patience):
    url = source.address + "/hxl.csv?country=ALD&api_key=SECRET&email=a@b"
    fetched = fetch(url, tmp_path, {"Bmx-Token": "SECRET"}, patience=patience)
    assert source.asked[0][0].endswith("api_key=SECRET&email=a@b")
    assert source.asked[0][1]["Bmx-Token"] == "SECRET"
    assert fetched.address == source.address + "/hxl.csv?country=ALD"
    assert all(b"SECRET" not in path.read_bytes() for path in Path(tmp_path).iterdir())
    assert public_address("https://me:SECRET@host/x?token=1&a=2#part") == "https://host/x?a=2"


def test_an_address_that_moved_is_followed(source, tmp_path, patience):
    source.faults = ["moved"]
    assert fetch(source.address + "/acled.csv", tmp_path, patience=patience).content == sample("hxl.csv")


@pytest.mark.parametrize("how", ["gzip", "twice", "members", "bare"])
def test_what_is_packed_is_unpacked(how, source, tmp_path, patience):
    source.faults = [f"packed {how}"]
    assert fetch(source.address + "/hxl.csv", tmp_path, patience=patience).content == sample("hxl.csv")


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_fills_the_memory(source, tmp_path, patience):
    packed("bomb", sample("hxl.csv"))  # packing takes longer than the patience of this test
    source.faults = ["packed bomb"]
    small = replace(patience, largest_bytes=2**20)
    tracemalloc.start()
    with pytest.raises(Unreachable, match="sent more than 1 MB"):
        fetch(source.address + "/hxl.csv", tmp_path, patience=small)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 2**20  # the whole is 64 MB


def test_a_header_that_was_given_goes_to_no_other_host_or_port(source, tmp_path, patience):
    given = {"X-Api-Token": "secret", "Authorization": "Bearer secret"}
    here = source.address.removeprefix("http://127.0.0.1")
    for place, goes in (("/hxl.csv", True), (f"http://localhost{here}/hxl.csv", False)):
        source.faults, source.asked = [f"moved {place}"], []
        assert fetch(source.address + "/acled.csv", tmp_path, given, refresh=True, patience=patience).content == sample("hxl.csv")
        first, second = (headers for _, headers in source.asked)
        assert first["X-Api-Token"] == "secret"
        assert ("X-Api-Token" in second, "Authorization" in second) == (goes, goes)


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://", "ftp://a.b/c", "https://a.b:99999999/", "http://a.b:x/", "http://a.b/\udcff", "http://a\udcff.b/"],
)
def test_what_is_no_address_is_told(url, tmp_path, patience):
    with pytest.raises(Unreachable, match="is no address"):
        fetch(url, tmp_path, patience=patience)


@pytest.mark.parametrize("url", [f"http://{'a' * 64}.org/x", "http://a..org/", "http://.org/", "http://xn--a/"])
def test_a_host_that_cannot_be_one_is_told(url, tmp_path, patience):
    with pytest.raises(Unreachable, match="names a host that cannot be one"):
        fetch(url, tmp_path, patience=patience)


UNSENDABLE = [
    ("Token", "s\u00e9cret"),
    ("T\u00f6ken", "secret"),
    ("Token", "secret\nHost: x"),
    ("To ken", "secret"),
    ("", "secret"),
    ("Content-Length", "secret"),
]


@pytest.mark.parametrize(("name", "value"), UNSENDABLE)
def test_a_header_that_cannot_be_sent_is_told_without_its_value(name, value, source, tmp_path, patience):
    with pytest.raises(ArgumentError, match="which cannot be sent") as told:
        fetch(source.address + "/hxl.csv", tmp_path, {name: value}, patience=patience)
    assert value not in str(told.value)
    assert source.asked == []


@pytest.mark.parametrize(
    "here", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/"]
)  # fmt: skip
def test_the_world_does_not_send_into_a_network_that_it_cannot_reach(here, source, tmp_path, patience, monkeypatch):
    source.faults = [f"moved {here}"]
    answer = httpx.Client.stream

    def stream(client: httpx.Client, method: str, url: str, **more: Any) -> Any:
        assert url.startswith("https://1.1.1.1/"), url  # the world is this test's server
        return answer(client, method, url.replace("https://1.1.1.1", source.address), **more)

    monkeypatch.setattr(httpx.Client, "stream", stream)
    with pytest.raises(Unreachable, match="this machine or a network of yours; if that is meant"):
        fetch("https://1.1.1.1/acled.csv", tmp_path, patience=patience)
    assert len(source.asked) == 1


@pytest.mark.parametrize("wait", ["Fri, 31 Dec 9999 23:59:59 GMT", "9" * 400])
def test_a_wait_without_end_is_told_in_words(wait, source, tmp_path, patience):
    source.faults = [f"status 503 {wait}"]
    with pytest.raises(Unreachable, match="asks to come back after a day or more"):
        fetch(source.address + "/hxl.csv", tmp_path, patience=patience)


@pytest.mark.parametrize("wait", ["\u00b2", "Fri, 31 Dec 99999999999 23:59:59 GMT"])
def test_a_wait_that_is_no_plain_number_is_no_wait(wait, source, tmp_path, patience, waits):
    source.faults = [f"status 503 {wait}"]
    assert fetch(source.address + "/hxl.csv", tmp_path, patience=patience).content == sample("hxl.csv")
    assert waits == [1]
