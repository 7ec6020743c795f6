"""Articles' index on a cluster of OpenSearch: what readers and operators see of it, also where it is away.

The contract of search engines is in test_index.py.
"""

from __future__ import annotations

import json
import logging
import signal
import socket
import ssl
import subprocess
import sys
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot import present
from bot.base.i18n import Messages
from bot.base.metrics import Figures, routes
from bot.base.web import Web
from bot.cli import main
from bot.operations.background import Indexer
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError, IndexAway
from briefs.index import cluster as clusters
from briefs.index import index_of
from briefs.index.cluster import Cluster
from briefs.index.cluster_address import read_address
from briefs.index.opensearch import OpenSearchIndex
from briefs.models import Article
from briefs.store import relaying
from briefs.store.database import Database
from briefs.store.relaying import Relay
from briefs.topics import Topic, parse_topic
from tests import opensearch, sqlite
from tests.test_health import asked
from tests.test_index import Filed

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def cli(*arguments):
    """Type a command; give its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


class Team:
    """An archive with its index on a cluster. window: articles that are looked through where that is away."""

    def __init__(self, database, address, window=50_000, **cluster):
        self.database, self.cluster = database, Cluster(address, **cluster)
        index = OpenSearchIndex(self.cluster, index_of(database.shared), window)
        self.archive = Archive(database, clock=lambda: NOW, index=index)
        self.relay = Relay(database, self.cluster)

    def add(self, *texts, first=0):
        self.archive.add(Article(f"{n}", "", text, "en") for n, text in enumerate(texts, first))

    def bring(self):
        return list(self.relay.send())

    def found(self, words):
        return {hit.article.id for hit in self.archive.search(words, 100)}

    def asks(self, method, path, body=None):
        return self.cluster._patient.transport.perform_request(method, path, body=body)


@pytest.fixture
def patience(monkeypatch):
    """Let nodes that do answer take their time: the machine may be busy."""
    monkeypatch.setattr(clusters, "SECONDS", 8.0)


@pytest.fixture
def database(tmp_path):
    with Database.open(sqlite.database(tmp_path / "briefs.db")) as opened:
        yield opened


@pytest.fixture
def team(postgres_server, opensearch_nodes, patience):
    with Database.open(postgres_server.database()) as database:
        made = Team(database, opensearch_nodes.address())
        yield made
        made.cluster.close()


def said(brief):
    return present.look_up_content(brief, Messages("en")).notice


# ---------------------------------------------------------------- a cluster that is there


def test_the_newest_that_a_reader_sees_are_read_and_no_others(opensearch_nodes, tmp_path, patience):
    class Counting(Cluster):
        given = 0

        def search(self, *asked, **options):
            rows = super().search(*asked, **options)
            self.given += len(rows)
            return rows

    with Database.open(sqlite.database(tmp_path / "briefs.db")) as database:
        cluster = Counting(opensearch_nodes.address())
        filed = Filed(database, OpenSearchIndex(cluster, index_of(database.shared)))
        relay = Relay(database, cluster)
        relay.begin()
        seen = frozenset(filed.sources("heron"))
        filed.file(*["A heron nests."] * 50, of=["heron"])
        list(relay.send())
        assert filed.with_all([("heron",)], newest=2, seen=seen) == [49, 50]
        assert cluster.given == 2
        with database.write() as connection:
            connection.exec_driver_sql("DELETE FROM article WHERE id = 'en49'")
        assert filed.with_all([("heron",)], newest=2, seen=seen) == [48, 49]
        cluster.close()


def test_what_is_new_what_changed_and_what_went_is_brought_and_found_meanwhile(team):
    team.add("A heron nests.", "An otter swims.")
    team.bring()
    team.add("A heron flies.", first=2)
    team.add("A stork nests.")
    with team.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM article WHERE id = '1'")

    for _ in ("meanwhile", "afterwards"):
        assert team.found("heron") == {"2"}
        assert team.found("stork") == {"0"}
        assert team.found("otter") == set()
        team.bring()
    assert team.relay.state() == (
        True,
        f"{team.cluster.address}: {team.cluster.alias}-v1, 2 articles, 0 on their way",
        0,
    )


def test_a_date_that_is_corrected_counts_in_the_index_too(team):
    team.add("A heron nests.")
    team.bring()
    team.archive.amend("0", published=datetime(2026, 1, 5, tzinfo=UTC))
    for _ in ("meanwhile", "afterwards"):
        assert team.found("heron before:2026-01-07") == {"0"}
        team.bring()


def test_the_cluster_knows_who_sees_an_article_and_is_told_when_another_source_brings_it(team):
    filed = Filed(team.database, OpenSearchIndex(team.cluster, index_of(team.database.shared)))
    heron, otter = filed.sources("heron", "otter")
    for address, seen_by in (("heron", {heron}), ("otter", {heron, otter})):
        filed.file("A heron nests.", of=[address])
        team.bring()
        knows = {
            one
            for one in (heron, otter)
            if team.cluster.every({"term": {"brought_by": one}}, team.cluster.until()) == [1]
        }
        assert knows == seen_by


def test_far_behind_the_databases_own_index_has_what_is_newer(team):
    team.add("A heron nests.")
    team.bring()
    team.add(*["An otter swims."] * 600, "Another heron.", first=1)
    assert team.found("heron") == {"0", "601"}
    assert team.archive.digest(Topic("Herons", parse_topic("heron"))).articles == 2


def test_an_index_is_made_anew_while_articles_come_and_takes_over_in_one_step(team, monkeypatch):
    monkeypatch.setattr(clusters, "ROWS", 400)
    team.add(*["A heron nests."] * 900)
    team.bring()
    team.relay.begin()
    steps = team.relay.send()
    next(steps)
    team.add("A heron flies.", "An otter swims.", first=899)
    assert team.found("otter") == {"900"}
    list(steps)

    alias = team.cluster.alias
    assert [one.build.name for one in team.relay.progress()] == [f"{alias}-v2"]
    assert {*team.asks("GET", f"/{alias}*")} == {f"{alias}-v2-{part}" for part in range(3)}
    assert team.relay.state()[:2] == (True, f"{team.cluster.address}: {alias}-v2, 901 articles, 0 on their way")
    assert team.found("otter") == {"900"}


def test_what_is_sent_late_by_one_who_slept_changes_nothing(team):
    team.add("A heron nests.")
    team.bring()
    slept, sends = [], team.cluster.send
    team.cluster.send = lambda *given, **more: slept.append((given, more))
    team.add("A stork nests.")
    team.bring()
    team.cluster.send = sends
    team.add("An otter swims.")
    with team.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO index_owed (build_id, article_row) SELECT id, 1 FROM index_build")
    team.bring()
    for given, more in slept:
        team.cluster.send(*given, **more)
    assert team.found("otter") == {"0"}
    assert team.found("stork") == set()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_filled_archive_moves_to_a_cluster_while_articles_come_and_is_asked(
    kind, request, tmp_path, opensearch_nodes, monkeypatch
):
    monkeypatch.setattr(clusters, "SECONDS", 20.0)  # a busy machine is no cluster that is away
    monkeypatch.setattr(relaying, "_AT_ONCE", 100)
    filled = 400
    on_sqlite = kind == "sqlite"
    url = sqlite.database(tmp_path / "t.db") if on_sqlite else request.getfixturevalue("postgres_server").database()
    with Database.open(url) as database:
        Archive(database).add(Article(f"{n}", "", f"Heron number{n} nests.", "en") for n in range(filled))
        address, coming = opensearch_nodes.address(), iter(range(filled, filled + 4))
        mover, asker = Team(database, address), Team(database, address)
        for _ in mover.relay.send():
            if n := next(coming, 0):
                asker.add(f"Otter number{n} swims.", first=n)
                assert asker.found(f"number{n}") == {f"{n}"}
            assert asker.found("number7") == {"7"}
        with database.read() as connection:
            rows = connection.exec_driver_sql('SELECT "row" FROM article ORDER BY "row"').scalars().all()
        assert mover.cluster.every({"match_all": {}}, mover.cluster.until()) == rows
        assert mover.relay.state().says.endswith(f"-v1, {filled + 4} articles, 0 on their way")
        for one in (mover, asker):
            one.cluster.close()


def test_a_database_moves_to_a_cluster_by_configuration_alone(
    tmp_path, opensearch_nodes, patience, monkeypatch, capsys
):
    monkeypatch.setenv("BRIEFBOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("BRIEFBOT_DATABASE", sqlite.database(tmp_path / "team.db"))
    page = tmp_path / "heron.txt"
    page.write_text("A heron has built its nest on the town hall of Ghent, the gardeners said on Monday.")
    assert cli("gather", str(page)) == 0
    assert cli("reindex") == 1
    assert "the index is in the database: for one outside, write index: in settings.yaml" in capsys.readouterr().err

    address = opensearch_nodes.address()
    monkeypatch.setenv("BRIEFBOT_INDEX", address)
    assert cli("reindex", "--json") == 0
    assert json.loads(capsys.readouterr().out)["says"].endswith("-v1, 1 articles, 0 on their way")
    page.with_name("stork.txt").write_text(
        "A stork has been seen near the town hall of Ghent, the gardeners said on Monday."
    )
    assert cli("gather", str(tmp_path / "stork.txt")) == 0  # no bot is there that would bring it
    assert cli("brief", "stork") == 0
    capsys.readouterr()
    cli("check", "--json")
    told = json.loads(capsys.readouterr().out)
    (index,) = (one for one in told if one["of"] == "index")
    assert index["well"]
    assert index["says"] == f"{address}: {address.rpartition('/')[2]}-v1, 2 articles, 0 on their way"


async def test_monitors_hear_of_the_index_and_the_bot_is_well_without_it(team):
    team.add("A heron nests.")
    for well, waiting in ((False, 0), (True, 0)):
        there = Web("127.0.0.1:0", routes(team.database, Figures(), lambda: NOW, (), {"index": team.relay.state}))
        async with there as monitor:
            status, text = await asked(monitor, "/healthz")
        told = json.loads(text)
        assert (status, told["well"], told["index"]["well"], told["index"]["waiting"]) == (200, True, well, waiting)
        team.bring()


# ---------------------------------------------------------------- one that is not


def test_where_the_cluster_is_away_the_newest_are_looked_through_and_readers_are_told(database):
    team = Team(database, "http://127.0.0.1:9/articles", window=2)
    team.add("An invoice arrived.", "A heron nests.", "A heron flies.", "A heron rests.")
    assert team.found("heron") == {"2", "3"}
    assert said(team.archive.brief("heron")) == "Older articles could not be looked through just now."
    nothing = "Nothing in the newest articles; older ones cannot be looked through just now."
    assert said(team.archive.brief("invoice")) == nothing


def test_a_node_that_is_silent_is_passed_over_and_not_asked_again(team):
    team.add("A heron nests.", "An otter swims.")
    team.bring()
    assert team.found("heron") == {"0"}  # the first answer takes longest
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        address = team.cluster.address.replace("//", f"//127.0.0.1:{silent.getsockname()[1]},")
        other = Team(team.database, address, window=1)
        for _ in range(4):
            brief = other.archive.brief("heron")
            assert [one.id for story in brief.stories for one in story.articles] == ["0"]
            assert not brief.partial
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
    other.cluster.close()


@contextmanager
def cut_off(address, searched=lambda: None):
    """A node that has nothing any more, and does not know it; give its address. searched: called by each search."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)) or None
            asked = Request(address + self.path, body, {"Content-Type": "application/json"}, method=self.command)
            with urlopen(asked) as answer:
                told = json.load(answer)
            if "hits" in told:
                searched()
                told["hits"]["hits"].clear()
            said = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815  # as http.server calls it

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_node_that_was_cut_off_is_not_believed_and_another_is_asked(team):
    team.add("A heron nests.", "An otter swims.")
    team.bring()
    node, _, alias = team.cluster.address.rpartition("/")
    with cut_off(node) as place:
        beside = Team(team.database, team.cluster.address.replace("//", f"//{place},"), window=1)
        for _ in range(4):
            assert beside.found("heron") == {"0"}
            assert not beside.archive.brief("heron").partial
        beside.cluster.close()

        alone = Team(team.database, f"http://{place}/{alias}", window=1)
        assert alone.archive.brief("heron").partial
        assert alone.found("otter") == {"1"}
        with pytest.raises(IndexAway, match="lacks articles that it was given"):
            alone.archive.digest(Topic("Herons", parse_topic("heron"), kept=True))
        alone.cluster.close()
    assert len(team.archive.digest(Topic("Herons", parse_topic("heron"), kept=True)).stories) == 1


