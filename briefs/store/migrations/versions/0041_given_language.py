"""Whether a channel's language was chosen, or given by whoever first subscribed it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Take for chosen what there is: nobody can tell."""
    op.add_column("channel", sa.Column("language_given", sa.Boolean(), nullable=False, server_default="0"))
