"""Reddit: a community, a person, a front."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case [("r" | "user" | "u") as of, name, *_]:
            return (at(parts, f"/{of}/{name}/.rss"),)
    return ()


REDDIT = Shape("Reddit", ("reddit.com",), _feeds)
