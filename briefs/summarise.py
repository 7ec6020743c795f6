"""Which sentences to quote.

    with a query      every sentence is scored by what it says of the query; the best come first
    without a query   the sentences that say most of what their text says, within a budget, in the order of the text

A quote is a whole sentence, to the letter, with its place. Its reasons add up to its score. The weights stand in one
place, below.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from briefs.models import Analysed, Article, Quote, Reasons, Sentence
from briefs.text._alone import Flaw, flaws
from briefs.text._questions import expected
from briefs.text.analyse import analyse
from briefs.text.languages import LANGUAGES
from briefs.text.query import Query, QueryTerm, parse_query
from briefs.text.terms import fold, terms, tokens

# ---------------------------------------------------------------- weights

# BM25 of a sentence (Robertson and Zaragoza 2009). Sentences are short: a second mention says little, so k1 is small.
K1 = 0.6
B = 0.75
ARTICLE = 0.8  # of the article's own score: a good article's sentence is more likely to be on the question
COVERAGE = 0.3  # of the share of the query that the sentence has, times what it has: many words beat one rare word
BEFORE = 0.3  # of the weight of query words that only the sentence before has: it names what "it" stands for here
ANSWER = 2.0  # for a date, or a number, where the question wants one
LENGTH = 0.7  # for each factor of e in characters: short quotes are read
STOP_WORD = 0.5  # of a stop word's rarity: some questions have little else
# Without a query.
EARLY = (
    0.6  # a word counts (1 + number of the sentence) ** -EARLY for each sentence that has it: news says the most first
)
ONCE = 0.7  # for a word that stands in one sentence only
NAME = 1.5  # for a word written with a capital in mid-sentence
SMOOTH = 30  # words added to a summary's length, so that one short sentence is not the best of all
BREVITY = 0.7  # the power of the length by which what is said is divided, where the budget is
AMPLE = 70  # words, or more; less brevity below
HEAVIEST = 14  # sentences that are tried in every combination
MOST = 6  # sentences of a summary
FLAWS: Mapping[Flaw, float] = {"fragment": 6.0, "furniture": 6.0, "question": 1.0, "dangling": 0.3, "speaker": 0.3}
# Where nothing is asked and words are only looked up, many sentences would do: one that stands alone is taken.
FLAWS_IN_A_LOOK_UP: Mapping[Flaw, float] = {**FLAWS, "question": 3.0, "dangling": 3.0, "speaker": 3.0}

Idf = Callable[[str], float]


def quotes(
    texts: str | Sequence[str | Article],
    query: str | None = None,
    *,
    sentences: int | None = None,
    words: int | None = None,
    language: str | None = None,
) -> list[Quote]:
    """Choose the sentences of some texts to quote.

    texts: one or several; `Quote.source` is the index of the text. language: theirs, where they do not say it.
    sentences: at most so many. words: at most so many words between white space; characters in Chinese. Without
    either, three sentences.
    With a query the best come first and each has a word of it; without one they come in the order of the texts.
    """
    given = [texts] if isinstance(texts, str) else texts
    analysed = [analyse(_article(number, text, language)) for number, text in enumerate(given)]
    if query is None:
        return best_quotes(analysed, None, sentences=sentences, words=words)
    languages = dict.fromkeys(one.article.language or "und" for one in analysed)
    return best_quotes(analysed, parse_query(query, languages=languages), sentences=sentences, words=words)


def _article(number: int, text: str | Article, language: str | None) -> Article:
    return text if isinstance(text, Article) else Article(id=str(number), title="", text=text, language=language)


def best_quotes(
    articles: Sequence[Analysed],
    query: Query | None,
    *,
    article_scores: Sequence[float] | None = None,
    sentences: int | None = None,
    words: int | None = None,
    idf: Idf | None = None,
) -> list[Quote]:
    """Choose the sentences of analysed articles to quote, as `quotes` does.

    article_scores: how well each article answers the query; a part of its sentences' scores.
    idf: how rare a term is in the whole archive; without it, among the sentences of `articles`.
    """
    if sentences is None and words is None:
        sentences = 3
    places = list(_places(articles))
    if query is None:
        return _summary(places, sentences, words)
    best_first = _ranked(places, query, article_scores, idf)
    return [quote for _, quote in _filled(best_first, sentences, words)]


# ---------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of one of the articles. position: its number in it."""

    source: int
    position: int
    text: str
    language: str
    span: Sentence

    def size(self) -> int:
        """Words between white space; characters in Chinese."""
        pieces = self.text.split()
        return sum(map(len, pieces)) if self.language == "zh" else len(pieces)

    def quote(self, score: float, reasons: Reasons) -> Quote:
        return Quote(self.text, self.source, self.span.start, self.span.end, score, reasons)


