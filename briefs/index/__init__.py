"""Full text: which rows have which words, and how common words are. `port` says what a search engine promises."""

from briefs.index.port import SearchIndex
from briefs.index.postgres_gin import GinIndex
from briefs.index.sqlite_fts import Fts5Index


def index_of(shared: bool) -> SearchIndex:
    """Return the full-text index of a database itself. shared: see `Database.shared`."""
    return GinIndex() if shared else Fts5Index()
