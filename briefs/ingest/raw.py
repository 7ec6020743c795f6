"""A document as it arrives, and what is read out of it, before it is an article."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawItem:
    """One document as it arrived, before anything was understood.

    address: where it stands: an http(s) address or a `file:` address.
    body: its bytes; media_type says of what kind ("text/html", "text/plain", "text/markdown", "application/pdf").
    title, published, author, source, language: what the carrier said (a feed entry, a front matter), where it said so.
    link: where readers find it, "" for nowhere; None: at its address. With a link, the address is only a name.
    name: what it is known by for good, where that is not its address.
    """

    address: str
    body: bytes
    media_type: str
    title: str | None = None
    published: datetime | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    link: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a document with what it says of itself. url: the canonical address, where a page names one."""

    title: str
    text: str
    published: datetime | None = None
    language: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
