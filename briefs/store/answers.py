"""Answers: what somebody was shown last, and what a channel was told in its digests, to be asked about."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from briefs.models import Channel
from briefs.store.channel_keys import is_place
from briefs.store.database import Repository, from_ms, to_ms
from briefs.store.schema import answer, run, subscription
from briefs.store.schema import channel as _channel

_DIGITS = 18  # of a row's number, as every database can take it


@dataclass(frozen=True, slots=True)
class StoredContent:
    """What somebody, or a channel, was shown: the JSON of a look-up or a digest.

    id: of an answer, unguessable; of a digest, its run.
    """

    id: str
    content: Mapping[str, Any]
    shown_at: datetime


class Answers(Repository):
    """What was shown, and what was told."""

    def remember(
        self,
        channel: Channel,
        user: str,
        query: str,
        content: Mapping[str, Any],
        now: datetime,
        *,
        public: bool = False,
    ) -> str:
        """Keep what somebody was shown, and give the unguessable id to ask for it by. public: all saw it."""
        key = secrets.token_urlsafe(16)
        row: dict[str, Any] = {"id": key, "user": user, "query": query, "brief": content, "created_at": to_ms(now)}
        row["public"] = public
        row |= {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.id}
        self._change(insert(answer).values(row))
        return key

    def publish(self, key: str) -> bool:
        """Let everybody in its channel ask about an answer, from now on: it was shared. False: it was before."""
        own = update(answer).where(answer.c.id == key, answer.c.public.is_(False))
        return self._change(own.values(public=True)) == 1

    def answer(self, channel: Channel, user: str, key: str | None = None) -> StoredContent | None:
        """Return what this user, or everybody, was shown in this channel: the last, or the one of that id."""
        there = [answer.c.platform == channel.platform, answer.c.workspace == channel.workspace]
        there += [answer.c.channel == channel.id, *([] if key is None else [answer.c.id == key])]
        last = select(answer).where(*there).order_by(answer.c.created_at.desc()).limit(1)
        with self._database.read() as connection:
            own, public = (
                connection.execute(last.where(theirs)).one_or_none()
                for theirs in (answer.c.user == user, answer.c.public.is_(True))
            )
        row = max(filter(None, (own, public)), key=lambda one: one.created_at, default=None)
        return StoredContent(row.id, row.brief, from_ms(row.created_at)) if row else None

    def latest(self, channel: Channel, user: str, query: str) -> StoredContent | None:
        """Return what was kept last for this user, in this channel, on exactly this query."""
        there = (answer.c.platform == channel.platform, answer.c.workspace == channel.workspace)
        own = select(answer).where(*there, answer.c.channel == channel.id, answer.c.user == user)
        row = self._row(own.where(answer.c.query == query).order_by(answer.c.created_at.desc()).limit(1))
        return StoredContent(row.id, row.brief, from_ms(row.created_at)) if row else None

    def digest(self, channel: Channel, number: str | None = None) -> StoredContent | None:
        """Return what this channel was told: in its last digest that was composed, or in the run of that number."""
        question = _digests(channel).where(run.c.brief.is_not(None)).order_by(run.c.due_at.desc(), run.c.id.desc())
        if number is not None:
            known = number.isdecimal() and len(number) <= _DIGITS
            question = question.where(run.c.id == (int(number) if known else -1))
        row = self._row(question.limit(1))
        return StoredContent(str(row.id), row.brief, from_ms(row.due_at)) if row and row.brief else None

    def digests(self, channel: Channel, limit: int) -> list[StoredContent]:
        """Return what this channel was told in its last digests, newest first."""
        composed = _digests(channel).where(run.c.state.in_(("FROZEN", "DONE")))
        rows = self._rows(composed.order_by(run.c.due_at.desc()).limit(limit))
        return [StoredContent(str(row.id), row.brief, from_ms(row.due_at)) for row in rows if row.brief]

    def forget(self, before: datetime) -> None:
        """Drop the answers that are older than an instant."""
        self._change(delete(answer).where(answer.c.created_at < to_ms(before)))


def _digests(channel: Channel) -> Select[Any]:
    joined = run.join(subscription, run.c.subscription_id == subscription.c.id).join(_channel)
    return select(run.c.id, run.c.brief, run.c.due_at).select_from(joined).where(is_place(channel))
