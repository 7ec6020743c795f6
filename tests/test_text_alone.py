"""What is wrong with a sentence that is quoted by itself."""

import json

import pytest

from briefs.summarise import quotes
from briefs.text._alone import flaws
from tests.conftest import ROOT

# Written for this test; the kinds are those that a reading of the quotes of three hundred look-ups brought up.
CASES = [json.loads(line) for line in (ROOT / "tests" / "data" / "stands_alone.jsonl").read_text("utf-8").splitlines()]


def test_there_are_a_hundred_cases_in_three_languages():
    assert len(CASES) >= 100
    assert {case["language"] for case in CASES} == {"en", "fr", "zh"}


@pytest.mark.parametrize("case", [case for case in CASES if case["stands"]], ids=lambda case: case["sentence"][:40])
def test_a_sentence_that_stands_alone(case):
    assert flaws(case["sentence"]) == ()


@pytest.mark.parametrize("case", [case for case in CASES if not case["stands"]], ids=lambda case: case["sentence"][:40])
def test_what_is_wrong_with_a_sentence_alone(case):
    assert case["kind"] in flaws(case["sentence"])


LEANING = (
    "The engineer Paul Roy designed the bridge. He also built a tower of the bridge. The mayor praised the bridge.\n"
    "It was snowing on the bridge. Shops near the bridge opened on Monday after a long winter."
)


def test_a_further_quote_of_a_look_up_leans_on_nothing_unseen():
    found = [quote.text for quote in quotes(LEANING, "bridge engineer", sentences=5, language="en")]
    assert found[0].startswith("The engineer")
    assert not any(text.startswith("It was snowing") for text in found)


def test_to_a_question_sentences_that_lean_come_last():
    found = [quote.text for quote in quotes(LEANING, "Who designed the bridge?", sentences=5, language="en")]
    assert found[0].startswith("The engineer")
    assert found[-1].startswith("It was snowing")


def test_a_sentence_that_leans_brings_along_the_one_before():
    text = "The tower bridge was Paul Roy’s idea. He built it in 1901 with stones of the old wall."
    (found,) = quotes(text, "stones wall", sentences=1, language="en")
    assert found.text == text


def test_what_comes_along_stays_short_and_in_its_paragraph():
    long = (
        "The tower bridge, " + "which is as old as the town and as grey as its walls, " * 9 + "was an idea of Paul Roy."
    )
    for before in (f"{long} ", "The tower bridge was an idea of Paul Roy.\n"):
        (found,) = quotes(f"{before}He built it with stones of the old wall.", "stones", sentences=1, language="en")
        assert found.text == "He built it with stones of the old wall."


def test_a_name_is_better_than_a_thing_named_before():
    text = (
        "The bridge of Harwick was an idea of Paul Roy.\n"
        "The device closes the bridge to lorries in a storm.\nHarwick has lit the bridge in a storm since May."
    )
    (found,) = quotes(text, "bridge storm", sentences=1, language="en")
    assert found.text.startswith("Harwick has lit")


def test_a_thing_named_before_brings_along_the_sentence_that_names_it():
    text = "Paul Roy sells a gate called Norlin. The gate closes the bridge to lorries in a storm."
    (found,) = quotes(text, "lorries storm", sentences=1, language="en")
    assert found.text == text


def test_words_to_look_up_take_a_sentence_that_stands_alone():
    text = "Paul Roy built it in 1901.\nHe also built the tower bridge. Visitors from far away admire the tower bridge."
    assert quotes(text, "tower bridge", sentences=1, language="en")[0].text.startswith("Visitors")
