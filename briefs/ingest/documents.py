"""What servers sent → documents."""

from __future__ import annotations

import dataclasses

from briefs.errors import SourceError
from briefs.ingest.blocked import unlike
from briefs.ingest.feeds import Feed, read_feed
from briefs.ingest.fetch import Answer
from briefs.ingest.kinds import media_type
from briefs.ingest.raw import RawItem
from briefs.masking import is_secret, without_secrets
from briefs.models import Source


def read_answer(feed: tuple[bytes, str, str]) -> Feed:
    """`read_feed` of body, address and content type, as workers call it; of what is no feed it says what it is."""
    body, address, named = feed
    try:
        return read_feed(body, address, content_type=named)
    except SourceError as error:
        raise unlike(body, address) or error from None


def page_of(answer: Answer) -> RawItem:
    """Return an answer as the page that it is."""
    # What is quoted links to where it stands, and a password is no part of that.
    link = without_secrets(answer.address) if is_secret(answer.address) else None
    kind = dataclasses.replace(answer, media_type=media_type(answer.body, answer.media_type))
    return RawItem(answer.address, answer.body, content_type(kind), link=link)


def content_type(answer: Answer) -> str:
    """Return the content type of an answer, with the charset that its server named."""
    return f"{answer.media_type}; charset={answer.charset}" if answer.charset else answer.media_type


def named(source: Source, item: RawItem) -> RawItem:
    """Return the item, named as its source is, and at an address that a database takes."""
    return dataclasses.replace(
        item,
        address=item.address.encode("utf-8", "replace").decode(),
        source=source.name or item.source,
        language=item.language or source.language,
    )
