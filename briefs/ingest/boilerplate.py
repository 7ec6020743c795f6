"""What stands around a text on a page of news: notices to visitors, menus, captions of pictures, the author's box.

A menu is told by its company: a run of short lines, of which some are known to be a menu's. So a heading "World" stays,
and the unknown lines between "Home" and "Log in" go.
"""

import re
from collections.abc import Iterator

from briefs.ingest import _boilerplate_lines as furniture
from briefs.languages import pack_of
from briefs.text.lines import BULLET, SENTENCE_END, WIDE, Page, is_sentence, small_words, weight

_NOTICE = 420  # characters a notice has at most
_ITEM = 30  # weight an item of a menu has at most
_CAPTION = 300  # weight of a caption with its credit
_PARTS = re.compile(rf"\s*[|｜{WIDE}]\s*")
_ENDS_IN_CREDIT = re.compile(rf"(?<=[\s.!?。！？)）])\s*{furniture.CREDIT.pattern}$", re.IGNORECASE)
_ABOUT = furniture.listed(lambda pack: pack.about)
# Bylines and dates are short too, and no part of a menu.
_LABELLED = re.compile(
    rf".*\d|(?:{furniture.LABELS['author'].pattern}|{furniture.LABELS['source'].pattern})(?![a-zß-öø-ÿ])|{_ABOUT} ",
    re.IGNORECASE,
)
_DOES = furniture.listed(lambda pack: pack.author_does)
_THE_AUTHOR = furniture.listed(lambda pack: pack.the_author)


def notes_to_visitors(page: Page) -> None:
    """Drop notices, whole lines that only a page says to its visitors, and captions that end in a credit."""
    page.keep(lambda line: len(line) > _NOTICE or not _is_notice(line))
    page.keep(lambda line: weight(line) > _CAPTION or not _is_caption(line))


def _is_notice(line: str) -> bool:
    return all(furniture.NOTICE.fullmatch(part) for part in _PARTS.split(line.strip(f"{WIDE} ")))


def _is_caption(line: str) -> bool:
    return bool(furniture.CREDIT.fullmatch(line) or _ENDS_IN_CREDIT.search(line))


def menus(page: Page) -> None:
    """Drop menus and other navigation: before the text a run's lines up to the last one known, after it the reverse."""
    start, end = page.body()
    for run in _runs_of_items(page.lines):
        known = [number for number in run if _is_item(page.lines[number])]
        if len(known) < 2 or 3 * len(known) < len(run):
            continue
        part = [n for n in run if (n < start and n <= known[-1]) or (n >= end and n >= known[0])]
        for number in {*part, *known}:
            page.lines[number] = ""
    page.keep(lambda line: not all(furniture.NAVIGATION.fullmatch(part) for part in _PARTS.split(line)))


def _runs_of_items(lines: list[str]) -> Iterator[list[int]]:
    """Return the numbers of short lines that follow one another; blank lines part nothing."""
    run: list[int] = []
    for number, line in enumerate(lines):
        if line and not _is_item(line) and (weight(line) > _ITEM or is_sentence(line) or _LABELLED.match(line)):
            yield run
            run = []
        elif line:
            run.append(number)
    yield run


def _is_item(line: str) -> bool:
    parts = [BULLET.sub("", part) for part in _PARTS.split(line)]
    known = [part for part in parts if _is_known(part)]
    return len(known) == len(parts) or (len(parts) > 2 and bool(known) and max(map(weight, parts)) <= _ITEM)


def _is_known(part: str) -> bool:
    return bool(furniture.MENU_ITEM.fullmatch(part) or furniture.NAVIGATION.fullmatch(part))


def author_box(page: Page) -> None:
    """Drop what a page says of its author after the text: "Ann Lee is our correspondent in Lyon."."""
    author = page.fields.get("author")
    if not author:
        return
    first = re.split(r",| and | et |、", author)[0].strip()
    label = re.compile(rf"{_ABOUT}\s?(?:{re.escape(first)}|{_THE_AUTHOR})?\s?[:：]?", re.IGNORECASE)
    says = re.compile(rf"{re.escape(first)},? {_DOES}", re.IGNORECASE)
    middle = len(page.lines) // 2
    below = False  # right below the label
    kept = page.lines[:middle]
    for line in page.lines[middle:]:
        if label.fullmatch(line):
            below = True
        elif line and (below or (says.match(line) and weight(line) <= _CAPTION)):
            below = False
        else:
            kept.append(line)
    page.lines = kept


