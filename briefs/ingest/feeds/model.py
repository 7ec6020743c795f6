"""What a feed holds, whatever format and state it came in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from briefs.errors import Refused
from briefs.ingest.feeds.markup import fragment
from briefs.ingest.pages import fragment_text
from briefs.ingest.raw import RawItem

# What had to be repaired before a feed could be read: its bytes ("encoding"), its tags ("markup"), references that XML
# does not know ("entities"), characters that no text has ("characters"), what stands around it ("junk"), prefixes that
# it does not declare ("namespaces"), its JSON ("json"), an end that is missing ("truncated").
Repair = Literal["encoding", "markup", "entities", "characters", "junk", "namespaces", "json", "truncated"]


# unsaid: text by the rules of its format, which its publisher may not know.
Kind = Literal["html", "text", "unsaid"]


class Body(NamedTuple):
    """A text as it is written in a feed. escaped: the references of XML in it are still to be read."""

    text: str
    kind: Kind = "html"
    escaped: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed.

    id: its name for good, unique in the feed: its address, or the feed's address and `#` with what else names it.
    title: one line of plain text, "" where it has none. url: its own http(s) address, absolute; None where it
    has none. body: its text as written. published: aware, in UTC. language: ISO 639-1.
    own: whether `url` leads to a page that is this entry's alone.
    """

    id: str
    title: str
    url: str | None
    body: Body
    published: datetime | None = None
    author: str | None = None
    language: str | None = None
    own: bool = True

    @property
    def text(self) -> str:
        """Its plain text, as it will be quoted."""
        return fragment_text(self.markup.encode())

    @property
    def markup(self) -> str:
        """Its text as HTML."""
        return fragment(self.body)

    def item(self, source: str | None, page: str | None = None) -> RawItem:
        """Return the entry as a document of this source; one with a page of its own stands there.

        page: the feed's own, where readers find an entry without an address.
        """
        at_own = self.own and self.url is not None
        return RawItem(
            address=self.url if at_own and self.url else self.id,
            body=self.markup.encode(),
            media_type="text/html",
            title=self.title or None,
            published=self.published,
            author=self.author,
            source=source or None,
            language=self.language,
            link=None if at_own else self.url or page or "",
            name=self.id if at_own and self.id != self.url else None,
        )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed asks to be read, in words of its own; None and empty where it does not say.

    every: not before this has passed (`<ttl>`, `sy:updatePeriod`). skip_hours (0 … 23, UTC), skip_days (0: Monday).
    """

    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds.

    title: "" where it has none. language: ISO 639-1, None where it does not say. page: the address of what it is the
    feed of. entries: in the feed's order; of a
    very long feed the newest 500. refused: what had to be left. repairs: what had to be mended to read it, by name;
    empty where it was well. rhythm: how often it asks to be read.
    """

    title: str
    language: str | None = None
    page: str | None = None
    entries: tuple[Entry, ...] = ()
    refused: tuple[Refused, ...] = ()
    repairs: tuple[Repair, ...] = ()
    rhythm: Rhythm = field(default_factory=Rhythm)
