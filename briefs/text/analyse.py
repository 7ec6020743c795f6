"""An article → all that is computed from its text once."""

from __future__ import annotations

import dataclasses
import itertools

from briefs.models import Analysed, Article
from briefs.text.languages import LANGUAGES, UNSURE, detect_language
from briefs.text.sentences import sentence_spans
from briefs.text.terms import terms


def analyse(article: Article) -> Analysed:
    """Return the article with its language, sentences and terms.

    The language it states is believed where it is served; otherwise it is detected.
    """
    one = cut(article)
    language = one.article.language or UNSURE
    return dataclasses.replace(
        one, title_terms=tuple(terms(article.title, language)), body_terms=tuple(terms(article.text, language))
    )


def cut(article: Article, *, most: int | None = None) -> Analysed:
    """Return the article with its language and its first `most` sentences, and no terms: enough to quote from it."""
    stated = (article.language or "").lower().replace("_", "-").partition("-")[0]
    language = stated if stated in LANGUAGES else detect_language(f"{article.title}\n{article.text}")
    named = dataclasses.replace(article, language=language)
    sentences = tuple(itertools.islice(sentence_spans(article.text, language), most))
    return Analysed(named, sentences, title_terms=(), body_terms=())
