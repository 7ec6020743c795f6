"""Replies laid out in columns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.base.reply import Bars, Button, Buttons, Footer, Heading, Listing, Paragraph, QuoteLine, Reply, Span, StoryItem
from bot.platforms.console.terminal import render


def reply(*parts, overflow=()):
    return Reply("en", "summary", parts, overflow=overflow)


def story(title="A title", **more):
    given = {"small": (Span("Post"), Span(" · 13 Sep")), "quotes": (), "url": "https://example.org/a"} | more
    return StoryItem(1, title, **given)


def test_what_is_told_of_a_story_stands_at_the_right_of_its_title():
    line = render(reply(story()), width=60).splitlines()[0]
    assert line.startswith("1  A title ")
    assert line.endswith(" Post · 13 Sep")
    assert cell_len(line) == 60


def test_a_story_without_a_quote_is_its_title_its_source_and_its_address():
    title, address = render(reply(story()), width=60).splitlines()
    assert title.split() == ["1", "A", "title", "Post", "·", "13", "Sep"]
    assert address == "   https://example.org/a"


def test_a_chinese_character_takes_two_columns():
    line = render(reply(story("互联互通有新进展", small=(Span("示例日报 · 9月13日"),))), width=60).splitlines()[0]
    assert cell_len(line) == 60


def test_a_title_that_leaves_no_room_has_it_underneath():
    lines = render(reply(story("word " * 20)), width=60).splitlines()
    assert lines[2].strip() == "Post · 13 Sep"


def test_a_quote_is_set_in_the_marks_of_its_language_and_kept_to_the_letter():
    quotes = (
        QuoteLine("Ça marche.", "https://e.org#x", "fr"),
        QuoteLine("It works.", None, "en"),
        QuoteLine("可以。", None, "zh"),
    )
    shown = render(reply(story(quotes=quotes)))
    assert "   «\u202fÇa marche.\u202f»\u00a0↗" in shown
    assert "   “It works.”\n" in shown
    assert "   “可以。”" in shown


def test_chinese_breaks_anywhere_but_before_its_full_stop():
    lines = render(reply(Paragraph(((Span("互联互通" * 20 + "。"),),))), width=40).splitlines()
    assert all(cell_len(line) <= 40 for line in lines)
    assert not any(line.startswith("。") for line in lines)


def test_a_parenthesis_does_not_stay_behind_without_what_it_opens():
    for words in ("mot («\u00a0Alibaba\u00a0»), ", "mot (“Alibaba”), ", "或(“Alibaba”)"):
        for width in range(30, 45):
            assert not re.search(r"\($", render(reply(Paragraph(((Span(words * 9),),))), width=width), re.MULTILINE)


def test_a_lone_guillemet_never_begins_a_line():
    for width in range(30, 60):
        lines = render(reply(story(quotes=(QuoteLine("mot " * 15 + "fin.", None, "fr"),))), width=width).splitlines()
        assert not any(line.strip() in ("»", "«") for line in lines)


def test_bars_are_as_long_as_their_counts():
    lines = render(reply(Bars((("Mon", 1), ("周二", 4), ("Wed", 0)))), width=60).splitlines()
    assert [line.count("█") for line in lines] == [10, 40, 0]
    assert [line.split()[-1] for line in lines] == ["1", "4", "0"]


def test_lists_buttons_footer_and_thread():
    shown = render(
        reply(
            Heading("Head", "under"),
            Listing(((Span("one", strong=True), Span(" more")),)),
            Buttons((Button("share", "Share", "1"), Button("subscribe", "Subscribe", "1"))),
            Footer((Span("small"),)),
            overflow=(Listing(((Span("later"),),)),),
        )
    )
    assert shown == "Head\nunder\n\n• one more\n\n[Share]  [Subscribe]\n\nsmall\n\n" + "─" * 24 + "\n• later"


def test_a_list_gives_the_address_of_what_has_another_name_only():
    link = "https://e.org/feed"
    assert render(reply(Listing(((Span("Feed", link),), (Span(link, link),))))) == f"• Feed\n  {link}\n• {link}"


def test_links_are_for_terminals_that_open_them():
    quote = QuoteLine("It works.", "https://e.org/a#:~:text=It", "en")
    plain = render(reply(story(quotes=(quote,))))
    linked = render(reply(story(quotes=(quote,))), links=True)
    assert "\x1b" not in plain
    assert "https://example.org/a" in plain
    assert "\x1b]8;;https://e.org/a#:~:text=It\x1b\\" in linked


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://e.org/\x1b]0;x\x07", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url):
    assert "]8;;" not in render(reply(story(url=url)), links=True)


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=200)


@given(HOSTILE, HOSTILE, st.integers(20, 120))
def test_nothing_a_stranger_wrote_controls_the_terminal_or_leaves_the_page(title, text, width):
    hostile = story(title, quotes=(QuoteLine(text, text, "en"),), url=None, small=(Span(title, text), Span(text[:30])))
    shown = render(reply(Heading(title, text), hostile, Paragraph(((Span(text),),))), width=width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert all(cell_len(line) <= max(width, 30) for line in shown.splitlines())
