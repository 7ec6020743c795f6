"""Files and folders: a folder gives its files, sorted, and a file its bytes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from briefs.errors import Refused, SourceError, Unreadable
from briefs.ingest.raw import RawItem
from briefs.ingest.readers.fields import LocalPath
from briefs.ingest.readers.port import Reading, SourceReader
from briefs.models import Source

if TYPE_CHECKING:
    from briefs.ingest.fetch import Fetcher
    from briefs.store.sources import Health

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
MAX_BYTES = 20 * 2**20  # of a file


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
            yield read_file(document, within=root if root.is_dir() else None)
        except SourceError as error:
            yield error


def _documents(folder: Path) -> Iterator[Path]:
    """Files of known types. Links to folders are not followed: they may lead round in a circle."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (
            Path(here, name) for name in names if not name.startswith(".") and Path(name).suffix.lower() in MEDIA_TYPES
        )


def read_file(path: Path, *, within: Path | None = None) -> RawItem:
    """One document, as it is. Raises Refused (too large, unknown type, a link that leads out) or Unreadable.

    within: the folder that it must be in, wherever links lead.
    """
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if path.exists() and media_type is None:
        raise Refused("{address}: unknown type of file; give a .txt, .md, .html or .pdf file", address=path)
    with _told(path):
        body = _bytes(path, within)
    if len(body) > MAX_BYTES:
        raise Refused(
            "{address}: larger than {limit} MB; split it or leave it out", address=path, limit=MAX_BYTES >> 20
        )
    if not body.strip():
        raise Unreadable("{address}: the file is empty; remove it or fill it", address=path)
    return RawItem(path.as_uri(), body, str(media_type))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what the system finds wrong with a path."""
    try:
        yield
    except FileNotFoundError:
        raise Unreadable("{address}: no such file or folder; check the spelling", address=path) from None
    except OSError as error:
        raise Unreadable(
            "{address}: cannot be read ({reason}); check its permissions", address=path, reason=error.strerror
        ) from error


def _bytes(path: Path, within: Path | None) -> bytes:
    """Read a regular file, at most one byte more than is allowed.

    Anything else is refused before a byte is asked for: a FIFO, a socket or a device may never give one.
    """
    refusal = Refused("{address}: not a regular file but a pipe, a socket or a device; leave it out", address=path)
    flags, there = os.O_NONBLOCK, path
    if within is not None:
        # Where it led just now, it is opened, and nowhere else.
        flags, there = flags | os.O_NOFOLLOW, Path(os.path.realpath(path))
        if not there.is_relative_to(os.path.realpath(within)):
            raise Refused("{address}: a link that leads out of its folder; leave it out", address=path)
    try:
        # Opened for waiting, a FIFO would already hold us up here, until somebody writes into it.
        with open(there, "rb", opener=lambda name, wanted: os.open(name, wanted | flags)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise refusal
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        if error.errno == errno.ENXIO:  # what Unix says of a socket that is opened like a file
            raise refusal from error
        raise


class _File(BaseModel):
    file: LocalPath | None = None


class _Folder(BaseModel):
    folder: LocalPath | None = None


def _read(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    with _told(Path(source.address)):
        os.stat(source.address)
    return Reading(read(source.address))


def _typed(place: str) -> Source:
    """Return the file or the folder, whichever is there."""
    path = Path(place).expanduser().absolute()
    return Source(str(path), "folder" if path.is_dir() else "file")


FILE = SourceReader("file", _File, _read, _typed, local=True)
FOLDER = SourceReader("folder", _Folder, _read, local=True)
