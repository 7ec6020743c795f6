"""What is found → what is said, and the JSON of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.base.i18n import Messages
from bot.base.looks import COMPACT, Looks
from bot.base.reply import Buttons, StoryItem
from bot.platforms.console.terminal import render
from bot.platforms.discord import components
from bot.platforms.slack import blocks
from bot.present import (
    digest_content,
    from_json,
    look_up_content,
    shown_brief,
    shown_digest,
    to_json,
    to_keep,
    told_in,
)
from briefs.models import (
    Article,
    Brief,
    Channel,
    Digest,
    Notice,
    Quote,
    ReadAs,
    Reasons,
    Report,
    Searched,
    Story,
    TopStory,
)
from tests.fakes import discord as fake_discord

FULL = Looks("full", 2)
MONDAY = datetime(2021, 9, 13, 7, 0, tzinfo=UTC)
TEXT = "Tencent opens its links. Alibaba follows on Friday."


def brief(found, messages, *, zone="UTC", now=None, looks=COMPACT):
    return shown_brief(look_up_content(found, messages, zone), messages, zone=zone, now=now, looks=looks)


def digest(made, messages, **shown):
    return shown_digest(digest_content(made, messages), messages, **shown)


def article(name, source, language="en", url=None):
    return Article(name, f"Title of {name}", TEXT, language, url or f"https://example.org/{name}", source, MONDAY)


def story(*sources, told_at=None):
    articles = tuple(article(f"a{n}", source, language) for n, (source, language) in enumerate(sources))
    reasons = Reasons({"tencent": 2.1}, {"recency": 0.4})
    return TopStory(articles, (Quote(TEXT[:24], 0, 0, 24, 1.0),), 2.5, reasons, "p1" if told_at else None, told_at)


def found(*stories, notice=None, articles=1234):
    oldest = datetime(2013, 11, 17, tzinfo=UTC) if articles else None
    return Brief("tencent", ("en", "fr"), stories, Searched(articles, oldest, MONDAY), notice, 12.34)


def made(*stories, more=(), left_out=None):
    return Digest("Open links", MONDAY, MONDAY, 9, 9, 5, stories, more, left_out or {})


def small(item):
    return "".join(span.text for span in item.small)


def as_json(content, *given, **named):
    return to_json(content(*given, **named))


def test_the_json_of_a_look_up_is_the_documented_one():
    shown = as_json(look_up_content, found(story(("Post", "en"), ("Le Soir", "fr"))), Messages("en"))
    assert json.loads(json.dumps(shown)) == {
        "query": "tencent",
        "read_as": None,
        "languages": ["en", "fr"],
        "took_ms": 12.3,
        "notice": None,
        "searched": {"articles": 1234, "oldest": "2013-11-17T00:00:00Z", "newest": "2021-09-13T07:00:00Z"},
        "stories": [
            {
                "id": "a0",
                "title": "Title of a0",
                "url": "https://example.org/a0",
                "source": "Post",
                "published": "2021-09-13T07:00:00Z",
                "language": "en",
                "score": 2.5,
                "why": {"terms": {"tencent": 2.1}, "recency": 0.4},
                "quotes": [
                    {
                        "text": "Tencent opens its links.",
                        "url": shown["stories"][0]["quotes"][0]["url"],
                        "source": "Post",
                        "language": "en",
                    }
                ],
                "story": None,
                "first": None,
                "publishers": 2,
                "also": [
                    {
                        "id": "a1",
                        "title": "Title of a1",
                        "url": "https://example.org/a1",
                        "source": "Le Soir",
                        "language": "fr",
                        "published": "2021-09-13T07:00:00Z",
                        "copy": False,
                    }
                ],
                "update_of": None,
                "told_at": None,
            }
        ],
    }
    assert shown["stories"][0]["quotes"][0]["url"].startswith("https://example.org/a0#:~:text=Tencent")


def test_the_json_of_a_digest_has_topic_times_and_channel_in_place_of_the_query():
    shown = as_json(digest_content, made(story(("Post", "en"))), Messages("en"), channel=Channel("chat", "team", "C1"))
    assert shown["channel"] == {"platform": "chat", "workspace": "team", "id": "C1"}
    assert (shown["topic"], shown["since"], shown["until"]) == ("Open links", *["2021-09-13T07:00:00Z"] * 2)
    assert "query" not in shown


def test_a_local_file_is_named_where_its_text_names_no_source():
    local = Article("x", "T", TEXT, "en", "file:///tmp/une%20note.txt")
    shown = as_json(look_up_content, found(TopStory((local,), (), 1.0, Reasons())), Messages("en"))
    assert (shown["stories"][0]["source"], shown["stories"][0]["url"]) == ("une note.txt", "file:///tmp/une%20note.txt")


def test_what_a_look_up_was_read_as_is_one_line():
    read = ReadAs(
        must=("heron | tool",),
        without=("warhorse", '"open links"'),
        sources=("Ouest-France",),
        titles=("lake",),
        languages=("fr",),
        since=MONDAY,
        corrections=(("tencnet", "Tencent"),),
        names=(("Tencent", ("腾讯",)),),
    )
    shown = as_json(look_up_content, replace(found(), read_as=read), Messages("en"))
    assert shown["read_as"] == (
        "Read as: “heron” or “tool” · without “warhorse” or “open links” · “lake” in the title · "
        "only from Ouest-France · only in French · from 13 September 2021 on · "
        "“tencnet” as “Tencent” · Tencent also as 腾讯"
    )


def test_what_nothing_has_to_the_letter_is_said():
    shown = as_json(
        look_up_content, replace(found(), read_as=ReadAs(must=("heron + garden",), loosened=True)), Messages("en")
    )
    assert shown["read_as"] == "Read as: not “heron” and “garden” to the letter, which nothing has"


@pytest.mark.parametrize(
    ("notice", "line"),
    [
        (Notice("nothing", ("zeppelin",)), "Nothing on “zeppelin” in 1,234 articles since 17 November 2013."),
        (
            Notice("nothing", ("a", "b"), ("c",)),
            "Nothing on “a” and “b” in 1,234 articles since 17 November 2013. Nearest: “c”.",
        ),
        (Notice("nothing", ("a",), ("a",)), "Nothing on “a” in 1,234 articles since 17 November 2013."),
        (
            Notice("nothing", ("a", "b"), ("a", "b", "bee")),
            "Nothing on “a” and “b” in 1,234 articles since 17 November 2013. Nearest: “bee”.",
        ),
        (
            Notice("nothing", ("a", "b", "c"), ("a", "c", "bee")),
            "Nothing on “b” in 1,234 articles since 17 November 2013. Some articles have “a” or “c”. Nearest: “bee”.",
        ),
        (Notice("lacking", ("quo",)), "None of these stories has “quo”."),
        (Notice("near", ("quo",)), "None of these stories has “quo”; they are only near to what you asked."),
        (Notice("only_stop_words"), "These words are too common to look up; add one that names what you look for."),
    ],
)
def test_a_look_up_owns_up_to_what_it_did_not_find(notice, line):
    assert as_json(look_up_content, found(notice=notice), Messages("en"))["notice"] == line


def test_an_empty_archive_says_so():
    assert "still empty" in as_json(look_up_content, found(articles=0), Messages("en"))["notice"]


def test_a_digest_looks_like_this(golden):
    sources = (("Post", "en"), ("Le Soir", "fr"), ("示例", "zh"), ("Echo", "en"), ("Wire", "en"), ("Wire", "en"))
    more = tuple(story((name, "en")) for name in ("Post", "Echo"))
    first = Report("新华社", "https://example.org/first", MONDAY - timedelta(minutes=48))
    shown = made(
        replace(story(*sources), of=Story((), number=7, first=first, publishers=7)),
        story(("Post", "en"), told_at=MONDAY - timedelta(days=3)),
        more=more,
        left_out={"repeat": 2, "excluded": 1},
    )
    for language in ("en", "fr", "zh"):
        reply = digest(
            shown,
            Messages(language),
            zone="Europe/Paris",
            due=MONDAY,
            reference="7",
        )
        assert reply.public
        assert reply.language == language
        golden(f"digest.{language}.txt", render(reply, width=100) + "\n")


def quoting(told, number):
    """Give a story whose quote is of another of its articles."""
    return replace(told, quotes=tuple(replace(quote, source=number) for quote in told.quotes))


@pytest.mark.parametrize(("language", "said"), [("en", "Echo"), ("fr", "Echo (anglais)"), ("zh", "Echo（英语）")])
def test_who_says_a_quote_is_named_beside_it_where_another_tells_the_story(language, said):
    told = quoting(story(("Le Soir", language), ("Echo", "en")), 1)
    reply = brief(found(told), Messages(language))
    (item,) = [part for part in reply.parts if isinstance(part, StoryItem)]
    (quote,) = item.quotes
    assert (quote.said_by, quote.url and quote.url.partition("#")[0]) == (said, "https://example.org/a1")
    on_each = (blocks.messages(reply), components.messages(reply), render(reply, width=100))
    assert all(f" · {said}" in str(shown) for shown in on_each)
    assert "https://example.org/a1\n" in render(reply, width=100)  # where nothing can be linked


def test_a_terminal_without_links_writes_where_a_quote_of_another_page_of_the_source_stands():
    reply = brief(found(quoting(story(("Echo", "en"), ("Echo", "en")), 1)), Messages("en"))
    shown = render(reply, width=100)
    assert [line.strip() for line in shown.splitlines() if "https" in line] == [
        "https://example.org/a1",
        "https://example.org/a0",
    ]
    for elsewhere in (blocks.messages(reply), components.messages(reply)):
        assert "https://example.org/a1#" in str(elsewhere)
    assert "".join(shown.split("searched")[1:]).count("Echo") == 1  # named in the small line, and not twice


def test_what_an_article_says_is_kept_as_its_own_whoever_leads_the_story():
    told = quoting(story(("Le Soir", "fr"), ("Echo", "en")), 1)
    content = look_up_content(found(told), Messages("fr"))
    assert told_in(content) == {"a0": ("Title of a0",), "a1": ("Tencent opens its links.",)}
    assert to_json(content)["stories"][0]["quotes"][0]["id"] == "a1"
    assert from_json(to_keep(content)) == content


def test_every_publisher_is_named_once_and_those_beyond_two_are_counted():
    sources = (("Post", "en"), ("A", "en"), ("A", "en"), ("B", "en"), ("C", "en"), ("D", "en"), ("Post", "en"))
    (item,) = [part for part in brief(found(story(*sources)), Messages("en")).parts if isinstance(part, StoryItem)]
    assert small(item) == "Post · 13 Sept · also A, B +2"


def test_the_small_line_is_one_on_a_phone_however_long_the_names_are():
    def small_of(*names: str) -> str:
        told = story(*((name, "en") for name in names))
        (item,) = [part for part in brief(found(told), Messages("en")).parts if isinstance(part, StoryItem)]
        return small(item)

    assert small_of("Post", "The Harbour Gazette", "The Northern Evening Post") == (
        "Post · 13 Sept · also The Harbour Gazette +1"
    )
    assert small_of("The Harbour Gazette", "The Northern Evening Post") == "The Harbour Gazette · 13 Sept · 2 sources"
    assert small_of("Post", "Echo") == "Post · 13 Sept · also Echo"


def test_a_copy_is_no_further_source():
    told = replace(story(("Post", "en"), ("A", "en"), ("B", "en")), of=Story((), frozenset({"a1"}), publishers=2))
    (item,) = [part for part in brief(found(told), Messages("en")).parts if isinstance(part, StoryItem)]
    assert small(item) == "Post · 13 Sept · also B"


def test_an_article_that_was_the_first_says_so_and_names_nobody_twice():
    of = Story((), first=Report("Post", None, MONDAY), publishers=3)
    told = replace(story(("Post", "en"), ("Wire", "en")), of=of)
    (item,) = [part for part in brief(found(told), Messages("en"), looks=FULL).parts if isinstance(part, StoryItem)]
    assert small(item) == "Post · 13 Sept · first of 3 sources · also Wire +1"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (MONDAY - timedelta(minutes=48), "first: Wire, 08:12"),
        (MONDAY - timedelta(days=1), "first: Wire, 12 Sept, 09:00"),
        (datetime(2021, 9, 12, tzinfo=UTC), "first: Wire, 12 Sept"),
    ],
)
def test_who_told_it_first_is_named_with_the_hour_in_the_channels_zone(at, said):
    told = replace(story(("Post", "en"), ("Wire", "en")), of=Story((), first=Report("Wire", None, at), publishers=2))
    shown = brief(found(told), Messages("en"), zone="Europe/Paris", now=MONDAY, looks=FULL)
    (item,) = [part for part in shown.parts if isinstance(part, StoryItem)]
    assert said in small(item)


def test_a_look_up_on_the_command_line_has_nothing_to_press():
    parts = brief(found(story(("Post", "en"))), Messages("en")).parts
    assert not any(isinstance(part, Buttons) or getattr(part, "menu", ()) for part in parts)


def test_a_digest_with_nothing_new_says_so():
    reply = digest(made(), Messages("fr"), zone="Europe/Paris", due=MONDAY)
    assert "Rien de nouveau sur «\u202fOpen links\u202f» depuis le 13 septembre 2021." in render(reply)


def test_the_buttons_of_a_story_name_their_run_and_number():
    reply = digest(made(story(("Post", "en"))), Messages("en"), zone="UTC", due=MONDAY, reference="7")
    (item,) = [part for part in reply.parts if isinstance(part, StoryItem)]
    assert [(button.action, button.value) for button in item.menu] == [
        (action, "7:1") for action in ("why", "story", "up", "down", "less")
    ]


def test_the_buttons_of_a_whole_digest_fit_each_platform():
    stories = [story((f"Source {n}", "en")) for n in range(5)]
    reply = digest(
        made(*stories, more=(story(("Post", "en")),)), Messages("en"), zone="UTC", due=MONDAY, reference="1234567"
    )
    first, *threaded = components.messages(reply)
    assert all(message.in_thread for message in threaded)
    assert [one["value"] for one in fake_discord.options(first.payload)] == [
        f"why,story,up,down,less:1234567:{n}" for n in range(1, 6)
    ]
    assert [one["custom_id"] for one in fake_discord.buttons(first.payload)] == ["more:1234567", "form:settings "]
    menus = [f"{action}:1234567:{n}" for n in range(1, 6) for action in ("why", "up", "down", "less")]
    (message, *_) = blocks.messages(reply)
    values = [
        (element["action_id"].partition(".")[0], element["value"])
        for block in message.payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert values == [("more", "1234567"), ("form", "settings ")]
    options = [
        f"{option['value']}:{block['accessory']['action_id'].removeprefix('menu.')}"
        for block in message.payload["blocks"]
        for option in block.get("accessory", {}).get("options", [])
    ]
    assert [value for value in options if not value.startswith("story:")] == menus


# ---------------------------------------------------------------- what is kept


@pytest.mark.parametrize(
    "content",
    [
        look_up_content(found(story(("Post", "en"), ("Le Soir", "fr"))), Messages("fr")),
        digest_content(made(story(("Post", "en"), told_at=MONDAY), more=(story(("Le Soir", "fr")),)), Messages("en")),
    ],
    ids=["look-up", "digest"],
)
def test_what_is_kept_is_read_back_whole(content):
    kept = json.loads(json.dumps(to_keep(replace(content, reader="zh"))))
    assert kept["version"] == 1
    assert from_json(kept) == replace(content, reader="zh")


def test_what_an_earlier_version_kept_is_read_and_what_it_did_not_note_is_empty():
    kept = {
        "topic": "Open links",
        "notice": None,
        "articles": 2,
        "publishers": 1,
        "left_out": {},
        "more": [],
        "stories": [
            {
                **{"title": "Links open", "url": None, "source": "Post", "language": "en", "score": 1.5},
                **{"published": None, "why": {"terms": {"links": 1.5}}, "update_of": None},
                "quotes": [{"text": "They open.", "url": None, "source": "Post", "language": "en"}],
                "also": [{"title": "Encore", "url": None, "source": "Le Soir", "language": "fr"}],
            }
        ],
    }
    content = from_json(kept)
    (old,) = content.stories
    assert (old.tellers, old.first, old.id, content.omitted) == (2, None, "", ())
    assert told_in(content) == {}
