"""What all tables have in common: how their keys and indexes are named, and the kind of their numbers."""

from sqlalchemy import BigInteger, Integer, MetaData

# SQLite gives rising, never reused row ids only to an INTEGER PRIMARY KEY; PostgreSQL wants 64 bits.
Row = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
