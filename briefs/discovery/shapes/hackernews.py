"""Hacker News: its front."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    paths = {"show": "/showrss"}
    return (at(parts, paths.get((steps(parts) or [""])[0], "/rss")),)


HACKER_NEWS = Shape("Hacker News", ("news.ycombinator.com",), _feeds)
