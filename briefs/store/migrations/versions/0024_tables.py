"""The tables, and the full-text index over the articles.

Nothing had shipped when the steps that led here became this one: it has the number of the last of them, so that a
database of that day goes on, and an older one is refused with a word.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The index holds terms that are already folded and stemmed, letters and digits with spaces between them. The "ascii"
# tokenizer cuts at ASCII white space and punctuation only, so every term stays whole, whatever its script. It keeps no
# copy of the text ("content"), and the triggers file an article in the transaction that stores it.
FULL_TEXT = (
    """
    CREATE VIRTUAL TABLE article_index USING fts5(
        title_terms, body_terms, content='article', content_rowid='row', tokenize='ascii')
    """,
    "CREATE VIRTUAL TABLE article_words USING fts5vocab('article_index', 'row')",
    """
    CREATE TRIGGER article_comes AFTER INSERT ON article BEGIN
        INSERT INTO article_index (rowid, title_terms, body_terms) VALUES (new.row, new.title_terms, new.body_terms);
        UPDATE totals SET articles = articles + 1, terms = terms + new.length, changes = changes + 1;
    END
    """,
    """
    CREATE TRIGGER article_changes AFTER UPDATE OF title_terms, body_terms, length ON article BEGIN
        INSERT INTO article_index (article_index, rowid, title_terms, body_terms)
            VALUES ('delete', old.row, old.title_terms, old.body_terms);
        INSERT INTO article_index (rowid, title_terms, body_terms) VALUES (new.row, new.title_terms, new.body_terms);
        UPDATE totals SET terms = terms + new.length - old.length, changes = changes + 1;
    END
    """,
    """
    CREATE TRIGGER article_goes AFTER DELETE ON article BEGIN
        INSERT INTO article_index (article_index, rowid, title_terms, body_terms)
            VALUES ('delete', old.row, old.title_terms, old.body_terms);
        UPDATE totals SET articles = articles - 1, terms = terms - old.length, changes = changes + 1;
    END
    """,
)

# PostgreSQL's own full-text parser would cut terms anew, by the rules of its locale, and counts no positions beyond
# 16,383. So the terms stand in the index as they are; their number in the archive is kept beside it.
GIN = (
    """
    CREATE FUNCTION article_terms(title text, body text) RETURNS text[] IMMUTABLE LANGUAGE sql AS $$
        SELECT string_to_array(btrim(title || body), '  ')
    $$
    """,
    "CREATE INDEX ix_article_terms ON article USING gin (article_terms(title_terms, body_terms))",
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
            terms = terms + (SELECT coalesce(sum(length), 0) FROM came), changes = changes + 1;
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
            terms = terms - (SELECT coalesce(sum(length), 0) FROM went), changes = changes + 1;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER article_comes AFTER INSERT ON article
        REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION article_comes()
    """,
    """
    CREATE TRIGGER article_goes AFTER DELETE ON article
        REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION article_goes()
    """,
    # By name, in this order: what was there goes, then what is there comes.
    """
    CREATE TRIGGER article_changes_1 AFTER UPDATE ON article
        REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION article_goes()
    """,
    """
    CREATE TRIGGER article_changes_2 AFTER UPDATE ON article
        REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION article_comes()
    """,
)


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("id", ROW, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alias_workspace", "alias", ["platform", "workspace"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_created_at"), "answer", ["created_at"], unique=False)
    op.create_index(
        "ix_answer_latest", "answer", ["platform", "workspace", "channel", "user", "created_at"], unique=False
    )
    op.create_table(
        "article",
        sa.Column("row", ROW, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("title_terms", sa.Text(), nullable=False),
        sa.Column("body_terms", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_article")),
        sa.UniqueConstraint("id", name=op.f("uq_article_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_article_content"), "article", ["content"], unique=False)
    op.create_index(op.f("ix_article_language"), "article", ["language"], unique=False)
    op.create_index(op.f("ix_article_published_at"), "article", ["published_at"], unique=False)
    op.create_index(op.f("ix_article_seen_at"), "article", ["seen_at"], unique=False)
    op.create_index(op.f("ix_article_source"), "article", ["source"], unique=False)
    op.create_table(
        "channel",
        sa.Column("id", ROW, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("platform", "workspace", "channel", name=op.f("uq_channel_platform")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "commonness",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commonness")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "document",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("listed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_article"), "document", ["article"], unique=False)
    op.create_table(
        "habit",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_habit")),
    )
    op.create_table(
        "handled",
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("handled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("trigger", name=op.f("pk_handled")),
    )
    op.create_index(op.f("ix_handled_handled_at"), "handled", ["handled_at"], unique=False)
    op.create_table(
        "installation",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_user", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("installed_by", sa.String(), nullable=True),
        sa.Column("installed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_installation")),
    )
    op.create_table(
        "lease",
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("work", name=op.f("pk_lease")),
    )
    op.create_table(
        "once",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_once")),
    )
    op.create_index(op.f("ix_once_until"), "once", ["until"], unique=False)
    op.create_table(
        "rollup",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_rollup")),
    )
    op.create_table(
        "source",
        sa.Column("id", ROW, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("arrivals", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("moved_to", sa.String(), nullable=True),
        sa.Column("moves", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uses", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("address", name=op.f("uq_source_address")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "topic",
        sa.Column("id", ROW, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("platform", "workspace", "key", name=op.f("uq_topic_platform")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "totals",
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "watch",
        sa.Column("id", ROW, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("through", ROW, nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("key", name=op.f("uq_watch_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_watch_used_at"), "watch", ["used_at"], unique=False)
    op.create_table(
        "article_topic",
        sa.Column("watch_id", ROW, nullable=False),
        sa.Column("article_row", ROW, nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_article_topic_article_row_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["watch.id"], name=op.f("fk_article_topic_watch_id_watch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch_id", "article_row", name=op.f("pk_article_topic")),
    )
    op.create_index(op.f("ix_article_topic_article_row"), "article_topic", ["article_row"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", ROW, nullable=False),
        sa.Column("channel_id", ROW, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_feedback_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("channel_id", "user", "kind", "story", name=op.f("uq_feedback_channel_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feedback_channel_id"), "feedback", ["channel_id"], unique=False)
    op.create_table(
        "story",
        sa.Column("id", ROW, autoincrement=False, nullable=False),
        sa.Column("held", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["article.row"], name=op.f("fk_story_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", ROW, nullable=False),
        sa.Column("channel_id", ROW, nullable=False),
        sa.Column("topic_id", ROW, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("paused_because", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("position", ROW, nullable=False),
        sa.Column("served_at", sa.BigInteger(), nullable=True),
        sa.Column("next_due", sa.BigInteger(), nullable=True),
        sa.Column("next_local", sa.String(), nullable=True),
        sa.Column("restored_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_subscription_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_subscription_topic_id_topic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("channel_id", "topic_id", name=op.f("uq_subscription_channel_id")),
        postgresql_with={"fillfactor": 45},
        sqlite_autoincrement=True,
    )
    op.create_table(
        "trace",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_row", ROW, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_trace_article_row_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "article_row", name=op.f("pk_trace")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_trace_article_row"), "trace", ["article_row"], unique=False)
    op.create_table(
        "uncounted",
        sa.Column("article_row", ROW, autoincrement=False, nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_uncounted_article_row_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_row", name=op.f("pk_uncounted")),
    )
    op.create_table(
        "run",
        sa.Column("id", ROW, nullable=False),
        sa.Column("subscription_id", ROW, nullable=False),
        sa.Column("scheduled_local", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("after_row", ROW, nullable=False),
        sa.Column("through_row", ROW, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=True),
        sa.Column("doubt_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_run_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("subscription_id", "scheduled_local", name=op.f("uq_run_subscription_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_run_state"), "run", ["state"], unique=False)
    op.create_table(
        "telling",
        sa.Column("article_row", ROW, autoincrement=False, nullable=False),
        sa.Column("story_id", ROW, nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_telling_article_row_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_telling_story_id_story"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_row", name=op.f("pk_telling")),
    )
    op.create_index(op.f("ix_telling_story_id"), "telling", ["story_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ROW, nullable=False),
        sa.Column("run_id", ROW, nullable=False),
        sa.Column("part_no", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("payload_hash", sa.String(), nullable=False),
        sa.Column("in_thread", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt_started", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("settle_until", sa.BigInteger(), nullable=True),
        sa.Column("doubt_at", sa.BigInteger(), nullable=True),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_delivery_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("run_id", "part_no", name=op.f("uq_delivery_run_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_delivery_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_delivery_out",
        "delivery",
        ["platform", "workspace", "channel"],
        unique=False,
        sqlite_where=sa.text("state IN ('SENDING', 'UNCERTAIN')"),
        postgresql_where=sa.text("state IN ('SENDING', 'UNCERTAIN')"),
    )
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["platform", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('PENDING', 'RETRY')"),
        postgresql_where=sa.text("state IN ('PENDING', 'RETRY')"),
    )
    op.create_index(
        "uq_delivery_posting",
        "delivery",
        ["platform", "workspace", "channel"],
        unique=True,
        sqlite_where=sa.text("state IN ('SENDING')"),
        postgresql_where=sa.text("state IN ('SENDING')"),
    )
    op.create_table(
        "told",
        sa.Column("channel_id", ROW, nullable=False),
        sa.Column("article_row", ROW, nullable=False),
        sa.Column("run_id", ROW, nullable=True),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_told_article_row_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_told_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_told_run_id_run"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("channel_id", "article_row", "told_at", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_article_row"), "told", ["article_row"], unique=False)
    op.create_index(op.f("ix_told_run_id"), "told", ["run_id"], unique=False)
    # Subscriptions are moved on in place: no index is written when they are planned.
    shared = op.get_bind().dialect.name == "postgresql"
    if shared:
        op.execute("ALTER TABLE subscription SET (fillfactor = 45)")
    op.execute("INSERT INTO totals (articles, terms, changes) VALUES (0, 0, 0)")
    for statement in GIN if shared else FULL_TEXT:
        op.execute(statement)