@pytest.mark.parametrize(("seconds", "searches"), [(0, 2), (9, 1)])
def test_a_look_up_waits_for_all_nodes_together_as_long_as_for_one_and_the_next_does_not_wait(
    database, opensearch_nodes, patience, seconds, searches
):
    now, asked = [0.0], []

    def searched():
        asked.append(now[0])
        now[0] += seconds

    node, _, alias = opensearch_nodes.address().rpartition("/")
    with cut_off(node, searched) as place:
        team = Team(database, f"http://{place}/{alias}", clock=lambda: now[0])
        team.add("A heron nests.")
        Relay(database, Cluster(f"{node}/{alias}")).begin()
        list(Relay(database, Cluster(f"{node}/{alias}")).send())
        for _ in range(2):
            assert team.found("heron") == {"0"}
        assert len(asked) == searches
        now[0] += 10
        assert team.found("heron") == {"0"}
        assert len(asked) == 2 * searches
        team.cluster.close()


def test_an_article_that_the_cluster_refuses_keeps_no_other_from_being_found(team, caplog):
    team.add("A heron nests.", "An otter swims.")
    with team.database.write() as connection:
        connection.exec_driver_sql("UPDATE article SET language = repeat('x', 40000) WHERE id = '1'")
    team.bring()
    assert "article 2 is not taken" in caplog.text
    assert team.relay.state().well
    alone = Team(team.database, team.cluster.address, window=1)
    assert alone.found("heron") == {"0"}
    assert not alone.archive.brief("heron").partial
    alone.cluster.close()


