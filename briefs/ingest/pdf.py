"""PDF → text: what is printed, back into paragraphs.

    bytes | words with their place and type | lines | paragraphs (`printed`) | refuse what is no text

PDFium reads the letters, also of Asian fonts that are only named; what they make up is for us to say.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from briefs.errors import Unreadable
from briefs.ingest.printed import Line, body_size, by_columns, paragraphs, without_margins
from briefs.ingest.raw import Extract
from briefs.text.lines import WIDE, weight

_MAX_PAGES = 500  # that are read of one document
_SCRIPTS = 5  # in so many at once nothing is written
_SAMPLE = 4_000  # characters that are enough to tell
_CELL = 1.8  # the least gap between columns, in heights of the type
_BOLD = 600  # the weight of a type from which on it is bold
_TITLE = 200  # weight


def read_pdf(body: bytes, address: str) -> Extract:
    """Return the text layer of a PDF in paragraphs, with what the document says of itself.

    Of more than 500 pages the first are read. The title is "" where neither the document nor its type shows one. Raises
    Unreadable: no valid PDF, a password, no text layer, or one that comes out as gibberish.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise Unreadable("{address}: this PDF asks for a password; save it without one", address=address) from error
        raise Unreadable("{address}: not a valid PDF; open it and save it again", address=address) from error
    try:
        pages = [list(_lines(document, number)) for number in range(min(len(document), _MAX_PAGES))]
        title, created, author = (_stated(document, key) for key in ("Title", "CreationDate", "Author"))
    finally:
        document.close()
    lines = [line for page in without_margins(pages) for line in page] or [line for page in pages for line in page]
    if not lines:
        raise Unreadable(
            "{address}: this PDF has no text, only pictures of pages; run it through OCR first", address=address
        )
    text = "\n\n".join(paragraphs(lines))
    if _is_gibberish(text[:_SAMPLE]):
        raise Unreadable(
            "{address}: the letters of this PDF come out as others (its fonts do not name them); run it through OCR",
            address=address,
        )
    return Extract(
        title=_title(title, lines),
        text=text,
        published=_created(created),
        author=" ".join(author.split()) or None,
    )


# ---------------------------------------------------------------- lines


def _lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    """Return the lines of a page in the order they are drawn in, column by column."""
    try:
        letters = document[number].get_textpage()
        text = letters.get_text_range()
    except pypdfium2.PdfiumError:
        return  # one page is broken: the others can be read
    # PDFium gives a hyphen that breaks a word as U+FFFE, and no line end after it.
    rows = (_row(letters, found) for found in re.finditer("[^\r\n\ufffe]+\ufffe?", text))
    yield from by_columns([row for row in rows if row])


def _row(letters: pypdfium2.PdfTextPage, found: re.Match[str]) -> list[Line]:
    """Return the pieces of a printed line, which wide gaps part."""
    pieces: list[Line] = []
    for word in re.finditer(r"\S+", found.group()):
        first, last = (
            raw.FPDFText_GetCharIndexFromTextIndex(letters, found.start() + place)
            for place in (word.start(), word.end() - 1)
        )
        here = _word(letters, word.group().replace("\ufffe", "-"), first, last)
        if pieces and _beside(pieces[-1], here):
            before = pieces[-1]
            pieces[-1] = replace(before, text=f"{before.text} {here.text}", right=here.right, ends=here.ends)
        else:
            pieces.append(here)
    return pieces


def _is_bold(letters: pypdfium2.PdfTextPage, place: int) -> bool:
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(letters, place, name, len(name), None)
    return raw.FPDFText_GetFontWeight(letters, place) >= _BOLD or b"bold" in name.value.lower()


def _beside(before: Line, here: Line) -> bool:
    gap = (here.left - before.right) / before.size
    label = len(before.text) <= 3  # a bullet or a number, with a tab after it
    return abs(before.y - here.y) < before.size and -1 < gap < (3 * _CELL if label else _CELL)


def _word(letters: pypdfium2.PdfTextPage, text: str, first: int, last: int) -> Line:
    box, end, matrix = raw.FS_RECTF(), raw.FS_RECTF(), raw.FS_MATRIX()
    raw.FPDFText_GetLooseCharBox(letters, first, box)
    raw.FPDFText_GetLooseCharBox(letters, last, end)
    raw.FPDFText_GetMatrix(letters, first, matrix)
    size = raw.FPDFText_GetFontSize(letters, first) * (matrix.c**2 + matrix.d**2) ** 0.5
    face = (round(size, 1) or 1.0, _is_bold(letters, first))
    return Line(text, box.left, end.right, box.bottom, face, face)


# ---------------------------------------------------------------- what a document says of itself


_OF_A_PROGRAM = re.compile(r"^Microsoft (?:Office )?\w+ - |\.\w{1,4}$")


def _title(named: str, lines: Sequence[Line]) -> str:
    """Return a title: the one named where the text has it, else what is set in the largest type, else the one named.

    What a program named after a file is none.
    """
    named = " ".join(named.split())
    bare = _OF_A_PROGRAM.sub("", _OF_A_PROGRAM.sub("", named))
    text = " ".join(line.text for line in lines[:80]).casefold()
    words = re.findall(r"\w+", bare.casefold())
    known = set(re.findall(r"\w+", text))
    if (
        sum(word in known or (len(word) > 4 and word in text) for word in words) > 0.7 * len(words)
        and not bare.isdigit()
    ):
        return bare
    return _headline(lines[:80]) or (named if named == bare and len(words) > 1 else "")


def _headline(lines: Sequence[Line]) -> str:
    """Return the lines in the largest type, where that is larger than the text's and they are no book."""
    lines = [line for line in lines if WIDE not in line.text] or lines
    largest = max(line.size for line in lines)
    found = [line.text for line in lines if line.size > 0.95 * largest]
    title = " ".join(found)
    said = sum(letter.isalpha() for letter in title) > 3 and weight(title) <= _TITLE
    return title if said and largest > 1.15 * body_size(lines) else ""


def _stated(document: pypdfium2.PdfDocument, key: str) -> str:
    """Return what a document says of itself; "" where it does not, or not in letters."""
    try:
        return str(document.get_metadata_value(key))
    except UnicodeDecodeError:
        return ""


def _created(stated: str) -> datetime | None:
    """Return the moment that a document was made: D:20210914090000+02'00', or less of it."""
    digits = stated.removeprefix("D:").replace("'", "")
    for pattern, length in (("%Y%m%d%H%M%S%z", 19), ("%Y%m%d%H%M%S", 14), ("%Y%m%d", 8)):
        try:
            moment = datetime.strptime(digits[:length], pattern)  # noqa: DTZ007 - the zone comes next
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):  # also where it is before the year 1 elsewhere
            continue
    return None


def _is_gibberish(text: str) -> bool:
    """Tell whether a text is in more scripts than anything that is written, none of them its own, or mostly signs."""
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    letters = scripts.total()
    many = [script for script, count in scripts.items() if count > letters / 50]
    signs = sum(not (sign.isalnum() or sign.isspace()) for sign in text)
    return 2 * signs > len(text) or (len(many) >= _SCRIPTS and 2 * max(scripts.values()) <= letters)


def _script(letter: str) -> str:
    name = re.split(r"\W", unicodedata.name(letter, "unknown"), maxsplit=1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO") else name
