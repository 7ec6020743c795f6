"""WordPress.com: a blog, a category or a tag of it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case [("category" | "tag" | "author") as of, name, *_]:
            return (at(parts, f"/{of}/{name}/feed/"), at(parts, "/feed/"))
    return (at(parts, "/feed/"),)


WORDPRESS = Shape("WordPress", ("wordpress.com",), _feeds)
