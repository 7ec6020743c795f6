"""Look-ups: search, share, subscribe to one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, count
from zoneinfo import ZoneInfo

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Reply
from bot.commands import about
from bot.commands.session import Session
from bot.commands.shown import Shown, gone
from bot.commands.subscriptions import check_rights, subscribe_to
from bot.commands.topics import add_as
from bot.grammar import asked_for_news, small_talk
from bot.present import ShownLookUp, look_up_content, shown_brief, to_keep, told_in, with_quotes
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic
from briefs.text.query import parse_query
from briefs.topics import Expression, as_expression, is_filter, parse_look_up, with_filters

STORIES = 5
RELATED_WORDS = 40  # of a message that are looked up
_ADDRESS = re.compile(r"https?://\S+")
_SIGNS = re.compile(r"[^\w\s]|_")  # a message is no query: none of its signs means anything
NAME_LENGTH = 60


def search(
    session: Session,
    query: str = "",
    since: str | None = None,
    before: str | None = None,
    language: str | None = None,
    source: str | None = None,
    title: str | None = None,
    limit: int = STORIES,
    note: str = "",
) -> Reply:
    """Look words up; note: a line of advice to show under what is found. The others are filters beside the query."""
    is_source = query.casefold() in {one.name.casefold() for one in session.sources if one.name}  # "看看新闻"
    news = None if is_source else asked_for_news(query, dated=bool(since or before))
    typed = query if news is not None and all(map(is_filter, news.split())) else None
    query = with_filters(
        query if news is None else news, since=since, before=before, language=language, source=source, title=title
    )
    if not any(map(str.isalnum, query)):
        raise UsageError("Say what to look for.", hints=("look up",))
    if said := small_talk(query):
        return about.greeting(session, said)
    brief = session.archive.brief(query, limit=limit, reader=session.messages.language, zone=ZoneInfo(session.zone))
    content = replace(
        look_up_content(brief, session.messages, session.zone), reader=session.messages.language, typed=typed
    )
    content = with_quotes(content, session.looks.quotes)
    answer = session.answers.remember(session.channel, session.asked.user, query, to_keep(content), session.now)
    reply = shown_brief(
        content,
        session.messages,
        zone=session.zone,
        now=session.now,
        answer=answer,
        note=note,
        in_thread=session.asked.in_thread,
        looks=session.looks,
    )
    return reply if content.searched.articles else about.unread(session, reply)


def related(session: Session, text: str, under: str) -> Reply:
    """Look up what a message speaks of; the asker may share it under that message, by its platform's id."""
    words = " ".join(_SIGNS.sub(" ", _ADDRESS.sub(" ", text)).split()[:RELATED_WORDS])
    found = search(session, words)
    rows = [part for part in (*found.parts, *found.foot) if isinstance(part, Buttons)]
    shares = [_shared_under(button, under, session.messages) for row in rows for button in row.buttons]
    told = tuple(part for part in found.parts if not isinstance(part, Buttons))
    return replace(found, parts=told, foot=(Buttons(tuple(filter(None, shares))),) if any(shares) else ())


def _shared_under(button: Button, under: str, messages: Messages) -> Button | None:
    if button.action != "share":
        return None
    return replace(button, label=messages.say("Share in thread"), value=f"{button.value}:{under}")


def share(session: Session, answer: str) -> Reply:
    """Show the channel exactly what the asker saw, once; and say so where they saw it.

    Under the message that is named behind it, "answer:message".
    """
    answer, _, under = answer.partition(":")
    shown, content = _answer(session, answer)
    if not session.asked.reachable:
        raise UsageError("I cannot post in {place}; invite me there first.", place=session.here.name)
    messages = Messages(content.reader or session.messages.language)
    show = partial(shown_brief, content, messages, zone=session.zone, now=shown.shown_at, looks=session.looks)
    own = replace(show(answer=shown.id, shared=True), in_place=True)
    if not session.answers.publish(shown.id):
        return own
    session.memory.tell(session.channel, told_in(content), session.now)
    shared = show(answer=shown.id, shared_by=session.who)
    return replace(shared, under=under or None, after=own)


def subscribe_to_answer(session: Session, answer: str) -> Reply:
    """Make a topic of a look-up's words and subscribe the channel to it."""
    _, content = _answer(session, answer)
    check_rights(session.here)  # first: what is refused leaves no topic behind
    return subscribe_to(session, _topic_of(session, content.query), session.here)


def _topic_of(session: Session, query: str) -> StoredTopic:
    """Return the topic of these words, which is made where there is none."""
    words = as_topic(session, query)
    if words is None:
        raise UsageError("These words are too common for a topic; look up what names your subject.")
    expression = str(words)
    known = session.channels.topics(session.channel)
    same = next((topic for topic in known if topic.expression == expression), None)
    if same is not None:
        return same
    names = {topic.name for topic in known}
    name = next(name for name in _names(query) if name not in names)
    return add_as(session, name, expression)


def _names(query: str) -> Iterator[str]:
    """Return names for a topic of these words: themselves, then numbered."""
    name = " ".join(query.split())[:NAME_LENGTH].strip()
    return chain([name], (f"{name} {number}" for number in count(2)))


def _answer(session: Session, answer: str) -> tuple[Shown, ShownLookUp]:
    """Return a look-up that the asker was shown, by its id."""
    stored = session.answers.answer(session.channel, session.asked.user, answer)
    shown = Shown.of(stored) if stored else None
    if shown is None or not isinstance(shown.content, ShownLookUp):
        raise gone(session)
    return shown, shown.content


def as_topic(session: Session, query: str) -> Expression | None:
    """Ask for each word that counts in a look-up, and for what it was limited to; None where no word counts.

    Pieces of a Chinese run that touch are one word.
    """
    asked = parse_look_up(query, session.now)
    spans: list[tuple[int, int]] = []
    parsed = parse_query(asked.text, aliases=session.archive.aliases) if asked.text else None
    for group in parsed.content if parsed else ():
        if spans and group.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], group.end))
        else:
            spans.append((group.start, group.end))
    words = dict.fromkeys(parsed.text[start:end] for start, end in spans) if parsed else {}
    return as_expression(asked, [*words])
