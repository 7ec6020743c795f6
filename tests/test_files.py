"""Files and folders become documents; a bad file is one line and hides no other."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from briefs.errors import Refused, SourceError, Unreadable
from briefs.ingest.charset import decode, decode_text
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.ingest.readers import local as files


def only(path: Path) -> RawItem | SourceError:
    (found,) = files.read(path)
    return found


def test_a_text_file_comes_as_it_is_with_its_file_address(tmp_path) -> None:
    path = tmp_path / "une note.txt"
    path.write_bytes("Été".encode())
    item = only(path)
    assert isinstance(item, RawItem)
    assert (item.address, item.media_type, item.body) == (path.as_uri(), "text/plain", "Été".encode())
    assert prepare(item).article.source == "une note.txt"


def test_a_folder_is_read_with_its_folders_sorted_and_without_hidden_and_foreign_files(tmp_path) -> None:
    for name in ("b.md", "a.txt", "sub/c.html", ".hidden.txt", ".git/d.txt", "picture.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    assert [item.address.rpartition("/")[2] for item in files.read(tmp_path)] == ["a.txt", "b.md", "c.html"]


def test_what_may_never_end_is_refused_in_a_line_and_holds_nothing_up(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    os.mkfifo("a pipe.txt")
    os.symlink("/dev/zero", "b device.md")  # a link that leads out of its folder is not even asked what it is
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("c socket.txt")
        Path("d text.txt").write_text("This is read.")

        *refused, text = files.read(tmp_path)

    assert isinstance(text, RawItem)
    assert [type(one) for one in refused] == [Refused] * 3
    assert [str(one).partition(": ")[2] for one in refused] == [
        "not a regular file but a pipe, a socket or a device; leave it out",
        "a link that leads out of its folder; leave it out",
        "not a regular file but a pipe, a socket or a device; leave it out",
    ]


def test_a_device_that_is_named_itself_is_refused() -> None:
    with pytest.raises(Refused, match="unknown type"):
        files.read_file(Path("/dev/zero"))


def test_links_lead_to_files_of_the_same_folder_and_nowhere_else(tmp_path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, inside / "deep", outside):
        folder.mkdir()
        (folder / "text.txt").write_text(f"This is {folder.name}.")
    links = {
        "to a file.txt": outside / "text.txt",
        "relative.txt": Path("../outside/text.txt"),
        "by a link.txt": inside / "to a file.txt",
        "environment.txt": Path("/proc/self/environ"),
        "passwords.txt": Path("/etc/passwd"),
        "a folder.txt": outside,
        "nowhere.txt": Path("nowhere"),
        "itself.txt": Path("itself.txt"),
        "within.txt": Path("deep/text.txt"),
    }
    for name, target in links.items():
        (inside / name).symlink_to(target)
    (inside / "folder").symlink_to(outside, target_is_directory=True)

    found = list(files.read(inside))

    assert {one.body for one in found if isinstance(one, RawItem)} == {b"This is inside.", b"This is deep."}
    assert len([one for one in found if isinstance(one, SourceError)]) == 7


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"A text, and then\0a NUL.",
        bytes(range(128, 256)) * 20,
        b"\x1b[2J\x07" * 50 + b"some text",
        b"\xff\xfe" + b"\1\0" * 500,
    ],
    ids=["picture", "nul", "bytes", "terminal", "utf-16 of control characters"],
)
def test_bytes_that_are_no_text_are_refused_whatever_their_name_ends_in(body) -> None:
    with pytest.raises(Unreadable, match=r"a\.txt: not a text file"):
        prepare(RawItem("file:///a.txt", body, "text/plain"))


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_text_in_any_charset(charset) -> None:
    text = "腾讯控股宣布，微信将开放外部链接。用户可以在微信中直接打开淘宝的链接，这是监管部门要求的。" * 3
    assert "腾讯控股" in decode_text(text.encode(charset), "file:///a.txt")


def test_one_bad_byte_in_a_short_note_is_forgiven() -> None:
    assert decode_text(b"A caf\xe9 note with \xff one bad byte", "file:///a.txt")


@pytest.mark.parametrize(
    ("name", "content", "kind", "word"),
    [
        ("empty.txt", b"", Unreadable, "empty"),
        ("blank.md", b" \n\n", Unreadable, "empty"),
        ("slides.pptx", b"x", Refused, "unknown type"),
        ("large.txt", b"x" * (files.MAX_BYTES + 1), Refused, "larger than 20 MB"),
    ],
)
def test_each_bad_file_is_one_clear_line_with_its_name(tmp_path, name, content, kind, word) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = only(path)
    assert isinstance(error, kind)
    assert word in str(error)
    assert name in str(error)
    assert "\n" not in str(error)


def test_a_missing_file_and_a_folder_without_documents_are_errors(tmp_path) -> None:
    assert "no such file" in str(only(tmp_path / "nothing.txt"))
    assert "no documents in this folder" in str(only(tmp_path))


def test_an_unreadable_file_is_an_error(tmp_path) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(Unreadable, match="cannot be read"):
        files.read_file(tmp_path / "folder.txt")


def test_a_bad_file_in_a_folder_hides_no_other(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("text")
    found = list(files.read(tmp_path))
    assert [isinstance(item, RawItem) for item in found] == [False, True]


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("L’été à Orléans, déjà".encode(), None),
        ("L’été à Orléans, déjà".encode("cp1252"), "iso-8859-1"),
        ("L’été à Orléans, déjà".encode("utf-16"), None),
        ("L’été à Orléans, déjà".encode("utf-8-sig"), "cp1252"),
    ],
)
def test_bytes_become_text_by_mark_by_utf8_then_by_what_is_declared(body, declared) -> None:
    assert decode(body, declared) == "L’été à Orléans, déjà"


def test_chinese_in_an_old_encoding_is_read_also_undeclared() -> None:
    text = "各平台应当按照要求开放外部链接，用户可以直接访问。" * 5
    assert decode(text.encode("gb18030"), "gb2312") == text
    assert decode(text.encode("gb18030")) == text
