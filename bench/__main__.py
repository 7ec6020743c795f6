"""`make bench`: look-ups beside the peers at two sizes, what a person waits for, feeds, deliveries in thousands.

Everything is made from one seed. Times depend on the machine: trust the ratios, which are taken in one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import alone, delivery, engines, feeds, grouping, joining, quoting, text, topics
from bench.asking import Timing, after_commit, growth, nothing, timed
from bench.bulk import fill
from bench.corpus import VOCABULARY, Corpus, article, word
from bench.engines import TOP
from bench.filling import AT_ONCE, committing, filled
from briefs.archive import Archive
from tests import postgres
from tests.fakes.slack import FakeSlack

SIZES, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)
IN_MEMORY = 200_000  # articles: rank_bm25 takes 11 kB for each; of PostgreSQL `bench.postgres` asks more
SLOW = 30  # queries that a slow engine is asked
OURS, PLAIN, SHARED = "briefs", "briefs, BM25 alone", "briefs on PostgreSQL"
COMMITS = f",\n{AT_ONCE} articles come every 10"
EXACT, STOCK = "rank_bm25, Lucene's idf", "rank_bm25, as it comes"
COUNTED = "exact BM25, counted beforehand"  # of these queries alone, where there are more articles
PROGRAM = (sys.executable, "-m", "bot.cli")

console = Console(width=120)


def p50_p95(ms: Sequence[float]) -> str:
    """Return the median, and what one in twenty exceeds, as they are printed."""
    return f"{statistics.median(ms):.1f} / {sorted(ms)[math.ceil(0.95 * len(ms)) - 1]:.1f} ms"


def agreement(ours: Timing, exact: Timing) -> float:
    """Return the mean share of an engine's top ten that exact BM25 has in its own, ties included."""
    pairs = zip(ours.answers, exact.answers, strict=False)
    return statistics.mean(len(set(one[:TOP]) & set(best)) / min(TOP, len(best)) for one, best in pairs)


def look_ups(corpus: Corpus, archive: Archive, path: Path, shared: Archive | None) -> dict[str, Timing]:
    """Ask every engine; the ones in memory are built one after the other, and given back. shared: PostgreSQL."""
    queries, timings = corpus.queries(), dict[str, Timing]()

    def ask(name: str, search: engines.Search, most: int | None = None, commit: Callable[[], object] = nothing) -> None:
        timings[name] = timed(search, queries[:most], commit)
        console.print(f"{name.replace(chr(10), ' ')}: {timings[name].p50:.1f} ms", style="dim")

    ask(OURS, engines.ours(archive))
    ask(PLAIN, engines.ours_plain(archive))
    if shared:
        ask(SHARED, engines.ours(shared))
        ask(f"{SHARED}, BM25 alone", engines.ours_plain(shared))
    ask("FTS5 bm25()", engines.fts5(path), SLOW)
    in_memory = [("tantivy", engines.tantivy)]
    if corpus.articles > IN_MEMORY:
        console.print(f"left out at {corpus.articles:,}: rank_bm25, bm25s (memory) and PostgreSQL (bench.postgres)")
        ask(COUNTED, engines.exact_bm25(corpus.texts(), queries[:SLOW]), SLOW)
    else:
        exact, stock = engines.rank_bm25(corpus.texts())
        ask(EXACT, exact, SLOW)
        ask(STOCK, stock, SLOW)
        del exact, stock  # over a gigabyte
        in_memory.append(("bm25s", engines.bm25s))
    for name, engine in in_memory:
        search = engine(corpus.texts())
        if search is not None:
            ask(name, search)
    ask(f"{OURS}{COMMITS}", engines.ours(archive), commit=committing(archive, corpus))
    if shared:
        ask(f"{SHARED}{COMMITS}", engines.ours(shared), commit=committing(shared, corpus))
    return timings


def asked_alone(path: Path, articles: int) -> dict[str, list[list[float]]]:
    """Return what a process of its own measures: see `bench.alone`."""
    command = (sys.executable, "-m", "bench.alone", str(path), str(articles))
    found: dict[str, list[list[float]]] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def searchable_after(archive: Archive) -> float:
    """Return the milliseconds from the commit of an article until it has been found."""
    new = word(VOCABULARY)  # no other article has it
    archive.add([article("a999999999", [new] * 20)])
    started = time.perf_counter()
    assert archive.search(new), "an article must be found as soon as it is committed"
    return (time.perf_counter() - started) * 1000


