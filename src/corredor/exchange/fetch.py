"""A published file over the network, only when it is asked for: with timeouts, retries, a limit on size and a cache on disk."""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import ipaddress
import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corredor.exchange.unpacking import Packed, is_web_page, unpacked
from corredor.study.problems import ArgumentError, ExtraMissing
from corredor.study.whole_file import replace_whole

SECRET_WORDS = ("token", "key", "secret", "password", "email")
"""Parameters of an address whose names contain one of these are never written down."""

WEB_PAGE = "sent a web page (HTML) in place of data; open the address in a browser to see what it says"

MOST_MOVES = 10
"""Addresses that one address may send to, one after the other."""

A_DAY_SECONDS = 24 * 3600.0

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~]*")
"""What HTTP allows as name and value of a header."""

_ABOUT_A_BODY = {"content-length", "transfer-encoding"}
"""Headers of what is sent along; nothing is."""

_GIVE_WAY = {408, 425, 429, 500, 502, 503, 504}
"""Answers after which a second attempt may succeed."""


class Unreachable(Exception):
    """A source that did not give the file, with what was tried."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a source.

    attempts : in all;  quiet_seconds : without a byte;  whole_seconds : for one attempt
    first_wait_seconds : before the second attempt, doubled each time;  longest_wait_seconds : also when the source asks for more
    largest_bytes : a larger file is refused;  fresh_seconds : a kept file younger than this is not asked for again
    """

    attempts: int = 4
    quiet_seconds: float = 30.0
    whole_seconds: float = 300.0
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    largest_bytes: int = 256 * 2**20
    fresh_seconds: float = 24 * 3600.0
    wait: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True)
class Fetched:
    """A file from the network or the cache.

    address : without secrets, also after redirection;  fetched : when it came over the network
    """

    content: bytes
    address: str
    fetched: dt.datetime
    from_cache: bool


def fetch(
    url: str, cache: Path, headers: Mapping[str, str] | None = None, *, refresh: bool = False, patience: Patience | None = None
) -> Fetched:
    """The file at an address.

    url : http or https;  headers : such as a token; never kept, and sent to no other host, port or scheme than those of `url`
    cache : folder for files that came;  refresh : ask again for what is kept
    raises : Unreachable, when it did not come;  ArgumentError for a header that cannot be sent, without its value;  ExtraMissing, when the
        library is not there
    """
    patience = patience or Patience()
    for name, value in (headers or {}).items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or name.lower() in _ABOUT_A_BODY:
            found = f"{name!r} with a value of {len(value):,} characters, which cannot be sent"
            raise ArgumentError(
                "header", found, "a name and a value of plain letters, digits and signs", "NAME=VALUE, as the source asks for"
            )
    if not _is_address(url):
        raise Unreachable(f"{public_address(url)} is no address; it should begin with https://")
    name = hashlib.sha256(url.encode()).hexdigest()[:32]
    kept = _kept(cache, name)
    if kept is not None and not refresh and (dt.datetime.now(dt.UTC) - kept.fetched).total_seconds() < patience.fresh_seconds:
        return kept
    content = _content(url, dict(headers or {}), patience)
    fetched = Fetched(content, public_address(url), dt.datetime.now(dt.UTC), from_cache=False)
    _keep(cache, name, fetched)
    return fetched


def _is_address(url: str) -> bool:
    try:
        url.encode()
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: what a header that somebody gave may be sent to."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _is_inside(url: str) -> bool:
    """Whether the host of an address is this machine or in a network that the world cannot reach; false for one that is not known."""
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, None, proto=socket.IPPROTO_TCP)
        return any(not ipaddress.ip_address(one[4][0]).is_global for one in found)
    except (OSError, ValueError):
        return False


def public_address(url: str) -> str:
    """An address without names, passwords and tokens."""
    try:
        parts = urlsplit(url)
        query = [
            (k, v)
            for k, v in parse_qsl(parts.query, keep_blank_values=True)
            if not any(word in k.lower() for word in SECRET_WORDS)
        ]
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, urlencode(query), ""))
    except ValueError:
        return "what was given"


