"""A team's move from one database to another: every row, under the same number, counted on both sides."""

from sqlalchemy import Connection, func, insert, select, text

from briefs.errors import StoreError
from briefs.store.database import Database
from briefs.store.schema import metadata

_AT_ONCE = 500  # rows
# Triggers of the other database keep its totals; what an index outside has of it is told by numbers that are its own.
THEIR_OWN = {"totals", "index_build", "index_owed"}


def move(old: Database, new: Database) -> dict[str, int]:
    """Copy all that is in one database into another; return how many rows of each table.

    All or nothing. Raises StoreError where the other one is not empty, or where the counts differ in the end.
    """
    moved: dict[str, int] = {}
    with old.read() as source, new.write() as target:
        for table in metadata.sorted_tables:
            if table.name in THEIR_OWN:
                continue
            if _count(target, table.name):
                raise StoreError("{url} is not empty: name a database without anything in it", url=new.url)
            for rows in source.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings().partitions():
                target.execute(insert(table), [dict(row) for row in rows])
            there, arrived = _count(source, table.name), _count(target, table.name)
            if there != arrived:
                raise StoreError(
                    "{table}: {there} rows, of which {arrived} arrived", table=table, there=there, arrived=arrived
                )
            moved[table.name] = arrived
        if new.shared:
            _continue_numbers(target)
    return moved


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()


def _continue_numbers(connection: Connection) -> None:
    """Let new rows have numbers behind those that came."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = connection.execute(select(func.max(column))).scalar() or 0
            sequence = {"table": table.name, "column": column.name, "next": last + 1}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)"), sequence)
