"""Which kinds of source there are, and how one of any kind is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from briefs.errors import Refused, SourceError
from briefs.ingest.raw import RawItem
from briefs.ingest.readers.local import FILE, FOLDER
from briefs.ingest.readers.port import Reading, SourceReader
from briefs.ingest.readers.web import FEED, LISTED, PAGE, WATCHED
from briefs.models import Source

if TYPE_CHECKING:
    from briefs.ingest.fetch import Fetcher
    from briefs.store.sources import Health


@cache
def readers() -> Mapping[str, SourceReader]:
    """Return every kind by its name: those of other packages, under `briefbot.sources`, and ours, which none replaces.

    What is typed on the command line is of the first that takes it.
    """
    others = (entry.load() for entry in entry_points(group="briefbot.sources"))
    return {reader.kind: reader for reader in (*others, FEED, PAGE, WATCHED, LISTED, FILE, FOLDER)}


def is_local(source: Source) -> bool:
    """Whether a source is on this machine."""
    return readers()[source.kind].local


def is_watched(source: Source) -> bool:
    """Whether a source is a page of which only what is added is news."""
    return readers()[source.kind].watched


def typed(place: str) -> Source:
    """Return the source that somebody means by an address or a path. Raises ValueError where that is misspelt."""
    return next(filter(None, (reader.typed(place) for reader in readers().values())))


def read(source: Source, fetcher: Fetcher, memory: Health) -> Reading | SourceError:
    """Ask a source as its kind is asked; what goes wrong is returned, for it costs this source alone."""
    try:
        return readers()[source.kind].read(source, fetcher, memory)
    except Exception as error:  # another package's reader may raise whatever it likes
        return _failure(source, error)


def documents(source: Source, reading: Reading) -> Iterator[RawItem | SourceError]:
    """Return the documents of a source, and why the others cannot be had."""
    try:
        yield from reading.documents
    except Exception as error:  # as above
        yield _failure(source, error)


def _failure(source: Source, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    reason = f"{type(error).__name__}: {error}"[:200]
    return Refused(
        "{address}: what reads this kind of source failed ({reason}); tell whoever wrote that",
        address=source.address,
        reason=reason,
    )
