"""An index of who published articles, so that look-ups of one source are told apart quickly."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_index(op.f("ix_article_source"), "article", ["source"])
