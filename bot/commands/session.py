"""What a handler works with: the asker, the services, and messages in the right language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.base.calendar import comes_at
from bot.base.i18n import Messages, choose
from bot.base.looks import Looks
from bot.base.reply import Reply
from bot.commands.model import Asked, Place
from bot.grammar import nearest_name
from bot.present import Permalink, note
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import UsageError
from briefs.models import Channel, Source
from briefs.store.aliases import WorkspaceAliases
from briefs.store.answers import Answers
from briefs.store.audit import Actor
from briefs.store.channel_rows import StoredTopic, Subscription
from briefs.store.channels import Channels, ChannelSettings
from briefs.store.follows import Follows
from briefs.store.memory import Memory
from briefs.store.relevance_feedback import Wishes
from briefs.store.sources import Sources
from briefs.topics import Topic, parse_topic

FIRST_LOOKS_BACK = timedelta(days=7)  # a first digest is bounded: no flood from an old archive


class NotThere(UsageError):
    """What a command is about is not there, nor anything called nearly so."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all commands share.

    clock: returns the present instant, aware. permalink: returns the address of an earlier post. wake: lets gathering
    look for due sources now; may be called from any thread.
    """

    archive: Archive
    channels: Channels
    sources: Sources
    config: Config
    clock: Callable[[], datetime]
    permalink: Permalink = lambda channel, reference: None
    wake: Callable[[], None] = lambda: None

    @property
    def command(self) -> str:
        """The root command as people type it, "/brief"."""
        return f"/{self.config.settings.command}"


@dataclass(frozen=True, slots=True)
class Session:
    """One command being carried out. tells: whether the channel is told what it changes; a form does that itself."""

    services: Services
    asked: Asked
    messages: Messages
    settings: ChannelSettings
    now: datetime
    tells: bool = True

    @classmethod
    def open(cls, services: Services, asked: Asked) -> Session:
        """Begin a command, in the asker's language, else in the channel's."""
        settings = services.channels.settings(asked.channel)
        own = (settings.language, asked.locale) if asked.alone else (asked.locale, settings.language)
        language = choose(*own, services.config.settings.language)
        return cls(services, asked, Messages(language), settings, services.clock())

    def at(self, place: Place) -> Session:
        """Return the same command in another channel, with the rights that the asker has there."""
        asked = replace(
            self.asked,
            channel=place.channel,
            channel_name=place.name,
            may_manage=place.may_manage,
            reachable=place.reachable,
            readable=place.readable,
            alone=False,
        )
        return replace(Session.open(self.services, asked), tells=self.tells)

    @property
    def channel(self) -> Channel:
        """The channel in which it was asked."""
        return self.asked.channel

    @property
    def channels(self) -> Channels:
        """Topics and subscriptions; the audit list notes the asker, here, for what is changed in them."""
        return self.services.channels.by(self.actor())

    def channels_of(self, place: Place) -> Channels:
        """Return them with another channel noted as the place of changes."""
        return self.services.channels.by(self.actor(place))

    @property
    def aliases(self) -> WorkspaceAliases:
        """The aliases of workspaces; the audit list notes the asker for changes."""
        return WorkspaceAliases(self.services.archive.database, self.actor())

    @property
    def follows(self) -> Follows:
        """The sources that workspaces follow; the audit list notes the asker for changes."""
        return Follows(self.services.archive.database, self.actor())

    def actor(self, place: Place | None = None) -> Actor:
        """Return the asker, here or in another channel, for the audit list."""
        place = place or self.here
        return Actor(place.channel, self.asked.user, self.now, self.asked.user_name or "", place.name)

    @property
    def answers(self) -> Answers:
        """What was shown to people and told to channels."""
        return Answers(self.services.archive.database)

    @property
    def memory(self) -> Memory:
        """What channels have been told."""
        return Memory(self.services.archive.database)

    @property
    def wishes(self) -> Wishes:
        """What readers want more and less of."""
        return Wishes(self.services.archive.database)

    @property
    def archive(self) -> Archive:
        """The archive as the workspace sees it, with its own aliases."""
        return self.services.archive.knowing(self.aliases.of(self.channel)).seen_by(self.channel)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the configuration that the workspace reads."""
        return self.services.config.sources_of(self.channel)

    @property
    def command(self) -> str:
        """The root command as people type it."""
        return self.services.command

    @property
    def chosen_language(self) -> str | None:
        """The channel's language: its own choice, else the operator's; None: nobody has chosen."""
        return self.settings.language or self.services.config.settings.language

    @property
    def channel_language(self) -> str:
        """The language of what the channel gets."""
        return choose(self.chosen_language)

    @property
    def zone(self) -> str:
        """The zone of the channel's clock."""
        return self.settings.zone or self.services.config.settings.zone

    def called(self, topic: str) -> str:
        """Return the name of a topic in this session's language."""
        return self.services.config.called(topic, self.messages.language)

    @property
    def looks(self) -> Looks:
        """How this channel wants its stories."""
        otherwise = self.services.config.settings.digest
        return Looks(self.settings.form or otherwise.form, self.settings.quotes or otherwise.quotes)

    @property
    def here(self) -> Place:
        """The channel where it was asked."""
        name = self.asked.channel_name or self.messages.say("this conversation")
        return Place(self.channel, name, self.asked.may_manage, self.asked.reachable, self.asked.readable)

    def may_change(self, created_by: str | None) -> bool:
        """Whether the asker may change a topic or names of this workspace that somebody added."""
        is_own = created_by == self.asked.user or self.services.config.settings.open_topics
        return self.asked.manages_workspace or (self.asked.may_manage and is_own)

    def check_change(self, name: str, created_by: str | None) -> None:
        """Refuse, as a UsageError that says who may, what the asker may not change. name: of the topic, or a name."""
        if not self.may_change(created_by):
            raise UsageError(
                "“{name}” is shared by all channels: whoever added it and {managers} may change it. Ask one of them.",
                name=name,
                managers=self.messages.say(self.asked.managers),
            )

    def comes(self, subscription: Subscription) -> Subscription:
        """Return the subscription with its next due time put off by quiet hours, if it falls into them."""
        due = subscription.next_due
        return replace(subscription, next_due=self.comes_at(due, subscription.zone)) if due else subscription

    def comes_at(self, due: datetime, zone: str) -> datetime:
        """Return when a digest that is due at an instant is posted: quiet hours may put it off."""
        return comes_at(due, zone, self.services.config.settings.quiet_hours)

    def check_manages(self) -> None:
        """Refuse, as a UsageError, who may not change what the channel subscribes to."""
        if not self.asked.may_manage:
            raise UsageError("Only those who manage {place} may do that; ask one of them.", place=self.here.name)

    @property
    def who(self) -> str:
        """The asker, as others call them."""
        return self.asked.user_name or self.asked.user

    def keep(self, content: Mapping[str, Any], *, for_all: bool = False, about: str = "") -> str:
        """Store what a button will need, and return the unguessable id to put into the button.

        It is shown to nobody: "why" is never asked of it. for_all: for every channel of the workspace. about: what
        `Answers.latest` finds it by.
        """
        return self.answers.remember(self._kept_at(for_all), "", about, content, self.now)

    def kept(self, key: str, *, for_all: bool = False) -> Mapping[str, Any]:
        """Return what `keep` stored; empty if it has been deleted."""
        found = self.answers.answer(self._kept_at(for_all), "", key)
        return found.content if found else {}

    def _kept_at(self, for_all: bool) -> Channel:
        return replace(self.channel, id="") if for_all else self.channel

    def to_channel(self, reply: Reply) -> Reply:
        """Return a reply to all in the channel, where the bot can post there."""
        return replace(reply, channel=self.channel, public=self.asked.reachable)

    def note(self, template: str, **values: object) -> Reply:
        """Answer one line to the asker."""
        return note(self.messages.say(template, **values), self.messages)

    def known_topic(self, name: str) -> StoredTopic | None:
        """Find a topic by its name, in whatever language it has one."""
        known = self.channels.topic(self.channel, name)
        return known or self.channels.topic(self.channel, self.services.config.goes_by(name))

    def topic(self, name: str, among: Sequence[StoredTopic] | None = None) -> StoredTopic:
        """Find a topic by its name. Raises UsageError that names the nearest and leads to adding one."""
        found = self.known_topic(name)
        if found is not None:
            return found
        near = nearest_name(name, [self.called(topic.name) for topic in among or self.channels.topics(self.channel)])
        if near is not None:
            raise UsageError(
                "There is no topic “{topic}”; the nearest is “{nearest}”.",
                topic=name,
                nearest=near,
                hints=("topics", "new topic"),
            )
        raise NotThere("There is no topic “{topic}”.", topic=name, hints=("topics", "new topic", "look up"))

    def wanted(self, stored: StoredTopic) -> Topic:
        """Return a stored topic as the archive takes it."""
        return Topic(stored.name, parse_topic(stored.expression), stored.languages, kept=stored.id != 0)


def to_all(session: Session) -> Session:
    """Speak as a channel is spoken to: in the language that is chosen for it by now, whatever the asker's is."""
    there = replace(session, settings=session.channels.settings(session.channel))
    return replace(there, messages=Messages(there.chosen_language)) if there.chosen_language else there
