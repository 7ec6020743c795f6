"""The words that people type, as a conversation: what each look-up and each topic must find, and must not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.base.reply import StoryItem
from bot.commands import Dispatcher
from bot.present import from_json
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article
from briefs.store.answers import Answers
from briefs.store.channels import Channels
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import MONDAY, Person

# A line: id | language | source | days ago | title | text
ARTICLES = (Path(__file__).parent / "data" / "words.txt").read_text("utf-8")


def articles():
    for line in filter(None, ARTICLES.splitlines()):
        name, language, source, days, title, text = (part.strip() for part in line.split(" | "))
        day = MONDAY - timedelta(days=int(days), hours=1)
        yield Article(name, title, text, language, f"https://{source.split()[0].lower()}.example/{name}", source, day)


LOOK_UPS = [
    # typed | found | not found | said of it
    # signs and capitals that make another word
    ("US", "us", "vitamin it", ""),
    ("WHO", "who", "vitamin us", ""),
    ("IT", "it", "vitamin heron", ""),
    ("U.S. tariffs", "us", "vitamin", ""),
    ("who", "who", "vitamin", ""),
    ("C++", "cpp", "vitamin csharp", ""),
    ("C#", "csharp", "vitamin cpp", ""),
    (".NET", "csharp", "vitamin", ""),
    ("AT&T", "att", "us", ""),
    ("at&t network", "att", "", ""),
    ("R&D", "rd", "who", ""),
    ("R & D", "rd", "who", ""),
    ("M&A", "rd", "us", ""),
    ("ai act", "un", "", ""),
    ("AI", "un", "greve", ""),
    ("O.N.U.", "un", "", ""),
    ("US OR WHO", "us who", "it vitamin", "“US” or “WHO”"),
    # operators
    ("heron OR tool", "heron tool", "kingfisher", "“heron” or “tool”"),
    ("heron | tool", "heron tool", "kingfisher", "“heron” or “tool”"),
    ("heron OU tool", "heron tool", "", "or"),
    ("lake AND heron", "heron", "kingfisher", "“lake” and “heron”"),
    ("lake + heron", "heron", "kingfisher", "“lake” and “heron”"),
    ("lake ET heron", "heron", "kingfisher", "and"),
    ("+lake +heron", "heron", "kingfisher", "and"),
    ("game -warhorse", "game", "warhorse", "without “warhorse”"),
    ("game NOT warhorse", "game", "warhorse", "without “warhorse”"),
    ("game SAUF warhorse", "game", "warhorse", "without “warhorse”"),
    ("game AND NOT warhorse", "game", "warhorse", "without “warhorse”"),
    ("game －warhorse", "game", "warhorse", "without “warhorse”"),
    ("lake -heron -tool", "kingfisher", "heron", "without “heron” or “tool”"),
    ("fish -(heron | tool)", "kingfisher", "heron tool", "without"),
    ("腾讯 或 王传福", "tengxun byd", "gree", "或|or"),
    ("腾讯 | 董明珠", "tengxun gree", "byd", "or"),
    ("开放 -图书馆", "tengxun", "library", "without “图书馆”"),
    ("(heron OR kingfisher) AND lake", "heron kingfisher", "tool", "and"),
    ("Disney+ OR Netflix", "disney netflix", "game", "“Disney+” or “Netflix”"),
    ("C++ OR heron", "cpp heron", "csharp vitamin", "“C++” or “heron”"),
    ("Xiaomi - heron at the lake", "heron", "", ""),
    ("WHERE IS THE HERON AND WHY", "heron", "", ""),
    ("heron (really?)", "heron", "", ""),
    ('5" heron', "heron", "tool", ""),
    ("heron AND garden", "heron tool", "kingfisher", "which nothing has"),
    ("heron garden", "heron tool", "kingfisher", ""),
    ("heron garden zeppelin price", "", "heron tool", ""),
    # phrases and beginnings
    ('"open links"', "tencent", "alibaba", "“open links”"),
    ("« open links »", "tencent", "alibaba", "“open links”"),
    ("chev*", "chevre cheval", "greve", "chev…"),
    ("kingf*", "kingfisher", "heron", "kingf…"),
    ("chev* -cheval", "chevre", "cheval", "without “cheval”"),
    ("腾*", "tengxun", "gree", ""),
    ("zzq*", "", "heron", ""),
    # filters
    ("source:ouest-france", "greve chevre coeur", "cheval", "only from ouest-france"),
    ('source:"Ouest-France" trains', "greve", "cheval", "only from Ouest-France"),
    ("Ouest-France", "greve chevre coeur", "cheval", "only from Ouest-France"),
    ("ouest-france", "greve chevre coeur", "cheval", "only from Ouest-France"),
    ("source:lake.example fish", "heron kingfisher", "tool", "only from lake.example"),
    ("来源:新华社 链接", "tengxun", "tencent", "新华社"),
    ("site:dev.example", "cpp csharp", "us", "only from dev.example"),
    ("lake -source:lake", "", "heron kingfisher", "not from lake"),
    ('source:"Play Daily" -warhorse', "game", "warhorse", "without “warhorse”"),
    ("title:heron", "heron", "kingfisher", "“heron” in the title"),
    ("title:lake", "heron", "kingfisher", "“lake” in the title"),
    ("title:(heron)", "heron", "kingfisher", "“heron” in the title"),
    ("title:(heron lake)", "heron", "kingfisher", "“heron” and “lake” in the title"),
    ("标题：（开放）", "library tengxun", "gree", "in the title"),
    ("source:(lake news) fish", "heron kingfisher", "tool", "only from lake news"),
    ("titre:grève", "greve", "cheval", "in the title"),
    ("标题:开放", "library tengxun", "gree", "in the title"),
    ("lang:fr", "cheval greve", "us tengxun", "only in French"),
    ("lang:français vendue", "oeuvre", "alibaba", "only in French"),
    ("语言:中文 开放", "tengxun library", "tencent", "only in Chinese"),
    ("langue:fr lei jun", "leijun", "leizh", "only in French"),
    ("since:yesterday", "heron us", "who kingfisher", "from 15 November 2026 on"),
    ("since:2026-11-14 lake", "heron", "kingfisher", "from 14 November 2026 on"),
    ("since:3 days fish", "heron", "kingfisher", "on"),
    ("depuis:hier", "heron", "who", "on"),
    ("fish depuis:3j", "heron", "kingfisher", "on"),
    ("since:friday fish", "heron", "kingfisher", "from 13 November 2026 on"),
    ("before:2026-11-10 lake", "kingfisher", "heron", "before 10 November 2026"),
    ("before:10/11/2026 lake", "kingfisher", "heron", "before 10 November 2026"),
    ("avant:hier lake", "kingfisher", "heron", "before"),
    ("自:昨天 开放", "library tengxun", "develop", "on"),
    ("since:2026-11-03 before:2026-11-06 -source:lake", "chevre lodz", "heron kingfisher", "before"),
    ("age:2d lake", "heron", "kingfisher", "on"),
    # one word, written otherwise
    ("图书馆", "library", "develop", ""),
    ("圖書館", "library", "develop", ""),
    ("方济各", "pope", "", ""),
    ("方濟各", "pope", "", ""),
    ("理发店", "hair", "develop", ""),
    ("頭髮", "hair", "develop", ""),
    ("發展", "develop", "hair", ""),
    ("oeuvre", "oeuvre", "coeur", ""),
    ("OEUVRE", "oeuvre", "coeur", ""),
    ("coeur", "coeur", "oeuvre", ""),
    ("soeur du peintre", "oeuvre", "", ""),
    ("20000", "oeuvre", "", ""),
    ("20 000 euros", "oeuvre", "", ""),
    ("20.000", "oeuvre", "", ""),
    ("grêve", "greve", "", ""),
    ("greve", "greve", "", ""),
    ("Lodz", "lodz", "", ""),
    ("vitrail", "vitraux", "", ""),
    # names in the other script
    ("Wang Chuanfu", "byd", "gree", "王传福"),
    ("Chuanfu Wang", "byd", "gree", "王传福"),
    ("wangchuanfu", "byd", "gree", "王传福"),
    ("Wáng Chuánfú", "byd", "gree", "王传福"),
    ("dong ming zhu", "gree", "byd", "董明珠"),
    ("Dong Mingzhu air", "gree", "byd", "董明珠"),
    ("任正非", "huawei", "gree", "Ren Zhengfei"),
    ("刘强东", "liu", "gree", "Liu Qiangdong"),
    ("劉強東", "liu", "gree", "Liu Qiangdong"),
    ("雷军", "leijun leizh", "byd", "Lei Jun"),
    ("Lei Jun", "leijun leizh", "byd", "雷军"),
    # corrections, as people write the word
    ("consomation", "conso", "it", "“consomation” as “consommation”"),
    ("consommtion", "conso", "it", "“consommtion” as “consommation”"),
    ("delete quantum", "quantum", "", ""),
    ("示例 卫星", "", "library", ""),
    ("Delfft", "quantum", "", "“Delfft” as “Delft”"),
    ("kingfsher", "kingfisher", "", "“kingfsher” as “kingfisher”"),
    ("vitreaux", "vitraux", "", "as “vitraux”"),
    ("buraliste", "tabac", "", ""),
]

TOPICS = [
    # words | taken | not taken
    ("US", "us", "vitamin it"),
    ("WHO", "who", "vitamin"),
    ("IT", "it", "heron vitamin"),
    ("C++", "cpp", "csharp vitamin"),
    ("C#", "csharp", "cpp"),
    (".NET", "csharp", "vitamin"),
    ("AT&T", "att", "us"),
    ("R&D", "rd", "us"),
    ("C++ | C#", "cpp csharp", "vitamin"),
    ("Disney+", "disney", "netflix"),
    ("Disney+ | Netflix", "disney netflix", "game"),
    ("heron OR tool", "heron tool", "kingfisher"),
    ("heron OU tool", "heron tool", "kingfisher"),
    ("heron || tool", "heron tool", "kingfisher"),
    ("lake AND heron", "heron", "kingfisher"),
    ("lake ET heron", "heron", "kingfisher"),
    ("lake && heron", "heron", "kingfisher"),
    ("game NOT warhorse", "game", "warhorse"),
    ("game SAUF warhorse", "game", "warhorse"),
    ("game -warhorse", "game", "warhorse"),
    ("game AND NOT warhorse", "game", "warhorse"),
    ("腾讯 或 王传福", "tengxun byd", "gree"),
    ("链接 且 阿里巴巴", "tengxun", "tencent"),
    ("开放 非 图书馆", "tengxun", "library"),
    ("图书馆", "library", "develop"),
    ("方济各", "pope", "library"),
    ("發展", "develop", "hair"),
    ("oeuvre", "oeuvre", "coeur"),
    ("coeur", "coeur", "oeuvre"),
    ("20000", "oeuvre", "coeur"),
    ("20 000", "oeuvre", "coeur"),
    ("Lodz", "lodz", "quantum"),
    ("ai act", "un", "greve"),
    ("(heron OR kingfisher) lake", "heron kingfisher", "tool"),
    ("grève source:ouest-france", "greve", "cheval"),
    ("lake -source:lake", "", "heron kingfisher"),
    ("开放 语言:中文", "tengxun library", "tencent"),
]

SMALL_TALK = [
    "thanks!",
    "Thank you so much 🙏",
    "help me",
    "stop",
    "hello",
    "merci beaucoup",
    "bonjour",
    "谢谢",
    "你好",
    "undo",
    "Annuler !",
    "撤销吧",
]


_PEOPLE = count()


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    (folder / "config").mkdir()
    (folder / "config" / "settings.yaml").write_text("zone: Europe/Paris\n")
    archive = Archive.open(sqlite.database(folder / "briefs.db"), clock=Clock(MONDAY))
    archive.add(articles())
    dispatcher = Dispatcher(archive, Channels(archive.database), Config.load(folder / "config"), clock=Clock(MONDAY))
    yield dispatcher, Answers(archive.database)
    archive.close()


def asked(talk, text):
    """Say it; return what is shown, and the names of the articles in it."""
    dispatcher, answers = talk
    person = Person(dispatcher, name=f"person {next(_PEOPLE)}")  # nobody asks so much at once
    shown = asyncio.run(person.say(text))
    items = [part for part in person.last.parts if isinstance(part, StoryItem)]
    kept = answers.answer(person.channel, person.name) if items else None
    stories = from_json(kept.content).stories if kept else ()
    addresses = [one.url for story in stories for one in (story, *story.also)]
    return shown, {address.rpartition("/")[2] for address in addresses if address}


@pytest.mark.parametrize(("typed", "found", "not_found", "said"), LOOK_UPS)
def test_a_look_up_finds_what_was_meant(talk, typed, found, not_found, said):
    shown, names = asked(talk, f"{typed} limit:10")
    assert set(found.split()) <= names, shown
    assert names.isdisjoint(not_found.split()), shown
    heads = [line for line in shown.splitlines() if line.startswith("Read as: ")]
    assert not said or any(one in head for head in heads for one in said.split("|")), shown
    assert len(heads) == bool(said) or not said, shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("delete quantum", "None of these stories has “delete”"),
        ('5" heron', "None of these stories has “5”"),
        ("heron AND garden", "No story has all of that in one place"),
    ],
)
def test_where_only_a_part_is_answered_that_is_said(talk, typed, said):
    assert said in asked(talk, typed)[0]


@pytest.mark.parametrize(("words", "taken", "not_taken"), TOPICS)
def test_a_topic_takes_what_was_meant(talk, words, taken, not_taken):
    topic = f"topic{next(_PEOPLE)}"  # each of somebody else, who alone may take it away
    added, _ = asked(talk, f"topic add {topic} {words}")
    assert f"Topic “{topic}” added" in added
    shown, names = asked(talk, f"digest {topic} since:60d")
    assert set(taken.split()) <= names, shown
    assert names.isdisjoint(not_taken.split()), shown


@pytest.mark.parametrize("said", SMALL_TALK)
def test_small_talk_is_answered_by_a_line_and_what_one_can_do(talk, said):
    shown, names = asked(talk, said)
    assert not names
    line, *buttons = filter(None, shown.strip().splitlines())
    assert line[0] != "["
    assert "[" in buttons[-1]


@pytest.mark.parametrize(
    "typed", ["stop huawei", "undo button", "hello kitty", "help me find a heron", "super u", "nice"]
)
def test_words_that_only_begin_like_small_talk_are_looked_up(talk, typed):
    assert "“" in asked(talk, typed)[0]


@pytest.mark.parametrize("typed", ["thanksgiving turkey", "zzqx"])
def test_where_nothing_was_found_there_is_nothing_to_subscribe_to(talk, typed):
    assert "Subscribe" not in asked(talk, typed)[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("topic add x Tencent +", "quotation marks help"),
        ("topic add x chev*", "a topic has whole words"),
        ("topic add x heron title:lake", "is for look-ups"),
        ("topic add x heron since:7d", "is for look-ups"),
        ("since:gestern heron", "write it like since:2026-11-20"),
        ("title:(heron OR tool)", "write it like title:heron"),
        ("lang:klingon heron", "write it like language:fr"),
        ("-heron", "beside those to leave out"),
    ],
)
def test_what_cannot_be_understood_is_said_with_the_way_out(talk, typed, said):
    assert said in asked(talk, typed)[0]
