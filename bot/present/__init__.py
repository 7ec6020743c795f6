"""Every meaning → Reply, in the reader's language; and the JSON of look-ups and digests. Pure."""

from bot.present.health import status
from bot.present.help import Usage, help_all, help_one
from bot.present.incidents import trouble
from bot.present.parts import error, note
from bot.present.reasons import timeline, why, why_not
from bot.present.relevance_feedback import taken_back, wished, wishes
from bot.present.serialised import Permalink, brief_json, digest_json, moment, story_of, told_in
from bot.present.sources import moved, retried, said, sources
from bot.present.sources import trouble as source_trouble
from bot.present.stories import brief, digest, rest, shown_brief, shown_digest
from bot.present.subscriptions import subscribed, subscriptions
from bot.present.topics import PREVIEWED, Forecast, aliases, preview, topic, topics
from bot.present.understood import in_words

__all__ = [
    "PREVIEWED",
    "Forecast",
    "Permalink",
    "Usage",
    "aliases",
    "brief",
    "brief_json",
    "digest",
    "digest_json",
    "error",
    "help_all",
    "help_one",
    "in_words",
    "moment",
    "moved",
    "note",
    "preview",
    "rest",
    "retried",
    "said",
    "shown_brief",
    "shown_digest",
    "source_trouble",
    "sources",
    "status",
    "story_of",
    "subscribed",
    "subscriptions",
    "taken_back",
    "timeline",
    "told_in",
    "topic",
    "topics",
    "trouble",
    "why",
    "why_not",
    "wished",
    "wishes",
]
