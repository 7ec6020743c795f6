"""Small feeds, each broken or unusual in one way, and what must come out of each.

The files stand in `tests/data/feeds`, by the kind of their fault; what is expected of them in `expected.json` there: of
the feed its title and language, of its entries, in order, title, link, text, author and date (UTC, to the minute; null:
none may be told). Titles and texts are compared without white space.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs import Entry, read_feed
from briefs.errors import SourceError

DATA = Path(__file__).parent / "data" / "feeds"
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def told(entry: Entry, key: str) -> str | None:
    if key == "date":
        return entry.published.isoformat()[:16] if entry.published else None
    return getattr(entry, {"link": "url"}.get(key, key))


@pytest.mark.parametrize("path", EXPECTED)
def test_a_feed_is_read_as_its_publisher_meant_it(path: str) -> None:
    expected = EXPECTED[path]
    media_type = "application/feed+json" if path.endswith("json") else "application/xml"
    charset = f"; charset={expected['charset']}" if "charset" in expected else ""
    feed = read_feed((DATA / path).read_bytes(), "https://example.org/feed.xml", content_type=media_type + charset)
    assert len(feed.entries) == len(expected["entries"])
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for wanted, entry in zip(expected["entries"], feed.entries, strict=True):
        got = {key: told(entry, key) for key in wanted}
        exact = {key: value for key, value in wanted.items() if key not in ("title", "text")}
        assert {key: got[key] for key in exact} == exact
        for key in wanted.keys() - exact.keys():
            assert squeezed(got[key]) == squeezed(wanted[key])
    for key in expected.keys() & {"title", "language"}:
        assert getattr(feed, key) == expected[key]


def test_every_file_is_expected_and_every_kind_has_several() -> None:
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.*") if path.name != "expected.json"}
    assert files == set(EXPECTED)
    assert len(files) >= 150
    assert min(Counter(path.partition("/")[0] for path in files).values()) >= 5


BITS = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<item>", b"</item>", b"<entry/>", b"&#xd800;", b'"', b"}"]
    ),
)
CHARSETS = st.sampled_from([None, "utf-8", "gbk", "utf-16", "iso-2022-jp", "idna", "base64", "nonsense"])


@settings(deadline=None)
@given(st.sampled_from(sorted(EXPECTED)), st.data(), BITS, CHARSETS)
def test_a_feed_that_is_damaged_anyhow_is_a_feed_or_an_error_of_ours(path, data, bits, charset) -> None:
    body = (DATA / path).read_bytes()
    start, end = sorted((data.draw(st.integers(0, len(body))), data.draw(st.integers(0, len(body)))))
    content_type = f"text/xml; charset={charset}" if charset else None
    with contextlib.suppress(SourceError):
        feed = read_feed(body[:start] + bits + body[end:], "https://example.org/feed.xml", content_type=content_type)
        shown = "".join(part for entry in feed.entries for part in (entry.id, entry.title, entry.text, entry.url or ""))
        assert shown.encode().decode() == shown
