"""What in a sentence points back at one that is not quoted: "He also …", "… he said", "The device …".

Rules over the words, in French, English and Chinese. Nothing is parsed: some of what points back is missed, and some of
what is flagged is clear all the same. docs/quality.md says how often, by reading.
"""

from __future__ import annotations

import re
from collections.abc import Set


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


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
# What "il" is in French where it stands for nobody: "il est difficile de", but not "il est ministre de".
_IT_IS_FR = (
    r"(?:(?:im)?possible|(?:im)?probable|(?:in)?utile|nécessaire|important|essentiel|urgent|temps|question|interdit"
    r"|difficile|facile|clair|vrai|évident|rare|prévu|conseillé|recommandé|préférable|souhaitable|indispensable|logique"
    r"|(?:a)?normal|obligatoire|demandé|permis|tôt|tard|crucial|dommage|légitime|inadmissible|inacceptable|reproché)"
)
_NOBODY_FR = (
    r"(?! (?:y a|y avait|y aura|faut|fallait|faudra|faudrait|existe|reste|suffit|convient"
    rf"|(?:n['’])?(?:est|était|sera|serait|semble|paraît) (?:\w+ )?{_IT_IS_FR} (?:de\b|d['’]|que\b|qu['’])|n['’]y a))"
)
# A noun that tells what a whole sentence was, in the next one without a verb: "A decision that shocked the town."
_A_NAME_FOR_IT = _any(
    r"une? (?:\w+ )?(?:aveu|décision|situation|menace|mesure|annonce|information|initiative|victoire|défaite|première"
    r"|manière|façon|réponse|réaction|phrase|déclaration|scène|occasion|geste|méthode|idée|choix|constat|record"
    r"|critique|accusation|proposition|position|polémique|histoire|sortie|nouvelle|chiffre|preuve|hausse|baisse)"
    r"(?: [\w'’]+){0,2} (?:qui|qu['’]|que|dont|où|à laquelle|auquel|selon|pour l|destinée?)",
    r"an? (?:\w+ )?(?:decision|move|claim|step|threat|promise|situation|measure|victory|defeat|gesture|idea|record|sign"
    r"|first|way|charge|charges|accusation|proposal|position|response|reaction) (?:that|which|for|denied|he|she|they)",
)
# "Un appel salué par la maire, ce qui lui a valu …": as many verbs as clauses that hang on the noun.
_A_THING_FR = re.compile(
    r"^\W*+(?:Une?|Des|Nouve(?:au|lle)|Derni(?:er|ère)) \w+ (?!sur )(?:\w+ ){0,6}?(?:qu[ie'’]|dont|où|\w+ée?s? )"
)
_RELATIVE_FR = re.compile(r"\b(?:qui|que|qu['’]|dont|où|laquelle|auquel)\b")
_FINITE_FR = re.compile(
    r"\b(?:est|sont|a|ont|va|vont|doit|doivent|peut|peuvent|fait|font|vient|veut|reste|sera|seront|fut|eut|valut"
    r"|(?:\w+)(?:ait|aient|era|eront|irent|èrent)|(?:re|de|sou|par)?vient|met|prend|rend|dit|permet|devrait|existe)\b"
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
    r"(?:\w+ ){1,4}(?:minutes|hours|days|weeks|months|years) (?:later|earlier)\b",
    r"(?:some|most|many|all|few|several|half|one|two|three|each|any|much|both|part) of (?:them|these|those|this|it)\b",
    r"(?:that said|as such|in other words|in short|in response|in return|of (?:those|these)|among them|to that end"
    r"|later (?:in|on|that)|herein|given (?:his|her|its|their)|on top of that|in turn|on the contrary"
    r"|not so|the answer|second(?:ly)?,|third(?:ly)?,"
    r"|finally,|still,)",
    r"the \w+ (?:do|does|did|will|would|can|could)(?: so| not)?[,.]",
    r"(?:asked|born|released|based|led|built|founded|known|made|used|located|named|designed|opened|written|published"
    r"|speaking|writing|working|using|citing|having|being|following|when asked) .{2,140}?, (?:he|she|they|it)\b",
    _A_NAME_FOR_IT,
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
    r"(?:elle|ils|elles|cela|ça|celui|celle|ceux|celles|ca|autre|son|sa|ses|leur|leurs|mais|et|or|donc|car|puis|ensuite|ainsi"
    r"|toutefois|cependant|pourtant|néanmoins|par ailleurs|en outre|de plus|en effet|en fait|enfin|par conséquent"
    r"|en revanche|au contraire|lui|eux|dans le même temps|de (?:son|leur) côté|par exemple|autant de|d['’]ailleurs"
    r"|une? autre|de même|en somme|en cause|bref|autrement dit|à l['’]inverse|(?:la )?preuve (?:de|d['’]|que|qu['’]|en)"
    r"|toujours (?:selon|d['’]après)|le genre|de quoi|pas de quoi|rien de|signe (?:de|que|qu['’])"
    r"|reste (?:à|que|qu['’])|à commencer par|l['’]autre\b|contre \d|dernier (?:rebondissement|épisode)|un acte"
    r"|une? de plus|il (?:faut|fallait|semble|paraît)(?: \w+)? qu['’](?:il|elle)s?\b"
    r"|(?:conséquence|résultat|bilan)(?= ?:)|(?:autour|depuis|soit)(?=,)|tel(?:le)?s? (?:est|était|sont|étaient)"
    r"|\w+ \w+ plus (?:tard|tôt)|la réponse (?:est|a|n['’])|(?:de|une?) tel(?:le)?s?|il s['’]agi\w+"
    r"|l['’]occasion de|idem|[àa] l['’]époque|d['’]autant|du coup|même(?! (?:si|pas|les?|la|en))|[sn]['’]y|y)\b",
    r"(?:le|la|les) (?:premi(?:er|ère)|seconde?|derni(?:er|ère)|deuxième|troisième|quatrième)s?"
    r"(?= (?:a|est|ont|sont|était|dans|en|depuis|pour)\b)",
    r"les (?:deux|trois|quatre|cinq) (?!plus|principa|premi|derni)\w+",
    r"(?:dans|avec|pour|sur|sous|après|avant|depuis|selon|malgré|contre|devant|face à|grâce à|suite à|lors de|par|parmi"
    rf"|outre|[àa]|de|chez|sans|durant|pendant|d['’]après) (?:{_THIS_FR}|(?:lui|elles?|eux|celui-ci|celle-ci|cela)\b)",
    r"(?:si|quand|lorsqu['’]|comme|alors qu['’]|bien qu['’]|puisqu['’]|tandis qu['’]|s['’])\s?(?:elle|elles|ils|il"
    rf"{_NOBODY_FR})\b",
    rf"(?-i:[A-ZÀ-Þ]?[^A-ZÀ-Þ,]{{0,60}}),(?-i: [^A-ZÀ-Þ,]{{0,50}},)? (?:elle|elles|ils|il{_NOBODY_FR})\b",
    r"(?:à|aux?|en|dans|lors|depuis|après|pendant|durant|sur|chez|avant) [^.]{2,80}, "
    rf"(?:elles?|ils|il{_NOBODY_FR})\b",
    # Somebody asked, born, invited, and then "he"; and "y", "lui", of what was named before.
    r"(?!(?:an?dré|rené|josé|chloé|zoé|noé|salomé)\b)(?:\w+ée?s?|issue?s?|venue?s?|élue?s?|(?:sor|par)tie?s?|soumise?s?"
    r"|[pm]rise?s?|inscrite?s?) .{2,140}?, (?:il|elle|ils|elles)\b",
    r"[^,]{2,20}, c['’]est [^,]{3,40} qu['’](?:il|elle)s?\b",
    r"(?:au|en|dans|à) [^,]{2,30}, (?:quand|si|lorsqu['’]|puisqu['’]) ?(?:elle|il)s?\b",
    r"(?:les?|la|l['’]|une?|des|deux|trois|\d+) ?[^,.]{2,50} (?:lui|leur) (?:a|ont|avait|avaient|est|fut)\b",
    _A_NAME_FOR_IT,
    r"c['’](?!est (?:(?-i:[A-ZÀ-Þ])[\w-]+ ){1,4}qu[ie'’])",
)
_DANGLING_ZH = _any(
    r"他|她|它|这(?!里是)|那(?!么多)|该|其(?!他|它|余|实)|此|而|但|然而|不过|因此|所以|于是|同时|另外|并且|对此|随后"
    r"|(?:指出|强调|表示|认为|重申)，|从而|进而|以便|此等|在?当[日天]|期待(?:与|同|在)|截至目前，已|之后|然后|后来|两人|两者|双方|同日|那里|是次|例如|与此|就此"
    r"|为此|除此|比如",
    r"在[他她]看来|[^，。；：]{1,14}，(?:他|她|它|双方|两人|该|这(?!里|次|份报))",
    r"在[他她它](?!国|乡|处|方)|\d{4}年(?:\d+月)?(?:\d+日)?，?(?:出生|参与|参加|毕业|加入|获得|担任|推出|发行|考入|就读)",
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
        r"^[^，。]{0,12}(?:影响|让|使|给|帮助)[他她它]们?",
        r"(?<!应)(?<!本)该(?!怎|如何|死)[\u4e00-\u9fff]|这[些一项种个位家名座份批场起两幅本部条款栋辆艘架首张]",
        "上述|前述|前面提到|[前后]者|此[举事案]|两者|二者|那时|是次|本次|的[他她]，",
    ),
    re.IGNORECASE,
)
# Like something that was told before; somewhere that was named; and in Chinese, of somebody who is not named.
_ALIKE = re.compile(
    r"\b(?:[dl]e|la|du|au|un) même (?:année|jour|mois|semaine|époque|période|manière|façon|ordre|genre|type|sort"
    r"|scénario|constat|sens|motif|argument|problème|raison|logique|question|idée|chose|situation)\b"
    r"|\bthe same (?:kind|sort|fate|reason|thing)\b|\bjust (?:hours|days) later\b|\bla réponse est \w+ative\b"
    r"|\b(?:de tel(?:le)?s|une? tel(?:le)?) (?!que)\w+|\ble premier .{3,80} (?:le|la) seconde?\b"
    r"|^.{3,40}\ben revanche\b|\bjusque-là\b|^.{0,25}\bof them\b|\bno such \w+"
)
_THERE = re.compile(
    r"^(?:(?!\b(?:à|en|dans|aux?|chez|sur) (?:l['’]|la |le |les )?[A-ZÀ-Þ]|\boù\b|\bil y).){0,70}\by"
    r" (?:est|sont|était|étaient|sera|seront|ont|avait|avaient|a (?:été|\w+[éiu]))\b"
)
_UNSAID_ZH = re.compile(
    r"^[^，。]{0,12}，已(?:收集|收到|完成|有)|^(?:经|由)[^，]{2,14}，由|其中之一|近日对此|^[^“”]{6,}说。$"
)
# A sentence has one of these words, or characters, or nothing of it echoes.
_WORD = re.compile(r"\w+")
_ECHOING = frozenset(
    [
        "this",
        "these",
        "those",
        "him",
        "them",
        "it",
        "former",
        "latter",
        "such",
        "cela",
        "eux",
        "elle",
        "elles",
        "lui",
        "cet",
        "cette",
        "ces",
        "ce",
        "celui",
        "celle",
        "ceux",
        "celles",
        "question",
        "là",
    ]
)
_ECHOING_ZH = re.compile("[述到者举事案时次他她该这]")
_LIKENING = frozenset(
    (
        "revanche",
        "jusque",
        "them",
        "such",
        "tel",
        "telle",
        "tels",
        "telles",
        "même",
        "same",
        "just",
        "réponse",
        "premier",
    )
)
_SOMEBODY = re.compile(
    r"^\W*+\w[^A-ZÀ-ÖØ-Þ]{0,60}?\b(?:he|she|his|her|him|(?:il|elle) (?:a|avait|est|était|s['’])"
    r"|ils (?:ont|sont|avaient|étaient)|elles (?:ont|sont)|l['’](?:a|avait|ont) \w{3,})\b"
)
_NOBODY = re.compile(r"\bil (?:est|était|a|avait) (?:\w+ ){0,2}(?:de|que|d['’]|qu['’]|fallu|eu)")
_THEIRS = re.compile(
    r"^\W*+[^A-ZÀ-Þ,]{2,30}, (?:son|sa|ses|leurs?) [^A-ZÀ-Þ]{0,60}$|^\W*\w+, (?:son|sa|ses|leurs?) |"
    r"^\W*+(?i:l[ae]s? ?|l['’])\w+ de (?:son|sa|ses|leurs?) [^A-ZÀ-Þ]{0,40}?(?:[:,]|\b(?:est|sont|a|ont|était)\b)|"
    r"^\W*+(?i:(?:because )?(?:la raison de|si|selon|pour|avec|dans|après|depuis|malgré|avant|par|chez|sur|when|if"
    r"|with|in|after|despite|for) (?:son|sa|ses|leurs?|his|her|their|its)) (?!.*\s[A-ZÀ-ÖØ-Þ][a-zà-ÿ])"
)
_OPENING = 70  # characters
# What was introduced before, mostly: 声明指出.
_THE = re.compile(
    _OPENING_MARKS
    + r"(?:声明|报告|通知|公告|文件|报道|会议|剧组|公司|论坛)(?:说|指出|明确|称|显示|认为|还|要求|强调|取|当)"
)
_HAN = re.compile("[\u4e00-\u9fff]")
# Somebody by what they are, not by their name.
_EPITHET = re.compile(
    _OPENING_MARKS
    + r"(?:l['’](?:ex-?\s?|ancien(?:ne)? )\w+|(?:le|la) (?:jeune|petite?|vieille|vieux|\w+enaire|\w+génaire"
    r"|comédien(?:ne)?|chanteu(?:r|se)|acteur|actrice|députée?|sénat(?:eur|rice)|élue?|suspecte?|malheureu(?:x|se)|victime|joueu(?:r|se)"
    r"|fonctionnaire|intéressée?|principale? intéressée?|film|album|livre|titre|groupe|texte|rapport)"
    r"|the (?:\d+-year-old|\w+ giant|former \w+|young \w+|suspect|victim|singer|actor|actress|film|report|company"
    r"|agency|firm|group|pair|couple|duo|foursome|trio))\b",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30} (?:[a-z]{2,3} )?[A-ZÀ-ÖØ-Þ][\w'’-]|\b(?:Mr|Ms|Mrs|M|Mme)\.? [A-Z]")
# A capital inside the sentence, or letters that stand for a name.
_NAME = re.compile(
    r"(?<=[\w,:;»”\"')] )[\"“«(]?\s?[A-ZÀ-ÖØ-Þ][\w'’.]|[A-Z]{2}|\b[A-Z][\w-]{1,30}['’]s\b|(?<=['’])[A-ZÀ-ÖØ-Þ]\w|《"
)
_MONTH = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\b(?:January|February|March|April|June|July|August|September|October"
    r"|November|December)\b"
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
_WHO_IS_I = re.compile(
    r"^\W*+(?:(?:I|I['’](?:m|ve|d|ll)|My|We|We['’](?:re|ve|ll)|Our|Je|J['’]|Mon|Ma|Mes|Nous|Notre|Nos)(?![\w-])|[我])"
    r"|^[^,.]{3,80}, (?:je|j['’])"
)
# Somebody who is no name: "…", says the young man.
_WHO_SAYS = re.compile(
    r"[\"”»],? (?:(?:a|ont|avait) )?(?:dit|poursui\w+|conclut?|répondu?|s['’](?:est )?\w+|se \w+|concèdent|expliquent"
    r"|écrivent|assurent|indiquent|estiment|(?:lanc|demand|expliqu|ajout|indiqu|affirm|assur|confi|racont|estim|concéd|précis"
    r"|soulign|regrett|déplor|martel|détaill|déclar|témoign|décrypt|analys)[eé]|écrit|concède)"
    r" (?:les? |la |l['’])(?!police|gendarmerie|parquet|gouvernement|préfecture|justice|armée|opposition|oncle)"
    r"[^A-ZÀ-ÖØ-Þ\"«,]{3,60}(?:, (?:qui|dont|en)\b|\W*$)"
    r"|[,\"”] (?:said|says|added|asked|wrote|explained|recalled|told reporters) the (?!police|government|army|court)"
    r"[^A-Z\"]{3,60}$"
)
_SAID = re.compile(r"^\s*(?:\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」)[\s.。]*$")


def dangles(sentence: str) -> bool:
    """Whether its beginning points back; or it is a noun for what was just told, without a verb of its own."""
    if _DANGLING.match(sentence):
        return True
    outside = _SPEECH.sub(" ", sentence)
    return bool(_A_THING_FR.match(outside)) and len(_FINITE_FR.findall(outside)) <= len(_RELATIVE_FR.findall(outside))


def words_of(sentence: str) -> frozenset[str]:
    """Return its words in small letters."""
    return frozenset(_WORD.findall(sentence.lower()))


def echoes(sentence: str, words: Set[str]) -> bool:
    """Whether another of its words seems to point back, outside of quotations, or where one opens the sentence.

    What is further inside of a quotation is somebody's to explain.
    """
    outside = _SPEECH.sub(" ", sentence)
    if not words.isdisjoint(_ECHOING) or _ECHOING_ZH.search(sentence):
        said = _SPEECH.match(sentence.lstrip())
        if _ECHO.search(outside) or (said and _ECHO.search(said.group()[1:_OPENING])):
            return True
    if (not words.isdisjoint(_LIKENING) and _ALIKE.search(outside)) or ("y" in words and _THERE.search(outside)):
        return True
    if _HAN.search(sentence) and _UNSAID_ZH.search(outside):
        return True
    somebody = _SOMEBODY.search(outside) and not _NOBODY.search(outside)
    return bool(_THEIRS.search(outside) or somebody)


def speaks_unnamed(sentence: str, words: Set[str]) -> bool:
    """Whether somebody speaks, and the sentence does not say who."""
    speaks = not words.isdisjoint(_SPEAKING) or _MAY_SPEAK.search(sentence)
    return bool(
        _WHO_IS_I.match(_SPEECH.sub(" ", sentence))
        or (speaks and _SPEAKER.search(sentence))
        or _SAID.match(sentence)
        or _WHO_SAYS.search(sentence)
    )


def names(sentence: str) -> bool:
    """Whether a sentence names somebody or something; one in Chinese may always do."""
    return bool(_HAN.search(sentence) or _NAME.search(_MONTH.sub("", sentence)))


def is_bare(sentence: str) -> bool:
    """Whether a sentence speaks of what was introduced before it ("The device …") and names nobody and nothing.

    Good of a text's first sentence; of the others, one that names somebody serves better.
    """
    if _EPITHET.match(sentence):
        return not _FULL_NAME.search(sentence)
    return bool(_THE.match(sentence)) if _HAN.search(sentence) else not names(sentence)
