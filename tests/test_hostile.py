"""`make hostile` counts what is tried, and says what is not held."""

from __future__ import annotations

import re
import time

import pytest

from briefs.errors import Refused
from tests.conftest import ROOT
from tests.hostile import __main__ as hostile
from tests.hostile.attempts import ATTACKS, TESTS, Attempt


def refused() -> None:
    raise Refused("no")


def wrong() -> None:
    raise ValueError("wrong")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (lambda: None, []),
        (refused, []),
        (wrong, ["it: ValueError wrong"]),
        (lambda: time.sleep(100), ["it: _TooLong "]),
    ],
    ids=["nothing", "an error for people", "a mistake", "without end"],
)
def test_an_attempt_is_held_when_nothing_but_an_error_for_people_comes_of_it(monkeypatch, attack, said) -> None:
    monkeypatch.setitem(ATTACKS, "pages", lambda short: iter([Attempt("it", attack, 0.1)]))
    outcome = hostile._attacked("pages", True)
    assert outcome.tried == 1
    assert len(outcome.broken) == len(said)
    assert all(map(re.fullmatch, said, outcome.broken))


def test_nor_is_one_that_takes_the_processor_for_longer_than_it_may(monkeypatch) -> None:
    monkeypatch.setattr(hostile, "process_time", iter([7.0, 7.4]).__next__)
    monkeypatch.setitem(ATTACKS, "pages", lambda short: iter([Attempt("it", lambda: None, 0.1)]))
    assert hostile._attacked("pages", True).broken == ["it: 0.4 s"]


def test_every_class_is_in_the_list_of_threats_and_every_test_there_is_there() -> None:
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    assert {name for name in ATTACKS if f"*{name}*" not in text} == set()
    named = set(re.findall(r"test_\w+\.py", text))
    assert {name for name in named if not (ROOT / "tests" / name).exists()} == set()
    tried = {
        arguments.rpartition("/")[2] for tests in TESTS.values() for arguments in tests if arguments.endswith(".py")
    }
    assert tried - named == set()
