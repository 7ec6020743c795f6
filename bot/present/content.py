"""What was shown, of a look-up or a digest: printed as JSON, kept for "Share" and "why", and made into a Reply.

The one serialiser of it. What an earlier version kept is read: what it did not note is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from briefs.models import Channel, Reasons, Searched

VERSION = 1  # of what is kept: goes up when a field changes its meaning
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """An article, as it is named. language: ISO 639-1, or "und"."""

    title: str
    url: str | None
    source: str
    language: str = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded(Head):
    """Another article on a story. copy: it repeats another's text."""

    id: str = ""
    published: datetime | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOmitted(Head):
    """An article that is not told. because: "excluded", "passing", "repeat" or "cut"."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuote:
    """A verbatim quote. url: where it stands, to the word where browsers can.

    id: of the article that says it, where that is not the story's lead.
    """

    text: str
    url: str | None
    source: str = ""
    language: str = "und"
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReport:
    """Who told a story first."""

    source: str
    url: str | None = None
    at: datetime


def _why(kept: Any) -> Any:
    if isinstance(kept, Reasons):
        return kept
    return Reasons(kept.get("terms", {}), {part: value for part, value in kept.items() if part != "terms"})


def _flat(why: Reasons) -> Json:
    return {"terms": dict(why.terms), **why.parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStory(Head):
    """A story under its lead. id: of the lead, "" where that was not noted.

    story: its number; None: it has none. publishers: who tell it in words of their own. update_of: the post that it
    goes on with, by its address or else by its instant. corrected: what was said before. opening: what its article
    opens with, where nothing is quoted: that may be corrected too. role: of its article, "change" of what was added to
    a page.
    """

    id: str = ""
    published: datetime | None = None
    score: float
    why: Annotated[Reasons, BeforeValidator(_why), PlainSerializer(_flat)]
    quotes: tuple[ShownQuote, ...]
    story: int | None = None
    first: FirstReport | None = None
    publishers: int = 0
    also: tuple[Folded, ...]
    update_of: str | None = None
    told_at: datetime | None = None
    corrected: str | None = None
    opening: str | None = None
    role: str | None = None

    @property
    def tellers(self) -> int:
        """How many publishers tell it; where that was not noted, those that are named."""
        return self.publishers or len({self.source, *(other.source for other in self.also)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLookUp:
    """A look-up. read_as, notice: worded for the reader. reader: their language, where it is kept to be shared.

    typed: how all the news was asked for, where the query has no words that could be its heading.
    """

    query: str
    read_as: str | None = None
    languages: tuple[str, ...] = ()
    took_ms: float = 0.0
    notice: str | None = None
    searched: Searched
    stories: tuple[ShownStory, ...]
    reader: str | None = None
    typed: str | None = None

    @property
    def everything(self) -> tuple[ShownStory, ...]:
        """All its stories, in the order of their numbers."""
        return self.stories


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDigest:
    """A digest. channel: where it is posted, None where it is not. more: stories beyond its limit."""

    topic: str
    since: datetime | None = None
    until: datetime | None = None
    channel: Channel | None = None
    languages: tuple[str, ...] = ()
    notice: str | None = None
    articles: int = 0
    publishers: int = 0
    stories: tuple[ShownStory, ...]
    more: tuple[ShownStory, ...] = ()
    left_out: Mapping[str, int]
    omitted: tuple[ShownOmitted, ...] = ()
    reader: str | None = None

    @property
    def everything(self) -> tuple[ShownStory, ...]:
        """All its stories, in the order of their numbers."""
        return (*self.stories, *self.more)


Shown = ShownLookUp | ShownDigest
Look = TypeVar("Look", ShownLookUp, ShownDigest)
_LOOK_UP, _DIGEST = TypeAdapter(ShownLookUp), TypeAdapter(ShownDigest)


def to_json(content: Shown) -> Json:
    """Return content as it is printed: plain values, instants as ISO 8601 in UTC."""
    if isinstance(content, ShownLookUp):
        made: Json = _LOOK_UP.dump_python(content, mode="json")
    else:
        made = _DIGEST.dump_python(content, mode="json")
    for unsaid in ("reader", "typed"):
        if made.get(unsaid, "") is None:
            del made[unsaid]
    for story in (*made["stories"], *made.get("more", ())):
        for rare in ("corrected", "opening", "role"):
            if story[rare] is None:
                del story[rare]
        for quote in story["quotes"]:
            if quote["id"] is None:
                del quote["id"]
    return made


def to_keep(content: Shown) -> Json:
    """Return content as it is kept in the database."""
    return {"version": VERSION, **to_json(content)}


def from_json(kept: Mapping[str, Any]) -> Shown:
    """Read back what was kept, by this version or an earlier one."""
    return _LOOK_UP.validate_python(kept) if "query" in kept else _DIGEST.validate_python(kept)


def with_quotes(content: Look, most: int) -> Look:
    """Return content of whose stories at most so many quotes are shown, the first ones."""

    def cut(stories: tuple[ShownStory, ...]) -> tuple[ShownStory, ...]:
        return tuple(replace(story, quotes=story.quotes[:most]) for story in stories)

    if isinstance(content, ShownDigest):
        return replace(content, stories=cut(content.stories), more=cut(content.more))
    return replace(content, stories=cut(content.stories))


def story_of(content: Shown, number: int) -> ShownStory | None:
    """Return the story of this number, counted from 1 over those shown and those beyond them."""
    stories = content.everything
    return stories[number - 1] if 0 < number <= len(stories) else None


def told_in(content: Shown) -> Mapping[str, tuple[str, ...]]:
    """Return each article that is shown or folded in → what is said of it: the title of a lead, and its quotes.

    Where the title stands alone, with what the article opens with: that may be corrected too.
    Of stories beyond the limit only the titles are posted. What was kept before articles were named in it gives none.
    """
    told: dict[str, tuple[str, ...]] = {}
    for number, story in enumerate(content.everything):
        if not story.id:
            continue
        # A quote says what its title does not: the title has told its part.
        said = {story.id: [story.title]} | {other.id: [] for other in story.also}
        for quote in story.quotes:
            said[quote.id or story.id].append(quote.text)
        said[story.id].append(story.opening or "")
        shown = number < len(content.stories)
        told |= {name: tuple(filter(None, texts)) if shown else () for name, texts in said.items()}
    return told
