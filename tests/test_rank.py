"""Order: BM25 with the statistics of the whole archive, and reasons that add up."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from rank_bm25 import BM25Okapi

from briefs.search.bm25 import Statistics, Weights
from briefs.search.rank import DAY_MS, rank
from briefs.text.aliases import Aliases
from briefs.text.packed import TITLE, Candidate, length_of, pack
from briefs.text.query import parse_query

PLAIN = Weights(pieces=0.0, near=0.0, related=0.0)


def document(row, body, title="", language="en", seen_at=0, published_at=None):
    body, title = body.split(), title.split()
    length = len(body) + TITLE * len(title)
    return Candidate(row, language, published_at, seen_at, pack(title), pack(body), length)


def statistics(documents):
    def frequencies(many):
        return {terms: sum(one.count(pack(terms)) > 0 for one in documents) for terms in many}

    return Statistics(len(documents), sum(one.length for one in documents), frequencies)


def order(text, documents, weights=PLAIN, **options):
    query = parse_query(text, languages=["en"])
    return [one.candidate.row for one in rank(query, documents, statistics(documents), weights=weights, **options)]


FILLER = [document(n, "market report of the day") for n in range(100, 120)]


def test_a_rare_word_tells_more_than_a_common_one():
    documents = [document(1, "market market market"), document(2, "tencent links today"), *FILLER]
    assert order("tencent market", documents)[0] == 2


def test_a_word_in_the_title_counts_more():
    documents = [document(1, "tencent a b c d e"), document(2, "a b c", title="tencent"), *FILLER]
    assert order("tencent", documents) == [2, 1]


def test_documents_without_a_word_of_the_query_are_left_out():
    assert order("tencent", FILLER) == []
    assert order("tencent", []) == []


def test_a_document_alone_and_a_word_in_every_document_score_above_nothing():
    (alone,) = rank(
        parse_query("tencent", languages=["en"]),
        [document(1, "tencent")],
        statistics([document(1, "tencent")]),
    )
    assert alone.score > 0
    assert len(order("market", FILLER)) == len(FILLER)


def test_names_of_one_thing_count_as_one_word():
    query = parse_query("Tencent", languages=["en"], aliases=Aliases([["Tencent", "Tengxun"]]))
    documents = [document(1, "tencent tencent"), document(2, "tencent tengxun"), *FILLER]
    first, second = rank(query, documents, statistics(documents), weights=PLAIN)
    assert first.score == pytest.approx(second.score)
    assert list(first.reasons.terms) == ["Tencent"]


def test_reasons_add_up_to_the_score():
    documents = [
        document(1, "tencent opens links to alibaba", language="fr", seen_at=DAY_MS),
        document(2, "tencent links tencent alibaba market", title="tencent"),
        *FILLER,
    ]
    for one in rank(
        parse_query("tencent links market", languages=["en"]), documents, statistics(documents), now_ms=DAY_MS
    ):
        assert sum(one.reasons.terms.values()) + sum(one.reasons.parts.values()) == pytest.approx(one.score)


def test_an_article_is_as_long_as_what_it_says():
    assert length_of(["tencent"], ["tencent", "open", "the", "link", "of", "the", "day"], "en") == TITLE + 4
    assert length_of([], ["the", "link"], None) == 2


def test_the_newer_of_two_equals_comes_first_and_recency_is_bounded():
    old = document(1, "tencent links", published_at=0)
    new = document(2, "tencent links", seen_at=100 * DAY_MS, published_at=100 * DAY_MS)
    better = document(3, "tencent tencent links links")
    documents = [old, new, *FILLER]
    assert order("tencent links", documents, now_ms=100 * DAY_MS) == [2, 1]
    assert order("tencent links", documents) == [1, 2]
    ranked = rank(
        parse_query("tencent links", languages=["en"]),
        [better, *documents],
        statistics([better, *documents]),
        now_ms=100 * DAY_MS,
        weights=PLAIN,
    )
    assert max(one.reasons.parts.get("recency", 0) for one in ranked) <= PLAIN.recency * ranked[0].score


def test_an_article_without_a_date_is_not_taken_for_new():
    dated = document(1, "tencent", seen_at=10 * DAY_MS, published_at=10 * DAY_MS)
    dateless = document(2, "tencent", seen_at=10 * DAY_MS)
    assert order("tencent", [dateless, dated], now_ms=10 * DAY_MS) == [1, 2]


def test_a_date_in_the_future_makes_nothing_newer():
    honest = document(1, "tencent", seen_at=10 * DAY_MS, published_at=10 * DAY_MS)
    boastful = document(2, "tencent", seen_at=10 * DAY_MS, published_at=99 * DAY_MS)
    ranked = rank(
        parse_query("tencent", languages=["en"]), [honest, boastful], statistics([honest, boastful]), now_ms=10 * DAY_MS
    )
    assert ranked[0].score == pytest.approx(ranked[1].score)


def test_candidates_come_in_the_order_that_bm25_over_the_whole_archive_gives():
    draw = random.Random(5)
    vocabulary = [f"w{n}" for n in range(400)]
    weights = [1 / (n + 1) for n in range(400)]
    bodies = [draw.choices(vocabulary, weights, k=60) for _ in range(1_000)]
    everything = [document(n, " ".join(body)) for n, body in enumerate(bodies)]
    whole = BM25Okapi(bodies, k1=PLAIN.k1, b=PLAIN.b)
    agreements = []
    for _ in range(20):
        words = draw.sample(vocabulary[20:], 3)
        scores = whole.get_scores(words)
        exact = sorted(range(len(bodies)), key=lambda n: -scores[n])
        some = [everything[n] for n in exact[:200]]
        query = parse_query(" ".join(words), languages=["en"])
        ranked = rank(query, some, statistics(everything), weights=PLAIN)
        agreements.append(len({one.candidate.row for one in ranked[:10]} & set(exact[:10])) / 10)
    assert sum(agreements) / len(agreements) >= 0.95


def test_a_word_inside_another_speaks_for_an_article():
    documents = [document(1, "tencent a b c d"), document(2, "tencent biomateri b c d"), *FILLER]
    query = "tencent material"
    assert order(query, documents, weights=PLAIN) == [1, 2]
    assert order(query, documents, weights=replace(PLAIN, pieces=0.1)) == [2, 1]


def test_what_nearly_all_articles_have_is_no_piece_of_a_word():
    documents = [document(n, "tencent transportation") for n in range(4)]
    ranked = rank(
        parse_query("tencent station", languages=["en"]),
        documents,
        statistics(documents),
        weights=replace(PLAIN, pieces=0.1),
    )
    assert [one.reasons.parts["pieces"] for one in ranked if "pieces" in one.reasons.parts] == []


def test_neighbours_of_the_query_count_more_near_each_other():
    between = " ".join(f"x{n}" for n in range(PLAIN.window))
    documents = [document(1, f"interest {between} rate"), document(2, f"rate interest {between}"), *FILLER]
    assert order("interest rates", documents, weights=PLAIN) == [1, 2]
    assert order("interest rates", documents, weights=replace(PLAIN, near=0.1)) == [2, 1]


def test_words_of_a_title_and_of_its_text_are_not_near_each_other():
    documents = [document(1, "rate of x y", title="interest"), *FILLER]
    query = parse_query("interest rates", languages=["en"])
    (one,) = rank(query, documents, statistics(documents), weights=replace(PLAIN, near=0.1))
    assert "near" not in one.reasons.parts


def test_a_name_of_several_words_is_near_what_stands_beside_it():
    query = parse_query("Alibaba launches", languages=["en"], aliases=Aliases([["Alibaba", "Ali Baba Group"]]))
    documents = [document(1, "ali baba group launch"), *FILLER]
    (one,) = rank(query, documents, statistics(documents), weights=replace(PLAIN, near=0.1))
    assert one.reasons.parts["near"] > 0


def test_pieces_of_one_chinese_run_are_not_near_each_other():
    documents = [document(1, "特 特斯 斯 斯拉 拉", language="zh"), *FILLER]
    query = parse_query("特斯拉", languages=["zh"])
    (one,) = rank(query, documents, statistics(documents), weights=replace(PLAIN, near=0.1))
    assert "near" not in one.reasons.parts
