"""GitHub: a project's releases, tags, commits and discussions; a person."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps

_KINDS = ("releases", "tags", "commits", "discussions")


def _feeds(parts: SplitResult) -> Sequence[str]:
    match steps(parts):
        case [owner, project, *rest]:
            asked = [kind for kind in _KINDS if rest[:1] == [kind]]
            kinds = dict.fromkeys([*asked, *_KINDS])
            return [at(parts, f"/{owner}/{project.removesuffix('.git')}/{kind}.atom") for kind in kinds]
        case [person]:
            return (at(parts, f"/{person}.atom"),)
    return ()


GITHUB = Shape("GitHub", ("github.com",), _feeds)
