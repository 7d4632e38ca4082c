"""Download of a published prior's file, continued and repeated until the file is complete."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadFailed, InvalidDownload
from ddrm_core.files.hashing import hash_file
from ddrm_core.messages import Message
from ddrm_core.os_errors import writing
from ddrm_core.prior.download.http_stream import HttpStream, ResponseHead
from ddrm_core.prior.download.partial_file import PartialDownload, check_disk_space
from ddrm_core.prior.reasons import DownloadProblem
from ddrm_core.prior.store.registry import PublishedPrior

STALL_TIMEOUT_S = 30.0
RESERVED_BYTES = 64 << 20
_DOWNLOAD_REPORT_INTERVAL_S = 0.1
_MAX_DISCONNECTS = 10
_STATUS_OK, _STATUS_PARTIAL, _STATUS_RANGE_NOT_SATISFIABLE = 200, 206, 416


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Progress of a download.

    Attributes:
        done_bytes: Bytes received so far or, while a partial download is checked, bytes checked.
        total_bytes: Size of the file in bytes.
        is_checking: Whether bytes of an earlier download are being checked.
    """

    done_bytes: int
    total_bytes: int
    is_checking: bool


def download_prior(
    published: PublishedPrior,
    folder: Path,
    token: CancelToken,
    *,
    stall_s: float = STALL_TIMEOUT_S,
    spare_bytes: int = RESERVED_BYTES,
) -> Generator[DownloadProgress, None, Path]:
    """Download a published prior to `folder` and return the path of its file.

    The folder is created if it is missing. Received bytes are stored in a partial download, a file
    with the suffix `.part`, with which the next download continues. The file gets its final name
    after its checksum was verified. A complete file is not downloaded again.

    Args:
        published: Published prior.
        folder: Folder of the file.
        token: Token that is checked every 0.1 s, even while the server is silent.
        stall_s: Maximum time in seconds without a byte from the server.
        spare_bytes: Disk space that must remain free after the import.

    Raises:
        OperationCancelled: If `token` was cancelled; the partial download remains.
        DownloadFailed, DownloadStalled: If the connection fails or is silent; the partial download
            remains.
        InvalidDownload: If the received bytes are another file; the partial download is deleted.
        InsufficientDiskSpace: If the disk has too little space; nothing was downloaded.
        DownloadInProgress: If another download of the file is running.
        UnwritableOutput: If the system cannot write to the folder.
    """
    target = folder / published.file_name
    if target.is_file():
        existing_hash = hashlib.sha256()
        hashed_counts = hash_file(target, existing_hash.update, token)
        yield from _throttle_progress(hashed_counts, published.size_bytes, is_checking=True)
        if existing_hash.hexdigest() == published.sha256:
            return target
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with closing(PartialDownload(target.with_name(f"{target.name}.part"))) as part:
        if part.size > published.size_bytes:
            part.truncate()
        # Twice: an import writes as much again before the downloaded file can be deleted.
        check_disk_space(folder, 2 * published.size_bytes - part.size + spare_bytes)
        yield from _throttle_progress(part.rehash(token), published.size_bytes, is_checking=True)
        received_counts = _receive_with_retries(published, part, token, stall_s)
        yield from _throttle_progress(received_counts, published.size_bytes, is_checking=False)
        yield DownloadProgress(part.size, published.size_bytes, is_checking=False)
        if part.sha256() != published.sha256:
            part.discard()
            raise InvalidDownload(
                published.download_url,
                Message(DownloadProblem.CHECKSUM, {"sha256": part.sha256()}),
            )
        part.finalize(target)
    return target


def _throttle_progress(
    byte_counts: Iterator[int], total_bytes: int, *, is_checking: bool
) -> Iterator[DownloadProgress]:
    """Yield progress for the first of the byte counts, then at most ten times per second."""
    last_report = -_DOWNLOAD_REPORT_INTERVAL_S
    for done_bytes in byte_counts:
        if monotonic() - last_report >= _DOWNLOAD_REPORT_INTERVAL_S:
            last_report = monotonic()
            yield DownloadProgress(done_bytes, total_bytes, is_checking)


def _receive_with_retries(
    published: PublishedPrior, part: PartialDownload, token: CancelToken, stall_s: float
) -> Iterator[int]:
    """Append received bytes to the partial download and yield its size.

    After a disconnect, the request is repeated up to ten times, as long as each one receives more
    bytes.
    """
    can_resume, largest_size, disconnects = True, part.size, 0
    while part.size < published.size_bytes:
        offset = part.size if can_resume else 0
        with closing(HttpStream(published.download_url, offset=offset, stall_s=stall_s)) as stream:
            head = stream.read_head(token)
            can_resume = _is_usable_response(head, offset, published)
            if not can_resume:
                continue
            # The partial download is truncated only now: a server with another size must not
            # destroy it.
            if head.status == _STATUS_OK and part.size:
                part.truncate()
            yield from _append_body(stream, published, part, token)
        if part.size < published.size_bytes:
            disconnects += 1
            if part.size <= largest_size or disconnects > _MAX_DISCONNECTS:
                raise DownloadFailed(published.download_url, DownloadProblem.DISCONNECTED)
            largest_size = part.size


def _is_usable_response(head: ResponseHead, offset: int, published: PublishedPrior) -> bool:
    """Return whether a response contains the file's bytes from `offset`, or the entire file.

    If the result is False, a request for the entire file may still succeed.

    Raises:
        DownloadFailed: If no request can succeed, because the file has another size or the server
            refuses.
    """
    if head.status == _STATUS_OK:
        if head.content_length not in (None, published.size_bytes):
            facts = {"size": head.content_length, "published_size": published.size_bytes}
            raise DownloadFailed(published.download_url, Message(DownloadProblem.OTHER_SIZE, facts))
        return True
    if offset and head.status == _STATUS_PARTIAL:
        return _is_requested_range(head, offset, published.size_bytes)
    if offset and head.status == _STATUS_RANGE_NOT_SATISFIABLE:
        return False
    answer = f"{head.status} {head.reason}".strip()
    raise DownloadFailed(
        published.download_url, Message(DownloadProblem.REFUSED, {"answer": answer})
    )


def _is_requested_range(head: ResponseHead, offset: int, total_bytes: int) -> bool:
    content_range = head.content_range.strip().lower()
    accepted_ranges = {
        f"bytes {offset}-{total_bytes - 1}/{stated_total}" for stated_total in (total_bytes, "*")
    }
    return content_range in accepted_ranges and head.content_length in (None, total_bytes - offset)


def _append_body(
    stream: HttpStream, published: PublishedPrior, part: PartialDownload, token: CancelToken
) -> Iterator[int]:
    while data := stream.read_chunk(token):
        if part.size + len(data) > published.size_bytes:
            part.discard()
            raise InvalidDownload(
                published.download_url,
                Message(DownloadProblem.TOO_LONG, {"size": published.size_bytes}),
            )
        part.append(data)
        yield part.size
