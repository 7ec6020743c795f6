"""Strangers' text and addresses, before any platform sees them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.safe_text import cut, one_line, quoted, visible, web_link


def test_what_cannot_be_seen_goes():
    assert visible("a\u202eb\u200bc\x00d\ufeffe") == "abcde"
    assert one_line("  two\r\nlines\u2028and\tmore ") == "two lines and more"


def test_an_emoji_made_of_several_keeps_its_joiners():
    family = "👨\u200d👩\u200d👧"
    assert visible(family) == family
    assert visible("❤️\u200d🔥") == "❤️\u200d🔥"
    assert visible("pay\u200dpal") == "paypal"


def test_quotation_marks_are_those_of_the_language():
    assert quoted("Bonjour", "fr") == "«\u202fBonjour\u202f»"
    assert quoted("Hello", "en") == "“Hello”"
    assert quoted("你好", "zh") == "“你好”"


def test_a_cut_ends_after_a_word_and_says_so():
    assert cut("all the plates must be unlocked", 29) == "all the plates must be…"
    assert cut("short", 10) == "short"
    assert cut("所有平台都必须解除屏蔽", 6) == "所有平台都…"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https://",
        "https://google.com@evil.example/",
        "https://exa mple.org/",
        "https://example.org/\u202egnp.exe",
        "https://example.org:port/",
        "https://[::1/",
        "//example.org/",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_honest_web_address_is_no_link(address):
    assert web_link(address) is None


def test_a_link_shows_its_host_and_holds_nothing_that_ends_a_link():
    link = web_link("https://www.example.org/a|b>c d?q='x'#:~:text=é,(y)")
    assert link is not None
    assert link.host == "example.org"
    assert link.url == "https://www.example.org/a%7Cb%3Ec%20d?q=%27x%27#:~:text=%C3%A9,%28y%29"


def test_a_look_alike_host_stands_out():
    link = web_link("https://аррӏе.com/")  # Cyrillic
    assert link is not None
    assert link.host == "xn--80ak6aa92e.com"


def test_an_address_too_long_with_its_fragment_goes_without():
    link = web_link("https://example.org/a#:~:text=" + "b" * 3000)
    assert link is not None
    assert link.url == "https://example.org/a"


@given(st.text())
def test_no_text_keeps_anything_invisible(text):
    kept = visible(text)
    assert visible(kept) == kept
    assert all(c in "\n\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in kept)
    kept.encode()  # no surrogate is left


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_no_cut_is_too_long(text, limit):
    assert len(cut(text, limit)) <= limit


@given(st.text() | st.text().map("https://example.org/".__add__))
def test_no_link_can_end_early(url):
    link = web_link(url)
    if link is not None:
        assert link.url.isascii()
        assert not set(link.url) & set("|<>\"'`()[]{}\\ \n")
