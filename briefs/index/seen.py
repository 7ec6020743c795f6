"""What one reader may see, as SQL: articles that have a source of theirs, and those of which no source is known.

An article's sources are rows of `article_source`; the reader's are given as their numbers.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, text, true

Seen: TypeAlias = frozenset[int] | None  # numbers of sources; None: every article is seen

# One look into the table for each row that is asked for, and no row of it is read but that one's.
_SEES = {
    "sqlite": "coalesce((SELECT max(source_id IN (SELECT value FROM json_each(:seen))) FROM article_source "
    "WHERE article_row = {row}), true)",
    "postgresql": "coalesce((SELECT bool_or(source_id = ANY(CAST(:seen AS bigint[]))) FROM article_source "
    "WHERE article_row = {row}), true)",
}
_GIVEN = {
    "sqlite": "SELECT value AS given FROM json_each(:rows)",
    "postgresql": "SELECT unnest(CAST(:rows AS bigint[])) AS given",
}


def condition(dialect: str, seen: frozenset[int], row: str) -> tuple[str, dict[str, str]]:
    """Return the condition that the article of a row is seen, with its value; row: an expression of SQL."""
    return _SEES[dialect].format(row=row), {"seen": _all_of(dialect, seen)}


def is_seen(connection: Connection, seen: Seen, row: str) -> ColumnElement[bool]:
    """Return the same for a statement that SQLAlchemy writes; always true where every article is seen."""
    if seen is None:
        return true()
    sql, values = condition(connection.dialect.name, seen, row)
    return text(sql).bindparams(**values)  # type: ignore[return-value]  # it stands wherever a condition does


def hidden(connection: Connection, seen: Seen, rows: Iterable[int]) -> frozenset[int]:
    """Return those of some rows whose articles are not seen."""
    if seen is None or not (given := list(rows)):
        return frozenset()
    dialect = connection.dialect.name
    sees, values = condition(dialect, seen, "given")
    asked = text(f"SELECT given FROM ({_GIVEN[dialect]}) AS listed WHERE NOT {sees}")  # noqa: S608  # bound values
    return frozenset(connection.execute(asked, values | {"rows": _listed(dialect, given)}).scalars())


@lru_cache(8)
def _all_of(dialect: str, seen: frozenset[int]) -> str:
    """Write what a reader sees, for the several statements of one look-up."""
    return _listed(dialect, seen)


def _listed(dialect: str, numbers: Iterable[int]) -> str:
    """Write numbers as a value of one parameter: there may be more than a statement takes."""
    return json.dumps(sorted(numbers)) if dialect == "sqlite" else "{" + ",".join(map(str, sorted(numbers))) + "}"
