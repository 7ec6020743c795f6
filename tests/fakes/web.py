"""A small web server on loopback: pages by path, and a record of what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Page:
    """What the server sends for a path."""

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Web:
    """Set `pages[path]` to a Page, or to a function that talks to the raw connection; read `asked` for the requests."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, Page | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str) -> str:
        return self.address + path

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def send(handler: BaseHTTPRequestHandler, page: Page) -> None:
    """Answer with a page; with "not modified" where its validator is sent back."""
    validators = [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
    same = any(page.headers.get(name, "") == handler.headers.get(back) for name, back in validators)
    begin = handler.send_response_only if "Date" in page.headers else handler.send_response
    begin(304 if same else page.status)
    for name, value in page.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", page.media_type)
    if "Content-Length" not in page.headers:
        handler.send_header("Content-Length", str(0 if same else len(page.body)))
    handler.end_headers()
    if not same:
        handler.wfile.write(page.body)


@contextmanager
def serve(host: str = "127.0.0.1") -> Iterator[Web]:
    """Run a server for the time of a test. It answers conditional requests as RFC 9110 says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = web.pages.get(self.path, Page(b"nothing here", status=404))
            if isinstance(page, Page):
                send(self, page)
            else:
                page(self)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is what some tests are about."""

    server = Server((host, 0), Handler)
    web = Web(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
