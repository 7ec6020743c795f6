"""An address is known again however it is written."""

import pytest

from briefs.text.addresses import host_of, spellings


@pytest.mark.parametrize(
    "written",
    [
        "https://www.example.org/a/?utm_source=x&id=3#top",
        "http://example.org/a?id=3&fbclid=y",
        "https://example.org/a?id=3:~:text=b".replace(":~", "#:~"),
    ],
)
def test_one_page_has_many_spellings(written):
    assert "https://example.org/a?id=3" in spellings(written)


def test_what_chooses_the_page_stays():
    assert not set(spellings("https://example.org/a?id=3")) & set(spellings("https://example.org/a?id=4"))
    assert spellings("file:///tmp/a.txt#b") == ["file:///tmp/a.txt#b", "file:///tmp/a.txt"]


def test_the_host_is_told_without_www():
    assert host_of("https://www.example.org/a") == "example.org"
    assert host_of("that one") == ""
