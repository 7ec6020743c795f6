"""Articles that are older than they are kept go; their documents are known as long as a source lists them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("document", sa.Column("listed_at", sa.BigInteger()))
    op.create_index(op.f("ix_document_article"), "document", ["article"])