_CAPTIONS = 20  # more than any article has; each is looked up in the whole text
_GLUED = re.compile(
    r"^(?P<caption>[^.!?。！？]{0,80}?[^\W\d_]*(?:[a-zß-öø-ÿ]{2}|[A-ZÀ-ÖØ-Þ]{2}(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])))"
    r"(?P<word>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]*)(?=[\s,’'])"
)


_CAPITAL = r"[\"“«]?[A-ZÀ-ÖØ-Þ][\w’'-]*[\"”»]?"
_MERGED = re.compile(
    rf"(?<=\s)(?P<heading>(?:{_CAPITAL}\s){{3,12}})(?P<begins>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)\s(?=[a-zß-öø-ÿ])"
)


def merged_headings(page: Page) -> None:
    """Part a heading from the sentence it runs into ("… Embracing The Net As trade embraces the net, shops …").

    It is told by a small word with a capital behind three or more capitals. Where it stands inside a sentence, as a
    column beside it left it, it begins with the words that the sentence behind it says again; what is before has lost
    its end. German writes every noun with a capital, and no such thing is told there.
    """
    small = small_words(page.language)
    if not pack_of(page.language).capital_nouns:
        page.lines = [part for line in page.lines for part in _parted_at_headings(line, small)]


def _parted_at_headings(line: str, small: frozenset[str]) -> Iterator[str]:
    start = 0
    for found in _MERGED.finditer(line):
        if found["begins"].casefold() not in small:
            continue
        heading = found.start()
        if heading > start and not SENTENCE_END.search(line[start:heading].rstrip()):
            heading = _said_again(line, found)
        begins = found.start("begins")
        yield from (line[start:heading].rstrip(), "", line[heading:begins].rstrip(), "")
        start = begins
    yield line[start:]


def _said_again(line: str, found: re.Match[str]) -> int:
    """Return where the capitals begin that stand once more behind the heading; its end where none do."""
    behind = set(re.findall(r"\w+", line[found.start("begins") :][:_CAPTION].casefold()))
    place = found.start("begins")
    for word in reversed(list(re.finditer(r"\S+", found["heading"]))):
        if not behind.issuperset(re.findall(r"\w+", word.group().casefold())):
            break
        place = found.start() + word.start()
    return place


def glued_captions(page: Page) -> None:
    """Part a caption from the sentence it runs into without a blank ("a street in LyonThe mayor …").

    The sentence must start with a small word, or after a word in small letters with one that stands elsewhere in the
    text: a name written with a capital inside, such as WeChat, does neither. A caption whose words stand elsewhere in
    the text goes: it was a keyword.
    """
    small = small_words(page.language)
    text = " ".join(page.lines)
    whole = text.casefold()
    looked_up = 0
    lines: list[str] = []
    for line in page.lines:
        found = _GLUED.match(line)
        if not found or looked_up == _CAPTIONS or len(found["caption"].split()[-1]) < 3:
            lines.append(line)
            continue
        looked_up += 1
        caption = found["caption"].strip()
        if found["word"].casefold() not in small and not _two_words(caption.split()[-1], found["word"], text):
            lines.append(line)
            continue
        again = re.search(rf"(?<!\w){re.escape(caption.casefold())}(?!\w)", whole)
        lines += ([] if again else [caption, ""]) + [line[found.start("word") :]]
    page.lines = lines


def _two_words(before: str, after: str, text: str) -> bool:
    """Whether "lakeNordvolt" is two words: the second stands alone elsewhere, and the two together only here."""
    alone = re.search(rf"(?<!\w){re.escape(after)}(?!\w)", text)
    return before.islower() and len(after) > 3 and alone is not None and text.count(before + after) == 1
