"""What stands around a text on a page of news, as scrapes have it: pages of invented papers in three languages."""

import pytest

from briefs.ingest.clean import clean

FERRY = (
    "The ferry company Norlink has dropped its plan to close the northern route after six weeks of protests.",
    '"We have listened," the chief executive, Paula Stone, told reporters. "The route will stay."',
    "About 1,200 people use the route every week, most of them to reach the hospital on the mainland.",
    "The regional council had offered to pay £2m a year towards a new vessel.",
)
TRAIN = (
    "La ligne de nuit entre Brest et Lyon, fermée depuis 2013, sera rouverte en décembre, a annoncé la compagnie.",
    "« Nous attendons 90 000 voyageurs la première année », a précisé la directrice de la ligne, Anne Kervella.",
    "La région versera 4 millions d'euros par an pendant cinq ans, selon la convention signée à Rennes.",
)
轮渡 = (
    "海岛轮渡公司周二宣布，取消关闭北线的计划，这条航线将至少保留到2024年。",
    "公司总经理石宝兰对记者说：“我们听取了大家的意见，航线会保留下来。”",
    "每周约有1200人乘坐这条航线，其中大多数人要到对岸的医院看病。",
)


def lines(text: str) -> list[str]:
    return [line for line in clean(text).text.split("\n") if line]


# ---------------------------------------------------------------- whole pages


def test_an_english_page_of_news_keeps_its_text_alone() -> None:
    page = clean(
        f"""Skip to main content
The Harbour Post
Home
News
Business
Podcasts
Log in
Search
We use cookies to improve your experience. By continuing to use this site, you agree to our use of cookies.
Accept all cookies

Home / News / Local

Ferry company drops plan to close northern route

By Helen Marsh, Transport correspondent
Published: 14 May 2019 10:42 BST | Updated: 14 May 2019 15:10 BST
3 min read
Share this article
Facebook
WhatsApp
Copy link

The ferry Isla Grey leaves the northern pier on Monday. Photo: Harbour Post/Tom Field
A ferry passes the pier (Image: Getty Images)

{FERRY[0]}

READ MORE: Islanders march against ferry cuts

{FERRY[1]}

Advertisement
Story continues below

{FERRY[2]}

ALSO READ
How the ferry became a lifeline
Five islands to see this summer

{FERRY[3]}

Sign up for our daily newsletter
Enter your email address
By signing up you agree to our Terms of Use and Privacy Policy.

Helen Marsh is the Harbour Post's transport correspondent. She has covered ferries since 2011.
Follow her on Twitter @helenmarsh

Topics: Ferries, Islands
Tags
Ferries
Islands

Most popular
1. Man finds whale bone in garden
2. School closes after flood

Comments (12)
Please log in to comment
Name *
Save my name, email, and website in this browser for the next time I comment.
Post Comment

About us
Contact us
Privacy policy
© 2019 Harbour Post Media Ltd. All rights reserved."""
    )
    assert (page.title, page.author) == ("Ferry company drops plan to close northern route", "Helen Marsh")
    assert page.text.split("\n\n") == list(FERRY)


def test_a_french_page_of_news_keeps_its_text_alone() -> None:
    page = clean(
        f"""Aller au contenu
Menu
Rechercher
Se connecter
Ce site utilise des cookies afin de vous proposer des contenus adaptés à vos centres d'intérêt.
Tout accepter
Paramétrer les cookies

Accueil › Économie › Transports

Une ligne de nuit sera rouverte en décembre
Une ligne de nuit sera rouverte en décembre

ParMarie Le Goff
Publié le 12 mars 2020 à 18h45
Temps de lecture : 2 min
Partager sur Facebook Partager sur Twitter Envoyer par e-mail

Un train de nuit en gare de Brest, le 10 mars 2020. © Ouest Presse / Jean Morvan
Crédit photo : Jean Morvan

{TRAIN[0]}

À lire aussi : Pourquoi les trains de nuit reviennent

(Photo d'illustration)

{TRAIN[1]}

Article réservé aux abonnés
Il vous reste 62 % de cet article à lire.

Jean Morvan/OP{TRAIN[2]}

Recevez chaque matin notre newsletter
Vous pouvez vous désinscrire à tout moment.

Sur le même sujet
Trains : les retards en hausse

Signaler une erreur
Connectez-vous pour commenter
Les plus lus
1 Un sanglier entre dans une pharmacie
Mentions légales
Gestion des cookies"""
    )
    assert (page.title, page.author) == ("Une ligne de nuit sera rouverte en décembre", "Marie Le Goff")
    assert page.published is not None
    assert page.published.date().isoformat() == "2020-03-12"
    assert [line for line in page.text.split("\n") if line] == [*TRAIN[:2], "Jean Morvan/OP", TRAIN[2]]


