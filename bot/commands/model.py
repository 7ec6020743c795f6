"""What a command is, who asks, and what a handler is given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.base.i18n import t
from bot.base.reply import Reply
from bot.grammar import Param
from bot.present.help import Group
from briefs.models import Channel


@dataclass(frozen=True, slots=True)
class Place:
    """Another channel that the asker named, as the platform knows it.

    may_manage: whether the asker may change what it subscribes to. reachable: whether the bot can post there.
    readable: whether it can look there for what it posted.
    """

    channel: Channel
    name: str
    may_manage: bool
    reachable: bool
    readable: bool = True


# Finds a channel of the asker's workspace by what they typed ("#news", "<#C123|news>", an id); None: there is no such
# channel, or the asker must not see it.
Finder = Callable[[str], Awaitable[Place | None]]
# Returns the channels of the asker's workspace that they are in and the bot knows of.
Rooms = Callable[[], Awaitable[Sequence[Place]]]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that somebody uploads. size: in bytes, as the platform says. read: downloads it; raises UsageError."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


# Returns the file that was uploaded with a command, by what was typed of it; None: there is none.
Handed = Callable[[str], Awaitable[Dropped | None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and where. All of it comes from what the platform verified, nothing from what was typed.

    user: the platform's id of the asker. locale: the asker's, in any spelling, or None.
    may_manage: whether they may change what the channel subscribes to; guests may nowhere. manages_workspace: whether
    they may change what its channels share, whoever added it. managers: who else may, as a key of the catalogues.
    trigger: the platform's id of this command or press, by which a repeat is recognised; "" where none can come.
    channel_name: as people write it, "#news". reachable: whether the bot can post in the channel. readable: whether it
    can read the channel's history. find: finds other channels; None where there are none. user_name: the asker's name.
    in_thread: whether it was asked in a thread, where the answer is shared, too. zone: the asker's time zone, if known.
    rooms: returns their channels; None where there are none. choices: the channels that a form offers, where the
    platform does not offer them itself. handed: returns the file that came with it. alone: whether nobody else reads
    here, so that the channel's settings are the asker's own.
    """

    channel: Channel
    user: str
    locale: str | None = None
    may_manage: bool = False
    manages_workspace: bool = False
    managers: str = t("my operators")
    trigger: str = ""
    channel_name: str | None = None
    reachable: bool = True
    readable: bool = True
    find: Finder | None = None
    user_name: str | None = None
    in_thread: bool = False
    zone: str | None = None
    rooms: Rooms | None = None
    choices: Sequence[Place] | None = None
    handed: Handed | None = None
    alone: bool = False


GROUP_OF: Mapping[str, Group] = {
    **dict.fromkeys(("search", "why", "story"), "look"),
    **dict.fromkeys(("topics", "topic", "preview", "alias"), "topics"),
    **dict.fromkeys(("subscribe", "unsubscribe", "list", "pause", "snooze", "resume", "move", "digest"), "digests"),
    **dict.fromkeys(("settings", "language", "zone", "form", "quotes", "feedback"), "channel"),
    **dict.fromkeys(("follow", "unfollow", "sources", "source", "packs", "import", "export"), "sources"),
    **dict.fromkeys(("home", "status", "audit", "help"), "bot"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command; its text grammar, slash-command options and help are made from this.

    name: one or two words ("topic add"); a key of the catalogues, as `help` is. A translated name has as many words.
    handler: called in a thread with a `Session` and the parsed parameters by name.
    manages: whether it needs the right to change what a channel subscribes to.
    effect: whether repeating it would do something again.
    aliases: other names in the text grammar. example: what may follow the name, as a person would type it.
    """

    name: str
    params: tuple[Param, ...]
    help: str
    handler: Callable[..., Reply]
    manages: bool = False
    effect: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""

    @property
    def group(self) -> Group:
        """The group that it is listed in by `help`."""
        return GROUP_OF[self.name.partition(" ")[0]]
