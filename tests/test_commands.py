"""Conversations with the bot: what people type, what they see."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import present
from bot.base.i18n import Messages
from bot.base.reply import Buttons, Row, StoryItem
from bot.commands import COMMANDS, Dispatcher, Place
from briefs.models import Article, Source
from briefs.store.sources import Learnt, Sources
from tests.dispatcher import ELSEWHERE, MONDAY, NEWS, OTHER_TEAM, open_office
from tests.posts import Posts

QUOTE = (
    "“The Chinese company Tencent said on Monday in Shenzhen that links to the 9 million shops of Alibaba open "
    "inside WeChat.” ↗"
)


# ---------------------------------------------------------------- look-ups


async def test_words_are_looked_up_for_the_asker_alone(office):
    ann = office.person()
    seen = await ann.say("tencent alibaba")
    assert "Tencent opens its links to Alibaba" in seen
    assert QUOTE in " ".join(seen.split())
    assert "[Share to channel]  [Subscribe to this]" in seen
    assert not ann.last.public


async def test_a_language_can_be_asked_for(office):
    assert "Le tabac chinois" in await office.person().say("internet language:français")
    assert "1 story" in await office.person().say("腾讯 lang:zh limit:1")


async def test_nothing_found_is_said_honestly(office):
    assert "Nothing on “zeppelin” in 4 articles since" in await office.person().say("zeppelin")


async def test_sharing_shows_the_channel_what_the_asker_saw(office):
    ann = office.person()
    seen = await ann.say("tencent alibaba")
    assert QUOTE in " ".join(seen.split())
    shared = await ann.press("share", ann.button("share").value)
    assert ann.last.public
    assert "Shared by Ann" in shared
    assert QUOTE in " ".join(shared.split())
    assert "Share to channel" not in shared


async def test_a_share_is_what_was_seen_even_when_the_archive_has_moved_on(office):
    ann = office.person()
    await ann.say("taobao")
    value = ann.button("share").value
    office.archive.add(
        [office.archive.article("pay").__class__(id="pay", title="Another title", text="All is changed.")]
    )
    assert "WeChat Pay reaches Taobao" in await ann.press("share", value)


STRANGERS = ({"name": "bob"}, {"channel": ELSEWHERE}, {"channel": OTHER_TEAM}, {"name": "bob", "channel": OTHER_TEAM})
HOSTILE = ('"', "NEAR(a b)", "title:x OR 1=1", "-x", "\x00tencent\x00", "*", "' --", "😀", "x" * 5000)


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("action", ["share", "subscribe", "why"])
async def test_nobody_else_can_open_an_answer(office, stranger, action):
    ann, other = office.person(), office.person(**stranger)
    await ann.say("tencent alibaba")
    value = ann.button("share").value + (":1" if action == "why" else "")
    assert "I no longer have that answer" in await other.press(action, value)
    assert not other.last.public


async def test_a_button_with_another_value_opens_nothing(office):
    ann = office.person()
    for value in ("", "1", ":", "x:y", "' OR 1=1 --", "1:1:1"):
        for action in ("share", "subscribe", "why"):
            assert "I no longer have that answer" in await ann.press(action, value)
    assert "This button no longer works" in await ann.press("dance", "1")


async def test_a_look_up_becomes_a_subscription(office):
    ann = office.person()
    await ann.say("wechat taobao")
    seen = await ann.press("subscribe", ann.button("subscribe").value)
    assert "#news gets “wechat taobao”" in seen
    assert "09:00 (Paris), every day" in seen
    assert "Monday 16 November, 09:00; Tuesday 17 November, 09:00; Wednesday 18 November, 09:00" in seen
    assert [one.topic.expression for one in office.channels.subscriptions(NEWS)] == ["wechat + taobao"]


async def test_subscribing_twice_to_one_look_up_makes_one_topic(office):
    ann = office.person()
    for _ in range(2):
        await ann.say("wechat taobao")
        await ann.press("subscribe", ann.button("subscribe").value)
    assert [topic.name for topic in office.channels.topics(NEWS)] == ["Open links", "wechat taobao"]


async def test_why_names_the_words_and_what_each_brought(office):
    ann = office.person()
    assert "Nothing has been shown here yet" in await ann.say("why 1")
    await ann.say("tencent alibaba")
    seen = await ann.say("why 1")
    assert "Why story 1 of “tencent alibaba”" in seen
    assert "Named in the title, told by 2 sources, since " in " ".join(seen.split())
    details = await ann.press("details", ann.button("details").value)
    assert ann.last.in_place
    assert "the word “tencent”" in details
    assert "Higher stands first" in details
    assert "There is no story 9; the last is" in await ann.say("why 9")


@pytest.mark.parametrize("query", HOSTILE)
async def test_no_look_up_breaks_anything(office, query):
    seen = await office.person().say(f"search {query}")
    assert seen
    assert "Something went wrong" not in seen


# ---------------------------------------------------------------- subscriptions


async def test_subscribing_says_the_whole_state_that_results(office):
    seen = await office.person().say("subscribe open links at 9h30 weekdays Europe/Paris")
    assert "#news gets “Open links”" in seen
    assert "When: 09:30 (Paris), Monday to Friday" in seen
    assert "Monday 16 November, 09:30; Tuesday 17 November, 09:30; Wednesday 18 November, 09:30" in seen
    assert "Looks for: “Tencent” and “Alibaba”" in seen
    assert "First digest: 2 stories so far" in seen
    (made,) = office.channels.subscriptions(NEWS)
    assert (made.schedule, made.zone) == ("09:30 mon,tue,wed,thu,fri", "Europe/Paris")
    assert made.next_local == "2026-11-16T09:30"


async def test_subscribing_again_changes_only_what_is_named(office):
    ann = office.person()
    await ann.say("subscribe open links at 9:30 weekdays Asia/Shanghai")
    assert "18:00 (Shanghai), Monday to Friday" in await ann.say("subscribe open links at 18:00")
    assert len(office.channels.subscriptions(NEWS)) == 1


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (
            "open link",
            "There is no topic “open link”; the nearest is “Open links”. [Take “Open links”] [Topics] [New topic]",
        ),
        ("open link when it rains", "There is no topic “open link when it rains”; the nearest is “Open links”."),
        ("qwertz", "There is no topic “qwertz”. [Topics] [New topic]"),
        ("open links at 25:00", "“25:00” is not a time"),
        ("open links Europe/Pariss", "did you mean Europe/Paris?"),
        ("open links mondayy", "“mondayy” is not a day"),
        (
            "open links gibberish",
            "“gibberish” is neither a time, a day, a date, a time zone nor a channel; write it like",
        ),
        ("open links le 31 Février à 9h", "“le 31 Février” is neither a time"),
        ("open links 31 février à 9h", "“31 février” is neither a time"),
        ("open links 每天9点啊啊", "“啊啊” is neither a time"),
        ("open links 每天9点啊啊周一", "“啊啊” is neither a time"),
        ("open links 31 February at 9:00", "“31 February” is neither a time"),
        ("open links every 3 days", "“every 3 days” is not possible: name times, such as 9:00 and 17:00"),
        ("open links every 15 days", "days, such as mon,thu or every 2 weeks"),
        ("open links 每15天", "“每15天” is not possible"),
        ("open links every 14 days every hour", "“every hour” is not possible"),
        ("open links toutes les deux heures", "“toutes les deux heures” is not possible"),
        ("open links 每小时", "“每小时” is not possible"),
        ("open links every other day at 9", "“every other day” is not possible: name times"),
        ("open links un jour sur deux à 9h", "“un jour sur deux” is not possible"),
        ("open links 隔天 9:00", "“隔天” is not possible"),
        ("open links 2月31日 9:00", "“2月31日” is neither a time, a day, a date"),
        ("open links 2027-02-31 9:00", "“2027-02-31” is neither a time, a day, a date"),
        ("open links 12 January 9:00", "“12 January” is a date: write “from” or “until” before it."),
        ("open links 9h le 12 janvier", "“le 12 janvier” is a date: write “from” or “until” before it."),
        ("open links 1月12日 9:00", "“1月12日” is a date: write “from” or “until” before it."),
        ("open links in #nowhere", "I cannot see the channel #nowhere; invite me there"),
        ("", "Something is missing: topic."),
    ],
)
async def test_what_is_wrong_in_a_subscription_is_one_clear_line(office, typed, answer):
    seen = await office.person().say(f"subscribe {typed}")
    assert answer in " ".join(seen.split())
    assert office.channels.subscriptions(NEWS) == []


@pytest.mark.parametrize(
    ("asked", "others"),
    {
        "topic": ["topic show", "topic add", "topic edit", "topic rename", "topic remove"],
        "主题": ["topic show", "topic add", "topic edit", "topic rename", "topic remove"],
        "sources": ["source show", "source rename", "source mute", "source unmute"],
        "aliases": ["alias add", "alias remove"],
        "topic add": [],
        "status": [],
    }.items(),
)
async def test_help_on_a_list_names_what_changes_it(office, asked, others):
    seen = await office.person().say(f"help {asked}")
    named = [line.split()[2:4] for line in seen.splitlines() if line.startswith("• /brief ")]
    assert [" ".join(words) for words in named] == others


@pytest.mark.parametrize("day", ["since", "before"])
async def test_a_day_that_is_none_is_told_so_and_not_a_character_of_a_query_that_nobody_typed(office, day):
    seen = await office.person().call("search", query="tencent", **{day: "banana"})
    assert seen.startswith("“banana” is not a day; write it like 2026-11-20, yesterday")
    assert "Tencent opens its links" in await office.person().call("search", query="tencent", since="7d")


async def test_a_slip_in_a_topics_name_is_mended_by_one_press_and_the_rest_stands_as_it_was_typed(office):
    ann = office.person()
    await ann.say("subscribe open link at 9:30 weekdays")
    assert "#news gets “Open links”\n" in await ann.press("instead", ann.button("instead").value)
    (made,) = office.channels.subscriptions(NEWS)
    assert made.schedule == "09:30 mon,tue,wed,thu,fri"


async def test_who_may_not_subscribe_a_channel_may_not_by_what_another_was_offered(office):
    ann, bob = office.person(), office.person(name="bob", may_manage=False)
    await ann.say("subscribe open link at 9:30")
    assert "Only those who manage" in await bob.press("instead", ann.button("instead").value)
    assert office.channels.subscriptions(NEWS) == []


@pytest.mark.parametrize(
    ("settings", "said"), [("", "a digest may come twice"), ("policy: prefer_silence", "a digest may not come")]
)
async def test_a_channel_that_cannot_be_looked_through_is_told_so_when_it_subscribes(tmp_path, settings, said):
    office = open_office(tmp_path, settings)

    unread = await office.person(readable=False).say("subscribe open links")
    warning = f"Not readable: I cannot look for what I posted; where a connection breaks, {said}"
    assert warning in " ".join(unread.split())

    assert "Not readable" not in await office.person().say("subscribe open links")
    office.archive.close()


async def test_another_channel_is_subscribed_where_the_asker_may_and_the_bot_is(office):
    places = {
        "#open": Place(ELSEWHERE, "#open", may_manage=True, reachable=True),
        "#locked": Place(ELSEWHERE, "#locked", may_manage=False, reachable=True),
        "#without-me": Place(ELSEWHERE, "#without-me", may_manage=True, reachable=False),
        "#rivals": Place(OTHER_TEAM, "#rivals", may_manage=True, reachable=True),
    }
    ann = office.person(places=places, may_manage=False)
    assert "Only those who manage #locked" in await ann.say("subscribe open links in #locked")
    assert "I am not in #without-me; invite me there" in await ann.say("subscribe open links in #without-me")
    assert "I cannot see the channel #rivals" in await ann.say("subscribe open links in #rivals")
    assert "#open gets “Open links”" in await ann.say("subscribe open links in #open")
    assert [one.channel for one in office.channels.all_subscriptions()] == [ELSEWHERE]


async def test_a_channel_that_the_bot_is_not_in_is_not_subscribed(office):
    seen = await office.person(reachable=False).say("subscribe open links")
    assert "I am not in #news; invite me there, then subscribe again." in seen


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.manages], ids=lambda one: one.name)
async def test_who_does_not_manage_the_channel_changes_nothing(office, command):
    await office.person().say("subscribe open links")
    before = office.channels.subscriptions(NEWS), office.channels.topics(NEWS), office.channels.settings(NEWS)
    given = {"topic": "open links", "words": "a + b", "language": "fr", "zone": "Asia/Tokyo"}
    given |= {"names": "a = b", "name": "a", "form": "full", "number": "2"}
    given |= {"address": "a.example", "source": "a", "file": "a.opml"}
    arguments = {param.name: given[param.name] for param in command.params if param.name in given}
    seen = await office.person(name="bob", may_manage=False).call(command.name, **arguments)
    assert "Only those who manage" in seen
    assert before == (office.channels.subscriptions(NEWS), office.channels.topics(NEWS), office.channels.settings(NEWS))


async def test_what_falls_into_quiet_hours_is_announced_for_their_end(tmp_path):
    office = open_office(tmp_path, "quiet_hours: 22:00-07:00\n")
    ann = office.person()

    seen = await ann.say("subscribe open links at 23:00")
    assert "Next: Tuesday 17 November, 07:00; Wednesday 18 November, 07:00; Thursday 19 November, 07:00" in seen
    assert "Quiet hours: 22:00–07:00; what is due in them comes at their end" in seen
    assert "23:00 (Paris), every day · next: Tuesday 17 November, 07:00" in await ann.say("list")
    assert "Next digest: Tuesday 17 November, 07:00" in await ann.say("status")

    assert "Quiet hours" not in await ann.say("subscribe open links at 9:00")
    office.archive.close()


async def test_list_pause_resume_unsubscribe(office):
    ann = office.person()
    assert "#news subscribes to nothing yet" in await ann.say("list")
    await ann.say("subscribe open links at 9:00")
    assert "09:00 (Paris), every day · next: Monday 16 November, 09:00" in await ann.say("list")
    assert "Paused: Open links" in await ann.say("pause open links")
    assert "· paused" in await ann.say("list")
    assert office.channels.subscriptions(NEWS)[0].next_due is None
    assert "Nothing runs here" in await ann.say("pause")
    office.clock.now += timedelta(days=2)
    assert "Next: Wednesday 18 November, 09:00" in await ann.say("resume")
    assert "Nothing is paused here" in await ann.say("resume")
    assert "#news no longer gets “Open links”" in await ann.say("unsubscribe open links")
    assert "#news does not get “Open links”" in await ann.say("unsubscribe open links")


async def test_the_same_command_delivered_twice_has_its_effect_once(office):
    ann = office.person()
    await ann.say("topic add a tencent", trigger="T1")
    assert "done already" in await ann.say("topic add a tencent", trigger="T1")
    await ann.say("tencent")
    value = ann.button("share").value
    await ann.press("share", value, trigger="T2")
    assert ann.last.public
    await ann.press("share", value, trigger="T2")
    assert not ann.last.public


# ---------------------------------------------------------------- topics


async def test_a_topic_is_added_shown_edited_and_removed(office):
    ann = office.person()
    seen = await ann.say('topic add interop Tencent + (Alibaba | 淘宝) - "stock price"')
    assert "Topic “interop” added" in seen
    assert "in the last 7 days" in seen
    assert "“Tencent” and (“Alibaba” or “淘宝”), without “stock price”" in await ann.say("topic show interop")
    assert "There is a topic “Interop” already" in await ann.say("topic add Interop tencent")
    assert "Topic “interop” changed" in await ann.say("topic edit interop taobao")
    assert "Topic “interop” removed." in await ann.say("topic remove interop")
    assert "There is no topic “interop”" in await ann.say("topic show interop")


async def test_a_topic_that_cannot_be_read_is_answered_at_the_character(office):
    assert "Character 11" in await office.person().say("topic add x Tencent + (")


async def test_a_mistake_is_pointed_at(office):
    seen = await office.person().say("topic add x Tencent + (Alibaba | 淘宝")
    assert seen.split("\n\n") == [
        "Character 11: the bracket opened here is never closed.",
        "Tencent + ▸(Alibaba | 淘宝",
    ]
    deep = " + ".join(f"word{n}" for n in range(30))
    shown = (await office.person(locale="fr").say(f"topic add x {deep} + | {deep}")).split("\n\n")[-1]
    assert shown == "…d25 + word26 + word27 + word28 + word29 ▸+ | word0 + word1 + word2 + word3 + word…"


async def test_a_colon_behind_a_filter_ends_no_name(office):
    ann = office.person(locale="zh")
    assert "已添加主题“互通”" in await ann.say("topic add 互通 腾讯＋（阿里巴巴｜淘宝）－股票 来源：示例日报 语言：zh")
    seen = await office.person().say("topic show 互通")
    assert "腾讯 + (阿里巴巴 | 淘宝) - 股票 source:示例日报 language:zh" in seen
    assert "Topic “posts” added" in await office.person().say("topic add posts tencent source: Example")
    assert "Topic “Source” added" in await office.person().say("topic add Source: tencent")


async def test_a_topic_of_one_team_is_not_the_others(office):
    await office.person().say("topic add secret tencent")
    rival = office.person(channel=OTHER_TEAM)
    assert "secret" not in await rival.say("topics")
    assert "There is no topic “secret”" in await rival.say("topic show secret")
    assert await office.dispatcher.complete(rival._asked(""), "digest", "topic", "sec") == []


async def test_a_configured_topic_is_not_changed_from_chat(office):
    assert "set in the configuration" in await office.person().say("topic remove open links")


async def test_a_preview_counts_days_and_shows_samples(office):
    seen = await office.person().say("preview open links")
    assert "2 stories in the last 7 days · 2 in 30 days · busiest day: Sunday 15 November, with 2" in seen
    assert "Sun 15 Nov  ████" in seen
    assert "• Tencent opens its links to Alibaba · Example Post" in seen
    silent = await office.person().say("preview zeppelin + airship")
    assert "No match: nothing in the archive matches" in silent
    assert "█" not in silent


async def test_words_are_previewed_before_they_are_kept(office):
    ann = office.person()
    words = "Tencent + (Alibaba | 淘宝) -source:“Daily Example” language:en"
    seen = await ann.say(f"preview {words}")
    assert "1 story in the last 7 days" in seen
    assert "[Keep as a topic]" in seen
    assert "1 topic" in await ann.say("topics")
    await ann.say(f"preview {words}")
    await ann.press("form", ann.button("form").value)
    assert ann.last.form.fields[1].value == 'Tencent + (Alibaba | 淘宝) -source:"Daily Example" language:en'
    assert "2 stories in the last 7 days" in await ann.say("preview tencent lang:en")
    slip = await ann.say("preview opn links")
    assert "No topic is called that; this is what the words bring. The nearest is “Open links”." in slip


async def test_a_preview_warns_of_a_topic_that_is_too_wide_or_too_quiet(office):
    ann = office.person()
    office.archive.add(Article(f"w{n}", f"Agence {n}", f"agence x{n}y{n} z{n}.", "en") for n in range(75))
    seen = await ann.say("preview tencent + alibaba - (tencent | wechat)")
    assert "No match: 2 articles have these words, but the topic leaves them out." in seen
    assert "Too wide: more than ten stories a day." in await ann.say("preview agence - zeppelin")
    office.clock.now += timedelta(days=20)
    assert "Nothing recent: none in the last 7 days" in await ann.say("preview agence - zeppelin")
    office.clock.now += timedelta(days=20)
    seen = await ann.say("topic add wires agence")
    assert "0 stories in the last 7 days · 0 in 30 days" in seen
    assert "Nothing recent: none in the last 30 days. These are older" in seen


async def test_a_digest_on_demand_is_public_and_can_be_asked_why(office):
    ann = office.person()
    seen = await ann.say("digest open links")
    assert ann.last.public
    assert "Open links\n" in seen
    assert "Mon 16 Nov, 08:00 Paris · 2 stories" in seen
    assert "Why story 2 of “Open links”" in await ann.say("why 2")


async def test_a_story_is_told_since_its_first_article_whichever_leads(office):
    first = office.archive.article("links")
    earlier = first.published - timedelta(days=1)
    told = "Inside WeChat, links to Alibaba now open, Tencent said; for years users asked for it."
    office.archive.add([replace(first, id="own", source="Third Post", title="", text=told, published=earlier)])
    ann = office.person()
    assert "Example Post · 15 Nov" in await ann.say("digest open links since:7d")
    assert "told by 3 sources, since 14 Nov." in await ann.say("why 1")


async def test_why_tells_publishers_and_what_was_folded_in(office):
    ann = office.person()
    first = office.archive.article("links")
    later = first.published + timedelta(hours=1)
    told = "Inside WeChat, links to Alibaba now open, Tencent said on Monday; for years users asked for it."
    office.archive.add(
        [
            replace(first, id="copy", source="Second Post", url="https://second.example/links"),
            replace(
                first,
                id="own",
                source="Third Post",
                url="https://third.example/links",
                title="",
                text=told,
                published=later,
            ),
        ]
    )
    shown = await ann.say("digest open links since:7d")
    assert "Example Post · 15 Nov · also Third Post +1" in shown
    seen = await ann.say("why 1")
    assert "told by 3 sources, since 15 Nov.\nFirst: Example Post, Sunday 15 November, 08:00." in seen
    assert "Second Post · 15 Nov · repeats another’s text" in seen
    assert "since 10 Nov." in await ann.say("why 2")


def post_digest(office, channel=NEWS):
    """Let what is due now be told in the channel."""
    Posts(office.archive, channel, office.clock).deliver()


ADDED = ("https://example.org/added", "Tencent adds Alibaba to its list of 40 partners, the Bourse de Paris learns.")


async def test_why_an_article_is_not_there(office):
    ann = office.person()

    async def why(address):
        return " ".join((await ann.say(f"why {address}")).split())

    office.channels.add_topic(NEWS, "no steps", "tencent - “first step”", (), "ann", office.clock.now)
    office.channels.add_topic(NEWS, "français", "tencent", ("fr",), "ann", office.clock.now)
    office.channels.add_topic(NEWS, "either", 'Baidu | "open source"', (), "ann", office.clock.now)
    seen = await why("https://www.example.org/pay?utm_source=chat#top")
    assert "What became of this article I first saw it on Sunday 15 November, 08:00." in seen
    assert "no steps left out, because it has “first step”." in seen
    assert "français it is in English, which the topic does not want." in seen
    assert "either not on the subject: it has no “Baidu” or “open source”." in seen
    assert "Open links it is taken; this channel does not get the topic." in seen
    assert "Open links not on the subject: it has no “Tencent” or “Alibaba”." in await why("https://example.org/tabac")
    assert "no source of mine is at nowhere.example." in await why("https://nowhere.example/a")
    assert "is neither the number of a story nor a web address" in await ann.call("why", story="that one")


async def why_in_one_line(person, address):
    return " ".join((await person.say(f"why {address}")).split())


async def test_why_knows_the_digest_that_was_asked_for(office):
    ann = office.person()
    first = office.archive.article("links")
    office.archive.add([replace(first, id="copy", source="Second Post", url="https://second.example/links")])
    await ann.say("digest open links since:7d")
    seen = await why_in_one_line(ann, "https://second.example/links")
    assert "It repeats the text of an older article; first: Example Post, Sunday 15 November, 08:00." in seen
    assert "Open links folded into story" in seen
    assert "told on Monday 16 November, as story" in await why_in_one_line(ann, "https://example.org/links")


async def test_why_knows_what_was_looked_up(office):
    ann = office.person()
    await ann.say("tencent alibaba")
    first = shown(ann).index("Tencent opens its links to Alibaba") + 1
    seen = await why_in_one_line(ann, "https://example.org/links")
    assert f"• tencent alibaba story {first} of your look-up." in seen
    seen = await why_in_one_line(ann, "https://example.org/tabac")
    assert "• tencent alibaba your look-up does not find it: it has no “tencent” or “alibaba”." in seen
    await ann.say("tencent limit:1")
    addresses = [f"https://example.org/{name}" for name in ("links", "pay")]
    said = " ".join([await why_in_one_line(ann, address) for address in addresses])
    assert "• tencent story 1 of your look-up." in said
    assert "• tencent below the cut of your look-up: others said more" in said


async def test_why_follows_an_article_through_digests(office):
    ann = office.person()
    await ann.say("subscribe open links at 9:00")

    async def why(address):
        return " ".join((await ann.say(f"why {address}")).split())

    assert "waits for the next digest: Monday 16 November, 09:00." in await why("https://example.org/links")
    office.clock.now += timedelta(hours=1)
    post_digest(office)
    assert "told on Monday 16 November, as story" in await why("https://example.org/links")
    copy = office.archive.article("links")
    office.archive.add([replace(copy, id="copy", source="Second Post", url="https://second.example/links")])
    office.archive.add([Article("added", "New partners", ADDED[1], "en", ADDED[0], "Wire")])
    office.clock.now += timedelta(days=1)
    post_digest(office)
    assert "left out on Tuesday 17 November: it says nothing that had not been told" in await why(
        "https://second.example/links"
    )
    assert "told on Tuesday 17 November, as story 1 of “Open links”." in await why(ADDED[0])


async def test_why_says_where_an_article_was_not_seen(office):
    ann = office.person()
    source = Source("https://feeds.example.net/rss", "feed", "Net")
    Sources(office.archive.database).learn([Learnt(source, office.clock.now)])
    assert "its feed has not listed it" in " ".join((await ann.say("why https://feeds.example.net/missed")).split())
    Sources(office.archive.database).failed(source, office.clock.now, "HTTP 500")
    assert "does not answer (HTTP 500)" in " ".join((await ann.say("why https://feeds.example.net/missed")).split())


async def test_what_a_digest_leaves_out_is_shown_to_who_asks(office):
    ann, bob = office.person(), office.person(name="bob")
    await ann.say('topic add chat tencent - "first step"')
    office.archive.add(
        Article(f"n{n}", title, text, "en", f"https://example.org/n{n}", f"Source {n}")
        for n, (title, text) in enumerate(
            {
                "A bank in Lagos": "Clerks of the Union Bank in Lagos count 40 tonnes of coins from 1961 by hand, "
                "for which Tencent pays 2 million euros.",
                "New trains": "Passengers between Oslo and Bergen sleep in the wooden cabins of 14 new trains from "
                "May, for which Tencent pays.",
                "Dear wheat": "Farmers on the Loire sold a tonne of wheat for 212 euros on Monday, the highest "
                "price since 2013, Tencent News reported.",
                "The opera reopens": "The soprano Anna Berg and the orchestra of Vienna rehearse under scaffolding "
                "until 12 October, Tencent said on Monday.",
                "A whale off Nice": "Divers of the University of Nice filmed a whale of 18 metres near the harbour "
                "on Sunday with a camera of Tencent.",
                "Snow": "The roads over the Brenner in Tyrol stay closed until Friday evening, for the first time "
                "since 1999, Tencent News reported.",
            }.items()
        )
    )
    assert "[1 more in the thread]" in await ann.say("digest chat since:7d")
    seen = await ann.press("more", ann.button("more").value)
    assert not ann.last.public
    assert "The rest on “chat”" in seen
    assert "6  " in seen
    assert "” ↗" in seen
    assert "Left out by the topic’s own words:" in seen
    assert "• WeChat Pay reaches Taobao · Daily Example" in seen
    assert "I no longer have that answer" in await bob.press("more", ann.button("why").value)
    assert "Noted for #news: more like" in await ann.press("up", ann.button("up").value)
    await bob.say("digest chat since:7d")
    below = next(n for n in range(6) if office.archive.article(f"n{n}").title not in shown(bob))
    seen = await why_in_one_line(bob, f"https://example.org/n{below}")
    assert "chat below the cut: number 6 in the thread of “chat” on Monday 16 November." in seen


async def test_why_says_what_came_in_too_long_before_the_subscription(office):
    ann = office.person()
    office.clock.now += timedelta(days=20)
    await ann.say("subscribe open links at 9:00")
    assert "too old: it came in 21 days before this channel subscribed." in await why_in_one_line(
        ann, "https://example.org/links"
    )


# ---------------------------------------------------------------- names


async def test_names_are_joined_in_chat_for_the_whole_workspace(office):
    ann, bob, rival = office.person(), office.person(channel=ELSEWHERE), office.person(channel=OTHER_TEAM)
    assert "No match" in await ann.say("preview penguin + taobao")
    assert "these are one: Penguin = Tencent = 腾讯" in await ann.say('alias Penguin = "Tencent" ＝ 腾讯')
    assert "1 story in the last 7 days" in await bob.say("preview penguin + taobao")
    assert "互联互通有新进展" in await bob.say("penguin lang:zh")
    assert "• Penguin = Tencent = 腾讯" in await bob.say("aliases")
    assert "No match" in await rival.say("preview penguin + taobao")
    assert "No names are joined yet" in await rival.say("alias list")
    assert "these are one: Penguin = Tencent = 腾讯 = 鹅厂" in await ann.say("alias add 腾讯 = 鹅厂")
    assert "has not joined" in await rival.say("alias remove penguin")
    assert "No longer one: Penguin = Tencent = 腾讯 = 鹅厂." in await ann.say("alias remove PENGUIN")
    assert "No match" in await ann.say("preview penguin + taobao")


async def test_a_digest_knows_the_names_of_its_workspace(office):
    ann = office.person()
    await ann.say("topic add penguins penguin + taobao")
    await ann.say("subscribe penguins at 9:00")
    await ann.say("alias Penguin = Tencent")
    assert "Names: Penguin = Tencent" in await ann.say("topic show penguins")
    await ann.say("topic add both penguin | tencent")
    assert (await ann.say("topic show both")).count("Penguin = Tencent") == 1
    office.clock.now += timedelta(hours=1)
    (edition,) = Posts(office.archive, NEWS, office.clock).deliver()
    assert [story["title"] for story in edition.content["stories"]] == ["WeChat Pay reaches Taobao"]


async def test_what_cannot_be_a_name_is_said(office):
    ann = office.person()
    assert "at least two names" in await ann.call("alias add", names="Tencent")
    assert "cannot be a name" in await ann.say("alias Tencent = !?")
    assert "That is too many" in await ann.say(f"alias {' = '.join(f'name{n}' for n in range(30))}")


async def test_a_topic_may_name_sources_and_ages(office):
    ann = office.person()
    seen = await ann.say('topic add posts tencent -source:"Daily Example" language:en age:7d')
    assert "1 story in the last 7 days" in seen
    shown = await ann.say("topic show posts")
    assert "“tencent”; not from Daily Example; only in English; at most 7 days old" in shown
    assert 'Expression: tencent -source:"Daily Example" language:en age:1w' in shown
    assert "Character 9: “age:old” is not clear; write it like age:7d." in await ann.say("topic add x tencent age:old")
    seen = " ".join((await ann.say("why https://example.org/pay")).split())
    assert "posts left out, because it is from Daily Example." in seen
    await ann.say("topic edit posts tencent source:Other age:36h")
    assert "from Daily Example, which the topic does not name." in await why_in_one_line(ann, "https://example.org/pay")
    office.archive.add(
        [Article("old", "Old", "Tencent.", "en", "https://example.org/o", "Other", MONDAY - timedelta(3))]
    )
    assert "too old: it was more than 36 hours old when it came in." in await why_in_one_line(
        ann, "https://example.org/o"
    )


# ---------------------------------------------------------------- wishes


def shown(person):
    """The titles of the stories that a person sees, in order."""
    return [part.title for part in person.last.parts if isinstance(part, StoryItem)]


@pytest.fixture
def papers(office):
    """Two papers tell of two subjects, on days so far apart that nobody takes them for one story."""
    texts = {
        "Opera news": (
            "Tencent of Shenzhen said on Sunday that its choir of 64 singers will sing at the opera in Milan on "
            "17 May.",
            "Gazette",
        ),
        "Rowing news": (
            "The crew of Tencent from Guangzhou won the rowing at Henley on 27 June, four seconds ahead of the crew "
            "of Oxford.",
            "Gazette",
        ),
        "Opera again": (
            "Tencent of Shenzhen is sending the singer Anna Berg to the opera of Vienna, where the opera house has "
            "sold all 1,700 seats.",
            "Herald",
        ),
    }
    for n, (title, (text, source)) in enumerate(texts.items()):
        published = office.clock.now - timedelta(days=6 * n)
        office.archive.add([Article(title, title, text, "en", f"https://a.example/{n}", source, published)])


async def digest_of(person):
    await person.say("digest tencents since:7d")
    return shown(person)


async def test_a_thumb_moves_stories_like_it_and_can_be_taken_back(office, papers):
    ann, bob = office.person(), office.person(name="bob", may_manage=False)
    await ann.say("topic add tencents tencent - (wechat | 微信)")
    before = await digest_of(ann)
    first = before[0]
    top = next(part for part in ann.last.parts if isinstance(part, StoryItem)).menu
    seen = await ann.press("down", next(one for one in top if one.action == "down").value)
    assert f"Noted for #news: less like “{first}”." in seen
    assert not ann.last.public
    after = await digest_of(ann)
    assert after.index(first) > before.index(first)
    assert "what readers here wish for" in await ann.say(f"why {after.index(first) + 1}")
    assert f"1 · less like “{first}”" in await bob.say("feedback")
    assert "Only those who manage" in await bob.say("feedback undo 1")
    assert "Taken back: less like" in await ann.say("feedback undo 1")
    assert await digest_of(ann) == before


async def test_a_wish_is_taken_back_in_the_list_of_them_by_whose_it_is(office):
    ann, bob = office.person(), office.person(name="bob", may_manage=False)
    await ann.say("tencent alibaba")
    await ann.press("up", ann.button("why").value)
    assert "[Take back]" not in await bob.say("feedback")
    assert "[Take back]" in await ann.say("feedback")
    left = await ann.press("undo", ann.button("undo").value)
    assert left.startswith("No wish in #news yet")
    assert ann.last.in_place


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("topic show qwertz", ["Topics", "New topic", "Look up"]),
        ("unsubscribe Open links", ["What comes here"]),
        ("unfollow Heron", ["Sources"]),
        ("alias remove Heron", ["All names"]),
        ("export", ["Follow a site", "All packs"]),
        ("hello", ["Look up", "Topics", "What I can do"]),
        ("thank you", ["Look up", "What I can do"]),
        ("stop it", ["What comes here", "What I can do"]),
    ],
)
async def test_what_can_be_done_next_is_a_button_and_no_command(office, said, leads):
    ann = office.person()
    seen = await ann.say(said)
    (row,) = (part for part in ann.last.parts if isinstance(part, Buttons))
    assert [button.label for button in row.buttons] == leads
    assert "/brief" not in seen
    for button in row.buttons:
        assert "no longer works" not in await ann.press(button.action, button.value)


async def test_less_from_a_source_is_bounded_and_silences_nobody(office, papers):
    ann = office.person()
    await ann.say("topic add tencents tencent - (wechat | 微信)")
    before = await digest_of(ann)
    for name in ("ann", "bob", "cy", "dee", "eve"):
        person = office.person(name=name)
        await digest_of(person)
        story = next(
            part for part in person.last.parts if isinstance(part, StoryItem) and part.small[0].text == "Gazette"
        )
        less = next(button for button in story.menu if button.action == "less")
        assert "less from Gazette" in await person.press("less", less.value)
    after = await digest_of(ann)
    assert sorted(after) == sorted(before)
    assert after[0] == "Opera again"
    assert "5 wishes in #news" in await ann.say("feedback list")
    assert "three times at the most" in " ".join((await ann.say("feedback")).split())
    assert "All wishes are taken back" in await ann.say("feedback undo")
    assert await digest_of(ann) == before


async def test_a_wish_is_one_persons_one_channels_and_undone_by_its_button(office, papers):
    ann, bob, there = office.person(), office.person(name="bob", may_manage=False), office.person(channel=ELSEWHERE)
    await ann.say("topic add tencents tencent - (wechat | 微信)")
    await digest_of(ann)
    value = ann.button("up").value
    for _ in range(2):
        await ann.press("up", value)
    assert "1 wish in #news" in await ann.say("feedback")
    await ann.press("down", value)  # another mind
    assert "1 wish in #news" in await ann.say("feedback")
    await ann.press("up", value)
    undo = ann.button("undo").value
    assert "No wish in" in await there.say("feedback")
    assert "your vote is not counted" in await bob.press("up", value)
    assert "I no longer have that answer" in await there.press("up", value)
    assert "taken back already" in await there.press("undo", undo)
    assert "taken back already" in await bob.press("undo", undo)
    assert "Taken back: more like" in await ann.press("undo", undo)
    assert "taken back already" in await ann.press("undo", undo)
    assert "Nobody has wished anything here yet" in await ann.say("feedback undo")


# ---------------------------------------------------------------- the bot itself


async def test_the_channels_zone_is_the_default_of_its_subscriptions(office):
    ann = office.person()
    assert "is now Asia/Shanghai, where it is 15:00" in await ann.say("zone shanghai")
    assert "09:00 (Shanghai)" in await ann.say("subscribe open links")


async def test_help_is_four_tasks_and_behind_them_every_command_by_tens(office):
    ann = office.person()
    said = await ann.say("help")
    tasks = [part for part in ann.last.parts if isinstance(part, Row)]
    assert len(tasks) == 4
    for button in (button for task in tasks for button in task.buttons):
        assert "no longer works" not in await office.person(name=button.value).press(button.action, button.value)
    said = await ann.press("page", turns(ann.last)[0].value)
    pages = [said]
    while any(button.label == "Later" for button in turns(ann.last)):
        pages.append(await ann.press("page", turns(ann.last)[-1].value))
        assert ann.last.in_place
    seen = " ".join(" ".join(pages).split())
    for command in COMMANDS:
        assert f"/brief {command.name}" in seen
        assert command.help in seen
        assert not command.example or f"/brief {command.name} {command.example}" in seen
    assert await ann.press("page", "help:0") == pages[0]
    assert "no longer works" in await ann.press("page", f"help:{9:019}")
    for command in COMMANDS:
        assert command.help in " ".join((await office.person().say(f"help {command.name}")).split())


def turns(reply):
    """Give the buttons that turn the pages of a long answer."""
    rows = [part.buttons for part in reply.parts if isinstance(part, Buttons)]
    return [button for row in rows for button in row if button.action == "page"]


async def test_topics_are_listed_by_tens_in_place(office):
    ann = office.person()
    for n in range(11):
        await office.person(name=f"person {n}").say(f"topic add subject{n} word{n}")
    seen = await ann.say("topics")
    assert (seen.count("word"), [button.label for button in turns(ann.last)]) == (9, ["Later"])
    rest = await ann.press("page", turns(ann.last)[0].value)
    assert rest.count("word") == 2
    assert (ann.last.in_place, [button.label for button in turns(ann.last)]) == (True, ["Earlier"])
    assert await ann.press("page", "topics:0") == seen


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("delete source code", "This workspace follows no source “code”."),
        ("would you digest this", "There is no topic “this”."),
        ("pause button patents", "There is no topic “button patents”."),
        ("subscribe railways", "There is no topic “railways”."),
        ("订阅铁路", "There is no topic “铁路”."),
        ("import tariffs", "Attach an OPML file to it, as feed readers export it."),
    ],
)
async def test_a_command_about_what_is_not_there_is_looked_up_too(office, typed, said):
    ann = office.person()
    assert said in await ann.say(typed)
    title = f"{typed.capitalize()} or not"
    office.archive.add([Article("x", title, f"They will {typed} or not, after a year of {typed}.")])
    seen = await ann.say(typed)
    assert title in seen
    assert said in seen


async def test_a_near_miss_never_swallows_what_can_be_found(office):
    ann = office.person()
    assert "perhaps you meant this command" in await ann.say("topcs")
    seen = await ann.say("link tencent")
    assert "Tencent opens its links" in seen


async def test_status_and_sources(office):
    seen = await office.person().say("status")
    assert "Articles: 4, the newest of" in seen
    assert "Time zone: Europe/Paris" in seen
    assert await office.person().say("sources")


def configure(office, monkeypatch, *sources):
    services = office.dispatcher._services
    monkeypatch.setattr(
        office.dispatcher, "_services", replace(services, config=replace(services.config, sources=sources))
    )


async def test_chat_hears_of_configured_sources_only_and_never_where_the_machine_keeps_them(office, monkeypatch):
    health = Sources(office.archive.database)
    folder, feed = Source("/srv/team/notes", "folder"), Source("https://a.example/feed", "feed", "The Post")
    for source in (folder, Source("/home/ann/once.txt", "file"), feed):
        health.failed(source, MONDAY, f"{source.address}: no such file or folder")
    configure(office, monkeypatch, folder, feed)

    seen = await office.person().say("sources")

    assert "notes: no such file or folder" in seen
    assert "The Post" in seen
    assert "/srv" not in seen
    assert "once.txt" not in seen
    assert "Sources: 2, 2 of them" in await office.person().say("status")


async def test_arguments_may_come_apart(office):
    ann = office.person()
    await ann.call("subscribe", topic="Open links", time="9h30", days="weekdays", zone="Europe/Paris")
    assert office.channels.subscriptions(NEWS)[0].schedule == "09:30 mon,tue,wed,thu,fri"
    assert "“ninety” is not a number from 1 to 10" in await ann.call("search", query="x", limit="ninety")
    assert "There is no command “dance”" in await ann.call("dance")


async def test_completions_are_few_and_fit(office):
    asked = office.person()._asked("")
    assert await office.dispatcher.complete(asked, "subscribe", "topic", "lin") == ["Open links"]
    assert await office.dispatcher.complete(asked, "unsubscribe", "topic", "") == []
    assert (await office.dispatcher.complete(asked, "zone", "zone", "par"))[0].startswith(("America/Par", "Europe/Par"))
    assert len(await office.dispatcher.complete(asked, "subscribe", "zone", "")) == 25
    assert await office.dispatcher.complete(asked, "subscribe", "days", "we") == [
        *("weekdays", "wed", "weekend", "weekdays except friday", "every 2 weeks")
    ]
    assert await office.dispatcher.complete(asked, "nothing", "at", "all") == []


async def test_a_locked_database_is_one_line_and_nothing_is_lost(office, monkeypatch):
    monkeypatch.setattr("briefs.store.database.BUSY_MS", 50)
    office.archive.database.close()  # a connection has the patience of its beginning
    with sqlite3.connect(office.archive.database.url.removeprefix("sqlite:///")) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = await office.person(locale="fr").say("topic add x tencent")
        other.rollback()
    assert "Ma base de données est indisponible pour l’instant" in locked
    assert "briefs.db" not in locked
    assert "Topic “x” added" in await office.person().say("topic add x tencent")


# ---------------------------------------------------------------- reviewed


@pytest.mark.parametrize("trait", [{"may_manage": False}, {"reachable": False}])
async def test_subscribing_to_a_look_up_without_the_right_leaves_no_topic(office, trait):
    ann = office.person(**trait)
    await ann.say("wechat links")
    topics, subscriptions = office.channels.topics(NEWS), office.channels.subscriptions(NEWS)
    seen = await ann.press("subscribe", ann.button("subscribe").value)
    assert seen.startswith(("Only those who manage #news may change", "I am not in #news; invite me there"))
    assert office.channels.topics(NEWS) == topics
    assert office.channels.subscriptions(NEWS) == subscriptions == []


async def test_a_slip_in_the_argument_of_a_setting_is_answered_in_one_line(office):
    ann = office.person()
    assert (await ann.say("zone Mars")).startswith("“Mars” is not a time zone")
    assert "“UTC+20” is not a time zone; write it like" in await ann.say("zone UTC+20")
    assert "“UTC+2” may be the time of Paris" in await ann.say("zone UTC+2")
    assert "Nothing was found on “zone kumquat”; perhaps you meant this command" in await ann.say("zone kumquat")
    office.archive.add(
        [Article("zone", "A free zone for WeChat", "WeChat pays no duties in the free zone of Wuhan.", "en")]
    )
    seen = await ann.say("zone wechat")
    assert "If you meant the command, it is /brief zone." in seen, "an ordinary word may be a look-up, or a slip"


@pytest.mark.parametrize(
    ("locale", "typed", "answer"),
    [
        ("en", "language klingon", "I do not speak “klingon”. I speak English, French and Chinese."),
        ("fr", "langue allemand", "Je ne parle pas « allemand ». Je parle anglais, français et chinois."),
        ("zh", "语言 德语", "我不会说“德语”。我会说英语、法语和中文。"),
    ],
)
async def test_a_language_that_the_bot_does_not_speak_is_refused_by_those_that_it_does(office, locale, typed, answer):
    ann = office.person(locale=locale)
    assert (await ann.say(typed)).replace("\u202f", " ").strip() == answer
    assert office.channels.settings(NEWS).language is None


@pytest.mark.parametrize(
    ("code", "names"),
    {
        "en": "English anglais anglaise 英语 英文",
        "fr": "French français francais FRANÇAISE 法语 法文",
        "zh": "Chinese Mandarin chinois chinoise 中文 汉语 国语 简体中文 zh-CN",
    }.items(),
)
async def test_a_language_goes_by_its_names_in_all_three(office, code, names):
    for name in names.split():
        office.channels.choose(NEWS, language=None)
        await office.person().say(f"lang {name}")
        assert office.channels.settings(NEWS).language == code, name


async def test_articles_are_looked_up_in_more_languages_than_are_spoken(office):
    asked = office.person()._asked("")
    assert "de" in await office.dispatcher.complete(asked, "search", "language", "")
    assert await office.dispatcher.complete(asked, "language", "language", "") == ["en", "fr", "zh"]


async def test_nothing_within_limits_is_not_said_of_all_articles(office):
    ann = office.person()
    for limit in ("since:2026-11-15 lang:fr", "source:Quotidien lang:zh"):
        assert "Nothing on “tencent” within these limits." in await ann.say(f"tencent {limit}"), limit
        assert "Nothing within these limits." in await ann.say(limit), limit


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("source:Nobody", "No article is from a source called “Nobody”."),
        ("source:Nobody source:none", "No article is from a source called “Nobody” or “none”."),
        (
            "source:Quotiden",
            "No article is from a source called “Quotiden”. Sources whose names are near that: “Le Quotidien”.",
        ),
        ("title:zeppelin", "No title has “zeppelin”."),
        ("-source:x lang:de", "No article is in German."),
        ("since:2030-01-01", "No article since 1 January 2030: the newest is from 15 November 2026."),
        ("before:2001", "No article before 1 January 2001: the oldest is from 10 November 2026."),
    ],
)
async def test_a_limit_that_no_article_meets_is_named(office, limit, said):
    for words in ("tencent ", ""):
        assert said in " ".join((await office.person().say(words + limit)).split())


async def test_words_that_stand_nowhere_are_not_put_down_to_the_limits(office):
    ann = office.person()
    nothing = "Nothing on “zeppelin” in 4 articles since 10 November 2026. Some articles have “Tencent”."
    for limit in ("", " since:7d", " since:2030-01-01"):
        assert nothing in " ".join((await ann.say(f"Tencent zeppelin{limit}")).split()), limit
        assert "Nothing on “zeppelin” in 4 articles since" in await ann.say(f"zeppelin{limit}"), limit
    french = await office.person(locale="fr").say("zeppelin since:7d")
    assert "Rien sur «\u202fzeppelin\u202f» dans 4 articles" in french
    assert "4 篇文章中没有关于“zeppelin”的内容" in await office.person(locale="zh").say("zeppelin since:7d")


async def test_names_are_listed_ten_at_a_time_those_of_the_workspace_first(office):
    ann = office.person()
    for number in range(12):
        await ann.say(f"alias add Name{number} = Other{number}")
    seen = await ann.say("alias list")
    assert ("Here:" in seen, "From the configuration:" in seen, seen.count(" = ")) == (True, False, 10)
    seen = await ann.press("page", ann.button("page").value)
    assert (seen.count(" = "), "Name11" in seen) == (2, True)


async def test_who_has_wished_for_nothing_reads_where_one_does(office):
    seen = await office.person(locale="fr").say("souhaits")
    assert "Aucun souhait dans #news" in seen
    assert "menu de chaque sujet d’un bulletin" in " ".join(seen.split())


async def test_status_counts_the_sources_that_were_never_read_too(tmp_path):
    office = open_office(tmp_path)
    known = tuple(Source(f"https://example.org/{n}", "feed", f"Example {n}") for n in range(2))
    config = replace(office.dispatcher._services.config, sources=known)
    ann = office.person()
    ann.dispatcher = Dispatcher(office.archive, office.channels, config, clock=office.clock)
    assert "Sources: 2" in await ann.say("status")


async def test_settings_and_status_name_the_language_of_the_channel_whoever_reads(office):
    await office.person(name="luc", locale="fr").say("abonner open links à 9h")
    for typed in ("settings", "status"):
        assert "Language: French" in await office.person().say(typed)


async def test_headlines_are_not_said_to_have_quotes(office):
    ann = office.person()
    await ann.say("form headlines")
    assert ann.last.told.summary.endswith("stories: headlines")
    await ann.say("form compact")
    assert ann.last.told.summary.endswith("stories: compact, 1 quote a story")


async def test_all_hear_that_everything_ended(office):
    ann = office.person()
    await ann.say("topic add interop Tencent")
    await ann.say("subscribe open links")
    await ann.say("subscribe interop")
    await ann.say("unsubscribe all")
    assert ann.last.told.summary == "@Ann: #news no longer gets “Open links” and “interop”."
    assert ann.last.told.public


@pytest.mark.parametrize(
    ("locale", "typed", "said"),
    [
        ("fr", "9h heure de Montréal", "09:00 (Montréal)"),
        ("en", "at 9:00 Montreal time", "09:00 (Montreal)"),
        ("zh", "9:00 America/Montreal", "09:00 (蒙特利尔)"),
        ("fr", "9h heure de Toronto", "09:00 (Toronto)"),
    ],
)
async def test_a_clock_goes_by_the_city_that_was_typed(office, locale, typed, said):
    ann = office.person(locale=locale)
    assert said in (await ann.say(f"subscribe Open links {typed}")).replace("（", " (").replace("）", ")")
    assert said in (await ann.say("list")).replace("（", " (").replace("）", ")")


async def test_march_is_no_tuesday(office):
    ann = office.person(locale="fr")
    assert "mars" in await ann.say("abonner open links à 9h mars")
    assert office.channels.subscriptions(NEWS) == []
    assert "mardi" in await ann.say("abonner open links à 9h mar")


async def test_the_nearest_topic_is_named_by_its_words(office):
    ann = office.person()
    await ann.say('topic add "Internet Plus in the tobacco trade" tobacco + internet')
    nearest = "the nearest is “Internet Plus in the tobacco trade”"
    for asked in ("subscribe internet plus", "subscribe tobaco", "digest tobaco", "subscribe tobaco at 9:00"):
        assert nearest in await ann.say(asked), asked
    assert "/brief topic show TOPIC" in await ann.say("topic shwo links")


async def test_a_command_that_failed_can_be_tried_again(office):
    ann = office.person()
    assert "“" in await ann.say("subscribe nowhere", trigger="t1")
    assert "There is no topic" in await ann.say("subscribe nowhere", trigger="t1")
    await ann.say("topic add nowhere tencent")
    assert "gets “nowhere”" in await ann.say("subscribe nowhere", trigger="t1")
    assert "That has been done already." in await ann.say("subscribe nowhere", trigger="t1")


async def test_a_name_of_a_topic_has_a_letter_or_a_digit(office):
    ann = office.person()
    assert "A topic's name needs a letter or a digit" in await ann.say('topic add "" foo')
    assert [topic.name for topic in office.channels.topics(NEWS)] == ["Open links"]


async def test_why_is_about_what_was_shown_last(office):
    ann = office.person()
    await ann.say("subscribe open links at 9:00")
    await ann.say("tabac")
    office.clock.now += timedelta(hours=2)
    post_digest(office)
    assert "“Open links”" in await ann.say("why 1")
    office.clock.now += timedelta(hours=1)
    await ann.say("tabac")
    assert "“tabac”" in await ann.say("why 1")


async def test_a_date_without_an_hour_is_shown_without_one(office):
    day = Article("day", "Tobacco by day", "Tobacco is sold by day.", "en", published=MONDAY.replace(hour=0))
    office.archive.add([day])
    ann = office.person()
    await ann.say("tobacco by day")
    assert "since 16 Nov." in await ann.say("why 1")
    assert "Monday 16 November" in (status := await ann.say("status"))
    assert "01:00" not in status


async def test_nothing_to_look_for_leads_to_the_form_alone(office):
    ann = office.person()
    for signs in ("???", "👍", "search ?"):
        assert await ann.say(signs) == "Say what to look for.\n\n[Look up]"


async def test_what_is_not_there_yet_has_words_of_its_own(office, tmp_path):
    seen = await office.person().say("status")
    assert "Next digest: none is planned" in seen
    assert "Last read: not yet" in seen
    assert "never" not in seen


async def test_the_number_of_sources_that_answer_chooses_the_form(office):
    sources = Sources(office.archive.database)
    for name in ("one", "two"):
        sources.failed(Source(f"https://{name}.example/feed", "feed", name), MONDAY, "no answer")

    def heading(language):
        return present.sources(sources.health(), 2, Messages(language), "UTC", MONDAY).summary

    assert heading("en") == "0 of 2 sources answer"
    assert heading("fr") == "0 source sur 2 répond"


async def test_samples_in_an_echo_are_what_there_is_so_far(office):
    seen = await office.person().say("subscribe open links")
    assert seen.index("First digest: ") < seen.index("So far:") < seen.index("Tencent opens its links to Alibaba ")


@pytest.mark.parametrize(
    ("reason", "locale", "words"),
    [
        ("not_in_channel", "en", "paused (I am not in the channel any more; invite me there)"),
        ("is_archived", "fr", "le canal est archivé"),
        ("Missing Access", "zh", "我没有查看该频道的权限"),
        ("something else", "fr", "something else"),
    ],
)
async def test_why_a_digest_is_paused_is_said_in_the_readers_language(office, reason, locale, words):
    await office.person().say("subscribe open links")
    office.channels.pause(office.channels.subscriptions(NEWS)[0], reason)
    seen = await office.person(locale=locale).say("list")
    assert words in " ".join(seen.split())


async def test_french_quotation_marks_are_not_nested(office):
    seen = await office.person(locale="fr").say("« tencent »")
    assert seen.startswith("« “tencent” »".replace("« ", "«\u202f").replace(" »", "\u202f»")) or "« “tencent” »" in seen


async def test_help_in_chinese_does_not_say_a_word_twice(office):
    seen = await office.person(locale="zh").say("帮助")
    assert "主题 主题" not in seen.replace("主题 主题名", "")
    assert "语言 语言 " not in seen


async def test_french_commands_have_the_names_that_people_type(office):
    ann = office.person(locale="fr")
    assert "Le tabac chinois" in await ann.say("recherche tabac")
    assert "Articles" in await ann.say("statut")


async def test_what_is_no_number_no_address_and_no_character_is_said_kindly(office, caplog):
    ann = office.person()
    for typed in ("search tencent limit:0000109", "why http://[::1", "why https://[", "tencent \ud800", "\udfff"):
        said = await ann.say(typed)
        assert "went wrong" not in said, typed
    assert "0000109" in await ann.say("search tencent limit:0000109")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