def _places(articles: Iterable[Analysed]) -> Iterator[_Place]:
    for source, analysed in enumerate(articles):
        text, language = analysed.article.text, analysed.article.language or "und"
        for position, span in enumerate(analysed.sentences):
            yield _Place(source, position, text[span.start : span.end], language, span)


def _filled(
    best_first: Iterable[tuple[_Place, Quote]], sentences: int | None, words: int | None
) -> list[tuple[_Place, Quote]]:
    """Keep the best that fit: one that would pass the budget is skipped, and the next is tried."""
    kept: list[tuple[_Place, Quote]] = []
    left = math.inf if words is None else words
    for place, quote in best_first:
        if sentences is not None and len(kept) >= sentences:
            break
        if place.size() <= left:
            kept.append((place, quote))
            left -= place.size()
    return kept


# ---------------------------------------------------------------- with a query


@dataclass(frozen=True, slots=True)
class _Match:
    """What a sentence has of a query. found: number of the word in the query → how often, in all its forms."""

    found: Mapping[int, float]
    length: int


def _match(found_terms: list[str], forms: Mapping[str, list[tuple[int, tuple[str, ...], float]]]) -> _Match:
    found: dict[int, float] = {}
    for place, term in enumerate(found_terms):
        for group, form, weight in forms.get(term, ()):
            if len(form) == 1 or tuple(found_terms[place : place + len(form)]) == form:
                found[group] = found.get(group, 0.0) + weight
    return _Match(found, len(found_terms))


def _forms(groups: Sequence[QueryTerm]) -> dict[str, list[tuple[int, tuple[str, ...], float]]]:
    """Every way to write a word of the query, under its first term."""
    forms: dict[str, list[tuple[int, tuple[str, ...], float]]] = {}
    for number, group in enumerate(groups):
        for form, weight in group.alternatives.items():
            forms.setdefault(form[0], []).append((number, form, weight))
    return forms


def _ranked(
    places: Sequence[_Place], query: Query, article_scores: Sequence[float] | None, idf: Idf | None
) -> list[tuple[_Place, Quote]]:
    """Score every sentence; best first, those that have a word of the query before all others."""
    groups = [group for group in query.groups if group.kind != "question"]
    forms = _forms(groups)
    matches = [_match(terms(place.text, place.language), forms) for place in places]
    rarity = _rarity(groups, matches, idf)
    mean = sum(match.length for match in matches) / max(1, len(matches)) or 1.0
    wanted = expected(query.text)
    weights = FLAWS if _asks(query) else FLAWS_IN_A_LOOK_UP
    scored = []
    for number, (place, match) in enumerate(zip(places, matches, strict=True)):
        by_term = _bm25(match, rarity, mean)
        before = matches[number - 1].found if place.position else {}
        parts: dict[str, float] = {
            "article": ARTICLE * article_scores[place.source] if article_scores else 0.0,
            "coverage": COVERAGE * _coverage(match, rarity),
            "before": BEFORE * sum(rarity[group] for group in before if group not in match.found),
            "answer": ANSWER if wanted and wanted(place.text) else 0.0,
            "length": -LENGTH * math.log(_reading_length(place) / 100),
        }
        parts |= {flaw: -weights[flaw] for flaw in flaws(place.text)}
        named: dict[str, float] = {}
        for group, value in by_term.items():
            named[groups[group].word] = named.get(groups[group].word, 0.0) + value
        reasons = Reasons(MappingProxyType(named), MappingProxyType({k: v for k, v in parts.items() if v}))
        has_word = any(groups[group].weight > 0 for group in match.found)
        scored.append((has_word, place, place.quote(sum(named.values()) + sum(parts.values()), reasons)))
    scored.sort(key=lambda one: (not one[0], -one[2].score))
    on_it = [(place, quote) for has_word, place, quote in scored if has_word]
    others = [(place, quote) for has_word, place, quote in scored if not has_word]
    return [*_readable(on_it), *others]


def _asks(query: Query) -> bool:
    """Whether a query is a question, which one sentence may answer, and not only words to look up."""
    return query.text.rstrip().endswith(("?", "？")) or any(group.kind == "question" for group in query.groups)


def _readable(best_first: Sequence[tuple[_Place, Quote]]) -> list[tuple[_Place, Quote]]:
    """Put sentences that need another one last: all but an article's best sentence, and the one that follows it."""
    best: dict[int, int] = {}
    alone: list[tuple[_Place, Quote]] = []
    leaning: list[tuple[_Place, Quote]] = []
    for place, quote in best_first:
        first = best.setdefault(place.source, place.position)
        leans = {"dangling", "speaker"} & quote.reasons.parts.keys()
        (leaning if leans and place.position not in (first, first + 1) else alone).append((place, quote))
    return [*alone, *leaning]


