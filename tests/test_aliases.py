"""Names of the same thing, found in what people and publishers write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.text.aliases import Aliases

ALIASES = Aliases(
    [
        ["Tencent", "腾讯", "騰訊"],
        ["Tencent Cloud", "腾讯云"],
        ["artificial intelligence", "AI", "IA", "人工智能"],
        ["European Union", "EU", "Union européenne"],
        ["Internet Plus", "互联网+"],
    ]
)


def found(text: str, language: str | None = None) -> list[str]:
    return [text[match.start : match.end] for match in ALIASES.spans(text, language)]


def test_a_name_brings_all_names_of_its_thing():
    (match,) = ALIASES.spans("騰訊 results")
    assert match.names == ("Tencent", "腾讯", "騰訊")


@pytest.mark.parametrize("written", ["tencent", "TENCENT", "Ténçent", "Ｔｅｎｃｅｎｔ", "Te\u0301ncent"])
def test_case_accents_and_width_do_not_count(written):
    assert found(f"({written})") == [written]


def test_the_longest_name_wins():
    assert found("Tencent Cloud and Tencent") == ["Tencent Cloud", "Tencent"]
    assert found("腾讯云与腾讯") == ["腾讯云", "腾讯"]


def test_spaces_and_hyphens_are_alike():
    assert found("Tencent-Cloud, Tencent  Cloud, Tencent\u00a0Cloud") == [
        "Tencent-Cloud",
        "Tencent  Cloud",
        "Tencent\u00a0Cloud",
    ]


@pytest.mark.parametrize("text", ["rain", "Tencents", "maintain", "EUR", "xTencent"])
def test_a_name_inside_a_word_is_none(text):
    assert found(text) == []


def test_in_chinese_a_name_stands_anywhere_in_a_run():
    assert found("大型科技公司腾讯控股表示，“互联网+”") == ["腾讯", "互联网+"]


def test_between_scripts_a_word_ends():
    assert found("腾讯AI实验室") == ["腾讯", "AI"]


@pytest.mark.parametrize(
    ("text", "expected"), [("j'ai vu", []), ("l'AI Act", ["AI"]), ("il a eu", []), ("l'EU et l'IA", ["EU", "IA"])]
)
def test_a_common_word_of_the_language_counts_in_capitals_only(text, expected):
    assert found(text, "fr") == expected


def test_an_unknown_name_has_only_itself():
    assert ALIASES.names("Reuters") == ("Reuters",)
    assert Aliases().spans("Tencent") == []


def test_a_workspace_adds_groups_of_its_own():
    more = ALIASES + Aliases([["Acme", "阿克米"]])
    assert more.names("acme") == ("Acme", "阿克米")
    assert more.names("tencent") == ("Tencent", "腾讯", "騰訊")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("Tencent 腾讯云互联网+ -AIéu\u0301")), max_size=80))
def test_matches_are_pieces_of_the_text_in_order_and_apart(text):
    end = 0
    for match in ALIASES.spans(text):
        assert end <= match.start < match.end <= len(text)
        assert ALIASES.names(text[match.start : match.end]) == match.names
        end = match.end
