"""A story day by day: one verbatim quote a line, oldest first, with what the channel was told marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.base.reply import Listing
from briefs.models import Article, Told
from briefs.quoting.timeline import LINES, moments
from briefs.text.analyse import analyse
from tests.dispatcher import NEWS
from tests.posts import Posts

DAY = datetime(2026, 9, 14, 8, tzinfo=UTC)
ORDERED = "MIIT told Alibaba and Tencent to stop blocking links by 17 September."
REPEATED = "By 17 September Alibaba and Tencent were told by MIIT to stop blocking links."
FINED = "The ministry MIIT fined Tencent 20,000 yuan in Beijing because a link of Alibaba was still blocked."
PAID = "Tencent paid the fine of 20,000 yuan and opened every link of Alibaba in China on Friday evening."


def told(day: float, text: str, name: str = "", language: str = "en"):
    """An article with this text, so many days after the first."""
    return DAY + timedelta(days=day), analyse(Article(name or f"{day}", "Links", text, language, source=f"Paper {day}"))


def lines(*articles, known: Told | None = None, reader: str | None = None):
    return [(one.quote.text, one.told) for one in moments(articles, known or Told(), reader)]


def test_each_line_says_what_no_earlier_one_said():
    found = lines(told(0, ORDERED), told(0.2, REPEATED), told(1, f"{REPEATED} {FINED}"), told(3, PAID))
    assert [text for text, _ in found] == [ORDERED, FINED, PAID]


def test_a_line_is_a_piece_of_its_article():
    for one in moments([told(0, ORDERED), told(1, f"{ORDERED} {FINED}")], Told()):
        assert one.article.text[one.quote.start : one.quote.end] == one.quote.text


def test_what_the_channel_was_told_is_the_line_and_is_marked():
    posted = Told(frozenset({"1"}), (FINED,), {"1": None})
    found = lines(told(0, ORDERED), told(1, f"Reporters waited in the rain. {FINED}", "1"), told(2, PAID), known=posted)
    assert found == [(ORDERED, False), (FINED, True), (PAID, False)]


def test_of_a_day_that_is_told_in_two_languages_the_readers_is_heard():
    french = "Le ministère ordonne à Tencent et Alibaba d’ouvrir leurs liens avant le 17 septembre."
    both = (told(0, ORDERED), told(0.1, french, language="fr"))
    assert lines(*both, reader="fr") == [(french, False)]
    assert lines(*both, reader="en") == [(ORDERED, False)]


def test_there_are_twelve_lines_at_the_most_and_every_day_has_one_before_any_has_two():
    facts = [
        told(
            n / 4,
            f"The firm Boats {n} of Rotterdam sold {n * 13 + 5} boats to the harbour of Lagos {n + 40} in May 2026.",
        )
        for n in range(40)
    ]
    found = moments(facts, Told())
    assert len(found) == LINES
    assert len({one.at.date() for one in found}) == 11
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_of_very_many_days_the_first_and_the_latest_are_shown():
    facts = [
        told(
            n, f"The firm Boats {n} of Rotterdam sold {n * 13 + 5} boats to the harbour of Lagos {n + 40} in May 2026."
        )
        for n in range(40)
    ]
    days = [(one.at - DAY).days for one in moments(facts, Told())]
    assert days == [0, *range(29, 40)]


# ---------------------------------------------------------------- in chat


def shown(person):
    (listing,) = [part for part in person.last.parts if isinstance(part, Listing)]
    return ["".join(span.text for span in line) for line in listing.items]


async def went_on(office, ann):
    """The channel was told of the opened links; two days later they are closed again."""
    await ann.say('subscribe "open links"')
    posts = Posts(office.archive, NEWS, office.clock)
    office.clock.now = office.clock.now.replace(hour=8) + timedelta(days=1)
    posts.deliver()
    office.clock.now += timedelta(days=1)
    text = "Links to Alibaba open inside WeChat no more, Tencent said on Wednesday after 3 million complaints."
    article = Article(
        "closed", "Tencent closes links", text, "en", "https://example.org/closed", "Echo", office.clock.now
    )
    office.archive.add([article])


async def test_a_story_of_a_look_up_is_shown_day_by_day_in_private(office, ann):
    await went_on(office, ann)
    await ann.say("tencent links complaints")
    said = await ann.say("story 1")
    assert not ann.last.public
    assert "The story so far: “Tencent closes links”" in said
    first, second = shown(ann)
    assert first.startswith("15 Nov  ✓ “The Chinese company Tencent said on Monday in Shenzhen that links to the ")
    assert first.endswith(" of Alibaba open inside WeChat.” · Example Post")
    assert second.endswith("complaints.” · Echo")
    assert "✓" not in second
    assert "✓ told in this channel" in said
    assert "  https://example.org/closed\n" in f"{said}\n"  # the console's link, where nothing can be opened


async def test_a_line_in_another_language_has_its_own_marks_and_says_which_it_is(office, ann):
    await went_on(office, ann)
    marie = office.person(name="marie", locale="fr")
    await marie.say("tencent links complaints")
    await marie.say("sujet 1")
    last = shown(marie)[-1]
    assert "  “Links to Alibaba open" in last
    assert last.endswith("complaints.” · Echo (anglais)")


async def test_a_button_under_why_this_shows_it_too(office, ann):
    await went_on(office, ann)
    await ann.say("tencent links complaints")
    why = ann.button("why")
    await ann.press("why", why.value)
    button = ann.button("story")
    assert button.label == "Day by day"
    await ann.press("story", button.value)
    assert len(shown(ann)) == 2


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("story 9", "There is no story 9; the last is"), ("story", "The story so far"), ("sujet 1", "The story so far")],
)
async def test_the_number_is_one_of_those_shown(office, ann, typed, answer):
    await ann.say("tencent")
    assert answer in await ann.say(typed)


async def test_where_nothing_was_shown_it_says_so(ann):
    assert "Nothing has been shown here yet" in await ann.say("story 1")


async def test_words_after_it_are_looked_up(ann):
    assert "“story of tencent”" in await ann.say("story of tencent")
