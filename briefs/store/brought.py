"""What single sources have brought, and what became of it in a workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from briefs.models import Channel
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.schema import article, article_source, channel, feedback, source, told


@dataclass(frozen=True, slots=True)
class Brought:
    """What a source brought since an instant. told: how many of its articles channels of the workspace were told.

    unwanted: how often readers there wanted less of it. newest: title, address and date of the last, newest first.
    """

    articles: int
    told: int
    unwanted: int
    newest: tuple[tuple[str, str | None, datetime | None], ...]


def brought(database: Database, here: Channel, number: int, since: datetime, newest: int) -> Brought:
    """Return what the source of this number brought; newest: so many of its articles are named."""
    own = article_source.c.source_id == number
    ours = and_(channel.c.platform == here.platform, channel.c.workspace == here.workspace)
    listed = article.join(article_source, and_(own, article_source.c.article_row == article.c.row))
    readers = told.join(channel, channel.c.id == told.c.channel_id)
    shown = readers.join(article_source, and_(own, article_source.c.article_row == told.c.article_row))
    wishes = feedback.join(channel, channel.c.id == feedback.c.channel_id)
    addresses = select(article.c.url).select_from(listed)
    less = and_(feedback.c.kind.in_(("less", "source")), feedback.c.story.in_(addresses))
    last = select(article.c.title, article.c.url, article.c.published_at).select_from(listed)
    questions = (
        select(func.count()).select_from(listed).where(article.c.seen_at >= to_ms(since)),
        select(func.count(told.c.article_row.distinct())).select_from(shown).where(ours, told.c.told_at > to_ms(since)),
        select(func.count()).select_from(wishes).where(ours, less, feedback.c.given_at >= to_ms(since)),
    )
    with database.read() as connection:
        articles, times, unwanted = (connection.scalar(question) or 0 for question in questions)
        rows = connection.execute(
            last.order_by(func.coalesce(article.c.published_at, article.c.seen_at).desc()).limit(newest)
        ).all()
    return Brought(articles, times, unwanted, tuple((row.title, row.url, from_ms(row.published_at)) for row in rows))


def only_followed(connection: Connection, rows: Sequence[int]) -> frozenset[int]:
    """Return those of some rows whose articles only sources brought that workspaces follow, and nobody else has."""
    if not rows:
        return frozenset()
    joined = article_source.join(source, source.c.id == article_source.c.source_id)
    of = select(article_source.c.article_row).select_from(joined).where(article_source.c.article_row.in_(rows))
    everybodys = frozenset(connection.scalars(of.where(source.c.everybody)))
    return frozenset(connection.scalars(of)) - everybodys
