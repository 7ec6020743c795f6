"""What the text of an article costs: language, sentences and terms; the main text of a page; texts made to be slow.

The text is that of the starter articles; pages and hostile texts are made here. Peers are measured in the same run,
where they are installed: trafilatura always, lingua, pysbd and sentencex if somebody put them there.
"""

from __future__ import annotations

import importlib.util
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.table import Table

from briefs.ingest.clean import clean
from briefs.ingest.pages import extract
from briefs.models import Article
from briefs.text.analyse import analyse
from briefs.text.detection import detect_language
from briefs.text.sentences import split_sentences
from briefs.text.terms import terms

_ROOT = Path(__file__).parents[1]
_WORDS = 400  # of an article
_PAGES = 40
_HOSTILE = 5_000_000  # bytes
_UNITS = (
    "我。",
    "a\n",
    "• a ",
    "He said. ",
    "Mr. ",
    "a. ",
    "“我",
    "e\u0301 ",
    "- a\n",
    "word- word\n",
    "Home\n",
    "<p>a</p>",
    "\0",
)


def show() -> Table:
    """Return a table: each figure beside the peer's, and what is wanted."""
    table = Table("text", "measured", "peer, same run", "wanted")
    prose = {language: prose_of(language) for language in ("en", "fr", "zh")}
    _analysis(table, prose)
    _sentences(table, prose)
    _languages(table, prose)
    _extraction(table, prose)
    _slow_texts(table)
    table.add_row("`import briefs`", f"{_import():.0f} ms", "", "≤ 150 ms")
    table.add_row("wheel", _wheel(), "", "≤ 5 MB")
    return table


def prose_of(language: str) -> str:
    """Return the starter articles of a language, one after the other."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "seeds" / "articles").glob("*.md"))]
    return "\n".join(text.split("---\n", 2)[2] for text in texts if f"language: {language}\n" in text)


def _seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the processor's seconds of the best of some rounds: what else the machine does hardly shows in it."""
    took = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took)


def _each(function: Callable[[str], object], texts: Sequence[str]) -> Callable[[], None]:
    def work() -> None:
        for text in texts:
            function(text)

    work()  # loading is not timed
    return work


def _analysis(table: Table, prose: dict[str, str]) -> None:
    for language in ("en", "fr"):
        words = (prose[language] * 4).split(" ")
        articles = [Article(f"{n}", "", " ".join(words[n : n + _WORDS])) for n in range(0, 400, 10)]
        took = statistics.median(_seconds(lambda one=one: analyse(one), 3) for one in articles)
        table.add_row(f"analysis of {_WORDS} words, {language}", f"{1000 * took:.2f} ms", "", "≤ 2 ms")


def _sentences(table: Table, prose: dict[str, str]) -> None:
    for language, text in prose.items():
        peers = []
        if importlib.util.find_spec("sentencex"):
            import sentencex

            peers.append(
                f"sentencex {_speed(lambda part, code=language: list(sentencex.segment(code, part)), text):.1f}"
            )
        if importlib.util.find_spec("pysbd"):
            import pysbd

            peers.append(f"pysbd {_speed(pysbd.Segmenter(language=language, clean=False).segment, text):.2f}")
        speed = _speed(lambda part, code=language: split_sentences(part, code), text * 20)
        table.add_row(f"sentences, {language}", f"{speed:.1f} MB/s", ", ".join(peers), "≥ 2 MB/s")


def _speed(function: Callable[[str], object], text: str) -> float:
    return len(text.encode()) / 1e6 / _seconds(_each(function, [text]), 3)


def _languages(table: Table, prose: dict[str, str]) -> None:
    sentences = [sentence for language, text in prose.items() for sentence in split_sentences(text, language)]
    ours = len(sentences) / _seconds(_each(detect_language, sentences))
    peer, measured = "lingua is not installed", f"{ours:,.0f} a second"
    if importlib.util.find_spec("lingua"):
        from lingua import IsoCode639_1, LanguageDetectorBuilder

        from briefs.languages import SERVED

        codes = [getattr(IsoCode639_1, code.upper()) for code in SERVED]
        detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_preloaded_language_models().build()
        theirs = len(sentences) / _seconds(_each(detector.detect_language_of, sentences))
        peer, measured = f"lingua {theirs:,.0f}", f"{measured}: {ours / theirs:.1f} ×"
    table.add_row("language of a sentence", measured, peer, "≥ 5 × lingua")


