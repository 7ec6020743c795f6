"""What a soak showed, and what the ledgers of the fakes say of its digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select

from briefs.store import schema
from tests.faults.stage import DISCORD_POST, SLACK_POST
from tests.faults.world import World

_RUNS = (
    select(schema.run, schema.channel.c.channel)
    .join(schema.subscription, schema.subscription.c.id == schema.run.c.subscription_id)
    .join(schema.channel, schema.channel.c.id == schema.subscription.c.channel_id)
    .where(schema.channel.c.channel.in_(bindparam("channels", expanding=True)))
)


@dataclass
class Outcome:
    """What a soak showed. lines: of its table: what, value, wanted; broken: what was not as wanted."""

    kind: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def note(self, what: str, value: str, wanted: str = "", well: bool = True) -> None:
        """Put a line into the table."""
        self.lines.append((what, value, wanted))
        if not well:
            self.broken.append(f"{self.kind}: {what}: {value}, wanted: {wanted}")


def posts(scene: World) -> Iterator[tuple[str, str]]:
    """Give the channel and the name of each message of a digest that people see."""
    for entry in scene.slack.ledger.of(SLACK_POST):
        if metadata := entry.body.get("metadata"):
            yield entry.channel, metadata["event_payload"]["delivery"]
    for entry in scene.discord.ledger.of(DISCORD_POST):
        place = scene.discord.channels[entry.channel]
        yield place.parent or place.id, entry.body["nonce"]


def delivered(outcome: Outcome, scene: World, channels: AbstractSet[str]) -> None:
    """Hold what was due against what people see."""
    posted = list(posts(scene))
    counted = Counter(name for _, name in posted)
    table = schema.delivery
    with scene.database() as database, database.read() as connection:
        written = {
            row.uuid if row.platform == "slack" else row.nonce: row.state for row in connection.execute(select(table))
        }
        composed = select(func.count()).select_from(schema.run).where(schema.run.c.state != "DUE")
        runs = connection.execute(composed).scalar_one()
        silent = channels - {channel for channel, _ in posted}
        found_nothing = [*connection.execute(_RUNS, {"channels": [*silent]})]
    missing = len(silent) + len(written.keys() - counted.keys())
    double = sum(counted.values()) - len(counted)
    outcome.note("digests due", str(len(channels)))
    outcome.note("digests written", str(runs), str(len(channels)), runs == len(channels))
    outcome.note("messages", f"{len(written)} written, {len(posted)} posted")
    outcome.note("missing", str(missing), "0", not missing)
    outcome.note("double", str(double), "0", not double)
    for run in found_nothing:
        outcome.note("nothing was posted for", str(run._asdict()))
