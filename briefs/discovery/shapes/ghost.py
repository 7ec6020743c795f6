"""Ghost: a blog."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at


def _feeds(parts: SplitResult) -> Sequence[str]:
    return (at(parts, "/rss/"),)


GHOST = Shape("Ghost", ("ghost.io",), _feeds)
