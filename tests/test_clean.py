"""Page furniture goes, its words become fields, and nothing that is text is lost or changed."""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.ingest.broken_words import join_broken_words
from briefs.ingest.clean import clean, opening
from briefs.text.dates import find_date
from briefs.text.lines import tidy
from tests.conftest import kit_folder

BODY = (
    "The lighthouse of Farrow Point was lit again on Sunday after eleven years in the dark, and half the town came.",
    "Its keepers, all of them volunteers, had raised the money by selling jam, postcards and the old lens.",
)
CORPS = (
    "Le moulin de Saint-Aubin tourne de nouveau depuis dimanche, après onze ans, et la moitié du bourg est venue.",
    "Ses meuniers, tous bénévoles, avaient réuni l’argent en vendant des confitures et des cartes postales.",
)
正文 = (
    "十一年没有亮灯的法罗角灯塔上周日重新点亮，镇上一半的居民都赶来观看，许多人一直等到深夜才离开。",
    "灯塔的看守人全部是志愿者，他们靠出售果酱、明信片和旧透镜筹集了修复所需要的全部资金。",
)


def paragraphs(*lines: str) -> str:
    return "\n\n".join(lines)


def kept(text: str) -> list[str]:
    return [line for line in clean(text).text.split("\n") if line]


# ---------------------------------------------------------------- broken words


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("the light-\nhouse keeper", "the lighthouse keeper"),
        ("the light- house and the lighthouse", "the lighthouse and the lighthouse"),
        (
            "The con- sumer of elec- tricity pays for trans- mission.",
            "The consumer of electricity pays for transmission.",
        ),
        ("le bénévo-\nlat des meuniers", "le bénévolat des meuniers"),
        ("a well-\nknown keeper, well-known indeed", "a well-known keeper, well-known indeed"),
        ("micro- et macro-économie", "micro- et macro-économie"),
        (
            "pre- and post-war; con- sumer, elec- tricity, trans- mission",
            "pre- and post-war; consumer, electricity, transmission",
        ),
        ("the line Paris- Lyon", "the line Paris- Lyon"),
        ("a dash - here, and one- there", "a dash - here, and one- there"),
        ("avec cet accord -dont rien n’est dit – ils", "avec cet accord -dont rien n’est dit – ils"),
        ("The last word-\n\nnew paragraph", "The last word-\n\nnew paragraph"),
        ("a mother-in-\nlaw", "a mother-in-\nlaw"),
    ],
)
def test_words_are_joined_where_the_page_broke_them_and_compounds_stay(broken, joined) -> None:
    assert join_broken_words(broken) == joined


def test_lines_wrapped_at_a_fixed_width_become_one_paragraph_again() -> None:
    wrapped = (
        "The lighthouse of Farrow Point was lit again on Sunday after\n"
        "eleven years in the dark, and half the town came to watch. Its\n"
        "keepers, all of them volunteers, had raised the money by\n"
        "selling jam."
    )
    assert kept(wrapped) == [wrapped.replace("\n", " ")]


def test_lines_that_are_sentences_stay_lines() -> None:
    lines = [f"The keeper of pier number {n} said that the light would stay on." for n in range(4)]
    assert kept("\n".join(lines)) == lines


# ---------------------------------------------------------------- heads: titles, bylines, breadcrumbs


def test_a_french_page_gives_title_author_source_and_a_day_first_date() -> None:
    found = clean(
        "Accueil > Régions > Bretagne\n\nLe moulin tourne de nouveau\n\n"
        "Par : Anne Duval |  Mots clés : moulin, Bretagne\nwww.bourg-infos.example | Mis à jour le 03-11-2019\n\n"
        + paragraphs(*CORPS)
    )
    assert found.title == "Le moulin tourne de nouveau"
    assert (found.author, found.source) == ("Anne Duval", "www.bourg-infos.example")
    assert found.published == datetime(2019, 11, 3, tzinfo=UTC)
    assert (found.language, found.text) == ("fr", paragraphs(*CORPS))


def test_an_english_page_gives_the_same() -> None:
    found = clean(
        "Lighthouse lit again\nBy Jane O’Neill and Tom Reed\nPublished on March 4, 2015\n\n"
        + paragraphs(*BODY)
        + "\n\nSource: Farrow Gazette"
    )
    assert (found.title, found.author, found.source) == (
        "Lighthouse lit again",
        "Jane O’Neill and Tom Reed",
        "Farrow Gazette",
    )
    assert found.published == datetime(2015, 3, 4, tzinfo=UTC)
    assert found.text == paragraphs(*BODY)


