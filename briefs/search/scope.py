"""The limits of a look-up (filters, required and excluded words): first for the index, then checked to the letter.

The index applies what it can, so that enough candidates are left; it cannot tell phrases with signs or capitals.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from briefs.index.within import Within, Words
from briefs.languages import LANGUAGES
from briefs.models import Analysed, Article, ReadAs
from briefs.search.spelling import nearest
from briefs.store.database import to_ms
from briefs.text.addresses import host_of
from briefs.text.aliases import Aliases
from briefs.text.embeddings import is_word
from briefs.text.terms import fold, terms
from briefs.topics import Asked, Expression, Matcher, Topic, Verdict, Word, is_from, required

Sources = Sequence[tuple[str, str | None]]  # who publishes, as articles have it, and the address of an article
_NAMED = 3  # other names of one thing that are shown


def within(asked: Asked, spoken: Sequence[str], aliases: Aliases, sources: Callable[[], Sources]) -> Within:
    """Return those limits of a look-up that the index can apply, without languages.

    spoken: the languages of the archive. sources: gives all sources; called only where one is asked for.
    """
    inside = [name for name, url in sources() if _any(asked.sources, name, url)] if asked.sources else None
    outside = [name for name, url in sources() if _any(asked.not_sources, name, url)] if asked.not_sources else ()
    without = [part for part in asked.without if isinstance(part, Word) and not set(part.text) & set("+#")]
    return Within(
        every=_ways(asked.must, spoken, aliases),
        none=tuple(filter(None, _ways(without, spoken, aliases))),
        in_title=_ways([Word(title) for title in asked.titles], spoken, aliases),
        sources=inside,
        not_sources=outside,
        since=to_ms(asked.since),
        before=to_ms(asked.before),
    )


def _ways(expressions: Iterable[Expression], spoken: Sequence[str], aliases: Aliases) -> Words:
    return tuple(tuple(ways) for one in expressions for ways in required(one, spoken, aliases))


def _any(wanted: Sequence[str], name: str, url: str | None) -> bool:
    article = Article("", "", "", source=name, url=url)
    return any(is_from(article, one) for one in wanted)


def checker(asked: Asked, aliases: Aliases) -> Callable[[Analysed], bool] | None:
    """Return a function: article → whether it is within the limits; None where the index has applied them all."""
    if not (asked.must or asked.without or asked.sources or asked.not_sources):
        return None
    must, without = ([Matcher(Topic("", one), aliases) for one in some] for some in (asked.must, asked.without))

    def fits(article: Analysed) -> bool:
        return (
            all(one.verdict(article) is Verdict.TAKEN for one in must)
            and not any(one.verdict(article) is Verdict.TAKEN for one in without)
            and (not asked.sources or any(is_from(article.article, name) for name in asked.sources))
            and not any(is_from(article.article, name) for name in asked.not_sources)
        )

    return fits


def named_sources(typed: str, sources: Sources) -> Iterator[str]:
    """Yield the sources whose name or site is exactly what was typed; not by a name of ordinary words."""
    asked = fold(typed)
    for name, url in sources:
        is_site = "." in asked and asked == host_of(url or "").removeprefix("www.")
        is_name = asked == fold(name) and ("-" in asked or not any(_is_common(typed, code) for code in ("en", "fr")))
        if typed == name or is_site or is_name:
            yield name


def sources_like(wanted: Iterable[str], published: Iterable[str]) -> Iterable[str]:
    """Return the sources whose names, or words of them, look most like a wanted one's, the likest first."""
    called: dict[str, list[str]] = defaultdict(list)
    for name in published:
        for said in {fold(name), *fold(name).split()}:
            called[said].append(name)
    alike = (like for one in wanted for like in nearest(one, [*called]))
    return dict.fromkeys(name for like in alike for name in called[like])


def _is_common(typed: str, language: str) -> bool:
    stop = LANGUAGES[language].core_stop_words
    return all(term in stop or is_word(term, language) for term in terms(typed, language))


def with_choices(aliases: Aliases, asked: Asked) -> Aliases:
    """Return the aliases with the alternatives that a look-up names (a OR b) as further groups."""
    if not asked.choices:
        return aliases
    return aliases + Aliases([name for one in choice for name in aliases.names(one)] for choice in asked.choices)


def read_as(
    asked: Asked,
    aliases: Aliases,
    *,
    loosened: bool,
    corrections: Sequence[tuple[str, str]],
    beginnings: Sequence[tuple[str, tuple[str, ...]]],
    names: Sequence[tuple[str, tuple[str, ...]]],
) -> ReadAs | None:
    """Return how a look-up was read; None where its words were taken as they stand."""
    read = ReadAs(
        must=tuple(map(str, asked.must)),
        without=tuple(map(str, asked.without)),
        loosened=loosened,
        beginnings=tuple(beginnings),
        sources=asked.sources,
        not_sources=asked.not_sources,
        titles=asked.titles,
        languages=asked.languages,
        since=asked.since,
        before=asked.before,
        corrections=tuple(corrections),
        names=(*_other_names(asked, aliases), *names),
    )
    return None if read == ReadAs() else read


def _other_names(asked: Asked, aliases: Aliases) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, tuple[str, ...]] = {}
    for match in aliases.spans(asked.text):
        typed = asked.text[match.start : match.end]
        if others := tuple(name for name in match.names if fold(name) != fold(typed)):
            found[typed] = others[:_NAMED]
    return tuple(found.items())
