"""Every meaning → Reply, in the reader's language; and the content of look-ups and digests. Pure."""

from bot.present.content import ShownDigest, ShownLookUp, ShownStory, from_json, story_of, to_json, to_keep, told_in
from bot.present.health import room, status
from bot.present.help import Usage, help_all, help_one
from bot.present.incidents import trouble
from bot.present.parts import error, note
from bot.present.reasons import timeline, why, why_not
from bot.present.relevance_feedback import taken_back, wished, wishes
from bot.present.sources import moved, retried, said, sources
from bot.present.sources import trouble as source_trouble
from bot.present.stories import brief, digest, rest, shown_brief, shown_digest
from bot.present.subscriptions import subscribed, subscriptions
from bot.present.topics import PREVIEWED, Forecast, aliases, preview, topic, topics
from bot.present.understood import in_words
from bot.present.worded import Permalink
from bot.present.worded import digest as digest_content
from bot.present.worded import look_up as look_up_content

__all__ = [
    "PREVIEWED",
    "Forecast",
    "Permalink",
    "ShownDigest",
    "ShownLookUp",
    "ShownStory",
    "Usage",
    "aliases",
    "brief",
    "digest",
    "digest_content",
    "error",
    "from_json",
    "help_all",
    "help_one",
    "in_words",
    "look_up_content",
    "moved",
    "note",
    "preview",
    "rest",
    "retried",
    "room",
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
    "to_json",
    "to_keep",
    "told_in",
    "topic",
    "topics",
    "trouble",
    "why",
    "why_not",
    "wished",
    "wishes",
]
