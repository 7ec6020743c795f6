"""How long a new article takes to join a story, or to begin one, among as many of the last days as the archive has."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from statistics import median

from bench.corpus import Corpus, article
from briefs.archive import Archive
from briefs.joining import Joining
from briefs.models import Analysed
from briefs.store.articles import Articles
from briefs.store.tellings import Tellings
from briefs.tellings import Reading, pack, weigh
from briefs.text.aliases import Aliases
from briefs.text.features import key_of

_PREFIX = 6  # letters: of the ways into other languages that a long word has
_KEPT_AT_ONCE = 2_000
_BATCH = 50  # articles a commit, as gathering has it


@dataclass(frozen=True)
class Timing:
    """Milliseconds an article, medians: of one that came alone, of the processor for it, and of one in a batch."""

    alone: float
    cpu: float
    in_batch: float


def keep(archive: Archive, corpus: Corpus) -> None:
    """Make every article of a filled archive a story of its own, by what joining would keep of it.

    Faster than letting 100,000 join one after the other; what is kept is the same.
    """
    kept = Tellings()
    counts = Counter({key_of("en"): corpus.articles, key_of(""): corpus.articles})
    for words in corpus.texts():
        counts.update(map(_key, set(words)))
    numbered = enumerate(map(_reading, corpus.texts()), 1)
    while batch := dict(islice(numbered, _KEPT_AT_ONCE)):
        tellings = {row: weigh(one, counts) for row, one in batch.items()}
        with archive.database.write() as connection:
            kept.learn(connection, chain.from_iterable(one.keys for one in batch.values()))
            for row in tellings:
                kept.note(connection, row, 0.0, ())
            kept.file(
                connection,
                [(row, row, False, pack(one)) for row, one in tellings.items()],
                [(key, row) for row, one in tellings.items() for key in one.traces],
            )


def _key(name: str) -> int:
    return key_of(f"en {name}")


def _reading(words: Sequence[str]) -> Reading:
    own = {_key(name): float(times) for name, times in Counter(words).items()}
    ways = {name: [(key_of(name), 1.0), (key_of(f"~{name[:_PREFIX]}"), 0.84)] for name in set(words)}
    crossing = {_key(name): (own[_key(name)], ways[name][: 1 + (len(name) >= _PREFIX)]) for name in ways}
    pieces = frozenset(key_of(" ".join(words[n : n + 3])) for n in range(len(words) - 2))
    return Reading("en", None, own, crossing, frozenset(), pieces)


def measure(archive: Archive, corpus: Corpus, alone: int = 60, batches: int = 4) -> Timing:
    """Let new articles join: every other repeats an older one, but for one word in ten."""
    filing = Articles(archive.database)
    joining = Joining(archive.database, Aliases(), lambda: datetime.now(UTC))
    new = _new(corpus)

    def join(count: int) -> tuple[float, float]:
        filing.file(list(islice(new, count)), datetime.now(UTC))
        started, cpu_started = time.perf_counter(), time.process_time()
        joining.catch_up()
        return (time.perf_counter() - started) * 1000 / count, (time.process_time() - cpu_started) * 1000 / count

    join(1)  # what is imported and compiled once
    times = [join(1) for _ in range(alone)]
    in_batches = [join(_BATCH) for _ in range(batches)]
    return Timing(median(ms for ms, _ in times), median(cpu for _, cpu in times), median(ms for ms, _ in in_batches))


def _new(corpus: Corpus) -> Iterator[Analysed]:
    draw = random.Random(corpus.seed + 2)
    fresh = Corpus(corpus.articles, corpus.seed + 3).texts()
    for number, (old, other) in enumerate(zip(corpus.texts(), fresh, strict=False)):
        words = [a if draw.random() < 0.9 else b for a, b in zip(old, other, strict=False)]
        yield article(f"new{number}", words if number % 2 else other)
