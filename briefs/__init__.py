"""The core of Briefbot: sources in, briefs out. It knows nothing of chat.

    with briefs.Archive.open("sqlite:///briefs.db") as archive:
        archive.add([briefs.Article(id="1", title="Open links", text="Tencent opens its links.")])
        archive.brief("tencent links").stories[0].lead.title

Names are imported when they are first used, so that `import briefs` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefs.archive import Archive
    from briefs.clustering.clusters import stories
    from briefs.errors import BriefsError
    from briefs.ingest.feeds import Entry, Feed, read_feed
    from briefs.ingest.pages import extract
    from briefs.ingest.raw import Extract
    from briefs.models import Article, Brief, Digest, Hit, Quote, Story
    from briefs.quoting.novelty import novelty
    from briefs.quoting.selection import quotes
    from briefs.text.detection import detect_language
    from briefs.text.sentences import split_sentences

__all__ = [
    "Archive",
    "Article",
    "Brief",
    "BriefsError",
    "Digest",
    "Entry",
    "Extract",
    "Feed",
    "Hit",
    "Quote",
    "Story",
    "detect_language",
    "extract",
    "novelty",
    "quotes",
    "read_feed",
    "split_sentences",
    "stories",
]

_HOMES = {
    "Archive": "briefs.archive",
    "stories": "briefs.clustering.clusters",
    "novelty": "briefs.quoting.novelty",
    "BriefsError": "briefs.errors",
    "detect_language": "briefs.text.detection",
    "extract": "briefs.ingest.pages",
    "Entry": "briefs.ingest.feeds",
    "Extract": "briefs.ingest.raw",
    "Feed": "briefs.ingest.feeds",
    "quotes": "briefs.quoting.selection",
    "read_feed": "briefs.ingest.feeds",
    "split_sentences": "briefs.text.sentences",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'briefs' has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "briefs.models")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
