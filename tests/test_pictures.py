"""The pictures in docs/pictures show what the bot builds today: block for block, in each language and place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.base.i18n import Messages
from bot.base.looks import ROOM, Looks
from tests.dispatcher import MONDAY
from tests.pictures.kept import KEPT, outline, read, readme
from tests.pictures.news import digest_of
from tests.pictures.samples import LANGUAGES, PLATFORMS, drawn_up, said_in, shown

DRAWN = read()
STALE = "this looks otherwise now: run make pictures, look at what changed, and commit it"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_picture_shows_what_is_built_today(language, tmp_path):
    said = await said_in(language, tmp_path)
    built = {
        f"{platform}/{name}.{language}": outline(drawn_up(one, name, platform))
        for name, one in said.items()
        for platform in PLATFORMS
    }
    assert built == {name: one.outline for name, one in DRAWN.items() if name.endswith(f".{language}")}, STALE


def test_each_picture_is_there_and_stands_on_the_page():
    assert {str(path.relative_to(KEPT).with_suffix("")) for path in KEPT.glob("*/*.png")} == set(DRAWN)
    page = (KEPT / "README.md").read_text(encoding="utf-8")
    assert page == readme(DRAWN), STALE
    assert all(f'src="{name}.png"' in page for name in DRAWN)


def test_all_of_them_together_are_small():
    assert sum(path.stat().st_size for path in KEPT.glob("*/*.png")) <= 3_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_of_five_stories_is_not_high(language):
    assert DRAWN[f"slack/digest.{language}"].height <= 1_100
    assert DRAWN[f"slack/digest.{language}"].size <= 7_000
    assert DRAWN[f"discord/digest.{language}"].height <= 1_150


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ROOM)
def test_as_many_stories_as_a_digest_shows_fit_into_its_message(form, language):
    news, looks = digest_of(language, MONDAY), Looks(form, 3)
    stories = (*news.stories, *news.more)[: ROOM[form]]
    said = shown(replace(news, stories=stories, more=()), Messages(language), looks)
    for platform in PLATFORMS:
        assert drawn_up(said, "digest-thread", platform) == []


def test_an_outline_names_what_can_be_pressed_and_what_stands_in_it():
    button = {"type": "button", "text": {"type": "plain_text", "text": "Undo"}}
    menu = {"type": "overflow", "options": [{}, {}]}
    field = {"type": "input", "label": {"type": "plain_text", "text": "Time"}, "element": {"type": "plain_text_input"}}
    blocks = [{"type": "actions", "elements": [button]}, {"type": "section", "accessory": menu}, field]
    assert outline([{"blocks": blocks}]) == [
        "actions(button=Undo)",
        "section(overflow=×2)",
        "input=Time(plain_text_input)",
    ]
