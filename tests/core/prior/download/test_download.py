"""Downloads to their end: responses of servers, redirects and refusals."""

from __future__ import annotations

import hashlib
import http.client
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ddrm_core.errors import (
    DownloadFailed,
    InsufficientDiskSpace,
    InvalidDownload,
    UnwritableOutput,
)
from ddrm_core.prior.download.download import DownloadProgress
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from tests.support.downloads import DATA, HALF, SIZE, drained
from tests.support.file_server import FileServer, answering, redirecting


def test_a_file_arrives_whole_and_nothing_else_is_left(published, folder, server):
    received, path = drained(published, folder)
    assert path == folder / "prior.pt"
    assert path.read_bytes() == DATA
    assert list(folder.iterdir()) == [path]
    assert received[-1] == DownloadProgress(SIZE, SIZE, is_checking=False)
    assert [r.done_bytes for r in received] == sorted(r.done_bytes for r in received)
    assert {r.total_bytes for r in received} == {SIZE}
    assert server.requests == [("/folder/prior.pt", None)]


def test_a_file_that_is_here_is_not_fetched_again(published, folder, server):
    drained(published, folder)
    received, path = drained(published, folder)
    assert len(server.requests) == 1
    assert all(r.is_checking for r in received)
    path.write_bytes(DATA[:-1] + b"?")
    assert drained(published, folder)[1].read_bytes() == DATA
    assert len(server.requests) == 2


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
    assert words in str(failed.value.reason)
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
    with pytest.raises(InvalidDownload) as wrong:
        drained(published, folder)
    assert words in str(wrong.value.problem)
    assert list(folder.iterdir()) == []


def test_too_few_bytes_are_no_file(published, folder, server):
    server.script = [answering(DATA[:HALF], length=None), answering(b"", status=416)]
    server.script += [answering(DATA[:HALF], length=None)]
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert not (folder / "prior.pt").exists()


def test_a_server_that_is_not_there(published, folder):
    gone = FileServer(b"")
    gone.close()
    with pytest.raises(DownloadFailed) as failed:
        drained(replace(published, download_url=gone.url()), folder)
    assert "refused" in str(failed.value.reason)
    assert list(folder.iterdir()) == []


def test_redirects_are_followed(published, folder, server):
    server.script = [redirecting(server.url("elsewhere/other.bin"))]
    assert drained(published, folder)[1] == folder / "prior.pt"
    assert server.requests[-1][0] == "/folder/elsewhere/other.bin"
    server.script = [redirecting(server.url())] * 50
    (folder / "prior.pt").unlink()
    with pytest.raises(DownloadFailed) as failed:
        drained(published, folder)
    assert "\n" not in str(failed.value.reason)


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://[", ""])
def test_only_the_web_is_followed(published, folder, server, target):
    server.script = [redirecting(target)] * 20
    with pytest.raises(DownloadFailed):
        drained(published, folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x", "x"])
def test_only_the_web_is_asked(published, folder, url):
    with pytest.raises(DownloadFailed) as failed:
        drained(replace(published, download_url=url), folder)
    assert "unknown url type" in str(failed.value.reason)


class NotEncrypted(http.client.HTTPConnection):
    """A fake of `HTTPSConnection` that sends plain HTTP, so that no certificates are needed."""

    def __init__(self, host, *, timeout, context=None, check_hostname=None):  # noqa: ARG002
        super().__init__(host, timeout=timeout)


def test_encryption_is_not_given_up_on_the_way(published, folder, server, monkeypatch):
    monkeypatch.setattr(http.client, "HTTPSConnection", NotEncrypted)
    secure = replace(published, download_url=server.url(scheme="https"))
    server.script = [redirecting(server.url("open.pt"))]
    with pytest.raises(DownloadFailed) as failed:
        drained(secure, folder)
    assert "redirected to http:" in str(failed.value.reason)
    assert len(server.requests) == 1
    server.script = [redirecting(server.url("closed.pt", "https"))]
    assert drained(secure, folder)[1].read_bytes() == DATA


def test_a_proxy_is_used(published, folder, server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{server.address}")
    drained(replace(published, download_url="http://priors.example/prior.pt"), folder)
    assert server.requests == [("http://priors.example/prior.pt", None)]


def test_no_room_is_said_before_anything_is_fetched(published, folder, server, part, monkeypatch):
    part.write_bytes(DATA[:HALF])
    needed = 2 * SIZE - HALF + 1000  # with space for the import
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=needed - 1))
    with pytest.raises(InsufficientDiskSpace) as full:
        drained(published, folder, spare_bytes=1000)
    assert (full.value.needed_bytes, full.value.free_bytes) == (needed, needed - 1)
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


def test_what_is_published_is_described_wholly():
    adm, drunet = PUBLISHED_PRIORS
    assert (adm.name, drunet.name) == ("adm-256", "drunet-color")
    assert adm.file_name == "256x256_diffusion_uncond.pt"
    assert drunet.file_name == "drunet_color.pth"
    assert adm.sigma_range == pytest.approx((0.01, 157.4), rel=1e-3)
    assert drunet.sigma_range[1] == pytest.approx(0.392, abs=1e-3)
    for published in PUBLISHED_PRIORS:
        assert published.download_url.startswith("https://")
        assert len(bytes.fromhex(published.sha256)) == 32


@pytest.mark.parametrize("entry", PUBLISHED_PRIORS, ids=lambda entry: entry.name)
def test_every_published_file_is_continued_checked_and_named(entry, folder, server):
    """The server has other bytes than the published file; size and checksum are those of its."""
    served = replace(
        entry,
        download_url=server.url(entry.file_name),
        size_bytes=SIZE,
        sha256=hashlib.sha256(DATA).hexdigest(),
    )
    folder.mkdir(parents=True)
    (folder / f"{entry.file_name}.part").write_bytes(DATA[:HALF])
    _, path = drained(served, folder)
    assert (path.name, path.read_bytes()) == (entry.file_name, DATA)
    assert server.requests == [(f"/folder/{entry.file_name}", f"bytes={HALF}-")]
    path.unlink()
    for wrong in (replace(served, sha256=entry.sha256), replace(served, size_bytes=SIZE + 1)):
        with pytest.raises((DownloadFailed, InvalidDownload)):
            drained(wrong, folder)
        assert not path.exists()
