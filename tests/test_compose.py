"""A brief is put together: the best sentence leads, one event is one story, and what is missing is said."""

from __future__ import annotations

from briefs.compose import LEAST_SHARE, QUOTES, answering, notice, top_stories
from briefs.leads import FAR_LOWER, leading
from briefs.models import Article, Notice, Reasons, Story
from briefs.rank import Ranked
from briefs.text.analyse import analyse
from briefs.text.packed import Candidate
from briefs.text.query import parse_query


def article(name, text, title=""):
    return analyse(Article(name, title, text, "en"))


def ranked(score, found=(0,), share=1.0):
    return Ranked(Candidate(1, "en", None, 0, "", "", 1), score, Reasons(), frozenset(found), share)


def apart(articles):
    return [Story((one,)) for one in articles]


def together(articles):
    return [Story(tuple(articles))]


def tell(query, *found, group=apart, limit=5):
    grouped = group(analysed.article for _, analysed in found)
    return top_stories(parse_query(query, languages=["en"]), found, grouped, idf=lambda term: 2.0, limit=limit)


STRONG = article("strong", "Tencent opens its links to everyone.")
WEAK = article("weak", "Something else happened on the market, and far down the page somebody also named Tencent once.")


def test_the_article_with_the_better_sentence_comes_first():
    stories = tell("tencent links", (ranked(1.0), WEAK), (ranked(1.0), STRONG))
    assert [story.lead.id for story in stories] == ["strong", "weak"]


def test_one_event_is_one_story_told_by_its_best_article():
    (story,) = tell("tencent links", (ranked(1.0), WEAK), (ranked(1.0), STRONG), group=together)
    assert [one.id for one in story.articles] == ["strong", "weak"]
    assert {quote.source for quote in story.quotes} == {0}


def test_the_limits_hold():
    long = article("long", " ".join(f"Tencent opens link number {n}." for n in range(9)))
    (story,) = tell("tencent", (ranked(1.0), long), (ranked(0.9), STRONG), limit=1)
    assert len(story.quotes) <= QUOTES


def test_a_sentence_without_a_word_of_the_query_is_not_quoted():
    mixed = article("mixed", "Tencent opens its links. The weather was fine in all of the country.")
    (story,) = tell("tencent", (ranked(1.0), mixed))
    assert [quote.text for quote in story.quotes] == ["Tencent opens its links."]


def test_an_incidental_word_is_no_answer():
    query = parse_query("tencent links", languages=["en"])
    kept, dropped = ranked(1.0, share=LEAST_SHARE), ranked(9.0, share=LEAST_SHARE / 2)
    assert answering(query, [dropped, kept]) == [kept]


def test_one_word_of_three_must_tell_half_of_what_is_asked():
    query = parse_query("Tesla factory Shanghai", languages=["en"])
    place, two, rare = ranked(9.0, share=0.45), ranked(1.0, found=(0, 1), share=0.45), ranked(1.0, share=0.5)
    assert answering(query, [place, two, rare]) == [two, rare]


def say(query, *shown, corrections=()):
    return notice(
        parse_query(query, languages=["en", "zh"]), shown, corrections=corrections, nearest=lambda words: ["near"]
    )


def test_what_was_found_needs_no_notice():
    assert say("tencent links", ranked(1.0, found=(0, 1))) is None


def test_words_in_no_story_are_named():
    assert say("tencent links", ranked(1.0, found=(0,))).missing == ("links",)
    assert say("tencent links", ranked(1.0, found=(0,)), ranked(1.0, found=(1,))) is None


def test_chinese_pieces_that_touch_are_one_missing_word():
    assert say("互联互通").missing == ("互联互通",)
    assert say("互联互通").kind == "nothing"


def test_a_correction_is_said_and_what_is_graver_beside_it():
    corrections = [("tencet", "tencent")]
    assert say("tencent", ranked(1.0), corrections=corrections) == Notice("corrected", ("tencet",), ("tencent",))
    near = say("tencent links", ranked(1.0), corrections=corrections)
    assert near == Notice("near", ("links",), corrections=(("tencet", "tencent"),))
    nothing = say("tencent links", corrections=corrections)
    assert (nothing.kind, nothing.corrections) == ("nothing", (("tencet", "tencent"),))


def test_only_stop_words():
    assert say("the and of").kind == "only_stop_words"


def in_language(language, title, text):
    return analyse(Article(language, title, text, language))


OPENING = [
    (ranked(1.0), in_language("en", "The end of a quarrel", "Tencent opens its links to Alibaba.")),
    (ranked(0.8), in_language("fr", "La fin d’une querelle", "Tencent ouvre ses liens à Alibaba.")),
]


def led(query, reader):
    (story,) = top_stories(
        parse_query(query, languages=["en", "fr"]),
        OPENING,
        together(analysed.article for _, analysed in OPENING),
        idf=lambda term: 2.0,
        limit=5,
        reader=reader,
    )
    return story.lead.language, story.quotes[0].text


def test_names_alone_are_answered_in_the_language_of_the_reader():
    assert led("tencent alibaba", "fr") == ("fr", "Tencent ouvre ses liens à Alibaba.")
    assert led("tencent alibaba", "en") == ("en", "Tencent opens its links to Alibaba.")


def test_a_question_is_answered_in_its_own_language_first():
    assert led("what does tencent open to alibaba?", "fr")[0] == "en"


def test_an_article_far_below_the_best_does_not_lead_for_its_language():
    assert leading(["en", "fr"], [10.0, 10.0 * FAR_LOWER - 0.1], ["fr"]) == []
    assert leading(["en", "fr"], [10.0, 10.0 * FAR_LOWER], ["fr"]) == [1]


def test_the_title_is_not_quoted_where_another_sentence_has_the_words():
    titled = article(
        "titled", "Tencent opens its links.\n\nAlibaba welcomes what Tencent did.", "Tencent opens its links"
    )
    (story,) = tell("tencent", (ranked(1.0), titled))
    assert [quote.text for quote in story.quotes] == ["Alibaba welcomes what Tencent did."]
