"""Which article a document is: one that is new, one that has changed, or one that is there already.

A document is known by its name: its address, or what its feed names it by (`RawItem.name`). The article keeps its id
when the title, text, link or date of its document change.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from briefs.models import Analysed, RawItem, Source
from briefs.store.articles import digest_of
from briefs.store.sources import Document

Change = Literal["link", "date"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prepared article, and the document it was made of; of: the address of its source."""

    document: Document
    analysed: Analysed
    of: str = ""

    def called(self, name: str) -> Candidate:
        """Return the same as an article of this id."""
        article = dataclasses.replace(self.analysed.article, id=name)
        document = dataclasses.replace(self.document, article=name)
        return dataclasses.replace(
            self, document=document, analysed=dataclasses.replace(self.analysed, article=article)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What to store, and which documents bring nothing new."""

    store: tuple[Candidate, ...]
    unchanged: tuple[Document, ...]


def decide(candidates: Sequence[Candidate], twins: Mapping[tuple[str, str | None], str]) -> Decision:
    """Tell what is worth storing.

    twins: (digest of title and text, source) → id of the article that reads so already. An article that a source shows
    again under another address is no new one, and of several with one id the first counts.
    """
    seen = dict(twins)
    names: set[str] = set()
    store: list[Candidate] = []
    unchanged: list[Document] = []
    for candidate in candidates:
        article = candidate.analysed.article
        twin = seen.setdefault((digest_of(article.title, article.text), article.source), article.id)
        if twin == article.id and twin not in names:
            store.append(candidate)
            names.add(twin)
        else:
            unchanged.append(dataclasses.replace(candidate.document, article=twin))
    return Decision(tuple(store), tuple(unchanged))


def apart(candidates: Sequence[Candidate], holders: Mapping[str, Collection[str]]) -> list[Candidate]:
    """Return candidates so that no two entries of one feed are one article because they lead to one page.

    holders: id of an article that is there → the names of its documents. An entry whose page is the article of another
    entry of its feed is called by its own name instead.
    """
    held = {name: set(documents) for name, documents in holders.items()}
    found = []
    for candidate in candidates:
        own = candidate.document.address
        others = held.setdefault(candidate.analysed.article.id, set())
        if any(is_rival(own, other) for other in others):
            found.append(candidate.called(own))
        else:
            found.append(candidate)
            others.add(own)
    return found


def is_rival(name: str, other: str) -> bool:
    """Whether these are the names of two entries of one feed."""
    feed, mark, _ = name.partition("#")
    return bool(mark) and name != other and other.startswith(f"{feed}#")


# ---------------------------------------------------------------- what tells that a document is as it was


def marks(source: Source, item: RawItem, *, entry: bool = False) -> str:
    """Return what tells whether a document is as it was: its bytes, what its carrier says of it, and whose it is.

    Of an entry of a feed its link and its date are told apart from the rest.
    """
    said = "\0".join((item.media_type, item.title or "", item.source or "", item.author or ""))
    told = [hashlib.blake2b(item.body + said.encode("utf-8", "replace"), digest_size=16).hexdigest()]
    if entry:
        told.append(_short(item.address if item.link is None else item.link))
        told.append(_short(item.published.isoformat() if item.published else ""))
    return f"{'.'.join(told)}@{tag(source.address)}"


def tag(address: str) -> str:
    """Return what stands for a source in marks."""
    return _short(address)[:8]


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def whose(mark: str) -> str:
    """Return the tag of the source that a document is of."""
    return mark.partition("@")[2]


def changes(old: str, new: str) -> set[Change] | None:
    """Return which of link and date have changed between two marks of a document; None where its content has."""
    (content, *said), (content_now, *said_now) = (mark.partition("@")[0].split(".") for mark in (old, new))
    if content != content_now:
        return None
    kinds: tuple[Change, ...] = ("link", "date")
    return {kind for kind, before, now in zip(kinds, said, said_now, strict=False) if before != now}
