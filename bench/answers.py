"""What an answer shows: `python -m bench.answers FOLDER [ENGINE]`, over public test sets in a folder of gzipped JSONL.

    sentence_qa-*.jsonl.gz      paragraphs with questions     {id, language, text, questions: [{question}]}
    near_duplicates.jsonl.gz    articles of news, some alike  {id, title, text, group, made}
    retrieval-*.jsonl.gz        judged look-ups               {kind: doc, id, title, text} or {kind: query, text, …}

The first two make one archive of 2,000 articles in three languages, and look-ups of three kinds: a question, which its
paragraph answers; words of a title; and either of them with its article left out, which nothing answers.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.places import ENGINES, Places
from briefs import Article
from briefs.languages import LANGUAGES
from briefs.models import Brief

ARTICLES = 2_000
OF_A_KIND = 40  # look-ups in a language
WITHOUT_AN_ANSWER = 12
LEFT_OUT = 8  # one paragraph in so many
JUDGED = 120  # look-ups of a judged set
SHOWN = 5  # stories
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LookUp:
    """relevant: ids of the articles that answer; empty where none does."""

    query: str
    kind: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """stories: as the ids of their articles. owns_up: it is said that they are only near."""

    stories: tuple[frozenset[str], ...]
    owns_up: bool


def main() -> None:
    """Print what look-ups over the sets of a folder show."""
    folder, engine = Path(sys.argv[1] if sys.argv[1:] else "nowhere"), (*sys.argv[2:], "sqlite")[0]
    if engine not in ENGINES or not any(folder.glob("*.jsonl.gz")):
        sys.exit(f"say which folder has the sets: python -m bench.answers FOLDER [{'|'.join(ENGINES)}]")
    console = Console()
    table = Table(
        "look-ups", "n", "right first", "answered", "of what is shown, right", "honest", "F1 of what is shown"
    )
    with Places(engine) as places:
        for name, articles, lookups in (_mixed(folder), *_judged(folder)):
            shown = _asked(places, articles, lookups)
            kinds = sorted({one.kind for one in lookups})
            for kind in (kinds if len(kinds) > 1 else []) + ["all"]:
                of_kind = [pair for pair in zip(lookups, shown, strict=True) if kind in ("all", pair[0].kind)]
                table.add_row(f"{name}, {kind}", str(len(of_kind)), *_figures(of_kind))
    console.print(table)


def _asked(places: Places, articles: Sequence[Article], lookups: Iterable[LookUp]) -> list[Shown]:
    """Return what each look-up shows."""
    with places.archive() as place:
        place.archive.add(articles)
        place.bring()
        return [_shown(place.archive.brief(look.query, limit=SHOWN)) for look in lookups]


def _shown(brief: Brief) -> Shown:
    stories = tuple(frozenset(one.id for one in story.articles) for story in brief.stories)
    return Shown(stories, brief.notice is not None)


def _figures(asked: Sequence[tuple[LookUp, Shown]]) -> Iterator[str]:
    answered = [[bool(story & look.relevant) for story in shown.stories] for look, shown in asked if look.relevant]
    wanted = [min(SHOWN, len(look.relevant)) for look, _ in asked if look.relevant]
    nothing = [not shown.stories or shown.owns_up for look, shown in asked if not look.relevant]
    yield _share([right[:1] == [True] for right in answered])
    yield _share([any(right) for right in answered])
    yield _share([one for right in answered for one in right])
    yield _share(nothing)
    f1 = [2 * sum(right) / (len(right) + most) for right, most in zip(answered, wanted, strict=True)]
    yield f"{sum(f1) / len(f1):.3f}" if f1 else ""


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else ""


# ---------------------------------------------------------------- sets


def _mixed(folder: Path) -> tuple[str, list[Article], list[LookUp]]:
    draw = random.Random(11)
    articles: list[Article] = []
    lookups: list[LookUp] = []
    questions: list[tuple[str, str, str]] = []
    twins: dict[str, set[str]] = defaultdict(set)  # the same paragraph in two languages
    for path in sorted(folder.glob("sentence_qa-*.jsonl.gz")):
        rows = _rows(path)
        out = {row["id"] for row in draw.sample(rows, len(rows) // LEFT_OUT)}
        for row in rows:
            if row["id"] not in out:
                articles.append(Article(_name(path, row), "", row["text"], row["language"]))
                twins[_paragraph(path, row)].add(_name(path, row))
        asked = [(row, question["question"]) for row in rows for question in row["questions"]]
        draw.shuffle(asked)
        answered = [(row, question) for row, question in asked if row["id"] not in out][:OF_A_KIND]
        unanswered = [(row, question) for row, question in asked if row["id"] in out][:WITHOUT_AN_ANSWER]
        questions += [("question", _paragraph(path, row), question) for row, question in answered]
        questions += [("nothing", _paragraph(path, row), question) for row, question in unanswered]
    for kind, paragraph, question in questions:
        if kind == "question" or not twins[paragraph]:
            lookups.append(LookUp(question, kind, frozenset(twins[paragraph])))
    news = [row for row in _rows(folder / "near_duplicates.jsonl.gz") if not row["made"]]
    draw.shuffle(news)
    there, gone = news[: ARTICLES - len(articles)], news[ARTICLES - len(articles) :]
    alike: dict[str, set[str]] = defaultdict(set)
    for row in there:
        alike[row["group"] or row["id"]].add(row["id"])
    articles += [Article(row["id"], row["title"], row["text"], "fr") for row in there]
    for row in draw.sample(there, OF_A_KIND * 2):
        lookups.append(LookUp(_words(row["title"], draw), "words", frozenset(alike[row["group"] or row["id"]])))
    for row in draw.sample([row for row in gone if row["group"] not in alike], WITHOUT_AN_ANSWER * 2):
        lookups.append(LookUp(_words(row["title"], draw), "nothing", frozenset()))
    return f"{len(articles):,} articles", articles, [look for look in lookups if look.query]


def _paragraph(path: Path, row: Row) -> str:
    """Return what a paragraph is called in all its languages: sets that differ in the language share their ids."""
    return f"{path.name.split('-')[1]} {row['id']}"


def _judged(folder: Path) -> Iterator[tuple[str, list[Article], list[LookUp]]]:
    for path in sorted(folder.glob("retrieval-*.jsonl.gz")):
        rows = _rows(path)
        articles = [Article(row["id"], row["title"], row["text"], "en") for row in rows if row["kind"] == "doc"]
        asked = [row for row in rows if row["kind"] == "query"][:JUDGED]
        name = path.name.removeprefix("retrieval-").removesuffix(".jsonl.gz")
        yield name, articles, [LookUp(row["text"], "judged", frozenset(row["relevant"])) for row in asked]


def _rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _name(path: Path, row: Row) -> str:
    return f"{path.name.removesuffix('.jsonl.gz')} {row['id']}"


def _words(title: str, draw: random.Random) -> str:
    """Return two to four words of a title that are no stop words, in its order."""
    french = LANGUAGES["fr"]
    idle = french.core_stop_words | french.other_stop_words
    words = [word for word in re.findall(r"\w{3,}", title) if word.casefold() not in idle]
    chosen = sorted(draw.sample(range(len(words)), min(len(words), draw.choice((2, 3, 3, 4)))))
    return " ".join(words[n] for n in chosen)


if __name__ == "__main__":
    main()
