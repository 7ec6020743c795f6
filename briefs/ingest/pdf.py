"""PDF → text: what is printed, back into paragraphs.

    pages | lines, with their place and type | heads and feet off | paragraphs, headings apart | refuse what is no text

A PDF says where each letter stands and in which type, not what belongs together. Lines of one type, one below the
other, are a paragraph; another type, a wider gap or a short line ends it. So a headline never runs into a sentence, and
a sentence goes on over the end of a column or page only where nothing speaks against it.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from briefs.errors import Unreadable
from briefs.models import Extract
from briefs.text.languages import UNSURE, detect_language
from briefs.text.lines import BULLET, SENTENCE_END, WIDE, weight

_MAX_PAGES = 500
_MARGIN = 2  # lines at the top and at the bottom of a page that may be its head or foot
_SCRIPTS = 5  # in so many at once nothing is written
_SAMPLE = 4_000  # characters that are enough to tell
_ROWS = 4  # that columns of text have at least
_PRINTED = 20  # weight of their lines in the mean; those of a table are shorter
_CELL = 1.8  # the least gap between columns, in heights of the type
_BOLDER = 150  # by how much weights differ that a reader sees apart; 400 is regular, 700 bold
_TITLE = 200  # weight
_ITEM = re.compile(r"[•●▪◦‣∙·*–—-]\s|[a-z]\)\s")
_OPEN = ("-", ",", "，", "、", ";", "；")
_WIDE_SCRIPT = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef，。、；：「」『』《》“”]"


@dataclass(frozen=True, slots=True)
class _Line:
    """Letters that stand side by side. Places are in points, y upwards.

    begins, ends: the type of its first and last word: its height, and its weight.
    """

    text: str
    left: float
    right: float
    y: float
    begins: tuple[float, int]
    ends: tuple[float, int]

    @property
    def size(self) -> float:
        """The height of its type; a line may begin with another one, a label or a note's mark."""
        return self.ends[0]


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
        about = document.get_metadata_dict()
    finally:
        document.close()
    lines = [line for page in _without_margins(pages) for line in page]
    if not lines:
        raise Unreadable(
            "{address}: this PDF has no text, only pictures of pages; run it through OCR first", address=address
        )
    text = "\n\n".join(_paragraphs(lines))
    if _is_gibberish(text[:_SAMPLE]):
        raise Unreadable(
            "{address}: the letters of this PDF come out as others (its fonts do not name them); run it through OCR",
            address=address,
        )
    return Extract(
        title=_title(about["Title"], lines),
        text=text,
        published=_created(about["CreationDate"]),
        author=" ".join(about["Author"].split()) or None,
    )


# ---------------------------------------------------------------- lines


def _lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[_Line]:
    """Return the lines of a page in the order they are drawn in, column by column."""
    try:
        letters = document[number].get_textpage()
        text = letters.get_text_range()
    except pypdfium2.PdfiumError:
        return  # one page is broken: the others can be read
    # PDFium gives a hyphen that breaks a word as U+FFFE, and no line end after it.
    rows = (_row(letters, found) for found in re.finditer("[^\r\n\ufffe]+\ufffe?", text))
    yield from _by_columns([row for row in rows if row])


def _row(letters: pypdfium2.PdfTextPage, found: re.Match[str]) -> list[_Line]:
    """Return the pieces of a printed line, which wide gaps part."""
    pieces: list[_Line] = []
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


def _beside(before: _Line, here: _Line) -> bool:
    gap = (here.left - before.right) / before.size
    label = len(before.text) <= 3  # a bullet or a number, with a tab after it
    return abs(before.y - here.y) < before.size and -1 < gap < (3 * _CELL if label else _CELL)


