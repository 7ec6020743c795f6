"""The tables as the first databases have them that are taken over: older ones are refused with a word."""

revision = "0038"
down_revision = None


def upgrade() -> None:
    """Do nothing: a new database is made of `store.creation`, as it stands, and needs no step."""
