"""Whether a sentence can be quoted by itself: what is wrong with it when it stands alone.

Rules over the words, in French, English and Chinese; those for what points back are in `_pointing`. docs/quality.md
says how often they err, by reading.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from briefs.text._pointing import dangles, echoes, speaks_unnamed, words_of

Flaw = Literal["fragment", "furniture", "glued", "open", "question", "dangling", "speaker", "echo", "bare"]
LEANS: frozenset[Flaw] = frozenset(("dangling", "speaker", "echo", "bare"))  # mended by the sentence before
NO_QUOTE: frozenset[Flaw] = frozenset(("fragment", "furniture", "glued"))  # no sentence at all


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


# ---------------------------------------------------------------- no sentence

_END = re.compile(r"[.!?…。！？｡]\W*$")
_UNFINISHED = re.compile(r"(?:\.{3}|…)\W*$")
_QUESTION = re.compile(r"[?？]\W*$")
# Its beginning is elsewhere; or it is all in capitals; or it is too short to say something.
_NO_SENTENCE = re.compile(
    r"^\W*(?:[a-zà-ÿ](?![A-Z])|[^a-zà-ÿ\u0400-\uffff]{6,}$|[^\W\u3400-\u9fff]+(?:[^\w]+[^\W\u3400-\u9fff]+)?\W*$"
    r"|[\u3400-\u9fff]{1,4}\W*$)"
)

# What a page says to its reader or of its pictures: a label, and what it is a label of.
_FURNITURE = re.compile(
    # A number of a list, or of a list of works.
    r"^\W*+(?:\d{1,3}[.)]\s|(?-i:(?:[A-Z][a-z]+ [A-Z]{1,3}(?:, |\. )){2}|[A-Z][\w-]+ [A-Z]{1,3} et al\b)"
    r"|(?:anchor|report|reporter)\s?:|(?:learn more|leave a comment|let us know|any help)\b"
    r"|(?:you can )?download\b.*\bhere\b"
    r"|(?:pour )?en savoir plus\b|laissez un commentaire|了解更多|如有(?:垂询|疑问|查询)|欢迎(?:垂询|订阅)"
    r"|(?:read|see|watch|listen) (?:also|more|next|too)\b|(?:also|more) (?:read|on this)\b"
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
        r"[a-zà-ÿ]{5}[A-ZÀ-ÖØ-Þ]{2,}\s|[A-ZÀ-ÖØ-Þ]{3}[LDCJS]['’][a-zà-ÿ]{2}",  # blessésUN hôpital; VALMERL'hôpital
    )
)
_GLUED = tuple(
    re.compile(pattern)
    for pattern in (
        # A word that only begins a sentence: "à grande échelle Selon", or another In the last days.
        " "
        + _any(
            r"(?<=[a-zà-ÿ]{3} )(?:Selon|Car|Pour|Depuis|Dans|Alors|Après|Mais|Cette|Lors|Face|Pourtant|Interrogée?)"
            r" [A-Za-zà-ÿ\d]",
            r"(?<=[a-zà-ÿ]{3} )Sur (?:le|la|les|son|sa|ses)\b",
            r"(?<=[a-z]{3} )(?:In (?:the|\d)|On the|At the|They (?:are|were|have)|But|However|When (?:you|the)"
            r"|This (?:is|was|[a-z]+ (?:is|has|was))|There (?:is|are|was|were)|It (?:is|was|has))\b",
            r"(?<=[a-zà-ÿ]{4} )(?:Les?|La) \w[a-zà-ÿ]{3,} (?:a|ont|est|sont|avait|va|vont)\b",
        ),
        # LA PRÉFECTURE "DÉFAVORABLE" Du côté; 12Du côté; (en français)Du côté; Valmer fermé?du côté
        r"\A(?:[A-ZÀ-ÖØ-Þ'’\"«»“”]{2,} ){2,}[A-ZÀ-ÖØ-Þ]['’]?[a-zà-ÿ]+,? [a-zà-ÿ]",
        r"\A\W*\d+(?!Minutes)[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{3}",
        r"\)(?<=\w.)[A-ZÀ-ÖØ-Þ][a-zà-ÿ]",
        r"[?!](?<=[a-zà-ÿ]{2}.)[a-zà-ÿ]{2}",
        r"\b([A-ZÀ-ÖØ-Þ][\w-]{1,30} [A-ZÀ-ÖØ-Þ][\w-]{1,30}) \1\b",  # The rise of Ann Roy Ann Roy said
        r"[-–—](?:(?<=^.)|(?<=^\s.)|(?<=[.!?»\"”].)|(?<=[.!?»\"”]\s.))"
        r"\s?(?:[^-–—.]|\b-\b){3,60}\s[-–—]\s?[\"«“]?[A-ZÀ-ÖØ-Þ]",  # - Peur -Le
        r"[\"”»](?<=\w.)[\"”»]?[A-ZÀ-ÖØ-Þ][a-zà-ÿ'’]|»[A-ZÀ-ÖØ-Þ][a-zà-ÿ'’]",
        '""',
        r"[\s.](?:M|Mme|Dr)\.\W*$",
        "(?:新华社|中新[网社]).{0,12}日电",
        r"摄(?<=[\u4e00-\u9fff]\s.)[\u4e00-\u9fff]",
    )
)
_HEADLINE_ZH = re.compile(r"^[^，。：0-9]{10,}(?<!时间)(?<!月)\d{1,2}日")  # a headline, and then the day


def flaws(sentence: str) -> tuple[Flaw, ...]:
    """Return what is wrong with a sentence by itself; nothing for one that stands alone.

    fragment: its beginning or its full stop is missing, as in headings, bylines and captions. furniture: the page
    speaks of itself. glued: a heading runs into it. open: it is not finished, or a quotation in it. question: it asks.
    dangling: its beginning points back at a sentence that is not there. speaker: it does not say who speaks. echo:
    another word of it seems to point back. (bare, that it names nobody, depends on where it stands: see
    `passages.wrong_with`.)
    """
    return _remembered(sentence) if len(sentence) <= _REMEMBERED else _flaws(sentence)


def _flaws(sentence: str) -> tuple[Flaw, ...]:
    found: list[Flaw] = []
    words = words_of(sentence)
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
    if dangles(sentence):
        found.append("dangling")
    elif echoes(sentence, words):
        found.append("echo")
    if speaks_unnamed(sentence, words):
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
        or count("“") != count("”")
        or count("«") != count("»")
        or count("「") != count("」")
        or (("..." in sentence or "…" in sentence) and _UNFINISHED.search(sentence))
    )
