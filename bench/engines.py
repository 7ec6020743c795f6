"""The engines that look things up: ours, and the peers that are installed. Each answers with article numbers."""

from __future__ import annotations

import copy
import importlib.util
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.corpus import Corpus, vocabulary
from briefs.archive import Archive
from briefs.index import index_of
from briefs.index.port import SearchIndex
from briefs.index.within import Within
from briefs.search.bm25 import WEIGHTS, Statistics, Weights
from briefs.search.rank import rank
from briefs.text.query import parse_query

TOP = 10
LUCENE, STOCK = "rank_bm25, Lucene's idf", "rank_bm25, as it comes"
Search = Callable[[list[str]], list[int]]


def ours(archive: Archive) -> Search:
    """`Archive.search` with everything on."""

    def search(words: list[str]) -> list[int]:
        return [int(hit.article.id[1:]) for hit in archive.search(" ".join(words), TOP, recency=False)]

    return search


def ours_plain(archive: Archive, index: SearchIndex | None = None) -> Search:
    """Our candidates, with BM25 and nothing else on top: what is compared with exact BM25. index: another one."""
    index = index or index_of(archive.database.shared)
    weights = Weights(pieces=0.0, near=0.0, related=0.0)

    def search(words: list[str]) -> list[int]:
        query = parse_query(" ".join(words), languages=["en"])
        with archive.database.read() as connection:
            finder, lexicon = index.on(connection)
            statistics = Statistics(
                lexicon.totals.articles,
                lexicon.totals.terms,
                lambda many: {terms: one.articles for terms, one in lexicon.frequencies(many).items()},
            )
            candidates = finder.candidates([tuple(word.alternatives) for word in query.content], Within())
        return [one.candidate.row - 1 for one in rank(query, candidates, statistics, weights=weights)[:TOP]]

    return search


def fts5(path: Path) -> Search:
    """SQLite's FTS5 alone: all words, its own bm25()."""
    connection = sqlite3.connect(path)
    statement = "SELECT rowid FROM article_index WHERE article_index MATCH ? ORDER BY bm25(article_index) LIMIT ?"

    def search(words: list[str]) -> list[int]:
        return [row - 1 for (row,) in connection.execute(statement, (" OR ".join(words), TOP))]

    return search


def rank_bm25(corpus: Corpus) -> dict[str, Search]:
    """rank_bm25 over the whole archive in memory, with our parameters: the top ten with all ties.

    Twice: with Lucene's idf, as ours and as the other peers have it, and as it comes. Its own idf gives a word in more
    than half of the articles a quarter of the mean idf, which is more than many a rarer word has.
    """
    import numpy as np
    from rank_bm25 import BM25Okapi

    stock = BM25Okapi(corpus.texts(), k1=WEIGHTS.k1, b=WEIGHTS.b)
    frequencies = Counter(word for document in stock.doc_freqs for word in document)
    whole = Statistics(stock.corpus_size, 0, lambda many: {terms: frequencies[terms[0]] for terms in many})
    exact = copy.copy(stock)
    exact.idf = {word: whole.idf(count) for word, count in frequencies.items()}

    def search(index: BM25Okapi, words: list[str]) -> list[int]:
        scores = index.get_scores(words)
        tenth = np.partition(scores, -TOP)[-TOP]
        return [int(n) for n in np.flatnonzero(scores >= tenth - 1e-9)]

    return {LUCENE: partial(search, exact), STOCK: partial(search, stock)}


def exact_bm25(corpus: Corpus, queries: Sequence[list[str]]) -> Search:
    """Exact BM25 with Lucene's idf, as `rank_bm25` has it, for these queries alone: a million articles take no memory.

    Of each text only the words that are asked for are counted. The top ten come with all ties.
    """
    import numpy as np

    asked, lengths = {word for query in queries for word in query}, array("d")
    counts: dict[str, tuple[array[int], array[float]]] = {word: (array("l"), array("d")) for word in asked}
    for number, words in enumerate(corpus.texts()):
        lengths.append(len(words))
        for word, times in Counter(one for one in words if one in asked).items():
            counts[word][0].append(number)
            counts[word][1].append(times)
    whole = Statistics(len(lengths), 0, lambda many: {terms: len(counts[terms[0]][0]) for terms in many})
    sizes = np.array(lengths)
    damped = WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * sizes / sizes.mean())

    def search(words: list[str]) -> list[int]:
        scores = np.zeros(len(sizes))
        for word in words:
            numbers, times = np.array(counts[word][0], dtype=int), np.array(counts[word][1])
            scores[numbers] += whole.idf(len(numbers)) * times * (WEIGHTS.k1 + 1) / (times + damped[numbers])
        tenth = np.partition(scores, -TOP)[-TOP]
        return [int(n) for n in np.flatnonzero(scores >= tenth - 1e-9)]

    return search


def tantivy(corpus: Corpus) -> dict[str, Search]:
    """Tantivy in memory, where it is installed."""
    if importlib.util.find_spec("tantivy") is None:
        return {}
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("body", tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer(128_000_000, 1)
    for number, words in enumerate(corpus.texts()):
        writer.add_document(tantivy.Document(number=number, body=" ".join(words)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(words: list[str]) -> list[int]:
        hits = searcher.search(index.parse_query(" OR ".join(words), ["body"]), TOP).hits
        return [searcher.doc(address)["number"][0] for _, address in hits]

    return {"tantivy": search}


def bm25s(corpus: Corpus) -> dict[str, Search]:
    """bm25s in memory, where it is installed."""
    if importlib.util.find_spec("bm25s") is None:
        return {}
    import bm25s  # type: ignore[import-untyped]

    index = bm25s.BM25(k1=WEIGHTS.k1, b=WEIGHTS.b)
    # As numbers, which take a sixth of what lists of words do.
    numbers = [array("i", ranks.tolist()) for ranks in corpus.ranks()]
    words = {word: rank for rank, word in enumerate(vocabulary())}
    index.index(bm25s.tokenization.Tokenized(numbers, words), show_progress=False)

    def search(words: list[str]) -> list[int]:
        found, _ = index.retrieve([words], k=TOP, show_progress=False)
        return [int(n) for n in found[0]]

    return {"bm25s": search}
