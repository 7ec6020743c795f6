"""What the bot says, in the reader's language: gettext catalogues for words, Babel for dates, times, lists, numbers.

    code      say("…") · count("…", "…", n) · t("…") · tn("…", "…") · UsageError("…")     English, literal: the key
    locale/   briefbot.pot (extracted by `make messages`), fr and zh/LC_MESSAGES/briefbot.po

A catalogue is compiled in memory when its language is first spoken, so that none can be out of date.
"""

import gettext
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names, get_timezone_location
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from briefs.errors import BriefsError
from briefs.models import names_a_day

SERVED = ("en", "fr", "zh")

# Day before month and a 24-hour clock: the English of the widest readership.
_LOCALES = {"en": Locale("en", "GB"), "fr": Locale("fr", "FR"), "zh": Locale("zh", "CN", script="Hans")}
# A day with its weekday in full, which no CLDR format gives in all three; and in short.
_DAY = {"en": "EEEE d MMMM", "fr": "EEEE d MMMM", "zh": "M月d日EEE"}
_SHORT_DAY = {"en": "d MMM", "fr": "d MMM", "zh": "M月d日"}
_SHORT_WEEKDAY = {"en": "EEE d MMM", "fr": "EEE d MMM", "zh": "M月d日EEE"}
_WEEKDAYS, _WEEKEND, _DAILY = 0b0011111, 0b1100000, 0b1111111


# Under names that the methods of Messages do not hide.
_Wall: TypeAlias = time | str
_Date: TypeAlias = date


def t(template: str) -> str:
    """Mark a template for the catalogue where it is defined; it is translated where it is said."""
    return template


_CITIES = {"America/Montreal": t("Montreal")}  # CLDR has it under Toronto, whose clock it shares


def tn(singular: str, plural: str) -> tuple[str, str]:
    """Mark a template with its plural for the catalogue; `Messages.count` says it."""
    return singular, plural


def choose(*wishes: str | None) -> str:
    """Return the first of the wished languages that is served, else English.

    wishes: language codes or locales in any spelling ("fr", "fr-CA", "zh_Hant_TW"); None is no wish.
    """
    for wish in wishes:
        code = (wish or "").replace("_", "-").partition("-")[0].lower()
        if code in SERVED:
            return code
    return SERVED[0]


def locale_of(environment: Mapping[str, str]) -> str | None:
    """Return the locale of a terminal's messages, by the variables that say it."""
    return next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), None)


