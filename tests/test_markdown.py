"""Markdown gives its words, and its front matter its fields, whatever a stranger wrote into them."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from briefs.errors import Unreadable
from briefs.ingest.markdown import front_matter, plain_markdown
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem


def test_front_matter_becomes_fields_and_leaves_the_text() -> None:
    found = front_matter(
        "---\ntitle: 'Deux: points'\ndate: 2021-09-14\nlang: fr\n"
        "author: [Ann, Bo]\nsource: Le Journal\n---\n\nLe texte.\n",
        "file:///a.md",
    )
    assert found.text == "Le texte."
    assert (found.title, found.language, found.author, found.source) == ("Deux: points", "fr", "Ann, Bo", "Le Journal")
    assert found.published == datetime(2021, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021-09-14T09:00:00+02:00", datetime(2021, 9, 14, 7, tzinfo=UTC)),
        ("2021-09-14 09:00", datetime(2021, 9, 14, 9, tzinfo=UTC)),
        ("'2021-09-14'", datetime(2021, 9, 14, tzinfo=UTC)),
        ("14 September 2021", datetime(2021, 9, 14, tzinfo=UTC)),
        ("2021", None),
        ("tomorrow", None),
    ],
)
def test_a_date_is_read_as_people_write_it(written, meant) -> None:
    assert front_matter(f"---\ndate: {written}\n---\nText.", "file:///a.md").published == meant


@pytest.mark.parametrize("value", ["yes", "2021", "0x10", "1.0", "null", "~"])
def test_a_value_is_what_is_written_not_what_yaml_makes_of_it(value) -> None:
    assert front_matter(f"---\ntitle: {value}\n---\nText.", "file:///a.md").title == value


@pytest.mark.parametrize("text", ["---\nno end", "--- \nA line.\n---\nMore.", "Text\n---\ntitle: no\n---\n"])
def test_lines_of_dashes_that_are_no_front_matter_stay_text(text) -> None:
    assert front_matter(text, "file:///a.md").text == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: x\n---\n", "a.md: there is no text after the front matter"),
        ("---\na: 1\ntitle: a: b\n---\nText", "a.md: the front matter is not valid YAML near line 3"),
        ("---\na: &a x\nb: *a\n---\nText", "a.md: the front matter is not valid YAML near line 3"),
    ],
)
def test_a_head_that_cannot_be_read_is_one_clear_line(text, said) -> None:
    with pytest.raises(Unreadable, match=said):
        prepare(RawItem("file:///a.md", text.encode(), "text/markdown"))


def bomb() -> str:
    """Mappings that each merge the one before nine times: 305 bytes that took 20 seconds, and a gigabyte with more."""
    names = "abcdefghi"
    steps = (f"{new}: &{new} {{<<: [{','.join(f'*{old}' for _ in range(9))}]}}" for old, new in pairwise(names))
    return "\n".join(("a: &a {k: v}", *steps))


HOSTILE = {
    "a number of 6,000 digits": "title: 0x" + "f" * 6000,
    "the first hours of all time": "date: 0001-01-01T00:00:00+14:00",
    "the last ones": "date: 9999-12-31T23:59:59-12:00",
    "no truth value": "title: !!bool x",
    "no time": "date: !!timestamp x",
    "no number": "title: !!int x",
    "a program": "title: !!python/object/apply:os.getpid []",
    "an unknown tag": "title: !x y",
    "a merge bomb": bomb(),
    "an alias of itself": "a: &a [*a]",
    "lists in lists": "a: " + "[" * 8000,
    "lists in lists, closed": "a: " + "[" * 4000 + "]" * 4000,
    "mappings in mappings": "a: " + "{a: " * 3000,
    "keys of keys": "? " * 5000,
    "a key that is a list": "? [a]\n: b",
    "sixties": "title: 1:" + "1:" * 5000 + "1",
    "a directive": "%YAML 9.9\n---\ntitle: x",
    "two documents": "title: x\n--- !!str\nb",
    "a lone surrogate": 'title: "\\uD800"',
    "NUL": 'title: "\\0"',
    "a null": "~",
    "quotes that never end": "title: '" + "x" * 8000,
    "blanks": "title:" + " " * 16_000,
    "a long key": "a" * 16_000 + ": b",
    "anchors": "".join(f"k{n}: &a{n} v\n" for n in range(150)),
}


@pytest.mark.parametrize("head", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_head_costs_at_most_its_own_file_and_no_time(head) -> None:
    item = RawItem("file:///a.md", f"---\n{head}\n---\nThe text of this note is read.".encode(), "text/markdown")
    began = time.process_time()
    with suppress(Unreadable):
        found = prepare(item).article
        assert found.published is None
        assert len(found.title) <= 500
        assert "The text of this note is read." in found.text
    assert time.process_time() - began < 1.0


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    text = "# Title #\nSome **bold** and *soft* words, a [link](http://a/b_(c)) and snake_case_name."
    text += "\n\n![picture](x.png)\n\n---\n- - -\n> Quoted. <!-- a\nnote -->\n\n<!-- open"
    read = " ".join(plain_markdown(text).split())
    assert read == "Title Some bold and soft words, a link and snake_case_name. Quoted. <!-- open"
