"""What came over the network, unpacked piece by piece, so that a small packed file cannot become a large one in memory."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

PIECE_BYTES = 64 * 1024
"""No piece is larger, however much was packed into a byte."""

PACKINGS = ("gzip", "x-gzip", "deflate")
"""Content codings that are understood; nothing else is asked for."""

GZIP_OR_ZLIB, RAW_DEFLATE = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS

PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
PAGE_BEGINS_WITHIN_BYTES = 4096


class Packed(Exception):
    """A packed file that cannot be unpacked, with what is wrong with it."""


def unpacked(pieces: Iterable[bytes], codings: str) -> Iterator[bytes]:
    """The pieces of an answer as they were before they were packed, none larger than PIECE_BYTES.

    codings : of a Content-Encoding header; several are undone from the last to the first
    raises : Packed for a coding that is not known, and for damaged or cut-off content
    """
    for coding in reversed([word.strip().lower() for word in codings.split(",") if word.strip()]):
        if coding == "identity":
            continue
        if coding not in PACKINGS:
            raise Packed(f"packed as {coding}, which was not asked for")
        pieces = _inflated(pieces)
    yield from pieces


def is_web_page(content: bytes) -> bool:
    """Whether content begins as HTML does, whatever it was said to be."""
    begin = content[:PAGE_BEGINS_WITHIN_BYTES]
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        begin = begin.decode("utf-16", "ignore").encode()
    return PAGE.match(begin.removeprefix(b"\xef\xbb\xbf")) is not None


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One layer of gzip, zlib or bare deflate undone; gzip may have several members, one after the other."""
    inflater, begun = None, False
    for piece in pieces:
        rest = piece
        while rest:
            if inflater is None:
                inflater = zlib.decompressobj(GZIP_OR_ZLIB)
            try:
                out = inflater.decompress(rest, PIECE_BYTES)
            except zlib.error as error:
                if begun:
                    raise Packed(f"damaged ({error})") from None
                inflater, begun = zlib.decompressobj(RAW_DEFLATE), True
                continue
            begun = True
            if out:
                yield out
            if inflater.eof:
                rest, inflater = inflater.unused_data, None
            else:
                rest = inflater.unconsumed_tail
    if inflater is not None:
        raise Packed("cut off")
