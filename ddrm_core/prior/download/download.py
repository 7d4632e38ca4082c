"""A published prior's file, brought here whole or not at all, in as many attempts as it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadFailed, UnwritableOutput, WrongDownload
from ddrm_core.files.hashing import hash_file
from ddrm_core.prior.download.http_stream import Answer, Connection
from ddrm_core.prior.download.partial_file import PartFile, check_space
from ddrm_core.prior.store.registry import PublishedPrior

STALL_S = 30.0
SPARE_BYTES = 64 << 20
_SECONDS_BETWEEN = 0.1
_MOST_CUTS = 10
_OK, _PARTIAL, _NOT_THAT_RANGE = 200, 206, 416


@dataclass(frozen=True, slots=True)
class Received:
    """How far a download is.

    Attributes:
        done: Bytes that are here, or of those that an earlier download left: that are checked.
        total: Bytes of the file.
        checking: Whether it is still about what was here before.
    """

    done: int
    total: int
    checking: bool


def download(
    published: PublishedPrior,
    folder: Path,
    token: CancelToken,
    *,
    stall_s: float = STALL_S,
    spare_bytes: int = SPARE_BYTES,
) -> Generator[Received, None, Path]:
    """Fetch it into `folder`, which is made if need be; gives its path there.

    What arrives is kept in a file with `.part` after its name, from which the next download goes
    on; it gets its name once its hash is right. A file that is here already is not fetched again.

    Args:
        published: What to fetch.
        folder: Where to.
        token: Polled every 0.1 s, also while the server is silent.
        stall_s: How long that may take.
        spare_bytes: What must stay free on the disk once it has been imported.

    Raises:
        Cancelled: The part stays.
        DownloadFailed, DownloadStalled: The part stays.
        WrongDownload: What arrived is not that file; the part was deleted.
        NotEnoughSpace: Nothing was fetched.
        DownloadBusy: Another download of the same file is under way.
        UnwritableOutput: The folder or the disk refused.
    """
    target = folder / published.file_name
    if target.is_file():
        found = hashlib.sha256()
        checked = hash_file(target, found.update, token)
        yield from _paced(checked, published.bytes, checking=True)
        if found.hexdigest() == published.sha256:
            return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableOutput.after(folder, error) from error
    with closing(PartFile(target.with_name(f"{target.name}.part"))) as part:
        if part.size > published.bytes:
            part.start_over()
        # Twice: an import writes as much again before this file can go.
        check_space(folder, 2 * published.bytes - part.size + spare_bytes)
        yield from _paced(part.hash_again(token), published.bytes, checking=True)
        arriving = _receive(published, part, token, stall_s)
        yield from _paced(arriving, published.bytes, checking=False)
        yield Received(part.size, published.bytes, checking=False)
        if part.sha256() != published.sha256:
            part.discard()
            raise WrongDownload(published.url, f"its SHA-256 is {part.sha256()}")
        part.keep(target)
    return target


def _paced(counts: Iterator[int], total: int, *, checking: bool) -> Iterator[Received]:
    """The first of these numbers of bytes, then at most ten a second."""
    last = -_SECONDS_BETWEEN
    for done in counts:
        if monotonic() - last >= _SECONDS_BETWEEN:
            last = monotonic()
            yield Received(done, total, checking)


def _receive(
    published: PublishedPrior, part: PartFile, token: CancelToken, stall_s: float
) -> Iterator[int]:
    """Fill the part, yielding its size; connects again for as long as that brings it further."""
    goes_on, furthest, cuts = True, part.size, 0
    while part.size < published.bytes:
        start = part.size if goes_on else 0
        with closing(Connection(published.url, start=start, stall_s=stall_s)) as connection:
            answer = connection.answer(token)
            goes_on = _is_usable(answer, start, published)
            if not goes_on:
                continue
            # Only now: a server that has not even the right size takes nothing from the part.
            if answer.status == _OK and part.size:
                part.start_over()
            yield from _take(connection, published, part, token)
        if part.size < published.bytes:
            cuts += 1
            if part.size <= furthest or cuts > _MOST_CUTS:
                raise DownloadFailed(published.url, "the connection was cut")
            furthest = part.size


def _is_usable(answer: Answer, start: int, published: PublishedPrior) -> bool:
    """Whether bytes from `start`, or all, follow; if not, all of them can still be asked for.

    Raises:
        DownloadFailed: There is nothing to hope for.
    """
    if answer.status == _OK:
        if answer.length not in (None, published.bytes):
            size = f"{answer.length:,} bytes, not {published.bytes:,}"
            raise DownloadFailed(published.url, f"what the server has is {size}")
        return True
    if start and answer.status == _PARTIAL:
        return _is_rest(answer, start, published.bytes)
    if start and answer.status == _NOT_THAT_RANGE:
        return False
    raise DownloadFailed(published.url, f"the server says {answer.status} {answer.reason}".strip())


def _is_rest(answer: Answer, start: int, total: int) -> bool:
    given = answer.content_range.strip().lower()
    right = {f"bytes {start}-{total - 1}/{end}" for end in (total, "*")}
    return given in right and answer.length in (None, total - start)


def _take(
    connection: Connection, published: PublishedPrior, part: PartFile, token: CancelToken
) -> Iterator[int]:
    while data := connection.read(token):
        if part.size + len(data) > published.bytes:
            part.discard()
            raise WrongDownload(published.url, f"it has more than {published.bytes:,} bytes")
        part.append(data)
        yield part.size
