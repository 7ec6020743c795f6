"""Every meaning → Reply, in the reader's language; and the JSON of look-ups and digests. Pure."""

from bot.present.answers import (
    Forecast,
    Usage,
    error,
    help_all,
    help_one,
    note,
    preview,
    sources,
    status,
    subscribed,
    subscriptions,
    topic,
    topics,
    why,
    why_not,
)
from bot.present.shown import Permalink, brief_json, digest_json, moment, story_of
from bot.present.stories import brief, digest, rest, shown_brief, shown_digest

__all__ = [
    "Forecast",
    "Permalink",
    "Usage",
    "brief",
    "brief_json",
    "digest",
    "digest_json",
    "error",
    "help_all",
    "help_one",
    "moment",
    "note",
    "preview",
    "rest",
    "shown_brief",
    "shown_digest",
    "sources",
    "status",
    "story_of",
    "subscribed",
    "subscriptions",
    "topic",
    "topics",
    "why",
    "why_not",
]
