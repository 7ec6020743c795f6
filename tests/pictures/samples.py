"""One of every kind of message, Home and form, in a language: said by the real commands, drawn up by the renderers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.base.form import Form
from bot.base.i18n import Messages
from bot.base.looks import Looks
from bot.base.reply import Reply
from bot.platforms.discord import components, modal
from bot.platforms.slack import blocks, views
from bot.present import (
    digest_content,
    import_preview,
    notice,
    shown_digest,
    sources,
    trouble,
    welcome,
    with_quotes,
)
from briefs.discovery.looking import Looked
from briefs.models import Article, Digest
from briefs.models import Form as StoryForm
from briefs.store.daily_reports import Paused, Trouble
from briefs.store.follows import Follows
from briefs.store.notices import PrivateNotice
from briefs.store.sources import Health, Learnt, Sources
from tests.dispatcher import MONDAY, NEWS, Office, Person, open_office
from tests.pictures.found import FOUND
from tests.pictures.news import digest_of

LANGUAGES = ("en", "fr", "zh")
PLATFORMS = ("slack", "discord")
PARIS = "Europe/Paris"
TYPED = {
    "look-up": "tencent alibaba",
    "nothing-found": "zeppelin",
    "subscribed": "subscribe interop at 9:00 and 17:00 weekdays",
    "topics": "topics",
    "topic": "topic show interop",
    "preview": "preview interop",
    "subscriptions": "list",
    "help": "help",
    "settings": "settings",
    "status": "status",
    "asked-back": "subscribe Open links at 9 EST",
    "mistake": "subscribe Open links at 25:00",
    "no-topic": "topic show zeppelin",
    "greeting": "hello",
}
FORMS_OF_STORIES: tuple[StoryForm, ...] = ("compact", "full", "headlines")
FORMS = ("subscribe", "topic", "settings", "move", "follow", "search")

Said = Reply | Form
Payload = dict[str, Any]


async def said_in(language: str, folder: Path) -> Mapping[str, Said]:
    """Give what is said in a language, by its name: replies, Home among them, and forms."""
    office = open_office(folder, look=lambda *asked: Looked(FOUND[language]))
    try:
        ann = office.person(locale=language)
        await office.person().say("topic add interop Tencent + (links | 链接 | liens) - stock")
        await office.person().say("subscribe Open links at 8:30 mon,tue")
        office.channels.choose(NEWS, language=None)  # who asks is the first to give it theirs
        typed = {name: await _typed(ann, text) for name, text in TYPED.items()}
        pressed = await _pressed(ann)
        home = await _pressed_on(ann, "home", "0.0")
        followed = await _followed(office, ann)
        first = await _first_minute(office, language)
        more = {**followed, **await _forms(office, ann), **first}
        return {**_worded(language), **typed, **pressed, "home": home, **more}
    finally:
        office.archive.close()


def drawn_up(said: Said, name: str, platform: str) -> list[Payload]:
    """Give the payloads that show it: of a digest without what its thread has."""
    if isinstance(said, Form):
        return [views.form_view(said, NEWS.id) if platform == "slack" else modal.modal(said)]
    if name == "home" and platform == "slack":
        return [views.home_view(said, "0.0")]
    messages = blocks.messages(said) if platform == "slack" else components.messages(said)
    return [message.payload for message in messages if message.in_thread == name.endswith("-thread")]


def _worded(language: str) -> dict[str, Said]:
    """Give what comes by itself."""
    messages, news = Messages(language), digest_of(language, MONDAY)
    compact, full, headlines = (shown(news, messages, Looks(form)) for form in FORMS_OF_STORIES)
    paused = PrivateNotice(NEWS, "U1", news.topic, 7, "is_archived")
    return {
        "digest": compact,
        "digest-thread": compact,
        "digest-full": full,
        "digest-headlines": headlines,
        "digest-empty": shown(replace(news, articles=0, publishers=0, stories=(), more=()), messages, Looks()),
        "paused": notice(paused, messages, place="#news"),
        "topic-removed": notice(replace(paused, subscription=None), messages, place="#news"),
        "report": trouble(_trouble(), messages, zone=PARIS, now=MONDAY),
        "sources": sources(_health(), 14, messages, PARIS, MONDAY, may_retry=True, may_move=True),
    }


async def _first_minute(office: Office, language: str) -> dict[str, Said]:
    """Give what a team sees on its first morning, and what was changed then."""
    owner, messages = office.person(locale=language, manages_workspace=True), Messages(language)
    new = [{"address": f"https://{name.lower()}.example/feed", "name": name} for name in ("Heron", "Harbour", "Seal")]
    kept = {"file": "feeds.opml", "new": new, "known": 12, "wrong": [], "asked": 3, "dead": [new[2]["address"]]}
    return {
        "welcome": welcome(messages),
        "sample": await _pressed_on(owner, "sample", "sample"),
        "packs": await _typed(owner, "packs"),
        "pack": await _pressed_on(owner, "pack", "climate"),
        "import": import_preview(kept, messages, "key"),
        "audit": await _typed(owner, "audit"),
    }


def shown(news: Digest, messages: Messages, looks: Looks) -> Reply:
    """Show a digest with as many quotes as its channel wants."""
    content = with_quotes(
        digest_content(news, messages, channel=NEWS, permalink=lambda _channel, post: f"https://chat.example/{post}"),
        looks.quotes,
    )
    return shown_digest(content, messages, zone=PARIS, due=MONDAY, reference="1234567", looks=looks)


def _trouble() -> Trouble:
    return Trouble((), (Paused(NEWS, "Open links", "is_archived"),), tuple(_health()[1:2]))


def _health() -> list[Health]:
    well = Health(
        "https://post.example/feed", "feed", name="Post", tried_at=MONDAY, answered_at=MONDAY, state="well", id=1
    )
    silent = tuple(MONDAY - timedelta(days=30 + number) for number in range(10))
    return [
        well,
        replace(well, id=2, address="https://seals.example/feed", name="Seal News", state="empty"),
        replace(well, id=3, address="https://harbour.example/feed", name="Harbour Gazette", arrivals=silent),
        replace(
            well, id=4, address="https://daily.example", name="示例日报", moved_to="https://daily.example/new", moves=3
        ),
    ]


async def _typed(ann: Person, text: str) -> Said:
    await ann.say(text)
    return _last(ann)


async def _pressed(ann: Person) -> dict[str, Said]:
    """Give what comes of the buttons under a look-up and under one story."""
    await ann.say(TYPED["look-up"])
    value = ann.button("why").value
    shared = await _pressed_on(ann, "share", value.partition(":")[0])
    details = await _pressed_on(ann, "details", value)
    assert shared.after
    return {
        "shared": shared,
        "shared-after": shared.after,
        "why-details": details,
        "help-commands": await _pressed_on(ann, "page", "help:0"),
        **{
            name: await _pressed_on(ann, action, value)
            for name, action in (("why", "why"), ("timeline", "story"), ("wish", "up"))
        },
        "wishes": await _typed(ann, "feedback"),
    }


async def _followed(office: Office, ann: Person) -> dict[str, Said]:
    """Give what comes of following a site: what was found, what all are told, and how it is shown then."""
    said = {"looking": await _typed(ann, "follow https://harbour.example")}
    ann.last = said["found"] = await _last(ann).then()
    said["followed"] = await _pressed_on(ann, "follow", ann.button("follow").value)
    (source,) = Follows(office.archive.database).all()
    lately = [
        Article(str(number), one["title"], "", url=one["url"], published=MONDAY - timedelta(days=number + 1))
        for number, one in enumerate(FOUND[ann.locale][0]["newest"])
    ]
    office.archive.file(lately, brought={one.id: [source.address] for one in lately})
    arrivals = tuple(MONDAY - timedelta(hours=9 * number) for number in range(10))
    Sources(office.archive.database).learn([Learnt(source, MONDAY, arrivals=arrivals, state="well", about={})])
    said["sources-own"] = await _typed(ann, "sources")
    said["source"] = await _pressed_on(ann, "source", ann.button("source").value)
    said["unfollowed"] = await _pressed_on(ann, "unfollow", ann.button("unfollow").value)
    return said


async def _pressed_on(ann: Person, action: str, value: str) -> Reply:
    await ann.press(action, value)
    return _last(ann)


async def _forms(office: Office, ann: Person) -> dict[str, Said]:
    number = office.channels.topic(NEWS, "interop").id
    subscription = office.channels.subscriptions(NEWS)[0].id
    about = {
        "topic": f"topic {number}",
        "subscribe": f"subscribe t{number}",
        "settings": "settings ",
        "move": f"move {NEWS.id}:{subscription}",
        "follow": "follow ",
        "search": "search ",
    }
    opened = {f"form-{name}": (await _pressed_on(ann, "form", about[name])).form for name in FORMS}
    return {name: form for name, form in opened.items() if form}


def _last(ann: Person) -> Reply:
    assert ann.last
    return ann.last
