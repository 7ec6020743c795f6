"""The topic language, and which articles a topic takes.

    Tencent + Alibaba + (interoperability | "open links" | 互联互通) - stock

    words and phrases   every one must stand in the article; the `+` between them may be left out
    ( a | b )           at least one of them
    - a                 not in the article
    "open links"        these words, side by side
    source:caixin       only of this source, by its name or its site; of one of several; -source:36kr: not of it
    language:zh         only in this language; of several: in one of them
    age:7d              not what was older already when it came in (h, d, w, m, y)

A word means any name of its alias group. It is found as whole terms of the article's language, in the title or in the
text: "ai" is not in "rain", "link" is in "links". There are no regular expressions. Signs may be typed full width, and
quotation marks may be « French », “curly” or 「Chinese」.
"""

from briefs.topics.filters import FILTERS, is_filter
from briefs.topics.language import AllOf, AnyOf, Expression, Filtered, Word, all_of, any_of, words
from briefs.topics.matching import Judgement, Matcher, Names, Seen, Topic, Verdict, is_from, required
from briefs.topics.query_syntax import Asked, as_expression, parse_look_up, with_filters
from briefs.topics.reading import combine, parse_topic
