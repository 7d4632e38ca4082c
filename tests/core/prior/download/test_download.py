"""A published file fetched from servers that do what servers do."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event
from threading import enumerate as all_threads
from types import SimpleNamespace

import numpy as np
import pytest

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    Cancelled,
    DownloadBusy,
    DownloadFailed,
    DownloadStalled,
    NotEnoughSpace,
    UnwritableOutput,
    WrongDownload,
)
from ddrm_core.prior.download.download import Received, download
from ddrm_core.prior.store.registry import PUBLISHED, PublishedPrior
from tests.support.file_server import (
    FileServer,
    answering,
    cut_after,
    ignoring_ranges,
    keep_waiting,
    redirecting,
    silent_after,
    until_it_has,
)

DATA = np.random.default_rng(0).bytes(300_001)
SIZE = len(DATA)
HALF = 150_000


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server():
    server = FileServer(DATA)
    yield server
    server.close()
    for thread in all_threads():
        if thread.name == "download":
            thread.join(5)
            assert not thread.is_alive()


@pytest.fixture
def published(server) -> PublishedPrior:
    return replace(
        PUBLISHED[0], url=server.url(), bytes=SIZE, sha256=hashlib.sha256(DATA).hexdigest()
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data" / "priors"


class PatientToken(CancelToken):
    """It cancels itself at the third look in the server's silence.

    Attributes:
        looks_in_silence: How often somebody has looked.
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


@pytest.fixture
def part(folder) -> Path:
    """Where the part is; its folder is there."""
    folder.mkdir(parents=True)
    return folder / "prior.pt.part"


def drained(published, folder, token=None, **choices) -> tuple[list[Received], Path]:
    steps = download(published, folder, token or CancelToken(), **choices)
    received = []
    while True:
        try:
            received.append(next(steps))
        except StopIteration as end:
            return received, end.value


def test_a_file_arrives_whole_and_nothing_else_is_left(published, folder, server):
    received, path = drained(published, folder)
    assert path == folder / "prior.pt"
    assert path.read_bytes() == DATA
    assert list(folder.iterdir()) == [path]
    assert received[-1] == Received(SIZE, SIZE, checking=False)
    assert [r.done for r in received] == sorted(r.done for r in received)
    assert {r.total for r in received} == {SIZE}
    assert server.requests == [("/folder/prior.pt", None)]


def test_a_file_that_is_here_is_not_fetched_again(published, folder, server):
    drained(published, folder)
    received, path = drained(published, folder)
    assert len(server.requests) == 1
    assert all(r.checking for r in received)
    path.write_bytes(DATA[:-1] + b"?")
    assert drained(published, folder)[1].read_bytes() == DATA
    assert len(server.requests) == 2


@pytest.mark.parametrize("here", [1, HALF, SIZE - 1])
def test_a_part_is_continued(published, folder, server, part, here):
    part.write_bytes(DATA[:here])
    received, path = drained(published, folder)
    assert path.read_bytes() == DATA
    assert server.requests == [("/folder/prior.pt", f"bytes={here}-")]
    assert server.sent == SIZE - here
    assert received[0] == Received(here, SIZE, checking=True)


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
    part.write_bytes(b"x" * HALF)  # would show in the hash
    server.script = [behaviour]
    assert drained(published, folder)[1].read_bytes() == DATA
    assert [r for _, r in server.requests] == [f"bytes={HALF}-", None][:requests]


@pytest.mark.parametrize("kept", [0, HALF])
@pytest.mark.parametrize(
    ("status", "data", "words"),
    [
        (200, b"<html>Log in to the network</html>", "34 bytes, not 300,001"),
        (200, DATA + b"more", "300,005 bytes, not 300,001"),
        (404, b"", "404 Not Found"),
        (503, b"busy", "503 Service Unavailable"),
        (204, b"", "204 No Content"),
    ],
)
def test_a_server_that_has_not_that_file_costs_nothing(
    published, folder, server, part, kept, status, data, words
):
    if kept:
        part.write_bytes(DATA[:kept])
    server.script = [answering(data, status=status)]
    with pytest.raises(DownloadFailed) as failed:
        drained(published, folder)
    assert words in failed.value.reason
    assert (part.stat().st_size if part.exists() else 0) == kept


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (DATA[:-1] + b"?", "SHA-256"),
        (DATA + b"more", "more than 300,001 bytes"),
    ],
)
def test_wrong_bytes_are_deleted(published, folder, server, data, words):
    server.script = [answering(data, length=None)]
    with pytest.raises(WrongDownload) as wrong:
        drained(published, folder)
    assert words in wrong.value.problem
    assert list(folder.iterdir()) == []


def test_too_few_bytes_are_no_file(published, folder, server):
    server.script = [answering(DATA[:HALF], length=None), answering(b"", status=416)]
    server.script += [answering(DATA[:HALF], length=None)]
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert not (folder / "prior.pt").exists()


def test_a_part_with_a_wrong_byte_is_found_and_deleted(published, folder, server, part):
    part.write_bytes(b"?" + DATA[1:HALF])
    with pytest.raises(WrongDownload):
        drained(published, folder)
    assert list(folder.iterdir()) == []
    part.write_bytes(DATA + b"?")
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] is None


@pytest.mark.parametrize("behaviour", [silent_after(HALF), keep_waiting])
def test_cancelling_a_silent_connection_is_prompt_and_keeps_the_part(
    published, folder, server, part, behaviour
):
    """Whoever waits for the server looks at the token again and again, as there is no stall."""
    server.script = [behaviour]
    token = PatientToken(server.silent)
    with pytest.raises(Cancelled):
        drained(published, folder, token, stall_s=1e6)
    assert token.looks_in_silence == 3
    kept = part.stat().st_size if part.exists() else 0
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] == (f"bytes={kept}-" if kept else None)


