"""Words → commands and arguments."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.grammar import Grammar, parse_age, parse_days, parse_times, parse_zone, spoken, tidy
from briefs.errors import UsageError

TOPICS = ["interop", "Internet Plus", "Le tabac"]
GRAMMAR = Grammar(COMMANDS)


def read(text):
    request = GRAMMAR.read(text, TOPICS)
    return request.command, dict(request.arguments)


@pytest.mark.parametrize(
    ("typed", "time"),
    {
        "9:00": "09:00",
        "9h": "09:00",
        "9h30": "09:30",
        "à 9 h 30": "09:30",
        "9am": "09:00",
        "9 p.m.": "21:00",
        "12am": "00:00",
        "21:15": "21:15",
        "早上9点": "09:00",
        "上午9点半": "09:30",
        "下午3点15分": "15:15",
        "９：００": "09:00",
        "noon": "12:00",
        "minuit": "00:00",
        "in the morning": "09:00",
        "le matin": "09:00",
        "早上": "09:00",
        "morning at 8:30": "08:30",
        "8 in the morning": "08:00",
        "8h30 le matin": "08:30",
        "7 heures du matin": "07:00",
        "6 in the evening": "18:00",
        "8h du soir": "20:00",
    }.items(),
)
def test_times_are_read_as_people_write_them(typed, time):
    assert parse_times(typed) == (time,)


@pytest.mark.parametrize("typed", ["25:00", "9:75", "13pm", "0am", "soon", "", "9:0", "99"])
def test_what_is_no_time_is_named_with_an_example(typed):
    with pytest.raises(UsageError, match=r"is not a time; write it like 9:00 or 21:15"):
        parse_times(typed)


@pytest.mark.parametrize(
    ("typed", "days"),
    {
        "daily": "1111111",
        "tous les jours": "1111111",
        "每天": "1111111",
        "every morning": "1111111",
        "tous les matins": "1111111",
        "weekdays": "1111100",
        "jours ouvrés": "1111100",
        "工作日": "1111100",
        "week-end": "0000011",
        "mon,wed": "1010000",
        "Mondays and Fridays": "1000100",
        "lundi": "1000000",
        "lundi, mercredi et vendredi": "1010100",
        "du lundi au mercredi": "1110000",
        "周一、周三": "1010000",
        "星期一至星期五": "1111100",
        "fri-mon": "1000111",
    }.items(),
)
def test_days_are_read_in_three_languages(typed, days):
    assert f"{parse_days(typed).bits:07b}"[::-1] == days


def test_a_zone_is_read_whatever_its_capitals_and_a_city_by_its_name():
    assert parse_zone("europe/paris") == parse_zone("Paris") == "Europe/Paris"
    assert parse_zone("New York") == "America/New_York"
    assert parse_zone("北京") == "Asia/Shanghai"


def test_a_zone_that_is_misspelt_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean Europe/Paris"):
        parse_zone("Europe/Pariss")


def test_ages_are_read_in_three_languages():
    assert parse_age("7d") == parse_age("7 jours") == parse_age("1 week") == parse_age("7天")
    with pytest.raises(UsageError, match="24h, 7d or 2w"):
        parse_age("some time")


@pytest.mark.parametrize("age", ["9999y", "9999 ans", "9999年", "9999w"])
def test_an_age_beyond_all_calendars_still_leads_to_a_date(age):
    assert datetime(2026, 1, 1, tzinfo=UTC) - parse_age(age) < datetime(1900, 1, 1, tzinfo=UTC)


SUBSCRIBED, LEFT = ("subscribe", {"topic": "interop"}), ("unsubscribe", {"topic": "interop"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("订阅interop", SUBSCRIBED),
        ("订阅：interop", SUBSCRIBED),
        ("订阅interop每天早上九点", ("subscribe", {"topic": "interop", "days": "每天", "time": "早上九点"})),
        ("订阅 interop每天早上九点", ("subscribe", {"topic": "interop", "days": "每天", "time": "早上九点"})),
        ("取消订阅interop", LEFT),
        ("暂停两周", ("pause", {"length": "两周"})),
        ("帮助订阅", ("help", {"command": "订阅"})),
        ("关注https://example.org/", ("follow", {"address": "https://example.org/"})),
        ("时区北京", ("zone", {"zone": "北京"})),
        ("说中文", ("language", {"language": "中文"})),
        ("主题添加", ("topic add", {})),
        ("搜一下苹果", ("search", {"query": "苹果"})),
        ("订阅铁路", ("subscribe", {"topic": "铁路"})),  # as "subscribe railways", which is not there yet either
        ("订阅铁路每天早上九点", ("subscribe", {"topic": "铁路", "days": "每天", "time": "早上九点"})),
        ("退订铁路", ("unsubscribe", {"topic": "铁路"})),
    ],
)
def test_chinese_commands_need_no_spaces(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    "words",
    [
        "暂停交易",
        "恢复通航",
        "关注3.15晚会",
        "主题公园",
        "帮助中小企业",
        "语言模型",
        "搜索引擎市场份额",
        "中国移动",
    ],
)
def test_chinese_words_that_begin_with_a_command_are_looked_up(words):
    assert read(words) == ("search", {"query": words})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("subscribe to interop", SUBSCRIBED),
        ("subscribe me to the interop", SUBSCRIBED),
        ("abonner à interop", SUBSCRIBED),
        ("subscribe to quantum computing at 9", ("subscribe", {"topic": "quantum computing", "time": "9"})),
        ("subscribe to Le tabac", ("subscribe", {"topic": "Le tabac"})),
        ("unsubscribe me from interop", LEFT),
        ("se désabonner de interop", LEFT),
        ("digest on interop", ("digest", {"topic": "interop"})),
        ("move interop to #news", ("move", {"topic": "interop", "channel": "#news"})),
    ],
)
def test_what_leads_to_a_topic_is_no_part_of_its_name(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("please subscribe to interop", SUBSCRIBED),
        ("Could you please subscribe us to interop?", SUBSCRIBED),
        ("I'd like to subscribe to interop, please", SUBSCRIBED),
        ("je voudrais m’abonner à interop stp", SUBSCRIBED),
        ("peux-tu désabonner interop s’il te plaît", LEFT),
        ("请帮我订阅interop", SUBSCRIBED),
        ("我想取消订阅interop，谢谢", LEFT),
        ("help subscribe please", ("help", {"command": "subscribe"})),
        ("can you find Apple", ("search", {"query": "Apple"})),
        ("can you believe it", ("search", {"query": "can you believe it"})),
        ("I want to know about Apple", ("search", {"query": "I want to know about Apple"})),
        ("please", ("search", {"query": "please"})),
    ],
)
def test_politeness_changes_nothing(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("搜索 苹果", ("search", {"query": "苹果"})),
        ("look up Apple", ("search", {"query": "Apple"})),
        ("add a topic", ("topic add", {})),
        ("new topic", ("topic add", {})),
        ("ajouter un thème", ("topic add", {})),
        ("新建主题", ("topic add", {})),
        ("delete the topic interop", ("topic remove", {"topic": "interop"})),
        ("add a source https://example.org/", ("follow", {"address": "https://example.org/"})),
        ("timezone Paris", ("zone", {"zone": "Paris"})),
        ("timeline 2", ("story", {"number": "2"})),
        ("主题列表", ("topics", {})),
        ("source list", ("search", {"query": "source list"})),
        ("new topics in physics", ("search", {"query": "new topics in physics"})),
        ("new topic in physics", ("search", {"query": "new topic in physics"})),
        ("nouveau thème de société", ("search", {"query": "nouveau thème de société"})),
        ("topic add Pour la science = CNRS", ("topic add", {"topic": "Pour la science", "words": "CNRS"})),
        ("add source code review", ("search", {"query": "add source code review"})),
        ("wish list", ("search", {"query": "wish list"})),
        ("export list", ("search", {"query": "export list"})),
        ("home list", ("search", {"query": "home list"})),
        ("首页列表", ("search", {"query": "首页列表"})),
        ("show me my subscriptions", ("list", {})),
        ("show packs", ("packs", {})),
    ],
)
def test_a_command_goes_by_the_words_that_first_come_to_mind(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("topics", ("topics", {})),
        ("thèmes", ("topics", {})),
        ("主题", ("topics", {})),
        ("THEMES", ("topics", {})),
        ("search open links", ("search", {"query": "open links"})),
        ("查找 互联互通", ("search", {"query": "互联互通"})),
        ("brief open links", ("search", {"query": "open links"})),  # the slash is forgotten, or eaten by a mention
        ("brief pause", ("search", {"query": "pause"})),  # without it nothing is changed
        ("/brief pause", ("pause", {})),
        ("/Brief abonnements", ("list", {})),
        ("/brief", ("help", {})),
        ("abonnements", ("list", {})),
        ("mes thèmes", ("topics", {})),
        ("tous les thèmes", ("topics", {})),
        ("liste des thèmes", ("topics", {})),
        ("my topics", ("topics", {})),
        ("Show me the topics", ("topics", {})),
        ("我的主题", ("topics", {})),
        ("查看所有主题", ("topics", {})),
        ("my sources", ("sources", {})),
        ("my topics on batteries", ("search", {"query": "my topics on batteries"})),
        ("the story", ("search", {"query": "the story"})),
        ("The Journal", ("search", {"query": "The Journal"})),  # a newspaper
        ("les sources", ("search", {"query": "les sources"})),
        ("all the topics", ("topics", {})),
        ("show me all the topics", ("topics", {})),
        ("résumé interop", ("digest", {"topic": "interop"})),
        ("Re\u0301sume\u0301 interop", ("digest", {"topic": "interop"})),
        ("résumer interop", ("digest", {"topic": "interop"})),
        ("resumé interop", ("digest", {"topic": "interop"})),
        ("resume interop", ("resume", {"topic": "interop"})),
        ("Réglages", ("settings", {})),
        ("reglages", ("settings", {})),
        ("créer theme links", ("topic add", {"topic": "links"})),  # accents may be left out, and are not put in
        ("creer thème links", ("topic add", {"topic": "links"})),
        ("abonné", ("search", {"query": "abonné"})),
        ("désabonné", ("search", {"query": "désabonné"})),
        ("abonnements netflix", ("search", {"query": "abonnements netflix"})),
        ("open links since:7d limit:3", ("search", {"query": "open links since:7d", "limit": "3"})),
        ("liens --depuis 7j ouverts", ("search", {"query": "liens since:7j ouverts"})),
        ("now interop", ("digest", {"topic": "interop"})),
        ("摘要 interop", ("digest", {"topic": "interop"})),
        ("topic add x a + b", ("topic add", {"topic": "x", "words": "a + b"})),
        ('topic add "open links" a | b', ("topic add", {"topic": "open links", "words": "a | b"})),
        ("topic add open links = a | b", ("topic add", {"topic": "open links", "words": "a | b"})),
        ("topic edit internet plus tabac", ("topic edit", {"topic": "internet plus", "words": "tabac"})),
        ("why 2", ("why", {"story": "2"})),
        ("pause", ("pause", {})),
        ("suspendre interop", ("pause", {"topic": "interop"})),  # what the buttons say
        ("继续 interop", ("resume", {"topic": "interop"})),
        ("s’abonner à interop", ("subscribe", {"topic": "interop"})),
        ("为什么 2", ("why", {"story": "2"})),
        ("为什么涨价", ("search", {"query": "为什么涨价"})),
        ("souhaits", ("feedback list", {})),
        ("别名 烟草 = 香烟", ("alias add", {"names": "烟草 = 香烟"})),
        ("langue zh", ("language", {"language": "zh"})),
        ("lang français", ("language", {"language": "français"})),
        ("lang francais", ("language", {"language": "francais"})),
        ("Lang Lang", ("search", {"query": "Lang Lang"})),
        ("", ("help", {})),
    ],
)
def test_commands_are_known_in_every_language(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("interop", {"topic": "interop"}),
        ("Internet Plus at 9:00", {"topic": "Internet Plus", "time": "9:00"}),
        (
            "interop 9h30 lundi Europe/Paris dans #news",
            {"topic": "interop", "time": "9h30", "days": "lundi", "zone": "europe/paris", "channel": "#news"},
        ),
        ("interop 每天早上9点", {"topic": "interop", "days": "每天", "time": "早上9点"}),
        ("interop 每天早上", {"topic": "interop", "days": "每天", "time": "早上"}),
        ("interop tous les matins à 8h", {"topic": "interop", "days": "tous les matins", "time": "8h"}),
        ("interop monday morning", {"topic": "interop", "days": "monday", "time": "morning"}),
        ("interop in the morning at 8:30", {"topic": "interop", "time": "in the morning at 8:30"}),
        (
            "interop at 8 in the morning on monday",
            {"topic": "interop", "days": "on monday", "time": "8 in the morning"},
        ),
        ("le tabac tous les jours à 8h", {"topic": "le tabac", "days": "tous les jours", "time": "8h"}),
        ("Le Matin", {"topic": "Le Matin"}),
        ("L'Info du matin", {"topic": "L'Info du matin"}),
        ("interop in <#C1|news> at 9", {"topic": "interop", "channel": "<#C1|news>", "time": "9"}),
        ("something new at 9:00", {"topic": "something new", "time": "9:00"}),
        ("interop at 25:00", {"topic": "interop", "time": "25:00"}),
        ("interop 9:00 and 17:00", {"topic": "interop", "time": "9:00 and 17:00"}),
        (
            "interop every 2 weeks until 12 January in #news",
            {"topic": "interop", "days": "every 2 weeks", "until": "until 12 january", "channel": "#news"},
        ),
        ("le tabac titres 5 articles", {"topic": "le tabac", "form": "titres", "stories": "5"}),
        ("interop stories:5 form full", {"topic": "interop", "stories": "5", "form": "full"}),
    ],
)
def test_a_subscription_says_what_when_and_where_in_any_order(typed, expected):
    assert read(f"subscribe {typed}") == ("subscribe", expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("snooze 2 weeks", ("snooze", {"length": "2 weeks"})),
        ("snooze interop until 12 January", ("snooze", {"topic": "interop", "until": "until 12 january"})),
        ("pause for 3 days", ("pause", {"length": "for 3 days"})),
        ("pause in #news", ("pause", {"channel": "#news"})),
        ("unsubscribe all in #news", ("unsubscribe", {"topic": "all", "channel": "#news"})),
        ("move interop to #news", ("move", {"topic": "interop", "channel": "#news"})),
        ("déplacer le tabac vers #news", ("move", {"topic": "le tabac", "channel": "#news"})),
        ("list", ("list", {})),
        ("list in #news", ("list", {"channel": "#news"})),
        ("list everywhere", ("list", {"everywhere": "yes"})),
        ("liste partout", ("list", {"everywhere": "yes"})),
        ("列表 所有频道", ("list", {"everywhere": "yes"})),
        ("move fast and break things", ("search", {"query": "move fast and break things"})),
        ("settings of power plants", ("search", {"query": "settings of power plants"})),
    ],
)
def test_a_subscription_is_put_off_moved_and_listed(typed, expected):
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("said", "command"),
    {
        "Unsubscribe from everything": "unsubscribe all",
        "cancel all my subscriptions": "unsubscribe all",
        "désabonne-moi de tout": "unsubscribe all",
        "取消所有订阅": "unsubscribe all",
        "stop everything!": "pause all",
        "tout mettre en pause": "pause all",
        "全部暂停": "pause all",
        "reprends tout": "resume all",
        "all my subscriptions": "list everywhere",
        "Settings": "settings",
        "réglages": "settings",
        "设置": "settings",
        "偏好设置": "settings",
        "偏好": None,  # lists what readers want more and less of
        "stop": None,
        "cancel culture": None,
        "settings of power plants": None,
    }.items(),
)
def test_what_is_asked_in_a_whole_phrase_is_a_command(said, command):
    assert spoken(said) == command


def test_a_word_that_is_no_part_of_a_subscription_is_named():
    with pytest.raises(UsageError, match="“gibberish” is neither a time, a day, a date, a time zone nor a channel"):
        read("subscribe interop gibberish")
    with pytest.raises(UsageError, match="“9:00” and “10:00” cannot both hold"):
        read("subscribe interop 9:00 mon 10:00")
    with pytest.raises(UsageError, match="“2 weeks” does not belong here"):
        read("subscribe interop 2 weeks")


@pytest.mark.parametrize(
    "words",
    [
        "tencent alibaba",
        "status quo in Hong Kong",
        "sources of funding",
        "list of companies",
        "language models",
        "zone euro",
        "why is the sky blue",
        "help dispatcher software",
        "topics in AI",
        "list price",
        "主题公园",
        "previews",
        "subscribers of WeChat",
    ],
)
def test_words_that_only_begin_like_a_command_are_looked_up(words):
    assert read(words) == ("search", {"query": words})


def test_a_slip_in_a_command_before_a_known_topic_is_that_command():
    for typed in ("subscrib interop at 25:00", "suscribe interop at 25:00"):
        assert read(typed) == ("subscribe", {"topic": "interop", "time": "25:00"})


def test_a_slip_that_another_command_begins_like_gets_help():
    assert read("bscribe interop at 9:00") == ("help", {"command": "subscribe"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("abonne interop à 25:00", ("subscribe", {"topic": "interop", "time": "25:00"})),
        ("abonnez-nous à interop à 9h", ("subscribe", {"topic": "interop", "time": "9h"})),
        ("désabonne-moi de interop", ("unsubscribe", {"topic": "interop"})),
        ("thème ajoute eau pluie + lac", ("topic add", {"topic": "eau", "words": "pluie + lac"})),
        ("theme montrez interop", ("topic show", {"topic": "interop"})),
        ("souhaits retire 1", ("feedback undo", {"number": "1"})),
        ("suspends interop 2 semaines", ("pause", {"topic": "interop", "length": "2 semaines"})),
        ("reprends interop", ("resume", {"topic": "interop"})),
        ("suis www.example.org", ("follow", {"address": "www.example.org"})),
        ("please subscribe us to interop at 9", ("subscribe", {"topic": "interop", "time": "9"})),
        ("unsubscribe from interop", ("unsubscribe", {"topic": "interop"})),
        ("帮我订阅interop 9点", ("subscribe", {"topic": "interop", "time": "9点"})),
        ("取消订阅 interop", ("unsubscribe", {"topic": "interop"})),
        ("please explain interop", ("search", {"query": "please explain interop"})),
        ("请订阅 interop", ("subscribe", {"topic": "interop"})),
    ],
)
def test_a_command_is_known_as_one_tells_somebody(typed, expected):
    assert read(typed) == expected


def test_a_slip_in_a_lone_command_is_looked_up_with_the_command_in_mind():
    request = GRAMMAR.read("topcs", TOPICS)
    assert (request.command, request.instead) == ("search", "topics")


def test_a_slip_is_nearest_to_the_command_with_its_accents():
    assert GRAMMAR.read("résumés", TOPICS).instead == "digest"
    assert GRAMMAR.read("resumes", TOPICS).instead == "resume"


def read_or_refusal(text):
    try:
        return GRAMMAR.read(text, TOPICS)
    except UsageError as error:
        return str(error)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_one_line(text):
    found = read_or_refusal(text)
    if isinstance(found, str):
        assert "\n" not in found
    else:
        assert found.command in {command.name for command in COMMANDS}
        assert all(tidy(value) == value for value in found.arguments.values())


@given(st.sampled_from(["subscribe interop ", "digest ", "topic add ", "search "]), st.text(max_size=40))
def test_whatever_follows_a_command_is_read_or_refused(command, text):
    assert read_or_refusal(command + text)


@pytest.mark.parametrize("word", ["x ", "mon ", "9:00 ", "at ", "Europe/Paris ", "#a ", "每天", '"', "( "])
def test_a_flood_of_words_is_read_before_the_tests_lose_patience(word):
    for command in ("subscribe ", "subscribe interop ", "topic add ", "subscrib ", ""):
        assert read_or_refusal(command + word * (5000 // len(word)))
