"""What a Reply looks like in Discord: golden files for the usual ones, properties for the hostile ones."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.base.reply import (
    Bars,
    Button,
    Buttons,
    Footer,
    Heading,
    Listing,
    Paragraph,
    QuoteLine,
    Reply,
    Span,
    StoryItem,
)
from bot.base.safe_text import one_line, visible
from bot.platforms.discord.embeds import messages
from tests.fakes.discord_limits import message_complaints, size

# ---------------------------------------------------------------- as people see it every day

ALIBABA = StoryItem(
    number=1,
    title="La hache de guerre est enterrée entre Alibaba et Tencent",
    url="https://www.example.fr/tech/alibaba-tencent?id=7",
    small=(Span("Le Monde · 13 sept. · aussi "), Span("Reuters (en)"), Span(", "), Span("Caixin (zh)"), Span(", +1")),
    quotes=(
        QuoteLine(
            "Le ministère a proposé, vendredi 10 septembre, aux entreprises des normes pour la messagerie instantanée.",
            "https://www.example.fr/tech/alibaba-tencent?id=7#:~:text=Le%20minist%C3%A8re,instantan%C3%A9e.",
            "fr",
        ),
    ),
    menu=(Button("why", "Pourquoi ?", "a1b2c3/1"),),
)
WECHAT = StoryItem(
    number=2,
    title="WeChat Pay reaches *Taobao* and Tmall",
    url="https://news.example/wechat-pay",
    small=(Span("News · 13 Sep"),),
    quotes=(QuoteLine("Both sides call it a first step.", "https://elsewhere.example/x#:~:text=Both", "en"),),
    mark="Update",
    since=Span("since Friday's briefing", "https://discord.com/channels/1/2/3"),
    menu=(Button("why", "Why this?", "a1b2c3/2"),),
)
DIGEST = Reply(
    language="en",
    summary="Tencent–Alibaba interoperability: 2 stories from 9 new articles",
    parts=(
        Heading(
            "Tencent–Alibaba interoperability · Tuesday 14 September, 09:00 Paris",
            "9 new articles · 2 stories · 5 of 6 sources answered (36kr: no answer since Sunday)",
        ),
        ALIBABA,
        WECHAT,
        Footer(
            (
                Span("4 more in the thread · left out: 2 repeats · next: Wednesday 15 September, 09:00 · "),
                Span("/brief subscribe", code=True),
                Span(" to change"),
            )
        ),
    ),
    public=True,
    overflow=(
        Listing(
            (
                (
                    Span("3  "),
                    Span("Open links, one year on", "https://news.example/open-links"),
                    Span(" · Wired · en"),
                ),
                (Span("4  "), Span("互联互通进入深水区", "https://caixin.example/2"), Span(" · 财新 · zh")),
            )
        ),
    ),
)
LOOKUP = Reply(
    language="zh",
    summary="“互联互通”：1 条",
    parts=(
        Heading("互联互通", "在 27 篇文章中找到 1 条"),
        StoryItem(
            number=1,
            title="微信开放外部链接",
            url="file:///articles/zh-03.md",
            small=(Span("zh-03.md · 9月17日"),),
            quotes=(QuoteLine("用户可以在一对一聊天中访问外部链接。", None, "zh"),),
        ),
        Buttons((Button("share", "分享到频道", "a1b2c3"), Button("subscribe", "订阅", "a1b2c3"))),
    ),
)
HELP = Reply(
    language="en",
    summary="What you can ask for",
    parts=(
        Heading("What you can ask for"),
        Listing(
            (
                (Span("/brief search", code=True), Span(" words: look something up")),
                (Span("/brief subscribe", code=True), Span(" topic: get a digest here")),
            )
        ),
    ),
)
PREVIEW = Reply(
    language="fr",
    summary="Aperçu : 12 sujets en 3 jours",
    parts=(
        Heading("Aperçu · Tencent", "Ce que les derniers jours auraient apporté"),
        Bars((("lun. 13", 7), ("mar. 14", 0), ("周三 15", 5))),
        Buttons((Button("subscribe", "S’abonner", "tencent"),)),
    ),
)
MISTAKE = Reply(
    language="en",
    summary="There is no topic “tencnt”.",
    parts=(Paragraph(((Span("There is no topic "), Span("tencnt", strong=True), Span(". Did you mean Tencent?")),)),),
)


@pytest.mark.parametrize(
    ("name", "reply"),
    [("digest", DIGEST), ("lookup", LOOKUP), ("help", HELP), ("preview", PREVIEW), ("mistake", MISTAKE)],
)
def test_the_usual_replies_look_as_they_should(golden, name, reply):
    shown = [{"in_thread": message.in_thread, **message.payload} for message in messages(reply)]
    golden(f"discord/{name}.json", json.dumps(shown, ensure_ascii=False, indent=2) + "\n")


def test_what_does_not_fit_goes_into_the_thread_and_in_order():
    stories = tuple(
        StoryItem(n, f"Story {n}", f"https://news.example/{n}", (QuoteLine("word " * 300, None, "en"),))
        for n in range(1, 13)
    )
    first, *rest = messages(Reply("en", "Twelve stories", (Heading("Many"), *stories)))
    assert not first.in_thread
    assert rest
    assert all(message.in_thread for message in rest)
    titles = [embed["title"] for message in (first, *rest) for embed in message.payload["embeds"]]
    assert titles == [f"{n} · Story {n}" for n in range(1, 13)]


def test_a_quote_longer_than_any_embed_is_shown_whole():
    long = " ".join(f"word{n}" for n in range(2000))
    shown = messages(Reply("en", "Long", (StoryItem(1, "Long", None, (QuoteLine(long, None, "en"),)),)))
    assert read(shown).count("word") == 2000
    assert_accepted(shown)


def test_a_story_without_a_quote_is_its_linked_title_and_its_source_and_nothing_empty():
    alone = StoryItem(1, "Open links", "https://news.example/open", (), (Span("News · 13 Sep"),))
    shown = messages(Reply("en", "One", (alone,)))
    (embed,) = shown[0].payload["embeds"]
    assert (embed["title"], embed["url"]) == ("1 · Open links", "https://news.example/open")
    assert "News · 13 Sep" in embed["footer"]["text"]
    assert "description" not in embed
    assert_accepted(shown)


def test_stories_with_one_address_both_keep_their_text():
    twins = tuple(
        StoryItem(n, f"Twin {n}", "https://news.example/live", (QuoteLine("Here.", None, "en"),)) for n in (1, 2)
    )
    (message,) = messages(Reply("en", "Twins", twins))
    first, second = message.payload["embeds"]
    assert first["url"] == "https://news.example/live"
    assert "url" not in second, "Discord would draw the two as one"
    assert "](<https://news.example/live>)" in second["description"]


def test_buttons_of_stories_share_rows_and_those_of_the_whole_stand_apart():
    stories = tuple(StoryItem(n, f"Story {n}", None, menu=(Button("why", "Why this?", f"a/{n}"),)) for n in range(1, 4))
    (message,) = messages(Reply("en", "Three", (*stories, Buttons((Button("share", "Share", "a"),)))))
    rows = [[button["label"] for button in row["components"]] for row in message.payload["components"]]
    assert rows == [["1 · Why this?", "2 · Why this?", "3 · Why this?"], ["Share"]]


def test_the_same_button_twice_is_shown_once():
    twice = Buttons((Button("share", "Share", "a"), Button("share", "Share", "a")))
    shown = messages(Reply("en", "Twice", (twice, twice)))
    assert_accepted(shown)
    assert len(shown[0].payload["components"][0]["components"]) == 1


def test_an_empty_reply_still_says_its_summary():
    (message,) = messages(Reply("en", "Nothing new.", ()))
    assert message.payload["content"] == "Nothing new."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** _it_ ~~no~~ ||secret||", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \|\|secret\|\|"),
        ("# Heading", r"\# Heading"),
        ("-# small", r"\-# small"),
        ("1. first", r"1\. first"),
        ("[here](https://evil.example)", r"\[here\](https\://evil.example)"),
        ("<https://evil.example>", r"\<https\://evil.example\>"),
        (":smile: at 09:00", r"\:smile: at 09:00"),
        ("@everyone", "@\u200beveryone"),
        ("<@123> <#4> <t:0:R>", "\\<\u200b@123\\> \\<\u200b#4\\> \\<t\\:0:R\\>"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("one\n# two", "one # two"),
    ],
)
def test_markdown_of_strangers_shows_to_the_letter(written, shown):
    (message,) = messages(Reply("en", "x", (Paragraph(((Span(written),),)),)))
    assert message.payload["content"] == shown


def test_code_with_backticks_is_shown_to_the_letter():
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("a`b", code=True), Span(" c")),)),)))
    assert message.payload["content"] == "a\\`b c"
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("a```b", code=True),),)),)))
    assert message.payload["content"] == "a\\`\\`\\`b"


def test_bold_marks_stand_close_to_their_words():
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("Next: ", strong=True), Span("never")),)),)))
    assert message.payload["content"] == "**Next:** never"


def test_only_web_addresses_become_links():
    spans = tuple(Span("here", url) for url in ("javascript:alert(1)", "file:///etc/passwd", "https://a.example/(x)>"))
    (message,) = messages(Reply("en", "x", (Paragraph((spans,)),)))
    assert message.payload["content"] == "herehere[here](<https://a.example/%28x%29%3E>)"


# ---------------------------------------------------------------- as strangers would like it to look

WORDS = (
    "@ everyone @here <@ 1> <@&7> <#9> <t:1:R> :x: ` ``` ** __ || [ ]( http://a.b ) \\ 腾讯 é 👩‍💻 # > >>> -# 1. word"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\u202e", "\x00", "\ud800"])
HOSTILE = st.one_of(
    st.lists(PIECES, max_size=12).map("".join),
    st.text(max_size=20),
    st.builds(lambda piece, times: piece * times, PIECES, st.sampled_from([80, 500])),
)
URLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["https://a.example/", "http://a.example/@everyone", "javascript:x", "https://b.example/" + "é" * 900]
    ),
    HOSTILE.map(lambda text: f"https://c.example/{text[:400]}"),
)
SPANS = st.builds(Span, HOSTILE, URLS, st.booleans(), st.booleans())
LINES = st.lists(SPANS, max_size=4).map(tuple)
VALUES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=80)
BUTTONS = st.lists(st.builds(Button, st.sampled_from(["share", "why"]), HOSTILE, VALUES), max_size=28).map(tuple)
QUOTES = st.builds(QuoteLine, HOSTILE, URLS, st.sampled_from(["en", "fr", "zh"]))
STORIES = st.builds(
    StoryItem,
    st.integers(1, 99),
    HOSTILE,
    URLS,
    st.lists(QUOTES, max_size=3).map(tuple),
    st.lists(SPANS, max_size=3).map(tuple),
    st.sampled_from(["", "Update"]),
    st.one_of(st.none(), SPANS),
    menu=BUTTONS,
)
PARTS = st.lists(
    st.one_of(
        st.builds(Heading, HOSTILE, HOSTILE),
        st.builds(Paragraph, st.lists(LINES, max_size=4).map(tuple)),
        st.builds(Listing, st.lists(LINES, max_size=8).map(tuple)),
        STORIES,
        st.builds(Bars, st.lists(st.tuples(HOSTILE, st.integers(0, 10**6)), max_size=12).map(tuple)),
        st.builds(Buttons, BUTTONS),
        st.builds(Footer, LINES),
    ),
    max_size=8,
).map(tuple)
REPLIES = st.builds(Reply, st.just("en"), HOSTILE, PARTS, st.booleans(), PARTS)

LIVE_MENTION = re.compile(r"@(everyone|here)|<@|<#|<:|<t:|<id:|</", re.IGNORECASE)
# From left to right, as Discord reads: an escaped sign, a block of code, code in a line.
DEAD = re.compile(r"\\[^0-9A-Za-z\s]|```\n.*?\n```|(`{1,2})(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
OURS = re.compile(r"\]\(<https?://[^\s<>()]*>\)")


def assert_accepted(shown) -> None:
    for message in shown:
        body = {key: value for key, value in message.payload.items() if key != "thread_name"}
        assert not message_complaints(body | {"allowed_mentions": {"parse": []}})
        assert 0 < size(message.payload["thread_name"]) <= 100


def texts(shown) -> list[str]:
    """All that Discord parses as Markdown, message by message."""
    found = []
    for message in shown:
        found.append(message.payload["content"])
        for embed in message.payload["embeds"]:
            found += [embed.get("title", ""), embed.get("description", "")]
    return found


def read(shown) -> str:
    """The words a person reads, without what Markdown hides."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", "\n".join(texts(shown)))


