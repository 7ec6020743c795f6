"""The workspaces that have installed the bot, each with its token, which is sealed before it is written.

An installation that ends keeps its row, without the token: who subscribed to what stays as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, select, update

from briefs.errors import ConfigError
from briefs.store.database import Database, insert_or, to_ms
from briefs.store.schema import installation
from briefs.store.secret_box import KEY_VARIABLE, SecretBox, WrongKey


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in one workspace.

    name, site: of the workspace, where the platform tells them. bot_id, bot_user: what the platform calls the bot
    there. by: the id of who installed it.
    """

    platform: str
    workspace: str
    token: str
    bot_id: str
    bot_user: str
    name: str | None = None
    site: str | None = None
    by: str | None = None


class Installations:
    """The table over one `Database`. May be used from any thread."""

    def __init__(self, database: Database, secret_box: SecretBox) -> None:
        self._database = database
        self._secret_box = secret_box

    def keep(self, made: Installation, now: datetime) -> None:
        """Keep an installation; one of the same workspace gives way, so that its old token is gone."""
        content = {
            "token": self._secret_box.seal(made.token),
            "bot_id": made.bot_id,
            "bot_user": made.bot_user,
            "name": made.name,
            "site": made.site,
            "installed_by": made.by,
            "installed_at": to_ms(now),
            "ended_at": None,
            "ended_because": None,
        }
        key = {"platform": made.platform, "workspace": made.workspace}
        with self._database.write() as connection:
            new = insert_or(connection, installation).values(key | content)
            connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=content))

    def find_all(self, platform: str, workspaces: Sequence[str]) -> list[Installation | ConfigError | None]:
        """Return the installation in each of these workspaces; None where it never was, or has ended.

        Where the keys do not open its token, the error that says so stands in its place: the others are found.
        """
        query = select(installation).where(_standing(platform), installation.c.workspace.in_(set(workspaces)))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        found = {row.workspace: self._opened(row) for row in rows}
        return [found.get(workspace) for workspace in workspaces]

    def workspaces(self, platform: str) -> list[str]:
        """Return the workspaces where the bot is installed."""
        query = select(installation.c.workspace).where(_standing(platform)).order_by(installation.c.workspace)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def end(self, platform: str, workspace: str, because: str, at: datetime) -> bool:
        """Forget the token of a workspace; False where there is none, or only one that came after that instant."""
        gone = update(installation).where(_standing(platform), _of(workspace), installation.c.installed_at <= to_ms(at))
        ended = {"token": None, "ended_at": to_ms(at), "ended_because": because}
        with self._database.write() as connection:
            return connection.execute(gone.values(ended)).rowcount > 0

    def reseal(self, platform: str) -> None:
        """Seal every token under the first key, where another one sealed it.

        Raises ConfigError that names the workspaces whose tokens no key opens; the others are done.
        """
        shut: list[str] = []
        with self._database.write() as connection:
            for row in connection.execute(select(installation).where(_standing(platform)).with_for_update()).all():
                if self._secret_box.is_current(row.token):
                    continue
                try:
                    sealed = self._secret_box.seal(self._secret_box.open(row.token))
                except WrongKey:
                    shut.append(row.workspace)
                else:
                    this = update(installation).where(_standing(platform), _of(row.workspace))
                    connection.execute(this.values(token=sealed))
        if shut:
            raise _wrong_key(shut)

    def _opened(self, row: Row[tuple[object, ...]]) -> Installation | ConfigError:
        try:
            token = self._secret_box.open(row.token)
        except WrongKey:
            return _wrong_key([row.workspace])
        return Installation(
            platform=row.platform,
            workspace=row.workspace,
            token=token,
            bot_id=row.bot_id,
            bot_user=row.bot_user,
            name=row.name,
            site=row.site,
            by=row.installed_by,
        )


def _standing(platform: str) -> ColumnElement[bool]:
    return and_(installation.c.platform == platform, installation.c.token.is_not(None))


def _of(workspace: str) -> ColumnElement[bool]:
    return installation.c.workspace == workspace


def _wrong_key(workspaces: Iterable[str]) -> ConfigError:
    return ConfigError(
        "{variable} does not open the tokens of {workspaces}: put the key that sealed them behind it, as NEW,OLD; if "
        "it is lost, install the bot there again.",
        variable=KEY_VARIABLE,
        workspaces=", ".join(workspaces),
    )
