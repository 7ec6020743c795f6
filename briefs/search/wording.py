"""What a reader typed, in the words of the archive: beginnings completed, misspellings corrected, what looks so named.

However many words there are, the archive is asked about all of them at once.
"""

import functools
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain

from briefs.index.port import Finder, Lexicon
from briefs.index.seen import Seen
from briefs.models import Article
from briefs.search.initials import are_initials, spelled_out
from briefs.search.spelling import corrections, is_near, nearest
from briefs.store.articles import Articles
from briefs.store.database import Connection
from briefs.text.detection import UNSURE
from briefs.text.embeddings import is_word
from briefs.text.query import MOST_FORMS, Query, QueryTerm, Terms
from briefs.text.terms import fold, tokens
from briefs.text.terms import terms as terms_of

Words = list[tuple[str, tuple[str, ...]]]  # as typed → as the archive has it

_CORRECTED = 5  # words of a query: one with more unknown words is in no language we know
_LOOKED_THROUGH = 500  # terms of the vocabulary that begin as a word does, for those nearest to it
_FEW = 20  # articles with a word: the reader may see none of them
_LOOKED_INTO = 5  # articles, for how a term is written
_PARTS = 3  # words, at most, of a name that has parts
_NAMED = 3  # words that are missing, whose nearest ones are looked for, and words that are named for them


