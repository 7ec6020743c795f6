"""Whose sources are: everybody's, or those of the workspaces that follow them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from briefs.errors import UsageError
from briefs.models import Channel, Source
from briefs.store.database import Database
from briefs.store.follows import Follows

NEWS, ROOM = Channel("slack", "T1", "C1"), Channel("slack", "T1", "C2")
OTHERS = Channel("slack", "T2", "C1")
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
HERON, OTTER = (Source(f"https://{name}.example/feed", "feed") for name in ("heron", "otter"))


@pytest.fixture
def follows(database_url):
    with Database.open(database_url) as database:
        yield Follows(database)


def followed(follows, here):
    return [one.health.address for one in follows.of(here)]


def test_a_workspace_follows_a_source_once_whichever_channel_asks(follows):
    assert follows.follow(NEWS, HERON, "ann", MONDAY)
    assert not follows.follow(ROOM, HERON, "bob", MONDAY)
    assert followed(follows, NEWS) == followed(follows, ROOM) == [HERON.address]
    assert [one.by for one in follows.of(NEWS)] == ["ann"]
    assert followed(follows, OTHERS) == []


def test_what_several_follow_is_read_once_and_as_long_as_one_does(follows):
    for here in (NEWS, OTHERS):
        follows.follow(here, HERON, "ann", MONDAY)
    assert follows.all() == (HERON,)
    assert follows.unfollow(NEWS, HERON.address)
    assert not follows.unfollow(NEWS, HERON.address)
    assert follows.all() == (HERON,)
    follows.unfollow(OTHERS, HERON.address)
    assert follows.all() == ()


def test_a_name_and_muting_are_the_workspaces_own(follows):
    for here in (NEWS, OTHERS):
        follows.follow(here, HERON, "ann", MONDAY)
    assert follows.change(ROOM, HERON.address, name="Herons", muted=True)
    assert not follows.change(NEWS, OTTER.address, muted=True)
    assert [(one.name, one.muted) for here in (NEWS, OTHERS) for one in follows.of(here)] == [
        ("Herons", True),
        (None, False),
    ]


def test_one_more_than_a_workspace_may_follow_is_refused_with_the_way_out(follows):
    follows.follow(NEWS, HERON, "ann", MONDAY, most=1)
    with pytest.raises(UsageError, match=r"follows 1 sources.*unfollow one"):
        follows.follow(NEWS, OTTER, "ann", MONDAY, most=1)
    assert not follows.follow(NEWS, HERON, "ann", MONDAY, most=1)  # it does already
    assert follows.follow(OTHERS, OTTER, "ann", MONDAY, most=1)


def test_what_the_operator_names_stays_everybodys(follows):
    follows.open([HERON])
    follows.open([HERON, OTTER])
    follows.follow(NEWS, HERON, "ann", MONDAY)
    assert [one.health.address for one in follows.of(NEWS)] == [HERON.address]
