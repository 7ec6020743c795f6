"""What stands in an article for what was typed: a part of a name, a name for its initials, a word near in meaning."""

from __future__ import annotations

import pytest

from briefs.archive import Archive
from briefs.models import Article
from briefs.quoting.asked import PreparedQuery, said_of
from briefs.quoting.headline import beyond_title
from briefs.quoting.relevance import Shares
from briefs.search.initials import spelled_out
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.query import Query, QueryTerm
from tests import sqlite

HERONS = Article(
    "herons",
    "Wetlands: what comes next",
    "In a talk at the harbour, director Ada Brill of the National Heron Protection Agency asked for quieter boats.\n"
    "Farmers along the estuary have been counting nests since the spring, and most of them say there are more.",
    "en",
)
BRIDGE = Article(
    "bridge",
    "Is the town's new bridge all about lorries?",
    "Engineer Numa Kestrel, who leads the largest bridge maker of the coast, has called for all bridges to be built to "
    "one standard, which would let the same cranes and the same crews repair any of them within a single night.\n"
    "The council had promised a decision before the summer, and put it off twice for want of a report on the soil.\n"
    "“Imagine a crane that fits every pier on the coast of Norway, where ships from 30 countries wait for one,” "
    "Kestrel said at a press conference on cranes in March.",
    "en",
)
WEATHER = Article("weather", "Rain until Friday", "It will rain on the hills until Friday, forecasters said.", "en")


@pytest.fixture
def archive(tmp_path):
    aliases = Aliases([("Numa Kestrel", "努玛")])
    with Archive.open(sqlite.database(tmp_path / "meant.db"), aliases=aliases) as opened:
        opened.add([HERONS, BRIDGE, WEATHER])
        yield opened


def shown(archive, query):
    """Return the first story's article, and its quotes in one."""
    story = archive.brief(query).stories[0]
    return story.articles[0].id, " ".join(quote.text for quote in story.quotes)


@pytest.mark.parametrize("initials", ["nhpa", "NHPA"])
def test_initials_that_no_article_has_stand_for_the_name_that_has_them(archive, initials):
    name, quoted = shown(archive, f"{initials} director")
    assert name == "herons"
    assert "Ada Brill" in quoted


def test_it_is_said_which_name_the_initials_were_read_as(archive):
    assert archive.brief("nhpa director").read_as.names == (("nhpa", ("National Heron Protection Agency",)),)


@pytest.mark.parametrize("word", ["nhpx director", "harbour nh", "director"])
def test_what_are_no_initials_of_a_name_stays_a_word(archive, word):
    read = archive.brief(word).read_as
    assert read is None or not read.names


@pytest.mark.parametrize(
    ("initials", "text", "name"),
    [
        ("mit", "the Ministry of Industry and Trade said", "Ministry of Industry and Trade"),
        ("sgc", "la Société Générale des Canaux ouvre", "Société Générale des Canaux"),
        ("ogp", "l’Observatoire des Grands Ports dit", "Observatoire des Grands Ports"),
        ("odgp", "l’Office d’État des Grands Ports", ""),
        ("hpa", "at the National Heron Protection Agency", "Heron Protection Agency"),
        ("hpa", "at the heron protection agency", ""),
        ("bcd", "The Ægir Bulk Carriers Deal was signed", "Bulk Carriers Deal"),
        ("tbl", "at the Þingvellir Boat Line", "Þingvellir Boat Line"),
        ("hpa", "去年Heron Protection Agency说", "Heron Protection Agency"),
    ],
)
def test_a_name_is_found_by_the_capitals_of_its_words(initials, text, name):
    assert spelled_out(initials, [text]) == name


def test_a_surname_alone_stands_for_a_name_where_no_other_article_has_it(archive):
    name, quoted = shown(archive, "What did Numa Kestrel say at the press conference on cranes?")
    assert name == "bridge"
    assert quoted.startswith("“Imagine a crane")


def test_a_part_of_a_name_that_others_have_too_does_not_stand_for_it(archive):
    archive.add(
        [Article("lee", "Birds", "A kestrel hovered over the field for an hour on Monday, walkers said.", "en")]
    )
    assert [story.articles[0].id for story in archive.brief("Numa Kestrel").stories] == ["bridge"]


def test_a_title_with_a_word_near_in_meaning_says_less_than_one_with_the_word():
    analysed = analyse(Article("bridge", BRIDGE.title, BRIDGE.text, "en"))

    def of_title(form: str, trust: float) -> float:
        asked = PreparedQuery.of(Query("viaduct", ("en",), (QueryTerm("viaduct", {(form,): trust}, 1.0),), "en"))
        matches = said_of(analysed, asked, everything=False)
        return Shares.of(analysed, asked, matches, [1.0], None).saying(0).title

    assert of_title("bridg", 1.0) == 1.0
    assert of_title("bridg", 0.6) == 0.6
    assert of_title("viaduct", 1.0) == 0.0


@pytest.mark.parametrize(
    ("heading", "stays"),
    [("Harbour wall closed to walkers", False), ("Harbour wall closed to 300 walkers in May", True)],
)
def test_a_heading_that_the_text_below_it_repeats_is_no_sentence_to_quote_unless_it_has_a_figure(heading, stays):
    text = (
        "The council met for six hours on Monday and ended without a vote on the harbour wall.\n"
        f"{heading}\n"
        "The harbour wall has been closed to walkers since a Tuesday in May, after stones fell into the water.\n"
        "Repairs begin in June."
    )
    analysed = analyse(Article("wall", "Long night at the council", text, "en"))
    kept = [text[one.start : one.end] for one in beyond_title(analysed).sentences]
    assert kept == [line for line in text.split("\n") if stays or line != heading]
