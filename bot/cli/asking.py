"""`briefbot brief` and `briefbot digest`: a look-up, and a digest that is not posted."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli import output
from bot.cli.options import Options

LimitOption = Annotated[int | None, typer.Option("--limit", min=1, max=20, help="How many stories at most.")]


def brief(
    options: Options,
    query: Annotated[
        list[str],
        typer.Argument(metavar="QUERY", help="The words to look up; with filters, as source:reuters, title:heron."),
    ],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Only from that day on: 7d, yesterday, 2026-11-20.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="DAY", help="Only from before that day: yesterday, 2026-11-20.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="CODE", help="Only articles in this language.")] = None,
    limit: LimitOption = None,
) -> None:
    """Look words up: stories with verbatim quotes, each with a link to its place."""
    from bot.present import look_up_content, shown_brief, to_json
    from briefs.text.languagenames import named_language
    from briefs.text.moments import parse_moment
    from briefs.topics import with_filters

    with output.opened(options) as app:
        messages, zone = output.messages(app), app.config.settings.zone
        for day in filter(None, (since, before)):  # what is wrong is said of what was typed, not of the query it makes
            parse_moment(day, app.clock())
        lang = named_language(lang) if lang else None
        found = app.archive.brief(
            with_filters(" ".join(query), since=since, before=before, language=lang),
            limit=limit or app.config.settings.digest.stories,
            reader=messages.language,
            zone=ZoneInfo(zone),
        )
        content = look_up_content(found, messages, zone)
        if options.json:
            output.document(to_json(content))
        else:
            output.reply(shown_brief(content, messages, zone=zone, now=app.clock()))


def digest(
    options: Options,
    topic: Annotated[list[str], typer.Argument(metavar="TOPIC", help="The name of a topic; see `briefbot topics`.")],
    since: Annotated[str, typer.Option("--since", metavar="AGE", help="What came in since: 24h, 7d.")] = "7d",
    limit: LimitOption = None,
) -> None:
    """Show what a digest on a topic would say now, without posting it."""
    from bot.grammar import parse_age
    from bot.present import digest_content, shown_digest, to_json

    with output.opened(options) as app:
        session = output.session(app)
        found = app.archive.digest(
            session.wanted(session.topic(" ".join(topic))),
            since=session.now - parse_age(since),
            limit=limit or app.config.settings.digest.stories,
            reader=session.messages.language,
        )
        content = digest_content(found, session.messages)
        if options.json:
            output.document(to_json(content))
        else:
            output.reply(shown_digest(content, session.messages, zone=session.zone, due=session.now))
