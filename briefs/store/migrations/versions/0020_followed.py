"""Stories that some channel was told of are followed for longer, and are found by their articles."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_index("ix_told_article_row", "told", ["article_row"])
