"""Releases of invented companies: few sentences on what happened, and the same ones about the company under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from briefs.models import Article
from briefs.text.analyse import cut

_BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)


def releases() -> Mapping[str, Sequence[Article]]:
    """Return the releases by what happened; those of one event come out within two days, those of others between."""
    companies = yaml.safe_load((Path(__file__).parent / "releases.yaml").read_text(encoding="utf-8"))
    told: dict[str, Sequence[Article]] = {}
    for turn in range(max(len(company["news"]) for company in companies.values())):
        for sender, company in companies.items():
            name, day = f"{sender} {turn}", _BEGAN + timedelta(hours=9 * len(told))
            told[name] = [
                Article(
                    f"{name}-{number}",
                    title,
                    f"{text}\n\n{company['about']}",
                    company["language"],
                    source=sender,
                    published=day + timedelta(hours=13 * number),
                )
                for number, (title, text) in enumerate(company["news"][turn])
            ]
    return told


def templates() -> Iterator[str]:
    """Give the sentences that stand under the releases of a sender."""
    for told in releases().values():
        release = told[0]
        foot = release.text.index("\n\n")
        for one in cut(replace(release, text=release.text[foot:].strip())).sentences:
            yield release.text[foot:].strip()[one.start : one.end]
