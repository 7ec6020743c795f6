"""Which sentences are quoted, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.models import Article
from briefs.summarise import best_quotes, quotes
from briefs.text.analyse import MOST_SENTENCES, analyse
from briefs.text.query import parse_query

BRIDGE = """The bridge that never opened
By Ann Lee

The city council approved a new bridge over the river on Monday. It will cost 12 million euros. Why so much?
The engineer Paul Roy designed the bridge in 2019. Local shops fear that the works will drive customers away.
Read also: our guide to the river
The bridge will open to pedestrians before cyclists may use it, the council said."""

PONT = """Le conseil municipal a approuvé lundi un pont sur la rivière. Il coûtera 12 millions d'euros.
L'ingénieur Paul Roy a dessiné le pont en 2019. Les commerçants craignent les travaux."""

QIAO = """市议会周一批准在河上建一座新桥。工程师罗伊于2019年设计了这座桥。商店担心施工会影响生意。"""


def texts(found):
    return [quote.text for quote in found]


# ---------------------------------------------------------------- with a query


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (BRIDGE, "Who designed the bridge?", "The engineer Paul Roy designed the bridge in 2019."),
        (BRIDGE, "When was it designed?", "The engineer Paul Roy designed the bridge in 2019."),
        (BRIDGE, "What do shops fear?", "Local shops fear that the works will drive customers away."),
        (PONT, "Qui a dessine le pont ?", "L'ingénieur Paul Roy a dessiné le pont en 2019."),
        (PONT, "Que craignent les commercants ?", "Les commerçants craignent les travaux."),
        (QIAO, "谁设计了这座桥？", "工程师罗伊于2019年设计了这座桥。"),
    ],
)
def test_the_first_quote_answers(text, question, answer):
    assert texts(quotes([text], question, sentences=1)) == [answer]


def test_a_single_text_or_article_needs_no_list():
    text = "The council voted to close the bridge on Monday. Repairs will take two years and cost nine million euros."
    article = Article(id="a", title="The bridge closes", text=text, language="en")
    assert quotes(article) == quotes([article])
    assert [quote.text for quote in quotes(text)] == [quote.text for quote in quotes([text])]


def test_a_question_how_many_prefers_a_number():
    assert "12 million" in quotes(BRIDGE, "How much will the bridge cost?", sentences=1)[0].text


def test_reasons_add_up_to_the_score():
    for quote in quotes([BRIDGE, PONT], "bridge designed by Paul Roy", sentences=5):
        parts = [*quote.reasons.terms.values(), *quote.reasons.parts.values()]
        assert sum(parts) == pytest.approx(quote.score)
    best = quotes(BRIDGE, "engineer", sentences=1)[0]
    assert list(best.reasons.terms) == ["engineer"]


def test_headings_bylines_and_teasers_are_the_last_choice():
    found = texts(quotes(BRIDGE, "Ann Lee bridge river", sentences=3))
    assert not {"The bridge that never opened", "By Ann Lee", "Read also: our guide to the river"} & set(found)


def test_a_good_article_lifts_its_sentences():
    same = [analyse(Article(str(n), "", "The bridge opened.", language="en")) for n in range(2)]
    query = parse_query("bridge", languages=("en",))
    assert best_quotes(same, query, article_scores=[1.0, 3.0], sentences=1)[0].source == 1


def test_sentences_with_a_word_of_the_query_come_first():
    found = quotes("No. Shops are few. The engineers of the whole region met to talk of many other things.", "engineer")
    assert "engineers" in found[0].text


HARBOUR = """The shipping group Vanta bought the harbour of Lorne in May.
Hotels near the water were full on Sunday, as they are each spring.
It had promised the dockers before the sale that nobody would lose a job.
Nobody in town expected more.
The harbour of Lorne is the oldest one of the whole coast.
Prices of fish fell again last week.
He also bought a harbour, with a shipping group."""


def test_what_leans_is_quoted_for_what_only_it_says_of_a_question():
    found = texts(quotes(HARBOUR, "What did the shipping group promise before it bought the harbour?", sentences=9))
    bought, promised, oldest, also = found
    assert "promised" in promised, "no quote above has that word"
    assert "oldest" in oldest
    assert "He also" in also, "it scores more, but leans, and repeats the words of the first"
    looked_up = texts(quotes(HARBOUR, "shipping group promised harbour", sentences=9))
    assert looked_up == [bought, oldest], "words alone ask nothing: what is shown stands alone"


def test_rarity_can_come_from_the_whole_archive():
    text = "The bridge is long. The river is wide."
    query = parse_query("bridge river", languages=("en",))
    for rare in ("bridg", "river"):
        found = best_quotes(
            [analyse(Article("a", "", text, language="en"))],
            query,
            sentences=1,
            idf=lambda t, r=rare: 5.0 if t == r else 0.1,
        )
        assert rare in found[0].text


# ---------------------------------------------------------------- without a query


def test_a_summary_keeps_to_its_words_and_to_the_order_of_the_text():
    found = quotes(BRIDGE, words=30, language="en")
    assert found
    assert sum(len(quote.text.split()) for quote in found) <= 30
    assert [quote.start for quote in found] == sorted(quote.start for quote in found)


def test_the_budget_of_chinese_is_in_characters():
    assert texts(quotes(QIAO, words=16, language="zh")) == ["市议会周一批准在河上建一座新桥。"]


def test_a_summary_quotes_whole_statements():
    found = texts(quotes(BRIDGE, words=60, language="en"))
    assert all(text.endswith(".") for text in found)
    assert not any(text.startswith(("It ", "Why ")) for text in found)


def test_nothing_fits_in_no_words():
    assert quotes(BRIDGE, words=1) == []
    assert quotes("", words=10) == []
    assert quotes([], "bridge") == []


def test_a_heading_is_quoted_when_there_is_nothing_else():
    assert texts(quotes("Bridge opens", sentences=1)) == ["Bridge opens"]


# ---------------------------------------------------------------- promises


@settings(deadline=None)  # the first call loads the dictionary
@given(
    st.lists(st.text(alphabet=st.one_of(st.sampled_from("ab .!?\n。腾讯é"), st.characters())), max_size=3),
    st.sampled_from((None, "ab 腾讯", "when é")),
    st.sampled_from((None, 1, 2)),
    st.sampled_from((None, 5, 40)),
)
def test_quotes_are_verbatim_and_within_the_budget(given_texts, query, sentences, words):
    found = quotes(given_texts, query, sentences=sentences, words=words)
    assert all(given_texts[q.source][q.start : q.end] == q.text for q in found)
    assert sentences is None or len(found) <= sentences
    if words is not None:
        assert sum(len(q.text.split()) for q in found) <= words


def test_a_text_without_end_is_quoted_from_its_beginning():
    comet = "The comet comes back in 2061."
    beginning = "Nothing happened today.\n" * (MOST_SENTENCES - 1)
    assert quotes(beginning + comet, "comet")[0].text == comet
    assert all(comet != quote.text for quote in quotes("Nothing happened.\n" + beginning + comet, "comet"))


def test_what_is_too_long_for_a_sentence_is_not_quoted_and_what_stands_beside_it_is():
    table = "lamp 1931 yes " * 2_000

    assert [quote.text for quote in quotes(f"{table}\nThe lamp was lit again.", "lamp")] == ["The lamp was lit again."]
    assert quotes(table, "lamp") == []
