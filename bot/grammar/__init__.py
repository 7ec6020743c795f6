"""Text → command and arguments, and the words for times, days, zones and languages → values."""

from bot.grammar.reading import Grammar, Kind, Param, Request, Signature, tidy
from bot.grammar.smalltalk import SmallTalk, small_talk
from bot.grammar.wording import (
    DAILY,
    complete_zone,
    named_days,
    nearest_name,
    parse_days,
    parse_time,
    parse_zone,
)
from briefs.text.languagenames import named_language
from briefs.text.moments import parse_age

__all__ = [
    "DAILY",
    "Grammar",
    "Kind",
    "Param",
    "Request",
    "Signature",
    "SmallTalk",
    "complete_zone",
    "named_days",
    "named_language",
    "nearest_name",
    "parse_age",
    "parse_days",
    "parse_time",
    "parse_zone",
    "small_talk",
    "tidy",
]
