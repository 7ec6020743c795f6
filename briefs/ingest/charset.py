"""Bytes of unknown origin → text."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# What servers call Latin-1 is windows-1252, and what they call GB2312 is GBK (WHATWG Encoding, 4.2).
_SUPERSET = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_SAMPLE = 20_000  # bytes that are enough to guess from


def declared_charset(text: str) -> str | None:
    """Return the charset that a `Content-Type` value, or the head of an HTML page, names."""
    found = _CHARSET.search(text)
    return found.group(1).lower() if found else None


def decode(body: bytes, declared: str | None = None) -> str:
    """Text of these bytes; never raises: what cannot be decoded becomes U+FFFD.

    A byte order mark counts first, then UTF-8 where the bytes are valid UTF-8 (other text hardly ever is, while
    declarations are often wrong), then `declared`, then a guess.
    """
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body.decode(marked, "replace")
    for encoding in filter(None, ("utf-8", _SUPERSET.get(declared or "", declared))):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue  # a wrong or unknown declaration: the next one may do
    best = from_bytes(body[:_SAMPLE]).best()
    return body.decode(best.encoding if best else "utf-8", "replace")
