"""How a sentence reads by itself: what stands, what leans on the sentence before it, and what is no quote at all."""

from __future__ import annotations

import json
import lzma
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.quoting.passages import STANDS
from briefs.quoting.selection import quotes
from briefs.quoting.standalone import Standing, standing
from tests.conftest import ROOT

JUDGED = ROOT / "tests" / "data" / "judged_sentences.jsonl.xz"
TITLES = {"en": "Harwick opens its new bridge", "fr": "Lorne ouvre son nouveau pont", "zh": "江城新桥通车"}
ENGINEER = (
    "The engineer Paul Roy designed the bridge of Harwick in 2019, after a competition in which 14 architects took "
    "part."
)


def reads(sentence: str, language: str) -> Standing:
    """How a sentence from the middle of an article reads, under the article's title."""
    return standing(sentence, language, TITLES[language], 3)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", ENGINEER),
        (
            "en",
            "The harbour of Lorne in Normandy is the oldest one of the coast, older than those of Nantes and Brest.",
        ),
        (
            "fr",
            "Les commerçants de la vieille ville de Lorne craignent que les travaux du pont fassent fuir leurs clients "
            "jusqu'en 2028.",
        ),
        (
            "fr",
            "L'ingénieur lyonnais Paul Roy a dessiné le pont de Lorne en 2019, après un concours auquel 14 architectes "
            "de la région ont participé.",
        ),
        ("zh", "江城市政府12日宣布，将在汉江上建造一座新桥，预计2027年通车，总投资为1200万欧元。"),
        ("zh", "据新华社报道，腾讯公司将于9月17日向阿里巴巴开放微信链接，首批覆盖北京、上海和深圳3个城市。"),
    ],
)
def test_a_sentence_that_says_who_did_what_is_likely_to_stand(language, sentence):
    assert reads(sentence, language).good > 2 / 3


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It will cost 12 million euros."),
        ("en", "He also designed the bridge of Harwick in 2019, after a competition in which 14 architects took part."),
        ("en", "However, they refused to pay for it."),
        ("fr", "Il coûtera 12 millions d'euros à la ville."),
        ("fr", "La veille, ils avaient refusé de payer."),
        ("zh", "他还在2019年设计了这座桥。"),
        ("zh", "这将耗资1200万欧元。"),
        ("zh", "其中有14名建筑师。"),
    ],
)
def test_a_sentence_that_points_back_leans(language, sentence):
    read = reads(sentence, language)
    assert read.leans > read.good
    assert read.good < STANDS


NO_QUOTES = {
    "caption": [
        ("en", "The bridge of Harwick in May 2019 (Ann Lee/Reuters)"),
        ("fr", "Photo : Ann Lee / AFP"),
        ("zh", "图为江城新桥。"),
    ],
    "heading": [("en", "Our guide to the river"), ("fr", "Notre guide de la rivière"), ("zh", "江城旅游指南")],
    "item of a list": [("en", "• 14 architects"), ("fr", "- 14 architectes"), ("en", "- Bring a coat and an umbrella")],
    "exclamation": [("en", "What a bridge!"), ("fr", "Quel pont !"), ("zh", "太美了！")],
    "of the page": [
        ("en", "By Ann Lee"),
        ("en", "Updated on 12 May 2026 at 14:05"),
        ("en", "Read also: our guide to the river"),
        ("fr", "Mis à jour le 12 mai 2026 à 14h05"),
        ("fr", "Abonnez-vous à notre lettre pour lire la suite."),
        ("zh", "责任编辑：王小明"),
        ("zh", "扫描二维码关注我们"),
    ],
}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [pytest.param(*one, id=f"{kind}, {one[0]}") for kind, cases in NO_QUOTES.items() for one in cases],
)
def test_what_is_no_sentence_or_tells_nobody_anything_is_neither(language, sentence):
    read = reads(sentence, language)
    assert read.good < STANDS / 2
    assert read.leans < 0.5


def test_what_opens_a_text_reads_better_than_the_same_words_far_down():
    bare = "Officials opened the bridge on Monday."
    assert standing(bare, "en", "", 0).leans < standing(bare, "en", "", 9).leans


