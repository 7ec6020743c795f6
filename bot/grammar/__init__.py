"""Text → command and arguments, and the words for times, days, dates, zones and languages → values."""

from bot.grammar.dates import NO_END, parse_date, parse_length
from bot.grammar.days import DAILY, named_days, parse_days
from bot.grammar.news import asked_for_news
from bot.grammar.phrases import SmallTalk, small_talk, spoken
from bot.grammar.reading import Grammar, bare, tidy
from bot.grammar.schedules import changed, is_all, local_date, parse_form
from bot.grammar.signatures import Kind, Param, Request, Signature
from bot.grammar.times import parse_times
from bot.grammar.wording import nearest_name
from bot.grammar.zones import WhichZoneError, complete_zone, parse_zone
from briefs.text.languagenames import named_language
from briefs.text.moments import parse_age
