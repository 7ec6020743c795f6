"""Which article a document is: one that is new, one that has changed, or one that is there already.

A document is known by its name: its address, or what its feed names it by (`RawItem.name`). The article keeps its id
when the title, text, link or date of its document change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from briefs.ingest.marks import is_rival
from briefs.models import Analysed
from briefs.store.articles import digest_of
from briefs.store.sources import Document


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
class Standing:
    """How an article reads, and who sees it. owners: the addresses of its sources; None: it is everybody's."""

    content: str
    source: str | None
    owners: frozenset[str] | None


class Circles:
    """Keeps apart what not the same people see. private: sources that are not everybody's, by address.

    standing: articles that are there, by id.
    """

    def __init__(self, private: Collection[str] = (), standing: Mapping[str, Standing] | None = None) -> None:
        self._private = private
        self._standing = dict(standing or {})

    def parted(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return candidates so that none changes what others see than those who see its source.

        Two sources may name one address. Where they word it otherwise, or under another name, and not the same people
        see both, the second's is an article of its own.
        """
        return [self._placed(candidate) for candidate in candidates]

    def _placed(self, candidate: Candidate) -> Candidate:
        name, new = candidate.analysed.article.id, self._as_it_comes(candidate)
        old = self._standing.setdefault(name, new)
        if old is new:
            return candidate
        is_ours = candidate.of in old.owners if old.owners is not None else new.owners is None
        if is_ours or (old.content, old.source) == (new.content, new.source):
            owners = None if old.owners is None or new.owners is None else old.owners | new.owners
            self._standing[name] = dataclasses.replace(old, owners=owners)
            return candidate
        return self._placed(candidate.called(f"{candidate.of}#{name}"))

    def _as_it_comes(self, candidate: Candidate) -> Standing:
        article = candidate.analysed.article
        owners = frozenset({candidate.of}) if candidate.of in self._private else None
        return Standing(digest_of(article.title, article.text), article.source, owners)

    def may_be(self, candidate: Candidate, name: str) -> bool:
        """Whether who sees a candidate's source sees the article of this id already."""
        known = self._standing.get(name)
        return known is None or known.owners is None or candidate.of in known.owners


@dataclass(frozen=True, slots=True)
class Decision:
    """What to store, and which documents bring nothing new."""

    store: tuple[Candidate, ...]
    unchanged: tuple[Document, ...]


def decide(
    candidates: Sequence[Candidate],
    twins: Mapping[tuple[str, str | None], Sequence[str]],
    circles: Circles | None = None,
) -> Decision:
    """Tell what is worth storing.

    twins: (digest of title and text, source) → ids of the articles that read so already. An article that a source shows
    again under another address is no new one, and of several with one id the first counts. A page that is watched, and
    what was added to one, are themselves alone, however they read. circles: who sees which.
    """
    seen = {key: list(ids) for key, ids in twins.items()}
    may_be = (circles or Circles()).may_be
    names: set[str] = set()
    store: list[Candidate] = []
    unchanged: list[Document] = []
    for candidate in candidates:
        article = candidate.analysed.article
        alike = [] if article.role else seen.setdefault((digest_of(article.title, article.text), article.source), [])
        twin = next((name for name in alike if name == article.id or may_be(candidate, name)), article.id)
        if twin == article.id and twin not in names:
            store.append(candidate)
            names.add(twin)
            alike.append(twin)
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
