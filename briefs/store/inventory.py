"""Everything that people have set up, over all workspaces: for the operator, never for a chat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from briefs.store.channels import StoredTopic
from briefs.store.database import Database
from briefs.store.schema import topic


@dataclass(frozen=True, slots=True)
class WorkspaceTopic:
    """A topic and whose it is; platform and workspace are empty for one of the configuration."""

    platform: str
    workspace: str
    topic: StoredTopic


def all_topics(database: Database) -> list[WorkspaceTopic]:
    """Return every topic, those of the configuration first, then by workspace and name."""
    with database.read() as connection:
        rows = connection.execute(select(topic).order_by(topic.c.platform, topic.c.workspace, topic.c.key)).all()
    return [
        WorkspaceTopic(
            row.platform,
            row.workspace,
            StoredTopic(
                id=row.id,
                name=row.name,
                expression=row.expression,
                languages=tuple(row.languages or ()),
                configured=not row.platform,
                created_by=row.created_by,
            ),
        )
        for row in rows
    ]
