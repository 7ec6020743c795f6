"""SQL compiled once in a run: each test has a database of its own, whose engine would compile every statement anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import CompiledCacheType


class _Compiled(dict[Any, Any]):
    """By what is asked for and the kind of database, whichever one it is."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_database(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_any_database(key), compiled)


def _of_any_database(key: Any) -> tuple[Any, ...]:
    dialect, *asked = key
    return (type(dialect), *asked)


def compile_once() -> None:
    """Let all engines of this process keep compiled statements together."""
    compiled: CompiledCacheType = _Compiled()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)
