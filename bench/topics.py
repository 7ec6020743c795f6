"""`python -m bench.topics`: how many articles a second are matched against many topics, and the memory of these.

Topics ask for two to four words of the made-up vocabulary, one in five of them nearly a stop word, some with a choice
and some with a word to leave out; each article is judged to the letter wherever the index finds it.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Collection, Iterator

from rich.console import Console
from rich.table import Table

from bench.corpus import VOCABULARY, Corpus, word
from briefs.topics import Topic, parse_topic
from briefs.topics.percolator import TopicIndex

SIZES = (1_000, 100_000)
ARTICLES = 1_500
_COMMON, _TELLING = range(20, 200), range(200, 50_000)


def topics(count: int, seed: int = 11) -> Iterator[Topic]:
    """Yield topics as teams write them."""
    draw = random.Random(seed)

    def asked() -> str:
        return word(draw.choice(_COMMON if draw.random() < 0.2 else _TELLING))

    for number in range(count):
        expression = " + ".join(asked() for _ in range(draw.randint(1, 3)))
        expression += f" + ({asked()} | {asked()})" if draw.random() < 0.5 else f" + {word(draw.choice(_TELLING))}"
        yield Topic(str(number), parse_topic(expression + (f" - {asked()}" if draw.random() < 0.3 else "")))


def frequencies(terms: Collection[str]) -> dict[str, int]:
    """Return in how many articles of a large archive terms stand, as Zipf has it."""
    ranks = {term: int(term[1:]) if term[1:].isdigit() else VOCABULARY for term in terms}
    return {term: 1_000_000 // (rank + 1) for term, rank in ranks.items()}


def measure(count: int) -> tuple[float, float, float]:
    """Return articles a second of one processor, topics that each article is in, and the megabytes of the topics."""
    articles = list(Corpus(ARTICLES).analysed())
    before = _resident()
    index = TopicIndex(("en",))
    for number, topic in enumerate(topics(count)):
        index.add(number, topic)
    index.ready(frequencies)
    megabytes = _resident() - before
    for article in articles[:50]:
        index.verdicts(article)
    started = time.process_time()
    taken = sum(len(index.verdicts(article)) for article in articles)
    return ARTICLES / (time.process_time() - started), taken / ARTICLES, megabytes


def _resident() -> float:
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1024**2


def show() -> Table:
    """Measure, and return what was measured."""
    table = Table(
        "topics", "articles a second\nof one processor", "wanted", "topics an article", "MB", "wanted", title="Matching"
    )
    for count, wanted in zip(SIZES, ("≥ 3,000", "≥ 300"), strict=True):
        rate, taken, megabytes = measure(count)
        table.add_row(f"{count:,}", f"{rate:,.0f}", wanted, f"{taken:.1f}", f"{megabytes:.0f}", "≤ 250")
    return table


if __name__ == "__main__":
    Console().print(show())
