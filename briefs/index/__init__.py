"""Full text: which rows have which words, and how common words are. `port` says what a search engine promises."""

from briefs.index.postgres_gin import GinIndex
from briefs.index.sqlite_fts import Fts5Index


def index_of(shared: bool) -> GinIndex | Fts5Index:
    """Return the full-text index of a database itself. shared: see `Database.shared`."""
    return GinIndex() if shared else Fts5Index()
