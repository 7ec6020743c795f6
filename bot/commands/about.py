"""The bot itself: sources, status, help, who changed what, and a channel's language and zone."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import present
from bot.base.i18n import Messages, t
from bot.base.reply import Reply
from bot.commands import first_minute, following, looks, undo
from bot.commands.model import Command
from bot.commands.session import Session
from bot.grammar import SmallTalk
from bot.present import Hint
from briefs.errors import UsageError
from briefs.housekeeping import weight
from briefs.ingest.source_health import FINE, condition, offered
from briefs.models import Source
from briefs.store.audit import KEPT, Audit
from briefs.store.channel_keys import serves_others
from briefs.store.sources import Health

ABOUT = t(
    "Look things up in what your team reads, and have what is new brought here. Every quote is linked to its source."
)


def sources(session: Session, start: int = 0) -> Reply:
    """Say how each source is doing, ten from a start on: those that the workspace follows, and others in trouble."""
    return present.sources(
        health(session),
        len(_everybodys(session)),
        session.messages,
        session.zone,
        session.now,
        own=[following.own(session, one) for one in session.follows.of(session.channel)],
        may_retry=session.asked.may_manage,
        may_move=_may_move(session),
        start=start,
    )


def try_again(session: Session) -> Reply:
    """Have the sources asked again that are in trouble, whatever they said and however they failed."""
    session.check_manages()
    listed = [*health(session), *(one.health for one in session.follows.of(session.channel))]
    troubled = [one for one in listed if condition(one, session.now) not in FINE]
    # What asked us to come back later is left alone till then, whoever presses a button.
    asked = [one.address for one in troubled if one.trouble != "busy" or not one.next_at or one.next_at <= session.now]
    if troubled and not asked:
        return session.note("They asked to be left alone for a while, and I keep to that; then I ask again by myself.")
    session.services.sources.again(asked, session.now)
    return present.retried(len(asked), session.messages)


def use_new_address(session: Session, number: str) -> Reply:
    """Read a source at the address that was offered for it. number: of the source."""
    own = {str(one.health.id): one for one in session.follows.of(session.channel)}
    everybodys = {source.address for source in _everybodys(session)}
    if number in own and own[number].health.address not in everybodys:
        return following.use_new_address(session, own[number])
    if not _may_move(session):
        managers = session.asked.managers if _is_operators(session) else t("my operators")
        raise UsageError(
            "All channels read this source: {managers} may do that. Ask one of them.",
            managers=session.messages.say(managers),
        )
    source = next((one for one in health(session) if str(one.id) == number), None)
    address = offered(source) if source else None
    if source is None or address is None:
        raise following.no_other_address()
    session.services.sources.use(source.address, address, session.now, session.actor())
    return present.moved(source, address, session.messages)


def _may_move(session: Session) -> bool:
    """Whether the asker may have a source read elsewhere, which all workspaces read."""
    return session.asked.manages_workspace and _is_operators(session)


def _is_operators(session: Session) -> bool:
    """Whether this is the operators' workspace: the one that the settings name, else the only one there is."""
    operators, here = session.services.config.settings.operators, session.channel
    if operators is None:
        return not serves_others(session.services.archive.database, here)
    return (operators.platform, operators.workspace) == (here.platform, here.workspace)


def health(session: Session) -> list[Health]:
    """Return the health of the configured sources that were ever tried, under names that chat may see.

    What somebody once read by hand, or took out of the configuration, is no source of the team's.
    """
    return session.services.sources.of(_everybodys(session))


def _everybodys(session: Session) -> list[Source]:
    """Return those that are not the workspace's own: these are told of among what it follows."""
    return [source for source in session.sources if not source.workspace]


def status(session: Session) -> Reply:
    """Say how the bot is doing, and what this channel has set."""
    followed = [one.health for one in session.follows.of(session.channel)]
    return present.status(
        session.archive.size(),
        weight(session.archive.database, session.now, session.services.config.settings.retention),
        [*health(session), *followed],
        len(_everybodys(session)) + len(followed),
        [session.comes(one) for one in session.channels.subscriptions(session.channel)],
        session.messages,
        place=session.here.name,
        speaks=session.channel_language,
        zone=session.zone,
        now=session.now,
    )


