"""How the tables came to be, step by step: Alembic revisions that travel inside the wheel.

`HEAD` is repeated here so that a start over an up-to-date database need not import Alembic at all.
"""

from __future__ import annotations

HEAD = "0038"
