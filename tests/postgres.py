"""A private PostgreSQL for tests: a server of its own on a Unix socket in a temporary folder, and databases on it.

It runs as an unprivileged user, which PostgreSQL insists on, even where the tests are root's. Without PostgreSQL on
this machine, tests that want it are skipped, unless BRIEFBOT_NEED_POSTGRES says that it must be there.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from briefs.store.database import Database

NEEDED = "BRIEFBOT_NEED_POSTGRES"


@dataclass
class Server:
    """programs, data: folders; the socket is in `data`. user: who it runs as; None: who we are."""

    programs: Path
    data: Path
    user: str | None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _ready: str | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        # Nothing of a test outlives the machine, but what is committed must outlive `stop("immediate")`: no fsync.
        options = f"-k {self.data} -c listen_addresses= -c fsync=off -c max_connections=60"
        self._do("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; "immediate": as if its power had failed."""
        self._do("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Let it be gone for a while, at once."""
        self.stop("immediate")
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it answer nobody for a while, and close no connection."""
        processes = [int((self.data / "postmaster.pid").read_text().split()[0])]
        processes += map(int, _output("pgrep", "--parent", str(processes[0])).split())
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def empty(self) -> str:
        """Make a database without a table, and give its address."""
        return self._database("template1")

    def database(self, disk: Path | None = None) -> str:
        """Make a database with our tables, and give its address. A copy is made in a tenth of the time.

        disk: a folder where it is to lie, and nothing else.
        """
        if self._ready is None:
            url = self.empty()
            Database.open(url).close()
            self._ready = make_url(url).database or ""
        return self._database(self._ready, disk)

    def dump(self, url: str) -> Path:
        """Copy a database as its operator does; give the file."""
        file = self.data / f"{make_url(url).database}.dump"
        self._do("pg_dump", "-h", self.data, "-U", "briefbot", "-Fc", "-f", file, make_url(url).database)
        return file

    def restore(self, url: str, file: Path) -> None:
        """Put a copy in the place of a database that is gone."""
        name = make_url(url).database
        self._say(f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        self._do("pg_restore", "-h", self.data, "-U", "briefbot", "-d", name, file)

    def drop(self, url: str, *, disk: bool = False) -> None:
        """Drop a database. disk: it lies on one of its own, which is given back."""
        name = make_url(url).database
        self._say(f"DROP DATABASE {name} WITH (FORCE)", *([f"DROP TABLESPACE {name}"] if disk else []))

    @contextmanager
    def replica(self) -> Iterator[Server]:
        """Run a hot standby that follows this server, as its operator would set it up."""
        with _data(self.programs, self.user) as data:
            standby = Server(self.programs, data, self.user)
            self._do("pg_basebackup", "-h", self.data, "-U", "briefbot", "-D", standby.data, "-R", "-c", "fast")
            (standby.data / ".s.PGSQL.5432.lock").unlink()  # of the server that was copied
            standby.start()
            yield standby

    def at(self, url: str) -> str:
        """Give the address that a database of another server has on this one."""
        return f"postgresql+psycopg://briefbot@/{make_url(url).database}?host={self.data}"

    def _database(self, template: str, disk: Path | None = None) -> str:
        name, place = f"briefs{next(self._numbers)}", "pg_default"
        if disk is not None:
            place = name
            self._say(f"CREATE TABLESPACE {name} LOCATION '{disk}'")
        # Files are copied in half the time that it takes page by page through the log.
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {place} STRATEGY file_copy")
        return self.at(f"postgresql:///{name}")

    def _say(self, *statements: str) -> None:
        """Tell the server something about its databases. A program each time would be a copy of this large process."""
        import psycopg

        with psycopg.connect(host=str(self.data), user="briefbot", dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _do(self, program: str, *arguments: object) -> None:
        command = [str(self.programs / program), *map(str, arguments)]
        subprocess.run(command, check=True, user=self.user, cwd=self.data.parent, stdout=subprocess.DEVNULL)


@contextmanager
def server() -> Iterator[Server]:
    """Run a server. Raises LookupError where there is no PostgreSQL."""
    programs = _programs()
    user = _unprivileged() if os.geteuid() == 0 else None
    with _data(programs, user) as data:
        running = Server(programs, data, user)
        running._do("initdb", "-D", data, "-U", "briefbot", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        running.start()
        yield running


@contextmanager
def _data(programs: Path, user: str | None) -> Iterator[Path]:
    """Lend a place for a server's folder; the server ends with it, and nothing stays, however this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="briefs-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    # It waits until nobody holds the other end of its input. What is frozen would not stop.
    thaw = f"server=$(head -1 {folder}/data/postmaster.pid); kill -CONT $server $(pgrep --parent $server)"
    end = f"cat; {thaw}; {programs}/pg_ctl -D {folder}/data -m immediate stop; rm -rf {folder}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(["sh", "-c", end], stdin=subprocess.PIPE, user=user, start_new_session=True, **quiet):
        yield folder / "data"


def _programs() -> Path:
    places: Sequence[Path] = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_ctl")
    for place in [*places, *([Path(found).resolve().parent] if found else [])]:
        if (place / "initdb").exists():
            return place
    raise LookupError("there is no PostgreSQL here: install postgresql-15")


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _unprivileged() -> str:
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
