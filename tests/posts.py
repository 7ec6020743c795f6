"""Digests as a channel gets them, day after day: composed and written down by the real rooms, posted by nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot.delivery.editions import Edition, Editor
from bot.present import Permalink
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.outbox import DueRun, Part, Written
from briefs.store.runs import PlannedRun, Planning, Runs, Waiting


def write_down(runs: Runs, run: DueRun, parts: Sequence[Part], *, now: datetime, **more: Any) -> bool:
    """Freeze one run; more: the rest of what is `Written`. Say whether it was."""
    return runs.freeze_all([Written(run, parts, **more)], now)[0]


@dataclass
class Posts:
    """One channel and what it has been told: `editions`, those with something to say."""

    archive: Archive
    channel: Channel
    clock: Callable[[], datetime]
    config: Config = field(default_factory=lambda: Config.load(None))
    permalink: Permalink = lambda channel, reference: None
    editions: list[Edition] = field(default_factory=list)

    def subscribe(self, name: str, expression: str) -> None:
        """Have a topic of these words told from tomorrow on, at each `deliver`."""
        channels, now = Channels(self.archive.database), self.clock()
        topic = channels.add_topic(self.channel, name, expression, (), "ann", now)
        due = now + timedelta(days=1)
        when = {"schedule": "09:00 daily", "zone": "Europe/Paris", "next_due": due, "next_local": due.isoformat()}
        channels.subscribe(self.channel, topic, **when, position=self.archive.position(), by="ann", now=now)

    def deliver(self) -> list[Edition]:
        """Bring what is due now; give those editions that have something to say."""
        runs = Runs(self.archive.database)
        runs.plan(self.clock(), self._tomorrow)
        brought = []
        for due in runs.claim([self.channel.platform], self.clock(), self.clock()):
            if due.channel != self.channel:
                continue
            edition = Editor(self.archive, self.config, self.permalink).edition(due)
            parts = [Part({"text": edition.reply.summary})] if edition.reply else []
            through, until, told, content = edition.through, edition.until, edition.told, edition.content
            write_down(runs, due, parts, through=through, until=until, told=told, content=content, now=self.clock())
            if edition.reply:
                brought.append(edition)
                self.editions.append(edition)
                self._sent(due.id, str(len(self.editions)))
        return brought

    def _tomorrow(self, waiting: Waiting) -> Planning:
        following = waiting.due + timedelta(days=1)
        return Planning((PlannedRun(waiting.local, waiting.due, "DUE"),), following.isoformat(), following)

    def _sent(self, run: int, reference: str) -> None:
        posted = update(schema.delivery).where(schema.delivery.c.run_id == run)
        with self.archive.database.write() as connection:
            connection.execute(posted.values(state="SENT", reference=reference))
