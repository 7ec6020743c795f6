"""Who asks for the news, in English, French and Chinese → the look-up that is meant. Pure.

    asked_for_news("latest news on batteries") → "batteries"
    asked_for_news("quoi de neuf sur Apple cette semaine ?") → "Apple since:7d"
    asked_for_news("有什么新闻") → "since:7d"

These words ask, and stand in no article: looked up, they would hide what they ask for.
"""

import re

from bot.grammar.phrases import wished
from briefs.topics import FILTERS

# When, and what that is as filters. What is said of no time in particular is "".
_WHENS = {
    "since:yesterday": r"since yesterday|depuis hier|从?昨天(?:以来|起)",
    "since:today": r"today|(?:d['’])?aujourd['’]hui|du jour|今天|今日(?!头条)",
    "since:yesterday before:today": r"yesterday|(?:d['’])?hier|昨[天日]",
    "since:7d": r"(?:this|last) week|(?:(?:in|over|of|from) )?the (?:last|past) week|"
    r"(?:de )?(?:cette|la) semaine(?: dernière)?|本周|[这上]一?(?:周|星期)|(?:最近|过去|近)[一1]周",
    "since:30d": r"(?:this|last) month|(?:(?:in|over|of|from) )?the (?:last|past) month|"
    r"ce mois(?:-ci)?|(?:du|le) mois dernier|本月|[这上]个?月|(?:最近|过去|近)[一1]个月",
    "": r"lately|recently|these days|right now|so far|récemment|ces (?:derniers )?(?:jours|temps)(?:-ci)?|"
    r"en ce moment|最近|近期|近来|近日",
}
_WHEN = "|".join(_WHENS.values())
_ASKS = (
    r"(?:(?:show|give|tell|get|bring|find) (?:me|us)|i(?: want|['’]d like| would like)|"
    r"(?:is|are) there|do you have|have you|what(?:['’]?s| is| are))"
)
_NEW = r"(?:(?:any|some|all|the|very|latest|newest|recent|most recent|new|breaking)\s+)*"
_NEWS = rf"(?:{_ASKS}\s+)?{_NEW}(?:news|headlines|updates?|developments|latest)"
_UP = r"what(?:['’]?s| is) (?:new|up|happening|going on)|anything new"
_MISSED = r"what happened|what(?: have| did|['’]ve)? i miss(?:ed)?|(?:catch me|what['’]?s) up"
_DEMANDE = (
    r"(?:(?:montre|donne|trouve|dis|cherche)[rz]?[ -]moi|donner|montrer|trouver|"
    r"y a[- ]t[- ]il|il y a|avez[- ]vous|as[- ]tu|"
    r"quel(?:le)?s? (?:sont|est))"
)
_NOUVEAU = r"(?:(?:toutes|les|des|de|l['’]|dernières|derniers|récentes|principales)\s*)*"
_NOUVELLES = rf"(?:{_DEMANDE}\s+)?{_NOUVEAU}(?:nouvelles|infos?|informations|actualités?|actus?|nouveautés)"
_NEUF = (
    r"(?:quoi|rien|qu['’]est[- ]ce qu['’]il y a|qu['’]y a[- ]t[- ]il) de (?:neuf|nouveau)|"
    r"(?:(?:il y a|y a[- ]t[- ]il) )?du (?:neuf|nouveau)"
)
_PASSE = r"(?:que|qu['’]est[- ]ce qui) s['’]est[- ](?:il )?passé"
_ON = (
    r"(?:on|about|regarding|concerning|with|(?:in|en)(?! (?:brief|bref|direct|continu)\b)|at|around|from|"
    r"sur|à propos d[eu]|au sujet d[eu]|concernant|chez|côté|"
    r"pour|dans)"
)
# With a capital they begin or end a name: "The Who", "USA Today".
_THE = r"(?-i:(?:the|les?|la|du|des) |l['’])?"
_DES = (  # "nouvelles de Maupassant" are short stories
    rf"(?:{_DEMANDE}\s+)?(?:des|(?:les )?dernières)\s+(?:nouvelles|infos|actualités)\s+"
    rf"(?:de\s+{_THE}|d['’]|du\s+|des\s+)"
)
_ANY = rf"(?:{_NEWS}|{_UP}|{_NOUVELLES}|{_NEUF})"
_WESTERN = re.compile(
    rf"(?:{_ANY}|{_MISSED}|{_PASSE}|(?:{_ANY}\s+{_ON}\s+{_THE}|{_DES})(?P<subject>\S.*?))"
    rf"(?:\s+(?P<when>(?-i:{_WHEN})))?\s*[?.!]*",
    re.IGNORECASE,
)
_WHAT = r"(?:都?有(?:什么|啥|哪些|没有)|都?发生了?(?:什么|哪些))"
_NOUN = r"(?:新闻|消息|新鲜事|动态|进展|资讯|报道|头条)"
_ABOUT = r"(?:(?:问|告诉我|给我|我想|知道|看看?|查看)\s*)*"
_CHINESE = re.compile(
    rf"{_ABOUT}(?:(?P<when>{_WHEN})的?)?\s*(?:{_WHAT}(?:最?新的?)?(?:{_NOUN}|事情?)?|(?:最新的?)?{_NOUN})[吗呢么]?"
    r"\s*[?？。！]*"
)
_CHINESE_ON = re.compile(
    rf"{_ABOUT}(?:(?P<when>{_WHEN})的?)?\s*(?P<about>(?:{_WHAT})?(?:关于|有关))?\s*(?P<subject>\S.*?)\s*"
    rf"(?P<later>{_WHEN})?(?P<asks>的?最新|{_WHAT}(?:最?新的?)?|的)?的?{_NOUN}[吗呢么]?\s*[?？。！]*"
)
_FILTERS = re.compile(r"(?:(?:^|\s)[^\s:：]+[:：]\S+)*$")  # "lang:fr", behind
_DATES = ("since", "before", "age")
_LATELY = "since:7d"
_LONGEST = 200  # characters: nobody asks at such length


def asked_for_news(text: str, *, dated: bool = False) -> str | None:
    """Return what is to be looked up where a text asks for the news, of a subject or of all; None where it does not.

    dated: whether dates are given beside the text; with these, or with a filter of dates, all the news is of no others.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    behind = _FILTERS.search(text)
    said, filters = (text[: behind.start()], behind[0].split()) if behind else (text, [])
    dated = dated or any(FILTERS.get(re.split("[:：]", one)[0].lower()) in _DATES for one in filters)
    for asked in (_WESTERN, _CHINESE, _CHINESE_ON):
        if found := asked.fullmatch(wished(said) or said):
            parts = found.groupdict()
            time = parts["when"] or parts.get("later")
            if "asks" in parts and not parts["asks"] and (parts["about"] or not time):
                return None  # "假新闻" are fake news
            subject = parts.get("subject") or ""
            lately = "" if subject or dated else _LATELY
            return " ".join(filter(None, (subject, _when(time) or lately, *filters)))
    return None


def _when(said: str | None) -> str:
    return next((filters for filters, words in _WHENS.items() if said and re.fullmatch(words, said, re.IGNORECASE)), "")