def test_a_chinese_page_of_news_keeps_its_text_alone() -> None:
    page = clean(
        f"""首页
新闻
财经
登录
注册
下载APP
当前位置：首页 > 财经 > 正文

海岛轮渡公司取消停航计划

2019-05-14 10:42:18　来源：海港晚报　作者：王小明　　阅读：1234
字号：大 中 小
分享到： 微信 微博 QQ空间
点击上方“海港晚报”关注我们

图为周一离开北码头的渡轮。（图片来源：视觉中国）
（李强 摄）

{轮渡[0]}

【延伸阅读】岛民抗议轮渡停航

{轮渡[1]}

广告

{轮渡[2]}

（责任编辑：张三）
免责声明：本文仅代表作者个人观点，与本网无关。
版权声明：本文版权归海港晚报所有，未经授权不得转载。
标签：轮渡 海岛
相关阅读：
轮渡票价六月上调
网友评论仅供其表达个人看法，并不表明本网立场。
扫描二维码关注
关于我们 | 联系我们 | 广告服务 | 网站地图
京ICP备12345678号-1"""
    )
    assert (page.title, page.author, page.source) == ("海岛轮渡公司取消停航计划", "王小明", "海港晚报")
    assert page.text.split("\n\n") == list(轮渡)


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    "notice",
    [
        "This website uses cookies so that we can give you the best experience on our site.",
        "Nous et nos partenaires utilisons des cookies pour mesurer l'audience.",
        "本网站使用cookies以改善您的体验。",
        "Already a subscriber? Log in to read the story.",
        "You can unsubscribe at any time by clicking the link in our emails.",
        "En cliquant sur « S'inscrire », vous acceptez nos conditions générales.",
        "Download our free app for news on the go.",
        "Click to share on Twitter (Opens in new window)",
        "Notify me of follow-up comments by email.",
        "This site uses Akismet to reduce spam. Learn how your comment data is processed.",
        "声明：转载此文是出于传递更多信息之目的。",
    ],
)
def test_a_notice_to_visitors_goes_though_it_is_a_sentence(notice) -> None:
    assert lines("\n\n".join(("A title", FERRY[0], notice, FERRY[2]))) == [FERRY[0], FERRY[2]]


@pytest.mark.parametrize(
    "caption",
    [
        "The pier at dawn. Photograph: Ann Lee/Harbour Post",
        "The pier at dawn (photo by Ann Lee)",
        "Image courtesy of Norlink",
        "La jetée à l'aube. Crédits photo : Ann Lee",
        "La jetée à l'aube © Ann Lee",
        "File photo",
        "清晨的码头。王小明 摄",
    ],
)
def test_a_caption_goes_with_its_credit(caption) -> None:
    assert lines("\n\n".join(("A title", FERRY[0], caption, FERRY[2]))) == [FERRY[0], FERRY[2]]


@pytest.mark.parametrize(
    "sentence",
    [
        "We baked cookies for the children of the island, said one of the keepers of the pier.",
        "By signing up more islanders, the union hopes to reach a majority before the summer holidays.",
        "The photo by the mayor's office shows a pier that nobody on the island has ever seen.",
        "Subscribers to the service will pay two pounds more from June, the company said on Friday.",
        "Sign up for the ferry with the same address as for the bus, the council says on its page.",
        "Cookies are to be asked for by one click alone, says the draft law that was seen by reporters.",
        "Follow the coast road for two miles, and the pier comes into sight behind the last houses.",
        "About half of the islanders work on the mainland and come home at the end of the week.",
    ],
)
def test_sentences_that_begin_like_a_notice_or_a_caption_stay(sentence) -> None:
    assert sentence in lines("\n\n".join(("A title", FERRY[0], sentence, FERRY[2])))


