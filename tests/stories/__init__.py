"""A set of invented news, and how well stories find its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from briefs.clustering.clusters import stories
from briefs.models import Article


def events() -> Mapping[str, Sequence[Article]]:
    """Return the invented articles by the event that they tell."""
    told = yaml.safe_load((Path(__file__).parent / "events.yaml").read_text(encoding="utf-8"))
    return {
        event: [
            Article(
                f"{event}-{n}",
                title,
                text,
                language,
                source=publisher,
                published=datetime.combine(day, time(8), tzinfo=UTC),
            )
            for n, (publisher, language, day, title, text) in enumerate(articles)
        ]
        for event, articles in told.items()
    }


def grouped() -> list[list[str]]:
    """Return the ids of all invented articles as stories group them, without any alias."""
    told = stories(article for articles in events().values() for article in articles)
    return [[article.id for article in story.articles] for story in told]


def bcubed(found: Iterable[Sequence[str]], wanted: Mapping[str, Sequence[Article]]) -> float:
    """Return B-cubed F1 (Bagga and Baldwin 1998): of companions, how many are right, and how many found."""
    mine = {name: set(group) for group in found for name in group}
    true = {article.id: {other.id for other in articles} for articles in wanted.values() for article in articles}
    precision = sum(len(mine[name] & true[name]) / len(mine[name]) for name in true) / len(true)
    recall = sum(len(mine[name] & true[name]) / len(true[name]) for name in true) / len(true)
    return 2 * precision * recall / (precision + recall)
