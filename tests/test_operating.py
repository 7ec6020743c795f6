"""What an operator does: see what is stuck and why, send it again or give it up, back up, move to PostgreSQL."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import JSON, insert, select

from briefs.archive import Archive
from briefs.errors import StoreError
from briefs.models import Article, Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.idempotency import Handled
from briefs.store.installations import Installations
from briefs.store.inventory import Backlog, backlog, messages, outstanding, unwritten
from briefs.store.leases import Leases
from briefs.store.moving import THEIR_OWN, move
from briefs.store.outbox import Part
from briefs.store.runs import Runs
from briefs.store.secret_box import SecretBox
from tests import sqlite
from tests.posts import write_down
from tests.test_cli import briefbot  # noqa: F401  # a fixture
from tests.test_deliveries import NINE, claim, freeze, plan, rows, subscribe
from tests.test_vault import installation, key


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


@pytest.fixture
def deliveries(database):
    return Deliveries(database)


@pytest.fixture
def parked(database, deliveries):
    """A digest of three messages of which the second is parked."""
    give_up_the_second(database, Settlement("PARKED", error="not found in its channel"))


def give_up_the_second(database, settlement):
    deliveries, runs = Deliveries(database), Runs(database)
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", "two", "three")
    deliveries.settle(claim(deliveries), Settlement("SENT", reference="1", sent_at=NINE))
    deliveries.settle(claim(deliveries), settlement)


def states(database):
    return [state for (state,) in rows(database, schema.delivery, "state")]


def test_what_is_outstanding_is_listed_with_its_reason(parked, database):
    first, second = outstanding(database)

    assert (first.state, first.topic, first.part, first.attempts) == ("PARKED", "Tencent", 2, 1)
    assert (first.error, second.attempts) == ("not found in its channel", 0)


def test_what_was_parked_goes_out_again_on_request_and_the_parts_behind_it_follow(parked, database, deliveries):
    assert deliveries.retry(2, NINE)

    assert states(database) == ["SENT", "RETRY", "PENDING"]
    assert rows(database, schema.run, "state") == [("FROZEN",)]
    for text in ("two", "three"):
        again = claim(deliveries)
        assert (again.payload["text"], again.doubt) == (text, None)
        deliveries.settle(again, Settlement("SENT", reference="2", sent_at=NINE))
    assert rows(database, schema.run, "state") == [("DONE",)]


def test_what_is_dropped_never_goes_out(parked, database, deliveries):
    assert deliveries.drop(2)

    assert states(database) == ["SENT", "DROPPED", "DROPPED"]
    assert claim(deliveries) is None
    assert outstanding(database) == []
    assert rows(database, schema.run, "state") == [("DONE",)]


def test_the_parts_before_what_is_dropped_stay_to_be_decided_on(parked, database, deliveries):
    assert deliveries.drop(3)

    assert states(database) == ["SENT", "PARKED", "DROPPED"]


def test_a_digest_of_which_the_rest_is_dropped_is_done(parked, database, deliveries):
    assert deliveries.retry(2, NINE)
    assert rows(database, schema.run, "state") == [("FROZEN",)]

    assert deliveries.drop(2)

    assert rows(database, schema.run, "state") == [("DONE",)]


def test_who_sends_again_what_is_in_doubt_knows_that_it_is_not_there(parked, database, deliveries):
    deliveries.retry(2, NINE)
    deliveries.settle(claim(deliveries), Settlement("UNCERTAIN", settle_until=NINE, doubt=NINE, misses=1))

    assert deliveries.retry(2, NINE)

    assert claim(deliveries).doubt is None


def test_what_is_sent_or_being_posted_is_left_alone(parked, database, deliveries):
    deliveries.retry(2, NINE)
    claim(deliveries)

    assert not any(
        act(number) for number in (1, 2, 99) for act in (deliveries.drop, lambda n: deliveries.retry(n, NINE))
    )
    assert states(database) == ["SENT", "SENDING", "PENDING"]


def test_the_backlog_counts_states_and_how_late_the_oldest_run_is(database):
    assert backlog(database, NINE).late == 0
    give_up_the_second(database, Settlement("RETRY", not_before=NINE, error="429"))

    now = backlog(database, NINE + timedelta(minutes=2))

    assert (now.states, now.late) == ({"SENT": 1, "RETRY": 1, "PENDING": 1}, 120)


def test_what_was_refused_and_came_with_a_later_digest_is_neither_listed_nor_posted_again(database, deliveries):
    runs, day = Runs(database), timedelta(days=1)
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one")
    deliveries.settle(claim(deliveries), Settlement("FAILED", error="is_archived", pause=True))
    assert [one.id for one in outstanding(database)] == [1]

    channels = Channels(database)
    (subscription,) = channels.all_subscriptions()
    channels.resume(subscription, NINE + day, "2026-09-15T09:00")
    plan(runs, NINE + day)
    assert [one.id for one in outstanding(database)] == [1]
    (again,) = runs.claim(["console"], NINE + day, NINE + day)
    write_down(
        runs, again, [Part({"text": "one, and more"})], through=8, until=NINE, told={}, content={}, now=NINE + day
    )

    assert [one.id for one in outstanding(database)] == [2]
    assert messages(database, [1, 99])[1].overtaken
    assert not deliveries.retry(1, NINE + day)
    assert deliveries.drop(1)


def test_a_digest_that_is_not_written_is_listed_unless_its_subscription_is_paused(database):
    runs = Runs(database)
    subscribe(database)
    plan(runs, NINE)
    (waiting,) = unwritten(database)
    assert (waiting.topic, waiting.scheduled_local, waiting.due) == ("Tencent", "2026-09-14T09:00", NINE)
    assert backlog(database, NINE + timedelta(hours=3)).late == 3 * 3600

    channels = Channels(database)
    (subscription,) = channels.all_subscriptions()
    channels.pause(subscription)

    assert unwritten(database) == []
    assert backlog(database, NINE + timedelta(hours=3)) == Backlog({}, 0.0, 0)


def test_what_is_due_and_not_even_planned_is_late(database):
    subscribe(database)

    assert backlog(database, NINE - timedelta(hours=1)).late == 0
    assert backlog(database, NINE + timedelta(minutes=2)).late == 120


# ---------------------------------------------------------------- on the command line


def test_deliveries_are_listed_retried_and_dropped_by_command(briefbot, tmp_path):  # noqa: F811
    with Database.open(sqlite.database(tmp_path / "b.db")) as database:
        give_up_the_second(database, Settlement("PARKED", error="not found in its channel"))
    there = ("--database", str(tmp_path / "b.db"))

    assert "parked  console home/general  Tencent 2026-09-14 09:00" in briefbot("deliveries", *there).out
    assert [one["state"] for one in briefbot("deliveries", "--json", *there).json] == ["PARKED", "PARKED"]
    assert briefbot("deliveries", "retry", "2", *there).out.split() == ["2", "will", "be", "posted", "again"]
    assert briefbot("deliveries", "drop", "2", "--json", *there).json == [{"id": 2, "done": True, "says": "dropped"}]
    assert briefbot("deliveries", *there).out == "Everything is delivered.\n"
    assert briefbot("deliveries", "drop", *there).code == 2


def test_where_nothing_is_done_the_reason_is_said(briefbot, tmp_path):  # noqa: F811
    with Database.open(sqlite.database(tmp_path / "b.db")) as database:
        give_up_the_second(database, Settlement("FAILED", error="is_archived", pause=True))
    there = ("--database", str(tmp_path / "b.db"))

    def says(*order):
        answer = briefbot("deliveries", *order, *there)
        return answer.code, [line.split("  ")[1] for line in map(str.strip, answer.out.splitlines())]

    assert "is_archived: the channel is archived" in briefbot("deliveries", *there).out
    assert "paused: is_archived: the channel is archived" in briefbot("subscriptions", *there).out
    assert says("drop", "1", "7") == (1, ["stands in its channel already", "there is no such delivery"])
    assert says("retry", "2") == (0, ["will be posted again; its subscription stays paused until it is resumed"])
    assert says("retry", "2", "3") == (1, ["waits for its turn anyway"] * 2)
    assert says("drop", "2") == (0, ["dropped"])
    assert says("retry", "3") == (1, ["was dropped before"])


def test_what_moves_by_itself_says_when(briefbot, tmp_path):  # noqa: F811
    with Database.open(sqlite.database(tmp_path / "b.db")) as database:
        give_up_the_second(database, Settlement("RETRY", not_before=NINE, error="ratelimited"))
        subscribe(database, "Second", Channel("slack", "T1", "C1"))
        plan(Runs(database), NINE)
    there = ("--database", str(tmp_path / "b.db"))

    listed = briefbot("deliveries", *there).out.splitlines()
    assert "ratelimited; again at 2026-09-14T07:00:00Z" in listed[1]
    assert listed[3].split()[:5] == ["due", "slack", "T1/C1", "Second", "2026-09-14"]
    assert "not written yet" in listed[3]
    assert listed[3].rstrip().endswith("due at 2026-09-14T07:00:00Z")
    told = briefbot("deliveries", "--json", *there).json
    assert [(one["id"], one["state"], one["until"]) for one in told] == [
        (2, "RETRY", "2026-09-14T07:00:00Z"),
        (3, "PENDING", None),
        (None, "DUE", "2026-09-14T07:00:00Z"),
    ]


@pytest.mark.parametrize("command", [("deliveries",), ("backup", "copy.db"), ("migrate", "{}", "postgresql://db/x")])
def test_a_mistyped_database_is_said_and_not_made(briefbot, tmp_path, command):  # noqa: F811
    typo = tmp_path / "typo.db"

    answer = briefbot(*(word.format(typo) for word in command), "--database", str(typo))

    assert (answer.code, typo.exists()) == (1, False)
    assert f"there is no database at sqlite:///{typo}: check --database and BRIEFBOT_DATABASE" in answer.err


def test_a_backup_is_a_database_and_overwrites_nothing(briefbot, tmp_path):  # noqa: F811
    with Archive.open(f"sqlite:///{tmp_path}/b.db") as archive:
        archive.add([Article("1", "Links", "Tencent opens up.", "en")])
        there = ("--database", str(tmp_path / "b.db"))
        assert briefbot("backup", str(tmp_path / "copy.db"), *there).code == 0
    assert briefbot("backup", str(tmp_path / "copy.db"), *there).err.count("name another file") == 1
    assert "there is no such folder" in briefbot("backup", str(tmp_path / "nowhere" / "copy.db"), *there).err

    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    with Archive.open(f"sqlite:///{tmp_path}/copy.db") as archive:
        assert [hit.article.id for hit in archive.search("tencent")] == ["1"]


# ---------------------------------------------------------------- moving


def half_sent(url):
    with Archive.open(url) as archive:
        archive.add([Article(f"{n}", "Links", f"Tencent opens up, part {n}.", "en") for n in range(1200)])
        give_up_the_second(archive.database, Settlement("RETRY", not_before=NINE))


@pytest.fixture
def old(tmp_path):
    """A SQLite database with articles, a channel and a digest that is half sent."""
    with Database.open(sqlite.database(tmp_path / "old.db", half_sent)) as database:
        yield database


def test_a_team_moves_to_postgresql_with_everything_and_goes_on_there(old, postgres_server):
    url = postgres_server.database()
    with Database.open(url) as new:
        moved = move(old, new)
        assert (moved["article"], moved["delivery"], moved["subscription"]) == (1200, 3, 1)
        for table in (schema.run, schema.delivery, schema.subscription, schema.channel):
            assert rows(old, table) == rows(new, table)

        assert claim(Deliveries(new)).payload == {"text": "two"}
        assert Handled(new).first_time("a trigger", NINE)
    with Archive.open(url) as archive:
        assert archive.position() == 1200
        archive.add([Article("new", "Links", "Alibaba opens up.", "en")])
        assert archive.position() == 1201
        assert [hit.article.id for hit in archive.search("alibaba")] == ["new"]


@pytest.mark.parametrize("alive", [True, False])
def test_nothing_moves_from_under_a_bot_that_is_at_work(old, postgres_server, briefbot, monkeypatch, alive):  # noqa: F811
    leases = Leases(old)
    beat = leases.beat("gathering", "a bot", None)
    waited = []

    def wait(seconds):
        waited.append(seconds)
        if alive:
            leases.beat("gathering", "a bot", beat)

    monkeypatch.setattr("bot.cli.operating.time.sleep", wait)

    answer = briefbot("migrate", old.url, postgres_server.database())

    assert waited == [10]
    assert answer.code == (1 if alive else 0)
    assert (f"a bot is at work on {old.url}: stop it, then move" in answer.err) is alive


def made_up(column, connection):
    """Give a value that a column takes; what it refers to is there."""
    for foreign in column.foreign_keys:
        return connection.execute(select(foreign.column).order_by(foreign.column).limit(1)).scalar_one()
    if isinstance(column.type, JSON):
        return {"made": "up", "n": [1, None, "é😀"]}
    return "1" if column.type.python_type is str else column.type.python_type(1)


def test_every_table_moves_whole_those_of_tomorrow_too(old, postgres_server):
    kept = [table for table in schema.metadata.sorted_tables if table.name not in THEIR_OWN]
    with old.write() as connection:
        for table in kept:
            if connection.execute(select(table).limit(1)).first() is None:
                columns = [column for column in table.columns if column is not table.autoincrement_column]
                connection.execute(insert(table), {one.name: made_up(one, connection) for one in columns})
    with Database.open(postgres_server.database()) as new:
        moved = move(old, new)

        for table in kept:
            there, here = (everything(database, table) for database in (old, new))
            assert there, table.name
            assert (here, moved[table.name]) == (there, len(there)), table.name


def everything(database, table):
    with database.read() as connection:
        return sorted(map(repr, (tuple(row) for row in connection.execute(select(table)))))


def test_sealed_tokens_move_as_they_are_and_open_there(old, postgres_server):
    secret_box = SecretBox(key())
    Installations(old, secret_box).keep(installation(), NINE)
    with Database.open(postgres_server.database()) as new:
        move(old, new)
        assert Installations(new, secret_box).find_all("slack", ["T1"]) == [installation()]


def test_nothing_moves_into_a_database_that_is_in_use(old, postgres_server):
    with Database.open(postgres_server.database()) as new:
        subscribe(new)
        with pytest.raises(StoreError, match="is not empty"):
            move(old, new)
        assert rows(new, schema.delivery) == []