def test_a_heading_that_could_be_an_item_of_a_menu_stays_where_there_is_no_menu() -> None:
    text = ("A title", FERRY[0], "Politics", FERRY[2], "Health", FERRY[3])
    assert lines("\n\n".join(text)) == list(text[1:])


def test_short_lines_after_a_text_are_no_menu_without_one_known() -> None:
    results = ["Rovers, first", "Harriers, second", "Wanderers, third"]
    assert lines("\n\n".join(("A title", FERRY[0], "\n".join(results)))) == [FERRY[0], *results]


def test_the_lone_name_of_a_section_before_the_title_is_no_part_of_it() -> None:
    page = clean("\n".join(("Culture", "A museum of salt", "", *FERRY)))
    assert (page.title, "Culture" in page.text) == ("A museum of salt", False)


def test_what_a_page_says_of_its_author_below_the_text_goes() -> None:
    text = (
        "A title",
        "By Sam Reed",
        FERRY[0],
        FERRY[2],
        "About Sam Reed",
        "Sam writes about the sea. He lives in Leeds.",
    )
    assert lines("\n\n".join(text)) == [FERRY[0], FERRY[2]]


def test_a_caption_glued_to_a_name_gets_a_line_of_its_own() -> None:
    text = (
        "A title",
        FERRY[0],
        "The first pier by the lakeNorlink, a ferry company, owns two more.",
        "Norlink is old.",
    )
    assert lines("\n\n".join(text))[1:3] == [
        "The first pier by the lake",
        "Norlink, a ferry company, owns two more.",
    ]


@pytest.mark.parametrize(
    "unit", ["Home\n", "Share ", "Photo: ", "(photo ", "We use ", "Home | ", "lakeNorlink a\n", "© a "]
)
def test_pages_of_nothing_but_furniture_come_to_an_end(unit) -> None:
    """A step that is quadratic would take hours, and the time limit of every test would end it."""
    clean(unit * (1_000_000 // len(unit)))


# ---------------------------------------------------------------- headings that run into sentences


BEFORE = "The mayor opened the hall on Monday."


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            f"{BEFORE} ISLAND TRADE GROWS The harbour took in twice as many boats as last year, says the port.",
            (BEFORE, "ISLAND TRADE GROWS", "The harbour took in twice as many boats as last year, says the port."),
        ),
        (
            "Le maire a ouvert la salle lundi. LE PORT RESPIRE "
            "Les bateaux sont revenus, et les pêcheurs aussi, dit-il.",
            (
                "Le maire a ouvert la salle lundi.",
                "LE PORT RESPIRE",
                "Les bateaux sont revenus, et les pêcheurs aussi, dit-il.",
            ),
        ),
        (
            "At the end of June the director of the Northern Fisheries Board Embracing Island Trade As trade between "
            "the island and the coast grows, the fleet is embracing it too.",
            (
                "At the end of June the director of the Northern Fisheries Board",
                "Embracing Island Trade",
                "As trade between the island and the coast grows, the fleet is embracing it too.",
            ),
        ),
    ],
)
def test_a_heading_that_runs_into_a_sentence_is_a_line_of_its_own(text, lines) -> None:
    language = "fr" if "maire" in text else "en"
    assert [line for line in clean(text, title="The hall", language=language).text.split("\n") if line] == list(lines)


@pytest.mark.parametrize(
    "sentence",
    [
        "He works for the United Nations Children's Fund in the capital, where The Hague is far away, he says.",
        "Laut Bundeskanzlerin Angela Merkel Sie haben das Recht, an der Wahl auf der Insel teilzunehmen.",
        "The New York Times and the Wall Street Journal both wrote that Vitamin A is good for the eyes of seals.",
    ],
)
def test_names_inside_a_sentence_are_no_headings(sentence) -> None:
    language = "de" if "Laut" in sentence else "en"
    assert sentence in clean(f"{BEFORE}\n\n{sentence}", title="The hall", language=language).text