def _word(letters: pypdfium2.PdfTextPage, text: str, first: int, last: int) -> _Line:
    box, end, matrix = raw.FS_RECTF(), raw.FS_RECTF(), raw.FS_MATRIX()
    raw.FPDFText_GetLooseCharBox(letters, first, box)
    raw.FPDFText_GetLooseCharBox(letters, last, end)
    raw.FPDFText_GetMatrix(letters, first, matrix)
    size = raw.FPDFText_GetFontSize(letters, first) * (matrix.c**2 + matrix.d**2) ** 0.5
    face = (round(size, 1) or 1.0, raw.FPDFText_GetFontWeight(letters, first))
    return _Line(text, box.left, end.right, box.bottom, face, face)


def _by_columns(rows: Sequence[list[_Line]]) -> Iterator[_Line]:
    """Return lines; where columns are drawn row by row, one column after the other. A table's row is a line."""
    region: list[list[_Line]] = []
    for row in [*rows, []]:
        if not (region and row and _in_columns(row, region[0])):
            yield from _read(region)
            region = []
        region.append(row)


def _in_columns(row: Sequence[_Line], first: Sequence[_Line]) -> bool:
    """Tell whether each piece of a row stands in a column of the first row, and reaches into no other."""
    starts = [piece.left for piece in first]
    for piece in row:
        column = max((n for n, left in enumerate(starts) if abs(piece.left - left) < 2 * piece.size), default=None)
        if column is None or (column + 1 < len(starts) and piece.right > starts[column + 1]):
            return False
    return len(starts) > 1


def _read(region: Sequence[list[_Line]]) -> Iterator[_Line]:
    pieces = [piece for row in region for piece in row]
    if len(region) < _ROWS or statistics.mean(weight(piece.text) for piece in pieces) < _PRINTED:
        yield from (_joined(row) for row in region if row)
        return
    starts = [piece.left for piece in region[0]]
    for start in starts:
        yield from (piece for piece in pieces if min(starts, key=lambda left: abs(left - piece.left)) == start)


def _joined(pieces: Sequence[_Line]) -> _Line:
    first, last = pieces[0], pieces[-1]
    return replace(first, text=WIDE.join(piece.text for piece in pieces), right=last.right, ends=last.ends)