# ---------------------------------------------------------------- the shipped weights


def test_the_weights_tell_what_readers_call_good_from_the_rest():
    """These are the sentences that the weights were learned from; the build prints the figure for unseen documents."""
    with lzma.open(JUDGED, "rt", encoding="utf-8") as lines:
        judged = [json.loads(line) for line in lines]
    assert len(judged) >= 5_700
    for language in ("en", "fr", "zh"):
        found = [
            (standing(one["text"], language, one["title"], one["place"]).good, one["verdict"] == "good")
            for one in judged
            if one["language"] == language
        ]
        assert area_under_the_curve(found) >= 0.85


def area_under_the_curve(found: list[tuple[float, bool]]) -> float:
    """How often what is good has a higher chance than what is not; half, where they have the same."""
    below, won = 0, 0.0
    for _, equals in groupby(sorted(found), key=lambda one: one[0]):
        verdicts = [good for _, good in equals]
        bad = verdicts.count(False)
        won += verdicts.count(True) * (below + bad / 2)
        below += bad
    good = len(found) - below
    return won / (good * below)


@given(
    st.text(st.one_of(st.sampled_from("aZ 1.!?“\"(|\n。他腾讯é'\ud800"), st.characters()), min_size=1, max_size=200),
    st.sampled_from(["en", "fr", "zh", "ja", "de", "und", "xx", ""]),
    st.text(max_size=40),
    st.integers(0, 10_000),
)
def test_the_chances_of_any_text_in_any_language_add_up_to_at_most_one(sentence, language, title, place):
    read = standing(sentence, language, title, place)
    assert 0 <= read.good <= 1
    assert 0 <= read.leans <= 1
    assert read.good + read.leans <= 1 + 1e-9


# ---------------------------------------------------------------- what is made of it


LEANING = (
    f"{ENGINEER} He also built a tower of the bridge. The mayor praised the bridge.\n"
    "It was snowing on the bridge. Shops near the bridge opened on Monday after a long winter."
)


def test_a_further_quote_of_a_look_up_leans_on_nothing_unseen():
    found = [quote.text for quote in quotes(LEANING, "bridge engineer", sentences=5, language="en")]
    assert found[0].startswith("The engineer")
    assert not any(text.startswith(("He also", "It was snowing")) for text in found)


def test_a_sentence_that_leans_brings_along_the_one_before():
    text = f"{ENGINEER} He built it in 1901 with 9,000 stones of the old wall."
    (found,) = quotes(text, "stones wall", sentences=1, language="en")
    assert found.text == text


TOWNS = "from Nantes, Brest and Lyon in France, Leeds, York and Bath in England and Oslo and Bergen in Norway "


@pytest.mark.parametrize(
    ("query", "towns", "between", "quoted"),
    [
        ("stones", "", " ", ["The engineer"]),
        ("stones", "", "\n", []),
        ("stones", TOWNS, " ", ["The engineer"]),
        ("Who needed stones?", "", " ", ["The engineer"]),
        ("Who needed stones?", TOWNS, " ", ["He built"]),  # an answer is short, and better than none
    ],
)
def test_what_comes_along_stays_short_and_in_its_paragraph(query, towns, between, quoted):
    before = ENGINEER.replace("took part", f"{towns}took part")
    found = quotes(f"{before}{between}He built it in 1901 with 9,000 stones of the old wall.", query, language="en")
    assert [" ".join(quote.text.split()[:2]) for quote in found] == quoted


def test_words_to_look_up_take_a_sentence_that_stands_alone():
    stands = "More than 12,000 visitors from France and Spain admired the tower bridge of Harwick in May 2024."
    text = f"Paul Roy built it in 1901.\nHe also built the tower bridge. {stands}"
    assert [quote.text for quote in quotes(text, "tower bridge", language="en")] == [stands]


def test_where_no_sentence_stands_nothing_is_quoted():
    assert quotes("He built it in 1901. However, it fell. What a bridge!", language="en") == []
    assert quotes("He built the bridge in 1901. What a bridge!", "bridge", language="en") == []
