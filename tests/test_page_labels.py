"""What pages of the world say of themselves, against labels that were set by hand.

A label holds the title as the page's heading has it (the article's own, not the site's), the day of publication as a
reader sees it or, where none is shown, as the page's data state it (null where it states no day), and the language of
the article's text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from briefs.ingest.pages import extract
from briefs.ingest.prune import title_key
from briefs.ingest.raw import Extract
from tests.conftest import kit_folder

LABELS = [
    json.loads(line) for line in (Path(__file__).parent / "data/page_labels.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def pages() -> list[tuple[dict[str, Any], Extract]]:
    folder = kit_folder("quality") / "data"
    found: dict[tuple[str, str], bytes] = {}
    wanted = {(label["set"], label["id"]) for label in LABELS}
    for name in {label["set"] for label in LABELS}:
        with gzip.open(folder / f"extraction-{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = map(json.loads, lines)
            found |= {
                (name, row["id"]): row["html_latin1"].encode("latin-1") for row in rows if (name, row["id"]) in wanted
            }
    return [(label, extract(found[label["set"], label["id"]])) for label in LABELS]


def share(right: Iterable[bool]) -> float:
    verdicts = list(right)
    return sum(verdicts) / len(verdicts)


def test_the_title_is_right_on_nineteen_pages_of_twenty(pages) -> None:
    assert share(title_key(found.title) == title_key(label["title"]) for label, found in pages) >= 0.95


def test_the_day_is_right_where_the_page_states_one(pages) -> None:
    stated = [(label["date"], found.published) for label, found in pages if label["date"]]
    assert share(day is not None and day.date().isoformat() == date for date, day in stated) >= 0.85


def test_the_language_is_right_or_not_told(pages) -> None:
    """Bengali is not served: nothing is claimed for it."""
    assert all(
        found.language == label["language"] or (found.language is None and label["language"] == "bn")
        for label, found in pages
    )
