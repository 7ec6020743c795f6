"""Text → command and arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a parameter is, and so how it is read, offered and completed:
#   query, expression  any words              topic    the name of a topic
#   time     "9:00", "9h30", "9am", "早上9点"    days     "weekdays", "mon,wed", "lundi", "工作日"
#   zone     "Europe/Paris"                   channel  "#news"
#   age      "7d", "2 weeks"                  language "fr", "français", "法语"
#   count    a small number                   command  the name of a command
Kind = Literal["query", "expression", "topic", "time", "days", "zone", "channel", "age", "language", "count", "command"]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a command; `name` and `help` are keys of the catalogues.

    low, high: the bounds of a count.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    low: int = 1
    high: int = 20
