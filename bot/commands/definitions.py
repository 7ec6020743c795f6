"""Every command, defined once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import (
    about,
    aliases,
    feedback,
    following,
    home,
    importing,
    looks,
    lookups,
    packs,
    reasons,
    subscriptions,
    topics,
)
from bot.commands.model import Command
from bot.commands.session import Session
from bot.grammar import Param
from briefs.errors import UsageError


def _help(session: Session, command: str | None = None) -> Reply:
    """Show one command, a list with the commands that change what is listed, or all."""
    chosen = next((one for one in COMMANDS if one.name == command), None)
    if chosen is None:
        return about.help_all(session)
    listed = chosen.name.removesuffix(" list").removesuffix("s")
    changing = [one for one in COMMANDS if not chosen.params and one.name.startswith((f"{listed} ", f"{listed}s "))]
    return about.help_one(session, chosen, others=[one for one in changing if one is not chosen])


# Each parameter by itself: the catalogue's extractor does not look into brackets within brackets within brackets.
_QUERY = Param("query", "query", t("What to look for; the word “search” may be left out."), required=True)
_SINCE = Param("since", "age", t("Only what came in since then: 24h, 7d, 2w."), option=True)
_FROM = Param("since", "day", t("Only from that day on: 7d, yesterday, 2026-11-20."), filter=True)
_UNTIL = Param("before", "day", t("Only from before that day: yesterday, 2026-11-20."), filter=True)
_ONLY_IN = Param(
    "language", "language", t("Only articles in this language: en, fr, zh…"), filter=True, aliases=("lang",)
)
_SOURCE = Param("source", "words", t("Only from this source: its name, or its site."), filter=True)
_TITLE = Param("title", "words", t("Only with these words in the title."), filter=True)
_LIMIT = Param("limit", "count", t("How many stories to show."), option=True, high=10)
_TOPIC = Param("topic", "topic", t("The name of a topic."), required=True)
_SOME_TOPIC = Param("topic", "topic", t("The name of a topic; all where none is named."))
_NEW_TOPIC = Param("topic", "topic", t("A name for it; in quotation marks where it has several words."), required=True)
_OTHER_NAME = Param("name", "expression", t("Its new name."), required=True)
_WORDS = Param(
    "words", "expression", t("Words it looks for: a + b for both, (a | b) for either, - c to leave out."), required=True
)
_TIME = Param("time", "time", t("At what times: 9:00, 9:00 and 17:00. Default: 9:00."))
_DAYS = Param("days", "days", t("On which days: weekdays, mon,wed, every 2 weeks, first monday. Default: every day."))
_START = Param("start", "date", t("From which day on: 7 December."))
_END = Param("until", "date", t("Until which day: 12 January; “no end” takes it away."))
_FORM = Param("form", "form", t("How long: compact, full or headlines. Default: the channel's."))
_STORIES = Param("stories", "count", t("How many stories it shows. Default: the channel's."), option=True)
_LENGTH = Param("length", "length", t("For how long: 2 weeks."))
_BACK = Param("until", "date", t("Until which day: 12 January."))
_EVERYWHERE = Param("everywhere", "everywhere", t("In all channels that you may change."))
_THERE = Param("channel", "channel", t("To which channel."), required=True)
_WHOSE_CLOCK = Param("zone", "zone", t("On whose clock: Europe/Paris. Default: the channel's."))
_CHANNEL = Param("channel", "channel", t("In which channel. Default: this one."))
_STORY = Param(
    "story", "story", t("The number of the story; or the address of an article that is not there."), high=100
)
_NUMBER = Param("number", "count", t("The number of the story."), high=100)
_NAMES = Param("names", "names", t("Names of the same thing with = between them: Tencent = 腾讯."), required=True)
_NAME = Param("name", "expression", t("One of the names."), required=True)
_WISH = Param("number", "count", t("Its number in the list; all where none is given."), high=1000)
_LANGUAGE = Param("language", "spoken", t("The language I speak here: en, fr, zh."), required=True, label=t("code"))
_ZONE = Param("zone", "zone", t("An IANA time zone, or a city: Europe/Paris."), required=True)
_LOOKS = Param("form", "form", t("How stories look: compact, full or headlines."), required=True)
_QUOTES = Param("number", "count", t("Quotes of a story, 1 to 3."), required=True, high=3)
_FILE = Param("file", "file", t("An OPML file, as feed readers export it."), required=True)
_PACK = Param("pack", "pack", t("A word of what it is; all where none is named."))
_COMMAND = Param("command", "command", t("The command to explain."))
_ADDRESS = Param(
    "address", "address", t("The address of a site, feed, channel or project, as your browser shows it."), required=True
)
_FOLLOWED = Param("source", "source", t("The name or the address of a source that you follow."), required=True)
_SOURCE_NAME = Param("name", "expression", t("What to call it."), required=True)

_Change = partial(Command, manages=True, effect=True)  # of what the channel has, or gets
COMMANDS: tuple[Command, ...] = (
    Command(
        "search",
        (_QUERY, _FROM, _UNTIL, _ONLY_IN, _SOURCE, _TITLE, _LIMIT),
        t("Look words up; only you see the answer"),
        lookups.search,
        aliases=(
            "brief",
            "recherche",
            "rechercher",
            "search for",
            "look up",
            "lookup",
            "find",
            "搜索",
            "搜一下",
            "搜",
            "查一下",
            "查询",
            "检索",
        ),
        example=t("tencent alibaba since:7d"),
    ),
    Command("home", (), t("Show your channels, the topics, and what is in trouble"), home.home, aliases=("首页",)),
    Command("topics", (), t("List the topics"), topics.topics),
    Command(
        "topic show",
        (_TOPIC,),
        t("Show one topic"),
        topics.show,
        aliases=("show topic", "voir thème", "montrer thème", "查看主题"),
        example="interop",
    ),
    _Change(
        "topic add",
        (_NEW_TOPIC, _WORDS),
        t("Add a topic, and see what it brings"),
        topics.add,
        aliases=(
            "add topic",
            "new topic",
            "create topic",
            "topic new",
            "nouveau thème",
            "ajouter thème",
            "créer thème",
            "添加主题",
            "新建主题",
        ),
        example='interop Tencent + Alibaba + (interoperability | "open links" | 互联互通) - stock',
    ),
    Command(
        "topic edit",
        (_TOPIC, _WORDS),
        t("Change what a topic looks for"),
        topics.edit,
        aliases=("edit topic", "change topic", "modifier thème", "修改主题"),
        effect=True,
        example="interop Tencent + Alibaba",
    ),
    Command(
        "topic rename",
        (_TOPIC, _OTHER_NAME),
        t("Give a topic another name"),
        topics.rename,
        aliases=("rename topic", "renommer thème", "重命名主题"),
        effect=True,
        example='interop "open links"',
    ),
    Command(
        "topic remove",
        (_TOPIC,),
        t("Remove a topic"),
        topics.remove,
        aliases=("remove topic", "delete topic", "topic delete", "supprimer thème", "删除主题"),
        effect=True,
        example="interop",
    ),
    _Change(
        "subscribe",
        (_TOPIC, _TIME, _DAYS, _WHOSE_CLOCK, _CHANNEL, _START, _END, _FORM, _STORIES),
        t("Have a topic's digest posted here"),
        subscriptions.subscribe,
        aliases=("s'abonner", "s'abonner à"),
        example=t("interop at 9:00 weekdays Europe/Paris"),
    ),
    _Change(
        "unsubscribe",
        (_TOPIC, _CHANNEL),
        t("Stop a topic's digest"),
        subscriptions.unsubscribe,
        aliases=("se désabonner", "取消订阅"),
        example="interop",
    ),
    Command(
        "move",
        (_TOPIC, _THERE),
        t("Have a topic's digest posted in another channel"),
        subscriptions.move,
        effect=True,
        example=t("interop to #news"),
    ),
    Command(
        "list",
        (_CHANNEL, _EVERYWHERE),
        t("List what this channel gets, and when"),
        subscriptions.list_subscriptions,
        aliases=("subscriptions", "abonnements", "mes abonnements", "我的订阅", "订阅列表"),
        example=t("everywhere"),
    ),
    _Change(
        "pause",
        (_SOME_TOPIC, _CHANNEL, _LENGTH, _BACK),
        t("Pause digests"),
        subscriptions.pause,
        aliases=("suspendre", "suspends", "suspendez", "mettre en pause", "mets en pause"),
    ),
    _Change(
        "snooze",
        (_SOME_TOPIC, _LENGTH, _BACK, _CHANNEL),
        t("Pause digests for a while"),
        subscriptions.snooze,
        example=t("2 weeks"),
    ),
    _Change(
        "resume",
        (_SOME_TOPIC, _CHANNEL),
        t("Let paused digests go on"),
        subscriptions.resume,
        aliases=("reprends", "reprenez", "继续"),
    ),
    Command(
        "digest",
        (_TOPIC, _SINCE),
        t("Post now what is new on a topic"),
        topics.digest,
        aliases=("now", "résumé", "résume", "resumé", "résumer", "摘要"),
        effect=True,
        example=t("interop since:7d"),
    ),
    Command("preview", (_TOPIC,), t("See what a topic brings, before subscribing"), topics.preview, example="interop"),
    Command(
        "why",
        (_STORY,),
        t("Say why a story is there, or why an article is not"),
        reasons.why,
        aliases=("为什么",),
        example="2",
    ),
    Command(
        "story",
        (_NUMBER,),
        t("Show a story day by day; only you see it"),
        reasons.timeline,
        aliases=("timeline", "chronologie", "时间线"),
        example="2",
    ),
    _Change(
        "alias add",
        (_NAMES,),
        t("Say that names mean the same thing, here"),
        aliases.add,
        aliases=("alias", "别名"),
        example="Tencent = 腾讯 = 騰訊",
    ),
    Command("alias list", (), t("List the names that mean the same thing"), aliases.listed, aliases=("aliases",)),
    Command(
        "alias remove",
        (_NAME,),
        t("Part names that were joined"),
        aliases.remove,
        effect=True,
        example="Tencent",
    ),
    Command(
        "feedback list",
        (),
        t("Show what readers here want more and less of"),
        feedback.listed,
        aliases=("feedback", "souhaits", "偏好"),
    ),
    _Change(
        "feedback undo",
        (_WISH,),
        t("Take back one wish, or all"),
        feedback.undo,
        example="1",
    ),
    Command(
        "follow",
        (_ADDRESS,),
        t("Find what can be followed at an address, and follow it"),
        following.follow,
        aliases=("suis", "suivez", "add source", "add feed", "ajouter source", "ajouter flux", "添加来源"),
        manages=True,
        example="www.example.org",
    ),
    _Change(
        "unfollow",
        (_FOLLOWED,),
        t("Follow a source no more"),
        following.unfollow,
        aliases=("remove source", "delete source", "ne plus suivre", "supprimer source", "删除来源"),
        example="Example Daily",
    ),
    Command("sources", (), t("Say how each source is doing"), about.sources),
    Command(
        "source show",
        (_FOLLOWED,),
        t("Show a source: how it is doing, and what became of its articles"),
        following.show,
        example="Example Daily",
    ),
    _Change(
        "source rename",
        (_FOLLOWED, _SOURCE_NAME),
        t("Call a source otherwise, in this workspace"),
        following.rename,
        example='"Example Daily" Daily',
    ),
    _Change(
        "source mute",
        (_FOLLOWED,),
        t("Keep a source, and show nothing of it here"),
        following.mute,
        example="Example Daily",
    ),
    _Change(
        "source unmute",
        (_FOLLOWED,),
        t("Show a source again"),
        following.unmute,
        example="Example Daily",
    ),
    _Change(
        "import",
        (_FILE,),
        t("Follow the feeds of another reader, from an OPML file"),
        importing.import_,
        example="feeds.opml",
    ),
    Command("export", (), t("Get the feeds that are read here as an OPML file"), importing.export),
    Command(
        "packs",
        (_PACK,),
        t("List starter packs: sources and topics, by subject"),
        packs.packs,
        aliases=("paquets", "pack"),
        example=t("climate"),
    ),
    Command("status", (), t("Say how I am doing, and what this channel has set"), about.status, aliases=("statut",)),
    Command("audit", (), t("Show who changed what in this workspace"), about.audit),
    Command("settings", (), t("Show what this channel has set, and change it"), looks.settings),
    _Change(
        "language",
        (_LANGUAGE,),
        t("Choose the language I speak in this channel"),
        about.language,
        aliases=("lang", "speak", "set language", "parler", "说", "讲"),
        example="fr",
    ),
    _Change(
        "zone",
        (_ZONE,),
        t("Choose this channel's time zone"),
        about.zone,
        aliases=("timezone", "time zone", "set timezone", "set zone", "fuseau horaire"),
        example="Europe/Paris",
    ),
    _Change(
        "form",
        (_LOOKS,),
        t("Choose how stories look in this channel"),
        looks.form,
        aliases=("settings form", "réglages forme", "设置 样式"),
        example="full",
    ),
    _Change(
        "quotes",
        (_QUOTES,),
        t("Choose how many quotes a story has in this channel"),
        looks.quotes,
        aliases=("settings quotes", "réglages citations", "设置 引文"),
        example="2",
    ),
    Command(
        "help",
        (_COMMAND,),
        t("Explain the commands, or one of them"),
        _help,
        example="subscribe",
    ),
)

# The long answers whose pages are turned in place: the name that a button has, and what gives ten from a start on.
PAGES: Mapping[str, Callable[[Session, int], Reply]] = {
    "topics": topics.topics,
    "list": subscriptions.page_of_list,
    "sources": about.sources,
    "audit": about.audit,
    "wishes": feedback.listed,
    "names": aliases.listed,
    "help": lambda session, start: about.help_commands(session, COMMANDS, start),
}


def turned(session: Session, value: str) -> Reply:
    """Return the page of a long answer that a button names: "topics:10"."""
    name, _, start = value.partition(":")
    if name not in PAGES or not start.isdecimal() or len(start) > _LONGEST_START:
        raise UsageError("This button no longer works.", hints=("help",))
    return replace(PAGES[name](session, int(start)), in_place=True)


_LONGEST_START = 18  # digits, as every database can take them