def test_a_chinese_page_gives_the_same() -> None:
    found = clean(
        "首页 > 新闻 > 社会\n灯塔重新点亮\n来源：法罗日报　　作者：李明\n发布时间：2015年3月4日 08:30\n\n"
        + paragraphs(*正文)
        + "\n\n责任编辑：王芳"
    )
    assert (found.title, found.author, found.source) == ("灯塔重新点亮", "李明", "法罗日报")
    assert found.published == datetime(2015, 3, 4, tzinfo=UTC)
    assert (found.language, found.text) == ("zh", paragraphs(*正文))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Opinion | The light must stay", "The light must stay"),
        ("Exclusive: The light must stay", "The light must stay"),
        ("VIDÉO. La lumière doit rester", "La lumière doit rester"),
        ("独家：灯塔必须保留", "灯塔必须保留"),
        ("The light must stay | Farrow Gazette", "The light must stay"),
        ("Farrow: the light must stay", "Farrow: the light must stay"),
    ],
)
def test_a_label_before_a_title_is_no_part_of_it(line, title) -> None:
    found = clean(paragraphs(line, *BODY))
    assert found.title == title
    assert found.text == paragraphs(*BODY)


def test_a_title_that_is_a_sentence_stays_in_the_text_too() -> None:
    found = clean(paragraphs("The light is back.", *BODY))
    assert found.title == "The light is back"
    assert found.text.startswith("The light is back.")


def test_a_text_without_a_title_is_named_by_its_first_sentence_cut_at_a_clause() -> None:
    found = clean(paragraphs(*BODY))
    assert (
        found.title == "The lighthouse of Farrow Point was lit again on Sunday after eleven years in the dark…"
        or found.title == BODY[0][:-1]
    )
    assert found.text == paragraphs(*BODY)


def test_a_title_that_the_carrier_knows_goes_from_the_text() -> None:
    assert clean(paragraphs("Lit again!", *BODY), title="Lit again!").text == paragraphs(*BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Par ailleurs, la commune a promis de payer la moitié des travaux si le vent le permet.",
        "By Monday the keepers had sold every jar of jam, and the town was asking for more.",
        "Source: the mayor told us on Friday evening that nobody had expected so many visitors at the pier.",
        "See also the report by the harbour board, which says that the lamp will last for thirty years.",
        "Home is where the light is, said one of the keepers while the crowd went down the hill.",
        "Copies of the old lens are for sale > most of them are made of glass, some of sugar.",
    ],
)
def test_sentences_that_begin_like_furniture_are_text(sentence) -> None:
    assert sentence in kept(paragraphs(BODY[0], sentence, BODY[1]))


# ---------------------------------------------------------------- around the text


@pytest.mark.parametrize(
    "furniture",
    [
        "Lire aussi : Le phare de Kervan s’éteint",
        "À lire aussi Le phare de Kervan s’éteint",
        "Read also: Kervan goes dark",
        "Related articles\nKervan goes dark\nA keeper retires",
        "Further reading:\n- Kervan goes dark\n- A keeper retires",
        "Click here to read the full story",
        "Continue reading",
        "Pour en lire plus, cliquez ici ou lisez la suite.",
        "Back to top",
        "Retour en haut de page",
        "Page 12 of 40",
        "- 12 -",
        "Share on Facebook",
        "© 2015 Farrow Gazette. All rights reserved.",
        "3 comments\nLeave a comment\nName\nEmail*\nSubmit",
        "Les dernières réactions \xa0\xa0\xa0 Nombre de réactions : 4\nVotre commentaire\nPseudonyme \xa0 Anonyme",
    ],
)
def test_furniture_after_the_text_goes_whole(furniture) -> None:
    assert kept(paragraphs("A title", *BODY, furniture)) == list(BODY)


@pytest.mark.parametrize(
    "furniture",
    [
        "延伸阅读：另一座灯塔熄灭",
        "相关新闻\n另一座灯塔熄灭\n看守人退休",
        "点击阅读全文",
        "发表评论\n昵称\n提交",
        "返回顶部",
        "共3条评论",
    ],
)
def test_chinese_furniture_after_the_text_goes_whole(furniture) -> None:
    assert kept(paragraphs("标题", *正文, furniture)) == list(正文)


