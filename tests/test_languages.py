"""A language is one file: what articles in Spanish get from theirs, and what a new one takes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from briefs.archive import Archive
from briefs.ingest.clean import clean
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.languages import LANGUAGES, pack_of
from briefs.models import Article
from briefs.quoting._pointing import pointers
from briefs.quoting.passages import STANDS
from briefs.quoting.standalone import standing
from briefs.text.dates import find_date
from briefs.text.features import figures
from briefs.text.sentences import split_sentences
from briefs.text.terms import terms
from briefs.topics import Topic, parse_topic
from tests.clock import Clock
from tests.conftest import ROOT

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
TITLE = "Valdemora inaugura su nuevo puente sobre el río Arén"
COSTS = (
    "El Ayuntamiento de Valdemora anunció el 12 de marzo que el nuevo puente sobre el río Arén costará 12 millones de "
    "euros y se abrirá en 2028."
)
DESIGN = (
    "La ingeniera Carmen Ruiz diseñó el puente de Valdemora en 2019, tras un concurso al que se presentaron 14 "
    "arquitectos de toda la región."
)
SHOPS = (
    "Los comerciantes del casco viejo de Valdemora temen que las obras del puente ahuyenten a sus clientes hasta 2028."
)
LEANS = [
    "Él también diseñó el puente en 2019, tras un concurso con 14 arquitectos.",
    "Sin embargo, se negaron a pagarlo.",
    "Esta decisión sorprendió a los vecinos.",
    "Añadió que las obras durarán dos años.",
    "Además, ellos habían pedido más tiempo.",
    "«No podemos esperar más», dijo.",
    "Entre ellas figuran 14 arquitectos.",
    "El joven fue detenido por la policía.",
]
BRIDGE = Article("puente", TITLE, " ".join((COSTS, LEANS[3], DESIGN, LEANS[1], SHOPS)), source="Diario de Arén")
OTHERS = [
    Article(
        "vino",
        "La cosecha de uva cae un 20 % en la comarca de Sotillo",
        "La cooperativa de Sotillo recogió 3.400 toneladas de uva en septiembre, un 20 % menos que el año anterior.",
        source="Diario de Arén",
    ),
    Article(
        "bridge",
        "Harwick opens its new bridge",
        "The town of Harwick in Yorkshire opened a new bridge over the river Lorne on Monday, at a cost of 9 million "
        "euros.",
        source="Harwick Post",
    ),
]


def archive_of(*articles: Article, database_url: str) -> Archive:
    archive = Archive.open(database_url, clock=Clock(NOON))
    archive.add(articles)
    return archive


# ---------------------------------------------------------------- Spanish


@pytest.mark.parametrize(
    "sentences",
    [
        ["El Sr. Gómez viajó a EE. UU. en enero.", "La Dra. Ruiz no."],
        ["Vive en EE. UU. desde 2010.", "Trabaja en Sol S. A. de lunes a viernes."],
        ["¿Quién pagará?", "¡Nadie!", "Los JJ. OO. de 2028 serán en Los Ángeles."],
        ["Véase la pág. 14 del informe.", "D. Luis Pérez y Dña. Ana viven en la Avda. Libertad."],
        ["«No iremos. Ni hoy ni mañana», dijo la alcaldesa.", "Llegó a las 10 a. m. del lunes."],
        ["“¿Y ahora?”, preguntó.", "Nadie contestó, p. ej. por miedo, etc.", "Así fue."],
    ],
)
def test_spanish_sentences_end_where_they_end(sentences):
    assert split_sentences(" ".join(sentences), "es") == sentences


def test_a_spanish_page_is_an_article_without_what_stands_around_it():
    html = (
        f"<html lang='es'><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f"<p>Por Ana Belén Soto</p><p>{COSTS}</p><p>{DESIGN}</p><p>Lee también: La uva de Sotillo</p><p>{SHOPS}</p>"
        "<p>Suscríbete a nuestro boletín</p></article></body></html>"
    )
    read = prepare(RawItem("https://diario.example/puente", html.encode(), "text/html"))
    assert (read.article.language, read.article.title) == ("es", TITLE)
    assert [read.article.text[one.start : one.end] for one in read.sentences] == [COSTS, DESIGN, SHOPS]


def test_spanish_lines_that_only_a_page_says_go():
    around = [
        "Inicio",
        "Publicado el 12 de marzo de 2026",
        "Utilizamos cookies propias y de terceros para mejorar su visita.",
        "Foto: Ana Ruiz / EFE",
    ]
    cleaned = clean(
        "\n\n".join((*around, COSTS, DESIGN, "Deja un comentario", "Todos los derechos reservados")), title=TITLE
    )
    assert cleaned.text == f"{COSTS}\n\n{DESIGN}"
    assert cleaned.published == datetime(2026, 3, 12, tzinfo=UTC)


def test_spanish_words_dates_and_figures_are_compared_with_those_of_others():
    assert terms("las elecciones", "es")[1] == terms("la elección", "es")[1]
    assert find_date("Madrid, 12 de marzo de 2026") == datetime(2026, 3, 12, tzinfo=UTC)
    assert [*figures("74.300 millones de euros")] == [*figures("74.3 billion euros")]
    assert [*figures("2 billones")] == [*figures("2 trillion")] != [*figures("2 billion")]


@pytest.mark.parametrize("sentence", [COSTS, DESIGN, SHOPS])
def test_a_spanish_sentence_that_says_who_did_what_reads_well(sentence):
    assert standing(sentence, "es", TITLE, 3).good >= 0.85


@pytest.mark.parametrize(
    "sentence", [*LEANS, "Foto: Ana Ruiz / EFE", "Publicado el 12 de marzo de 2026", "Lo que debes saber"]
)
def test_a_spanish_sentence_that_leans_or_is_none_is_withheld(sentence):
    assert standing(sentence, "es", TITLE, 3).good < 0.5


def test_words_that_point_back_in_spanish_do_not_in_other_languages():
    assert pointers("es").dangles("Les dijo que no.")
    assert not pointers("fr").dangles("Les commerçants de Lorne ont signé une lettre au maire.")


def test_a_look_up_is_answered_from_spanish_articles_in_their_words(database_url):
    with archive_of(BRIDGE, *OTHERS, database_url=database_url) as archive:
        (story, *_) = archive.brief("¿Cuándo se abrirá el puente de Valdemora?").stories
        assert (story.lead.id, story.lead.language) == ("puente", "es")
        assert story.quotes[0].text == COSTS
        assert archive.brief("ingeniero Ruiz").stories[0].quotes[0].text == DESIGN


def test_a_digest_tells_of_spanish_articles(database_url):
    with archive_of(BRIDGE, *OTHERS, database_url=database_url) as archive:
        (story,) = archive.digest(Topic("puentes", parse_topic("puente"))).stories
        assert story.lead.id == "puente"
        assert {quote.text for quote in story.quotes} <= {COSTS, DESIGN, SHOPS}
        assert story.quotes


# ---------------------------------------------------------------- a language that nobody judged sentences of


def test_a_language_whose_pointing_words_nobody_listed_is_hardly_quoted():
    said = "Der Bürgermeister von Harwick kündigte am Montag an, dass die neue Brücke 12 Millionen Euro kosten wird."
    assert not pack_of("de").pointing.opens
    assert standing(said, "de", "Harwick eröffnet seine neue Brücke", 3).good < STANDS


def test_in_a_language_that_was_not_learned_only_what_is_of_no_language_speaks():
    assert standing(COSTS, "de", TITLE, 3) == standing(COSTS, "nl", TITLE, 3)


# ---------------------------------------------------------------- a new one

PACK = r'''"""Esperanto."""

from briefs.languages.pack import Boilerplate, LanguagePack, Pointing, words

PACK = LanguagePack(
    code="eo",
    core_stop_words=words("la kaj de en estas al ke li si ili sed por"),
    before_names=words("s-ro d-ro"),
    asks_when="kiam",
    figure_units={"milionoj": 1e6},
    pointing=Pointing(opens=(r"(?:tamen|ankaŭ|li|ŝi|ili)\b",)),
    boilerplate=Boilerplate(notice=(r"abonu nian gazeton[^\n]{0,40}",)),
)
'''
WHAT_IT_BRINGS = r"""
from datetime import UTC, datetime
from briefs import Article, detect_language, split_sentences
from briefs.ingest.clean import clean
from briefs.quoting._pointing import pointers
from briefs.quoting._questions import expected
from briefs.text.analyse import analyse
from briefs.text.dates import find_date
from briefs.text.features import figures, stop_terms
from briefs.text.languagenames import named_language

