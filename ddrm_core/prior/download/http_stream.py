"""One HTTP request and its response; no other module opens a connection."""

from __future__ import annotations

import socket
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

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadFailed, DownloadStalled
from ddrm_core.messages import Message, Text
from ddrm_core.os_errors import describe_failure
from ddrm_core.prior.reasons import DownloadProblem, NameResolutionFailure
from ddrm_core.program import __version__

_POLL_INTERVAL_S = 0.1
_MAX_CHUNK_BYTES, _MAX_QUEUED_EVENTS = 1 << 17, 16
_MAX_REDIRECTS, _REDIRECT_STATUSES = 10, (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status line and headers of an HTTP response.

    Attributes:
        status: Status code by RFC 9110, e.g. 206.
        reason: Reason phrase of the server.
        content_length: Number of bytes that follow; None if it is not stated.
        content_range: Value of the Content-Range header; empty without one.
    """

    status: int
    reason: str
    content_length: int | None
    content_range: str


class HttpStream:
    """An HTTP request that runs on a thread of its own.

    Name resolution, handshake and reading block the thread. The caller waits in short intervals and
    can stop waiting between two of them. The thread writes no file. After `close`, the thread ends
    at the next response of the server, or after `stall_s` seconds of silence.
    """

    def __init__(self, url: str, *, offset: int, stall_s: float) -> None:
        """Request the bytes of the file at `url`, from `offset` to the end."""
        self._url, self._offset, self._stall_s = url, offset, stall_s
        self._events: Queue[ResponseHead | bytes | Exception] = Queue(_MAX_QUEUED_EVENTS)
        self._closed = Event()
        Thread(target=self._run_request, name="download", daemon=True).start()

    def read_head(self, token: CancelToken) -> ResponseHead:
        """Return the status line and headers.

        Raises:
            OperationCancelled: If `token` was cancelled, within 0.1 s in every state of the
                connection.
            DownloadFailed: If the server does not answer.
            DownloadStalled: If the server is silent for `stall_s` seconds.
        """
        event = self._next_event(token)
        if isinstance(event, ResponseHead):
            return event
        raise DownloadFailed(self._url, _describe_missing_answer(event))

    def read_chunk(self, token: CancelToken) -> bytes:
        """Return the next bytes; empty at the end or if the connection was lost.

        Raises:
            OperationCancelled, DownloadStalled: See `read_head`.
        """
        event = self._next_event(token)
        return event if isinstance(event, bytes) else b""

    def close(self) -> None:
        """Stop the request and drop unread bytes."""
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
            # A redirect to an invalid URL raises ValueError.
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
        # Errors cross the thread boundary to the reader.
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
            # Bytes are counted, because a proxy may keep the connection open after the last byte.
            while is_wanted and remaining != 0:
                data = response.read1(_MAX_CHUNK_BYTES)
                if not data:
                    break
                remaining = None if remaining is None else remaining - len(data)
                is_wanted = self._put_event(data)
        self._put_event(b"")

    def _put_event(self, event: ResponseHead | bytes | Exception) -> bool:
        """Wait until there is space for an event in the queue to the reader, then add the event.

        Return False if the stream was closed in the meantime.
        """
        while not self._closed.is_set():
            try:
                self._events.put(event, timeout=_POLL_INTERVAL_S)
            except Full:
                continue
            return True
        return False


def _open_following_redirects(url: str, headers: Mapping[str, str], stall_s: float) -> HTTPResponse:
    """Return the response at the end of all redirects."""
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
    """Return whether a redirect leads to HTTPS, or from an HTTP source to HTTP."""
    schemes = ("https",) if urlsplit(source).scheme == "https" else ("http", "https")
    return urlsplit(target).scheme in schemes


def _create_opener() -> OpenerDirector:
    """Return an opener for HTTP and HTTPS only, which uses the system's proxies."""
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
    """Return the reason why a server sent no response.

    `event` is the error of the connection, or bytes if the connection ended without an error.
    """
    if isinstance(event, bytes):
        return DownloadProblem.DISCONNECTED
    reason = event.reason if isinstance(event, URLError) else event
    if isinstance(reason, socket.gaierror):
        for failure in NameResolutionFailure:
            if reason.errno == getattr(socket, failure.name, None):
                return failure
    return describe_failure(reason) if isinstance(reason, BaseException) else reason
