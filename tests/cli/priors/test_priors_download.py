"""Published priors: listed before a download, downloaded on request, verified afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from ddrm_core.prior.architectures.architecture import PublishedNetwork
from ddrm_core.prior.architectures.drunet import DRUNET
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store import convert_checkpoint
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from tests.support.cli_pictures import opened
from tests.support.drunet_networks import TINY, seeded_drunet
from tests.support.file_server import (
    FileServer,
    answering,
    cut_after,
    keep_waiting,
    silent_after,
    until_it_has,
)

ADM = PUBLISHED_PRIORS[0]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the folder of imported priors, empty for each test.

    Proxy settings of the environment are removed.
    """
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return tmp_path / "data" / "priors"


@pytest.fixture
def server(tmp_path):
    """Yield a local server that offers the bundled prior under the name adm-256."""
    file = tmp_path / "served"
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as bundled:
        save_file(load_file(BUNDLED_PRIOR_PATH), file, bundled.metadata() | {"name": "adm-256"})
    server = FileServer(file.read_bytes())
    yield server
    server.close()


@pytest.fixture
def published(server, monkeypatch):
    """Publish the server's file as a prior of the program, and return its description."""
    sha256 = hashlib.sha256(server.data).hexdigest()
    entry = replace(
        ADM, download_url=server.url("a.safetensors"), size_bytes=len(server.data), sha256=sha256
    )
    monkeypatch.setattr("app.config.prior_locations.PUBLISHED_PRIORS", (entry,))
    return entry


def test_what_is_published_is_listed_and_described_before_it_is_here(run, folder):
    listed = run("priors", "list").stdout
    assert "adm-256" in listed
    assert "MIT, 2.2 GB, not downloaded" in listed
    assert str(folder) in listed
    document = json.loads(run("priors", "list", "--json").stdout)
    assert [p["name"] for p in document["priors"]] == ["compact"]
    assert [p["name"] for p in document["not_downloaded"]] == ["adm-256", "drunet-color"]
    known = json.loads(run("priors", "info", "adm-256", "--json").stdout)
    assert known == document["not_downloaded"][0]
    assert (known["bytes"], known["url_sha256"]) == (ADM.size_bytes, ADM.sha256)
    assert (known["file"], known["licence"], known["size_multiple"]) == (None, "MIT", 32)
    words = run("priors", "info", "adm-256").stdout
    for fact in (
        "not downloaded",
        ADM.download_url,
        ADM.info_url,
        "0.01 to 157",
        "priors download adm-256",
        "license        MIT",
    ):
        assert fact in words
    assert "licence" not in words


def test_a_prior_for_any_size_says_so(run):
    """A published prior without a resolution is described in full."""
    listed = run("priors", "list").stdout
    assert "MIT, 130.6 MB, not downloaded, 10.8 times the operations of ffdnet-color" in listed
    known = json.loads(run("priors", "info", "drunet-color", "--json").stdout)
    assert (known["resolution"], known["bytes"]) == (None, 130_579_305)
    rows = dict(
        line.split(None, 1) for line in run("priors", "info", "drunet-color").stdout.splitlines()
    )
    assert (rows["resolution"], rows["file"]) == ("any", "not downloaded")
    assert rows["sigma"] == "0.00784 to 0.392"
    assert "32.6 M parameters" in rows["architecture"]


def test_a_run_that_needs_it_says_how_to_get_it(run, photo):
    for arguments in (("restore", photo), ("priors", "verify")):
        name = ("--prior", "adm-256") if arguments[0] == "restore" else ("adm-256",)
        result = run(*arguments, *name)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        for fact in ("2.2 GB", "MIT", "`ddrm-restore priors download adm-256`", "priors import"):
            assert fact in result.stderr


def test_downloaded_imported_and_restored_with(run, published, folder, server, photo, tmp_path):
    result = run("priors", "download", "adm-256")
    assert result.exit_code == 0, result.stderr
    assert "--prior adm-256" in result.stdout
    assert published.download_url in result.stderr
    assert not any((folder / "downloads").iterdir())
    document = json.loads(run("priors", "list", "--json").stdout)
    assert [p["name"] for p in document["priors"]] == ["compact", "adm-256"]
    assert document["not_downloaded"] == []
    assert json.loads(run("priors", "info", "adm-256", "--json").stdout)["file"]
    target = tmp_path / "r.png"
    done = run("restore", photo, "-o", target, "--preset", "fast", "--prior", "adm-256")
    assert done.exit_code == 0, done.stderr
    assert opened(target).size == opened(photo).size
    again = run("priors", "download", "adm-256")
    assert (again.exit_code, len(server.requests)) == (0, 1)
    assert "already installed" in again.stdout


