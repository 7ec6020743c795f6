"""Apple Podcasts: a podcast, by what Apple's directory says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, none

_ID = re.compile(r"/id(\d+)")


def _looks(parts: SplitResult) -> str:
    found = _ID.search(parts.path)
    return at(parts, "/lookup", f"id={found[1]}&entity=podcast", host="itunes.apple.com") if found else ""


def _within(parts: SplitResult, body: bytes) -> Sequence[str]:
    try:
        results = json.loads(body)["results"]
        return [str(one["feedUrl"]) for one in results if "feedUrl" in one]
    except (ValueError, KeyError, TypeError, RecursionError):  # it is a stranger's answer
        return ()


PODCASTS = Shape("Apple Podcasts", ("podcasts.apple.com",), none, looks=_looks, within=_within)
