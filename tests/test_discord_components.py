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
    Heading,
    Listing,
    Paragraph,
    QuoteLine,
    Reply,
    Span,
    StoryItem,
)
from bot.base.safe_text import one_line, visible
from bot.platforms.discord.components import bears, messages, signed
from bot.platforms.discord.transport import sendable
from tests.fakes.discord import buttons, options, readable
from tests.fakes.discord_components import walk
from tests.fakes.discord_limits import message_complaints
from tests.fakes.discord_texts import size
from tests.replies import LINES, REPLIES, STORIES

# ---------------------------------------------------------------- as people see it every day

MENU = tuple(
    Button(action, label, "a1b2c3:1")
    for action, label in {
        "why": "Why this?",
        "story": "Timeline",
        "up": "More like this",
        "less": "Less from A",
    }.items()
)
ALIBABA = StoryItem(
    number=1,
    title="La hache de guerre est enterrée entre Alibaba et Tencent",
    url="https://www.example.fr/tech/alibaba-tencent?id=7",
    quotes=(
        QuoteLine(
            "Le ministère a proposé, vendredi 10 septembre, aux entreprises des normes pour la messagerie instantanée.",
            "https://www.example.fr/tech/alibaba-tencent?id=7#:~:text=Le%20minist%C3%A8re,instantan%C3%A9e.",
            "fr",
        ),
    ),
    small=(Span("Exemple"), Span(" · 13 sept. · aussi "), Span("Reuters (en)"), Span(", "), Span("财新"), Span(", +1")),
    menu=MENU,
)
WECHAT = StoryItem(
    number=2,
    title="WeChat Pay reaches *Taobao* and Tmall",
    url="https://news.example/wechat-pay",
    small=(Span("Example News"), Span(" · 13 Sep")),
    quotes=(QuoteLine("Both sides call it a first step.", "https://elsewhere.example/x#:~:text=Both", "en"),),
    mark="Update",
    since=Span("since Friday's briefing", "https://discord.com/channels/1/2/3"),
    menu=tuple(Button(one.action, one.label, "a1b2c3:2") for one in MENU),
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
    ),
    public=True,
    foot=(Buttons((Button("more", "4 more in the thread", "a1b2c3"), Button("form", "Settings", "settings"))),),
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
            menu=(Button("why", "为什么？", "a1b2c3:1"),),
            quotes=(QuoteLine("用户可以在一对一聊天中访问外部链接。", None, "zh"),),
        ),
    ),
    foot=(Buttons((Button("share", "分享到频道", "a1b2c3"), Button("subscribe", "订阅", "a1b2c3"))),),
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


def told(*parts, **more):
    return messages(Reply("en", "A summary", parts, **more))


def rows(message):
    return [row["components"] for row in walk(message.payload["components"]) if row["type"] == 1]


def test_what_does_not_fit_goes_into_the_thread_and_in_order_and_the_foot_stays():
    stories = [
        StoryItem(n, f"Story {n}", f"https://news.example/{n}", (QuoteLine("word " * 150, None, "en"),), menu=MENU)
        for n in range(1, 13)
    ]
    first, *rest = told(Heading("Many"), *stories, foot=(Buttons((Button("form", "Settings", "settings"),)),))
    assert not first.in_thread
    assert rest
    assert all(message.in_thread for message in rest)
    titles = re.findall(r"Story \d+", read((first, *rest)))
    assert titles == [f"Story {n}" for n in range(1, 13)]
    assert [button["label"] for button in rows(first)[-1]] == ["Settings"]
    assert not any(button["type"] == 2 for message in rest for row in rows(message) for button in row)
    assert_accepted((first, *rest))


def test_five_stories_in_chinese_with_two_quotes_each_fit_into_one_message():
    address = "https://news.example/" + "a" * 80
    quotes = tuple(QuoteLine("据新华社报道" * 20, f"{address}#:~:text={'%E6' * 60}", "zh") for _ in range(2))
    stories = [
        StoryItem(n, "互联互通有新进展" * 4, f"{address}", quotes, (Span("新华社 · 8:30"),), menu=MENU)
        for n in range(1, 6)
    ]
    shown = told(Heading("互联互通"), *stories)
    assert len(shown) == 1
    assert_accepted(shown)


