"""Text → command and arguments, and the words for times, days, zones and languages → values."""

from bot.grammar.reading import Grammar, Kind, Param, Request, Signature, tidy
from bot.grammar.wording import (
    DAILY,
    complete_zone,
    named_days,
    named_language,
    nearest_name,
    parse_age,
    parse_days,
    parse_time,
    parse_zone,
)

__all__ = [
    "DAILY",
    "Grammar",
    "Kind",
    "Param",
    "Request",
    "Signature",
    "complete_zone",
    "named_days",
    "named_language",
    "nearest_name",
    "parse_age",
    "parse_days",
    "parse_time",
    "parse_zone",
    "tidy",
]
