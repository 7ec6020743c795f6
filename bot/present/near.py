"""Days as people name those that are near."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.base.i18n import Messages, t

_NEAR = (t("today"), t("tomorrow"))


def near_day(moment: datetime, zone: str, now: datetime, messages: Messages) -> str:
    """Name a day: today, tomorrow, else in full."""
    there = ZoneInfo(zone)
    away = (moment.astimezone(there).date() - now.astimezone(there).date()) // timedelta(days=1)
    return messages.say(_NEAR[away]) if 0 <= away < len(_NEAR) else messages.day(moment, zone, now)


def near(moment: datetime, zone: str, now: datetime, messages: Messages) -> str:
    """Name a day and the time: "tomorrow, 09:00"."""
    return messages.say("{day}, {time}", day=near_day(moment, zone, now, messages), time=messages.time(moment, zone))
