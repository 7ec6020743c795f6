"""How new a sentence is to somebody who has been told others."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.quoting.novelty import NEW, novelty
from tests.conftest import kit_folder

TOLD = [
    "Tencent opened WeChat to outside links on Friday.",
    "The storm left 5,000 homes without power in the north.",
    "The ministry set a deadline of one week.",
]


def new(sentence: str, told: list[str] = TOLD, language: str = "en") -> float:
    return novelty([sentence], told, language)[0]


def test_nothing_told_makes_everything_new():
    assert novelty(["One.", "Two."], [], "en") == [1.0, 1.0]


@pytest.mark.parametrize(
    "sentence",
    [
        TOLD[0],
        "On Friday, Tencent opened WeChat to links from outside.",
        "The ministry’s deadline was set: one week.",
    ],
)
def test_what_was_told_is_not_new_in_other_words(sentence):
    assert new(sentence) < NEW


def test_another_event_of_the_same_company_is_new():
    assert new("Tencent reported a fall in quarterly revenue.") > NEW


def test_a_summary_of_two_neighbours_is_less_new_than_of_strangers():
    joined = ["The rig exploded off Louisiana.", "Eleven workers are missing."]
    apart = [joined[0], "Shares fell in London.", "Markets opened late.", joined[1]]
    sentence = "Eleven workers are missing after the rig exploded off Louisiana."
    assert new(sentence, joined) < new(sentence, apart)


@pytest.mark.parametrize(
    ("told", "again", "changed", "language"),
    [
        (TOLD[1], TOLD[1].replace("5,000", "5 000"), TOLD[1].replace("5,000", "20,000"), "en"),
        ("La tempête a privé 5 000 foyers de courant.",) * 2 + ("La tempête a privé 20 000 foyers de courant.", "fr"),
        ("风暴导致5000户停电。", "风暴导致5000户停电。", "风暴导致20000户停电。", "zh"),
    ],
)
def test_a_changed_figure_is_news(told, again, changed, language):
    assert new(again, [told], language) < NEW <= new(changed, [told], language)


def test_a_sentence_without_words_is_no_news():
    assert new("…") == 0.0


@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.text(max_size=40), max_size=5))
def test_every_sentence_gets_a_figure_between_0_and_1(sentences, told):
    figures = novelty(sentences, told, "en")
    assert len(figures) == len(sentences)
    assert all(0 <= figure <= 1 for figure in figures)


@given(st.lists(st.sampled_from(["alpha beta gamma", "delta epsilon", "beta zeta", "42 theta"]), min_size=1))
def test_told_to_the_letter_is_never_new(told):
    assert all(figure < 0.01 for figure in novelty(told, told, "en"))


def test_updates_are_told_from_background():
    """Over real timelines: the mean novelty of updates and of retold background lie far apart."""
    path = kit_folder("quality") / "data" / "novelty.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:40]
    timeline = [row for row in rows if (row["event"], row["annotator"]) == (rows[0]["event"], rows[0]["annotator"])]
    told: list[str] = []
    fresh: list[float] = []
    retold: list[float] = []
    for row in sorted(timeline, key=lambda row: row["step"]):
        if told:
            fresh += novelty(row["update"], told, "en")
            retold += novelty(row["background"], told, "en")
        told += row["update"]
    assert sum(fresh) / len(fresh) > NEW + 0.15 > sum(retold) / len(retold) + 0.2
