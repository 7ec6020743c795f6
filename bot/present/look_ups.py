"""The content of a look-up → Reply."""

from datetime import datetime

from bot.base.i18n import Messages, tn
from bot.base.looks import COMPACT, Looks
from bot.base.reply import Button, Buttons, Footer, Heading, Paragraph, Part, Reply, Span
from bot.present.content import ShownLookUp
from bot.present.parts import lines
from bot.present.stories import headlines, shortened, story_item
from briefs.topics import is_filter


def shown_brief(
    content: ShownLookUp,
    messages: Messages,
    *,
    zone: str,
    now: datetime | None = None,
    answer: str = "",
    shared_by: str = "",
    note: str = "",
    shared: bool = False,
    in_thread: bool = False,
    looks: Looks = COMPACT,
) -> Reply:
    """Show a look-up from its content.

    answer: the id of the stored answer; with one, its stories have buttons, and so has the reply where it is private.
    shared_by: whom the channel owes it to; with one, the reply is public. note: a line of advice under it.
    shared: whether it has been shared already. in_thread: whether that would be in a thread.
    """
    stories, query = content.stories, content.typed or content.query
    title = messages.say("“{query}”", query=shortened(query, 140))
    line = messages.say("Shared by {name}", name=shared_by) if shared_by else _searched(content, messages)
    parts: tuple[Part, ...] = (
        Heading(title, line),
        *_paragraph(content.read_as or "", content.notice or ""),
        *(story_item(n, story, messages, zone, now, answer, looks=looks) for n, story in enumerate(stories, 1)),
        *_paragraph(note),
    )
    found = messages.count("“{query}”: {n} story", "“{query}”: {n} stories", len(stories), query=shortened(query, 60))
    has_words = not all(map(is_filter, content.query.split()))
    offers = _to_press(answer, messages, shared, in_thread, has_words) if answer and stories and not shared_by else ()
    return Reply(
        messages.language,
        found if stories else content.notice or found,
        parts,
        public=bool(shared_by),
        foot=(*offers, *((Footer((Span(messages.say("Shared ✓")),)),) if shared else ())),
        headlines=headlines(stories),
        overflow_summary=messages.say("More on “{topic}”", topic=shortened(query, 60)),
    )


def _paragraph(*texts: str) -> tuple[Paragraph, ...]:
    said = lines(*texts)
    return (Paragraph(said),) if said else ()


def _to_press(answer: str, messages: Messages, shared: bool, in_thread: bool, has_words: bool) -> tuple[Buttons, ...]:
    """Return what can be done with an answer: share it, once, and subscribe to the words that were looked up."""
    share = messages.say("Share in this thread") if in_thread else messages.say("Share to channel")
    shares = () if shared else (Button("share", share, answer),)
    subscribes = (Button("subscribe", messages.say("Subscribe to this"), answer),) if has_words else ()
    return (Buttons((*shares, *subscribes)),) if shares or subscribes else ()


def _searched(content: ShownLookUp, messages: Messages) -> str:
    """Say how many stories were found, among how many articles and in which languages; "" where there is none."""
    if not content.stories:
        return ""
    searched = content.searched
    oldest = searched.oldest
    forms = tn("searched {n} article", "searched {n} articles")
    if oldest:
        forms = tn("searched {n} article since {date}", "searched {n} articles since {date}")
    found = messages.count("{n} story", "{n} stories", len(content.stories))
    date = messages.date(oldest, "UTC") if oldest else ""
    among = messages.count(*forms, searched.articles, date=date)
    languages = messages.listing(map(messages.language_name, content.languages))
    return " · ".join((found, among, messages.say("in {languages}", languages=languages)))
