"""Marks: hashes that tell whether a document has changed since it was last read, and which source it is of."""

import hashlib
from typing import Literal

from briefs.ingest.raw import RawItem
from briefs.models import Source

Change = Literal["link", "date"]


def marks(source: Source, item: RawItem, *, entry: bool = False) -> str:
    """Return the mark of a document: hashes of its bytes and metadata, and the tag of its source.

    An entry of a feed has separate hashes of its link and of its date.
    """
    said = "\0".join((item.media_type, item.title or "", item.source or "", item.author or ""))
    told = [hashlib.blake2b(item.body + said.encode("utf-8", "replace"), digest_size=16).hexdigest()]
    if entry:
        told.append(_short(item.address if item.link is None else item.link))
        told.append(_short(item.published.isoformat() if item.published else ""))
    return f"{'.'.join(told)}@{tag(source.address)}"


def tag(address: str) -> str:
    """Return the tag of a source in marks."""
    return _short(address)[:8]


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def whose(mark: str) -> str:
    """Return the tag of the source in a mark."""
    return mark.partition("@")[2]


def changes(old: str, new: str) -> set[Change] | None:
    """Return which of link and date have changed between two marks of a document; None where its content has."""
    (content, *said), (content_now, *said_now) = (mark.partition("@")[0].split(".") for mark in (old, new))
    if content != content_now:
        return None
    kinds: tuple[Change, ...] = ("link", "date")
    return {kind for kind, before, now in zip(kinds, said, said_now, strict=False) if before != now}


def is_rival(name: str, other: str) -> bool:
    """Whether these are the names of two entries of one feed."""
    feed, mark, _ = name.partition("#")
    return bool(mark) and name != other and other.startswith(f"{feed}#")
