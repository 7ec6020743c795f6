"""The only home of SQLAlchemy: one database, SQLite by default, PostgreSQL by address."""
