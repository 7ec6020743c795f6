"""The things briefs are made of: frozen, plain, and free of I/O.

Every time is an aware `datetime` in UTC. Every offset counts characters (code points) of `Article.text`. A language is
an ISO 639-1 code, "und" when unsure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Literal

# ---------------------------------------------------------------- what comes in

AuthKind = Literal["basic", "bearer", "header", "cookie"]


@dataclass(frozen=True, slots=True)
class Auth:
    """How to authenticate at a source. It holds no secret, only where the secret is.

    secret: "env:NAME" or "file:PATH" (absolute). name: of the user (basic), of the header or of the cookie; "" where
    the secret has both, as "user:password" or "name=value; other=value".
    """

    kind: AuthKind
    secret: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that articles come from, as configured.

    address: an http(s) address, or an absolute path for files and folders. kind: see `briefs.ingest.readers`.
    name: what a reader sees; None: what its articles call it.
    auth: for its own address only. allow: private networks, such as "10.1.0.0/16", and hosts that it and its links may
    lead to. public: everybody may read its articles, although it is a file, wants a password or is on a private
    network. workspace: the only one that sees it, such as "slack/T0123"; None: everybody. section: the folder that it
    stands in, in lists. more: fields of its kind alone.
    """

    address: str
    kind: str
    name: str | None = None
    language: str | None = None
    auth: Auth | None = None
    allow: tuple[str, ...] = ()
    public: bool = False
    section: str | None = None
    workspace: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict, hash=False)


# Of a watched page: "page" is the page as it stands, which is no news; "change" is what was added to it.
Role = Literal["page", "change"]


@dataclass(frozen=True, slots=True)
class Article:
    """One text with its origin. Its quotes are pieces of `text`, to the letter.

    id: chosen by the caller, unique in an archive; adding the same id again replaces the article.
    source: the publisher's name, for readers.
    published: as the source states it; what is new is not decided by it.
    whole: the length of the full text where `text` is only its beginning; else None.
    role: for a watched page; a "change" was published when it was seen. None: an ordinary article.
    """

    id: str
    title: str
    text: str
    language: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime | None = None
    author: str | None = None
    whole: int | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysed:
    """An article with all that is computed from its text once: made in a worker, kept by the archive.

    article: with its language filled in.
    sentences: in order, apart.
    title_terms, body_terms: what the index holds, in the order of the text.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    title_terms: tuple[str, ...]
    body_terms: tuple[str, ...]


# ---------------------------------------------------------------- what is found


@dataclass(frozen=True, slots=True)
class Reasons:
    """The parts of a score; they add up to it.

    terms: query word → its part. parts: everything else by name ("recency", "title", "position").
    """

    terms: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that answers a query; higher scores are better."""

    article: Article
    score: float
    reasons: Reasons = field(default_factory=Reasons)


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of one text: `texts[source][start:end] == text`.

    source: index into the texts that were given (in a `TopStory`, into its `articles`).
    good: the probability that a reader finds that it stands alone and says something. stands: whether that is enough.
    fits: the probability that a reader calls it a good answer to the query; 1 without a query. serves: whether that is
    enough, given what the title says already.
    """

    text: str
    source: int
    start: int
    end: int
    score: float
    reasons: Reasons = field(default_factory=Reasons)
    good: float = 1.0
    stands: bool = True
    fits: float = 1.0
    serves: bool = True


def names_a_day(published: datetime) -> bool:
    """Whether a date has no time of day: it is kept as midnight UTC, and is that day in every time zone."""
    return published.astimezone(UTC).time() == time()


@dataclass(frozen=True, slots=True)
class Report:
    """Where and when something was told. at: when its source says, else when it was first seen."""

    source: str | None
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """Articles on one event, oldest first.

    copies: ids of articles that repeat the text of an older one, as a wire report in a second paper does.
    For a story of an archive, which may have more articles than are given here: number: its lasting number. first: who
    told it first, if dates tell. publishers: how many tell it in words of their own.
    """

    articles: tuple[Article, ...]
    copies: frozenset[str] = frozenset()
    number: int | None = None
    first: Report | None = None
    publishers: int = 0


@dataclass(frozen=True, slots=True)
class TopStory:
    """A story chosen for a brief or a digest, with its quotes.

    articles: the one to show first, then the others that tell it.
    quotes: best first; each `source` is an index into `articles`.
    update_of: the reference of an earlier post that this one continues, where it has one.
    told_at: when the reader was last told of it; None: never.
    of: the whole story. corrected: what the reader was told, where the article no longer says so; "" elsewhere.
    """

    articles: tuple[Article, ...]
    quotes: tuple[Quote, ...]
    score: float
    reasons: Reasons
    update_of: str | None = None
    told_at: datetime | None = None
    of: Story = field(default_factory=lambda: Story(()))
    corrected: str = ""

    @property
    def lead(self) -> Article:
        """The article to show."""
        return self.articles[0]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a story's timeline. at: when its article was told. told: whether the channel was told it."""

    article: Article
    quote: Quote
    at: datetime
    told: bool


