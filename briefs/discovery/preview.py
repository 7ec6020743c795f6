"""What a source would bring to topics, by what it holds now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefs.clustering.clusters import stories
from briefs.discovery import Found
from briefs.ingest.prepare import prepare_best
from briefs.ingest.raw import RawItem
from briefs.models import Analysed, Article
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.topics import Topic, Verdict
from briefs.workers import Map


def stories_for(found: Found, topics: Sequence[Topic], aliases: Aliases, map: Map) -> Mapping[str, int]:
    """Return how many stories each topic would have of what is there now; entries without a text go by their titles."""
    whole = ((item,) for item in found.items if item.body.strip())
    titles = (_titled(item) for item in found.items if not item.body.strip())
    articles = [one for one in (*map(prepare_best, whole), *map(analyse, titles)) if isinstance(one, Analysed)]
    return {topic.name: _stories(topic, articles, aliases) for topic in topics}


def _stories(topic: Topic, articles: Sequence[Analysed], aliases: Aliases) -> int:
    matcher = topic.matcher(aliases)
    return len(stories((one.article for one in articles if matcher.verdict(one) is Verdict.TAKEN), aliases=aliases))


def _titled(item: RawItem) -> Article:
    title = item.title or ""
    return Article(item.address, title, title, language=item.language, source=item.source, published=item.published)
