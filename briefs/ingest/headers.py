"""What the headers of an answer say of time: how long it is fresh, and when to come back."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_STALE_AT_ONCE = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s=])", re.IGNORECASE)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return how long a server asks us to stay away (RFC 9110, 10.2.3: seconds, or a date); None: it does not say."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return timedelta(seconds=min(int(value.strip()[:10]), 10**9))
    until = _date(value)
    return max(timedelta(), until - now) if until else None


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer is fresh (RFC 9111, 4.2): max-age, else until it expires; None: it is not said."""
    control = headers.get("cache-control", "")
    if _STALE_AT_ONCE.search(control):
        return None
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        left = int(found[1]) - (int(age[:9]) if age.isdecimal() else 0)
        return timedelta(seconds=left) if left > 0 else None
    expires = _date(headers.get("expires"))
    sent = _date(headers.get("date")) or now
    return expires - sent if expires and expires > sent else None


def _date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value or "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
