"""Pages that stand before the one that was asked for: "checking your browser", a captcha, a demand for JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping

from briefs.errors import Blocked, SourceError, Unreadable

_HEAD = 100_000  # bytes: such pages are short, and say it early
_CHALLENGE = re.compile(
    rb"""
      cf-chl|cf_chl|cf-browser-verification|/cdn-cgi/challenge-platform|<title>\s*just\ a\ moment
    | attention\ required!\s*\|\s*cloudflare | _incapsula_resource | ddos-guard | px-captcha | perimeterx
    | g-recaptcha|h-captcha|cf-turnstile|datadome|awswaf|<title>[^<]{0,40}(?:captcha|are\ you\ (?:a\ )?(?:human|robot))
    | checking\ (?:if\ the\ site\ connection\ is\ secure|your\ browser)
    | verify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCRIPT = re.compile(
    rb"(?:enable|requires?|turn\ on|activer|activez|need)[^<>]{0,40}javascript|javascript[^<>]{0,60}(?:is\ )?"
    rb"(?:required|disabled|d\xc3\xa9sactiv|requis)|\xe5\x90\xaf\xe7\x94\xa8\s*javascript",
    re.IGNORECASE,
)
_TAGS = re.compile(rb"<(script|style|head)\b.*?</\1\s*>|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_SHORT = 600  # characters of text: what has more is a page that has a captcha in a form of it


def unlike(body: bytes, address: str) -> SourceError | None:
    """Return what is wrong where something else came than what was asked for: a test for browsers, or nothing."""
    if not body.strip():
        return Unreadable("{address}: the site sent an empty answer; try again later", address=address)
    if is_challenge(body):
        return Blocked(
            "{address}: the site wants to see a browser, and shows us a test ({status}); ask its publisher to let feed "
            "readers in",
            address=address,
            status=200,
        )
    if wants_script(body):
        return Blocked(
            "{address}: the page is empty without JavaScript, which is not run here; look for a feed of the site",
            address=address,
        )
    return None


def is_challenge(body: bytes, headers: Mapping[str, str] | None = None) -> bool:
    """Whether this is a test of whether we are a browser, and not what was asked for."""
    if (headers or {}).get("cf-mitigated") == "challenge":
        return True
    head = body[:_HEAD]
    return bool(_CHALLENGE.search(head)) and _is_short(head)


def wants_script(body: bytes) -> bool:
    """Whether a page has no text but that it needs JavaScript."""
    head = body[:_HEAD]
    return bool(_SCRIPT.search(head)) and _is_short(head)


def _is_short(head: bytes) -> bool:
    return len(b" ".join(_TAGS.sub(b" ", head).split())) < _SHORT
