"""Clustering articles by event: one story, one item.

    articles ─ words, figures, names (`fingerprints`) ─┬─ copies: the longer text contains most of the shorter one
                                                       └─ `similarity` ─ `average_link`

`stories` clusters a set of articles by itself, with document frequencies among them. `join` lets new articles join open
stories. Both use the same similarity and the same linkage.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from briefs.clustering.fingerprints import Fingerprint, place, read, weigh
from briefs.clustering.templates import apart
from briefs.models import Article, Story
from briefs.text.aliases import Aliases
from briefs.text.features import language_of


def stories(articles: Iterable[Article], *, aliases: Aliases | None = None) -> list[Story]:
    """Group articles by the event they tell, across sources and languages.

    Each article is in exactly one story. Neither the stories nor their order, nor that of their articles (oldest first,
    undated last), depends on the order given. aliases: names that are the same in any language.
    """
    ordered = sorted(articles, key=place)
    across = len({language_of(article) for article in ordered}) > 1
    readings = [read(article, aliases or Aliases(), across=across) for article in apart(ordered)]
    counts = Counter(chain.from_iterable(one.keys for one in readings))
    made, repeated = join((), [weigh(one, counts) for one in readings])
    names = frozenset(ordered[n].id for n in repeated)
    told = [tuple(ordered[n] for n in one.new) for one in made]
    return [Story(story, names.intersection(one.id for one in story)) for story in told]


@dataclass(frozen=True, slots=True)
class Known:
    """The fingerprint of an article that has a story.

    held: the similarity at which the last two parts of that story joined. followed: whether a channel was told of it.
    """

    row: int
    story: int
    held: float
    fingerprint: Fingerprint
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """New fingerprints of one story.

    stories: the stories they join, which merge into one, oldest first; empty for a new story. new: their places.
    """

    stories: tuple[int, ...]
    new: tuple[int, ...]
    held: float


def join(known: Sequence[Known], new: Sequence[Fingerprint]) -> tuple[list[Joined], frozenset[int]]:
    """Return the stories of new fingerprints, and the places of those that copy another text.

    known: of open stories; pairs of these are not compared again. new: oldest first.
    """
    from briefs.clustering.average_link import connected, copies, joined  # with numpy, slow to import
    from briefs.clustering.similarity import similarity

    there = sorted(known, key=lambda one: one.row)
    fingerprints = [*(one.fingerprint for one in there), *new]
    first_of: dict[int, int] = {}
    together = [(first_of.setdefault(one.story, n), n) for n, one in enumerate(there)]
    same = list(copies([one.pieces for one in fingerprints], len(there)))
    groups = connected(len(fingerprints), [*together, *same])
    held = {n: max((there[m].held for m in group if m < len(there)), default=0.0) for n, group in enumerate(groups)}
    made = []
    followed = {n for n, one in enumerate(there) if one.followed}
    for cluster in joined(groups, similarity(fingerprints, len(there), followed), held):
        were = tuple(sorted({there[n].story for n in cluster.members if n < len(there)}))
        fresh = tuple(n - len(there) for n in cluster.members if n >= len(there))
        if fresh:
            made.append(Joined(were, fresh, cluster.held))
    return made, frozenset(second - len(there) for _, second in same)
