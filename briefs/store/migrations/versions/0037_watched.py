"""Pages that are watched: what an article is of one, and which sentences each ever had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

# What they were filed as, but for what others see too; of an entry, where a feed was found there, more is noted.
_FILED = sa.text(
    """
    SELECT source.address || '#page' AS page, article."row" AS number, article.id AS name
    FROM source JOIN article_source ON source_id = source.id JOIN article ON article."row" = article_row
    WHERE kind = 'watch'
    AND NOT EXISTS (SELECT 1 FROM article_source AS other
        WHERE other.article_row = article."row" AND other.source_id <> source.id)
    AND EXISTS (SELECT 1 FROM document WHERE document.article = article.id AND digest NOT LIKE '%.%'
        AND substr(document.address, 1, length(source.address) + 1) = source.address || '#')
    ORDER BY article."row"
    """
)
_NEWS = ("article_topic", "telling", "trace", "told")  # what takes articles that are news


def upgrade() -> None:
    """Note both; and watch the pages that workspaces follow, which said so when they were followed.

    What such a page was filed as is the page from now on, and no news: else it would be found beside it, as it was.
    """
    op.add_column("article", sa.Column("role", sa.String(), nullable=True))
    op.add_column("document", sa.Column("sentences", sa.LargeBinary(), nullable=True))
    # Without validators and documents: each is read once more, so that it is known what it said before it changes.
    op.execute(
        "UPDATE source SET kind = 'watch', etag = NULL, last_modified = NULL "
        "WHERE kind = 'page' AND everybody = false AND closed = false"
    )
    connection = op.get_bind()
    latest = {one["page"]: dict(one) for one in connection.execute(_FILED).mappings()}
    for filed in latest.values():
        connection.execute(sa.text("DELETE FROM document WHERE article = :name"), filed)
        connection.execute(sa.text("UPDATE article SET id = :page, role = 'page' WHERE \"row\" = :number"), filed)
        for table in _NEWS:
            connection.execute(sa.text(f"DELETE FROM {table} WHERE article_row = :number"), filed)  # noqa: S608
