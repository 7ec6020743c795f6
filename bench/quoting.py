"""What quotes cost: ten articles of twenty-five sentences, with a question, with words to look up, without a query."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice

from rank_bm25 import BM25Okapi
from rich.table import Table

from bench.corpus import SENTENCE, Corpus, word
from bench.text import prose_of
from briefs.quoting.selection import quotes
from briefs.text.sentences import split_sentences

_ARTICLES, _SENTENCES = 10, 25
_DRAWS = 20  # of ten articles, so that a word is known from others at most
_ASKED = (
    (
        "with a question",
        f"When did {word(40)} say that {word(300)} and {word(900)}?",
        "When did the company say that prices fell?",
    ),
    ("with words to look up", f"{word(40)} {word(300)} {word(900)}", "company prices"),
    ("without a query", None, None),
)
Articles = list[list[str]]


def show() -> Table:
    """Return a table: the processor's milliseconds of each way to ask, over made-up words and over real sentences.

    The peer is rank_bm25, which is handed the sentences of made-up words and gives each a score.
    """
    table = Table(
        "quotes of 10 articles of 25 sentences, p50", "made-up words", "real ones", "peer, same run", "wanted"
    )
    for way, (name, of_made_up, of_real) in enumerate(_ASKED):
        seeds = range(way * _DRAWS, (way + 1) * _DRAWS)  # others for each way: nothing is remembered of the one before
        made_up, real = [_made_up(seed) for seed in seeds], [_real(seed) for seed in seeds]
        ours = [_p50(_quotes(query), draws) for query, draws in ((of_made_up, made_up), (of_real, real))]
        peer = f"rank_bm25 {_p50(_bm25(of_made_up), made_up):.1f} ms" if of_made_up else ""
        table.add_row(name, *(f"{one:.1f} ms" for one in ours), peer, "≤ 10 ms")
    return table


def _made_up(seed: int) -> Articles:
    long_enough = (words for words in Corpus(50, seed).texts() if len(words) >= _SENTENCES * SENTENCE)
    return [
        [
            f"{' '.join(words[start : start + SENTENCE]).capitalize()}."
            for start in range(0, _SENTENCES * SENTENCE, SENTENCE)
        ]
        for words in islice(long_enough, _ARTICLES)
    ]


def _real(seed: int) -> Articles:
    draw, sentences = random.Random(seed), split_sentences(prose_of("en"), "en")
    return [draw.choices(sentences, k=_SENTENCES) for _ in range(_ARTICLES)]


def _quotes(query: str | None) -> Callable[[Articles], object]:
    return lambda articles: quotes([" ".join(sentences) for sentences in articles], query)


def _bm25(query: str) -> Callable[[Articles], object]:
    def scores(articles: Articles) -> object:
        return BM25Okapi([sentence.split() for sentences in articles for sentence in sentences]).get_scores(
            query.split()
        )

    return scores


def _p50(work: Callable[[Articles], object], draws: Sequence[Articles]) -> float:
    """Return the median of the processor's milliseconds: what else the machine does hardly shows in it."""
    work(draws[0])  # loading is not timed
    took = []
    for articles in draws:
        started = time.process_time()
        work(articles)
        took.append((time.process_time() - started) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    from rich.console import Console

    Console(width=120).print(show())
