"""`briefbot topics`, `sources`, `subscriptions` and `check`: what is set up, and whether it works."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.options import Options
from briefs.masking import masked

if TYPE_CHECKING:
    from bot.app import App
    from bot.base.i18n import Messages
    from briefs.models import Source
    from briefs.store.channel_rows import Subscription
    from briefs.store.sources import Health


def topics(options: Options) -> None:
    """List the topics of the configuration and of every workspace."""
    from briefs.store.inventory import all_topics

    with output.opened(options) as app:
        app.channels  # noqa: B018  # opening them brings the configured topics up to date
        known = [
            {
                "name": one.topic.name,
                "expression": one.topic.expression,
                "languages": list(one.topic.languages),
                "platform": one.platform or None,
                "workspace": one.workspace or None,
            }
            for one in all_topics(app.database)
        ]
    output.listed(
        known,
        ("topic", "looks for", "languages", "of"),
        lambda one: (one["name"], one["expression"], " ".join(one["languages"]), _whose(one)),
        json=options.json,
        otherwise="No topics yet: write them in topics.yaml, or add them in chat.",
    )


def _whose(topic: dict[str, Any]) -> str:
    return f"{topic['platform']} {topic['workspace']}" if topic["platform"] else "the configuration"


def sources(
    options: Options,
    use: Annotated[
        str, typer.Option("--use-new-address", metavar="SOURCE", help="Read it where it has moved to, from now on.")
    ] = "",
) -> None:
    """List the sources and how they are doing."""
    with output.opened(options) as app:
        if use:
            _use_new_address(app, use)
        known = {health.address: health for health in app.sources.health()}
        configured = {source.address: source for source in app.config.sources}
        words, zone, now = output.messages(app), app.config.settings.zone, app.clock()
    listed = [
        _source(address, configured.get(address), known.get(address), words, zone, now)
        for address in [*configured, *(address for address in known if address not in configured)]
    ]
    if options.json:
        output.document(listed)
        return
    columns = ("kind", "last answer", "health")
    output.table(
        ("source", *columns),
        [_row(one) for one in listed if one["configured"]],
        otherwise="No sources yet: write them in sources.yaml, or name one: briefbot gather ADDRESS",
    )
    others = [_row(one) for one in listed if not one["configured"]]
    if others:
        output.table(("read by hand, or no longer a source", *columns), others)


def _use_new_address(app: App, called: str) -> None:
    from briefs.ingest.source_health import offered

    for one in app.sources.health():
        if called in (one.name, one.title, masked(one.address)) and (instead := offered(one)):
            app.sources.use(one.address, instead, app.clock())
            return
    raise output.CommandError(
        f"{called}: no source of this address or name has another by now; briefbot sources lists them"
    )


def _source(
    address: str, source: Source | None, health: Health | None, words: Messages, zone: str, now: datetime
) -> dict[str, Any]:
    """Say all of one source: as it is configured, and as it was last read."""
    from bot import present
    from briefs.ingest.polling import MOVED
    from briefs.ingest.source_health import condition, offered
    from briefs.store.sources import Health

    name = source.name if source else health.name if health else None
    return {
        "address": masked(address),
        "kind": source.kind if source else health.kind if health else None,
        "name": name and masked(name),
        "configured": source is not None,
        "answered": _iso(health.answered_at if health else None),
        "tried": _iso(health.tried_at if health else None),
        "failures": health.failures if health else 0,
        "error": health.error and masked(health.error) if health else None,
        "state": condition(health, now) if health else "unread",
        "says": present.said(health or Health("", ""), words, zone, now),
        "title": health.title if health else None,
        "next": _iso(health.next_at if health else None),
        "moved_to": health.moved_to and masked(health.moved_to) if health and health.moves >= MOVED else None,
        "offered": masked(instead) if health and (instead := offered(health)) else None,
        "uses": health.uses and masked(health.uses) if health else None,
    }


def _row(source: dict[str, Any]) -> tuple[str, ...]:
    return (
        " · ".join(filter(None, (source["name"] or source["title"], source["address"]))),
        source["kind"],
        (source["answered"] or "never")[:16].replace("T", " "),
        source["says"],
    )


def subscriptions(options: Options) -> None:
    """List which channels are told of what, and when."""
    with output.opened(options) as app:
        known = app.channels.all_subscriptions()
        messages = output.messages(app)
    if options.json:
        output.document([_subscription(one) for one in known])
        return
    output.table(
        ("topic", "channel", "when", "next"),
        [(one.topic.name, str(one.channel), f"{one.schedule} {one.zone}", _next(one, messages)) for one in known],
        otherwise="No subscriptions yet: in a channel, type /brief subscribe TOPIC.",
    )


def _subscription(one: Subscription) -> dict[str, Any]:
    return {
        "topic": one.topic.name,
        "platform": one.channel.platform,
        "workspace": one.channel.workspace,
        "channel": one.channel.id,
        "schedule": one.schedule,
        "zone": one.zone,
        "paused": one.paused,
        "paused_because": one.paused_because,
        "next_due": _iso(one.next_due),
        "served_at": _iso(one.served_at),
    }


def _next(one: Subscription, words: Messages) -> str:
    if one.paused:
        return "paused: " + (output.refusal(one.paused_because, words) if one.paused_because else "by a member")
    return one.next_local.replace("T", " ") if one.next_local else "over"


def check(options: Options) -> int:
    """Check configuration, secrets, database, sources and chat connections; say what to do."""
    import asyncio

    from bot.cli.checkup import check_all

    findings = asyncio.run(check_all(options.config, options.database, options.environment))
    if options.json:
        output.document([{"of": f.of, "well": f.well, "says": f.says} for f in findings])
    else:
        output.table(("", "", ""), [("✓" if f.well else "✗", f.of, f.says) for f in findings], header=False)
    return 0 if all(finding.well for finding in findings) else 1


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