def unread(session: Session, reply: Reply) -> Reply:
    """Let an answer out of an empty archive say when its sources are read, and lead to what can be done meanwhile."""
    followed = [one.health for one in session.follows.of(session.channel)]
    known, sources = [*health(session), *followed], len(_everybodys(session)) + len(followed)
    if not sources:  # where there is nothing at all, every answer leads to the beginning
        ways = present.leading(("follow", "packs"), session.messages).buttons
        return reply if first_minute.is_empty(session) else present.with_buttons(reply, *ways)
    tried = [one for one in known if one.tried_at]
    round_at = session.now + timedelta(minutes=session.services.config.settings.gather.minutes)
    again = min(max(one.next_at or round_at, session.now) for one in tried) if len(tried) == sources else None
    return present.unread(reply, sources, again, session.messages, zone=session.zone)


def audit(session: Session, before: int = 0) -> Reply:
    """Show what was changed in this workspace, ten from the newest, or from the one before a change, on."""
    if not session.asked.manages_workspace:
        raise UsageError(
            "What was changed is for {managers} to see; ask one of them.",
            managers=session.messages.say(session.asked.managers),
        )
    kept = Audit(session.services.archive.database)
    changes = kept.of(session.channel, present.CHANGES_LISTED + 1, before or None)
    return present.audit(changes, session.messages, session.zone, session.now, kept=KEPT, later=bool(before))


def language(session: Session, language: str) -> Reply:
    """Choose the language that this channel is spoken to in; who asks goes on reading in their own."""
    was = undo.stands(session, "settings")
    session.channels.choose(session.channel, language=language)
    messages = Messages(language) if session.asked.alone else session.messages
    line = t("From now on I speak {language} in {place}.")
    if messages.language != language:
        line = t("From now on I speak {language} in {place}. What only you see stays in {own}.")
    own, named = messages.language_name(messages.language), messages.language_name(language)
    said = messages.say(line, language=named, own=own, place=session.here.name)
    return looks.told(session, present.note(said, messages), was)


def zone(session: Session, zone: str) -> Reply:
    """Choose the clock that this channel reads by."""
    was = undo.stands(session, "settings")
    session.channels.choose(session.channel, zone=zone)
    said = session.note(
        "The clock of {place} is now {zone}, where it is {time}. Subscriptions that stand keep their own.",
        place=session.here.name,
        zone=zone,
        time=session.messages.time(session.now, zone),
    )
    return looks.told(session, said, was)


def usage(command: Command, messages: Messages, root: str) -> present.Usage:
    """Say how a command is used, from its definition."""
    words = [
        root,
        messages.say(command.name),
        *(_slot(param.label or param.name, param.required, messages) for param in command.params),
    ]
    params = tuple((messages.say(param.label or param.name), messages.say(param.help)) for param in command.params)
    example = f"{root} {messages.say(command.name)} {messages.say(command.example)}".rstrip()
    return present.Usage(" ".join(words), messages.say(command.help), params, example if command.example else "")


def _slot(name: str, required: bool, messages: Messages) -> str:
    said = messages.say(name).upper()
    return said if required else f"[{said}]"


def help_all(session: Session) -> Reply:
    """Show what people come for, with buttons."""
    return present.help_all(session.messages.say(ABOUT), session.messages)


def help_commands(session: Session, commands: Sequence[Command], start: int) -> Reply:
    """Show every command in its group, ten from a start on."""
    by_group = {group: [one for one in commands if one.group == group] for group in present.GROUPS}
    usages = [
        (group, usage(command, session.messages, session.command))
        for group, grouped in by_group.items()
        for command in grouped
    ]
    return present.help_commands(usages, session.messages, start)


def help_one(session: Session, command: Command, note: str = "", others: Sequence[Command] = ()) -> Reply:
    """Show one command; note: why. others: those that go with it."""
    usages = [usage(one, session.messages, session.command) for one in (command, *others)]
    return present.help_one(usages[0], session.messages, note, usages[1:])


_GREETINGS: Mapping[SmallTalk, tuple[str, tuple[Hint, ...]]] = {
    "hello": (t("Hello! I look things up, and bring what is new on your topics."), ("look up", "topics", "help")),
    "thanks": (t("You are welcome."), ("look up", "help")),
    "stop": (t("I speak when I am asked, or subscribed to."), ("list", "help")),
    "undo": (
        t("I see no change of yours here to undo. If a message has the button Undo, press that."),
        ("list", "help"),
    ),
}


def greeting(session: Session, said: SmallTalk) -> Reply:
    """Answer small talk in one line, with buttons for what one can do; whoever asks for help gets all of it."""
    if said == "help":
        return help_all(session)
    line, hints = _GREETINGS[said]
    return present.with_buttons(session.note(line), *present.leading(hints, session.messages).buttons)
