"""News that nobody has written, in three languages: five stories, each told by six sources."""

from __future__ import annotations

from datetime import datetime, timedelta

from briefs.models import Article, Digest, Quote, Reasons, Story, TopStory

_TOPIC = {"en": "Battery supply", "fr": "Approvisionnement en batteries", "zh": "电池供应"}
_SOURCES = {
    "en": "Example Daily, Northern Post, Le Quotidien (fr), 示例日报 (zh), The Harbour Gazette, Wire Service",
    "fr": "Le Quotidien, La Gazette du Port, Example Daily (en), 示例日报 (zh), Nouvelles du Nord, Agence",
    "zh": "示例日报, 港口公报, Example Daily (en), Le Quotidien (fr), 北方邮报, 通讯社",
}
# A headline and a sentence each.
_TOLD = {
    "en": """
Regulator opens inquiry into cross-border supply agreements
The regulator said on Monday that the agreement would be examined for twelve weeks, and that both companies were heard.
Second plant moves to Tuesday’s vote after a night of talks
The council of Dunkirk will vote on Tuesday on the second plant, which is to employ 1,200 people from 2028.
Price of lithium carbonate falls to its lowest in four years
Lithium carbonate for delivery in December cost 9,480 dollars a tonne in Shanghai, 3 percent less than a week before.
Carmakers ask for two more years to meet the rules of origin
Seven carmakers asked the Commission in a letter for two more years until the rules of origin apply to batteries.
Recycler of cells files for protection from its creditors
The recycler, which employs 340 people near Leipzig, filed for protection from its creditors on Friday evening.
""",
    "fr": """
Le régulateur ouvre une enquête sur les accords d’approvisionnement transfrontaliers
Le régulateur a annoncé lundi que l’accord serait examiné pendant douze semaines, après avoir entendu les deux.
La seconde usine sera soumise au vote mardi après une nuit de discussions
Le conseil de Dunkerque votera mardi sur la seconde usine, qui doit employer 1 200 personnes à partir de 2028.
Le prix du carbonate de lithium au plus bas depuis quatre ans
Le carbonate de lithium livrable en décembre coûtait 9 480 dollars la tonne à Shanghai, 3 % de moins en une semaine.
Les constructeurs demandent deux ans de plus pour les règles d’origine
Sept constructeurs ont demandé à la Commission deux ans de plus avant que ces règles s’appliquent aux batteries.
Un recycleur de cellules demande la protection du tribunal
Le recycleur, qui emploie 340 personnes près de Leipzig, a demandé vendredi soir la protection du tribunal.
""",
    "zh": """
监管机构对跨境供应协议展开调查
监管机构周一表示，将对该协议进行为期十二周的审查，此前已听取两家公司的陈述。
第二座工厂经彻夜谈判后将于周二表决
敦刻尔克市议会将于周二就第二座工厂进行表决，该厂自2028年起将雇用1200人。
碳酸锂价格跌至四年来最低
上海12月交割的碳酸锂报每吨9480美元，比一周前下跌3%。
车企请求将原产地规则推迟两年
七家车企致信欧盟委员会，请求在原产地规则适用于电池之前再给两年时间。
电池回收企业申请破产保护
这家在莱比锡附近雇用340人的回收企业周五晚间申请破产保护。
""",
}
_BEYOND = 18  # stories that the thread has


def digest_of(language: str, now: datetime) -> Digest:
    """Give a digest of five stories, the second an update, with more beyond them; each has two quotes to show."""
    told = _TOLD[language].strip().splitlines()
    pairs = list(zip(told[::2], told[1::2], strict=True))
    stories = tuple(_story(language, number, *pair, now) for number, pair in enumerate(pairs))
    more = tuple(_story(language, 10 + number, *pairs[number % len(pairs)], now) for number in range(_BEYOND))
    return Digest(_TOPIC[language], now - timedelta(days=1), now, 90, 30, 14, stories, more)


def _story(language: str, number: int, title: str, sentence: str, now: datetime) -> TopStory:
    sources = [source.removesuffix(")").split(" (") for source in _SOURCES[language].split(", ")]
    articles = tuple(
        Article(
            f"{number}-{place}",
            title,
            f"{sentence}\n{title}",
            (*code, language)[0],
            f"https://press-{place}.example/2026/11/16/battery-supply-{number}.html",
            name,
            now - timedelta(minutes=37 * (number + 1) + 3 * place),
        )
        for place, (name, *code) in enumerate(sources)
    )
    start = len(sentence) + 1
    quotes = (Quote(sentence, 0, 0, start - 1, 1.0), Quote(title, 0, start, start + len(title), 0.9))
    earlier = now - timedelta(days=3) if number == 1 else None
    post = "p1" if earlier else None
    told = Story((), number=number, publishers=9)
    return TopStory(articles, quotes, 2.5, Reasons({"battery": 2.1}, {}), post, earlier, told)
