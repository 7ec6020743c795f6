"""The tables of what is read, whose it is, and what it listed; see `schema`."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from briefs.store.metadata import Row, metadata

source = Table(
    "source",
    metadata,
    Column("id", Row, primary_key=True),
    Column("address", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("name", String),
    Column("etag", String),  # what the server wants back to say "not modified" (RFC 9110, 13.1)
    Column("last_modified", String),
    Column("tried_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("error", Text),
    Column("title", String),  # what a feed calls itself
    Column("next_at", BigInteger),  # not to be asked before
    Column("arrivals", JSON),  # when its newest entries came, newest first
    Column("state", String),  # how it read when it was last read
    Column("about", JSON),  # … and what there is to say of that
    Column("trouble", String),  # what kind of failure the last one was
    Column("said", JSON),  # … and its line: template and values, for any language
    Column("moved_to", String),  # where permanent redirects lead
    Column("moves", Integer, nullable=False, server_default="0"),  # in a row
    Column("uses", String),  # the address that a person chose in place of its own
    Column("everybody", Boolean, nullable=False, server_default="0", index=True),  # the operator named it
    Column("closed", Boolean, nullable=False, server_default="0"),  # the operator named it for one workspace alone
    Column("claimed_until", BigInteger),  # till then it is in the hands of one of several who gather
    sqlite_autoincrement=True,
)

host_turn = Table(  # the requests that are on their way to a host, of all who gather; its clock is the database's
    "host_turn",
    metadata,
    Column("host", String, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("busy_until", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

follow = Table(  # the sources of a workspace, beside those that are everybody's
    "follow",
    metadata,
    Column("id", Row, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String),  # what the workspace calls it; None: as it calls itself
    Column("muted", Boolean, nullable=False, server_default="0"),  # it is read, and not shown there
    Column("created_by", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("platform", "workspace", "source_id"),
    sqlite_autoincrement=True,
)

article_source = Table(  # the sources that list an article; none is known of one that is everybody's
    "article_source",
    metadata,
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("source_id", ForeignKey("source.id"), primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)