class Wording:
    """The words of one snapshot of an archive. seen: what its reader sees."""

    def __init__(
        self, connection: Connection, articles: Articles, finder: Finder, lexicon: Lexicon, seen: Seen
    ) -> None:
        self._connection = connection
        self._articles = articles
        self._finder = finder
        self._lexicon = lexicon
        self._seen = seen

    def completed(self, query: Query, beginnings: Sequence[str]) -> tuple[Query, Words]:
        """Let words that are beginnings stand for the commonest terms that begin so; tell which these are."""
        places = [n for n, word in enumerate(query.groups) if word.word in beginnings]
        if not places:
            return query, []
        begun = [query.groups[n] for n in places]
        listed = self._lexicon.vocabularies([fold(word.word) for word in begun], _LOOKED_THROUGH)
        known = zip(begun, listed, strict=True)
        meant = [[*some[:MOST_FORMS], *terms_of(word.word, query.language)] for word, some in known]
        counts = self._lexicon.known(chain.from_iterable(meant))
        groups, commonest = list(query.groups), list[list[str]]()
        for n, word, some in zip(places, begun, meant, strict=True):
            there = dict.fromkeys(term for term in some if term in counts)
            commonest.append(sorted(there, key=lambda term: -counts[term])[:MOST_FORMS])
            alternatives: dict[Terms, float] = {(term,): 1.0 for term in commonest[-1]}
            groups[n] = replace(word, alternatives=alternatives or word.alternatives, weight=1.0, kind="word")
        as_written = self._as_written(term for some in commonest for term in some[:_NAMED])
        named = [tuple(dict.fromkeys(filter(None, map(as_written, some[:_NAMED])))) for some in commonest]
        typed = [word.word for word in begun]
        return replace(query, groups=tuple(groups)), [*zip(typed, named, strict=True)]

    def corrected(self, query: Query, but: Iterable[str]) -> tuple[str, list[tuple[str, str]]]:
        """Put for words that no article has, in the text, those that they were probably meant to be; but: not these."""
        passed_over = {*but}
        likely = [word for word in query.content if word.word not in passed_over and not _is_word(word, query)]
        unknown = [word for word, there in zip(likely, self._have(likely), strict=True) if not there]
        if not unknown or len(unknown) > _CORRECTED:
            return query.text, []
        own = [query.language] if query.language in query.languages else []
        languages = list(dict.fromkeys((*own, *query.languages)))
        tried = corrections([word.word for word in unknown], languages, self._lexicon.known)
        as_written, meant_by = self._as_written(chain.from_iterable(tried)), dict[int, str]()
        for word, some in zip(unknown, tried, strict=True):
            if meant := next((one for one in map(as_written, some) if one and is_near(word.word, one)), None):
                meant_by[word.start] = meant
        text = query.text
        for word in reversed(unknown):
            if word.start in meant_by:
                text = f"{text[: word.start]}{meant_by[word.start]}{text[word.end :]}"
        return text, [(word.word, meant_by[word.start]) for word in unknown if word.start in meant_by]

    def named(self, query: Query) -> tuple[Query, Words]:
        """Put for a name its part that stands for it: Lei, for Lei Jun; and for initials the name that has them.

        Initials are what no article has; their name is looked for in the newest articles with all other words. Told
        are these names.
        """
        groups, names = self._in_parts(query.groups), Words()
        content = [n for n, word in enumerate(groups) if word.weight > 0]
        short = [n for n in content if are_initials(groups[n].word) and not _is_word(groups[n], query)]
        unknown = [n for n, there in zip(short, self._have([groups[n] for n in short]), strict=True) if not there]
        others = [[*groups[n].alternatives] for n in content if n not in unknown]
        if unknown and others:
            rows = self._finder.rows_with_all(others, newest=_FEW, seen=self._seen)
            articles = self._articles.shown(self._connection, rows).values()
            for n in unknown:
                if name := spelled_out(groups[n].word, [article.text for article in articles]):
                    meant = {tuple(terms_of(name, one.language or UNSURE)): 1.0 for one in articles}
                    groups[n] = replace(groups[n], alternatives=meant, kind="name")
                    names.append((groups[n].word, (name,)))
        return replace(query, groups=tuple(groups)), names

    def _in_parts(self, words: Sequence[QueryTerm]) -> list[QueryTerm]:
        """Put for a name its part that stands most often, where that stands alone, and in no other articles."""
        names = [word for word in words if word.kind == "name"]
        forms = [form for word in names for form in word.alternatives if 1 < len(form) <= _PARTS]
        counts = self._lexicon.frequencies([*forms, *((term,) for form in forms for term in form)])

        def shortest(form: Terms) -> Terms:
            if form not in counts:
                return form
            times = {term: counts[term,].occurrences for term in form}
            part = max(form, key=lambda term: times[term])
            alone = times[part] > min(times.values()) and counts[part,].articles == counts[form].articles
            return (part,) if alone else form

        def named(word: QueryTerm) -> QueryTerm:
            said: dict[Terms, float] = {}
            for form, weight in word.alternatives.items():
                said[shortest(form)] = max(weight, said.get(shortest(form), 0.0))
            return replace(word, alternatives=said)

        return [named(word) if word.kind == "name" else word for word in words]

    def nearest(self, query: Query, words: Sequence[str]) -> list[str]:
        """Return the words of a query that the archive has, then words of it that look like some, as written there.

        Words that look so fill up to _NAMED, and none is a word that was typed. Several words of a query may each stand
        somewhere, and no article have most of them.
        """
        plain = [word for word in query.content if word.word in words]
        named = dict.fromkeys(word.word for word, there in zip(plain, self._have(plain), strict=True) if there)
        if len(named) < _NAMED:
            lacking = [word for word in words if word not in named][:_NAMED]
            listed = self._lexicon.vocabularies([fold(word)[:3] for word in lacking], _LOOKED_THROUGH)
            alike = [near for word, some in zip(lacking, listed, strict=True) for near in nearest(word, some)]
            typed = {*map(fold, words)}
            for written in filter(None, map(self._as_written(alike), alike)):
                if fold(written) not in typed:
                    named[written] = None
                if len(named) == _NAMED:
                    break
        return [*named]

    def articles_with(self, many: Iterable[Terms]) -> dict[Terms, int]:
        """Return how many articles have each sequence of terms; 0 where the reader sees none of them."""
        counts = {terms: one.articles for terms, one in self._lexicon.frequencies(many).items()}
        sees = self._sees([[terms] for terms in counts], [*counts.values()])
        return {terms: count if seen else 0 for (terms, count), seen in zip(counts.items(), sees, strict=True)}

    def _as_written(self, terms: Iterable[str]) -> Callable[[str], str]:
        """Return what tells how one of these terms mostly is written in some articles; "" for what none has.

        The articles of all are found now, and those of a term read only when it is asked for, which takes far longer.
        """
        asked = list(dict.fromkeys(terms))
        found = self._finder.newest_of_each([[(term,)] for term in asked], _LOOKED_INTO, self._seen)
        together, rows = sorted(set[int]().union(*found)), dict(zip(asked, found, strict=True))
        articles = self._articles.shown(self._connection, together)
        forms = functools.cache(lambda row: _forms(articles[row], {*asked}))
        return lambda term: _mostly(term, (forms(row) for row in sorted(rows[term]) if row in articles))

    def _have(self, words: Sequence[QueryTerm]) -> list[bool]:
        """Say of each word whether some article has it, of those that the reader sees."""
        counts = self._lexicon.frequencies(chain.from_iterable(word.alternatives for word in words))
        most = [max((counts[terms].articles for terms in word.alternatives), default=0) for word in words]
        return self._sees([[*word.alternatives] for word in words], most)

    def _sees(self, words: Sequence[Sequence[Terms]], articles: Sequence[int]) -> list[bool]:
        """Say of each word, which so many articles have, whether the reader sees one; of many, one is sure to be."""
        there = [count > 0 for count in articles]
        if self._seen is None:
            return there
        few = [n for n, count in enumerate(articles) if 0 < count <= _FEW]
        found = self._finder.newest_of_each([words[n] for n in few], 1, self._seen) if few else []
        for n, rows in zip(few, found, strict=True):
            there[n] = bool(rows)
        return there


def _is_word(word: QueryTerm, query: Query) -> bool:
    """Whether what was typed is a word, so that nothing else was meant; of any language where it is unsure."""
    languages = query.languages if query.language == UNSURE else (query.language,)
    return any(is_word(term, language) for language in languages for term in terms_of(word.word, language))


def _mostly(term: str, texts: Iterable[Mapping[str, Tally[str]]]) -> str:
    """Return how a term mostly stands in some texts."""
    forms: Tally[str] = Tally()
    for text in texts:
        forms.update(text.get(term, {}))
    # Small letters first: a title, or a sentence, may begin with it.
    return max(forms, key=lambda form: (form.islower(), forms[form]), default="")


def _forms(article: Article, wanted: Set[str]) -> Mapping[str, Tally[str]]:
    """Return how each wanted term is written in an article, and how often."""
    text = f"{article.text}\n{article.title}"
    forms: dict[str, Tally[str]] = defaultdict(Tally)
    for token in tokens(text, article.language or UNSURE):
        if token.term in wanted:
            forms[token.term][text[token.start : token.end]] += 1
    return forms
