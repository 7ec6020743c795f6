"""HTTP status → the error that it is to a reader of feeds."""

from __future__ import annotations

from datetime import timedelta

from briefs.errors import Blocked, Busy, Gone, Locked, SourceError, Unreachable


def refusal(status: int, asked: str, wait: timedelta | None, challenge: bool) -> SourceError:
    """Return what an error status means, in a line about the address asked for; wait: what Retry-After said.

    challenge: whether a test came with it that browsers pass.
    """
    if challenge:
        return Blocked(
            "{address}: the site wants to see a browser, and shows us a test ({status}); ask its publisher to let feed "
            "readers in",
            address=asked,
            status=status,
        )
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
