"""Long texts are taken out of a feed before it is parsed, and put back when they are read.

An XML parser goes through them character by character, though nothing in them is structure: without them a feed is
parsed three times as fast. In their places stand marks.
"""

import re

_END = re.compile(rb"</(description|content:encoded|content|summary)>")
_LONG = 1_000  # bytes from which on it pays
_MARK = re.compile("\ue000(\\d{1,9})\ue001")


class Lifted:
    """The texts that were taken out of one feed; body: what is left of it."""

    def __init__(self, body: bytes = b"") -> None:
        self._texts: list[tuple[str, bool]] = []
        self.body = self._without_texts(body)

    def back(self, text: str) -> tuple[str, bool]:
        """Return a text as it was, and whether the references of XML in it are still to be read."""
        if "\ue000" not in text:
            return text, False
        if whole := _MARK.fullmatch(text):
            return self._text(whole)
        return _MARK.sub(lambda mark: self._text(mark)[0], text), False  # it stood in the code of another text

    def _text(self, mark: re.Match[str]) -> tuple[str, bool]:
        number = int(mark[1])
        return self._texts[number] if number < len(self._texts) else (mark[0], False)

    def _without_texts(self, body: bytes) -> bytes:
        """Take long texts out: where one fills its element, in one CDATA section or without any. Raises ValueError."""
        parts: list[bytes] = []
        at = last_end = 0
        for tag in _END.finditer(body):
            in_section = body.startswith(b"]]>", tag.start() - 3)
            end = tag.start() - 3 if in_section else tag.start()
            opening = b"<![CDATA[" if in_section else b">"
            start = body.rfind(opening, last_end, end) + len(opening)
            last_end, begin = tag.end(), start - 9 if in_section else start
            if start < len(opening) or end - start < _LONG or not _is_start(body, tag[1], begin):
                continue
            parts += (body[at:begin], f"\ue000{len(self._texts)}\ue001".encode())
            self._texts.append((body[start:end].decode(), not in_section))
            at = tag.start()
        return b"".join((*parts, body[at:])) if parts else body


def _is_start(body: bytes, name: bytes, end: int) -> bool:
    """Whether a start tag of this name ends here."""
    start = body.rfind(b"<", max(0, end - 300), end)
    return (
        body.startswith(name, start + 1)
        and body[start + 1 + len(name)] in b" >\t\r\n"
        and body.find(b">", start) == end - 1
        and body[end - 2] not in b"/"
    )