def gathered(folder: Path, articles: int = 400) -> float:
    """Return how many local files a second the program gathers, its start left out."""
    for number, words in enumerate(Corpus(articles).texts()):
        text = " ".join(words).replace(" w1 ", ". The ")
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n{text}.\n", encoding="utf-8")
    out = run("gather", str(folder), "--database", f"sqlite:///{folder}/gathered.db", "--json")
    report = json.loads(out)
    return float(report["new"] / (report["took_ms"] / 1000))


def demonstrated() -> float:
    """Return the seconds of the whole `briefbot demo`."""
    started = time.perf_counter()
    run("demo")
    return time.perf_counter() - started


def first_answer(url: str) -> float:
    """Return the seconds from the start of the program, compiled as it is once installed, to its answer."""
    run("brief", "w300", "--database", url, "--json")
    started = time.perf_counter()
    run("brief", "w300 w4000", "--database", url, "--json")
    return time.perf_counter() - started


async def idle_memory(url: str, folder: Path, seconds: float = 10.0) -> float:
    """Return the resident megabytes of `briefbot run`, some seconds after it reached a Slack that is a fake."""
    async with FakeSlack() as slack:
        told = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "BRIEFBOT_SLACK_API": slack.api_url,
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        quiet = asyncio.subprocess.DEVNULL
        program = await asyncio.create_subprocess_exec(
            *PROGRAM, "run", "--database", url, cwd=folder, env=told, stdout=quiet, stderr=quiet
        )
        try:
            await slack.until(lambda: slack.connections > 0, "a connection")
            await asyncio.sleep(seconds)
            return resident(program.pid)
        finally:
            program.terminate()
            await program.wait()


def resident(process: int) -> float:
    """Return the megabytes of memory that a process has."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def run(*arguments: str) -> str:
    """Run the program and return what it prints."""
    told = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=True, env=told).stdout


def show_look_ups(results: dict[int, dict[str, Timing]]) -> None:
    """Print every engine at every size, its times beside rank_bm25's."""
    first = min(results)
    for size, timings in results.items():
        table = Table("engine", title=f"Look-ups over {size:,} articles, top {TOP}")
        for head in (
            "p50 ms",
            "p99 ms",
            "CPU ms,\np50",
            "times as fast\nas rank_bm25",
            "agrees with BM25,\nLucene's idf",
        ):
            table.add_column(head, justify="right")
        table.add_column("rank_bm25's\nown idf", justify="right")
        table.add_column(f"growth since\n{first:,}", justify="right")
        for name, one in timings.items():
            known = size > first and name in results[first]
            grown = growth(results[first][name].ms, one.ms, size / first) if known else ""
            times = f"{timings[STOCK].p50 / one.p50:.1f}" if STOCK in timings else ""
            references = (timings.get(EXACT) or timings[COUNTED], timings.get(STOCK))
            agrees = (f"{agreement(one, reference):.3f}" if reference else "" for reference in references)
            table.add_row(name, f"{one.p50:.2f}", f"{one.p99:.1f}", f"{one.cpu:.2f}", times, *agrees, grown)
        console.print(table)
    console.print(
        "agrees: share of an engine's top 10 that is in the reference's, whose ties all count. growth: the power of "
        "the archive's size that the median grows with.\n",
        style="dim",
    )


def postgres_server(closing: ExitStack) -> postgres.Server | None:
    """Start a PostgreSQL, where there is one on this machine."""
    with suppress(LookupError):
        return closing.enter_context(postgres.server())
    return None