def test_a_checkpoint_is_downloaded_converted_and_restored_with(run, photo, tmp_path, monkeypatch):
    """A tiny DRUNet stands for the published one; the server's file is like KAIR's."""
    file = tmp_path / "drunet_color.pth"
    tensors = seeded_drunet().state_dict()
    torch.save(tensors, file, _use_new_zipfile_serialization=False)
    server = FileServer(file.read_bytes())
    (drunet,) = (published for published in PUBLISHED_PRIORS if published.name == "drunet-color")
    entry = replace(
        drunet,
        download_url=server.url(file.name),
        size_bytes=len(server.data),
        sha256=hashlib.sha256(server.data).hexdigest(),
    )
    network = PublishedNetwork("DRUNet, tiny", TINY, None, (0.01, 0.39), TINY)
    monkeypatch.setattr("app.config.prior_locations.PUBLISHED_PRIORS", (entry,))
    monkeypatch.setattr("ddrm_core.prior.store.library.PUBLISHED_PRIORS", (entry,))
    monkeypatch.setattr(convert_checkpoint, "list_published_networks", lambda: [(DRUNET, network)])
    done = run("priors", "download", "drunet-color")
    server.close()
    assert done.exit_code == 0, done.stderr
    assert "--prior drunet-color" in done.stdout
    target = tmp_path / "r.png"
    options = ("--preset", "fast", "--steps", "1", "--samples", "1", "--prior", "drunet-color")
    restored = run("restore", photo, "-o", target, *options)
    assert restored.exit_code == 0, restored.stderr
    assert opened(target).size == opened(photo).size
    assert "MIT" in run("priors", "info", "drunet-color").stdout


@pytest.mark.usefixtures("published")
def test_a_prior_is_compared_with_what_was_imported(run, folder):
    assert run("priors", "download", "adm-256").exit_code == 0
    (file,) = folder.glob("*.safetensors")
    result = run("priors", "verify", "adm-256")
    assert result.exit_code == 0, result.stderr
    assert "intact, with the SHA-256 that was stored with it" in result.stdout
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    changed = run("priors", "verify", "adm-256")
    assert changed.exit_code == 1
    assert "is not what was imported" in changed.stderr


def test_a_prior_without_a_sum_is_checked_all_the_same(run, tmp_path):
    copied = shutil.copy(BUNDLED_PRIOR_PATH, tmp_path / "copied.safetensors")
    result = run("priors", "verify", copied)
    assert result.exit_code == 0, result.stderr
    assert "no SHA-256 was stored" in result.stdout
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"junk")
    assert run("priors", "verify", bad).exit_code == 1


def test_only_what_is_published_can_be_downloaded(run):
    for name in ("compact", "other"):
        result = run("priors", "download", name)
        assert result.exit_code == 2
        assert "adm-256" in result.stderr


@pytest.mark.usefixtures("published")
def test_a_download_that_fails_is_one_plain_line(run, server, folder):
    server.script = [answering(b"gone", status=404)]
    result = run("priors", "download", "adm-256")
    assert result.exit_code == 1
    (line,) = (x for x in result.stderr.splitlines() if x.startswith("Error: "))
    assert "404" in line
    assert "goes on from there" in line
    assert list(folder.glob("*.safetensors")) == []


CHILD = """
import json, sys
from dataclasses import replace
import platformdirs
import app.config.prior_locations
folder, url, size, sha256, *sys.argv[1:] = sys.argv[1:]
platformdirs.PlatformDirs.user_data_dir = folder
known = replace(
    app.config.prior_locations.PUBLISHED_PRIORS[0],
    download_url=url, size_bytes=int(size), sha256=sha256,
)
app.config.prior_locations.PUBLISHED_PRIORS = (known,)
from app.__main__ import main
main()
"""


def started(published, folder, stderr):
    known = (published.download_url, str(published.size_bytes), published.sha256)
    arguments = (str(folder.parent), *known, "priors", "download", "adm-256")
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE, stderr=stderr
    )


def test_stopped_and_gone_on(run, published, server, folder):
    server.script = [silent_after(100_000)]
    part = folder / "downloads" / "a.safetensors.part"
    with started(published, folder, subprocess.PIPE) as child:
        until_it_has(part, 100_000)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=10)
    assert child.returncode == 130
    note, stopped = errors.decode().splitlines()[-2:]
    assert "the next download goes on from there" in note
    assert stopped == "Stopped."
    assert run("priors", "download", "adm-256").exit_code == 0
    assert server.requests[-1][1] == "bytes=100000-"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_download_that_is_broken_off_says_how_it_goes_on(run, server, folder, number):
    part = folder / "downloads" / "a.safetensors.part"

    def break_off(handler):
        cut_after(100_000)(handler)
        until_it_has(part, 100_000)
        signal.raise_signal(number)  # Python runs the handler on the thread that downloads
        keep_waiting(handler)

    server.script = [break_off]
    result = run("priors", "download", "adm-256")
    assert result.exit_code == 130
    note, stopped = result.stderr.splitlines()[-2:]
    assert note == "Note: what has arrived is kept, and the next download goes on from there."
    assert stopped == "Stopped."
    assert part.stat().st_size == 100_000
    assert list(folder.glob("*.safetensors")) == []
    again = run("priors", "download", "adm-256")
    assert again.exit_code == 0, again.stderr
    assert "Note: " not in again.stderr
    assert server.requests[-1][1] == "bytes=100000-"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_bar_on_a_terminal(published, folder):
    ours, its = os.openpty()
    with started(published, folder, its) as child:
        os.close(its)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # Linux reports the closed end of a pseudoterminal like this
            pass
        os.close(ours)
    assert child.returncode == 0
    assert b"downloading" in shown
