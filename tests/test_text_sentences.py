"""Where sentences end, and where they do not."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.text.sentences import sentence_spans, split_sentences

PUNCTUATION = "aAI1 .!?…\n。“”\"'«»()é-\u3000中.،•\ud800😀"


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. Ma met Prof. O. Klein in Mt. Vernon.", "They talked."]),
        ("en", ["Alibaba Group Ltd. rose by 3.5 percent in the U.S. market.", "It fell later."]),
        ("en", ["“We will open it. All of it,” she said.", "Nobody spoke."]),
        ("en", ["He asked: “Why?” and left.", "Then came 2021."]),
        ("en", ["Paul P. Roy and S. Lee signed.", "Nobody else did."]),
        ("en", ["They met at the G20.", "Ann read No. 10.", "Nobody saw item 3."]),
        ("en", ["It is up to me.", "Peter sat.", "Ann went on.", "They lay in the sun.", "Birds sang."]),
        ("en", ["It opened on Sat. Sept. 4, On. Rossi and MR. LEE said."]),
        ("fr", ["M. Ma a vu Mme Li à 9 h.", "« Tout ira bien. Attendez », dit-elle."]),
        ("fr", ["Il vend des fruits, etc.", "On verra bien !", "Qui sait ?"]),
        ("zh", ["腾讯开放了外部链接。", "2021年9月17日起生效！", "“我们欢迎。请放心。”"]),
        ("de", ["Am 3. Oktober sprach Dr. Weiß z.B. über Tencent.", "Danach war Ruhe."]),
    ],
)
def test_sentences_of_a_line(language, sentences):
    blank = "" if language == "zh" else " "
    assert split_sentences(blank.join(sentences), language) == sentences


def test_a_line_of_its_own_is_glued_to_nothing():
    text = "A bridge opens\nBy Ann Lee\n\nThe bridge opened on Monday\n- first item\n- second item\n"
    assert split_sentences(text, "en") == [line for line in text.split("\n") if line]


def test_an_indented_chinese_paragraph_is_glued_to_nothing_where_its_line_was_lost():
    assert split_sentences("日报记者 张三摄　　活动周一启动。　　此后下了雨。", "zh") == [
        "日报记者 张三摄",
        "活动周一启动。",
        "此后下了雨。",
    ]


def test_a_bracket_is_closed_by_the_sentence_in_it():
    assert split_sentences("【编者按：水田是聚宝盆。】稻虾共作是新模式。", "zh") == [
        "【编者按：水田是聚宝盆。】",
        "稻虾共作是新模式。",
    ]


def test_items_on_one_line_are_apart():
    assert split_sentences("1. Buy milk 2. Buy bread", "en") == ["1. Buy milk", "2. Buy bread"]
    assert split_sentences("• Arts : un oral • Droit : un écrit", "fr") == ["• Arts : un oral", "• Droit : un écrit"]


def test_a_missing_blank_does_not_glue_sentences():
    assert split_sentences("Il arrive le 9 février.Le bilan est lourd.", "fr") == [
        "Il arrive le 9 février.",
        "Le bilan est lourd.",
    ]
    assert split_sentences("Write to Jane.Doe@example.com or see www.Example.com today.", "en") == [
        "Write to Jane.Doe@example.com or see www.Example.com today."
    ]


@given(st.text(alphabet=st.one_of(st.sampled_from(PUNCTUATION), st.characters())), st.sampled_from(("en", "fr", "zh")))
def test_sentences_are_verbatim_in_order_and_leave_out_only_white_space(text, language):
    spans = [*sentence_spans(text, language)]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@pytest.mark.parametrize(
    "piece",
    [
        "Mr. ",
        "A. ",
        "a! ",
        "ab.Cd",
        "• a ",
        "a\n",
        ". . . a ",
        "。",
        "a. ",
        "Hello there! ",
        "“我",
        ". ",
        "(a ",
        'a"',
        " ",
        "1. a ",
    ],
)
def test_a_line_of_a_million_characters_is_split(piece):
    """A step that is quadratic would take hours, and the time limit of every test would end it."""
    line = piece * (1_000_000 // len(piece))
    spans = [*sentence_spans(line, "en")]
    assert sum(len("".join(line[s.start : s.end].split())) for s in spans) == len("".join(line.split()))
