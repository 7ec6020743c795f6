"""Links that open a page at the quoted words: https://wicg.github.io/scroll-to-text-fragment/."""

import re
from unicodedata import east_asian_width
from urllib.parse import quote, urldefrag

WHOLE = 40  # letters: a longer quote is named by its first and last words
ENDS = 12  # letters of a long quote's start, at least, and of its end
CONTEXT = 4  # words before or after a quote that stands twice

_LINKED = ("http://", "https://", "file:")
_ROUTE = re.compile(r"[!/]")  # a fragment that chooses the page itself, not a place on it
# Browsers match whole words, and Chinese words are theirs to tell: cut Chinese only where it has a mark.
_PIECE = re.compile(r"[^\s，。！？；：、]+[，。！？；：、]*|[，。！？；：、]+")


def text_fragment(url: str, text: str, start: int, end: int) -> str:
    """Return the address with the quote `text[start:end]` named in it, so that a browser scrolls there and marks it.

    A fragment that names a place on the page gives way; one that chooses the page ("#/news/1") stays. Words around the
    quote are added when it stands in the text more than once. An address that is neither http(s) nor file: is
    returned as it is, as is any address when the quote is empty.
    """
    quoted = _plain(text[start:end])
    if not quoted or not url.lower().startswith(_LINKED):
        return url
    page, fragment = urldefrag(url)
    kept = fragment.partition(":~:")[0] if _ROUTE.match(fragment) else ""
    return f"{page}#{kept}:~:text={_directive(quoted, _plain(text[:start]), _plain(text[end:]))}"


def _directive(quoted: str, before: str, after: str) -> str:
    """Write `[prefix-,]start[,end][,-suffix]`."""
    first, last = _ends(quoted)
    named = [_encoded(first)] if last is None else [_encoded(first), _encoded(last)]
    if _stands(first, before) or _stands(quoted if last is None else last, after):
        if before:
            return ",".join([f"{_encoded(_last_words(before))}-", *named])
        return ",".join([*named, f"-{_encoded(_first_words(after))}"])
    return ",".join(named)


def _ends(quoted: str) -> tuple[str, str | None]:
    """Return the whole of a short quote; of a long one its first words and its last, which stand there only once."""
    if _letters(quoted) <= WHOLE:
        return quoted, None
    pieces = [found.span() for found in _PIECE.finditer(quoted)]
    for count in range(1, len(pieces) // 2 + 1):
        first, last = quoted[: pieces[count - 1][1]], quoted[pieces[-count][0] :]
        if min(_letters(first), _letters(last)) < ENDS:
            continue
        # The browser takes the first end that it meets after the start.
        if quoted.casefold().find(last.casefold(), len(first)) == len(quoted) - len(last):
            return first, last
    return quoted, None


def _letters(text: str) -> int:
    """Count letters; a Chinese character says as much as three."""
    return sum(3 if east_asian_width(character) in "FW" else 1 for character in text)


def _first_words(text: str) -> str:
    pieces = [found.end() for found in _PIECE.finditer(text)][:CONTEXT]
    return text[: pieces[-1]]


def _last_words(text: str) -> str:
    pieces = [found.start() for found in _PIECE.finditer(text)][-CONTEXT:]
    return text[pieces[0] :]


def _stands(words: str, text: str) -> bool:
    return words.casefold() in text.casefold()


def _plain(text: str) -> str:
    """Put one blank for every white space, as browsers do."""
    return " ".join(text.split())


def _encoded(words: str) -> str:
    """Percent-encode all that a text directive or a chat message could take for its own: `-`, `,`, `&` too."""
    return quote(words.encode("utf-8", "replace"), safe="").replace("-", "%2D").replace("~", "%7E").replace("_", "%5F")
