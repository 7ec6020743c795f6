"""Why a story is there, and why an article is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import present
from bot.base.i18n import Messages, t
from bot.base.reply import Reply
from bot.commands.lookups import as_topic
from bot.commands.session import Session
from bot.commands.shown import Shown, gone, shown_as
from bot.present import ShownDigest, ShownLookUp, ShownStory
from bot.present.worded import source_name
from briefs.errors import UsageError
from briefs.store.articles import Stored
from briefs.store.channel_rows import StoredTopic
from briefs.store.memory import MEMORY
from briefs.text.addresses import host_of, spellings
from briefs.topics import Filtered, Judgement, Topic, Verdict, parse_topic

DIGESTS = 60  # of the channel's last ones are looked through for an article
TOPICS = 10  # that are told of


def why(session: Session, story: int | str = 1) -> Reply:
    """Explain a story of the asker's last look-up or the channel's last digest, whichever is newer.

    Or say why an article is missing.

    story: its number, or the address of an article.
    """
    if isinstance(story, str):
        return _why_not(session, story)
    return _explained(session, _newest(session), story)


def timeline(session: Session, number: int = 1) -> Reply:
    """Show a story of the asker's last look-up or the channel's last digest, whichever is newer, day by day."""
    return _day_by_day(session, _newest(session), number)


def timeline_of(session: Session, value: str) -> Reply:
    """Show the story that a button belongs to, day by day."""
    return _day_by_day(session, *_pointed_at(session, value))


def _newest(session: Session) -> Shown:
    """Return what was shown last to the asker, or to the channel. Raises UsageError where nothing was."""
    own, told = session.answers.answer(session.channel, session.asked.user), session.answers.digest(session.channel)
    shown = max(filter(None, (own, told)), key=lambda one: one.shown_at, default=None)
    if shown is None:
        raise UsageError("Nothing has been shown here yet; look something up first.", hints=("look up",))
    return Shown.of(shown)


def why_of(session: Session, value: str) -> Reply:
    """Explain the story that a button stands under: "answer:2" of the asker's own, or "run:2" of the channel's."""
    return _explained(session, *_pointed_at(session, value))


def _pointed_at(session: Session, value: str) -> tuple[Shown, int]:
    """Return what the value of a button names: what was shown, and the number of a story in it."""
    reference, _, number = value.rpartition(":")
    shown = shown_as(session, reference)
    if shown is None or not number.isdecimal():
        raise gone(session)
    return shown, int(number)


def rest_of(session: Session, reference: str) -> Reply:
    """Show what a digest left to its thread or left out: of the asker's own, or of the channel's."""
    shown = shown_as(session, reference)
    if shown is None or not isinstance(shown.content, ShownDigest):
        raise gone(session)
    content = replace(shown.content, topic=session.called(shown.content.topic))
    return present.rest(content, session.messages, zone=session.zone, now=session.now, reference=reference)


def _explained(session: Session, shown: Shown, number: int) -> Reply:
    story, value, subject = _story(shown, number), f"{shown.id}:{number}", session.called(shown.subject)
    return present.why(number, story, subject, session.messages, zone=session.zone, now=session.now, value=value)


def details_of(session: Session, value: str) -> Reply:
    """Return the figures behind `why_of`, in its place."""
    shown, number = _pointed_at(session, value)
    figures = present.details(number, _story(shown, number), session.called(shown.subject), session.messages)
    return replace(figures, in_place=True)


def _day_by_day(session: Session, shown: Shown, number: int) -> Reply:
    story = _story(shown, number)
    told = session.memory.told(session.channel, session.now - MEMORY)
    moments = session.archive.timeline(story.id, told, session.messages.language)
    if not moments:
        raise gone(session)
    return present.timeline(story, moments, session.messages, zone=session.zone, now=session.now)


def _story(shown: Shown, number: int) -> ShownStory:
    """Return a story of what was shown. Raises UsageError where it has none of that number."""
    story = present.story_of(shown.content, number)
    if story is None:
        last = len(shown.content.everything)
        if not last:
            raise UsageError("There is no story {number}; nothing was found.", number=number)
        raise UsageError("There is no story {number}; the last is {last}.", number=number, last=last)
    return story


# ---------------------------------------------------------------- what is not there


def _why_not(session: Session, address: str) -> Reply:
    if not host_of(address):
        raise UsageError(
            "“{word}” is neither the number of a story nor a web address; write {command} why 2",
            word=address,
            command=session.command,
        )
    stored = session.archive.found_at(address)
    if stored is None:
        return present.note(_never_seen(session, address), session.messages)
    listed = session.channels.subscriptions(session.channel)
    topics = [one.topic for one in listed] or session.channels.topics(session.channel)
    kept = session.answers.answer(session.channel, session.asked.user)
    asked = [Shown.of(kept)] if kept else []
    looked_up = [one.content for one in asked if isinstance(one.content, ShownLookUp)]
    if not topics and not looked_up:
        return session.note("I have read it, but there is no topic here that could take it.")
    digests = [*asked, *map(Shown.of, session.answers.digests(session.channel, DIGESTS))]
    reasons = [(content.query, _in_look_up(session, content, stored, address)) for content in looked_up]
    reasons += [
        (session.called(topic.name), _reason(session, topic, stored, digests, address)) for topic in topics[:TOPICS]
    ]
    article = stored.analysed.article
    story = session.archive.story(article.id)
    return present.why_not(article, story, stored.seen_at, reasons, session.messages, session.zone, session.now)


def _never_seen(session: Session, address: str) -> str:
    host, say = host_of(address), session.messages.say
    read = session.follows.seen_by(session.channel)
    health = [one for one in read if _same_site(host_of(one.address), host)]
    if not health and not any(_same_site(host_of(one.address), host) for one in session.sources):
        return say("I have never seen it: no source of mine is at {host}.", host=host)
    failing = next((one for one in health if one.failures), None)
    if failing is not None:
        return say(
            "I have never seen it: my source at {host} does not answer ({error}).",
            host=host,
            error=present.source_trouble(failing, session.messages),
        )
    return say(
        "I read {host}, but have never seen this article: its feed has not listed it while I was looking.", host=host
    )


def _same_site(one: str, two: str) -> bool:
    return bool(one) and (one == two or one.endswith(f".{two}") or two.endswith(f".{one}"))


def _in_look_up(session: Session, content: ShownLookUp, stored: Stored, address: str) -> str:
    """Say what became of an article in the asker's last look-up, in a sentence."""
    say, addresses = session.messages.say, {*spellings(address), stored.analysed.article.url}
    for number, story in enumerate(content.stories, 1):
        if story.url in addresses:
            return say("story {n} of your look-up.", n=number)
        if any(other.url in addresses for other in story.also):
            again = t("folded into story {n} of your look-up: {source} tells the same.")
            return say(again, n=number, source=story.source)
    words = as_topic(session, content.query)
    judged = session.archive.judge(Topic("", words), stored) if words else None
    if judged is not None and judged.words:
        lacking = t("your look-up does not find it: it has no {words}.")
        return say(lacking, words=_choices(session, judged.words))
    return say("below the cut of your look-up: others said more, or it is outside of what you asked for.")


