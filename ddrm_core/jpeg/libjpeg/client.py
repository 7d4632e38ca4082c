"""Levels and tables of a file's bytes, through a process of their own.

libjpeg is C: a file that crashes or hangs it, or makes it end its process, costs that process only.
One is started at the first use and serves until the program ends.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.libjpeg.worker import (
    GREETING,
    Buffer,
    InvalidMessage,
    MessageHeader,
    receive_buffer,
    receive_header,
    send_message,
)
from ddrm_core.jpeg.stream_layout import JpegFrame, parse_stream_layout, reorder_components

WORKER_ARGUMENT = "--jpeg-reader"  # a frozen program starts itself with it
_TIMEOUT_SECONDS, _TIMEOUT_SECONDS_PER_MEGAPIXEL = 10.0, 0.5  # libjpeg needs a hundredth of that
_START_TIMEOUT_SECONDS, _EXIT_TIMEOUT_SECONDS = 60.0, 5.0
_FAILURES_BEFORE_RESTART = 100  # then a process is replaced: each may leave something behind


class LibjpegError(Exception):
    """The file could not be read.

    Attributes:
        reason: libjpeg's words, or what became of its process.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UndecodableJpeg(LibjpegError):
    """libjpeg refuses the data."""


class LibjpegOutOfMemory(LibjpegError):
    """There is no room for the picture's levels."""


class LibjpegUnavailable(Exception):
    """The process could not be started: nothing is known about the file."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedLevels:
    """What libjpeg makes of a file.

    Attributes:
        levels: Per component (rows, columns, 8, 8), bands in natural order; no MCU padding.
        quantization_tables: Per component its 64 quantiser steps in natural order.
        warnings: libjpeg's words about damage. It says the first thing that it finds.
    """

    levels: tuple[DctLevels, ...]
    quantization_tables: tuple[QuantizationTable, ...]
    warnings: tuple[str, ...]


def read_levels(data: bytes) -> DecodedLevels:
    """The levels in a file, damaged or not. Raises ReaderFailed, NoMemory, NoReader."""
    return _shared_client().read(data)


def write_levels(template: bytes, levels: Sequence[DctLevels]) -> bytes:
    """A sequential JPEG with these levels, and size, sampling, tables and colours of `template`.

    Only the segments that say what the colours are go with them (JFIF, Adobe).
    Raises ReaderFailed, NoMemory, NoReader; ValueError for levels of another shape.
    """
    return _shared_client().write(template, levels)


@cache
def _shared_client() -> LibjpegClient:
    client = LibjpegClient(build_worker_command())
    atexit.register(client.close)
    return client


def build_worker_command() -> list[str]:
    """What starts the process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: neither the folder of the pictures nor this one is a place to import numpy from.
    return [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))]


