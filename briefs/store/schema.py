"""The tables. Times are integers: milliseconds since 1970 in UTC; JSON is text.

    source ─┐
            └─< article ──── article_index (full text: FTS5, or a GIN column on PostgreSQL)
                    │        index_build ──< index_owed (what an index outside the database has, and is owed)
                    │   ├─── article_vectors (what an embedding model made of it)
                    │   ├──< article_topic >── watch, matched (what topics take, noted as articles come in)
                    │   └─── telling >── story (what tells the same event), trace (finds those that may),
                    │               habit (what a source repeats, which is no news)
    topic ──< subscription ──< run ──< delivery
                    channel ──< told (article)
    source ──< follow (whose it is, where it is not everybody's), host_turn (who asks a host, of several processes)
    source ──< article_source >── article (who brought it: who sees it)
    answer (what somebody was shown last), handled (commands whose effect has happened), installation (the bot in a
    workspace, with its token), once (what counts once, for a while), lease (which process does what only one may
    do), rollup (days on which operators were told what waits for them), audit (who changed what of a workspace)

An article's `row` rises with ingestion and is never reused: a time window is `row >= ?`, which costs nothing however
large the archive, and "new since the last digest" is the same comparison.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from briefs.store.metadata import Row
from briefs.store.metadata import metadata as metadata
from briefs.store.schema_runs import delivery as delivery
from briefs.store.schema_runs import is_out as is_out
from briefs.store.schema_runs import is_posted as is_posted
from briefs.store.schema_runs import run as run
from briefs.store.schema_runs import waits_in as waits_in
from briefs.store.schema_sources import article_source as article_source
from briefs.store.schema_sources import follow as follow
from briefs.store.schema_sources import host_turn as host_turn
from briefs.store.schema_sources import source as source

article = Table(
    "article",
    metadata,
    Column("row", Row, primary_key=True),
    Column("id", String, nullable=False, unique=True),  # the caller's name for it
    Column("content", String, nullable=False, index=True),  # digest of title and text: tells "unchanged"
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False, index=True),
    Column("url", Text),
    Column("source", String, index=True),
    Column("author", String),
    Column("published_at", BigInteger, index=True),
    Column("seen_at", BigInteger, nullable=False, index=True),  # first sight: what "new" means
    Column("changed_at", BigInteger),  # when it got another text, last; None: it has the text that it came with
    Column("sentences", JSON, nullable=False),  # [start, end, start, end, …]
    Column("title_terms", Text, nullable=False),  # as the index has them; see index.pack
    Column("body_terms", Text, nullable=False),
    Column("length", Integer, nullable=False),  # as BM25 has it: packed.length_of
    Column("whole", Integer),  # characters of the text that `text` is only the beginning of
    Column("role", String),  # of a page that is watched: page, as it stands; change, what was added to it
    sqlite_autoincrement=True,
)

totals = Table(  # one row, kept by triggers on article: what ranking wants to know of the whole archive
    "totals",
    metadata,
    Column("articles", BigInteger, nullable=False),
    Column("terms", BigInteger, nullable=False),  # the sum of the lengths
    Column("changes", BigInteger, nullable=False),  # rises with each article filed: tells when a cache is stale
)

index_build = Table(  # what an index outside the database has: see index.cluster
    "index_build",
    metadata,
    Column("id", Row, primary_key=True),
    Column("name", String, nullable=False),  # what its parts are called, but for their numbers
    Column("key", String, nullable=False),  # what its parts say that they are
    Column("through", BigInteger, nullable=False),  # every row up to there is found in it, but for what it is owed
    Column("serves", Boolean, nullable=False),  # it is the one that is asked
    sqlite_autoincrement=True,
)

index_owed = Table(  # kept by triggers on article: what has changed behind `through`, or is gone
    "index_owed",
    metadata,
    Column("id", Row, primary_key=True),
    Column("build_id", ForeignKey("index_build.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("article_row", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

article_vectors = Table(  # what an embedding model made of articles: see store.vectors
    "article_vectors",
    metadata,
    Column("id", Row, primary_key=True),  # rises: what was made since is behind the last one known
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), nullable=False, unique=True),
    Column("model", String, nullable=False, index=True),
    Column("whole", LargeBinary, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

document = Table(
    "document",
    metadata,
    Column("address", String, primary_key=True),  # of a feed entry, page or file, as its source names it
    Column("digest", String, nullable=False),  # of its bytes as they came: tells "unchanged" before any work is done
    Column("article", String, nullable=False, index=True),  # id of the one it became; several may be one article
    Column("listed_at", BigInteger),  # where its article is gone: when a source listed it last, to the day
    Column("sentences", LargeBinary),  # of a page that is watched: those that it ever had; see quoting.additions
)

topic = Table(
    "topic",
    metadata,
    Column("id", Row, primary_key=True),
    # Topics of the configuration belong to every workspace: platform and workspace are empty.
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("name", String, nullable=False),  # as people write it
    Column("key", String, nullable=False),  # as it is looked up: folded
    Column("expression", Text, nullable=False),  # in the topic language
    Column("languages", JSON),
    Column("created_by", String),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("platform", "workspace", "key"),
    sqlite_autoincrement=True,
)

watch = Table(  # what topics that stay take: one row for all that take the same
    "watch",
    metadata,
    Column("id", Row, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # of words, languages and names together
    Column("expression", Text, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("names", JSON, nullable=False),  # groups of names of the same thing, those that its words need
    Column("used_at", BigInteger, nullable=False, index=True),
    sqlite_autoincrement=True,
)

matched = Table(  # one row, once there is a watch: up to which article every one has been matched with all of them
    "matched",
    metadata,
    Column("through", Row, primary_key=True, autoincrement=False),
)

article_topic = Table(
    "article_topic",
    metadata,
    Column("watch_id", ForeignKey("watch.id", ondelete="CASCADE"), primary_key=True),
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, index=True),
    Column("excluded", Boolean, nullable=False),  # it has what the topic looks for, and what it leaves out
)

story = Table(
    "story",
    metadata,
    # An article's row names the story that began with it, for good.
    Column("id", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("held", Float, nullable=False),  # how alike its last two parts were when they joined
)

telling = Table(  # each article as a part of its story
    "telling",
    metadata,
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("story.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("copy", Boolean, nullable=False),  # it repeats the text of another: no further witness
    Column("packed", LargeBinary),  # what it is compared by; None once its story is closed
)

trace = Table(  # a key that weighs much in an article → the article, as long as its story is open
    "trace",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

commonness = Table(  # in how many articles a key stands
    "commonness",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

uncounted = Table(  # the keys of the latest articles, until `commonness` counts those of many together
    "uncounted",
    metadata,
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("keys", LargeBinary, nullable=False),
)

habit = Table(  # what a source repeats from article to article
    "habit",
    metadata,
    Column("source", String, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

alias = Table(  # names of the same thing that a workspace has added to those of the configuration
    "alias",
    metadata,
    Column("id", Row, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("names", JSON, nullable=False),
    Column("created_by", String),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_alias_workspace", "platform", "workspace"),
    sqlite_autoincrement=True,
)

channel = Table(
    "channel",
    metadata,
    Column("id", Row, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("language", String),  # None: the platform's locale
    Column("language_given", Boolean, nullable=False, server_default="0"),  # by who first subscribed it: nobody chose
    Column("zone", String),  # IANA name; None: the settings' zone
    Column("form", String),  # how its stories look; None: as the settings say
    Column("quotes", Integer),  # of a story; None: as the settings say
    UniqueConstraint("platform", "workspace", "channel"),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Row, primary_key=True),
    Column("channel_id", ForeignKey("channel.id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", ForeignKey("topic.id", ondelete="CASCADE"), nullable=False),
    Column("schedule", String, nullable=False, server_default="09:00 daily"),  # as `bot.base.calendar.Schedule` has it
    Column("zone", String, nullable=False),
    Column("stories", Integer),  # of a digest; None: as many as the channel's form shows
    Column("form", String),  # of a digest; None: the channel's
    Column("paused", Boolean, nullable=False, server_default="0"),
    Column("paused_because", Text),
    Column("created_by", String),
    Column("created_at", BigInteger, nullable=False),
    Column("position", Row, nullable=False),  # archive row up to which the channel has been served
    Column("served_at", BigInteger),  # until when that was
    # None while paused, and once it is over. It has no index: planning would have to write that, and on PostgreSQL all
    # others with it, for each subscription that it moves on. To read a hundred thousand takes ten milliseconds.
    Column("next_due", BigInteger),
    Column("next_local", String),  # the local date and time that next_due stands for
    Column("planned_at", BigInteger),  # when planning last moved it on, by the clock of then
    # When a copy of the database was put back, until a digest has said so; 0: in a copy that nobody has begun with yet.
    Column("restored_at", BigInteger),
    UniqueConstraint("channel_id", "topic_id"),
    sqlite_autoincrement=True,
    postgresql_with={"fillfactor": 45},  # room for what replaces a row in the same page: then no index is written
)

subscribed = subscription.join(channel).join(topic)  # each with its channel and its topic

told = Table(
    "told",
    metadata,
    Column("channel_id", ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True),
    Column("article_row", ForeignKey("article.row", ondelete="CASCADE"), primary_key=True, index=True),
    # None: by no digest on schedule, or by one of a subscription that has ended.
    Column("run_id", ForeignKey("run.id", ondelete="SET NULL"), index=True),
    Column("sentences", JSON, nullable=False),  # the quotes, as they were posted; [] for an article only folded in
    Column("told_at", BigInteger, primary_key=True, autoincrement=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Row, primary_key=True),
    Column("channel_id", ForeignKey("channel.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user", String, nullable=False),
    Column("kind", String, nullable=False),  # more, less: of such stories; source: less from it
    Column("story", String, nullable=False),  # its address, else its title: one wish of a kind from each
    Column("title", Text, nullable=False),
    Column("source", String),
    Column("terms", JSON, nullable=False),  # what the story is about, as the index has it
    Column("given_at", BigInteger, nullable=False),
    UniqueConstraint("channel_id", "user", "kind", "story"),
    sqlite_autoincrement=True,
)

answer = Table(
    "answer",
    metadata,
    Column("id", String, primary_key=True),  # unguessable
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("user", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("brief", JSON, nullable=False),
    Column("public", Boolean, nullable=False, server_default="0"),  # the channel saw it: it is everybody's there
    Column("created_at", BigInteger, nullable=False, index=True),
    Index("ix_answer_latest", "platform", "workspace", "channel", "user", "created_at"),
)

handled = Table(
    "handled",
    metadata,
    Column("trigger", String, primary_key=True),  # platform and its id of the command: its effect happens once
    Column("handled_at", BigInteger, nullable=False, index=True),
)

installation = Table(  # the bot in a workspace that installed it itself
    "installation",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("token", Text),  # sealed; see store.secret_box. None: the installation has ended
    Column("bot_id", String, nullable=False),
    Column("bot_user", String, nullable=False),
    Column("name", String),
    Column("site", String),  # the workspace's own address
    Column("installed_by", String),
    Column("installed_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_because", Text),
)

once = Table(
    "once",
    metadata,
    Column("key", String, primary_key=True),  # a kind, and a digest
    Column("until", BigInteger, nullable=False, index=True),
)

lease = Table(
    "lease",
    metadata,
    Column("work", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("beat", BigInteger, nullable=False),
)

rollup = Table(
    "rollup",
    metadata,
    Column("day", String, primary_key=True),
    Column("told", JSON, nullable=False),  # the pauses of which that day or an earlier one told, and that last
    Column("at", BigInteger, nullable=False),
)

notice = Table(  # what somebody has to hear themselves of what they subscribed; goes once it is being told
    "notice",
    metadata,
    Column("id", Row, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),  # which it is about
    Column("person", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("subscription_id", BigInteger),  # None: it has ended
    Column("because", Text, nullable=False),  # what the platform answered
    sqlite_autoincrement=True,
)

audit = Table(  # who changed what of a workspace
    "audit",
    metadata,
    Column("id", Row, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),  # where it was changed
    Column("person", String, nullable=False),
    Column("what", String, nullable=False),  # "topic.add"
    Column("detail", JSON, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Index("ix_audit_workspace", "platform", "workspace", "id"),
    sqlite_autoincrement=True,
)
