"""What is offered for a word that no article has."""

import pytest

from briefs.search.spelling import nearest


@pytest.mark.parametrize(("word", "near"), [("Tencet", "tencent"), ("helsinky", "helsinki")])
def test_a_word_that_looks_much_the_same_is_offered(word, near):
    assert nearest(word, ["tencent", "tend", "helsinki", "help"]) == [near]


def test_a_stem_that_shares_but_its_beginning_is_not():
    assert nearest("quarterly", ["quatr", "quart"]) == []


def test_a_year_has_no_neighbours():
    assert nearest("2014", ["2012", "2015"]) == []
