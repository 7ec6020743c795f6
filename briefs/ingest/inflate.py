"""Bodies as they were before compression, in bounded steps, whatever their headers claim.

A `Content-Encoding` is believed where the bytes bear it out: servers send plain text as "gzip", gzip under no name at
all, names that no standard has ("utf-8", "none"), and files that were compressed before (feed.xml.gz).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

import brotli

from briefs.errors import Unreadable

_STEP = 65_536  # bytes that one step of inflating may bring
_GZIP = b"\x1f\x8b"
_LAYERS = 2  # a file that is gzip itself, sent as gzip


def inflated(chunks: Iterable[bytes], encoding: str, asked: str) -> Iterator[bytes]:
    """Return the body in pieces of at most a step; asked: the address, for what is wrong.

    Raises Unreadable where a body is broken that was compressed without doubt.
    """
    named = encoding.strip().lower()
    pieces = iter(chunks)
    if named == "br":
        pieces = _brotli(pieces, asked)
    elif named == "deflate":
        pieces = _deflate(pieces, asked)
    for _ in range(_LAYERS):
        pieces = _gunzipped(pieces, asked)
    return pieces


def _gunzipped(chunks: Iterator[bytes], asked: str) -> Iterator[bytes]:
    head = b""
    while len(head) < len(_GZIP) and (chunk := next(chunks, None)) is not None:
        head += chunk
    chunks = chain([head] if head else [], chunks)
    return _members(chunks, asked) if head.startswith(_GZIP) else chunks


def _members(chunks: Iterable[bytes], asked: str) -> Iterator[bytes]:
    """Inflate a gzip file, which may have several members."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in chunks:
        rest = chunk
        while rest:
            yield from _step(inflater, rest, asked)
            rest = inflater.unconsumed_tail
            if inflater.eof:
                rest = inflater.unused_data
                if not rest.startswith(_GZIP):
                    return
                inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _deflate(chunks: Iterator[bytes], asked: str) -> Iterator[bytes]:
    first = next(chunks, b"")
    chunks = chain([first], chunks)
    if first.startswith(_GZIP) or _is_text(first):
        return chunks  # something else under that name
    # zlib's head is divisible by 31 (RFC 1950); some servers send the stream without it.
    headed = len(first) > 1 and first[0] & 0x0F == 8 and int.from_bytes(first[:2]) % 31 == 0
    return _stream(chunks, zlib.decompressobj(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS), asked)


def _stream(chunks: Iterable[bytes], inflater: zlib._Decompress, asked: str) -> Iterator[bytes]:
    for chunk in chunks:
        rest = chunk
        while rest and not inflater.eof:
            yield from _step(inflater, rest, asked)
            rest = inflater.unconsumed_tail


def _step(inflater: zlib._Decompress, rest: bytes, asked: str) -> Iterator[bytes]:
    try:
        piece = inflater.decompress(rest, _STEP)
    except zlib.error as error:
        raise _broken(asked) from error
    if piece:
        yield piece


def _brotli(chunks: Iterator[bytes], asked: str) -> Iterator[bytes]:
    first = next(chunks, b"")
    if first.startswith(_GZIP):
        yield from chain([first], chunks)  # something else under that name
        return
    inflater, begun = brotli.Decompressor(), False
    for chunk in chain([first], chunks):
        rest, piece = chunk, b""
        while rest or piece:  # what did not fit into a step comes with the next one
            try:
                piece = inflater.process(rest, output_buffer_limit=_STEP)
            except brotli.error as error:
                if begun or not _is_text(rest):
                    raise _broken(asked) from error
                yield from chain([rest], chunks)
                return
            begun, rest = True, b""
            yield piece


def _is_text(head: bytes) -> bool:
    return head.lstrip()[:1] in (b"<", b"{")


def _broken(asked: str) -> Unreadable:
    return Unreadable("{address}: the compressed answer is broken; try again later", address=asked)
