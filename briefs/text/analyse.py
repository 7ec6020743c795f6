"""An article → all that is computed from its text once."""

import dataclasses
import itertools

from briefs.languages import LANGUAGES
from briefs.models import Analysed, Article
from briefs.text.dates import possible
from briefs.text.detection import UNSURE, detect_language
from briefs.text.sentences import sentence_spans
from briefs.text.terms import terms

# A most for whatever strangers send: a thick book. What a look-up costs depends on it.
MOST_CHARACTERS = 1_000_000
MOST_SENTENCES = 10_000
_FIELD = 200  # characters of an author and a source
_TITLE = 500


def analyse(article: Article) -> Analysed:
    """Return the article with its language, sentences and terms.

    The language it states is believed where it is served; otherwise it is detected.
    """
    one = cut(article)
    language = one.article.language or UNSURE
    return dataclasses.replace(
        one, title_terms=tuple(terms(one.article.title, language)), body_terms=tuple(terms(one.article.text, language))
    )


def cut(article: Article) -> Analysed:
    """Return the article with its language and its first sentences, and no terms: enough to quote from it.

    Of a longer text the beginning is kept, which `whole` then says; a date that cannot be is left out.
    """
    stated = (article.language or "").lower().replace("_", "-").partition("-")[0]
    text = _beginning(article.text, MOST_CHARACTERS)
    language = stated if stated in LANGUAGES else detect_language(f"{article.title}\n{text}")
    sentences = tuple(itertools.islice(sentence_spans(text, language), MOST_SENTENCES + 1))
    if len(sentences) > MOST_SENTENCES:
        sentences = sentences[:MOST_SENTENCES]
        text = text[: sentences[-1].end]
    kept = dataclasses.replace(
        article,
        title=_line(article.title, _TITLE),
        text=text,
        language=language,
        source=article.source and _line(article.source, _FIELD),
        published=possible(article.published),
        author=article.author and _line(article.author, _FIELD),
        whole=article.whole or (len(article.text) if len(text) < len(article.text) else None),
    )
    return Analysed(kept, sentences, title_terms=(), body_terms=())


def _beginning(text: str, most: int) -> str:
    """Cut a text after a line or a word."""
    if len(text) <= most:
        return text
    at = max(text.rfind("\n", most // 2, most), 0) or max(text.rfind(" ", most // 2, most), 0)
    return text[: at or most].rstrip()


def _line(line: str, most: int) -> str:
    """Return a line of at most so many characters; one that was longer says so."""
    return line if len(line) <= most else _beginning(line, most - 1) + "…"
