"""The checksum beside a prior, and its comparison with the file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest

from ddrm_core.errors import InvalidPrior, PriorChecksumMismatch, UnreadableFile
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.checksum_file import verify_checksum, write_checksum
from ddrm_core.prior.store.library import PriorLibrary
from tests.support.small_priors import write_prior


@pytest.fixture
def prior(tmp_path):
    path = write_prior(tmp_path / "a v1.2.safetensors")
    write_checksum(path, hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def test_a_file_that_stayed_the_same(prior):
    assert verify_checksum(prior)
    noted = prior.with_name("a v1.2.sha256")
    noted.write_text(noted.read_text().upper())
    assert verify_checksum(prior)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not here")
def test_the_system_can_check_it_too(prior):
    command = ["sha256sum", "--check", "--strict", "a v1.2.sha256"]
    done = subprocess.run(command, cwd=prior.parent, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{prior.name}: OK\n"), done.stderr


def test_a_file_that_changed(prior):
    before = hashlib.sha256(prior.read_bytes()).hexdigest()
    prior.write_bytes(prior.read_bytes() + b"?")
    with pytest.raises(PriorChecksumMismatch) as changed:
        verify_checksum(prior)
    now = hashlib.sha256(prior.read_bytes()).hexdigest()
    assert (changed.value.expected, changed.value.actual) == (before, now)


def test_nothing_noted_is_said_and_no_failure(tmp_path):
    assert not verify_checksum(write_prior(tmp_path / "b.safetensors"))


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"abc  a.safetensors\n", b"0" * 65])
def test_what_is_beside_it_is_no_hash(prior, text):
    prior.with_suffix(".sha256").write_bytes(text)
    with pytest.raises(InvalidPrior):
        verify_checksum(prior)


def test_a_hash_without_its_file(prior):
    prior.unlink()
    with pytest.raises(UnreadableFile):
        verify_checksum(prior)


def test_the_library_checks_the_hash_and_then_the_rest(tmp_path):
    library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")
    found = library.import_file(write_prior(tmp_path / "a.safetensors"))
    info, compared = library.verify("tiny")
    assert (info.sha256, compared) == (found.sha256, True)
    assert library.verify("compact")[1] is True
    found.path.with_suffix(".sha256").unlink()
    assert library.verify("tiny")[1] is False
    write_checksum(found.path, found.sha256)
    found.path.write_bytes(b"junk")
    with pytest.raises(PriorChecksumMismatch):
        library.verify("tiny")
    write_checksum(found.path, hashlib.sha256(b"junk").hexdigest())
    with pytest.raises(InvalidPrior):
        library.verify("tiny")
