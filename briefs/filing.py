"""Articles that were read → in the archive: whether one is new, has changed or is there is decided where it is filed.

A document is known by its name: its address, or what its feed names it by (`RawItem.name`). The article keeps its id
when the title, text, link or date of its document change. Of several processes that gather into one PostgreSQL, one at
a time decides and files, so that what two of them read is filed once; what follows of it, topics and stories, is
outside of that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from briefs.archive import Archive
from briefs.errors import Refused, StoreError
from briefs.ingest.marks import is_rival, tag, whose
from briefs.ingest.report import Outcomes
from briefs.models import Analysed
from briefs.store.articles import digest_of
from briefs.store.sources import Document, Sources
from briefs.store.visible import standing
from briefs.streams import batches

_BATCH = 50  # articles a commit
_BATCH_SECONDS = 2.0  # or as many as come in that time, and at once where a slow site is all that is waited for


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared article, and the document it was made of; of: the address of its source."""

    document: Document
    analysed: Analysed
    of: str = ""

    def called(self, name: str) -> Prepared:
        """Return the same as an article of this id."""
        article = dataclasses.replace(self.analysed.article, id=name)
        document = dataclasses.replace(self.document, article=name)
        return dataclasses.replace(
            self, document=document, analysed=dataclasses.replace(self.analysed, article=article)
        )


class Filing:
    """What one run files. private: the sources that not everybody sees. tags: of all who may have filed something."""

    def __init__(self, archive: Archive, outcomes: Outcomes, private: frozenset[str], tags: frozenset[str]) -> None:
        self._archive, self._outcomes, self._private, self._tags = archive, outcomes, private, tags
        self._sources = Sources(archive.database)

    def file(self, candidates: Iterator[Prepared]) -> None:
        """File what comes, in batches. Raises StoreError when the archive cannot take it; what it took stays."""
        for batch in batches(candidates, _BATCH, _BATCH_SECONDS):
            try:
                self._file(batch)
            except StoreError:
                raise
            except Exception:  # one that no database takes must not take the others with it
                for candidate in batch:
                    self._file_alone(candidate)

    def _file_alone(self, candidate: Prepared) -> None:
        try:
            self._file([candidate])
        except StoreError:
            raise
        except Exception as error:  # whatever a stranger's text provokes costs that text alone
            reason = f"{type(error).__name__}: {error}"[:200]
            refused = Refused("storing it failed ({reason}); leave it out", reason=reason)
            self._outcomes.refuse(candidate.document.address, refused, candidate.of)

    def _file(self, batch: Sequence[Prepared]) -> None:
        with self._archive.database.alone("filing"):
            ours, theirs = self._parted(batch)
            changed = self._decided(ours)
        for one in theirs:
            self._outcomes.count("unchanged", one.document.address, one.of)
        self._archive.follow_up(changed)

    def _parted(self, batch: Sequence[Prepared]) -> tuple[list[Prepared], list[Prepared]]:
        """Return what is ours, and what another process has filed since it was looked up here.

        What two feeds list is the first's.
        """
        known = self._sources.documents([one.document.address for one in batch])
        ours: list[Prepared] = []
        theirs: list[Prepared] = []
        listed: dict[str, set[str]] = {}
        for one in batch:
            there = known.get(one.document.address)
            if there is not None and whose(there.digest) in self._tags - {tag(one.of)}:
                listed.setdefault(there.article, set()).add(one.of)
                theirs.append(one)
            else:
                ours.append(one)
        self._archive.listed(listed)
        return ours, theirs

    def _decided(self, batch: Sequence[Prepared]) -> Sequence[str]:
        """File what is new or changed; return the ids of what has changed."""
        batch = apart(batch, self._sources.holders([candidate.analysed.article.id for candidate in batch]))
        contents = [digest_of(c.analysed.article.title, c.analysed.article.text) for c in batch]
        twins = self._sources.with_content(contents)
        circles = self._circles(batch, twins)
        batch = [circles.placed(candidate) for candidate in batch]
        decision = decide(batch, twins, circles)
        of = {candidate.document.address: candidate.of for candidate in batch}
        brought: dict[str, set[str]] = {}
        for document in (*(candidate.document for candidate in decision.store), *decision.unchanged):
            brought.setdefault(document.article, set()).add(of[document.address])
        filed = self._archive.store([candidate.analysed for candidate in decision.store], brought)
        new, changed = set(filed.new), set(filed.changed)
        self._sources.remember([*(candidate.document for candidate in decision.store), *decision.unchanged])
        stored = {candidate.document.address for candidate in decision.store}
        for candidate in decision.store:
            name = candidate.analysed.article.id
            self._outcomes.count(
                "new" if name in new else "changed" if name in changed else "unchanged", name, candidate.of
            )
        for candidate in batch:
            if candidate.document.address not in stored:
                self._outcomes.count("unchanged", candidate.document.address, candidate.of)
        return filed.changed

    def _circles(self, batch: Sequence[Prepared], twins: Mapping[Any, Sequence[str]]) -> Circles:
        """Return who sees what these may be; nothing is asked where all is everybody's."""
        if not self._private:
            return Circles()
        names = {*(candidate.analysed.article.id for candidate in batch), *chain.from_iterable(twins.values())}
        names |= {f"{candidate.of}#{candidate.analysed.article.id}" for candidate in batch}
        there = standing(self._archive.database, names)
        return Circles(self._private, {name: Standing(*found) for name, found in there.items()})


# ---------------------------------------------------------------- what is new


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

    def placed(self, candidate: Prepared) -> Prepared:
        """Return a candidate as it may be filed: it changes nothing for others than those who see its source.

        Two sources may name one address. Where they word it otherwise, or under another name, and not the same people
        see both, the second's is an article of its own.
        """
        name, new = candidate.analysed.article.id, self._as_it_comes(candidate)
        old = self._standing.setdefault(name, new)
        if old is new:
            return candidate
        is_ours = candidate.of in old.owners if old.owners is not None else new.owners is None
        if is_ours or (old.content, old.source) == (new.content, new.source):
            owners = None if old.owners is None or new.owners is None else old.owners | new.owners
            self._standing[name] = dataclasses.replace(old, owners=owners)
            return candidate
        return self.placed(candidate.called(f"{candidate.of}#{name}"))

    def _as_it_comes(self, candidate: Prepared) -> Standing:
        article = candidate.analysed.article
        owners = frozenset({candidate.of}) if candidate.of in self._private else None
        return Standing(digest_of(article.title, article.text), article.source, owners)

    def may_be(self, candidate: Prepared, name: str) -> bool:
        """Whether who sees a candidate's source sees the article of this id already."""
        known = self._standing.get(name)
        return known is None or known.owners is None or candidate.of in known.owners


@dataclass(frozen=True, slots=True)
class Decision:
    """What to store, and which documents bring nothing new."""

    store: tuple[Prepared, ...]
    unchanged: tuple[Document, ...]


def decide(
    candidates: Sequence[Prepared],
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
    store: list[Prepared] = []
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


def apart(candidates: Sequence[Prepared], holders: Mapping[str, Collection[str]]) -> list[Prepared]:
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
