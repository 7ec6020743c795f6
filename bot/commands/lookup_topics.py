"""A look-up's words as a topic."""

from __future__ import annotations

from bot.commands.session import Session
from briefs.text.query import parse_query
from briefs.topics import Expression, as_expression, parse_look_up


def as_topic(session: Session, query: str) -> Expression | None:
    """Ask for each word that counts in a look-up, and for what it was limited to; None where no word counts.

    Pieces of a Chinese run that touch are one word.
    """
    asked = parse_look_up(query, session.now)
    spans: list[tuple[int, int]] = []
    parsed = parse_query(asked.text, aliases=session.archive.aliases) if asked.text else None
    for group in parsed.content if parsed else ():
        if spans and group.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], group.end))
        else:
            spans.append((group.start, group.end))
    words = dict.fromkeys(parsed.text[start:end] for start, end in spans) if parsed else {}
    return as_expression(asked, [*words])