def bones(text: str) -> str:
    """A text without anything that layout or escaping adds or takes."""
    return re.sub(r"[\s\\>`*\u200b]", "", text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_no_reply_passes_a_limit(reply):
    assert_accepted(messages(reply))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_no_stranger_can_mention_anybody_or_link_anything(reply):
    shown = messages(reply)
    assert not LIVE_MENTION.search(json.dumps([message.payload for message in shown], ensure_ascii=False))
    for text in texts(shown):
        # Code shows to the letter by itself; what remains once our own marks are taken away must be dead.
        rest = OURS.sub("", DEAD.sub("", text))
        assert "```" not in rest
        assert "](" not in rest
        assert "||" not in rest


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STORIES, min_size=1, max_size=6).map(tuple))
def test_no_quote_loses_a_letter(stories):
    shown = bones(read(messages(Reply("en", "x", stories))))
    for story in stories:
        for quote in story.quotes:
            assert bones(visible(quote.text)) in shown


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(LINES, max_size=8).map(tuple), st.lists(LINES, max_size=4).map(tuple))
def test_no_line_loses_a_letter(lines, overflow):
    shown = bones(OURS.sub("", read(messages(Reply("en", "x", (Listing(lines),), overflow=(Paragraph(overflow),))))))
    for line in lines + overflow:
        for span in line:
            assert bones(one_line(span.text)).replace("[", "") in shown.replace("[", "")


@pytest.mark.parametrize(
    "place", ["discord.gg/abc", "https://Discord.gg/abc", "discord.com/invite/abc", "discordapp.com/invite/a"]
)
def test_no_invitation_of_a_stranger_becomes_a_card(place):
    shown = messages(Reply("en", "A summary", (Paragraph(((Span(f"Join us at {place} now"),),)),)))
    said = json.dumps([message.payload for message in shown], ensure_ascii=False)
    assert "Join us at" in said
    assert not re.search(r"discord(?:\.gg/|(?:app)?\.com/invite/)", said, re.IGNORECASE)
