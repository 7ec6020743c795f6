"""Answers that are not what was asked for: an error status, a test for browsers, a demand for JavaScript."""

import re
from collections.abc import Mapping
from datetime import timedelta

from briefs.errors import Blocked, Busy, Gone, Locked, SourceError, Unreachable, Unreadable

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
        return _challenged(address, 200)
    if wants_script(body):
        return Blocked(
            "{address}: the page is empty without JavaScript, which is not run here; look for a feed of the site",
            address=address,
        )
    return None


def refusal(status: int, asked: str, wait: timedelta | None, challenge: bool) -> SourceError:
    """Return what an error status means, in a line about the address asked for; wait: what Retry-After said.

    challenge: whether a test came with it that browsers pass.
    """
    if challenge:
        return _challenged(asked, status)
    match status:
        case 410:
            return Gone("{address}: not found, and gone for good (410); remove the source", address=asked)
        case 404:
            return Unreachable("{address}: not found (404); check the address, or remove the source", address=asked)
        case 401 | 407:
            return Locked(
                "{address}: the site wants a password ({status}); give it as auth in sources.yaml",
                address=asked,
                status=status,
            )
        case 402 | 403 | 451:
            return Blocked(
                "{address}: the site will not show it to us ({status}); it may need a login, or keep programs out",
                address=asked,
                status=status,
            )
        case 429 | 503:
            return Busy(
                "{address}: the site asks us to come back later ({status})",
                address=asked,
                status=status,
                wait=None if wait is None else wait.total_seconds(),
            )
        case _:
            return Unreachable(
                "{address}: the site answers with an error ({status}); try again later", address=asked, status=status
            )


def _challenged(address: str, status: int) -> Blocked:
    return Blocked(
        "{address}: the site wants to see a browser, and shows us a test ({status}); ask its publisher to let feed "
        "readers in",
        address=address,
        status=status,
    )


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
