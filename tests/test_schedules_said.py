"""Schedules as people say them, in English, French and Chinese."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.base.calendar import Schedule
from bot.base.i18n import SERVED, Messages
from tests.dispatcher import NEWS, open_office
from tests.test_calendar import ZONES, independently

NUMBERS = count()
NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)  # a Monday, 8:00 in Paris
STANDS = Schedule(("09:00",), "Europe/Paris")
MON_FRI, NO_FRI = "mon,tue,wed,thu,fri", "mon,tue,wed,thu"
NO_SUN = "mon,tue,wed,thu,fri,sat"
FORTNIGHT = "09:00 mon every 2 weeks from 2026-11-30"

SAID = {
    # times
    "9:00": "09:00 daily",
    "9h": "09:00 daily",
    "9h30": "09:30 daily",
    "à 9 h 30": "09:30 daily",
    "8h et demie": "08:30 daily",
    "9.30": "09:30 daily",
    "0900": "09:00 daily",
    "1730": "17:30 daily",
    "at 9": "09:00 daily",
    "@9": "09:00 daily",
    "9am": "09:00 daily",
    "9 p.m.": "21:00 daily",
    "12am": "00:00 daily",
    "9.30pm": "21:30 daily",
    "9 o'clock": "09:00 daily",
    "nine o'clock": "09:00 daily",
    "at nine": "09:00 daily",
    "neuf heures": "09:00 daily",
    "à neuf heures": "09:00 daily",
    "noon": "12:00 daily",
    "minuit": "00:00 daily",
    "中午": "12:00 daily",
    "九点": "09:00 daily",
    "九点半": "09:30 daily",
    "早上9点": "09:00 daily",
    "上午9点半": "09:30 daily",
    "下午3点15分": "15:15 daily",
    "下午三点一刻": "15:15 daily",
    "十七点三十分": "17:30 daily",
    "晚上八点": "20:00 daily",
    "９：００": "09:00 daily",
    "9:00 and 17:00": "09:00,17:00 daily",
    "17:00 and 9:00": "09:00,17:00 daily",
    "9:00 17:00": "09:00,17:00 daily",
    "9:00, 12:30, 17:00": "09:00,12:30,17:00 daily",
    "at 9, 12 and 17": "09:00,12:00,17:00 daily",
    "9am and 5pm": "09:00,17:00 daily",
    "noon and midnight": "00:00,12:00 daily",
    "9h et 17h": "09:00,17:00 daily",
    "9h, 12h30 et 18h": "09:00,12:30,18:00 daily",
    "à 8h30 et à 17h30": "08:30,17:30 daily",
    "9点和17点": "09:00,17:00 daily",
    "早上九点和下午五点": "09:00,17:00 daily",
    "早上9点下午5点": "09:00,17:00 daily",
    "下午3点和5点": "15:00,17:00 daily",
    # days
    "daily": "09:00 daily",
    "every day at 8": "08:00 daily",
    "tous les jours à 8h": "08:00 daily",
    "每天早上9点": "09:00 daily",
    "weekdays": f"09:00 {MON_FRI}",
    "every weekday": f"09:00 {MON_FRI}",
    "jours ouvrés": f"09:00 {MON_FRI}",
    "工作日": f"09:00 {MON_FRI}",
    "weekends": "09:00 sat,sun",
    "le week-end": "09:00 sat,sun",
    "周末": "09:00 sat,sun",
    "mon,wed": "09:00 mon,wed",
    "Mondays and Fridays": "09:00 mon,fri",
    "mons and fris at 9": "09:00 mon,fri",
    "tues, weds, thus": "09:00 tue,wed,thu",
    "sats, suns": "09:00 sat,sun",
    "sams": "09:00 sat",
    "on tuesday at 7:15": "07:15 tue",
    "lundi, mercredi et vendredi": "09:00 mon,wed,fri",
    "tous les lundis": "09:00 mon",
    "chaque mardi à 9h": "09:00 tue",
    "周一、周三": "09:00 mon,wed",
    "每周一和周四 9点": "09:00 mon,thu",
    "每周一、三、五 9点": "09:00 mon,wed,fri",
    "每周一三五九点": "09:00 mon,wed,fri",
    "星期天": "09:00 sun",
    "mon-fri": f"09:00 {MON_FRI}",
    "monday to thursday": f"09:00 {NO_FRI}",
    "from monday to friday at 8.30": f"08:30 {MON_FRI}",
    "fri-mon": "09:00 mon,fri,sat,sun",
    "du lundi au vendredi à 8h30": f"08:30 {MON_FRI}",
    "de lundi à jeudi 8h30": f"08:30 {NO_FRI}",
    "周一到周五 8点半": f"08:30 {MON_FRI}",
    "周一到五 八点": f"08:00 {MON_FRI}",
    "星期一至星期五": f"09:00 {MON_FRI}",
    "weekdays except friday": f"09:00 {NO_FRI}",
    "weekdays but not wed": "09:00 mon,tue,thu,fri",
    "daily except weekends": f"09:00 {MON_FRI}",
    "except sunday": f"09:00 {NO_SUN}",
    "jours ouvrés sauf vendredi": f"09:00 {NO_FRI}",
    "tous les jours sauf le dimanche": f"09:00 {NO_SUN}",
    "du lundi au vendredi hormis le mercredi": "09:00 mon,tue,thu,fri",
    "工作日除了周五": f"09:00 {NO_FRI}",
    "工作日，周五除外": f"09:00 {NO_FRI}",
    "每天除周日外 8点": f"08:00 {NO_SUN}",
    # weeks
    "weekly": "09:00 mon",
    "weekly on tuesday": "09:00 tue",
    "once a week": "09:00 mon",
    "every week on thu at 10:00": "10:00 thu",
    "chaque semaine": "09:00 mon",
    "hebdomadaire": "09:00 mon",
    "une fois par semaine le jeudi": "09:00 thu",
    "每周": "09:00 mon",
    "每周一次": "09:00 mon",
    "every 2 weeks": FORTNIGHT,
    "every two weeks on monday at 9": FORTNIGHT,
    "every other monday": FORTNIGHT,
    "every other week": FORTNIGHT,
    "fortnightly": FORTNIGHT,
    "biweekly on thu": "09:00 thu every 2 weeks from 2026-12-03",
    "every 3 weeks on mon and thu": "09:00 mon,thu every 3 weeks from 2026-11-30",
    "une semaine sur deux": FORTNIGHT,
    "un lundi sur deux": FORTNIGHT,
    "toutes les deux semaines": FORTNIGHT,
    "toutes les 2 semaines le mardi à 9h": "09:00 tue every 2 weeks from 2026-12-01",
    "tous les quinze jours": FORTNIGHT,
    "每两周": FORTNIGHT,
    "每2周一次": FORTNIGHT,
    "每两周周二 9点": "09:00 tue every 2 weeks from 2026-12-01",
    "隔周周三": "09:00 wed every 2 weeks from 2026-12-02",
    "每隔一周的周五": "09:00 fri every 2 weeks from 2026-12-04",
    "every 2 weeks from 7 December": "09:00 mon every 2 weeks from 2026-12-07",
    "every 14 days": FORTNIGHT,
    "every fourteen days on thu": "09:00 thu every 2 weeks from 2026-12-03",
    "tous les 14 jours": FORTNIGHT,
    "tous les 15 jours": FORTNIGHT,
    "tous les quatorze jours": FORTNIGHT,
    "每14天": FORTNIGHT,
    "每十四天 9点": FORTNIGHT,
    "every 7 days": "09:00 mon",
    "tous les sept jours": "09:00 mon",
    "每7天": "09:00 mon",
    "every 1 days": "09:00 daily",
    "tous les 1 jours": "09:00 daily",
    "每1天": "09:00 daily",
    # months
    "first monday": "09:00 first mon",
    "first monday of the month at 9": "09:00 first mon",
    "1st and 3rd tuesday": "09:00 first,third tue",
    "the last friday of each month": "09:00 last fri",
    "monthly": "09:00 first mon",
    "monthly on wednesday": "09:00 first wed",
    "premier lundi du mois": "09:00 first mon",
    "le dernier vendredi du mois à 17h": "17:00 last fri",
    "le 1er et le 3e mardi": "09:00 first,third tue",
    "mensuel": "09:00 first mon",
    "每月第一个周一": "09:00 first mon",
    "每个月最后一个星期五 17:00": "17:00 last fri",
    "每月第二个和第四个周三": "09:00 second,fourth wed",
    # dates
    "until 12 January": "09:00 daily until 2027-01-12",
    "9:00 until 12 January 2027": "09:00 daily until 2027-01-12",
    "until January 12": "09:00 daily until 2027-01-12",
    "until 2027-03-01": "09:00 daily until 2027-03-01",
    "until friday": "09:00 daily until 2026-12-04",
    "jusqu'au 12 janvier": "09:00 daily until 2027-01-12",
    "jusqu’au 1er mars à 9h": "09:00 daily until 2027-03-01",
    "到1月12日 9点": "09:00 daily until 2027-01-12",
    "每天9点，到2027年1月12日为止": "09:00 daily until 2027-01-12",
    "from 7 December": "09:00 daily from 2026-12-07",
    "à partir du 7 décembre": "09:00 daily from 2026-12-07",
    "从12月7日起": "09:00 daily from 2026-12-07",
    "weekdays 8:00 from 7 December until 12 January": f"08:00 {MON_FRI} from 2026-12-07 until 2027-01-12",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = open_office(tmp_path_factory.mktemp("office"))
    yield office
    office.archive.close()


async def subscribed(office, said, stands=STANDS, now=NOW, locale="en"):
    """When a channel's subscription is due once somebody has typed this behind `subscribe`, and what they were told."""
    office.clock.now = now
    (topic,) = office.channels.topics(NEWS)
    plan = {"schedule": str(stands), "zone": stands.zone, "next_due": None, "next_local": None}
    office.channels.subscribe(NEWS, topic, **plan, position=0, by="ann", now=now)

    somebody = f"{next(NUMBERS)}"  # each person may say only so much at once
    seen = await office.person(name=somebody, locale=locale).say(f"subscribe open links {said}")

    (made,) = office.channels.subscriptions(NEWS)
    return Schedule.read(made.schedule, made.zone), " ".join(seen.split())


