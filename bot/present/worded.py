"""Brief or Digest → its content, worded in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.base.i18n import Messages, t, tn
from bot.present.content import FirstReport, Folded, ShownDigest, ShownLookUp, ShownOmitted, ShownQuote, ShownStory
from bot.present.understood import read_as_line
from briefs import models
from briefs.models import Article, Brief, Channel, Digest, Notice, ReadAs, Report, Searched, TopStory
from briefs.quoting.corrections import opening
from briefs.text.links import text_fragment

Permalink = Callable[[Channel, str], str | None]  # where a message is, by the platform's id of it


def look_up(brief: Brief, messages: Messages, zone: str = "UTC") -> ShownLookUp:
    """Return the content of a look-up."""
    searched = brief.searched
    return ShownLookUp(
        query=brief.query,
        read_as=read_as_line(brief.read_as, messages, zone),
        languages=tuple(brief.languages),
        took_ms=round(brief.took_ms, 1),
        notice=_older(brief, notice_line(brief.notice, searched, messages, brief.read_as, zone), messages),
        searched=searched,
        stories=tuple(_story(story) for story in brief.stories),
    )


def digest(
    digest: Digest, messages: Messages, *, channel: Channel | None = None, permalink: Permalink | None = None
) -> ShownDigest:
    """Return the content of a digest; `channel` is where it is posted, None when it is not.

    permalink: gives the addresses of the earlier posts that stories go on with.
    """

    def link(reference: str) -> str | None:
        return permalink(channel, reference) if permalink and channel else None

    stories = [*digest.stories, *digest.more]
    return ShownDigest(
        topic=digest.topic,
        since=digest.since,
        until=digest.until,
        channel=channel,
        languages=tuple(sorted({story.lead.language or "und" for story in stories})),
        notice=None if stories else nothing_new(digest.topic, digest.since, messages),
        articles=digest.articles,
        publishers=digest.publishers,
        stories=tuple(_story(story, link) for story in digest.stories),
        more=tuple(_story(story, link) for story in digest.more),
        left_out=dict(digest.left_out),
        omitted=tuple(ShownOmitted(**_head(one.article), because=one.because) for one in digest.omitted),
    )


def nothing_new(topic: str, since: datetime | None, messages: Messages) -> str:
    """Say that a topic has nothing new."""
    if since is None:
        return messages.say("Nothing on “{topic}” yet.", topic=topic)
    return messages.say("Nothing new on “{topic}” since {date}.", topic=topic, date=messages.date(since, "UTC"))


def _is_limited(read: ReadAs) -> bool:
    """Whether a look-up was for some of the articles only: of a time, a language, a source, a title."""
    return bool(read.since or read.before or read.languages or read.sources or read.not_sources or read.titles)


def notice_line(
    notice: Notice | None,
    searched: Searched,
    messages: Messages,
    read: ReadAs | None = None,
    zone: str = "UTC",
) -> str | None:
    """Word the honest notice of a look-up; None when there is nothing to own up to. read: how it was read."""
    if searched.articles == 0:
        return messages.say("The archive is still empty: nothing has been gathered yet.")
    if notice is None:
        return None
    missing, nearest = (_quoted(words, messages) for words in (notice.missing, notice.nearest))
    read = read or ReadAs()
    match notice.kind:
        case "only_stop_words":
            return messages.say("These words are too common to look up; add one that names what you look for.")
        case "lacking":
            return messages.say("None of these stories has {words}.", words=missing)
        case "near":
            near = t("None of these stories has {words}; they are only near to what you asked.")
            return messages.say(near, words=missing)
        case "related":
            return _related(missing, nearest, messages)
        case "nothing":
            return _nothing(notice, searched, messages, limited=_is_limited(read))
    return _unmet(notice, searched, messages, read, zone)


def _older(brief: Brief, said: str | None, messages: Messages) -> str | None:
    """Own up to the articles that a look-up could not look through, beside what is said of the others."""
    if not brief.partial:
        return said
    if not brief.stories:
        return messages.say("Nothing in the newest articles; older ones cannot be looked through just now.")
    if said is None:
        return messages.say("Older articles could not be looked through just now.")
    return messages.say("{sentence} Older articles could not be looked through just now.", sentence=said)


def _related(missing: str, nearest: str, messages: Messages) -> str:
    if missing and nearest:
        with_these = t("No story has {words}; these come nearest in meaning, with {nearest}.")
        return messages.say(with_these, words=missing, nearest=nearest)
    if missing:
        return messages.say("No story has {words}; these come nearest in meaning.", words=missing)
    return messages.say("No story has all of that in one place; these come nearest.")


def _nothing(notice: Notice, searched: Searched, messages: Messages, *, limited: bool) -> str:
    """Say that nothing was found, and which of its words stand somewhere. limited: to some of the articles."""
    stand = tuple(word for word in notice.missing if word in notice.nearest)
    near = _quoted(tuple(word for word in notice.nearest if word not in stand), messages)
    lacking = tuple(word for word in notice.missing if word not in stand)
    missing = _quoted(lacking or notice.missing, messages)
    since = messages.date(searched.oldest, "UTC") if searched.oldest else ""
    forms = tn("Nothing in {n} article.", "Nothing in {n} articles.")
    if missing and since:
        forms = tn(
            "Nothing on {words} in {n} article since {date}.", "Nothing on {words} in {n} articles since {date}."
        )
    elif missing:
        forms = tn("Nothing on {words} in {n} article.", "Nothing on {words} in {n} articles.")
    line = messages.count(*forms, searched.articles, words=missing, date=since)
    if limited and not lacking:
        none = t("Nothing on {words} within these limits.") if missing else t("Nothing within these limits.")
        line = messages.say(none, words=missing)
    if lacking and stand:
        words = messages.choices(messages.say("“{word}”", word=word) for word in stand)
        line = messages.say("{sentence} Some articles have {words}.", sentence=line, words=words)
    if near:
        line = messages.say("{sentence} Nearest: {words}.", sentence=line, words=near)
    return line


def _unmet(notice: Notice, searched: Searched, messages: Messages, read: ReadAs, zone: str) -> str:
    """Say which limit no article meets."""
    say, wanted = messages.say, [messages.say("“{word}”", word=word) for word in notice.missing]
    match notice.kind:
        case "source" if notice.nearest:
            near = _quoted(notice.nearest, messages)
            called = t("No article is from a source called {names}. Sources whose names are near that: {sources}.")
            return say(called, names=messages.choices(wanted), sources=near)
        case "source":
            return say("No article is from a source called {names}.", names=messages.choices(wanted))
        case "title":
            return say("No title has {words}.", words=messages.listing(wanted))
        case "language":
            names = map(messages.language_name, notice.missing)
            return say("No article is in {languages}.", languages=messages.choices(names))
        case "since" if read.since and searched.newest:
            first, last = messages.date(read.since, zone), messages.date(searched.newest, zone)
            return say("No article since {date}: the newest is from {day}.", date=first, day=last)
    first, end = (messages.date(day, zone) if day else "" for day in (searched.oldest, read.before))
    return say("No article before {date}: the oldest is from {day}.", date=end, day=first)


def _quoted(words: tuple[str, ...], messages: Messages) -> str:
    return messages.listing(messages.say("“{word}”", word=word) for word in words)


def _story(story: TopStory, link: Callable[[str], str | None] = lambda reference: None) -> ShownStory:
    lead = story.lead
    earlier = link(story.update_of) if story.update_of else None
    return ShownStory(
        **_head(lead),
        id=lead.id,
        published=lead.published,
        role=lead.role,
        score=round(story.score, 3),
        why=models.Reasons(_rounded(story.reasons.terms), _rounded(story.reasons.parts)),
        quotes=tuple(_quote(story, quote) for quote in story.quotes),
        story=story.of.number,
        first=_first(story.of.first),
        publishers=max(story.of.publishers, len({source_name(one) for one in _witnesses(story)})),
        also=tuple(
            Folded(**_head(one), id=one.id, published=one.published, copy=one.id in story.of.copies)
            for one in story.articles[1:]
        ),
        update_of=earlier or _iso(story.told_at),
        told_at=story.told_at,
        corrected=story.corrected or None,
        opening=None if any(quote.source == 0 for quote in story.quotes) else opening(lead),
    )


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


def _first(report: Report | None) -> FirstReport | None:
    if report is None:
        return None
    return FirstReport(source=publisher(report.source, report.url), url=report.url, at=report.at)


def _witnesses(story: TopStory) -> list[Article]:
    """Return the articles that tell a story in words of their own; where all repeat another's, one stands for it."""
    return [one for one in story.articles if one.id not in story.of.copies] or [story.lead]


def _head(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
        "source": source_name(article),
        "language": article.language or "und",
    }


def _quote(story: TopStory, quote: models.Quote) -> ShownQuote:
    article = story.articles[quote.source]
    link = text_fragment(article.url, article.text, quote.start, quote.end) if article.url else None
    return ShownQuote(
        text=quote.text,
        url=link,
        source=source_name(article),
        language=article.language or "und",
        id=article.id if quote.source else None,
    )


def source_name(article: Article) -> str:
    """Name the publisher of an article: see `publisher`."""
    return publisher(article.source, article.url)


def publisher(source: str | None, url: str | None) -> str:
    """Name a publisher: as it says, else the file's name or the site's."""
    if source:
        return source
    parts = urlsplit(url or "")
    if parts.scheme == "file":
        return PurePosixPath(unquote(parts.path)).name
    return (parts.hostname or "").removeprefix("www.")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
