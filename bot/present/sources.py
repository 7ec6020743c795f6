"""How the sources are doing → Reply: trouble first, a line each, with what to do; those that are well are counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Reply, Row, Span
from bot.present.parts import note, page, reply
from briefs.ingest.source_health import FINE, ORDER, condition, offered, rhythm
from briefs.masking import MASK, masked
from briefs.store.sources import Health
from briefs.text.addresses import host_of

_OFFERS = 4  # of new addresses: with "Try again", a row of buttons
_LABEL = 40  # characters of a name on a button
ALL = "all"

_REPAIRS = {
    "encoding": t("the encoding"),
    "markup": t("tags"),
    "entities": t("references"),
    "characters": t("forbidden characters"),
    "junk": t("what stands around it"),
    "namespaces": t("prefixes"),
    "json": t("the JSON"),
    "truncated": t("the end"),
    "length": t("the length that was announced"),
}


@dataclass(frozen=True, slots=True)
class Own:
    """A source that the workspace follows. name: as it is called here. may_change: whether the asker may mute it."""

    name: str
    health: Health
    muted: bool
    may_change: bool = True


def sources(
    listed: Sequence[Health],
    configured: int,
    messages: Messages,
    zone: str,
    now: datetime,
    *,
    own: Sequence[Own] = (),
    may_retry: bool = False,
    may_move: bool = False,
    start: int = 0,
) -> Reply:
    """Say how sources are doing, worst first, ten from a start on: the workspace's own, then others not simply well.

    configured: how many of the others there should be. may_retry, may_move: whether the asker may have those in trouble
    asked again, and read at another address, by buttons.
    """
    if not listed and not own:
        return _none_read(configured, messages)
    names = _apart(listed)
    ours, told = _worst_first(own, listed, names, now)
    both: list[Own | Health] = [*ours, *told]
    shown, turn = page(both, start, "sources", messages)
    theirs = [one for one in shown if isinstance(one, Own)]
    others = [one for one in shown if not isinstance(one, Own)]
    troubled = [one for one in others if condition(one, now) not in FINE]
    is_bad = troubled or any(condition(one.health, now) not in FINE for one in theirs)
    ends = both[-1:] == list(shown[-1:])
    heading = _answering(listed, messages, beside=bool(own))
    followed = messages.count("This workspace follows {n} source", "This workspace follows {n} sources", len(own))
    return reply(
        messages,
        Heading(followed if theirs else heading),
        *(_row(one, messages, zone, now) for one in theirs),
        Heading(heading) if theirs and listed and ends else None,
        Listing(tuple(_line(one, names[one.address], messages, zone, now) for one in others)) if others else None,
        turn,
        _buttons(troubled, names, messages, may_move=may_move) if may_retry and is_bad else None,
        _footer(len(listed) - len(told), configured - len(listed), listed, messages, zone, now) if listed else None,
    )


def _none_read(configured: int, messages: Messages) -> Reply:
    if not configured:
        return note(messages.say("No source yet."), messages)
    line = messages.count(
        "{n} source is configured; none has been read yet.",
        "{n} sources are configured; none has been read yet.",
        configured,
    )
    return note(line, messages)


def _worst_first(
    own: Sequence[Own], listed: Sequence[Health], names: Mapping[str, str], now: datetime
) -> tuple[list[Own], list[Health]]:
    """Put those of the workspace's own in order, and those of the others that are not simply well."""
    ours = sorted(own, key=lambda one: (ORDER.index(condition(one.health, now)), one.name.casefold()))
    told = [one for one in listed if condition(one, now) not in ("well", "unread")]
    return ours, sorted(told, key=lambda one: (ORDER.index(condition(one, now)), names[one.address]))


def _answering(listed: Sequence[Health], messages: Messages, *, beside: bool) -> str:
    """Say how many sources answer. beside: whether the workspace has others of its own."""
    answering = sum(1 for health in listed if not health.failures)
    line = messages.count("{n} of {all} sources answers", "{n} of {all} sources answer", answering, all=len(listed))
    return messages.say("Everybody’s: {line}", line=line) if beside else line


