"""What names an entry for good, so that it is known again when its feed is read again."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from briefs.ingest.feeds.entries import Draft
from briefs.masking import without_secrets

_LONGEST = 300  # characters of a name


def named(drafts: Sequence[Draft], address: str) -> Iterator[tuple[str, bool]]:
    """Return the id of each entry, and whether it has a page that is its own.

    An entry is named by its guid, where no other one of the feed has the same; else by its address, where that is its
    alone; else by its title and text. What is no address is named within its feed. Two that are alike are numbered.
    """
    within = without_secrets(address)
    guids = Counter(draft.guid for draft in drafts)
    addresses = Counter(draft.url for draft in drafts)
    pages = Counter(_page(draft.url) for draft in drafts if draft.url)
    taken: Counter[str] = Counter()
    for draft in drafts:
        if draft.guid and guids[draft.guid] == 1:
            name = draft.guid if draft.guid == draft.url else f"{within}#{_written(draft.guid)}"
        elif draft.url and addresses[draft.url] == 1:
            name = draft.url
        else:
            name = f"{within}#{_digest(draft.title, draft.body.text)}"
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}-{taken[name]}", _has_a_page(draft, pages)


def _has_a_page(draft: Draft, pages: Counter[str]) -> bool:
    return draft.url is not None and pages[_page(draft.url)] == 1


def _page(address: str) -> str:
    return address.partition("#")[0]


def _written(guid: str) -> str:
    written = guid if guid.isalnum() and guid.isascii() else quote(guid, safe="")
    return written if len(written) <= _LONGEST else _digest(guid)


def _digest(*said: str) -> str:
    return hashlib.blake2b("\0".join(said).encode("utf-8", "replace"), digest_size=12).hexdigest()