def test_cancelling_between_pieces_and_while_checking(published, folder, server, part):
    token = CancelToken()
    steps = download(published, folder, token)
    next(steps)
    token.cancel()
    with pytest.raises(Cancelled):
        list(steps)
    part.write_bytes(DATA)
    with pytest.raises(Cancelled):
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


def test_a_connection_that_stays_open_after_the_last_byte(published, folder, server):
    server.script = [silent_after(SIZE)]
    assert drained(published, folder)[1].read_bytes() == DATA


def test_a_server_that_is_not_there(published, folder):
    gone = FileServer(b"")
    gone.close()
    with pytest.raises(DownloadFailed) as failed:
        drained(replace(published, url=gone.url()), folder)
    assert "refused" in failed.value.reason
    assert list(folder.iterdir()) == []


def test_redirects_are_followed(published, folder, server):
    server.script = [redirecting(server.url("elsewhere/other.bin"))]
    assert drained(published, folder)[1] == folder / "prior.pt"
    assert server.requests[-1][0] == "/folder/elsewhere/other.bin"
    server.script = [redirecting(server.url())] * 50
    (folder / "prior.pt").unlink()
    with pytest.raises(DownloadFailed) as failed:
        drained(published, folder)
    assert "\n" not in failed.value.reason


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://[", ""])
def test_only_the_web_is_followed(published, folder, server, target):
    server.script = [redirecting(target)] * 20
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x", "x"])
def test_only_the_web_is_asked(published, folder, url):
    with pytest.raises(DownloadFailed) as failed:
        drained(replace(published, url=url), folder)
    assert "unknown url type" in failed.value.reason


class NotEncrypted(http.client.HTTPConnection):
    """What stands for https where there are no certificates."""

    def __init__(self, host, *, timeout, context=None, check_hostname=None):  # noqa: ARG002
        super().__init__(host, timeout=timeout)


def test_encryption_is_not_given_up_on_the_way(published, folder, server, monkeypatch):
    monkeypatch.setattr(http.client, "HTTPSConnection", NotEncrypted)
    secure = replace(published, url=server.url(scheme="https"))
    server.script = [redirecting(server.url("open.pt"))]
    with pytest.raises(DownloadFailed) as failed:
        drained(secure, folder)
    assert "redirected to http:" in failed.value.reason
    assert len(server.requests) == 1
    server.script = [redirecting(server.url("closed.pt", "https"))]
    assert drained(secure, folder)[1].read_bytes() == DATA


def test_a_proxy_is_used(published, folder, server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{server.address}")
    drained(replace(published, url="http://priors.example/prior.pt"), folder)
    assert server.requests == [("http://priors.example/prior.pt", None)]


def test_no_room_is_said_before_anything_is_fetched(published, folder, server, part, monkeypatch):
    part.write_bytes(DATA[:HALF])
    needed = 2 * SIZE - HALF + 1000  # it will be imported, too
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=needed - 1))
    with pytest.raises(NotEnoughSpace) as full:
        drained(published, folder, spare_bytes=1000)
    assert (full.value.needed, full.value.free) == (needed, needed - 1)
    assert (part.read_bytes(), server.requests) == (DATA[:HALF], [])
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=needed))
    drained(published, folder, spare_bytes=1000)


@pytest.mark.parametrize("in_the_way", ["data", "data/priors", "data/priors/prior.pt.part/x"])
def test_a_place_that_takes_no_files(published, folder, server, tmp_path, in_the_way):
    path = tmp_path / in_the_way
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(UnwritableOutput):
        drained(published, folder)
    assert server.requests == []


def test_two_at_once_do_not_mix(published, folder):
    first = download(published, folder, CancelToken())
    next(first)
    with pytest.raises(DownloadBusy):
        drained(published, folder)
    assert list(first)[-1].done == SIZE
    assert (folder / "prior.pt").read_bytes() == DATA


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be renamed")
def test_a_part_that_another_download_has_just_finished(published, folder, part, monkeypatch):
    monkeypatch.setattr("fcntl.flock", lambda *_: part.replace(folder / "prior.pt"))
    with pytest.raises(DownloadBusy):
        drained(published, folder)


CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.download.download import download
from ddrm_core.prior.store.registry import PUBLISHED
url, size, sha256, folder = sys.argv[1:]
published = replace(PUBLISHED[0], url=url, bytes=int(size), sha256=sha256)
list(download(published, Path(folder), CancelToken()))
"""


def test_after_a_kill_the_next_goes_on(published, folder, server, part):
    server.script = [silent_after(HALF)]
    arguments = [published.url, str(SIZE), published.sha256, str(folder)]
    with subprocess.Popen([sys.executable, "-c", CHILD, *arguments]) as child:
        until_it_has(part, HALF)
        with pytest.raises(DownloadBusy):
            drained(published, folder)
        child.send_signal(signal.SIGKILL)
    assert drained(published, folder)[1].read_bytes() == DATA
    assert server.requests[-1][1] == f"bytes={HALF}-"
    assert server.sent == SIZE


def test_what_is_published_is_described_wholly():
    assert [p.name for p in PUBLISHED] == ["adm-256"]
    (adm,) = PUBLISHED
    assert adm.file_name == "256x256_diffusion_uncond.pt"
    assert adm.url.startswith("https://")
    assert len(bytes.fromhex(adm.sha256)) == 32
    assert adm.sigma_range == pytest.approx((0.01, 157.4), rel=1e-3)
