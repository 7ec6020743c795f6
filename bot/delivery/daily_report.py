"""The daily report: what waits for the operators, in their channel once a day; nothing on days without trouble."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import present
from bot.base.i18n import Messages, choose
from bot.delivery.transport import Envelope, NotSent, Rejected, Sent, Transport, Unknown, tell
from briefs.config import Settings
from briefs.ingest.source_health import condition, lasting
from briefs.models import Channel
from briefs.store.channels import Channels
from briefs.store.daily_reports import DailyReports, Trouble
from briefs.store.sources import Health

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
HOUR = 9  # on the settings' clock
_NONCE = 24  # characters


class DailyReport:
    """Posts the report in the channel that the settings name.

    clock: returns the present instant, aware. sources: returns the health of the configured sources.
    """

    def __init__(
        self,
        days: DailyReports,
        channels: Channels,
        settings: Settings,
        clock: Callable[[], datetime],
        sources: Callable[[], Iterable[Health]] = tuple,
    ) -> None:
        self._days, self._channels, self._settings, self._clock = days, channels, settings, clock
        self._sources = sources

    async def tick(self, transports: Mapping[str, Transport]) -> None:
        """Post today's report, unless it has been. transports: by platform; without the channel's own, nothing is."""
        channel = self._settings.operators
        transport = transports.get(channel.platform) if channel else None
        now = self._clock().astimezone(ZoneInfo(self._settings.zone))
        if channel is None or transport is None or now.hour < HOUR:
            return
        day = now.date().isoformat()
        found = await asyncio.to_thread(self._begin, day, now)
        if found and not await self._told(channel, transport, found):
            await asyncio.to_thread(self._days.give_back, day)

    def _begin(self, day: str, now: datetime) -> Trouble | None:
        troubled = {f"source/{one.id}/{condition(one, now)}": one for one in self._sources() if lasting(one, now)}
        return self._days.begin(day, now, troubled)

    async def _told(self, channel: Channel, transport: Transport, found: Trouble) -> bool:
        """Post it; return False if certainly nothing was posted, so that it can be tried again."""
        settings = await asyncio.to_thread(self._channels.settings, channel)
        messages = Messages(choose(settings.language, self._settings.language))
        zone, now = self._settings.zone, self._clock()
        reply = present.trouble(found, messages, zone=zone, now=now)
        thread = None
        for message in transport.render(reply):
            nonce = secrets.token_hex(_NONCE // 2)
            under = thread if message.in_thread else None
            outcome = await tell(transport, Envelope(channel, message.payload, nonce, nonce, under))
            match outcome:
                case Sent(reference):
                    thread = thread or reference
                case NotSent(reason):
                    log.warning("the operators' channel could not be told: %s", reason)
                    return thread is not None
                case Rejected(reason) | Unknown(reason):
                    log.error("the operators' channel may not have been told: %s", reason)
                    return True
        return True
