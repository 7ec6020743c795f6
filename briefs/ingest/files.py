"""Files and folders → RawItem; PDF → text.

read(path)   folder → its files, sorted   file → bytes → front matter apart → RawItem
pdf(body)    text layer, page by page, with the title, author and date that the document carries
"""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from briefs.errors import Refused, SourceError, Unreadable
from briefs.ingest.charset import decode
from briefs.models import Extract, RawItem

MEDIA_TYPES: Mapping[str, str] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
}
MAX_BYTES = 20 * 2**20
_MAX_FRONT_MATTER = 16_384  # characters
_MAX_PAGES = 500

# pypdf tells of every oddity of a file; one that matters is raised.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def read(path: Path | str) -> Iterator[RawItem | SourceError]:
    """Each document of a file or a folder (its folders too), sorted by path; hidden ones are passed over.

    A document that cannot be read comes as its error, so that one bad file hides no other. In a folder, files of
    other types are passed over; a file of another type that is named itself is an error.
    """
    root = Path(os.path.abspath(path))
    documents = sorted(_documents(root)) if root.is_dir() else [root]
    if not documents:
        yield Unreadable(
            "{address}: no documents in this folder; it may hold .txt, .md, .html and .pdf files", address=root
        )
    for document in documents:
        try:
            yield read_file(document)
        except SourceError as error:
            yield error


def _documents(folder: Path) -> Iterator[Path]:
    """Files of known types. Links to folders are not followed: they may lead round in a circle."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (
            Path(here, name) for name in names if not name.startswith(".") and Path(name).suffix.lower() in MEDIA_TYPES
        )


def read_file(path: Path) -> RawItem:
    """One document, its front matter read. Raises Refused (too large, unknown type) or Unreadable."""
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if path.exists() and media_type is None:
        raise Refused("{address}: unknown type of file; give a .txt, .md, .html or .pdf file", address=path)
    try:
        body = _bytes(path)
    except FileNotFoundError:
        raise Unreadable("{address}: no such file or folder; check the spelling", address=path) from None
    except OSError as error:
        raise Unreadable(
            "{address}: cannot be read ({reason}); check its permissions", address=path, reason=error.strerror
        ) from error
    if len(body) > MAX_BYTES:
        raise Refused(
            "{address}: larger than {limit} MB; split it or leave it out", address=path, limit=MAX_BYTES >> 20
        )
    if not body.strip():
        raise Unreadable("{address}: the file is empty; remove it or fill it", address=path)
    item = RawItem(path.as_uri(), body, str(media_type))
    return with_front_matter(item) if media_type == "text/markdown" else item


def _bytes(path: Path) -> bytes:
    """Read a regular file, at most one byte more than is allowed.

    Anything else is refused before a byte is asked for: a FIFO, a socket or a device may never give one.
    """
    refusal = Refused("{address}: not a regular file but a pipe, a socket or a device; leave it out", address=path)
    try:
        # Opened for waiting, a FIFO would already hold us up here, until somebody writes into it.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise refusal
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        if error.errno == errno.ENXIO:  # what Unix says of a socket that is opened like a file
            raise refusal from error
        raise


def file_name(address: str) -> str:
    """Return the name of the file that a `file:` address stands for."""
    return unquote(urlsplit(address).path).rsplit("/", 1)[-1]


# ---------------------------------------------------------------- front matter


def with_front_matter(item: RawItem) -> RawItem:
    """Return the item without the YAML block between two `---` lines at its head, whose keys become its fields.

    Keys: title, date or published, author, source, language or lang; others are passed over. A head that is no YAML
    mapping is text like the rest. Raises Unreadable where the block breaks off the rules of YAML.
    """
    text = decode(item.body)
    lines = text.split("\n")
    ends = [n for n, line in enumerate(lines[1:200], start=1) if line.rstrip() in ("---", "...")]
    if lines[0].rstrip() != "---" or not ends:
        return item
    block = "\n".join(lines[1 : ends[0]])[:_MAX_FRONT_MATTER]
    try:
        fields = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(
            "{address}: the front matter is not valid YAML near line {line}; quote values that hold a colon",
            address=item.address,
            line=mark.line + 2 if mark else 2,
        ) from error
    if not isinstance(fields, dict):
        return item
    rest = "\n".join(lines[ends[0] + 1 :]).strip()
    if not rest:
        raise Unreadable("{address}: there is no text after the front matter; add it below", address=item.address)
    return RawItem(
        item.address,
        rest.encode(),
        item.media_type,
        title=_line(fields.get("title")),
        published=_moment(fields.get("published") or fields.get("date")),
        author=_line(fields.get("author")),
        source=_line(fields.get("source")),
        language=_line(fields.get("language") or fields.get("lang")),
    )


def _line(value: object) -> str | None:
    """Return a scalar as one line of text; a list of scalars joined by commas."""
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value if isinstance(part, str))
    if not isinstance(value, str | int | float | date):
        return None
    return " ".join(str(value).split()) or None


def _moment(value: object) -> datetime | None:
    """Return a YAML date, or an ISO date in quotes; without a zone it is taken as UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return None


_MARKUP = (
    (re.compile(r"<!--.{0,20000}?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)"), ""),  # pictures
    (re.compile(r"\[([^\]\n]{1,500})\]\([^)\n]{0,2000}\)"), r"\1"),  # links
    (re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE), r"\n\1\n"),  # headings stand alone
    (re.compile(r"^>\s?", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,1000})(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<![\w_])(_{1,2})(?=\S)([^_\n]{1,1000})(?<=\S)\1(?![\w_])"), r"\2"),
    (re.compile(r"^(?:[-*_]\s?){3,}$|^```.*$", re.MULTILINE), ""),
)


def plain_markdown(text: str) -> str:
    """Markdown as a reader sees it: headings as lines, links and emphasis as their words, no pictures."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text


# ---------------------------------------------------------------- PDF


def pdf(body: bytes, address: str) -> Extract:
    """Return the text layer of a PDF, with what the document says of itself. Raises Unreadable."""
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("{address}: this PDF asks for a password; save it without one", address=address)
        pages = [page.extract_text() for page in reader.pages[:_MAX_PAGES]]
        about = reader.metadata
    except Unreadable:
        raise
    # A broken PDF makes pypdf raise nearly anything; all of it means the same to the reader.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise Unreadable("{address}: not a valid PDF; open it and save it again", address=address) from error
    text = "\n\n".join(page.strip() for page in pages if page.strip())
    if not text:
        raise Unreadable(
            "{address}: this PDF has no text, only pictures of pages; run it through OCR first", address=address
        )
    return Extract(
        title=_line(about.title if about else None) or "",
        text=text,
        published=_moment(_created(about)),
        author=_line(about.author if about else None),
    )


def _created(about: object) -> datetime | None:
    try:
        created = getattr(about, "creation_date", None)
    except ValueError:
        return None  # not a date by the rules of PDF: as good as none
    return created if isinstance(created, datetime) else None
