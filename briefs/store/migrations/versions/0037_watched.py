"""Pages that are watched: what an article is of one, and which sentences each ever had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Note both; and watch the pages that workspaces follow, which said so when they were followed."""
    op.add_column("article", sa.Column("role", sa.String(), nullable=True))
    op.add_column("document", sa.Column("sentences", sa.LargeBinary(), nullable=True))
    # Without validators: each is read once more, so that it is known what it said before it changes.
    op.execute(
        "UPDATE source SET kind = 'watch', etag = NULL, last_modified = NULL "
        "WHERE kind = 'page' AND everybody = false AND closed = false"
    )
