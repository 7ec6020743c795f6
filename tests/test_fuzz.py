"""What fuzzing found, each once, on the way that it was found on: see `make fuzz`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.exchange import opml
from briefs.ingest.addresses import canonical
from briefs.ingest.feeds import read_feed
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.ingest.readers.fields import web_address
from tests.conftest import ROOT
from tests.dispatcher import open_office
from tests.pdf_pages import paragraph, pdf

EACH = """
from contextlib import suppress
from itertools import islice
from briefs.errors import BriefsError
from tests.fuzz.targets import TARGETS

for name, target in TARGETS.items():
    for seed in islice(target.seeds(), 8):
        with suppress(BriefsError):
            target.run(seed)
    print(name)
"""


def test_each_target_takes_what_it_begins_with():
    done = subprocess.run([sys.executable, "-c", EACH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 9


PORTLESS = "https://a.example:port/1"


def test_a_sign_that_a_page_can_only_name_costs_no_article():
    page = b"<html><body><article><h1>Ferry</h1><p>The ferry is\n back &#xe; at last, and it\n sails.</p></article>"

    assert "back at last" in " ".join(prepare(RawItem("https://a.example/1", page, "text/html")).article.text.split())


@pytest.mark.parametrize("link", [PORTLESS, "https://a.example:99999/1", "https://a.example:9999999/1"])
def test_an_address_with_a_port_that_is_none_is_no_link_of_an_entry(link):
    body = (
        f"<rss version='2.0'><channel><title>F</title><item><title>T</title><link>{link}</link></item></channel></rss>"
    )

    (entry,) = read_feed(body.encode(), "https://a.example/feed").entries

    assert entry.url is None
    assert entry.item("F").address != link


def test_an_address_with_a_port_that_is_none_is_said_where_it_is_imported_or_set_up():
    read = opml.read(f"<opml><body><outline text='A' xmlUrl='{PORTLESS}'/></body></opml>".encode(), "a.opml")

    assert (read.entries, len(read.problems)) == ((), 1)
    with pytest.raises(ValueError, match="must be a web address"):
        web_address(PORTLESS)
    assert canonical(PORTLESS) == PORTLESS


@pytest.mark.parametrize(
    ("key", "said"),
    [("Title", "00D8"), ("Author", "00D8"), ("CreationDate", "D:00010101000000+14'00'".encode("utf-16-le").hex())],
)
def test_what_a_pdf_says_of_itself_in_half_characters_or_of_the_first_day_of_all_costs_no_article(key, said):
    body = pdf([paragraph(["A printed sentence that can be read."])], info={key: "Z"})
    garbled = body.replace(f"/{key} <{'Z'.encode('utf-16').hex()}>".encode(), f"/{key} <FFFE{said}>".encode())
    assert garbled != body

    article = prepare(RawItem("file:///a.pdf", garbled, "application/pdf")).article

    assert "A printed sentence" in article.text
    assert article.published is None


async def test_half_a_character_in_a_button_or_a_completion_is_answered(tmp_path):
    office = open_office(tmp_path)
    person = office.person()

    assert await person.press("share", "\udc92")
    asked = person._asked("")
    assert await office.dispatcher.complete(asked, "topic show", "topic", "\udc92") == []
    office.archive.close()
