"""Which sentence answers a question, and what is shown where none is likely to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from briefs import Archive, Article, quotes
from briefs.quoting.answering import FILE, Question, QuestionShares, Standpoint, chance

NOW = datetime(2026, 5, 13, tzinfo=UTC)
BRIDGE = Article(
    "bridge",
    "Harwick opens its new bridge",
    "The engineer Paul Roy designed the bridge of Harwick after a competition of architects. "
    "The mayor of Harwick, Ann Lee, opened the new bridge for traffic on 12 May 2026. "
    "The bridge of Harwick cost 12 million euros, twice as much as was planned. "
    "Traders of Harwick fear that the bridge will drive their customers away.",
    "en",
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the bridge open?", "when"),
        ("En quelle année le pont a-t-il ouvert ?", "when"),
        ("大桥什么时候通车？", "when"),
        ("How much did it cost?", "how many"),
        ("Combien a coûté le pont ?", "how many"),
        ("大桥花了多少钱？", "how many"),
        ("Why did traders protest?", "other"),
    ],
)
def test_the_words_of_a_question_tell_what_kind_of_thing_it_asks_for(question, kind):
    assert Question(question).expected.kind == kind


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the bridge of Harwick open?", "12 May 2026"),
        ("How much did the bridge of Harwick cost?", "12 million"),
        ("Who designed the bridge of Harwick?", "Paul Roy"),
        ("What do the traders of Harwick fear?", "customers"),
    ],
)
def test_the_sentence_with_what_is_asked_for_comes_first(question, answer):
    assert answer in quotes([BRIDGE], question)[0].text


OPENING = (
    "The mayor of Harwick, Ann Lee, opened the new bridge for traffic on 12 May 2026, before a crowd that had waited "
    "in the rain since the early morning, with two bands of the town and a speech on what had been paid for it."
)


def test_that_a_sentence_is_long_makes_it_no_less_likely_to_answer():
    (answer,) = quotes([Article("opening", "", OPENING, "en")], "Who opened the bridge for traffic?")
    by_length = answer.reasons.parts["length"]
    assert by_length < 0
    assert answer.fits == pytest.approx(chance(answer.score - by_length))


@pytest.fixture
def archive(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path}/a.db", clock=lambda: NOW) as opened:
        opened.add([BRIDGE])
        yield opened


def test_a_question_gets_the_one_sentence_that_answers_it(archive):
    (story,) = archive.brief("Who designed the bridge of Harwick?").stories
    (quote,) = story.quotes
    assert "Paul Roy" in quote.text


@pytest.mark.parametrize(
    "question", ["When was the engineer of the Harwick bridge born?", "How old is the engineer of the Harwick bridge?"]
)
def test_where_no_sentence_is_likely_to_answer_the_title_stands_alone(archive, question):
    for story in archive.brief(question).stories:
        assert not story.quotes


FERRY = "Ferries to the island leave at 7:40 and 18:10 from pier 4. A ticket costs 12 euros at the desk of the harbour."


@pytest.mark.parametrize(
    "bare",
    [
        pytest.param(Article("row", "", FERRY, "en"), id="no title"),
        pytest.param(Article("page", "Ferry times", FERRY, "en", role="page"), id="a page that is watched"),
    ],
)
@pytest.mark.parametrize("asked", ["ticket", "How much does a ticket cost?"])
def test_where_no_title_can_stand_alone_there_is_a_quote(archive, bare, asked):
    archive.add([bare])
    (story,) = archive.brief(asked).stories
    assert [quote.text in FERRY for quote in story.quotes] == [True]


def test_as_many_stories_are_shown_as_are_asked_for(archive):
    archive.add([Article(f"tram {n}", f"A tram crosses the bridge {n}", f"Tram number {n} crossed.") for n in range(3)])
    assert [len(archive.brief("bridge", limit=limit).stories) for limit in range(4)] == [0, 1, 2, 3]


def test_words_that_are_looked_up_are_no_question(archive):
    (story,) = archive.brief("Harwick bridge").stories
    assert story.quotes


@pytest.mark.parametrize(
    ("question", "sentence", "may"),
    [
        ("When did it open?", "The mayor opened it on 12 May.", True),
        ("When did it open?", "The mayor opened it on Friday in front of a crowd.", False),
        ("How many came in 2026?", "Some 5,000 visitors came in 2026.", True),
        ("How many came in 2026?", "Visitors came in 2026.", False),
        ("Who opened it?", "The mayor opened it.", True),
    ],
)
def test_without_the_date_or_the_number_that_is_asked_for_nothing_answers(question, sentence, may):
    assert Question(question).has_what_is_asked(sentence) is may


def test_every_sign_has_a_weight_and_every_weight_a_sign():
    weights = json.loads(files("briefs.quoting.answer_weights").joinpath(FILE).read_text(encoding="utf-8"))
    told, at = QuestionShares(1, 0, 0, 0, 0, 1, 0, 5), Standpoint(0, 1.0, 1)
    asked = ("When?", "How many?", "Why?")
    signs = {name for question in asked for name in Question(question).signs("A sentence.", "en", told, at)}
    assert signs == set(weights)


def test_the_chance_of_any_score_is_between_none_and_certain():
    assert chance(-1e9) == pytest.approx(0, abs=1e-9)
    assert chance(1e9) == pytest.approx(1)
    assert chance(0) == 0.5
