"""What becomes of subscriptions, from what people say to the runs that are planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.base.reply import Buttons
from bot.commands import Place
from bot.delivery import planning
from briefs.store.outbox import Written
from briefs.store.runs import Runs
from tests.dispatcher import ELSEWHERE, MONDAY, NEWS, OTHER_TEAM

OTHER = Place(ELSEWHERE, "#other", may_manage=True, reachable=True)


@pytest.fixture
def ann(office):
    return office.person(places={"#other": OTHER})


def runs_of(office, until) -> list[str]:
    """Let time pass, and give the runs that were to be composed, by their local time."""
    runs, found = Runs(office.archive.database), []
    while office.clock.now < until:
        office.clock.now += timedelta(hours=3)
        now = office.clock.now
        runs.plan(now, lambda waiting, now=now: planning.plan(waiting, now, "newest"))
        for run in runs.claim(["chat"], now, now + timedelta(minutes=1)):
            found.append(f"{run.channel.id} {run.scheduled_local}")
            runs.freeze_all([Written(run, (), run.after, now, {}, {})], now)
    return found


def listed(office, channel=NEWS):
    return [(one.topic.name, one.schedule) for one in office.channels.subscriptions(channel)]


async def test_two_times_a_day(office, ann):
    seen = await ann.say("subscribe Open links at 9:00 and 17:00 weekdays except friday")
    assert "09:00 and 17:00 (Paris), Monday, Tuesday, Wednesday and Thursday" in seen
    assert "Next: Monday 16 November, 09:00 and 17:00; Tuesday 17 November, 09:00" in seen
    assert runs_of(office, MONDAY + timedelta(days=1, hours=3)) == [
        "C1 2026-11-16T09:00",
        "C1 2026-11-16T17:00",
        "C1 2026-11-17T09:00",
    ]


async def test_what_is_so_already_is_said_to_the_asker_alone_and_changes_nothing(office, ann):
    await ann.say("subscribe Open links at 9:00 weekdays")
    assert ann.last.told
    before = office.channels.subscriptions(NEWS)

    seen = await ann.say("subscribe Open links at 9:00 weekdays")

    assert "#news gets “Open links” already" in seen
    assert (ann.last.public, ann.last.told) == (False, None)
    assert office.channels.subscriptions(NEWS) == before


@pytest.mark.parametrize(
    "again",
    ["subscribe Open links at 10:00 weekdays", "subscribe Open links at 9:00", "subscribe Open links 9:00 headlines"],
)
async def test_what_is_not_so_already_is_said_to_all(ann, again):
    await ann.say("subscribe Open links at 9:00 weekdays")
    if again.endswith("9:00"):  # the days are as they were: it has to be put off before
        await ann.say("snooze Open links 2 weeks")
    await ann.say(again)
    assert ann.last.told


async def test_a_paused_subscription_is_resumed_by_the_same_words(office, ann):
    await ann.say("subscribe Open links at 9:00 weekdays")
    await ann.say("pause all")
    await ann.say("subscribe Open links at 9:00 weekdays")
    assert ann.last.told
    assert not office.channels.subscriptions(NEWS)[0].paused


async def test_every_two_weeks_until_a_date(office, ann):
    seen = await ann.say("subscribe Open links every 2 weeks on thursday at 8:30 until 18 December")
    assert "Thursday, every 2 weeks, from 19 November 2026, until 18 December 2026" in seen
    assert runs_of(office, MONDAY + timedelta(days=60)) == [
        "C1 2026-11-19T08:30",
        "C1 2026-12-03T08:30",
        "C1 2026-12-17T08:30",
    ]
    listed = " ".join((await ann.say("list")).split())
    assert listed.endswith("until 18 December 2026 · over [Edit]")
    assert "the subscription is over" in await ann.say("why https://example.org/links")
    assert "Next: Monday 18 January, 08:30" in await ann.say("subscribe Open links weekly")


async def test_a_second_subscribe_says_what_it_replaces_and_keeps_what_is_not_said(office, ann):
    assert "Before:" not in await ann.say("subscribe Open links 9:00 mon until 12 January 5 stories compact")
    seen = await ann.say("subscribe Open links 9:00 and 17:00")
    assert "Before: 09:00 (Paris), Monday, until 12 January 2027" in seen
    assert "When: 09:00 and 17:00 (Paris), Monday, until 12 January 2027" in seen
    assert "Shows: compact, 5 stories" in seen
    assert listed(office) == [("Open links", "09:00,17:00 mon until 2027-01-12")]
    assert "Before:" not in await ann.say("subscribe Open links 9:00 and 17:00")


async def test_a_snooze_ends_by_itself_or_sooner(office, ann):
    await ann.say("subscribe Open links at 9:00")
    seen = await ann.say("snooze 2 weeks")
    assert "Snoozed: Open links" in seen
    assert "Next: Monday 30 November, 09:00" in seen
    assert "· snoozed · next: Monday 30 November, 09:00" in await ann.say("list")
    assert runs_of(office, MONDAY + timedelta(days=15))[:1] == ["C1 2026-11-30T09:00"]

    await ann.say("pause Open links until 12 January")
    assert "· snoozed · next: Tuesday 12 January 2027, 09:00" in await ann.say("list")
    assert "Next: Tuesday 1 December, 09:00" in await ann.say("resume Open links")
    assert "Nothing is paused here." in await ann.say("resume")


@pytest.mark.parametrize("shown", ["snooze Open links 2 weeks", "list", "home"])
async def test_what_is_snoozed_goes_on_at_a_press_wherever_it_is_shown(office, ann, shown):
    await ann.say("subscribe Open links at 9:00")
    ann.rooms = [Place(NEWS, "#news", may_manage=True, reachable=True)]
    await ann.say("snooze Open links 2 weeks")
    assert "snoozed" in (await ann.say(shown)).casefold()
    seen = await ann.press("resume", ann.button("resume").value)
    assert "Resumed: Open links" in seen
    assert "Next: Monday 16 November, 09:00" in seen
    assert "snoozed" not in await ann.say("list")


@pytest.mark.parametrize("typed", ["resume Open links", "RESUME open links"])
async def test_resume_in_a_french_channel_is_a_summary_of_what_is_not_paused(office, ann, typed):
    await ann.say("subscribe Open links at 9:00")
    office.channels.choose(NEWS, language="fr")
    await ann.say("pause Open links")
    assert "Resumed: Open links" in await ann.say(typed)
    assert "Tencent opens its links to Alibaba" in await ann.say(typed)
    assert "Nothing is paused here." in await ann.say("reprendre Open links")
    office.channels.choose(NEWS, language="en")
    assert "Nothing is paused here." in await ann.say(typed)


async def test_a_subscription_that_is_moved_goes_on_in_the_other_channel(office, ann):
    await ann.say("subscribe Open links at 9:00 and 17:00")
    office.channels.pause(office.channels.subscriptions(NEWS)[0], "is_archived")
    (before,) = office.channels.subscriptions(NEWS)

    seen = await ann.say("move Open links to #other")

    assert "“Open links” comes to #other now, and no more to #news" in seen
    (moved,) = office.channels.subscriptions(ELSEWHERE)
    assert (moved.id, moved.schedule, moved.position) == (before.id, before.schedule, before.position)
    assert not moved.paused
    assert listed(office) == []
    assert runs_of(office, MONDAY + timedelta(hours=3)) == ["C2 2026-11-16T09:00"]


@pytest.mark.parametrize("day", ["tomorrow", "today", "demain", "明天", "from tomorrow", "à partir de demain"])
async def test_a_day_that_is_near_goes_by_its_name(ann, day):
    assert "#news gets “Open links”" in await ann.call("subscribe", topic="Open links", start=day)
    assert "#news gets “Open links”" in await ann.say(f"subscribe open links {day} at 9:00")


async def test_what_is_snoozed_for_ever_is_paused(office, ann):
    await ann.say("subscribe Open links at 9:00 last friday")
    assert "Paused: Open links." in await ann.say("snooze forever")
    await ann.say("resume")
    assert "Paused: Open links." in await ann.say("snooze open links for ever")
    assert runs_of(office, MONDAY + timedelta(days=60)) == []


@pytest.mark.parametrize("until", ["9999-12-30", "9999-12-31"])
async def test_to_the_end_of_all_calendars_nothing_breaks(office, ann, until):
    await ann.say("subscribe Open links at 9:00 last friday")
    assert "went wrong" not in await ann.say(f"snooze until {until}")
    assert runs_of(office, MONDAY + timedelta(days=60)) == []


@pytest.mark.parametrize("typed", ["3 hours", "2h", "tomorrow at 9"])
async def test_what_is_no_length_of_a_snooze_is_answered_with_one_that_is(office, ann, typed):
    await ann.say("subscribe Open links at 9:00")
    assert "write it like 3 days or 2 weeks" in await ann.say(f"snooze {typed}")


async def test_what_is_snoozed_stays_so_where_it_is_moved(office, ann):
    await ann.say("subscribe Open links at 9:00")
    await ann.say("snooze Open links 1 week")
    assert "Monday 23 November, 09:00" in await ann.say("move Open links to #other")
    assert runs_of(office, MONDAY + timedelta(days=6)) == []


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (replace(OTHER, may_manage=False), "Only those who manage #other may change what it gets"),
        (replace(OTHER, reachable=False), "I am not in #other; invite me there"),
        (replace(OTHER, channel=OTHER_TEAM), "I cannot see the channel #other"),
    ],
)
async def test_nothing_is_moved_where_the_asker_or_the_bot_may_not(office, place, answer):
    ann = office.person(places={"#other": place})
    await ann.say("subscribe Open links")
    assert answer in await ann.say("move Open links to #other")
    assert listed(office) == [("Open links", "09:00 daily")]


async def test_who_may_not_change_this_channel_moves_nothing_out_of_it(office, ann):
    await ann.say("subscribe Open links")
    bob = office.person(name="bob", may_manage=False, places={"#other": OTHER})
    assert "Only those who manage #news may change" in await bob.say("move Open links to #other")


async def test_what_is_there_already_is_not_moved_upon(office, ann):
    await ann.say("subscribe Open links")
    await ann.say("subscribe Open links in #other")
    assert "#other gets “Open links” already." in await ann.say("move Open links to #other")


async def test_another_channel_is_listed_paused_resumed_and_unsubscribed_from_here(office, ann):
    await ann.say("subscribe Open links at 9:00 in #other")
    assert "#other gets 1 topic" in await ann.say("list in #other")
    assert "Paused: Open links" in await ann.say("pause in #other")
    assert office.channels.subscriptions(ELSEWHERE)[0].paused
    assert "Resumed: Open links" in await ann.say("resume Open links in #other")
    assert "#other no longer gets “Open links”" in await ann.say("unsubscribe all in #other")
    stranger = office.person(places={"#other": replace(OTHER, may_manage=False)})
    assert "Only those who manage #other" in await stranger.say("pause in #other")


async def test_all_that_the_asker_may_change_is_listed(office, ann):
    await ann.say("subscribe Open links at 9:00")
    await ann.say("subscribe Open links at 17:00 in #other")

    ann.rooms = (Place(NEWS, "#news", may_manage=True, reachable=True), OTHER)
    everywhere = await ann.say("list everywhere")
    assert "Your channels get 2 topics" in everywhere
    assert (
        everywhere.index("#news") < everywhere.index("09:00") < everywhere.index("#other") < everywhere.index("17:00")
    )

    ann.rooms = (replace(OTHER, may_manage=False),)
    assert "None of your channels gets anything yet" in await ann.say("list everywhere")


@pytest.mark.parametrize("said", ["unsubscribe all", "cancel everything", "désabonne-moi de tout", "取消所有订阅"])
async def test_unsubscribing_from_all_ends_all(office, ann, said):
    await ann.say("subscribe Open links")
    await ann.say("topic add pay WeChat Pay")
    await ann.say("subscribe pay")
    seen = await ann.say(said)
    assert "#news no longer gets “Open links” and “pay”" in seen
    assert listed(office) == []
    assert "gets nothing that could be ended" in await ann.say(said)


@pytest.mark.parametrize("said", ["pause all", "stop everything", "tout mettre en pause", "全部暂停"])
async def test_pausing_all_pauses_all_and_resuming_lets_all_go_on(office, ann, said):
    await ann.say("subscribe Open links")
    assert "Paused: Open links" in await ann.say(said)
    assert "Resumed: Open links" in await ann.say("resume all")


async def test_a_topic_called_all_is_itself(office, ann):
    await ann.say("subscribe Open links")
    await ann.say("topic add all Tencent")
    await ann.say("subscribe all")
    assert "no longer gets “all”" in await ann.say("unsubscribe all")
    assert listed(office) == [("Open links", "09:00 daily")]


@pytest.mark.parametrize("said", ["settings", "réglages", "设置", "preferences"])
async def test_settings_show_what_is_set_and_have_a_form_for_who_may_change_it(office, ann, said):
    assert "Time zone: Europe/Paris" in await ann.say(said)
    await ann.press("form", ann.button("form").value)
    assert ann.last.form.name == "settings"
    reader = office.person(may_manage=False)
    assert "Time zone: Europe/Paris" in await reader.say(said)
    assert not any(isinstance(part, Buttons) for part in reader.last.parts)


async def test_the_whole_is_echoed_in_the_languages_of_its_readers(office):
    zoe, luc = office.person(locale="zh"), office.person(locale="fr")
    seen = await luc.say("abonner Open links du lundi au jeudi à 9h et 17h30 jusqu’au 12 janvier")
    assert "09:00 et 17:30 (Paris), lundi, mardi, mercredi et jeudi, jusqu’au 12 janvier 2027" in seen
    seen = await zoe.say("订阅 Open links 每两周周一和周四 早上九点和下午五点")
    assert "每 2 周：周一和周四 09:00和17:00（巴黎），自2026年11月16日起" in seen
    assert listed(office) == [("Open links", "09:00,17:00 mon,thu every 2 weeks from 2026-11-16 until 2027-01-12")]


async def test_a_city_is_chosen_for_a_clock_of_several_places(office, ann):
    await ann.say("subscribe Open links at 9:00 and 17:00 CST weekdays")
    buttons = [button for part in ann.last.parts if isinstance(part, Buttons) for button in part.buttons]
    assert [button.label for button in buttons] == ["Chicago", "Mexico City", "Shanghai"]

    value = buttons[2].value
    bob = office.person(name="bob", may_manage=False)
    assert "Only those who manage #news" in await bob.press("instead", value)
    assert "This button no longer works" in await office.person(channel=ELSEWHERE).press("instead", value)
    assert "This button no longer works" in await ann.press("instead", value[:-1] + "3")
    assert listed(office) == []

    assert "09:00 and 17:00 (Shanghai), Monday to Friday" in await ann.press("instead", value)
    assert listed(office) == [("Open links", "09:00,17:00 mon,tue,wed,thu,fri")]

    await ann.say("zone UTC+8")
    assert "Asia/Shanghai" in await ann.press("instead", ann.button("instead").value)


@pytest.mark.parametrize(
    ("said", "answer"),
    {
        "subscribe Open links 9:00 CST": "“CST” may be the time of Chicago, Mexico City or",
        "subscribe Open links 9:00 until 1 January 2020": "is not a date to come",
        "subscribe Open links first monday until 3 December": "never comes",
        "subscribe Open links compact 30 stories": "“30” is not a number from 1 to 20",
    }.items(),
)
async def test_what_cannot_be_is_said_and_changes_nothing(office, ann, said, answer):
    assert answer in await ann.say(said)
    assert listed(office) == []
