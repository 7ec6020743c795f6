"""Bluesky: a person."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case ["profile", person, *_]:
            return (at(parts, f"/profile/{person}/rss"),)
    return ()


BLUESKY = Shape("Bluesky", ("bsky.app",), _feeds)
