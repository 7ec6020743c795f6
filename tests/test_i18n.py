"""Every word is in every catalogue; dates, numbers and lists are written as each language writes them."""

import re
import string
from datetime import UTC, datetime

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from bot.base.i18n import SERVED, Messages, choose
from bot.commands import COMMANDS
from briefs.errors import UsageError
from tests.conftest import ROOT

LOCALE = ROOT / "bot" / "locale"
NOON = datetime(2021, 9, 14, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[object, object]:
    """What the code says: each message's key → its entry."""
    found = tmp_path_factory.mktemp("messages") / "all.pot"
    options = ["-q", "-F", str(LOCALE / "babel.toml"), "--no-default-keywords", "-k", "UsageError"]
    CommandLineInterface().run(["pybabel", *options[:1], "extract", *options[1:], "-o", str(found), str(ROOT)])
    with found.open("rb") as pot:
        return {message.id: message for message in read_po(pot) if message.id}


def catalogue(language: str) -> dict[object, object]:
    with (LOCALE / language / "LC_MESSAGES" / "briefbot.po").open("rb") as po:
        return {message.id: message for message in read_po(po, locale=language) if message.id}


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_every_message_is_translated_and_none_is_stale(said, language):
    entries = catalogue(language)
    assert sorted(map(str, said.keys() - entries.keys())) == [], "say `make messages`, then translate"
    assert sorted(map(str, entries.keys() - said.keys())) == [], "no longer said: `make messages` drops it"
    empty = [str(key) for key, entry in entries.items() if not all(_forms(entry.string)) or entry.fuzzy]
    assert empty == []


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_translations_have_the_places_of_their_originals(language):
    for key, entry in catalogue(language).items():
        wanted = set.union(*map(_places, _forms(key)))
        for form in _forms(entry.string):
            assert _places(form) == wanted, key


def test_french_has_its_spaces_and_quotation_marks():
    for key, entry in catalogue("fr").items():
        for form in _forms(entry.string):
            words = re.sub(r"https?:\S+|sqlite:\S+|\b(?:since|depuis):\S+|xapp-|\{[^}]*\}", "x", form)
            assert not re.search(r"[“”]|(?<=\w) [;?!»:]|« (?=\S)|(?<=\w)[;?!»]", words), (key, form)


def test_chinese_has_full_width_punctuation():
    for key, entry in catalogue("zh").items():
        for form in _forms(entry.string):
            words = re.sub(r"\w+:\d+天", "", form)
            assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", words), (key, form)


@pytest.mark.parametrize("language", SERVED)
def test_command_names_fit_every_platform(language):
    messages = Messages(language)
    groups: dict[str, set[str]] = {}
    names = []
    for command in COMMANDS:
        words, said = command.name.split(), messages.say(command.name).split()
        assert len(said) == len(words)
        assert all(re.fullmatch(r"[-'\w]{1,32}", word) and word == word.lower() for word in said)
        assert len(messages.say(command.help)) <= 100
        names.append(" ".join(said))
        if len(words) == 2:
            groups.setdefault(words[0], set()).add(said[0])
        for param in command.params:
            assert re.fullmatch(r"[-'\w]{1,32}", messages.say(param.name)), param.name
            assert len(messages.say(param.help)) <= 100
    assert len(set(names)) == len(names)
    assert all(len(translated) == 1 for translated in groups.values())


def test_the_first_language_wished_for_that_is_served_is_chosen():
    assert choose("fr-CA") == choose(None, "fr_FR.UTF-8") == choose("de", "fr") == "fr"
    assert choose("zh-Hant-TW") == "zh"
    assert choose() == choose("de", None, "C") == "en"


def test_days_and_times_are_written_as_each_language_writes_them():
    assert Messages("en").when(NOON, "Europe/Paris") == "Tuesday 14 September, 09:00"
    assert Messages("fr").when(NOON, "Europe/Paris") == "mardi 14 septembre à 09:00"
    assert Messages("zh").when(NOON, "Asia/Shanghai") == "9月14日周二 15:00"


def test_the_first_of_a_month_is_an_ordinal_in_french():
    first, eleventh = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 11, tzinfo=UTC)
    assert Messages("fr").day(first, "UTC") == "mardi 1er décembre"
    assert Messages("fr").calendar_date(first.date()) == "1er décembre 2026"
    assert Messages("fr").short_day(first, "UTC") == "1er déc."
    assert Messages("fr").date(eleventh, "UTC") == "11 décembre 2026"
    assert Messages("en").day(first, "UTC") == "Tuesday 1 December"


def test_another_year_is_told():
    later = datetime(2026, 1, 1, tzinfo=UTC)
    assert Messages("en").short_day(NOON, "UTC", later).endswith("2021")
    assert "2021" not in Messages("en").short_day(NOON, "UTC", NOON)


def test_plural_forms_and_numbers():
    assert Messages("en").count("{n} story", "{n} stories", 1) == "1 story"
    assert Messages("fr").count("{n} story", "{n} stories", 0) == "0 sujet"
    assert Messages("fr").count("{n} story", "{n} stories", 1234) == "1\u202f234 sujets"
    assert Messages("zh").count("{n} story", "{n} stories", 2) == "2 则报道"


def test_an_error_is_said_in_the_readers_language():
    error = UsageError("“{word}” is not a time; write it like 9:00 or 21:15.", word="25:00")
    assert Messages("fr").error(error).startswith("«\u202f25:00\u202f» n’est pas une heure")
    assert Messages("zh").error(error).startswith("“25:00”不是时间")


def test_braces_in_what_somebody_typed_are_only_text():
    error = UsageError("“{word}” does not belong here: leave it out.", word="{place.__class__}")
    assert "{place.__class__}" in Messages("fr").error(error)


def test_the_template_file_is_current(said):
    with (LOCALE / "briefbot.pot").open("rb") as pot:
        assert {message.id for message in read_po(pot) if message.id} == said.keys()


def _forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