@pytest.mark.parametrize(("said", "schedule"), SAID.items())
async def test_a_schedule_is_read_as_people_say_it(office, said, schedule):
    made, seen = await subscribed(office, said)
    assert str(made) == schedule, seen


@pytest.mark.parametrize(
    ("said", "zone"),
    {
        "9:00 Asia/Shanghai": "Asia/Shanghai",
        "9点 北京时间": "Asia/Shanghai",
        "9h heure de Paris": "Europe/Paris",
        "New York 9am": "America/New_York",
        "9am new york time": "America/New_York",
        "9:00 utc": "UTC",
    }.items(),
)
async def test_a_zone_is_read_by_its_name_or_its_city(office, said, zone):
    made, _ = await subscribed(office, said)
    assert made.zone == zone


@pytest.mark.parametrize(
    ("said", "word", "city"),
    [
        ("9:00 EST", "EST", "America/New_York"),
        ("9am ET", "ET", "America/Toronto"),
        ("9:00 CST", "CST", "Asia/Shanghai"),
        ("9:00 UTC+8", "UTC+8", "Asia/Singapore"),
        ("9:00 utc-3", "UTC-3", "America/Sao_Paulo"),
        ("9:00 gmt+5:30", "GMT+5:30", "Asia/Kolkata"),
        ("9:00 eastern time", "eastern time", "America/New_York"),
        ("9h CET", "CET", "Europe/Berlin"),
    ],
)
async def test_a_clock_of_several_places_is_asked_back_with_their_cities(office, said, word, city):
    made, seen = await subscribed(office, said)
    assert made == STANDS
    assert f"“{word}”" in seen
    assert Messages("en").city(city) in seen


