"""How long a new article takes to join a story, or to begin one, among as many of the last days as the archive has."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import chain, count, islice

from sqlalchemy import insert

from bench.corpus import VOCABULARY, WORDS, Corpus, article, word
from briefs.archive import Archive
from briefs.clustering.fingerprints import Unweighted, Ways, pack, weigh
from briefs.clustering.incremental import Joining
from briefs.models import Analysed
from briefs.store.articles import Articles
from briefs.store.fingerprints import Fingerprints
from briefs.store.schema import commonness
from briefs.text.aliases import Aliases
from briefs.text.features import key_of, keys_of

_PREFIX = 6  # letters: of the ways into other languages that a long word has
_TRUST = (1.0, 0.84)  # in the word itself, and in its beginning
_BATCH = 50  # articles a commit, as gathering has it


@dataclass(frozen=True)
class Timing:
    """Milliseconds an article: of each that came alone, of the processor for it, and of those in a batch."""

    alone: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    in_batch: list[float] = field(default_factory=list)
    cpu_in_batch: list[float] = field(default_factory=list)


class Keeper:
    """Makes articles of an archive stories of their own as they are filed, by what joining would keep of them.

    Faster than letting 100,000 join one after the other. How common a word is, is what Zipf's law makes of the whole
    corpus, since an article is weighed before the next ones are there. first_row: of the articles that are kept.
    """

    def __init__(self, archive: Archive, corpus: Corpus, first_row: int = 1) -> None:
        self._archive = archive
        self._rows = count(first_row)
        self._kept = Fingerprints()
        self._counts = {key_of("en"): corpus.articles, key_of(""): corpus.articles}
        weights = [1 / (rank + 1) for rank in range(VOCABULARY)]
        for rank, weight in enumerate(weights):
            without = math.exp(-WORDS * weight / corpus.weights[-1])
            self._counts[_key(word(rank))] = round(corpus.articles * (1 - without)) or 1
        with archive.database.write() as connection:
            connection.execute(
                insert(commonness), [{"key": key, "articles": times} for key, times in self._counts.items()]
            )

    def keep(self, articles: Iterable[Analysed]) -> None:
        """Keep what is known of the next articles that were filed."""
        known = {next(self._rows): weigh(_reading(one.body_terms), self._counts) for one in articles}
        with self._archive.database.write() as connection:
            self._kept.note(connection, [(row, 0.0) for row in known])
            self._kept.file(
                connection,
                [(row, row, False, pack(one)) for row, one in known.items()],
                [(key, row) for row, one in known.items() for key in one.traces],
            )


@cache
def _key(name: str) -> int:
    return key_of(f"en {name}")


@cache
def _ways(name: str) -> Sequence[int]:
    return [key_of(name), key_of(f"~{name[:_PREFIX]}")][: 1 + (len(name) >= _PREFIX)]


def _reading(words: Sequence[str]) -> Unweighted:
    own = {_key(name): float(times) for name, times in Counter(words).items()}
    ways = [_ways(name) for name in dict.fromkeys(words)]
    trusts = [_TRUST[n] for some in ways for n in range(len(some))]
    pieces = frozenset(keys_of(map(" ".join, zip(words, words[1:], words[2:], strict=False))))
    return Unweighted("en", None, 0, own, own, Ways([*map(len, ways)], [*chain(*ways)], trusts), frozenset(), pieces)


def measure(archive: Archive, corpus: Corpus, alone: int = 100, batches: int = 6) -> Timing:
    """Let new articles join: every other repeats an older one, but for one word in ten."""
    filing = Articles(archive.database)
    joining = Joining(archive.database, Aliases(), lambda: datetime.now(UTC))
    new = later(corpus)

    def join(some: int) -> tuple[float, float]:
        filing.file(list(islice(new, some)), datetime.now(UTC))
        started, cpu_started = time.perf_counter(), time.process_time()
        joining.catch_up()
        return (time.perf_counter() - started) * 1000 / some, (time.process_time() - cpu_started) * 1000 / some

    join(1)  # what is imported and compiled once
    times = Timing()
    for _ in range(alone):
        ms, cpu = join(1)
        times.alone.append(ms)
        times.cpu.append(cpu)
    for _ in range(batches):
        ms, cpu = join(_BATCH)
        times.in_batch.append(ms)
        times.cpu_in_batch.append(cpu)
    return times


def later(corpus: Corpus, prefix: str = "a1000000000") -> Iterator[Analysed]:
    """Yield further articles, of which every other one repeats one of the corpus but for one word in ten.

    Their numbers are beyond those of the corpus, whose engines answer with numbers.
    """
    draw = random.Random(corpus.seed + 2)
    fresh = Corpus(corpus.articles, corpus.seed + 3).texts()
    for number, (old, other) in enumerate(zip(corpus.texts(), fresh, strict=False)):
        words = [a if draw.random() < 0.9 else b for a, b in zip(old, other, strict=False)]
        yield article(f"{prefix}{number}", words if number % 2 else other)