def _row(one: Own, messages: Messages, zone: str, now: datetime) -> Row:
    """Show a source of the workspace's own: how it is doing, and what can be done with it."""
    look = Button("source", messages.say("Show"), str(one.health.id))
    others = (*new_address(one, messages), turned(one, messages)) if one.may_change else ()
    return Row(one.name, state_of(one, messages, zone, now), (look, *others))


def state_of(one: Own, messages: Messages, zone: str, now: datetime) -> str:
    """Say how a source of the workspace's own is doing, and how often it posts."""
    own = rhythm(one.health) if condition(one.health, now) in FINE else None
    parts = [messages.say("muted")] if one.muted else []
    return " · ".join([*parts, said(one.health, messages, zone, now), *([often(own, messages)] if own else [])])


def new_address(one: Own, messages: Messages) -> tuple[Button, ...]:
    """Return the button that has a source read where it has moved to, where it has."""
    return (Button("use", _offer(one.health, "", messages), str(one.health.id)),) if offered(one.health) else ()


def turned(one: Own, messages: Messages) -> Button:
    """Return the button that mutes a source, or shows it again."""
    number = str(one.health.id)
    return (
        Button("unmute", messages.say("Show it again"), number)
        if one.muted
        else Button("mute", messages.say("Mute"), number)
    )


def called(health: Health) -> str:
    """Return what a source is called, as stories call it; where the machine keeps a file is its own affair."""
    if "://" in health.address:
        return masked(health.name or health.title or host_of(health.address) or health.address)
    return health.name or PurePath(health.address).name


def in_trouble(troubled: Sequence[Health], messages: Messages, zone: str, now: datetime) -> list[Line]:
    """Say a line of each source: what it is called, and what is wrong with it."""
    names = _apart(troubled)
    return [
        (
            Span(names[one.address], strong=True),
            Span(messages.say(": {line}", line=said(one, messages, zone, now))),
        )
        for one in troubled
    ]


def said(health: Health, messages: Messages, zone: str, now: datetime) -> str:
    """Say in a sentence how a source is doing, and what to do about it; without its name."""
    say = messages.say
    match condition(health, now):
        case "unread":
            return say("not read yet")
        case "well":
            return say("working")
        case "refused":
            return messages.count(
                "its only entry is refused: {error}",
                "all of its {n} entries are refused: {error}",
                health.about.get("entries", 1),
                error=_told(health.about, None, messages),
            )
        case "garbled":
            share = messages.percent(max(health.about.get("share", 0.0), 0.01))
            lost = t("{share} of its letters are lost; tell its publisher that its encoding is not the one it names")
            return say(lost, share=share)
        case "empty":
            return say("it has no entries; check that this is still its address")
        case "silent":
            when = messages.day(max(health.arrivals), zone, now)
            quiet = t("nothing new since {when}, though it used to bring something {often}; check whether it has ended")
            return say(quiet, when=when, often=often(rhythm(health) or timedelta(), messages))
        case "moved":
            return say("it has moved to {address}; use that address", address=masked(health.moved_to or ""))
        case "repaired":
            names = [say(_REPAIRS.get(name, name)) for name in health.about.get("repairs", ())]
            return say("read well, after repairs: {repairs}", repairs=messages.listing(names))
    return _failure(health, messages, zone, now)


def trouble(health: Health, messages: Messages) -> str:
    """Say what went wrong at the last try, and what to do; without the source's name."""
    return _told(health.said, health, messages)


def retried(asked: int, messages: Messages) -> Reply:
    """Say that sources are asked again."""
    line = messages.count(
        "{n} source is asked again within a minute or two.",
        "{n} sources are asked again within a minute or two.",
        asked,
    )
    return note(line, messages)


def moved(health: Health, address: str, messages: Messages, *, own: str = "") -> Reply:
    """Say that a source is read at another address from now on, or at its own again.

    own: what the workspace calls it that follows it; "" where it is everybody's.
    """
    source = own or called(health)
    if address == health.address:
        return note(messages.say("From now on I read {source} at its old address again.", source=source), messages)
    if own:
        line = messages.say("From now on I read {source} at {address}.", source=own, address=masked(address))
        return note(line, messages)
    line = t("From now on I read {source} at {address}. Write that into sources.yaml, too, when you next change it.")
    return note(messages.say(line, source=source, address=masked(address)), messages)