def test_where_links_are_spared_a_quote_of_another_page_of_the_site_keeps_its_own():
    site = "https://news.example/" + "a" * 80
    others = QuoteLine("Another says so. " * 20, f"{site}/other#:~:text={'%E6' * 10}", "en", "Other")
    own = QuoteLine("The paper says so. " * 14, f"{site}/own#:~:text={'%E6' * 60}", "en")
    stories = [StoryItem(n, "Links are open", f"{site}/own", (own,), menu=MENU) for n in range(1, 8)]
    (message,) = shown = told(*stories, StoryItem(8, "Links are open", f"{site}/own", (others,), menu=MENU))
    assert str(own.url) not in str(message.payload)
    assert f" · Other\u00a0[↗](<{others.url}>)" in read(shown)


def test_a_quote_longer_than_any_message_is_shown_whole():
    long = " ".join(f"word{n}" for n in range(2000))
    shown = told(StoryItem(1, "Long", None, (QuoteLine(long, None, "en"),)))
    assert read(shown).count("word") == 2000
    assert_accepted(shown)


def test_a_story_is_its_linked_headline_its_quote_and_one_small_line():
    address = "https://news.example/open"
    quotes = tuple(QuoteLine(text, f"{address}#:~:text={text}", "en") for text in ("First", "Second"))
    elsewhere = QuoteLine("Third", "https://else.example/", "en")
    item = StoryItem(1, "Open links", address, (*quotes, elsewhere), (Span("Post"), Span(" · 8:30")), mark="Update")
    (message,) = told(item)
    assert message.payload["components"][0]["components"] == [
        {
            "type": 10,
            "content": "**1 · Update ·** [**Open links**](<https://news.example/open#:~:text=First>)\n"
            "> “First”\n"
            "> “Second”\u00a0[\\↗](<https://news.example/open#:~:text=Second>)\n"
            "> “Third”\u00a0[\\↗ else.example](<https://else.example/>)\n"
            "-# Post · 8:30",
        }
    ]


def test_a_story_without_a_quote_is_its_linked_headline_and_its_source_and_nothing_empty():
    shown = told(StoryItem(1, "Open links", "https://news.example/open", (), (Span("Post"),)))
    assert readable_of(shown) == "**1 ·** [**Open links**](<https://news.example/open>)\n-# Post"
    assert_accepted(shown)


def test_a_headline_alone_is_one_line_and_many_of_them_are_one_text():
    items = [StoryItem(n, f"Story {n}", None, (), (Span("Post"),), flat=True) for n in (1, 2)]
    (message,) = told(Heading("Headlines"), *items)
    assert [one["content"] for one in walk(message.payload["components"]) if one["type"] == 10] == [
        "### Headlines\n**1 ·** **Story 1** · Post\n**2 ·** **Story 2** · Post"
    ]


def test_the_menus_of_stories_are_one_menu_under_them_and_buttons_of_the_whole_stand_below():
    stories = [
        StoryItem(n, f"Story {n}", None, menu=tuple(Button(b.action, b.label, f"7:{n}") for b in MENU)) for n in (1, 2)
    ]
    (message,) = told(*stories, foot=(Buttons((Button("share", "Share", "a"),)),))
    menu, below = rows(message)
    assert [(one["label"], one["value"]) for one in menu[0]["options"]] == [
        ("1 · Story 1", "why,story,up,less:7:1"),
        ("2 · Story 2", "why,story,up,less:7:2"),
    ]
    assert menu[0]["placeholder"] == "More on story …"
    assert [button["label"] for button in below] == ["Share"]


def test_what_is_all_that_can_be_done_is_done_when_it_is_chosen():
    (message,) = told(StoryItem(1, "Story", None, menu=(Button("why", "Why this?", "7:1"),)))
    assert [one["value"] for one in options(message.payload)] == ["why:7:1"]


def test_the_same_button_twice_is_shown_once():
    twice = Buttons((Button("share", "Share", "a"), Button("share", "Share", "a")))
    shown = told(twice, twice)
    assert_accepted(shown)
    assert len(buttons(shown[0].payload)) == 1


def test_an_empty_reply_still_says_its_summary():
    assert readable_of(messages(Reply("en", "Nothing new.", ()))) == "Nothing new."


def test_a_line_alone_has_no_frame():
    (message,) = told(Paragraph(((Span("Noted."),),)))
    assert message.payload["components"] == [{"type": 10, "content": "Noted."}]


def test_a_command_in_a_hint_can_be_pressed_where_its_number_is_known():
    hint = Paragraph(((Span("Try "), Span("/brief topic add Batteries lithium", code=True)),))
    known = {"/brief topic add": "</brief topic add:17>"}
    (message,) = messages(Reply("en", "x", (hint,)), known)
    assert readable_of([message]) == "Try </brief topic add:17> `Batteries lithium`"
    (message,) = messages(Reply("en", "x", (hint,)))
    assert readable_of([message]) == "Try `/brief topic add Batteries lithium`"


