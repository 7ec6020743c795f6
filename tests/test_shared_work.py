"""What is worked out for one and serves others."""

from __future__ import annotations

from briefs.shared_work import SharedWork


def test_what_is_made_once_serves_all_until_it_is_cleared():
    shared, made = SharedWork(2), []
    for _ in range(3):
        assert shared.get("news", lambda: made.append("news") or "read") == "read"
    assert made == ["news"]
    shared.clear()
    shared.get("news", lambda: made.append("again"))
    assert made == ["news", "again"]


def test_what_was_asked_for_longest_ago_goes_first():
    shared, made = SharedWork(2), []
    for key in ("news", "one", "news", "two", "news", "three", "news"):
        shared.get(key, lambda key=key: made.append(key))
    assert made == ["news", "one", "two", "three"]
