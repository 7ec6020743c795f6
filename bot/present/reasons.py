"""Why a story is there, and why an article is not → Reply."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Heading, Line, Listing, Paragraph, Reply, Span
from bot.base.safe_text import quoted
from bot.present.content import Folded, ShownStory
from bot.present.parts import lines, reply
from bot.present.stories import named, shortened, told_at
from bot.present.worded import publisher, source_name
from briefs.models import Article, Moment, Story
from briefs.text.links import text_fragment

TOLD = "✓"
FOLDED = 10  # articles on the same story that are named
_PARTS = {
    "pieces": t("it has words that are spelled alike"),
    "near": t("words of yours stand side by side"),
    "related": t("it shares words with the best matches"),
    "meaning": t("it says so in other words"),
    "recency": t("it is recent"),
    "publishers": t("several sources tell it"),
    "language": t("its language"),
    "feedback": t("what readers here wish for"),
}


def why(
    number: int,
    story: ShownStory,
    subject: str,
    messages: Messages,
    *,
    zone: str,
    now: datetime,
    value: str,
) -> Reply:
    """Say in a sentence why a story is there, then who tells it. value: what its buttons belong to."""
    folded = [_folded(other, messages, zone, now) for other in story.also[:FOLDED]]
    day_by_day = (Button("story", messages.say("Day by day"), value),) if story.id else ()
    return reply(
        messages,
        _heading(number, story, subject, messages),
        Paragraph(lines(_in_short(story, messages, zone, now), _told_first(story, messages, zone, now))),
        Listing(tuple(folded)) if folded else None,
        Buttons((Button("details", messages.say("Details"), value), *day_by_day)),
    )


def _heading(number: int, story: ShownStory, subject: str, messages: Messages) -> Heading:
    said = messages.say("Why story {n} of “{subject}”", n=number, subject=shortened(subject, 60))
    return Heading(said, shortened(story.title or messages.say("(untitled)"), 120))


def _in_short(story: ShownStory, messages: Messages, zone: str, now: datetime) -> str:
    """Say it as a person would: “Named in the title, told by 4 sources, since 8:30”."""
    say, terms = messages.say, [word for word, weight in _by_weight(story.why.terms) if weight > 0]
    title = story.title.casefold()
    said = []
    if any(word.casefold() in title for word in terms):
        said.append(say("named in the title"))
    elif terms:
        said.append(say("it has {words}", words=messages.listing(say("“{word}”", word=word) for word in terms[:2])))
    if story.tellers > 1:
        said.append(messages.count("told by {n} source", "told by {n} sources", story.tellers))
    said += [say(wished) for part, wished in _PARTS.items() if part == "feedback" and story.why.parts.get(part)]
    dated = [at for at in (story.published, *(other.published for other in story.also)) if at]
    if dated:
        when, hour = told_at(min(dated), messages, zone, now), messages.time(min(dated), zone)
        said.append(say("since {time}", time=when) if when == hour else say("since {day}", day=when))
    end = "。" if messages.language == "zh" else "."
    sentence = messages.clauses(said).removesuffix(end)  # a day may be cut short: "15 nov."
    return sentence[:1].upper() + sentence[1:] + end if sentence else ""


def details(number: int, story: ShownStory, subject: str, messages: Messages) -> Reply:
    """Say of what the score of a story is made: words and weights, age, publishers."""
    items = [
        _reason(messages.say("the word “{word}”", word=word), value, messages)
        for word, value in _by_weight(story.why.terms)
    ]
    items += [
        _reason(messages.say(_PARTS.get(part, part)), value, messages) for part, value in _by_weight(story.why.parts)
    ]
    heading = _heading(number, story, subject, messages)
    score = messages.say("Together: {score}. Higher stands first.", score=_points(story.score, messages))
    return reply(messages, heading, Listing(tuple(items)) if items else None, Paragraph(lines(score)))


def timeline(story: ShownStory, moments: Sequence[Moment], messages: Messages, *, zone: str, now: datetime) -> Reply:
    """Show a story day by day: a verbatim quote a line, linked; what the channel was told is marked."""
    title = shortened(story.title or messages.say("(untitled)"), 120)
    told = sum(one.told for one in moments)
    marked = messages.say("{mark} told in this channel", mark=TOLD) if told else ""
    heading = Heading(messages.say("The story so far: “{title}”", title=title), marked)
    return reply(messages, heading, Listing(tuple(_moment(one, messages, zone, now) for one in moments)))


def _moment(one: Moment, messages: Messages, zone: str, now: datetime) -> Line:
    day = messages.short_dated(one.at, zone, now)
    quote, article, language = one.quote, one.article, one.article.language or "und"
    link = text_fragment(article.url, article.text, quote.start, quote.end) if article.url else None
    said, source = quoted(quote.text, language), named(source_name(article), language, messages)
    return (
        Span(f"{day}  ", strong=True),
        Span(f"{TOLD} " if one.told else ""),
        Span(said, link),
        Span(f" · {source}"),
    )


def _told_first(story: ShownStory, messages: Messages, zone: str, now: datetime) -> str:
    """Say who was first of several."""
    first = story.first
    if story.tellers < 2 or not first:
        return ""
    return messages.say("First: {source}, {when}.", source=first.source, when=messages.dated(first.at, zone, now))


def _folded(other: Folded, messages: Messages, zone: str, now: datetime) -> Line:
    published = other.published
    day = f" · {messages.short_dated(published, zone, now)}" if published else ""
    copy = " · " + messages.say("repeats another’s text") if other.copy else ""
    return (Span(other.title or messages.say("(untitled)"), other.url), Span(f" · {other.source}{day}{copy}"))


def why_not(
    article: Article,
    story: Story | None,
    seen_at: datetime,
    reasons: Sequence[tuple[str, str]],
    messages: Messages,
    zone: str,
    now: datetime,
) -> Reply:
    """Say what became of an article in each topic of a channel. story: that it is of. reasons: (topic, sentence)."""
    seen = messages.say("I first saw it on {when}.", when=messages.when(seen_at, zone))
    items = [(Span(topic, strong=True), Span(f"  {reason}")) for topic, reason in reasons]
    heading = Heading(messages.say("What became of this article"), seen)
    titled = (Span(article.title or messages.say("(untitled)"), article.url),)
    about = Paragraph((titled, *lines(_cut(article, messages), _repeated(article, story, messages, zone, now))))
    return reply(messages, heading, about, Listing(tuple(items)))


def _cut(article: Article, messages: Messages) -> str:
    """Say how much of an article is kept, where that is not all."""
    if article.whole is None:
        return ""
    kept, whole = messages.number(len(article.text)), messages.number(article.whole)
    return messages.say("It is very long: I keep its first {kept} characters of {whole}.", kept=kept, whole=whole)


def _repeated(article: Article, story: Story | None, messages: Messages, zone: str, now: datetime) -> str:
    """Say whose text an article repeats, where it does."""
    if story is None or article.id not in story.copies:
        return ""
    if story.first is None:
        return messages.say("It repeats the text of an older article.")
    source, when = publisher(story.first.source, story.first.url), messages.dated(story.first.at, zone, now)
    return messages.say("It repeats the text of an older article; first: {source}, {when}.", source=source, when=when)


def _by_weight(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(((name, value) for name, value in values.items() if value), key=lambda item: -abs(item[1]))


def _reason(what: str, value: float, messages: Messages) -> Line:
    return (Span(_points(value, messages, signed=True), strong=True), Span(f"  {what}"))


def _points(value: float, messages: Messages, *, signed: bool = False) -> str:
    sign = "" if not signed else "+" if value >= 0 else "−"
    return sign + messages.number(round(abs(value) if signed else value, 2))