def _apart(listed: Sequence[Health]) -> dict[str, str]:
    """Give what each source is called, by its address; of those that are called alike, with where on its site it is."""
    names = {health.address: called(health) for health in listed}
    often = Counter(names.values())
    return {
        address: f"{name} ({urlsplit(address).path})" if often[name] > 1 and "://" in address else name
        for address, name in names.items()
    }


def _line(health: Health, name: str, messages: Messages, zone: str, now: datetime) -> Line:
    plain = masked(health.address) == health.address and health.address.startswith(("http://", "https://"))
    strong = condition(health, now) not in FINE
    link = health.address if plain else None
    return (Span(name, link, strong=strong), Span(messages.say(": {line}", line=said(health, messages, zone, now))))


def _buttons(troubled: Sequence[Health], names: Mapping[str, str], messages: Messages, *, may_move: bool) -> Buttons:
    moving = [one for one in troubled if may_move and offered(one)]
    alone = len(moving) == 1
    labels = [_offer(one, "" if alone else names[one.address][:_LABEL], messages) for one in moving]
    uses = (Button("use", label, str(one.id)) for label, one in zip(labels, moving, strict=True))
    return Buttons((Button("retry", messages.say("Try again"), ALL), *tuple(uses)[:_OFFERS]))


def _offer(health: Health, name: str, messages: Messages) -> str:
    """Say what a press would do; name: of the source, where several are offered something."""
    if offered(health) == health.address:
        return messages.say("Use the old address of {source} again", source=name or called(health)[:_LABEL])
    if not name:
        return messages.say("Use the new address")
    return messages.say("Use the new address of {source}", source=name)


def _footer(
    well: int, unread: int, listed: Iterable[Health], messages: Messages, zone: str, now: datetime
) -> Footer | None:
    read = max((one.answered_at for one in listed if one.answered_at), default=None)
    parts = [messages.count("{n} is read well", "{n} are read well", well)] if well else []
    if unread > 0:
        parts.append(messages.count("{n} is not read yet", "{n} are not read yet", unread))
    if read:
        parts.append(messages.say("last answer {when}", when=messages.when(read, zone, now)))
    return Footer((Span(" · ".join(parts)),)) if parts else None


def _failure(health: Health, messages: Messages, zone: str, now: datetime) -> str:
    if health.trouble == "gone" and health.moved_to:
        return messages.say(
            "it is gone for good (410), after it had moved to {address}; use that address",
            address=masked(health.moved_to),
        )
    tries = messages.count("{n} failed try", "{n} failed tries", health.failures)
    if health.answered_at is None:
        return messages.say("{error} ({tries}, never read yet)", error=trouble(health, messages), tries=tries)
    seen = messages.when(health.answered_at, zone, now)
    return messages.say("{error} ({tries}, last read {when})", error=trouble(health, messages), tries=tries, when=seen)


def _told(line: object, health: Health | None, messages: Messages) -> str:
    """Say a line that was kept as template and values, without the address that it begins with."""
    if isinstance(line, dict) and line.get("template"):
        # Which machines the operator's network has is told in the log, and to nobody here.
        template, values = line["template"], line.get("values", {}) | {"address": "", "ip": MASK}
        return masked(messages.say(template, **values)).lstrip(" \u00a0\u202f:：")
    if health is None or not health.error:
        return "?"
    return (
        masked(health.error).removeprefix(masked(health.address)).replace(health.address, called(health)).lstrip(" :")
    )


def often(every: timedelta, messages: Messages) -> str:
    """Say how often something comes that comes once in a while."""
    hours = round(every / timedelta(hours=1))
    if hours < 2:
        return messages.say("once an hour")
    if 20 <= hours < 36:
        return messages.say("every day")
    if hours < 20:
        return messages.say("every {n} hours", n=hours)
    return messages.say("every {n} days", n=round(hours / 24))