def _reason(session: Session, topic: StoredTopic, stored: Stored, digests: list[Shown], address: str) -> str:
    """Say what became of an article in one topic, in a sentence."""
    say, judged = session.messages.say, session.archive.judge(session.wanted(topic), stored)
    if judged.verdict is not Verdict.TAKEN:
        return " ".join(_refused(session, topic, stored, judged)) or say(
            "it is in {language}, which the topic does not want.", language=_language(session, stored)
        )
    if told := next(_told(session, topic, stored, digests, address), ""):
        return told
    if stored.analysed.article.role == "page":
        return say("this page is watched: as it stands it is no news, and what is added to it is told.")
    return _untold(session, topic, stored)


def _refused(session: Session, topic: StoredTopic, stored: Stored, judged: Judgement) -> Iterator[str]:
    """Say what a topic has against an article: words that it has or lacks, and filters that it does not pass."""
    say, messages = session.messages.say, session.messages
    kinds = {word: next(filter(word.startswith, ("source:", "language:", "age:")), "") for word in judged.words}
    words = _choices(session, [word for word, kind in kinds.items() if not kind])
    excluded, found = judged.verdict is Verdict.EXCLUDED, set(kinds.values())
    if words:
        lacking = t("not on the subject: it has no {words}.")
        yield say(t("left out, because it has {words}.") if excluded else lacking, words=words)
    if "source:" in found:
        unwanted, other = (
            t("left out, because it is from {source}."),
            t("from {source}, which the topic does not name."),
        )
        yield say(unwanted if excluded else other, source=source_name(stored.analysed.article))
    if "language:" in found:
        yield say("it is in {language}, which the topic does not want.", language=_language(session, stored))
    expression = parse_topic(topic.expression)
    if "age:" in found and isinstance(expression, Filtered) and expression.hours:
        yield _too_old(expression.hours, messages)


