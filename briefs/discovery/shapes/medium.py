"""Medium: a person, a publication, a tag."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case ["tag", tag, *_]:
            return (at(parts, f"/feed/tag/{tag}"),)
        case [name, *_] if parts.hostname == "medium.com":
            return (at(parts, f"/feed/{name}"),)
    return (at(parts, "/feed"),)


MEDIUM = Shape("Medium", ("medium.com",), _feeds)
