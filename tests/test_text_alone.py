"""What is wrong with a sentence that is quoted by itself: the kinds that a reading of a hundred briefs brought up."""

import pytest

from briefs.summarise import quotes
from briefs.text._alone import flaws


@pytest.mark.parametrize(
    ("flaw", "sentence"),
    [
        ("fragment", "The bridge that never opened"),
        ("fragment", "Par Anne Roy"),
        ("question", "Le pont sera-t-il prêt ?"),
        ("furniture", "Partager sur la messagerie, partager par courriel, imprimer cette page."),
        ("furniture", "Read also: our guide to the river."),
        ("furniture", "延伸阅读：新桥开通。"),
        ("dangling", "He is also the oldest engineer of the city."),
        ("dangling", "Ces derniers sont devancés par le maire."),
        ("dangling", "Il devance le pont de la gare."),
        ("dangling", "De leur côté, les commerçants attendent."),
        ("dangling", "他也是最年长的工程师。"),
        ("dangling", "然后两地通车。"),
        ("speaker", "“The bridge is safe,” he said."),
        ("speaker", "« Le pont est sûr », a-t-il ajouté."),
        ("speaker", "“The bridge is safe. Nobody need worry.”"),
        ("speaker", "他表示，大桥是安全的。"),
    ],
)
def test_what_is_wrong_with_a_sentence_alone(flaw, sentence):
    assert flaw in flaws(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "There were four bridges in 1900.",
        "Il faut six mois pour construire un pont.",
        "Il y a quatre ponts.",
        "“The bridge is safe,” the mayor said.",
        "Le pont est sûr, a dit la maire.",
        "其他桥梁照常通车。",
    ],
)
def test_a_sentence_that_stands_alone(sentence):
    assert flaws(sentence) == ()


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


def test_words_to_look_up_take_a_sentence_that_stands_alone():
    text = "Paul Roy built it in 1901.\nHe also built the tower bridge. Visitors from far away admire the tower bridge."
    assert quotes(text, "tower bridge", sentences=1, language="en")[0].text.startswith("Visitors")
