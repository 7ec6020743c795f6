"""Printed lines → paragraphs: a PDF says where each letter stands and in which type, not what belongs together.

    rows of a page | columns | heads and feet off | blocks of one type | paragraphs

Lines of one type, one below the other, are a paragraph; another type, a wider gap or a line with room left ends it. So
a headline never runs into a sentence, and a sentence goes on over the end of a column or page only where it plainly
does.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefs.text.lines import BULLET, SENTENCE_END, WIDE, weight

_MARGIN = 2  # lines at the top and at the bottom of a page that may be its head or foot
_ROWS = 4  # that columns of text have at least
_PRINTED = 20  # weight of their lines in the mean; those of a table are shorter
_ITEM = re.compile(r"[•●▪◦‣∙·*–—-]\s|[a-z]\)\s")
_OPEN = ("-", ",", "，", "、", ";", "；")
_WIDE_SCRIPT = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef，。、；：「」『』《》“”]"


@dataclass(frozen=True, slots=True)
class Line:
    """Letters that stand side by side. Places are in points, y upwards.

    begins, ends: the type of its first and last word: its height, and whether it is bold.
    """

    text: str
    left: float
    right: float
    y: float
    begins: tuple[float, bool]
    ends: tuple[float, bool]

    @property
    def size(self) -> float:
        """The height of its type; a line may begin with another one, a label or a note's mark."""
        return self.ends[0]


def by_columns(rows: Sequence[list[Line]]) -> Iterator[Line]:
    """Return the lines of a page's rows, whose pieces wide gaps part.

    Where columns are drawn row by row, one column comes after the other. A table's row is one line.
    """
    region: list[list[Line]] = []
    for row in [*rows, []]:
        if not (region and row and _in_columns(row, region[0])):
            yield from _read(region)
            region = []
        region.append(row)


def _in_columns(row: Sequence[Line], first: Sequence[Line]) -> bool:
    """Tell whether each piece of a row stands in a column of the first row, and reaches into no other."""
    starts = [piece.left for piece in first]
    for piece in row:
        column = max((n for n, left in enumerate(starts) if abs(piece.left - left) < 2 * piece.size), default=None)
        if column is None or (column + 1 < len(starts) and piece.right > starts[column + 1]):
            return False
    return len(starts) > 1


def _read(region: Sequence[list[Line]]) -> Iterator[Line]:
    pieces = [piece for row in region for piece in row]
    if len(region) < _ROWS or statistics.mean(weight(piece.text) for piece in pieces) < _PRINTED:
        yield from (_joined(row) for row in region if row)
        return
    starts = [piece.left for piece in region[0]]
    for start in starts:
        yield from (piece for piece in pieces if min(starts, key=lambda left: abs(left - piece.left)) == start)


def _joined(pieces: Sequence[Line]) -> Line:
    first, last = pieces[0], pieces[-1]
    return replace(first, text=WIDE.join(piece.text for piece in pieces), right=last.right, ends=last.ends)


def without_margins(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Drop the lines that stand at the head or foot of most pages, numbers apart; left and right pages may differ."""
    edges = [_edges(page) for page in pages]
    said = Counter(
        key
        for page, edge in zip(pages, edges, strict=True)
        for key in {_key(line) for line in page if round(line.y) in edge}
    )
    usual = {key for key, count in said.items() if count > 1 and 3 * count > len(pages)}
    return [
        [line for line in page if round(line.y) not in edge or _key(line) not in usual]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> frozenset[int]:
    """Return the heights at which a page's head and foot may stand."""
    heights = sorted({round(line.y) for line in page})
    return frozenset((*heights[:_MARGIN], *heights[-_MARGIN:]))


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", "".join(line.text.split()).casefold()), round(line.size)


# ---------------------------------------------------------------- paragraphs


def paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Return the paragraphs that lines make up, each one line, but for line ends after a hyphen; headings are some."""
    body = body_size(lines)
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


def body_size(lines: Sequence[Line]) -> float:
    """Return the size of the type that most of a text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _step(lines: Sequence[Line]) -> float:
    """Return how far apart lines stand, in heights of their type."""
    steps = [(a.y - b.y) / a.size for a, b in pairwise(lines) if _one_type(a, b)]
    return statistics.median([step for step in steps if 0.5 < step < 3] or [1.2])


def _blocks(lines: Sequence[Line], step: float) -> Iterator[list[Line]]:
    """Return lines of one type that stand one below the other, no further apart than lines do."""
    block: list[Line] = []
    for line in lines:
        before = block[-1] if block else line
        below = 0 < before.y - line.y <= 1.35 * step * before.size
        if block and not (below and _one_type(before, line) and line.left < before.right and before.left < line.right):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _one_type(before: Line, after: Line) -> bool:
    """Tell whether a line goes on in the type that the one before it ends in, or one of them has two."""
    mixed = before.begins != before.ends or after.begins != after.ends
    other = after.size if mixed else after.begins[0]
    return abs(before.size - other) <= 0.12 * max(before.size, other) and (mixed or before.ends[1] == after.begins[1])


def _goes_on(before: Line, after: Line, edge: float) -> bool:
    """Tell whether a paragraph goes on from one line of a block to the next."""
    if _ITEM.match(after.text) or WIDE in before.text + after.text:
        return False
    is_open = not SENTENCE_END.search(before.text)
    if not _is_full(before, after, edge):
        return is_open and after.text[0].islower()
    return is_open or not (after.left > before.left + 0.8 * after.size or BULLET.match(after.text))


def _is_full(before: Line, after: Line, edge: float) -> bool:
    """Tell whether the next word had no room in a line."""
    word = 2 if re.match(_WIDE_SCRIPT, after.text) else len(after.text.split()[0]) + 1
    return before.right + word * (after.right - after.left) / len(after.text) > edge


def _plainly(before: Line, after: Line, edge: float) -> bool:
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