def _extraction(table: Table, prose: dict[str, str]) -> None:
    from trafilatura import bare_extraction

    pages = [_page(prose, n) for n in range(_PAGES)]
    ours = _seconds(_each(extract, pages), 3) / _PAGES
    normal = _seconds(_each(lambda page: bare_extraction(page, with_metadata=True), pages), 3) / _PAGES
    peer = f"trafilatura, normal mode {1000 * normal:.1f} ms"
    table.add_row(
        "main text of a page", f"{1000 * ours:.1f} ms: {ours / normal:.2f} of the peer's", peer, "≤ the peer's"
    )


def _page(prose: dict[str, str], number: int) -> bytes:
    """Return a page as a paper has it: a menu, a head, the text, teasers, comments, a foot."""
    language = tuple(prose)[number % len(prose)]
    paragraphs = [line for line in prose[language].split("\n") if line]
    first = number % len(paragraphs)
    text = "".join(f"<p>{line}</p>" for line in (paragraphs * 2)[first : first + 14])
    menu = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(40))
    teasers = "".join(
        f'<div class="teaser"><a href="/a/{n}"><img src="/i/{n}.jpg"><h3>Story {n}</h3></a></div>' for n in range(30)
    )
    comments = "".join(
        f'<div class="comment"><b>Reader {n}</b><p>I think so too, says number {n}.</p></div>' for n in range(20)
    )
    script = f"<script>var a = {[*range(500)]};</script>"
    return (
        f'<html lang="{language}"><head><title>Story number {number} | Paper</title>{script}'
        '<meta property="article:published_time" content="2031-01-02T03:04:05Z"></head>'
        f"<body><nav><ul>{menu}</ul></nav><article><h1>Story number {number}</h1>"
        f'<p class="byline">By Ann Lee</p>{text}</article><aside>{teasers}</aside>'
        f'<section id="comments">{comments}</section><footer><ul>{menu}</ul></footer></body></html>'
    ).encode()


def _slow_texts(table: Table) -> None:
    """Add the slowest text of each step at two sizes, and the power of its length that the time grows with."""
    steps: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("sentences", split_sentences),
        ("terms", lambda text: terms(text, "en")),
        ("language", detect_language),
        ("clean-up", clean),
        ("main text", lambda text: extract(text.encode())),
    )
    for name, step in steps:
        timed = []
        for unit in _UNITS:
            small, large = (unit * (size // len(unit.encode())) for size in (_HOSTILE // 4, _HOSTILE))
            few, many = (_seconds(lambda text=text, step=step: step(text), 1) for text in (small, large))
            timed.append((many, math.log(many / max(few, 1e-3)) / math.log(4) if many > 0.1 else 0.0, unit))
        worst, growth = max(timed), max(growth for _, growth, _ in timed)
        table.add_row(
            f"{name} of 5 MB, the slowest: {worst[2]!r}", f"{worst[0]:.2f} s, growth ≤ n^{growth:.2f}", "", "≤ 2 s, n^1"
        )


def _import() -> float:
    """Return the processor's milliseconds of `import briefs`, the best of five."""
    code = "import time; t = time.process_time(); import briefs; print(time.process_time() - t)"
    runs = (subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout for _ in range(5))
    return 1000 * min(map(float, runs))


def _wheel() -> str:
    if importlib.util.find_spec("hatchling") is None:
        return "hatchling is not installed"
    with tempfile.TemporaryDirectory() as folder:
        build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
        subprocess.run(build, cwd=_ROOT, check=True, capture_output=True)
        return f"{next(Path(folder).glob('*.whl')).stat().st_size / 1e6:.1f} MB"


if __name__ == "__main__":
    from rich.console import Console

    Console(width=120).print(show())
