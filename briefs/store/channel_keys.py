"""Channels as rows: what every table that belongs to a channel is found by.

A channel is named by all three of its parts, everywhere: there is no way to ask for another workspace's rows.
"""

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, select, true

from briefs.models import Channel
from briefs.store.database import Database, insert_or, turn
from briefs.store.schema import channel as _channel
from briefs.store.schema import installation


def is_place(channel: Channel) -> ColumnElement[bool]:
    """Whether a row of the table is this channel's."""
    return and_(*same_workspace(channel), _channel.c.channel == channel.id)


def same_workspace(channel: Channel) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a row of the table is of this channel's workspace."""
    return _channel.c.platform == channel.platform, _channel.c.workspace == channel.workspace


def serves_others(database: Database, here: Channel) -> bool:
    """Whether the bot serves other workspaces of this channel's platform: they installed it, or asked for digests."""
    queries = [
        select(table.c.workspace).where(table.c.platform == here.platform, table.c.workspace != here.workspace, there)
        for table, there in ((_channel, true()), (installation, installation.c.token.is_not(None)))
    ]
    with database.read() as connection:
        return any(connection.execute(query.limit(1)).first() for query in queries)


def row_of(channel: Channel) -> ScalarSelect[int]:
    """Select the number of a channel's row."""
    return select(_channel.c.id).where(is_place(channel)).scalar_subquery()


def row_made(connection: Connection, channel: Channel) -> int:
    """Return the number of a channel's row, which is made where it is new."""
    known = connection.execute(select(_channel.c.id).where(is_place(channel))).scalar_one_or_none()
    if known is not None:
        return int(known)
    turn(connection, "channels")
    row = {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.id}
    connection.execute(insert_or(connection, _channel).values(row).on_conflict_do_nothing())
    return int(connection.execute(select(_channel.c.id).where(is_place(channel))).scalar_one())
