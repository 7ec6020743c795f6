"""What a page says that it never said before, to the letter. No I/O.

    its sentences ─┬─ at any reading it had them: no news
                   ├─ but for figures and dates, in a line about the page itself: no news
                   ├─ a slip is mended in one that it had at the last reading: no news
                   └─ else added

What is taken away and comes back is no news, nor what is put in another order. At the first reading all is known.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from briefs.languages import LANGUAGES
from briefs.models import Analysed, Sentence
from briefs.quoting.corrections import says_otherwise, words
from briefs.quoting.standalone import standing
from briefs.text.analyse import analyse
from briefs.text.dates import without_dates
from briefs.text.features import stop_terms
from briefs.text.lines import SENTENCE_END
from briefs.text.sentences import sentence_spans
from briefs.text.terms import terms

KNOWN = 5_000  # sentences of a page that are remembered, beside those that it has: some 80 kB
_MENDED = 100  # sentences, and others gone, that are compared: of a page that is written anew all is new
_A_SENTENCE = 0.5  # how likely it is one, whether or not it leans on others
_LONG = 500  # characters: a longer sentence is compared with no other
_SLIPS = 3  # words that are mended in a sentence, at most
_NEAREST = 3  # sentences that one is compared with letter by letter: those that have most of its words
_LEAST = 2  # words that say something, in a line that is news
_OF_THE_PAGE = re.compile(
    "|".join(("©", *(pack.of_the_page for pack in LANGUAGES.values() if pack.of_the_page))), re.IGNORECASE
)
_KEY, _SHAPE = slice(0, 8), slice(8, 16)


def as_it_stands(page: Analysed, name: str) -> Analysed:
    """Return a page that is watched as the article with this id: it is looked up, and is no news."""
    return replace(page, article=replace(page.article, id=name, role="page"))


def change_of(page: Analysed, known: bytes, before: str, at: datetime) -> Analysed | None:
    """Return what was added to a page, as it stands now, as an article of its own; None where nothing was.

    at: when that was seen. Otherwise as `added`; of a page that was never read before nothing is added.
    """
    text = added(page, known, before) if known else ""
    if not text:
        return None
    name = f"{page.article.id}-{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
    return analyse(replace(page.article, id=name, text=text, published=at, whole=None, role="change"))


def remembered(page: Analysed, known: bytes = b"") -> bytes:
    """Return what to remember of all sentences that a page has and, in `known`, had before."""
    had = _parted(known)
    there = dict.fromkeys(_marks(text) for _, text in _sentences(page))
    return b"".join((*[one for one in had if one not in there][-KNOWN:], *there))


def added(page: Analysed, known: bytes, before: str) -> str:
    """Return the sentences that are new, a paragraph for each run of them; "" where none is.

    known: what is remembered of all readings before this one. before: the text at the last of them, "" where it is not
    kept.
    """
    had = _parted(known)
    keys, shapes = {one[_KEY] for one in had}, {one[_SHAPE] for one in had}
    language, text = page.article.language or "und", page.article.text
    fresh = [(n, span) for n, (span, said) in enumerate(_sentences(page)) if _marks(said)[_KEY] not in keys]
    gone = _gone(page, before) if len(fresh) <= _MENDED else {}
    stop = stop_terms(language)

    def is_news(place: int, span: Sentence) -> bool:
        said = text[span.start : span.end]
        if len([one for one in terms(said, language) if one.isalpha() and one not in stop]) < _LEAST:
            return False
        counts, of_the_page = _marks(said)[_SHAPE] in shapes, _OF_THE_PAGE.search(said) is not None
        if counts:
            return not of_the_page and SENTENCE_END.search(said) is not None  # figures of a label change by themselves
        if of_the_page:
            how = standing(said, language, page.article.title, place)
            return how.good + how.leans >= _A_SENTENCE
        return not _only_mends(said, gone, language)

    return "\n".join(_runs(text, [one for one in fresh if is_news(*one)]))


def _runs(text: str, some: Sequence[tuple[int, Sentence]]) -> Iterator[str]:
    """Give sentences as they stand, those together that follow one another in a paragraph. some: with their numbers."""
    start = end = 0
    before = -2
    for number, span in some:
        if number != before + 1 or "\n" in text[end : span.start]:
            if end:
                yield text[start:end]
            start = span.start
        before, end = number, span.end
    if end:
        yield text[start:end]


def _sentences(page: Analysed) -> list[tuple[Sentence, str]]:
    text = page.article.text
    return [(span, text[span.start : span.end]) for span in page.sentences]


def _gone(page: Analysed, before: str) -> Mapping[str, frozenset[str]]:
    """Return the sentences of an earlier text that a page no longer has, with their words.

    None where they are too many to be mended, and none that is too long.
    """
    there = {_marks(text) for _, text in _sentences(page)}
    language = page.article.language or "und"
    had = (before[one.start : one.end] for one in sentence_spans(before, language))
    gone = [one for one in had if _marks(one) not in there]
    return {one: words(one, language) for one in gone if len(one) <= _LONG} if len(gone) <= _MENDED else {}


def _only_mends(now: str, gone: Mapping[str, frozenset[str]], language: str) -> bool:
    """Return whether a sentence says what one that is gone said, but for slips. gone: each with its words.

    Letters are what takes its time, and a page may be anybody's: few are compared, whatever it says.
    """
    if len(now) > _LONG:
        return False
    said = words(now, language)
    others = sorted((max(len(said - had), len(had - said)), before) for before, had in gone.items())
    nearest = [before for other, before in others[:_NEAREST] if other <= _SLIPS]
    return any(not says_otherwise(one, now, language) and not says_otherwise(now, one, language) for one in nearest)


def _marks(sentence: str) -> bytes:
    """Return what a sentence is known by: its letters and figures, and the same but for figures and dates."""
    said = " ".join(re.findall(r"\w+", sentence.casefold()))
    both = (said, without_dates(said))
    return b"".join(hashlib.blake2b(one.encode("utf-8", "replace"), digest_size=8).digest() for one in both)


def _parted(known: bytes) -> list[bytes]:
    return [known[start : start + 16] for start in range(0, len(known), 16)]