def _choices(session: Session, words: Sequence[str]) -> str:
    """Say words of a topic, of which "a | b" is a choice."""
    each = (one.strip('"') for word in words for one in word.split(" | "))
    return session.messages.choices(session.messages.say("“{word}”", word=one) for one in each)


def _too_old(hours: int, messages: Messages) -> str:
    if hours % 24:
        return messages.count(
            "too old: it was more than {n} hour old when it came in.",
            "too old: it was more than {n} hours old when it came in.",
            hours,
        )
    return messages.count(
        "too old: it was more than {n} day old when it came in.",
        "too old: it was more than {n} days old when it came in.",
        hours // 24,
    )


def _language(session: Session, stored: Stored) -> str:
    return session.messages.language_name(stored.analysed.article.language or "und")


def _told(session: Session, topic: StoredTopic, stored: Stored, digests: list[Shown], address: str) -> Iterator[str]:
    """Say where a digest told it or left it out, newest first."""
    say = session.messages.say
    addresses = {*spellings(address), stored.analysed.article.url}
    for shown in digests:
        content, day = shown.content, session.messages.day(shown.shown_at, session.zone, session.now)
        if isinstance(content, ShownLookUp):
            continue
        for number, story in enumerate(content.everything, 1):
            if story.url in addresses:
                where = (
                    t("told on {day}, as story {n} of “{topic}”.")
                    if number <= len(content.stories)
                    else t("below the cut: number {n} in the thread of “{topic}” on {day}.")
                )
                yield say(where, day=day, n=number, topic=session.called(content.topic))
            elif any(other.url in addresses for other in story.also):
                again = t("folded into story {n} of “{topic}” on {day}: {source} tells the same.")
                yield say(again, n=number, topic=session.called(content.topic), day=day, source=story.source)
        if content.topic == topic.name:
            for one in content.omitted:
                reason = _OMITTED.get(one.because)
                if reason and one.url in addresses:
                    yield say(reason, day=day)


_OMITTED: Mapping[str, str] = {
    "old": t("left out on {day}: it had been published long before it came in."),
    "passing": t("left out on {day}: it only mentions the topic."),
    "repeat": t("left out on {day}: it says nothing that had not been told here."),
    "cut": t("below the cut on {day}: others said more."),
}


def _untold(session: Session, topic: StoredTopic, stored: Stored) -> str:
    say = session.messages.say
    subscription = session.channels.subscription(session.channel, topic)
    post = session.memory.told(session.channel, session.now - MEMORY).posts.get(stored.analysed.article.id)
    if post is not None:
        return say("told here on {day}.", day=session.messages.day(post.at, session.zone, session.now))
    if subscription is None:
        return say("it is taken; this channel does not get the topic.")
    if stored.row > subscription.position:
        if subscription.next_due is None:
            paused = t("it is taken, and waits: the digest is paused.")
            return say(paused if subscription.paused else t("it is taken; the subscription is over."))
        coming = session.comes_at(subscription.next_due, subscription.zone)
        when = session.messages.when(coming, subscription.zone, session.now)
        return say("it is taken, and waits for the next digest: {when}.", when=when)
    days = (subscription.created_at - stored.seen_at) // timedelta(days=1)
    if stored.seen_at < subscription.created_at:
        return session.messages.count(
            "too old: it came in {n} day before this channel subscribed.",
            "too old: it came in {n} days before this channel subscribed.",
            days,
        )
    return say("below the cut: others said more on the day that it came in.")
