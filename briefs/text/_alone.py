"""Whether a sentence can be quoted by itself: what is wrong with it when it stands alone.

Rules over the words, in French, English and Chinese. Nothing is parsed: some of what points back is missed, and some of
what is flagged is clear all the same. docs/quality.md says how often, by reading.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Set
from typing import Literal

Flaw = Literal["fragment", "furniture", "glued", "open", "question", "dangling", "speaker", "echo"]
LEANS: frozenset[Flaw] = frozenset(("dangling", "speaker", "echo"))  # mended by the sentence before
NO_QUOTE: frozenset[Flaw] = frozenset(("fragment", "furniture", "glued"))  # no sentence at all


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


# ---------------------------------------------------------------- no sentence

_END = re.compile(r"[.!?…。！？｡]\W*$")
_UNFINISHED = re.compile(r"(?:\.{3}|…)\W*$")
_QUESTION = re.compile(r"[?？]\W*$")
# Its beginning is elsewhere; or it is all in capitals; or it is too short to say something.
_NO_SENTENCE = re.compile(
    r"^\W*(?:[a-zà-ÿ]{2}|[^a-zà-ÿ\u0400-\uffff]{6,}$|[^\W\u3400-\u9fff]+(?:[^\w]+[^\W\u3400-\u9fff]+)?\W*$"
    r"|[\u3400-\u9fff]{1,4}\W*$)"
)

# What a page says to its reader or of its pictures: a label, and what it is a label of.
_FURNITURE = re.compile(
    r"^\W*+(?:(?:read|see|watch|listen) (?:also|more|next|too)\b|(?:also|more) (?:read|on this)\b"
    r"|related(?: articles?| stories)?\s*:|(?:share|tweet) (?:this|on|via)\b"
    r"|(?:sign up|subscribe|click here|follow us|log in)\b|(?:photo|image|picture|video|credit)s?\s*[:/©]"
    r"|(?:à )?(?:lire|voir|écouter|regarder|découvrir)(?: (?:aussi|également|encore|plus))?\s*:"
    r"|(?:lire|voir) (?:aussi|également)\b|(?:partager|imprimer|commenter) (?:sur|par|cet|cette)\b"
    r"|(?:abonnez|inscrivez|connectez)-vous\b|cliquez\b|(?:crédit|légende)s?\s*[:/©]"
    r"|(?:相关(?:阅读|新闻|链接|文章)|延伸阅读|推荐阅读|更多(?:阅读|新闻)|点击|扫码|关注我们|分享(?:到|至))"
    r"|(?:图片?(?:来源|源)?|记者|编辑|作者|来源|责编|摄影?)\s*[：:/])",
    re.IGNORECASE,
)

# A heading, a caption or a byline that runs into the sentence. Each begins with what is rare in a sentence, so that the
# search leaps; the first three are looked for only where a capital comes right after a letter.
_CAPITAL_INSIDE = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[^\W\d_].)")
_GLUED_WORDS = re.compile(
    _any(
        r"(?<![^\W\d_])[a-zà-ÿ]{3,}[A-ZÀ-ÖØ-Þ][a-zà-ÿ]*(?=[\s,'’])",  # blessésCinq
        r"[A-ZÀ-ÖØ-Þ]{4,}[a-zà-ÿ]{4,}",  # CULTURESamedi
        r"[a-zà-ÿA-Z]{2}(?:Les?|La|Une?|Des|Du|En|Ils?|Elle|Cette|Dans|Pour|Sur|Selon|Depuis|Mais|Pourtant"
        r"|The|It|In|She)\s",
    )
)
_GLUED = tuple(
    re.compile(pattern)
    for pattern in (
        # A word that only begins a sentence: "à grande échelle Selon", or another In the last days.
        " "
        + _any(
            r"(?<=[a-zà-ÿ]{3} )(?:Selon|Car|Pour|Depuis|Dans|Alors|Après|Mais|Cette|Lors|Face|Pourtant|Interrogée?)"
            r" [A-Za-zà-ÿ]",
            r"(?<=[a-z]{3} )(?:In (?:the|\d)|On the|At the|They (?:are|were|have)|But|However|When (?:you|the)"
            r"|This (?:is|was|[a-z]+ (?:is|has|was))|There (?:is|are|was|were)|It (?:is|was|has))\b",
            r"(?<=[a-zà-ÿ]{4} )(?:Les?|La) [a-zà-ÿ]{4,} (?:a|ont|est|sont|avait|va|vont)\b",
        ),
        r"\A(?:[A-ZÀ-ÖØ-Þ'’]{2,} ){2,}[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+ [a-zà-ÿ]",  # LA PRÉFECTURE DÉFAVORABLE Du côté
        r"[-–—](?:(?<=^.)|(?<=^\s.)|(?<=[.!?»\"”].)|(?<=[.!?»\"”]\s.))"
        r"\s?(?:[^-–—.]|\b-\b){3,60}\s[-–—]\s?[\"«“]?[A-ZÀ-ÖØ-Þ]",  # - Peur -Le
        r"[\"”»](?<=\w.)[\"”»]?[A-ZÀ-ÖØ-Þ][a-zà-ÿ]",
        '""',
        r"[\s.](?:M|Mme|Dr)\.\W*$",
        "(?:新华社|中新[网社]).{0,12}日电",
        r"摄(?<=[\u4e00-\u9fff]\s.)[\u4e00-\u9fff]",
    )
)
_HEADLINE_ZH = re.compile(r"^[^，。：0-9]{10,}(?<!时间)(?<!月)\d{1,2}日")  # a headline, and then the day

# ---------------------------------------------------------------- what points back

_OPENING_MARKS = r"^[\s\"'«»“”„‘’「『《（(\[–—-]*"
# What "this" may say of time without pointing back; "that year" does.
_OUR_TIME = (
    _any(
        "an|année|mois|semaine|jour|journée|soir|soirée|matin|matinée|midi|nuit|été|hiver|automne|printemps|week-end|saison",
        r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d+|siècle|prochaine?s? \w+",
        "derni(?:er|ère)s? (?:jours|temps|mois|années|semaines|heures)",
        "year|week|month|morning|afternoon|evening|night|weekend|summer|winter|autumn|fall|spring|season|time|century|days?",
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    )
    + r"\b(?!-là)"
)
_THIS_EN = rf"(?:this|these|those)\b(?! {_OUR_TIME})"
_THIS_FR = rf"(?:ce|cet|cette|ces)\b(?! (?:que|qui|dont|{_OUR_TIME}))"
_NOBODY_FR = (
    r"(?! (?:y a|y avait|y aura|faut|fallait|faudra|faudrait|existe|reste|suffit|convient|s['’]agi"
    r"|(?:est|était|sera|serait|semble) \w+ (?:de\b|d['’]|que\b|qu['’])|n['’](?:y a|est pas \w+ (?:de|d['’]|que))))"
)
_NOBODY_EN = r"(?! (?:is|was|will be|would be|seems|appears|takes|took) (?:\w+ )?(?:\w+ )?(?:that|to|for)\b)"

_DANGLING_EN = _any(
    _THIS_EN,
    r"(?:he|she|it|they|that|his|her|their|its|him|them|but|and|or|so|yet|however|moreover|therefore|thus|furthermore"
    r"|meanwhile|nevertheless|also|then|such|both|another|others|instead|besides|additionally|consequently|hence"
    r"|otherwise|similarly|the (?:latter|other|same)|as a result|in addition|by contrast|at the same time"
    r"|for (?:example|instance)|in (?:this|that) (?:way|case)|afterwards?|likewise|plus)\b",
    r"the (?:two|three|four|five|first|second|third|fourth|fifth|last|next|other) (?:ones?|men|women|pair|two|three)\b",
    r"(?:all (?:two|three|four|five)|none of (?:them|these|the)|nor|neither)\b",
    r"(?:in|at|on|during|after|before|since|by|from) [^.]{2,80}, (?:he|she|they)\b",
    # Some words, and then somebody: "When he left", "In 2019, she", "Furnished with notes, it".
    r"(?:when|while|if|as|because|after|before|although|since|until|where) (?:he|she|they)\b",
    rf"(?-i:[A-Z]?[^A-Z,]{{0,60}}),(?-i: [^A-Z,]{{0,50}},)? (?:he|she|they|it{_NOBODY_EN})\b",
    r"(?:today|now|then|later|still|once|soon|there|finally|since then|in fact|in \d{4}) (?:he|she|they)\b",
    rf"(?:in|at|on|with|after|before|during|under|by|for|from|despite|because of|according to|among|since|like|to|of)"
    rf" (?:{_THIS_EN}|him\b|them\b)",
)
_DANGLING_FR = _any(
    rf"il\b{_NOBODY_FR}",
    r"ce\b(?! sont .{1,60} qui\b)(?! (?:que|qui|dont|" + _OUR_TIME + "))",
    rf"(?:cet|cette|ces)\b(?! {_OUR_TIME})",
    r"(?:elle|ils|elles|cela|ça|celui|celle|ceux|celles|son|sa|ses|leur|leurs|mais|et|or|donc|car|puis|ensuite|ainsi"
    r"|toutefois|cependant|pourtant|néanmoins|par ailleurs|en outre|de plus|en effet|en fait|enfin|par conséquent"
    r"|en revanche|au contraire|lui|eux|dans le même temps|de (?:son|leur) côté|par exemple|autant de|d['’]ailleurs"
    r"|une? autre|[àa] l['’]époque|d['’]autant|du coup|même(?! (?:si|pas|les?|la|en))|idem|[sn]['’]y|y)\b",
    r"(?:le|la|les) (?:premi(?:er|ère)|seconde?|derni(?:er|ère)|deuxième)s?(?= (?:a|est|ont|sont|était)\b)",
    r"les (?:deux|trois|quatre|cinq) (?!plus|principa|premi|derni)\w+",
    r"(?:dans|avec|pour|sur|sous|après|avant|depuis|selon|malgré|contre|devant|face à|grâce à|suite à|lors de|par|parmi"
    rf"|outre|à|de|chez|sans|durant|pendant|d['’]après) (?:{_THIS_FR}|(?:lui|elles?|eux|celui-ci|celle-ci|cela)\b)",
    r"(?:si|quand|lorsqu['’]|comme|alors qu['’]|bien qu['’]|puisqu['’]|tandis qu['’]|s['’])\s?(?:elle|elles|ils|il"
    rf"{_NOBODY_FR})\b",
    rf"(?-i:[A-ZÀ-Þ]?[^A-ZÀ-Þ,]{{0,60}}),(?-i: [^A-ZÀ-Þ,]{{0,50}},)? (?:elle|elles|ils|il{_NOBODY_FR})\b",
    r"(?:à|aux?|en|dans|lors|depuis|après|pendant|durant|sur|chez|avant) [^.]{2,80}, "
    rf"(?:elles?|ils|il{_NOBODY_FR})\b",
    r"c['’](?!est (?:(?-i:[A-ZÀ-Þ])[\w-]+ ){1,4}qu[ie'’])",
)
_DANGLING_ZH = _any(
    r"他|她|它|这(?!里是)|那(?!么多)|该|其(?!他|它|余|实)|此|而|但|然而|不过|因此|所以|于是|同时|另外|并且|对此|随后"
    r"|之后|然后|后来|两人|两者|双方|当[日天]|同日|那里|是次|例如|与此|就此|为此|除此|比如",
    r"在[他她]看来|[^，。；：]{1,14}，(?:他|她|它|双方|两人|该|这[些一项种个位家名])",
    r"(?:在|对|对于|关于|根据|通过|随着|由于|凭借|作为|与|从)(?:这|那|该|此|其(?!他|它|余|中))",
)
_DANGLING = re.compile(_OPENING_MARKS + _any(_DANGLING_EN, _DANGLING_FR, _DANGLING_ZH), re.IGNORECASE)

# Further on, a word that seems to point back; and somebody, before anybody is named.
_ECHO = re.compile(
    _any(
        rf"\b(?:this|these|those) (?!{_OUR_TIME}|who\b|of\b|is\b|that\b)\w+",
        r"\b(?:this|these|those|him|them|it)\W*$|\bthe former(?=[,.;])|\bthe latter\b",
        r"\bsuch an? \w+\W*$|\bcela\b",
        r"\b(?:selon|à|de|chez|avec|pour|contre|entre|par|sur) (?:eux|elles?|lui)\W*$",
        rf"\b(?:cet|cette|ces) (?!{_OUR_TIME})\w+",
        rf"\bce (?!(?:que|qui|dont|qu|n|sont|serait|sera|fut)\b|{_OUR_TIME})\w+",
        r"\b(?:celui|celle|ceux|celles)-(?:ci|là)\b|\ben question\b|\bannée-là\b",
        r"(?<!应)(?<!本)该(?!怎|如何|死)[\u4e00-\u9fff]|这(?:些|一|项|种|个|位|家|名|座|份|批|场|起|两)",
        "上述|前述|前面提到|[前后]者|此[举事案]|两者|二者|那时|是次|本次|的[他她]，",
    ),
    re.IGNORECASE,
)
# A sentence has one of these words, or characters, or nothing of it echoes.
_WORD = re.compile(r"\w+")
_ECHOING = frozenset(
    _WORD.findall(
        "this these those him them it former latter such cela eux elle elles lui cet cette ces ce celui celle ceux"
        " celles question là"
    )
)
_ECHOING_ZH = re.compile("[述到者举事案时次他她该这]")
_SOMEBODY = re.compile(
    r"^\W*+\w[^A-ZÀ-ÖØ-Þ]{0,60}?\b(?:he|she|his|her|him|(?:il|elle) (?:a|avait|est|était|s['’])"
    r"|ils (?:ont|sont|avaient|étaient)|elles (?:ont|sont)|l['’](?:a|avait|ont) \w{3,})\b"
)
_NOBODY = re.compile(r"\bil (?:est|était|a|avait) (?:\w+ ){0,2}(?:de|que|d['’]|qu['’]|fallu|eu)")
_THEIRS = re.compile(
    r"^\W*+(?i:(?:because )?(?:la raison de|si|selon|pour|avec|dans|après|depuis|malgré|avant|par|chez|sur|when|if"
    r"|with|in|after|despite|for) (?:son|sa|ses|leurs?|his|her|their|its)) (?!.*\s[A-ZÀ-ÖØ-Þ][a-zà-ÿ])"
)
_SPEECH = re.compile(r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」")

# Somebody speaks, and the sentence does not say who: "he said", "dit-elle", 他说; or nothing but what was said.
_SPEAKER = re.compile(
    r"\b(?:he|she|they) (?:said|says|added|adds|told|wrote|explained|continued|warned|claimed|insisted|recalled)\b"
    r"|[,\"”] (?:said|says|added|explained|continued|insisted) (?:he|she|they)\b"
    r"|-(?:t-)?(?:il|elle|ils|elles)\b[^?？]*$"
    r"|(?:他|她|他们|她们)(?:还|又|也)?(?:说|表示|称|指出|补充|认为|写道|强调)",
    re.IGNORECASE,
)
_SPEAKING = frozenset(("he", "she", "they"))
_MAY_SPEAK = re.compile("-(?:t-)?(?:il|elle)|[他她]")
_WHO_IS_I = re.compile(r"^\W*+(?:(?:I|I['’](?:m|ve|d|ll)|My|Je|J['’]|Mon|Ma|Mes)(?![\w-])|[我])")
_SAID = re.compile(r"^\s*(?:\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」)[\s.。]*$")


def flaws(sentence: str) -> tuple[Flaw, ...]:
    """Return what is wrong with a sentence by itself; nothing for one that stands alone.

    fragment: its beginning or its full stop is missing, as in headings, bylines and captions. furniture: the page
    speaks of itself. glued: a heading runs into it. open: it is not finished, or a quotation in it. question: it asks.
    dangling: its beginning points back at a sentence that is not there. speaker: it does not say who speaks. echo:
    another word of it seems to point back.
    """
    return _remembered(sentence) if len(sentence) <= _REMEMBERED else _flaws(sentence)


def _flaws(sentence: str) -> tuple[Flaw, ...]:
    found: list[Flaw] = []
    outside = _SPEECH.sub(" ", sentence)
    words = frozenset(_WORD.findall(sentence.lower()))
    if not _END.search(sentence) or _NO_SENTENCE.match(sentence):
        found.append("fragment")
    elif _QUESTION.search(sentence):
        found.append("question")
    if _FURNITURE.search(sentence):
        found.append("furniture")
    if _is_glued(sentence):
        found.append("glued")
    if _is_open(sentence):
        found.append("open")
    if _DANGLING.match(sentence):
        found.append("dangling")
    elif _echoes(outside, words):
        found.append("echo")
    speaks = not words.isdisjoint(_SPEAKING) or _MAY_SPEAK.search(sentence)
    if _WHO_IS_I.match(outside) or (speaks and _SPEAKER.search(sentence)) or _SAID.match(sentence):
        found.append("speaker")
    return tuple(found)


# A sentence is asked about once for itself, and once for each that leans on it.
_REMEMBERED = 500  # characters, at most
_remembered = functools.lru_cache(10_000)(_flaws)


def _is_glued(sentence: str) -> bool:
    if _CAPITAL_INSIDE.search(sentence) and _GLUED_WORDS.search(sentence):
        return True
    return any(glued.search(sentence) for glued in _GLUED) or ("日" in sentence and bool(_HEADLINE_ZH.match(sentence)))


def _is_open(sentence: str) -> bool:
    count = sentence.count
    return bool(
        count('"') % 2
        or count("“") > count("”")
        or count("«") != count("»")
        or count("「") != count("」")
        or (("..." in sentence or "…" in sentence) and _UNFINISHED.search(sentence))
    )


def _echoes(outside: str, words: Set[str]) -> bool:
    """Whether what is outside of quotations points back; what is inside is somebody's to explain."""
    if (not words.isdisjoint(_ECHOING) or _ECHOING_ZH.search(outside)) and _ECHO.search(outside):
        return True
    somebody = _SOMEBODY.search(outside) and not _NOBODY.search(outside)
    return bool(_THEIRS.search(outside) or somebody)
