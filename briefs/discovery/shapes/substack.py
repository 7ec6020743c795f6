"""Substack: a newsletter."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case [person] if person.startswith("@") and parts.hostname in ("substack.com", "www.substack.com"):
            return (at(parts, "/feed", host=f"{person[1:]}.substack.com"),)
    return (at(parts, "/feed"),)


SUBSTACK = Shape("Substack", ("substack.com",), _feeds)
