"""A link that opens the page at the quoted words."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.text.links import text_fragment

TEXT = "Tencent opens up, at last. A small - step & no more. Tencent opens up, at last. The end."


def link(quoted, url="https://example.org/a?b=1", text=TEXT, start=None):
    start = text.index(quoted) if start is None else start
    return text_fragment(url, text, start, start + len(quoted))


def test_a_quote_is_named_in_the_address():
    assert link("The end.") == "https://example.org/a?b=1#:~:text=The%20end."


def test_what_the_syntax_uses_is_encoded():
    assert link("A small - step & no more.").endswith("#:~:text=A%20small%20%2D%20step%20%26%20no%20more.")


def test_a_quote_that_stands_twice_is_told_by_its_neighbours():
    quoted = "Tencent opens up, at last."
    assert "last.,-A%20small" in link(quoted)
    assert ":~:text=step%20%26%20no%20more.-,Tencent" in link(quoted, start=TEXT.rindex(quoted))


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://example.org/#top", "https://example.org/#:~:text="),
        ("https://example.org/#/news/1", "https://example.org/#/news/1:~:text="),
        ("https://example.org/#:~:text=old", "https://example.org/#:~:text="),
        ("file:///srv/a%20b.md", "file:///srv/a%20b.md#:~:text="),
    ],
)
def test_a_fragment_gives_way_unless_it_chooses_the_page(url, start):
    assert link("The end.", url) == start + "The%20end."


def test_other_addresses_stay():
    assert link("The end.", "mailto:ann@example.org") == "mailto:ann@example.org"


def test_a_long_quote_is_named_by_its_ends():
    text = " ".join(f"word{n}" for n in range(200))
    assert link(text, text=text) == (
        "https://example.org/a?b=1#:~:text=word0%20word1%20word2,word197%20word198%20word199"
    )


def test_chinese_is_cut_at_its_marks_only():
    text = "".join(f"第{n}句说了一些话，" for n in range(100)) + "完了。"
    first, last = unquote(link(text, text=text).partition(":~:text=")[2]).rsplit(",", 1)
    assert text.startswith(first)
    assert first.endswith("，")
    assert text.endswith(last)


@given(st.text(alphabet=st.characters()), st.integers(0, 50), st.integers(0, 50))
def test_any_text_makes_an_address_of_plain_characters(text, start, length):
    made = text_fragment("https://example.org/", text, start, start + length)
    assert made.isascii()
    assert not any(c.isspace() for c in made)
