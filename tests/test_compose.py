"""A brief is put together: only what answers, the best sentence first, one event one story; what is missing is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from briefs.answer import (
    LEAST_SURE,
    LEAST_SURE_OF_ONE,
    NEAR_THE_BEST,
    NEARLY_ALL,
    QUOTES,
    answering,
    notice,
    top_stories,
)
from briefs.models import Article, Reasons, Story
from briefs.quoting.headline import FAR_LOWER, leading
from briefs.search.rank import Ranked
from briefs.text.analyse import analyse
from briefs.text.packed import Candidate, pack
from briefs.text.query import parse_query


def article(name, text, title=""):
    return analyse(Article(name, title, text, "en"))


ROWS = count(1)


def ranked(score, found=(0,), confidence=1.0, recency=0.0, *, coverage=1.0, body="", language="en"):
    reasons = Reasons(parts={"recency": recency})
    candidate = Candidate(next(ROWS), language, None, 0, "", pack(body.split()), 1)
    return Ranked(candidate, score, reasons, frozenset(found), confidence, coverage)


def apart(articles):
    return [Story((one,)) for one in articles]


def together(articles):
    return [Story(tuple(articles))]


def tell(query, *found, group=apart, limit=5):
    grouped = group(analysed.article for _, analysed in found)
    return top_stories(parse_query(query, languages=["en"]), found, grouped, idf=lambda term: 2.0, limit=limit)


TWO_WORDS = parse_query("tencent links", languages=["en"])
OPENS = (
    "Tencent and Alibaba will open their links to each other from 17 September, the ministry of industry in Beijing "
    "said."
)
STRONG = article("strong", OPENS)
CLINIC = "The Yorkshire village of Harwick lost its only physician on Monday when Mary Stone, 64, closed her practice."
WEAK = article(
    "weak",
    "Few shops of the old town were open on Sunday, and the mayor of Lyon said in May 2026 that Tencent was there.",
)


def test_the_article_with_the_better_sentence_comes_first():
    stories = tell("tencent links", (ranked(1.0), WEAK), (ranked(1.0), STRONG))
    assert [story.lead.id for story in stories] == ["strong", "weak"]


def test_of_more_stories_than_there_is_room_for_the_better_articles_follow_the_first():
    other = article("other", WEAK.article.text.replace("Lyon", "Nice"))
    worse = article("worse", OPENS.replace("Beijing", "Harbin"))
    found = [(ranked(1.0), STRONG), (ranked(0.9), WEAK), (ranked(0.9), other), (ranked(0.8), worse)]
    assert [story.lead.id for story in tell("tencent links", *found)][1] == "worse"
    assert {story.lead.id for story in tell("tencent links", *found, limit=3)} == {"strong", "weak", "other"}


def test_one_event_is_one_story_told_by_its_best_article():
    (story,) = tell("tencent links", (ranked(1.0), WEAK), (ranked(1.0), STRONG), group=together)
    assert [one.id for one in story.articles] == ["strong", "weak"]
    assert {quote.source for quote in story.quotes} == {0}


def test_the_limits_hold():
    long = article("long", " ".join(f"Tencent opens link number {n}." for n in range(9)))
    (story,) = tell("tencent", (ranked(1.0), long), (ranked(0.9), STRONG), limit=1)
    assert len(story.quotes) <= QUOTES


def test_a_sentence_without_a_word_of_the_query_is_not_quoted():
    mixed = article("mixed", f"{OPENS} The weather was fine in all of the country.")
    (story,) = tell("tencent", (ranked(1.0), mixed))
    assert [quote.text for quote in story.quotes] == [OPENS]


def test_a_word_that_every_article_has_is_quoted_all_the_same():
    articles = [(ranked(0.1), STRONG)]
    query, grouped = parse_query("tencent", languages=["en"]), apart([STRONG.article])
    (story,) = top_stories(query, articles, grouped, idf=lambda term: 0.01, limit=5)
    assert story.quotes[0].score < 0
    assert [quote.text for quote in story.quotes] == [OPENS]


def test_what_is_not_likely_to_answer_is_left_out_however_high_it_scores():
    kept, dropped = ranked(1.0, confidence=LEAST_SURE), ranked(9.0, confidence=LEAST_SURE - 0.01)
    assert answering(TWO_WORDS, [dropped, kept]) == [kept]


def test_what_is_far_below_the_best_answer_is_left_out():
    best, beside, far = ranked(10.0), ranked(10 * NEAR_THE_BEST), ranked(10 * NEAR_THE_BEST - 0.1)
    assert answering(TWO_WORDS, [best, beside, far]) == [best, beside]


def test_what_says_only_a_part_of_what_is_asked_answers_too_where_it_is_much_like_the_best():
    best = ranked(10.0, body="tencent opens wechat shops links")
    part = NEARLY_ALL - 0.1
    alike = ranked(7.0, coverage=part, body="tencent opens wechat chats pays")
    other = ranked(7.0, coverage=part, body="tencent sold games consoles abroad")
    assert answering(TWO_WORDS, [best, alike, other]) == [best, alike]


def test_what_says_nearly_all_and_tells_a_story_that_answers_is_of_it_however_low_it_scores():
    best, told, other = ranked(10.0), ranked(3.0, language="zh"), ranked(3.0, language="zh")
    part = ranked(3.0, coverage=NEARLY_ALL - 0.1, language="zh")
    story = [one.candidate.row for one in (best, told, part)]
    assert answering(
        TWO_WORDS, [best, told, other, part], lambda rows: story if best.candidate.row in rows else rows
    ) == [best, told]


def test_what_cannot_be_alike_in_another_language_answers_by_its_score():
    best = ranked(10.0, body="tencent opens")
    abroad = ranked(10 * NEAR_THE_BEST, coverage=0.7, body="腾讯 开放", language="zh")
    assert answering(TWO_WORDS, [best, abroad]) == [best, abroad]


def test_the_only_mention_of_one_word_is_an_answer():
    mention = ranked(1.0, confidence=LEAST_SURE_OF_ONE)
    assert answering(parse_query("tencent", languages=["en"]), [mention]) == [mention]


def test_a_chinese_question_is_not_one_word():
    mention = ranked(1.0, confidence=LEAST_SURE_OF_ONE)
    assert answering(parse_query("腾讯何时开放外部链接", languages=["zh"]), [mention]) == []
    assert answering(parse_query("互联互通", languages=["zh"]), [mention]) == [mention]


def test_being_new_makes_nothing_an_answer():
    best, new = ranked(10.0), ranked(10.0, recency=10 * (1 - NEAR_THE_BEST) + 0.1)
    assert answering(TWO_WORDS, [best, new]) == [best]


def say(query, *shown):
    return notice(parse_query(query, languages=["en", "zh"]), shown, nearest=lambda words: ["near"])


def test_what_was_found_needs_no_notice():
    assert say("tencent links", ranked(1.0, found=(0, 1))) is None


def test_words_in_no_story_are_named():
    assert say("tencent links", ranked(1.0, found=(0,))).missing == ("links",)
    assert say("tencent links", ranked(1.0, found=(0,)), ranked(1.0, found=(1,))) is None


def test_chinese_pieces_that_touch_are_one_missing_word():
    assert say("互联互通").missing == ("互联互通",)
    assert say("互联互通").kind == "nothing"


def test_only_stop_words():
    assert say("the and of").kind == "only_stop_words"


def in_language(language, title, text):
    return analyse(Article(language, title, text, language))


OUVRE = (
    "Tencent ouvrira les liens de WeChat à la boutique Taobao d'Alibaba le 17 septembre, a annoncé lundi le "
    "ministère chinois de l'Industrie."
)
OPENING = [
    (ranked(1.0), in_language("en", "The end of a quarrel", OPENS)),
    (ranked(0.8), in_language("fr", "La fin d’une querelle", OUVRE)),
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
    assert led("tencent alibaba", "fr") == ("fr", OUVRE)
    assert led("tencent alibaba", "en") == ("en", OPENS)


def test_a_question_is_answered_in_its_own_language_first():
    assert led("what does tencent open to alibaba?", "fr")[0] == "en"


def test_the_best_story_is_not_behind_itself_where_its_article_in_the_reader_s_language_is():
    assert led("Quand Tencent ouvrira-t-il les liens ?", "fr") == ("fr", OUVRE)


def test_what_was_found_by_its_meaning_is_quoted_only_where_it_leads():
    def by_meaning(score):
        return replace(ranked(score), reasons=Reasons(parts={"meaning": score}))

    titled, fellow = article("titled", "", "Ministry ends a quarrel"), article("fellow", CLINIC, "Nobody there")
    question = "where do the doctors work?"
    (beside,) = tell(question, (by_meaning(0.9), titled), (by_meaning(0.8), fellow), group=together)
    assert ([one.id for one in beside.articles], beside.quotes) == (["titled", "fellow"], ())
    (alone,) = tell(question, (by_meaning(0.8), fellow))
    assert [quote.text for quote in alone.quotes] == [CLINIC]


def test_an_article_far_below_the_best_does_not_lead_for_its_language():
    assert leading(["en", "fr"], [10.0, 10.0 * FAR_LOWER - 0.1], ["fr"]) == []
    assert leading(["en", "fr"], [10.0, 10.0 * FAR_LOWER], ["fr"]) == [1]


def test_the_title_is_not_quoted_where_another_sentence_has_the_words():
    welcomes = "Alibaba, based in Hangzhou, welcomes what Tencent did for the 300 million customers of its shop Taobao."
    titled = article("titled", f"Tencent opens its links.\n\n{welcomes}", "Tencent opens its links")
    (story,) = tell("tencent", (ranked(1.0), titled))
    assert [quote.text for quote in story.quotes] == [welcomes]