def in_postgres(closing: ExitStack, server: postgres.Server, corpus: Corpus) -> Archive:
    """Return an archive on a server with the articles of a corpus."""
    url = server.database()
    fill(url, corpus)
    return closing.enter_context(Archive.open(url))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed beside the peers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="articles (default: 10000 100000)")
    parser.add_argument("--full", action="store_true", help="1,000,000 articles as well: hours, and 15 GB of disk")
    parser.add_argument("--quick", action="store_true", help="10,000 articles only, and fewer deliveries")
    asked = parser.parse_args()
    sizes = sorted(FULL if asked.full else asked.sizes)[: 1 if asked.quick else None]
    results: dict[int, dict[str, Timing]] = {}
    by_themselves = {}
    joins: dict[int, joining.Timing] = {}
    waits = Table("what a person waits for", "measured", "wanted at 100,000", title=f"At {sizes[-1]:,} articles")
    with tempfile.TemporaryDirectory() as room, ExitStack() as closing:
        server = postgres_server(closing)
        for size in sizes:
            corpus, path = Corpus(size), Path(room) / f"{size}.db"
            started = time.perf_counter()
            archive = filled(corpus, f"sqlite:///{path}")
            console.print(f"{size:,} articles filed at {size / (time.perf_counter() - started):,.0f} a second")
            shared = in_postgres(closing, server, corpus) if server and size <= IN_MEMORY else None
            results[size] = look_ups(corpus, archive, path, shared)
            joins[size] = joining.measure(archive, corpus)
            by_themselves[size] = asked_alone(path, size)
            if size < sizes[-1]:
                archive.close()
        url = f"sqlite:///{path}"
        queries = corpus.queries()
        briefs = timed(lambda words: [len(archive.brief(" ".join(words)).stories)], queries)
        windowed = timed(lambda words: [len(archive.search(" ".join(words)))], queries)
        best, plain = (results[sizes[-1]][name] for name in (OURS, PLAIN))
        exact, stock = (results[sizes[-1]].get(name) for name in (EXACT, STOCK))
        exact = exact or results[sizes[-1]][COUNTED]
        if stock:
            waits.add_row("look-up, p50: rank_bm25 over ours", f"{stock.p50 / best.p50:.0f} ×", "≥ 25 ×")
            waits.add_row("the same, of the processor's time", f"{stock.cpu / best.cpu:.0f} ×", "≥ 25 ×")
        waits.add_row("look-up, p50 / p99", f"{best.p50:.0f} / {best.p99:.0f} ms", "≤ 25 / ≤ 100 ms")
        waits.add_row("agreement of BM25 alone, Lucene's idf", f"{agreement(plain, exact):.3f}", "≥ 0.95")
        waits.add_row("look-up with recency, p50 / p99", f"{windowed.p50:.0f} / {windowed.p99:.0f} ms", "")
        for name, one in ((OURS, archive), (SHARED, shared)):
            if one is not None:
                first, warm = after_commit(
                    engines.ours(one), queries[::10], committing(one, Corpus(sizes[-1], seed=11))
                )
                waits.add_row(f"{name}: first look-up after a commit / warm", f"{first:.0f} / {warm:.0f} ms", "≤ 2 ×")
        waits.add_row("whole brief with quotes, p50 / p99", f"{briefs.p50:.0f} / {briefs.p99:.0f} ms", "p99 ≤ 150 ms")
        waits.add_row("commit to found", f"{searchable_after(archive):.1f} ms", "≤ 50 ms")
        joined = joins[sizes[-1]]
        waits.add_row("an article joins a story: alone, p50 / p95", p50_p95(joined.alone), "≤ 10 ms")
        waits.add_row("the same, of the processor's time", p50_p95(joined.cpu), "")
        waits.add_row("the same, among 50 of a commit", p50_p95(joined.in_batch), "≤ 10 ms")
        waits.add_row("the same, of the processor's time", p50_p95(joined.cpu_in_batch), "")
        if len(sizes) > 1:
            grown = math.log(statistics.median(joined.alone) / statistics.median(joins[sizes[0]].alone))
            waits.add_row("its growth with the archive", f"n^{grown / math.log(sizes[-1] / sizes[0]):.2f}", "")
        archive.close()
        folder = Path(room) / "files"
        folder.mkdir()
        waits.add_row("gather of local files", f"{gathered(folder):.0f} a second", "≥ 40 a second")
        waits.add_row("start of the program to first answer", f"{first_answer(url):.2f} s", "≤ 1.5 s")
        waits.add_row("the whole `briefbot demo`", f"{demonstrated():.1f} s", "≤ 10 s")
        home = Path(room) / "home"
        home.mkdir()
        memory = asyncio.run(idle_memory(url, home))
        waits.add_row("memory of the idle `briefbot run`", f"{memory:.0f} MB", "≤ 200 MB")
    show_look_ups(results)
    console.print(alone.show(by_themselves))
    console.print(waits)
    console.print(grouping.show())
    console.print(topics.show())
    console.print(feeds.show())
    console.print(text.show())
    console.print(quoting.show())
    for table in delivery.show(delivery.QUICK if asked.quick else delivery.WHOLE):
        console.print(table)


if __name__ == "__main__":
    main()
