"""What stands around the main text of a page and inside it: taken out of the tree, and out of the text's lines.

    tree → prune → (the extractor) → trim → text

Every rule is about the shape of a page or about words that any site may use, never about one site. What each is worth
was measured on two sets of pages, in halves (docs/quality-notebook.md).
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.ingest.layout import BLOCKS, said, settle

# Never text, and half of a page's elements: without them every later step is faster.
_UNSEEN = (
    *("script", "style", "svg", "template", "iframe", "link", "object", "embed", "canvas"),
    *("button", "select", "audio", "video", "source", "nav"),
)
_NUMBER = re.compile(r"\d+")
_LOOSE = 40  # characters of a text outside of any paragraph that make one
_FRAMES = frozenset(("body", "main", "article", "section", "table"))  # never a teaser as a whole

# What announces a link to another article, in the languages that news pages are read in.
_TEASER = re.compile(
    r"(?:(?:see|read|watch|learn|find out|discover)? ?(?:more|also|next)|related|recommended|don['’]t miss|most read|"
    r"further reading|you may (?:also )?like|must read|in case you missed it|sponsored|"
    r"(?:à )?(?:lire|voir|découvrir|écouter)(?: aussi| également)?|sur le même sujet|"
    r"lea(?: también| más)?|(?:vea|ver|mira) (?:también|más)|(?:te|le|les) (?:puede|podría|recomendamos)[^:]{0,24}|"
    r"lesen sie[^:]{0,30}|mehr zum thema|(?:auch )?interessant|siehe auch|leia (?:também|mais)|veja (?:também|mais)|"
    r"leggi anche|lees ook|czytaj (?:też|także|więcej)|читайте также)(?!\w)|"
    r"延伸阅读|相关(?:阅读|新闻|报道|文章|链接|推荐)|推荐阅读",
    re.IGNORECASE,
)


def prune(tree: HtmlElement) -> None:
    """Take out of a page, in place, what leads the reader to other pages; and give loose text a paragraph."""
    etree.strip_elements(tree, *_UNSEEN, etree.Comment, with_tail=False)
    settle(tree)
    links = _links(tree)
    for element in {*_teasers(tree, links), *_link_lists(tree, links), *_popups(tree, links), *_cards(tree, links)}:
        element.drop_tree()
    _wrap_loose(tree)


@dataclass(slots=True)
class _Links:
    """The links inside an element that have a text: how many, and their characters."""

    count: int = 0
    length: int = 0


def _links(tree: HtmlElement) -> dict[HtmlElement, _Links]:
    """Return the links of every element that has any; a tree is never deep, so that this is linear."""
    found: dict[HtmlElement, _Links] = {}
    for link in tree.iter("a"):
        if length := len(said(link)):
            for above in link.iterancestors():
                inside = found.setdefault(above, _Links())
                inside.count += 1
                inside.length += length
    return found


def _teasers(tree: HtmlElement, links: Mapping[HtmlElement, _Links]) -> Iterator[HtmlElement]:
    """Find "Read more: another title": a block with a label and otherwise links."""
    seen: set[HtmlElement] = set()
    for link in tree.iter("a"):
        block = next((above for above in link.iterancestors() if above.tag in BLOCKS), None)
        if block is None or block.tag in _FRAMES or block in seen:
            continue
        seen.add(block)
        inside = links.get(block)
        if inside and inside.length <= 400 and _is_teaser(said(block), said(link), inside.length):
            yield block


def _is_teaser(text: str, link: str, linked: int) -> bool:
    """Tell whether a block is a teaser. link: its first link's text. linked: characters of all its links."""
    if not text or not link or len(text) > 400:
        return False
    label = text[: text.find(link)].strip()
    if not label:
        return linked >= 0.95 * len(text) and _TEASER.match(text) is not None
    if _TEASER.match(label) and len(label) <= 60:
        return linked >= 0.5 * len(text)
    # A short label of any language before nothing but a title.
    return label.endswith((":", "：")) and len(label) <= 30 and linked >= max(25, 0.9 * len(text) - len(label))


def _link_lists(tree: HtmlElement, links: Mapping[HtmlElement, _Links]) -> Iterator[HtmlElement]:
    """Find lists of nothing but links, and of how often each was read: outlines, categories, other articles."""
    for found in tree.iter("ul", "ol"):
        inside = links.get(found)
        if inside and len(found.findall("li")) > 1 and inside.length >= 0.9 * len(_NUMBER.sub("", said(found))):
            yield found


def _popups(tree: HtmlElement, links: Mapping[HtmlElement, _Links]) -> Iterator[HtmlElement]:
    """Find the box of links that opens right behind a name in a sentence: its text runs into the sentence's."""
    for paragraph in tree.iter("p"):
        if paragraph not in links or links[paragraph].count < 4:
            continue
        whole = len(said(paragraph))
        for inner in paragraph.iterdescendants("span", "div"):
            inside, name = links.get(inner), inner.getprevious()
            if inside and inside.count > 1 and name is not None and not (name.tail or "").strip():
                length = len(said(inner))
                if 40 < length < whole / 1.2 and inside.length >= 0.75 * length:
                    yield inner


def _cards(tree: HtmlElement, links: Mapping[HtmlElement, _Links]) -> set[HtmlElement]:
    """Find boxes of other articles: two or more links as long as titles, and hardly any other text.

    A page that is mostly such boxes is a page of links, and keeps them.
    """
    whole = len(tree.text_content())
    found: set[HtmlElement] = set()
    for box in tree.iter("div", "section", "aside", "article", "td"):
        inside = links.get(box)
        if not inside or inside.count < 2 or inside.length < 25 * inside.count:
            continue
        length = len(said(box))
        if inside.length >= 0.85 * length and length < 0.3 * whole and found.isdisjoint(box.iterancestors()):
            found.add(box)
    return found


