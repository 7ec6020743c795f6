"""What strangers may send instead of text: nothing raises, and whatever is said of it is still true of it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs import Article, detect_language, extract, quotes
from briefs.ingest.clean import clean
from briefs.languages import SERVED
from briefs.text.analyse import analyse
from briefs.text.sentences import sentence_spans, split_sentences
from briefs.text.terms import terms

ANY = st.text(alphabet=st.characters(), max_size=60)  # lone surrogates and unassigned characters too

TEXTS = [
    "",
    " ",
    "\n",
    "a",
    "。",
    "\x00",
    "\x00a\x00. B\x00.",
    "\ud800",
    "\udfff. \ud800 A.",
    "\u0378\U000e0fff. \uffff",
    "e" + "\u0301" * 5000 + ". A",
    "\u202e\u200d\u2066a. B\u2069",
    "\u1100\u1161\u11a8" * 50,
    "ﷺ" * 100,
]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_raises_on_a_text_that_is_none(text):
    assert detect_language(text) in {*SERVED, "und"}
    assert all(sentence in text for sentence in split_sentences(text))
    assert all(quote.text in text for quote in quotes(text, "a", sentences=2))
    assert all(quote.text in text for quote in quotes(text, words=10))
    assert analyse(Article("1", text, text)).article.text == text
    assert extract(text.encode("utf-8", "surrogatepass")).language is None or text
    clean(text)
    for language in SERVED:
        terms(text, language)


@given(ANY, st.sampled_from((None, "und", "xx", *SERVED)))
def test_sentences_are_verbatim_in_order_and_cover_the_text_in_every_language(text, language):
    spans = [*sentence_spans(text, language)]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert [text[s.start : s.end] for s in spans] == split_sentences(text, language)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@given(ANY, st.one_of(st.none(), ANY), st.sampled_from((None, *SERVED)))
def test_quotes_are_verbatim_and_know_where_they_stand(text, query, language):
    asked = f"a {query}" if query is not None else None
    for quote in quotes(text, asked, sentences=3, language=language):
        assert text[quote.start : quote.end] == quote.text


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(page):
    assert isinstance(extract(page).text, str)


def test_a_page_of_a_million_tags_gives_the_text_it_begins_with():
    """All of them would take a minute, and the time limit of every test would end it."""
    story = (
        "<p>The keeper of the light says that the lamp will be lit again on Sunday, after eleven years in the dark.</p>"
    )
    page = f"<html><body><article>{5 * story}</article>" + "<i>a</i>" * 600_000
    assert "the lamp will be lit again" in extract(page.encode()).text
