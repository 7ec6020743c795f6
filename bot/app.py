"""The composition root: the only place that knows every concrete part and how they fit together.

Config ─┬─> Archive ──┬─> Dispatcher ─────> adapters ──> chat
        │   Database ─┼─> Runs, Deliveries ─> DeliveryWorker ─> transports of the adapters
        └─> Sources ──┴─> gather, in a thread of its own with worker processes
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.base.leader_election import Leads
from bot.base.resources import starter
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError, IndexAway
from briefs.index import index_of
from briefs.index.cluster import INDEX_VARIABLE, Cluster
from briefs.index.opensearch import OpenSearchIndex
from briefs.models import Channel, Source
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.follows import Follows
from briefs.store.idempotency import IdempotencyKeys
from briefs.store.leases import Leases
from briefs.store.relaying import Relay
from briefs.store.replica import REPLICA_VARIABLE, Replica
from briefs.store.restoring import Doubts, begin_again, is_copy
from briefs.store.runs import Runs
from briefs.store.sources import Sources
from briefs.text.embedding_model import MODEL_VARIABLE, EmbeddingModel

if TYPE_CHECKING:  # an answer on the command line needs few parts: each is imported when it is first asked for
    from bot.base.metrics import Figures
    from bot.commands import Dispatcher
    from bot.delivery.daily_report import DailyReport
    from bot.delivery.notices import NoticeSender
    from bot.delivery.worker import DeliveryWorker
    from briefs.ingest.fetch import Fetcher
    from briefs.ingest.report import Report, Step
    from briefs.ingest.turns import Turns
    from briefs.store.channels import Channels
    from briefs.store.installations import Installations

log = logging.getLogger(__name__)


def config_folder(chosen: Path | None) -> Path:
    """Return the folder of configuration files: the chosen one, else the user's own, else the starter's."""
    from platformdirs import user_config_path

    own = user_config_path("briefbot")
    return chosen or (own if own.is_dir() else starter("config"))


def database_address(chosen: str | None) -> str:
    """Return the address of the database: the chosen one, perhaps given as a path; else a file of the user's."""
    from platformdirs import user_data_path

    if chosen and "://" in chosen:
        return chosen
    path = Path(chosen).expanduser() if chosen else user_data_path("briefbot") / "briefs.db"
    return f"sqlite:///{path.absolute()}"


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class App:
    """Every part over one configuration and one database, each made when it is first asked for.

    environment: where secrets come from. clock: the present instant, aware. wake_gatherer: has it seen now what is due;
    whoever runs one sets it.
    """

    def __init__(
        self,
        config: Config,
        address: str,
        *,
        environment: Mapping[str, str],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.config = config
        self.address = address
        self.environment = environment
        self.clock = clock
        self.wake_gatherer: Callable[[], None] = lambda: None

    @classmethod
    def open(
        cls,
        folder: Path | None,
        database: str | None,
        *,
        environment: Mapping[str, str],
        clock: Callable[[], datetime] = now,
    ) -> App:
        """Read the configuration; the database is opened when it is first needed.

        Raises ConfigError, one line that names file, line and key.
        """
        config = Config.load(config_folder(folder))
        return cls(config, database_address(database), environment=environment, clock=clock)

    def close(self) -> None:
        """Give back what the database holds, and others, where they were asked for."""
        for opened in map(self.__dict__.get, ("database", "cluster", "replica")):
            if opened:
                opened.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ parts

    @cached_property
    def database(self) -> Database:
        """The database, its tables up to date."""
        return Database.open(self.address)

    @cached_property
    def archive(self) -> Archive:
        """The articles."""
        index = OpenSearchIndex(self.cluster, index_of(self.database.shared)) if self.cluster else None
        return Archive(
            self.database, self.config.aliases, clock=self.clock, index=index, model=self.model, replica=self.replica
        )

    @cached_property
    def replica(self) -> Replica | None:
        """The read replica that answers look-ups, where there is one. Raises StoreError where its address is wrong."""
        address = self.environment.get(REPLICA_VARIABLE) or self.config.settings.replica
        return Replica(self.database, address) if address else None

    @cached_property
    def model(self) -> EmbeddingModel | None:
        """What tells how near texts are in meaning, where the operator names such a model."""
        folder = self.environment.get(MODEL_VARIABLE) or self.config.settings.semantic
        return EmbeddingModel(Path(folder).expanduser()) if folder else None

    @cached_property
    def cluster(self) -> Cluster | None:
        """Where the articles' index is; None: in the database. Raises ConfigError where its address is wrong."""
        address = self.environment.get(INDEX_VARIABLE) or self.config.settings.index
        return Cluster(address) if address else None

    @cached_property
    def relay(self) -> Relay | None:
        """Who brings articles to an index that is not in the database."""
        return Relay(self.database, self.cluster) if self.cluster else None

    @cached_property
    def channels(self) -> Channels:
        """Who reads what; the configured topics are in it."""
        from briefs.store.channels import Channels

        channels = Channels(self.database)
        topics = [(topic.name, str(topic), topic.languages) for topic in self.config.topics]
        channels.sync_topics(topics, self.clock())
        return channels

    @cached_property
    def sources(self) -> Sources:
        """How the sources are doing."""
        return Sources(self.database)

    @cached_property
    def follows(self) -> Follows:
        """Whose the sources are."""
        return Follows(self.database)

    def read_sources(self) -> list[Source]:
        """Return every source that is to be read: those of the configuration, and those that workspaces follow."""
        return [*self.config.sources, *self._only_followed()]

    def _only_followed(self) -> list[Source]:
        configured = {source.address for source in self.config.sources}
        return [source for source in self.follows.all() if source.address not in configured]

    @cached_property
    def runs(self) -> Runs:
        """The runs of subscriptions."""
        return Runs(self.database)

    @cached_property
    def deliveries(self) -> Deliveries:
        """The messages of runs."""
        return Deliveries(self.database)

    @cached_property
    def installations(self) -> Installations:
        """The workspaces that installed the bot. Raises ConfigError where the key of their tokens is not usable."""
        from briefs.store.installations import Installations
        from briefs.store.secret_box import KEY_VARIABLE, SecretBox

        return Installations(self.database, SecretBox(self.environment.get(KEY_VARIABLE, "")))

    @cached_property
    def once(self) -> IdempotencyKeys:
        """What counts once, and for a while."""
        return IdempotencyKeys(self.database)

    @cached_property
    def leads(self) -> Leads:
        """What this process would do alone, of those that share the database."""
        return Leads(Leases(self.database))

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Who answers commands."""
        from bot.commands import Dispatcher
        from bot.commands.scouting import look_at

        return Dispatcher(
            self.archive,
            self.channels,
            self.config,
            clock=self.clock,
            permalink=self.permalink,
            looked_up=self.figures.lookup.observe,
            look=partial(look_at, bridge=self.config.settings.bridge),
            wake=lambda: self.wake_gatherer(),
        )

    @cached_property
    def delivery_worker(self) -> DeliveryWorker:
        """Who brings digests; it serves no platform yet."""
        from bot.base.calendar import QuietHours
        from bot.delivery.editions import Editor
        from bot.delivery.worker import DeliveryWorker

        settings = self.config.settings
        editor = Editor(self.archive, self.config, self.permalink)
        return DeliveryWorker(
            self.runs,
            self.deliveries,
            editor.edition,
            rest=editor.rest,
            clock=self.clock,
            catch_up=settings.catch_up,
            quiet=QuietHours(*settings.quiet_hours) if settings.quiet_hours else None,
            policy=settings.policy,
            counts=self.figures,
        )

    @cached_property
    def notice_sender(self) -> NoticeSender:
        """Who tells people in private what became of what they subscribed."""
        from bot.delivery.notices import NoticeSender
        from briefs.store.notices import Notices

        return NoticeSender(Notices(self.database), self.channels, self.config)

    @cached_property
    def daily_report(self) -> DailyReport:
        """Who tells operators what waits for them."""
        from bot.delivery.daily_report import DailyReport
        from briefs.store.daily_reports import DailyReports

        configured = partial(self.sources.of, self.config.sources)
        return DailyReport(DailyReports(self.database), self.channels, self.config.settings, self.clock, configured)

    @cached_property
    def figures(self) -> Figures:
        """What is counted for monitors."""
        from bot.base.metrics import Figures

        return Figures()

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Return the address of a message that was posted, where its platform has such."""
        return self.delivery_worker.permalink(channel, reference)

    # ------------------------------------------------------------ work

    def gather(
        self,
        sources: Iterable[Source],
        progress: Callable[[Step], None] = lambda step: None,
        *,
        trusted: bool = False,
        only_due: bool = False,
    ) -> Report:
        """Read these sources into the archive; see `briefs.gather.gather`.

        They are everybody's, but for those that are workspaces' own. trusted: they are our own files, and need no
        worker processes that can be killed. only_due: those whose time has come.
        """
        from briefs.gather import gather
        from briefs.ingest.turns import Turns
        from briefs.store.host_turns import HostTurns
        from briefs.workers import Workers, in_process

        self.notice_copy()  # before there is more in it than the copy held
        owned = [source for source in self.config.sources if source.workspace]
        self.follows.assign(owned, self.clock())
        asked, theirs = list(sources), {source.address for source in (*owned, *self._only_followed())}
        self.follows.open(source for source in asked if source.address not in theirs)
        with nullcontext() if trusted else Workers() as workers:
            return gather(
                asked,
                self.archive,
                fetcher=self.fetcher(Turns(shared=HostTurns(self.database) if self.database.shared else None)),
                map=workers.map if workers else in_process,
                progress=progress,
                clock=self.clock,
                only_due=only_due,
                usual=timedelta(minutes=self.config.settings.gather.minutes),
            )

    def bring(self) -> None:
        """Bring what came in to an index outside the database and to an embedding model, where there are such.

        What they do not take waits.
        """
        try:
            for _ in self.relay.send() if self.relay else ():
                pass
        except IndexAway as problem:
            log.warning("index: %s", problem)
        try:
            for _ in self.archive.dense.catch_up() if self.archive.dense else ():
                pass
        except ConfigError as problem:
            log.warning("semantic: %s", problem)

    def notice_copy(self) -> None:
        """Begin again, and say so in the log, where the database says itself that it is a copy that was put back."""
        if is_copy(self.database):
            log.warning("%s is a copy that was put back: %s", self.database.url, self.begin_again())

    def begin_again(self) -> Doubts:
        """Note that the database is a copy that was put back, and give what may have been posted since it was made."""
        from bot.delivery.planning import plan_again

        now, catch_up = self.clock(), self.config.settings.catch_up
        return begin_again(self.database, now, lambda waiting: plan_again(waiting, now, catch_up))

    def fetcher(self, turns: Turns | None = None) -> Fetcher:
        """Return a guarded way out to the web. turns: when hosts may be asked; None: as this process alone knows."""
        from briefs.ingest.fetch import Fetcher

        return Fetcher(environment=self.environment, clock=self.clock, turns=turns)

    def keep_house(self) -> Iterator[None]:
        """Drop what nobody will ask for again, a step at a time: between two of them others have their turn."""
        from briefs.housekeeping import expire

        self.forget()
        yield
        if self.config.settings.retention:
            yield from expire(self.database, self.clock(), self.config.settings.retention)

    def forget(self) -> None:
        """Drop what is remembered for a while, whatever the settings."""
        from briefs.housekeeping import forget
        from briefs.store.memory import MEMORY

        forget(self.database, self.clock())
        self.archive.forget(self.clock() - MEMORY)