def _wrap_loose(tree: HtmlElement) -> None:
    """Give the text that stands loose beside the paragraphs of a frame a paragraph: extractors skip it otherwise."""
    for frame in list(tree.iter("div", "section", "article", "main")):
        if frame.find("p") is None:
            continue
        for before in (None, *[child for child in frame if child.tag in BLOCKS]):
            following = next(iter(frame), None) if before is None else before.getnext()
            inline: list[HtmlElement] = []
            while following is not None and following.tag not in BLOCKS and following.tag != "br":
                inline.append(following)
                following = following.getnext()
            loose = (frame.text if before is None else before.tail) or ""
            if len("".join([loose, *(element.tail or "" for element in inline)]).strip()) < _LOOSE:
                continue
            paragraph = frame.makeelement("p")
            paragraph.text = loose
            if before is None:
                frame.text = None
                frame.insert(0, paragraph)
            else:
                before.tail = None
                before.addnext(paragraph)
            paragraph.extend(inline)


# ---------------------------------------------------------------- lines of the text


_CODE = re.compile(
    r"\[(\w{1,30})[^\]\[]{0,300}=[^\]\[]{0,300}\][^\]\[]{0,200}\[/\1\]|"  # [button link=…]…[/button]
    r"</?(?:a|b|i|u|em|br|p|div|span|font|small|strong|center)(?:\s[^<>]{0,300})?>",  # what an editor took for text
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\W*(?:follow|subscribe|sign up|join|download|get|click|listen|like|find|support|send|register|have a tip|"
    r"abonnez|suivez|inscrivez|téléchargez|folgen|abonnieren|jetzt|suscríbete|sígue|únete|assine|siga|seguici|"
    r"iscriviti|do you want|want)\b",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"newsletter|\b(?:twitter|facebook|instagram|telegram|whatsapp|youtube|inbox|e-?mail|apps?|podcast|infolettre|"
    r"bolet[íi]n|subscri(?:be|bing|ption)|abonn\w*)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\bfollow (?:[@\w’']{2,20} ){1,3}on (?:twitter|facebook|instagram|linkedin|youtube|threads)\b|"
    r"\b(?:subscribe|sign up|register)\b[^.!?]{0,60}\b(?:newsletters?|inbox|updates|e-?mail|podcast)\b|"
    r"\bnewsletter\b[^.!?]{0,60}\b(?:subscribe|sign up|inbox)\b|\b(?:in|to) your inbox\b|"
    r"\bif you (?:enjoyed|liked) this (?:article|story|post)\b|\b(?:listen|tune) (?:in )?to [^.!?]{3,60}\bweekdays\b|"
    r"\bdelivered (?:through|to) your\b|\bfull coverage of\b|\baccess to [^.!?]{3,80} subscriptions?\b|"
    r"abonnez-vous|suivez-nous|suscr[íi]b(?:ete|ase)|inscreva-se|newsletter an(?:melden|fordern)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:[-•] ?)?(?:(?:filed under|posted in|sources?|quelle|fuente|fonte|tags?|credit|updated?|last modified|"
    r"aktualisiert am|categor(?:y|ies)|more|temps de lecture|tempo de leitura|reading time|copyright|©|\(c\)|"
    r"all rights reserved|published|advertisement|publicité|anzeige|werbung|photo|image|crédits?)(?!\w)[^.!?]{0,50}|"
    r"\d{1,2}:\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|you may also like\W*)",
    re.IGNORECASE,
)
_MOST_TEXT = 0.9  # of a text are no captions; what are more is told between its pictures
_PROMOTION = 300  # characters up to which a line that begins by asking may be nothing else
_PROMOTION_BELOW = 420  # the same below the text, where authors and offers are described at length


def trim(text: str, titles: Container[str], captions: Container[str] = ()) -> str:
    """Return a text without the title before it, labels around it, captions, and lines that ask to follow or subscribe.

    titles: as `title_key` gives them. Lines stay whole, but for the codes and tags of a page's editor.
    """
    lines = [_CODE.sub("", line) for line in text.replace("\\|", "|").split("\n")]  # trafilatura escapes a table's bars
    kept = [line for line in lines if " ".join(line.split()) not in captions]
    lines = kept if sum(map(len, kept)) >= _MOST_TEXT * sum(map(len, lines)) else lines
    lines = ["" if number < 2 and title_key(line) in titles else line for number, line in enumerate(lines)]
    last = min(len(lines) * 2 / 3, len(lines) - 3)
    lines = [line for number, line in enumerate(lines) if not _is_promotion(line, below=number >= last)]
    while lines and (not lines[-1].strip(" |-") or _ALONE.fullmatch(lines[-1])):
        lines.pop()
    first = next((n for n, line in enumerate(lines) if line.strip() and not _ALONE.fullmatch(line)), 0)
    return "\n".join(lines[first:]).strip()


def title_key(title: str) -> str:
    """Return a title's words alone, for comparison."""
    return " ".join(re.findall(r"\w+", title)).casefold()


def _is_promotion(line: str, *, below: bool) -> bool:
    if len(line) < _PROMOTION and _ACT.match(line) and _CHANNEL.search(line):
        return True
    return below and len(line) < _PROMOTION_BELOW and _ASKS.search(line) is not None
