"""What a run brings to its channel: the news of a topic since the last digest, in the channel's words."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.base.i18n import Messages, choose, t
from bot.base.looks import Looks
from bot.base.reply import Reply
from bot.present import Permalink, digest_content, shown_digest, to_keep, told_in, with_quotes
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Digest, Post, Told, TopStory, Wish
from briefs.shared_work import SharedWork
from briefs.store.aliases import WorkspaceAliases
from briefs.store.memory import MEMORY, Memory
from briefs.store.outbox import DueRun
from briefs.store.relevance_feedback import Wishes
from briefs.topics import Topic, parse_topic

_SHARED = 8  # digests, and what is worked out for them, that are kept for other channels with the same topic


@dataclass(frozen=True, slots=True)
class Edition:
    """What a run brings to its channel.

    reply: None when there is nothing new. through, until: how far the channel has been served then, as an archive row
    and as an instant. told: id of each article of the stories shown → its title, if it leads a story, and its quotes.
    content: the same as JSON, for later questions.
    """

    reply: Reply | None
    through: int
    until: datetime
    told: Mapping[str, tuple[str, ...]]
    content: Mapping[str, Any]


class Editor:
    """Composes the edition of a run. May be used from any thread.

    composed: how many digests were composed, for channels that would get the same one share it.
    """

    def __init__(
        self, archive: Archive, config: Config, permalink: Permalink = lambda channel, reference: None
    ) -> None:
        """Compose from an archive. permalink: returns the address of an earlier post."""
        self._archive = archive
        self._permalink = permalink
        self._memory = Memory(archive.database)
        self._config, self._settings = config, config.settings
        self._shared = SharedWork(_SHARED)
        self.composed = 0

    def edition(self, run: DueRun) -> Edition:
        """Compose what is new to the run's channel; `reply` is None when nothing is."""
        workspace = ("names", run.channel.platform, run.channel.workspace)
        names = self._shared.get(workspace, lambda: WorkspaceAliases(self._archive.database).of(run.channel))
        wishes = [kept.wish for kept in Wishes(self._archive.database).of(run.channel)]
        messages = Messages(choose(run.language, self._settings.language))
        told = self._memory.told(run.channel, run.due - MEMORY)
        looks = Looks(run.form or self._settings.digest.form, run.quotes or self._settings.digest.quotes)
        digest = _continuing(self._digest(run, names, wishes, told, messages.language, looks), told)
        digest = replace(digest, since=run.since or digest.since)
        content = digest_content(digest, messages, channel=run.channel, permalink=self._permalink)
        content = with_quotes(content, looks.quotes) if looks.form == "headlines" else content
        if run.restored:
            said = t("My database was restored from a copy: some of this may have been posted here before.")
            content = replace(content, notice=messages.say(said))
        reply = shown_digest(
            content,
            messages,
            zone=run.zone,
            due=run.due,
            reference=str(run.id),
            looks=looks,
            called=self._config.called(run.topic, messages.language),
        )
        return Edition(
            reply=reply if digest.stories else None,
            through=digest.through,
            until=digest.until,
            told=told_in(content),
            content=to_keep(content),
        )

    def rest(self) -> None:
        """Drop the shared digests: no run waits, and each may take a megabyte with the texts of its articles."""
        self._shared.clear()

    def _digest(
        self,
        run: DueRun,
        names: Sequence[Sequence[str]],
        wishes: Sequence[Wish],
        told: Told,
        language: str,
        looks: Looks,
    ) -> Digest:
        """Compose the digest, or return that of another channel for which it is the same.

        `update_of` in it is the id of the article told earlier; `_continuing` puts the channel's own post there.
        """
        archive = self._archive.knowing(names).seen_by(run.channel)
        limit = looks.stories(run.stories or self._settings.digest.stories)
        through = archive.position() if run.through is None else run.through
        topic = Topic(run.topic, parse_topic(run.expression), run.languages, kept=True)
        posts = {name: Post(post.at, name) for name, post in told.posts.items()}
        subject = (run.topic, run.expression, run.languages, language, tuple(map(tuple, names)), tuple(wishes))
        shown = max(looks.quotes, 1), limit, archive.hidden(topic, run.after, through, told)
        key = (*subject, run.after, through, *_known(told), *shown)

        def compose() -> Digest:
            self.composed += 1
            return archive.digest(
                topic,
                after=run.after,
                through=through,
                told=replace(told, posts=posts),
                limit=limit,
                wishes=wishes,
                reader=language,
                shared=self._shared,
                quotes=max(looks.quotes, 1),
            )

        return self._shared.get(key, compose)


def _known(told: Told) -> tuple[Hashable, ...]:
    """Return a key of what a channel was told, as far as its digest depends on it: of posts, the hour."""
    hours = frozenset((name, int(post.at.timestamp()) // 3600) for name, post in told.posts.items())
    return told.articles, told.sentences, hours, tuple(sorted(told.corrected.items()))


def _continuing(digest: Digest, told: Told) -> Digest:
    """Return the digest with updates that refer to the channel's own posts."""

    def own(story: TopStory) -> TopStory:
        post = told.posts[story.update_of] if story.update_of else None
        return replace(story, update_of=post.reference, told_at=post.at) if post else story

    return replace(digest, stories=tuple(map(own, digest.stories)), more=tuple(map(own, digest.more)))
