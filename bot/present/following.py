"""What was found at an address, and what became of it → Reply."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Paragraph, Reply, Span
from bot.base.safe_text import cut, one_line
from bot.present.parts import lines, note, reply, with_buttons
from bot.present.sources import Own, new_address, often, state_of, turned
from briefs.masking import is_secret, masked
from briefs.store.brought import Brought

_KINDS = {"feed": t("feed"), "list": t("list of headlines"), "watch": t("page that is watched for changes")}
_WATCHED = t("As it stands it is no news; what is added to it from now on comes as a story, with its day.")
_TOPICS = 10  # that are named
_TITLE = 150  # characters
_LABEL = 60  # characters of a button


def found(one: Mapping[str, Any], messages: Messages, *, zone: str, now: datetime, key: str, at: int, of: int) -> Reply:
    """Show something that can be followed, what it would bring, and the buttons. at, of: which of how many it is."""
    say = messages.say
    title = cut(one_line(one["title"]), _TITLE)
    buttons = [Button("follow", say("Follow"), f"{key}:{at}")]
    if of > 1:
        buttons.append(Button("another", say("Another feed of this page"), f"{key}:{(at + 1) % of}"))
    return reply(
        messages,
        Heading(
            title, " · ".join([masked(one["address"]), *([say("{n} of {of}", n=at + 1, of=of)] if of > 1 else [])])
        ),
        Paragraph(lines(_extent(one, messages))),
        Listing(tuple(_headline(each, messages, zone, now) for each in one["newest"])) if one["newest"] else None,
        Paragraph(lines(say(_WATCHED) if one["kind"] == "watch" else _brought(one["topics"], messages))),
        Buttons((*buttons, Button("cancel", say("Cancel"), key))),
        Footer((Span(say("Whatever you follow is read for all channels of this workspace.")),)),
    )


def source(one: Own, seen: Brought, messages: Messages, *, zone: str, now: datetime, days: int) -> Reply:
    """Show a source of the workspace's own: how it is doing, and what it brought in so many days."""
    say, count = messages.say, messages.count
    share = messages.percent(seen.told / max(seen.articles, seen.told, 1))
    figures = [count("{n} article in {days} days", "{n} articles in {days} days", seen.articles, days=days)]
    figures.append(count("{n} told here ({share})", "{n} told here ({share})", seen.told, share=share))
    if seen.unwanted:
        figures.append(count("{n} wish for less of it", "{n} wishes for less of it", seen.unwanted))
    headlines = ({"title": title, "url": url, "published": at and at.isoformat()} for title, url, at in seen.newest)
    items = tuple(_headline(each, messages, zone, now) for each in headlines)
    unfollow = Button("unfollow", say("Unfollow"), str(one.health.id))
    return reply(
        messages,
        Heading(one.name, masked(one.health.address)),
        Paragraph(lines(state_of(one, messages, zone, now), " · ".join(figures))),
        Listing(items) if items else None,
        Buttons((*new_address(one, messages), turned(one, messages), unfollow)) if one.may_change else None,
    )


def which_link(addresses: Sequence[str], messages: Messages, key: str) -> Reply:
    """Ask at which of a message's links to look. key: what the buttons name, with a number."""
    labels = [masked(address).partition("://")[2].rstrip("/") for address in addresses]
    buttons = [Button("link", cut(label, _LABEL), f"{key}:{at}") for at, label in enumerate(labels)]
    cancel = Button("cancel", messages.say("Cancel"), key)
    return reply(messages, Heading(messages.say("Which of these links?")), Buttons((*buttons, cancel)))


def now_followed(source: str, messages: Messages, *, who: str, number: int) -> Reply:
    """Tell all that a source is followed. number: of the source."""
    line = messages.say("@{who}: this workspace follows {source}; its articles come in now", who=who, source=source)
    return with_buttons(note(line, messages, public=True), Button("unfollow", messages.say("Undo"), str(number)))


def no_longer_followed(source: str, messages: Messages, *, who: str, value: str) -> Reply:
    """Tell all that a source is followed no more. value: what the button that follows it again names."""
    line = messages.say("@{who}: this workspace no longer follows {source}", who=who, source=source)
    return with_buttons(note(line, messages, public=True), Button("follow", messages.say("Follow again"), value))


def now_muted(source: str, messages: Messages, *, muted: bool, number: int) -> Reply:
    """Say that a source is shown here, or not. number: of the source."""
    if muted:
        line = messages.say("{source} is read still, and nothing of it is shown in this workspace.", source=source)
        return with_buttons(note(line, messages), Button("unmute", messages.say("Show it again"), str(number)))
    line = messages.say("What {source} brings is shown in this workspace.", source=source)
    return with_buttons(note(line, messages), Button("mute", messages.say("Mute"), str(number)))


def _extent(one: Mapping[str, Any], messages: Messages) -> str:
    """Say what it is, in which language, how much there is now and how often more, and whether whole articles come."""
    say = messages.say
    parts = [say(_KINDS.get(one["kind"], one["kind"]))]
    if one["language"]:
        parts.append(messages.language_name(one["language"]))
    if one["kind"] != "watch":
        parts.append(messages.count("{n} article now", "{n} articles now", one["entries"]))
    if one["a_week"]:
        parts.append(often(timedelta(days=7 / one["a_week"]), messages))
    if one["kind"] == "feed" and one["full"] is not None:
        parts.append(say("whole articles") if one["full"] else say("summaries"))
    return " · ".join(parts)


def _headline(one: Mapping[str, Any], messages: Messages, zone: str, now: datetime) -> Line:
    title = Span(cut(one_line(one["title"]), _TITLE), None if is_secret(one["url"] or "") else one["url"])
    if not one["published"]:
        return (title,)
    return title, Span(f" · {messages.short_dated(datetime.fromisoformat(one['published']), zone, now)}")


def _brought(topics: Mapping[str, int] | None, messages: Messages) -> str:
    """Say how many stories each topic would have of it, the most first."""
    say = messages.say
    if topics is None:
        return ""
    if not topics:
        return say("There is no topic yet that it could bring stories to.")
    most = sorted(topics.items(), key=lambda one: -one[1])
    shown = [say("{topic} {n}", topic=name, n=messages.number(count)) for name, count in most[:_TOPICS]]
    rest = [f"+{len(most) - _TOPICS}"] if len(most) > _TOPICS else []
    if not most[0][1]:
        return say(
            "Of what it holds now it would bring no story to your topics: {topics}", topics=" · ".join(shown + rest)
        )
    return say("Stories that it would bring to your topics now: {topics}", topics=" · ".join(shown + rest))
