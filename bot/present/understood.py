"""How a topic, and a look-up, was understood, in words."""

from collections.abc import Iterator

from bot.base.i18n import Messages
from briefs.models import ReadAs
from briefs.topics import AllOf, AnyOf, Expression, Filtered, Word, parse_topic


def looked_for(expression: str, messages: Messages) -> str:
    """Say what an expression that is kept looks for."""
    return in_words(parse_topic(expression), messages)


def in_words(expression: Expression, messages: Messages, inner: bool = False) -> str:
    """Say what an expression looks for: "“Tencent” and (“Alibaba” or “腾讯”), without “stock”"."""
    if isinstance(expression, Word):
        return messages.say("“{word}”", word=expression.text)
    if isinstance(expression, Filtered):
        return messages.say("; ").join((in_words(expression.words, messages), *_filters(expression, messages)))
    parts = [in_words(part, messages, inner=True) for part in expression.parts]
    said = messages.choices(parts) if isinstance(expression, AnyOf) else messages.listing(parts)
    if isinstance(expression, AllOf) and expression.without:
        without = messages.choices(in_words(part, messages, inner=True) for part in expression.without)
        said = messages.say("{words}, without {others}", words=said, others=without)
    return messages.say("({words})", words=said) if inner else said


def _filters(expression: Filtered | ReadAs, messages: Messages) -> Iterator[str]:
    say = messages.say
    if expression.sources:
        yield say("only from {sources}", sources=messages.choices(expression.sources))
    if expression.not_sources:
        yield say("not from {sources}", sources=messages.choices(expression.not_sources))
    if expression.languages:
        yield say("only in {languages}", languages=messages.choices(map(messages.language_name, expression.languages)))
    hours = expression.hours if isinstance(expression, Filtered) else None
    if hours and hours % 24 == 0:
        yield messages.count("at most {n} day old", "at most {n} days old", hours // 24)
    elif hours:
        yield messages.count("at most {n} hour old", "at most {n} hours old", hours)


def read_as_line(read: ReadAs | None, messages: Messages, zone: str) -> str | None:
    """Say in one line how a look-up was understood; None where its words were taken as they stand."""
    if read is None:
        return None
    said = " · ".join(_understood(read, messages, zone))
    return messages.say("Read as: {what}", what=said)


def _understood(read: ReadAs, messages: Messages, zone: str) -> Iterator[str]:
    say = messages.say
    for written in read.must:
        wanted = in_words(parse_topic(written), messages)
        yield say("not {words} to the letter, which nothing has", words=wanted) if read.loosened else wanted
    if read.without:
        without = messages.choices(in_words(parse_topic(written), messages) for written in read.without)
        yield say("without {words}", words=without)
    for beginning, found in read.beginnings:
        words = messages.clauses(found)
        yield (
            say("{beginning}…: {words}", beginning=beginning, words=words)
            if found
            else say("no word begins with “{beginning}”", beginning=beginning)
        )
    if read.titles:
        titles = messages.listing(say("“{word}”", word=title) for title in read.titles)
        yield say("{words} in the title", words=titles)
    yield from _filters(read, messages)
    if read.since:
        yield say("from {date} on", date=messages.date(read.since, zone))
    if read.before:
        yield say("before {date}", date=messages.date(read.before, zone))
    for word, meant in read.corrections:
        yield say("“{word}” as “{other}”", word=word, other=meant)
    for name, others in {name.casefold(): (name, others) for name, others in read.names}.values():
        yield say("{name} also as {others}", name=name, others=messages.clauses(others))
