"""One request for a file, and its answer: the only place that opens a connection to anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from queue import Empty, Full, Queue
from threading import Event, Thread
from time import monotonic
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from ddrm_core import __version__
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadFailed, DownloadStalled
from ddrm_core.messages import Message, Text
from ddrm_core.os_errors import describe_failure
from ddrm_core.prior.reasons import DownloadProblem

_POLL_INTERVAL_S = 0.1
_MAX_CHUNK_BYTES, _MAX_QUEUED_EVENTS = 1 << 17, 16
_MAX_REDIRECTS, _REDIRECT_STATUSES = 10, (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """What a server says before the bytes.

    Attributes:
        status: As in RFC 9110, e.g. 206.
        reason: In the server's words.
        content_length: How many bytes follow; None where it does not say.
        content_range: The header of that name, empty where there is none.
    """

    status: int
    reason: str
    content_length: int | None
    content_range: str


class HttpStream:
    """A request that is under way in a thread of its own.

    Finding the server, the handshake and reading all wait as long as they like; whoever asks waits
    in short turns and can give up between them. The thread touches no file. Given up, it ends when
    it next hears from the server, or after `stall_s` without a word.
    """

    def __init__(self, url: str, *, offset: int, stall_s: float) -> None:
        """Ask for the bytes from `offset` to the end."""
        self._url, self._offset, self._stall_s = url, offset, stall_s
        self._events: Queue[ResponseHead | bytes | Exception] = Queue(_MAX_QUEUED_EVENTS)
        self._closed = Event()
        Thread(target=self._run_request, name="download", daemon=True).start()

    def read_head(self, token: CancelToken) -> ResponseHead:
        """What the server says first.

        Raises:
            Cancelled: Within 0.1 s, whatever the connection does.
            DownloadFailed: There is no answer.
            DownloadStalled: Nothing was heard in time.
        """
        event = self._next_event(token)
        if isinstance(event, ResponseHead):
            return event
        raise DownloadFailed(self._url, _describe_missing_answer(event))

    def read_chunk(self, token: CancelToken) -> bytes:
        """The next bytes; none at their end, and none where the connection was cut.

        Raises:
            Cancelled, DownloadStalled: As `read_head`.
        """
        event = self._next_event(token)
        return event if isinstance(event, bytes) else b""

    def close(self) -> None:
        """Give up what has not been read."""
        self._closed.set()

    def _next_event(self, token: CancelToken) -> ResponseHead | bytes | Exception:
        deadline = monotonic() + self._stall_s
        while True:
            token.raise_if_cancelled()
            try:
                event = self._events.get(timeout=_POLL_INTERVAL_S)
            except Empty:
                if monotonic() > deadline:
                    raise DownloadStalled(self._url, self._stall_s) from None
                continue
            if isinstance(event, TimeoutError) or isinstance(
                getattr(event, "reason", None), TimeoutError
            ):
                raise DownloadStalled(self._url, self._stall_s)
            # ValueError: what a server redirects to need not be an address.
            if isinstance(event, Exception) and not isinstance(
                event, OSError | HTTPException | ValueError
            ):
                raise event
            return event

    def _run_request(self) -> None:
        try:
            self._send_request()
        except HTTPError as error:
            error.close()
            self._put_event(ResponseHead(error.code, error.reason, None, ""))
        # The thread boundary: whoever reads gets it.
        except Exception as failure:  # noqa: BLE001
            self._put_event(failure)

    def _send_request(self) -> None:
        headers = {"User-Agent": f"ddrm-restore/{__version__}", "Accept-Encoding": "identity"}
        if self._offset:
            headers["Range"] = f"bytes={self._offset}-"
        with _open_following_redirects(self._url, headers, self._stall_s) as response:
            remaining: int | None = response.length
            content_range = response.headers.get("Content-Range", "")
            is_wanted = self._put_event(
                ResponseHead(response.status, response.reason, remaining, content_range)
            )
            # Counted here: a proxy may keep the connection open after the last byte.
            while is_wanted and remaining != 0:
                data = response.read1(_MAX_CHUNK_BYTES)
                if not data:
                    break
                remaining = None if remaining is None else remaining - len(data)
                is_wanted = self._put_event(data)
        self._put_event(b"")

    def _put_event(self, event: ResponseHead | bytes | Exception) -> bool:
        """Wait until it is taken; whether anybody still listens."""
        while not self._closed.is_set():
            try:
                self._events.put(event, timeout=_POLL_INTERVAL_S)
            except Full:
                continue
            return True
        return False


def _open_following_redirects(url: str, headers: Mapping[str, str], stall_s: float) -> HTTPResponse:
    """The answer at the end of all redirects."""
    opener, target = _create_opener(), url
    for _ in range(_MAX_REDIRECTS):
        try:
            request = Request(target, headers=dict(headers))
            response: HTTPResponse = opener.open(request, timeout=stall_s)
        except HTTPError as error:
            if error.code not in _REDIRECT_STATUSES:
                raise
            error.close()
            source, target = target, urljoin(target, error.headers.get("Location", ""))
            if not _is_safe_redirect(source, target):
                facts = {"target": target}
                raise DownloadFailed(url, Message(DownloadProblem.REDIRECTED, facts)) from None
        else:
            return response
    raise DownloadFailed(url, DownloadProblem.REDIRECT_LOOP)


def _is_safe_redirect(source: str, target: str) -> bool:
    """Return whether a redirect leads to HTTP, and from no encrypted connection to another."""
    schemes = ("https",) if urlsplit(source).scheme == "https" else ("http", "https")
    return urlsplit(target).scheme in schemes


def _create_opener() -> OpenerDirector:
    """For http and https, through the proxies that the system names, and for nothing else."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _describe_missing_answer(event: bytes | Exception) -> Text:
    """Return why there is no answer."""
    if isinstance(event, bytes):
        return DownloadProblem.DISCONNECTED
    reason = event.reason if isinstance(event, URLError) else event
    return describe_failure(reason) if isinstance(reason, BaseException) else reason
