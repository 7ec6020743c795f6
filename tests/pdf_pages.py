"""PDFs for tests, written by hand: pages of lines with their place, size and font."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A line of a page. font: `roman`, `bold`, or the predefined CMap of an Asian one. x, y: points from below left."""

    said: str
    x: float = 72
    y: float = 720
    size: float = 10
    font: str = "roman"


LATIN = {"roman": "Times-Roman", "bold": "Times-Bold"}
# Predefined CMap → the collection that its font belongs to, and the encoding that Python knows it by.
ASIAN = {
    "90ms-RKSJ-H": ("Japan1", "cp932"),
    "EUC-H": ("Japan1", "euc_jp"),
    "UniJIS-UCS2-H": ("Japan1", "utf-16-be"),
    "ETen-B5-H": ("CNS1", "big5"),
    "GBK-EUC-H": ("GB1", "gbk"),
    "KSCms-UHC-H": ("Korea1", "cp949"),
}


def paragraph(lines: Iterable[str], x: float = 72, y: float = 720, size: float = 10, font: str = "roman") -> list[Text]:
    """Lines one below the other."""
    return [Text(line, x, y - 1.2 * size * number, size, font) for number, line in enumerate(lines)]


def pdf(pages: Sequence[Sequence[Text]], *, info: dict[str, str] | None = None, locked: bool = False) -> bytes:
    """The bytes of a PDF. info: what it says of itself. locked: it asks for a password that nobody has."""
    fonts = {"roman": 3, "bold": 4}
    objects = {3: _latin("Times-Roman"), 4: _latin("Times-Bold")}
    for name in sorted({text.font for page in pages for text in page} - LATIN.keys()):
        fonts[name] = len(objects) + 3
        objects |= _asian(name, fonts[name])
    resources = " ".join(f"/{_tag(name)} {number} 0 R" for name, number in fonts.items())
    kids: list[int] = []
    for page in pages:
        stream = b" ".join(_drawn(text) for text in page)
        number = len(objects) + 3
        objects[number] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
        objects[number + 1] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number} 0 R "
            f"/Resources << /Font << {resources} >> >> >>"
        ).encode()
        kids.append(number + 1)
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
    about = len(objects) + 1
    entries = (f"/{key} <{value.encode('utf-16').hex()}>" for key, value in (info or {}).items())
    objects[about] = f"<< {' '.join(entries)} >>".encode()
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'5a' * 32}> /U <{'a5' * 32}> >> /ID [<00> <00>] "
    return _file(objects, f"/Root 1 0 R /Info {about} 0 R {lock if locked else ''}")


def _file(objects: dict[int, bytes], trailer: str) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number in sorted(objects):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body
        + head
        + table
        + b"trailer << /Size %d %s >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            trailer.encode(),
            len(body),
        )
    )


def _latin(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _asian(cmap: str, number: int) -> dict[int, bytes]:
    ordering, _ = ASIAN[cmap]
    return {
        number: f"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /{cmap} "
        f"/DescendantFonts [{number + 1} 0 R] >>".encode(),
        number + 1: f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Any /DW 1000 /FontDescriptor {number + 2} 0 R "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 2 >> >>".encode(),
        number + 2: b"<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
    }


def _tag(font: str) -> str:
    return "F" + font.replace("-", "")


def _drawn(text: Text) -> bytes:
    said = text.said.encode("cp1252" if text.font in LATIN else ASIAN[text.font][1])
    return f"BT /{_tag(text.font)} {text.size} Tf {text.x} {text.y} Td <{said.hex()}> Tj ET".encode()
