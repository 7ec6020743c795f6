"""The README and the guides, tried: every command that they tell people to type is typed here."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import Browser, FakeSlack
from tests.postgres import Server
from tests.test_vault import key

PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/chat.md", "docs/operating.md", "CONTRIBUTING.md")
}
README = PAGES["README.md"]
BIN = Path(sys.executable).parent
SHELL = [
    line.strip()
    for page in PAGES.values()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", page, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
CHAT = [
    code.replace("\\|", "|")
    for row in re.findall(r"^\| (`/brief .*?) \|(?= )", PAGES["docs/chat.md"].replace("\\|", "\x00"), re.MULTILINE)
    for code in re.findall(r"`(/brief [^`]+)`", row.replace("\x00", "|"))
]
TYPED_IN_CONSOLE = re.findall(r"`([^`]+)`", README.split("and type ", 1)[1].split("`help`", 1)[0])

# What the answer to a chat command has in it, by its first words.
ANSWERS = {
    "/brief home": "My channels",
    "/brief tencent": "Share to channel",
    "/brief what's new": "Read as: from",
    "/brief quoi de neuf": "“tencent”\n",
    "/brief 腾讯最新消息": "“腾讯”\n",
    "/brief search": "« ",
    "/brief topics": "5 topics",
    "/brief topic add": "Topic “links” added",
    "/brief topic show": "Looks for: “Tencent”",
    "/brief topic edit": "Topic “links” changed",
    "/brief topic rename": "“links” is now called “deals”",
    "/brief topic remove": "Topic “deals” removed",
    "/brief preview": "in the last 7 days",
    "/brief subscribe": "09:00 (Paris), Monday to Friday",
    "/brief list": "#console gets 1 topic",
    "/brief pause": "Paused: Internet Plus and smartphones",
    "/brief resume": "Resumed: Internet Plus and smartphones",
    "/brief snooze": "Snoozed: Internet Plus and smartphones",
    "/brief unsubscribe": "no longer gets “Internet Plus and smartphones”",
    "/brief digest": " · 1 story",
    "/brief why 1": "Why story 1",
    "/brief why http": "I have never seen it",
    "/brief story": "The story so far",
    "/brief alias add": "From now on these are one: EU = Union européenne = 欧盟",
    "/brief alias list": "EU = Union européenne = 欧盟",
    "/brief alias remove": "No longer one",
    "/brief feedback": "No wish in",
    "/brief packs": "Packs to begin with",
    "/brief import": "There is no file “FILE”",
    "/brief export": "No feed is read here yet",
    "/brief status": "Articles: 24",
    "/brief settings form": "tiennent en un titre, une ligne chacun",
    "/brief settings quotes": "ont au plus 2 citations",
    "/brief settings": "Réglages de #console",
    "/brief language": "Désormais",
    "/brief zone": "Asia/Shanghai",
    "/brief audit": "Fuseau horaire : Asia/Shanghai",
    "/brief help": "/brief abonner",  # the channel has just been told to speak French
    "/brief follow": "https://daily.example : ce site public n’existe pas",
    "/brief sources": "1 source sur 1",
    "/brief source show": "ne suit aucune source « Daily Example »",
    "/brief source rename": "ne suit aucune source « Daily Example »",
    "/brief source mute": "ne suit aucune source « Daily Example »",
    "/brief source unmute": "ne suit aucune source « Daily Example »",
    "/brief unfollow": "ne suit aucune source « Daily Example »",
}


def newcomers(folder: Path) -> Path:
    """A newcomer's folder: the checkout's own files, and nothing in the home."""
    for name in ("seeds", "config"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return newcomers(tmp_path)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a newcomer who has gathered."""
    home = newcomers(tmp_path_factory.mktemp("gathered"))
    assert typed("briefbot gather", home).returncode == 0
    return home


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BRIEFBOT_", "SLACK_", "DISCORD_"))
    }
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "PATH": path, "LANG": "C.UTF-8", **more}


