"""Lists of feeds as other programs write them: one bad outline costs itself, and is named by its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.exchange import opml
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.models import Source
from tests.conftest import ROOT
from tests.growth import grows_as_squares
from tests.test_cli import briefbot as briefbot


def read(*lines: str) -> opml.Outlines:
    return opml.read("\n".join(["<opml version='2.0'><body>", *lines, "</body></opml>"]).encode(), "feeds.opml")


def feeds(*lines: str) -> list[str | None]:
    return [entry.feed for entry in read(*lines).entries]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('xmlUrl="https://a.example/f?x=1&y=2"', "https://a.example/f?x=1&y=2"),
        ('xmlUrl="https://a.example/f?x=1&amp;y=2"', "https://a.example/f?x=1&y=2"),
        ('xmlUrl="https://a.example/f?x=1&amp;amp;y=2"', "https://a.example/f?x=1&y=2"),
        ('xmlUrl="https://a.example/f?id=7&copy=1&lang=fr"', "https://a.example/f?id=7&copy=1&lang=fr"),
        ('xmlurl="https://a.example/f"', "https://a.example/f"),
        ("XMLURL = 'https://a.example/f'", "https://a.example/f"),
        ('xmlUrl="  https://a.example/f\n   "', "https://a.example/f"),
        ('xmlUrl="https://a.example/my feed"', "https://a.example/my%20feed"),
        ('xmlUrl="https://a.example/\n  long/address"', "https://a.example/long/address"),
        ('xmlUrl="feed://a.example/f"', "http://a.example/f"),
        ('xmlUrl="feed:https://a.example/f"', "https://a.example/f"),
        ('xmlUrl="feed://https://a.example/f"', "https://a.example/f"),
        ('xmlUrl="FEED://a.example/f"', "http://a.example/f"),
        ('text="a < b > c" xmlUrl="https://a.example/f"', "https://a.example/f"),
        ('text="it\'s" xmlUrl="https://a.example/f"', "https://a.example/f"),
        ('title="R&D caf&eacute; \x00" xmlUrl="https://a.example/f"', "https://a.example/f"),
    ],
)
def test_an_address_is_read_as_it_was_meant(written, meant) -> None:
    assert feeds(f"<outline type='rss' {written}/>") == [meant]
    assert feeds(f"<outline {written}></outline>") == [meant]
    assert feeds(f"<OUTLINE type='rss' {written} >") == [meant]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ('<outline text="Bad" xmlUrl="htp://b.example/f"/>', "“Bad”: its address (xmlUrl) must be a web address"),
        ('<outline text="Bad" xmlUrl="b.example/f"/>', "must be a web address that begins with https:// or http://"),
        ('<outline text="Bad" xmlUrl="http://[::1"/>', "must be a web address"),
        ('<outline text="Bad" xmlUrl="https://b.example/f>', "cut off, or a quotation mark is missing"),
        ('<outline text="Bad xmlUrl="https://b.example/f"/>', "cut off, or a quotation mark is missing"),
        ('<outline text="Bad" xmlUrl=""/>', "“Bad”: it has no address"),
        ('<outline type="rss" text="Bad"/>', "“Bad”: it has no address"),
        ('<outline type="rss"/>', "it has no address"),
        ('<outline text="Bad" xmlUrl="https://b.example/?token=…"/>', "is not whole"),
    ],
)
def test_a_bad_outline_costs_itself_and_is_named_by_its_line(bad, says) -> None:
    found = read('<outline text="One" xmlUrl="https://a.example/f"/>', bad, '<outline xmlUrl="https://c.example/f"/>')
    assert [entry.feed for entry in found.entries] == ["https://a.example/f", "https://c.example/f"]
    (problem,) = found.problems
    assert problem.line == 3
    assert says in problem.says


def test_no_problem_says_a_secret() -> None:
    secret = "htp://ann:s3cret@b.example/?token=s3cret"
    (problem,) = read(f'<outline text="{secret}" xmlUrl="{secret}"/>').problems
    assert "s3cret" not in problem.says


def test_folders_in_folders_become_sections() -> None:
    found = read(
        '<outline text="News">',
        '  <outline text="Tech" title="Tech &amp; Co">',
        '    <outline text="One" xmlUrl="https://a.example/f"/>',
        "  </outline>",
        '  <outline text="Two" xmlUrl="https://b.example/f"/>',
        '  <outline text="A feed with an end" xmlUrl="https://c.example/f"></outline>',
        '  <outline text="Three" xmlUrl="https://d.example/f"/>',
        "</outline>",
        '<outline text="Four" xmlUrl="https://e.example/f"/>',
    )
    assert [entry.section for entry in found.entries] == ["News / Tech & Co", "News", "News", "News", None]


def test_a_feed_is_taken_once_however_often_it_stands_there() -> None:
    outline = '<outline text="One" xmlUrl="https://a.example/f"/>'
    found = read(outline, '<outline text="Two" xmlUrl="HTTPS://A.example:443/f"/>', outline, f"<!--\n{outline}\n-->")
    assert (len(found.entries), found.again, found.problems) == (1, 2, ())


def test_languages_that_articles_may_have_are_kept_and_others_left_out() -> None:
    codes = [f'<outline xmlUrl="https://a.example/{code}" language="{code}"/>' for code in ("fr", "en-US", "tlh", "")]
    assert [entry.language for entry in read(*codes).entries] == ["fr", "en", None, None]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-16")],
)
def test_names_are_read_in_the_encoding_of_the_file(encoding, declared) -> None:
    text = (
        f"<?xml version='1.0' encoding='{declared}'?><opml><outline text='Café' xmlUrl='https://a.example/f'/></opml>"
    )
    (entry,) = opml.read(text.encode(encoding), "feeds.opml").entries
    assert entry.name == "Café"


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "not XML"), ("nothing", "not XML"), ("<html></html>", "begins with <html>"), ("<rss/>", "<rss>")],
)
def test_what_is_no_opml_is_one_line(text, says) -> None:
    with pytest.raises(ConfigError, match=says):
        opml.read(text.encode(), "feeds.opml")


@given(st.binary(max_size=300))
def test_whatever_stands_there_it_is_read_or_refused(noise) -> None:
    found = opml.read(b"<opml>" + noise + b"\n<outline xmlUrl='https://a.example/f'/>", "feeds.opml")
    assert all(problem.says for problem in found.problems)


@pytest.mark.parametrize(
    "hostile", ["<outline ", "<outline a='", '<outline a="<', "<outline a='b' ", "<!--", "<outline>"]
)
def test_reading_takes_no_longer_for_what_is_made_to_be_slow(hostile) -> None:
    def made(length: int) -> str:
        return "<opml>" + hostile * (length // len(hostile))

    assert not grows_as_squares(lambda text: opml.read(text.encode(), "feeds.opml"), made, 400_000)


def test_sections_go_out_as_folders_and_come_back() -> None:
    sources = [
        Source("https://a.example/f?x=1&y=2", "feed", "One & only", "fr", section="News / Tech"),
        Source("https://b.example/f", "feed", section="News"),
        Source("https://c.example/f", "feed", "Three"),
    ]
    back = opml.read(opml.write(sources).encode(), "feeds.opml")
    told = {(entry.feed, entry.name, entry.language, entry.section) for entry in back.entries}
    assert told == {(one.address, one.name, one.language, one.section) for one in sources}
    assert back.problems == ()


def test_the_starter_feeds_come_in_without_a_problem() -> None:
    found = opml.read((ROOT / "seeds" / "feeds.opml").read_bytes(), "feeds.opml")
    assert (len(found.entries) >= 8, found.problems, found.again) == (True, (), 0)


# ---------------------------------------------------------------- on the command line


LIST = """<opml><body>
<outline text="News">
<outline text="Good" xmlUrl="https://a.example/f"/>
<outline text="Bad" xmlUrl="https://b.example/f>
</outline>
</body></opml>
"""


def test_an_import_says_which_lines_it_left_out_and_takes_the_rest(briefbot, tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "feeds.opml").write_text(LIST)
    said = briefbot("import", "feeds.opml", "--config", "there")
    assert (said.code, "1 source" in said.out) == (0, True)
    assert (
        said.err
        == "feeds.opml, line 4: this outline is cut off, or a quotation mark is missing in it; it is left out\n"
    )
    assert Config.load(tmp_path / "there").sources == (Source("https://a.example/f", "feed", "Good", section="News"),)
    exported = yaml.safe_load(briefbot("export", "--config", "there").out)
    assert exported["sources"] == [{"feed": "https://a.example/f", "name": "Good", "section": "News"}]


def test_an_import_in_json_has_what_was_refused(briefbot, tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "feeds.opml").write_text(LIST)
    (refused,) = briefbot("import", "feeds.opml", "--json", "--config", "there").json["refused"]
    assert (refused["line"], "cut off" in refused["error"]) == (4, True)


def test_an_import_of_bad_outlines_alone_fails(briefbot, tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "feeds.opml").write_text("<opml><outline type='rss'/></opml>")
    assert briefbot("import", "feeds.opml", "--config", "there").code == 1