def test_where_all_could_be_looked_through_nothing_is_said(database):
    team = Team(database, "http://127.0.0.1:9/articles")
    team.add("A heron nests.")
    assert said(team.archive.brief("heron")) is None


def test_a_topic_whose_articles_are_not_all_within_reach_waits(database):
    team = Team(database, "http://127.0.0.1:9/articles", window=2)
    team.add("A heron nests.", "A heron flies.", "A heron rests.")
    with pytest.raises(IndexAway, match="has nothing of this database yet: say briefbot reindex"):
        team.archive.digest(Topic("Herons", parse_topic("heron")))


# ---------------------------------------------------------------- what the operator reads


@contextmanager
def answering(status, kind, certificate=None):
    """A cluster that answers everything alike; give its address, and what it is told of who asks.

    certificate: its own, for TLS.
    """
    asked: list[str] = []
    said = json.dumps({"error": {"type": kind, "reason": "a long story"}, "status": status}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers["Authorization"])
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815  # as http.server calls them

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if certificate else 'http'}://ann:s3cret@127.0.0.1:{server.server_port}/articles", asked
        server.shutdown()


def certificate(file):
    """Make a certificate of 127.0.0.1 that nobody has signed but itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node")])
    today, here = datetime.now(UTC), x509.IPAddress(ip_address("127.0.0.1"))
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([here]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("status", "kind", "line"),
    [
        (401, "security_exception", "does not let us in: put name and password"),
        (404, "index_not_found_exception", "has no index of that name: say briefbot reindex"),
        (429, "es_rejected_execution_exception", "has too much to do"),
        (403, "cluster_block_exception", "takes nothing more, as when its disks are full: make room there"),
        (403, "index_create_block_exception", "forbids that an index is made, as when its disks are full: make room"),
        (503, "search_phase_execution_exception", "has lost a part of the index: are all nodes there?"),
        (500, "null_pointer_exception", "cannot do what it is asked: 500 null_pointer_exception"),
    ],
)
def test_what_is_wrong_is_one_line_without_the_password(database, status, kind, line):
    with answering(status, kind) as (address, _):
        team = Team(database, address)
        with pytest.raises(IndexAway, match=line) as problem:
            team.bring()
    assert "s3cret" not in str(problem.value)
    assert "\n" not in str(problem.value)


def test_over_tls_a_cluster_is_asked_once_its_authority_is_known(database, tmp_path):
    file = certificate(tmp_path / "node.pem")
    with answering(429, "es_rejected_execution_exception", file) as (address, asked):
        with pytest.raises(
            IndexAway, match=r"has a certificate that is not trusted: give its authority as \?ca_certs=FILE"
        ):
            Team(database, address).bring()
        assert asked == []
        with pytest.raises(IndexAway, match="has too much to do"):
            Team(database, f"{address}?ca_certs={file}").bring()
        with pytest.raises(IndexAway, match="has too much to do"):
            Team(database, f"{address.replace('ann:s3cret@', '')}?ca_certs={file}&api_key=k3y").bring()
    assert asked == [f"Basic {b64encode(b'ann:s3cret').decode()}", "ApiKey k3y"]


def test_an_alias_that_is_missing_an_index_of_another_version_and_one_of_another_database_are_told(team):
    team.add("A heron nests.")
    team.bring()
    part, alias = f"{team.cluster.alias}-v1-0", team.cluster.alias

    team.asks("PUT", f"/{part}/_mapping", {"_meta": {"briefbot": {"schema": 0}}})
    assert "was made by another version of Briefbot" in team.relay.state().says
    team.asks("PUT", f"/{part}/_mapping", {"_meta": {"briefbot": {"schema": clusters.SCHEMA, "key": "another"}}})
    assert "is of another database: say briefbot reindex" in team.relay.state().says
    team.asks("DELETE", f"/{part}/_alias/{alias}")
    assert "has no index of that name: say briefbot reindex" in team.relay.state().says

    team.relay.begin()
    assert f"; {alias}-v2 was begun and has 0 of 1 articles: say briefbot reindex to go on" in team.relay.state().says
    team.bring()
    assert team.relay.state().well
    assert team.found("heron") == {"0"}


async def test_a_cluster_that_is_gone_is_told_once_whichever_of_its_nodes_is_asked(database, caplog):
    class Ours:
        async def won(self):
            pass

    team = Team(database, "http://127.0.0.1:8,127.0.0.1:9/articles")
    team.add("A heron nests.")
    indexer = Indexer(team.relay, Ours())
    for _ in range(6):
        await indexer.round()
    (told,) = [message for message in caplog.messages if message.startswith("index: ")]
    assert "cannot be reached: is the cluster there?" in told


async def test_another_trouble_of_a_cluster_is_told_as_well(database, caplog):
    class Ours:
        async def won(self):
            pass

    answers = ["null_pointer_exception", "null_pointer_exception", "parse_exception"]

    class Broken(Cluster):
        def free_name(self):
            raise self._said(500, answers.pop(0), "")

    indexer = Indexer(Relay(database, Broken("http://127.0.0.1:9/articles")), Ours())
    for _ in range(3):
        await indexer.round()
    assert [(one.levelname, one.message.rpartition(" ")[2]) for one in caplog.records] == [
        ("ERROR", "null_pointer_exception"),
        ("ERROR", "parse_exception"),
    ]


async def test_a_cluster_that_is_full_is_told_once_and_takes_all_when_there_is_room(team, caplog):
    class Ours:
        async def won(self):
            pass

    indexer, part = Indexer(team.relay, Ours()), f"{team.cluster.alias}-v1-0"
    team.add("A heron nests.")
    await indexer.round()
    team.asks("PUT", f"/{part}/_settings", {"index.blocks.read_only_allow_delete": True})
    team.add("An otter swims.", first=1)
    with caplog.at_level(logging.WARNING):
        await indexer.round()
        await indexer.round()
        assert team.relay.state() == (False, caplog.messages[0].removeprefix("index: "), 1)
        assert team.found("otter") == {"1"}
        team.asks("PUT", f"/{part}/_settings", {"index.blocks.read_only_allow_delete": None})
        await indexer.round()
    full = "takes nothing more, as when its disks are full: make room there; nothing is lost"
    assert caplog.messages == [
        f"index: {team.cluster.address} {full}",
        "index: it answers again, and has all that waited",
    ]
    assert team.relay.state().well


@pytest.mark.usefixtures("opensearch_nodes")  # where none can run, this is skipped
def test_a_cluster_that_lets_no_index_be_made_is_not_taken_for_one_that_refuses_us(database, patience):
    def forbid(value):
        team.asks("PUT", "/_cluster/settings", {"persistent": {"cluster.blocks.create_index": value}})

    with opensearch.nodes() as all_of_it:
        team = Team(database, all_of_it.address())
        team.add("A heron nests.")
        team.bring()
        forbid(True)
        with pytest.raises(IndexAway, match=r"forbids that an index is made.*put its setting cluster.blocks"):
            team.relay.begin()
        team.add("An otter swims.", first=1)
        team.bring()  # what is there goes on
        forbid(None)
        assert team.relay.state().well
        assert team.relay.begin().name.endswith("-v2")
        team.cluster.close()


@pytest.mark.parametrize(
    "address",
    [
        "search.example:9200/articles",
        "https://search.example:9200",
        "https://h/a?timeout=9",
        "ftp://h/a",
        "https://h/A b",
    ],
)
def test_an_address_that_is_none_is_refused_where_it_stands(tmp_path, address):
    (tmp_path / "settings.yaml").write_text(f'index: "{address}"\n')
    with pytest.raises(ConfigError, match=r"settings.yaml, line 1.*is no address of an index: write https://"):
        Config.load(tmp_path)


def test_how_to_get_in_stands_in_the_address():
    alias, hosts, options = read_address(
        "https://ann:p%40ss@one.example,[::1]:9201/articles?ca_certs=/etc/ours.pem&verify_certs=false"
    )
    assert alias == "articles"
    assert [(host["host"], host["port"], host["use_ssl"]) for host in hosts] == [
        ("one.example", 9200, True),
        ("::1", 9201, True),
    ]
    assert options == {"ca_certs": "/etc/ours.pem", "verify_certs": False, "http_auth": ("ann", "p@ss")}
    _, _, by_key = read_address("https://h/articles?api_key=abc123")
    assert by_key == {"headers": {"authorization": "ApiKey abc123"}}


# ---------------------------------------------------------------- the nodes that tests run


USE = """
import pathlib, sys
from tests import opensearch
with opensearch.using(pathlib.Path(sys.argv[1])):
    print("uses them", flush=True)
    sys.stdin.read()
"""


def test_nodes_end_with_the_last_process_that_uses_them_even_if_that_is_killed(tmp_path):
    nodes = opensearch.Nodes(tmp_path / "nodes", 0, 1, "")
    (nodes.folder / "1").mkdir(parents=True)
    (nodes.folder / "users").touch()
    with subprocess.Popen(["sleep", "600"]) as node:
        (nodes.folder / "1" / "pid").write_text(str(node.pid))
        command = [sys.executable, "-c", USE, nodes.folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
            assert user.stdout.readline()
            with opensearch.using(nodes.folder):
                watch = nodes.begin("watch")
            assert (watch.poll(), node.poll()) == (None, None)
            user.kill()
        assert node.wait(30) == -signal.SIGKILL
        assert watch.wait(30) == 0
    assert not nodes.folder.exists()
    with pytest.raises(FileNotFoundError), opensearch.using(nodes.folder):
        pass
