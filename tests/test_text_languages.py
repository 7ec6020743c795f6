"""Which language a text is in, without asking anybody."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.languages import LANGUAGES, SERVED
from briefs.text.detection import detect_language
from briefs.text.terms import fold
from briefs.text.wordlanguage import word_language_chances


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The two companies agreed to open their platforms to each other."),
        ("fr", "Les deux entreprises ont accepté d'ouvrir leurs plateformes."),
        ("zh", "两家公司同意互相开放平台。"),
        ("zh", "兩家公司同意互相開放 WeChat Pay 平台。"),
        ("ja", "両社は互いのプラットフォームを開放することで合意した。"),
        ("ko", "두 회사는 서로의 플랫폼을 개방하기로 합의했다."),
        ("de", "Die beiden Unternehmen öffnen ihre Plattformen füreinander."),
        ("es", "Las dos empresas acordaron abrir sus plataformas entre sí."),
        ("it", "Le due aziende hanno accettato di aprire le loro piattaforme."),
        ("pt", "As duas empresas concordaram em abrir as suas plataformas."),
        ("nl", "De twee bedrijven kwamen overeen hun platforms open te stellen."),
        ("ru", "Две компании договорились открыть свои платформы друг другу."),
        ("ar", "اتفقت الشركتان على فتح منصاتهما لبعضهما البعض."),
        ("und", ""),
        ("und", "12 345, 67 % — https://example.org/a"),
    ],
)
def test_the_language_of_a_text(language, text):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["thoughtful", "harbour lights", "what became of him"]),
        ("fr", ["impôts", "déchets ménagers", "le prix du gaz"]),
        ("de", ["Versicherung", "gestern abend", "die neue Brücke"]),
        ("es", ["ayuntamiento", "lluvias fuertes", "el nuevo puente"]),
        ("it", ["soprattutto", "consiglio comunale", "il nuovo ponte"]),
        ("pt", ["eleições", "nova ponte", "não há dinheiro"]),
        ("nl", ["gemeenteraad", "nieuwe brug", "het weer morgen"]),
        ("ru", ["мост", "новый мост"]),
        ("ar", ["جسر", "جسر جديد"]),
    ],
)
def test_a_word_or_two_are_enough(language, words):
    assert {detect_language(few) for few in words} == {language}


@pytest.mark.parametrize(
    "text",
    [
        "Він живе у Києві",
        "چگونه می‌توانم به پاریس بروم",
        "Rada miasta zatwierdziła w poniedziałek budowę nowego mostu przez rzekę",
        "Meituan",
        "Градският съвет одобри в понеделник строежа на нов мост над реката до старата гара",
        "Міська рада схвалила в понеділок будівництво нового мосту через річку біля вокзалу",
        "شورای شهر روز دوشنبه با ساخت پل جدید روی رودخانه در کنار ایستگاه قدیمی موافقت کرد",
    ],
)
def test_a_neighbour_that_is_not_served_and_a_name_are_unsure(text):
    assert detect_language(text) == "und"


def test_few_words_are_the_same_composed_or_not_and_in_any_case():
    assert {detect_language(few) for few in ("élections", "e\u0301lections", "ÉLECTIONS")} == {"fr"}


def test_a_long_title_in_another_language_does_not_tell_the_language_of_the_text():
    text = "Le conseil municipal a voté lundi soir la construction d'un nouveau pont sur la rivière, près de la gare. "
    assert detect_language("The lighthouse keepers of Farrow Point and their friends in town\n" + 4 * text) == "fr"


def test_addresses_and_figures_tell_nothing():
    address = "https://www.the-harbour-news.example/the/keepers/of/the/light"
    assert detect_language(f"{address} webmaster@the-harbour.example 2021 le pont de la gare est fermé") == "fr"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzàéïßñ '", max_size=30))
def test_the_chances_of_few_words_add_up_to_one(text):
    assert sum(word_language_chances(text).values()) == pytest.approx(1)


@given(st.text(alphabet=st.characters()))
def test_any_text_has_a_served_language_or_none(text):
    assert detect_language(text) in {*SERVED, "und"}


def test_nothing_is_printed_and_no_downloader_is_loaded():
    code = (
        "import sys; from briefs.text.detection import detect_language; print(detect_language('Bonjour le monde'));"
        "print(sorted({'requests', 'robust_downloader'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("fr\n[]\n", "")


@pytest.mark.parametrize("code", SERVED)
def test_word_lists_are_folded_and_apart(code):
    known = LANGUAGES[code]
    for words in (known.core_stop_words, known.other_stop_words, known.question_words):
        assert words
        assert all(fold(word) == word for word in words)
    assert not known.core_stop_words & known.other_stop_words
