"""What a text says of itself around its title: heads of printed pages, bylines, labels, breadcrumbs → fields."""

import re
from datetime import datetime

from briefs.ingest import _boilerplate_lines as furniture
from briefs.text.dates import find_date, is_date
from briefs.text.lines import HAN, WIDE, Page, is_sentence, small_words, weight

_RUNNING_HEAD = re.compile(
    r"^\d{1,4}\s(?P<name>[^\d./|]{2,60}?)\s?[/|•·]\s?(?P<issue>(?:issue|no\.?|n°|vol\.?|numéro)\s?\d{1,4}[^()]{0,30}(?:\([^()]{2,40}\))?)\s",
    re.IGNORECASE,
)
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_BYLINE_INSIDE = re.compile(rf"^{furniture.listed(lambda pack: pack.byline)}\s((?:{_CAPITALISED}\s){{2,5}})(?=\S)")


def page_heads(page: Page) -> None:
    """Drop page numbers, volume lines and running heads; they say the publication, and maybe when it came out."""
    texts = [line for line in page.lines if line]
    volume = next((n for n, line in enumerate(texts[:6]) if furniture.VOLUME.fullmatch(line)), None)
    if volume and weight(texts[volume - 1]) <= 60 and not is_sentence(texts[volume - 1]):
        page.note("source", texts[volume - 1])
        page.lines[page.lines.index(texts[volume - 1])] = ""
    page.keep(lambda line: not furniture.VOLUME.fullmatch(line) and not furniture.PAGE_HEAD.fullmatch(line))
    for number, line in enumerate(page.lines):
        if head := _RUNNING_HEAD.match(line):
            page.published = page.published or _month_of_issue(head["issue"])
            page.lines[number] = _without_byline(page, line[head.end() :])


def _month_of_issue(issue: str) -> datetime | None:
    """Return the first day of the first month that an issue names: "Issue 4, 2015 (September/October)"."""
    year = re.search(r"(?:19|20)\d{2}", issue)
    months = re.findall(r"[^\W\d_]{3,}", issue)
    dates = (find_date(f"1 {month} {year.group()}") for month in months) if year else ()
    return next((date for date in dates if date), None)


def _without_byline(page: Page, line: str) -> str:
    """Return a line without the "By First Last" it starts with; a small word after the name starts the sentence."""
    if not (found := _BYLINE_INSIDE.match(line)):
        return line
    words = found[1].split()
    small = small_words(page.language)
    name = next((words[:n] for n, word in enumerate(words) if n >= 2 and word.casefold() in small), words[:2])
    page.note("author", " ".join(name))
    return line[found.start(1) :].removeprefix(" ".join(name)).strip()


# ---------------------------------------------------------------- byline, breadcrumbs


# Chinese bylines part their pieces by a blank alone.
_CHINESE_LABEL = r"(?:作者|记者|来源|稿源|编辑|责任编辑|责编|发布时间|发表时间|更新时间|时间|日期|阅读|浏览)\s?[:：]"
_PIECES = re.compile(
    rf"\s*[|｜{WIDE}]\s*|\s+[·•]\s+|\s+(?={_CHINESE_LABEL})|(?<=[{HAN}])\s+(?=20\d\d[-年])"
    r"|(?<=\b(?:19|20)\d\d) (?=by [A-Z])"
)
_CRUMBS = re.compile(r"(?:[^.!?>›»|]{1,40}\s?[>›»→/]\s?){1,6}[^.!?>›»|]{0,60}")
_FROM_HOME = re.compile(rf"{furniture.listed(lambda pack: pack.home)}(?:\s?/\s?[^.!?/]{{1,40}}){{1,5}}", re.IGNORECASE)
_YOU_ARE_HERE = re.compile(
    rf"{furniture.listed(lambda pack: pack.you_are_here)}\s?[:：][^.!?。]{{0,160}}", re.IGNORECASE
)
_NAME = re.compile(
    rf"{_CAPITALISED}(?:(?:,? {furniture.listed(lambda pack: pack.between_names)} |,? )?{_CAPITALISED}){{0,6}}"
    rf"|[{HAN}·、 ]{{2,12}}"
)
# What may follow the names: their office, their agency, and the form for comments of many a blog.
_OFFICE = re.compile(rf"(?:, [^.!?|:]{{3,50}}|{furniture.listed(lambda pack: pack.office)})$", re.IGNORECASE)
_GLUED_LABEL = re.compile(rf"{furniture.listed(lambda pack: pack.byline)}(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+ [A-ZÀ-ÖØ-Þ])")
_SITE = re.compile(r"(?:[\w-]{1,40}\.){1,4}(?:[a-z]{2,10})", re.IGNORECASE)
_LABELLED = 120  # characters a labelled value has at most


def byline(page: Page) -> None:
    """Read the lines before and after the body into the fields; drop them, and breadcrumbs."""
    start, end = page.body()
    for number, line in enumerate(page.lines):
        outside = number < start or number >= end
        if line and outside and (_is_crumbs(line) or _says_fields(page, line)):
            page.lines[number] = ""


def _is_crumbs(line: str) -> bool:
    if _YOU_ARE_HERE.fullmatch(line) or _FROM_HOME.fullmatch(line):
        return True
    crumbs = re.search(r"[>›»→]", line) and _CRUMBS.fullmatch(line)
    return bool(crumbs) and weight(line) <= 120 and "«" not in line


def _says_fields(page: Page, line: str) -> bool:
    """Whether each piece of a line says something of the page; then its fields are noted."""
    pieces = [piece for piece in _PIECES.split(line) if piece]
    read = [_read_field(piece, page.language) for piece in pieces]
    known = [found for found in read if found]
    # "Le Monde | 3 mai 2015": what stands beside a date or a label, short as it is, belongs to it.
    beside = [piece for piece, found in zip(pieces, read, strict=True) if not found]
    if not known or (beside and not any(name for name, _ in known)) or any(weight(piece) > 40 for piece in beside):
        return False
    for name, value in known:
        if name == "date":
            page.published = page.published or find_date(value, page.language)
        elif value:
            page.note(name, value)
    return True


def _read_field(piece: str, language: str) -> tuple[str, str] | None:
    """(field, value) of a piece of a byline; the field is "" where the piece is of no use."""
    if furniture.COUNTER.fullmatch(piece) or furniture.KIND.fullmatch(piece):
        return "", ""
    if _SITE.fullmatch(piece):
        return "site", piece
    if is_date(piece):
        return "date", piece
    for name, label in furniture.LABELS.items():
        if not (found := label.match(piece)):
            continue
        rest = piece[found.end() :]
        value = rest.lstrip(" \xa0:：").strip()
        colon = rest.lstrip(" \xa0")[:1] in (":", "：") and bool(rest)
        if name == "date" and value and find_date(value, language) and weight(value) <= 60:
            return name, value
        if name == "author" and value and (rest[:1] in (" ", "\xa0", ":", "：") or _GLUED_LABEL.match(piece)):
            value = value if _NAME.fullmatch(value) else _OFFICE.sub("", value)
            if _NAME.fullmatch(value):
                return name, value
        is_prose = is_sentence(value) and len(value.split()) > 8
        is_said = colon and name != "date" and weight(piece) <= _LABELLED and not is_prose
        if is_said and re.search(r"\w|^$", value):
            return name, value
    return None