said = "La nova ponto de Harwick kostos 12 milionojn da eŭroj, diris la urbestro Paul Roy en la urbo Harwick lunde."
assert detect_language(said) == "eo" == named_language("esperanto")
assert split_sentences("S-ro. Roy diris tion. D-ro. Lee ne.", "eo") == ["S-ro. Roy diris tion.", "D-ro. Lee ne."]
assert "kaj" in stop_terms("eo")
assert [*figures("12 milionoj")] == [*figures("12 million")]
assert find_date("12 marto 2026") == datetime(2026, 3, 12, tzinfo=UTC)
assert pointers("eo").dangles("Tamen neniu pagis.") and not pointers("eo").dangles(said)
assert expected("Kiam oni malfermos la ponton?")
assert clean(f"{said}\n\nAbonu nian gazeton hodiaŭ", title="Ponto").text == said
assert analyse(Article("1", "Ponto", said, "eo")).article.language == "eo"
"""


def test_a_language_is_one_file_and_its_code_in_the_list(tmp_path):
    shutil.copytree(ROOT / "briefs", tmp_path / "briefs", ignore=shutil.ignore_patterns("__pycache__"))
    room = tmp_path / "briefs" / "languages"
    (room / "eo.py").write_text(PACK, encoding="utf-8")
    listed = (room / "__init__.py").read_text(encoding="utf-8")
    (room / "__init__.py").write_text(listed.replace('"ko")', '"ko", "eo")'), encoding="utf-8")
    away = {"cwd": tmp_path, "env": {"PYTHONPATH": str(tmp_path)}}
    tried = subprocess.run([sys.executable, "-c", WHAT_IT_BRINGS], **away, text=True, stderr=subprocess.PIPE)
    assert (tried.stderr, tried.returncode) == ("", 0)


def test_each_language_goes_by_its_code():
    assert all(code == pack.code for code, pack in LANGUAGES.items())
    assert pack_of("xx").core_stop_words == pack_of(None).core_stop_words == frozenset()
