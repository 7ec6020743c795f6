"""Words for time zones, in English, French and Chinese → IANA names. Pure.

parse_zone("paris") → "Europe/Paris"   parse_zone("CST") → WhichZoneError: Chicago, Mexico City or Shanghai?
"""

import difflib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.base.i18n import t
from bot.grammar.wording import is_name, plain
from briefs.config import time_zones
from briefs.errors import UsageError

# Places that people name and the zone database does not.
_PLACES = {
    "beijing": "Asia/Shanghai",
    "pekin": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "巴黎": "Europe/Paris",
    "伦敦": "Europe/London",
    "纽约": "America/New_York",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "东京": "Asia/Tokyo",
    "新加坡": "Asia/Singapore",
    "shenzhen": "Asia/Shanghai",
    "bruxelles": "Europe/Brussels",
    "geneve": "Europe/Zurich",
    "londres": "Europe/London",
    "gmt": "Etc/GMT",
    "z": "UTC",
}


@cache
def zones() -> dict[str, str]:
    """Return every zone by its folded name, and by its city's where only one region has such a city."""
    zones: dict[str, str] = {}
    for zone in sorted(time_zones()):
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            zones.setdefault(plain(zone.rpartition("/")[2].replace("_", " ")), zone)
    return zones | _PLACES | {plain(zone): zone for zone in time_zones()}


class WhichZoneError(UsageError):
    """A word that several places go by, with different clocks now or in half a year; `zones`: theirs."""

    def __init__(self, word: str, zones: Sequence[str]) -> None:
        word = word if " " in word else word.upper()
        super().__init__(t("“{word}” may be the time of {zones}: name the city."), word=word, zones=list(zones))
        self.zones = tuple(zones)


# Abbreviations stand for one half of the year, or for several parts of the world; people mean the clock of a city.
_SEVERAL = {
    "est|edt|et|eastern|eastern time": ("America/New_York", "America/Toronto", "America/Panama"),
    "cst|cdt|ct|central|central time": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "mst|mdt|mt|mountain time": ("America/Denver", "America/Phoenix"),
    "pst|pdt|pt|pacific time": ("America/Los_Angeles", "America/Vancouver", "Asia/Manila"),
    "ast|adt": ("America/Halifax", "Asia/Riyadh"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "cet|cest|met|mest": ("Europe/Paris", "Europe/Berlin", "Africa/Algiers"),
    "eet|eest": ("Europe/Athens", "Africa/Cairo", "Europe/Kyiv"),
    "wet|west": ("Europe/Lisbon", "Atlantic/Canary", "Africa/Casablanca"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "sst": ("Asia/Singapore", "Pacific/Pago_Pago"),
}
_CITIES = (
    "Pacific/Honolulu America/Anchorage America/Los_Angeles America/Vancouver America/Denver America/Phoenix "
    "America/Chicago America/Mexico_City America/New_York America/Toronto America/Bogota America/Halifax "
    "America/Santiago America/Sao_Paulo America/Argentina/Buenos_Aires America/St_Johns Atlantic/Azores "
    "Europe/London Europe/Lisbon Africa/Dakar Europe/Paris Europe/Berlin Africa/Lagos Europe/Athens Africa/Cairo "
    "Africa/Johannesburg Europe/Istanbul Europe/Moscow Africa/Nairobi Asia/Riyadh Asia/Tehran Asia/Dubai "
    "Asia/Kabul Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta "
    "Asia/Shanghai Asia/Singapore Asia/Hong_Kong Australia/Perth Asia/Tokyo Asia/Seoul Australia/Adelaide "
    "Australia/Sydney Pacific/Noumea Pacific/Auckland Pacific/Apia "
)
_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-]|−)\s*(\d{1,2})(?::?(\d{2}))?")
_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


@cache
def unclear_zones() -> dict[str, tuple[str, ...]]:
    """Return the words that several zones go by, folded, with these."""
    return {word: zones for words, zones in _SEVERAL.items() for word in words.split("|")}


def parse_zone(text: str) -> str:
    """Read a time zone by its IANA name, or a city by its own; capitals do not matter.

    Raises WhichZoneError where a word, or an offset such as UTC+8, is that of several places.
    """
    typed = re.sub(r"^(?:heure d[eu] |l'heure d[eu] )|(?: time|时间)$", "", plain(text))
    several = unclear_zones().get(plain(text)) or unclear_zones().get(typed) or _with_offset(typed)
    if several:
        raise WhichZoneError(text, several)
    zone = zones().get(typed) or zones().get(typed.replace("_", " ")) or zones().get(typed.replace(" ", "_"))
    if zone is not None:
        return zone
    near = difflib.get_close_matches(typed, zones(), n=1, cutoff=0.7)
    if near:
        raise UsageError("“{word}” is not a time zone; did you mean {nearest}?", word=text, nearest=zones()[near[0]])
    raise UsageError("“{word}” is not a time zone; write it like Europe/Paris or Asia/Shanghai.", word=text)


def _with_offset(typed: str) -> tuple[str, ...]:
    """Return cities that are so far from UTC in one half of the year: "utc+8"."""
    match = _OFFSET.fullmatch(typed)
    if match is None:
        return ()
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) * (1 if match[1] == "+" else -1)
    near = [
        city
        for city in _CITIES.split()
        if offset in {moment.astimezone(ZoneInfo(city)).utcoffset() for moment in (_WINTER, _SUMMER)}
    ]
    return tuple(near[:4])


def is_zone(text: str) -> bool:
    """Whether a text is meant as a zone, rightly spelt or not: a name, as "Mars", or with digits, + or /."""
    typed = plain(text)
    if " " not in typed and (is_name(text) or re.search(r"[\d/+]", typed)):
        return True
    near = difflib.get_close_matches(typed, zones(), n=1, cutoff=0.8)
    return bool(near) or re.fullmatch(r"\w+(?:/[\w+-]+)+", typed) is not None


def complete_zone(prefix: str, limit: int) -> list[str]:
    """Return the zones that a typed beginning may become: of the region or of the city, those it begins first."""
    typed = plain(prefix).replace(" ", "_")
    wanted = [zone for zone in sorted(time_zones()) if "/" in zone and typed in zone.casefold()]
    wanted = [zone for zone in wanted if not zone.startswith("Etc/")]
    return sorted(wanted, key=lambda zone: not zone.rpartition("/")[2].casefold().startswith(typed))[:limit]
