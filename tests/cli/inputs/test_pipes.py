"""Standard input is copied to a private file, and terminals are refused."""

from __future__ import annotations

import io
import stat
import sys

import pytest

from app.cli.inputs.pipes import check_standard_output, store_standard_input
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.limited_copy import InputTooLarge


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def piped(monkeypatch):
    """Return a function that puts bytes into standard input."""

    def put(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return put


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_the_copy_has_all_bytes_and_is_deleted(piped, size):
    content = bytes(range(256)) * (size // 256 + 1)
    piped(content[:size])
    with store_standard_input(size or 1) as copy:
        assert copy.read_bytes() == content[:size]
    assert not copy.parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_only_this_user_can_read_the_copy(piped):
    piped(b"x")
    with store_standard_input(1) as copy:
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_too_many_bytes_leave_nothing(piped, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    piped(b"x" * 11)
    with pytest.raises(InputTooLarge) as caught, store_standard_input(10):
        pass
    assert caught.value.max_bytes == 10
    assert list(tmp_path.iterdir()) == []


def test_terminals_are_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
    monkeypatch.setattr(sys, "stdout", Terminal(io.BytesIO()))
    with pytest.raises(InvalidSetting), store_standard_input(1):
        pass
    with pytest.raises(InvalidSetting):
        check_standard_output()
