"""Whether a sentence can be quoted by itself: what is wrong with it when it stands alone."""

from __future__ import annotations

import re
from typing import Literal

Flaw = Literal["fragment", "furniture", "question", "dangling", "speaker"]

_END = re.compile(r"[.!?…。！？｡]\W*$")
_QUESTION = re.compile(r"[?？]\W*$")
_OPENING_MARKS = r"^[\s\"'«»“”„‘’「『《（(\[–—-]*"

# A first word that points back at a sentence the reader does not see; not the "it" of "il faut", which is nobody.
_DANGLING = re.compile(
    _OPENING_MARKS + r"(?:"
    r"(?:he|she|it|they|this|these|those|that|his|her|their|its|him|them|but|and|or|so|yet|however|moreover|therefore"
    r"|thus|furthermore|meanwhile|nevertheless|also|then|such|both|another|others|instead|besides|additionally"
    r"|consequently|hence|otherwise|similarly|the (?:latter|former|other|same)|as a result|in addition|by contrast"
    r"|at the same time|for (?:example|instance)|in (?:this|that) (?:way|case))\b"
    r"|il\b(?! (?:y a|y avait|y aura|faut|fallait|faudra|existe|s['’]agit de))"
    r"|(?:elle|ils|elles|ce|cet|cette|ces|cela|ça|celui|celle|ceux|celles|son|sa|ses|leur|leurs|mais|et|or|donc"
    r"|car|puis|ensuite|ainsi|toutefois|cependant|pourtant|néanmoins|par ailleurs|en outre|de plus|en effet|en fait"
    r"|enfin|par conséquent|en revanche|au contraire|lui|eux|dans le même temps|de (?:son|leur) côté|par exemple"
    r"|autant de|d['’]ailleurs)\b"
    r"|c['’]"
    r"|(?:他|她|它|这|那|该|其(?!他|它|余|中)|此|而|但|然而|不过|因此|所以|于是|同时|另外|并且|对此|随后|之后|然后|后来|两人|两者|例如)"
    r")",
    re.IGNORECASE,
)

# Somebody speaks, and the sentence does not say who: "he said", "dit-elle", 他说; or nothing but what was said.
_SPEAKER = re.compile(
    r"\b(?:he|she|they) (?:said|says|added|adds|told|wrote|explained|continued|warned|claimed|insisted|recalled)\b"
    r"|\b(?:said|says|added|explained|continued|insisted) (?:he|she|they)\b"
    r"|-(?:t-)?(?:il|elle|ils|elles)\b[^?？]*$"
    r"|(?:他|她|他们|她们)(?:还|又|也)?(?:说|表示|称|指出|补充|认为|写道|强调)",
    re.IGNORECASE,
)
_SAID = re.compile(r"^\s*(?:\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」)[\s.。]*$")

# What a page says to its reader or of its pictures: a label, and what it is a label of.
_FURNITURE = re.compile(
    r"^\W*(?:(?:read|see|watch|listen) (?:also|more|next|too)\b|(?:also|more) (?:read|on this)\b"
    r"|related(?: articles?| stories)?\s*:|(?:share|tweet) (?:this|on|via)\b"
    r"|(?:sign up|subscribe|click here|follow us|log in)\b|(?:photo|image|picture|video|credit)s?\s*[:/©]"
    r"|(?:à )?(?:lire|voir|écouter|regarder|découvrir)(?: (?:aussi|également|encore|plus))?\s*:"
    r"|(?:lire|voir) (?:aussi|également)\b|(?:partager|imprimer|commenter) (?:sur|par|cet|cette)\b"
    r"|(?:abonnez|inscrivez|connectez)-vous\b|cliquez\b|(?:crédit|légende)s?\s*[:/©]"
    r"|(?:相关(?:阅读|新闻|链接|文章)|延伸阅读|推荐阅读|更多(?:阅读|新闻)|点击|扫码|关注我们|分享(?:到|至))"
    r"|(?:图片?(?:来源|源)?|记者|编辑|作者|来源|责编|摄影?)\s*[：:/])",
    re.IGNORECASE,
)


def flaws(sentence: str) -> tuple[Flaw, ...]:
    """Return what is wrong with a sentence by itself; nothing for one that stands alone.

    fragment: no full stop, as in headings, bylines and captions. furniture: the page speaks of itself. question: it
    asks. dangling: its first word points back at a sentence that is not there. speaker: it does not say who speaks.
    """
    found: list[Flaw] = []
    if not _END.search(sentence):
        found.append("fragment")
    elif _QUESTION.search(sentence):
        found.append("question")
    if _FURNITURE.search(sentence):
        found.append("furniture")
    if _DANGLING.match(sentence):
        found.append("dangling")
    if _SPEAKER.search(sentence) or _SAID.match(sentence):
        found.append("speaker")
    return tuple(found)
