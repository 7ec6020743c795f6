"""A page gives its main text and what it says of itself, whatever it looks like."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from briefs.ingest.pages import extract, feed_links, fragment_text, is_fragment
from briefs.ingest.raw import Extract

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


def with_inside(part: str) -> str:
    return page().replace(f"<p>{TEXT[1]}</p>", f"{part}<p>{TEXT[1]}</p>")


@pytest.mark.parametrize(
    "part",
    [
        '<p><b>Lire aussi :</b> <a href="/b">Le port attend ses premiers bateaux du printemps</a></p>',
        '<p>ZUM THEMA: <a href="/b">Le port attend ses premiers bateaux du printemps</a></p>',
        '<ul><li><a href="/b">Le port attend ses bateaux</a></li><li><a href="/c">La ville</a></li></ul>',
        '<div><a href="/b"><h3>Le port attend ses premiers bateaux</h3></a><a href="/c"><h3>La ville achète le quai du'
        " commerce</h3></a></div>",
        "<p>Abonnez-vous à notre newsletter pour recevoir le port chaque matin.</p>",
        '<p>[button link="https://x.example/" type="big"]Le port[/button]</p>',
    ],
)
def test_what_leads_to_other_pages_is_left_out_and_the_text_around_it_stays(part) -> None:
    found = extract(with_inside(part).encode()).text
    assert [line for line in found.split("\n") if line] == list(TEXT)


def test_a_box_that_opens_over_a_name_does_not_run_into_the_sentence() -> None:
    links = "".join(f'<a href="/{n}">Un autre article sur Anne Duval, numéro {n}</a>' for n in range(4))
    name = f'<span><a href="/duval">Anne Duval</a><span>{links}</span></span>'
    sentence = f"<p>La directrice {name} compte ouvrir un atelier au printemps, dit-elle aux ouvriers.</p>"
    assert "La directrice Anne Duval compte ouvrir" in extract(with_inside(sentence).encode()).text


def test_a_sentence_with_links_is_text() -> None:
    sentence = (
        '<p>Le port attend, selon <a href="/b">la mairie</a>, <a href="/c">douze bateaux</a> avant la fin du mois.</p>'
    )
    assert "Le port attend, selon la mairie, douze bateaux" in extract(with_inside(sentence).encode()).text


def test_text_that_stands_loose_before_the_first_paragraph_is_kept() -> None:
    lede = "Après deux ans, la coopérative rouvre son atelier <b>mardi</b> devant les habitants de la ville."
    html = page().replace("<h1>L’atelier rouvre</h1>", f'<h1>L’atelier rouvre</h1><div class="article-body">{lede}')
    assert "rouvre son atelier mardi devant" in " ".join(
        extract(html.replace("</article>", "</div></article>").encode()).text.split()
    )


# ---------------------------------------------------------------- how a page looks is not what it says


@pytest.mark.parametrize("style", ["border-top: 1px solid #ddd", "overflow: hidden", "margin:0;border:0"])
def test_a_box_of_paragraphs_is_text_whatever_it_looks_like(style) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXT)
    html = page().replace(paragraphs, f'<div style="{style}">{paragraphs}</div><p>Des bateaux sont au quai.</p>')
    assert extract(html.encode()).text.split("\n")[:3] == list(TEXT)


def test_what_a_style_hides_stays_hidden() -> None:
    secret = "Ce paragraphe n’est montré à personne, et il attend là depuis deux ans qu’un script le découvre."
    assert secret not in extract(with_inside(f'<p style="display: none">{secret}</p>').encode()).text


def test_a_page_set_in_a_table_or_a_list_keeps_its_paragraphs_apart() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXT)
    article = f"<article><h1>L’atelier rouvre</h1>{paragraphs}</article>"
    for frame in (
        f"<table><tr><td><a href='/'>Accueil</a></td><td><h1>L’atelier rouvre</h1>{paragraphs}</td></tr></table>",
        f"<ul><li><h1>L’atelier rouvre</h1>{paragraphs}</li></ul>",
    ):
        found = extract(page().replace(article, frame).encode())
        assert [line for line in found.text.split("\n") if line] == list(TEXT)


def test_a_line_break_of_the_source_ends_no_line_of_the_text() -> None:
    broken = page().replace("après deux ans", "après\n        deux\n ans")
    assert extract(broken.encode()).text.split("\n")[0] == TEXT[0]


@pytest.mark.parametrize(
    "picture",
    [
        '<p><img src="a.jpg"></p><p>L’atelier, vu du quai.</p>',
        '<div><picture><img src="a.jpg"></picture></div><div><span>L’atelier,</span> vu du quai.</div>',
        '<p><img src="a.jpg"><br>L’atelier, vu du quai.</p>',
    ],
)
def test_a_short_line_right_after_an_image_is_its_caption(picture) -> None:
    html = page().replace(f"<p>{TEXT[1]}</p>", f"<p>{TEXT[1]}</p>{picture}")
    assert [line for line in extract(html.encode()).text.split("\n") if line] == list(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "<h2>Un nouveau départ</h2>",
        "<p>Qui avait repris l’entreprise ?</p>",
        "<p><b>Sur le quai</b>, <img src='a.png'> on attend depuis mardi les bateaux et ceux qui les commandent.</p>",
    ],
)
def test_what_follows_an_image_and_is_no_caption_stays(line) -> None:
    html = page().replace(f"<p>{TEXT[1]}</p>", f'<p><img src="a.jpg"></p>{line}<p>{TEXT[1]}</p>')
    said = lxml_html.fromstring(line).text_content()
    assert " ".join(said.split()) in " ".join(extract(html.encode()).text.split())


def test_an_image_inside_a_line_makes_no_caption_of_it() -> None:
    assert (
        "Sur le quai on attend." in extract(with_inside("<p>Sur le quai <img src='a.png'>on attend.</p>").encode()).text
    )


def test_short_lines_between_pictures_are_text_where_they_are_what_the_page_tells() -> None:
    steps = [f"On pose la planche numéro {number} sur la coque." for number in range(12)]
    told = "".join(f'<p><img src="{number}.jpg"></p><p>{step}</p>' for number, step in enumerate(steps))
    found = extract(page().replace(f"<p>{TEXT[1]}</p>", told).encode())
    assert all(step in found.text for step in steps)


def test_where_the_sure_text_is_little_of_the_paragraphs_the_suspected_text_is_taken() -> None:
    more = [f"{text} C’était la {number}e fois en {number} ans." for number in range(4, 12) for text in TEXT]
    teased = "".join(f'<div class="bottom"><p>{text}</p></div>' for text in more)
    html = page().replace("</article>", f"{teased}</article>")
    assert more[-1] in extract(html.encode()).text


def test_tags_that_an_editor_took_for_text_go() -> None:
    html = page().replace("après deux ans", "après &lt;font color=red&gt;deux ans&lt;/font&gt;")
    assert extract(html.encode()).text.split("\n")[0] == TEXT[0]


def test_text_that_stands_loose_between_headings_and_paragraphs_is_kept() -> None:
    loose = "À Brest, la <a href='/c'>coopérative</a> attend douze bateaux avant la fin du mois de mars, dit la mairie."
    html = page().replace("</h1>", f"</h1>{loose}<br>")
    said = "À Brest, la coopérative attend douze bateaux avant la fin du mois de mars, dit la mairie."
    assert extract(html.encode()).text.split("\n")[0] == said


def test_a_list_of_what_was_read_most_is_no_text_though_it_has_numbers() -> None:
    titles = ("Le port attend", "La mairie achète", "Un quai neuf")
    rows = "".join(f"<li><span>{n}</span><a href='/{n}'>{title}</a> 139908</li>" for n, title in enumerate(titles))
    assert "Un quai neuf" not in extract(with_inside(f"<ul>{rows}</ul>").encode()).text


def test_a_text_that_the_page_states_stands_in_for_one_that_cannot_be_found() -> None:
    body = " ".join(TEXT) * 3
    data = json.dumps({"@type": "NewsArticle", "articleBody": body})
    script = f'<script type="application/ld+json">{data}</script>'
    html = f"<html><head><title>L’atelier</title>{script}</head><body><div></div></body></html>"
    assert extract(html.encode()).text == body


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            '<meta property="og:title" content="L’atelier rouvre - Ouest Infos">'
            '<meta property="og:site_name" content="Ouest Infos">',
            "L’atelier rouvre",
        ),
        ('<meta property="og:title" content="Brest : on en parle enfin">', "L’atelier rouvre"),
    ],
)
def test_the_heading_that_the_page_title_agrees_with_is_the_title(head, title) -> None:
    assert extract(page(head).encode()).title == title


def test_a_heading_that_is_the_name_of_the_site_is_not_the_title() -> None:
    html = page().replace("<nav>", "<h1>Ouest Infos</h1><nav>")
    assert extract(html.encode()).title == "L’atelier rouvre"


def titled(document: str, body: str = "", head: str = "", address: str | None = None) -> str:
    html = page(head).replace("L’atelier rouvre | Ouest Infos", document).replace("<h1>L’atelier rouvre</h1>", body)
    return extract(html.encode(), address).title


@pytest.mark.parametrize(
    ("document", "heading", "title"),
    [
        ("Brest : l’atelier a rouvert mardi - CRIC", "CRIC", "Brest : l’atelier a rouvert mardi"),
        ("Un port et ses bateaux", '<a href="/">Ouest Infos</a>', "Un port et ses bateaux"),
    ],
)
def test_a_lone_heading_that_is_the_name_of_the_site_is_not_the_title(document, heading, title) -> None:
    body = f"<h1>{heading}</h1><div>Brest : l’atelier a rouvert mardi</div>"
    assert titled(document, body, address="https://ouest.example/a") == title


@pytest.mark.parametrize(
    "document",
    ["港口的仓库两年后重新开放_财经频道_示例网", "港口的仓库两年后重新开放|示例网", "港口的仓库两年后重新开放-示例网"],
)
@pytest.mark.parametrize(
    "body",
    [
        '<a href="/">示例网</a> &gt; <a href="/money">财经频道</a>',
        '<a href="/"><img src="a.png" alt="示例网"></a><ul><li><a href="/money">财经频道</a></li></ul>',
        "<div class=title>港口的仓库两年后重新开放</div>",
    ],
)
def test_what_a_page_calls_its_site_and_its_sections_is_no_part_of_its_title(document, body) -> None:
    assert titled(document, body) == "港口的仓库两年后重新开放"


def test_the_address_names_the_site_too() -> None:
    assert (
        titled("Port workers return | Example Daily", address="https://www.example-daily.test/a")
        == "Port workers return"
    )
    assert titled("Example Daily: Port | Port workers return") == "Example Daily: Port | Port workers return"


def test_a_part_of_a_title_that_nothing_says_is_a_name_stays() -> None:
    assert titled("Retour au port – un récit de la côte") == "Retour au port – un récit de la côte"


@pytest.mark.parametrize(
    "marked",
    [
        '<script type="application/ld+json">{"@graph":['
        '{"@type":"NewsArticle","datePublished":"2021-09-14T23:30:00+02:00"}]}</script>',
        '<meta name="pubdate" content="2021-09-14">',
    ],
)
def test_the_day_is_the_one_the_page_states(marked) -> None:
    assert extract(page(marked).encode()).published == datetime(2021, 9, 14, tzinfo=UTC)


def test_a_day_beside_the_heading_counts_and_an_update_or_a_birthday_does_not() -> None:
    def under_heading(line: str) -> Extract:
        return extract(page().replace("</h1>", f"</h1><span>{line}</span>").encode())

    assert under_heading("Publié le 14 septembre 2021").published == datetime(2021, 9, 14, tzinfo=UTC)
    assert under_heading("Né le 3 mai 1961").published is None


def test_a_long_text_in_a_language_that_is_not_served_is_not_said_to_be_the_templates() -> None:
    text = "হাসিনুর রহমানকে কুপিয়ে হত্যা করা হয়েছে এবং এ সময় অন্য একজন আহত হয়েছেন। " * 20
    html = f"<html lang='en-US'><head><title>x</title></head><body><article><p>{text}</p></article></body></html>"
    assert extract(html.encode()).language is None


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