def _without_margins(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Drop the lines that stand at the head or foot of most pages, numbers apart; left and right pages may differ."""
    said = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    usual = {key for key, count in said.items() if count > 1 and 3 * count > len(pages)}
    return [[line for line in page if _key(line) not in usual or line not in _edges(page)] for page in pages]


def _edges(page: Sequence[_Line]) -> list[_Line]:
    heights = sorted({round(line.y) for line in page})
    edges = {*heights[:_MARGIN], *heights[-_MARGIN:]}
    return [line for line in page if round(line.y) in edges]


def _key(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", "".join(line.text.split()).casefold()), round(line.size)


# ---------------------------------------------------------------- paragraphs


def _paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    body = _body(lines)
    lines = [line for line in lines if line.size > 0.75 * body or not line.text.isdigit()]  # the marks of notes
    step = _step(lines)
    text = ""
    for block, after in pairwise([*_blocks(lines, step), []]):
        edge = max(line.right for line in block)
        text = _with(text, block[0].text) if text else block[0].text
        for before, line in pairwise(block):
            if _goes_on(before, line, edge):
                text = _with(text, line.text)
            else:
                yield text
                text = line.text
        # Over the end of a column or a page a sentence goes on only where it plainly does.
        if not (after and _one_type(block[-1], after[0]) and _plainly(block[-1], after[0], edge)):
            yield text
            text = ""


def _body(lines: Sequence[_Line]) -> float:
    """Return the size of the type that most of a text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _step(lines: Sequence[_Line]) -> float:
    """Return how far apart lines stand, in heights of their type."""
    steps = [(a.y - b.y) / a.size for a, b in pairwise(lines) if _one_type(a, b)]
    return statistics.median([step for step in steps if 0.5 < step < 3] or [1.2])


def _blocks(lines: Sequence[_Line], step: float) -> Iterator[list[_Line]]:
    """Return lines of one type that stand one below the other, no further apart than lines do."""
    block: list[_Line] = []
    for line in lines:
        before = block[-1] if block else line
        below = 0 < before.y - line.y <= 1.35 * step * before.size
        if block and not (below and _one_type(before, line) and line.left < before.right and before.left < line.right):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _one_type(before: _Line, after: _Line) -> bool:
    """Tell whether a line goes on in the type that the one before it ends in, or one of them has two."""
    mixed = before.begins != before.ends or after.begins != after.ends
    other = after.size if mixed else after.begins[0]
    return abs(before.size - other) <= 0.12 * max(before.size, other) and (
        mixed or abs(before.ends[1] - after.begins[1]) < _BOLDER
    )


def _goes_on(before: _Line, after: _Line, edge: float) -> bool:
    """Tell whether a paragraph goes on from one line of a block to the next."""
    if _ITEM.match(after.text) or WIDE in before.text + after.text:
        return False
    is_open = not SENTENCE_END.search(before.text)
    if not _is_full(before, after, edge):
        return is_open and after.text[0].islower()
    return is_open or not (after.left > before.left + 0.8 * after.size or BULLET.match(after.text))


def _is_full(before: _Line, after: _Line, edge: float) -> bool:
    """Tell whether the next word had no room in a line."""
    word = 1 if re.match(_WIDE_SCRIPT, after.text) else len(after.text.split()[0]) + 1
    return before.right + word * (after.right - after.left) / len(after.text) > edge


def _plainly(before: _Line, after: _Line, edge: float) -> bool:
    """Tell whether a sentence goes on in another column or on another page."""
    if SENTENCE_END.search(before.text) or not _is_full(before, after, edge) or not after.text[0].isalpha():
        return False
    return after.text[0].islower() or before.text.endswith(_OPEN) or re.match(_WIDE_SCRIPT, after.text) is not None


def _with(text: str, more: str) -> str:
    """Return a text with another line. A hyphen that may break a word keeps the line end, for the clean-up."""
    if re.search(r"\w-$", text):
        return f"{text}\n{more}" if more[0].islower() else text + more
    blank = "" if re.search(f"{_WIDE_SCRIPT}$", text) and re.match(_WIDE_SCRIPT, more) else " "
    return f"{text}{blank}{more}"


# ---------------------------------------------------------------- what a document says of itself


_OF_A_PROGRAM = re.compile(r"^Microsoft (?:Office )?\w+ - |\.\w{1,4}$")


def _title(named: str, lines: Sequence[_Line]) -> str:
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


def _headline(lines: Sequence[_Line]) -> str:
    """Return the lines in the largest type, where that is larger than the text's and they are no book."""
    lines = [line for line in lines if WIDE not in line.text] or lines
    largest = max(line.size for line in lines)
    found = [line.text for line in lines if line.size > 0.95 * largest]
    title = " ".join(found)
    said = sum(letter.isalpha() for letter in title) > 3 and weight(title) <= _TITLE
    return title if said and largest > 1.15 * _body(lines) else ""


def _created(stated: str) -> datetime | None:
    """Return the moment that a document was made: D:20210914090000+02'00', or less of it."""
    digits = stated.removeprefix("D:").replace("'", "")
    for pattern, length in (("%Y%m%d%H%M%S%z", 19), ("%Y%m%d%H%M%S", 14), ("%Y%m%d", 8)):
        try:
            moment = datetime.strptime(digits[:length], pattern)  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _is_gibberish(text: str) -> bool:
    """Tell whether a text is in no language, and in more scripts than anything that is written, or mostly signs."""
    letters = [letter for letter in text if letter.isalpha()]
    scripts = Counter(_script(letter) for letter in letters)
    many = [script for script, count in scripts.items() if count > len(letters) / 100]
    signs = sum(not (sign.isalnum() or sign.isspace()) for sign in text)
    return (len(many) >= _SCRIPTS or 2 * signs > len(text)) and detect_language(text) == UNSURE


def _script(letter: str) -> str:
    name = re.split(r"\W", unicodedata.name(letter, "unknown"), maxsplit=1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO") else name
