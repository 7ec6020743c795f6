"""Plain text as scraped or printed → the text alone, with what its furniture says as fields.

    characters | broken words | wrapped lines | page heads | byline and breadcrumbs | title
      | outlines | teasers | comment forms | repeats | glued captions | Cleaned

The order matters: words are joined before lines are compared, and the title is found before repeats of it go. A line
goes only when the whole of it is furniture, or stands again elsewhere: a sentence is never cut. Lines stay lines, so
that a heading never runs into a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from briefs.text import _furniture as furniture
from briefs.text.dates import find_date, is_date
from briefs.text.languages import LANGUAGES, detect_language

TITLE_LIMIT = 200  # characters
_BODY = 80  # characters from which on a line that ends like a sentence is body text
_REPEAT = 40  # characters from which on a line that stands again is a repeat, not a refrain
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAN_WEIGHT = 2.5  # one Chinese character says as much as about so many letters

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]」』]*$")
_BULLET = re.compile(r"^(?:[•●▪◦‣∙·*–—-]|\d{1,2}[.)、]|[一二三四五六七八九十]{1,2}、)\s*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its furniture, and what the furniture said.

    title: the one given, else the text's own, else its first sentence, shortened. keywords, section: as the page has
    them.
    """

    title: str
    text: str
    language: str = "und"
    author: str | None = None
    source: str | None = None
    published: datetime | None = None
    keywords: tuple[str, ...] = ()
    section: str | None = None


@dataclass(slots=True)
class _Page:
    """A text on its way: lines ("" parts paragraphs), and the fields found so far."""

    lines: list[str]
    language: str
    fields: dict[str, str] = field(default_factory=dict)
    published: datetime | None = None

    def note(self, name: str, value: str) -> None:
        self.fields.setdefault(name, value)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        self.lines = [line for line in self.lines if not line or wanted(line)]

    def body(self) -> tuple[int, int]:
        """Where body text starts and ends: before and after stand the page's head and foot."""
        body = [n for n, line in enumerate(self.lines) if is_sentence(line) and weight(line) >= _BODY]
        return (body[0], body[-1] + 1) if body else (0, len(self.lines))


def clean(text: str, *, title: str | None = None, language: str | None = None) -> Cleaned:
    """Return the text without page furniture, its fields filled from what the furniture said.

    title, language: where the carrier knows them already. Paragraphs are apart by a blank line. Every sentence that is
    left stands in `text` to the letter, but for white space and for words broken by a hyphen at the end of a line.
    """
    text = join_broken_words(tidy(text))
    language = language or detect_language(text)
    page = _Page(unwrap(text.split("\n")), language)
    _page_heads(page)
    _byline(page)
    found = _title(page, title)
    _outline(page)
    _teasers(page)
    _forms(page)
    _repeats(page)
    _captions(page)
    text = "\n".join(page.lines)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return Cleaned(
        title=found or opening(text),
        text=text,
        language=language,
        author=page.fields.get("author"),
        source=page.fields.get("site") or page.fields.get("source"),
        published=page.published,
        keywords=tuple(re.split(r"\s*[,;，、；]\s*", page.fields["keywords"])) if "keywords" in page.fields else (),
        section=page.fields.get("section"),
    )


# ---------------------------------------------------------------- characters


_WIDE = "\u2003"  # stands for blanks that part two columns, until lines have been judged
_JOINERS = "\u200c\u200d"  # between letters of some scripts and inside emoji they carry meaning


def tidy(text: str) -> str:
    """Text in NFC without control, formatting and bidi characters; no line starts or ends with a blank.

    A single no-break space stays (French sets them before some signs); a run of blanks becomes one, and a wide run,
    which parts two columns, becomes one em space.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    text = re.sub(r"[\r\v\f\x85\u2028\u2029]", "\n", text)
    text = "".join(c for c in text if c in "\n\t" or c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = re.sub(rf"(?<![^\W\d_\U0001f000-\U0001ffff]{{1}})[{_JOINERS}]+(?![\U0001f000-\U0001ffff♀♂⚕❤])", "", text)
    text = re.sub(r"[^\S\n]*\xa0[^\S\n]*\xa0[^\S\n]*|[^\S\n]*\u3000[^\S\n]*|[^\S\n]{3,}", _WIDE, text)
    text = re.sub(rf"[^\S\n{_WIDE}\xa0\u202f]+|[^\S\n{_WIDE}]{{2,}}", " ", text)
    text = re.sub(rf"[^\S\n]*{_WIDE}[^\S\n]*", _WIDE, text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


# ---------------------------------------------------------------- lines


def weight(line: str) -> float:
    """Return the length of a line in letters of an alphabet."""
    return len(line) + (_HAN_WEIGHT - 1) * len(re.findall(f"[{_HAN}]", line))


def is_sentence(line: str) -> bool:
    """Whether a line ends like a sentence and is long enough for one."""
    return bool(_SENTENCE_END.search(line)) and weight(line) >= 20


def same(line: str) -> str:
    """Return what two lines share that say the same: neither case nor blanks nor bullets nor a closing mark."""
    line = re.sub(r"[\s.·…_]{3,}\d{1,4}$", "", _BULLET.sub("", line))
    return " ".join(line.casefold().split()).strip(" .:;,。：；，")


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of paragraphs that were wrapped at a fixed width."""
    joined: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
            continue
        joined += [*_unwrapped(block), ""]
        block = []
    return joined[:-1]


