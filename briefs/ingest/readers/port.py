"""The port of a kind of source: all that the rest of the program knows of one.

A kind is one object of this class in a module here, and one line in `briefs.ingest.readers`; a package of its own names
its object under the entry point `briefbot.sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from briefs.errors import SourceError
from briefs.ingest.raw import RawItem
from briefs.models import Source

if TYPE_CHECKING:  # the configuration asks what kinds there are, and needs no way out to the web for that
    from briefs.ingest.feeds import Feed
    from briefs.ingest.fetch import Answer, Fetcher
    from briefs.store.sources import Health


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave, before any of it was understood.

    documents: one after the other; in the place of one that cannot be had stands why. They may be lazy, where each is
    at hand: while one is waited for, no other source is read.
    listing: instead of documents, bytes that list them, and the function (of a module) that reads these in a worker.
    answer: the server's, whose validators, age and moves are remembered for the next time.
    """

    documents: Iterable[RawItem | SourceError] = ()
    listing: tuple[Callable[[Any], Feed], Any] | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class SourceReader:
    """A kind of source.

    kind: its name, and the key of sources.yaml that has its address.
    fields: the keys that it wants there beside those of every source, its own among them, as a pydantic model whose
    context is the folder of the file. `auth` and `allow` become those of the Source, the others its `more`.
    read: asks one source, given what is remembered of it (nothing when it is read for the first time, or only to check
    it). It is called in several threads at once and may wait as long as the fetcher does, which is its only way out.
    What strangers wrote it hands on as it came: a document with its media type, or a listing. A document whose address
    is not of the web says where it is to be found (`link`). Raises SourceError, one line, where the source cannot be
    read; whatever it raises costs that source alone.
    typed: the source that somebody means who types this on the command line; None: none of this kind. Raises ValueError
    where it is misspelt.
    local: its documents are on this machine: they are read first and as long as they take, and for few to see.
    watched: its document is a page as it stands: it is looked up, and what is added to it is the news.
    """

    kind: str
    fields: type[BaseModel]
    read: Callable[[Source, Fetcher, Health], Reading]
    typed: Callable[[str], Source | None] = lambda place: None
    local: bool = False
    watched: bool = False
