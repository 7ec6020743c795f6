"""Kinds of source as another package brings them: a board, which has a notice in each line, and a heap that slides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from briefs.errors import SourceError
from briefs.ingest.feeds.model import Body, Entry, Feed
from briefs.ingest.fetch import Fetcher
from briefs.ingest.raw import RawItem
from briefs.ingest.readers.fields import OnTheWeb, Text, WebAddress
from briefs.ingest.readers.port import Reading, SourceReader
from briefs.ingest.readers.web import asked
from briefs.models import Source
from briefs.store.sources import Health


class BoardFields(OnTheWeb):
    board: WebAddress | None = None
    under: Text | None = None
    most: int = 100  # notices


def read_board(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    if source.address.endswith("/broken"):
        raise LookupError("no such board")
    answer = asked(source, fetcher, memory)
    if answer.not_modified:
        return Reading(answer=answer)
    return Reading(listing=(notices, (answer.body, answer.address, source.more)), answer=answer)


def notices(sent: tuple[bytes, str, Mapping[str, Any]]) -> Feed:
    """List the notices under a word; runs in a worker."""
    body, address, more = sent
    lines = [line for line in body.decode().splitlines() if line.startswith(more["under"])][: more["most"]]
    return Feed("Board", entries=tuple(Entry(f"{address}#{line[:9]}", "", None, Body(line)) for line in lines))


def typed_board(place: str) -> Source | None:
    return Source(place, "board", more={"under": "The", "most": 100}) if place.startswith("https://boards.") else None


BOARD = SourceReader("board", BoardFields, read_board, typed_board)


class HeapFields(BaseModel):
    heap: Text | None = None


def read_heap(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    def documents() -> Iterator[RawItem | SourceError]:
        yield RawItem(
            "heap:1", b"The harbour has a heap of old nets, and nobody knows whose they are.", "text/plain", link=""
        )
        raise LookupError("the heap has slid")

    return Reading(documents())


HEAP = SourceReader("heap", HeapFields, read_heap)
