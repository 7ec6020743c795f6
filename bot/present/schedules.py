"""A schedule, and days that are near → the words for them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.base.calendar import Days, Schedule
from bot.base.i18n import Messages, t

_NTH = {1: t("first"), 2: t("second"), 3: t("third"), 4: t("fourth"), -1: t("last")}


def scheduled(schedule: Schedule, messages: Messages) -> str:
    """Say when: "09:00 and 17:00 (Paris), Monday to Friday, until 12 January 2027"."""
    said = messages.say(
        "{time} ({zone}), {days}",
        time=messages.listing(map(messages.wall, schedule.times)),
        zone=messages.city(schedule.zone),
        days=on_days(schedule.days, messages),
    )
    if schedule.first:
        said = messages.say("{when}, from {day}", when=said, day=messages.calendar_date(schedule.first))
    if schedule.until:
        said = messages.say("{when}, until {day}", when=said, day=messages.calendar_date(schedule.until))
    return said


def said_rhythm(rhythm: str, messages: Messages) -> str:
    """Say how often: "2" → "every 2 weeks"; "first,third" → "first and third of the month"."""
    if rhythm.isdecimal():
        weeks = int(rhythm)
        return messages.count("every {n} week", "every {n} weeks", weeks) if weeks > 1 else messages.say("every week")
    nth = messages.listing(messages.say(word) for word in rhythm.split(","))
    return messages.say("only the {nth} in a month", nth=nth)


def on_days(days: Days, messages: Messages) -> str:
    """Say on which days: "every day", "Monday and Thursday, every 2 weeks", "first Monday of the month"."""
    named = messages.days(days.bits)
    if days.nth:
        nth = messages.listing(messages.say(_NTH[number]) for number in days.nth)
        return messages.say("the {nth} {days} of the month", nth=nth, days=named)
    if days.weeks > 1:
        return messages.count("{days}, every {n} week", "{days}, every {n} weeks", days.weeks, days=named)
    return named


_NEAR = (t("today"), t("tomorrow"))


def near_day(moment: datetime, zone: str, now: datetime, messages: Messages) -> str:
    """Name a day: today, tomorrow, else in full."""
    there = ZoneInfo(zone)
    away = (moment.astimezone(there).date() - now.astimezone(there).date()) // timedelta(days=1)
    return messages.say(_NEAR[away]) if 0 <= away < len(_NEAR) else messages.day(moment, zone, now)


def near(moment: datetime, zone: str, now: datetime, messages: Messages) -> str:
    """Name a day and the time: "tomorrow, 09:00"."""
    return messages.say("{day}, {time}", day=near_day(moment, zone, now, messages), time=messages.time(moment, zone))
