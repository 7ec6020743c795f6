"""A new database: its tables, the full-text index over the articles, and the triggers that keep that true.

An older one is brought up to date by the revisions of `migrations`.

Triggers file an article, and note what an index outside the database is owed, in the transaction that changes it,
whichever process does that. Articles that are new are not noted one by one: a build is owed all behind the row that it
has come to.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect

from briefs.errors import DatabaseNewer, StoreError
from briefs.store.migrations import HEAD
from briefs.store.schema import metadata

_INDEXED_OUTSIDE = "title_terms, body_terms, language, source, published_at"
_CHANGES_OUTSIDE = "UPDATE totals SET changes = changes + 1 WHERE EXISTS (SELECT 1 FROM index_build)"

# The index holds terms that are already folded and stemmed, letters and digits with spaces between them. The "ascii"
# tokenizer cuts at ASCII white space and punctuation only, so every term stays whole, whatever its script. It keeps no
# copy of the text ("content").
_TAKE_IN = """INSERT INTO article_index (rowid, title_terms, body_terms)
            VALUES (new.row, new.title_terms, new.body_terms)"""
_TAKE_OUT = """INSERT INTO article_index (article_index, rowid, title_terms, body_terms)
            VALUES ('delete', old.row, old.title_terms, old.body_terms)"""
_SQLITE = (
    """
    CREATE VIRTUAL TABLE article_index USING fts5(
        title_terms, body_terms, content='article', content_rowid='row', tokenize='ascii')
    """,
    "CREATE VIRTUAL TABLE article_words USING fts5vocab('article_index', 'row')",
    f"""
    CREATE TRIGGER article_comes AFTER INSERT ON article BEGIN
        {_TAKE_IN};
        UPDATE totals SET articles = articles + 1, terms = terms + new.length, changes = changes + 1;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER article_changes AFTER UPDATE OF title_terms, body_terms, length ON article BEGIN
        {_TAKE_OUT};
        {_TAKE_IN};
        UPDATE totals SET terms = terms + new.length - old.length, changes = changes + 1;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER article_goes AFTER DELETE ON article BEGIN
        {_TAKE_OUT};
        UPDATE totals SET articles = articles - 1, terms = terms - old.length, changes = changes + 1;
    END
    """,  # noqa: S608
    *(
        f"""
        CREATE TRIGGER {trigger} BEGIN
            INSERT INTO index_owed (build_id, article_row) SELECT id, {row} FROM index_build;
            {counted}
        END
        """  # noqa: S608  # nothing of it comes from elsewhere
        for trigger, row, counted in (
            (f"article_owed_changed AFTER UPDATE OF {_INDEXED_OUTSIDE} ON article", "new.row", f"{_CHANGES_OUTSIDE};"),
            ("article_owed_gone AFTER DELETE ON article", "old.row", ""),
            ("article_source_comes AFTER INSERT ON article_source", "new.article_row", f"{_CHANGES_OUTSIDE};"),
            ("article_source_goes AFTER DELETE ON article_source", "old.article_row", f"{_CHANGES_OUTSIDE};"),
        )
    ),
)

# A look-up goes through the rows of thousands of articles for how long each is: what is long of them lies aside, so
# that a page has some sixteen rows in place of four. What is short stays: each that lies aside is looked for by itself.
_SHORT = ("id", "content", "title", "language", "url", "source", "author", "title_terms", "role")
NARROW_ROWS = (
    "ALTER TABLE article SET (toast_tuple_target = 128)",
    f"ALTER TABLE article {', '.join(f'ALTER COLUMN {column} SET STORAGE MAIN' for column in _SHORT)}",
)

# kB of new articles that wait in a list of the index's, through which each look-up goes: some three commits of fifty.
# With the 4 MB that PostgreSQL has it takes a tenth less to file, and a millisecond or two more to look up.
NEW_WAIT = "ALTER INDEX ix_article_terms SET (gin_pending_list_limit = 1024)"

# PostgreSQL's own full-text parser would cut terms anew, by the rules of its locale, and counts no positions beyond
# 16,383. So the terms stand in the index as they are; their number in the archive is kept beside it.
_POSTGRESQL = (
    *NARROW_ROWS,
    # Reading the terms unpacks a text of some thousand words: 300 µs, where the index tells in one. Unless it is said
    # what that costs, the planner takes the texts of thousands for no dearer than a look into the index. A function
    # that is STRICT is not put in line, which would lose its cost; its arguments are never null.
    """
    CREATE FUNCTION article_terms(title text, body text) RETURNS text[] IMMUTABLE STRICT COST 100000 LANGUAGE sql AS $$
        SELECT string_to_array(btrim(title || body), '  ')
    $$
    """,
    "CREATE INDEX ix_article_terms ON article USING gin (article_terms(title_terms, body_terms))",
    NEW_WAIT,
    """
    CREATE TABLE article_words (
        term text COLLATE "C" CONSTRAINT pk_article_words PRIMARY KEY,
        doc bigint NOT NULL,
        cnt bigint NOT NULL)
    """,
    """
    CREATE FUNCTION article_comes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO article_words AS known (term, doc, cnt)
            SELECT term, count(DISTINCT came."row"), count(*)
            FROM came, unnest(article_terms(title_terms, body_terms)) AS term GROUP BY term ORDER BY term
        ON CONFLICT (term) DO UPDATE SET doc = known.doc + excluded.doc, cnt = known.cnt + excluded.cnt;
        UPDATE totals SET articles = articles + (SELECT count(*) FROM came),
            terms = terms + (SELECT coalesce(sum(length), 0) FROM came),
            changes = changes + (SELECT count(*) FROM came);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION article_goes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE article_words AS known SET doc = known.doc - gone.doc, cnt = known.cnt - gone.cnt FROM (
            SELECT term, count(DISTINCT went."row") AS doc, count(*) AS cnt
            FROM went, unnest(article_terms(title_terms, body_terms)) AS term GROUP BY term
        ) AS gone WHERE known.term = gone.term;
        UPDATE totals SET articles = articles - (SELECT count(*) FROM went),
            terms = terms - (SELECT coalesce(sum(length), 0) FROM went),
            changes = changes + (SELECT count(*) FROM went);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION article_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO index_owed (build_id, article_row) SELECT id, old."row" FROM index_build;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER article_owed_changed AFTER UPDATE OF {_INDEXED_OUTSIDE} ON article
        FOR EACH ROW EXECUTE FUNCTION article_owed()
    """,
    "CREATE TRIGGER article_owed_gone AFTER DELETE ON article FOR EACH ROW EXECUTE FUNCTION article_owed()",
    # Sources say who sees an article: such an index has them, too.
    f"""
    CREATE FUNCTION article_source_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO index_owed (build_id, article_row)
            SELECT DISTINCT index_build.id, article_row FROM index_build, touched;
        {_CHANGES_OUTSIDE};
        RETURN NULL;
    END $$
    """,  # noqa: S608
    *(
        f"CREATE TRIGGER {trigger} REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        for trigger, rows, function in (
            ("article_comes AFTER INSERT ON article", "NEW TABLE AS came", "article_comes"),
            ("article_goes AFTER DELETE ON article", "OLD TABLE AS went", "article_goes"),
            # By name, in this order: what was there goes, then what is there comes.
            ("article_changes_1 AFTER UPDATE ON article", "OLD TABLE AS went", "article_goes"),
            ("article_changes_2 AFTER UPDATE ON article", "NEW TABLE AS came", "article_comes"),
            ("article_source_comes AFTER INSERT ON article_source", "NEW TABLE AS touched", "article_source_owed"),
            ("article_source_goes AFTER DELETE ON article_source", "OLD TABLE AS touched", "article_source_owed"),
        )
    ),
)


def create(connection: Connection) -> None:
    """Make all of it where nothing is."""
    metadata.create_all(connection)
    connection.exec_driver_sql("INSERT INTO totals (articles, terms, changes) VALUES (0, 0, 0)")
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)


def version_of(connection: Connection, url: str) -> str | None:
    """Return the revision of the tables; None in an empty database. Raises StoreError where they are not ours."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    if tables:
        raise StoreError("{url} is a database of another program: name another file", url=url)
    return None


def bring_up_to_date(connection: Connection, url: str) -> None:
    """Make the tables in an empty database; change those of an older one by its revisions, one after the other.

    Raises StoreError where they are older than any that are taken over, DatabaseNewer where they are newer than ours.
    """
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    version = version_of(connection, url)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version < min(known):
        raise StoreError(
            "{url} was made before the first release of Briefbot (its tables are at {version}, the oldest that are "
            "taken over are at {oldest}): export it with the version that made it, and import that here",
            url=url,
            version=version,
            oldest=min(known),
        )
    if version is not None and version not in known:
        raise DatabaseNewer(
            "{url} was made by a newer version of Briefbot (its tables are at {version}, this one knows {head}): "
            "update Briefbot or name another database",
            url=url,
            version=version,
            head=HEAD,
        )
    config.attributes["connection"] = connection
    if version is None:
        create(connection)
        command.stamp(config, "head")
    else:
        command.upgrade(config, "head")