Limit = Literal["source", "title", "language", "since", "before"]
NoticeKind = Literal["nothing", "lacking", "near", "related", "only_stop_words"] | Limit


@dataclass(frozen=True, slots=True)
class Notice:
    """What to say of a look-up that found nothing, or only something near; the chat side words it.

    nothing: no article has any of the words. lacking: the articles shown answer, but none of them has `missing`.
    near: without `missing` they do not answer. related: no article answers word for word; those shown have `nearest`
    in place of `missing`. only_stop_words: no word to search for. A limit: no article meets it, whatever its words;
    `missing` are the sources, words or languages that it asks for, `nearest` sources of such a name.
    """

    kind: NoticeKind
    missing: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a look-up was understood, where its words were not taken as they stand.

    must, without: what articles must have and must not have, in the language of topics. loosened: no article has what
    it must, so the words alone were looked up. beginnings: prefix → terms that begin with it. since, before: limits of
    time. corrections: as typed → as read. names: a name → other names of the same thing.
    """

    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    loosened: bool = False
    beginnings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    corrections: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """What a look-up went through."""

    articles: int
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Brief:
    """The answer to a look-up.

    read_as: None where its words were taken as they stand. partial: only the newest articles could be searched.
    """

    query: str
    languages: tuple[str, ...]
    stories: tuple[TopStory, ...]
    searched: Searched
    notice: Notice | None
    took_ms: float
    read_as: ReadAs | None = None
    partial: bool = False


OmittedBecause = Literal["excluded", "old", "passing", "repeat", "cut"]


@dataclass(frozen=True, slots=True)
class Omitted:
    """An article that a digest leaves out.

    excluded: it has what the topic leaves out. old: it was published long before the last digest. passing: it only
    mentions the topic. repeat: it says nothing new. cut: better ones took all places.
    """

    article: Article
    because: OmittedBecause


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new on a topic between two positions of the archive.

    since, until: UTC instants it covers. through: the archive position it reaches, where the next one starts.
    articles: how many new ones matched; publishers: from how many sources. left_out: reason → how many.
    more: matching stories beyond the limit, best first. omitted: articles left out, as many as anybody would read.
    """

    topic: str
    since: datetime | None
    until: datetime
    through: int
    articles: int
    publishers: int
    stories: tuple[TopStory, ...]
    more: tuple[TopStory, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    omitted: tuple[Omitted, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a topic would have brought.

    first_seen: of each story since an instant, in no order. samples: the best of these stories, or of older ones where
    there are none. excluded: where there are none at all, how many articles the topic's exclusions keep out.
    """

    first_seen: tuple[datetime, ...]
    samples: tuple[TopStory, ...]
    excluded: int = 0


# ---------------------------------------------------------------- who reads


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where people read, on some chat platform. Every row of a tenant is keyed by these three.

    platform: "console", or a chat platform's name. workspace: its team or guild. id: the channel there.
    """

    platform: str
    workspace: str
    id: str

    def __str__(self) -> str:
        """Name it for an operator."""
        return f"{self.platform} {self.workspace}/{self.id}"


WishKind = Literal["more", "less", "source"]
Form = Literal["compact", "full", "headlines"]  # of a channel's messages


@dataclass(frozen=True, slots=True)
class Wish:
    """What a channel's reader wishes: more or less of stories like one, or less from its source.

    terms: what that story is about.
    """

    kind: WishKind
    terms: frozenset[str] = frozenset()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel. at: when it was posted. reference: the platform's id of it, if known."""

    at: datetime
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel has been told.

    articles: ids of those it was shown, and of those in the same stories. sentences: the quotes posted. posts: article
    id → the message. corrected: id of each article whose text has changed since → what was quoted of it.
    """

    articles: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()
    posts: Mapping[str, Post] = field(default_factory=dict)
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