class LibjpegClient:
    """A client of one process at a time, for any thread."""

    def __init__(
        self, command: Sequence[str], *, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Nothing is started yet.

        Args:
            command: The command of the process.
            timeout_seconds: After which the reading of a very small picture is given up.
        """
        self._command, self._timeout_seconds = list(command), timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._failure_count = 0
        self._lock = threading.Lock()

    def read(self, data: bytes) -> DecodedLevels:
        """See `read_levels`."""
        try:
            layout = parse_stream_layout(data)
        except ValueError as error:
            raise LibjpegError(str(error)) from error
        shapes = layout.frame.block_grid_shapes
        if len(shapes) not in (1, 3, 4):
            raise LibjpegError(f"{len(shapes)} components")
        try:
            levels = tuple(np.empty((*shape, 8, 8), np.int16) for shape in shapes)
        except MemoryError as error:
            raise LibjpegOutOfMemory(str(error)) from error
        tables = tuple(np.empty(64, np.uint16) for _ in shapes)

        def receive_arrays(stream: BinaryIO, answer: MessageHeader) -> None:
            targets = [array.data for array in (*levels, *tables)]
            if answer["sizes"] != [target.nbytes for target in targets]:
                raise InvalidMessage
            for target in targets:
                receive_buffer(stream, target)

        request = {"kind": "read", "shapes": shapes}
        warnings = self._send_request(
            request, layout.without_metadata(data), layout.frame, receive_arrays
        )
        return DecodedLevels(levels, tables, warnings)

    def write(self, template: bytes, levels: Sequence[DctLevels]) -> bytes:
        """See `write_levels`."""
        written = self._write_once(template, levels)
        if len(levels) == 4:
            # WORKAROUND: jpeglib 1.0.2's write_jpeg_dct leaves the fourth component as it is in
            # the template, so it is written as the first of a file in another order.
            reordered = reorder_components(written, (3, 0, 1, 2))
            reordered = self._write_once(reordered, [levels[3], *levels[:3]])
            written = self._write_once(reorder_components(reordered, (1, 2, 3, 0)), levels)
        return written

    def _write_once(self, template: bytes, levels: Sequence[DctLevels]) -> bytes:
        try:
            frame = parse_stream_layout(template).frame
        except ValueError as error:
            raise LibjpegError(str(error)) from error
        if tuple(k.shape for k in levels) != tuple((*s, 8, 8) for s in frame.block_grid_shapes):
            raise ValueError("levels of another shape than the template's")
        written = bytearray()

        def receive_file(stream: BinaryIO, answer: MessageHeader) -> None:
            (size,) = answer["sizes"]
            if size > max_size:
                raise InvalidMessage
            written.extend(bytes(size))
            receive_buffer(stream, memoryview(written))

        request = {"kind": "write", "width": frame.width, "height": frame.height}
        planes = [np.ascontiguousarray(k, np.int16).data for k in levels]
        max_size = len(template) + 2 * sum(plane.nbytes for plane in planes)
        self._send_request(request, [template, *planes], frame, receive_file)
        return bytes(written)

    def close(self) -> None:
        """End the process. The next reading starts another."""
        with self._lock:
            self._stop_process()

    def _send_request(
        self,
        request: MessageHeader,
        buffers: Sequence[Buffer],
        frame: JpegFrame,
        receive_results: Callable[[BinaryIO, MessageHeader], None],
    ) -> tuple[str, ...]:
        """Send a request, pass the answer's buffers to `receive_results`, return the complaints."""
        timeout = (
            self._timeout_seconds
            + _TIMEOUT_SECONDS_PER_MEGAPIXEL * frame.width * frame.height / 1e6
        )
        with self._lock:
            process = self._ensure_process()
            kill_timer = threading.Timer(timeout, process.kill)
            kill_timer.start()
            succeeded = False
            try:
                send_message(_require_pipe(process.stdin), request, buffers)
                answer = receive_header(_require_pipe(process.stdout))
                warnings = tuple(map(str, answer["complaints"]))
                if answer["ok"]:
                    receive_results(_require_pipe(process.stdout), answer)
                succeeded = True
            except (OSError, EOFError, InvalidMessage, KeyError, TypeError, ValueError) as error:
                raise LibjpegError("libjpeg crashed or did not come to an end") from error
            finally:
                kill_timer.cancel()
                if not succeeded:  # also where the user broke it off: an answer would come too late
                    self._stop_process(should_kill=True)
            if answer["ok"]:
                return warnings
            self._failure_count += 1
            if self._failure_count % _FAILURES_BEFORE_RESTART == 0:
                self._stop_process()
        reason = " ".join(warnings)
        if answer.get("memory") or reason.startswith("Insufficient memory"):
            raise LibjpegOutOfMemory(reason)
        raise UndecodableJpeg(reason)

    def _ensure_process(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._stop_process()
        if self._process is None:
            self._process = _start_worker(self._command)
        return self._process

    def _stop_process(self, *, should_kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is not None:
            _stop_worker(process, should_kill=should_kill)


def _start_worker(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A process that has said hello. Raises NoReader."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise LibjpegUnavailable(error.strerror) from error
    kill_timer = threading.Timer(_START_TIMEOUT_SECONDS, process.kill)
    kill_timer.start()
    has_greeted = False
    try:
        has_greeted = receive_header(_require_pipe(process.stdout)).get("hello") == GREETING
    except (OSError, EOFError, InvalidMessage) as error:
        raise LibjpegUnavailable("it ended at once") from error
    finally:
        kill_timer.cancel()
        if not has_greeted:
            _stop_worker(process, should_kill=True)
    if not has_greeted:
        raise LibjpegUnavailable("it is another program")
    return process


def _stop_worker(process: subprocess.Popen[bytes], *, should_kill: bool) -> None:
    if should_kill:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what is still to be written has no reader any more
            _require_pipe(pipe).close()
    try:
        process.wait(_EXIT_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _require_pipe(pipe: IO[bytes] | None) -> BinaryIO:
    """One end of the connection, which is there since `_start_worker` asked for it."""
    if pipe is None:
        raise InvalidMessage
    return cast(BinaryIO, pipe)
