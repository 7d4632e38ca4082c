"""Copies of streams whose length is unknown, such as pipes, up to a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import FileError
from ddrm_core.messages import tr_noop
from ddrm_core.os_errors import reading, writing

_CHUNK_BYTES = 1 << 20


@dataclass(eq=False)
class InputTooLarge(FileError):
    """The error that a stream has more bytes than the program stores.

    Attributes:
        max_bytes: Largest number of bytes that is read.
    """

    template = tr_noop("{path} has more than {max_bytes}")
    max_bytes: int


def copy_stream(
    read: Callable[[int], bytes], stream_name: Path, target: Path, *, max_bytes: int
) -> None:
    """Copy a stream to a new file.

    Args:
        read: Function that returns at most the given number of bytes of the stream, none at its
            end.
        stream_name: Name of the stream in errors.
        target: Path of the file, which must not exist.
        max_bytes: Largest number of bytes that is read.

    Raises:
        InputTooLarge: If the stream has more than `max_bytes` bytes; a part of them is copied.
        UnreadableFile, UnwritableOutput: If the system refuses.
    """
    bytes_left = max_bytes
    with writing(target), target.open("xb") as file:
        while True:
            with reading(stream_name):
                chunk = read(min(_CHUNK_BYTES, bytes_left + 1))
            if not chunk:
                return
            bytes_left -= len(chunk)
            if bytes_left < 0:
                raise InputTooLarge(stream_name, max_bytes)
            file.write(chunk)
