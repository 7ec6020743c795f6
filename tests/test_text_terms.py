"""What an index holds: terms that do not depend on how a word happens to be written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.languages import SERVED
from briefs.text.terms import fold, telling, terms, tokens

ALPHABET = "abcdeéèêçàùœßñöÅøλπжйё'’ 0123,-"  # no full stop: B.A. is another word than b a


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("L’économie d'Alibaba", "fr", ["l", "econom", "d", "alibab"]),
        ("aujourd'hui, jusqu’à Noël", "fr", ["aujourd", "hui", "jusqu", "a", "noel"]),
        ("Tencent's rivals; Tencent’s rival", "en", ["tencent", "rival", "tencent", "rival"]),
        ("1,000 or 1.000 or 1\u202f000", "en", ["1000", "or", "1000", "or", "1000"]),
        ("on 2021.09.13", "en", ["on", "2021", "09", "13"]),
        ("用5G腾讯控股", "zh", ["用", "5g", "腾", "腾讯", "讯", "讯控", "控", "控股", "股"]),
        ("ＷｅＣｈａｔ ½", "en", ["wechat", "12"]),
        ("20 000 and 20000, in 2014 300", "fr", ["20000", "and", "20000", "in", "2014", "300"]),
        ("œuvre, Oeuvre; Łódź", "en", ["oeuvr", "oeuvr", "lodz"]),
        ("C++ or C#, a+b", "en", ["c＋＋", "or", "c＃", "a", "b"]),
        ("AT&T's R & D, .NET", "en", ["at＆t", "r＆d", "．net"]),
        ("us, US and the U.S.", "en", ["us", "ＵＳ", "and", "the", "ＵＳ"]),
        ("j'ai vu l'AI, S.N.C.F.", "fr", ["j", "ai", "vu", "l", "ＡＩ", "sncf"]),
        ("WHO OF US KNOWS", "en", ["who", "of", "us", "know"]),
        ("圖書館 乾坤 乾燥", "zh", [*terms("图书馆 乾坤 干燥", "zh")]),
    ],
)
def test_words_become_terms(text, language, expected):
    assert terms(text, language) == expected


def test_forms_of_a_french_word_are_one_term():
    assert len(set(terms("débloqué débloquée débloqués débloquées débloquer debloquees", "fr"))) == 1


def test_the_terms_of_a_piece_of_chinese_stand_side_by_side_in_the_whole():
    whole, piece = terms("腾讯控股有限公司", "zh"), terms("控股有限", "zh")
    assert any(whole[i : i + len(piece)] == piece for i in range(len(whole)))


def test_pairs_of_characters_tell_a_run_and_of_other_words_all_are_needed():
    assert [*telling(terms("腾讯", "zh"))] == ["腾讯"]
    assert [*telling(terms("腾讯控股", "zh"))] == ["腾讯", "讯控", "控股"]
    for whole in (["讯"], ["腾讯", "qq"], ["new", "newark", "ark"], ["腾", "腾讯", "讯", "holds"]):
        assert [*telling(whole)] == whole


def test_russian_short_i_is_a_letter_not_an_accent():
    assert fold("Новый ЁЖ") == "новый еж"


def test_tokens_know_where_they_stand():
    text = "Alibaba 和腾讯 (1,000)"
    assert [(t.term, text[t.start : t.end]) for t in tokens(text, "zh")] == [
        ("alibaba", "Alibaba"),
        ("和", "和"),
        ("和腾", "和腾"),
        ("腾", "腾"),
        ("腾讯", "腾讯"),
        ("讯", "讯"),
        ("1000", "1,000"),
    ]


@given(st.text(alphabet=ALPHABET), st.sampled_from(SERVED))
def test_composition_case_accents_and_apostrophes_make_no_difference(text, language):
    expected = terms(text, language)
    assert terms(unicodedata.normalize("NFD", text), language) == expected
    assert terms(text.replace("'", "’"), language) == expected
    assert terms(text.title(), language) == expected
    assert terms(fold(text), language) == expected


@given(st.text(alphabet="がガ한국어腾讯ー々"), st.sampled_from(("zh", "ja", "ko")))
def test_decomposed_eastern_text_makes_the_same_terms(text, language):
    assert terms(unicodedata.normalize("NFD", text), language) == terms(text, language)


@given(st.text(alphabet=st.characters()), st.sampled_from((*SERVED, "und")))
def test_any_text_makes_terms_of_letters_digits_and_signs_in_full_width(text, language):
    made = tokens(text, language)
    assert [token.term for token in made] == terms(text, language)
    for token in made:
        assert token.term
        assert not any(c.isspace() or unicodedata.category(c)[0] in "PZ" for c in token.term if c not in "＋＃＆．")
        assert 0 <= token.start < token.end <= len(text)


@given(st.text(alphabet="aBcXs019 .,'+#&-_\n", max_size=60), st.sampled_from(("en", "fr")))
def test_plain_text_which_is_cut_in_less_time_has_the_same_terms(text, language):
    assert [token.term for token in tokens(text, language)] == terms(text, language)


@pytest.mark.parametrize(
    "piece", ["腾讯控股。", "the cat sat on the mat, ", "a", "' ", "1,000", "e\u0301", "ABC DEF", "A.", "1 000 "]
)
def test_a_text_of_a_million_characters_has_its_terms(piece):
    """A step that is quadratic would take hours, and the time limit of every test would end it."""
    some = terms(piece * 10, "en")
    assert set(terms(piece * (1_000_000 // len(piece)), "en")) >= set(some[:-1])
