"""YouTube: a channel, a handle, a playlist."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qs

from briefs.discovery.shapes.port import Shape, at, steps

_CHANNEL = re.compile(rb'"(?:externalId|channelId)":"(UC[\w-]{22})"')


def _feeds(parts: SplitResult) -> Sequence[str]:
    if playlist := parse_qs(parts.query).get("list"):
        return (at(parts, "/feeds/videos.xml", f"playlist_id={playlist[0]}"),)
    match steps(parts):
        case ["channel", name, *_]:
            return (at(parts, "/feeds/videos.xml", f"channel_id={name}"),)
    return ()


def _within(parts: SplitResult, body: bytes) -> Sequence[str]:
    found = _CHANNEL.search(body)
    return (at(parts, "/feeds/videos.xml", f"channel_id={found[1].decode()}"),) if found else ()


YOUTUBE = Shape("YouTube", ("youtube.com",), _feeds, within=_within)
