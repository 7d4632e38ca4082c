"""Downloads that are cut, cancelled, stalled or killed, and continued later."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from threading import Event

import pytest

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    DownloadFailed,
    DownloadInProgress,
    DownloadStalled,
    InvalidDownload,
    OperationCancelled,
)
from ddrm_core.prior.download.download import DownloadProgress, download_prior
from ddrm_core.prior.download.partial_file import PartialDownload
from ddrm_core.prior.reasons import NameResolutionFailure
from tests.support.downloads import DATA, HALF, SIZE, drained
from tests.support.file_server import (
    answering,
    cut_after,
    ignoring_ranges,
    keep_waiting,
    silent_after,
    until_it_has,
)


class PatientToken(CancelToken):
    """A token that cancels itself at the third check while a server is silent.

    Attributes:
        looks_in_silence: Number of checks while the server is silent.
    """

    def __init__(self, silent: Event) -> None:
        super().__init__()
        self._silent = silent
        self.looks_in_silence = 0

    def raise_if_cancelled(self) -> None:
        self.looks_in_silence += self._silent.is_set()
        if self.looks_in_silence == 3:
            self.cancel()
        super().raise_if_cancelled()


@pytest.mark.parametrize("here", [1, HALF, SIZE - 1])
def test_a_part_is_continued(published, folder, server, part, here):
    part.write_bytes(DATA[:here])
    received, path = drained(published, folder)
    assert path.read_bytes() == DATA
    assert server.requests == [("/folder/prior.pt", f"bytes={here}-")]
    assert server.sent == SIZE - here
    assert received[0] == DownloadProgress(here, SIZE, is_checking=True)


def test_a_whole_part_needs_no_server(published, folder, server, part):
    part.write_bytes(DATA)
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests == []


def test_a_connection_that_is_cut_several_times(published, folder, server):
    server.script = [cut_after(70_000) for _ in range(4)]
    assert drained(published, folder)[1].read_bytes() == DATA
    starts = [f"bytes={70_000 * n}-" for n in range(1, 5)]
    assert [r for _, r in server.requests] == [None, *starts]
    assert server.sent == SIZE


class InterruptedHash:
    """Hash whose update an interrupt of the user breaks off, as a signal handler does."""

    def update(self, _data: bytes) -> None:
        raise KeyboardInterrupt


def test_bytes_that_were_written_but_not_counted_are_kept(part, monkeypatch):
    monkeypatch.setattr("hashlib.sha256", InterruptedHash)
    download = PartialDownload(part)
    with pytest.raises(KeyboardInterrupt):
        download.append(DATA[:HALF])
    download.close()
    assert part.read_bytes() == DATA[:HALF]


def test_a_connection_that_brings_nothing_more_is_given_up(published, folder, server, part):
    server.script = [cut_after(1000), cut_after(0)]
    with pytest.raises(DownloadFailed) as failed:
        drained(published, folder)
    assert failed.value.reason == "the connection was cut"
    assert part.read_bytes() == DATA[:1000]
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] == "bytes=1000-"


def test_a_server_that_gives_a_byte_at_a_time_is_given_up(published, folder, server):
    server.script = [cut_after(1) for _ in range(1000)]
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert len(server.requests) < 20


def test_a_server_without_ranges_that_never_gets_further_is_given_up(published, folder, server):
    half = answering(DATA[:HALF], length=SIZE)
    server.script = [half] * 10
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("behaviour", "requests"),
    [
        (ignoring_ranges, 1),
        (answering(DATA, length=None), 1),
        (answering(b"", status=416), 2),
        (answering(DATA, status=206, content_range=f"bytes 0-{SIZE - 1}/{SIZE}"), 2),
        (answering(DATA[HALF:], status=206, content_range=f"bytes {HALF}-9/{SIZE}"), 2),
        (answering(DATA[HALF:], status=206, content_range=f"bytes {HALF}-{SIZE}/{SIZE + 1}"), 2),
        (answering(DATA[HALF:], status=206), 2),
        (answering(DATA[HALF:], status=206, content_range="bytes */nonsense"), 2),
        (
            answering(
                DATA[HALF:], status=206, length=9, content_range=f"bytes {HALF}-{SIZE - 1}/{SIZE}"
            ),
            2,
        ),
    ],
)
def test_servers_that_do_not_give_the_rest_are_asked_for_all(
    published, folder, server, part, behaviour, requests
):
    part.write_bytes(b"x" * HALF)  # would change the checksum
    server.script = [behaviour]
    assert drained(published, folder)[1].read_bytes() == DATA
    assert [r for _, r in server.requests] == [f"bytes={HALF}-", None][:requests]


def test_a_part_with_a_wrong_byte_is_found_and_deleted(published, folder, server, part):
    part.write_bytes(b"?" + DATA[1:HALF])
    with pytest.raises(InvalidDownload):
        drained(published, folder)
    assert list(folder.iterdir()) == []
    part.write_bytes(DATA + b"?")
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] is None


@pytest.mark.parametrize("behaviour", [silent_after(HALF), keep_waiting])
def test_cancelling_a_silent_connection_is_prompt_and_keeps_the_part(
    published, folder, server, part, behaviour
):
    """A silent connection is cancelled promptly, and the partial download remains.

    The token is checked again and again, long before the connection counts as stalled.
    """
    server.script = [behaviour]
    token = PatientToken(server.silent)
    with pytest.raises(OperationCancelled):
        drained(published, folder, token, stall_s=1e6)
    assert token.looks_in_silence == 3
    kept = part.stat().st_size if part.exists() else 0
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] == (f"bytes={kept}-" if kept else None)


def test_cancelling_between_pieces_and_while_checking(published, folder, server, part):
    token = CancelToken()
    steps = download_prior(published, folder, token)
    next(steps)
    token.cancel()
    with pytest.raises(OperationCancelled):
        list(steps)
    part.write_bytes(DATA)
    with pytest.raises(OperationCancelled):
        drained(published, folder, token)
    assert part.read_bytes() == DATA
    assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", [silent_after(HALF), keep_waiting])
def test_silence_has_an_end(published, folder, server, part, behaviour):
    server.script = [behaviour]
    with pytest.raises(DownloadStalled) as stalled:
        drained(published, folder, stall_s=0.2)
    assert stalled.value.seconds == 0.2
    kept = part.stat().st_size if part.exists() else 0
    assert kept == (0 if behaviour is keep_waiting else HALF)


def test_a_look_up_that_does_not_end(published, folder, server, monkeypatch):
    def look_up(*_, **__):
        server.silent.set()
        server.released.wait()
        raise socket.gaierror

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with pytest.raises(DownloadStalled):
        drained(published, folder, stall_s=0.2)
    assert server.silent.is_set()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("failure", NameResolutionFailure)
def test_an_unknown_server_is_told_from_a_failed_look_up(published, folder, monkeypatch, failure):
    def look_up(*_, **__):
        raise socket.gaierror(getattr(socket, failure.name), "in another language")

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with pytest.raises(DownloadFailed) as failed:
        drained(published, folder)
    assert failed.value.reason is failure


def test_a_connection_that_stays_open_after_the_last_byte(published, folder, server):
    server.script = [silent_after(SIZE)]
    assert drained(published, folder)[1].read_bytes() == DATA


def test_two_at_once_do_not_mix(published, folder):
    first = download_prior(published, folder, CancelToken())
    next(first)
    with pytest.raises(DownloadInProgress):
        drained(published, folder)
    assert list(first)[-1].done_bytes == SIZE
    assert (folder / "prior.pt").read_bytes() == DATA


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be renamed")
def test_a_part_that_another_download_has_just_finished(published, folder, part, monkeypatch):
    monkeypatch.setattr("fcntl.flock", lambda *_: part.replace(folder / "prior.pt"))
    with pytest.raises(DownloadInProgress):
        drained(published, folder)


CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.download.download import download_prior
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
url, size, sha256, folder = sys.argv[1:]
published = replace(PUBLISHED_PRIORS[0], download_url=url, size_bytes=int(size), sha256=sha256)
list(download_prior(published, Path(folder), CancelToken()))
"""


def test_after_a_kill_the_next_goes_on(published, folder, server, part):
    server.script = [silent_after(HALF)]
    arguments = [published.download_url, str(SIZE), published.sha256, str(folder)]
    with subprocess.Popen([sys.executable, "-c", CHILD, *arguments]) as child:
        until_it_has(part, HALF)
        with pytest.raises(DownloadInProgress):
            drained(published, folder)
        child.send_signal(signal.SIGKILL)
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] == f"bytes={HALF}-"
    assert server.sent == SIZE
