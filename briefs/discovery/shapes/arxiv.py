"""arXiv: what is new in a field."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case ["list" | "archive", field, *_]:
            return (at(parts, f"/rss/{field}", host="rss.arxiv.org"),)
    return ()


ARXIV = Shape("arXiv", ("arxiv.org",), _feeds)
