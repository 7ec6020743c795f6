"""GitLab: a project's releases, tags and activity."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, at, steps


def _feeds(parts: SplitResult) -> Sequence[str]:
    project = "/".join(steps(parts)).partition("/-")[0]
    if project.count("/") < 1:
        return ()
    paths = (f"/{project}/-/releases.atom", f"/{project}/-/tags?format=atom", f"/{project}.atom")
    return [at(parts, *path.split("?")) for path in paths]


GITLAB = Shape("GitLab", ("gitlab.com",), _feeds)