def _unwrapped(block: list[str]) -> list[str]:
    """One paragraph: wrapped where most lines but the last are of like length and end in the middle of a sentence."""
    inner = block[:-1]
    broken = [line for line in inner if not _SENTENCE_END.search(line) and not _BULLET.match(line)]
    widest = max(map(weight, inner), default=0)
    full = [line for line in broken if weight(line) >= 0.7 * widest]
    if not 40 <= widest <= 130 or len(full) < max(1, 0.6 * len(inner)):
        return block
    if len(inner) < 3 and not all(_goes_on(before, after) for before, after in pairwise(block)):
        return block
    joined = block[0]
    for line in block[1:]:
        blank = "" if re.search(f"[{_HAN}，。；：]$", joined) and re.match(f"[{_HAN}，。“「《]", line) else " "
        joined += ("\n" if _BULLET.match(line) else blank) + line
    return joined.split("\n")


def _goes_on(before: str, after: str) -> bool:
    """Whether a line break falls inside a sentence, as far as two lines can tell."""
    if "|" in before + after or _SENTENCE_END.search(before):
        return False
    return after[0].islower() or before[-1] in ",;，、；"


# ---------------------------------------------------------------- broken words

_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]{2,})-(\s+)([^\W\d_]{2,})(?![^\W\d_])")
# "micro- et macro-économie": the second half is still to come.
_SUSPENDED = frozenset(("et", "ou", "ni", "à", "and", "or", "nor", "to", "und", "oder", "bis", "bzw", "y", "o", "e"))
_PRINTED = 3  # broken words inside lines that make a text a printed page's


def join_broken_words(text: str) -> str:
    """Join words that a page breaks at the end of a line: "inter- net", also where the line end is lost.

    The vocabulary of the text decides: a break whose joined word stands elsewhere is joined; one that stands elsewhere
    with its hyphen is a compound; before a conjunction the second half is still to come. Else it is joined at a line
    end, and inside a line where the text has several such breaks or one that its vocabulary confirms.
    """
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))
    inside = [found for found in _BROKEN.finditer(text) if _is_break(found)]
    printed = len(inside) >= _PRINTED or any(known[(m[1] + m[3]).casefold()] for m in inside)

    def joined(found: re.Match[str]) -> str:
        first, blank, second = found.groups()
        if not _is_break(found):
            return found.group()
        if known[(first + second).casefold()]:
            return first + second
        if known[f"{first}-{second}".casefold()]:
            return f"{first}-{second}" if "\n" in blank else found.group()
        return first + second if printed or "\n" in blank else found.group()

    return _BROKEN.sub(joined, text)


def _is_break(found: re.Match[str]) -> bool:
    """Tell whether a word is broken here: no paragraph ends, no name follows, no half waits for the other."""
    _, blank, second = found.groups()
    return blank.count("\n") < 2 and second.islower() and second not in _SUSPENDED


# ---------------------------------------------------------------- heads of pages


_RUNNING_HEAD = re.compile(
    r"^\d{1,4}\s(?P<name>[^\d./|]{2,60}?)\s?[/|•·]\s?(?P<issue>(?:issue|no\.?|n°|vol\.?|numéro)\s?\d{1,4}[^()]{0,30}(?:\([^()]{2,40}\))?)\s",
    re.IGNORECASE,
)
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_BYLINE_INSIDE = re.compile(rf"^(?:By|Par|Von)\s((?:{_CAPITALISED}\s){{2,5}})(?=\S)")


def _page_heads(page: _Page) -> None:
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