class Messages:
    """The words of one language. Cheap to make, safe to share.

    language: one of `SERVED`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = _LOCALES[language]
        self._catalogue = _catalogue(language)

    # ------------------------------------------------------------ words

    def say(self, template: str, **values: object) -> str:
        """Return a template in this language, filled; whole numbers are written as the language writes them."""
        translated = self._catalogue.gettext(template) if template else ""
        return _begun(translated, translated.format_map(self._written(_unnested(translated, values))))

    def count(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Return the form that goes with a number, which fills `{n}`."""
        translated = self._catalogue.ngettext(singular, plural, n)
        return _begun(translated, translated.format_map(self._written(_unnested(translated, {"n": n, **values}))))

    def error(self, error: BriefsError) -> str:
        """Return an error's one line."""
        return self.say(error.template, **error.values)

    def listing(self, items: Iterable[str]) -> str:
        """Join items as this language joins them: "a, b and c"."""
        return format_list(list(items), locale=self._locale)

    def clauses(self, said: Iterable[str]) -> str:
        """Join what is said one after the other: "compact, 1 quote a story"."""
        return ("，" if self.language == "zh" else ", ").join(said)

    def choices(self, items: Iterable[str]) -> str:
        """Join alternatives: "a, b or c"."""
        return format_list(list(items), style="or", locale=self._locale)

    def language_name(self, code: str) -> str:
        """Name a language: "fr" → "French"; an unknown code stays as it is."""
        return str(self._locale.languages.get(code, code))

    def _written(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, list | tuple):
            return self.choices(str(item) for item in value)
        return value

    # ------------------------------------------------------------ numbers, dates, times

    def number(self, value: float) -> str:
        """Write a number: 1234 → "1,234"."""
        return format_decimal(value, locale=self._locale)

    def size(self, size: int) -> str:
        """Write a number of bytes: 1234567890 → "1.2 GB"."""
        for unit, least in (("terabyte", 10**12), ("gigabyte", 10**9)):
            if size >= least:
                return format_unit(round(size / least, 1), f"digital-{unit}", "short", locale=self._locale)
        return format_unit(-(-size // 10**6), "digital-megabyte", "short", locale=self._locale)

    def percent(self, share: float) -> str:
        """Write a share of one: 0.05 → "5%"."""
        return format_percent(share, locale=self._locale)

    def day(self, moment: datetime, zone: str, today: datetime | None = None) -> str:
        """Name a day in full: "Tuesday 14 September".

        today: where given and in another year, the year is told.
        """
        return self._day(_DAY, moment, zone, today)

    def short_day(self, moment: datetime, zone: str, today: datetime | None = None) -> str:
        """Name a day in short: "14 Sep", or "14 Sep 2021" where `today` is in another year."""
        return self._day(_SHORT_DAY, moment, zone, today)

    def date(self, moment: datetime, zone: str) -> str:
        """Return a date with its year: "14 September 2021"."""
        return self._date(_local(moment, zone).date(), "long")

    def calendar_date(self, day: _Date, length: Literal["long", "medium"] = "long") -> str:
        """Write a date of a calendar, with its year: "14 September 2021", or "14 Sept 2021" where `medium`."""
        return self._date(day, length)

    def time(self, moment: datetime, zone: str) -> str:
        """Return the local time of an instant: "09:00"."""
        return self.wall(_local(moment, zone).time())

    def wall(self, at: _Wall) -> str:
        """Write a wall time, or one given as "HH:MM"."""
        wall = time.fromisoformat(at) if isinstance(at, str) else at
        return format_time(wall, "HH:mm", locale=self._locale)

    def when(self, moment: datetime, zone: str, today: datetime | None = None) -> str:
        """Return day and time: "Tuesday 14 September, 09:00"."""
        return self.say("{day}, {time}", day=self.day(moment, zone, today), time=self.time(moment, zone))

    def dated(self, published: datetime, zone: str, today: datetime | None = None) -> str:
        """Return day and time of what a source dates; the day alone where it names only the day: midnight, UTC."""
        if names_a_day(published):
            return self.day(published, "UTC", today)
        return self.when(published, zone, today)

    def short_dated(self, published: datetime, zone: str, today: datetime | None = None) -> str:
        """Name in short the day that a source dates."""
        return self.short_day(published, "UTC" if names_a_day(published) else zone, today)

    def days(self, days: int) -> str:
        """Say on which days: "every day", "on weekdays", "Monday and Thursday".

        days: a bit for each, Monday lowest.
        """
        named = {_DAILY: t("every day"), _WEEKDAYS: t("Monday to Friday"), _WEEKEND: t("Saturday and Sunday")}
        if days in named:
            return self.say(named[days])
        # One style of weekday throughout: 周一, as people write it in 周一至周五.
        names = get_day_names("abbreviated" if self.language == "zh" else "wide", "stand-alone", locale=self._locale)
        return self.listing(names[day] for day in range(7) if days >> day & 1)

    def short_weekday(self, moment: datetime, zone: str, today: datetime | None = None) -> str:
        """Name a day and its weekday in short: "Tue 14 Sep"."""
        return self._day(_SHORT_WEEKDAY, moment, zone, today)

    def city(self, zone: str) -> str:
        """Name a zone by its place: "Europe/Paris" → "Paris"."""
        if "/" not in zone:
            return zone
        if zone in _CITIES:
            return self.say(_CITIES[zone])
        return get_timezone_location(ZoneInfo(zone), locale=self._locale, return_city=True)

    def _day(self, patterns: dict[str, str], moment: datetime, zone: str, today: datetime | None) -> str:
        local, pattern = _local(moment, zone), patterns[self.language]
        if today and _local(today, zone).year != local.year:
            pattern = f"y年{pattern}" if self.language == "zh" else f"{pattern} y"
        return self._date(local.date(), pattern)

    def _date(self, day: _Date, pattern: str) -> str:
        """Write a date; the first of a month is an ordinal in French, which CLDR does not say."""
        said = format_date(day, pattern, locale=self._locale)
        return said.replace("1 ", "1er ", 1) if self.language == "fr" and day.day == 1 else said


def _local(moment: datetime, zone: str) -> datetime:
    """Return an instant on a zone's clocks; in the first and the last hours of all dates, on UTC's."""
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        return moment


_QUOTED = re.compile(r"«\s*\{(\w+)\}\s*»")
_QUOTED_BY_TWO = re.compile(r"“\{(\w+)\}”")
_INNER = str.maketrans("“”", "‘’")


def _begun(template: str, said: str) -> str:
    """Begin a sentence with a capital where it begins with a place that has no name: "this conversation"."""
    return said[:1].upper() + said[1:] if template.startswith("{place}") else said


def _unnested(template: str, values: dict[str, object]) -> dict[str, object]:
    """Write the inner marks for those within a value that stands between marks itself: “ ” in « », and ‘ ’ in “ ”."""
    inner = {name: value for name in _QUOTED.findall(template) if isinstance(value := values.get(name), str)}
    marked = {name: re.sub(r"\s*»", "”", re.sub(r"«\s*", "“", value)) for name, value in inner.items()}
    for name in _QUOTED_BY_TWO.findall(template):
        if isinstance(value := values.get(name), str):
            marked[name] = value.translate(_INNER)
    return values | marked


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Compile a catalogue; English is the source and needs none."""
    if language == SERVED[0]:
        return gettext.NullTranslations()
    with (files("bot") / "locale" / language / "LC_MESSAGES" / "briefbot.po").open("rb") as po:
        catalogue = read_po(po, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
