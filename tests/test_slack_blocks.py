"""What a Slack channel sees of a Reply; the golden files are bodies to paste into Slack's Block Kit Builder."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
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
from bot.platforms.slack.blocks import messages
from tests.fakes.slack_limits import refusal
from tests.replies import REPLIES


def story(number=1, **changes):
    given_ = {
        "number": number,
        "title": "La hache de guerre est enterrée entre Alibaba et Tencent",
        "url": "https://www.lemonde.fr/economie/2021/09/13/alibaba-tencent.html",
        "small": (
            Span("Le Monde (fr)"),
            Span(" · "),
            Span("13 Sep"),
            Span(" · also "),
            Span("Reuters"),
            Span(", "),
            Span("Caixin (zh)"),
            Span(", +1"),
        ),
        "quotes": (
            QuoteLine(
                "Toutes les plateformes doivent être débloquées dans un délai donné.",
                "https://www.lemonde.fr/economie/2021/09/13/alibaba-tencent.html#:~:text=Toutes%20les%20plateformes",
                "fr",
            ),
        ),
    }
    return StoryItem(**{**given_, **changes})


MENU = (
    Button("why", "Why this?", "7:1"),
    Button("story", "Timeline", "7:1"),
    Button("up", "More like this", "7:1"),
    Button("down", "Less like this", "7:1"),
    Button("less", "Less from Le Monde", "7:1"),
)

DIGEST = Reply(
    language="en",
    summary="Tencent–Alibaba interoperability, 2 stories",
    public=True,
    parts=(
        Heading(
            "Tencent–Alibaba interoperability",
            "Tuesday 14 September, 09:00 Paris · 9 new articles · 2 stories · 5 of 6 sources answered",
        ),
        story(1, menu=MENU),
        story(
            2,
            title="WeChat Pay reaches Taobao and Tmall",
            url="https://36kr.com/p/1395837",
            mark="Update",
            since=Span("since Friday’s briefing ↗", "https://team.slack.com/archives/C1/p1631263200000100"),
            small=(Span("36kr (zh)"), Span(" · "), Span("13 Sep")),
            quotes=(QuoteLine("淘宝和天猫将接入微信支付。", "https://36kr.com/p/1395837", "zh"),),
            menu=MENU,
        ),
    ),
    foot=(Buttons((Button("more", "4 more in the thread", "7"), Button("form", "Settings", "settings "))),),
    headlines=("La hache de guerre est enterrée entre Alibaba et Tencent", "WeChat Pay reaches Taobao and Tmall"),
    overflow_summary="More on “Tencent–Alibaba interoperability”",
    overflow=(story(3, quotes=()),),
)

LOOK_UP = Reply(
    language="fr",
    summary="1 article sur « interopérabilité »",
    parts=(
        Heading("interopérabilité", "1 article sur 1 234 depuis novembre 2013"),
        story(small=(Span("Le Monde"), Span(" · "), Span("13 sept."))),
        Buttons(
            (
                Button("share", "Partager dans le canal", "a1"),
                Button("subscribe", "S’abonner", "a1"),
            )
        ),
    ),
)

WHY = Reply(
    language="en",
    summary="Why story 1 stands where it stands",
    parts=(
        Paragraph(((Span("Why story 1? ", strong=True), Span("It holds your words:")),)),
        Bars((("tencent", 21), ("互联互通", 14), ("recency", 2), ("title", 0))),
        Listing(
            (
                (Span("Le Monde", "https://www.lemonde.fr/rss/une.xml"), Span(": 3 articles")),
                (Span("no answer since Sunday", strong=True),),
            )
        ),
        Footer((Span("More: "), Span("the article", "https://example.org/a"))),
    ),
)


@pytest.mark.parametrize(("name", "reply"), [("digest", DIGEST), ("look-up", LOOK_UP), ("why", WHY)])
def test_what_slack_is_given(golden, name, reply):
    shown = [{"in_thread": message.in_thread, **message.payload} for message in messages(reply)]
    assert [refusal(message.payload) for message in messages(reply)] == [None] * len(shown)
    golden(f"slack/{name}.json", json.dumps(shown, ensure_ascii=False, indent=1) + "\n")


# ---------------------------------------------------------------- a few promises, one by one


def test_a_story_without_a_quote_is_its_linked_title_and_its_source_and_nothing_empty():
    (message,) = messages(Reply("en", "One", (story(quotes=()),)))
    title, source = message.payload["blocks"]
    number, link = title["elements"][0]["elements"]
    assert (number["text"], link["type"], link["text"]) == ("1  ", "link", story().title)
    assert source["type"] == "context"
    assert source["elements"][0]["text"] == "Le Monde (fr) · 13 Sep · also Reuters, Caixin (zh), +1"
    assert refusal(message.payload) is None


def elements(reply):
    """Every rich text element of a reply, with the text objects of its other blocks."""
    for message in messages(reply):
        for block in message.payload.get("blocks", []):
            stack = [block]
            while stack:
                thing = stack.pop(0)
                if isinstance(thing.get("text"), str):
                    yield thing
                stack = [v for v in [thing.get("text"), *thing.get("elements", [])] if isinstance(v, dict)] + stack


def words(reply):
    return "".join(element["text"] for element in elements(reply))


def test_a_quote_links_to_its_sentence_and_wears_the_marks_of_its_language():
    quote = next(e for e in elements(DIGEST) if "plateformes" in e["text"])
    assert (
        quote["text"].rstrip("\u00a0")
        == "«\u202fToutes les plateformes doivent être débloquées dans un délai donné.\u202f»"
    )
    arrows = [e for e in elements(DIGEST) if e["text"] == "↗"]
    assert arrows[0]["url"].endswith("#:~:text=Toutes%20les%20plateformes")


def test_the_site_of_a_link_can_be_read_where_no_source_is_named():
    reuters = Span("Alibaba opens", "https://www.reuters.com/technology/alibaba")
    assert "Alibaba opens (reuters.com)" in words(Reply("en", "s", (Listing(((Span("3  "), reuters),)),)))
    named = words(Reply("en", "s", (Listing(((reuters, Span(" · Reuters")),)),)))
    assert "Alibaba opens · Reuters" in named
    elsewhere = story(quotes=(QuoteLine("x", "https://twin.example/x", "en"),))
    assert "↗ twin.example" in words(Reply("en", "s", (elsewhere,)))


def test_an_address_of_another_kind_is_shown_without_its_link():
    local = story(
        url="file:///home/team/notes.md", quotes=(QuoteLine("Verbatim.", "file:///home/team/notes.md", "en"),)
    )
    assert "“Verbatim.”" in words(Reply("en", "s", (local,)))
    assert not [e for e in elements(Reply("en", "s", (local,))) if e.get("url", "").startswith("file")]


def test_an_address_in_a_headline_ends_where_it_ends():
    item = story(url="https://evil.example/?a=1&gt;&lt;!channel&gt;", title="Now | <later> *soon*", menu=MENU)
    (message,) = messages(Reply("en", "s", (item,)))
    said = message.payload["blocks"][0]["text"]["text"]
    link = "https://evil.example/?a=1&amp;gt;&amp;lt;!channel&amp;gt;"
    assert said == f"*1  <{link}|Now ∣ &lt;later&gt; ∗soon∗>*"


def test_link_previews_are_off():
    for message in messages(DIGEST):
        assert (message.payload["unfurl_links"], message.payload["unfurl_media"]) == (False, False)


def test_no_line_of_a_heading_breaks_within_french_quotation_marks():
    (message,) = messages(Reply("fr", "s", (Heading("Pourquoi  le sujet 1 de\n«\u202ftencent alibaba\u202f»\u00a0"),)))
    assert message.payload["blocks"][0]["text"]["text"] == "Pourquoi le sujet 1 de «\u202ftencent alibaba\u202f»"


def test_a_heading_too_long_for_slack_loses_nothing():
    reply = Reply("en", "s", (Heading("a long topic " * 30, ""),))
    assert words(reply) == ("a long topic " * 30).strip()


def test_a_long_quote_is_cut_with_its_link_and_says_so():
    long = story(quotes=(QuoteLine("word " * 2000, "https://example.org/a", "en"),))
    quote = next(e["text"] for e in elements(Reply("en", "s", (long,))) if e["text"].startswith("“"))
    assert quote.endswith("…”\u00a0")
    assert any(e["text"].startswith("↗") for e in elements(Reply("en", "s", (long,))))


def test_a_long_paragraph_goes_on_in_the_thread_without_a_loss():
    text = " ".join(f"word{n}" for n in range(9000))
    shown = messages(Reply("en", "s", (Paragraph(((Span(text),),)),)))
    assert [message.in_thread for message in shown] == [False] + [True] * (len(shown) - 1)
    assert words(Reply("en", "s", (Paragraph(((Span(text),),)),))) == text


def test_a_hundred_stories_come_in_several_messages_in_order():
    reply = Reply("en", "s", tuple(story(n) for n in range(1, 101)))
    assert all(refusal(message.payload) is None for message in messages(reply))
    numbers = [int(e["text"].split()[0]) for e in elements(reply) if re.match(r"\d+  ", e["text"])]
    assert numbers == list(range(1, 101))


def test_a_reply_without_parts_is_its_summary():
    assert messages(Reply("en", "Nothing new.", ()))[0].payload["text"] == "Nothing new."
    assert messages(Reply("en", "", ()))[0].payload["text"] == "…"


# ---------------------------------------------------------------- whatever strangers write

_LINK = re.compile(r"<(https?://[^<>|\s]+)\|([^<>|]+)>")


def live(mrkdwn):
    """Give what Slack would make more of than letters, once our own links and the bold of the headline are gone."""
    assert mrkdwn[0] == mrkdwn[mrkdwn.rindex("*")] == "*"
    unlinked = _LINK.sub(lambda found: found[2], mrkdwn[1:]).replace("*", "", 1)
    return re.findall(r"[<>*_~`|]|:[^\s:]+:|@(?:everyone|channel|here)\b|&(?!(?:amp|lt|gt);)", unlinked)


@given(REPLIES)
def test_no_reply_is_alive(reply):
    for message in messages(reply):
        # What Slack parses: this, and the headlines beside menus. Nothing else is of a parsed kind.
        assert not set("<>") & set(message.payload["text"])
        assert not re.search(r"@(everyone|channel|here)\b", message.payload["text"])
        for block in message.payload.get("blocks", []):
            if block["type"] == "section":
                assert block["text"]["verbatim"]
                assert live(block["text"]["text"]) == []
            else:
                assert '"type": "mrkdwn"' not in json.dumps(block)


@given(st.lists(st.text("abc<>&*_~`@!| 词", min_size=1, max_size=30), min_size=1, max_size=4))
def test_nothing_that_can_be_seen_is_lost(titles):
    reply = Reply("en", "s", tuple(story(n, title=title) for n, title in enumerate(titles)))
    shown = words(reply)
    for title in titles:
        assert " ".join(title.split()) in shown