def test_a_teaser_that_runs_on_after_a_sentence_is_cut_off_and_the_sentence_stays() -> None:
    assert kept(paragraphs("Titre", *CORPS[:1], f"{CORPS[1]} Lire aussi : Le phare de Kervan s’éteint")) == list(CORPS)


def test_a_teaser_in_the_middle_does_not_take_the_heading_after_it() -> None:
    text = paragraphs("A title", BODY[0], "Read also\nKervan goes dark", "The money", BODY[1])
    assert kept(text) == [BODY[0], "The money", BODY[1]]


def test_words_of_a_form_are_text_where_there_is_no_form() -> None:
    text = paragraphs("A title", BODY[0], "Message", BODY[1])
    assert "Message" in kept(text)


def test_an_outline_goes_and_its_headings_stay_where_they_head() -> None:
    text = paragraphs("A title", "• The lamp\n• The money\n• Thanks to all", "The lamp", BODY[0], "The money", BODY[1])
    assert kept(text) == ["• Thanks to all", "The lamp", BODY[0], "The money", BODY[1]]


def test_headings_that_come_again_and_again_are_no_outline() -> None:
    lines = [line for _ in range(3) for line in ("Before work", "One egg, soft", "After work", "Two eggs, hard")]
    assert kept(paragraphs("A title", BODY[0], *lines)) == [BODY[0], *lines]


def test_a_line_of_figures_that_stands_twice_stays_twice() -> None:
    row = "1 green container, 1 purple container, 1 yellow container, 2 spoons"
    assert kept(paragraphs("A title", BODY[0], row, BODY[1], row)).count(row) == 2


def test_a_list_that_is_no_outline_stays() -> None:
    text = paragraphs("A title", BODY[0], "- forty jars of jam\n- two hundred postcards", BODY[1])
    assert kept(text)[1:3] == ["- forty jars of jam", "- two hundred postcards"]


def test_a_lede_that_stands_twice_stands_once() -> None:
    assert kept(paragraphs("A title", BODY[0], BODY[0], BODY[1])) == list(BODY)


def test_a_lede_that_begins_a_longer_paragraph_goes() -> None:
    assert kept(paragraphs("A title", BODY[0], f"{BODY[0]} {BODY[1]}")) == [f"{BODY[0]} {BODY[1]}"]


def test_a_refrain_stays() -> None:
    text = "A song\n\nLight, light!\n\nThe tide is high.\n\nLight, light!"
    assert kept(text).count("Light, light!") == 2


def test_a_caption_glued_to_a_sentence_gets_a_line_of_its_own() -> None:
    text = paragraphs("Titre", CORPS[0], f"Le moulin vu du pontLes {CORPS[1][4:]}")
    assert kept(text)[1:] == ["Le moulin vu du pont", f"Les {CORPS[1][4:]}"]


def test_a_keyword_glued_to_a_sentence_goes_where_the_text_says_it_elsewhere() -> None:
    text = paragraphs("Titre", CORPS[0], f"moulin de saint-aubinLes {CORPS[1][4:]}")
    assert kept(text)[1:] == [f"Les {CORPS[1][4:]}"]


@pytest.mark.parametrize("name", ["WeChat has", "eBay a", "YouTube et", "iPhone owners", "McDonald is", "macOS is"])
def test_names_with_a_capital_inside_stay_whole(name) -> None:
    sentence = f"{name} said to be the first to have paid for the lamp, and the keepers are grateful for that."
    assert sentence in kept(paragraphs("A title", BODY[0], sentence))


