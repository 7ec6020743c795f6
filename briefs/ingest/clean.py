"""Plain text as scraped or printed → the text alone, with what its furniture says as fields.

    characters | broken words | wrapped lines | page heads | notices and captions | menus | byline and breadcrumbs
      | title | outlines | author's box | teasers | comment forms | repeats | glued captions and headings | Extract

The order matters: words are joined before lines are compared, and the title is found before repeats of it go. A line
goes only when the whole of it is furniture, or stands again elsewhere: a sentence is never cut. Lines stay lines, so
that a heading never runs into a sentence.
"""

import itertools
import re
from collections.abc import Container, Iterator, Sequence

from briefs.ingest import _boilerplate_lines as furniture
from briefs.ingest.boilerplate import author_box, glued_captions, menus, merged_headings, notes_to_visitors
from briefs.ingest.broken_words import join_broken_words
from briefs.ingest.byline import byline, page_heads
from briefs.ingest.raw import Extract
from briefs.text.detection import detect_language
from briefs.text.lines import BULLET, SENTENCE_END, WIDE, Page, is_sentence, same, tidy, unwrap, weight

TITLE_LIMIT = 200  # characters
_WHOLE = 120_000  # characters that are cleaned
_LINES = 8_000  # lines of them
_REPEAT = 40  # characters from which on a line that stands again is a repeat, not a refrain


def clean(text: str, *, title: str | None = None, language: str | None = None) -> Extract:
    """Return the text without page furniture, its fields filled from what the furniture said.

    title, language: where the carrier knows them already. A text without a title has its first sentence, shortened.
    Paragraphs are apart by a blank line. Every sentence that is
    left stands in `text` to the letter, but for white space and for words broken by a hyphen at the end of a line. Of a
    text of book length the first 120,000 characters or 8,000 lines are cleaned; the rest stays as it is, but for white
    space.
    """
    text, rest = _parted(tidy(text))
    text = join_broken_words(text)
    language = language or detect_language(text)
    page = Page(unwrap(text.split("\n")), language)
    page_heads(page)
    notes_to_visitors(page)
    menus(page)
    byline(page)
    found = _title(page, title)
    _outline(page)
    author_box(page)
    _teasers(page)
    _forms(page)
    _repeats(page)
    glued_captions(page)
    merged_headings(page)
    text = "\n".join(page.lines)
    text = re.sub(r"\n{3,}", "\n\n", text + rest).strip()
    return Extract(
        title=found or opening(text),
        text=text,
        language=language,
        author=page.fields.get("author"),
        source=page.fields.get("site") or page.fields.get("source"),
        published=page.published,
    )


