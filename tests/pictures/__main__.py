"""`make pictures`: draw what people see, and keep the pictures with what each is made of in docs/pictures.

Needs node with npm, and a chromium; the likenesses of both platforms come from the npm registry once, into build/.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops

from tests.pictures.kept import KEPT, Drawn, outline, write
from tests.pictures.page import Json, page
from tests.pictures.samples import LANGUAGES, PLATFORMS, drawn_up, said_in

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "pictures"
WIDTH, HEIGHT = 420, 2800
COLOURS = 32


def main() -> int:
    """Draw all there is."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser or not shutil.which("npm"):
        print("make pictures needs npm and a chromium.", file=sys.stderr)
        return 1
    _build()
    KEPT.mkdir(exist_ok=True)
    drawn: dict[str, Drawn] = {}
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            said = asyncio.run(said_in(language, Path(folder)))
        for platform in PLATFORMS:
            payloads = {name: drawn_up(one, name, platform) for name, one in said.items()}
            images = _draw(browser, platform, list(payloads.values()))
            for (name, shown), image in zip(payloads.items(), images, strict=True):
                path = KEPT / platform / f"{name}.{language}.png"
                path.parent.mkdir(exist_ok=True)
                image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
                size = len(json.dumps(shown[0], ensure_ascii=False))
                drawn[f"{platform}/{path.stem}"] = Drawn(image.height, size, outline(shown))
    write(drawn)
    kept = {KEPT / f"{name}.png" for name in drawn}
    for path in set(KEPT.glob("*/*.png")) - kept:
        path.unlink()
    print(f"{len(drawn)} pictures, {sum(path.stat().st_size for path in kept) / 1e6:.2f} MB, in {KEPT}")
    return 0


def _build() -> None:
    """Bundle the likenesses, as they are pinned in package.json."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for source in ("package.json", "slack.jsx", "discord.js"):
        shutil.copy(HERE / source, BUILD)
    quiet = ["--silent", "--no-audit", "--no-fund", "--no-package-lock"]
    subprocess.run(["npm", "install", *quiet], cwd=BUILD, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=BUILD, check=True)


def _draw(browser: str, platform: str, columns: Sequence[Sequence[Json]]) -> list[Image.Image]:
    """Draw columns of payloads side by side, each in a frame as wide as a phone, and cut them apart."""
    out = BUILD / "out"
    for number, payloads in enumerate(columns):
        (out / f"{number}.html").write_text(page(platform, payloads), encoding="utf-8")
    frame = f"width={WIDTH} height={HEIGHT} frameborder=0 scrolling=no"
    frames = "".join(f"<iframe {frame} src={number}.html></iframe>" for number in range(len(columns)))
    index, picture = out / "index.html", out / "all.png"
    index.write_text(f"<!doctype html><body style='margin:0;display:flex'>{frames}", encoding="utf-8")
    # Nothing is asked of the network.
    offline = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-first-run"]
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *offline]
    command += ["--allow-file-access-from-files", "--virtual-time-budget=10000"]
    command += [f"--window-size={WIDTH * len(columns)},{HEIGHT}", f"--screenshot={picture}", index.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "LANG": "C.UTF-8"})
    whole = Image.open(picture).convert("RGB")
    return [_cropped(whole.crop((left, 0, left + WIDTH, HEIGHT))) for left in range(0, WIDTH * len(columns), WIDTH)]


def _cropped(image: Image.Image) -> Image.Image:
    """Cut what is empty below."""
    ground = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))
    box = ImageChops.difference(image, ground).getbbox()
    return image.crop((0, 0, image.width, min(image.height, (box[3] if box else 0) + 12)))


if __name__ == "__main__":
    sys.exit(main())
