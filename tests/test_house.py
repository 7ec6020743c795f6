"""What holds for the repository as a whole: its lock file, its public surface, its starter content."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import briefs
from briefs.text.sentences import split_sentences
from tests.conftest import ROOT, kit_folder

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.\-]+(?:\[\w+\])?)==([^ ;]+)", LOCK, re.M)
}
REQUIRED = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
ARTICLES = sorted((ROOT / "seeds" / "articles").glob("*.md"))


@pytest.mark.parametrize("room", ["bot", "briefs"])
def test_no_group_is_possessive_since_python_before_3_11_5_matches_such_wrongly(room: str) -> None:
    """`(?:…)*+` is written `(?>(?:…)*)`."""
    lines = [line for file in (ROOT / room).rglob("*.py") for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines
    assert [line for line in lines if re.search(r"""["'].*[^\\]\)(?:[*+?]|\{[\d,]+\})\+""", line)] == []


@pytest.mark.parametrize("requirement", REQUIRED)
def test_the_lock_file_answers_every_requirement(requirement: str) -> None:
    wanted = Requirement(requirement)
    assert LOCKED[canonicalize_name(wanted.name)] in wanted.specifier


def test_every_locked_package_has_a_hash_and_none_an_address() -> None:
    pins = re.split(r"^(?=[\w.\-]+(?:\[\w+\])?==)", LOCK, flags=re.M)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", LOCK) == []


def test_the_page_of_dependencies_names_what_is_locked_and_nothing_else() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"^\| ([\w.-]+)", page, re.M) if name != "package"}
    assert named == {name.split("[")[0] for name in LOCKED}


def imported(file: Path) -> set[str]:
    """The packages that a module imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in whole | parts}


def test_what_the_program_imports_it_requires_itself() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = [*PROJECT["dependencies"], *extras["opensearch"], *extras["postgres"], *extras["semantic"]]
    required = {canonicalize_name(Requirement(one).name) for one in declared}
    ours = {*sys.stdlib_module_names, "bot", "briefs"}
    homes = packages_distributions()
    undeclared = {
        (name, str(file.relative_to(ROOT)))
        for room in ("bot", "briefs")
        for file in (ROOT / room).rglob("*.py")
        for name in imported(file) - ours
        if not required & {canonicalize_name(one) for one in homes.get(name, ())}
    }
    assert undeclared == set()


def test_the_public_names_of_the_core_are_all_there() -> None:
    assert sorted(briefs.__all__) == sorted(set(briefs.__all__))
    assert [name for name in briefs.__all__ if not callable(getattr(briefs, name))] == []


def test_importing_the_core_loads_nothing_heavy() -> None:
    heavy = "{'sqlalchemy', 'trafilatura', 'numpy', 'pydantic', 'httpx'}"
    script = f"import briefs, sys; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---\n", 2)[1])


def test_the_starter_articles_come_in_three_languages() -> None:
    languages = [front_matter(path.read_text(encoding="utf-8"))["language"] for path in ARTICLES]
    assert len(languages) >= 20
    assert {code: languages.count(code) >= 5 for code in ("en", "fr", "zh")} == {"en": True, "fr": True, "zh": True}


def test_the_starter_articles_name_their_document_and_copy_no_sentence_of_it() -> None:
    documents = {
        path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in kit_folder("seeds").glob("*.txt")
    }
    for path in ARTICLES:
        text = path.read_text(encoding="utf-8")
        document = documents[str(front_matter(text)["facts_from"])]
        copied = [one for one in split_sentences(text.split("---\n", 2)[2]) if " ".join(one.split()) in document]
        assert copied == [], path.name


def test_the_starter_feeds_are_an_opml_list_of_secure_addresses() -> None:
    outlines = [one.attrib for one in ElementTree.parse(ROOT / "seeds" / "feeds.opml").iter("outline")]
    feeds = [one for one in outlines if one.get("type") == "rss"]
    assert len(feeds) >= 8
    assert [one["text"] for one in feeds if not one["xmlUrl"].startswith("https://")] == []
    assert {one["language"] for one in feeds} == {"en", "fr", "zh"}


# ---------------------------------------------------------------- the map

MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_map_shows_every_room_and_only_what_is_there() -> None:
    rooms = {
        f"{one.name}/" if one.is_dir() else one.name for top in ("bot", "briefs") for one in (ROOT / top).iterdir()
    }
    assert rooms - {"__init__.py", "__pycache__/", "py.typed"} <= set(re.findall(r"`([\w.]+/?)`", MAP))
    tops = (ROOT / top for top in ("bot", "briefs", "seeds", "tests"))
    there = [path for top in tops for path in (top, *top.rglob("*"))]
    named = re.findall(r"`((?:\w+/)*\w+(?:\.py|/))`", MAP)
    assert [one for one in named if not any(f"/{path}".endswith(f"/{one.rstrip('/')}") for path in there)] == []


JOURNEYS = re.findall(r"^### (.+?) \((\d+) files\)\n\n((?:\d+\. .+\n)+)", MAP, re.M)


def reached_from(file: str) -> set[str]:
    """The files of ours that one imports from."""
    nodes = list(ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))))
    named = [f"{node.module}.{one.name}" for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names]
    paths = [name.replace(".", "/") for whole in named for name in (whole, whole.rpartition(".")[0])]
    return {f"{path}{end}" for path in paths for end in (".py", "/__init__.py")}


def test_there_are_eight_journeys_and_none_is_long() -> None:
    assert len(JOURNEYS) == 8
    assert max(int(count) for _, count, _ in JOURNEYS) <= 24


@pytest.mark.parametrize(("journey", "count", "steps"), JOURNEYS, ids=[name for name, *_ in JOURNEYS])
def test_a_journey_leads_from_file_to_file_as_the_tree_does(journey: str, count: str, steps: str) -> None:
    way = re.findall(r"^\d+\. (?:([→⇢]) )?`([^`]+)`: ", steps, re.M)
    files = [file for _, file in way]
    assert len(set(files)) == len(files) == int(count)
    assert [file for file in files if not (ROOT / file).is_file()] == []
    for place, (arrow, file) in enumerate(way[1:], 1):
        assert (arrow == "→") == any(file in reached_from(one) for one in files[:place]), file
