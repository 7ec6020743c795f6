"""What every renderer asks of strangers' text before it meets a platform: visible characters, honest links, real cuts.

A platform's own escaping comes after this and lives in its renderer.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from briefs.languages import pack_of

_JOINER = "\u200d"
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n\n", "\t": " "}
# What a URL may hold besides letters and digits (RFC 3986), less the quotes and brackets that end links in chat.
_URL_CHARACTERS = "-._~:/?#@!$&*+,;=%"
_QUOTES = frozenset('"“”„«»「」『』＂')
_SPACES, _UNBREAKABLE = re.compile(r"\s+"), frozenset("\u00a0\u202f")
_RIGHT_TO_LEFT = {"R", "AL"}
_HEADLINE = 160  # of a notification's, in characters


def visible(text: str) -> str:
    """Return a text without the characters that are not seen: controls, bidi overrides, zero-width ones, surrogates.

    Line ends of every kind become newlines. The joiner inside an emoji stays.
    """
    for end, plain in _LINE_ENDS.items():
        text = text.replace(end, plain)
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for index, character in enumerate(text)
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        or character == "\n"
        or (character == _JOINER and _joins_emoji(text, index))
    )


def one_line(text: str) -> str:
    """Return the visible text on one line, with single spaces; one at which no line breaks, as in « », stays that."""
    return _SPACES.sub(lambda found: found[0] if found[0] in _UNBREAKABLE else " ", visible(text)).strip()


def cut(text: str, limit: int) -> str:
    """Return a text of at most so many characters; where something goes, "…" stands for it, after a whole word."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    words, space, _ = kept.rpartition(" ")
    # A text without spaces near its end (Chinese, one long address) is cut where it is.
    return (words if space and len(words) > limit * 0.6 else kept).rstrip() + "…"


def quoted(text: str, language: str) -> str:
    """Put a text between the quotation marks of a language; one that begins or ends with such marks has them already.

    Every renderer sets a quote apart by more than its marks.
    """
    before, after = pack_of(language).quotation_marks
    return text if text[:1] in _QUOTES or text[-1:] in _QUOTES else f"{before}{text}{after}"


def isolated(text: str) -> str:
    """Keep a text that runs from right to left from turning round what stands beside it: numbers, and other names."""
    if text.isascii() or not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return text
    return f"\u2068{text}\u2069"


def columns(text: str) -> int:
    """Count the columns a text takes in fixed width: Chinese characters take two, what cannot be seen none."""
    wide = {"F": 2, "W": 2}
    return sum(wide.get(unicodedata.east_asian_width(c), 1) for c in text if unicodedata.category(c) != "Cf")


def bar_chart(rows: Sequence[tuple[str, int]], width: int) -> list[str]:
    """Draw bars in fixed width: the longest is as wide as all that is free, any count above zero can be seen."""
    room = max((columns(label) for label, _ in rows), default=0)
    most = max((value for _, value in rows), default=0)
    bars = ("█" * max(1, round(value / most * width)) if value > 0 else "▏" for _, value in rows)
    return [
        f"{label}{' ' * (room - columns(label))}  {bar} {value}" for (label, value), bar in zip(rows, bars, strict=True)
    ]


def spoken(summary: str, headlines: Sequence[str], language: str, limit: int) -> str:
    """Return what a notification shows and a screen reader says: "Battery supply, 23 stories: HEADLINE; HEADLINE"."""
    lead, joint = ("：", "；") if language == "zh" else (" : ", " ; ") if language == "fr" else (": ", "; ")
    said = [isolated(cut(one_line(text), _HEADLINE)) for text in (summary, *headlines)]
    return cut(lead.join(filter(None, (said[0], joint.join(said[1:])))), limit)


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address that may be linked: pure ASCII, nothing in it ends a link. host: what a reader should see of it."""

    url: str
    host: str


def web_link(url: str | None, limit: int = 2000) -> WebLink | None:
    """Return the link that an address makes, or None where it must not be one.

    - only http and https, with a host, and without a user name (which could pose as the host);
    - a host with letters beyond ASCII is shown as it is looked up (xn--…), so that look-alikes stand out;
    - beyond `limit` characters the fragment goes; what is still longer is no link.
    """
    if not url or visible(url) != url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:  # a malformed host or port; UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or host != quote(host, safe="-._:"):
        return None
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    bare = f"{parts.scheme}://{netloc}{quote(parts.path, safe=_URL_CHARACTERS)}"
    if parts.query:
        bare += "?" + quote(parts.query, safe=_URL_CHARACTERS)
    whole = bare + ("#" + quote(parts.fragment, safe=_URL_CHARACTERS) if parts.fragment else "")
    fitting = whole if len(whole) <= limit else bare
    return WebLink(fitting, host.removeprefix("www.")) if len(fitting) <= limit else None


def _joins_emoji(text: str, index: int) -> bool:
    before = text[index - 1 : index]
    after = text[index + 1 : index + 2]
    # Emoji are symbols (So), their skin tones Sk, and the variation selector Mn stands between symbol and joiner.
    return (
        bool(before and after)
        and (unicodedata.category(before) in {"So", "Sk"} or before == "\ufe0f")
        and unicodedata.category(after) == "So"
    )
