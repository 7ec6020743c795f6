"""What web pages and printed pages put around their text, in every language, as patterns of whole lines.

Each pattern is matched against a whole line, or a whole piece of one, without regard to case. What is of a language
stands in its pack.
"""

# ruff: noqa: E501 - one pattern a line reads best

import re
from collections.abc import Callable, Iterable

from briefs.languages import LANGUAGES
from briefs.languages.pack import Boilerplate


def listed(kind: Callable[[Boilerplate], Iterable[str]], *others: str) -> str:
    """Return a pattern for any of what the languages have of one kind, and of some that are in no language."""
    return "(?:" + "|".join((*(one for pack in LANGUAGES.values() for one in kind(pack.boilerplate)), *others)) + ")"


def any_of(kind: Callable[[Boilerplate], Iterable[str]], *others: str) -> re.Pattern[str]:
    """Return it without regard to case."""
    return re.compile(listed(kind, *others), re.IGNORECASE)


# The reader's way through a site: never part of a text, wherever it stands.
NAVIGATION = any_of(lambda pack: pack.navigation, r"(?:©|\(c\))[^\n]{0,160}")
# Forms for readers' comments. The weak ones are such only after a strong one.
COMMENT_FORM = any_of(lambda pack: pack.comment_form)
COMMENT_FIELD = any_of(lambda pack: pack.comment_field)
# Heads and feet of printed pages and of the readers that show them.
PAGE_HEAD = any_of(
    lambda pack: pack.page_head,
    r"(?:pages? )?\d{1,4} ?/ ?\d{1,4}|pages? \d{1,4} ?- ?\d{1,4}",
    r"[-–—] ?\d{1,4} ?[-–—]",
)
VOLUME = re.compile(
    r"(?:vol(?:ume|\.)?|tome)\s?\d{1,4}\s?[,;·-]?\s?(?:(?:number|numéro|no\.?|n°|nr\.?|issue|#)\s?\d{1,4})?[^.!?]{0,40}"
    r"|(?:number|numéro|issue|n°|no\.)\s?\d{1,5}\s?[,(;·-]?[^.!?]{0,40}"
    r"|第\s?\d{1,4}\s?(?:卷|期)[^。]{0,30}",
    re.IGNORECASE,
)
# "Click here to read the rest": the whole line, however it is put.
READ_ON = any_of(lambda pack: pack.read_on)
# Links to other articles of the same house.
TEASER = re.compile(f"【?{listed(lambda pack: pack.teaser)}", re.IGNORECASE)
# What heads a list in the foot of a page.
LIST_LABEL = re.compile(rf"{listed(lambda pack: pack.list_label)}\s?[:：]?", re.IGNORECASE)
# Labels of what a page says of itself: field → the words before the value.
LABELS: dict[str, re.Pattern[str]] = {
    "author": any_of(lambda pack: pack.author),
    "keywords": any_of(lambda pack: pack.keywords),
    "source": any_of(lambda pack: pack.source),
    "section": any_of(lambda pack: pack.section),
    "date": any_of(lambda pack: pack.date),
}
COUNTER = any_of(
    lambda pack: pack.counter,
    r"\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?(?:am|pm|gmt|utc|cet|cest|est|edt|heure[^|]{0,20}))?",
)
# Kinds of article, as papers put them before a title.
KIND = any_of(lambda pack: pack.kind)
# What a house says on its pages to its visitors. Unlike the rest these can be whole sentences, and so could be quoted;
# each begins in a way that no report does.
NOTICE = any_of(lambda pack: pack.notice)
# What menus are made of. These are furniture among their like only: a text may have such a heading.
MENU_ITEM = any_of(
    lambda pack: pack.menu_item,
    r"facebook|twitter|linkedin|whats ?app|e-?mail|pinterest|reddit|telegram|messenger|instagram|youtube|tiktok|flipboard|tumblr|bluesky|mastodon",
)
# Who took or owns a picture, at the end of its caption or on a line of its own.
CREDIT = any_of(lambda pack: pack.credit, r"©\s?[^.!?。\n]{2,60}")