def _content(url: str, headers: dict[str, str], patience: Patience) -> bytes:
    try:
        import httpx  # late: an extra, and only what comes over the network needs it
    except ImportError:
        raise ExtraMissing("nothing can be fetched", "fetch", ", or download the file yourself") from None
    shown, failures = public_address(url), []
    timeout = httpx.Timeout(patience.quiet_seconds)
    agent = {"User-Agent": "corredor", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    with httpx.Client(timeout=timeout, headers=agent) as client:
        for attempt in range(patience.attempts):
            asked_to_wait = 0.0
            try:
                with _answer(client, url, headers) as answer:
                    if answer.status_code == 200:
                        return _body(answer, shown, patience)
                    reason = f"{answer.status_code} {answer.reason_phrase}".strip()
                    if answer.status_code not in _GIVE_WAY:
                        raise Unreachable(f"{shown} answered {reason}")
                    asked_to_wait = _asked_to_wait(answer.headers.get("retry-after", ""))
                    failures.append(f"answered {reason}")
            except UnicodeError:
                raise Unreachable(f"{shown} names a host that cannot be one") from None
            except httpx.TimeoutException:
                failures.append(f"was silent for {patience.quiet_seconds:g} s")
            except httpx.TransportError as error:
                failures.append(str(error) or type(error).__name__)
            except (httpx.InvalidURL, Packed) as error:
                raise Unreachable(f"{shown}: {error}") from None
            if asked_to_wait > patience.longest_wait_seconds:
                wait = f"in {asked_to_wait:.0f} s" if asked_to_wait < A_DAY_SECONDS else "after a day or more"
                raise Unreachable(f"{shown} {failures[-1]} and asks to come back {wait}")
            if attempt + 1 < patience.attempts:
                patience.wait(max(asked_to_wait, min(patience.first_wait_seconds * 2**attempt, patience.longest_wait_seconds)))
    raise Unreachable(f"{shown} could not be read in {patience.attempts} attempts: it {'; '.join(dict.fromkeys(failures))}")


@contextmanager
def _answer(client: Any, url: str, headers: Mapping[str, str]) -> Iterator[Any]:
    """The answer of an address, wherever it sends us; headers that somebody gave stay with its origin."""
    here = url
    for _ in range(MOST_MOVES):
        given = headers if _origin(here) == _origin(url) else {}
        with client.stream("GET", here, headers=given) as answer:
            if answer.next_request is None:
                yield answer
                return
            here = str(answer.next_request.url)
        if not _is_address(here):
            raise Unreachable(f"{public_address(url)} sends to {public_address(here)}, which is no address of a file")
        if _origin(here) != _origin(url) and _is_inside(here) and not _is_inside(url):
            found = f"{public_address(url)} sends to {public_address(here)}, which is this machine or a network of yours"
            raise Unreachable(f"{found}; if that is meant, give that address")
    raise Unreachable(f"{public_address(url)} sends from one address to the next, {MOST_MOVES} times")


def _body(answer: Any, shown: str, patience: Patience) -> bytes:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise Unreachable(f"{shown} {WEB_PAGE}")
    began, chunks, size = time.monotonic(), [], 0
    for chunk in unpacked(answer.iter_raw(), answer.headers.get("content-encoding", "")):
        chunks.append(chunk)
        size += len(chunk)
        if size > patience.largest_bytes:
            raise Unreachable(f"{shown} sent more than {patience.largest_bytes / 2**20:.0f} MB; ask for fewer years or places")
        if time.monotonic() - began > patience.whole_seconds:
            raise Unreachable(f"{shown} was not finished after {patience.whole_seconds:g} s")
    if size == 0:
        raise Unreachable(f"{shown} sent an empty file")
    content = b"".join(chunks)
    if is_web_page(content):
        raise Unreachable(f"{shown} {WEB_PAGE}")
    return content


def _asked_to_wait(text: str) -> float:
    """Seconds of a Retry-After header, which holds seconds or a date."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())


def _kept(cache: Path, name: str) -> Fetched | None:
    try:
        facts = json.loads((cache / f"{name}.json").read_text(encoding="utf-8"))
        content = (cache / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != facts["sha256"]:
            return None
        return Fetched(content, facts["address"], dt.datetime.fromisoformat(facts["fetched"]), from_cache=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(cache: Path, name: str, fetched: Fetched) -> None:
    facts = {
        "address": fetched.address,
        "fetched": fetched.fetched.isoformat(),
        "sha256": hashlib.sha256(fetched.content).hexdigest(),
    }
    try:
        cache.mkdir(parents=True, exist_ok=True)
        replace_whole(cache / name, lambda passing: passing.write_bytes(fetched.content))
        replace_whole(cache / f"{name}.json", lambda passing: passing.write_text(json.dumps(facts), encoding="utf-8"))
    except OSError:
        return  # what cannot be kept is asked for again next time