def typed(line: str, home: Path, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(line),
        cwd=home,
        env=environment(home, **more),
        input=said,
        capture_output=True,
        text=True,
        timeout=110,
    )


def test_the_pages_have_commands_of_each_sort() -> None:
    assert {"make demo", "make test", "briefbot gather", "briefbot console", "briefbot run"} <= set(SHELL)
    assert {" ".join(one.split()[:2]) for one in CHAT} >= {"/brief tencent", "/brief subscribe", "/brief why"}
    assert set(re.findall(r"^- `(/brief [^`]+)`", README, re.MULTILINE)) <= set(CHAT)


def test_every_file_and_section_that_the_pages_show_or_link_is_there() -> None:
    linked = [(page, *link) for page, text in PAGES.items() for link in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text)]
    assert ("README.md", "docs/digest.png", "") in linked
    for page, name, section in linked:
        if not name.startswith("https://"):
            there = (ROOT / page).parent / name if name else ROOT / page
            assert there.exists(), f"{page}: {name}"
            assert not section or section in _sections(there), f"{page}: {name}#{section}"


def _sections(page: Path) -> list[str]:
    """The headings of a page, as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("make ")])
def test_make_knows_the_target_and_what_it_runs_is_there(line: str, home: Path) -> None:
    # With -B, what there is to do where something is up to date already, too.
    done = subprocess.run([*shlex.split(line), "-n", "-B"], cwd=ROOT, capture_output=True, text=True, check=True)
    steps = [shlex.split(step.lstrip("@"))[0] for step in done.stdout.splitlines() if "/bin/" in step.split(" ")[0]]
    assert steps
    assert [step for step in steps if not (BIN / Path(step).name).exists()] == []


# What other tests here start as programs; the rest is typed in this process, which spares a start each.
PROGRAMS = ("briefbot gather", "briefbot console", "briefbot run")


def test_the_commands_of_the_machine_do_as_they_are_told(
    home: Path, gathered: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(gathered / "data", home / "data")
    monkeypatch.chdir(home)
    given = environment(home)
    for name in os.environ.keys() - given.keys():
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    told = [line for line in SHELL if line.startswith("briefbot ")]
    lines = dict.fromkeys(  # what is told in several places does the same in each
        line for line in told if line not in PROGRAMS and not line.startswith("briefbot migrate ")
    )
    assert len(lines) >= 10
    for line in lines:
        # Without a token, `check` says what is missing, and fails.
        tolerated = (0, 1) if line == "briefbot check" else (0,)
        with pytest.raises(SystemExit) as done:
            main(shlex.split(line)[1:])
        said = capsys.readouterr().err
        assert (done.value.code or 0) in tolerated, f"{line}\n{said}"
        assert "mistake in Briefbot" not in said


def test_what_people_type_in_chat_is_answered(home: Path, gathered: Path) -> None:
    shutil.copytree(gathered / "data", home / "data")
    first = [*TYPED_IN_CONSOLE, "unsubscribe Internet Plus and smartphones", "exit"]
    shown = typed("briefbot console", home, said="\n".join(first)).stdout
    for word in ("Share to channel", "5 topics", "Next:"):
        assert word in shown
    assert {answer for one in CHAT for answer in ANSWERS if one.startswith(answer)} == set(ANSWERS)
    left = typed("briefbot console", home, said="\n".join([*CHAT, "exit"])).stdout
    left = left.replace("\u00a0", " ").replace("\u202f", " ")
    # A machine that is too busy to look within its nine seconds answers, too.
    left = left.replace("sa lecture a pris plus de 9 s", ANSWERS["/brief follow"])
    for one in CHAT:
        wanted = next(ANSWERS[answer] for answer in ANSWERS if one.startswith(answer))
        assert wanted in left, one
        left = left.split(wanted, 1)[1]


def test_a_team_moves_to_postgresql(home: Path, gathered: Path, postgres_server: Server) -> None:
    (line,) = [line for line in SHELL if line.startswith("briefbot migrate ")]
    _, _, here, there = line.split()
    assert f"export BRIEFBOT_DATABASE={there}" in SHELL
    database = postgres_server.database()
    shutil.copytree(gathered / "data", home / "data")
    old = str(home / "data" / Path(here).relative_to("~/.local/share"))
    moved = typed(line.replace(here, old).replace(there, database), home)
    assert moved.returncode == 0, moved.stderr
    found = typed("briefbot brief tencent --json", home, BRIEFBOT_DATABASE=database)
    assert '"articles": 24' in found.stdout, found.stderr


EXPORTED = {
    "slack": {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"},
    "slack for many": {
        "SLACK_CLIENT_ID",
        "SLACK_CLIENT_SECRET",
        "SLACK_SIGNING_SECRET",
        "BRIEFBOT_KEY",
        "BRIEFBOT_HTTP",
    },
    "discord": {"DISCORD_TOKEN"},
}


@pytest.mark.parametrize("platform", EXPORTED)
async def test_the_five_minutes_of_each_platform_end_with_a_bot_that_runs(
    platform: str, home: Path, unused_tcp_port: int
) -> None:
    """`export` the secrets, `briefbot check`, `briefbot run`, and SIGTERM: against the platform on loopback."""
    exported = set(re.findall(r"export (\w+)=", "\n".join(SHELL)))
    assert exported == {"BRIEFBOT_DATABASE"}.union(*EXPORTED.values())
    async with FakeSlack() as slack, FakeDiscord() as discord:
        values = {
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_CLIENT_ID": slack.client_id,
            "SLACK_CLIENT_SECRET": slack.client_secret,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "BRIEFBOT_KEY": key(),
            "BRIEFBOT_HTTP": f"127.0.0.1:{unused_tcp_port}",
            "DISCORD_TOKEN": discord.token,
        }
        where = {
            "BRIEFBOT_SLACK_API": slack.api_url,
            "BRIEFBOT_DISCORD_API": discord.api_url,
            "BRIEFBOT_DISCORD_GATEWAY": discord.gateway_url,
        }
        given = environment(home, **{name: values[name] for name in EXPORTED[platform]}, **where)
        check = await asyncio.create_subprocess_exec(BIN / "briefbot", "check", cwd=home, env=given)
        assert await asyncio.wait_for(check.wait(), 60) == 0
        running = await asyncio.create_subprocess_exec(BIN / "briefbot", "run", cwd=home, env=given)
        if platform == "slack":
            await slack.until(lambda: slack.connections > 0, "a connection")
        elif platform == "discord":
            await discord.until(lambda: discord.commands)
        else:
            slack.calls_at = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
            assert await installed(slack)
            assert "5 topics" in (await slack.slash("/brief", "topics"))[0].text
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), 60) == 0


async def installed(slack: FakeSlack) -> bool:
    """Install the bot once it answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await Browser(slack).install("T1") == 200
            except OSError:  # another process, not there yet
                await asyncio.sleep(0.1)


def test_the_rooms_that_the_map_names_are_there_and_none_is_missing() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+(?:\.py|/))`", text))
    places = [ROOT, ROOT / "bot", ROOT / "briefs", *(p for p in (ROOT / "briefs").iterdir() if p.is_dir())]
    places += [ROOT / "bot" / "delivery", ROOT / "bot" / "commands", ROOT / "bot" / "platforms"]
    places += [ROOT / "bot" / "platforms" / "slack"]
    assert sorted(one for one in named if not any((place / one).exists() for place in places)) == []
    for package in ("bot", "briefs"):
        rooms = {one.name for one in (ROOT / package).iterdir() if (one / "__init__.py").exists()}
        assert sorted(room for room in rooms if f"`{room}/`" not in text) == []
