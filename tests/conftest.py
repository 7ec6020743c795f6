"""What every test may ask for."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from briefs.archive import Archive
from tests import opensearch, postgres, sqlite, statements
from tests.clock import Clock
from tests.dispatcher import Office, Person, open_office

# A busy machine is no failure; what must not take for ever has the time limit of every test.
settings.register_profile("briefbot", deadline=None)
settings.load_profile("briefbot")

statements.compile_once()

ROOT = Path(__file__).parent.parent

# A commit waits for a disk a hundred times as long as it takes: where files may lie in memory, those of tests do.
MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


# After so many seconds less is done than was asked: "…" stands where a form would, a name is left out, a replica is not
# asked. On a busy machine nearly everything takes as long.
_IMPATIENT = {
    "bot.base.metrics": ["PATIENCE"],
    "bot.platforms.discord.adapter": ["_PATIENCE", "_FORM_PATIENCE"],
    "bot.platforms.slack.hands": ["_AT_ONCE"],
    "bot.platforms.slack.workspace": ["_PATIENCE"],
    "briefs.store.impatient": ["PATIENCE"],
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden renderings anew")


def pytest_collection(session: pytest.Session) -> None:
    """Let each process read other modules first: what one has compiled, with its assertions, the others need not.

    While tests are collected, nearly all that is made stays: to look through it for garbage takes a third of the time.
    The process that hands the tests out collects none, and is not asked.
    """
    gc.disable()
    if "PYTEST_XDIST_WORKER" in os.environ and [Path(one) for one in session.config.args] == [Path("tests")]:
        own, of = int(os.environ["PYTEST_XDIST_WORKER"][2:]), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        for path in sorted(Path(__file__).parent.glob("test_*.py"))[own::of]:
            with suppress(Exception, pytest.skip.Exception):  # it is told where it is collected
                importlib.import_module(f"tests.{path.stem}")


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def kit_folder(name: str) -> Path:
    """The folder of evaluation data of this name, which stands beside a checkout where it is to be had."""
    folder = Path(os.environ.get("BRIEFBOT_KIT", ROOT.parent / "shared")) / name
    if not folder.is_dir():
        pytest.skip(f"no evaluation data here: {folder.name}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[dict[str, float]]:
    """Let what is tested wait for what it asked for; give how many seconds it waits otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        loaded = [(name, constant) for name in _IMPATIENT if name in sys.modules for constant in _IMPATIENT[name]]
        usual = {f"{name}.{constant}": getattr(sys.modules[name], constant) for name, constant in loaded}
        for constant in usual:
            patch.setattr(constant, 60.0)
        yield usual


@pytest.fixture
def as_impatient_as_usual(patience: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is tested wait no longer than it does for people."""
    for constant, seconds in patience.items():
        monkeypatch.setattr(constant, seconds)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command run in here sends logs to what a test captures: no later test writes there, where it is closed."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compare a text with a golden file, or write it with --update-golden."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL of our own, for as long as tests run."""
    try:
        with postgres.server() as server:
            yield server
    except LookupError as missing:
        if os.environ.get(postgres.NEEDED):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def opensearch_nodes(shared_folder: Path) -> Iterator[opensearch.Nodes]:
    """A node of OpenSearch for as long as tests run; their processes share it, for its start takes longer than most."""
    try:
        with opensearch.shared(shared_folder) as running:
            yield running
    except LookupError as missing:
        if os.environ.get(opensearch.NEEDED):
            raise
        pytest.skip(str(missing))


@pytest.fixture
def unused_tcp_port() -> int:
    """A port that nobody takes until it is used: the system hands out others, from 32768 on."""
    while True:
        port = 10_000 + secrets.randbelow(10_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of each kind that is served."""
    if request.param == "sqlite":
        yield sqlite.database(tmp_path / "briefs.db")
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.database()
        yield url
        server.drop(url)


@pytest.fixture
def archive(database_url: str, clock: Clock) -> Iterator[Archive]:
    """An empty archive in each kind of database; `clock` is the module's own."""
    with Archive.open(database_url, clock=clock) as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A dispatcher with all that stands behind it."""
    office = open_office(tmp_path)
    yield office
    office.archive.close()


@pytest.fixture
def ann(office: Office) -> Person:
    """Somebody who may change what they like."""
    return office.person()
