"""Searches and sections of Google News and Bing News."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qs, urlencode

from briefs.discovery.shapes.port import Shape, at, steps


def _google(parts: SplitResult) -> Sequence[str]:
    path = "/".join(steps(parts)).removeprefix("rss/")
    known = path.split("/")[0] in ("search", "topics", "publications", "home", "topstories", "")
    path = "" if path in ("home", "topstories") else path
    return (at(parts, f"/rss/{path}".rstrip("/"), parts.query),) if known else ()


def _bing(parts: SplitResult) -> Sequence[str]:
    asked = parse_qs(parts.query).get("q")
    return (at(parts, "/news/search", urlencode({"q": asked[0], "format": "rss"})),) if asked else ()


GOOGLE_NEWS = Shape("Google News", ("news.google.com",), _google)
BING_NEWS = Shape("Bing News", ("bing.com",), _bing)
