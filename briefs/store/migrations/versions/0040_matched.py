"""Up to which article all topics are matched stands in one place, not with each of them."""

import sqlalchemy as sa
from alembic import op

from briefs.store.metadata import Row

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Begin where the topic is that has come the least far: what is matched twice is noted once."""
    op.create_table("matched", sa.Column("through", Row, primary_key=True, autoincrement=False))
    op.execute("INSERT INTO matched (through) SELECT min(through) FROM watch HAVING count(*) > 0")
    op.drop_column("watch", "through")
