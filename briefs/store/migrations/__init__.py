"""How the tables of an older database become today's: Alembic revisions that travel inside the wheel.

A new database is made by `store.creation`. What is changed there or in `store.schema` is changed by a revision, too,
for those that there are. `HEAD` is repeated here so that a start over an up-to-date database need not import Alembic.
"""

HEAD = "0042"
