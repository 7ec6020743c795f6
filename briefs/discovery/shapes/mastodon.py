"""Mastodon, on whatever host: a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps

_PERSON = re.compile(r"@\w[\w.-]*")


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case [person] if _PERSON.fullmatch(person):
            return (at(parts, f"/{person}.rss"),)
    return ()


MASTODON = Shape("Mastodon", (), _feeds)
