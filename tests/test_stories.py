"""One story, one item: copies, other tellings of an event, and what only looks alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.clustering.clusters import stories
from briefs.models import Article
from briefs.text.aliases import Aliases
from briefs.text.features import figures

DAY = datetime(2021, 9, 13, 8, tzinfo=UTC)
ALIASES = Aliases(
    [
        ["Tencent", "腾讯"],
        ["Alibaba", "阿里巴巴"],
        ["MIIT", "Ministry of Industry and Information Technology", "ministère de l'Industrie", "工信部"],
        ["WeChat", "微信"],
    ]
)
LONG = (
    "A container ship ran aground near the harbour of Marseille on Sunday night after its engine failed in heavy wind. "
    "Tugs tried in vain to pull it free before the tide fell, the harbour master said. Nobody was hurt, and no oil has "
    "leaked so far. The crew of nineteen stayed on board while divers looked at the hull for damage. A second attempt "
    "is planned for Tuesday, when two stronger tugs from Toulon will have arrived. The owners have been told to pay."
)


def article(name: str, text: str, language: str = "en", *, title: str = "", days: float | None = 0) -> Article:
    published = None if days is None else DAY + timedelta(days=days)
    return Article(name, title, text, language, source=name, published=published)


def together(articles: list[Article], aliases: Aliases | None = None) -> set[frozenset[str]]:
    return {frozenset(one.id for one in story.articles) for story in stories(articles, aliases=aliases)}


def test_no_articles_no_stories():
    assert stories([]) == []


def test_a_copy_that_is_cut_and_framed_is_the_same_story():
    cut = LONG[: int(len(LONG) * 0.65)]
    framed = f"Home > News > Ports. Share this page with friends. {LONG} Read also: our other stories. Subscribe now."
    assert together([article("a", LONG), article("b", cut, days=1), article("c", framed, days=None)]) == {
        frozenset("abc")
    }


def test_what_repeats_an_older_text_is_marked_as_its_copy():
    told = [article("paper", f"{LONG} Subscribe now.", days=1), article("wire", LONG), article("other", PIECES[4])]
    copies = {story.articles[0].id: story.copies for story in stories(told)}
    assert copies == {"wire": {"paper"}, "other": frozenset()}


def test_a_site_s_head_and_foot_make_no_copies():
    frame = "Home > News. Share on all networks, send by mail, print this page. Reading time: three minutes."
    subjects = [f"{'bcdfghjklmnpqrstvwxz'[n % 20] * 3}{n} story{n} event{n} place{n} person{n}" for n in range(40)]
    articles = [article(f"{n}", f"{frame} {subject}. {frame}") for n, subject in enumerate(subjects)]
    assert len(stories(articles)) == 40


def test_one_event_in_other_words_is_one_story_and_another_event_is_not():
    told = [
        article("wire", "MIIT told Alibaba and Tencent to stop blocking links by 17 September.", title="Links opened"),
        article(
            "daily", "Alibaba and Tencent must end link blocking by 17 September, MIIT said.", title="Blocking ends"
        ),
        article("other", "Tencent bought a French games studio for an undisclosed sum.", title="Studio sold"),
        article("far", "A storm closed the harbour of Nice.", title="Storm"),
    ]
    assert together(told) == {frozenset({"wire", "daily"}), frozenset({"other"}), frozenset({"far"})}


def test_the_same_words_weeks_later_are_another_story():
    first = "MIIT told Alibaba and Tencent to stop blocking links by 17 September."
    again = "Alibaba and Tencent must end link blocking by 17 September, MIIT said."
    assert len(stories([article("1", first), article("2", again, days=1)])) == 1
    assert len(stories([article("1", first), article("2", again, days=20)])) == 2


def test_one_event_in_three_languages_is_one_story():
    told = [
        article("en", "MIIT told Tencent and Alibaba on Monday to open WeChat; Tencent fell 6%.", "en"),
        article(
            "fr", "Le ministère de l'Industrie veut que Tencent et Alibaba ouvrent WeChat ; Tencent perd 6 %.", "fr"
        ),
        article("zh", "工信部要求腾讯和阿里巴巴开放微信，腾讯股价下跌6%。", "zh"),
        article("no", "Une tempête a fermé le port de Nice pendant 3 jours.", "fr"),
    ]
    assert together(told, ALIASES) == {frozenset({"en", "fr", "zh"}), frozenset({"no"})}


def test_one_name_in_common_is_no_event():
    told = [
        article("cut", "Alibaba slashes cloud prices.", title="Alibaba slashes cloud prices."),
        article(
            "depot", "Un entrepôt ouvre à Liège pour Alibaba.", "fr", title="Un entrepôt ouvre à Liège pour Alibaba."
        ),
        article("storm", "A storm closed the harbour of Nice."),
        article("ship", LONG),
    ]
    assert len(together(told, ALIASES)) == 4


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("74.3 billion yuan", "#7.43e+10"),
        ("74,3 milliards de yuans", "#7.43e+10"),
        ("743亿元", "#7.43e+10"),
        ("$74.3bn", "#7.43e+10"),
        ("61 million", "#6.10e+07"),
        ("售出6100万部", "#6.10e+07"),
        ("5,000 people", "#5000"),
        ("5 000 personnes", "#5000"),
        ("in 2014", "#2014"),
        ("80 %", "#80%"),
        ("80%", "#80%"),
    ],
)
def test_amounts_are_alike_in_every_language(text, figure):
    assert list(figures(text)) == [figure]


PIECES = [
    "MIIT told Alibaba and Tencent to stop blocking links by 17 September.",
    "Alibaba and Tencent must end link blocking by 17 September, MIIT said.",
    "Xiaomi sold 61 million smartphones and took a stake in Midea.",
    "Midea has a new holder: Xiaomi, which sold 61 million smartphones.",
    "A storm closed the harbour of Nice.",
    LONG,
    LONG[:250],
]
BATCHES = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([0, 1, 5, None])), max_size=12)


@settings(max_examples=50)
@given(BATCHES, st.randoms(use_true_random=False))
def test_each_article_is_in_one_story_whatever_the_order(batch, random):
    articles = [article(f"{n}", text, days=days) for n, (text, days) in enumerate(batch)]
    shuffled = random.sample(articles, len(articles))
    assert stories(shuffled) == stories(articles)
    assert sorted(one.id for story in stories(articles) for one in story.articles) == sorted(a.id for a in articles)


def test_long_reports_of_two_houses_on_one_event_are_one_story_and_those_of_one_house_on_two_are_not():
    told = yaml.safe_load((Path(__file__).parent / "data" / "long_reports.yaml").read_text(encoding="utf-8"))
    houses = {"gazette": "Gazette", "courier": "Courier", "elsewhere": "Gazette"}
    others = [article(f"{n}", f"{PIECES[n % 5]} {n}") for n in range(20)]
    long = [Article(name, "", text, "en", source=houses[name], published=DAY) for name, text in told.items()]
    found = {frozenset(group.intersection(told)) for group in together([*long, *others])}
    assert found - {frozenset()} == {frozenset({"gazette", "courier"}), frozenset({"elsewhere"})}


@pytest.mark.parametrize(("house", "stories_made"), [("Courier", 1), ("Gazette", 2)])
def test_however_long_two_houses_reports_are_they_join_where_half_of_their_words_are_the_same(house, stories_made):
    def text(first: int) -> str:
        return " ".join(f"w{'bcdfghjklm'[n % 10]}{'aeiou'[n % 5]}{n}x" for n in range(first, first + 300))

    long = [
        Article("one", "", text(0), "en", source="Gazette", published=DAY),
        Article("two", "", " ".join(text(150).split()[::-1]), "en", source=house, published=DAY),
    ]
    others = [article(f"{n}", f"{PIECES[n % 5]} {n}") for n in range(20)]
    assert len({group for group in together([*long, *others]) if group & {"one", "two"}}) == stories_made


@pytest.mark.parametrize(
    ("houses", "days", "stories_made"),
    [
        ((None, None), (None, None), 2),  # two papers on one subject
        (("Institute", "Institute"), (None, None), 2),
        (("Institute", "Academy"), (None, None), 1),
        ((None, None), (DAY, DAY), 1),  # an event
        ((None, None), (DAY, None), 1),
    ],
)
def test_what_nobody_knows_the_day_of_is_no_event_because_it_is_on_one_subject(houses, days, stories_made):
    said = (
        "Periodic temperatures in a two-layer composite slab are found for heat conduction with constant flow.",
        "Heat conduction through composite slabs: exact solutions for periodic temperatures of two layers.",
    )
    papers = [
        Article(name, "", text, "en", source=house, published=day)
        for name, text, house, day in zip("ab", said, houses, days, strict=True)
    ]
    others = [article(f"{n}", f"{PIECES[n % 5]} {n}") for n in range(20)]
    assert len({group for group in together([*papers, *others]) if group & {"a", "b"}}) == stories_made


def test_an_event_told_in_other_languages_is_known_by_translation_alone():
    told = [
        article("en", "The agriculture ministry raised the tobacco tax by a third to pay for rural hospitals.", "en"),
        article("zh", "农业部将烟草税提高三分之一，用于农村医院。", "zh"),
        article("fr", "Une tempête a fermé le port de Nice.", "fr"),
        article("no", "The museum in Lyon shows paintings of the sea by young artists.", "en"),
        article("non", "足球比赛因大雨推迟到下周举行。", "zh"),
    ]
    assert frozenset({"en", "zh"}) in together(told)
    assert len(together(told)) == 4