def test_a_command_in_running_text_can_be_pressed_and_what_strangers_wrote_cannot():
    said = Paragraph(((Span("Say /brief topic add, or /brief topics; not /brief topicsx or a/brief topics."),),))
    story = StoryItem(1, "How to /brief topics", None, (QuoteLine("Type /brief topics.", None, "en"),))
    known = {"/brief topic add": "</brief topic add:17>", "/brief topics": "</brief topics:17>"}
    (message,) = messages(Reply("en", "x", (said, story)), known)
    first, second = texts([message])
    assert first == "Say </brief topic add:17>, or </brief topics:17>; not /brief topicsx or a/brief topics."
    assert "<" not in second


def test_a_reference_stands_in_the_menu_or_in_the_last_small_print_or_under_the_last_buttons():
    small = {"type": 10, "content": "Text\n-# small"}
    plain = {"type": 10, "content": "Text"}
    row = {"type": 1, "components": [{"type": 2, "custom_id": "more:7"}]}
    chosen = {"type": 1, "components": [{"type": 3, "custom_id": "menu"}]}
    for before, after in (
        ([small], [small | {"content": "Text\n-# small · 0b2a"}]),
        ([plain], [plain | {"content": "Text\n-# 0b2a"}]),
        (
            [{"type": 17, "components": [plain, row]}],
            [{"type": 17, "components": [plain, row, {"type": 10, "content": "-# 0b2a"}]}],
        ),
        ([plain, chosen], [plain, {"type": 1, "components": [{"type": 3, "custom_id": "menu:0b2a"}]}]),
    ):
        assert signed(before, "0b2a") == after
        assert bears(after, "0b2a")
        assert not bears(before, "0b2a")


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
    assert readable_of([message]) == shown


def test_code_with_backticks_is_shown_to_the_letter():
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("a`b", code=True), Span(" c")),)),)))
    assert readable_of([message]) == "a\\`b c"
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("a```b", code=True),),)),)))
    assert readable_of([message]) == "a\\`\\`\\`b"


def test_bold_marks_stand_close_to_their_words():
    (message,) = messages(Reply("en", "x", (Paragraph(((Span("Next: ", strong=True), Span("never")),)),)))
    assert readable_of([message]) == "**Next:** never"


def test_only_web_addresses_become_links():
    spans = tuple(Span("here", url) for url in ("javascript:alert(1)", "file:///etc/passwd", "https://a.example/(x)>"))
    (message,) = messages(Reply("en", "x", (Paragraph((spans,)),)))
    assert readable_of([message]) == "herehere[here](<https://a.example/%28x%29%3E>)"


# ---------------------------------------------------------------- as strangers would like it to look

LIVE_MENTION = re.compile(r"@(everyone|here)|<@|<#|<:|<t:|<id:|</", re.IGNORECASE)
# From left to right, as Discord reads: an escaped sign, a block of code, code in a line.
DEAD = re.compile(r"\\[^0-9A-Za-z\s]|```\n.*?\n```|(`{1,2})(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
OURS = re.compile(r"\]\(<https?://[^\s<>()]*>\)")


def assert_accepted(shown) -> None:
    for message in shown:
        assert not message_complaints(sendable(message.payload))
        assert 0 < size(message.payload["thread_name"]) <= 100


def readable_of(shown) -> str:
    """All that can be read, top to bottom."""
    return "\n".join(readable({"content": "", "embeds": [], **message.payload}) for message in shown)


def texts(shown) -> list[str]:
    """All texts that Discord lays out, in order."""
    return [one["content"] for message in shown for one in walk(message.payload["components"]) if one["type"] == 10]


def read(shown) -> str:
    """The words a person reads, without what Markdown hides."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", "\n".join(texts(shown)))


def bones(text: str) -> str:
    """A text without anything that layout or escaping adds or takes."""
    return re.sub(r"[\s\\>`*\u200b]", "", text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_no_stranger_can_mention_anybody_or_link_anything(reply):
    shown = messages(reply)
    assert not LIVE_MENTION.search(json.dumps([message.payload for message in shown], ensure_ascii=False))
    for text in [shown[0].payload["news"], *texts(shown)]:
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


def test_a_paragraph_that_says_nothing_makes_no_message_of_its_own():
    nothing = Paragraph(((),))
    assert len(messages(Reply("en", "x", (nothing,), overflow=(nothing,)))) == 1
