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
from bench.corpus import VOCABULARY, Corpus, article, word
from bench.engines import STOCK, TOP
from bench.filling import AT_ONCE, committing
from bench.prepared import COUNTED, Prepared, prepared, slow
from bench.visibility import processor
from briefs.archive import Archive
from tests import postgres
from tests.fakes.slack import FakeSlack

SIZES, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)
OURS, SHARED = "briefs", "briefs on PostgreSQL"
PLAIN = ", BM25 alone"
COMMITS = f",\n{AT_ONCE} articles come every 10"
PROGRAM = (sys.executable, "-m", "bot.cli")

console = Console(width=140)


def p50_p95(ms: Sequence[float]) -> str:
    """Return the median, and what one in twenty exceeds, as they are printed."""
    return f"{statistics.median(ms):.1f} / {sorted(ms)[math.ceil(0.95 * len(ms)) - 1]:.1f} ms"


def agreement(ours: Timing, exact: Timing) -> float:
    """Return the mean share of an engine's top ten that exact BM25 has in its own, ties included."""
    pairs = zip(ours.answers, exact.answers, strict=False)
    return statistics.mean(len(set(one[:TOP]) & set(best)) / min(TOP, len(best)) for one, best in pairs)


def look_ups(one: Prepared, archive: Archive, shared: Archive | None) -> dict[str, Timing]:
    """Ask our archives and SQLite's own full text; put beside what the peers were timed at. shared: PostgreSQL's."""
    corpus, timings = one.corpus, dict[str, Timing]()
    queries = corpus.queries()

    def ask(name: str, search: engines.Search, of: Archive, commit: Callable[[], object] = nothing) -> None:
        timings[name] = timed(search, queries, commit, processor(of))
        console.print(f"{name.replace(chr(10), ' ')}: {timings[name].p50:.1f} ms", style="dim")

    ours = {OURS: archive} | ({SHARED: shared} if shared else {})
    for name, own in ours.items():
        ask(name, engines.ours(own), own)
        ask(f"{name}{PLAIN}", engines.ours_plain(own), own)
    timings["FTS5 bm25()"] = timed(engines.fts5(one.file), queries[: slow(corpus)])
    timings |= one.peers
    for name, own in ours.items():
        ask(f"{name}{COMMITS}", engines.ours(own), own, committing(own, corpus))
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
            await slack.until(lambda: slack.connections > 0, "a connection", 120)  # whatever else runs
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
    """Print every engine at the last of the sizes, its times beside rank_bm25's, and its growth since the first."""
    (first, before), (size, timings) = (list(results.items())[place] for place in (0, -1))
    table = Table("engine", title=f"Look-ups over {size:,} articles, top {TOP}")
    for head in (
        "p50 ms",
        "p99 ms",
        "CPU ms,\np50",
        "times as fast as\nrank_bm25, CPU",
        "agrees with BM25,\nLucene's idf",
        "rank_bm25's\nown idf",
        f"growth since\n{first:,}, CPU",
    ):
        table.add_column(head, justify="right")
    for name, one in timings.items():
        grown = growth(before[name].cpu_ms, one.cpu_ms, size / first) if size > first and name in before else ""
        references = (timings.get(name) for name in (COUNTED, STOCK))
        agrees = (f"{agreement(one, reference):.3f}" if reference else "" for reference in references)
        times = f"{timings[STOCK].cpu / one.cpu:.1f}" if STOCK in timings else ""
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


def show_archives(made: Sequence[Prepared]) -> None:
    """Ask the archives of each size, the smallest first; print tables, and what a person waits for at the last."""
    results, by_themselves, joins = dict[int, dict[str, Timing]](), {}, list[joining.Timing]()
    largest = made[-1].corpus.articles
    waits = Table("what a person waits for", "measured", "wanted at 100,000", title=f"At {largest:,} articles")
    for one in made:
        with ExitStack() as closing:
            archive = closing.enter_context(Archive.open(one.sqlite))
            shared = closing.enter_context(Archive.open(one.postgres)) if one.postgres else None
            size = one.corpus.articles
            results[size] = look_ups(one, archive, shared)
            show_look_ups(results)
            joins.append(joining.measure(archive, one.corpus))
            by_themselves[size] = asked_alone(one.file, size)
            if size == largest:
                console.print(alone.show(by_themselves))
                wait_for_look_ups(waits, one.corpus, archive, shared, results[size])
                wait_for_joining(waits, joins, largest / made[0].corpus.articles)
    wait_for_the_program(waits, one.sqlite)
    console.print(waits)


