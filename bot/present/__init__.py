"""Every meaning → Reply, in the reader's language; and the content of look-ups and digests. Pure."""

from bot.present.audit import LISTED as CHANGES_LISTED
from bot.present.audit import audit
from bot.present.content import (
    ShownDigest,
    ShownLookUp,
    ShownStory,
    from_json,
    story_of,
    to_json,
    to_keep,
    told_in,
    with_quotes,
)
from bot.present.digests import rest, shown_digest
from bot.present.first_minute import Sample, led, sample, welcome
from bot.present.following import found, no_longer_followed, now_followed, now_muted, source, which_link
from bot.present.forms import (
    first_line,
    follow_form,
    move_form,
    outlook_lines,
    saved,
    search_form,
    settings_form,
    settings_saved,
    subscription_form,
    subscription_saved,
    topic_form,
    topic_saved,
)
from bot.present.health import room, settings, status, unread
from bot.present.help import GROUPS, Usage, help_all, help_commands, help_one
from bot.present.home import Held, HomePage, home
from bot.present.importing import exported, import_preview
from bot.present.look_ups import shown_brief
from bot.present.notices import notice, trouble
from bot.present.packs import given_back, pack, packs, taken
from bot.present.parts import Hint, error, leading, nearest, note, with_buttons
from bot.present.reasons import details, timeline, why, why_not
from bot.present.relevance_feedback import taken_back, wished, wishes
from bot.present.schedules import scheduled
from bot.present.sources import Own, called, moved, retried, said, sources
from bot.present.sources import trouble as source_trouble
from bot.present.subscriptions import (
    is_snoozed,
    paused,
    subscribed,
    subscriptions,
    subscriptions_everywhere,
    which_zone,
)
from bot.present.topics import PREVIEWED, Forecast, aliases, preview, topic, topics
from bot.present.understood import in_words
from bot.present.worded import Permalink
from bot.present.worded import digest as digest_content
from bot.present.worded import look_up as look_up_content
