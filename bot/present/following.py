"""What was found at an address, and what became of it → Reply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Paragraph, Reply, Span
from bot.base.safe_text import cut, one_line
from bot.present.parts import lines, reply
from bot.present.sources import often
from briefs.masking import is_secret, masked

_KINDS = {"feed": t("feed"), "list": t("list of headlines"), "page": t("page that is watched for changes")}
_TOPICS = 10  # that are named
_TITLE = 150  # characters


def found(one: Mapping[str, Any], messages: Messages, *, zone: str, now: datetime, key: str, at: int, of: int) -> Reply:
    """Show something that can be followed, what it would bring, and the buttons. at, of: which of how many it is."""
    say = messages.say
    title = cut(one_line(one["title"]), _TITLE)
    buttons = [Button("follow", say("Follow"), f"{key}:{at}")]
    if of > 1:
        label = say("Another feed of this page ({n} of {of})", n=at + 1, of=of)
        buttons.append(Button("another", label, f"{key}:{(at + 1) % of}"))
    return reply(
        messages,
        Heading(title, masked(one["address"])),
        Paragraph(lines(_extent(one, messages))),
        Listing(tuple(_headline(each, messages, zone, now) for each in one["newest"])) if one["newest"] else None,
        Paragraph(lines(_brought(one["topics"], messages))),
        Buttons((*buttons, Button("cancel", say("Cancel"), key))),
        Footer((Span(say("Whatever you follow is read for all channels of this workspace.")),)),
    )


def now_followed(source: str, messages: Messages, *, who: str, number: int) -> Reply:
    """Tell all that a source is followed. number: of the source."""
    line = messages.say("@{who}: this workspace follows {source}; its articles come in now", who=who, source=source)
    return _told(line, messages, Button("unfollow", messages.say("Undo"), str(number)))


def no_longer_followed(source: str, messages: Messages, *, who: str, value: str) -> Reply:
    """Tell all that a source is followed no more. value: what the button that follows it again names."""
    line = messages.say("@{who}: this workspace follows {source} no more", who=who, source=source)
    return _told(line, messages, Button("follow", messages.say("Follow again"), value))


def now_muted(source: str, messages: Messages, *, muted: bool, number: int) -> Reply:
    """Say that a source is shown here, or not. number: of the source."""
    if muted:
        line = messages.say("{source} is read still, and nothing of it is shown in this workspace.", source=source)
        return _told(line, messages, Button("unmute", messages.say("Show it again"), str(number)), public=False)
    line = messages.say("What {source} brings is shown in this workspace.", source=source)
    return _told(line, messages, Button("mute", messages.say("Mute"), str(number)), public=False)


def _told(line: str, messages: Messages, *buttons: Button, public: bool = True) -> Reply:
    return Reply(messages.language, line, (Paragraph(((Span(line),),)), Buttons(buttons)), public=public)


def _extent(one: Mapping[str, Any], messages: Messages) -> str:
    """Say what it is, in which language, how much there is now and how often more, and whether whole articles come."""
    say = messages.say
    parts = [say(_KINDS.get(one["kind"], one["kind"]))]
    if one["language"]:
        parts.append(messages.language_name(one["language"]))
    if one["kind"] != "page":
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
    return title, Span(f" · {messages.dated(datetime.fromisoformat(one['published']), zone, now)}")


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
