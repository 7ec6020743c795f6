"""What kind of answer a question wants, told by its words: a date, a number, or neither."""

from __future__ import annotations

import re
from collections.abc import Callable

from briefs.text.terms import fold

# Patterns over folded questions (lower case, no accents).
_WHEN = re.compile(
    r"\b(?:when|(?:what|which) (?:year|date|day|month|century|decade|time)|since when"
    r"|quand|quell?e? (?:annees?|jours?|dates?|mois|epoques?|siecles?|decennies?|periodes?)"
    r"|wann|welche[mns]? (?:jahr|tag|datum|monat)|cuando|(?:que|cual) (?:ano|dia|fecha|mes|siglo)"
    r"|quando|(?:che|quale|qual) (?:anno|giorno|data|mese|secolo|ano|dia)|wanneer|welke? (?:jaar|dag|datum|maand)"
    r"|когда|како[мй] (?:год|году|день)|متى)\b"
    r"|何时|什么时[候间]|哪一?[年天月日]|几[月日年号]|哪个世纪|哪个年代|何年|何月|いつ|何日|언제|몇 ?[년월]"
)
_HOW_MANY = re.compile(
    r"\b(?:how (?:many|much|old|long|far|tall|large|big|high|fast|often)"
    r"|what (?:percent(?:age)?|number|amount|proportion|population|age|price|size|share)"
    r"|combien|quel (?:age|nombre|pourcentage|montant|prix|chiffre|taux)"
    r"|quelle (?:taille|distance|superficie|population|longueur|hauteur|quantite|proportion|duree|somme|part)"
    r"|wie ?viele?|wie (?:alt|lange|hoch|gross|weit)|cuant[oa]s?|quant[oaie]s?|hoeveel|hoe (?:oud|lang|groot|hoog|ver)"
    r"|сколько|كم)\b"
    r"|多少|几[个位次名家种岁]|多[大长高久远]|百分之几|いくつ|いくら|何[人個本回台歳]|몇|얼마"
)

_DATE = re.compile(
    r"(?<![\d.,])(?:1\d{3}|20\d{2})(?![\d%])|[\d〇一二三四五六七八九十]{1,4}\s?[年月]|世纪|年代"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|century|decade"
    r"|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|siecle"
    r"|januar|februar|marz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre"
    r"|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    r"|janeiro|fevereiro|junho|julho|setembro|outubro|novembro|dezembro|maart|mei|augustus)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[一二三四五六七八九十百千万亿两]{2,}|百分之")
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundreds?|thousands?|millions?"
    r"|billions?|half|third|quarter|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent"
    r"|mille|milliers?|milliards?|moitie|tiers|zwei|drei|vier|funf|zehn|dos|tres|cuatro|cinco|diez|due|tre|quattro)\b"
)


def expected(question: str) -> Callable[[str], bool] | None:
    """Return the test that a sentence with the wanted kind of answer passes; None where no kind is wanted."""
    folded = fold(question)
    if _WHEN.search(folded):
        return lambda sentence: bool(_DATE.search(fold(sentence)))
    if _HOW_MANY.search(folded):
        known = set(_NUMBER.findall(folded))
        return lambda sentence: _has_number(fold(sentence), known)
    return None


def _has_number(sentence: str, known: set[str]) -> bool:
    return bool(set(_NUMBER.findall(sentence)) - known) or bool(_NUMBER_WORD.search(sentence))
