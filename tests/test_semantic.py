"""Look-ups in other words by an embedding model of the operator's: read for real, from a folder of a few kilobytes.

`tiny_model` makes it: words of one idea ("physician", "doctors", "médecin", "医生") have one vector.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.app import App
from bot.base.leader_election import Leads
from bot.cli import main
from bot.cli.checkup import check_all
from bot.operations.background import SemanticReader
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.models import Article, Channel, Source
from briefs.search import dense
from briefs.search.dense import passages_of
from briefs.store.database import Database
from briefs.store.follows import Follows
from briefs.store.leases import Leases
from briefs.store.retention import Retention
from briefs.store.schema import article_vectors
from briefs.text.analyse import analyse
from briefs.text.embedding_model import MODEL_VARIABLE, EmbeddingModel
from tests import sqlite

TINY = Path(__file__).parent / "data/tiny_model"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLINIC = "The Yorkshire village of Harwick lost its only physician on Monday when Mary Stone, 64, closed her practice."
ARTICLES = [
    Article("clinic", "Nobody at the surgery", f"{CLINIC} Buses run twice a day.", "en"),
    Article("brakes", "Faulty brakes", "The carmaker recalls 30,000 vehicles because their brakes are faulty.", "en"),
    Article("wine", "En octobre", "Les vendanges ont commencé lundi dans la vallée. Le vin sera bon.", "fr"),
    Article("court", "Two weeks of trial", "The judge heard two witnesses on Monday. The verdict comes soon.", "en"),
    Article("headline", "Automobile withdraws vans", "", "en"),
]
NAMES = [one.id for one in ARTICLES]


@pytest.fixture
def archive(database_url):
    with opened(database_url) as archive:
        archive.add(ARTICLES)
        assert sum(archive.dense.catch_up()) == len(ARTICLES)
        yield archive


def opened(url, folder=TINY):
    """Open an archive with the model of a folder."""
    return Archive(Database.open(url), clock=lambda: NOON, model=EmbeddingModel(folder))


def ids(brief):
    return [story.lead.id for story in brief.stories]


def copy_of_model(tmp_path, name="other", **files):
    """Copy the tiny model into a folder of that name; files: by name, with what is in them, None for none."""
    folder = tmp_path / name
    shutil.copytree(TINY, folder)
    for file, text in files.items():
        path = folder / file.replace("__", "/").replace("_json", ".json").replace("_onnx", ".onnx")
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text, "utf-8")
    return folder


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("doctors in rural towns", "clinic"),
        ("médecin de campagne", "clinic"),
        ("乡村医生", "clinic"),
        ("vineyards", "wine"),
        ("葡萄", "wine"),
    ],
)
def test_what_is_asked_in_other_words_is_found_in_any_language_that_the_model_has(archive, query, expected):
    brief = archive.brief(query)
    assert ids(brief)[0] == expected
    assert brief.notice.kind == "related"
    assert "meaning" in brief.stories[0].reasons.parts


def test_the_sentence_that_comes_near_is_quoted_to_the_letter(archive):
    story = archive.brief("doctors in rural towns").stories[0]
    assert [quote.text for quote in story.quotes] == [CLINIC]
    assert CLINIC in story.lead.text


def test_a_sentence_that_is_likely_to_answer_a_question_is_quoted_though_it_would_not_stand_for_its_article(archive):
    told = "The last physician of the village left it in May 2019 for a hospital in London."
    archive.add([Article("clinic", "News from Harwick", f"{told} The house stands empty.", "en")])
    assert sum(archive.dense.catch_up()) == 1
    (story,) = archive.brief("when did the doctors leave the rural towns?").stories
    assert [quote.text for quote in story.quotes] == [told]


@pytest.mark.parametrize("query", ["football world cup", "recipe for chocolate cake", "cours de la bourse", "石油价格"])
def test_what_nothing_is_about_stays_without_an_answer(archive, query):
    assert ids(archive.brief(query)) == []


def test_where_the_words_are_there_the_model_is_not_asked(archive):
    brief = archive.brief("physician village")
    assert (ids(brief), brief.notice) == (["clinic"], None)
    assert "meaning" not in brief.stories[0].reasons.parts


def test_filters_and_words_that_must_not_be_there_hold(archive):
    assert ids(archive.brief("vineyards lang:fr")) == ["wine"]
    assert ids(archive.brief("vineyards lang:en")) == []
    assert ids(archive.brief("vineyards -lundi")) == []
    assert ids(archive.brief("vineyards before:2026-01-01")) == []


def test_an_article_that_has_nothing_but_a_title_is_read_by_it(archive):
    brief = archive.brief("constructeur rappelle")
    assert set(ids(brief)) == {"brakes", "headline"}


def test_a_workspace_is_shown_nothing_of_anothers(database_url):
    herons, otters = (Channel("slack", name, "C1") for name in ("herons", "otters"))
    with opened(database_url) as archive:
        theirs = Source("https://otters.example/feed", "feed")
        Follows(archive.database).follow(otters, theirs, "ann", NOON)
        archive.file(ARTICLES[:1], {"clinic": [theirs.address]})
        archive.add(ARTICLES[1:])
        assert sum(archive.dense.catch_up()) == len(ARTICLES)
        assert ids(archive.seen_by(otters).brief("doctors in rural towns")) == ["clinic"]
        assert ids(archive.seen_by(herons).brief("doctors in rural towns")) == []


def test_of_some_it_is_asked_in_parts_whether_they_may_be_shown_and_then_once_which_of_all_may(archive, monkeypatch):
    monkeypatch.setattr(dense, "_ALLOWED", 1)
    monkeypatch.setattr(dense, "_ASKED_OF", 2)
    with archive.database.read() as connection:
        row = {stored.analysed.article.id: stored.row for stored in archive._articles.named(connection, NAMES)}

        def near(first_row=0):
            asked = []

            def allowed(rows):
                asked.append(rows)
                return {row["wine"], row["headline"]}.intersection(row.values() if rows is None else rows)

            found = archive.dense.nearest(connection, "doctors in rural towns", allowed, 10, first_row)
            return {one.row for one in found}, [rows and len(rows) for rows in asked]

        assert near() == ({row["wine"], row["headline"]}, [1, 1, None])
        assert near(first_row=row["court"]) == ({row["headline"]}, [1, 1])
    assert ids(archive.brief("vineyards lang:fr")) == ["wine"]
    assert ids(archive.brief("vineyards lang:en")) == []


# ---------------------------------------------------------------- what is kept


def test_what_came_in_is_waiting_until_the_model_has_read_it(archive):
    archive.add([Article("late", "", "A doctor is wanted. In Harwick there has been no médecin since May.", "en")])
    assert archive.dense.stand() == (len(ARTICLES) + 1, len(ARTICLES))
    assert "late" not in ids(archive.brief("physician shortage hospital"))
    assert sum(archive.dense.catch_up()) == 1
    assert archive.dense.stand() == (len(ARTICLES) + 1, len(ARTICLES) + 1)
    assert "late" in ids(archive.brief("hospital doctors"))


def test_in_what_the_model_has_not_read_yet_word_vectors_find_what_they_would_without_it(archive):
    quake = "An earthquake of magnitude 6.1 struck the coast on Monday. Houses collapsed in two villages."
    archive.add([Article("quake", "Earthquake hits coast", quake, "en")])
    brief = archive.brief("seismic tremor buildings")
    assert (ids(brief), brief.notice.kind) == (["quake"], "related")
    assert set(ids(archive.brief("doctors in rural towns"))) == {"clinic"}
    assert sum(archive.dense.catch_up()) == 1
    archive.add([Article("late", "", "Ships are late.", "en")])
    assert ids(archive.brief("seismic tremor buildings")) == []  # the model has, and finds it not near


def test_an_article_that_changed_is_read_again(archive):
    assert ids(archive.brief("vineyards")) == ["wine"]
    archive.add([Article("wine", "En octobre", "Le marché a ouvert lundi dans la vallée. Il y avait du monde.", "fr")])
    assert ids(archive.brief("vineyards")) == []
    assert sum(archive.dense.catch_up()) == 1
    assert ids(archive.brief("vineyards")) == []


def test_whether_an_article_waits_is_looked_up_in_an_index_never_in_a_list_of_all_that_do_not(archive):
    archive.add([Article("late", "", "Grapes are cheap.", "en")])
    asked = []
    with archive.database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda _c, _cursor, *said: asked.append(said[:2]))
        assert len(archive.dense._vectors.waiting(connection, 64)) == 1
        statement, given = asked[-1]
        explain = "EXPLAIN" if archive.database.shared else "EXPLAIN QUERY PLAN"
        plan = "\n".join(str(line) for line in connection.exec_driver_sql(f"{explain} {statement}", given))
    if archive.database.shared:
        assert "Anti Join" in plan
        assert "SubPlan" not in plan
    else:
        assert "INDEX sqlite_autoindex_article_vectors_1 (article_row=?)" in plan


def test_of_what_is_in_memory_nothing_stays_that_was_read_again_or_is_gone(archive):
    def known():
        archive.brief("vineyards")  # looks what is new
        return sorted(archive.dense._known.rows.tolist()), archive.dense._passages

    with archive.database.read() as connection:
        row = {stored.analysed.article.id: stored.row for stored in archive._articles.named(connection, NAMES)}
    assert known() == (sorted(row.values()), len(ARTICLES))
    for n in range(3):
        archive.add([Article("wine", "En octobre", f"Les vendanges sont finies, le {n}.", "fr")])
        assert sum(archive.dense.catch_up()) == 1
        assert known() == (sorted(row.values()), len(ARTICLES))
    with archive.database.write() as connection:
        Retention().drop(connection, [row["wine"], row["court"]], NOON)
    assert known() == (sorted({*row.values()} - {row["wine"], row["court"]}), len(ARTICLES) - 2)


def test_what_was_read_of_an_article_that_changed_meanwhile_is_not_kept(archive):
    read = archive.dense.catch_up()
    archive.add([Article("new", "", "Grapes are cheap.", "en")])
    with archive.database.read() as connection:
        stored = archive._articles.named(connection, ["new"])[0]
    made = archive.dense._made(stored.row, stored.analysed)
    archive.add([Article("new", "", "Ships are late.", "en")])
    with archive.database.write() as connection:
        archive.dense._vectors.keep(connection, [made])
    assert archive.dense.stand().read == len(ARTICLES)
    assert sum(read) == 1


def test_an_article_that_the_model_does_not_take_is_named_once_and_keeps_no_other_waiting(
    database_url, tmp_path, caplog
):
    tokenizer = json.loads((TINY / "tokenizer.json").read_text("utf-8"))
    tokenizer["model"]["vocab"].append(["▁verdict", -1.0])  # the model has no vector of this number
    folder = copy_of_model(tmp_path, tokenizer_json=json.dumps(tokenizer))
    with opened(database_url, folder) as archive:
        archive.add(ARTICLES)
        assert sum(archive.dense.catch_up()) == len(ARTICLES)
        assert archive.dense.stand() == (len(ARTICLES), len(ARTICLES))
        assert sum(archive.dense.catch_up()) == 0
        (said,) = [one.getMessage() for one in caplog.records if one.name == "briefs.search.dense"]
        assert said.startswith("semantic: court is found by its words only: the model says ")
        assert ids(archive.brief("doctors in rural towns")) == ["clinic"]
        assert ids(archive.brief("football world cup")) == []
        assert ids(archive.brief("verdict witnesses")) == ["court"]
        with archive.database.read() as connection:
            found = archive.dense.nearest(connection, "football world cup", lambda rows: rows, 10)
        assert len(found) == len(ARTICLES) - 1


def test_a_look_up_that_the_model_does_not_take_is_answered_by_word_vectors(database_url, tmp_path, caplog):
    tokenizer = json.loads((TINY / "tokenizer.json").read_text("utf-8"))
    tokenizer["model"]["vocab"].append(["▁seismic", -1.0])  # the model has no vector of this number
    quake = "An earthquake of magnitude 6.1 struck the coast on Monday. Houses collapsed in two villages."
    with opened(database_url, copy_of_model(tmp_path, tokenizer_json=json.dumps(tokenizer))) as archive:
        archive.add([*ARTICLES, Article("quake", "Earthquake hits coast", quake, "en")])
        assert sum(archive.dense.catch_up()) == len(ARTICLES) + 1
        assert ids(archive.brief("seismic tremor buildings")) == ["quake"]
        (said,) = [one.getMessage() for one in caplog.records if one.name == "briefs.search.dense"]
        assert said.startswith("semantic: a look-up is answered by its words only: the model says ")
        assert "tremor" not in said, "what somebody looks up is nobody else's business"
        assert ids(archive.brief("doctors in rural towns")) == ["clinic"]


def test_a_model_that_takes_nothing_leaves_every_article_waiting(database_url, tmp_path):
    with opened(database_url, copy_of_model(tmp_path, tokenizer_json="{}")) as archive:
        archive.add(ARTICLES)
        with pytest.raises(ConfigError, match="this is no embedding model"):
            next(archive.dense.catch_up())
        assert archive.dense.stand().read == 0


def test_what_is_kept_while_an_article_changes_is_dropped_with_its_change(archive):
    archive.add([Article("new", "", "Grapes are cheap.", "en")])
    with archive.database.read() as connection:
        stored = archive._articles.named(connection, ["new"])[0]
    made = archive.dense._made(stored.row, stored.analysed)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with ThreadPoolExecutor(1) as beside, archive.database.write() as connection:
        archive.dense._vectors.keep(connection, [made])
        filed = beside.submit(archive.add, [Article("new", "", "Ships are late.", "en")])
        while archive.database.shared and not (filed.done() or connection.exec_driver_sql(waiting).scalar()):
            pass
    filed.result()
    assert archive.dense.stand().read == len(ARTICLES)


def test_another_model_reads_everything_again(archive, tmp_path):
    other = copy_of_model(tmp_path, config_sentence_transformers_json='{"prompts": {"query": "a: "}}')
    with opened(archive.database.url, other) as again:
        assert again.dense.model.name != archive.dense.model.name
        assert again.dense.stand().read == 0
        assert ids(again.brief("vineyards")) == []
        assert sum(again.dense.catch_up()) == len(ARTICLES)
        assert ids(again.brief("vineyards")) == ["wine"]
    assert archive.dense.stand().read == 0


def test_the_same_model_elsewhere_reads_nothing_again(archive, tmp_path):
    shutil.copytree(TINY, tmp_path / "moved" / "tiny_model")
    with opened(archive.database.url, tmp_path / "moved" / "tiny_model") as again:
        assert again.dense.stand().read == len(ARTICLES)


def test_with_an_article_goes_what_was_made_of_it(archive):
    with archive.database.write() as connection:
        rows = [stored.row for stored in archive._articles.named(connection, ["wine"])]
        Retention().drop(connection, rows, NOON)
        assert len(connection.execute(article_vectors.select()).all()) == len(ARTICLES) - 1
    assert ids(archive.brief("vineyards")) == []


@given(st.lists(st.text(min_size=1, max_size=200), max_size=30), st.sampled_from(["en", "fr", "zh", None]))
def test_passages_are_whole_sentences_in_order_and_leave_none_out(texts, language):
    analysed = analyse(Article("a", "A title", "\n".join(texts), language))
    places = passages_of(analysed)
    starts = {sentence.start for sentence in analysed.sentences} or {0}
    assert {start for start, _ in places} <= starts
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    if len(places) < 40 and analysed.sentences:
        assert places[-1][1] == analysed.sentences[-1].end


# ---------------------------------------------------------------- the folder


def test_a_model_may_say_its_prompts_and_that_the_first_token_stands_for_all(tmp_path):
    folder = copy_of_model(tmp_path, **{"1_Pooling__config_json": json.dumps({"pooling_mode_cls_token": True})})
    by_first, by_all = EmbeddingModel(folder), EmbeddingModel(TINY)
    assert by_first.of_query("doctors village") @ by_first.of_query("physician") == pytest.approx(1, abs=1e-3)
    assert by_all.of_query("doctors village") @ by_all.of_query("physician") < 0.95
    prompts = json.dumps({"prompts": {"query": "vineyards ", "passage": "village "}})
    prompted = EmbeddingModel(copy_of_model(tmp_path, "prompted", config_sentence_transformers_json=prompts))
    assert prompted.of_query("") @ by_all.of_query("grapes") == pytest.approx(1, abs=1e-3)
    assert prompted.of_passages([""])[0] @ by_all.of_query("rural") == pytest.approx(1, abs=1e-3)


WRONG = [
    ({"model_onnx": None}, "it has no .onnx file"),
    ({"model_onnx": "not a model"}, "this is no embedding model"),
    ({"model_onnx": None, "a_onnx": "", "b_onnx": ""}, "it has several .onnx files and no model.onnx"),
    ({"tokenizer_json": None}, "it has no tokenizer.json"),
    ({"tokenizer_json": "{}"}, "this is no embedding model"),
    ({"config_sentence_transformers_json": "{"}, "config_sentence_transformers.json: "),
]


@pytest.mark.parametrize(("files", "about"), WRONG)
async def test_check_says_in_one_line_what_is_wrong_with_the_folder(tmp_path, files, about):
    (tmp_path / "config").mkdir()
    environment = {MODEL_VARIABLE: str(copy_of_model(tmp_path, **files))}
    found = await check_all(tmp_path / "config", sqlite.database(tmp_path / "briefs.db"), environment)
    (said,) = [one for one in found if one.of == "semantic"]
    assert (said.well, about in said.says, "\n" in said.says) == (False, True, False)
    assert said.says.startswith(str(tmp_path / "other"))


async def test_check_says_how_far_the_model_has_come(tmp_path):
    url = sqlite.database(tmp_path / "briefs.db")
    with opened(url) as archive:
        archive.add(ARTICLES)
        assert next(archive.dense.catch_up()) == 4
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.yaml").write_text(f"semantic: {TINY}\n")
    found = await check_all(tmp_path / "config", url, {})
    assert [(one.well, one.says) for one in found if one.of == "semantic"] == [(True, f"{TINY}: 4 of 5 articles read")]


def test_a_folder_in_the_settings_is_a_whole_path(tmp_path):
    (tmp_path / "settings.yaml").write_text("semantic: models/e5\n")
    with pytest.raises(ConfigError, match=r"settings.yaml.*“semantic” must be the whole path of a folder"):
        Config.load(tmp_path)


def test_without_a_model_nothing_is_read(tmp_path):
    with App.open(tmp_path, sqlite.database(tmp_path / "briefs.db"), environment={}) as app:
        assert app.archive.dense is None


# ---------------------------------------------------------------- the program


def test_what_is_gathered_by_hand_is_found_in_other_words(tmp_path, monkeypatch, capsys):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/clinic.md").write_text(f"---\ntitle: Nobody at the surgery\nlanguage: en\n---\n\n{CLINIC}\n")
    (tmp_path / "config").mkdir()
    monkeypatch.setenv(MODEL_VARIABLE, str(TINY))
    shared = ("--config", str(tmp_path / "config"), "--database", sqlite.database(tmp_path / "briefs.db"), "--json")
    for arguments in (("gather", str(tmp_path / "articles")), ("brief", "doctors in rural towns")):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, *shared])
        assert ended.value.code == 0
    said = json.loads(capsys.readouterr().out.split("\n}\n")[1] + "\n}")
    assert [quote["text"] for quote in said["stories"][0]["quotes"]] == [CLINIC]


async def test_the_bot_lets_the_model_read_what_came_in(tmp_path):
    with opened(sqlite.database(tmp_path / "briefs.db")) as archive:
        leads = Leads(Leases(archive.database))
        reader = SemanticReader(archive.dense, leads.of("semantic"))
        archive.add(ARTICLES)
        await leads.beat()
        await asyncio.wait_for(reader.round(), 60)
        assert archive.dense.stand() == (len(ARTICLES), len(ARTICLES))
        await leads.leave()


async def test_who_no_longer_leads_reads_no_further(tmp_path):
    with opened(sqlite.database(tmp_path / "briefs.db")) as archive:
        leads = Leads(Leases(archive.database))
        reader = SemanticReader(archive.dense, leads.of("semantic"))
        archive.add([Article(f"town {n}", "A town", f"The town number {n} has a new bridge.", "en") for n in range(9)])
        await leads.beat()

        async with asyncio.timeout(60):
            await asyncio.gather(reader.round(), leads.leave())

        assert archive.dense.stand().read < 9
