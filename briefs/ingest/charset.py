"""Bytes of unknown origin → text."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from briefs.errors import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# What servers call Latin-1 is windows-1252, and what they call GB2312 is GBK (WHATWG Encoding, 4.2).
_SUPERSET = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_SAMPLE = 20_000  # bytes that are enough to guess from
_SPACES = "\t\n\v\f\r\x85"  # the control characters that texts are laid out with
_MAX_ODD = 0.03  # of the characters of a text; a few more where it is short
_FEW = 3  # odd characters, however short the text


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


def decode_text(body: bytes, address: str, declared: str | None = None) -> str:
    """Decode a plain text as `decode` does. Raises Unreadable where the bytes are no text: a picture, a program.

    Text has no NUL (but in UTF-16, which its byte order mark tells), and hardly any characters that cannot be decoded
    or that control a terminal. A start of the document is looked at.
    """
    marked = any(body.startswith(mark) for mark, _ in _BOMS)
    text = decode(body, declared)
    sample = text[:_SAMPLE]
    odd = sum(1 for c in sample if c == "\ufffd" or (unicodedata.category(c) == "Cc" and c not in _SPACES))
    if (not marked and b"\0" in body[:_SAMPLE]) or odd > max(_FEW, _MAX_ODD * len(sample)):
        raise Unreadable("{address}: not a text file; leave it out, or save it as text", address=address)
    return text
