"""What readers wish moves stories, within bounds that they can follow."""

from __future__ import annotations

import pytest

from briefs.models import Article, Reasons, TopStory, Wish
from briefs.wishes import FROM_SOURCE, LIKING, about, as_wished, overlap, subject

FERRY = Article("1", "Ferry sinks off Porto", "", "en", source="Wire")
STORY = TopStory((FERRY,), (), 10.0, Reasons({"ferry": 10.0}))
MORE = Wish("more", about(("Ferry sinks off Porto", "en")), None)
LESS = Wish("less", MORE.terms, None)
LESS_FROM_IT = Wish("source", frozenset(), "Wire")
OF_ANOTHER = Wish("source", frozenset(), "Courier")
ELSEWHERE = Wish("more", about(("Elections in Quebec", "en")), None)


def test_a_story_is_about_the_terms_of_each_text_in_its_own_language():
    of_both = about(("Tencent ouvre ses liens", "fr"), ("It will open them for the shops.", "en"))
    assert of_both == about(("Tencent ouvre ses liens", "fr")) | about(("open shops", "en"))


def test_of_two_subjects_the_smaller_one_says_what_they_have_in_common():
    assert overlap(frozenset("ab"), frozenset("abcd")) == 1
    assert overlap(frozenset("ab"), frozenset("bcd")) == 0.5
    assert overlap(subject(STORY), frozenset()) == 0


@pytest.mark.parametrize(
    ("wishes", "factor"),
    [
        ([], 1),
        ([ELSEWHERE], 1),
        ([MORE], 1 + LIKING),
        ([MORE, MORE], 1 + LIKING),
        ([LESS], 1 - LIKING),
        ([LESS, LESS], 1 - LIKING),
        ([MORE, LESS], 1),
        ([OF_ANOTHER], 1),
        ([LESS_FROM_IT], FROM_SOURCE),
        ([LESS_FROM_IT] * 3, FROM_SOURCE**3),
        ([LESS_FROM_IT] * 9, FROM_SOURCE**3),
        ([MORE, LESS_FROM_IT], (1 + LIKING) * FROM_SOURCE),
    ],
)
def test_wishes_move_a_story_as_far_as_they_may(wishes: list[Wish], factor: float):
    assert as_wished(STORY, wishes).score == pytest.approx(10 * factor)


def test_a_story_that_was_moved_says_by_how_much():
    moved = as_wished(STORY, [LESS])
    assert sum((*moved.reasons.terms.values(), *moved.reasons.parts.values())) == pytest.approx(moved.score)
    assert as_wished(STORY, [ELSEWHERE]) is STORY