def _parted(text: str) -> tuple[str, str]:
    """Part a text of book length at a line end or blank: its beginning, and the rest, where furniture is rare."""
    whole = min(_WHOLE, sum(len(line) + 1 for line in text[:_WHOLE].split("\n")[:_LINES]))
    if len(text) <= whole:
        return text, ""
    at = text.rfind("\n", whole // 2, whole)
    at = at if at > 0 else text.rfind(" ", whole // 2, whole)
    return (text[:at], text[at:]) if at > 0 else (text[:whole], text[whole:])


# ---------------------------------------------------------------- title


def _title(page: Page, given: str | None) -> str | None:
    """Return the title: given, or the first line where it is one. A line that only repeats it is dropped."""
    if given:
        page.lines = _without_title(page.lines, given)
        return given
    first, second = [*(n for n, line in enumerate(page.lines) if line), None, None][:2]
    if first is None or second is None:
        return None
    number = first
    if furniture.MENU_ITEM.fullmatch(page.lines[first]) and not is_sentence(page.lines[second]):
        page.lines[first], number = "", second
    line = _without_label(page.lines[number], page)
    ends = bool(SENTENCE_END.search(line)) and line[-1] not in "?!？！"
    alone = ends and number + 1 < len(page.lines) and not page.lines[number + 1]
    if weight(line) > (120 if alone else TITLE_LIMIT) or (ends and not alone):
        return None
    # A title that is a whole sentence is text as well: somebody may want to quote it.
    page.lines = _without_title(page.lines, line)
    page.lines[number] = line if ends else ""
    return line.rstrip(".。") if ends else line


def _without_title(lines: list[str], title: str) -> list[str]:
    """Lines without the title, where it stands again before the body."""
    head = list(itertools.islice((n for n, line in enumerate(lines) if line), 6))
    return ["" if n in head and same(line) == same(title) else line for n, line in enumerate(lines)]


def _without_label(line: str, page: Page) -> str:
    """Return the title of "Analysis | Title" and "Exclusive: Title"; the name of a site after it is its source."""
    pieces = [piece for piece in re.split(r"\s*[|｜]\s*", line) if piece]
    if len(pieces) > 1:
        title = max(pieces, key=weight)
        if pieces[-1] is not title:
            page.note("source", pieces[-1])
        return title
    found = re.match(r"([^\W\d_]{2,12}(?: [^\W\d_]{2,8})?)(?: ?[:：] ?| [–—-] |\. )(?=\S)", line)
    if found and furniture.KIND.fullmatch(found[1]):
        return line[found.end() :]
    return line


def opening(text: str) -> str:
    """Return a title for a text without one: its first sentence, cut at a clause where it is long."""
    line = text[: 10 * TITLE_LIMIT].split("\n", 1)[0]  # a text may be one line of millions
    sentence = re.split(r"(?<=[.!?])\s+(?=[^\Wa-z])|(?<=[。！？])", line, maxsplit=1)[0]
    if weight(sentence) <= 120:
        return sentence.rstrip(".。 ")
    limit = 120 if weight(sentence) < 1.5 * len(sentence) else 48
    clauses = [m.start() for m in re.finditer(r"[,;:，；：](?=\s|[^\x00-\x7f])", sentence[:limit])]
    cut = clauses[-1] if clauses and clauses[-1] >= limit // 3 else max(sentence.rfind(" ", 0, limit), limit // 2)
    return sentence[:cut].rstrip() + "…"


# ---------------------------------------------------------------- outlines, teasers, forms


def _outline(page: Page) -> None:
    """Drop a list of headings that follow further down, in the same order; an entry that is no heading later stays.

    A heading that stands more than twice is one of a kind that comes again and again, and no outline names it.
    """
    places: dict[str, list[int]] = {}
    for number, line in enumerate(page.lines):
        if line and weight(line) < 160:
            places.setdefault(same(line), []).append(number)
    ahead = {first: rest[0] for first, *rest in places.values() if len(rest) == 1}
    for run in _runs(page.lines, ahead):
        later = [ahead[number] for number in run]
        listed = sum(BULLET.match(page.lines[number]) is not None for number in run)
        if (len(run) > 1 or listed) and later == sorted(later) and later[0] > run[-1]:
            for number in run:
                page.lines[number] = ""


def _runs(lines: Sequence[str], members: Container[int]) -> Iterator[list[int]]:
    """Return the numbers of lines that are members, by runs that only blank lines interrupt."""
    run: list[int] = []
    for number, line in enumerate(lines):
        if number in members:
            run.append(number)
        elif line and run:
            yield run
            run = []
    if run:
        yield run


_TEASER_INSIDE = re.compile(
    rf"(?<=[.!?…。！？”»\"])\s*(?:[\[(]\s?)?({furniture.TEASER.pattern})\s?[:：]?\s?(?=\S)", re.IGNORECASE
)


def _teasers(page: Page) -> None:
    """Drop links to other articles, with the titles listed below them, and "click to read on"."""
    _, end = page.body()
    kept: list[str] = []
    listing = False  # inside the titles below a teaser's label; a blank line after one ends them, but not in the foot
    titles = 0
    for number, line in enumerate(page.lines):
        if number >= end and furniture.LIST_LABEL.fullmatch(line):
            listing, titles = True, 0
            continue
        found = furniture.TEASER.match(BULLET.sub("", line))
        if found:
            rest = BULLET.sub("", line)[found.end() :]
            listing, titles = not rest.strip(" :：»>】"), 0
            if listing or _is_teaser(line, rest):
                continue
        if listing and line and not is_sentence(line) and weight(line) <= 160:
            titles += 1
            continue
        listing = listing and not line and (not titles or number >= end)
        kept.append(_without_teaser(line))
    page.lines = kept
    page.keep(lambda line: weight(line) > 200 or not furniture.READ_ON.fullmatch(line))


def _is_teaser(line: str, rest: str) -> bool:
    """Tell whether only a title comes after the label: no sentence of its own, unless a colon parts them."""
    return bool(re.match(r"\s?[:：»>】]", rest)) or (
        rest[:1].isspace() and not SENTENCE_END.search(line) and weight(line) <= 200
    )


def _without_teaser(line: str) -> str:
    """Return a line without the teaser that runs on at its end."""
    found = _TEASER_INSIDE.search(line)
    if not found or line[found.start(1)].islower():
        return line
    tail = line[found.start(1) :]
    return line[: found.start()].rstrip() if weight(tail) <= 200 and not SENTENCE_END.search(tail) else line


def _forms(page: Page) -> None:
    """Drop comment forms; their bare fields ("Name", "Send") only below a line that is plainly one."""
    seen = False
    kept: list[str] = []
    for line in page.lines:
        pieces = [piece for piece in re.split(rf"\s*[|{WIDE}\xa0]\s*", line) if piece]
        strong = any(furniture.COMMENT_FORM.fullmatch(piece) for piece in pieces)
        if pieces and all(
            furniture.COMMENT_FORM.fullmatch(piece) or ((seen or strong) and furniture.COMMENT_FIELD.fullmatch(piece))
            for piece in pieces
        ):
            seen = True
            continue
        kept.append(line.replace(WIDE, " "))
    page.lines = kept


# ---------------------------------------------------------------- repeats


def _repeats(page: Page) -> None:
    """Keep one of the paragraphs that stand twice: the longer where one begins the other, else the first."""
    long = [line for line in page.lines if is_sentence(line) and weight(line) >= _REPEAT]
    starts = {same(line)[:_REPEAT]: same(line) for line in sorted(long, key=weight)}  # the longest of each beginning
    seen: set[str] = set()
    kept: list[str] = []
    for line in page.lines:
        key = same(line)
        if is_sentence(line) and weight(line) >= _REPEAT:
            longest = starts[key[:_REPEAT]]
            if key in seen or (longest != key and longest.startswith(key)):
                continue
            seen.add(key)
        kept.append(line)
    page.lines = kept