def _without_byline(page: _Page, line: str) -> str:
    """Return a line without the "By First Last" it starts with; a small word after the name starts the sentence."""
    if not (found := _BYLINE_INSIDE.match(line)):
        return line
    words = found[1].split()
    small = _small_words(page.language)
    name = next((words[:n] for n, word in enumerate(words) if n >= 2 and word.casefold() in small), words[:2])
    page.note("author", " ".join(name))
    return line[found.start(1) :].removeprefix(" ".join(name)).strip()


def _small_words(language: str) -> frozenset[str]:
    """Words that start a sentence and say nothing of its subject, in this language, or in every one when unsure."""
    known = [LANGUAGES[language]] if language in LANGUAGES else list(LANGUAGES.values())
    return frozenset().union(*(entry.core_stop_words for entry in known))


# ---------------------------------------------------------------- byline, breadcrumbs


# Chinese bylines part their pieces by a blank alone.
_CHINESE_LABEL = r"(?:作者|记者|来源|稿源|编辑|责任编辑|责编|发布时间|发表时间|更新时间|时间|日期|阅读|浏览)\s?[:：]"
_PIECES = re.compile(rf"\s*[|｜{_WIDE}]\s*|\s+[·•]\s+|\s+(?={_CHINESE_LABEL})|(?<=[{_HAN}])\s+(?=20\d\d[-年])")
_CRUMBS = re.compile(r"(?:[^.!?>›»|]{1,40}\s?[>›»→/]\s?){1,6}[^.!?>›»|]{0,60}")
_YOU_ARE_HERE = re.compile(
    r"(?:you are here|vous êtes ici|当前位置|您(?:现在)?的?(?:当前)?位置)\s?[:：][^.!?。]{0,160}", re.IGNORECASE
)
_NAME = re.compile(
    rf"{_CAPITALISED}(?:(?:,? (?:and|et|de|du|von|van|al|bin|ben|la|le) |,? )?{_CAPITALISED}){{0,6}}"
    rf"|[{_HAN}·、 ]{{2,12}}"
)
_SITE = re.compile(r"(?:[\w-]{1,40}\.){1,4}(?:[a-z]{2,10})", re.IGNORECASE)
_LABELLED = 120  # characters a labelled value has at most


def _byline(page: _Page) -> None:
    """Read the lines before and after the body into the fields; drop them, breadcrumbs and navigation."""
    start, end = page.body()
    for number, line in enumerate(page.lines):
        outside = number < start or number >= end
        if line and outside and (_is_crumbs(line) or _says_fields(page, line)):
            page.lines[number] = ""
    page.keep(lambda line: not all(furniture.NAVIGATION.fullmatch(piece) for piece in _PIECES.split(line)))


def _is_crumbs(line: str) -> bool:
    if _YOU_ARE_HERE.fullmatch(line):
        return True
    return (
        bool(re.search(r"[>›»→]", line)) and bool(_CRUMBS.fullmatch(line)) and weight(line) <= 120 and "«" not in line
    )


def _says_fields(page: _Page, line: str) -> bool:
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
        if name == "author" and value and rest[:1] in (" ", "\xa0", ":", "：") and _NAME.fullmatch(value):
            return name, value
        if colon and name != "date" and weight(piece) <= _LABELLED and not _is_prose(value):
            return name, value
    return None


def _is_prose(value: str) -> bool:
    return is_sentence(value) and len(value.split()) > 8


# ---------------------------------------------------------------- title


def _title(page: _Page, given: str | None) -> str | None:
    """Return the title: given, or the first line where it is one. A line that only repeats it is dropped."""
    if given:
        page.lines = _without_title(page.lines, given)
        return given
    number = next((n for n, line in enumerate(page.lines) if line), None)
    if number is None or sum(map(bool, page.lines)) < 2:
        return None
    line, label = _without_label(page.lines[number], page)
    ends = bool(_SENTENCE_END.search(line)) and line[-1] not in "?!？！"
    alone = ends and number + 1 < len(page.lines) and not page.lines[number + 1]
    if weight(line) > (120 if alone else TITLE_LIMIT) or (ends and not alone):
        return None
    if label:
        page.note("section", label)
    # A title that is a whole sentence is text as well: somebody may want to quote it.
    page.lines[number] = line if ends else ""
    return line.rstrip(".。") if ends else line


def _without_title(lines: list[str], title: str) -> list[str]:
    """Lines without the title, where it stands again before the body."""
    return ["" if n < 6 and same(line) == same(title) else line for n, line in enumerate(lines)]


