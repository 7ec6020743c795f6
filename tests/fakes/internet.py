"""A network that nobody else is on, with a public address in it: what refuses loopback reaches a server of the test's.

    python -m tests.fakes.internet FOLDER      in a network of its own: follow, gather, look up; prints what was seen

Nothing leaves the machine: the network has no way out, and its one address stands on its own loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import App
from briefs.config import Config
from briefs.models import Channel
from tests.conftest import ROOT
from tests.dispatcher import Person
from tests.fakes.web import Page, Web, serve

ADDRESS = "93.184.216.34"
_ALONE = f'ip link set lo up && ip addr add {ADDRESS}/32 dev lo && exec "$@"'
HERE = Channel("console", "home", "here")
TITLE = "A heron nests on the town hall of Exampleton"
SAID = (
    "The mayor of Exampleton, Anna Peeters, said on Monday that a grey heron has nested on the roof of the town hall."
)
ADDED = "The council of Exampleton closed the stairs to the roof of the town hall until July because of the heron."
OTHERS = ("The swimming pool of Exampleton opens again on Saturday", "Exampleton buys twelve new buses for its schools")
STANDS = "The town hall of Exampleton is open from Monday to Friday, and the library in it until eight in the evening."


def alone(folder: Path) -> Mapping[str, Any]:
    """Run this module in such a network; give what it printed. Raises LookupError where none can be made here."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        raise LookupError("there is no unshare, or no ip, on this machine")
    command = ("unshare", "--net", "--map-root-user", "sh", "-c", _ALONE, "sh")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        raise LookupError("this machine gives nobody a network of their own")
    inside = [*command, sys.executable, "-m", "tests.fakes.internet", str(folder)]
    ran = subprocess.run(inside, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise AssertionError(ran.stderr)
    said: Mapping[str, Any] = json.loads(ran.stdout)
    return said


def put(web: Web, notices: str) -> None:
    """Put up a feed of summaries, a list of headlines, and a page of notices."""
    paths = {title: f"/news/{4001 + n}" for n, title in enumerate((TITLE, *OTHERS))}
    items = f"<item><title>{TITLE}</title><link>{web.url(paths[TITLE])}</link><description>Birds</description></item>"
    rss = f"<rss version='2.0'><channel><title>Exampleton Today</title>{items}</channel></rss>"
    web.pages["/exampleton.rss"] = Page(rss.encode(), "application/rss+xml")
    web.pages["/list"] = Page("".join(f"<h3><a href='{at}'>{title}</a></h3>" for title, at in paths.items()).encode())
    for title, at in paths.items():
        said = SAID if title == TITLE else f"{title}, the council said on Monday morning in the town hall."
        web.pages[at] = _html(title, said)
    web.pages["/notices"] = _html("Notices of Exampleton", STANDS, notices)


def _html(title: str, *said: str) -> Page:
    paragraphs = "".join(f"<p>{one}</p>" for one in said)
    return Page(
        f"<html><head><title>{title}</title></head><body><article>{paragraphs}</article></body></html>".encode()
    )


async def followed(folder: Path) -> Mapping[str, Any]:
    """Follow each of them in the terminal's place, gather, and give what is seen after that."""
    seen: dict[str, Any] = {}
    with serve(ADDRESS) as web, App(Config.load(None), f"sqlite:///{folder}/b.db", environment=os.environ) as app:
        put(web, "")
        ann = Person(app.dispatcher, channel=HERE, manages_workspace=True)
        for path in ("/exampleton.rss", "/list", "/notices"):
            await ann.say(f"follow {web.url(path)}")
            assert ann.last is not None
            assert ann.last.then is not None
            ann.last = await ann.last.then()
            await ann.press("follow", ann.button("follow").value)
        seen["kinds"] = [one.health.kind for one in app.follows.of(HERE)]
        await ann.say("topic add Exampleton: exampleton")
        seen["first"] = gathered(app, folder)
        seen["looked up"] = await ann.say("heron roof exampleton")
        seen["first digest"] = await ann.say("digest Exampleton")
        put(web, ADDED)
        app.sources.again([web.url("/notices")], app.clock())
        seen["second"] = gathered(app, folder)
        seen["second digest"] = await ann.say("digest Exampleton")
        strangers = Person(app.dispatcher, channel=Channel("slack", "T1", "C1"))
        seen["of strangers"] = await strangers.say("heron roof exampleton")
    return seen


def gathered(app: App, folder: Path) -> Mapping[str, Any]:
    """Run a round of gathering as the service does, in a process of its own."""
    command = (sys.executable, "-P", "-m", "bot.cli", "gather", "--json", "--due", "--database", app.address)
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True)
    report: Mapping[str, Any] = json.loads(ran.stdout)
    return report


if __name__ == "__main__":
    print(json.dumps(asyncio.run(followed(Path(sys.argv[1])))))