@pytest.mark.parametrize(
    ("said", "word"),
    {
        "gibberish": "gibberish",
        "9:00 gibberish": "gibberish",
        "mondy": "mondy",
        "lundy": "lundy",
        "25:00": "25:00",
        "9:75": "9:75",
        "at soon": "soon",
        "hourly": "hourly",
        "every hour": "every hour",
        "twice a day": "twice",
        "每小时": "每小时",
        "fifth monday": "fifth",
        "first weekdays": "weekdays",
        "first of the month": "first of the month",
        "every 9 weeks": "every 9 weeks",
        "first monday every 2 weeks": "first monday every 2 weeks",
        "every 3 days": "every 3 days",
        "monday except monday": "monday except monday",
        "sauf tous les jours": "sauf tous les jours",
        "until 31 February": "until 31 february",
        "mars": "mars",
        "9 mars": "9 mars",
        "until 1 January 2020": "until 1 january 2020",
        "2 weeks": "2 weeks",
        "Europe/Pariss": "europe/pariss",
    }.items(),
)
async def test_a_word_that_says_nothing_here_is_named(office, said, word):
    made, seen = await subscribed(office, said)
    assert made == STANDS
    assert f"“{word}”" in seen


async def test_what_is_not_said_stays(office):
    stands = Schedule.read("09:00,17:00 mon,thu every 2 weeks from 2026-11-19 until 2027-01-12", "Europe/Paris")

    async def after(said):
        return str((await subscribed(office, said, stands))[0])

    assert await after("8:00") == "08:00 mon,thu every 2 weeks from 2026-11-19 until 2027-01-12"
    assert await after("every 2 weeks on mon and thu") == str(stands)
    assert await after("weekdays") == f"09:00,17:00 {MON_FRI} until 2027-01-12"
    for said in ("no end", "sans fin", "不限期"):
        assert await after(said) == "09:00,17:00 mon,thu every 2 weeks from 2026-11-19"
    made, _ = await subscribed(office, "Asia/Shanghai", stands)
    assert made == replace(stands, zone="Asia/Shanghai")


async def test_an_end_that_is_over_goes_by_itself(office):
    made, _ = await subscribed(office, "weekly", Schedule.read("09:00 daily until 2026-11-12", "Europe/Paris"))
    assert str(made) == "09:00 mon"


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(SAID)), st.sampled_from(ZONES), st.integers(0, 3650))
async def test_the_next_runs_of_whatever_is_said_agree_with_an_independent_computation(office, said, zone, days):
    assume("2027" not in said or days < 40)  # a date that is over is refused
    now = NOW + timedelta(days=days)
    schedule, _ = await subscribed(office, said, replace(STANDS, zone=zone), now)

    wanted = independently(schedule, now, now + timedelta(days=3653))

    assert [(due.local, due.at) for due in schedule.upcoming(now, len(wanted) + 1)][: len(wanted)] == wanted


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(SAID)), st.sampled_from(SERVED))
async def test_whatever_was_said_is_said_back_with_all_its_times(office, said, language):
    schedule, echoed = await subscribed(office, said, locale=language)
    assert all(time in echoed for time in schedule.times)
    assert Messages(language).city("Europe/Paris") in echoed