def wait_for_look_ups(
    waits: Table, corpus: Corpus, archive: Archive, shared: Archive | None, timings: dict[str, Timing]
) -> None:
    """Add how long look-ups and whole briefs take. shared: PostgreSQL's archive."""
    queries, ours = corpus.queries(), timings[OURS]
    briefs = timed(lambda words: [len(archive.brief(" ".join(words)).stories)], queries)
    windowed = timed(lambda words: [len(archive.search(" ".join(words)))], queries)
    if stock := timings.get(STOCK):
        waits.add_row("look-up, p50: rank_bm25 over ours", f"{stock.p50 / ours.p50:.0f} ×", "≥ 25 ×")
        waits.add_row("the same, of the processor's time", f"{stock.cpu / ours.cpu:.0f} ×", "≥ 25 ×")
    waits.add_row("look-up, p50 / p99", f"{ours.p50:.0f} / {ours.p99:.0f} ms", "≤ 25 / ≤ 100 ms")
    agrees = agreement(timings[f"{OURS}{PLAIN}"], timings[COUNTED])
    waits.add_row("agreement of BM25 alone, Lucene's idf", f"{agrees:.3f}", "≥ 0.95")
    waits.add_row("look-up with recency, p50 / p99", f"{windowed.p50:.0f} / {windowed.p99:.0f} ms", "")
    for name, one in ((OURS, archive), (SHARED, shared)):
        if one is not None:
            commit = committing(one, Corpus(corpus.articles, seed=11))
            first, warm = after_commit(engines.ours(one), queries[::10], commit)
            waits.add_row(f"{name}: first look-up after a commit / warm", f"{first:.0f} / {warm:.0f} ms", "≤ 2 ×")
    waits.add_row("whole brief with quotes, p50 / p99", f"{briefs.p50:.0f} / {briefs.p99:.0f} ms", "p99 ≤ 150 ms")
    waits.add_row("commit to found", f"{searchable_after(archive):.1f} ms", "≤ 50 ms")


def wait_for_joining(waits: Table, joins: Sequence[joining.Timing], times: float) -> None:
    """Add how long an article takes to join a story. times: as large is the last archive as the first."""
    joined = joins[-1]
    waits.add_row("an article joins a story: alone, p50 / p95", p50_p95(joined.alone), "≤ 10 ms")
    waits.add_row("the same, of the processor's time", p50_p95(joined.cpu), "")
    waits.add_row("the same, among 50 of a commit", p50_p95(joined.in_batch), "≤ 10 ms")
    waits.add_row("the same, of the processor's time", p50_p95(joined.cpu_in_batch), "")
    if len(joins) > 1:
        waits.add_row("its growth with the archive", f"n^{growth(joins[0].alone, joined.alone, times)}", "")


def wait_for_the_program(waits: Table, url: str) -> None:
    """Add what the program takes that a person starts. url: of an archive that it answers from."""
    with tempfile.TemporaryDirectory() as files, tempfile.TemporaryDirectory() as home:
        waits.add_row("gather of local files", f"{gathered(Path(files)):.0f} a second", "≥ 40 a second")
        waits.add_row("start of the program to first answer", f"{first_answer(url):.2f} s", "≤ 1.5 s")
        waits.add_row("the whole `briefbot demo`", f"{demonstrated():.1f} s", "≤ 10 s")
        memory = asyncio.run(idle_memory(url, Path(home)))
        waits.add_row("memory of the idle `briefbot run`", f"{memory:.0f} MB", "≤ 200 MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed beside the peers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="articles (default: 10000 100000)")
    parser.add_argument("--full", action="store_true", help="1,000,000 articles as well: an hour, 20 GB of memory")
    parser.add_argument("--quick", action="store_true", help="10,000 articles only, and fewer deliveries")
    asked = parser.parse_args()
    sizes = sorted(FULL if asked.full else asked.sizes)[: 1 if asked.quick else None]
    with tempfile.TemporaryDirectory() as room, ExitStack() as closing:
        show_archives(prepared(sizes, Path(room), postgres_server(closing)))
    console.print(grouping.show())
    console.print(topics.show())
    console.print(feeds.show())
    console.print(text.show())
    console.print(quoting.show())
    for table in delivery.show(delivery.QUICK if asked.quick else delivery.WHOLE):
        console.print(table)


if __name__ == "__main__":
    main()
