"""A look-up's words as a topic."""

from __future__ import annotations

from bot.commands.session import Session
from briefs.text.query import parse_query
from briefs.topics import Expression, Word, all_of


def as_topic(session: Session, query: str) -> Expression | None:
    """Ask for each word that counts in a look-up, None where none does.

    Pieces of a Chinese run that touch are one word.
    """
    spans: list[tuple[int, int]] = []
    parsed = parse_query(query, aliases=session.archive.aliases)
    for group in parsed.content:
        if spans and group.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], group.end))
        else:
            spans.append((group.start, group.end))
    words = dict.fromkeys(parsed.text[start:end] for start, end in spans)
    return all_of([Word(word) for word in words]) if words else None
