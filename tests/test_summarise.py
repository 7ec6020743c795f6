"""Which sentences are quoted, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.models import Article
from briefs.quoting.selection import best_quotes, quotes
from briefs.text.analyse import MOST_SENTENCES, analyse
from briefs.text.query import parse_query

COUNCIL = (
    "The city council of Harwick in Essex approved a new bridge over the river Lorne on Monday, by 31 votes to 12."
)
ENGINEER = (
    "The engineer Paul Roy from Lyon designed the bridge of Harwick in 2019, after a competition in which 14 "
    "architects took part."
)
SHOPS = (
    "The shops in the old town of Harwick fear that the works will drive customers away, Ann Moore of the chamber "
    "of commerce told the Harwick Post."
)
BRIDGE = f"""The bridge that never opened
By Ann Lee

{COUNCIL} It will cost 12 million euros. Why so much?
{ENGINEER}
{SHOPS}
Read also: our guide to the river
The bridge will open to pedestrians in May 2027, before cyclists may use it, Mayor John Hill said."""

INGENIEUR = (
    "L'ingénieur lyonnais Paul Roy a dessiné le pont de Lorne en 2019, après un concours auquel 14 architectes de "
    "la région ont participé, selon Ouest-France."
)
COMMERCANTS = (
    "Les commerçants de la vieille ville de Lorne craignent les travaux, qui doivent durer jusqu'en 2028, selon "
    "Ouest-France."
)
PONT = f"""Le conseil municipal de Lorne a approuvé lundi un pont sur la Vire, par 31 voix contre 12. Il coûtera 12 \
millions d'euros.
{INGENIEUR} {COMMERCANTS}"""

SHIZHENGFU = "江城市政府12日宣布，将在汉江上建造一座新桥，预计2027年通车，总投资为1200万欧元。"
GONGCHENGSHI = "据新华社报道，工程师罗伊于2019年为江城设计了这座横跨汉江的新桥。"
QIAO = (
    f"""{SHIZHENGFU}{GONGCHENGSHI}江城市老城区的300家商店担心，新桥施工到2028年才结束，会影响当地的旅游和餐饮生意。"""
)


def texts(found):
    return [quote.text for quote in found]


# ---------------------------------------------------------------- with a query


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (BRIDGE, "Who designed the bridge?", ENGINEER),
        (BRIDGE, "When was it designed?", ENGINEER),
        (BRIDGE, "What do shops fear?", SHOPS),
        (PONT, "Qui a dessine le pont ?", INGENIEUR),
        (PONT, "Que craignent les commercants ?", COMMERCANTS),
        (QIAO, "谁设计了这座桥？", GONGCHENGSHI),
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
    same = [analyse(Article(str(n), "", COUNCIL, language="en")) for n in range(2)]
    query = parse_query("bridge", languages=("en",))
    assert best_quotes(same, query, article_scores=[1.0, 3.0], sentences=1)[0].source == 1


def test_sentences_with_a_word_of_the_query_come_first():
    first = "Few shops of the old town were open on Sunday, the mayor of Lyon said in May 2026."
    second = "The engineers of the Rhone region met in Lyon on Monday to talk of the 14 bridges over the river."
    found = quotes(f"{first} {second}", "engineer")
    assert "engineers" in found[0].text


HARBOUR = """The shipping group Vanta bought the harbour of Lorne in May 2024 for 90 million euros, the town said.
Hotels near the water were full on Sunday, as they are each spring.
It had promised the dockers in 2023, before the sale, that none of the 1,400 would lose a job in Lorne.
Nobody in town expected more.
The harbour of Lorne in Normandy is the oldest one of the whole coast, older than those of Nantes and Brest.
Prices of fish fell again last week.
The group also bought the harbour of Elm for 12 million euros in June."""


def test_what_leans_comes_after_no_other_quote():
    bought, oldest = texts(
        quotes(HARBOUR, "What did the shipping group promise before it bought the harbour?", sentences=9)
    )
    assert bought.startswith("The shipping group Vanta")
    assert "oldest" in oldest
    assert texts(quotes(HARBOUR, "shipping group promised harbour", sentences=9)) == [bought], "it is not sure to stand"


def test_rarity_can_come_from_the_whole_archive():
    text = (
        "The bridge of Harwick is 1,200 metres long, which makes it the longest one in the north of England. The "
        "river Lorne in Normandy is 90 metres wide at Elm, more than any other river in the north of France."
    )
    query = parse_query("bridge river", languages=("en",))
    for rare in ("bridg", "river"):
        found = best_quotes(
            [analyse(Article("a", "", text, language="en"))],
            query,
            sentences=1,
            idf=lambda t, r=rare: 5.0 if t == r else 0.1,
        )
        assert rare in found[0].text.lower()


# ---------------------------------------------------------------- without a query


def test_a_summary_keeps_to_its_words_and_to_the_order_of_the_text():
    found = quotes(BRIDGE, words=30, language="en")
    assert found
    assert sum(len(quote.text.split()) for quote in found) <= 30
    assert [quote.start for quote in found] == sorted(quote.start for quote in found)


def test_the_budget_of_chinese_is_in_characters():
    assert texts(quotes(QIAO, words=50, language="zh")) == [SHIZHENGFU]


def test_a_summary_quotes_whole_statements():
    found = texts(quotes(BRIDGE, words=60, language="en"))
    assert all(text.endswith(".") for text in found)
    assert not any(text.startswith(("It ", "Why ")) for text in found)


def test_nothing_fits_in_no_words():
    assert quotes(BRIDGE, words=1) == []
    assert quotes("", words=10) == []
    assert quotes([], "bridge") == []


def test_a_heading_is_not_quoted_even_when_there_is_nothing_else():
    assert quotes("Bridge opens", sentences=1) == []
    assert quotes("Bridge opens", "bridge", sentences=1) == []
    said = COUNCIL.replace("in Essex", "and Mayor Ann Lee").replace("Monday", "Monday 12 May 2026")
    assert texts(quotes(f"Bridge opens\n\n{said}", sentences=1)) == [said]


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
    comet = "The comet of Halley comes back in 2061, after 75 years, the observatory of Nice said on Monday."
    beginning = "Nothing happened today.\n" * (MOST_SENTENCES - 1)
    assert quotes(beginning + comet, "comet")[0].text == comet
    assert all(comet != quote.text for quote in quotes("Nothing happened.\n" + beginning + comet, "comet"))


def test_what_is_too_long_for_a_sentence_is_not_quoted_and_what_stands_beside_it_is():
    table = "lamp 1931 yes " * 2_000

    lit = "The old lamp in the harbour of Lorne was lit again on Monday, for the first time since 1931, the mayor said."
    assert texts(quotes(f"{table}\n{lit}", "lamp")) == [lit]
    assert quotes(table, "lamp") == []
