"""A local server of one file that misbehaves as the test demands."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from tests.support.polling import until

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Handler of one HTTP request, which answers as the server's script states."""

    server: Listening

    def do_GET(self):
        owner = self.server.owner
        owner.requests.append((self.path, self.headers.get("Range")))
        behave = owner.script.pop(0) if owner.script else plainly
        behave(self)

    @property
    def start(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(match[1]) if match else 0

    def send(self, data: bytes, *, status=200, length: int | None = -1, content_range="") -> None:
        """Send a response with headers and `data`.

        Args:
            data: Content.
            status: HTTP status.
            length: Content-Length to state: -1 for the length of `data`, None for no such header.
            content_range: Content-Range to state, empty for no such header.
        """
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(len(data) if length < 0 else length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        # Counting precedes sending: the client may ask for the count as soon as it has the last
        # byte.
        self.server.owner.sent += len(data)
        self.wfile.write(data)

    def log_message(self, format, *args):  # noqa: A002
        pass


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    owner: FileServer

    def handle_error(self, request, client_address):
        """Ignore errors of a client that disconnects early, as some tests intend."""


class FileServer:
    """Local HTTP server that sends `data` for every path.

    Attributes:
        script: Behaviors for the next requests; all later requests are answered correctly.
        requests: Path and Range header of each request.
        sent: Number of bytes of content that were sent.
        silent: Event that is set as soon as a request is kept waiting.
        released: Event that a test sets to end this waiting.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.sent = data, 0
        self.script: list[Behaviour] = []
        self.requests: list[tuple[str, str | None]] = []
        self.silent, self.released = Event(), Event()
        self._listening = Listening(("127.0.0.1", 0), Handler)
        self._listening.owner = self
        self.address = f"127.0.0.1:{self._listening.server_address[1]}"
        self._thread = Thread(target=self._listening.serve_forever, args=(0.02,))
        self._thread.start()

    def url(self, name="prior.pt", scheme="http") -> str:
        return f"{scheme}://{self.address}/folder/{name}"

    def close(self) -> None:
        self.released.set()
        self._listening.shutdown()
        self._listening.server_close()
        self._thread.join()


def plainly(handler: Handler) -> None:
    data, start = handler.server.owner.data, handler.start
    if handler.headers.get("Range"):
        rest = f"bytes {start}-{len(data) - 1}/{len(data)}"
        handler.send(data[start:], status=206, content_range=rest)
    else:
        handler.send(data)


def cut_after(count: int) -> Behaviour:
    """Return a behavior that closes the connection after `count` bytes of the requested range."""

    def behave(handler: Handler) -> None:
        data, start = handler.server.owner.data, handler.start
        rest = f"bytes {start}-{len(data) - 1}/{len(data)}" if start else ""
        status = 206 if start else 200
        part = data[start : start + count]
        handler.send(part, status=status, length=len(data) - start, content_range=rest)

    return behave


def silent_after(count: int) -> Behaviour:
    """Return a behavior that sends `count` bytes of the requested range, then nothing more."""

    def behave(handler: Handler) -> None:
        cut_after(count)(handler)
        keep_waiting(handler)

    return behave


def keep_waiting(handler: Handler) -> None:
    owner = handler.server.owner
    owner.silent.set()
    owner.released.wait()


def ignoring_ranges(handler: Handler) -> None:
    handler.send(handler.server.owner.data)


def answering(data: bytes, **headers) -> Behaviour:
    """Return a behavior that sends `data` for every request; `headers` are those of `send`."""
    return lambda handler: handler.send(data, **headers)


def redirecting(url: str) -> Behaviour:
    def behave(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", url)
        handler.end_headers()

    return behave


def until_it_has(part: Path, count: int) -> None:
    """Wait until a file that another process or thread writes has `count` bytes."""
    until(lambda: part.exists() and part.stat().st_size >= count)