def test_a_magazine_page_names_its_publication_author_and_month() -> None:
    text = (
        "Coast & Harbour\n\nVolume 7, Number 2\n\nIssue link:\n\nContents of this Issue\n\nPage 31 of 60\n\n"
        f"32 coastandharbour / Issue 2, 2016 (March/April) By Jane Reed {BODY[0]} {BODY[1]}\n\n"
        "Articles in this issue\n\nArchives of this issue\n\nview archives of Coast & Harbour - Volume 7, Number 2"
    )
    found = clean(text)
    assert (found.source, found.author) == ("Coast & Harbour", "Jane Reed")
    assert found.published == datetime(2016, 3, 1, tzinfo=UTC)
    assert found.text == " ".join(BODY)


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Mis à jour le 17-11-2013", "fr", (2013, 11, 17)),
        ("Publié le 1er août 2019 à 10h30", "fr", (2019, 8, 1)),
        ("03/04/2015", "fr", (2015, 4, 3)),
        ("03/04/2015", "en", (2015, 3, 4)),
        ("25/04/2015", "en", (2015, 4, 25)),
        ("Sept. 4, 2015", "en", (2015, 9, 4)),
        ("Friday, 4th of September 2015", "en", (2015, 9, 4)),
        ("2015-09-04T10:00", "en", (2015, 9, 4)),
        ("2015年9月4日", "zh", (2015, 9, 4)),
        ("4. September 2015", "de", (2015, 9, 4)),
        ("31-02-2015", "fr", None),
        ("version 1.2.3", "en", None),
        ("in early March", "en", None),
    ],
)
def test_dates_are_read_as_people_of_the_language_write_them(text, language, day) -> None:
    assert find_date(text, language) == (datetime(*day, tzinfo=UTC) if day else None)


# ---------------------------------------------------------------- properties


def words(text: str) -> str:
    return re.sub(r"[\s\-]+", "", text)


LINES = st.lists(
    st.sampled_from([*BODY, *CORPS, *正文, "A heading", "Lire aussi", "Name", "• A heading", "", "Page 2 of 3"]),
    max_size=12,
)


@settings(deadline=None)
@given(LINES)
def test_no_sentence_of_body_text_is_ever_lost(lines) -> None:
    text = clean("\n".join(lines)).text
    assert all(line in text for line in lines if line in (*BODY, *CORPS, *正文))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_cleaned_without_raising_and_without_inventing_anything(text) -> None:
    found = clean(text)
    assert not re.search(r"[\x00-\x08\u202a-\u202e\u2066-\u2069]", found.text)
    assert clean(found.text, title=found.title, language=found.language).language == found.language


@settings(deadline=None)
@given(st.text(max_size=300))
def test_an_opening_is_one_line_and_short(text) -> None:
    assert "\n" not in opening(text)
    assert len(opening(text)) <= 125


@pytest.mark.parametrize(
    "unit",
    [
        "A sentence of some length, again and again. ",
        "word- word\n",
        "ab\n",
        "a\n\n\n",
        "- a\n",
        "a" * 50,
        "photo of a streetThe mayor said it all\n",
        "腾讯\n",
    ],
)
def test_two_megabytes_of_anything_come_to_an_end(unit) -> None:
    """Anything that looks twice at every pair of lines would take an hour: the time limit of a test ends it."""
    clean(unit * (2_000_000 // len(unit)))


@pytest.mark.parametrize("between", ["\n", " "])
def test_nothing_of_a_book_is_lost(between) -> None:
    book = between.join(f"Sentence number {number} of a long book says what it has to say." for number in range(4000))
    assert clean(book).text == book


def test_characters_that_nobody_sees_go() -> None:
    """Controls, formats and lone surrogates, as this Python's Unicode has them."""
    unseen = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    kept = {c for c in unseen if c in tidy(f"a{c}b")}
    assert kept == {"\n", "\u200c", "\u200d"}


# ---------------------------------------------------------------- five real scrapes


def test_the_five_real_documents_keep_no_furniture() -> None:
    import json

    questions = kit_folder("seeds-questions")
    for line in (questions / "noise.jsonl").read_text().splitlines():
        noise = json.loads(line)
        text = clean((kit_folder("seeds") / noise["document"]).read_text()).text
        assert text.count(noise["text"]) <= noise["allowed"], noise["text"]


def test_the_five_real_documents_say_their_title_author_source_and_date() -> None:
    import json

    questions = kit_folder("seeds-questions")
    for line in (questions / "facts.jsonl").read_text().splitlines():
        facts = json.loads(line)
        found = clean((kit_folder("seeds") / facts["document"]).read_text())
        assert (found.title, found.author, found.language) == (facts["title"], facts["author"], facts["language"])
        assert found.source == facts["source"]
        assert (found.published and found.published.date().isoformat()) == facts["date"]
