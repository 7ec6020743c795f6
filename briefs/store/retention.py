"""Retention: articles older than configured are deleted, with all that belongs to them.

Every method works in the transaction of its connection, and does a little at a time, so that nobody waits for long.
With an article go, by the keys of the tables, its words in the index and what was noted of it for topics and stories.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, or_, select, text, update

from briefs.store.database import from_ms, hold, to_ms, turn
from briefs.store.fingerprints import followed_stories
from briefs.store.schema import article, commonness, document, follow, source, telling, told, totals

_AT_ONCE = 50  # articles
_PAGES = 64  # of a file, that are written at once
# A negative number lets all parts of the index become one; a positive one goes on with that, for so many pages.
_MERGE = "INSERT INTO article_index (article_index, rank) VALUES ('merge', {pages})"
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_WORDS_GONE = text("DELETE FROM article_words WHERE doc <= 0")


class Retention:
    """Deletes the old articles of one database."""

    def expired(self, connection: Connection, before: datetime, followed_since: datetime) -> list[int]:
        """Return rows of some articles that came in before an instant and are no longer needed, the newest first.

        Needed are: what a channel remembers that it was told; all of a story of which one was told since an instant;
        the first article of a story that goes on; a page that is watched, for what is as it was is not stored again;
        and the newest of all, whose row is where the archive's clock stands.
        """
        story_of = select(telling.c.story_id).where(telling.c.article_row == article.c.row).scalar_subquery()
        others = telling.alias()
        goes_on = select(others).where(others.c.story_id == article.c.row, others.c.article_row != article.c.row)
        read = or_(source.c.everybody, source.c.id.in_(select(follow.c.source_id)))
        watched = select(source).where(read, article.c.id == source.c.address + "#page")
        query = (
            select(article.c.row)
            .where(article.c.seen_at < to_ms(before))
            .where(article.c.row < select(func.max(article.c.row)).scalar_subquery())
            .where(~select(told).where(told.c.article_row == article.c.row).exists())
            .where(func.coalesce(story_of, 0).not_in(followed_stories(followed_since)))
            .where(~goes_on.exists())
            .where(~and_(func.coalesce(article.c.role, "") == "page", watched.exists()))
            .order_by(article.c.seen_at.desc(), article.c.row.desc())
            .limit(_AT_ONCE)
        )
        return list(connection.execute(query).scalars())

    def drop(self, connection: Connection, rows: Sequence[int], now: datetime) -> None:
        """Delete the articles of these rows. Their documents stay known: what a source still lists is no news again."""
        turn(connection, "articles")  # who files counts the same words: one after the other
        theirs = document.c.article.in_(select(article.c.id).where(article.c.row.in_(rows)))
        hold(connection, document.c.address, theirs)
        connection.execute(update(document).where(theirs).values(listed_at=to_ms(now)))
        connection.execute(delete(article).where(article.c.row.in_(rows)))

    def forget_documents(self, connection: Connection, before: datetime) -> None:
        """Forget documents whose article is gone, and that no source has listed since an instant."""
        there = select(article.c.id).where(article.c.id == document.c.article).exists()
        old = and_(document.c.listed_at < to_ms(before), ~there)
        hold(connection, document.c.address, old)
        connection.execute(delete(document).where(old))

    def age(self, connection: Connection, everything: int) -> None:
        """Halve the counts of words once they count twice the articles that there are, and forget the rarest.

        How common a word is tells by shares, and these stay. everything: the key that stands in every article.
        """
        counted = connection.execute(select(commonness.c.articles).where(commonness.c.key == everything)).scalar() or 0
        if counted > 1 and counted >= 2 * self.articles(connection):
            connection.execute(update(commonness).values(articles=commonness.c.articles // 2))
            connection.execute(delete(commonness).where(commonness.c.articles == 0))

    def articles(self, connection: Connection) -> int:
        """Count the articles that there are."""
        return int(connection.execute(select(totals.c.articles)).scalar_one())

    def size(self, connection: Connection) -> int:
        """Return how many bytes the whole database takes on the disk."""
        return int(connection.exec_driver_sql(_SIZE[connection.dialect.name]).scalar_one())

    def come(self, connection: Connection, since: datetime) -> tuple[datetime | None, int]:
        """Return when the first article came in of those that are there, and how many did from an instant on."""
        first = connection.execute(select(func.min(article.c.seen_at))).scalar()
        count = connection.execute(select(func.count()).where(article.c.seen_at >= to_ms(since))).scalar_one()
        return from_ms(first), count

    def begin_merge(self, connection: Connection) -> None:
        """Begin to give back the room that words of articles that are gone take in the index; `merge` goes on."""
        if connection.dialect.name == "postgresql":  # its index gives back its own
            connection.execute(_WORDS_GONE)
        else:
            connection.exec_driver_sql(_MERGE.format(pages=-_PAGES))

    def merge(self, connection: Connection) -> bool:
        """Merge some of the index; whether there is more to do."""
        if connection.dialect.name == "postgresql":
            return False
        before = _changes(connection)
        connection.exec_driver_sql(_MERGE.format(pages=_PAGES))
        return _changes(connection) - before > 1  # as SQLite says that it has nothing more to do

    def give_back(self, connection: Connection) -> bool:
        """Give some of SQLite's free pages back to the disk; whether there are more. PostgreSQL does so itself."""
        if connection.dialect.name == "postgresql" or not connection.exec_driver_sql("PRAGMA auto_vacuum").scalar():
            return False
        for _ in range(_PAGES):  # Python's module ends this statement after one page, however many are asked for
            connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")
        return bool(connection.exec_driver_sql("PRAGMA freelist_count").scalar())


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
