"""A page gives its main text and what it says of itself, whatever it looks like."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.ingest.pages import extract, feed_links, fragment_text, is_fragment

TEXT = (
    "La coopérative de Brest a rouvert son atelier après deux ans de travaux, et les bateaux sont attendus en mars.",
    "Les ouvriers avaient repris l’entreprise en 2019, quand son propriétaire voulait la fermer et vendre le terrain.",
    "« Nous avons appris à tout faire nous-mêmes », raconte la directrice, qui compte aujourd’hui quarante salariés.",
)


def page(head: str = "", lang: str = "fr", after: str = "") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXT)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>L’atelier rouvre | Ouest Infos</title>{head}</head><body>'
        '<nav><a href="/">Accueil</a> <a href="/sport">Sport</a></nav>'
        f"<article><h1>L’atelier rouvre</h1>{paragraphs}</article>"
        f"<footer>Mentions légales</footer>{after}</body></html>"
    )


HEAD = (
    '<meta property="og:site_name" content="Ouest Infos"><meta name="author" content="Anne Duval">'
    '<meta property="article:published_time" content="2021-09-14T09:00:00+02:00">'
    '<link rel="canonical" href="https://ouest.example/atelier">'
)


def test_a_page_gives_text_title_date_language_author_site_and_address() -> None:
    found = extract(page(HEAD).encode(), "https://www.ouest.example/atelier?utm_source=x")
    assert found.text.split("\n") == list(TEXT)
    assert found.title == "L’atelier rouvre"
    assert found.published == datetime(2021, 9, 14, tzinfo=UTC)
    assert (found.language, found.author, found.source) == ("fr", "Anne Duval", "Ouest Infos")


def test_what_surrounds_the_text_is_left_out() -> None:
    text = extract(page(HEAD).encode()).text
    assert "Accueil" not in text
    assert "Mentions légales" not in text


def test_the_language_of_the_text_counts_more_than_the_template_says() -> None:
    assert extract(page(lang="en-US").encode()).language == "fr"


@pytest.mark.parametrize(
    "canonical",
    ["https://evil.example/atelier", "https://ouest.example/", "javascript:alert(1)", "https://ouest.example/a"],
)
def test_a_canonical_address_that_would_mislead_is_not_believed(canonical) -> None:
    """Another site's, the front page, no web address, or one that drops the query that tells articles apart."""
    html = page(f'<link rel="canonical" href="{canonical}">')
    assert extract(html.encode(), "https://ouest.example/a?id=7").url in (None, "https://ouest.example/a?id=7")


def test_a_page_in_an_old_encoding_is_read_by_what_it_declares() -> None:
    html = page('<meta charset="iso-8859-1">').replace("’", "'")
    assert "après deux ans" in extract(html.encode("latin-1", "ignore")).text
    assert "après deux ans" in extract(page().encode("cp1252"), charset="windows-1252").text


def test_an_xml_declaration_does_no_harm() -> None:
    assert TEXT[0] in extract(b'<?xml version="1.0" encoding="utf-8"?>' + page().encode()).text


@pytest.mark.parametrize("html", [b"", b" ", b"<html></html>", b"\x00\xff", b"<", b"<html><body></body></html>"])
def test_a_page_without_text_gives_an_empty_text(html) -> None:
    assert extract(html).text == ""


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(body) -> None:
    extract(b"<html><body><p>" + body)


def test_feeds_that_a_page_declares_are_found_with_whole_addresses() -> None:
    links = b'<link rel="alternate" type="application/atom+xml" href="../atom"><link rel="stylesheet" href="x.css">'
    html = b"<html><head>" + links + b"</head></html>"
    assert feed_links(html, "https://a.example/b/c") == ("https://a.example/atom",)


def test_a_piece_of_a_page_keeps_all_its_text_in_lines() -> None:
    html = b"<p>First &amp; <b>last</b></p><ul><li>one</li><li>two</li></ul><script>alert(1)</script>3 < 4<br/>end"
    assert is_fragment(html)
    assert [line for line in fragment_text(html).split("\n") if line.strip()] == [
        "First & last",
        "one",
        "two",
        " 3 < 4",
        "end",
    ]