def _without_label(line: str, page: _Page) -> tuple[str, str | None]:
    """(title, label) of "Analysis | Title" and "Exclusive: Title"; the name of a site after the title is its source."""
    pieces = [piece for piece in re.split(r"\s*[|｜]\s*", line) if piece]
    if len(pieces) > 1:
        title = max(pieces, key=weight)
        before, after = pieces[: pieces.index(title)], pieces[pieces.index(title) + 1 :]
        if after:
            page.note("source", after[-1])
        return title, before[-1] if before else None
    found = re.match(r"([^\W\d_]{2,12}(?: [^\W\d_]{2,8})?)(?: ?[:：] ?| [–—-] |\. )(?=\S)", line)
    if found and furniture.KIND.fullmatch(found[1]):
        return line[found.end() :], found[1]
    return line, None


def opening(text: str) -> str:
    """Return a title for a text without one: its first sentence, cut at a clause where it is long."""
    line = text.split("\n", 1)[0]
    sentence = re.split(r"(?<=[.!?])\s+(?=[^\Wa-z])|(?<=[。！？])", line, maxsplit=1)[0]
    if weight(sentence) <= 120:
        return sentence.rstrip(".。 ")
    limit = 120 if weight(sentence) < 1.5 * len(sentence) else 48
    clauses = [m.start() for m in re.finditer(r"[,;:，；：](?=\s|[^\x00-\x7f])", sentence[:limit])]
    cut = clauses[-1] if clauses and clauses[-1] >= limit // 3 else max(sentence.rfind(" ", 0, limit), limit // 2)
    return sentence[:cut].rstrip() + "…"


# ---------------------------------------------------------------- outlines, teasers, forms


def _outline(page: _Page) -> None:
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
        listed = sum(_BULLET.match(page.lines[number]) is not None for number in run)
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


def _teasers(page: _Page) -> None:
    """Drop links to other articles, with the titles listed below them, and "click to read on"."""
    _, end = page.body()
    kept: list[str] = []
    listing = False  # inside the titles below a teaser's label; a blank line after one ends them, but not in the foot
    titles = 0
    for number, line in enumerate(page.lines):
        found = furniture.TEASER.match(_BULLET.sub("", line))
        if found:
            rest = _BULLET.sub("", line)[found.end() :]
            listing, titles = not rest.strip(" :：»>"), 0
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
    return bool(re.match(r"\s?[:：»>]", rest)) or (
        rest[:1].isspace() and not _SENTENCE_END.search(line) and weight(line) <= 200
    )


def _without_teaser(line: str) -> str:
    """Return a line without the teaser that runs on at its end."""
    found = _TEASER_INSIDE.search(line)
    if not found or line[found.start(1)].islower():
        return line
    tail = line[found.start(1) :]
    return line[: found.start()].rstrip() if weight(tail) <= 200 and not _SENTENCE_END.search(tail) else line


def _forms(page: _Page) -> None:
    """Drop comment forms; their bare fields ("Name", "Send") only below a line that is plainly one."""
    seen = False
    kept: list[str] = []
    for line in page.lines:
        pieces = [piece for piece in re.split(rf"\s*[|{_WIDE}\xa0]\s*", line) if piece]
        strong = any(furniture.COMMENT_FORM.fullmatch(piece) for piece in pieces)
        if pieces and all(
            furniture.COMMENT_FORM.fullmatch(piece) or ((seen or strong) and furniture.COMMENT_FIELD.fullmatch(piece))
            for piece in pieces
        ):
            seen = True
            continue
        kept.append(line.replace(_WIDE, " "))
    page.lines = kept


# ---------------------------------------------------------------- repeats, captions


def _repeats(page: _Page) -> None:
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


_GLUED = re.compile(
    r"^(?P<caption>[^.!?。！？]{0,80}?[^\W\d_]*[a-zß-öø-ÿ]{2})(?P<word>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]*)(?=[\s’'])"
)


def _captions(page: _Page) -> None:
    """Part a caption from the sentence it runs into without a blank ("a street in LyonThe mayor …").

    The sentence must start with a small word; a name written with a capital inside, such as WeChat, does not. A
    caption whose words stand elsewhere in the text goes: it was a keyword.
    """
    small = _small_words(page.language)
    whole = " ".join(page.lines).casefold()
    lines: list[str] = []
    for line in page.lines:
        found = _GLUED.match(line)
        if not found or found["word"].casefold() not in small or len(found["caption"].split()[-1]) < 3:
            lines.append(line)
            continue
        caption = found["caption"].strip()
        again = len(re.findall(rf"(?<!\w){re.escape(caption.casefold())}(?!\w)", whole))
        lines += ([] if again else [caption, ""]) + [line[found.start("word") :]]
    page.lines = lines
