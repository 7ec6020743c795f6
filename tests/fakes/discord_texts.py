"""Texts and addresses in what is sent to Discord, checked for length and form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

URL = 2048


def size(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_complaints(
    body: dict[str, Any], key: str, limit: int, path: str = "", *, needed: bool = False
) -> Iterator[str]:
    """Check one text of a body."""
    text = body.get(key)
    if text is None or text == "":
        if needed:
            yield f"{path}{key}: needed"
    elif not isinstance(text, str):
        yield f"{path}{key}: not a text"
    elif size(text) > limit:
        yield f"{path}{key}: {size(text)} characters of at most {limit}"
    elif not text.strip():
        yield f"{path}{key}: nothing but white space"


def url_complaints(body: dict[str, Any], key: str, *, needed: bool = False) -> Iterator[str]:
    """Check one address of a body."""
    url = body.get(key)
    if url is None:
        if needed:
            yield f"{key}: needed"
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        yield f"{key}: not a well formed URL"
        return
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"\x00-\x20]", url):
        yield f"{key}: not a well formed URL"
    if size(url) > URL:
        yield f"{key}: {size(url)} characters of at most {URL}"