def _rarity(groups: Sequence[QueryTerm], matches: Sequence[_Match], idf: Idf | None) -> list[float]:
    """Weigh each word of the query by its rarity; all its forms are one word (Pirkola 1998)."""
    size = len(matches)
    held = Counter(group for match in matches for group in match.found)
    rarity = []
    for number, group in enumerate(groups):
        if idf is None:
            rare = math.log(1 + (size - held[number] + 0.5) / (held[number] + 0.5))
        else:
            best = max(group.alternatives.values())
            rare = min(max(map(idf, form)) for form, weight in group.alternatives.items() if weight == best)
        rarity.append(rare * (group.weight or STOP_WORD))
    return rarity


def _bm25(match: _Match, rarity: Sequence[float], mean: float) -> dict[int, float]:
    norm = K1 * (1 - B + B * match.length / mean)
    return {group: rarity[group] * tf * (K1 + 1) / (tf + norm) for group, tf in match.found.items()}


def _coverage(match: _Match, rarity: Sequence[float]) -> float:
    total = sum(rarity)
    return sum(rarity[group] for group in match.found) ** 2 / total if total else 0.0


def _reading_length(place: _Place) -> int:
    """Characters as a reader counts them: a Chinese one holds about three Latin ones."""
    return max(1, len(place.text) * (3 if place.language in ("zh", "ja") else 1))


# ---------------------------------------------------------------- without a query


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that a summary may take. said: the words of its text that it says."""

    place: _Place
    said: frozenset[str]
    size: int


def _summary(places: Sequence[_Place], sentences: int | None, words: int | None) -> list[Quote]:
    """Take the sentences that together say most for their length, and give them in the order of the texts.

    Maximum coverage of weighted stems (Gillick and Favre 2009), over the heaviest sentences that fit.
    """
    weights, said = _word_weights(places)
    limit = math.inf if words is None else words
    fitting = [
        _Candidate(place, frozenset(stems), size)
        for place, stems in zip(places, said, strict=True)
        if 0 < (size := place.size()) <= limit
    ]
    alone = [one for one in fitting if not flaws(one.place.text)]
    brevity = _brevity(words)

    def worth(chosen: Sequence[_Candidate]) -> float:
        covered = frozenset().union(*(one.said for one in chosen))
        said: float = sum(weights[stem] for stem in covered)
        length: int = SMOOTH + sum(one.size for one in chosen)
        return said / math.pow(length, brevity)

    heaviest = sorted(alone or fitting, key=lambda one: -worth([one]))[:HEAVIEST]
    chosen = _best_subset(heaviest, worth, limit, min(sentences or MOST, MOST))
    chosen.sort(key=lambda one: (one.place.source, one.place.position))
    return [one.place.quote(worth([one]), Reasons(parts={"says": worth([one])})) for one in chosen]


def _best_subset(
    candidates: Sequence[_Candidate], worth: Callable[[Sequence[_Candidate]], float], limit: float, most: int
) -> list[_Candidate]:
    best: list[_Candidate] = []
    best_worth = 0.0

    def grow(chosen: list[_Candidate], start: int, left: float) -> None:
        nonlocal best, best_worth
        if chosen and (here := worth(chosen)) > best_worth:
            best, best_worth = chosen, here
        if len(chosen) < most:
            for number in range(start, len(candidates)):
                if candidates[number].size <= left:
                    grow([*chosen, candidates[number]], number + 1, left - candidates[number].size)

    grow([], 0, limit)
    return best


def _word_weights(places: Sequence[_Place]) -> tuple[dict[str, float], list[set[str]]]:
    """Weigh the stems of a text; and tell which stems each sentence has."""
    weights: dict[str, float] = {}
    held: Counter[str] = Counter()
    names: set[str] = set()
    said = []
    for place in places:
        stems = _content(place, names)
        said.append(stems)
        held.update(stems)
        for stem in stems:
            weights[stem] = weights.get(stem, 0.0) + (1 + place.position) ** -EARLY
    for stem in weights:
        weights[stem] *= (ONCE if held[stem] == 1 else 1.0) * (NAME if stem in names else 1.0)
    return weights, said


def _content(place: _Place, names: set[str]) -> set[str]:
    """Return the stems of a sentence that are no stop words; add those written like names to `names`."""
    known = LANGUAGES.get(place.language)
    idle = known.core_stop_words if known else frozenset()
    stems = set()
    for term, start, end in tokens(place.text, place.language):
        word = place.text[start:end]
        if fold(word) not in idle:
            stems.add(term)
            if start and word[0].isupper():
                names.add(term)
    return stems


def _brevity(words: int | None) -> float:
    """How much shortness counts: little where the budget is short itself."""
    if words is None:
        return BREVITY
    return min(BREVITY, BREVITY * words / AMPLE)
